#!/usr/bin/env python3
r"""Confirms or refutes a certificate by brute force. Standard library alone: ``python checker.py FILE...``.

A certificate is a claim in JSON: formulas as text and the sizes at which they are claimed. This program shares no code
with what wrote it. It reads formulas by a grammar of its own, never evaluates text as code, and computes in fractions.

**Spectra.** The claim: the operator (T f)(x) = sum_y k(x, y) P(y) f(y) on functions of sequences of L tokens has, for each
sector, the roots of a polynomial as eigenvalues, each `dimension` times. The kernel is evaluated on sequences by its own
recursion, at given sizes and values of the hyperparameters, and

    sum over sectors of dimension x trace(block^j)  =  trace(T^j),     j = 1, ..., 2p + 2,

is compared exactly, p a bound on the number of distinct nonzero claimed eigenvalues. These j suffice. T is similar to a symmetric matrix, so that its nonzero
eigenvalues t_i are real and trace(T^j) = sum_i n_i t_i^j with n_i > 0. Let g(x) = x^2 prod (x - c)^2 over the nonzero claimed values c. It is real and not negative on the
real line, and a combination of x^2, ..., x^(2p+2); so sum_i n_i g(t_i) is equal to the same sum over the claimed values, which is zero: every t_i is
a claimed value. Then the equations j = 1, ..., p are a Vandermonde system for the differences of the multiplicities, so that these vanish.
That holds at the sizes and hyperparameters that are visited; a formula that is wrong elsewhere only would have to agree with the right one at all of them.

Below the sizes at which the sectors are claimed to be the spectrum, dimensions may be zero or negative and the equations are claimed as they stand. Where the sectors are
the spectrum, dimensions must also be those of the irreps, by counting standard tableaux; that each block belongs to its irrep is not tested beyond this.

Sequences are counted by classes: (T^j)[x, x] is the same along an orbit of position and token permutations, and so is (T^j)[x, y] along an orbit of the stabiliser of x,
so that one x of each orbit needs powers of a small matrix (an equitable partition). Up to 27 sequences the whole matrix is multiplied out instead, which uses no symmetry at all.

**Irrational kernels** (softmax, relu, erf) are enclosed in intervals of 256 binary digits with proven ends; the claim is then confirmed
up to the stated width.

Exit status: 0 all confirmed, 1 one refuted, 2 one that cannot be read or checked.
"""

from __future__ import annotations

import argparse
import json
import operator
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import combinations, dropwhile, pairwise, permutations, product, zip_longest
from math import factorial, isqrt, lcm, prod
from textwrap import indent, wrap
from typing import Any

FORMAT = 1

Number = Callable[[Any], Any]  # makes a fraction, or an interval, of a number
Values = Mapping[str, Any]
Matrix = list[list[Any]]
Step = Callable[[str], object]


class CannotCheck(Exception):
    """The certificate cannot be read, or its claim is outside what this program can decide."""


class _Pole(Exception):
    """A formula divides by zero at this point."""


@dataclass(frozen=True)
class Report:
    """What came of one certificate: ``verdict`` ("confirmed", "refuted" or "not checkable") and the lines that tell why."""

    verdict: str
    title: str
    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Report({self.verdict!r}, {self.title!r}, {self.lines!r})"

    def __str__(self) -> str:
        lines = wrap(self.title, 76) or [""]
        for line in (*self.lines, self.verdict):
            lines += wrap(line, 76, initial_indent="  ", subsequent_indent="    ")
        return "\n".join(lines)


class _Refuted(Exception):
    """Both sides at the first place where they differ."""

    def __init__(self, where: str, *lines: str) -> None:
        self.lines = (f"differs at {where}", *lines)


# -- intervals --------------------------------------------------------------------------

BITS = 256
ONE = 1 << BITS


