"""All sectors of any symmetric kernel at a given length and vocabulary.

The block on S^lam is rho_lam(g) with each monomial g^N replaced by k(N), the law entering as weights of the columns
(`polarisations`); with one position read, it acts on V_lam tensor C^v, lam a partition of L - 1, one such matrix per pair of
letters read. Where neither law nor kernel distinguishes tokens, the irreps of S_v are split off (`relabelling`), up to
`MOST_LETTERS` letters.

A sector whose block is zero is left out: exact blocks show it, balls never do. There the form of the pipeline decides (`couplings`), and at
small sizes, for softmax rows in the first attention and rational hyperparameters, exact arithmetic over Q(e^(1/d)).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from symkern.bounds import dimension
from symkern.combinatorics import Partition, partitions
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import ExactMatrix
from symkern.exact.balls import BallMatrix
from symkern.exact.forms import (
    ball_bits,
    ball_operator,
    exact_operator,
    matrix_rank,
    symbolic_operator,
)
from symkern.kernels.eigenfunctions.polarised_functions import FormBasis, PolarisedFunctions
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.general_engine.cost import cost
from symkern.kernels.general_engine.couplings import coupling, rank_bound
from symkern.kernels.general_engine.kernel_values import KernelValues, Source
from symkern.kernels.general_engine.polarisations import weyl_module
from symkern.kernels.general_engine.position_types import TypeRecursion
from symkern.kernels.general_engine.relabelling import Weight, representative
from symkern.kernels.general_engine.sector_forms import Forms, SectorForms
from symkern.kernels.general_engine.symbols import symbolic_source
from symkern.kernels.general_engine.tables import compositions
from symkern.kernels.laws import Law, given_vocabulary, sequence_probability
from symkern.kernels.pipeline import Kernel
from symkern.kernels.sector import Sector

__all__ = ["general_sectors", "kernel_source"]

Counts = tuple[int, ...]
IntArray = Any
Progress = Callable[[list[Any]], Iterable[Any]]

#: Token irreps are split off up to this vocabulary.
MOST_LETTERS = 5


def kernel_source(kernel: Kernel | FunctionKernel, length: int, letters: int) -> Source:
    """The kernel as a function of contingency tables; a user's function is checked for symmetry here."""
    if isinstance(kernel, FunctionKernel):
        return kernel.on_tables(length, letters)
    return symbolic_source(kernel, length, letters) if kernel.parameters else TypeRecursion(kernel)


def general_sectors(
    kernel: Kernel | FunctionKernel, length: int, law: Law, progress: Progress = iter
) -> list[Sector]:
    """The sectors of the kernel that are not zero, by |mu|, then mu in reverse lexicographic order, then kappa.

    ``length`` is a number and ``law`` has a number of letters. ``progress`` wraps the lists of work to go through.

    >>> from symkern.kernels import embedding, uniform
    >>> [s] = general_sectors(embedding(1).mean_pool(), 1, uniform(1))
    >>> s.eigenvalues
    (1,)
    """
    letters = given_vocabulary(law)
    cost(kernel, length, law).require()
    source = kernel_source(kernel, length, letters)
    sites = length - int(source.starred)
    weights = _weights(sites, letters, source.starred, law)
    split = source.relabelling and letters <= MOST_LETTERS and _symmetric(weights)
    modules = [weyl_module(lam, letters) for lam in _shapes(kernel, sites, letters)]
    contents = {w[0] for w in weights if not split or representative(w)}

    def forms_of(given: Source, show: Progress = iter) -> SectorForms:
        return SectorForms(given, sites, letters, modules, weights, contents, show)

    forms = forms_of(source, progress)
    exact: SectorForms | None = (
        None  # over the numbers and their exponentials, where balls leave a rank open
    )
    decidable = isinstance(kernel, Kernel) and not kernel.parameters and not forms.values.exact
    found = []
    for number, module in enumerate(modules):
        mu = Partition(*(p for p in module.shape[1:] if p))
        kappas: list[Partition | None] = [None]
        if split:
            kappas = [Partition(*lam[1:]) for lam in partitions(letters)]
        for kappa in kappas:
            rank = None
            if isinstance(kernel, Kernel):
                rank = rank_bound(kernel, mu, kappa, letters, length)
            given = None if rank == 0 else forms.on(number, kappa)
            if given is None:
                continue
            made = _block(given, forms.values, rank)
            if decidable and made is not None and _open(made[0], rank):
                try:
                    assert isinstance(kernel, Kernel)
                    exact = exact or forms_of(symbolic_source(kernel, length, letters))
                    rank = _rank(exact, number, kappa)
                    made = _block(given, forms.values, rank)
                except (NoClosedForm, InvalidArgument):
                    decidable = False  # too large, or no such form: the block stays as it is
            if made is None:
                continue
            times = _irreps(mu, sites) * (1 if kappa is None else _irreps(kappa, letters))
            sizes = {"L": length, "v": letters}
            basis = FormBasis(
                given.form,
                given.errors,
                given.gram,
                tuple(given.weights),
                given.denominator,
                forms.values.field,
                isinstance(made[0], BallMatrix),
                rank,
                made[0].shape[0],
            )
            functions = PolarisedFunctions(
                mu, kappa, source.starred, length, law, given.functions, basis
            )
            found.append(
                Sector(mu, kappa, times, made[0], sizes, source.standing, made[1], functions)
            )
    return sorted(found, key=_order)


