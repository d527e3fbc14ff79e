r"""Matrices over a module's basis that commute with S_n, with numbers or formulas as entries.

Few entries are different, one for each orbit on pairs at most. A matrix A is kept as its list of different values and the number
of the value at each place, A = sum_u value_u A_u with matrices A_u of zeros and ones; linear algebra is done with the
integer matrices A_u, and formulas enter only in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from symkern.combinatorics.memory import require_bytes
from symkern.errors import (
    InvalidArgument,
    InvalidType,
    SizeMismatch,
    SymkernError,
    SymmetryError,
    displayed,
)
from symkern.exact import ExactMatrix, exact_expression, function_field
from symkern.exact.sparse import SparseMatrix
from symkern.reading.sequences import read_rows
from symkern.representations.modules import Module


class InvariantMatrix:
    """A matrix that commutes with S_n; `SymmetryError` with a witness (i, x, y) where it does not."""

    def __init__(self, module: Module, matrix: Any) -> None:
        size = module.dimension
        require_bytes(f"a matrix over {module!r}", 40 * size * size)
        self.module = module
        self.numbers, values = _coded(matrix, module)
        symbols = sorted(set().union(*(v.free_symbols for v in values)), key=lambda s: str(s.name))
        self.field = function_field(tuple(symbols))
        self.values = [self.field(v) for v in values]
        self._merge()
        self._check()

    def _merge(self) -> None:
        """Let equal values share a number, however they were written."""
        known: dict[Any, int] = {}
        to = np.array([known.setdefault(v, len(known)) for v in self.values], dtype=np.int64)
        self.numbers = to[self.numbers]
        self.values = list(known)

    def _check(self) -> None:
        module = self.module
        place = {v: k for k, v in enumerate(self.values)}
        negative = np.array([place.get(-v, -1) for v in self.values], dtype=np.int64)
        for i, places in enumerate(module.places):
            moved = self.numbers[np.ix_(places, places)]
            expected = self.numbers
            if module.signs is not None:
                flipped = np.outer(module.signs[i], module.signs[i]) < 0
                expected = np.where(flipped, negative[self.numbers], self.numbers)
            wrong = np.argwhere(moved != expected)
            if len(wrong):
                x, y = (int(k) for k in wrong[0])
                s_x, s_y = int(places[x]), int(places[y])
                points = module.basis
                raise SymmetryError(
                    "matrix",
                    f"must commute with the action of s_{i}",
                    f"the entry at {points[x]!r}, {points[y]!r} is "
                    f"{self._shown(x, y)} and that at {points[s_x]!r}, {points[s_y]!r} is "
                    f"{self._shown(s_x, s_y)}",
                    (i, points[x], points[y]),
                )

    def _shown(self, x: int, y: int) -> sp.Expr:
        return self.values[int(self.numbers[x, y])].to_sympy()

    def parts(self, rows: Sequence[int]) -> Iterator[SparseMatrix]:
        """Some rows of each A_u."""
        numbers = self.numbers[list(rows)]
        for u in range(len(self.values)):
            yield SparseMatrix.from_dense_numerators((numbers == u).astype(np.int64))

    def combine(self, parts: Sequence[SparseMatrix]) -> ExactMatrix:
        """sum_u value_u parts[u]."""
        height, width = parts[0].shape
        rows = [[self.field.zero] * width for _ in range(height)]
        for value, part in zip(self.values, parts, strict=True):
            for i, j, k in part.integers():
                rows[i][j] = rows[i][j] + value * self.field(Fraction(k, part.denominator))
        return ExactMatrix(self.field, rows)


def _entry(function: Callable[..., Any], x: Any, y: Any) -> Any:
    try:
        return function(x, y)
    except (MemoryError, SymkernError):
        raise
    except Exception as error:  # whatever a user's function may raise
        said = " ".join(str(error).split())
        raise InvalidArgument(
            "matrix",
            "must have a value at every pair of basis elements",
            f"at {displayed((x, y))} it raises {type(error).__name__}: {said}",
        ) from error


def _coded(matrix: Any, module: Module) -> tuple[npt.NDArray[np.int64], list[sp.Expr]]:
    """The number of the value at each place, and the values."""
    size = module.dimension
    if callable(matrix):
        points = module.basis
        listed: Any = [[_entry(matrix, x, y) for y in points] for x in points]
    elif isinstance(matrix, SparseMatrix):
        listed = matrix.to_numpy() if matrix.shape == (size, size) else np.zeros(matrix.shape)
    else:
        listed = matrix.to_sympy() if hasattr(matrix, "to_sympy") else matrix
    listed = read_rows(listed, "matrix")
    widths = {len(row) for row in listed}
    if len(listed) != size or widths - {size}:
        rule = f"must have {size} rows and columns"
        raise SizeMismatch("matrix", rule, f"it has {len(listed)} by {widths}")
    known: dict[Any, int] = {}
    values: list[sp.Expr] = []
    numbers = np.empty((size, size), dtype=np.int64)
    for i, row in enumerate(listed):
        for j, given in enumerate(row):
            entry = int(given) if isinstance(given, (bool, np.bool_)) else given
            key = (type(entry), entry)
            try:
                number = known.get(key)
            except TypeError:  # a list, say, where a number should be
                raise InvalidType(f"matrix[{i}, {j}]", "must be an exact number", entry) from None
            if number is None:
                number = known[key] = len(values)
                values.append(exact_expression(entry, f"matrix[{i}, {j}]"))
            numbers[i, j] = number
    return numbers, values
