"""The embedding of tokens and positions, with which every pipeline begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symkern.errors import InvalidArgument, SymmetryError
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.arguments import formula, variance
from symkern.kernels.stages.stage import Stage


@dataclass(frozen=True)
class Embedding(Stage):
    """The base kernel token [x_a = y_b] + position [a = b] + constant.

    The first two are variances: nonnegative exact numbers, SymPy expressions or formulas' text. The constant may be negative as far
    as the kernel stays positive semidefinite, constant >= -(token/v + position/L), which is tested when the sizes are known.
    """

    name = "embedding"
    place = "first"
    keeps_pattern = True
    certified = True

    token: sp.Expr = variance()
    position: sp.Expr = variance(0)
    constant: sp.Expr = formula(0)

    def __post_init__(self) -> None:
        position: Any = self.position
        if not isinstance(position, sp.Expr) and (
            callable(position) or hasattr(position, "shape") or isinstance(position, (list, tuple))
        ):
            raise SymmetryError(
                "position",
                "must be one variance, the same for all positions: a kernel that depends on the distance "
                "of two positions does not commute with their permutations",
                f"it is {type(position).__name__}",
            )
        super().__post_init__()

    def require_sizes(self, length: int | sp.Expr, vocabulary: int | sp.Expr) -> None:
        """The value token L + position v + constant L v of the all-one function is not negative; at symbolic L the limit of it over L is not."""
        if isinstance(length, int):
            share = self.token / vocabulary + self.position / length + self.constant
            rule = "must be at least -(token/v + position/L)"
        else:
            share = self.token + self.constant * vocabulary
            rule = "must be at least -token/v, for a kernel at all lengths L"
        if share.is_negative:
            raise InvalidArgument(
                "constant", f"{rule} for a positive semidefinite kernel",
                f"it is {self.constant} at v = {vocabulary}, L = {length} with token = {self.token}, position = {self.position}",
            )  # fmt: skip

    def without_positions(self) -> Embedding:
        """The same without its position term."""
        return replace(self, position=sp.S.Zero)

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The first matrix."""
        return algebra.embedded(*algebra.numbers(self))

    def tangent(self, run: TangentRun) -> Any:
        """K: tokens and positions are trained."""
        return run.after
