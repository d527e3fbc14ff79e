r"""A quantity for long sequences: the first terms of its expansion in 1/L, and the order of what is left out.

    lambda(L) = c_0 L^(-r_0) + c_1 L^(-r_1) + ... + O(L^(-r)),       r_0 < r_1 < ... < r,

a statement as L grows, with everything else fixed and generic. Coefficients are formulas, algebraic numbers, or balls where no formula is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

import sympy as sp

from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact.asymptotics import Leading, sample_value
from symkern.exact.balls import Ball
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_all
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.shown import Written, displays


@dataclass(frozen=True)
@typed
class LengthSeries(Written):
    """``terms`` in falling powers of L, and O(L^``error``); ``error`` None says that the terms are all there are.

    >>> from symkern.abc import L, alpha
    >>> series = LengthSeries((Leading(sp.S(-1), alpha), Leading(sp.S(-2), sp.S(3))), sp.S(-3))
    >>> print(series)
    alpha/L + 3/L^2 + O(L^-3)
    >>> series.first(1)
    LengthSeries(terms=(Leading(exponent=-1, coefficient=alpha, variable=L),), error=-2)
    """

    terms: tuple[Leading, ...]
    error: sp.Rational | None

    def __post_init__(self) -> None:
        read_all(self.terms, Leading, "terms", "leading terms")
        powers = [t.exponent for t in self.terms] + ([] if self.error is None else [self.error])
        if any(a <= b for a, b in pairwise(powers)):
            raise InvalidArgument("terms", "must have falling powers, above the error", f"they are {powers}")  # fmt: skip

    @property
    def leading(self) -> Leading | None:
        """The first term."""
        return self.terms[0] if self.terms else None

    @typed
    def first(self, terms: int) -> LengthSeries:
        """The series with so many terms at most; what is cut away is left to the error.

        Args:
            terms: at least 1.
        """
        read_integer(terms, "terms", minimum=1)
        if terms >= len(self.terms):
            return self
        return replace(self, terms=self.terms[:terms], error=self.terms[terms].exponent)

    @property
    def expression(self) -> sp.Expr:
        """The terms as one formula; `NoClosedForm` where a coefficient has none."""
        parts = [t.expression for t in self.terms]
        if any(part is None for part in parts):
            raise NoClosedForm(
                "expression: a coefficient has no formula; `terms` has each coefficient as it is known, `at` the value at a length"
            )
        return sp.Add(*(part for part in parts if part is not None))

    @typed
    def at(self, length: int) -> float:
        """The sum of the terms at a length, in floating point.

        Args:
            length: an integer of at least 1.

        Raises:
            InvalidArgument: a coefficient has symbols.
        """
        read_integer(length, "length", minimum=1)
        total = 0.0
        for t in self.terms:
            value = t.coefficient
            if value is None or (isinstance(value, sp.Expr) and value.free_symbols):
                rule = "must be numbers, for a value"
                raise InvalidArgument("coefficients", rule, f"one is {value}")
            try:
                total += sample_value(value) * float(length) ** float(t.exponent)
            except OverflowError:
                rule = "must be one whose powers are floats"
                raise InvalidArgument("length", rule, f"it is {displayed(length)}") from None
        return total

    @property
    def holds_from(self) -> int | None:
        """About the length from which the first term means something: where the second has its size, |c_1/c_0| to the power of one over the step between them.

        None where that is no number, or there is one term.

        >>> LengthSeries((Leading(sp.S(-3), sp.S(2)), Leading(sp.S(-4), sp.S(-119))), sp.S(-5)).holds_from
        60
        """
        if len(self.terms) < 2:
            return None
        values = [t.coefficient for t in self.terms[:2]]
        if any(v is None or (isinstance(v, sp.Expr) and v.free_symbols) for v in values):
            return None
        first, second = map(sample_value, values)
        step = float(self.terms[0].exponent - self.terms[1].exponent)
        return max(ceil(abs(second / first) ** (1 / step)), 1) if first else None

    # -- writing -------------------------------------------------------------------------------

    @typed
    def text(self, digits: int = 15) -> str:
        """The terms with their error, balls by their digits.

        Args:
            digits: of balls.
        """
        parts = [term_text(t, digits) for t in self.terms]
        parts += [order_text(self.error)] if self.error is not None else []
        return " + ".join(parts).replace("+ -", "- ") or "0"

    @displays
    @typed
    def latex(self, digits: int = 12) -> str:
        """The same for math mode.

        Args:
            digits: of balls.
        """
        parts = [_term_latex(t, digits) for t in self.terms]
        parts += [order_latex(self.error)] if self.error is not None else []
        return " + ".join(parts).replace("+ -", "- ") or "0"

    def __str__(self) -> str:
        return self.text()

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def order_text(power: sp.Rational) -> str:
    """O(L^power)."""
    written = str(power) if power.is_Integer else f"({power})"
    return f"O(L^{written})" if power != 0 else "O(1)"


def order_latex(power: sp.Rational) -> str:
    """The same for math mode."""
    return f"O({power_latex(power)})" if power != 0 else "O(1)"


def power_latex(power: sp.Rational) -> str:
    """L to a power behind a number, in one line.

    >>> print(power_latex(sp.Rational(-5, 2)), power_latex(sp.Integer(1)))
    L^{-5/2} L
    """
    return "L" if power == 1 else f"L^{{{power}}}"


def term_text(term: Leading, digits: int = 15) -> str:
    """One term: a formula that can be read back, or the certain digits of its coefficient times the power."""
    if term.expression is not None:
        return formula_text(term.expression)
    value = term.coefficient
    if value is None:
        shown = "c"
    else:
        shown = value.digits(digits) if isinstance(value, Ball) else f"{float(value):.{digits}g}"
    return _with_power(shown, term.exponent)


def _with_power(shown: str, power: sp.Rational) -> str:
    if power == 0:
        return shown
    if power < 0 and power.is_Integer:
        return f"{shown}/L" if power == -1 else f"{shown}/L^{-power}"
    return f"{shown}*L^({power})"


def _term_latex(term: Leading, digits: int) -> str:
    if term.expression is not None:
        return formula_latex(term.expression)
    value = term.coefficient
    if value is None:
        shown = "c"
    elif isinstance(value, Ball):
        shown = value.latex(digits)
    else:
        shown = f"{float(value):.{digits}g}"
    return shown if term.exponent == 0 else rf"{shown}\,{power_latex(term.exponent)}"


def ordered(series: Iterable[LengthSeries]) -> list[LengthSeries]:
    """The largest first, for long sequences."""
    return sorted(series, key=_size, reverse=True)


def _size(series: LengthSeries) -> list[tuple[float, float]]:
    return [(float(t.exponent), sample_value(t.coefficient)) for t in series.terms]
