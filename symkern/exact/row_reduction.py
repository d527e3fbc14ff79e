"""Reduced row echelon forms: of rational matrices by python-flint, over other exact fields by elimination."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint


def fmpq(q: Fraction) -> flint.fmpq:
    """A Fraction as flint has it."""
    return flint.fmpq(q.numerator, q.denominator)


def row_reduce(
    rows: Sequence[Sequence[int | Fraction]], width: int
) -> tuple[list[list[Fraction]], list[int]]:
    """Reduced row echelon form of a rational matrix: its nonzero rows and their pivot columns."""
    if not rows or not width:
        return [], []
    entries = [e if isinstance(e, int) else fmpq(e) for row in rows for e in row]
    reduced, rank = flint.fmpq_mat(len(rows), width, entries).rref()
    zero = Fraction(0)
    out = [
        [Fraction(int(e.p), int(e.q)) if e else zero for e in row]
        for row in reduced.tolist()[:rank]
    ]
    return out, [next(j for j, e in enumerate(row) if e) for row in out]


def eliminate(rows: list[list[Any]], width: int) -> list[int]:
    """Gauss-Jordan elimination on the first ``width`` columns, in place, over any exact field; the pivot columns."""
    pivots: list[int] = []
    for j in range(width):
        at = len(pivots)
        found = next((i for i in range(at, len(rows)) if rows[i][j]), None)
        if found is None:
            continue
        rows[at], rows[found] = rows[found], rows[at]
        head = rows[at][j]
        rows[at] = [e / head for e in rows[at]]
        for i in range(len(rows)):
            if i != at and rows[i][j]:
                c = rows[i][j]
                rows[i] = [a - c * b for a, b in zip(rows[i], rows[at], strict=True)]
        pivots.append(j)
    return pivots
