"""The readout that keeps all positions apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.stages.equations import State
from symkern.kernels.stages.stage import Readout


@dataclass(frozen=True)
class Flatten(Readout):
    """Readout: average of the diagonal, sum_a K_aa / L."""

    name = "flatten"
    certified = True

    def equation(self, states: Sequence[State]) -> str:
        """The mean of the diagonal."""
        return rf"\frac{{1}}{{L}} \sum_{{a}} {states[-1].at('a', 'a')}"

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The mean of the diagonal."""
        return matrix.mean_diagonal()
