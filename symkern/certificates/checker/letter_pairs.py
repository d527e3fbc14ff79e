r"""The kernel on sequences given by how often each pair of letters (x_a, y_a) occurs, at lengths that nobody writes out.

Positions of one pair of letters are alike. A matrix on positions is therefore C + diag(D), C one number for each two kinds of positions and D one for each
kind, and with n the numbers of positions

    (C + D)(C' + D') = C n C' + D C' + C D' + D D'.

K(x, x) takes the letters of x alone, and is kept for the next y. The numbers n need not be whole: the kernel is an analytic function of them. Arithmetic of
decimals in the precision in force, without proven ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, getcontext
from operator import add, mul
from typing import Any

from .many_decimals import exponential_of
from .smooth_activations import cosine_of, norm_of

Letters = tuple[int, int]
Kinds = Sequence[tuple[Letters, Decimal]]  # the letters of x and y, and how many positions


@dataclass(frozen=True)
class _Blocks:
    """C and D."""

    constant: list[list[Decimal]]
    diagonal: list[Decimal]

    def mapped(self, function: Callable[..., Decimal], *others: _Blocks) -> _Blocks:
        """A function of entries at one place."""
        rows = zip(self.constant, *(m.constant for m in others))
        constant = [list(map(function, *row)) for row in rows]
        ends = zip(*(m.variances() for m in (self, *others)))
        alike = [function(*end) for end in ends]
        return _Blocks(constant, [d - constant[i][i] for i, d in enumerate(alike)])

    def variances(self) -> list[Decimal]:
        """The entries at one position."""
        return [row[i] + d for i, (row, d) in enumerate(zip(self.constant, self.diagonal))]

    def transposed(self) -> _Blocks:
        return _Blocks([list(column) for column in zip(*self.constant)], self.diagonal)

    def spread(self, kinds: list[int]) -> _Blocks:
        """On kinds that are finer: each has one of ours; behind a readout there is one place."""
        if len(self.diagonal) == 1:
            return self
        constant = [[self.constant[i][j] for j in kinds] for i in kinds]
        return _Blocks(constant, [self.diagonal[i] for i in kinds])


@dataclass(frozen=True)
class _State:
    """K, and T where weights are trained."""

    covariance: _Blocks
    tangent: _Blocks | None

    def mapped(self, function: Any, *others: _State, own: Any = None) -> _State:
        found = self.covariance.mapped(function, *(o.covariance for o in others))
        if self.tangent is None:
            return _State(found, None)
        tangents = [o.tangent for o in others if o.tangent is not None]
        return _State(found, self.tangent.mapped(own or function, *tangents))

    def with_weights(self, matrices: int) -> _State:
        if self.tangent is None:
            return self
        tangent = self.tangent.mapped(lambda t, e: t + matrices * e, self.covariance)
        return _State(self.covariance, tangent)


class PairedLetters:
    """The kernel of these ``stages``, decimals in place of formulas and expectations in place of activations; the last kind is the last position's where one is ``fixed``."""

    def __init__(self, stages: Any, length: Decimal, fixed: bool) -> None:
        self.stages, self.length, self.fixed = stages, length, fixed
        self.trained = stages[-1][0] == "ntk"
        alone = [i for i, stage in enumerate(stages) if _takes_variances(*stage)]
        self.last = max(alone, default=0)  # behind it K(x, x) and K(y, y) matter no more
        self._kept: dict[Any, list[_End]] = {}

    def value(self, kinds: Kinds) -> Decimal:
        """k(x, y)."""
        ends: list[list[_End]] = []
        for side in (0, 1):
            numbers = [Decimal(0), Decimal(0)]
            for letters, n in kinds[: len(kinds) - self.fixed]:
                numbers[letters[side]] += n
            one: list[tuple[Letters, Decimal]] = [((t, t), n) for t, n in enumerate(numbers)]
            places = [letters[side] for letters, _ in kinds]
            if self.fixed:
                letter = places[-1]
                one.append(((letter, letter), Decimal(1)))
                places[-1] = 2
            ends.append([end.spread(places) for end in self._alone(tuple(one))])
        found = _Run(self, kinds, (ends[0], ends[1])).through(self.stages, True)[-1]
        read = found.covariance if found.tangent is None else found.tangent
        return read.constant[0][0]

    def _alone(self, kinds: Any) -> list[_End]:
        """K(x, x) before each stage, as far as one takes it."""
        key = kinds, getcontext().prec
        if key not in self._kept:
            if len(self._kept) > 10_000:
                self._kept.clear()
            run = _Run(self, kinds, None)
            states = run.through(self.stages[: self.last], True)
            found = []
            for state, (name, known) in zip(states, self.stages[1:]):
                tied = name == "attention" and known["query_key"] == "tied"
                m = state.covariance
                found.append(_End(m, run.row_map(m, known) if tied else None))
            self._kept[key] = found
        return self._kept[key]


