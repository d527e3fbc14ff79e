r"""The tangent kernel beside the kernel: T_ab(x, y), what gradient flow on all weights sees.

In the standard parametrisation every weight is a normal number times its standard deviation over sqrt(fan in), and all are trained. Each stage
takes K and T to K' and T' (Jacot, Gabriel, Hongler, NeurIPS 2018; Hron, Bahri, Sohl-Dickstein, Novak, ICML 2020):

    embedding                  T = K
    entrywise f                T' = T f'(K) + w K',   w the number of its trained weight matrices that the output is linear in
    affine                     T' = scale T + bias
    positions                  T' = keep T + position [a = b]
    residual                   T' = T + T before
    plus                       T' = T + that of the other pipeline
    attention, independent     T' = 4 K' + (T_ac S + K_ac sum_bd (T_bd E_bd + K_bd T^E_bd)) / L^2,   S = sum_bd K_bd E_bd
    attention, tied            T' = 2 K' + G T^E G^T, the scores being those at initialisation
    readout                    the same of T

The rule of a stage is its method `tangent`; the states K are those of the algebra's run, so that every algebra has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from symkern.kernels.algebras.algebra import Algebra


@dataclass
class TangentRun:
    """A run of stages with its states K, and the tangents T so far."""

    algebra: Algebra
    stages: Sequence[Any]
    states: Sequence[Any]
    tangents: list[Any] = field(default_factory=list)

    @property
    def before(self) -> Any:
        """K before the stage at which the run is."""
        return self.states[len(self.tangents) - 1]

    @property
    def two_before(self) -> tuple[Any, Any]:
        """K and T before the stage before."""
        return self.states[len(self.tangents) - 2], self.tangents[-2]

    @property
    def after(self) -> Any:
        """K' after it."""
        return self.states[len(self.tangents)]

    @property
    def tangent(self) -> Any:
        """T before it."""
        return self.tangents[-1]

    def followed(self) -> list[Any]:
        """The tangent after each stage."""
        is_read = False
        for stage in self.stages:
            self.tangents.append(stage.tangent_after(self) if is_read else stage.tangent(self))
            is_read = is_read or stage.place == "readout"
        return self.tangents

    def without_positions(self) -> tuple[Any, Any]:
        """(E, T^E): both of the stages so far on an embedding without its position term."""
        first, *rest = self.stages[: len(self.tangents)]
        stages = (first.without_positions(), *rest)
        states = self.algebra.followed(stages)
        return states[-1], TangentRun(self.algebra, stages, states).followed()[-1]