class Interval:
    """The real numbers between two integers over 2^256; every operation rounds outwards."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: int, hi: int) -> None:
        self.lo, self.hi = lo, hi

    @classmethod
    def of(cls, value: Any) -> Interval:
        if isinstance(value, Interval):
            return value
        value = Fraction(value)
        scaled = value.numerator << BITS
        return cls(scaled // value.denominator, -(-scaled // value.denominator))

    def __add__(self, other: Any) -> Interval:
        other = Interval.of(other)
        return Interval(self.lo + other.lo, self.hi + other.hi)

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo)

    def __sub__(self, other: Any) -> Interval:
        return self + (-Interval.of(other))

    def __rsub__(self, other: Any) -> Interval:
        return Interval.of(other) - self

    def __mul__(self, other: Any) -> Interval:
        if isinstance(other, int):
            ends = (self.lo * other, self.hi * other)
            return Interval(min(ends), max(ends))
        other = Interval.of(other)
        low, high = other.lo, other.hi
        products = (self.lo * low, self.lo * high, self.hi * low, self.hi * high)
        return Interval(min(products) >> BITS, -(-max(products) >> BITS))

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Interval:
        other = Interval.of(other)
        if other.lo == other.hi == 0:
            raise _Pole
        if other.lo <= 0 <= other.hi:
            raise CannotCheck("a divisor too near zero to tell it from zero")
        pairs = [(a << BITS, b) for a in (self.lo, self.hi) for b in (other.lo, other.hi)]
        return Interval(min(a // b for a, b in pairs), max(-(-a // b) for a, b in pairs))

    def __rtruediv__(self, other: Any) -> Interval:
        return Interval.of(other) / self

    def __pow__(self, n: int) -> Interval:
        result = Interval(ONE, ONE)
        for _ in range(abs(n)):
            result = result * self
        return 1 / result if n < 0 else result

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        return Fraction(self.lo, ONE), Fraction(self.hi, ONE)


def _sqrt(value: Any) -> Interval:
    value = Interval.of(value)
    if value.hi < 0:
        raise CannotCheck("a root of a negative number")
    return Interval(isqrt(max(value.lo, 0) << BITS), isqrt(value.hi << BITS) + 1)


def _exp(value: Any) -> Interval:
    """exp, which increases, on both ends."""
    value = Interval.of(value)
    if max(abs(value.lo), abs(value.hi)) > ONE << 20:
        raise CannotCheck("an exponential of a number above 2^20")
    return Interval(_exp_of(value.lo).lo, _exp_of(value.hi).hi)


@lru_cache(maxsize=10_000)
def _exp_of(end: int) -> Interval:
    """At one number over 2^256: halve until below 1/2, Taylor with its remainder, square back."""
    halvings = max(0, abs(end).bit_length() - BITS + 1)
    t = Interval(end >> halvings, -(-end >> halvings))
    term, total = Interval(ONE, ONE), Interval(ONE, ONE)
    for n in range(1, 70):
        term = term * t / Interval(n << BITS, n << BITS)
        total = total + term
    rest = abs(term.lo) + abs(term.hi) + 1  # above the geometric series of what is left out
    total = Interval(total.lo - rest, total.hi + rest)
    for _ in range(halvings):
        total = total * total
    return total


def _arctan(value: Any) -> Interval:
    """At one number or a narrow interval around it: halve the angle, then the alternating series with its remainder."""
    for _ in range(6):
        value = value / (1 + _sqrt(1 + value * value))
    square, power, total = value * value, value, value
    for n in range(1, 60):
        power = power * square
        total = total + power * Fraction((-1) ** n, 2 * n + 1)
    rest = abs(power.lo) + abs(power.hi) + 1
    return Interval(total.lo - rest, total.hi + rest) * 64


def _arcsin(value: Any) -> Interval:
    """2 arctan(t/(1 + sqrt(1 - t^2))), increasing; the argument is a correlation, so at most 1."""
    ends = []
    for end in (value.lo, value.hi):
        end = min(max(end, -ONE), ONE)
        t = Interval(end, end)
        ends.append(2 * _arctan(t / (1 + _sqrt(1 - t * t))))
    return Interval(ends[0].lo, ends[1].hi)


@cache
def _pi() -> Interval:
    return 4 * _arctan(Interval(ONE, ONE))


# -- formulas ---------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|([A-Za-z_][A-Za-z_0-9]*)|(\*\*|[-+*/^()]))"
)
_FUNCTIONS = ("sqrt", "exp")


class Formula:
    """A formula read from text: sums, products, integer powers, parentheses, sqrt and exp.

    ``at(values, number)`` is its value with the names replaced; ``number`` makes a number of a fraction.
    """

    def __init__(self, text: Any) -> None:
        if not isinstance(text, str) or len(text) > 5_000_000:
            raise CannotCheck(f"a formula must be a text, but {str(text)[:60]!r} stands")
        self.text = text
        self._tokens = []
        position, end = 0, len(text.rstrip())
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None:
                raise self._bad(position)
            self._tokens.append((found[1], found[2], found[3], found.start()))
            position = found.end()
        self._tokens.append((None, None, None, end))
        self._next = self._depth = 0
        self.names: set[str] = set()
        self.irrational = False
        self.tree = self._sum()
        if self._next != len(self._tokens) - 1:
            raise self._bad(self._tokens[self._next][3])

    def _bad(self, position: int) -> CannotCheck:
        return CannotCheck(f"no formula: position {position} of {self.text[:60]!r}")

    def _take(self, *operators: str) -> str | None:
        if self._tokens[self._next][2] in operators:
            self._next += 1
            return self._tokens[self._next - 1][2]
        return None

    def _sum(self) -> Any:
        self._depth += 1
        if self._depth > 60:
            raise CannotCheck("parentheses nest deeper than 60")
        terms = [(1, self._product())]
        while operator := self._take("+", "-"):
            terms.append((1 if operator == "+" else -1, self._product()))
        self._depth -= 1
        return ("sum", terms) if len(terms) > 1 else terms[0][1]

    def _product(self) -> Any:
        factors = [(1, self._factor())]
        while operator := self._take("*", "/"):
            factors.append((1 if operator == "*" else -1, self._factor()))
        return ("product", factors) if len(factors) > 1 else factors[0][1]

    def _factor(self) -> Any:
        negative = 0
        while sign := self._take("+", "-"):
            negative ^= sign == "-"
        value = self._power()
        return ("sum", [(-1, value)]) if negative else value

    def _power(self) -> Any:
        base = self._atom()
        if not self._take("^", "**"):
            return base
        position = self._tokens[self._next][3]
        self._depth += 1
        if self._depth > 60:
            raise CannotCheck("powers nest deeper than 60")
        exponent = _number(self._factor())
        self._depth -= 1
        if exponent is None or exponent.denominator != 1 or abs(exponent) > 1000:
            raise self._bad(position)
        return ("power", base, int(exponent))

    def _atom(self) -> Any:
        number, name, operator, position = self._tokens[self._next]
        self._next += 1
        if number is not None and len(number) < 4000:
            return ("number", Fraction(number))
        if name is not None and name not in _FUNCTIONS:
            self.names.add(name)
            return ("name", name)
        if name is not None and self._take("("):
            self.irrational = True
            inner = self._sum()
            if self._take(")"):
                return (name, inner)
        elif operator == "(":
            inner = self._sum()
            if self._take(")"):
                return inner
        raise self._bad(position)

    def at(self, values: Values, number: Number = Fraction) -> Any:
        """The value, with ``values`` for the names."""
        return _value(self.tree, values, number)


def _number(tree: Any) -> Any:
    """The fraction that an exponent writes out, or None."""
    if tree[0] == "number":
        return tree[1]
    if tree[0] == "sum" and len(tree[1]) == 1:
        inner = _number(tree[1][0][1])
        return None if inner is None else tree[1][0][0] * inner
    base = _number(tree[1]) if tree[0] == "power" else None
    if base is None or abs(base) > 1000 or (not base and tree[2] < 0):
        return None
    return base ** tree[2]


def _bits(value: Any) -> int:
    parts = (value.lo, value.hi) if isinstance(value, Interval) else value.as_integer_ratio()
    return max(int(part).bit_length() for part in parts)


def _value(tree: Any, values: Values, number: Number) -> Any:
    kind = tree[0]
    if kind == "number":
        return number(tree[1])
    if kind == "name":
        if tree[1] not in values:
            raise CannotCheck(f"the name {tree[1]!r} has no value")
        return number(values[tree[1]])
    if kind == "sum":
        total = number(0)
        for sign, term in tree[1]:
            value = _value(term, values, number)
            total = total + value if sign > 0 else total - value
        return total
    if kind == "product":
        result = number(1)
        for sign, factor in tree[1]:
            value = _value(factor, values, number)
            if sign < 0 and isinstance(value, Fraction) and not value:
                raise _Pole
            result = result * value if sign > 0 else result / value
        return result
    if kind == "power":
        base = _value(tree[1], values, number)
        if tree[2] < 0 and isinstance(base, Fraction) and not base:
            raise _Pole
        if _bits(base) * abs(tree[2]) > 1_000_000:
            raise CannotCheck("a number of more than a million bits")
        return base ** tree[2]
    if number is Fraction:
        raise CannotCheck(f"{kind} in a formula of fractions")
    return {"sqrt": _sqrt, "exp": _exp}[kind](_value(tree[1], values, number))


# -- the kernel, by its recursion ---------------------------------------------------------

_ARGUMENTS = {
    "embedding": ("token", "position", "constant"),
    "attention": ("query_key", "row_map", "normalize", "positions_in_values"),
    "residual": (),
    "linear": ("weight", "bias"),
    "mlp": ("activation",),
    "mean_pool": (),
    "flatten": (),
    "at_position": ("position",),
}
_READOUTS = ("mean_pool", "flatten", "at_position")


class Kernel:
    """A pipeline of stages; K_ab(x, y) is the covariance of the features at position a of x and b of y.

    embedding K_ab = token [x_a = y_b] + position [a = b] + constant; attention with independent queries and keys
    K'_ac = K_ac sum_bd K_bd E_bd / L^2, tied K' = G(x) E(x, y) G(y)^T with G(x) = row_map(K(x, x)), E being K or K without its positions;
    residual adds the input of the stage before; linear weight K + bias; mlp E phi(u) phi(w) for Gaussian (u, w) with covariances from K;
    mean_pool sum_ab K_ab / L^2, flatten sum_a K_aa / L, at_position the last K_aa.
    """

    def __init__(self, stages: Any) -> None:
        self.stages, self.formulas = [], []
        for entry in stages:
            name, arguments = entry
            if name not in _ARGUMENTS or set(arguments) != set(_ARGUMENTS[name]):
                raise CannotCheck(f"no stage of a kernel: {str(entry)[:60]}")
            known = dict(arguments)
            for key in ("token", "position", "constant", "weight", "bias"):
                if key in known and name in ("embedding", "linear"):
                    known[key] = Formula(known[key])
                    self.formulas.append(known[key])
            if name == "mlp" and known["activation"] not in ("relu", "erf"):
                known["activation"] = Formula(known["activation"])
                self.formulas.append(known["activation"])
            if name == "attention" and (
                known["query_key"] not in ("independent", "tied")
                or known["row_map"] not in ("identity", "softmax", "relu", "abs")
                or (known["query_key"] == "independent" and known["row_map"] != "identity")
            ):
                raise CannotCheck(f"no attention: {str(arguments)[:60]}")
            if name == "at_position" and known["position"] != "last":
                raise CannotCheck("a position other than the last")
            self.stages.append((name, known))
        names = [name for name, _ in self.stages]
        if names[:1] != ["embedding"] or sum(n in _READOUTS for n in names) != 1:
            raise CannotCheck("a kernel begins with an embedding and has one readout")
        self.readout = next(n for n in names if n in _READOUTS)
        self.irrational = any(f.irrational for f in self.formulas) or any(
            (name == "attention" and known["row_map"] == "softmax")
            or (name == "mlp" and isinstance(known["activation"], str))
            for name, known in self.stages
        )
        self.alone = any(  # whether K(x, x) and K(y, y) matter
            name == "mlp" or (name == "attention" and known["query_key"] == "tied")
            for name, known in self.stages
        )

    def __str__(self) -> str:
        return " | ".join(_stage_text(*stage) for stage in self.stages)

    def names(self) -> set[str]:
        return set().union(*(f.names for f in self.formulas)) - {"x"}

    def bound(self, values: Values, number: Number) -> list[Any]:
        """The stages with numbers in place of formulas."""
        stages = []
        for name, known in self.stages:
            found = {}
            for key, value in known.items():
                if key == "activation" and isinstance(value, Formula):
                    found[key] = _polynomial(value.tree, values, number)
                else:
                    found[key] = value.at(values, number) if isinstance(value, Formula) else value
            stages.append((name, found))
        return stages


_DEFAULTS = {
    "position": "0",
    "constant": "0",
    "weight": "1",
    "bias": "0",
    "query_key": "independent",
    "row_map": "identity",
    "normalize": "True",
    "positions_in_values": "True",
}


def _stage_text(name: str, known: Any) -> str:
    """As a pipeline writes it: values in order, and nothing that is as by default."""
    shown = {k: v.text if isinstance(v, Formula) else str(v) for k, v in known.items()}
    if name == "attention":
        words = [
            v if v not in ("True", "False") else f"{k}={v.lower()}"
            for k, v in shown.items()
            if v != _DEFAULTS[k]
        ]
    else:
        words = list(shown.values())
        keys = list(shown)
        while words and _DEFAULTS.get(keys[len(words) - 1]) == words[-1]:
            words.pop()
        if name == "at_position":
            words = ["last"]
    return f"{name}({', '.join(words)})" if words else name


def _polynomial(tree: Any, values: Values, number: Number) -> list[Any]:
    """Coefficients in x, lowest first, of an activation."""
    kind = tree[0]
    if kind == "name" and tree[1] == "x":
        return [number(0), number(1)]
    if kind == "sum":
        total: list[Any] = []
        for sign, term in tree[1]:
            signed = [sign * c for c in _polynomial(term, values, number)]
            total = [p + q for p, q in zip_longest(total, signed, fillvalue=number(0))]
        return total
    if kind == "product":
        result = [number(1)]
        for sign, factor in tree[1]:
            value = _polynomial(factor, values, number)
            if sign < 0:
                if len(value) != 1:
                    raise CannotCheck("an activation that is no polynomial in x")
                value = [1 / value[0]]
            result = _times(result, value, number)
        return result
    if kind == "power" and tree[2] >= 0:
        base, result = _polynomial(tree[1], values, number), [number(1)]
        for _ in range(tree[2]):
            result = _times(result, base, number)
        return result
    return [_value(tree, values, number)]


def _times(p: Any, q: Any, number: Number) -> list[Any]:
    result = [number(0)] * (len(p) + len(q) - 1)
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
            rows = _entrywise(_exp, scores)
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
    for m, left, right in ((of_xy, of_x, of_y), (of_x, of_x, of_x), (of_y, of_y, of_y)):
        p = [[left[a][a]] * len(row) for a, row in enumerate(m)]
        q = [[right[b][b] for b in range(len(row))] for row in m]
        result.append(_entrywise(lambda p, q, r: _gaussian(activation, p, q, r, number), p, q, m))
    return result


def _gaussian(activation: Any, p: Any, q: Any, r: Any, number: Number) -> Any:
    """E phi(u) phi(w), variances p, q and covariance r: Stein's lemma, Cho and Saul (2009), Williams (1997)."""
    if activation == "relu":
        norm = _sqrt(p * q)
        if norm.lo <= 0:
            raise CannotCheck("relu of a variable whose variance may be zero")
        c = r / norm
        c = Interval(max(c.lo, -ONE), min(c.hi, ONE))
        root = _sqrt(Interval.of(1) - c * c)
        return norm * (root + (_pi() * Fraction(1, 2) + _arcsin(c)) * c) / (2 * _pi())
    if activation == "erf":
        return 2 / _pi() * _arcsin(2 * r / _sqrt((1 + 2 * p) * (1 + 2 * q)))

    @cache
    def moment(a: int, b: int) -> Any:
        """E u^a w^b = (a - 1) p E u^(a-2) w^b + b r E u^(a-1) w^(b-1)."""
        if a == 0:
            return (b - 1) * q * moment(0, b - 2) if b >= 2 else number(1 - b)
        value = (a - 1) * p * moment(a - 2, b) if a >= 2 else number(0)
        return value + b * r * moment(a - 1, b - 1) if b else value

    total = number(0)
    for a, c in enumerate(activation):
        for b, e in enumerate(activation):
            total = total + c * e * moment(a, b)
    return total


