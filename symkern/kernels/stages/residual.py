"""The residual connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symkern.errors import InvalidArgument
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.stages.stage import Stage


@dataclass(frozen=True)
class Residual(Stage):
    """Add the input of the stage just before to its output: K' + K."""

    name = "residual"
    keeps_pattern = True
    certified = True

    def require_place(self, earlier: tuple[Stage, ...]) -> None:
        """The stage before has an input."""
        if earlier[-1].place == "first" or isinstance(earlier[-1], Residual):
            rule = "must follow a stage that has an input"
            raise InvalidArgument("residual", rule, f"it follows {earlier[-1].name}")

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The sum of the last two states; the last one is the matrix itself."""
        return matrix.plus(algebra.states[-2])
