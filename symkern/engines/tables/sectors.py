"""All sectors of any symmetric kernel at a given length and vocabulary.

The block on S^lam is rho_lam(g) with each monomial g^N replaced by k(N), the law entering as weights of the columns
(`polarisations`); with one position read, it acts on V_lam tensor C^v, lam a partition of L - 1, one such matrix per pair of
letters read. Where neither law nor kernel distinguishes tokens, the irreps of S_v are split off (`relabelling`), up to
``split_letters`` of `symkern.limits`.

A sector whose block is zero is left out: exact blocks show it, balls never do. There the form of the pipeline decides (`couplings`), and
where it does not, the formulas at a generic point (`generic_ranks`).
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

import sympy as sp

from symkern.bounds import dimension
from symkern.combinatorics import Partition, iter_partitions, partitions
from symkern.combinatorics.contingency_tables import compositions
from symkern.engines.engine import Progress
from symkern.engines.tables.couplings import affine_stages, coupling, on_lines, rank_bound
from symkern.engines.tables.generic_ranks import GenericRanks, finer_forms
from symkern.engines.tables.kernel_values import KernelValues, Source
from symkern.engines.tables.polarisations import WeylModule, weyl_module
from symkern.engines.tables.polarised_functions import FormBasis, PolarisedFunctions
from symkern.engines.tables.relabelling import Weight, representative
from symkern.engines.tables.sector_forms import Forms, FormSetting, SectorForms
from symkern.engines.tables.symbolic_tables import symbolic_source
from symkern.engines.tables.table_counts import most_below, table_cost
from symkern.engines.tables.two_letters import InterpolatedSource, TwoLetterModule
from symkern.exact import ExactMatrix
from symkern.exact.ball_matrices import BallMatrix
from symkern.exact.forms import (
    ball_bits,
    ball_operator,
    exact_operator,
    is_regular,
    symbolic_operator,
)
from symkern.kernels.algebras.given_letters import GivenLetters
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.limits import current
from symkern.sectors.sector import Sector
from symkern.tokens import Law
from symkern.tokens.letter_counts import orders

Counts = tuple[int, ...]


def kernel_source(
    kernel: Kernel | FunctionKernel, length: int, letters: int, more: tuple[sp.Symbol, ...] = ()
) -> Source:
    """The kernel as a function of contingency tables, with ``more`` symbols in its field; a user's function is checked for symmetry here."""
    if isinstance(kernel, FunctionKernel):
        return kernel.on_tables(length, letters)
    symbolic = kernel.parameters or more
    return symbolic_source(kernel, length, letters, more) if symbolic else TypeRecursion(kernel)


def _sparing_source(
    kernel: Kernel | FunctionKernel, length: int, letters: int, more: tuple[sp.Symbol, ...] = ()
) -> Source:
    """The same, evaluated where its form does not give its values."""
    source = kernel_source(kernel, length, letters, more)
    if letters != 2 or not isinstance(kernel, Kernel):
        return source
    most = coupling(kernel)
    if most is not None:
        return InterpolatedSource(source, most)
    return GivenLetters(kernel, affine_stages(kernel)) if on_lines(kernel, bool(more)) else source


