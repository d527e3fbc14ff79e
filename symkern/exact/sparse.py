r"""Immutable sparse rational matrices: integer entries by rows over one common denominator.

Row i holds ``numerators[indptr[i]:indptr[i+1]]`` in the columns ``indices[...]``, increasing, none of them zero.
The numerators are int64 where they fit, Python ints otherwise; the form is canonical, so that equal
matrices are stored equally. Products compare a proven bound with 2^63 first; where it is exceeded they
are computed modulo primes and put together again (`symkern.exact.sparse_residues`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLong, displayed
from symkern.exact.exact_arrays import ArrayProtocol, converted, read_sparse_dtype
from symkern.exact.sparse_residues import (
    INT64,
    IntegerArray,
    from_residues,
    primes_for,
    residues_of,
    slim,
)
from symkern.exact.sparse_vector import (
    RationalVector,
    largest,
    public_number,
    read_fraction,
    read_rationals,
    reduced,
    scaled_integers,
)
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.missing_entries import without_mask
from symkern.reading.operands import left_to
from symkern.reading.sequences import read_all, read_pair, read_rows
from symkern.typeset.numerals import fraction_literal, literal
from symkern.typeset.shown import Written, displays

#: For a product of two rational numbers in an inverse, at least.
_SECONDS = 2e-9


class SparseMatrix(ArrayProtocol, Written):
    """A sparse matrix of rational numbers; hashable, never modified.

    Args:
        shape: (rows, columns).
        rows: the row of each entry, an integer array.
        columns: its column.
        numerators: its value, times the denominator.
        denominator: an integer other than 0.

    Raises:
        InvalidType: lists in the place of arrays; ``from_entries`` reads them.
        SizeMismatch: arrays of different lengths.

    >>> A = SparseMatrix.from_entries((2, 2), [(0, 0, "1/2"), (1, 0, 3)])
    >>> A
    SparseMatrix.from_entries((2, 2), [(0, 0, '1/2'), (1, 0, 3)])
    >>> A @ A == A / 2, A.trace(), A[1, 0], A.rank()
    (True, 1/2, 3, 1)
    """

    __slots__ = ("denominator", "indices", "indptr", "numerators", "shape")

    shape: tuple[int, int]
    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int64]
    numerators: IntegerArray
    denominator: int

    def __init__(
        self,
        shape: tuple[int, int],
        rows: IntegerArray,
        columns: IntegerArray,
        numerators: IntegerArray,
        denominator: int = 1,
    ) -> None:
        """Entries by place, each place at most once; use a class method for what users pass."""
        if not isinstance(shape, tuple) or [type(k) for k in shape] != [int, int]:
            raise InvalidType("shape", "must be the numbers of rows and columns", shape)
        if min(shape) < 0 or shape[0] >= current().listed_entries:
            raise InvalidArgument(
                "shape",
                f"must have less than {current().listed_entries} rows",
                f"it is {displayed(shape)}",
            )
        if type(denominator) is not int:
            denominator = read_integer(denominator, "denominator", minimum=None)
        if not all(isinstance(a, np.ndarray) for a in (rows, columns, numerators)):
            raise InvalidType("rows", "must be arrays here; from_entries reads lists", rows)
        if any(a.ndim != 1 or a.dtype.kind not in "iuO" for a in (rows, columns, numerators)):
            raise InvalidType("rows", "must be arrays of integers", rows)
        if not len(rows) == len(columns) == len(numerators):
            found = f"they have {len(rows)}, {len(columns)} and {len(numerators)}"
            raise SizeMismatch("rows, columns, numerators", "must have one length", found)
        for name, places, size in (("rows", rows, shape[0]), ("columns", columns, shape[1])):
            if len(places) and not (places.min() >= 0 and places.max() < size):
                raise InvalidArgument(name, f"must lie from 0 to {size - 1}", "one does not")
        keep = np.asarray(numerators != 0, dtype=bool)
        if not keep.all():
            rows, columns, numerators = rows[keep], columns[keep], numerators[keep]
        else:
            numerators = numerators.copy()  # the caller's array stays the caller's
        places = rows.astype(np.int64) * shape[1] + columns
        if np.any(places[1:] < places[:-1]):
            order = np.argsort(places)
            rows, columns, numerators = rows[order], columns[order], numerators[order]
        self.shape = shape
        self.indices = columns.astype(np.int64)
        self.numerators, self.denominator = reduced(numerators, denominator)
        self.indptr = np.zeros(shape[0] + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=shape[0]), out=self.indptr[1:])
        for array in (self.indices, self.indptr, self.numerators):
            array.setflags(write=False)

    # -- making -------------------------------------------------------------------------

    @classmethod
    @typed
    def from_entries(
        cls, shape: tuple[int, int], entries: Iterable[tuple[int, int, Any]]
    ) -> SparseMatrix:
        """The matrix with the given (row, column, value), 0 elsewhere.

        Args:
            shape: (rows, columns).
            entries: triples (row, column, value), both numbers from 0, exact values, each place once.

        Raises:
            InvalidArgument: a place twice, or outside the shape.
        """
        listed = read_all(entries, (tuple, list), "entries", "triples (row, column, value)")
        for entry in listed:
            if len(entry) != 3:
                raise InvalidType("entries", "must be triples (row, column, value)", entry)
        for i, j, _ in listed:
            read_integer(i, "row", minimum=None), read_integer(j, "column", minimum=None)
            if not (0 <= i < shape[0] and 0 <= j < shape[1]):
                rule = f"must lie inside the shape {shape}"
                raise InvalidArgument("entries", rule, f"one is at {(i, j)}")
        if len({(i, j) for i, j, _ in listed}) < len(listed):
            raise InvalidArgument("entries", "must name each place once", "one occurs twice")
        numerators, denominator = read_rationals([value for _, _, value in listed], "entries")
        places = np.array([(i, j) for i, j, _ in listed], dtype=np.int64).reshape(-1, 2)
        return cls(shape, places[:, 0], places[:, 1], numerators, denominator)

    @classmethod
    @typed
    def from_dense(cls, rows: Any, denominator: int = 1, argument: str = "matrix") -> SparseMatrix:
        """Read rows of exact numbers, a numpy array of integers or Fractions, or a SymPy matrix.

        Args:
            rows: of equal length.
            denominator: all entries are divided by it.
            argument: the name that an error message has for the rows.
        """
        if isinstance(rows, SparseMatrix):
            return rows
        rows = without_mask(rows, argument)
        if isinstance(rows, np.ndarray) and rows.ndim == 2 and rows.dtype.kind in "iu":
            array = slim(rows.astype(object)) if rows.dtype.kind == "u" else rows.astype(np.int64)
            i, j = np.nonzero(array)
            return cls(array.shape, i, j, array[i, j], denominator)
        listed = read_rows(rows, argument)
        width = len(listed[0]) if listed else 0
        flat, common = read_rationals([entry for row in listed for entry in row], argument)
        at = np.flatnonzero(flat)
        return cls(
            (len(listed), width), at // max(1, width), at % max(1, width), flat[at],
            common * read_integer(denominator, "denominator", minimum=None),
        )  # fmt: skip

    @classmethod
    def from_dense_numerators(cls, numerators: IntegerArray, denominator: int = 1) -> SparseMatrix:
        """The matrix numerators/denominator, from a two-dimensional array of int64 or Python ints."""
        i, j = np.nonzero(numerators)
        return cls(numerators.shape, i, j, numerators[i, j], denominator)

    @classmethod
    def identity(cls, size: int) -> SparseMatrix:
        """The identity matrix.

        Args:
            size: the number of rows.
        """
        size = read_integer(size, "size", maximum=current().listed_entries)
        places = np.arange(size)
        return cls((size, size), places, places, np.ones(size, dtype=np.int64))

    # -- reading ------------------------------------------------------------------------

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The row of each stored entry."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.indptr))

    @property
    def count(self) -> int:
        """The number of entries that are not zero."""
        return len(self.indices)

    @property
    def is_zero(self) -> bool:
        """Whether every entry is zero."""
        return not len(self.indices)

    def __getitem__(self, place: tuple[int, int]) -> Any:
        # As lists do: negative places count from the end, others raise IndexError.
        pair = read_pair(place, "place", "a row and a column")
        i, j = (range(size)[at] for at, size in zip(pair, self.shape, strict=True))
        start, stop = int(self.indptr[i]), int(self.indptr[i + 1])
        at = start + int(np.searchsorted(self.indices[start:stop], j))
        if at == stop or self.indices[at] != j:
            return 0
        return public_number(int(self.numerators[at]), self.denominator)

    def entries(self) -> Iterator[tuple[int, int, Any]]:
        """(row, column, value) of what is not zero, row by row."""
        for i, j, k in self.integers():
            yield i, j, public_number(k, self.denominator)

    def integers(self) -> Iterator[tuple[int, int, int]]:
        """(row, column, numerator over ``denominator``) of what is not zero, row by row."""
        places = self.rows.tolist(), self.indices.tolist()
        return zip(*places, self.numerators.tolist(), strict=True)

    @typed
    def column(self, j: int) -> RationalVector:
        """Column j.

        Args:
            j: from 0 on.
        """
        values = np.zeros(self.shape[0], dtype=self.numerators.dtype)
        at = np.flatnonzero(self.indices == j)
        values[self.rows[at]] = self.numerators[at]
        return RationalVector(values, 1) / self.denominator

    def dense_numerators(self) -> IntegerArray:
        """The numerators as a dense array; the matrix is that over ``denominator``."""
        out = np.zeros(self.shape, dtype=self.numerators.dtype)
        out[self.rows, self.indices] = self.numerators
        return out

    def trace(self) -> Any:
        """Sum of the diagonal."""
        on = self.rows == self.indices
        return public_number(sum(self.numerators[on].tolist()), self.denominator)

    def rank(self) -> int:
        """The rank over Q."""
        import flint

        if self.is_zero:
            return 0
        dense = self.dense_numerators()
        return int(flint.fmpz_mat(*self.shape, [int(e) for e in dense.ravel().tolist()]).rank())

    def inverse(self) -> SparseMatrix:
        """The inverse matrix; refuses what has none."""
        size = self.shape[0]
        if self.shape[1] != size:
            raise InvalidArgument("self", "must be square", f"its shape is {self.shape}")
        seconds = size**3 * _SECONDS
        if seconds > 3600 * current().hours:
            what = f"the inverse of a matrix of {size} rows"
            raise TooLong(what, 3600 * current().hours, "a smaller one takes less")
        try:
            inverse = self.to_flint().inv()
        except ZeroDivisionError:
            raise InvalidArgument("self", "must be invertible", "its determinant is 0") from None
        numerators, common = inverse.numer_denom()
        flat = [int(e) for e in numerators.entries()]
        dense = slim(np.array([*flat, 0], dtype=object)[:-1].reshape(size, size))
        return SparseMatrix.from_dense_numerators(dense, int(common))

    # -- algebra ------------------------------------------------------------------------

    @property
    def T(self) -> SparseMatrix:
        """The transposed matrix."""
        return SparseMatrix(
            self.shape[::-1], self.indices, self.rows, self.numerators, self.denominator
        )

    def __add__(self, other: Any) -> SparseMatrix:
        if not isinstance(other, SparseMatrix):
            return left_to(self, other, "__radd__", "must be a SparseMatrix")
        if other.shape != self.shape:
            rule = f"must have the shape {self.shape}"
            raise SizeMismatch("other", rule, f"it has {other.shape}")
        common = lcm(self.denominator, other.denominator)
        first = scaled_integers(self.numerators, common // self.denominator)
        second = scaled_integers(other.numerators, common // other.denominator)
        if largest(first) + largest(second) > INT64:
            first = first.astype(object)
        places = np.concatenate([self.rows, other.rows]) * self.shape[1]
        places += np.concatenate([self.indices, other.indices])
        unique, back = np.unique(places, return_inverse=True)
        values = np.concatenate([first, second])
        sums = np.zeros(len(unique), dtype=values.dtype)
        np.add.at(sums, back, values)
        width = max(1, self.shape[1])
        return SparseMatrix(self.shape, unique // width, unique % width, sums, common)

    def __neg__(self) -> SparseMatrix:
        return self * -1

    def __sub__(self, other: Any) -> SparseMatrix:
        if not isinstance(other, SparseMatrix):
            return left_to(self, other, "__rsub__", "must be a SparseMatrix")
        return self + other * -1

    def __mul__(self, scalar: Any) -> SparseMatrix:
        if isinstance(scalar, SparseMatrix):
            return NotImplemented
        factor = read_fraction(scalar, "scalar")
        return SparseMatrix(
            self.shape, self.rows, self.indices, scaled_integers(self.numerators, factor.numerator),
            self.denominator * factor.denominator,
        )  # fmt: skip

    __rmul__ = __mul__

    def __truediv__(self, scalar: Any) -> SparseMatrix:
        factor = read_fraction(scalar, "scalar")
        if not factor:
            raise InvalidArgument("scalar", "must not be zero", "it is 0")
        return self * (1 / factor)

    def __matmul__(self, other: Any) -> Any:
        if isinstance(other, RationalVector):
            return self._times_vector(other)
        if not isinstance(other, SparseMatrix):
            return left_to(self, other, "__rmatmul__", "must be an exact matrix or vector")
        if self.shape[1] != other.shape[0]:
            rule = f"must have {self.shape[1]} rows"
            raise SizeMismatch("other", rule, f"it has {other.shape[0]}")
        if self.is_zero or other.is_zero:
            empty = np.zeros(0, dtype=np.int64)
            return SparseMatrix((self.shape[0], other.shape[1]), empty, empty, empty)
        longest = int(np.diff(self.indptr).max(initial=1))
        bound = longest * largest(self.numerators) * largest(other.numerators)
        if bound <= INT64:
            product = (self.as_scipy(self.numerators) @ other.as_scipy(other.numerators)).tocoo()
            rows, columns, values = product.row, product.col, product.data
        else:
            # A sum of ``longest`` products of residues below 2^bits must stay below 2^63.
            primes = primes_for(bound, (63 - longest.bit_length()) // 2)
            pairs = [
                (self.as_scipy(a) @ other.as_scipy(b)).tocoo()
                for a, b in zip(
                    residues_of(self.numerators, primes), residues_of(other.numerators, primes),
                    strict=True,
                )
            ]  # fmt: skip
            # A residue may vanish where another does not, so the patterns may differ.
            width = other.shape[1]
            keys = [p.row.astype(np.int64) * width + p.col for p in pairs]
            places = np.unique(np.concatenate(keys))
            residues = np.zeros((len(primes), len(places)), dtype=np.int64)
            for line, key, product, q in zip(residues, keys, pairs, primes, strict=True):
                line[np.searchsorted(places, key)] = product.data % q
            rows, columns = places // width, places % width
            values = from_residues(residues, primes)
        return SparseMatrix(
            (self.shape[0], other.shape[1]), rows, columns, values,
            self.denominator * other.denominator,
        )  # fmt: skip

    def _times_vector(self, vector: RationalVector) -> RationalVector:
        if self.shape[1] != len(vector):
            rule = f"must have {self.shape[1]} entries"
            raise SizeMismatch("other", rule, f"it has {len(vector)}")
        at = np.flatnonzero(vector.numerators)
        zero = np.zeros_like(at)
        column = SparseMatrix((len(vector), 1), at, zero, vector.numerators[at])
        product = self @ column
        values = np.zeros(self.shape[0], dtype=product.numerators.dtype)
        values[product.rows] = product.numerators
        return RationalVector(values, product.denominator * vector.denominator)

    @typed
    def as_scipy(self, data: npt.NDArray[np.int64]) -> Any:
        """The matrix with ``data`` in the places of its entries, for products in machine integers."""
        from scipy.sparse import csr_array

        if np.shape(data) != self.indices.shape:
            rule = f"must be a row of {len(self.indices)} numbers, one for each entry"
            raise SizeMismatch("data", rule, f"its shape is {np.shape(data)}")
        return csr_array((data, self.indices, self.indptr), shape=self.shape)

    # -- as a value ---------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SparseMatrix):
            return NotImplemented
        return (
            self.shape == other.shape
            and self.denominator == other.denominator
            and np.array_equal(self.indptr, other.indptr)
            and np.array_equal(self.indices, other.indices)
            and np.array_equal(self.numerators, other.numerators)
        )

    def __hash__(self) -> int:
        data = tuple(self.numerators.tolist())
        return hash((self.shape, self.denominator, self.indices.tobytes(), data))

    def __reduce__(self) -> tuple[Any, ...]:
        return SparseMatrix, (
            self.shape, self.rows, self.indices, self.numerators, self.denominator,
        )  # fmt: skip

    def __repr__(self) -> str:
        """Source text for a few hundred entries; beyond, a description in angle brackets."""
        if self.count > current().repr_entries:
            rows, columns = self.shape
            shown = f"{self.count} entries, denominator {self.denominator}"
            return f"<SparseMatrix {rows} x {columns}, {shown}>"
        listed = ", ".join(f"({i}, {j}, {_written(e)})" for i, j, e in self.entries())
        return f"SparseMatrix.from_entries({self.shape}, [{listed}])"

    def to_sympy(self) -> sp.ImmutableMatrix:
        """As an immutable SymPy matrix."""
        return sp.ImmutableMatrix(
            sp.SparseMatrix(*self.shape, {(i, j): e for i, j, e in self.entries()})
        )

    def to_numpy(self) -> np.ndarray:
        """As a read-only dense array of Fractions."""
        out = np.full(self.shape, Fraction(0), dtype=object)
        for i, j, k in self.integers():
            out[i, j] = Fraction(k, self.denominator)
        out.setflags(write=False)
        return out

    def to_flint(self) -> Any:
        """As a flint rational matrix."""
        import flint

        whole = flint.fmpz_mat(*self.shape, [int(e) for e in self.dense_numerators().ravel()])
        return flint.fmpq_mat(whole) / self.denominator

    def to_float(self) -> Any:
        """In floating point, as a scipy.sparse array."""
        values = RationalVector(self.numerators) / self.denominator
        return self.as_scipy(values.to_float())

    def to_scipy(self, dtype: Any = float) -> Any:
        """As a compressed array of scipy.sparse, in floating point where no other type is asked for; nothing dense is made.

        Args:
            dtype: float, complex, or an integer type where all entries are whole.

        Raises:
            InvalidArgument: an entry is no number of this kind.

        >>> SparseMatrix.from_entries((1, 2), [(0, 1, 3)]).to_scipy(int).toarray()
        array([[0, 3]])
        """
        kind = read_sparse_dtype(dtype)
        if kind.kind in "iu":
            entries = self.numerators
            if self.denominator > 1:
                entries = np.array([e for _, _, e in self.entries()], dtype=object)
            rows, columns = self.rows, self.indices
            whole = converted(entries, kind, lambda k: (int(rows[k[0]]), int(columns[k[0]])))
            return self.as_scipy(whole)
        return self.to_float().astype(kind)

    @displays
    def latex(self) -> str:
        """The matrix for math mode, a common factor before it."""
        from symkern.typeset.matrices import matrix_latex

        return matrix_latex(self.to_sympy())

    def _repr_latex_(self) -> str | None:
        return f"${self.latex()}$" if max(self.shape) <= current().typeset_rows else None

    def _repr_html_(self) -> str | None:
        from symkern.typeset.matrices import matrix_html

        return matrix_html(self.to_sympy()) if max(self.shape) <= current().typeset_rows else None


def _written(entry: Any) -> str:
    """An entry as Python reads it back: a fraction in quotes, but where Python would not read its digits."""
    if isinstance(entry, int):
        return literal(entry)
    number = Fraction(int(entry.numerator), int(entry.denominator))
    text = fraction_literal(number)
    return text if "0x" in text else repr(str(number))
