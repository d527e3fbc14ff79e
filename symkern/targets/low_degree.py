r"""Targets that are sums of functions of one and two positions, with the length a number or the symbol L.

Under independent uniform tokens such a target splits by Efron-Stein degree,

    f(x) = c + sum_a g_a(x_a) + sum_(a<b) h_ab(x_a, x_b),

g_a and h_ab of mean zero in each argument. Positions enter only through a few named ones, the last one, all of them, and neighbours:
every inner product is then a rational function of L, and so is the energy of every pair of irreps
(`target_gram`). What is written here is that normal form and its algebra:

* one token:   sum_p phi_p(x_p) over named positions p, and sum_a Phi(x_a) over all;
* two tokens:  M(x_p, x_q);  sum_(a != p) M(x_p, x_a);  sum_(a != b) M(x_a, x_b);  sum_a M(x_a, x_(a+1)).

Source: Efron, Stein, *The jackknife estimate of variance* (1981); derived for this project.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import NoClosedForm
from symkern.exact import function_field
from symkern.reading.expressions import Node
from symkern.targets.formula_targets import LAST, FormulaTarget, compiled

__all__ = ["LowDegree", "Pattern", "low_degree", "overlap", "row_sum"]

Scalar = Any  # int, Fraction, or an element of Q(L)
Vector = list[Scalar]  # a function of one token
Matrix = list[list[Scalar]]  # a function of two tokens

#: Where a function of two tokens stands: ("pair", p, q), ("star", p), ("all",) over ordered pairs, ("next",).
Pattern = tuple[Any, ...]


@dataclass
class LowDegree:
    """The normal form: constant, functions of one token by position (None: every position), of two by pattern.

    ``length`` is an int, or L as an element of Q(L); ``least`` the length from which the form holds.
    """

    length: Scalar
    vocabulary: int
    constant: Scalar = 0
    ones: dict[int | None, Vector] = field(default_factory=dict)
    twos: dict[Pattern, Matrix] = field(default_factory=dict)
    least: int = 1

    # -- algebra ------------------------------------------------------------------------

    def _new(self) -> LowDegree:
        return LowDegree(self.length, self.vocabulary, least=self.least)

    def add_one(self, position: int | None, values: Vector) -> None:
        """Add a function of the token at a position, or at every one."""
        old = self.ones.get(position, [0] * self.vocabulary)
        self.ones[position] = [a + b for a, b in zip(old, values, strict=True)]

    def add_two(self, pattern: Pattern, values: Matrix) -> None:
        """Add a function of two tokens; pairs are kept in the order of their positions."""
        if pattern[0] == "pair" and self._after(pattern[1], pattern[2]):
            pattern, values = ("pair", pattern[2], pattern[1]), _transposed(values)
        old = self.twos.get(pattern)
        if old is not None:
            values = [
                [a + b for a, b in zip(r, s, strict=True)] for r, s in zip(old, values, strict=True)
            ]
        self.twos[pattern] = values

    @staticmethod
    def _after(p: int, q: int) -> bool:
        return q != LAST and (p == LAST or p > q)

    def plus(self, other: LowDegree) -> LowDegree:
        """The sum."""
        out = self.scaled(1)
        out.least = max(self.least, other.least)
        out.constant = out.constant + other.constant
        for position, values in other.ones.items():
            out.add_one(position, values)
        for pattern, matrix in other.twos.items():
            out.add_two(pattern, matrix)
        return out

    def scaled(self, factor: Scalar) -> LowDegree:
        """The multiple by a constant."""
        out = self._new()
        out.constant = self.constant * factor
        out.ones = {p: [a * factor for a in values] for p, values in self.ones.items()}
        out.twos = {p: [[a * factor for a in row] for row in m] for p, m in self.twos.items()}
        return out

    def times(self, other: LowDegree) -> LowDegree:
        """The product, where it stays within two positions; raises `NoClosedForm` where it does not."""
        out = self.scaled(other.constant).plus(other.scaled(self.constant))
        out.constant = self.constant * other.constant
        for (p, phi), (q, psi) in product(self.ones.items(), other.ones.items()):
            pointwise = [a * b for a, b in zip(phi, psi, strict=True)]
            tensor = [[a * b for b in psi] for a in phi]
            if p is None and q is None:
                out.add_one(None, pointwise)
                out.add_two(("all",), tensor)
            elif p is None or q is None:
                out.add_one(q if p is None else p, pointwise)
                out.add_two(
                    ("star", q if p is None else p), _transposed(tensor) if p is None else tensor
                )
            elif p == q:
                out.add_one(p, pointwise)
            else:
                out.add_two(("pair", p, q), tensor)
        for one, two in ((self, other), (other, self)):
            for (p, phi), (pattern, matrix) in product(one.ones.items(), two.twos.items()):
                out.add_two(pattern, _within(p, phi, pattern, matrix))
        if self.twos and other.twos:
            for (a, m), (b, n) in product(self.twos.items(), other.twos.items()):
                if a != b or a[0] != "pair":
                    raise _too_many()
                out.add_two(
                    a,
                    [[s * t for s, t in zip(r, u, strict=True)] for r, u in zip(m, n, strict=True)],
                )
        return out

    # -- mean zero ----------------------------------------------------------------------

    def centred(self) -> LowDegree:
        """The same function with every function of one or two tokens of mean zero in each argument."""
        out = self._new()
        out.constant = self.constant
        rest = self.length - 1
        for pattern, matrix in self.twos.items():
            mean, first, second, both = _parts(matrix)
            kind = pattern[0]
            if kind == "pair":
                out.constant = out.constant + mean
                out.add_one(pattern[1], first)
                out.add_one(pattern[2], second)
            elif kind == "star":
                out.constant = out.constant + mean * rest
                out.add_one(pattern[1], [a * rest - b for a, b in zip(first, second, strict=True)])
                out.add_one(None, second)
            elif kind == "all":
                out.constant = out.constant + mean * (self.length * rest)
                out.add_one(None, [(a + b) * rest for a, b in zip(first, second, strict=True)])
            else:
                out.constant = out.constant + mean * rest
                out.add_one(None, [a + b for a, b in zip(first, second, strict=True)])
                out.add_one(LAST, [-a for a in first])
                out.add_one(1, [-b for b in second])
            out.add_two(pattern, both)
        for position, values in self.ones.items():
            mean = _mean(values)
            out.constant = out.constant + mean * (1 if position is not None else self.length)
            out.add_one(position, [a - mean for a in values])
        return out


def _too_many() -> NoClosedForm:
    return NoClosedForm(
        "target: three or more positions are multiplied; formulas in the length exist for sums of functions of one and "
        "of two positions, and at a given length and vocabulary everything is computed on all sequences"
    )


def _within(p: int | None, phi: Vector, pattern: Pattern, matrix: Matrix) -> Matrix:
    """phi(x_p) times a function of two positions of which p is one."""
    if p is not None and pattern[0] in ("pair", "star") and pattern[1] == p:
        return [[a * m for m in row] for a, row in zip(phi, matrix, strict=True)]
    if p is not None and pattern[0] == "pair" and pattern[2] == p:
        return [[a * m for a, m in zip(phi, row, strict=True)] for row in matrix]
    raise _too_many()


def _transposed(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def _mean(values: Vector) -> Scalar:
    return sum(values[1:], values[0]) * Fraction(1, len(values))


def _parts(matrix: Matrix) -> tuple[Scalar, Vector, Vector, Matrix]:
    """Mean, functions of the first and of the second argument, and what has mean zero in both."""
    rows = [_mean(row) for row in matrix]
    columns = [_mean(column) for column in _transposed(matrix)]
    mean = _mean(rows)
    first = [r - mean for r in rows]
    second = [c - mean for c in columns]
    both = [
        [m - r - c + mean for m, c in zip(row, columns, strict=True)]
        for row, r in zip(matrix, rows, strict=True)
    ]
    return mean, first, second, both


# -- positions -------------------------------------------------------------------------


def row_sum(
    pattern: Pattern, length: Scalar
) -> tuple[dict[int | None, Scalar], dict[int | None, Scalar]]:
    """How often each position is the first, and how often the second, of a pattern's pairs: {position: times}.

    None stands for every position.
    """
    kind = pattern[0]
    if kind == "pair":
        return {pattern[1]: 1}, {pattern[2]: 1}
    if kind == "star":
        return {pattern[1]: length - 1}, {None: 1, pattern[1]: -1}
    if kind == "all":
        return {None: length - 1}, {None: length - 1}
    return {None: 1, LAST: -1}, {None: 1, 1: -1}


def overlap(a: Pattern, b: Pattern, length: Scalar, last: int | None) -> tuple[Scalar, Scalar]:
    """How many ordered pairs two patterns share, and how many the first shares with the second reversed.

    ``last`` is the last position where the length is a number: the neighbours of named positions depend on it.
    """
    order = ("all", "star", "pair", "next")
    if order.index(a[0]) > order.index(b[0]):
        return overlap(b, a, length, last)  # reversing both exchanges nothing
    if a[0] == "all":
        every = {"all": length * (length - 1), "star": length - 1, "pair": 1, "next": length - 1}
        return every[b[0]], every[b[0]]
    if a[0] == "star":
        p = a[1]
        if b[0] == "star":
            same = p == b[1]
            return (length - 1, 0) if same else (0, 1)
        if b[0] == "pair":
            return int(p == b[1]), int(p == b[2])
        at_last, at_first = p == LAST, p == 1
        return int(not at_last), int(not at_first)
    if a[0] == "pair":
        if b[0] == "pair":
            return int(a == b), int((a[1], a[2]) == (b[2], b[1]))
        second = last if a[2] == LAST else a[2]
        return int(second is not None and second == a[1] + 1), 0
    return length - 1, 0


# -- from formulas ---------------------------------------------------------------------


def low_degree(target: FormulaTarget, length: int | sp.Expr, vocabulary: int) -> list[LowDegree]:
    """The normal form, centred, of each output of a formula; raises `NoClosedForm` where there is none.

    ``length`` is a number or the symbol L.
    """
    if isinstance(length, int):
        target.require(length, vocabulary)
        size: Scalar = Fraction(length)
    else:
        target.require(max(target.positions, default=0) + 1, vocabulary)
        size = function_field((CONTEXT_LENGTH,))(length)
    form = _Form(length if isinstance(length, int) else None, size, vocabulary, target)
    if target.is_vector:
        outputs = []
        for t in range(vocabulary):
            one = form.empty()
            one.add_one(form.place(target.tree[1]), [Fraction(u == t) for u in range(vocabulary)])
            outputs.append(one.centred())
        return outputs
    return [form.read(target.tree).centred()]


class _Form:
    """Reads the tree of a formula as a `LowDegree`."""

    def __init__(
        self, number: int | None, size: Scalar, vocabulary: int, target: FormulaTarget
    ) -> None:
        self.number, self.size, self.vocabulary = number, size, vocabulary
        named = max(target.positions, default=0)
        self.least = named + (LAST in target.positions)

    def empty(self) -> LowDegree:
        return LowDegree(self.size, self.vocabulary, least=max(self.least, 1))

    def place(self, position: int) -> int:
        """The position, the last one by its own name."""
        return LAST if position == self.number else position

    def constant(self, value: Scalar) -> LowDegree:
        out = self.empty()
        out.constant = value
        return out

    def read(self, node: Node) -> LowDegree:
        kind = node[0]
        positions = _positions(node)
        if positions is not None and len({self.place(p) for p in positions}) <= 2:
            return self._table(node, sorted({self.place(p) for p in positions}))
        if kind == "length":
            return self.constant(self.size)
        if kind == "count":
            out = self.empty()
            out.add_one(None, [Fraction(t == node[1]) for t in range(self.vocabulary)])
            return out
        if kind == "bigram" and self.number == 1:
            return self.empty()
        if kind == "bigram":
            out = self.empty()
            out.add_two(
                ("next",),
                [
                    [Fraction((s, t) == node[1:]) for t in range(self.vocabulary)]
                    for s in range(self.vocabulary)
                ],
            )
            out.least = max(out.least, 2)
            return out
        if kind == "sum":
            total = self.read(node[1])
            for child in node[2:]:
                total = total.plus(self.read(child))
            return total
        if kind == "negative":
            return self.read(node[1]).scaled(-1)
        if kind == "product":
            return self.read(node[1]).times(self.read(node[2]))
        if kind == "power":
            base = self.read(node[1])
            if node[2] > 2 and (base.ones or base.twos):
                raise _too_many()
            out = self.constant(Fraction(1))
            for _ in range(node[2] if base.ones or base.twos else 0):
                out = out.times(base)
            return out if base.ones or base.twos else self.constant(base.constant ** node[2])
        if kind == "quotient":
            below = self.read(node[2])
            if not below.ones and not below.twos and below.constant:
                return self.read(node[1]).scaled(Fraction(1) / below.constant)
        raise _too_many()

    def _table(self, node: Node, places: list[int]) -> LowDegree:
        """A function of at most two named positions, by its values."""
        places = sorted(places, key=lambda p: (p == LAST, p))
        value: Callable[[Any], Any] = compiled(node)
        letters = range(self.vocabulary)

        def at(*tokens: int) -> Fraction:
            x = {}  # the positions that are read, of sequences as long as they come
            for p, t in zip(places, tokens, strict=True):
                x[p - 1] = t
                if p == LAST and self.number is not None:
                    x[self.number - 1] = t
            return Fraction(value(x))

        out = self.empty()
        if not places:
            out.constant = at()
        elif len(places) == 1:
            out.add_one(places[0], [at(t) for t in letters])
        else:
            out.add_two(("pair", *places), [[at(s, t) for t in letters] for s in letters])
        return out


def _positions(node: Node) -> set[int] | None:
    """The positions that a node reads, None where it reads the length, counts or neighbours."""
    if node[0] in ("token", "spin"):
        return {node[1]}
    if node[0] in ("length", "count", "bigram", "parity", "majority"):
        return None
    found: set[int] = set()
    for child in node[1:]:
        if isinstance(child, Node):
            inner = _positions(child)
            if inner is None:
                return None
            found |= inner
    return found
