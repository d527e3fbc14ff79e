"""Real algebraic numbers: an irreducible integer polynomial and an interval that isolates one root.

Roots come certified from flint (ball arithmetic; a real root has an imaginary part of exactly
zero there); refinement is bisection in rational arithmetic, so an interval never lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import total_ordering
from numbers import Rational
from typing import Any, cast

import flint
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact.ball_matrices import dyadic
from symkern.exact.balls import nearest_float, precision
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.typeset.numerals import fraction_literal, literal
from symkern.typeset.shown import Shown

#: How far roots are narrowed when they are isolated, whatever precision is in force: one number is written in one way.
_ISOLATION_BITS = 53


@total_ordering
class AlgebraicNumber(Shown):
    """The root of ``minimal_polynomial`` in the closed interval [``low``, ``high``].

    `float()` gives the root correctly to double precision, infinity beyond its range; comparison is exact.

    Args:
        minimal_polynomial: integer coefficients from the constant term up, irreducible, the leading one positive.
        low: the lower end.
        high: the upper end; between them lies exactly one root.

    Raises:
        InvalidArgument: ends that do not enclose a root.

    >>> r = real_roots((-1, -1, 0, 1))[0]
    >>> float(r)
    1.324717957244746
    >>> r
    AlgebraicNumber((-1, -1, 0, 1), Fraction(5, 4), Fraction(11, 8))
    """

    __slots__ = ("high", "low", "minimal_polynomial")

    def __init__(self, minimal_polynomial: Sequence[int], low: Fraction, high: Fraction) -> None:
        self.minimal_polynomial = _coefficients(minimal_polynomial)
        for name, end in (("low", low), ("high", high)):
            if not isinstance(end, Rational) or isinstance(end, bool):
                raise InvalidType(name, "must be a fraction", end)
        self.low = Fraction(int(low.numerator), int(low.denominator))  # NumPy's integers wrap
        self.high = Fraction(int(high.numerator), int(high.denominator))
        ends = self._at(self.low), self._at(self.high)
        if self.low > self.high or (all(ends) and (ends[0] > 0) == (ends[1] > 0)):
            raise InvalidArgument(
                "low, high", "must enclose a root", f"they are {displayed(low)}, {displayed(high)}"
            )

    def _at(self, q: Fraction) -> int:
        """The polynomial's value times a positive number: a power of the denominator, so that nothing is reduced on the way."""
        total, power = 0, 1
        for c in reversed(self.minimal_polynomial):
            total = total * q.numerator + c * power
            power *= q.denominator
        return total

    @typed
    def refine(self, width: Rational | int) -> AlgebraicNumber:
        """The same number with an interval at most ``width`` wide.

        Args:
            width: above 0, exact.

        Raises:
            InvalidArgument: it is not positive.
        """
        if Fraction(width) <= 0:
            raise InvalidArgument("width", "must be positive", f"it is {displayed(width)}")
        low, high = self.low, self.high
        sign = self._at(high) > 0
        while high - low > width:
            middle = (low + high) / 2
            value = self._at(middle)
            if value == 0:
                low = high = middle
            elif (value > 0) == sign:
                high = middle
            else:
                low = middle
        return AlgebraicNumber(self.minimal_polynomial, low, high)

    def __float__(self) -> float:
        narrow = self
        while narrow.low * narrow.high <= 0 and narrow.low != narrow.high:
            narrow = narrow.refine((narrow.high - narrow.low) / 2)  # leave zero behind
            if narrow.high - narrow.low < Fraction(1, 1 << 2000):
                break
        scale = max(abs(narrow.low), abs(narrow.high))
        narrow = narrow.refine(scale / (1 << 60)) if scale else narrow
        return nearest_float((narrow.low + narrow.high) / 2)

    def inverse(self) -> AlgebraicNumber:
        """1 over this number, which is not zero: the polynomial is read backwards.

        >>> float(real_roots((-1, -1, 0, 1))[0].inverse())
        0.7548776662466927
        """
        narrow = self
        # An irreducible polynomial of degree above one has no root 0.
        while narrow.low <= 0 <= narrow.high:
            narrow = narrow.refine((narrow.high - narrow.low) / 2)
        sign = 1 if self.minimal_polynomial[0] > 0 else -1
        reversed_ = [sign * c for c in self.minimal_polynomial[::-1]]
        return AlgebraicNumber(reversed_, 1 / narrow.high, 1 / narrow.low)

    @property
    def is_long(self) -> bool:
        """Whether SymPy would search for factors of the polynomial's coefficients for minutes."""
        most = current().radicand_bits
        return any(abs(c).bit_length() > most for c in self.minimal_polynomial)

    def to_sympy(self) -> sp.Expr:
        """As SymPy's ``CRootOf``."""
        z = sp.Symbol("x", real=True)
        roots = real_roots(self.minimal_polynomial)[::-1]
        return sp.CRootOf(sp.Poly(self.minimal_polynomial[::-1], z), roots.index(self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AlgebraicNumber):
            return NotImplemented
        if self.minimal_polynomial != other.minimal_polynomial:
            return False
        a, b = self, other
        while a.low <= b.high and b.low <= a.high:
            low, high = max(a.low, b.low), min(a.high, b.high)
            if a._at(low) * a._at(high) <= 0:  # a root in the common part is the root of both
                return True
            a, b = a.refine((a.high - a.low) / 2), b.refine((b.high - b.low) / 2)
        return False

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, AlgebraicNumber):
            return NotImplemented
        if self == other:
            return False
        a, b = self, other
        while a.low <= b.high and b.low <= a.high:
            a, b = a.refine((a.high - a.low) / 2), b.refine((b.high - b.low) / 2)
        return a.high < b.low

    def __hash__(self) -> int:
        return hash(self.minimal_polynomial)

    def __repr__(self) -> str:
        coefficients = ", ".join(map(literal, self.minimal_polynomial))
        ends = f"{fraction_literal(self.low)}, {fraction_literal(self.high)}"
        return f"AlgebraicNumber(({coefficients}), {ends})"


