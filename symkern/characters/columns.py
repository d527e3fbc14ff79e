r"""Columns of the character table of S_n, any range of them, without the rest of the table.

The columns (k, rho) with largest part k are B(n, k) times the columns rho of the table of n - k, rho
with parts at most k (`symkern.characters.strip_operators`); in reverse lexicographic order both are
contiguous. Of the table of m < n only the columns with parts at most n - m are ever needed. These
*shorter tables* are computed once; after that every range of columns is a few sparse products,
independent of all others.

Why machine integers are exact: column orthogonality gives |chi^lam(mu)| <= sqrt(z_mu). A column with
z_mu < 2^(2b - 2) therefore fits in b bits, and since arithmetic modulo 2^b is a ring homomorphism,
sums that wrap around on the way still end on the right value. z only shrinks along the recursion, so
that the columns of one width need no wider ones. Since z_mu <= m!, the whole table of m <= 12 fits in 16 bits and that of
m <= 20 in 32; larger shorter tables are kept in groups of columns of 8, 16, 32 and 64 bits where they are many,
and only columns with z_mu >= 2^126, first at n = 34, in Python ints as well.

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

from symkern.characters.shapes import LARGEST, ShapeNumbers, Shapes
from symkern.characters.strip_operators import StripOperator, strip_operators
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
        self._widths = tuple(widths or _WIDTHS)
        self._limits = [1 << 2 * (8 * w.itemsize - 1) for w in self._widths]
        # Below, sorting the columns by width costs more than it spares.
        self._by_width_from = n if n <= _ONE_WIDTH_UP_TO else 0
        self._shapes = Shapes.up_to(n)
        self._starts = [shapes.starts for shapes in self._shapes]
        self._operators = strip_operators(
            ShapeNumbers(self._shapes), lambda m, k: m == n or k <= n - m
        )
        self._groups: list[list[_Group]] = [[] for _ in range(n)]
        self._wide: list[dict[int, npt.NDArray[Any]]] = [{} for _ in range(n)]
        for m in range(n):
            self._build(m)

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
            wide.update(self._wide_columns(self.n, k, start, stop))

        def write(chunk: tuple[int, int, int]) -> None:
            k, a, b = chunk
            out[:, a - first : b - first] = self._product(self.n, k, a, b)

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
            operator = self._operators[self.n, k].rows(chosen)
            values[:, a:b] = self._product(self.n, k, a, b, operator)
            wide.update(self._wide_columns(self.n, k, a, b, operator))
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

    # The recursion

    def _build(self, m: int) -> None:
        """The columns of the table of m with parts at most n - m, by width."""
        start, end = self._starts[m][min(m, self.n - m)], len(self._shapes[m])
        if not m:
            self._groups[0] = [_Group(np.arange(1), np.ones((1, 1), dtype=self._widths[0]))]
            return
        ranges = self._largest_parts(m, start, end)
        width = self._width_of_all(m)
        if width is not None:
            values = np.empty((end, end - start), dtype=self._widths[width])
            for k, a, b in ranges:
                values[:, a - start : b - start] = self._product(m, k, a, b, width=width)
            self._groups[m] = [_Group(np.arange(start, end), values)]
        else:
            self._groups[m] = self._groups_by_width(m, ranges)
        for k, a, b in ranges:
            self._wide[m].update(self._wide_columns(m, k, a, b))

    def _width_of_all(self, m: int) -> int | None:
        """The number of the one width in which the shorter table of m is kept, or None where there are several."""
        largest = factorial(m)  # z of the identity; no other is larger
        for w, limit in enumerate(self._limits):
            if largest < limit and self._widths[w].itemsize in (2, 4):
                return w
        return len(self._widths) - 1 if m < self._by_width_from or len(self._widths) == 1 else None

    def _groups_by_width(self, m: int, ranges: list[tuple[int, int, int]]) -> list[_Group]:
        """The same columns, each in the narrowest width that holds it."""
        blocks: list[list[_Group]] = [[] for _ in self._widths]
        for k, a, b in ranges:
            widths = self._width_numbers(m, a, b)
            shift = self._shift(m, k)
            for w in range(len(self._widths)):
                numbers = a + np.flatnonzero(widths == w)
                if len(numbers):
                    factor = self._gathered(m - k, numbers + shift, w)
                    blocks[w].append(_Group(numbers, self._operators[m, k] @ factor))
        return [
            _Group(
                np.concatenate([part.numbers for part in parts]),
                np.concatenate([part.values for part in parts], axis=1),
            )
            for parts in blocks
            if parts
        ]

    def _shift(self, m: int, k: int) -> int:
        """What leads from the number of the column (k, rho) of m to that of rho of m - k."""
        return self._starts[m - k][min(k, m - k)] - self._starts[m][k]

    def _largest_parts(self, m: int, first: int, last: int) -> list[tuple[int, int, int]]:
        """(k, a, b): of the columns first..last - 1 of the table of m, a..b - 1 have largest part k."""
        if not m:
            return [(0, first, last)]
        starts = self._starts[m]
        ranges = [(k, max(first, starts[k]), min(last, starts[k - 1])) for k in range(m, 0, -1)]
        return [(k, a, b) for k, a, b in ranges if a < b]

    def _width_numbers(self, m: int, first: int, last: int) -> npt.NDArray[np.intp]:
        """For each of these columns the number of the narrowest width that holds it, or the last."""
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

    def _range(self, m: int, first: int, last: int, w: int) -> npt.NDArray[Any]:
        """A range of the columns of the shorter table of m, in width number w."""
        width = self._widths[w]
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
        self,
        m: int,
        k: int,
        first: int,
        last: int,
        operator: StripOperator | None = None,
        width: int | None = None,
    ) -> npt.NDArray[Any]:
        """Columns with largest part k of the table of m, in the narrowest width for arithmetic that holds them all."""
        if not m:
            return np.ones((1, 1), dtype=self._widths[-1])
        if width is None:
            width = int(self._width_numbers(m, first, last).max())
            width = max(width, len(self._widths) - 2)
        shift = self._shift(m, k)
        factor = self._range(m - k, first + shift, last + shift, width)
        return (operator or self._operators[m, k]) @ factor

    def _wide_columns(
        self, m: int, k: int, first: int, last: int, operator: StripOperator | None = None
    ) -> dict[int, npt.NDArray[Any]]:
        """{number: exact column} where the last width may be too narrow."""
        found: dict[int, npt.NDArray[Any]] = {}
        if factorial(m) < self._limits[-1]:
            return found
        shift = self._shift(m, k)
        bounds = self._shapes[m].bounds[first:last]
        for j in (first + np.nonzero(bounds >= float(self._limits[-1]))[0]).tolist():
            column = self._wide[m - k].get(j + shift)
            if column is None:
                last_width = len(self._widths) - 1
                column = self._range(m - k, j + shift, j + shift + 1, last_width)[:, 0]
            exact = (operator or self._operators[m, k]) @ column.astype(object)[:, None]
            found[j] = exact[:, 0]
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
