"""A factor and a bias, without weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.arguments import variance
from symkern.kernels.stages.equations import State, multiple
from symkern.kernels.stages.stage import Entrywise


@dataclass(frozen=True)
class Affine(Entrywise):
    """Features times sqrt(scale) with a trained bias of that variance added, and no weights: scale K + bias, with tangent scale T + bias.

    Behind an attention: the variances of its value and output weights, and its bias. ``linear`` has weights of its own, which are trained.

    Args:
        scale: exact, at least 0, or a formula.
        bias: a variance, the same.

    Raises:
        InvalidArgument: a negative number.
    """

    name = "affine"
    degree = 1

    scale: sp.Expr = variance(1)
    bias: sp.Expr = variance(0)

    def equation(self, states: Sequence[State]) -> str:
        """Scale K + bias."""
        return multiple(self.scale, states[-1].at(), self.bias)

    def entry(self, algebra: Algebra) -> EntryMap:
        """scale r + bias."""
        scale, bias = algebra.number(self.scale, "scale"), algebra.number(self.bias, "bias")
        return lambda r, p, q: r * scale + bias

    def slope(self, algebra: Algebra) -> EntryMap:
        """scale."""
        scale = algebra.number(self.scale, "scale")
        return lambda r, p, q: r * 0 + scale

    def tangent(self, run: TangentRun) -> Any:
        """scale T + bias."""
        return run.algebra.mapped(run.tangent, self)

    def tangent_after(self, run: TangentRun) -> Any:
        """The same of numbers."""
        return run.algebra.mapped_number(run.tangent, self)
