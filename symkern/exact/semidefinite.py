r"""Whether a symmetric matrix of exact real numbers is positive semidefinite, with a vector that shows it where it is not.

Symmetric elimination, pivots on the diagonal: with vectors u_i, at first the unit vectors, and S_ij = u_i^T A u_j, a pivot p with S_pp > 0 is taken out of the others,

    u_i := u_i - (S_ip / S_pp) u_p.

A diagonal entry S_ii < 0 ends it with u_i. Where S_ii = 0 and S_ij is not, (S_jj + 1) u_i/(2 S_ij) stands for a step t at which
(u_j - t u_i)^T A (u_j - t u_i) = -1. Where all that is left is zero, the matrix is positive semidefinite.

Large rational matrices are looked at in floats first, by what floats can prove: a Cholesky factorisation of A - c I that runs to its end shows that A is positive
definite, c being larger than all that rounding may do (Rump, BIT Numerical Mathematics 46, 2006); and an approximate eigenvector, rounded to whole
numbers, is multiplied out exactly. What is left, the singular ones above all, is eliminated.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm
from typing import Any

import flint
import numpy as np
import sympy as sp

from symkern.exact.reals import as_ball, is_exact, real
from symkern.limits import check_time, within_time

#: Letters up to which the elimination is as quick as a look.
_SMALL = 24


def negative_direction(rows: Sequence[Sequence[sp.Expr]]) -> tuple[sp.Expr, ...] | None:
    """A vector w with w^T A w < 0, of whole numbers where A is rational; None where A is positive semidefinite, or not shown to be less.

    Args:
        rows: a symmetric matrix of exact real numbers. Numbers that are not rational are balls; what these leave undecided counts as zero.

    >>> negative_direction([[sp.S(1), sp.S(2)], [sp.S(2), sp.S(1)]])
    (-2, 1)
    >>> negative_direction([[sp.S(2), sp.S(2)], [sp.S(2), sp.S(2)]]) is None
    True
    """
    size = len(rows)
    form = [[real(e) for e in row] for row in rows]
    if size > _SMALL and all(is_exact(e) for row in form for e in row):
        looked = _by_floats(form)
        if looked is not None:
            return looked or None
    less = "fewer rows take less, and vectors whose scalar products it holds need no such test"
    with within_time(f"whether a matrix of {size} rows is positive semidefinite", less):
        return _eliminated(form)


def _eliminated(form: list[list[Any]]) -> tuple[sp.Expr, ...] | None:
    """By pivots on the diagonal; ``form`` is used up."""
    size = len(form)
    vectors = [[flint.fmpq(int(i == j)) for j in range(size)] for i in range(size)]
    left = list(range(size))
    while left:
        check_time()
        below = next((i for i in left if form[i][i] < 0), None)
        if below is not None:
            return _written(vectors[below])
        pivot = next((i for i in left if form[i][i] > 0), None)
        for i in left if pivot is None else []:
            for j in left:
                if form[i][j] > 0 or form[i][j] < 0:
                    step = (form[j][j] + 1) / (2 * form[i][j])
                    pairs = zip(vectors[j], vectors[i], strict=True)
                    return _written([b - step * a for b, a in pairs])
        if pivot is None:
            return None
        left.remove(pivot)
        top, head = form[pivot], form[pivot][pivot]
        for i in left:
            share = form[i][pivot] / head
            if share == 0:
                continue
            for j in left:
                form[i][j] = form[i][j] - share * top[j]
            vectors[i] = [a - share * b for a, b in zip(vectors[i], vectors[pivot], strict=True)]
    return None


def _by_floats(form: list[list[Any]]) -> tuple[sp.Expr, ...] | None:
    """A vector of whole numbers that shows that the matrix is not positive semidefinite, an empty one where floats prove that it is; None where they say nothing."""
    size = len(form)
    try:
        matrix = np.array([[int(e.p) / int(e.q) for e in row] for row in form])
    except OverflowError:
        return None
    slack = 4 * (size + 2) * 2.0**-52 * float(np.trace(matrix) + size * np.abs(matrix).max())
    if not 0 < slack < float("inf"):
        return None
    try:
        np.linalg.cholesky(matrix - slack * np.eye(size))
        return ()
    except np.linalg.LinAlgError:
        vector = np.linalg.eigh(matrix)[1][:, 0]
    entries = [e for row in form for e in row]
    for scale in (4, 64, 1 << 10, 1 << 20, 1 << 40):
        column = flint.fmpq_mat(size, 1, [round(float(e) * scale) for e in vector])
        value = column.transpose() * flint.fmpq_mat(size, size, entries) * column
        if value[0, 0] < 0:
            return _written(column.entries())
    return None


def _written(vector: list[Any]) -> tuple[sp.Expr, ...]:
    """Whole numbers without a common divisor; of balls fractions nearby."""
    if not all(map(is_exact, vector)):
        return tuple(sp.Rational(round(float(as_ball(e)) * 2**30), 2**30) for e in vector)
    whole = lcm(*(int(e.q) for e in vector))
    numbers = [int(e.p) * (whole // int(e.q)) for e in vector]
    common = gcd(*numbers)
    return tuple(sp.Integer(n // common) for n in numbers)
