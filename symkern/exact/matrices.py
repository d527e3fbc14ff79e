"""Immutable exact matrices over Q(symbols), and rational row reduction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import flint
import numpy as np
import sympy as sp

from symkern.errors import InvalidArgument
from symkern.exact.characteristic import characteristic_cost, characteristic_factors
from symkern.exact.exact_arrays import ArrayProtocol
from symkern.exact.rational_functions import FunctionField, RationalFunction, Scalar, function_field
from symkern.exact.row_reduction import fmpq
from symkern.exact.written import fraction_repr
from symkern.reading.annotated import typed
from symkern.reading.operands import left_to
from symkern.reading.sequences import read_all, read_pair, read_rows, require_types
from symkern.typeset.shown import Written, displays


class ExactMatrix(ArrayProtocol, Written):
    """A square or rectangular matrix of rational functions; hashable, never modified.

    >>> from symkern.abc import L
    >>> A = ExactMatrix.from_rows([[1, L], [0, 2]])
    >>> A.to_sympy()
    Matrix([
    [1, L],
    [0, 2]])
    >>> A.trace().to_sympy()
    3
    """

    __slots__ = ("field", "rows", "shape")

    def __init__(self, field: FunctionField, rows: Sequence[Sequence[RationalFunction]]) -> None:
        self.field = field
        self.rows = tuple(map(tuple, read_rows(rows, "rows")))
        self.shape = (len(self.rows), len(self.rows[0]) if self.rows else 0)
        require_types(self, field=FunctionField)
        read_all(chain(*self.rows), RationalFunction, "rows", "rational functions")

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[Scalar]]) -> ExactMatrix:
        """Read rows of ints, Fractions and SymPy expressions.

        Args:
            rows: of equal length.
        """
        rows = read_rows(rows, "rows")
        entries = (entry for row in rows for entry in row if isinstance(entry, sp.Expr))
        symbols: set[sp.Symbol] = set().union(*(entry.free_symbols for entry in entries))
        field = function_field(tuple(sorted(symbols, key=lambda s: s.name)))
        return cls(field, [[field(e) for e in row] for row in rows])

    def __getitem__(self, place: tuple[int, int]) -> sp.Expr:
        i, j = read_pair(place, "place", "a row and a column")
        return self.rows[i][j].to_sympy()

    def __iter__(self) -> Iterator[tuple[RationalFunction, ...]]:
        return iter(self.rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExactMatrix):
            return NotImplemented
        return self.shape == other.shape and all(
            a == b
            for r, s in zip(self.rows, other.rows, strict=True)
            for a, b in zip(r, s, strict=True)
        )

    def __hash__(self) -> int:
        return hash(self.rows)

    def __matmul__(self, other: ExactMatrix) -> ExactMatrix:
        if not isinstance(other, ExactMatrix):
            return left_to(self, other, "__rmatmul__", "must be an ExactMatrix")
        if self.shape[1] != other.shape[0]:
            rule = f"must have {self.shape[1]} rows"
            raise InvalidArgument("other", rule, f"it has {other.shape[0]}")
        columns = list(zip(*other.rows, strict=True))
        zero = self.field.zero

        def dot(r: Sequence[RationalFunction], c: Sequence[RationalFunction]) -> RationalFunction:
            return sum((a * b for a, b in zip(r, c, strict=True) if a and b), zero)

        return ExactMatrix(self.field, [[dot(r, c) for c in columns] for r in self.rows])

    def trace(self) -> RationalFunction:
        """Sum of the diagonal."""
        return sum((row[i] for i, row in enumerate(self.rows)), self.field.zero)

    @property
    def is_zero(self) -> bool:
        """Whether every entry is zero."""
        return not any(e for row in self.rows for e in row)

    @property
    def is_rational(self) -> bool:
        """Whether no entry holds a symbol."""
        return all(e.is_number for row in self.rows for e in row)

    @typed
    def substitute(self, values: Mapping[sp.Expr, Any], field: FunctionField) -> ExactMatrix:
        """Put values in the place of symbols.

        Args:
            values: symbol -> number or element of ``field``.
            field: the field of the result, with all symbols that are left.

        Raises:
            ZeroDivisionError: the values are a pole of an entry.
        """
        return ExactMatrix(
            field, [[e.substitute(dict(values), field) for e in r] for r in self.rows]
        )

    def to_sympy(self) -> sp.ImmutableMatrix:
        """As an immutable SymPy matrix with factored entries."""
        return sp.ImmutableMatrix([[e.to_sympy() for e in row] for row in self.rows])

    def to_numpy(self) -> np.ndarray:
        """As a read-only numpy array of Python objects: Fractions, or SymPy expressions."""
        rational = self.is_rational
        out = np.empty(self.shape, dtype=object)
        for place in np.ndindex(self.shape):
            e = self.rows[place[0]][place[1]]
            out[place] = e.to_fraction() if rational else e.to_sympy()
        out.setflags(write=False)
        return out

    def to_flint(self) -> flint.fmpq_mat:
        """As a flint rational matrix; refuses symbols."""
        return flint.fmpq_mat(
            *self.shape, [fmpq(e.to_fraction()) for row in self.rows for e in row]
        )

    def __repr__(self) -> str:
        rows = [", ".join(fraction_repr(e.to_sympy()) for e in row) for row in self.rows]
        return f"ExactMatrix.from_rows([{', '.join(f'[{row}]' for row in rows)}])"

    @displays
    def latex(self) -> str:
        """As LaTeX for math mode, a common factor in front."""
        from symkern.typeset import matrix_latex

        return matrix_latex(self.to_sympy())

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    # -- characteristic polynomial ------------------------------------------------------

    def characteristic_cost(self) -> int:
        """How many products of terms `characteristic_factors` takes at most, about; some 10^8 of them take a second."""
        return characteristic_cost(self.field, self.rows)

    def characteristic_factors(self) -> list[list[RationalFunction]]:
        """Monic polynomials (coefficients from the constant term up) whose product is det(x - A)."""
        if self.shape[0] != self.shape[1]:
            raise InvalidArgument("self", "must be square", f"its shape is {self.shape}")
        return characteristic_factors(self.field, self.rows)
