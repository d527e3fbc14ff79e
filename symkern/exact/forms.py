r"""Operators given by two forms: T = G^-1 E P for a symmetric E, a Gram matrix G and weights P.

P is diagonal and commutes with G, so that T is symmetric for the inner product G P. Where E has rank r < size, T is restricted
to its range, which carries all eigenvalues that are not zero: with E = E_J X, J pivot columns and X = rref(E),

    T  becomes  X P G^-1 E_J,     with the inner product  E_J^T P G^-1 E_J.

that is, to its matrix in the basis G^-1 E_J, which `range_basis` gives.

Where E is known up to errors only, the result is the symmetric matrix P^1/2 C^-1 E C^-T P^1/2, G = C C^T, in the basis C^-T P^-1/2 (`ball_basis`). Then a rank is never read
off: it comes in as an upper bound, and is confirmed from below by a principal minor S_JJ that is proved not to be singular. Then S = S_J S_JJ^-1 S_J^T, whose
nonzero eigenvalues are those of R^-1 S_J^T S_J R^-T where S_JJ = R R^T is positive definite, and of C^T S_JJ^-1 C with S_J^T S_J = C C^T in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from symkern.exact.ball_matrices import BallMatrix, cholesky, from_arbs, mirrored, sandwiched
from symkern.exact.balls import Ball, from_arb, precision
from symkern.exact.characteristic import strong_components
from symkern.exact.matrices import ExactMatrix
from symkern.exact.rational_functions import FunctionField, RationalFunction, function_field
from symkern.exact.row_reduction import eliminate, fmpq, row_reduce

IntArray = Any


def exact_operator(
    form: IntArray, gram: IntArray, weights: Sequence[Fraction], denominator: int
) -> tuple[ExactMatrix, ExactMatrix] | None:
    """The matrix of G^-1 E P / denominator on its range, and the inner product there; None where E is zero.

    ``form`` and ``gram`` are square arrays of ints, ``weights`` the diagonal of P.
    """
    size = len(form)
    e = _rational(form)
    reduced, rank = e.rref()
    if rank == 0:
        return None
    g = _rational(gram)
    p = [fmpq(q) for q in weights]
    scale = flint.fmpq(1, denominator)
    if rank == size:
        weighted = flint.fmpq_mat(
            [[e[i, j] * p[j] * scale for j in range(size)] for i in range(size)]
        )
        block = g.solve(weighted)
        metric = flint.fmpq_mat([[g[i, j] * p[j] for j in range(size)] for i in range(size)])
        return _exact(block), _exact(metric)
    pivots = [next(j for j in range(size) if reduced[i, j] != 0) for i in range(rank)]
    columns = flint.fmpq_mat([[e[i, j] for j in pivots] for i in range(size)])
    lifted = g.solve(columns)
    weighted = flint.fmpq_mat([[p[i] * lifted[i, j] for j in range(rank)] for i in range(size)])
    rows = flint.fmpq_mat([[reduced[i, j] * scale for j in range(size)] for i in range(rank)])
    return _exact(rows * weighted), _exact(columns.transpose() * weighted)


def symbolic_operator(
    form: IntArray,
    gram: IntArray,
    weights: Sequence[Any],
    denominator: int,
    field: FunctionField,
) -> tuple[ExactMatrix, ExactMatrix] | None:
    """`exact_operator` for a form over a field of rational functions."""
    size = len(form)
    rows = [[field(e) for e in row] for row in form.tolist()]
    reduced, pivots = _echelon([list(r) for r in rows], field)
    if not pivots:
        return None
    back = _exact(_rational(gram).inv(), field)
    weighted = [[e * q for e in row] for row, q in zip(back, weights, strict=True)]
    if len(pivots) == size:
        right = [[e * q / denominator for e, q in zip(row, weights, strict=True)] for row in rows]
        metric = [[field(int(gram[i, j])) * q for j, q in enumerate(weights)] for i in range(size)]
        return back @ ExactMatrix(field, right), ExactMatrix(field, metric)
    columns = ExactMatrix(field, [[row[j] for j in pivots] for row in rows])
    lifted = ExactMatrix(field, weighted) @ columns
    left = ExactMatrix(field, [[e / denominator for e in row] for row in reduced])
    transposed = ExactMatrix(field, list(zip(*columns.rows, strict=True)))
    return left @ lifted, transposed @ lifted


def range_basis(
    form: IntArray, gram: IntArray, field: FunctionField | None = None
) -> list[list[RationalFunction]]:
    """G^-1 E_J, the basis in which `exact_operator` and `symbolic_operator` write an operator of smaller rank."""
    rows = [[(field or function_field(()))(e) for e in row] for row in form.tolist()]
    plain = rows[0][0].field
    if field is None:
        _, pivots = row_reduce([[int(t) for t in row] for row in form], len(form))
    else:
        _, pivots = _echelon([list(r) for r in rows], field)
    columns = ExactMatrix(plain, [[row[j] for j in pivots] for row in rows])
    return [list(row) for row in _exact(_rational(gram).inv(), plain) @ columns]


def _echelon(
    rows: list[list[RationalFunction]], field: FunctionField
) -> tuple[list[list[RationalFunction]], list[int]]:
    """Reduced row echelon form: its rows that are not zero and their pivot columns."""
    pivots = eliminate(rows, len(rows[0]))
    return rows[: len(pivots)], pivots


def _rational(array: IntArray) -> flint.fmpq_mat:
    return flint.fmpq_mat(flint.fmpz_mat([[int(t) for t in row] for row in array]))


def _exact(matrix: flint.fmpq_mat, field: FunctionField | None = None) -> ExactMatrix:
    over = field or function_field(())
    return ExactMatrix(over, [[over(e) for e in row] for row in matrix.tolist()])


def ball_bits(form: IntArray, denominator: int) -> int:
    """Bits that are enough for `ball_operator`."""
    return denominator.bit_length() + 2 * len(form) + 64


def is_regular(form: IntArray, errors: IntArray, denominator: int) -> bool:
    """Whether every matrix within ``errors`` of ``form`` is proved not to be singular, with all digits that there are.

    The operator keeps the leading digits of its entries alone, and its small eigenvalues may lie below them.
    """
    with precision(ball_bits(form, denominator)):
        return not _table(form, errors, denominator).det().contains(0)


def ball_operator(
    form: IntArray,
    errors: IntArray,
    gram: IntArray,
    weights: Sequence[Fraction],
    denominator: int,
    bits: int,
    rank: int | None = None,
) -> BallMatrix:
    """The symmetric matrix of balls similar to G^-1 E P / denominator, E within ``errors`` of ``form``.

    ``rank`` is an upper bound for the rank of E; if a principal minor of that size is proved not to be singular,
    the result has that size and holds all eigenvalues that are not zero.
    """
    with precision(bits):
        rows = _turned(form, errors, gram, weights, denominator)[1]
        if rank is not None and rank < len(form):
            smaller = _on_range(rows, rank)
            if smaller is not None:
                rows = smaller[0]
        return from_arbs(rows)


def ball_basis(
    form: IntArray,
    errors: IntArray,
    gram: IntArray,
    weights: Sequence[Fraction],
    denominator: int,
    bits: int,
    rank: int | None = None,
) -> list[list[Ball]]:
    """The basis in which `ball_operator` writes the operator, as columns of coordinates: C^-T P^-1/2, on its range S_J R^-T more.

    S is the whole symmetric matrix, J the places of the minor and R R^T = S_JJ, or S_J^T S_J where S_JJ is not positive.
    """
    with precision(bits):
        turn, rows = _turned(form, errors, gram, weights, denominator)
        size = len(form)
        scales = [flint.arb(fmpq(q)) for q in weights]
        scaled = [[turn[j, i] / q for j, q in enumerate(scales)] for i in range(size)]
        basis = flint.arb_mat(scaled)
        if rank is not None and rank < size:
            smaller = _on_range(rows, rank)
            if smaller is not None:
                _, columns, factor = smaller
                basis = basis * columns * flint.arb_mat(factor).inv().transpose()
        return [[from_arb(e) for e in row] for row in basis.tolist()]


def _turned(
    form: IntArray,
    errors: IntArray,
    gram: IntArray,
    weights: Sequence[Fraction],
    denominator: int,
) -> tuple[Any, list[list[Any]]]:
    """P^1/2 C^-1, and the symmetric matrix P^1/2 C^-1 E C^-T P^1/2 / denominator."""
    roots = [flint.arb(fmpq(q)).sqrt() for q in weights]
    rows = zip(_inverse_factor(gram), roots, strict=True)
    turn = flint.arb_mat([[e * root for e in row] for row, root in rows])
    middle = _table(form, errors, denominator)
    return turn, mirrored(turn * middle * turn.transpose())


def _table(form: IntArray, errors: IntArray, denominator: int) -> Any:
    """form/denominator as balls."""
    return flint.arb_mat(
        [
            [flint.arb(int(t), int(r)) / denominator for t, r in zip(*pair, strict=True)]
            for pair in zip(form.tolist(), errors.tolist(), strict=True)
        ]
    )


def _inverse_factor(gram: IntArray) -> list[list[Any]]:
    """C^-1 for the Cholesky factor C of a Gram matrix, taken apart into its blocks."""
    out = [[flint.arb(0)] * len(gram) for _ in gram]
    for places in strong_components(gram.tolist()):
        factor = cholesky([[flint.arb(int(gram[i, j])) for j in places] for i in places])
        inverse = flint.arb_mat(factor).inv()
        for a, i in enumerate(places):
            for b, j in enumerate(places[: a + 1]):
                out[i][j] = inverse[a, b]
    return out


def _on_range(rows: list[list[Any]], rank: int) -> tuple[list[list[Any]], Any, Any] | None:
    """A symmetric matrix of size ``rank`` with the nonzero eigenvalues, if a principal minor confirms the rank.

    With the columns of the minor, and a factor R: the matrix is written in the basis columns R^-T.
    """
    if rank == 0:
        return None
    floats = np.array([[float(e) for e in row] for row in rows])
    pivots = _pivots(floats, rank)
    if len(pivots) == rank:
        columns = flint.arb_mat([[row[j] for j in pivots] for row in rows])
        try:
            factor = cholesky([[rows[i][j] for j in pivots] for i in pivots])
            return sandwiched(factor, (columns.transpose() * columns).tolist()), columns, factor
        except (ArithmeticError, ZeroDivisionError):
            pass
    pivots = sorted(_independent_columns(floats, rank))
    columns = flint.arb_mat([[row[j] for j in pivots] for row in rows])
    try:
        minor = flint.arb_mat([[rows[i][j] for j in pivots] for i in pivots]).inv()
        factor = cholesky((columns.transpose() * columns).tolist())
    except (ArithmeticError, ZeroDivisionError):
        return None
    lower = flint.arb_mat(factor)
    return mirrored(lower.transpose() * minor * lower), columns, factor


def _independent_columns(matrix: np.ndarray, rank: int) -> list[int]:
    """Places of columns that are far from dependent, by QR with pivoting: a guess that is proved later."""
    from scipy.linalg import qr

    _, _, order = qr(matrix, mode="economic", pivoting=True)
    return [int(j) for j in order[:rank]]


def _pivots(matrix: np.ndarray, rank: int) -> list[int]:
    """Places of a large principal minor, by pivoted Cholesky in floating point: a guess that is proved later."""
    rest = matrix.copy()
    found: list[int] = []
    for _ in range(rank):
        diagonal = np.diag(rest).copy()
        diagonal[found] = -np.inf
        at = int(np.argmax(diagonal))
        if diagonal[at] <= 0:
            break
        found.append(at)
        rest = rest - np.outer(rest[:, at], rest[at, :]) / diagonal[at]
    return found
