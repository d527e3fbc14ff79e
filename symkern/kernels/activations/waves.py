"""exp, sine and cosine: E e^(i u) e^(i w) of Gaussian (u, w), and its real parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.kernels.activations.activation import Activation
from symkern.kernels.algebras.algebra import Algebra


def _exp(a: Algebra, *terms: tuple[Any, sp.Rational]) -> Any:
    total = None
    for number, factor in terms:
        term = number * a.number(factor)
        total = term if total is None else total + term
    return a.functions["exp"](total)


def _wave(a: Algebra, r: Any, p: Any, q: Any, sign: int) -> Any:
    """(e^(r - (p+q)/2) + sign e^(-r - (p+q)/2))/2."""
    half = sp.Rational(1, 2)
    plus = _exp(a, (r, sp.S.One), (p, -half), (q, -half))
    minus = _exp(a, (r, -sp.S.One), (p, -half), (q, -half))
    return (plus + minus * sign) * a.number(half)


@dataclass(frozen=True)
class Exponential(Activation):
    """e^x."""

    name = "exp"
    certified = True

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """e^((p + q)/2 + r)."""
        half = sp.Rational(1, 2)
        return _exp(a, (r, sp.S.One), (p, half), (q, half))

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """The same."""
        return self.dual(a, r, p, q)


@dataclass(frozen=True)
class Sine(Activation):
    """sin x."""

    name = "sin"
    certified = True

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """e^(-(p + q)/2) sinh r."""
        return _wave(a, r, p, q, -1)

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """That of the cosine."""
        return _wave(a, r, p, q, 1)


@dataclass(frozen=True)
class Cosine(Activation):
    """cos x."""

    name = "cos"
    certified = True

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """e^(-(p + q)/2) cosh r."""
        return _wave(a, r, p, q, 1)

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """That of the sine."""
        return _wave(a, r, p, q, -1)
