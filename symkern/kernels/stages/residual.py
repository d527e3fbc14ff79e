"""The residual connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symkern.errors import InvalidArgument
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.arguments import count
from symkern.kernels.stages.equations import State
from symkern.kernels.stages.stage import Stage


@dataclass(frozen=True)
class Residual(Stage):
    """Add the input of the last ``over`` stages to their output: K' + K; ``residual(3)`` after linear, mlp, linear goes around the whole block.

    Args:
        over: how many stages, at least 1 and no more than follow the embedding.

    Raises:
        InvalidArgument: there are not so many stages.
    """

    name = "residual"
    keeps_pattern = True
    certified = True

    over: int = count(1)

    def certificate(self) -> list[Any]:
        """The name alone, around one stage."""
        return [self.name, {} if self.over == 1 else {"over": self.over}]

    def require_place(self, earlier: tuple[Stage, ...]) -> None:
        """The stages before have an input."""
        if len(earlier) <= self.over:
            rule = "must follow stages that have an input"
            found = f"it goes around {self.over} and stands behind {len(earlier) - 1} that follow the embedding"
            raise InvalidArgument("residual", rule, found)
        if self.over == 1 and isinstance(earlier[-1], Residual):
            rule = "must follow a stage that has an input"
            raise InvalidArgument("residual", rule, f"it follows {earlier[-1].name}")

    def equation(self, states: Sequence[State]) -> str:
        """The sum with the state before what it goes around."""
        return f"{states[-1].at()} + {states[-1 - self.over].at()}"

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The sum of the state and of that before the stages; the last one is the matrix itself."""
        return matrix.plus(algebra.states[-1 - self.over])

    def tangent(self, run: TangentRun) -> Any:
        """The sum of the tangents there."""
        return run.tangent.plus(run.tangents[-1 - self.over])