def general_sectors(
    kernel: Kernel | FunctionKernel,
    length: int,
    law: Law,
    progress: Progress = iter,
    only: Partition | None = None,
) -> list[Sector]:
    """The sectors of the kernel that are not zero, by |mu|, then mu in reverse lexicographic order, then kappa; those of the position irrep ``only`` where it is given.

    ``length`` is a number and ``law`` has a number of letters. ``progress`` wraps the lists of work to go through.

    >>> from symkern.kernels import embedding, uniform
    >>> [s] = general_sectors(embedding(1).mean_pool(), 1, uniform(1))
    >>> s.eigenvalues
    (1,)
    """
    letters = law.given_vocabulary()
    table_cost(kernel, length, law, only).require()
    source = _sparing_source(kernel, length, letters, law.parameters)
    sites = length - int(source.starred)
    weights = _weights(sites, letters, source.starred, law)
    split = source.relabelling and letters <= current().split_letters and _symmetric(weights)
    shapes = _shapes(kernel, sites, letters)
    if only is not None:
        shapes = [lam for lam in shapes if Partition(*lam[1:]) == only]
        if not shapes:
            return []
    modules = [_module(lam, letters) for lam in shapes]
    reached = {c for module in modules for c in module.contents}
    contents = {w[0] for w in weights if w[0] in reached and (not split or representative(w))}
    setting = FormSetting(sites, letters, tuple(modules), weights, frozenset(contents))
    forms = SectorForms(source, setting, progress)
    kappas: list[Partition | None] = [None]
    if split:
        kappas = [Partition(*lam[1:]) for lam in partitions(letters)]
    parts = []
    for number, module in enumerate(modules):
        mu = Partition(*(p for p in module.shape[1:] if p))
        for kappa in kappas:
            rank = None
            if isinstance(kernel, Kernel):
                rank = rank_bound(kernel, mu, kappa, letters, length)
            given = None if rank == 0 else forms.on(number, kappa)
            if given is not None:
                parts.append(_Part(number, mu, kappa, given, forms.values, rank))
    if not forms.values.exact and forms.values.field is None:
        _decide(parts, setting, kernel, length)
    found = []
    for part in parts:
        made = part.block
        if made is None:
            continue
        times = _irreps(part.mu, sites) * (
            1 if part.kappa is None else _irreps(part.kappa, letters)
        )
        functions = PolarisedFunctions(part.mu, part.kappa, source.starred, length, law, part.basis)
        sizes = {"L": length, "v": letters}
        proved = isinstance(made[0], BallMatrix) and not part.is_open
        found.append(
            Sector(
                part.mu,
                part.kappa,
                times,
                made[0],
                sizes,
                source.standing,
                made[1],
                functions,
                regular=proved,
            )
        )
    return sorted(found, key=_order)


class _Part:
    """One pair of irreps on the way to its sector: the forms there, and an upper bound for their rank where one is known."""

    def __init__(
        self,
        number: int,
        mu: Partition,
        kappa: Partition | None,
        forms: Forms,
        values: KernelValues,
        rank: int | None,
    ) -> None:
        self.number, self.mu, self.kappa = number, mu, kappa
        self.forms, self.values, self.rank = forms, values, rank

    @cached_property
    def block(self) -> tuple[ExactMatrix | BallMatrix, ExactMatrix | None] | None:
        """The block and, where it is exact, the Gram matrix of its basis; None where the block is zero."""
        if self.rank == 0:
            return None
        given, values = self.forms, self.values
        form, gram, weights, denominator = given.form, given.gram, given.weights, given.denominator
        if values.field is not None:
            return symbolic_operator(form, gram, weights, denominator, values.field)
        if values.exact:
            return exact_operator(form, gram, weights, denominator)
        bits = ball_bits(form, denominator)
        return ball_operator(form, given.errors, gram, weights, denominator, bits, self.rank), None

    @property
    def basis(self) -> FormBasis:
        """The block's basis, to be found again when somebody asks for functions."""
        assert self.block is not None
        block = self.block[0]
        enclosed = isinstance(block, BallMatrix)
        return FormBasis(self.forms, self.values.field, enclosed, self.rank, block.shape[0])

    @cached_property
    def is_open(self) -> bool:
        """Whether the balls do not show that the block has the rank that is known, or where none is known, full rank."""
        if self.block is None or not isinstance(self.block[0], BallMatrix):
            return False
        block = self.block[0]
        if self.rank is not None and block.shape[0] > self.rank:
            return True
        given = self.forms
        if block.shape[0] < len(given.form):  # then its rank was proved on the way
            return False
        return not (
            block.is_invertible() or is_regular(given.form, given.errors, given.denominator)
        )

    @property
    def is_blurred(self) -> bool:
        """Whether digits that cancelled on the way are missing, as they do where a minor is barely nonzero."""
        return (
            self.block is not None
            and isinstance(self.block[0], BallMatrix)
            and not self.block[0].is_sharp()
        )

    def know(self, rank: int) -> None:
        """Take note of an upper bound for the rank."""
        self.rank = rank if self.rank is None else min(rank, self.rank)
        self._forget()

    def refine(self, forms: Forms, values: KernelValues) -> None:
        """Take forms with more digits."""
        self.forms, self.values = forms, values
        self._forget()

    def _forget(self) -> None:
        for name in ("block", "is_open"):
            self.__dict__.pop(name, None)


