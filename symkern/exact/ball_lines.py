r"""Numbers along a line, in balls: what a real function of t is at given points of [-1, 1].

A `LineNumber` is the sum of a polynomial in t and of values at the points: at each point t the number lies in the ball of the polynomial there plus
that of the value. Coefficients may be balls: the sum, product or map of two such enclosures encloses the number, point by point. Functions of a
polynomial of degree two at most are power series cut where what is left is below the bits in force; the bound of that stands in the
first coefficient. With Q = c_0 (1 - l_1 t)(1 - l_2 t) and |l_i| <= s < 1, and r = a + b t,

    Q^(-1/2) = sum_k w_k t^k,     |w_k| <= c_0^(-1/2) s^k       (both factors have the majorant (1 - s t)^(-1/2)),
    (k + 1) w_(k+1) = -(2k + 1) c_1/(2 c_0) w_k - k c_2/c_0 w_(k-1)          (from 2 Q w' + Q' w = 0),
    arcsin(r/sqrt(S))' = b (S - r^2)^(-1/2),     exp(r) = e^a sum_k (b t)^k/k!.

Where such a series would take longer than the values, or has none, a function is taken at each point.

Source: Makino, Berz, *Taylor models and other validated functional inclusion methods*, Int. J. Pure Appl. Math. 4 (2003).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import ceil, log2
from typing import Any

import flint

from symkern.exact.balls import bits_in_force
from symkern.exact.dual_activations import angle, cosine, relu_dual, square_root
from symkern.exact.reals import absolute, as_ball, exponential, is_zero, maximum_zero

#: Microseconds of a term of a series, of one at a point, and of a function at a point.
_TERM, _HORNER, _POINT = 2.0, 0.05, 10.0
#: A product of polynomials is one where the smaller degree is no higher.
_LOW = 6


class Line:
    """The points t of [-1, 1], as exact balls."""

    def __init__(self, points: Sequence[Any]) -> None:
        self.points = list(map(as_ball, points))

    def linear(self, constant: Any, slope: Any) -> LineNumber:
        """constant + slope t."""
        return LineNumber(self, flint.arb_poly([_ball(constant), _ball(slope)]))

    def tabulated(self, values: list[Any]) -> LineNumber:
        """Values at the points."""
        return LineNumber(self, flint.arb_poly(), values)

    def terms(self, ratio: float) -> int | None:
        """How many terms of a geometric series leave less than the bits in force; None where values take less."""
        if not 0 <= ratio < 1:
            return None
        found = 2 if not ratio else 2 + ceil(bits_in_force() / -log2(ratio))
        points = len(self.points)
        return found if found * (_TERM + _HORNER * points) <= _POINT * points else None


def _ball(number: Any) -> Any:
    return number if type(number) is flint.arb else as_ball(number)


class LineNumber:
    """polynomial(t) + value at t, at each point of a line."""

    def __init__(
        self,
        line: Line,
        polynomial: Any,
        values: list[Any] | None = None,
        inverse: LineNumber | None = None,
    ) -> None:
        self.line, self.polynomial, self._values = line, polynomial, values
        self._inverse = inverse  # 1 over it, where that is a polynomial too

    @cached_property
    def values(self) -> list[Any]:
        """The number at each point."""
        polynomial, more = self.polynomial, self._values
        found = [polynomial(t) for t in self.line.points]
        return found if more is None else [a + b for a, b in zip(found, more, strict=True)]

    @property
    def low(self) -> list[Any] | None:
        """The coefficients where it is a polynomial of degree two at most, three of them."""
        if self._values is not None or self.polynomial.degree() > 2:
            return None
        return [self.polynomial[i] for i in range(3)]

    def at_each(self, function: Callable[[Any], Any]) -> LineNumber:
        """A function of the number at each point."""
        return self.line.tabulated([as_ball(function(e)) for e in self.values])

    def __add__(self, other: Any) -> LineNumber:
        if not isinstance(other, LineNumber):
            return LineNumber(self.line, self.polynomial + _ball(other), self._values)
        values, more = self._values, other._values
        if values is None or more is None:
            values = more if values is None else values
        else:
            values = [a + b for a, b in zip(values, more, strict=True)]
        return LineNumber(self.line, self.polynomial + other.polynomial, values)

    __radd__ = __add__

    def __neg__(self) -> LineNumber:
        values = self._values and [-e for e in self._values]
        return LineNumber(self.line, -self.polynomial, values)

    def __sub__(self, other: Any) -> LineNumber:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> LineNumber:
        return self.__neg__().__add__(other)

    def __mul__(self, other: Any) -> LineNumber:
        if not isinstance(other, LineNumber):
            factor = _ball(other)
            values = self._values and [e * factor for e in self._values]
            inverse = self._inverse and self._inverse.__truediv__(factor)
            return LineNumber(self.line, self.polynomial * factor, values, inverse)
        one, two = (self, other) if other._values is None else (other, self)
        degrees = one.polynomial.degree(), two.polynomial.degree()
        if two._values is not None or min(degrees) > _LOW:
            return self.line.tabulated(
                [a * b for a, b in zip(self.values, other.values, strict=True)]
            )
        polynomial = one.polynomial * two.polynomial
        if one._values is None:
            return LineNumber(self.line, polynomial)
        values = [a * b for a, b in zip(one._values, two.values, strict=True)]
        return LineNumber(self.line, polynomial, values)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> LineNumber:
        if not isinstance(other, LineNumber):
            if is_zero(other):
                raise ZeroDivisionError
            return self.__mul__(1 / _ball(other))
        if other._values is None and other.polynomial.degree() == 0:
            return self.__mul__(1 / other.polynomial[0])
        if other._inverse is not None:
            return self.__mul__(other._inverse)
        return self.line.tabulated([a / b for a, b in zip(self.values, other.values, strict=True)])

    def __rtruediv__(self, other: Any) -> LineNumber:
        above = as_ball(other)
        return self.at_each(lambda e: above / e)

    def __pow__(self, power: int) -> LineNumber:
        if power < 0 or (self._values is None and self.polynomial.degree() * (power - 1) > _LOW):
            return self.at_each(lambda e: e**power)
        found = LineNumber(self.line, flint.arb_poly([1]))
        for _ in range(power):
            found = found.__mul__(self)
        return found


def _size(number: Any) -> float:
    """An upper bound for the absolute value."""
    return float(abs(number).upper())


def _within(polynomial: Any, error: Any) -> Any:
    """A polynomial and what it leaves out."""
    return polynomial + flint.arb(0, error.upper())


def _inverse_root(line: Line, c: Sequence[Any]) -> Any:
    """Q^(-1/2) as a polynomial, Q of the coefficients ``c``; None where no series is worth it."""
    if not c[0] > 0:
        return None
    first, second = -c[1] / (2 * c[0]), -c[2] / c[0]
    one, two = _size(first), _size(second)
    ratio = (one + (one * one + two) ** 0.5) * (1 + 1e-9)
    terms = line.terms(ratio)
    if terms is None:
        return None
    root, bound = 1 / c[0].sqrt(), flint.arb(ratio)
    left_out = root * bound**terms / (1 - bound)
    found = [root, root * first]
    before, last = found
    for k in range(1, terms - 1):
        before, last = last, (first * last * (2 * k + 1) + second * before * k) / (k + 1)
        found.append(last)
    return _within(flint.arb_poly(found), left_out)


def root_along(number: Any) -> Any:
    """sqrt(Q) = Q Q^(-1/2)."""
    if not isinstance(number, LineNumber):
        return square_root(number)
    found = None if number.low is None else _inverse_root(number.line, number.low)
    if found is None:
        return number.at_each(square_root)
    return _Root(number, LineNumber(number.line, found))


class _Root(LineNumber):
    """Q Q^(-1/2), multiplied where it is asked for: who divides by it needs its inverse alone."""

    def __init__(self, square: LineNumber, inverse: LineNumber) -> None:
        self.line, self._values, self._inverse, self._square = square.line, None, inverse, square

    @property
    def known_inverse(self) -> Any:
        """Q^(-1/2) as a polynomial."""
        assert self._inverse is not None
        return self._inverse.polynomial

    @cached_property
    def polynomial(self) -> Any:
        """The product."""
        assert self._inverse is not None
        return self._square.polynomial * self._inverse.polynomial


def _minor(r: LineNumber, square: Any) -> list[Any] | None:
    """The coefficients of square - r^2 for r of degree one."""
    c = r.low
    if c is None or isinstance(square, LineNumber) or r.polynomial.degree() > 1:
        return None
    return [as_ball(square) - c[0] * c[0], -2 * c[0] * c[1], -c[1] * c[1]]


def _arcsine(r: LineNumber, minor: list[Any], root: Any) -> Any:
    """arcsin(r/sqrt(S)) as a polynomial, from that of (S - r^2)^(-1/2)."""
    first = flint.arb.atan2(r.polynomial[0], minor[0].sqrt())
    return (root * r.polynomial[1]).integral() + first


def angle_along(r: Any, square: Any, root: Any = None) -> Any:
    """`symkern.exact.dual_activations.angle`; ``root`` is that of square - r^2 where it is known, and then its inverse is not expanded again.

    >>> from symkern.exact.balls import precision
    >>> with precision(100):
    ...     line = Line([flint.arb(i - 20) / 20 for i in range(41)])
    ...     found = angle_along(line.linear(1, flint.arb("0.001")), 4)
    ...     found.polynomial.degree(), bool(found.values[20].contains(flint.arb(1) / 3))
    (13, True)
    """
    if not isinstance(r, LineNumber):
        if isinstance(square, LineNumber):
            return square.at_each(lambda e: angle(r, e))
        return angle(r, square)
    minor = _minor(r, square)
    found = None
    if minor is not None:
        found = root.known_inverse if isinstance(root, _Root) else _inverse_root(r.line, minor)
    if minor is not None and found is not None:
        return LineNumber(r.line, _arcsine(r, minor, found) * (2 / flint.arb.pi()))
    if isinstance(square, LineNumber):
        pairs = zip(r.values, square.values, strict=True)
        return r.line.tabulated([as_ball(angle(e, s)) for e, s in pairs])
    below = as_ball(square)
    return r.at_each(lambda e: angle(e, below))


def cosine_along(r: Any, p: Any, q: Any) -> Any:
    """r/sqrt(pq)."""
    if not any(isinstance(e, LineNumber) for e in (r, p, q)):
        return cosine(r, p, q)
    if is_zero(p) or is_zero(q):
        raise ZeroDivisionError
    return r / root_along(p * q)


def relu_along(p: Any, q: Any, r: Any) -> Any:
    """`symkern.exact.dual_activations.relu_dual`: (t + r (pi/2 + arcsin(r/sqrt(pq))))/(2 pi), t = sqrt(pq - r^2)."""
    if not any(isinstance(e, LineNumber) for e in (r, p, q)):
        return relu_dual(p, q, r)
    if not isinstance(r, LineNumber) or isinstance(p, LineNumber) or isinstance(q, LineNumber):
        line = next(e.line for e in (r, p, q) if isinstance(e, LineNumber))
        listed = (e.values if isinstance(e, LineNumber) else [as_ball(e)] * len(line.points) for e in (p, q, r))  # fmt: skip
        return line.tabulated([as_ball(relu_dual(*e)) for e in zip(*listed, strict=True)])
    minor = _minor(r, p * q)
    found = None if minor is None else _inverse_root(r.line, minor)
    if minor is None or found is None:
        left, right = as_ball(p), as_ball(q)
        return r.at_each(lambda e: relu_dual(left, right, e))
    pi = flint.arb.pi()
    root = flint.arb_poly(minor) * found
    turned = _arcsine(r, minor, found) + pi / 2
    return LineNumber(r.line, (root + r.polynomial * turned) * (1 / (2 * pi)))


def exponential_along(number: Any) -> Any:
    """exp(r)."""
    if not isinstance(number, LineNumber):
        return exponential(number)
    c, linear = number.low, number.polynomial.degree() < 2
    terms = None if c is None or not linear else number.line.terms(_size(c[1]))
    if c is None or terms is None:
        return number.at_each(exponential)
    slope, found = c[1], [c[0].exp()]
    for k in range(1, terms):
        found.append(found[-1] * slope / k)
    size = flint.arb(_size(slope))
    left_out = found[0] * size**terms / (1 - size)
    return LineNumber(number.line, _within(flint.arb_poly(found), left_out))


def absolute_along(number: Any) -> Any:
    """The absolute value."""
    return number.at_each(absolute) if isinstance(number, LineNumber) else absolute(number)


def maximum_zero_along(number: Any) -> Any:
    """max(number, 0)."""
    return number.at_each(maximum_zero) if isinstance(number, LineNumber) else maximum_zero(number)
