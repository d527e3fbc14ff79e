"""The kernel by its recursion: what each stage makes of the matrices of a pair of sequences."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import zip_longest
from typing import Any

from .claimed_activations import Pair, cosine, of_polynomial, root_of_product
from .claimed_formulas import evaluated, shortened
from .intervals import Interval, exponential
from .verdicts import CannotCheck, Matrix, Number, Values, spend


def polynomial_of(tree: Any, values: Values, number: Number) -> list[Any]:
    """Coefficients in x, lowest first, of an activation."""
    kind = tree[0]
    if kind == "name" and tree[1] == "x":
        return [number(0), number(1)]
    if kind == "sum":
        total: list[Any] = []
        for sign, term in tree[1]:
            signed = [sign * c for c in polynomial_of(term, values, number)]
            total = [p + q for p, q in zip_longest(total, signed, fillvalue=number(0))]
        return total
    if kind == "product":
        result = [number(1)]
        for sign, factor in tree[1]:
            value = polynomial_of(factor, values, number)
            if sign < 0:
                if len(value) != 1:
                    raise CannotCheck("an activation that is no polynomial in x")
                value = [1 / value[0]]
            result = _times(result, value, number)
        return result
    if kind == "power" and tree[2] >= 0:
        if tree[2] > 40:
            raise CannotCheck("not checkable within the budget: an activation of degree above 40")
        base, result = polynomial_of(tree[1], values, number), [number(1)]
        for _ in range(tree[2]):
            result = _times(result, base, number)
        return result
    return [evaluated(tree, values, number)]


def _times(p: Any, q: Any, number: Number) -> list[Any]:
    if len(p) + len(q) > 42:
        raise CannotCheck("not checkable within the budget: an activation of degree above 40")
    result = [number(0)] * (len(p) + len(q) - 1)
    spend(len(p) * len(q))
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] = result[i + j] + a * b
    return result


def kernel_value(stages: Any, letters: Iterable[Any], number: Number, alone: bool) -> Any:
    """k(x, y), given the letters (x_a, y_a), by running the recursion on the matrices K(x, y) and, where they matter, K(x, x) and K(y, y).

    Behind ntk it is the tangent kernel: beside K(x, y) runs T(x, y), the sum over all weights of products of derivatives, in which a layer's own
    weights add its output K' once for each matrix that the output is linear in: four of independent attention, two of tied attention, one of a linear layer.
    """
    x, y = zip(*letters)
    pairs = ((x, y), (x, x), (y, y)) if alone else ((x, y),)
    if x == y:
        pairs = pairs[:1]
    length = len(x)
    trained = stages[-1][0] == "ntk"

    def embedded(known: Any, with_positions: bool) -> list[Matrix]:
        none = known["constant"]
        position = none + (known["position"] if with_positions else number(0))
        entry = {
            (False, False): none,
            (True, False): none + known["token"],
            (False, True): position,
            (True, True): position + known["token"],
        }
        made = [
            [[entry[s == t, a == b] for b, t in enumerate(right)] for a, s in enumerate(left)]
            for left, right in pairs
        ]
        return made * 3 if alone and x == y else made  # of one sequence all three are one matrix

    def run(stages: Any, with_positions: bool) -> State:
        now = embedded(stages[0][1], with_positions)
        state = State(now, now[0] if trained else None)
        states = [state]
        for i, (name, known) in enumerate(stages[1:], 1):
            spend(len(now) * len(now[0]) ** 2 * (1 + trained))
            for m in state.all:
                shortened(m[0][-1])
            if name == "residual":
                state = state.mapped(_plus, states[i - 1 - known.get("over", 1)])
            elif name == "attention":
                values = state if known["positions_in_values"] else run(stages[:i], False)
                state = _attention(state, values, known, length)
            elif name == "linear":
                weight = partial(_linear, weight=known["weight"])
                whole = partial(weight, bias=known["bias"])
                state = state.mapped(whole, own=weight).with_weights(1)
            elif name == "mlp":
                activation = known["activation"]
                if isinstance(activation, list):
                    activation = of_polynomial(activation, number)
                state = _mapped(state, activation.dual, activation.slope)
            elif name == "layer_norm":
                state = _mapped(state, cosine, lambda p, q, r: 1 / root_of_product(p, q))
            elif name != "ntk":
                state = state.mapped(partial(_read, name, length))
            states.append(state)
        return state

    found = run(stages, True)
    read = found.tangent if trained else found.covariances[0]
    return (read or [])[0][0]


@dataclass(frozen=True)
class State:
    """K(x, y) and, where they matter, K(x, x) and K(y, y); and T(x, y) where weights are trained."""

    covariances: list[Matrix]
    tangent: Matrix | None

    @property
    def all(self) -> list[Matrix]:
        return self.covariances + ([] if self.tangent is None else [self.tangent])

    def mapped(self, function: Any, *others: State, own: Any = None) -> State:
        """A function of each matrix, ``own`` of the tangent where it is another; an object that stands twice is mapped once."""
        known: dict[int, Matrix] = {}
        found = []
        for i, m in enumerate(self.covariances):
            if id(m) not in known:
                known[id(m)] = function(m, *(s.covariances[i] for s in others))
            found.append(known[id(m)])
        if self.tangent is None:
            return State(found, None)
        return State(found, (own or function)(self.tangent, *(s.tangent for s in others)))

    def with_weights(self, matrices: int) -> State:
        """T + matrices K."""
        if self.tangent is None:
            return self
        k = self.covariances[0]
        return State(self.covariances, _entrywise(lambda t, e: t + e * matrices, self.tangent, k))


def _plus(*matrices: Matrix) -> Matrix:
    return _entrywise(operator.add, *matrices)


def _read(name: str, length: int, m: Matrix) -> Matrix:
    """A readout."""
    if name == "mean_pool":
        return [[_total(m) * Fraction(1, length * length)]]
    if name == "flatten":
        return [[_total([[m[a][a] for a in range(length)]]) * Fraction(1, length)]]
    return [[m[length - 1][length - 1]]]


def _entrywise(function: Callable[..., Any], *matrices: Matrix) -> Matrix:
    """A function of entries at one place; entries are few objects at many places, and each combination is computed once."""
    known, result = {}, []
    for rows in zip(*matrices):
        row = []
        for entries in zip(*rows):
            key = tuple(map(id, entries))
            if key not in known:
                known[key] = function(*entries)
            row.append(known[key])
        result.append(row)
    return result


def _linear(matrix: Matrix, weight: Any, bias: Any = 0) -> Matrix:
    return _entrywise(lambda e: e * weight + bias, matrix)


def _total(matrix: Matrix) -> Any:
    """Sum of the entries, equal objects counted first."""
    objects = {id(e): e for row in matrix for e in row}
    counts = Counter(id(e) for row in matrix for e in row)
    return sum(objects[key] * n for key, n in counts.items())


def _attention(entered: State, values: State, known: Any, length: int) -> State:
    if known["query_key"] == "independent":
        scale = Fraction(1, length * length) if known["normalize"] else Fraction(1)

        def weight(m: Matrix, e: Matrix) -> Any:
            return _total(_entrywise(operator.mul, m, e)) * scale

        result = entered.mapped(lambda m, e: _linear(m, weight(m, e)), values, own=lambda t, u: t)
        if entered.tangent is None or values.tangent is None:
            return result
        k, e, t, u = entered.covariances[0], values.covariances[0], entered.tangent, values.tangent
        # The derivative of K_ac sum K_bd E_bd by the product rule.
        moved = _plus(_linear(t, weight(k, e)), _linear(k, weight(t, e) + weight(k, u)))
        return State(result.covariances, moved).with_weights(4)
    maps = []
    for scores in entered.covariances[1:]:
        if known["row_map"] == "softmax":
            rows = _entrywise(exponential, scores)
            maps.append([_linear([row], 1 / _total([row]))[0] for row in rows])
        else:
            mapped = _entrywise(_ROW_MAPS[known["row_map"]], scores)
            maps.append(_linear(mapped, Fraction(1, length if known["normalize"] else 1)))
    g, h = maps

    def attended(p: Matrix, e: Matrix, q: Matrix) -> Matrix:
        return _matrix_product(_matrix_product(p, e), [list(column) for column in zip(*q)])

    if entered.covariances[0] is entered.covariances[1]:
        now = [attended(g, values.covariances[0], g)] * 3
    else:
        now = [attended(*ends) for ends in zip((g, g, h), values.covariances, (h, g, h))]
    tangent = None if values.tangent is None else attended(g, values.tangent, h)
    return State(now, tangent).with_weights(2)


def _positive_part(e: Any) -> Any:
    if isinstance(e, Interval):
        return Interval(max(e.lo, 0), max(e.hi, 0))
    return max(e, Fraction(0))


_ROW_MAPS = {
    "identity": lambda e: e,
    "relu": _positive_part,
    "abs": lambda e: _positive_part(e) + _positive_part(-e),
}


def _matrix_product(m: Matrix, n: Matrix) -> Matrix:
    columns, products, sums, result = list(zip(*n)), {}, {}, []
    spend(len(m) * len(n) * len(columns) // 2)
    for row in m:
        entries = []
        for column in columns:
            counts = Counter(zip(map(id, row), map(id, column)))
            pattern = frozenset(counts.items())  # equal sums stay one object, for the next product
            if pattern not in sums:
                factors = {(id(p), id(q)): (p, q) for p, q in zip(row, column)}
                total = 0
                for key, times in counts.items():
                    if key not in products:
                        products[key] = factors[key][0] * factors[key][1]
                    total = total + products[key] * times
                sums[pattern] = total
            entries.append(sums[pattern])
        result.append(entries)
    return result


def _mapped(state: State, dual: Pair, slope: Pair) -> State:
    """``dual`` of the variances and the covariance at each place, and T times ``slope``."""
    of_xy, of_x, of_y = state.covariances

    def variances(m: Matrix, left: Matrix, right: Matrix) -> tuple[Matrix, Matrix]:
        return (
            [[left[a][a]] * len(row) for a, row in enumerate(m)],
            [[right[b][b] for b in range(len(row))] for row in m],
        )

    known: dict[int, Matrix] = {}
    for m, left, right in ((of_xy, of_x, of_y), (of_x, of_x, of_x), (of_y, of_y, of_y)):
        if id(m) not in known:
            known[id(m)] = _entrywise(dual, *variances(m, left, right), m)
    now = [known[id(m)] for m in state.covariances]
    if state.tangent is None:
        return State(now, None)
    ends = variances(of_xy, of_x, of_y)
    slopes = _entrywise(slope, *ends, of_xy)
    return State(now, _entrywise(operator.mul, state.tangent, slopes))
