"""Attention with infinitely many heads, its queries and keys independent or tied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.errors import InvalidArgument
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.arguments import switch, word
from symkern.kernels.stages.stage import Stage
from symkern.kernels.stages.stage_table import beside

ROW_MAPS = ("identity", "softmax", "relu", "abs")


@dataclass(frozen=True)
class Attention(Stage):
    """An attention layer: K'_ac = K_ac sum_bd K_bd E_bd / L^2, or tied K' = G(x) E(x, y) G(y)^T with G(x) = row_map(K(x, x)).

    ``query_key`` is "independent" or "tied"; ``row_map`` one of "identity", "softmax", "relu", "abs", where
    independent queries and keys take the identity only: other maps of random scores have no exact
    kernel. ``normalize`` averages over the keys, softmax does so by itself. ``positions_in_values=False`` leaves the position term
    out of the values E, which are K otherwise, in the first attention only.
    """

    name = "attention"
    certified = True

    query_key: str = word("independent", "tied")
    row_map: str = word(*ROW_MAPS)
    normalize: bool = switch(True)
    positions_in_values: bool = switch(True)

    def __post_init__(self) -> None:
        if self.query_key in ROW_MAPS:
            raise InvalidArgument(
                "query_key", 'must be "independent" or "tied"',
                f"it is {self.query_key!r}; did you mean attention(tied, {self.query_key})?",
            )  # fmt: skip
        if self.query_key not in ("independent", "tied") and (why := beside(self.query_key)):
            rule = 'must be "independent" or "tied"'
            raise InvalidArgument("query_key", rule, f"it is {self.query_key!r}{why}")
        super().__post_init__()
        if self.query_key == "independent" and self.row_map != "identity":
            raise InvalidArgument(
                "row_map",
                'must be "identity" with independent queries and keys, whose scores are random: '
                'other maps have an exact kernel with query_key="tied" only',
                f"it is {self.row_map!r}; did you mean attention(tied, {self.row_map})?",
            )

    def call(self) -> str:
        """With every argument by its name."""
        default = Attention()
        changed = [f"{k}={v!r}" for k, v in vars(self).items() if v != getattr(default, k)]
        return f"attention({', '.join(changed)})"

    def require_place(self, earlier: tuple[Stage, ...]) -> None:
        """Values without positions are known before the first attention only."""
        if not self.positions_in_values and not all(s.keeps_pattern for s in earlier):
            rule = "may be False in the first attention only"
            raise InvalidArgument("positions_in_values", rule, "this is a later one")

    def gap(self, algebra: str) -> str | None:
        """Tied attention leaves the polynomials in the match counts."""
        if algebra == "match_counts" and self.query_key == "tied":
            return "tied queries and keys weigh each position by its token's count"
        if algebra == "jets" and not self.normalize and self.row_map != "softmax":
            return "without an average over the keys it grows with the length"
        return super().gap(algebra)

    @property
    def takes_exponentials(self) -> bool:  # type: ignore[override]
        """Softmax does."""
        return self.row_map == "softmax"

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The new covariance of the features."""
        values = matrix if self.positions_in_values else algebra.without_positions()
        if self.query_key == "independent":
            return algebra.attended(matrix, values, self.normalize)
        return algebra.tied(matrix, values, self)

    def rows(self, algebra: Algebra, scores: Any) -> Any:
        """G = row_map(scores): softmax of each row, or the map of each entry over L."""
        if self.row_map == "softmax":
            return algebra.softmax(scores)
        scale = algebra.length if self.normalize else 1
        if self.row_map != "identity":
            function = algebra.functions[self.row_map]
            scores = scores.mapped(lambda r, p, q: function(r))
        return scores.scaled(algebra.number(sp.S.One), scale)

    def tangent(self, run: TangentRun) -> Any:
        """Four or two times K', and what the entry's tangent makes of it."""
        algebra, entered, tangent = run.algebra, run.before, run.tangent
        values, own = (entered, tangent) if self.positions_in_values else run.without_positions()
        if self.query_key == "tied":
            found, layers = algebra.tied(entered, own, self), 2
        else:
            first = algebra.weighed(tangent, entered, values, self.normalize)
            second = algebra.weighed(entered, tangent, values, self.normalize)
            third = algebra.weighed(entered, entered, own, self.normalize)
            found, layers = first.plus(second).plus(third), 4
        for _ in range(layers):
            found = found.plus(run.after)
        return found