def _coefficients(values: Sequence[int]) -> tuple[int, ...]:
    """The coefficients of a polynomial, which is not zero."""
    if type(values) is tuple and all(type(c) is int for c in values) and any(values):
        return values
    found = tuple(read_integer(c, "coefficients", None) for c in read_list(values, "coefficients"))
    if not any(found):
        raise InvalidArgument("coefficients", "must not all be zero", f"they are {found}")
    return found


def real_roots(coefficients: Sequence[int]) -> list[AlgebraicNumber]:
    """The real roots of an irreducible integer polynomial, largest first, in disjoint intervals.

    Args:
        coefficients: integers, from the constant term up.

    >>> [round(float(r), 6) for r in real_roots((-2, 0, 1))]
    [1.414214, -1.414214]
    """
    coefficients = _coefficients(coefficients)
    polynomial = flint.fmpz_poly(list(coefficients))
    with precision(_ISOLATION_BITS):
        roots = cast(Any, polynomial.complex_roots())
    centres = sorted(_ends(root.real) for root, _ in roots if root.imag == 0)
    return [_rounded(coefficients, low, high, centres) for low, high in centres][::-1]


def real_root_floats(coefficients: Sequence[int]) -> list[float]:
    """The real roots of an integer polynomial in floating point, with multiplicity, the largest first; correct to double precision.

    >>> real_root_floats((0, -1, 10**20, 0, -1))
    [10000000000.0, 1e-20, 0.0, -10000000000.0]
    """
    polynomial = flint.fmpz_poly([int(c) for c in coefficients])
    bits = 64
    while True:
        with precision(bits):
            found = [
                (r.real, int(times))
                for r, times in cast(Any, polynomial.complex_roots())
                if r.imag == 0
            ]
            # Relative accuracy; zero is exact.
            if all(ball.rel_accuracy_bits() >= 60 or ball.is_exact() for ball, _ in found):
                break
        bits *= 2
    return sorted((float(ball.mid()) for ball, times in found for _ in range(times)), reverse=True)


def _ends(ball: Any) -> tuple[Fraction, Fraction]:
    middle, radius = dyadic(ball.mid()), dyadic(ball.rad())
    return middle - radius, middle + radius


def _rounded(
    coefficients: Sequence[int],
    low: Fraction,
    high: Fraction,
    all_ends: list[tuple[Fraction, Fraction]],
) -> AlgebraicNumber:
    """The shortest dyadic interval around a certified root that keeps the other roots out."""
    bits = 3
    while True:
        step = Fraction(1, 1 << bits)
        wide_low = (low / step).__floor__() * step
        wide_high = -((-high / step).__floor__()) * step
        alone = sum(1 for a, b in all_ends if a <= wide_high and wide_low <= b) == 1
        if alone and (wide_low > 0 or wide_high < 0 or low <= 0 <= high):
            return AlgebraicNumber(coefficients, wide_low, wide_high)
        bits += bits // 2
