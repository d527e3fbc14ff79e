"""Numbers known to a proven radius, `Ball`, and the precision that they are computed in.

A ball is a rational midpoint with a rational radius; the number it stands for lies in between, and nothing
else is claimed. Balls do not compute with exact numbers: what is uncertain stays visible. Symmetric matrices of them are
in `symkern.exact.ball_matrices`. Source: Johansson, *Arb*, IEEE Trans. Comput. 66 (2017).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import inf, prod
from numbers import Rational
from threading import RLock
from typing import Any

import flint
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.numerals import decimal
from symkern.typeset.shown import Written, displays

#: Bits of every computation with balls, unless `precision` says otherwise, and the digits that are kept.
BITS = 320
DIGITS = 60


#: FLINT has one precision for all threads: whoever sets it has it alone, or two threads would leave each other's behind.
_PRECISION = RLock()


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Compute with balls of that many bits inside the ``with`` block, which other threads wait for."""
    with _PRECISION:
        before = flint.ctx.prec
        flint.ctx.prec = bits
        try:
            yield
        finally:
            flint.ctx.prec = before


def bits_in_force() -> int:
    """The bits with which balls are computed now."""
    return int(flint.ctx.prec)


@dataclass(frozen=True, repr=False)
class Ball(Written):
    """The real number within ``radius`` of ``midpoint``.

    `float()` is the midpoint, infinite beyond the range of floats; `str()` shows the digits that are certain. Equality compares
    midpoint and radius, not the unknown numbers.

    Args:
        midpoint: an exact rational, given as such or as text.
        radius: the same, at least 0.

    Raises:
        InvalidArgument: a negative radius.
        InvalidType: a float.

    >>> third = Ball("0.33333333", "1e-8")
    >>> print(third, third.contains(Fraction(1, 3)))
    0.3333333 True
    >>> Ball(0, "1e-30")
    Ball('0', '1e-30')
    """

    midpoint: Fraction
    radius: Fraction

    def __init__(self, midpoint: Rational | str | int, radius: Rational | str | int = 0) -> None:
        object.__setattr__(self, "midpoint", _rational(midpoint, "midpoint"))
        object.__setattr__(self, "radius", _rational(radius, "radius"))
        if self.radius < 0:
            raise InvalidArgument("radius", "must not be negative", f"it is {displayed(radius)}")

    @property
    def lower(self) -> Fraction:
        """The left end."""
        return self.midpoint - self.radius

    @property
    def upper(self) -> Fraction:
        """The right end."""
        return self.midpoint + self.radius

    @property
    def excludes_zero(self) -> bool:
        """Whether the number is proved to be different from zero; False leaves it open."""
        return abs(self.midpoint) > self.radius

    @typed
    def contains(self, number: Rational | int) -> bool:
        """Whether an exact number lies in the ball.

        Args:
            number: an int, a Fraction or a SymPy Rational.
        """
        return abs(Fraction(_rational(number, "number")) - self.midpoint) <= self.radius

    @typed
    def overlaps(self, other: Ball) -> bool:
        """Whether two balls have a point in common, as they must if they enclose the same number.

        Args:
            other: a ball.
        """
        return abs(self.midpoint - other.midpoint) <= self.radius + other.radius

    def reciprocal(self) -> Ball:
        """A ball around one over the number, which is proved not to be zero."""
        if not self.excludes_zero:
            raise InvalidArgument("self", "must exclude zero", f"it is {self}")
        ends = 1 / self.lower, 1 / self.upper
        return Ball((ends[0] + ends[1]) / 2, abs(ends[0] - ends[1]) / 2)

    @typed
    def scaled(self, factor: Rational | int) -> Ball:
        """The ball of the number times an exact factor.

        Args:
            factor: an int, a Fraction or a SymPy Rational.
        """
        exact = Fraction(factor)
        return Ball(self.midpoint * exact, self.radius * abs(exact))

    @typed
    def digits(self, most: int = 15) -> str:
        """The certain digits; an inequality where not even one is certain.

        Args:
            most: at least 1.
        """
        most = read_integer(most, "most", 1, current().formula_digits)
        if not self.midpoint and not self.radius:
            return "0"
        top = _exponent(self.midpoint) if self.midpoint else None
        if top is not None and self.radius:  # no digit beyond the radius is certain
            most = min(most, max(top - _exponent(self.radius) + 1, 0))
        for places in range(most, 0, -1):
            if top is None:
                break
            unit = Fraction(10) ** (top - places + 1)
            # The next digit is certain when what is cut off and the radius stay within one unit.
            if self.radius < unit / 2 and _exponent(round(self.midpoint / unit) * unit) == top:
                return _decimal(round(self.midpoint / unit), top - places + 1)
            if self.radius < unit / 2:
                return _decimal(round(self.midpoint / unit / 10), top - places + 2)
        bound = abs(self.midpoint) + self.radius
        power = _exponent(bound)
        lead = -((-bound / Fraction(10) ** power) // 1)
        return f"|.| <= {_decimal(int(lead), power)}"

    def __float__(self) -> float:
        return nearest_float(self.midpoint)

    def __str__(self) -> str:
        return self.digits()

    def __repr__(self) -> str:
        return f"Ball({_text(self.midpoint)!r}, {_text(self.radius)!r})"

    @displays
    @typed
    def latex(self, most: int = 15) -> str:
        """The certain digits as LaTeX.

        Args:
            most: how many digits at most, at least 1.
        """
        head, e, power = self.digits(most).partition("e")
        shown = rf"{head} \cdot 10^{{{int(power)}}}" if e else head
        return shown.replace("|.| <=", r"|\cdot| \le")


def ball_sum(parts: Sequence[Ball | sp.Rational]) -> Ball:
    """The ball of a sum of balls and rational numbers.

    >>> ball_sum([Ball("0.5", "0.1"), sp.Rational(1, 2)])
    Ball('1', '0.1')
    """
    middle = radius = Fraction(0)
    for part in parts:
        if isinstance(part, Ball):
            middle, radius = middle + part.midpoint, radius + part.radius
        else:
            middle += Fraction(int(part.p), int(part.q))
    return Ball(middle, radius)


def _rational(value: object, argument: str) -> Fraction:
    if isinstance(value, str):
        try:
            return _read(value)
        except (ValueError, ZeroDivisionError):
            rule = "must be a decimal or a fraction"
            raise InvalidArgument(argument, rule, f"it is {displayed(value)}") from None
    if isinstance(value, Rational) and not isinstance(value, bool):
        return Fraction(int(value.numerator), int(value.denominator))
    raise InvalidType(argument, "must be rational, or the text of a decimal", value)


#: A decimal or a fraction with more digits than Python reads at once.
_LONG = re.compile(r"([+-]?)(\d*)(?:/(\d+)|(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?)")


#: Powers of ten from here on are no number that anybody means.
_POWER = 10**6


def _read(text: str) -> Fraction:
    """The number that a decimal or a fraction writes, however long."""
    _, _, power = text.strip().lower().partition("e")
    if power.lstrip("+-").isdecimal() and len(power.lstrip("+-0")) > len(str(_POWER)) - 1:
        raise ValueError(f"an exponent beyond {_POWER}")  # its zeros would be written out
    found = _LONG.fullmatch(text.strip()) if len(text) > 4000 else None
    if found is None or not (found[2] or found[4]):
        return Fraction(text)
    whole, places = found[2] + (found[4] or ""), len(found[4] or "")
    number = Fraction(int(flint.fmpz(whole)), int(flint.fmpz(found[3] or 1)))
    number *= Fraction(10) ** (int(found[5] or 0) - places)
    return -number if found[1] == "-" else number


def nearest_float(number: Fraction) -> float:
    """The nearest floating-point number, infinite beyond their range.

    >>> nearest_float(Fraction(1, 3)), nearest_float(-(Fraction(10) ** 10000))
    (0.3333333333333333, -inf)
    """
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf


def _exponent(number: Fraction) -> int:
    """The e with 10^e <= |number| < 10^(e + 1)."""
    number = abs(number)
    bits = number.numerator.bit_length() - number.denominator.bit_length()
    guess = bits * 30103 // 100_000
    while Fraction(10) ** guess > number:
        guess -= 1
    while Fraction(10) ** (guess + 1) <= number:
        guess += 1
    return guess


def _decimal(mantissa: int, exponent: int) -> str:
    """mantissa * 10^exponent without loss: plain near one, with an exponent elsewhere, so that every figure shown is one of the mantissa's."""
    sign, figures = "-" if mantissa < 0 else "", decimal(abs(mantissa))
    top = len(figures) - 1 + exponent
    if mantissa == 0:
        return "0"
    if -5 <= top < 0:
        return f"{sign}0.{'0' * (-top - 1)}{figures}"
    if exponent == 0 and top <= 15:
        return sign + figures
    if exponent < 0 and 0 <= top <= 15:
        return f"{sign}{figures[: top + 1]}.{figures[top + 1 :]}"
    rest = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{sign}{figures[0]}{rest}e{top}"


def _text(number: Fraction) -> str:
    """A decimal that reads back exactly where there is one, a fraction otherwise."""
    places = int(max(sp.multiplicity(p, number.denominator) for p in (2, 5)))
    if 10**places % number.denominator:
        return decimal(number)
    mantissa = number.numerator * 10**places // number.denominator
    while mantissa and mantissa % 10 == 0:
        mantissa, places = mantissa // 10, places - 1
    return _decimal(mantissa, -places)


# -- between balls and flint's arb ----------------------------------------------------------


def from_arb(number: Any) -> Ball:
    """The ball of a flint ``arb``, its midpoint rounded to `DIGITS` digits and the radius with it."""
    if not number.is_finite():
        raise ArithmeticError("a ball became infinite: more bits are needed")
    mid, rad, exponent = (int(t) for t in number.mid_rad_10exp(DIGITS))
    scale = Fraction(10) ** exponent
    if rad > 99:  # two digits of a radius are enough, rounded up
        power = 10 ** (len(decimal(rad)) - 2)
        rad = -(-rad // power) * power
    return Ball(mid * scale, rad * scale)


def to_arb(value: Ball | Rational | int) -> Any:
    """An ``arb`` that holds the ball, or the rational number."""
    if isinstance(value, Ball):
        middle = to_arb(value.midpoint)
        return middle if not value.radius else middle + flint.arb(0, to_arb(value.radius).upper())
    return flint.arb(flint.fmpq(int(value.numerator), int(value.denominator)))


_FUNCTIONS = {getattr(sp, name): name for name in ("exp", "log", "asin", "acos", "atan", "erf", "erfc")}  # fmt: skip


def enclosure(expression: sp.Expr) -> Any:
    """An ``arb`` around a real SymPy number made of rationals, pi, E, exp, log, powers, asin, acos, atan, erf and erfc."""
    if isinstance(expression, sp.Rational):
        return flint.arb(flint.fmpq(int(expression.p), int(expression.q)))
    if expression is sp.pi:
        return flint.arb.pi()
    if expression is sp.E:
        return flint.arb.const_e()
    values = [enclosure(a) for a in expression.args]
    if isinstance(expression, sp.Add):
        return sum(values, flint.arb(0))
    if isinstance(expression, sp.Mul):
        return prod(values, start=flint.arb(1))
    if isinstance(expression, sp.Pow):
        if expression.exp.is_Integer:
            return values[0] ** int(expression.exp)
        return values[0].sqrt() if expression.exp == sp.S.Half else values[0] ** values[1]
    name = _FUNCTIONS.get(expression.func)
    if name is None or not expression.is_number:
        rule = "must be a real number of rationals, pi, exp, log and roots"
        raise InvalidArgument("value", rule, f"{expression} is not")
    return getattr(values[0], name)()