def _block(
    forms: Forms, values: KernelValues, rank: int | None
) -> tuple[ExactMatrix | BallMatrix, ExactMatrix | None] | None:
    """The block and the Gram matrix of its basis; None where the block is zero."""
    if rank == 0:
        return None
    form, gram, weights, denominator = forms.form, forms.gram, forms.weights, forms.denominator
    if values.field is not None:
        return symbolic_operator(form, gram, weights, denominator, values.field)
    if values.exact:
        return exact_operator(form, gram, weights, denominator)
    bits = ball_bits(form, denominator)
    return ball_operator(form, forms.errors, gram, weights, denominator, bits, rank), None


def _open(block: ExactMatrix | BallMatrix, rank: int | None) -> bool:
    """Whether the rank of a block of balls is not settled by its size."""
    if not isinstance(block, BallMatrix):
        return False
    if rank is None or block.shape[0] > rank:
        return True
    return block.shape[0] == 1 and not block[0, 0].excludes_zero


def _rank(exact: SectorForms, number: int, kappa: Partition | None) -> int:
    """The rank over Q(e^(1/d)), in which the kernel's values lie: e^(1/d) is transcendental."""
    forms = exact.on(number, kappa)
    if forms is None or exact.values.field is None:
        return 0
    rows = [[exact.values.field(e) for e in row] for row in forms.form.tolist()]
    return matrix_rank(rows, exact.values.field)


def _order(sector: Sector) -> tuple[Any, ...]:
    token = sector.token_irrep
    return (
        sector.position_irrep.size,
        [-p for p in sector.position_irrep],
        0 if token is None else token.size,
        [] if token is None else [-p for p in token],
    )


def _shapes(kernel: Kernel | FunctionKernel, sites: int, letters: int) -> list[Partition]:
    most = coupling(kernel) if isinstance(kernel, Kernel) else None
    most = sites if most is None else min(most, sites)
    found = []
    for below in range(most + 1):
        for mu in partitions(below):
            if len(mu) < letters and sites - below >= (mu[0] if mu else 0):
                found.append(mu.padded(sites) if sites else Partition())
    return found


def _weights(sites: int, letters: int, starred: bool, law: Law) -> dict[Weight, Fraction]:
    """Probabilities of a sequence by the counts of its letters, and the letter that is read; without zeros."""
    found = {}
    for content in map(tuple, compositions(sites, letters).tolist()):
        for star in range(letters) if starred else [None]:
            counts = list(content)
            if star is not None:
                counts[star] += 1
            p = sequence_probability(law, tuple(counts))
            if p:
                found[content, star] = p
    return found


def _symmetric(weights: dict[Weight, Fraction]) -> bool:
    """Whether relabelling the letters leaves the law unchanged."""
    seen: dict[Any, set[Fraction]] = {}
    number: dict[Any, int] = {}
    for (content, star), p in weights.items():
        key = (tuple(sorted(content)), None if star is None else content[star])
        seen.setdefault(key, set()).add(p)
        number[key] = number.get(key, 0) + 1
    letters = len(next(iter(weights))[0])
    for (counts, star), probabilities in seen.items():
        orbit = len(_rearrangements(counts))
        if star is not None:
            orbit *= counts.count(star)
        if len(probabilities) > 1 or number[counts, star] != orbit:
            return False
    return letters > 0


def _rearrangements(counts: Counts) -> set[Counts]:
    from itertools import permutations

    return set(permutations(counts))


def _irreps(mu: Partition, size: int) -> int:
    return int(dimension(mu, size)) if size else 1
