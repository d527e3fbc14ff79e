"""Activations that are linear on both sides of zero, and those that take two values: functions of the angle between two axes.

Cho and Saul, *Kernel methods for deep learning*, NeurIPS 2009. With the cosine c = r/sqrt(pq):

    relu     sqrt(pq) (sqrt(1 - c^2) + (pi - arccos c) c)/(2 pi)
    abs      sqrt(pq) (2/pi) (sqrt(1 - c^2) + c arcsin c) = 2 (relu at c + relu at -c)
    step     (pi - arccos c)/(2 pi),    sign    (2/pi) arcsin c

sign and step have slopes that are no functions: the tangent kernel takes them as 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.kernels.activations.activation import Activation
from symkern.kernels.algebras.algebra import Algebra


def _half_angle(a: Algebra, r: Any, p: Any, q: Any) -> Any:
    """(pi - arccos c)/(2 pi)."""
    quarter = a.number(sp.Rational(1, 4))
    return a.angle(r, p * q) * quarter + quarter


@dataclass(frozen=True)
class Relu(Activation):
    """max(x, 0)."""

    name = "relu"
    certified = True

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """The arc-cosine kernel of order one."""
        return a.relu_dual(r, p, q)

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """That of order zero."""
        return _half_angle(a, r, p, q)


@dataclass(frozen=True)
class LeakyRelu(Activation):
    """max(x, 0) + slope min(x, 0) = (1 - a) relu(x) + a x."""

    name = "leaky_relu"
    certified = True
    example = "1/10"

    below: sp.Expr = sp.S.One / 100

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """(1 - a)^2 relu + a r."""
        below = a.number(self.below, "slope")
        return a.relu_dual(r, p, q) * (1 - below) ** 2 + r * below

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """(1 - a)^2 step + a."""
        below = a.number(self.below, "slope")
        return _half_angle(a, r, p, q) * (1 - below) ** 2 + below


@dataclass(frozen=True)
class Absolute(Activation):
    """|x|."""

    name = "abs"
    certified = True

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """|u| |w| = (relu(u) + relu(-u)) (relu(w) + relu(-w))."""
        return (a.relu_dual(r, p, q) + a.relu_dual(-r, p, q)) * 2

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """That of sign."""
        return a.angle(r, p * q)


@dataclass(frozen=True)
class Sign(Activation):
    """-1 below zero, 1 above."""

    name = "sign"
    certified = True

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """(2/pi) arcsin c."""
        return a.angle(r, p * q)

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """0 by convention."""
        return r * 0


@dataclass(frozen=True)
class UnitStep(Activation):
    """0 below zero, 1 above."""

    name = "step"
    certified = True

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """(pi - arccos c)/(2 pi)."""
        return _half_angle(a, r, p, q)

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """0 by convention."""
        return r * 0