# -- sequences ----------------------------------------------------------------------------


class Law:
    """Probabilities of sequences. ``relabelling``: whether they do not change when tokens are renamed."""

    def __init__(self, claim: Any) -> None:
        if not isinstance(claim, dict) or "kind" not in claim:
            raise CannotCheck("a law must have its kind")
        self.kind = claim["kind"]
        self.vocabulary = None
        if self.kind == "uniform":
            self.vocabulary = Formula(str(claim["vocabulary"]))
        elif self.kind == "categorical":
            self.probabilities = [_fraction(p) for p in claim["probabilities"]]
            _must_be_weights(self.probabilities)
        elif self.kind == "mixture":
            self.components = [(_fraction(w), Law(law)) for w, law in claim["components"]]
            _must_be_weights([w for w, _ in self.components])
            if any(law.kind not in ("uniform", "categorical") for _, law in self.components):
                raise CannotCheck("a mixture of other than independent tokens")
        elif self.kind == "exchangeable":
            self.types = {tuple(counts): _fraction(p) for counts, p in claim["types"]}
            _must_be_weights(list(self.types.values()))
        elif self.kind != "distinct":
            raise CannotCheck(f"the law {self.kind!r}")
        self.relabelling = self.kind in ("uniform", "distinct") or (
            self.kind == "mixture" and all(law.kind == "uniform" for _, law in self.components)
        )

    def __str__(self) -> str:
        if self.kind == "uniform" and self.vocabulary is not None:
            return f"uniform on {self.vocabulary.text} letters"
        if self.kind == "categorical":
            return f"independent, {', '.join(map(str, self.probabilities))}"
        return str(self.kind)

    def names(self) -> set[str]:
        if self.kind == "mixture":
            return set().union(*(law.names() for _, law in self.components))
        return set() if self.vocabulary is None else self.vocabulary.names

    def letters(self, values: Values, length: int) -> int:
        if self.kind == "distinct":
            return length
        if self.kind == "mixture":
            return self.components[0][1].letters(values, length)
        if self.kind == "exchangeable":
            return len(next(iter(self.types)))
        if self.kind == "categorical":
            return len(self.probabilities)
        assert self.vocabulary is not None
        return _whole(self.vocabulary.at(values))

    def sequences(self, length: int, letters: int) -> list[tuple[int, ...]]:
        if self.kind == "distinct":
            return list(permutations(range(length)))
        return list(product(range(letters), repeat=length))

    def probability(self, x: tuple[int, ...], letters: int) -> Fraction:
        if self.kind == "distinct":
            return Fraction(1, factorial(len(x)))
        if self.kind == "uniform":
            return Fraction(1, letters ** len(x))
        if self.kind == "categorical":
            return prod((self.probabilities[t] for t in x), start=Fraction(1))
        if self.kind == "mixture":
            return sum((w * law.probability(x, letters) for w, law in self.components), Fraction(0))
        counts = tuple(x.count(t) for t in range(letters))
        ways = factorial(len(x)) // prod(map(factorial, counts))
        return self.types.get(counts, Fraction(0)) / ways


