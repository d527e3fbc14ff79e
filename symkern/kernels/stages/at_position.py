"""The readout of one position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.stages.arguments import word
from symkern.kernels.stages.equations import State
from symkern.kernels.stages.stage import Readout


@dataclass(frozen=True)
class AtPosition(Readout):
    """Readout: one position, K_LL; the others are then the symmetric ones, under S_{L-1}. All positions being alike, the last stands for any.

    Args:
        position: "last".

    Raises:
        InvalidArgument: another one.
    """

    name = "at_position"
    certified = True
    reads_position = True

    position: str = word("last", why=": all positions are alike, so it stands for any of them")

    def _written(self, code: bool) -> str:
        return repr(self.position) if code else self.position

    def equation(self, states: Sequence[State]) -> str:
        """The entry at the last position."""
        return states[-1].at("L", "L")

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The entry at that position."""
        return matrix.read()
