r"""Gram matrices of features in balls, and the eigenvalues that a kernel made of the features has on them.

A kernel sum_ij D_ij f_i(x) f_j(y) has the eigenvalues of D G that are not zero, G = E f_i f_j. Where G has a rank r that is known, r of the features have a
matrix W of G that is proved to be invertible, G = C W^-1 C^T with C the columns of these, and the eigenvalues are those of R^-1 C^T D C R^-T, W = R R^T.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flint

from symkern.exact.ball_matrices import BallMatrix, cholesky, from_arbs, sandwiched
from symkern.exact.binomial_weights import widened

Rows = list[list[Any]]


class GramSum:
    """A sum of matrices F diag(c) F^T, F with a row for each feature.

    >>> found = GramSum(2)
    >>> found.add([[1, 2], [0, 1]], [1, 3])
    >>> print(found.within([flint.arb(0)] * 2))
    [[13.0000000000000, 6.00000000000000], [6.00000000000000, 3.00000000000000]]
    """

    def __init__(self, size: int) -> None:
        self._total = flint.arb_mat(size, size)

    def add(self, rows: Rows, columns: Sequence[Any]) -> None:
        """One more of them."""
        if columns:
            scaled = [[e * c for e, c in zip(row, columns, strict=True)] for row in rows]
            self._total += flint.arb_mat(scaled) * flint.arb_mat(rows).transpose()

    def within(self, roots: Sequence[Any]) -> Rows:
        """The entries, (i, j) within roots[i] roots[j]."""
        rows = self._total.tolist()
        return [[widened(e, roots[i] * roots[j]) for j, e in enumerate(row)] for i, row in enumerate(rows)]  # fmt: skip


def spectrum_block(gram: Rows, weights: Rows, rank: int | None) -> BallMatrix | None:
    """A symmetric matrix with the eigenvalues of D G; with ``rank``, those that are not zero. None where the balls do not show that rank.

    Without it D must be positive definite.
    """
    if rank is None:
        factor = flint.arb_mat(cholesky(weights))
        full = (factor.transpose() * flint.arb_mat(gram) * factor).tolist()
        size = range(len(gram))
        return from_arbs([[full[min(i, j)][max(i, j)] for j in size] for i in size])
    chosen = _pivots(gram, rank)
    if chosen is None:
        return None
    part = flint.arb_mat([[row[j] for j in chosen] for row in gram])
    inner = part.transpose() * flint.arb_mat(weights) * part
    try:
        own = cholesky([[gram[i][j] for j in chosen] for i in chosen])
        return from_arbs(sandwiched(own, inner.tolist()))
    except (ArithmeticError, ZeroDivisionError):
        return None


def _pivots(gram: Rows, rank: int) -> list[int] | None:
    """Features that are far from dependent: a guess by middles, which an inverse proves."""
    rest = [[e.mid() for e in row] for row in gram]
    start = [row[i] for i, row in enumerate(rest)]
    chosen: list[int] = []
    for _ in range(rank):
        left = [i for i, row in enumerate(gram) if i not in chosen and row[i] > 0]
        if not left:
            return None
        at = max(left, key=lambda i: float(rest[i][i] / start[i]))
        if not rest[at][at] > 0:
            return None
        chosen.append(at)
        pivot = rest[at]
        rest = [[(e - row[at] * f / pivot[at]).mid() for e, f in zip(row, pivot, strict=True)] for row in rest]  # fmt: skip
    return sorted(chosen)
