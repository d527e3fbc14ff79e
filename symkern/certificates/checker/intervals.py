"""Intervals of 256 binary digits with proven ends: roots, exponentials and arcs of irrational kernels."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache
from math import isqrt
from typing import Any

from .verdicts import CannotCheck, Pole, spend

BITS = 256
ONE = 1 << BITS


class Interval:
    """The real numbers between two integers over 2^256; every operation rounds outwards."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: int, hi: int) -> None:
        self.lo, self.hi = lo, hi

    @classmethod
    def of(cls, value: Any) -> Interval:
        if isinstance(value, Interval):
            return value
        value = Fraction(value)
        scaled = value.numerator << BITS
        return cls(scaled // value.denominator, -(-scaled // value.denominator))

    def __add__(self, other: Any) -> Interval:
        other = Interval.of(other)
        return Interval(self.lo + other.lo, self.hi + other.hi)

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo)

    def __sub__(self, other: Any) -> Interval:
        return self + (-Interval.of(other))

    def __rsub__(self, other: Any) -> Interval:
        return Interval.of(other) - self

    def __mul__(self, other: Any) -> Interval:
        if isinstance(other, int):
            ends = (self.lo * other, self.hi * other)
            return Interval(min(ends), max(ends))
        other = Interval.of(other)
        low, high = other.lo, other.hi
        products = (self.lo * low, self.lo * high, self.hi * low, self.hi * high)
        return Interval(min(products) >> BITS, -(-max(products) >> BITS))

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Interval:
        other = Interval.of(other)
        if other.lo == other.hi == 0:
            raise Pole
        if other.lo <= 0 <= other.hi:
            raise CannotCheck("a divisor too near zero to tell it from zero")
        pairs = [(a << BITS, b) for a in (self.lo, self.hi) for b in (other.lo, other.hi)]
        return Interval(min(a // b for a, b in pairs), max(-(-a // b) for a, b in pairs))

    def __rtruediv__(self, other: Any) -> Interval:
        return Interval.of(other) / self

    def __pow__(self, n: int) -> Interval:
        result = Interval(ONE, ONE)
        spend(abs(n) * (1 + bits_of(self) * abs(n) // 4000))
        for _ in range(abs(n)):
            result = result * self
        return 1 / result if n < 0 else result

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        return Fraction(self.lo, ONE), Fraction(self.hi, ONE)


def square_root(value: Any) -> Interval:
    """The root of a number or an interval, enclosed."""
    value = Interval.of(value)
    if value.hi < 0:
        raise CannotCheck("a root of a negative number")
    return Interval(isqrt(max(value.lo, 0) << BITS), isqrt(value.hi << BITS) + 1)


def exponential(value: Any) -> Interval:
    """exp, which increases, on both ends."""
    value = Interval.of(value)
    if max(abs(value.lo), abs(value.hi)) > ONE << 12:
        raise CannotCheck("an exponential of a number above 2^12")
    spend(1000)
    return Interval(_exp_of(value.lo).lo, _exp_of(value.hi).hi)


@lru_cache(maxsize=10_000)
def _exp_of(end: int) -> Interval:
    """At one number over 2^256: halve until below 1/2, Taylor with its remainder, square back."""
    halvings = max(0, abs(end).bit_length() - BITS + 1)
    t = Interval(end >> halvings, -(-end >> halvings))
    term, total = Interval(ONE, ONE), Interval(ONE, ONE)
    for n in range(1, 70):
        term = term * t / Interval(n << BITS, n << BITS)
        total = total + term
    rest = abs(term.lo) + abs(term.hi) + 1  # above the geometric series of what is left out
    total = Interval(total.lo - rest, total.hi + rest)
    for _ in range(halvings):
        total = total * total
    return total


def _arctan(value: Any) -> Interval:
    """At one number or a narrow interval around it: halve the angle, then the alternating series with its remainder."""
    spend(400)
    for _ in range(6):
        value = value / (1 + square_root(1 + value * value))
    square, power, total = value * value, value, value
    for n in range(1, 60):
        power = power * square
        total = total + power * Fraction((-1) ** n, 2 * n + 1)
    rest = abs(power.lo) + abs(power.hi) + 1
    return Interval(total.lo - rest, total.hi + rest) * 64


def arcsine(value: Any) -> Interval:
    """2 arctan(t/(1 + sqrt(1 - t^2))), increasing; the argument is a correlation, so at most 1."""
    ends = []
    for end in (value.lo, value.hi):
        end = min(max(end, -ONE), ONE)
        root = isqrt((ONE - end) * (ONE + end))  # exact below the root: near 1 nothing is lost
        ends.append(2 * _arctan(Interval(end, end) / (1 + Interval(root, root + 1))))
    return Interval(ends[0].lo, ends[1].hi)


@cache
def pi() -> Interval:
    """pi, enclosed: 4 arctan(1)."""
    return 4 * _arctan(Interval(ONE, ONE))


def bits_of(value: Any) -> int:
    """Binary digits of the longest integer in a number."""
    parts = (value.lo, value.hi) if isinstance(value, Interval) else value.as_integer_ratio()
    return max(int(part).bit_length() for part in parts)
