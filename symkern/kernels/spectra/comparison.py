"""Two kernels side by side: which learns which sector, and with how many samples.

Both are taken on the same data. For every pair of irreps that either kernel sees, the largest eigenvalue of each
gives the samples n = sigma2/lambda at which the first function there is half learned; a kernel that is
zero on a sector never learns it. The verdict compares growth in L, everything else fixed, then the leading coefficients, and where these are equal
the exact eigenvalues; ``crossing`` is the length from which on it holds. Only eigenvalues that are equal as formulas are called equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import sigma2
from symkern.abc import v as VOCABULARY
from symkern.bounds import ScalingLaw
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument
from symkern.exact import Branch, ExactMatrix
from symkern.kernels.sector import Sector
from symkern.kernels.spectra.crossing import (
    crossing_length,
    eventual_order,
    number_order,
    same_formula,
)
from symkern.kernels.spectra.document import written
from symkern.kernels.spectra.ranking import is_doubtful, is_number
from symkern.kernels.spectra.spectrum import Spectrum
from symkern.typeset.comparison import comparison_latex, comparison_table, comparison_text

__all__ = ["ComparedSector", "Comparison", "compare"]


@dataclass(frozen=True)
class ComparedSector:
    """One pair of irreps with each kernel's cheapest law there; None where a kernel is zero.

    ``verdict`` is "first", "second", "equal" where the eigenvalues are one formula, "same growth" where the leading coefficients differ by a factor whose size
    depends on symbols, "undecided" where two proven intervals overlap, or where the leading terms are equal and the sign of the difference is not proved for
    all positive symbols, or "not compared" where one side has neither a number nor a leading term.
    ``branches`` are the eigenvalues behind the laws, ``least`` and ``least_vocabulary`` the length and vocabulary from which both sectors are whole;
    ``doubtful`` tells the eigenvalues of which nobody knows whether they are zero. ``blocks`` are all nonzero eigenvalues of each sector, those of
    ``branches`` alone where it is empty, and ``same_block`` says that the two sectors have one block.

    >>> from symkern.kernels import embedding, uniform
    >>> from symkern.abc import L
    >>> found = compare(
    ...     embedding(1, 1).attention().mean_pool().spectrum(length=L, tokens=uniform(2)),
    ...     embedding(1).mean_pool().spectrum(length=L, tokens=uniform(2)),
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

    @property
    def thresholds(self) -> dict[sp.Symbol, int]:
        """The sizes from which both sectors are whole."""
        return {CONTEXT_LENGTH: self.least, VOCABULARY: self.least_vocabulary}

    @cached_property
    def crossing(self) -> int | None:
        """The smallest length from which on, at every integer, the kernel named by ``verdict`` needs fewer samples; exact.

        With other symbols it holds for all their values, positive and v at least ``least_vocabulary``. None where it says nothing: equal
        eigenvalues, a kernel that is zero there, a length that is a number, or other symbols for which no such length is proved to be the smallest.
        See `symkern.kernels.spectra.crossing` for the proof.
        """
        first, second = self.branches
        if first is None or second is None or self.verdict not in ("first", "second"):
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
        first, second = self.branches
        if first is None or second is None:
            if first is None and second is None:
                return "equal"
            if any(self.doubtful):
                return "undecided"
            return "second" if first is None else "first"
        if is_number(first.value) and is_number(second.value):
            order = None if all(self.doubtful) else number_order(first, second)
            return _word(order)
        if same_formula(first, second) or (self.same_block and first.index == second.index):
            return "equal"
        return self._verdict_by_growth(first, second)

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
        return "same growth"


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


@dataclass(frozen=True)
class Comparison:
    """The sectors of two spectra on the same data, side by side; prints as a table.

    >>> from symkern.kernels import derive
    >>> found = compare(derive("bag-of-tokens"), derive("flatten"))
    >>> [(str(row.position_irrep), str(row.token_irrep), row.verdict) for row in found]
    [('[]', '[]', 'same growth'), ('[]', '1', 'equal'), ('1', '1', 'second')]
    """

    first: Spectrum
    second: Spectrum

    @property
    def rows(self) -> tuple[ComparedSector, ...]:
        """One row per pair of irreps that either kernel sees."""
        tables = [
            {(s.position_irrep, s.token_irrep): (spectrum, s) for s in spectrum.sectors}
            for spectrum in (self.first, self.second)
        ]
        keys = sorted(
            {*tables[0], *tables[1]},
            key=lambda key: [
                (-1, ()) if mu is None else (mu.size, [-part for part in mu]) for mu in key
            ],
        )
        return tuple(
            ComparedSector(
                *key,
                next(t[key][1].dimension for t in tables if key in t),
                (_cheapest(tables[0].get(key)), _cheapest(tables[1].get(key))),
                (_largest(tables[0].get(key)), _largest(tables[1].get(key))),
                max(t[key][1].valid_for.get("L", 1) for t in tables if key in t),
                (_is_doubtful(tables[0].get(key)), _is_doubtful(tables[1].get(key))),
                max(t[key][1].valid_for.get("v", 1) for t in tables if key in t),
                (_nonzero(tables[0].get(key)), _nonzero(tables[1].get(key))),
                _is_one_block(tables[0].get(key), tables[1].get(key)),
            )
            for key in keys
        )

    def __iter__(self) -> Iterator[ComparedSector]:
        return iter(self.rows)

    def text(self, width: int = 80, unicode: bool = True) -> str:
        """As text within ``width`` columns."""
        return comparison_text(self, width, unicode)

    def latex(self) -> str:
        """As a LaTeX table."""
        return comparison_latex(self)

    def to_dict(self) -> dict[str, Any]:
        """As plain data; formulas are strings that `symkern.abc.parse` reads."""
        return {
            "schema": 1,
            "first": str(self.first.kernel),
            "second": str(self.second.kernel),
            "sectors": [
                {
                    "position_irrep": list(row.position_irrep),
                    "token_irrep": None if row.token_irrep is None else list(row.token_irrep),
                    "dimension": written(row.dimension),
                    "samples": [
                        _written(law, branch)
                        for law, branch in zip(row.laws, row.branches, strict=True)
                    ],
                    "verdict": row.verdict,
                    "from_length": row.crossing,
                }
                for row in self.rows
            ],
        }

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return comparison_table(self).html()


def _written(law: ScalingLaw | None, branch: Branch | None) -> dict[str, Any] | None:
    if law is None:
        return None
    term = law.leading.expression if law.leading is not None else None
    known = law.formula is not None and law.relation == "="
    interval = None if branch is None else branch.interval
    return {
        "formula": written(law.formula) if known else None,
        "leading": None if term is None else written(term),
        "exponent": None if law.exponent is None else written(law.exponent),
        "eigenvalue_interval": None if interval is None else [str(end) for end in interval],
    }


def _is_doubtful(found: tuple[Spectrum, Sector] | None) -> bool:
    branch = _largest(found)
    return found is not None and branch is not None and is_doubtful(*found, branch)


def _cheapest(found: tuple[Spectrum, Sector] | None) -> ScalingLaw | None:
    if found is None:
        return None
    laws = found[0].sample_laws(found[1])
    return laws[0] if laws else None


def _nonzero(found: tuple[Spectrum, Sector] | None) -> tuple[Branch, ...]:
    """The eigenvalues that are not known to be zero, the largest first."""
    if found is None:
        return ()
    return tuple(b for b in found[1].branches if b.value is None or b.value != 0)


def _largest(found: tuple[Spectrum, Sector] | None) -> Branch | None:
    """The eigenvalue behind `_cheapest`."""
    return next(iter(_nonzero(found)), None)


def _is_one_block(
    first: tuple[Spectrum, Sector] | None, second: tuple[Spectrum, Sector] | None
) -> bool:
    """Whether two sectors have the same exact block, so that they share eigenvalues that are not written."""
    if first is None or second is None:
        return False
    a, b = first[1].block, second[1].block
    if not isinstance(a, ExactMatrix) or not isinstance(b, ExactMatrix):
        return False
    return a.field is b.field and a == b


def compare(first: Spectrum, second: Spectrum) -> Comparison:
    """Set two spectra side by side; they must be on the same length and token law."""
    for name in ("length", "tokens", "group"):
        a, b = getattr(first, name), getattr(second, name)
        if a != b:
            raise InvalidArgument(
                "second", f"must share the {name} of the first spectrum, {a}", f"its {name} is {b}"
            )
    return Comparison(first, second)
