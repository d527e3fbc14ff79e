r"""Columns of the character table of S_n, any range of them, without the rest of the table.

The columns (k, rho) with largest part k are B(n, k) times the columns rho of the table of n - k, rho
with parts at most k (`symkern.characters.strip_operators`); in reverse lexicographic order both are
contiguous. Of the table of m < n only the columns with parts at most n - m are ever needed. These
*shorter tables* are computed once; after that every range of columns is a few sparse products,
independent of all others.

Why machine integers are exact: column orthogonality gives |chi^lam(mu)| <= sqrt(z_mu). A column with
z_mu < 2^(2b - 2) therefore fits in b bits, and since arithmetic modulo 2^b is a ring homomorphism,
sums that wrap around on the way still end on the right value. z only shrinks along the recursion, so
that the columns of one width need no wider ones: each shorter table is kept in groups of columns of
8, 16, 32 and 64 bits, and only columns with z_mu >= 2^126, first at n = 34, in Python ints as well.

Source: Sagan, *The Symmetric Group*, theorems 1.10.3 and 4.10.2.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.characters.strip_operators import LARGEST, Shapes, StripOperator, strip_operator
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument

__all__ = ["FITS_UP_TO", "Columns", "require_shorter_tables"]

Width = np.dtype[Any]
_WIDTHS: tuple[Width, ...] = tuple(np.dtype(t) for t in (np.int8, np.int16, np.int32, np.int64))
_ONE_WIDTH_UP_TO = 28  # below, sorting the columns by width costs more than it spares
FITS_UP_TO = 35
"""The n up to which every |chi^lam(mu)| <= f^lam fits in 64 bits; the largest f^lam of 36 has 66."""
_CHUNK = 128  # columns multiplied at a time, so that both sides stay in the processor's cache
_THREADS_FROM = 1 << 20  # entries


@dataclass(frozen=True)
class _Group:
    """Columns of one shorter table that are kept in one width: their numbers and their values."""

    numbers: npt.NDArray[np.intp]
    values: npt.NDArray[Any]


class Columns:
    """The columns of the table of S_n; ``columns(first, last)`` computes a range of them.

    ``widths`` are the integer types to use, the last one for all columns that fit no other.

    >>> Columns(3)(0, 2)
    array([[ 1,  1],
           [-1,  0],
           [ 1, -1]])
    """

    def __init__(self, n: int, widths: Sequence[Width] | None = None) -> None:
        require_shorter_tables(n)
        self.n = n
        self._widths = tuple(widths or (_WIDTHS if n > _ONE_WIDTH_UP_TO else _WIDTHS[-1:]))
        self._limits = [1 << 2 * (8 * w.itemsize - 1) for w in self._widths]
        self._shapes = Shapes.up_to(n)
        self._starts = [shapes.starts for shapes in self._shapes]
        self._groups: list[list[_Group]] = [[] for _ in range(n)]
        self._wide: list[dict[int, npt.NDArray[Any]]] = [{} for _ in range(n)]
        for m in range(n):
            self._build(m)
        self._operators = [
            strip_operator(self._shapes[n], self._shapes[n - k]) for k in range(1, n + 1)
        ]

    @property
    def count(self) -> int:
        """How many columns there are, and rows: p(n)."""
        return len(self._shapes[self.n])

    @property
    def chunk(self) -> int:
        """How many columns take some 64 MiB: a good number to ask for at a time."""
        return max(1, (1 << 23) // self.count)

    @property
    def shorter_bytes(self) -> int:
        """Bytes that the shorter tables take."""
        return sum(group.values.nbytes for groups in self._groups for group in groups)

    def __call__(self, first: int, last: int) -> npt.NDArray[Any]:
        """The columns first, ..., last - 1, all rows: int64 where every entry fits, else Python ints."""
        values = np.empty((self.count, last - first), dtype=self._widths[-1])
        return self.fill(values, first, last)

    def fill(self, out: npt.NDArray[Any], first: int, last: int) -> npt.NDArray[Any]:
        """As a call, into ``out``; what is returned is another array where Python ints are needed."""
        wide: dict[int, npt.NDArray[Any]] = {}
        chunks: list[tuple[int, int, int]] = []
        for k, start, stop in self._largest_parts(self.n, first, last):
            chunks += [(k, a, min(a + _CHUNK, stop)) for a in range(start, stop, _CHUNK)]
            wide.update(self._wide_columns(self._operator(k), self.n, k, start, stop))

        def write(chunk: tuple[int, int, int]) -> None:
            k, a, b = chunk
            out[:, a - first : b - first] = self._product(self._operator(k), self.n, k, a, b)

        threads = min(4, os.cpu_count() or 1) if out.size > _THREADS_FROM else 1
        if threads > 1:  # numpy copies, and takes memory from the system, without Python's lock
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(write, chunks))
        else:
            for chunk in chunks:
                write(chunk)
        return _joined(out, {j - first: column for j, column in wide.items()})

    def rows(self, numbers: Sequence[int]) -> npt.NDArray[Any]:
        """The rows with these numbers, all columns; int64 where every entry fits, else Python ints."""
        chosen = np.array(numbers, dtype=np.intp)
        if not self.n:
            return self(0, 1)[chosen]
        values = np.empty((len(chosen), self.count), dtype=self._widths[-1])
        wide: dict[int, npt.NDArray[Any]] = {}
        for k, a, b in self._largest_parts(self.n, 0, self.count):
            operator = self._operators[k - 1].rows(chosen)
            values[:, a:b] = self._product(operator, self.n, k, a, b)
            wide.update(self._wide_columns(operator, self.n, k, a, b))
        return _joined(values, wide)

    def wide_numbers(self) -> list[int]:
        """The columns that may hold entries of more than 64 bits; none up to n = 35."""
        if self.n <= FITS_UP_TO:
            return []
        bounds = self._shapes[self.n].bounds
        return [int(j) for j in np.flatnonzero(bounds >= float(self._limits[-1]))]

    def parts(self) -> npt.NDArray[np.int64]:
        """The labels of rows and columns as the rows of an array, filled up with zeros."""
        return self._shapes[self.n].parts()

    def _operator(self, k: int) -> StripOperator | None:
        return self._operators[k - 1] if k else None

    # The recursion

    def _build(self, m: int) -> None:
        """The columns of the table of m with parts at most n - m, by width."""
        shapes, start = self._shapes[m], self._starts[m][min(m, self.n - m)]
        if not m:
            self._groups[0] = [_Group(np.arange(1), np.ones((1, 1), dtype=self._widths[0]))]
            return
        blocks: list[list[_Group]] = [[] for _ in self._widths]
        for k, a, b in self._largest_parts(m, start, len(shapes)):
            operator = strip_operator(shapes, self._shapes[m - k])
            if len(self._widths) == 1:
                blocks[0].append(_Group(np.arange(a, b), self._product(operator, m, k, a, b)))
                self._wide[m].update(self._wide_columns(operator, m, k, a, b))
                continue
            widths = self._width_numbers(m, a, b)
            for w, width in enumerate(self._widths):
                numbers = a + np.nonzero(widths == w)[0]
                if len(numbers):
                    factor = self._gathered(
                        m - k, numbers - a + self._starts[m - k][min(k, m - k)], w
                    )
                    blocks[w].append(_Group(numbers, operator @ factor.astype(width, copy=False)))
            self._wide[m].update(self._wide_columns(operator, m, k, a, b))
        if len(self._widths) == 1:
            self._groups[m] = blocks[0]  # contiguous ranges already
            return
        self._groups[m] = [
            _Group(
                np.concatenate([part.numbers for part in parts]),
                np.concatenate([part.values for part in parts], axis=1),
            )
            for parts in blocks
            if parts
        ]

    def _largest_parts(self, m: int, first: int, last: int) -> list[tuple[int, int, int]]:
        """(k, a, b): of the columns first..last - 1 of the table of m, a..b - 1 have largest part k."""
        if not m:
            return [(0, first, last)]
        starts = self._starts[m]
        ranges = [(k, max(first, starts[k]), min(last, starts[k - 1])) for k in range(m, 0, -1)]
        return [(k, a, b) for k, a, b in ranges if a < b]

    def _width_numbers(self, m: int, first: int, last: int) -> npt.NDArray[np.intp]:
        """For each of these columns the number of the narrowest width that holds it, or the last."""
        if len(self._widths) == 1:
            return np.zeros(last - first, dtype=np.intp)
        # A bound that is rounded up puts a column into a width that may be too wide, never too narrow.
        inner = [float(limit) for limit in self._limits[:-1]]
        return np.searchsorted(inner, self._shapes[m].bounds[first:last], side="right")

    def _gathered(self, m: int, numbers: npt.NDArray[np.intp], w: int) -> npt.NDArray[Any]:
        """The columns with these increasing numbers of the shorter table of m, in width number w."""
        result = np.empty((len(self._shapes[m]), len(numbers)), dtype=self._widths[w])
        for group in self._groups[m]:
            at = np.searchsorted(numbers, group.numbers)
            here = at < len(numbers)
            here[here] = numbers[at[here]] == group.numbers[here]
            if here.all():
                result[:, at] = group.values
            elif here.any():
                result[:, at[here]] = group.values[:, here]
        return result

    def _range(self, m: int, first: int, last: int) -> npt.NDArray[Any]:
        """A range of the columns of the shorter table of m, in the last width."""
        width = self._widths[-1]
        result: npt.NDArray[Any] | None = None
        for group in self._groups[m]:
            a, b = np.searchsorted(group.numbers, (first, last))
            if b - a == last - first:
                return np.ascontiguousarray(group.values[:, a:b], dtype=width)
            if a < b:
                if result is None:
                    result = np.empty((len(self._shapes[m]), last - first), dtype=width)
                result[:, group.numbers[a:b] - first] = group.values[:, a:b]
        assert result is not None
        return result

    def _product(
        self, operator: StripOperator | None, m: int, k: int, first: int, last: int
    ) -> npt.NDArray[Any]:
        """Columns with largest part k of the table of m in the last width."""
        if operator is None:
            return np.ones((1, 1), dtype=self._widths[-1])
        shift = self._starts[m - k][min(k, m - k)] - self._starts[m][k]
        return operator @ self._range(m - k, first + shift, last + shift)

    def _wide_columns(
        self, operator: StripOperator | None, m: int, k: int, first: int, last: int
    ) -> dict[int, npt.NDArray[Any]]:
        """{number: exact column} where the last width may be too narrow."""
        found: dict[int, npt.NDArray[Any]] = {}
        if operator is None or factorial(m) < self._limits[-1]:
            return found
        shift = self._starts[m - k][min(k, m - k)] - self._starts[m][k]
        bounds = self._shapes[m].bounds[first:last]
        for j in (first + np.nonzero(bounds >= float(self._limits[-1]))[0]).tolist():
            column = self._wide[m - k].get(j + shift)
            if column is None:
                column = self._range(m - k, j + shift, j + shift + 1)[:, 0]
            found[j] = (operator @ column.astype(object)[:, None])[:, 0]
        return found


def require_shorter_tables(n: int) -> None:
    """Refuse an n whose shorter tables do not fit, before any of them is computed."""
    if n > LARGEST:
        raise InvalidArgument("n", f"must be at most {LARGEST} for a table", f"it is {n}")
    # counts[m][k]: partitions of m with parts at most k
    counts = [[1] * (n + 1)] + [[0] * (n + 1) for _ in range(n)]
    for m in range(1, n + 1):
        for k in range(1, n + 1):
            counts[m][k] = counts[m][k - 1] + (counts[m - k][k] if k <= m else 0)
    entries = sum(counts[m][m] * counts[m][min(m, n - m)] for m in range(n))
    each = 8 if n <= _ONE_WIDTH_UP_TO else 4  # measured: 2.7 at n = 36, 3.0 at n = 40
    require_bytes(f"the shorter tables for S_{n}", entries * each + 400 * counts[n][n])


def _joined(values: npt.NDArray[Any], wide: dict[int, npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """The columns with the wide ones among them, as Python ints where one of them does not fit."""
    bounds = np.iinfo(values.dtype)
    if any(not bounds.min <= entry <= bounds.max for v in wide.values() for entry in v):
        values = values.astype(object)
    for j, vector in wide.items():
        values[:, j] = vector
    return values
