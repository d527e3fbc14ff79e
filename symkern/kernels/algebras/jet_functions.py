r"""Functions of numbers on jets, and hyperparameters as jets: what `symkern.kernels.algebras.array_functions` offers, with derivatives.

Expectations of activations have finite derivatives where the cosine c = r/sqrt(pq) is one, as on the diagonal, although their formulas divide by
sqrt(1 - c^2) on the way; so their derivatives are stated here. With c = cos t,

    relu      K_r = (pi - t)/(2 pi),    K_p = sin t sqrt(q/p)/(4 pi)       (K is of degree one in (r, p, q) and r K_r + 2 p K_p = K)
    angle     (2/pi) (dr - r ds/(2 s))/sqrt(s - r^2),  s the square; 0 where r^2 = s: the angle of two vectors that stay parallel
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import pi
from typing import Any

import numpy as np
import sympy as sp

from symkern.kernels.algebras.array_functions import ArrayFunctions
from symkern.kernels.algebras.array_jets import Array, Jet, Jets, composed, value_of


class JetFunctions(ArrayFunctions):
    """Functions of jets in the directions of some symbols, at a point: numbers for all symbols, exact."""

    def __init__(
        self, plain: ArrayFunctions, directions: Sequence[sp.Symbol], point: Mapping[sp.Symbol, Any]
    ) -> None:
        super().__init__(Jets(plain.xp), plain.dtype, plain.device)
        self.plain, self.directions, self.point = plain, tuple(directions), dict(point)
        self._known: dict[sp.Expr, Any] = {}  # tiles ask for the same formulas again

    def constant(self, value: sp.Expr, argument: str) -> Any:
        """A formula at the point, with its derivatives there; an array where it has none of the symbols."""
        if value not in self._known:
            self._known[value] = self._constant(value, argument)
        return self._known[value]

    def _constant(self, value: sp.Expr, argument: str) -> Any:
        if value.free_symbols.isdisjoint(self.directions):
            return self.plain.constant(value, argument)

        def at(formula: sp.Expr) -> Array:
            return self.plain.constant(formula.subs(self.point, simultaneous=True), argument)

        slopes = [at(sp.diff(value, symbol)) for symbol in self.directions]
        return Jet(at(value), np.stack(slopes))

    def table(self, covariance: Any) -> Any:
        """A covariance of letters at the point, with its derivatives."""

        def at(change: Callable[[sp.Expr], sp.Expr]) -> Array:
            rows = [
                [self.plain.constant(change(e).subs(self.point, simultaneous=True), "token")[0, 0] for e in row]
                for row in covariance.rows
            ]  # fmt: skip
            return np.asarray(rows, dtype=self.plain.dtype)

        if covariance.symbols.isdisjoint(self.directions):
            return at(lambda e: e)
        slopes = [at(lambda e, s=symbol: sp.diff(e, s)) for symbol in self.directions]  # type: ignore[misc]
        return Jet(at(lambda e: e), np.stack(slopes))

    def root(self, e: Any) -> Any:
        """The square root of what is 0 at least, but for rounding; where it is 0 it stays so."""
        found = self.plain.root(value_of(e))
        return composed(found, (e, self.plain.inverse(found) / 2)) if isinstance(e, Jet) else found

    def inverse(self, e: Any) -> Any:
        """1 / e, and 0 where e is 0."""
        found = self.plain.inverse(value_of(e))
        return composed(found, (e, -found * found)) if isinstance(e, Jet) else found

    #: The expectations of relu have slopes in all three arguments.
    has_arcs = False
    #: Jets are made anew, not written over.
    is_numpy = False

    def relu_dual(self, r: Any, p: Any, q: Any) -> Any:
        """E relu(u) relu(w)."""
        f, xp = self.plain, self.plain.xp
        values = [value_of(e) for e in (r, p, q)]
        left, right = xp.sqrt(values[1]), xp.sqrt(values[2])
        one, other = f.inverse(left), f.inverse(right)
        c = xp.clip(values[0] * one * other, -1.0, 1.0)
        sine = xp.sqrt((1 - c) * (1 + c)) / (4 * pi)
        angle = (pi - xp.acos(c)) / (2 * pi)
        slopes = (angle, sine * right * one, sine * left * other)
        return self._composed(f.relu_dual(*values), zip((r, p, q), slopes, strict=True))

    def angle(self, r: Any, square: Any) -> Any:
        """(2/pi) arcsin(r / sqrt(square))."""
        f, xp = self.plain, self.plain.xp
        covariance, whole = value_of(r), value_of(square)
        root = f.root(whole)
        gap = f.beyond_rounding((root - covariance) * (root + covariance), whole)
        slope = f.inverse(xp.sqrt(gap)) * (2 / pi)
        slopes = (slope, -slope * covariance * f.inverse(whole) / 2)
        return self._composed(f.angle(covariance, whole), zip((r, square), slopes, strict=True))

    def minor(self, r: Any, p: Any, q: Any) -> Any:
        """p q - r^2."""
        values = [value_of(e) for e in (r, p, q)]
        slopes = (-2 * values[0], values[2], values[1])
        return self._composed(self.plain.minor(*values), zip((r, p, q), slopes, strict=True))

    def _composed(self, value: Array, parts: Any) -> Any:
        kept = [part for part in parts if isinstance(part[0], Jet)]
        return composed(value, *kept) if kept else value
