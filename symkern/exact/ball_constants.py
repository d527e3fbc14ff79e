r"""Constants of jets as balls: arb numbers of the digits in force.

A ball that holds zero and is no larger than 2^-(bits/2) counts as zero; whoever uses them says so.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import sympy as sp

from symkern.exact.balls import bits_in_force, enclosure


class BallConstants:
    """Arb numbers of the digits in force."""

    def __init__(self) -> None:
        self.zero, self.one = flint.arb(0), flint.arb(1)
        self.below = flint.arb(2) ** -(bits_in_force() // 2)

    def __call__(self, value: Any) -> Any:
        """An int, a fraction or a number as a formula."""
        if isinstance(value, Fraction):
            return flint.arb(flint.fmpq(value.numerator, value.denominator))
        if isinstance(value, (int, flint.fmpq)):
            return flint.arb(value)
        return enclosure(value) if isinstance(value, sp.Expr) else value

    def is_zero(self, constant: Any) -> bool:
        """Whether it is the number 0."""
        return bool(constant.is_zero())

    def same(self, one: Any, other: Any) -> bool:
        """Whether two have one middle and one radius."""
        return bool(one.mid() == other.mid() and one.rad() == other.rad())

    def vanishes(self, constant: Any) -> bool:
        """Whether it holds zero and nothing that is larger than the digits in force show."""
        return bool(constant.contains(0)) and bool(abs(constant) < self.below)

    def inverse(self, constant: Any) -> Any:
        """1 over it."""
        if constant.contains(0):
            raise ZeroDivisionError("a ball that holds zero has no inverse")
        return 1 / constant

    def tidied(self, constant: Any) -> Any:
        """Itself."""
        return constant

    def sign(self, constant: Any) -> int:
        """The sign; 0 of a ball that holds zero."""
        return int(bool(constant > 0)) - int(bool(constant < 0))

    def taylor(self, name: str, at: Any, most: int) -> list[Any]:
        """By power series in one variable."""
        before, flint.ctx.cap = flint.ctx.cap, most + 1
        try:
            t = flint.arb_series([at, 1])
            if name == "inverse":
                return _padded(1 / t, most)
            if name == "inverse sqrt":
                return _padded(t.rsqrt(), most)
            if name in ("exp", "sqrt", "asin"):
                return _padded(getattr(t, name)(), most)
            assert name == "relu dual"  # (sqrt(1 - c^2) + (pi - arccos c) c)/(2 pi)
            pi = flint.arb.pi()
            angle = t.asin() + pi / 2
            return _padded(((1 - t * t).sqrt() + angle * t) / (2 * pi), most)
        finally:
            flint.ctx.cap = before


def _padded(series: Any, most: int) -> list[Any]:
    if not all(c.is_finite() for c in series.coeffs()):
        raise ZeroDivisionError("a series has no constant that the function is analytic at")
    found = [flint.arb(c) for c in series.coeffs()]
    return (found + [flint.arb(0)] * (most + 1))[: most + 1]
