"""The neural tangent kernel of the whole pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symkern.errors import InvalidArgument
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.stage import Stage


@dataclass(frozen=True)
class NTK(Stage):
    """The neural tangent kernel of the network so far, all its weights trained by gradient flow, the embedding's included.

    The standard parametrisation, at infinite width (`symkern.kernels.algebras.tangents`). A dense output layer is counted only where
    ``linear`` stands after the readout.
    """

    name = "ntk"
    after_readout = True
    ends = True
    certified = True

    def require_place(self, earlier: tuple[Stage, ...]) -> None:
        """Behind the readout."""
        rule = "must stand behind the readout, at the end of a pipeline"
        raise InvalidArgument("ntk", rule, f"it follows {earlier[-1].name}")

    def gap(self, algebra: str) -> str | None:
        """It acts wherever the other stages do."""
        return None

    def after(self, algebra: Algebra, number: Any) -> Any:
        """T; in algebras that estimate, what is true of K: both have the same degrees and couplings."""
        if not algebra.gives:
            return number
        stages = algebra.stages[: len(algebra.states)]
        return TangentRun(algebra, stages, algebra.states).followed()[-1]
