r"""Which of two eigenvalues is larger for long sequences, where series in 1/L are what is known of them.

The first power of L in which two series differ decides, by the sign of its coefficient there; where both series end before that, nothing does. A
sector of a series has further eigenvalues, of which an order is known alone: they count wherever they may be the largest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.combinatorics import Partition
from symkern.errors import NoClosedForm, SymkernError
from symkern.exact import AlgebraicNumber, Ball, function_field
from symkern.exact.asymptotics import Leading, sample_value
from symkern.exact.balls import BITS, enclosure, from_arb, precision
from symkern.exact.exponentials import exponential_field
from symkern.exact.length_series import LengthSeries
from symkern.learning.crossing import sign
from symkern.sectors.exact_series import series as exact_series
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.ranking import ends
from symkern.spectra.spectrum import Spectrum

#: Terms of each series that are compared.
_TERMS = 4


@dataclass(frozen=True)
class SeriesSide:
    """What one kernel has in one sector: the series of its largest eigenvalues, the largest first at a generic point, one for each part of the sector,
    and the power of L that all eigenvalues besides are of the order of; None where none is larger.
    """

    tops: tuple[LengthSeries, ...]
    others: sp.Rational | None

    @property
    def power(self) -> sp.Rational | None:
        """The power of L of the largest that is known."""
        powers = [t.leading.exponent for t in self.tops if t.leading is not None]
        return max(powers, default=None)

    @property
    def is_zero(self) -> bool:
        """Whether there is nothing but zeros."""
        return self.power is None and self.others is None

    @property
    def hides(self) -> bool:
        """Whether an eigenvalue that is not known may be as large as the largest that is."""
        return self.others is not None and (self.power is None or self.others >= self.power)


def series_side(
    found: Sequence[tuple[Spectrum, Sector]],
    spectrum: Spectrum,
    labels: Iterable[Partition],
    kappa: Partition | None,
) -> SeriesSide:
    """The sectors of a spectrum that share a label: those that are listed, and those of ``labels`` that are not."""
    tops, orders = [], []
    for _, sector in found:
        expansions = _expansions(sector)
        tops += expansions[:1]
        if isinstance(sector, SeriesSector) and sector.others is not None:
            orders.append(sector.others)
    listed = {sector.position_irrep for _, sector in found}
    for mu in labels:
        if mu not in listed:
            order = spectrum.order_of_unlisted(mu, kappa)
            orders += [] if order is None else [order]
    return SeriesSide(
        tuple(sorted(tops, key=_generic_size, reverse=True)), max(orders, default=None)
    )


def _expansions(sector: Sector) -> list[LengthSeries]:
    """The series of the nonzero eigenvalues, the largest first; of long formulas the first term alone."""
    if isinstance(sector, SeriesSector):
        return list(sector.expansions)
    try:
        found = exact_series(sector, _TERMS)
    except NoClosedForm:
        # The next power of L is smaller by a fraction whose denominator is that of a Puiseux series.
        step = sp.Rational(1, sector.multiplicity**2)
        terms = [t for t in sector.leading_terms if t is not None]
        found = tuple(LengthSeries((t,), t.exponent - step) for t in terms)
    return [s for s in found if s.terms]


def _generic_size(series: LengthSeries) -> tuple[float, float]:
    term = series.terms[0]
    return float(term.exponent), sample_value(term.coefficient)


def series_verdict(
    first: SeriesSide, second: SeriesSide, thresholds: Mapping[sp.Symbol, int]
) -> str:
    """Which side has the larger eigenvalue for long sequences: "first", "second", "equal", "same growth" or "undecided".

    "same growth" where the ratio of the leading coefficients depends on symbols, as for eigenvalues with formulas.
    """
    if first.is_zero or second.is_zero:
        if first.is_zero and second.is_zero:
            return "equal"
        other = second if first.is_zero else first
        if other.power is None:
            return "undecided"
        return "second" if first.is_zero else "first"
    orders = [[series_order(a, b, thresholds) for b in second.tops] for a in first.tops]
    ahead = bool(first.tops) and any(all(o == 1 for o in row) for row in orders)
    columns = list(zip(*orders, strict=True)) if orders else [()] * len(second.tops)
    behind = bool(second.tops) and any(all(o == -1 for o in column) for column in columns)
    for wins, winner, loser in (("first", first, second), ("second", second, first)):
        power = winner.power
        won = ahead if wins == "first" else behind
        if won and power is not None and (loser.others is None or loser.others < power):
            return wins
    if first.hides or second.hides or not (first.tops and second.tops):
        return "undecided"
    if len(first.tops) == len(second.tops) == 1 and orders[0][0] == 0:
        return "equal"
    pairs = [(a, b) for a in first.tops for b in second.tops]
    alike = all(_ratio_has_symbols(a.terms[0], b.terms[0]) for a, b in pairs)
    return "same growth" if alike else "undecided"


def _ratio_has_symbols(first: Leading, second: Leading) -> bool:
    """Whether two leading terms have one power of L, and coefficients whose ratio depends on symbols or is not written."""
    if first.exponent != second.exponent:
        return False
    a, b = first.coefficient, second.coefficient
    if a is None or b is None:
        return True
    if not (isinstance(a, sp.Expr) and isinstance(b, sp.Expr)):
        return any(isinstance(c, sp.Expr) and bool(c.free_symbols) for c in (a, b))
    return bool(sp.cancel(a / b).free_symbols)


def series_order(
    first: LengthSeries, second: LengthSeries, thresholds: Mapping[sp.Symbol, int]
) -> int | None:
    """1, 0 or -1 as the first is larger, equal or smaller for long sequences; None where the terms do not say.

    They are eigenvalues of kernels, so that the first coefficient is positive where it does not vanish, as it does not for generic symbols. Where symbols are left in other
    coefficients, it is for all their positive values, those of ``thresholds`` from there on. Equal are two series that both end.

    >>> from symkern.abc import L
    >>> low, high = (LengthSeries((Leading(sp.S(-1), sp.S(1)), Leading(sp.S(-2), c)), sp.S(-3)) for c in (sp.S(1), sp.E))
    >>> series_order(low, high, {}), series_order(low, low, {})
    (-1, None)
    """
    a, b = list(first.terms), list(second.terms)
    if a and b and a[0].exponent != b[0].exponent:
        return 1 if a[0].exponent > b[0].exponent else -1
    while a and b and a[0].exponent == b[0].exponent:
        order = _coefficient_order(a.pop(0), b.pop(0), thresholds)
        if order != 0:
            return order
    if not a and not b:
        return 0 if first.error is None and second.error is None else None
    if not b or (a and a[0].exponent > b[0].exponent):
        known = bool(b) or second.error is None or second.error < a[0].exponent
        return _coefficient_sign(a[0], thresholds) if known else None
    known = bool(a) or first.error is None or first.error < b[0].exponent
    found = _coefficient_sign(b[0], thresholds) if known else None
    return None if found is None else -found


def _coefficient_sign(term: Leading, thresholds: Mapping[sp.Symbol, int]) -> int | None:
    return _coefficient_order(term, Leading(term.exponent, sp.S.Zero), thresholds)


def _coefficient_order(
    first: Leading, second: Leading, thresholds: Mapping[sp.Symbol, int]
) -> int | None:
    """The sign of the difference of two coefficients; None where it is not proved."""
    a, b = first.coefficient, second.coefficient
    if a is None or b is None:
        return None
    if isinstance(a, sp.Expr) and isinstance(b, sp.Expr):
        found = _formula_order(a, b, thresholds)
        if found is not None:
            return found
    if any(isinstance(c, sp.Expr) and c.free_symbols for c in (a, b)):
        return None
    (low, high), (least, most) = map(_ends, (a, b))
    return 1 if low > most else -1 if high < least else None


def _ends(value: sp.Expr | AlgebraicNumber | Ball) -> tuple[Any, Any]:
    """Rational numbers around a number."""
    if not isinstance(value, sp.Expr):
        return ends(value)
    with precision(BITS):
        ball = from_arb(enclosure(value))
    return ball.lower, ball.upper


def _formula_order(a: sp.Expr, b: sp.Expr, thresholds: Mapping[sp.Symbol, int]) -> int | None:
    """The sign of a - b where both are rational functions of symbols and exponentials."""
    if a == b:
        return 0
    symbols = tuple(sorted(a.free_symbols | b.free_symbols, key=str))
    plain = function_field(symbols)
    try:
        exponents = {e.args[0] for c in (a, b) for e in c.atoms(sp.exp)}
        exponents |= {sp.S.One} if a.has(sp.E) or b.has(sp.E) else set()
        field = exponential_field(symbols, [plain(e) for e in sorted(exponents, key=str)])
        difference = field(a) - field(b)
    except SymkernError:
        return None
    return sign(difference, thresholds)
