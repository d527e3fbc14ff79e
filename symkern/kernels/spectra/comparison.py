"""Two spectra side by side: which kernel learns which sector, and with how many samples.

Both are taken on the same data. For every pair of irreps that either kernel sees, the largest eigenvalue of each
gives the samples n = sigma2/lambda at which the first function there is half learned; a kernel that is
zero on a sector never learns it. The verdict compares growth in L, everything else fixed, then the leading coefficients, then the eigenvalues;
``crossing`` is the length from which on it holds, where L is the only symbol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.bounds import ScalingLaw
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import Branch
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.laws import Law
from symkern.kernels.pipeline import Kernel
from symkern.kernels.sector import Sector
from symkern.kernels.spectra.crossing import eventual_order, number_order
from symkern.kernels.spectra.document import written
from symkern.kernels.spectra.ranking import is_doubtful, is_number
from symkern.kernels.spectra.spectrum import Spectrum
from symkern.typeset.comparison import comparison_latex, comparison_table, comparison_text

__all__ = ["ComparedSector", "Comparison", "compare"]


@dataclass(frozen=True)
class ComparedSector:
    """One pair of irreps with each kernel's cheapest law there; None where a kernel is zero.

    ``verdict`` is "first", "second", "equal" for eigenvalues that are the same formula, "same growth" where the leading coefficients differ by a
    factor whose size depends on symbols, or agree and nothing is proved beyond them,
    "undecided" where two proven intervals overlap, or "not compared" where one side has neither a number nor a leading term.
    ``branches`` are the eigenvalues behind the laws, ``least`` the length from which both sectors are whole; ``doubtful`` tells
    the eigenvalues of which nobody knows whether they are zero.
    """

    position_irrep: Partition
    token_irrep: Partition | None
    dimension: int | sp.Expr
    laws: tuple[ScalingLaw | None, ScalingLaw | None]
    branches: tuple[Branch | None, Branch | None] = (None, None)
    least: int = 1
    doubtful: tuple[bool, bool] = (False, False)

    @property
    def crossing(self) -> int | None:
        """The smallest length from which on, at every integer, the kernel named by ``verdict`` needs fewer samples; exact.

        None where it says nothing: equal eigenvalues, a kernel that is zero there, symbols besides L, or a
        length that is a number. See `symkern.kernels.spectra.crossing` for the proof.
        """
        from symkern.kernels.spectra.crossing import crossing_length

        first, second = self.branches
        if first is None or second is None or self.verdict not in ("first", "second"):
            return None
        if self.verdict == "first":
            return crossing_length(first, second, self.least)
        return crossing_length(second, first, self.least)

    @property
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
            if order is None:
                return "undecided"
            return "equal" if order == 0 else "first" if order > 0 else "second"
        verdict = _verdict_by_growth(*self.laws)
        if verdict != "equal":
            return verdict
        order = eventual_order(first, second)  # leading terms agree: the eigenvalues themselves
        if order is None:
            return "same growth"
        return "equal" if order == 0 else "first" if order > 0 else "second"


def _verdict_by_growth(first: ScalingLaw | None, second: ScalingLaw | None) -> str:
    """The verdict on formulas in symbols by their leading terms: powers of L first, then coefficients; "equal" where these agree."""
    if first is None or second is None:
        return "not compared"
    a, b = _growth(first), _growth(second)
    if a is None or b is None:
        return "not compared"
    if a[0] != b[0]:
        return "first" if a[0] < b[0] else "second"
    if a[1] is None or b[1] is None:
        return "same growth" if first.leading is not None else "not compared"
    ratio = sp.cancel(a[1] / b[1])
    if ratio == 1:
        return "equal"
    if ratio.is_Rational:
        return "first" if ratio < 1 else "second"
    return "same growth"


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


def _spectrum(given: object, name: str, length: object, tokens: Law | None) -> Spectrum:
    if isinstance(given, Spectrum):
        return given
    if not isinstance(given, (Kernel, FunctionKernel, str)):
        raise InvalidType(name, "must be a spectrum, a kernel or a pipeline", given)
    from symkern.kernels.spectra.deriving import derive

    return derive(given, length, tokens)  # type: ignore[arg-type]


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


def _largest(found: tuple[Spectrum, Sector] | None) -> Branch | None:
    """The eigenvalue behind `_cheapest`."""
    if found is None:
        return None
    return next((b for b in found[1].branches if b.value is None or b.value != 0), None)


def compare(
    first: Spectrum | Kernel | str,
    second: Spectrum | Kernel | str,
    *,
    length: object = CONTEXT_LENGTH,
    tokens: Law | None = None,
) -> Comparison:
    """Set two spectra side by side; they must be on the same length and token law.

    Kernels, presets and pipelines are taken on ``length`` and ``tokens``, which are as for `derive`.

    >>> found = compare("linear-attention", "bag-of-tokens")
    >>> [row.verdict for row in found if row.position_irrep]
    ['first', 'first', 'first', 'first']
    """
    first, second = (
        _spectrum(given, name, length, tokens)
        for given, name in ((first, "first"), (second, "second"))
    )
    for name in ("length", "tokens", "group"):
        a, b = getattr(first, name), getattr(second, name)
        if a != b:
            raise InvalidArgument(
                "second", f"must share the {name} of the first spectrum, {a}", f"its {name} is {b}"
            )
    return Comparison(first, second)
