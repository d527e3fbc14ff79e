r"""Leading eigenvalues of a large matrix without its characteristic polynomial.

Let B have entries over Q(L, parameters), w_i = deg B_ii, and let s be potentials with

    deg B_ij <= (w_i + w_j)/2 + s_i - s_j          for all i, j,

so that M_ij = L^(-(w_i + w_j)/2 - s_i + s_j) B_ij has a limit M0 as L grows. The principal minor on I is then
L^(sum of w over I) (det M0[I, I] + o(1)), and the coefficients of the characteristic polynomial are sums of such minors.
Hence, with the indices gathered into classes C_1, C_2, ... of equal w, the largest first, and S_c the Schur
complement of the earlier classes in M0[C_1 + ... + C_c], the eigenvalues are

    lambda ~ L^(w of C_c) x (eigenvalues of S_c),      c = 1, 2, ...,

as long as every S_c before is invertible (Newton polygon with edges C_c; edge polynomials det(x - S_c)). Where no potentials exist or a
complement is singular the method says so, and the polygon of the full characteristic polynomial has to decide.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import InvalidType
from symkern.exact import ExactMatrix, RationalFunction, branches
from symkern.exact.asymptotics import Leading, degree_in, leading_coefficient
from symkern.reading.annotated import typed


@typed
def graded_leading(
    matrix: ExactMatrix, variable: sp.Symbol = CONTEXT_LENGTH
) -> list[Leading] | None:
    """Leading terms of all eigenvalues, the largest first; None where the grading does not decide.

    Args:
        matrix: a square matrix of rational functions.
        variable: what grows; the length where nothing is said.

    >>> from symkern.abc import L, alpha
    >>> A = ExactMatrix.from_rows([[alpha, 1 / L], [1, 3 / L]])
    >>> [(t.exponent, t.coefficient) for t in graded_leading(A)]
    [(0, alpha), (-1, (3*alpha - 1)/alpha)]
    """
    if not isinstance(matrix, ExactMatrix) or matrix.shape[0] != matrix.shape[1]:
        raise InvalidType("matrix", "must be a square ExactMatrix", matrix)
    limit = _limit(matrix, variable)
    if limit is None:
        return None
    weights, rows = limit
    found: list[Leading] = []
    order = sorted(range(len(rows)), key=lambda i: -weights[i])
    while order:
        top = weights[order[0]]
        group = [i for i in order if weights[i] == top]
        order = order[len(group) :]
        block = ExactMatrix(matrix.field, [[rows[i][j] for j in group] for i in group])
        roots = branches(block.characteristic_factors(), matrix.field)
        if any(root.value is not None and root.value == 0 for root in roots):
            return None
        found += Leading.all_of(sp.Integer(top), roots, variable)
        if order and not _eliminate(rows, group, order):
            return None
    return found


def _limit(
    matrix: ExactMatrix, variable: sp.Symbol
) -> tuple[list[int], list[list[RationalFunction]]] | None:
    """The weights w and M0, or None where no potentials exist."""
    size = matrix.shape[0]
    entries = matrix.rows
    if not all(entries[i][i] for i in range(size)):
        return None
    weights = [degree_in(entries[i][i], variable) for i in range(size)]
    # Twice the bound, in integers: s_j - s_i <= w_i + w_j - 2 deg B_ij, solved by Bellman and Ford.
    edges = [
        (i, j, weights[i] + weights[j] - 2 * degree_in(entries[i][j], variable))
        for i in range(size)
        for j in range(size)
        if i != j and entries[i][j]
    ]
    potentials = [0] * size
    for _ in range(size + 1):
        changed = False
        for i, j, bound in edges:
            if potentials[i] + bound < potentials[j]:
                potentials[j] = potentials[i] + bound
                changed = True
        if not changed:
            break
    else:
        return None
    zero = matrix.field.zero
    rows = [[zero] * size for _ in range(size)]
    for i in range(size):
        rows[i][i] = leading_coefficient(entries[i][i], variable)
    for i, j, bound in edges:
        if potentials[j] - potentials[i] == bound:
            rows[i][j] = leading_coefficient(entries[i][j], variable)
    return weights, rows


def _eliminate(
    rows: list[list[RationalFunction]], group: Sequence[int], rest: Sequence[int]
) -> bool:
    """Replace the rest by its Schur complement with respect to ``group``; False where that is singular."""
    left = list(group)
    while left:
        pivot = next(((i, j) for i in left for j in left if rows[i][j]), None)
        if pivot is None:
            return False
        i, j = pivot
        if i != j:  # bring the pivot to the diagonal by exchanging two rows of the group
            rows[i], rows[j] = rows[j], rows[i]
        left.remove(j)
        head = rows[j]
        for r in (*left, *rest):
            if not rows[r][j]:
                continue
            factor = rows[r][j] / head[j]
            for c in (*left, *rest):
                if head[c]:
                    rows[r][c] = rows[r][c] - factor * head[c]
    return True
