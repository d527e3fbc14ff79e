"""The kernel by its recursion: what each stage makes of the matrices of a pair of sequences."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from itertools import zip_longest
from typing import Any

from .claimed_formulas import evaluated, shortened
from .intervals import ONE, Interval, arcsine, exponential, pi, square_root
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
    """k(x, y), given the letters (x_a, y_a), by running the recursion on the matrices K(x, y) and, where they matter, K(x, x) and K(y, y)."""
    x, y = zip(*letters)
    pairs = ((x, y), (x, x), (y, y)) if alone else ((x, y),)
    length = len(x)

    def embedded(known: Any, with_positions: bool) -> list[Matrix]:
        none = known["constant"]
        position = none + (known["position"] if with_positions else number(0))
        entry = {
            (False, False): none,
            (True, False): none + known["token"],
            (False, True): position,
            (True, True): position + known["token"],
        }
        return [
            [[entry[s == t, a == b] for b, t in enumerate(right)] for a, s in enumerate(left)]
            for left, right in pairs
        ]

    def run(stages: Any, with_positions: bool) -> list[Matrix]:
        before = now = embedded(stages[0][1], with_positions)
        for i, (name, known) in enumerate(stages[1:], 1):
            spend(len(now) * len(now[0]) ** 2)
            for m in now:
                shortened(m[0][-1])
            if name == "residual":
                now = [_entrywise(operator.add, m, n) for m, n in zip(now, before)]
                continue
            before, entered = now, now
            if name == "attention":
                values = entered if known["positions_in_values"] else run(stages[:i], False)
                now = _attention(entered, values, known, length)
            elif name == "linear":
                now = [_linear(m, known["weight"], known["bias"]) for m in entered]
            elif name == "mlp":
                now = _mlp(entered, known["activation"], number)
            elif name == "mean_pool":
                now = [[[_total(m) * Fraction(1, length * length)]] for m in entered]
            elif name == "flatten":
                diagonals = [[[m[a][a] for a in range(length)]] for m in entered]
                now = [[[_total(m) * Fraction(1, length)]] for m in diagonals]
            else:
                now = [[[m[length - 1][length - 1]]] for m in entered]
        return now

    return run(stages, True)[0][0][0]


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


def _attention(
    entered: list[Matrix], values: list[Matrix], known: Any, length: int
) -> list[Matrix]:
    if known["query_key"] == "independent":
        scale = Fraction(1, length * length) if known["normalize"] else Fraction(1)
        factors = (_total(_entrywise(operator.mul, m, e)) * scale for m, e in zip(entered, values))
        return [_linear(m, factor) for m, factor in zip(entered, factors)]
    maps = []
    for scores in entered[1:]:
        if known["row_map"] == "softmax":
            rows = _entrywise(exponential, scores)
            maps.append([_linear([row], 1 / _total([row]))[0] for row in rows])
        else:
            mapped = _entrywise(_ROW_MAPS[known["row_map"]], scores)
            maps.append(_linear(mapped, Fraction(1, length if known["normalize"] else 1)))
    g, h = maps
    return [
        _matrix_product(_matrix_product(p, e), [list(column) for column in zip(*q)])
        for (p, q), e in zip(((g, h), (g, g), (h, h)), values)
    ]


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


def _mlp(entered: list[Matrix], activation: Any, number: Number) -> list[Matrix]:
    of_xy, of_x, of_y = entered
    result = []
    spend(1000 if isinstance(activation, str) else 20 * len(activation) ** 2)
    for m, left, right in ((of_xy, of_x, of_y), (of_x, of_x, of_x), (of_y, of_y, of_y)):
        p = [[left[a][a]] * len(row) for a, row in enumerate(m)]
        q = [[right[b][b] for b in range(len(row))] for row in m]
        result.append(_entrywise(lambda p, q, r: _gaussian(activation, p, q, r, number), p, q, m))
    return result


def _gaussian(activation: Any, p: Any, q: Any, r: Any, number: Number) -> Any:
    """E phi(u) phi(w), variances p, q and covariance r: Stein's lemma, Cho and Saul (2009), Williams (1997)."""
    if activation == "relu":
        norm = square_root(p * q)
        if norm.lo <= 0:
            raise CannotCheck("relu of a variable whose variance may be zero")
        c = r / norm
        c = Interval(max(c.lo, -ONE), min(c.hi, ONE))
        root = square_root(Interval.of(1) - c * c)
        return norm * (root + (pi() * Fraction(1, 2) + arcsine(c)) * c) / (2 * pi())
    if activation == "erf":
        return 2 / pi() * arcsine(2 * r / square_root((1 + 2 * p) * (1 + 2 * q)))

    @cache
    def moment(a: int, b: int) -> Any:
        """E u^a w^b = (a - 1) p E u^(a-2) w^b + b r E u^(a-1) w^(b-1)."""
        if a == 0:
            return (b - 1) * q * moment(0, b - 2) if b >= 2 else number(1 - b)
        value = (a - 1) * p * moment(a - 2, b) if a >= 2 else number(0)
        spend(20)
        return shortened(value + b * r * moment(a - 1, b - 1) if b else value)

    total = number(0)
    for a, c in enumerate(activation):
        for b, e in enumerate(activation):
            total = shortened(total + c * e * moment(a, b))
    return total
