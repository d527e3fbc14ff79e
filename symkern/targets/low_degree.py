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

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.combinatorics.memory import require_bytes
from symkern.errors import NoClosedForm
from symkern.exact import function_field
from symkern.reading.expressions import Node
from symkern.targets.formula_reader import LAST
from symkern.targets.formula_targets import FormulaTarget, compiled

Scalar = Any  # int, Fraction, or an element of Q(L)
Table = np.ndarray  # a function of one or two tokens: its values, as objects, with an axis for each

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
    ones: dict[int | None, Table] = field(default_factory=dict)
    twos: dict[Pattern, Table] = field(default_factory=dict)
    least: int = 1

    # -- algebra ------------------------------------------------------------------------

    def _new(self) -> LowDegree:
        return LowDegree(self.length, self.vocabulary, least=self.least)

    def add_one(self, position: int | None, values: Table) -> None:
        """Add a function of the token at a position, or at every one."""
        self.ones[position] = self.ones.get(position, 0) + values

    def add_two(self, pattern: Pattern, values: Table) -> None:
        """Add a function of two tokens; pairs are kept in the order of their positions."""
        if pattern[0] == "pair" and self._after(pattern[1], pattern[2]):
            pattern, values = ("pair", pattern[2], pattern[1]), values.T
        self.twos[pattern] = self.twos.get(pattern, 0) + values

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
        out.ones = {position: values * factor for position, values in self.ones.items()}
        out.twos = {pattern: matrix * factor for pattern, matrix in self.twos.items()}
        return out

    def times(self, other: LowDegree) -> LowDegree:
        """The product, where it stays within two positions; raises `NoClosedForm` where it does not."""
        out = self.scaled(other.constant).plus(other.scaled(self.constant))
        out.constant = self.constant * other.constant
        for (p, phi), (q, psi) in product(self.ones.items(), other.ones.items()):
            tensor = np.multiply.outer(phi, psi)
            if p is None and q is None:
                out.add_one(None, phi * psi)
                out.add_two(("all",), tensor)
            elif p is None or q is None:
                named = q if p is None else p
                out.add_one(named, phi * psi)
                out.add_two(("star", named), tensor.T if p is None else tensor)
            elif p == q:
                out.add_one(p, phi * psi)
            else:
                out.add_two(("pair", p, q), tensor)
        for one, two in ((self, other), (other, self)):
            for (p, phi), (pattern, matrix) in product(one.ones.items(), two.twos.items()):
                out.add_two(pattern, _within(p, phi, pattern, matrix))
        for (a, m), (b, n) in product(self.twos.items(), other.twos.items()):
            if a != b or a[0] != "pair":
                raise _too_many()
            out.add_two(a, m * n)
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
                out.add_one(pattern[1], first * rest - second)
                out.add_one(None, second)
            elif kind == "all":
                out.constant = out.constant + mean * (self.length * rest)
                out.add_one(None, (first + second) * rest)
            else:
                out.constant = out.constant + mean * rest
                out.add_one(None, first + second)
                out.add_one(LAST, -first)
                out.add_one(1, -second)
            out.add_two(pattern, both)
        for position, values in self.ones.items():
            mean = _mean(values)
            out.constant = out.constant + mean * (1 if position is not None else self.length)
            out.add_one(position, values - mean)
        return out


def _too_many() -> NoClosedForm:
    return NoClosedForm(
        "target: three or more positions are multiplied; formulas in the length exist for sums of functions of one and "
        "of two positions, and at a given length and vocabulary everything is computed on all sequences"
    )


def _within(p: int | None, phi: Table, pattern: Pattern, matrix: Table) -> Table:
    """phi(x_p) times a function of two positions of which p is one."""
    if p is not None and pattern[0] in ("pair", "star") and pattern[1] == p:
        return np.asarray(phi[:, None] * matrix)
    if p is not None and pattern[0] == "pair" and pattern[2] == p:
        return np.asarray(phi * matrix)
    raise _too_many()


def _mean(values: Table) -> Any:
    """The mean over the last token: a scalar, or a function of the first."""
    return values.sum(axis=-1) * Fraction(1, len(values))


def _parts(matrix: Table) -> tuple[Scalar, Table, Table, Table]:
    """Mean, functions of the first and of the second argument, and what has mean zero in both."""
    rows, columns = _mean(matrix), _mean(matrix.T)
    mean = _mean(rows)
    return mean, rows - mean, columns - mean, matrix - rows[:, None] - columns + mean


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
            one.add_one(form.place(target.tree[1]), _table(lambda u, t=t: u == t, vocabulary))
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
            out.add_one(None, _table(lambda t: t == node[1], self.vocabulary))
            return out
        if kind == "bigram" and self.number == 1:
            return self.empty()
        if kind == "bigram":
            out = self.empty()
            out.add_two(("next",), _table(lambda s, t: (s, t) == node[1:], self.vocabulary, 2))
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

        def at(*tokens: int) -> Any:
            x = {}  # the positions that are read, of sequences as long as they come
            for p, t in zip(places, tokens, strict=True):
                x[p - 1] = t
                if p == LAST and self.number is not None:
                    x[self.number - 1] = t
            return value(x)

        out = self.empty()
        if not places:
            out.constant = Fraction(at())
        elif len(places) == 1:
            out.add_one(places[0], _table(at, self.vocabulary))
        else:
            out.add_two(("pair", *places), _table(at, self.vocabulary, 2))
        return out


def _table(value: Callable[..., Any], vocabulary: int, arguments: int = 1) -> Table:
    """The values of a function of one or two tokens, as fractions."""
    require_bytes("a table of a target", 100 * vocabulary**arguments)
    words = product(range(vocabulary), repeat=arguments)
    listed = np.array([Fraction(value(*word)) for word in words], dtype=object)
    return listed.reshape((vocabulary,) * arguments)


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
