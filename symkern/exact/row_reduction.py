"""Reduced row echelon forms of rational matrices, by python-flint."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

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
