r"""Functions of decimals of many digits, for long sequences: those of the standard library's `decimal`, and arcs.

At lengths such as 10^48 the entries of a kernel lie near few limits. exp and arcsin are therefore computed once at a point c nearby, and the rest by a short series:

    exp x = exp c exp(x - c),        arcsin x = arcsin c + arcsin(x sqrt(1 - c^2) - c sqrt(1 - x^2)).

The last digits are rounded and have no proven ends.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, getcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .verdicts import CannotCheck, spend

#: Digits by which points nearby are told apart.
_NEAR = Decimal(1).scaleb(-6)


def decimal_of(value: Any) -> Decimal:
    """A number in the precision in force."""
    if isinstance(value, Decimal):
        return value
    value = Fraction(value)
    return Decimal(value.numerator) / Decimal(value.denominator)


def negligible(value: Decimal) -> bool:
    """Whether a term no longer counts beside 1."""
    return not value or value.adjusted() < -getcontext().prec - 5


class _Nearby:
    """Points at which a function is known, in each precision, by their first digits."""

    def __init__(self, function: Callable[[Decimal], Decimal]) -> None:
        self.function = function
        self.known: dict[tuple[Decimal, int], tuple[Decimal, Decimal]] = {}

    def __call__(self, x: Decimal) -> tuple[Decimal, Decimal]:
        """A point that begins like x, the first that was asked for, and the value there."""
        key = x.quantize(_NEAR), getcontext().prec
        if key not in self.known:
            if len(self.known) > 1000:
                self.known.clear()
            spend(2000)
            self.known[key] = x, self.function(x)
        return self.known[key]


def exponential_of(x: Decimal) -> Decimal:
    """exp x."""
    if abs(x) > 4096:
        raise CannotCheck("an exponential of a number above 2^12")
    near, value = _exponential_near(x)
    rest, term, total, n = x - near, Decimal(1), Decimal(1), 0
    while not negligible(term):
        n += 1
        term = term * rest / n
        total += term
    return value * total


def arcsine_of(x: Decimal) -> Decimal:
    """arcsin x; beyond 9/10 by the half of the angle from the end."""
    if abs(x) > 1:
        x = Decimal(1).copy_sign(x)
    if abs(x) > Decimal("0.9"):
        rest = ((1 - abs(x)) / 2).sqrt()
        return (pi_of(getcontext().prec) / 2 - 2 * _small_or_near(rest)).copy_sign(x)
    return _small_or_near(x)


def _small_or_near(x: Decimal) -> Decimal:
    if abs(x) < _NEAR:
        return _by_series(x)
    near, value = _arcsine_near(x)
    if near == x:
        return value
    return value + _by_series(x * (1 - near * near).sqrt() - near * (1 - x * x).sqrt())


def _arcsine(x: Decimal) -> Decimal:
    """Halve the angle until it is small: sin(t/2) = sin t / sqrt(2 + 2 cos t)."""
    halvings = 0
    while abs(x) > Decimal("0.01"):
        x = x / (2 + 2 * (1 - x * x).sqrt()).sqrt()
        halvings += 1
    return _by_series(x) * Decimal(2**halvings)


_exponential_near, _arcsine_near = _Nearby(Decimal.exp), _Nearby(_arcsine)


def _by_series(x: Decimal) -> Decimal:
    """sum C(2n, n) x^(2n+1) / (4^n (2n + 1))."""
    square, power, total, n = x * x, x, x, 0
    while power and not negligible(power / x):
        n += 1
        power = power * square * (2 * n - 1) / (2 * n)
        total += power / (2 * n + 1)
    return total


@lru_cache(maxsize=100)
def pi_of(digits: int) -> Decimal:
    """pi = 6 arcsin(1/2) in that precision, which must be in force."""
    return 6 * _arcsine(Decimal("0.5"))
