"""The sum of two networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import sympy as sp

from symkern.errors import InvalidArgument, InvalidType
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.tangents import TangentRun
from symkern.kernels.stages.arguments import Argument, argument
from symkern.kernels.stages.embedding import Embedding
from symkern.kernels.stages.equations import State
from symkern.kernels.stages.mean_pool import MeanPool
from symkern.kernels.stages.stage import Stage


@dataclass(frozen=True)
class Branch:
    """The stages of another pipeline on the same sequences."""

    stages: tuple[Stage, ...]

    @property
    def is_read(self) -> bool:
        """Whether it has a readout."""
        return any(stage.place == "readout" for stage in self.stages)

    def __str__(self) -> str:
        return " | ".join(map(str, self.stages))


class BranchArgument(Argument):
    """Another pipeline."""

    examples = (Branch((Embedding("1/2"),)), Branch((Embedding("1/2"), MeanPool())))  # type: ignore[assignment]

    def checked(self, value: Any, name: str) -> Branch:
        """Its stages."""
        stages = getattr(value, "stages", None)
        if not isinstance(stages, tuple) or not all(isinstance(s, Stage) for s in stages):
            raise InvalidType(name, "must be a pipeline", value)
        return Branch(stages)

    def code(self, value: Any) -> str:
        """The calls that build it."""
        return ".".join(stage.call() for stage in value.stages)


@dataclass(frozen=True)
class Plus(Stage):
    """The sum with another pipeline on the same sequences, whose weights are its own: K + H, both before their readouts or both behind; ``k + h``.

    Args:
        other: a pipeline, with a readout if this one has one.

    Raises:
        InvalidArgument: one of them alone has a readout.
    """

    name = "plus"
    after_readout = True

    other: Branch = argument(BranchArgument())

    @property
    def _stages(self) -> tuple[Stage, ...]:
        return self.other.stages

    def equation(self, states: Sequence[State]) -> str:
        """K + H, where H is what the other pipeline gives."""
        return f"{states[-1].at()} + {State('h' if states[-1].is_read else 'H', states[-1].is_read).at()}"

    # -- what its stages say together ----------------------------------------------------------

    @property
    def reads_position(self) -> bool:  # type: ignore[override]
        """Whether one of them does."""
        return any(stage.reads_position for stage in self._stages)

    @property
    def adds_positions(self) -> bool:  # type: ignore[override]
        """Whether one of them does."""
        return any(stage.adds_positions for stage in self._stages)

    @property
    def takes_exponentials(self) -> bool:  # type: ignore[override]
        """Whether one of them does."""
        return any(stage.takes_exponentials for stage in self._stages)

    @property
    def letters_alike(self) -> bool:  # type: ignore[override]
        """Whether letters are to all of them."""
        return all(stage.letters_alike for stage in self._stages)

    @property
    def is_rational(self) -> bool:
        """Whether all of them are."""
        return all(stage.is_rational for stage in self._stages)

    @property
    def vocabulary(self) -> int | None:  # type: ignore[override]
        """The letters that are given there."""
        return next((s.vocabulary for s in self._stages if s.vocabulary is not None), None)

    def readouts(self) -> Iterator[Stage]:
        """Those of the other pipeline."""
        for stage in self._stages:
            yield from stage.readouts()

    @property
    def formulas(self) -> dict[str, sp.Expr]:
        """Those of its stages."""
        return {f"{i}.{name}": e for i, s in enumerate(self._stages) for name, e in s.formulas.items()}  # fmt: skip

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """The same of each of its stages."""
        return self._with(stage.with_formulas(function) for stage in self._stages)

    def among(self, letters: Sequence[int]) -> Self:
        """The same of its stages."""
        return self._with(stage.among(letters) for stage in self._stages)

    def _with(self, stages: Iterator[Stage]) -> Self:
        return replace(self, other=Branch(tuple(stages)))

    def require_place(self, earlier: tuple[Stage, ...]) -> None:
        """Before a readout it takes what has none."""
        self._require(False, earlier)

    def require_behind(self, earlier: tuple[Stage, ...]) -> None:
        """Behind one what has one."""
        self._require(True, earlier)

    def _require(self, is_read: bool, earlier: tuple[Stage, ...]) -> None:
        if self.other.is_read != is_read:
            rule = f"must {'end in a readout behind' if is_read else 'have no readout before'} a readout of the first"
            raise InvalidArgument("other", rule, f"it is {self.other}")
        if any(stage.ends for stage in self._stages if not is_read):
            raise InvalidArgument("other", "must not end in ntk", f"it is {self.other}")
        known = {s.vocabulary for s in (*earlier, self) if s.vocabulary is not None}
        if len(known) > 1:
            rule = "must have as many letters as the first"
            raise InvalidArgument("other", rule, f"they have {' and '.join(map(str, sorted(known)))}")  # fmt: skip

    def require_sizes(self, length: int | sp.Expr, vocabulary: int | sp.Expr) -> None:
        """Those at which its stages are kernels."""
        for stage in self._stages:
            stage.require_sizes(length, vocabulary)

    def gap(self, algebra: str) -> str | None:
        """What its stages lack."""
        return next((why for s in self._stages if (why := s.gap(algebra)) is not None), None)

    # -- what it does --------------------------------------------------------------------------

    def action(self, algebra: Algebra, matrix: Any) -> Any:
        """K + H."""
        return matrix.plus(algebra.follow(self._stages))

    def after(self, algebra: Algebra, number: Any) -> Any:
        """k + h."""
        return algebra.added(number, algebra.follow(self._stages))

    def _own(self, run: TangentRun) -> Any:
        states = run.algebra.followed(self._stages)
        return TangentRun(run.algebra, self._stages, states).followed()[-1]

    def tangent(self, run: TangentRun) -> Any:
        """The sum of the tangents."""
        return run.tangent.plus(self._own(run))

    def tangent_after(self, run: TangentRun) -> Any:
        """The same of numbers."""
        return run.algebra.added(run.tangent, self._own(run))
