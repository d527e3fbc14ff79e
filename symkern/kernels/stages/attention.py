"""Attention with infinitely many heads, its queries and keys independent or tied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.errors import InvalidArgument, displayed
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.affine import Affine
from symkern.kernels.stages.arguments import arguments_of, switch, variance, word
from symkern.kernels.stages.equations import State, multiple
from symkern.kernels.stages.positions import Positions
from symkern.kernels.stages.stage import Stage
from symkern.kernels.stages.stage_table import beside

ROW_MAPS = ("identity", "softmax", "relu", "abs")


@dataclass(frozen=True)
class Attention(Stage):
    """An attention layer: K'_ac = K_ac sum_bd K_bd E_bd / L^2, or tied K' = G(x) E(x, y) G(y)^T with G(x) = row_map(K(x, x)).

    Args:
        query_key: "independent" or "tied".
        row_map: "identity", "softmax", "relu" or "abs"; independent queries and keys take the identity only: other maps of random scores have no
            exact kernel.
        normalize: average over the keys; softmax does so by itself.
        positions_in_values: False leaves the position term out of the values E, which are K otherwise, in the first attention or right behind
            ``positions``.
        scale: what scores are multiplied by, the product of the standard deviations of queries and keys: row_map(scale K(x, x)), and scale^2 K' where
            queries and keys are independent.

    Raises:
        InvalidArgument: another word, a map that independent queries and keys do not take, or values without positions elsewhere.
    """

    name = "attention"

    query_key: str = word("independent", "tied")
    row_map: str = word(*ROW_MAPS)
    normalize: bool = switch(True)
    positions_in_values: bool = switch(True)
    scale: sp.Expr = variance(1, by_name=True)

    def __post_init__(self) -> None:
        word = self.query_key if isinstance(self.query_key, str) else ""
        if word in ROW_MAPS:
            raise InvalidArgument(
                "query_key", 'must be "independent" or "tied"',
                f"it is {displayed(self.query_key)}; did you mean attention(tied, {self.query_key})?",
            )  # fmt: skip
        if word not in ("independent", "tied") and (why := beside(word)):
            rule = 'must be "independent" or "tied"'
            raise InvalidArgument("query_key", rule, f"it is {displayed(self.query_key)}{why}")
        super().__post_init__()
        if self.query_key == "independent" and self.row_map != "identity":
            raise InvalidArgument(
                "row_map",
                'must be "identity" with independent queries and keys, whose scores are random: '
                'other maps have an exact kernel with query_key="tied" only',
                f"it is {displayed(self.row_map)}; did you mean attention(tied, {self.row_map})?",
            )

    def call(self) -> str:
        """With every argument by its name."""
        given = [(k, kind, getattr(self, k), default) for k, kind, default in arguments_of(self)]
        changed = [f"{k}={kind.code(e)}" for k, kind, e, default in given if e != default]
        return f"attention({', '.join(changed)})"

    @property
    def certified(self) -> bool:  # type: ignore[override]
        """The checker knows scores as they are."""
        return bool(self.scale == 1)

    def certificate(self) -> list[Any]:
        """Without the scale, which is one."""
        name, given = super().certificate()
        return [name, {k: e for k, e in given.items() if k != "scale"}]

    def require_place(self, earlier: tuple[Stage, ...]) -> None:
        """Values without positions are known where positions have just come in, or once, with the embedding, before the first attention."""
        if self.positions_in_values or isinstance(earlier[-1], Positions):
            return
        again = any(isinstance(s, Positions) for s in earlier)
        if again or not all(s.keeps_pattern for s in earlier):
            rule = "may be False in the first attention, or right behind positions, only"
            found = f"it follows {earlier[-1]}" if again else "this is a later one"
            raise InvalidArgument("positions_in_values", rule, found)

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
        values = matrix
        if not self.positions_in_values:
            behind = isinstance(algebra.stages[len(algebra.states) - 1], Positions)
            values = algebra.states[-2] if behind else algebra.without_positions()
        if self.query_key == "tied":
            return algebra.tied(matrix, values, self)
        found = algebra.attended(matrix, values, self.normalize)
        return found if self.scale == 1 else algebra.mapped(found, Affine(self.scale**2))

    def rows(self, algebra: Algebra, scores: Any) -> Any:
        """G = row_map(scale scores): softmax of each row, or the map of each entry over L."""
        if self.scale != 1:
            scores = scores.scaled(algebra.number(self.scale, "scale"), 1)
        if self.row_map == "softmax":
            return algebra.softmax(scores)
        over = algebra.length if self.normalize else 1
        if self.row_map != "identity":
            function = algebra.functions[self.row_map]
            scores = scores.mapped(lambda r, p, q: function(r))
        return scores.scaled(algebra.number(sp.S.One), over)

    def equation(self, states: Sequence[State]) -> str:
        """The entry times the mean of K E, or G K G^T; E is K without its position term where positions are no part of values."""
        K = states[-1]
        values = K if self.positions_in_values else State(r"\tilde " + K.symbol)
        if self.query_key == "independent":
            over = r"\frac{1}{L^{2}} " if self.normalize else ""
            scaled = multiple(self.scale**2, over, sp.S.Zero) if self.scale != 1 else over
            return rf"{scaled}{K.at()} \sum_{{c,d}} {K.at('c', 'd')} \, {values.at('c', 'd')}"
        scores = multiple(self.scale, K.at("a", "c", "x", "x"), sp.S.Zero)
        names = {
            "identity": "",
            "softmax": r"\operatorname{softmax}",
            "relu": r"\operatorname{relu}",
        }
        bracket = rf"\bigl|{scores}\bigr|" if self.row_map == "abs" else rf"\bigl({scores}\bigr)"
        mapped = (
            names.get(self.row_map, "") + ("_{c}" if self.row_map == "softmax" else "") + bracket
        )
        if self.normalize and self.row_map != "softmax":
            mapped = rf"\frac{{1}}{{L}} {mapped}"
        summed = rf"\sum_{{c,d}} G_{{ac}}(x) \, {values.at('c', 'd')} \, G_{{bd}}(y)"
        return rf"{summed}, \quad G_{{ac}}(x) = {mapped}"

    def tangent(self, run: TangentRun) -> Any:
        """Four or two times K', and what the entry's tangent makes of it."""
        algebra, entered, tangent = run.algebra, run.before, run.tangent
        values, own = entered, tangent
        if not self.positions_in_values:
            behind = isinstance(run.stages[len(run.tangents) - 1], Positions)
            values, own = run.two_before if behind else run.without_positions()
        if self.query_key == "tied":
            found, layers = algebra.tied(entered, own, self), 2
        else:
            first = algebra.weighed(tangent, entered, values, self.normalize)
            second = algebra.weighed(entered, tangent, values, self.normalize)
            third = algebra.weighed(entered, entered, own, self.normalize)
            found, layers = first.plus(second).plus(third), 4
            if self.scale != 1:
                found = algebra.mapped(found, Affine(self.scale**2))
        for _ in range(layers):
            found = found.plus(run.after)
        return found
