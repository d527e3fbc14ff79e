"""All sectors of a kernel on independent uniform tokens, for symbolic or given L and v."""

from __future__ import annotations

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.bounds import dimension
from symkern.combinatorics import Partition, partitions
from symkern.engines.engine import Progress
from symkern.engines.match_counts.binary import binary_blocks
from symkern.engines.match_counts.blocks import PolynomialOperator
from symkern.engines.match_counts.letter_polynomials import BinaryFunctions, UniformFunctions
from symkern.engines.match_counts.multiplicities import full_length, full_vocabulary
from symkern.engines.match_counts.multiplicity_space import Reduction, sector_space
from symkern.exact import ExactMatrix, function_field
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.pipeline import Kernel
from symkern.progress import handed
from symkern.sectors.sector import Sector
from symkern.tokens import Uniform


def uniform_sectors(
    kernel: Kernel,
    length: int | sp.Expr,
    vocabulary: int | sp.Expr,
    progress: Progress = iter,
) -> list[Sector]:
    """The sectors (mu, kappa) of the kernel that are not zero, in order of |mu|, then |kappa|.

    Symbolic sizes stand for all large enough ones, each sector from its ``valid_for`` on; with a given
    length or vocabulary the multiplicity spaces are cut to their true size there. ``progress`` wraps the list of
    sectors to visit.
    """
    operator = uniform_operator(kernel, length, vocabulary)
    if vocabulary == 2:
        return _binary_sectors(operator, length, progress)
    sites = length - int(operator.star) if isinstance(length, int) else None
    tokens = vocabulary if isinstance(vocabulary, int) else None
    pairs = [
        (mu, kappa)
        for mu in stable_labels(operator.matches, sites)
        for kappa in stable_labels(operator.degree + int(operator.star), tokens)
    ]
    found = [
        _sector(operator, mu, kappa, sites, tokens, length, vocabulary)
        for mu, kappa in handed(progress, pairs)
    ]
    return [sector for sector in found if sector is not None]


def _binary_sectors(
    operator: PolynomialOperator,
    length: int | sp.Expr,
    progress: Progress,
) -> list[Sector]:
    """The sectors on two letters."""
    star = int(operator.star)
    sites = length - star if isinstance(length, int) else None
    found = []
    for mu in handed(
        progress, [mu for mu in stable_labels(operator.matches, sites) if len(mu) < 2]
    ):
        for kappa, rows, basis in binary_blocks(operator, mu.size, sites):
            block = ExactMatrix(operator.field, rows)
            if block.is_zero:
                continue
            least = (
                length
                if isinstance(length, int)
                else full_length(mu, kappa, operator.degree, operator.star, 2)
            )
            dim = dimension(mu, length - star)
            functions = BinaryFunctions(mu, kappa, operator.star, length, Uniform(2), basis)
            found.append(Sector(mu, kappa, dim, block, {"L": least, "v": 2}, realisation=functions))
    return found


def uniform_operator(
    kernel: Kernel,
    length: int | sp.Expr,
    vocabulary: int | sp.Expr,
    more: tuple[sp.Symbol, ...] = (),
) -> PolynomialOperator:
    """T_k on uniform tokens over Q(L, v, hyperparameters), with ``more`` symbols in the field."""
    polynomial = kernel_polynomial(kernel)
    symbols = {*polynomial.value.field.symbols[5:], *more}
    if isinstance(length, int):
        symbols.discard(CONTEXT_LENGTH)
    for size in (length, vocabulary):
        if isinstance(size, sp.Expr):
            symbols |= size.free_symbols
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    terms = {}
    for (i, j, a, b, q), c in polynomial.terms.items():
        moved = c.substitute({CONTEXT_LENGTH: length}, field)
        if moved:
            terms[i, j, a, b, q] = moved
    star = kernel.reads_position
    return PolynomialOperator(field, terms, field(length), field(vocabulary), star)


def stable_labels(highest: int, size: int | None) -> list[Partition]:
    """Stable labels of at most ``highest`` boxes that exist at ``size``."""
    return [
        mu
        for j in range(highest + 1)
        for mu in partitions(j)
        if size is None or size >= mu.threshold
    ]


def _sector(
    operator: PolynomialOperator,
    mu: Partition,
    kappa: Partition,
    sites: int | None,
    tokens: int | None,
    length: int | sp.Expr,
    vocabulary: int | sp.Expr,
) -> Sector | None:
    highest, star = operator.degree, operator.star
    space = sector_space(mu, kappa, highest, star)
    if not len(space):
        return None
    reduction = None
    # In degree d at most d letters differ: many letters, or many sites, make no relation.
    few_sites = sites if sites is not None and sites < 2 * highest else None
    few_letters = tokens if tokens is not None and tokens < 2 * highest + int(star) else None
    if few_sites is not None or few_letters is not None:
        reduction = Reduction(space, few_sites, few_letters)
        if not len(reduction):
            return None
    rows = operator.block(space)
    if reduction is not None:
        rows = reduction.restrict(rows, operator.field.zero)
    block = ExactMatrix(operator.field, rows)
    if block.is_zero:
        return None
    positions = length - int(star)
    return Sector(
        mu,
        kappa,
        dimension(mu, positions) * dimension(kappa, vocabulary),
        block,
        {
            "L": length
            if isinstance(length, int)
            else full_length(mu, kappa, highest, star, tokens),
            "v": tokens if tokens is not None else full_vocabulary(mu, kappa, highest, star, sites),
        },
        realisation=UniformFunctions(
            mu, kappa, star, length, Uniform(vocabulary), space, reduction
        ),
    )
