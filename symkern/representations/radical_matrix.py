r"""Exact matrices with square roots: a rational matrix between two diagonal ones of roots.

    diag(sqrt(r)) A diag(1/sqrt(c)),    entries A_TS sqrt(r_T/c_S).

Products, transposes and inverses stay rational arithmetic, as long as the roots between two factors cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from symkern.errors import SizeMismatch
from symkern.exact.balls import nearest_float
from symkern.exact.exact_arrays import ArrayProtocol, converted, read_sparse_dtype
from symkern.exact.factoring import square_part
from symkern.exact.sparse import SparseMatrix
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.operands import left_to
from symkern.reading.sequences import read_pair
from symkern.typeset.numerals import fraction_literal
from symkern.typeset.shown import Written, displays

_FLOAT_BITS = 1000


@dataclass(frozen=True, repr=False)
class RadicalMatrix(ArrayProtocol, Written):
    """The matrix with entries A_TS sqrt(r_T/c_S), A rational, r and c positive; c = r in one basis.

    >>> from symkern.representations import orthogonal
    >>> m = orthogonal((2, 1))((0, 2, 1))
    >>> m.to_sympy(), m[1, 0]
    (Matrix([
    [     -1/2, sqrt(3)/2],
    [sqrt(3)/2,       1/2]]), sqrt(3)/2)
    >>> (m @ m).rational == SparseMatrix.identity(2), m.T == m
    (True, True)
    """

    rational: SparseMatrix
    squared_norms: tuple[Fraction, ...]
    column_norms: tuple[Fraction, ...]

    @typed
    def __init__(
        self,
        rational: SparseMatrix,
        squared_norms: tuple[Fraction, ...],
        column_norms: tuple[Fraction, ...] | None = None,
    ) -> None:
        """``squared_norms`` is r, ``column_norms`` is c, r itself where it is not given."""
        columns = squared_norms if column_norms is None else column_norms
        shape = len(squared_norms), len(columns)
        if shape != rational.shape:
            rule = f"must be as many as rows and columns, {rational.shape}"
            raise SizeMismatch("squared_norms", rule, f"they are {shape}")
        object.__setattr__(self, "rational", rational)
        object.__setattr__(self, "squared_norms", squared_norms)
        object.__setattr__(self, "column_norms", tuple(columns))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rational.shape

    def __getitem__(self, place: tuple[int, int]) -> sp.Expr:
        i, j = read_pair(place, "place", "a row and a column")
        ratio = self.squared_norms[i] / self.column_norms[j]
        top, bottom = ratio.numerator, ratio.denominator
        if (top * bottom).bit_length() <= current().radicand_bits:
            return self.rational[i, j] * sp.sqrt(sp.Rational(top, bottom))
        outside, inside = square_part(top * bottom)  # SymPy would factor the number
        root = sp.S.One if inside == 1 else sp.Pow(inside, sp.S.Half, evaluate=False)
        number = self.rational[i, j] * sp.Rational(outside, bottom)
        return sp.Mul(number, root, evaluate=False) if number and root != 1 else number

    def __matmul__(self, other: Any) -> RadicalMatrix:
        """The product; a rational factor has norms 1."""
        if isinstance(other, SparseMatrix):
            other = _rational(other)
        if not isinstance(other, RadicalMatrix):
            return left_to(self, other, "__rmatmul__", "must be an exact matrix")
        if self.column_norms != other.squared_norms:
            raise SizeMismatch("other", "must be a matrix in the same basis", "its basis differs")
        return RadicalMatrix(self.rational @ other.rational, self.squared_norms, other.column_norms)

    def __rmatmul__(self, other: Any) -> RadicalMatrix:
        return _rational(other) @ self if isinstance(other, SparseMatrix) else NotImplemented

    @property
    def T(self) -> RadicalMatrix:
        """The transposed matrix; for an orthogonal one the inverse."""
        # B_TS sqrt(c_T/r_S) = A_ST sqrt(r_S/c_T) asks for B_TS = A_ST r_S/c_T.
        rational = (
            _diagonal([1 / c for c in self.column_norms])
            @ self.rational.T
            @ _diagonal(self.squared_norms)
        )
        return RadicalMatrix(rational, self.column_norms, self.squared_norms)

    def inverse(self) -> RadicalMatrix:
        """The inverse matrix; refuses what has none."""
        # The diagonal matrices of roots stand left and right of A, and change sides.
        return RadicalMatrix(self.rational.inverse(), self.column_norms, self.squared_norms)

    def trace(self) -> Any:
        """Sum of the diagonal; rational in one basis."""
        if self.squared_norms == self.column_norms:
            return self.rational.trace()
        return sum((self[i, i] for i in range(min(self.shape))), sp.S.Zero)

    def __repr__(self) -> str:
        end = "" if self.squared_norms == self.column_norms else f", {_listed(self.column_norms)}"
        return f"RadicalMatrix({self.rational!r}, {_listed(self.squared_norms)}{end})"

    def to_sympy(self) -> sp.ImmutableMatrix:
        """As an immutable SymPy matrix with square roots."""
        entries = {(i, j): self[i, j] for i, j, _ in self.rational.entries()}
        return sp.ImmutableMatrix(sp.SparseMatrix(*self.shape, entries))

    def to_numpy(self) -> npt.NDArray[Any]:
        """As a read-only dense array of exact SymPy numbers."""
        found = np.array(self.to_sympy().tolist(), dtype=object).reshape(self.shape)
        found.setflags(write=False)
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """The entries, for NumPy: exact SymPy numbers, or floats without the detour where they are asked for."""
        if dtype is not None and np.dtype(dtype) == np.float64 and copy is not False:
            return self.to_float()
        return ArrayProtocol.__array__(self, dtype, copy)

    def to_float(self) -> npt.NDArray[np.float64]:
        """In floating point, dense."""
        dense: npt.NDArray[np.float64] = self.to_scipy().toarray()
        return dense

    def to_scipy(self, dtype: Any = float) -> Any:
        """As a compressed array of scipy.sparse, in floating point where no other type is asked for; nothing dense is made.

        Args:
            dtype: float, complex, or an integer type where all entries are whole.

        Raises:
            InvalidArgument: an entry is no number of this kind.

        >>> from symkern.representations import orthogonal
        >>> orthogonal((2, 1))((1, 0, 2)).to_scipy(int).toarray()
        array([[ 1,  0],
               [ 0, -1]])
        """
        kind = read_sparse_dtype(dtype)
        rows, columns = self.rational.rows, self.rational.indices
        if kind.kind in "iu":
            places = list(zip(rows.tolist(), columns.tolist(), strict=True))
            exact = np.array([self[place] for place in places], dtype=object)
            return self.rational.as_scipy(converted(exact, kind, lambda k: places[k[0]]))
        norms = *self.squared_norms, *self.column_norms
        if any(max(g.numerator, g.denominator).bit_length() > _FLOAT_BITS for g in norms):
            return self.rational.as_scipy(self._floats_by_entries()).astype(kind)
        above, below = (
            np.sqrt(np.array([float(g) for g in norms]))
            for norms in (self.squared_norms, self.column_norms)
        )
        found = self.rational.to_float()
        return self.rational.as_scipy(found.data * above[rows] / below[columns]).astype(kind)

    def _floats_by_entries(self) -> npt.NDArray[Any]:
        """Numbers that floats cannot hold may do so where they stand together."""
        found = []
        for i, j, e in self.rational.entries():
            square = (
                Fraction(int(e.numerator), int(e.denominator)) ** 2
                * self.squared_norms[i]
                / self.column_norms[j]
            )
            shift = (square.numerator.bit_length() - square.denominator.bit_length()) // 2
            root = sqrt(square / Fraction(4) ** shift)
            found.append(nearest_float(Fraction(root if e > 0 else -root) * Fraction(2) ** shift))
        return np.array(found)

    @displays
    def latex(self) -> str:
        """The matrix for math mode."""
        from symkern.typeset.matrices import matrix_latex

        return matrix_latex(self.to_sympy())

    def _repr_latex_(self) -> str | None:
        return f"${self.latex()}$" if max(self.shape) <= current().typeset_rows else None

    def _repr_html_(self) -> str | None:
        from symkern.typeset.matrices import matrix_html

        return matrix_html(self.to_sympy()) if max(self.shape) <= current().typeset_rows else None


def _listed(norms: tuple[Fraction, ...]) -> str:
    end = "," if len(norms) == 1 else ""
    return f"({', '.join(map(fraction_literal, norms))}{end})"


def _rational(matrix: SparseMatrix) -> RadicalMatrix:
    rows, columns = matrix.shape
    return RadicalMatrix(matrix, (Fraction(1),) * rows, (Fraction(1),) * columns)


def _diagonal(values: Sequence[Fraction]) -> SparseMatrix:
    size = len(values)
    return SparseMatrix.from_entries((size, size), [(k, k, v) for k, v in enumerate(values)])
