"""A wide linear layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.kernels.stages.arguments import variance
from symkern.kernels.stages.equations import State, multiple
from symkern.kernels.stages.stage import Entrywise


@dataclass(frozen=True)
class Linear(Entrywise):
    """A wide linear layer with these variances: weight K + bias; after a readout weight k + bias.

    Args:
        weight: the variance of the weights, exact, at least 0, or a formula.
        bias: that of the bias.

    Raises:
        InvalidArgument: a negative variance.
    """

    name = "linear"
    certified = True
    degree = 1
    weights = 1

    weight: sp.Expr = variance(1)
    bias: sp.Expr = variance(0)

    def equation(self, states: Sequence[State]) -> str:
        """Weight K + bias."""
        return multiple(self.weight, states[-1].at(), self.bias)

    def entry(self, algebra: Algebra) -> EntryMap:
        """weight r + bias."""
        weight, bias = algebra.number(self.weight, "weight"), algebra.number(self.bias, "bias")
        return lambda r, p, q: r * weight + bias

    def slope(self, algebra: Algebra) -> EntryMap:
        """weight."""
        weight = algebra.number(self.weight, "weight")
        return lambda r, p, q: r * 0 + weight
