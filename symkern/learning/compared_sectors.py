"""One irrep in the spectra of two kernels: eigenvalues, samples, and which of both learns it with fewer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import sigma2
from symkern.abc import v as VOCABULARY
from symkern.claims.scaling_law import ScalingLaw
from symkern.combinatorics import Partition
from symkern.doors import ComparedSectorDoors
from symkern.exact import Branch
from symkern.learning.crossing import (
    crossing_length,
    eventual_order,
    number_order,
    same_formula,
)
from symkern.learning.series_order import SeriesSide, series_verdict
from symkern.reading.annotated import typed
from symkern.spectra.ranking import is_number
from symkern.typeset.labels import irreps_text
from symkern.typeset.shown import Shown

#: A law, the eigenvalue behind it, and whether that may be zero.
Contender = tuple[ScalingLaw, Branch, bool]


@dataclass(frozen=True)
@typed
class ComparedSector(ComparedSectorDoors, Shown):
    """One pair of irreps with each kernel's cheapest law there; None where a kernel is zero.

    ``verdict`` is "first", "second", "equal" where the eigenvalues are one formula, "same growth" where the ratio of the leading coefficients depends on symbols
    or is not written, "undecided" where two proven intervals overlap, or where the leading terms are equal and the sign of the difference is not proved for
    all positive symbols, or "not compared" where one side has neither a number nor a leading term.
    ``branches`` are the eigenvalues behind the laws, ``least`` and ``least_vocabulary`` the length and vocabulary from which both sectors are whole;
    ``doubtful`` tells the eigenvalues of which nobody knows whether they are zero. ``blocks`` are all nonzero eigenvalues of each sector, those of
    ``branches`` alone where it is empty, and ``same_block`` says that the two sectors have one block. ``contenders`` are, where several sectors restrict to
    this label, the law, eigenvalue and doubt of each that is not proved to be smaller than another; the first of them is shown.
    ``sides`` are what is known in 1/L, where the eigenvalues of either kernel have series and no formulas: a law that is None then says that a kernel is zero where
    `is_never` says so too, and otherwise that an order is known alone; no crossing length is known there. ``sizes`` are those that the irreps are written with.

    >>> from symkern.kernels import compare, embedding, uniform
    >>> from symkern.abc import L
    >>> found = compare(
    ...     embedding(1, 1).attention().mean_pool(), embedding(1).mean_pool(), tokens=uniform(2)
    ... )
    >>> row = found.rows[1]
    >>> [branch.value for branch in row.branches], row.verdict, row.crossing
    ([(L**2 + 4*L + 2)/(2*L**3), 1/(2*L)], 'first', 1)
    """

    position_irrep: Partition
    token_irrep: Partition | None
    dimension: int | sp.Expr
    laws: tuple[ScalingLaw | None, ScalingLaw | None]
    branches: tuple[Branch | None, Branch | None] = (None, None)
    least: int = 1
    doubtful: tuple[bool, bool] = (False, False)
    least_vocabulary: int = 1
    blocks: tuple[tuple[Branch, ...], tuple[Branch, ...]] = ((), ())
    same_block: bool = False
    contenders: tuple[tuple[Contender, ...], tuple[Contender, ...]] = ((), ())
    sides: tuple[SeriesSide, SeriesSide] | None = None
    sizes: tuple[Any, Any] = field(default=("L", "v"), compare=False, repr=False)

    def __str__(self) -> str:
        name = irreps_text(self.position_irrep, self.token_irrep, self.sizes)
        start = "" if self.crossing is None else f", from L = {self.crossing}"
        return f"{name}: {self.verdict}{start}"

    @property
    def is_never(self) -> tuple[bool, bool]:
        """Of either kernel whether it is zero there, so that it never learns these functions."""
        if self.sides is not None:
            return self.sides[0].is_zero, self.sides[1].is_zero
        return self.laws[0] is None, self.laws[1] is None

    @property
    def thresholds(self) -> dict[sp.Symbol, int]:
        """The sizes from which both sectors are whole."""
        return {CONTEXT_LENGTH: self.least, VOCABULARY: self.least_vocabulary}

    @cached_property
    def crossing(self) -> int | None:
        """The smallest length from which on, at every integer, the kernel named by ``verdict`` needs fewer samples; exact.

        With other symbols it holds for all their values, positive and v at least ``least_vocabulary``. None where it says nothing: equal
        eigenvalues, a kernel that is zero there, a length that is a number, or other symbols for which no such length is proved to be the smallest.
        See `symkern.learning.crossing` for the proof.
        """
        first, second = self.branches
        if first is None or second is None or self.sides is not None:
            return None
        if self.verdict not in ("first", "second"):
            return None
        if not any(law is not None and law.leading is not None for law in self.laws):
            return None  # the length is a number
        a, b = self.blocks[0] or (first,), self.blocks[1] or (second,)
        if self.verdict == "first":
            return crossing_length(a, b, self.thresholds)
        return crossing_length(b, a, self.thresholds)

    @cached_property
    def verdict(self) -> str:
        """Which kernel needs fewer samples at large L (at the given L, where it is a number)."""
        if self.sides is not None:
            return "equal" if self.same_block else series_verdict(*self.sides, self.thresholds)
        if max(map(len, self.contenders)) > 1:
            return self._verdict_of_contenders()
        first, second = self.branches
        if first is None or second is None:
            if first is None and second is None:
                return "equal"
            if any(self.doubtful):
                return "undecided"
            return "second" if first is None else "first"
        if self.same_block and branch_place(first) == branch_place(second):
            return "equal"
        if is_number(first.value) and is_number(second.value):
            order = None if all(self.doubtful) else number_order(first, second)
            return _word(order)
        if same_formula(first, second):
            return "equal"
        return self._verdict_by_growth(first, second)

    def _verdict_of_contenders(self) -> str:
        """The verdict on the largest eigenvalue of either side, where it is not known which one that is."""
        if not all(self.contenders):
            return "second" if self.contenders[1] else "first"
        pairs = [
            [replace(self, **contender_pair(a, b)).verdict for b in self.contenders[1]]
            for a in self.contenders[0]
        ]
        ahead = any(all(word == "first" for word in row) for row in pairs)
        behind = any(
            all(word == "second" for word in column) for column in zip(*pairs, strict=True)
        )
        if ahead or behind:
            return "first" if ahead else "second"
        words = {word for row in pairs for word in row}
        return words.pop() if words in ({"same growth"}, {"not compared"}) else "undecided"

    def _verdict_by_growth(self, first: Branch, second: Branch) -> str:
        """The verdict on formulas in symbols: powers of L first, then their coefficients, then the terms that follow."""
        if self.laws[0] is None or self.laws[1] is None:
            return "not compared"
        a, b = _growth(self.laws[0]), _growth(self.laws[1])
        if a is None or b is None:
            return "not compared"
        if a[0] != b[0]:
            return "first" if a[0] < b[0] else "second"
        leading = self.laws[0].leading
        if a[1] is None or b[1] is None:
            return "same growth" if leading is not None else "not compared"
        ratio = sp.cancel(a[1] / b[1])
        if ratio == 1:
            # A leading term of the samples, turned over, is that of the eigenvalue.
            term = None if leading is None else leading.cost(sigma2)
            return _word(eventual_order(first, second, term, self.thresholds))
        if ratio.is_Rational:
            return "first" if ratio < 1 else "second"
        if ratio.is_number:
            # Radicals may hide that it is 1, so the eigenvalues are asked first.
            order = eventual_order(first, second, None, self.thresholds)
            if order is None and (ratio - 1).is_nonzero:
                order = 1 if (ratio - 1).is_negative else -1 if (ratio - 1).is_positive else None
            return _word(order)
        return "same growth"


def contender_pair(first: Contender | None, second: Contender | None) -> dict[str, Any]:
    """The fields of a row in which these two stand alone."""
    both = [(None, None, False) if found is None else found for found in (first, second)]
    laws, found, doubtful = zip(*both, strict=True)
    return {"laws": laws, "branches": found, "doubtful": doubtful, "contenders": ((), ())}


def _word(order: int | None) -> str:
    """The verdict on eigenvalues, of which the larger one is learned sooner."""
    if order is None:
        return "undecided"
    return "equal" if order == 0 else "first" if order > 0 else "second"


def _growth(law: ScalingLaw) -> tuple[sp.Expr, sp.Expr | None] | None:
    """Power of L and its coefficient, None where it is no formula; None altogether where nothing is known."""
    if law.leading is not None:
        coefficient = law.leading.coefficient
        return law.leading.exponent, coefficient if isinstance(coefficient, sp.Expr) else None
    return None if law.formula is None else (sp.S.Zero, law.formula)


def branch_place(branch: Branch) -> tuple[object, int]:
    """What tells an eigenvalue from the others of its block."""
    return branch.minimal_polynomial, branch.index