@dataclass(frozen=True)
class _End:
    """K(x, x), and its row map where the next stage takes that."""

    covariance: _Blocks
    rows: _Blocks | None

    def spread(self, kinds: list[int]) -> _End:
        rows = None if self.rows is None else self.rows.spread(kinds)
        return _End(self.covariance.spread(kinds), rows)


class _Run:
    """The recursion on one pair of sequences: ``ends`` are K(x, x) and K(y, y) before each stage, None of a sequence with itself."""

    def __init__(
        self, kernel: PairedLetters, kinds: Kinds, ends: tuple[list[_End], list[_End]] | None
    ) -> None:
        self.length, self.ends = kernel.length, ends
        self.letters = [letters for letters, _ in kinds]
        self.numbers = [n for _, n in kinds]
        self.trained = kernel.trained and ends is not None

    def through(self, stages: Any, with_positions: bool) -> list[_State]:
        """The state behind each stage."""
        if not stages:
            return []
        states = [self._embedded(stages[0][1], with_positions)]
        for i, (name, known) in enumerate(stages[1:], 1):
            state = states[-1]
            if name == "residual":
                state = state.mapped(add, states[i - 1 - known["over"]])
            elif name == "attention":
                shared = known["positions_in_values"]
                values = state if shared else self.through(stages[:i], False)[-1]
                state = self._attention(i, state, values, known)
            elif name == "linear":
                weight, bias = known["weight"], known["bias"]
                state = state.mapped(
                    lambda e, w=weight, b=bias: w * e + b, own=lambda t, w=weight: w * t
                ).with_weights(1)
            elif name == "mlp":
                state = self._activated(i, state, *known["activation"])
            elif name == "layer_norm":
                state = self._activated(i, state, cosine_of, lambda p, q, r: 1 / norm_of(p, q))
            elif name != "ntk":
                state = self._read(name, state)
            states.append(state)
        return states

    def _sides(self, i: int, state: _State) -> tuple[_Blocks, _Blocks]:
        """K(x, x) and K(y, y) before stage i."""
        if self.ends is None:
            return state.covariance, state.covariance
        return self.ends[0][i - 1].covariance, self.ends[1][i - 1].covariance

    def _embedded(self, known: Any, with_positions: bool) -> _State:
        constant = [
            [known["constant"] + known["token"] * (one == other) for _, other in self.letters]
            for one, _ in self.letters
        ]
        position = known["position"] if with_positions else Decimal(0)
        found = _Blocks(constant, [position] * len(self.letters))
        return _State(found, found if self.trained else None)

    def _total(self, m: _Blocks) -> Decimal:
        """The sum over all pairs of positions."""
        rows = (sum(map(mul, row, self.numbers), d) for row, d in zip(m.constant, m.diagonal))
        return sum(map(mul, rows, self.numbers), Decimal(0))

    def _product(self, m: _Blocks, n: _Blocks) -> _Blocks:
        columns = [list(map(mul, column, self.numbers)) for column in zip(*n.constant)]
        constant = [
            [sum(map(mul, row, column), m.diagonal[i] * n.constant[i][j] + row[j] * n.diagonal[j]) for j, column in enumerate(columns)]
            for i, row in enumerate(m.constant)
        ]  # fmt: skip
        return _Blocks(constant, list(map(mul, m.diagonal, n.diagonal)))

    def _attention(self, i: int, entered: _State, values: _State, known: Any) -> _State:
        if known["query_key"] == "independent":
            return self._independent(entered, values, known)
        g, h = self._row_maps(i, entered, known)
        behind = h.transposed()

        def attended(e: _Blocks) -> _Blocks:
            return self._product(self._product(g, e), behind)

        tangent = None if values.tangent is None else attended(values.tangent)
        return _State(attended(values.covariance), tangent).with_weights(2)

    def _row_maps(self, i: int, entered: _State, known: Any) -> tuple[_Blocks, _Blocks]:
        if self.ends is None:
            own = self.row_map(entered.covariance, known)
            return own, own
        g, h = self.ends[0][i - 1].rows, self.ends[1][i - 1].rows
        assert g is not None and h is not None
        return g, h

    def row_map(self, scores: _Blocks, known: Any) -> _Blocks:
        if known["row_map"] == "softmax":
            rows = scores.mapped(exponential_of)
            sums = [sum(map(mul, row, self.numbers), d) for row, d in zip(rows.constant, rows.diagonal)]  # fmt: skip
            constant = [[e / z for e in row] for row, z in zip(rows.constant, sums)]
            return _Blocks(constant, [d / z for d, z in zip(rows.diagonal, sums)])
        below = self.length if known["normalize"] else Decimal(1)
        return scores.mapped(lambda e: _ROW_MAPS[known["row_map"]](e) / below)

    def _independent(self, entered: _State, values: _State, known: Any) -> _State:
        """K_ac sum_bd K_bd E_bd / L^2, and its derivative by the product rule."""
        scale = 1 / self.length**2 if known["normalize"] else Decimal(1)

        def weight(m: _Blocks, e: _Blocks) -> Decimal:
            return scale * self._total(m.mapped(mul, e))

        k, e, t, u = entered.covariance, values.covariance, entered.tangent, values.tangent
        both = weight(k, e)
        found = k.mapped(lambda entry: both * entry)
        if t is None or u is None:
            return _State(found, None)
        changed = weight(t, e) + weight(k, u)
        moved = t.mapped(lambda a, b: both * a + changed * b, k)
        return _State(found, moved).with_weights(4)

    def _activated(self, i: int, state: _State, dual: Any, slope: Any) -> _State:
        left, right = (m.variances() for m in self._sides(i, state))

        def mapped(pair: Any) -> _Blocks:
            """Both ends of an entry are variances of its two positions."""
            m = state.covariance
            constant = [
                [pair(p, q, e) for q, e in zip(right, row)] for p, row in zip(left, m.constant)
            ]
            ends = list(zip(left, right, m.diagonal, m.variances()))
            alike = [pair(p, q, e) if d else constant[i][i] for i, (p, q, d, e) in enumerate(ends)]
            return _Blocks(constant, [a - constant[i][i] for i, a in enumerate(alike)])

        if state.tangent is None:
            return _State(mapped(dual), None)
        return _State(mapped(dual), state.tangent.mapped(mul, mapped(slope)))

    def _read(self, name: str, state: _State) -> _State:
        def one(m: _Blocks) -> _Blocks:
            if name == "mean_pool":
                value = self._total(m) / self.length**2
            elif name == "flatten":
                value = sum(map(mul, m.variances(), self.numbers), Decimal(0)) / self.length
            else:
                value = m.variances()[-1]
            return _Blocks([[value]], [Decimal(0)])

        tangent = None if state.tangent is None else one(state.tangent)
        return _State(one(state.covariance), tangent)


def _takes_variances(name: str, known: Any) -> bool:
    """Whether a stage takes K(x, x) and K(y, y)."""
    tied = name == "attention" and known["query_key"] == "tied"
    return tied or name in ("mlp", "layer_norm")


_ROW_MAPS: dict[str, Callable[[Decimal], Decimal]] = {
    "identity": lambda e: e,
    "relu": lambda e: max(e, Decimal(0)),
    "abs": abs,
}
