"""Symmetric matrices of balls, and their eigenvalues.

Eigenvalues of a symmetric matrix S of balls come with a proof that needs no gaps between them. Let Q hold
approximate eigenvectors of the midpoint (flint's QR iteration). With Q^T Q = I + F, |F| <= f < 1, Ostrowski's theorem gives
lambda_i(Q^T S Q) = theta_i lambda_i(S), 1 - f <= theta_i <= 1 + f; and Weyl's inequality puts the sorted eigenvalues of
D + E within |E| of the sorted diagonal D. All norms are bounded in ball arithmetic, so repeated eigenvalues and
zeros get balls like any other. Source: Horn, Johnson, *Matrix Analysis*, 4.3.1 and 4.5.9; Johansson, *Arb*, IEEE Trans. Comput. 66 (2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import flint
import numpy as np

from symkern.errors import InvalidArgument, displayed
from symkern.exact.balls import BITS, DIGITS, Ball, ball_sum, from_arb, precision, to_arb
from symkern.reading.sequences import read_all, read_list, read_pair
from symkern.typeset.shown import Shown


@dataclass(frozen=True, repr=False)
class BallMatrix(Shown):
    """An immutable square matrix of balls, symmetric: a block in an orthonormal basis.

    >>> BallMatrix([[Ball(1), Ball(0)], [Ball(0), Ball(2)]]).trace()
    Ball('3', '0')
    """

    rows: Sequence[Sequence[Ball]]

    def __post_init__(self) -> None:
        listed = read_list(self.rows, "rows", "rows of balls")
        rows = tuple(tuple(read_all(r, Ball, "rows", "rows of balls")) for r in listed)
        if any(len(r) != len(rows) for r in rows):
            raise InvalidArgument("rows", "must be square", f"lengths {[len(r) for r in rows]}")
        object.__setattr__(self, "rows", rows)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows)

    def __getitem__(self, place: tuple[int, int]) -> Ball:
        i, j = read_pair(place, "place", "a row and a column")
        entry: Ball = self.rows[i][j]
        return entry

    def __iter__(self) -> Iterator[Sequence[Ball]]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"BallMatrix({[list(r) for r in self.rows]!r})"

    @property
    def is_zero(self) -> bool:
        """Whether every entry is exactly zero."""
        return not any(e.midpoint or e.radius for row in self.rows for e in row)

    def is_invertible(self) -> bool:
        """Whether the balls prove that the matrix is not singular."""
        with precision(BITS + 128 + 2 * self.shape[0]):
            try:
                flint.arb_mat([[to_arb(e) for e in row] for row in self.rows]).inv()
            except ZeroDivisionError:
                return False
        return True

    def is_sharp(self) -> bool:
        """Whether nearly all digits that are kept are certain, those of the largest entries taken as the measure."""
        largest = max(abs(e.midpoint) for row in self.rows for e in row)
        widest = max(e.radius for row in self.rows for e in row)
        return bool(widest <= largest / 10 ** (DIGITS - 10))

    def trace(self) -> Ball:
        """Sum of the diagonal."""
        return ball_sum([row[i] for i, row in enumerate(self.rows)])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The balls as objects, for NumPy; their midpoints where floats or complex numbers are asked for."""
        kind = np.dtype(object if dtype is None else dtype)
        if kind.kind not in "Ofc" or copy is False:
            rule = "must be object, float or complex for balls, and copy not False"
            raise InvalidArgument("dtype", rule, f"they are {displayed(dtype)} and {copy}")
        found = np.empty(self.shape, dtype=object)
        for place in np.ndindex(self.shape):
            found[place] = self.rows[place[0]][place[1]]
        return found if kind.kind == "O" else self.to_numpy().astype(kind)

    def to_numpy(self) -> np.ndarray:
        """The midpoints in floating point, read-only."""
        out = np.array([[float(e) for e in row] for row in self.rows])
        out.setflags(write=False)
        return out


def from_arbs(rows: Sequence[Sequence[Any]]) -> BallMatrix:
    """The ball matrix of a symmetric table of ``arb``."""
    return BallMatrix([[from_arb(e) for e in row] for row in rows])


def symmetrized(block: Any, metric: Any) -> BallMatrix:
    """C^T B C^-T for the Cholesky factor C of ``metric`` = C C^T: symmetric where metric B is.

    Both are `symkern.exact.ExactMatrix` of rationals; the eigenvalues are those of B.
    """
    with precision(BITS + 2 * block.shape[0]):
        factor = cholesky(_arb_rows(metric))
        product = flint.arb_mat(_arb_rows(metric)) * flint.arb_mat(_arb_rows(block))
        return from_arbs(sandwiched(factor, product.tolist()))


def _arb_rows(matrix: Any) -> list[list[Any]]:
    return [[to_arb(e.to_fraction()) for e in row] for row in matrix]


