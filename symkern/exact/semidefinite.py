r"""Whether a symmetric matrix of exact real numbers is positive semidefinite, with a vector that shows it where it is not.

Symmetric elimination, pivots on the diagonal: with vectors u_i, at first the unit vectors, and S_ij = u_i^T A u_j, a pivot p with S_pp > 0 is taken out of the others,

    u_i := u_i - (S_ip / S_pp) u_p.

A diagonal entry S_ii < 0 ends it with u_i. Where S_ii = 0 and S_ij is not, (S_jj + 1) u_i/(2 S_ij) stands for a step t at which
(u_j - t u_i)^T A (u_j - t u_i) = -1. Where all that is left is zero, the matrix is positive semidefinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm
from typing import Any

import flint
import sympy as sp

from symkern.exact.reals import as_ball, is_exact, real
from symkern.limits import check_time


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


def _written(vector: list[Any]) -> tuple[sp.Expr, ...]:
    """Whole numbers without a common divisor; of balls fractions nearby."""
    if not all(map(is_exact, vector)):
        return tuple(sp.Rational(round(float(as_ball(e)) * 2**30), 2**30) for e in vector)
    whole = lcm(*(int(e.q) for e in vector))
    numbers = [int(e.p) * (whole // int(e.q)) for e in vector]
    common = gcd(*numbers)
    return tuple(sp.Integer(n // common) for n in numbers)
