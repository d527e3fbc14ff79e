"""Codes of positions that come in before a later layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.affine import Affine
from symkern.kernels.stages.arguments import variance
from symkern.kernels.stages.equations import State, multiple
from symkern.kernels.stages.stage import Stage


@dataclass(frozen=True)
class Positions(Stage):
    """Trained codes of positions, one for each: keep K + position [a = b].

    Added to the features, they leave ``keep`` = 1. Concatenated, n features and m of the code with variance w per entry, they are
    keep = n/(n + m) and position = w m/(n + m), since a layer divides by its whole fan-in. An attention right behind with
    ``positions_in_values=False`` takes its values from K.

    Args:
        position: the variance of the codes, exact, at least 0, or a formula.
        keep: the factor of K, the same.

    Raises:
        InvalidArgument: a negative number.
    """

    name = "positions"
    keeps_pattern = True

    position: sp.Expr = variance(1)
    keep: sp.Expr = variance(1)

    @property
    def adds_positions(self) -> bool:  # type: ignore[override]
        """Where their variance is not zero."""
        return bool(self.position != 0)

    def equation(self, states: Sequence[State]) -> str:
        """Keep K + position [a = b]."""
        return f"{multiple(self.keep, states[-1].at(), sp.S.Zero)} + {multiple(self.position, '[a = b]', sp.S.Zero)}"

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """keep K + position [a = b]."""
        kept = matrix if self.keep == 1 else algebra.mapped(matrix, Affine(self.keep))
        zero = algebra.number(sp.S.Zero)
        return kept.plus(algebra.embedded(zero, algebra.number(self.position, "position"), zero))

    def tangent(self, run: TangentRun) -> Any:
        """The same of T: the codes are trained."""
        return self.action(run.algebra, run.tangent)
