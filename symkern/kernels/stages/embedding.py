"""The embedding of tokens and positions, with which every pipeline begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symkern.errors import InvalidArgument, SizeMismatch, SymmetryError, displayed
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.letter_covariance import LetterCovariance, require_positive
from symkern.kernels.stages.arguments import covariance, formula, variance
from symkern.kernels.stages.equations import State, multiple
from symkern.kernels.stages.stage import Stage
from symkern.typeset.tex import formula_latex


@dataclass(frozen=True)
class Embedding(Stage):
    """The base kernel token [x_a = y_b] + position [a = b] + constant.

    The first two are variances: nonnegative exact numbers, SymPy expressions or formulas' text. The constant may be negative as far
    as the kernel stays positive semidefinite, constant >= -(token/v + position/L), which is tested when the sizes are known.

    A matrix C as ``token`` is the covariance of v given letters 0..v-1, C[x_a, y_b] in the place of token [x_a = y_b]; C + (constant + position/L) J
    has to be positive semidefinite then.
    """

    name = "embedding"
    place = "first"
    keeps_pattern = True

    token: sp.Expr | LetterCovariance = covariance()
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

    @property
    def certified(self) -> bool:  # type: ignore[override]
        """Of letters that are all alike the checker has a rule."""
        return self.covariance is None

    @property
    def covariance(self) -> LetterCovariance | None:
        """The covariance of given letters, if any."""
        return self.token if isinstance(self.token, LetterCovariance) else None

    @property
    def vocabulary(self) -> int | None:  # type: ignore[override]
        """The number of given letters."""
        return None if self.covariance is None else self.covariance.letters

    @property
    def letters_alike(self) -> bool:  # type: ignore[override]
        """Unless their covariance tells some of them apart."""
        return self.covariance is None or self.covariance.as_alike is not None

    @property
    def adds_positions(self) -> bool:  # type: ignore[override]
        """Where they have a variance."""
        return bool(self.position != 0)

    @property
    def formulas(self) -> dict[str, sp.Expr]:
        """All three, the covariance by those of its entries that are no rational numbers."""
        plain = super().formulas
        return plain if self.covariance is None else {**self.covariance.formulas, **plain}

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Embedding:
        """``function`` of each formula, and of each entry that has symbols."""
        if self.covariance is None:
            return super().with_formulas(function)
        alike = self.covariance.as_alike
        if alike is not None:  # of the two numbers that say it
            own, across = map(function, alike)
            size = range(self.covariance.letters)
            rows = [[across + own * int(t == u) for u in size] for t in size]
            token = LetterCovariance.of(rows) if self.covariance.symbols else self.covariance
        else:
            token = self.covariance.mapped(function)
        return Embedding(token, function(self.position), function(self.constant))

    def among(self, letters: Sequence[int]) -> Embedding:
        """The same of some of the given letters, numbered anew."""
        return self if self.covariance is None else replace(self, token=self.covariance.among(letters))  # fmt: skip

    def gap(self, algebra: str) -> str | None:
        """Letters that are told apart leave the match counts, and the series that need equal letters."""
        if algebra in ("match_counts", "jets", "jet_products") and not self.letters_alike:
            return "its covariance tells letters apart"
        return super().gap(algebra)

    def require_sizes(self, length: int | sp.Expr, vocabulary: int | sp.Expr) -> None:
        """The value token L + position v + constant L v of the all-one function is not negative; at symbolic L the limit of it over L is not."""
        if isinstance(self.token, LetterCovariance):
            self._require_letters(self.token, length, vocabulary)
            return
        if isinstance(length, int):
            share = self.token / vocabulary + self.position / length + self.constant
            rule = "must be at least -(token/v + position/L)"
        else:
            share = self.token + self.constant * vocabulary
            rule = "must be at least -token/v, for a kernel at all lengths L"
        if share.is_negative:
            raise InvalidArgument(
                "constant", f"{rule} for a positive semidefinite kernel",
                f"it is {self.constant} at v = {displayed(vocabulary)}, L = {displayed(length)} with token = {self.token}, position = {self.position}",
            )  # fmt: skip

    def _require_letters(self, covariance: LetterCovariance, length: Any, vocabulary: Any) -> None:
        if vocabulary != covariance.letters:
            rule = f"must be {covariance.letters}, the letters of the embedding's covariance"
            raise SizeMismatch("vocabulary", rule, f"it is {displayed(vocabulary)}")
        share = self.position / length if isinstance(length, int) else 0
        shift = self.constant + share
        if shift.is_nonnegative is not True and not shift.free_symbols:
            sum_of = [[e + shift for e in row] for row in covariance.rows]
            rule = f"must leave the covariance C of letters plus {shift} = constant{' + position/L' if isinstance(length, int) else ''} positive semidefinite"
            require_positive(sum_of, "constant", rule)

    def without_positions(self) -> Embedding:
        """The same without its position term."""
        return replace(self, position=sp.S.Zero)

    def equation(self, states: Sequence[State]) -> str:
        """Token [x_a = y_b] + position [a = b] + constant."""
        terms = ["C_{x_a y_b}"] if self.covariance is not None else []
        matches = ((self.token, "[x_a = y_b]"), (self.position, "[a = b]"), (self.constant, ""))
        for number, match in matches[len(terms) :]:
            if number != 0:
                terms.append(multiple(number, match, sp.S.Zero) if match else formula_latex(number))
        return " + ".join(terms).replace("+ -", "- ") or "0"

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """The first matrix."""
        token = self.token
        if not isinstance(token, LetterCovariance):
            return algebra.embedded(*algebra.numbers(self))
        position = algebra.number(self.position, "position")
        alike = token.as_alike
        if alike is None:
            constant = algebra.number(self.constant, "constant")
            return algebra.embedded_letters(token, position, constant)
        constant = algebra.number(self.constant + alike[1], "constant")
        return algebra.embedded(algebra.number(alike[0], "token"), position, constant)

    def tangent(self, run: TangentRun) -> Any:
        """K: tokens and positions are trained."""
        return run.after
