"""L x L matrices of SymPy expressions: the recursion itself, on two given sequences.

Exponentials, square roots and arccosines stay as they are. For a kernel that is no polynomial in the match counts this is
its exact value; for one that is, a check.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

import sympy as sp

from symkern.kernels.algebras.algebra import Algebra, EntryMap, Step
from symkern.kernels.gaussian import angle_formula, holds_angle, parts, relu_formula
from symkern.limits import check_time

Rows = list[list[sp.Expr]]


class _Matrix:
    """One entry for each pair of positions."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def plus(self, other: _Matrix) -> _Matrix:
        pairs = zip(self.rows, other.rows, strict=True)
        return _Matrix([[p + q for p, q in zip(r, t, strict=True)] for r, t in pairs])

    def scaled(self, factor: sp.Expr, over: int = 1) -> _Matrix:
        return _Matrix([[e * factor / over for e in row] for row in self.rows])

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> _Matrix:
        none = [None] * len(self.rows)
        p, q = p or none, q or none
        known: dict[Any, sp.Expr] = {}  # each distinct entry once

        def value(*numbers: Any) -> sp.Expr:
            if numbers not in known:
                check_time()
                known[numbers] = function(*numbers)
            return known[numbers]

        return _Matrix(
            [[value(e, p[a], q[b]) for b, e in enumerate(row)] for a, row in enumerate(self.rows)]
        )

    def entrywise(self, other: _Matrix) -> _Matrix:
        pairs = zip(self.rows, other.rows, strict=True)
        return _Matrix([[p * q for p, q in zip(r, t, strict=True)] for r, t in pairs])

    def overlap(self, other: _Matrix) -> sp.Expr:
        pairs = zip(self.rows, other.rows, strict=True)
        return sp.Add(*(p * q for r, t in pairs for p, q in zip(r, t, strict=True)))

    def diagonal(self) -> list[sp.Expr]:
        return [row[a] for a, row in enumerate(self.rows)]

    def normalised(self) -> _Matrix:
        rows = []
        for row in self.rows:
            check_time()
            below = sp.Add(*row)
            known = {e: e / below for e in set(row)}
            rows.append([known[e] for e in row])
        return _Matrix(rows)

    def mean(self) -> sp.Expr:
        return sp.Add(*(e for row in self.rows for e in row)) / len(self.rows) ** 2

    def mean_diagonal(self) -> sp.Expr:
        return sp.Add(*self.diagonal()) / len(self.rows)

    def read(self) -> sp.Expr:
        return self.rows[-1][-1]


class Sequences(Algebra):
    """The recursion on the pair (first, second)."""

    name = "sequences"
    gives = "its exact values k(x, y) on given sequences"
    lacks = "has no exact value k(x, y)"
    functions: ClassVar[Mapping[str, Any]] = {
        "exp": sp.exp,
        "abs": sp.Abs,
        "relu": lambda e: sp.Max(e, 0),
        "sqrt": sp.sqrt,
    }
    angle = staticmethod(angle_formula)
    relu_dual = staticmethod(relu_formula)
    inverse_pi = 1 / sp.pi

    def __init__(self, first: Sequence[Hashable], second: Sequence[Hashable]) -> None:
        super().__init__()
        self.first, self.second = first, second
        self._alone: tuple[list[Any], list[Any]] | None = None

    @property
    def length(self) -> int:
        """L as a number."""
        return len(self.first)

    def is_undefined(self, state: Any) -> bool:
        """SymPy's 1/0 and 0/0 are values of their own."""
        entries = chain(*state.rows) if isinstance(state, _Matrix) else [state]
        return any(part in (sp.nan, sp.zoo) for e in set(entries) for part in parts(e))

    def cosine(self, r: sp.Expr, p: sp.Expr, q: sp.Expr) -> sp.Expr:
        """r / sqrt(p q), 1 where all three are one."""
        return sp.S.One if r == p == q and not r.is_zero else r / sp.sqrt(p * q)

    def embedded(self, token: sp.Expr, position: sp.Expr, constant: sp.Expr) -> _Matrix:
        """The matrix token [x_a = y_b] + position [a = b] + constant."""
        return self._embedded(lambda t, u: token * int(t == u), position, constant)

    def embedded_letters(self, covariance: Any, position: sp.Expr, constant: sp.Expr) -> _Matrix:
        """The matrix C[x_a, y_b] + position [a = b] + constant."""
        rows = covariance.rows
        return self._embedded(lambda t, u: rows[int(t)][int(u)], position, constant)

    def _embedded(self, tokens: Any, position: sp.Expr, constant: sp.Expr) -> _Matrix:
        return _Matrix(
            [
                [
                    constant + tokens(t, u) + position * int(a == b)
                    for b, u in enumerate(self.second)
                ]
                for a, t in enumerate(self.first)
            ]
        )

    def product(self, left: _Matrix, values: _Matrix, right: _Matrix) -> _Matrix:
        """G V H^T."""
        columns = list(zip(*values.rows, strict=True))
        half = _products([tuple(row) for row in left.rows], columns)
        return _Matrix(_products(half, [tuple(row) for row in right.rows]))

    def alone(self) -> tuple[list[Any], list[Any]]:
        """What the runs on x alone and on y alone have kept."""
        if self._alone is None:
            kept = []
            for sequence in (self.first, self.second):
                side = Sequences(sequence, sequence)
                side.kept = []
                side.run(self.whole)
                kept.append(side.kept)
            self._alone = kept[0], kept[1]
        return self._alone


def _products(rows: Sequence[Sequence[sp.Expr]], columns: Sequence[Sequence[sp.Expr]]) -> Rows:
    """All products of a row and a column, those of equal ones once."""
    known: dict[Any, sp.Expr] = {}
    found: Rows = []
    for row in map(tuple, rows):
        found.append([])
        for column in map(tuple, columns):
            if (row, column) not in known:
                check_time()
                known[row, column] = _dot(row, column)
            found[-1].append(known[row, column])
    return found


def _dot(row: Sequence[sp.Expr], column: Sequence[sp.Expr]) -> sp.Expr:
    return sp.Add(*(p * q for p, q in zip(row, column, strict=True)))


def recursion(
    stages: Sequence[Step], first: Sequence[Hashable], second: Sequence[Hashable]
) -> sp.Expr:
    """k(first, second), stage by stage as defined.

    >>> from symkern.kernels import embedding
    >>> recursion(embedding("alpha", "beta").flatten().stages, (0, 1), (0, 0))
    alpha/2 + beta
    """
    value = Sequences(first, second).run(stages)
    if holds_angle(value):  # nested, and as long as it is
        return value
    return sp.factor_terms(value) if value.is_polynomial() else value
