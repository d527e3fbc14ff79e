"""All sectors of a kernel on independent uniform tokens, for symbolic or given L and v."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.bounds import dimension
from symkern.combinatorics import Partition, partitions
from symkern.exact import ExactMatrix, function_field
from symkern.kernels.pair_kernels import kernel_polynomial
from symkern.kernels.pipeline import AtPosition, Kernel
from symkern.kernels.polynomial_engine.blocks import PolynomialOperator
from symkern.kernels.polynomial_engine.sectors import Reduction, sector_space
from symkern.kernels.sector import Sector

__all__ = ["uniform_sectors"]


def uniform_sectors(
    kernel: Kernel,
    length: int | sp.Expr,
    vocabulary: int | sp.Expr,
    progress: Callable[[list[Any]], Iterable[Any]] = iter,
) -> list[Sector]:
    """The sectors (mu, kappa) of the kernel that are not zero, in order of |mu|, then |kappa|.

    Symbolic sizes stand for all large enough ones, each sector from its ``valid_for`` on; with a given
    length or vocabulary the multiplicity spaces are cut to their true size there. ``progress`` wraps the list of
    sectors to visit.
    """
    operator = uniform_operator(kernel, length, vocabulary)
    sites = length - int(operator.star) if isinstance(length, int) else None
    tokens = vocabulary if isinstance(vocabulary, int) else None
    pairs = [
        (mu, kappa)
        for mu in _labels(operator.matches, sites)
        for kappa in _labels(operator.degree + int(operator.star), tokens)
    ]
    found = [
        _sector(operator, mu, kappa, sites, tokens, length, vocabulary)
        for mu, kappa in progress(pairs)
    ]
    return [sector for sector in found if sector is not None]


def uniform_operator(
    kernel: Kernel, length: int | sp.Expr, vocabulary: int | sp.Expr
) -> PolynomialOperator:
    """T_k on uniform tokens over Q(L, v, hyperparameters)."""
    polynomial = kernel_polynomial(kernel)
    symbols = set(polynomial.value.field.symbols[5:])
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
    star = isinstance(kernel.readout, AtPosition)
    return PolynomialOperator(field, terms, field(length), field(vocabulary), star)


def _labels(highest: int, size: int | None) -> list[Partition]:
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
    if (sites is not None and sites < 2 * highest) or (
        tokens is not None and tokens < 2 * highest + int(star)
    ):
        reduction = Reduction(space, sites, tokens)
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
            else _full_length(mu, kappa, highest, star, tokens),
            "v": tokens
            if tokens is not None
            else _full_vocabulary(mu, kappa, highest, star, sites),
        },
    )


@lru_cache(maxsize=4096)
def _full_length(
    mu: Partition, kappa: Partition, highest: int, star: bool, tokens: int | None
) -> int:
    """The smallest L at which the multiplicity space has its full size for this vocabulary."""
    space = sector_space(mu, kappa, highest, star)
    full = len(space) if tokens is None else len(Reduction(space, None, tokens))
    size = max(2 * highest, mu.threshold)
    while size > mu.threshold and len(Reduction(space, size - 1, tokens)) == full:
        size -= 1
    return max(size + int(star), 1)


@lru_cache(maxsize=4096)
def _full_vocabulary(
    mu: Partition, kappa: Partition, highest: int, star: bool, sites: int | None
) -> int:
    """The smallest v at which the multiplicity space has its full size for this length."""
    space = sector_space(mu, kappa, highest, star)
    full = len(space) if sites is None else len(Reduction(space, sites, None))
    size = max(2 * highest + int(star), kappa.threshold)
    while size > kappa.threshold and len(Reduction(space, sites, size - 1)) == full:
        size -= 1
    return max(size, 1)