def cholesky(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The lower triangular C with C C^T = A; ArithmeticError where A is not proved positive definite."""
    size = len(rows)
    factor = [[flint.arb(0)] * size for _ in range(size)]
    for j in range(size):
        for i in range(j, size):
            total = rows[i][j]
            for k in range(j):
                total = total - factor[i][k] * factor[j][k]
            if i == j:
                if not total > 0:
                    raise ArithmeticError("not proved positive definite")
                factor[j][j] = total.sqrt()
            else:
                factor[i][j] = total / factor[j][j]
    return factor


def sandwiched(factor: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """C^-1 A C^-T for a symmetric A, made symmetric by intersecting mirrored entries."""
    inverse = flint.arb_mat(factor).inv()
    return mirrored(inverse * flint.arb_mat(rows) * inverse.transpose())


def mirrored(matrix: Any) -> list[list[Any]]:
    """The rows of a symmetric flint matrix, each entry below the diagonal that above it."""
    rows = matrix.tolist()
    return [[rows[min(i, j)][max(i, j)] for j in range(len(rows))] for i in range(len(rows))]


def symmetric_eigenvalues(matrix: BallMatrix) -> tuple[Ball, ...]:
    """Balls around all eigenvalues, the largest first, repeats and zeros included.

    Each encloses the eigenvalue of its rank; nothing is said about which of them agree.

    >>> [str(e) for e in symmetric_eigenvalues(BallMatrix([[Ball(2), Ball(1)], [Ball(1), Ball(2)]]))]
    ['3.00000000000000', '1.00000000000000']
    """
    size = matrix.shape[0]
    if size == 1:
        return (matrix[0, 0],)
    # Half of the precision may go into setting equal eigenvalues apart.
    with precision(BITS + 128 + 2 * size):
        rows = [[to_arb(e) for e in row] for row in matrix.rows]
        return tuple(from_arb(e) for e in _eigenvalues(rows))


def _eigenvalues(rows: list[list[Any]]) -> list[Any]:
    whole = flint.arb_mat(rows)
    frame = _best_frame(whole)
    turned = frame.transpose() * whole * frame
    tilt = _tilt(frame)
    if not tilt < flint.arb(1) / 2:
        raise ArithmeticError("approximate eigenvectors are not independent enough")
    off = _beside_diagonal(turned)
    scale = 1 / (1 + flint.arb(0, tilt.upper()))
    spread = flint.arb(0, off.upper())
    # Weyl's inequality holds for sorted diagonals; sorting by midpoints costs at most the largest radius.
    diagonal = [turned[i, i] for i in range(len(rows))]
    widest = reduce(lambda most, d: most.max(d.rad()), diagonal, flint.arb(0))
    middles = sorted((d.mid() for d in diagonal), key=dyadic, reverse=True)
    return [(d + flint.arb(0, widest.upper()) + spread) * scale for d in middles]


def dyadic(number: Any) -> Fraction:
    """A flint ``arb`` without radius, which is a fraction with a power of two below the bar."""
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _norm(rows: list[list[Any]]) -> Any:
    """The largest row sum of absolute values, which bounds the spectral norm of a symmetric matrix."""
    worst = flint.arb(0)
    for row in rows:
        worst = worst.max(sum(map(abs, row), flint.arb(0)).upper())
    return worst


def _beside_diagonal(matrix: Any) -> Any:
    """The norm of what stands beside the diagonal."""
    rows = matrix.tolist()
    return _norm([[e for j, e in enumerate(row) if i != j] for i, row in enumerate(rows)])


def _tilt(frame: Any) -> Any:
    """The norm of F, Q^T Q = I + F."""
    rows = (frame.transpose() * frame).tolist()
    return _norm([[e - int(i == j) for j, e in enumerate(row)] for i, row in enumerate(rows)])


def _best_frame(matrix: Any) -> Any:
    """The frame that leaves the least beside the diagonal, the first that leaves next to nothing."""
    middle = matrix.mid()
    enough = _norm(middle.tolist()) * flint.arb(2) ** (-flint.ctx.prec // 3)
    best: tuple[Fraction, Any] | None = None
    for frame in _frames(middle):
        left = _beside_diagonal(frame.transpose() * middle * frame)
        if left <= enough:
            return frame
        if best is None or dyadic(left.upper()) < best[0]:
            best = (dyadic(left.upper()), frame)
    if best is None:
        raise ArithmeticError("no independent approximate eigenvectors were found")
    return best[1]


def _frames(middle: Any) -> Iterator[Any]:
    """Approximately orthonormal eigenvectors of a matrix without radii, as columns without radii.

    Eigenvectors of equal eigenvalues may come out nearly dependent; a small shift apart cures that, at the price of
    what the shift leaves beside the diagonal, so that several are offered.
    """
    size = middle.nrows()
    for bits in (0, flint.ctx.prec // 2, 2 * flint.ctx.prec // 5, flint.ctx.prec // 3):
        moved = middle
        if bits:
            top = _norm(middle.tolist()).upper()
            shifts = [
                (top * (i + 1) * (i + 1) / (1 << bits) if i == j else flint.arb(0))
                for i in range(size)
                for j in range(size)
            ]
            moved = (middle + flint.arb_mat(size, size, shifts)).mid()
        try:
            _, vectors = flint.acb_mat(moved).eig(right=True, algorithm="approx")
            columns = flint.arb_mat(
                size, size, [vectors[i, j].real.mid() for i in range(size) for j in range(size)]
            )
            gram = columns.transpose() * columns
            factor = cholesky(gram.tolist())
            frame = (columns * flint.arb_mat(factor).inv().transpose()).mid()
        except (ArithmeticError, ValueError, ZeroDivisionError):
            continue
        if _tilt(frame) < flint.arb(2) ** (-flint.ctx.prec // 3):
            yield frame