def _decide(
    parts: list[_Part], setting: FormSetting, kernel: Kernel | FunctionKernel, length: int
) -> None:
    """Settle the ranks that balls leave open, and the digits that they leave open, unless values are too many.

    More digits come first: they cost a small part of what `generic_ranks` takes, and mostly show that nothing is zero.
    """
    if parts and parts[0].values.evaluations > current().ranked_evaluations:
        return

    def make() -> Source:
        return _sparing_source(kernel, length, setting.letters)

    def numbered(left: list[_Part]) -> list[int]:
        return sorted({part.number for part in left})

    coarse = [(part, part.forms, part.values) for part in parts]
    left = [part for part in parts if part.is_open]
    if left:
        numbers = numbered(left)
        _refine(left, numbers, next(finer_forms(make, setting.only(numbers))))
        left = [part for part in left if part.is_open]
    decided = True
    if left:
        numbers = numbered(left)
        generic = GenericRanks(make, setting.only(numbers), isinstance(kernel, FunctionKernel))
        for part in left:
            part.know(generic.of(numbers.index(part.number), part.kappa))
        decided = generic.is_exact  # else the ranks are upper bounds, and digits need not show them

    def unsettled(part: _Part) -> bool:
        return (decided and part.is_open) or part.is_blurred

    left = [part for part in parts if unsettled(part)]
    if not left:
        return
    numbers = numbered(left)
    for finer in finer_forms(make, setting.only(numbers), left[0].values.evaluations):
        _refine(left, numbers, finer)
        left = [part for part in left if unsettled(part)]
        if not left:
            return
    for part, forms, values in coarse:  # digits that have decided nothing are not shown either
        if part in left and part.is_open:
            part.refine(forms, values)


def _refine(parts: list[_Part], numbers: list[int], finer: SectorForms) -> None:
    """Give the parts forms with more digits."""
    for part in parts:
        forms = finer.on(numbers.index(part.number), part.kappa)
        assert forms is not None
        part.refine(forms, finer.values)


def _module(shape: Partition, letters: int) -> WeylModule:
    return TwoLetterModule.of(shape) if letters == 2 else weyl_module(shape, letters)


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
    return [
        mu.padded(sites) if sites else Partition()
        for below in range(most_below(sites, letters, most) + 1)
        for mu in iter_partitions(below, max_part=sites - below, max_length=letters - 1)
    ]


def _weights(sites: int, letters: int, starred: bool, law: Law) -> dict[Weight, Any]:
    """Probabilities of a sequence by the counts of its letters, and the letter that is read; without zeros."""
    found = {}
    for content in map(tuple, compositions(sites, letters).tolist()):
        for star in range(letters) if starred else [None]:
            counts = list(content)
            if star is not None:
                counts[star] += 1
            p = law.symbolic_sequence_probability(tuple(counts))
            if p:
                found[content, star] = p
    return found


def _symmetric(weights: dict[Weight, Any]) -> bool:
    """Whether relabelling the letters leaves the law unchanged."""
    seen: dict[Any, set[Any]] = {}
    number: dict[Any, int] = {}
    for (content, star), p in weights.items():
        key = (tuple(sorted(content)), None if star is None else content[star])
        seen.setdefault(key, set()).add(p)
        number[key] = number.get(key, 0) + 1
    letters = len(next(iter(weights))[0])
    for (counts, star), probabilities in seen.items():
        orbit = orders(list(Counter(counts).values()))
        if star is not None:
            orbit *= counts.count(star)
        if len(probabilities) > 1 or number[counts, star] != orbit:
            return False
    return letters > 0


def _irreps(mu: Partition, size: int) -> int:
    return int(dimension(mu, size)) if size else 1
