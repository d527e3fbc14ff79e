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
        """(4/pi)/sqrt((1 + 2p)(1 + 2q) - 4 r^2)."""
        return a.inverse_pi * 4 / a.functions["sqrt"]((p * 2 + 1) * (q * 2 + 1) - r * r * 4)


@dataclass(frozen=True)
class Gelu(Activation):
    """x Phi(x), Phi the distribution function of the normal law.

    Both expectations follow from E Phi(u) Phi(w) = h = 1/4 + arcsin(r/sqrt((1+p)(1+q)))/(2 pi) and its derivatives in r (Price's theorem),
    with D = sqrt((1+p)(1+q) - r^2).
    """

    name = "gelu"
    certified = True

    def _parts(self, a: Algebra, r: Any, p: Any, q: Any) -> tuple[Any, Any, Any]:
        quarter = a.number(sp.Rational(1, 4))
        square = (p + 1) * (q + 1)
        h = a.angle(r, square) * quarter + quarter
        below = a.functions["sqrt"](square - r * r)
        return h, below, 1 / (p + 1) + 1 / (q + 1)

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """r h + (pq + r^2 (1/(1+p) + 1/(1+q) - 1))/(2 pi D)."""
        h, below, sum_of_inverses = self._parts(a, r, p, q)
        return r * h + (p * q + r * r * (sum_of_inverses - 1)) * a.inverse_pi / (below * 2)

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """h + r (1/(1+p) + 1/(1+q) + 1/D^2)/(2 pi D)."""
        h, below, sum_of_inverses = self._parts(a, r, p, q)
        square = (p + 1) * (q + 1) - r * r
        return h + r * (sum_of_inverses + 1 / square) * a.inverse_pi / (below * 2)
