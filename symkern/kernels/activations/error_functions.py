"""The error function and the activation made of it (Williams, *Computing with infinite networks*, NeurIPS 1996)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.kernels.activations.activation import Activation
from symkern.kernels.algebras.algebra import Algebra


@dataclass(frozen=True)
class ErrorFunction(Activation):
    """erf(x)."""

    name = "erf"
    certified = True

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """(2/pi) arcsin(2r/sqrt((1 + 2p)(1 + 2q)))."""
        return a.angle(r * 2, (p * 2 + 1) * (q * 2 + 1))

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """(4/pi)/sqrt((1 + 2p)(1 + 2q) - 4 r^2), the difference of squares as 1 + 2p + 2q + 4 (pq - r^2)."""
        below = a.functions["sqrt"](a.minor(r, p, q) * 4 + (p + q) * 2 + 1)
        return a.inverse_pi * 4 / below


@dataclass(frozen=True)
class Gelu(Activation):
    """x Phi(x), Phi the distribution function of the normal law.

    Both expectations follow from E Phi(u) Phi(w) = h = 1/4 + arcsin(r/sqrt((1+p)(1+q)))/(2 pi) and its derivatives in r (Price's theorem),
    with D^2 = (1+p)(1+q) - r^2 = 1 + p + q + m, m = pq - r^2.
    """

    name = "gelu"
    certified = True

    def _parts(self, a: Algebra, r: Any, p: Any, q: Any) -> tuple[Any, Any, Any, Any, Any]:
        """h, m, D^2, D and 1/(1+p) + 1/(1+q)."""
        quarter, minor = a.number(sp.Rational(1, 4)), a.minor(r, p, q)
        square = minor + p + q + 1
        angle, root = a.angle_and_root(r, (p + 1) * (q + 1), square)
        return angle * quarter + quarter, minor, square, root, 1 / (p + 1) + 1 / (q + 1)

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """r h + (m + r^2 (1/(1+p) + 1/(1+q)))/(2 pi D)."""
        h, minor, _, root, sum_of_inverses = self._parts(a, r, p, q)
        return r * h + (minor + r * r * sum_of_inverses) * a.inverse_pi / root / 2

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """h + r (1/(1+p) + 1/(1+q) + 1/D^2)/(2 pi D)."""
        h, _, square, root, sum_of_inverses = self._parts(a, r, p, q)
        return h + r * (sum_of_inverses + 1 / square) * a.inverse_pi / root / 2