def _must_be_weights(weights: list[Fraction]) -> None:
    if sum(weights) != 1 or any(w < 0 for w in weights):
        raise CannotCheck("probabilities that do not sum to 1")


def _fraction(text: Any) -> Fraction:
    try:
        return Fraction(str(text))
    except (ValueError, ZeroDivisionError):
        raise CannotCheck(f"no fraction: {str(text)[:60]!r}") from None


def _whole(value: Fraction) -> int:
    if value.denominator != 1 or value < 1:
        raise CannotCheck(f"no size: {value}")
    return int(value)


def _pair_key(x: tuple[int, ...], y: tuple[int, ...], last: bool, relabel: bool) -> tuple[Any, ...]:
    """A pair in the same orbit as (x, y): positions sorted (but the last where it is read), tokens by first occurrence."""
    pairs = [*sorted(zip(x[:-1], y[:-1])), (x[-1], y[-1])] if last else sorted(zip(x, y))
    if relabel:
        names: dict[int, int] = {}
        pairs = [
            (names.setdefault(s, len(names)), names.setdefault(t, len(names))) for s, t in pairs
        ]
        pairs = sorted(pairs[:-1]) + pairs[-1:] if last else sorted(pairs)
    return tuple(pairs)


class Sequences:
    """All sequences of one size, the kinds of pairs of them, and the small matrices whose powers give traces."""

    PLAIN = 27

    def __init__(self, kernel: Kernel, law: Law, length: int, letters: int) -> None:
        self.law, self.length, self.letters = law, length, letters
        self.all = law.sequences(length, letters)
        weights = [law.probability(x, letters) for x in self.all]
        self.scale = lcm(*(w.denominator for w in weights))
        self.plain: list[list[int]] | None = None
        self.weights = [int(w * self.scale) for w in weights]
        self.last = kernel.readout == "at_position"
        #: Pairs of letters -> index; the kernel has one value on each.
        self.kinds: dict[Any, int] = {}
        self.orbits: list[Any] = []
        if len(self.all) <= self.PLAIN:
            self.plain = [[self._kind(tuple(zip(x, y))) for y in self.all] for x in self.all]
        else:
            self._by_orbits()

    def _kind(self, key: tuple[Any, ...]) -> int:
        return self.kinds.setdefault(key, len(self.kinds))

    def _by_orbits(self) -> None:
        """For one x of each orbit the classes d of y: (how many x, weight of x, weights of d, kinds of (x, d), quotient matrix)."""
        relabel = self.law.relabelling
        orbits: dict[Any, list[int]] = {}
        for i, x in enumerate(self.all):
            orbits.setdefault(_pair_key(x, x, self.last, relabel), []).append(i)
        known: dict[Any, int] = {}

        def kind(x: tuple[int, ...], y: tuple[int, ...]) -> int:
            key = _pair_key(x, y, self.last, False)
            if key not in known:  # k(x, y) = k(y, x)
                swapped = _pair_key(y, x, self.last, True)
                known[key] = self._kind(min(_pair_key(x, y, self.last, True), swapped))
            return known[key]

        rows: dict[int, list[int]] = {}
        for members in orbits.values():
            x = self.all[members[0]]
            classes: dict[Any, int] = {}
            of: list[int] = []
            first: list[int] = []
            for i, y in enumerate(self.all):
                of.append(classes.setdefault(_pair_key(x, y, self.last, relabel), len(classes)))
                if len(first) < len(classes):
                    first.append(i)
            weights = [0] * len(classes)
            for d, weight in zip(of, self.weights):
                weights[d] += weight
            quotient = []
            for z in first:
                if z not in rows:
                    rows[z] = [kind(self.all[z], y) for y in self.all]
                entries: dict[tuple[int, int], int] = {}
                for pair, weight in zip(zip(of, rows[z]), self.weights):
                    entries[pair] = entries.get(pair, 0) + weight
                quotient.append([(d, k, weight) for (d, k), weight in entries.items()])
            kinds = [kind(x, self.all[z]) for z in first]
            self.orbits.append(
                (len(members), self.weights[members[0]], weights, kinds, kind(x, x), quotient)
            )

    def traces(self, values: list[int], powers: int) -> list[int]:
        """trace(T^j) for j = 1, ..., powers, times scale^j, with integer ``values`` of the kernel on the kinds.

        T = K P. The columns R_a = (K P)^(a-1) K e_x are constant on the classes d, and (T^(a+b))[x, x] = P(x) sum_d P(d) R_a[d] R_b[d].
        """
        if self.plain is not None:
            matrix = [[values[k] * w for k, w in zip(row, self.weights)] for row in self.plain]
            return _power_traces(matrix, powers)
        totals = [0] * powers
        for size, own, weights, kinds, itself, quotient in self.orbits:
            if not own:
                continue
            matrix = []
            for entries in quotient:
                row = [0] * len(weights)
                for d, k, weight in entries:
                    row[d] += values[k] * weight
                matrix.append(row)
            column = [values[k] for k in kinds]
            before = weighted = [w * r for w, r in zip(weights, column)]
            totals[0] += size * own * values[itself]
            for a in range(1, powers // 2 + 1):
                totals[2 * a - 1] += size * own * _dot(weighted, column)
                if 2 * a < powers:
                    before = weighted
                    column = [_dot(row, column) for row in matrix]
                    weighted = [w * r for w, r in zip(weights, column)]
                    totals[2 * a] += size * own * _dot(before, column)
        return totals


def _dot(p: Any, q: Any) -> int:
    return sum(map(int.__mul__, p, q))


def _power_traces(matrix: Matrix, powers: int) -> list[int]:
    """trace(M^j): powers up to half of the largest, then sums of products of entries of two of them."""
    half = (powers + 1) // 2
    table, columns = [matrix], list(zip(*matrix))
    for _ in range(half - 1):
        table.append([[_dot(row, column) for column in columns] for row in table[-1]])
    traces = []
    for j in range(1, powers + 1):
        if j <= half:
            traces.append(sum(table[j - 1][i][i] for i in range(len(matrix))))
        else:
            other = list(zip(*table[j - half - 1]))
            traces.append(sum(_dot(r, c) for r, c in zip(table[half - 1], other)))
    return traces


# -- partitions ----------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def _tableaux(shape: tuple[int, ...]) -> int:
    """Number of standard tableaux: the largest number stands in a corner."""
    if not any(shape):
        return 1
    return sum(
        _tableaux((*shape[:i], r - 1, *shape[i + 1 :]))
        for i, r in enumerate(shape)
        if r > (shape[i + 1] if i + 1 < len(shape) else 0)
    )


def irrep_dimension(mu: tuple[int, ...], n: int) -> int | None:
    """Dimension of the irrep (n - |mu|, mu) of S_n, or None where this is no partition."""
    shape = (n - sum(mu), *mu)
    if any(a < b for a, b in pairwise(shape)) or shape[0] < 0:
        return None
    return _tableaux(shape)


# -- the claim of a spectrum -----------------------------------------------------------------


class Sector:
    """One sector's claim: the labels, the dimension, and the block or its characteristic polynomial."""

    def __init__(self, claim: Any) -> None:
        self.position = _label(claim["position_irrep"])
        token = claim["token_irrep"]
        self.token = None if token is None else _label(token)
        self.dimension = Formula(claim["dimension"])
        if ("block" in claim) == ("characteristic_polynomial" in claim):
            raise CannotCheck("a sector has either a block or a characteristic polynomial")
        self.polynomial: list[Formula] = []
        self.block: Any = None
        if "block" in claim:
            self.block = [[_entry(e) for e in row] for row in claim["block"]]
            if any(len(row) != len(self.block) for row in self.block):
                raise CannotCheck("a block that is not square")
            self.size = len(self.block)
            entries = [e for row in self.block for e in row]
        else:
            entries = self.polynomial = [Formula(c) for c in claim["characteristic_polynomial"]]
            self.size = len(self.polynomial)
        if not 0 < self.size <= 200:
            raise CannotCheck("a sector of size 0 or above 200")
        self.formulas = [self.dimension, *(e for e in entries if isinstance(e, Formula))]
        self.enclosed = any(isinstance(e, Interval) for e in entries)

    def claimed(self, values: Values, number: Number) -> list[Any]:
        """The block or the coefficients at a point."""
        if self.block is None:
            return [c.at(values, number) for c in self.polynomial]
        return [
            [e.at(values, number) if isinstance(e, Formula) else e for e in row]
            for row in self.block
        ]

    def power_sums(self, claimed: Any, powers: int) -> list[Any]:
        """Sums of powers of the eigenvalues: Newton's identities, or traces of powers of the block."""
        if self.block is None:
            sums: list[Any] = []
            m = self.size
            for j in range(1, powers + 1):
                total = -j * claimed[m - j] if j <= m else 0
                for i in range(1, min(m, j - 1) + 1):
                    total = total - claimed[m - i] * sums[j - i - 1]
                sums.append(total)
            return sums
        power, sums = claimed, []
        for _ in range(powers):
            sums.append(sum(power[i][i] for i in range(self.size)))
            power = _matrix_product(power, claimed)
        return sums


def _label(parts: Any) -> tuple[int, ...]:
    if not isinstance(parts, list) or any(type(p) is not int or p < 1 for p in parts):
        raise CannotCheck(f"no partition: {str(parts)[:60]}")
    return tuple(parts)


def _entry(claim: Any) -> Any:
    if isinstance(claim, list):
        low, high = map(_fraction, claim)
        return Interval(Interval.of(low).lo, Interval.of(high).hi)
    return Formula(claim)


#: Values of hyperparameters: generic fractions, so that no coefficient is lost by coincidence.
_POINTS = [
    Fraction(*pair)
    for pair in ((2, 3), (5, 2), (7, 5), (3, 7), (11, 4), (13, 9), (8, 11), (17, 6), (10, 13))
]


def _parameter_values(names: Iterable[str], point: int) -> dict[str, Fraction]:
    return {
        name: _POINTS[(i + 2 * point) % len(_POINTS)] + i // len(_POINTS) + point // len(_POINTS)
        for i, name in enumerate(sorted(names))
    }


def check_spectrum(claim: Any, budget: int, points: int, step: Step) -> list[str]:
    """Compare the sectors of a claimed spectrum with the traces of powers of the operator."""
    kernel, law = Kernel(claim["kernel"]), Law(claim["law"])
    length = Formula(str(claim["length"]))
    sectors = [Sector(s) for s in claim["sectors"]]
    trace = _entry(claim["trace"])
    bounds = claim["range"]
    formulas = [length, *kernel.formulas, *(f for s in sectors for f in s.formulas)]
    if isinstance(trace, Formula):
        formulas.append(trace)
    irrational = (
        kernel.irrational
        or any(s.enclosed for s in sectors)
        or isinstance(trace, Interval)
        or any(f.irrational for f in formulas)
    )
    number = Interval.of if irrational else Fraction
    sizes = (length.names | law.names()) & {"L", "v"}
    names = set().union(*(f.names for f in formulas), law.names()) - sizes - {"x"}
    visited = _sizes(length, law, sizes, bounds, budget)
    most = 0
    widest = Fraction(0)
    done = []
    for number_of_size, (values, actual, letters, full) in enumerate(visited):
        step(_where(values))
        sequences = Sequences(kernel, law, actual, letters)
        positions = actual - (kernel.readout == "at_position")
        several = range(number_of_size, number_of_size + max(1, points // len(visited)))
        for point in several if names else (0,):
            parameters = _parameter_values(names, point)
            at = {**values, **parameters}
            where = _where(at)
            try:
                powers, claimed, total = _claimed(
                    sectors, trace, at, number, (positions, letters) if full else None, where
                )
            except _Pole:
                if full:
                    raise _Refuted(where, "a formula of the claim divides by zero") from None
                continue
            stages = kernel.bound(at, number)
            found = [kernel_value(stages, key, number, kernel.alone) for key in sequences.kinds]
            most = max(most, powers)
            pairs = _compared(sequences, found, powers, irrational)
            unit = _largest(found) if irrational else Fraction(1)
            for j, (left, right) in enumerate(zip(claimed, pairs), 1):
                widest = max(widest, _compare(left, right, where, j, unit**j))
            _compare(total, pairs[0], where, 1, unit, "the mean E k(x, x)")
        done.append((full, len(sequences.all)))
    if not done:
        raise CannotCheck("no size could be checked")
    inside = sum(full for full, _ in done)
    places = "size" if len(done) == 1 else "sizes"
    starts = bounds["spectrum_from"]
    start = [f"L = {starts['length']}"] * (length.text != str(visited[0][1]))
    start += [f"v = {starts['vocabulary']}"] * bool(law.names())
    lines = [
        f"{len(sectors)} sectors" + (f", the spectrum from {', '.join(start)} on" if start else ""),
        f"traces of powers 1..{most} at {len(done)} {places} of up to "
        f"{max(n for _, n in done)} sequences" + (f" ({inside} from there on)" if start else ""),
    ]
    if names:
        lines.append(f"each with other values of {', '.join(sorted(names))}")
    if irrational:
        lines.append(f"intervals that overlap, of width below {_power_of_ten(widest)}")
    return lines


def _sizes(length: Formula, law: Law, symbols: set[str], bounds: Any, budget: int) -> list[Any]:
    """Sizes in range, the smallest first: (values of L and v, length, letters, whether the sectors are the spectrum there).

    Of many, six where the sectors are the spectrum and six below; where there is none such within the budget, the first up to four times the budget.
    """
    inside: list[Any] = []
    below: list[Any] = []
    beyond: list[Any] = []
    for n in range(1, 13) if "L" in symbols else (None,):
        for v in range(1, 9) if "v" in symbols else (None,):
            pairs = (("L", n), ("v", v))
            values = {name: Fraction(k) for name, k in pairs if k is not None}
            actual = _whole(length.at(values))
            letters = law.letters(values, actual)
            count = factorial(actual) if law.kind == "distinct" else letters**actual
            if law.kind == "exchangeable" and any(sum(c) != actual for c in law.types):
                raise CannotCheck("counts that do not sum to the length")
            known, full = (
                actual >= bounds[key]["length"] and letters >= bounds[key]["vocabulary"]
                for key in ("traces_from", "spectrum_from")
            )
            if not known or (letters == 1 and "v" in symbols):
                continue
            found = (count, values, actual, letters, full)
            if count <= budget:
                (inside if full else below).append(found)
            elif full and count <= 4 * budget:
                beyond.append(found)
    beyond.sort(key=lambda size: size[0])
    chosen = sorted(_spread(inside or beyond[:1]) + _spread(below), key=lambda size: size[0])
    if not chosen:
        raise CannotCheck(f"no size in range with at most {budget} sequences")
    return [size[1:] for size in chosen]


def _spread(sizes: list[Any], most: int = 6) -> list[Any]:
    """At most six of the sizes, evenly spread from the smallest to the largest."""
    ordered = sorted(sizes, key=lambda size: (size[0], size[2]))
    if len(ordered) <= most:
        return ordered
    return [ordered[i * (len(ordered) - 1) // (most - 1)] for i in range(most)]


def _claimed(
    sectors: list[Sector],
    trace: Any,
    at: Values,
    number: Number,
    groups: tuple[int, int] | None,
    where: str,
) -> tuple[int, list[Any], Any]:
    """(number of powers, claimed traces of powers, claimed mean) at one point.

    ``groups`` are the degrees of the two symmetric groups where the sectors are claimed to be the spectrum: the
    dimensions must be those of the irreps there.
    """
    distinct, parts = {}, []
    for sector in sectors:
        dimension = sector.dimension.at(at, Fraction)
        if groups is not None:
            expected = irrep_dimension(sector.position, groups[0])
            if sector.token is not None and expected is not None:
                other = irrep_dimension(sector.token, groups[1])
                expected = None if other is None else expected * other
            if expected != dimension:
                raise _Refuted(
                    where,
                    f"claimed  dimension {_shown(dimension)} of the sector {list(sector.position)}, "
                    f"{None if sector.token is None else list(sector.token)}",
                    f"found    {expected} standard tableaux",
                )
        claimed = sector.claimed(at, number)
        if dimension:
            parts.append((sector, dimension, claimed))
            distinct[repr(claimed) if number is Fraction else id(claimed)] = (
                _nonzero(claimed) if sector.block is None else sector.size
            )
    powers = 2 * sum(distinct.values()) + 2
    totals = [number(0)] * powers
    for sector, dimension, claimed in parts:
        for j, value in enumerate(sector.power_sums(claimed, powers)):
            totals[j] = totals[j] + dimension * value
    total = trace.at(at, number) if isinstance(trace, Formula) else trace
    return powers, totals, total


def _nonzero(coefficients: list[Any]) -> int:
    """Degree of the polynomial without its factor x^k."""
    return len(list(dropwhile(lambda c: not isinstance(c, Interval) and not c, coefficients)))


def _compared(sequences: Sequences, found: list[Any], powers: int, irrational: bool) -> list[Any]:
    """trace(T^j) as fractions, or as intervals around those of the midpoints.

    Let S = P^(1/2) K P^(1/2) and A the same with the midpoints, c the largest |k| and e the largest radius. In the Frobenius norm |S|, |A| <= c + e
    and |S - A| <= e, as the probabilities sum to 1; telescoping S^j - A^j gives |trace(S^j) - trace(A^j)| <= j e (c + e)^(j-1).
    """
    if not irrational:
        scale = lcm(*(k.denominator for k in found))
        traces = sequences.traces([int(k * scale) for k in found], powers)
        scale *= sequences.scale
        return [Fraction(t, scale**j) for j, t in enumerate(traces, 1)]
    middle = [(k.lo + k.hi) // 2 for k in found]
    error = Fraction(max(k.hi - k.lo for k in found) + 1, ONE)
    norm = _largest(found) + error
    result = []
    for j, t in enumerate(sequences.traces(middle, powers), 1):
        value = Fraction(t, (ONE * sequences.scale) ** j)
        slack = j * error * norm ** (j - 1)
        result.append(Interval(Interval.of(value - slack).lo, Interval.of(value + slack).hi))
    return result


def _largest(found: list[Any]) -> Fraction:
    """A bound on |k| where the values are intervals."""
    return Fraction(max(max(abs(k.lo), abs(k.hi)) for k in found), ONE)


def _compare(
    left: Any, right: Any, where: str, power: int, unit: Fraction, name: str | None = None
) -> Fraction:
    """Refuse a difference; of intervals that overlap the width that could not be told apart, as a part of ``unit``."""
    exponent = "" if power == 1 else f"^{power}"
    what = name or "sum of dimension x trace" + (f"(block{exponent})" if exponent else "")
    enclosed = isinstance(left, Interval) or isinstance(right, Interval)
    if enclosed:
        left, right = Interval.of(left), Interval.of(right)
    if (left.hi < right.lo or right.hi < left.lo) if enclosed else left != right:
        raise _Refuted(
            f"{where}, power {power}",
            f"claimed  {_shown(left)} = {what}",
            f"found    {_shown(right)} = trace(T{exponent})",
        )
    if not enclosed:
        return Fraction(0)
    width = Fraction(max(left.hi, right.hi) - min(left.lo, right.lo), ONE) / unit
    if width > Fraction(1, 10**6):
        raise CannotCheck(f"the intervals at power {power} are too wide to decide")
    return width


def _shown(value: Any) -> str:
    if isinstance(value, Interval):
        low, high = value.ends
        return f"[{float(low):.17g}, {float(high):.17g}]"
    text = str(value)
    return text if len(text) <= 30 else f"{float(value):.17g}..."


def _power_of_ten(width: Fraction) -> str:
    return f"1e-{next((n for n in range(60) if width >= Fraction(1, 10 ** (n + 1))), 60)}"


def _where(values: Values) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "its one size"


# -- other claims ------------------------------------------------------------------------------


def _equal(claimed: Any, found: Any, where: str, what: str) -> None:
    if claimed != found:
        raise _Refuted(where, f"claimed  {_shown(claimed)} = {what}", f"found    {_shown(found)}")


def _claimed_value(formula: Formula, values: Values, where: str) -> Any:
    """What the formula of the claim says there; where it says nothing, the claim is wrong."""
    try:
        return formula.at(values)
    except _Pole:
        text = formula.text if len(formula.text) <= 60 else f"{formula.text[:60]}..."
        raise _Refuted(where, f"claimed  {text}", "found    it divides by zero there") from None


def _from(claim: Any) -> int:
    start = claim["from"]
    if type(start) is not int or not 0 <= start <= 60:
        raise CannotCheck(f"no size to begin from: {str(start)[:60]}")
    return start


def check_dimension(claim: Any, budget: int, points: int, step: Step) -> list[str]:
    """dim mu[n] as a polynomial in n, by counting standard tableaux at |mu| + 3 sizes.

    The dimension is a polynomial of degree |mu| in n, so that |mu| + 1 equal values prove a formula that is one too.
    """
    mu, formula, start = _label(claim["irrep"]), Formula(claim["formula"]), _from(claim)
    last = start + sum(mu) + 2
    for n in range(start, last + 1):
        value = _claimed_value(formula, dict.fromkeys(formula.names, Fraction(n)), f"n = {n}")
        _equal(value, irrep_dimension(mu, n), f"n = {n}", "the dimension")
    return [f"standard tableaux counted for n = {start}..{last}"]


def _alternant(exponents: tuple[int, ...], cycles: tuple[int, ...]) -> int:
    """Coefficient of x^exponents in the Vandermonde product times the power sums of the cycles."""
    if any(e < 0 for e in exponents):
        return 0
    if cycles:
        k, rest = cycles[0], cycles[1:]
        return sum(
            _alternant((*exponents[:i], e - k, *exponents[i + 1 :]), rest)
            for i, e in enumerate(exponents)
            if e >= k
        )
    if sorted(exponents) != list(range(len(exponents))):
        return 0
    inversions = sum(p < q for i, p in enumerate(exponents) for q in exponents[i + 1 :])
    return -1 if inversions % 2 else 1


def _character(shape: tuple[int, ...], cycles: tuple[int, ...]) -> int:
    """Frobenius's formula: the coefficient of x^(shape + delta), delta = (l - 1, ..., 1, 0)."""
    shape = tuple(r for r in shape if r)
    exponents = tuple(r + len(shape) - 1 - i for i, r in enumerate(shape))
    return _alternant(exponents, tuple(sorted(cycles, reverse=True)))


def _cycle_types(n: int, most: int) -> Any:
    if n == 0:
        yield ()
    for k in range(min(n, most), 0, -1):
        for rest in _cycle_types(n - k, k):
            yield (k, *rest)


def check_characters(claim: Any, budget: int, points: int, step: Step) -> list[str]:
    """Values of characters, by Frobenius's formula."""
    for entry in claim["values"]:
        shape, cycles = _label(entry["irrep"]), _label(entry["cycles"])
        if sum(shape) != sum(cycles) or sum(shape) > 16:
            raise CannotCheck("partitions of one number, of at most 16")
        where = f"irrep {list(shape)}, cycles {list(cycles)}"
        _equal(_fraction(entry["value"]), _character(shape, cycles), where, "the character")
    return [f"{len(claim['values'])} values"]


def check_character_polynomial(claim: Any, budget: int, points: int, step: Step) -> list[str]:
    """The character of mu[n] as a polynomial in the numbers X1, X2, ... of cycles, on all cycle types of a few n."""
    mu, formula, start = _label(claim["irrep"]), Formula(claim["formula"]), _from(claim)
    last = max(start, min(start + 3, 10))
    count = 0
    for n in range(start, last + 1):
        if n - sum(mu) < max(mu, default=0):
            raise _Refuted(f"n = {n}", "claimed  a character", "found    no partition")
        step(f"n = {n}")
        for cycles in _cycle_types(n, n):
            values = {name: Fraction(cycles.count(_cycle_length(name))) for name in formula.names}
            found, where = _character((n - sum(mu), *mu), cycles), f"cycles {list(cycles)}"
            _equal(_claimed_value(formula, values, where), found, where, "the character")
            count += 1
    return [f"all {count} cycle types of n = {start}..{last}"]


def _cycle_length(name: str) -> int:
    if not re.fullmatch("X[1-9][0-9]{0,2}", name):
        raise CannotCheck(f"the name {name!r} counts no cycles")
    return int(name[1:])


_FAMILIES: dict[str, Callable[[tuple[int, ...]], Fraction]] = {
    "parity": lambda x: Fraction(-1 if x.count(-1) % 2 else 1),
    "majority": lambda x: Fraction(1 if sum(x) > 0 else -1),
    "first": lambda x: Fraction(x[0]),
    "mean": lambda x: Fraction(sum(x), len(x)),
}


def check_sensitivity(claim: Any, budget: int, points: int, step: Step) -> list[str]:
    """Average sensitivities, E (1/4) sum_i (f(x) - f(x^i))^2, and numbers of inputs of each sensitivity, over all 2^n inputs."""
    function = _FAMILIES[claim["family"]]
    sizes = []
    for entry in claim["values"]:
        n = entry["n"]
        if type(n) is not int or not 1 <= n <= 16:
            raise CannotCheck("a number of inputs from 1 to 16")
        if 2**n > 16 * budget:
            continue
        step(f"n = {n}")
        values = {x: function(x) for x in product((1, -1), repeat=n)}
        found = []
        for x, value in values.items():
            flipped = (values[(*x[:i], -x[i], *x[i + 1 :])] for i in range(n))
            found.append(sum(((value - other) ** 2 for other in flipped), Fraction(0)) / 4)
        average = sum(found, Fraction(0)) / 2**n
        _equal(_fraction(entry["average"]), average, f"n = {n}", "the average sensitivity")
        if "profile" in entry:
            claimed: dict[Fraction, Any] = {}
            for m, count in entry["profile"]:
                if not 0 <= _fraction(m) <= n:
                    raise _Refuted(f"n = {n}", f"claimed  sensitivity {m}", f"found    at most {n}")
                if _fraction(m) in claimed:
                    raise _Refuted(f"n = {n}", f"claimed  sensitivity {m} twice", "found    once")
                claimed[_fraction(m)] = count
            counts = Counter(found)
            for m in sorted({*claimed, *counts}):
                where = f"n = {n}, sensitivity {m}"
                _equal(claimed.get(m, 0), counts[m], where, "the number of inputs")
        sizes.append(n)
    if not sizes:
        raise CannotCheck("no size within the budget")
    return [f"all 2^n inputs for n = {', '.join(map(str, sizes))}"]


def check_selection(claim: Any, budget: int, points: int, step: Step) -> list[str]:
    """The second moment of a uniform q-subset of {1..T}: its eigenvalues, and the loss that m neurons leave, T <= 7.

    The eigenvalues are compared by traces of powers as for spectra. The best m of the T d directions leave the smallest of the eigenvalues of the moment
    times the identity of size d, over q^2; the claim is for m >= d.
    """
    values = [(Formula(e["value"]), Formula(e["multiplicity"])) for e in claim["eigenvalues"]]
    loss = Formula(claim["loss"])
    count = 0
    for t in range(2, 8):
        step(f"T = {t}")
        for q in range(1, t + 1):
            at = {"T": Fraction(t), "q": Fraction(q)}
            subsets = list(combinations(range(t), q))
            moment = [[sum(i in y and j in y for y in subsets) for j in range(t)] for i in range(t)]
            powers = 2 * len(values) + 2
            traces = _power_traces(moment, powers)
            eigenvalues = [
                tuple(_claimed_value(formula, at, _where(at)) for formula in pair)
                for pair in values
            ]
            for j, trace in enumerate(traces, 1):
                claimed = sum((many * value**j for value, many in eigenvalues), Fraction(0))
                found = Fraction(trace, len(subsets) ** j)
                _equal(claimed, found, f"{_where(at)}, power {j}", "sum of powers")
            for d, m in ((1, 1), (1, t), (2, 2), (2, t), (3, t + 1), (3, 3 * t)):
                if not d <= m <= t * d:
                    continue
                listed = [v for v, many in eigenvalues for _ in range(int(many) * d)]
                least = sum(sorted(listed)[: t * d - m], Fraction(0)) / q**2
                sizes = {**at, "d": Fraction(d), "m": Fraction(m)}
                where = _where(sizes)
                _equal(_claimed_value(loss, sizes, where), least, where, "the loss")
                count += 1
    return [f"all subsets for T = 2..7, {count} widths of the first layer"]


def check_draws(claim: Any, budget: int, points: int, step: Step) -> list[str]:
    """E of the total influence of a draw f from the kernel's Gaussian process over E |f|^2, on uniform tokens.

    The influence of a position is the variance of f when its token is drawn anew; with x' so drawn its mean is E k(x, x) - E k(x, x').
    """
    kernel, law = Kernel(claim["kernel"]), Law(claim["law"])
    influence, power = Formula(claim["influence"]), Formula(claim["power"])
    length = Formula(str(claim["length"]))
    if law.kind != "uniform" or kernel.irrational:
        raise CannotCheck("draws of other kernels than rational ones on uniform tokens")
    sizes = (length.names | law.names()) & {"L", "v"}
    names = kernel.names() | influence.names | power.names | law.names() | length.names
    bounds = {key: {"length": 1, "vocabulary": 1} for key in ("spectrum_from", "traces_from")}
    visited = _sizes(length, law, sizes, bounds, budget)
    for number, (values, actual, letters, _) in enumerate(visited):
        step(_where(values))
        at = {**values, **_parameter_values(names - sizes, number)}
        stages = kernel.bound(at, Fraction)
        known: dict[Any, Fraction] = {}
        total = changed = Fraction(0)
        for x in product(range(letters), repeat=actual):
            for a in range(actual):
                for u in range(letters):
                    y = (*x[:a], u, *x[a + 1 :])
                    key = _pair_key(x, y, kernel.readout == "at_position", True)
                    if key not in known:
                        known[key] = kernel_value(stages, key, Fraction, kernel.alone)
                    changed += known[key]
                    if u == x[a]:
                        total += known[key]
        total, changed = total / letters**actual, changed / letters ** (actual + 1)
        where = _where(at)
        _equal(_claimed_value(power, at, where), total / actual, where, "E |f|^2")
        _equal(
            _claimed_value(influence, at, where), total - changed, where, "E of the total influence"
        )
    return [f"{len(visited)} sizes of up to {max(s[2] ** s[1] for s in visited)} sequences"]


#: Kind of claim -> (what it is about, in words; its check).
CLAIMS: dict[str, tuple[Callable[[Any], str], Callable[..., list[str]]]] = {
    "spectrum": (
        lambda c: f"spectrum of {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_spectrum,
    ),
    "dimension": (
        lambda c: f"dimension of the irrep {c['irrep']} of S_n below the first row",
        check_dimension,
    ),
    "characters": (lambda c: "characters of symmetric groups", check_characters),
    "character polynomial": (
        lambda c: f"character of {c['irrep']} below the first row, by numbers of cycles",
        check_character_polynomial,
    ),
    "sensitivity": (lambda c: f"average sensitivity of {c['family']}", check_sensitivity),
    "selection": (lambda c: "the moment of a subset, and the loss of m neurons", check_selection),
    "draws": (
        lambda c: f"sensitivity of draws from {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_draws,
    ),
}


# -- reading and reporting --------------------------------------------------------------------


def _silent(where: str) -> None:
    """Visits a place without a word."""


def check(certificate: Any, budget: int = 256, points: int = 2, step: Step = _silent) -> Report:
    """The `Report` on a certificate, given as JSON text or as the dictionary.

    ``budget`` is the largest number of sequences at which a claim is checked, ``points`` how many values the hyperparameters
    take; ``step`` is called with each place that is visited.
    """
    title = "certificate"
    try:
        claim = json.loads(certificate) if isinstance(certificate, (str, bytes)) else certificate
        if not isinstance(claim, dict) or claim.get("certificate") != FORMAT:
            raise CannotCheck(f"no certificate of format {FORMAT}")
        if claim.get("claim") not in CLAIMS:
            raise CannotCheck(f"a claim of kind {str(claim.get('claim'))[:60]!r}")
        name, decide = CLAIMS[claim["claim"]]
        title = name(claim)
        lines = decide(claim, budget, points, step)
        return Report("confirmed", title, tuple(lines))
    except _Refuted as refuted:
        return Report("refuted", title, refuted.lines)
    except CannotCheck as error:
        reason = str(error)
    except RecursionError:
        reason = "it nests too deeply"
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, _Pole) as error:
        reason = f"a field is missing or odd ({type(error).__name__}: {str(error)[:100]})"
    return Report("not checkable", title, (f"reason: {reason}",))


def main(arguments: list[str] | None = None) -> int:
    """Check files; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", nargs="+")
    parser.add_argument("--sequences", type=int, default=256, help="largest number of sequences")
    parser.add_argument("--points", type=int, default=2, help="values of the hyperparameters")
    options = parser.parse_args(arguments)
    status = 0
    for name in options.file:
        try:
            with open(name, encoding="utf-8") as stream:
                text = stream.read()
            report = check(text, options.sequences, options.points)
        except (OSError, UnicodeDecodeError) as error:
            report = Report("not checkable", "certificate", (f"reason: {error}",))
        print(f"{name}\n{indent(str(report), '  ')}")
        status = max(status, {"confirmed": 0, "refuted": 1}.get(report.verdict, 2))
    return status


if __name__ == "__main__":
    sys.exit(main())
