"""The readout that averages over positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.stages.equations import State
from symkern.kernels.stages.stage import Readout


@dataclass(frozen=True)
class MeanPool(Readout):
    """Readout: average over both positions, sum_ab K_ab / L^2."""

    name = "mean_pool"
    certified = True
    pools = True

    def equation(self, states: Sequence[State]) -> str:
        """The mean of the entries."""
        return rf"\frac{{1}}{{L^{{2}}}} \sum_{{a,b}} {states[-1].at()}"

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The mean of the entries."""
        return matrix.mean()
