r"""What an algebra offers to the stages of a pipeline.

The state between two stages is a *matrix*, K_ab(x, y) for all positions a of x and b of y, until a readout leaves a
*number*, k(x, y). Matrices are values of a class of their own in each algebra, with the methods

    plus(other)               K + H
    scaled(factor, over)      K factor / over
    entrywise(other)          K_ab H_ab
    mapped(f, p, q)           f(K_ab, p_a, q_b), entry by entry
    overlap(other)            sum_ab K_ab H_ab
    diagonal()                K_aa
    normalised()              rows divided by their sums
    mean(), mean_diagonal(), read()       sum_ab K_ab / L^2, sum_a K_aa / L, K_LL

and numbers have + - * / and powers. What concerns more than one matrix is asked of the algebra: `Algebra.sides`
gives what a stage needs of K(x, x) and K(y, y), `Algebra.product` is G V H^T, `Algebra.without_positions` the same stages without
the position term. An algebra that has no use for entries may replace the whole steps `mapped`, `attended` and `tied`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, cast

import sympy as sp

from symkern.errors import InvalidArgument, NoAction
from symkern.limits import check_time

#: f(r, p, q): an entry r = K_ab(x, y) with the variances p = K_aa(x, x), q = K_bb(y, y), None where the stage does not use them.
EntryMap = Callable[[Any, Any, Any], Any]


class Step(Protocol):
    """A stage as an algebra sees it."""

    place: ClassVar[str]

    def step(self, algebra: Algebra, matrix: Any) -> Any:
        """The state after the stage."""

    def after(self, algebra: Algebra, number: Any) -> Any:
        """The number after the stage, behind a readout."""

    def gap(self, algebra: str) -> str | None:
        """Why the stage has no action in an algebra; None where it has."""


class Algebra:
    """One pass of a pipeline's stages; base of every algebra.

    ``name`` is the algebra's name in a stage's methods ``in_<name>``, ``gives`` what can be had of a kernel whose stages all act in
    it, and ``lacks`` what a kernel is without; an algebra without ``gives`` is an estimate and is left out of messages.
    """

    name: ClassVar[str]
    gives: ClassVar[str] = ""
    lacks: ClassVar[str] = "cannot be followed"
    #: Functions of one number by name: "exp", "abs", "relu", "sqrt".
    functions: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    #: 1/pi as a number.
    inverse_pi: Any = None

    def __init__(self) -> None:
        self.whole: Sequence[Any] = ()
        self.stages: Sequence[Any] = ()
        self.states: list[Any] = []
        #: On one sequence alone: what a pair will ask for, in order.
        self.kept: list[Any] | None = None
        self._asked = 0

    def run(self, stages: Sequence[Step]) -> Any:
        """The state after all stages: a matrix, or a number once one of them is a readout.

        Raises `NoAction` for a stage without an action here.
        """
        self.require(stages)
        self.whole = stages
        return self.follow(stages)

    def follow(self, stages: Sequence[Step]) -> Any:
        """The same where it is known that all stages have an action; `InvalidArgument` for a stage that divides by zero."""
        return self.followed(stages)[-1]

    def resumed(self, state: Any, asked: int, stages: Sequence[Step]) -> Any:
        """The same from the state in which earlier stages left a matrix, and asked ``asked`` times for what depends on one sequence.

        ``stages`` do not look at states before that.
        """
        self._asked = asked
        return self.followed(stages, state)[-1]

    @property
    def asked(self) -> int:
        """How often stages have asked for what depends on one sequence."""
        return self._asked

    def followed(self, stages: Sequence[Step], start: Any = None) -> list[Any]:
        """The state after each of the stages."""
        outer = self.stages, self.states
        self.stages, self.states = stages, []
        state, is_read = start, False
        for i, stage in enumerate(stages):
            check_time()
            try:
                state = stage.after(self, state) if is_read else stage.step(self, state)
                if (i or start is not None) and self.is_undefined(
                    state
                ):  # the embedding divides by nothing
                    raise ZeroDivisionError
            except ZeroDivisionError:
                rule = "must not divide by zero, or by what may be zero"
                found = f"it does after {' | '.join(map(str, stages[:i]))}"
                raise InvalidArgument(str(stage), rule, found) from None
            is_read = is_read or stage.place == "readout"
            self.states.append(state)
        reached = self.states
        self.stages, self.states = outer
        return reached

    def is_undefined(self, state: Any) -> bool:
        """Whether numbers that divide by zero without an error have done so."""
        return False

    def without_positions(self) -> Any:
        """The stages so far on an embedding without its position term."""
        first, *rest = self.stages[: len(self.states)]
        return self.follow((first.without_positions(), *rest))

    # -- numbers and matrices ------------------------------------------------------------------

    @property
    def length(self) -> Any:
        """L as a number."""
        raise NotImplementedError

    def number(self, value: sp.Expr, argument: str = "hyperparameter") -> Any:
        """A hyperparameter as a number; as it is where an algebra says nothing else."""
        return value

    def numbers(self, stage: Any) -> list[Any]:
        """The formulas of a stage as numbers."""
        return [self.number(value, name) for name, value in stage.formulas.items()]

    def angle(self, r: Any, square: Any) -> Any:
        """(2/pi) arcsin(r / sqrt(square)); 0 where the square is."""
        raise NotImplementedError

    def angle_and_root(self, r: Any, square: Any, rest: Any) -> tuple[Any, Any]:
        """`angle`, and the root of square - r^2, which is ``rest``."""
        return self.angle(r, square), self.functions["sqrt"](rest)

    def minor(self, r: Any, p: Any, q: Any) -> Any:
        """p q - r^2, which is not negative."""
        return p * q - r * r

    def cosine(self, r: Any, p: Any, q: Any) -> Any:
        """r / sqrt(p q)."""
        raise NotImplementedError

    def relu_dual(self, r: Any, p: Any, q: Any) -> Any:
        """E relu(u) relu(w) of Gaussian (u, w) with variances p, q and covariance r."""
        raise NotImplementedError

    def embedded(self, token: Any, position: Any, constant: Any) -> Any:
        """The matrix token [x_a = y_b] + position [a = b] + constant."""
        raise NotImplementedError

    def embedded_letters(self, covariance: Any, position: Any, constant: Any) -> Any:
        """The matrix C[x_a, y_b] + position [a = b] + constant, C a `LetterCovariance`."""
        raise NotImplementedError

    def product(self, left: Any, values: Any, right: Any) -> Any:
        """G V H^T, with G and H as `sides` gave them."""
        raise NotImplementedError

    # -- what depends on one sequence ----------------------------------------------------------

    def sides(self, function: Callable[[Any], Any], state: Any) -> tuple[Any, Any]:
        """``function`` of the state of (x, x) and of that of (y, y), at this stage of the pipeline.

        Both runs ask in the same order, since they visit the same stages; so the answers are a list.
        """
        if self.kept is not None:
            self.kept.append(function(state))
            left = right = self.kept[-1]
        else:
            left, right = (side[self._asked] for side in self.alone())
            self._asked += 1
        return self.placed(left, 0), self.placed(right, 1)

    def alone(self) -> tuple[list[Any], list[Any]]:
        """What the runs on x alone and on y alone have kept."""
        raise NotImplementedError

    def placed(self, value: Any, side: int) -> Any:
        """What one sequence gave, in the order of the pair's matrices."""
        return value

    def added(self, number: Any, other: Any) -> Any:
        """The sum of two numbers."""
        return number + other

    # -- steps ---------------------------------------------------------------------------------

    def mapped(self, matrix: Any, stage: Any) -> Any:
        """An entrywise stage on a matrix."""
        return self._by_entry(matrix, stage, "entry")

    def mapped_number(self, number: Any, stage: Any) -> Any:
        """An entrywise stage after the readout."""
        return self._of_number(number, stage, "entry")

    def slopes(self, matrix: Any, stage: Any) -> Any:
        """The derivative of an entrywise stage in each entry."""
        return self._by_entry(matrix, stage, "slope")

    def slope_of_number(self, number: Any, stage: Any) -> Any:
        """The same after the readout."""
        return self._of_number(number, stage, "slope")

    def _by_entry(self, matrix: Any, stage: Any, part: str) -> Any:
        p, q = self.sides(lambda k: k.diagonal(), matrix) if stage.uses_variances else (None, None)
        return matrix.mapped(self.entry(stage, part), p, q)

    def _of_number(self, number: Any, stage: Any, part: str) -> Any:
        p, q = self.sides(lambda k: k, number) if stage.uses_variances else (None, None)
        return self.entry(stage, part)(number, p, q)

    def entry(self, stage: Any, part: str = "entry") -> EntryMap:
        """The map of an entrywise stage, or its slope."""
        return cast("EntryMap", getattr(stage, part)(self))

    def attended(self, matrix: Any, values: Any, average: bool) -> Any:
        """K_ac sum_bd K_bd E_bd, over L^2 for an average."""
        return self.weighed(matrix, matrix, values, average)

    def weighed(self, matrix: Any, keys: Any, values: Any, average: bool) -> Any:
        """M_ac sum_bd K_bd E_bd, over L^2 for an average."""
        return matrix.scaled(keys.overlap(values), self.length**2 if average else 1)

    def tied(self, matrix: Any, values: Any, stage: Any) -> Any:
        """G(x) E(x, y) G(y)^T with the rows G that the stage makes of K."""
        left, right = self.sides(lambda k: stage.rows(self, k), matrix)
        return self.product(left, values, right)

    def softmax(self, scores: Any) -> Any:
        """exp of each entry, over the sum of its row."""
        exp = self.functions["exp"]
        return scores.mapped(lambda r, p, q: exp(r)).normalised()

    @classmethod
    def require(cls, stages: Sequence[Step]) -> None:
        """Refuse a stage without an action here; the error names the algebras in which the whole pipeline has one."""
        for stage in stages:
            why = stage.gap(cls.name)
            if why is not None:
                kinds = sorted(
                    (a for a in Algebra.__subclasses__() if a.gives), key=lambda a: a.name
                )
                exist = [a.gives for a in kinds if all(s.gap(a.name) is None for s in stages)]
                raise NoAction(
                    str(stage), cls.name, f"{why}, so that the kernel {cls.lacks}", exist
                )
