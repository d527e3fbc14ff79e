r"""Columns of the character table of S_n, any range of them, without the rest of the table.

The columns (k, rho) with largest part k are B(n, k) times the columns rho of the table of n - k, rho
with parts at most k (`symkern.characters.strip_operators`); in reverse lexicographic order both are
contiguous. Of the table of m < n only the columns with parts at most n - m are ever needed. These
*shorter tables* are computed once, when they are first needed; every range of columns is a few sparse products with
them, independent of all other ranges.

Why machine integers are exact: column orthogonality gives |chi^lam(mu)| <= sqrt(z_mu). A column with
z_mu < 2^(2b - 2) therefore fits in b bits, and since arithmetic modulo 2^b is a ring homomorphism,
sums that wrap around on the way still end on the right value. A shorter table is kept modulo 2^32; its columns with
z_mu >= 2^62, first at m = 21, are kept modulo 2^64 as well, and those with z_mu >= 2^126, first at m = 34, as
Python ints too. z only shrinks along the recursion, so that a column of one *level* needs none of a higher one.

Source: Sagan, *The Symmetric Group*, theorems 1.10.3 and 4.10.2.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from math import factorial
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.characters.shapes import LARGEST, ShapeNumbers, Shapes
from symkern.characters.small_tables import small_tables
from symkern.characters.strip_operators import StripOperator, strip_operators
from symkern.combinatorics.generation import partition_count
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, SizeMismatch, displayed
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Shown

Width = np.dtype[Any]
_WIDTHS: tuple[Width, ...] = (np.dtype(np.int32), np.dtype(np.int64))
_EXACT = np.dtype(object)
FITS_UP_TO = 35
"""The n up to which every |chi^lam(mu)| <= f^lam fits in 64 bits; the largest f^lam of 36 has 66."""
_BEGUN = 15  # shorter tables that are made together at first
_CHUNK = 128  # columns multiplied at a time, so that both sides stay in the processor's cache
_THREADS_FROM = 1 << 20  # entries


@dataclass(frozen=True)
class _Level:
    """Columns of one shorter table in one type: their increasing numbers and their values."""

    numbers: npt.NDArray[np.intp]
    values: npt.NDArray[Any]


class Columns(Shown):
    """The columns of the table of S_n; ``columns(first, last)`` computes a range of them.

    ``widths`` are the machine integers of the levels, from narrow to wide; Python ints are always the last one.

    >>> Columns(3)(0, 2)
    array([[ 1,  1],
           [-1,  0],
           [ 1, -1]])
    """

    @typed
    def __init__(self, n: int, widths: Sequence[Width] = _WIDTHS) -> None:
        require_shorter_tables(n)
        self.n = n
        self._types = (*widths, _EXACT)
        self._limits = [1 << 2 * (8 * w.itemsize - 1) for w in widths]  # of z in each width
        self._shapes = Shapes.up_to(n)
        self._starts = [shapes.starts for shapes in self._shapes]
        self._tables: list[
            list[_Level]
        ] = []  # of 0, 1, ...; the others follow when they are asked for
        self._lock = Lock()
        if widths is _WIDTHS:
            self._begin(min(n, _BEGUN))
        begun = len(self._tables)
        # All at once: threads that make them while others multiply wait for one another most of the time.
        self._operators = strip_operators(
            ShapeNumbers(self._shapes), lambda m, k: m == n or (begun <= m and k <= n - m)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Columns):
            return NotImplemented
        return (self.n, self._types) == (other.n, other._types)

    def __hash__(self) -> int:
        return hash(self.n)

    def __repr__(self) -> str:
        return f"Columns({self.n})"

    def __reduce__(self) -> tuple[Any, ...]:
        widths = self._types[:-1]  # the levels are computed again
        return Columns, (self.n,) if widths == tuple(_WIDTHS) else (self.n, widths)

    @property
    def count(self) -> int:
        """How many columns there are, and rows: p(n)."""
        return len(self._shapes[self.n])

    @property
    def chunk(self) -> int:
        """How many columns take some 64 MiB: a good number to ask for at a time."""
        return max(1, (1 << 23) // self.count)

    @typed
    def __call__(self, first: int, last: int) -> npt.NDArray[Any]:
        """The columns first, ..., last - 1, all rows: int64 where every entry fits, else Python ints."""
        self._require_range(first, last)
        values = np.empty((self.count, last - first), dtype=self._types[-2])
        return self.fill(values, first, last)

    @typed
    def fill(self, out: npt.NDArray[Any], first: int, last: int) -> npt.NDArray[Any]:
        """As a call, into ``out``; what is returned is another array where Python ints are needed.

        Args:
            out: an array of the result's shape.
            first: the number of the first column, from 0.
            last: the number of the column behind the last.

        Raises:
            SizeMismatch: another shape.
        """
        self._require_range(first, last)
        if out.shape != (shape := (self.count, last - first)):
            raise SizeMismatch("out", f"must have the shape {shape}", f"it has {out.shape}")
        wide: dict[int, npt.NDArray[Any]] = {}
        chunks: list[tuple[int, int, int]] = []
        for k, start, stop in self._largest_parts(self.n, first, last):
            chunks += [(k, a, min(a + _CHUNK, stop)) for a in range(start, stop, _CHUNK)]
            wide.update(self._wide_columns(k, start, stop))

        def write(chunk: tuple[int, int, int]) -> None:
            k, a, b = chunk
            out[:, a - first : b - first] = self._machine_columns(k, a, b)

        threads = min(4, os.cpu_count() or 1) if out.size > _THREADS_FROM else 1
        if threads > 1:  # numpy copies, and takes memory from the system, without Python's lock
            with ThreadPoolExecutor(threads) as pool:
                if self.n:  # columns with a large first part need not wait for the larger tables
                    pool.submit(self._table, self.n - 1)
                list(pool.map(write, chunks))
        else:
            for chunk in chunks:
                write(chunk)
        return _joined(out, {j - first: column for j, column in wide.items()})

    @typed
    def rows(self, numbers: Sequence[int]) -> npt.NDArray[Any]:
        """The rows with these numbers, all columns; int64 where every entry fits, else Python ints.

        Args:
            numbers: from 0, in the order of the partitions.
        """
        listed = [
            read_integer(k, "numbers", 0, self.count - 1) for k in read_list(numbers, "numbers")
        ]
        chosen = np.array(listed, dtype=np.intp)
        if not self.n:
            return self(0, 1)[chosen]
        values = np.empty((len(chosen), self.count), dtype=self._types[-2])
        wide: dict[int, npt.NDArray[Any]] = {}
        for k, a, b in self._largest_parts(self.n, 0, self.count):
            operator = self._operators[self.n, k].rows(chosen)
            values[:, a:b] = self._machine_columns(k, a, b, operator)
            wide.update(self._wide_columns(k, a, b, operator))
        return _joined(values, wide)

    def wide_numbers(self) -> list[int]:
        """The columns that may hold entries of more than 64 bits; none up to n = 35."""
        return wide_numbers(self._shapes[self.n])

    def parts(self) -> npt.NDArray[np.int64]:
        """The labels of rows and columns as the rows of an array, filled up with zeros."""
        return self._shapes[self.n].parts()

    # The recursion

    def _begin(self, sizes: int) -> None:
        """The shorter tables of 0, ..., sizes - 1, in fewer and larger steps."""
        for m, table in enumerate(small_tables(sizes - 1) if sizes else []):
            start = self._starts[m][min(m, self.n - m)]
            values = table[:, start:].astype(self._types[0])  # m! is far below 2^62
            self._tables.append([_Level(np.arange(start, len(table)), values)])

    def _table(self, m: int) -> list[_Level]:
        """The shorter table of m, level by level; it is computed once, by whichever thread comes first."""
        while len(self._tables) <= m:
            with self._lock:
                if len(self._tables) <= m:
                    self._tables.append(self._built(len(self._tables)))
        return self._tables[m]

    def _built(self, m: int) -> list[_Level]:
        """The columns of the table of m with parts at most n - m."""
        start, end = self._starts[m][min(m, self.n - m)], len(self._shapes[m])
        levels = []
        for level, kind in enumerate(self._types):
            numbers = self._numbers(m, start, end, level)
            if not len(numbers):
                break
            values = np.empty((end, len(numbers)), dtype=kind)
            if m:
                for k, a, b in self._largest_parts(m, start, end):
                    i, j = np.searchsorted(numbers, (a, b))
                    if i < j:
                        values[:, i:j] = self._product(m, k, numbers[i:j], level)
            else:
                values[:] = 1
            levels.append(_Level(numbers, values))
        return levels

    def _numbers(self, m: int, first: int, last: int, level: int) -> npt.NDArray[np.intp]:
        """Those of the columns first, ..., last - 1 of the table of m that fit into no lower level."""
        if not level:
            return np.arange(first, last)
        limit = self._limits[level - 1]
        if factorial(m) < limit:  # z of the identity; no other is larger
            return np.arange(0)
        # A bound that is rounded up puts a column into one level too many, never too few.
        return first + np.flatnonzero(self._shapes[m].bounds[first:last] >= float(limit))

    def _require_range(self, first: int, last: int) -> None:
        read_integer(last, "last", read_integer(first, "first"), self.count)

    def _largest_parts(self, m: int, first: int, last: int) -> list[tuple[int, int, int]]:
        """(k, a, b): of the columns first..last - 1 of the table of m, a..b - 1 have largest part k."""
        if not m:
            return [(0, first, last)]
        starts = self._starts[m]
        ranges = [(k, max(first, starts[k]), min(last, starts[k - 1])) for k in range(m, 0, -1)]
        return [(k, a, b) for k, a, b in ranges if a < b]

    def _product(
        self,
        m: int,
        k: int,
        numbers: npt.NDArray[np.intp],
        level: int,
        operator: StripOperator | None = None,
    ) -> npt.NDArray[Any]:
        """These columns of the table of m, all with largest part k, in the type of a level."""
        rest = m - k
        shift = self._starts[rest][min(k, rest)] - self._starts[m][k]  # (k, rho) -> rho
        factor = self._columns(rest, numbers + shift, level)
        return (operator or self._operators[m, k]) @ factor

    def _columns(self, m: int, numbers: npt.NDArray[np.intp], level: int) -> npt.NDArray[Any]:
        """The columns with these increasing numbers of the shorter table of m, in the type of a level."""
        kept = self._table(m)
        at = numbers - kept[0].numbers[0]
        first, last = int(at[0]), int(at[-1]) + 1
        row = slice(first, last) if last - first == len(at) else at  # a slice is the faster one
        result = np.ascontiguousarray(kept[0].values[:, row], dtype=self._types[level])
        for higher in kept[1 : level + 1]:
            at = np.searchsorted(numbers, higher.numbers)
            here = at < len(numbers)
            here[here] = numbers[at[here]] == higher.numbers[here]
            if here.any():
                result[:, at[here]] = higher.values[:, here]
        return result

    def _machine_columns(
        self, k: int, first: int, last: int, operator: StripOperator | None = None
    ) -> npt.NDArray[Any]:
        """Columns of the table of n with largest part k, in the narrowest machine integers that hold them all, if any."""
        if not self.n:
            return np.ones((1, 1), dtype=self._types[-2])
        levels = range(len(self._types) - 2, 0, -1)
        level = next((w for w in levels if len(self._numbers(self.n, first, last, w))), 0)
        return self._product(self.n, k, np.arange(first, last), level, operator)

    def _wide_columns(
        self, k: int, first: int, last: int, operator: StripOperator | None = None
    ) -> dict[int, npt.NDArray[Any]]:
        """{number: exact column} where the last width may be too narrow."""
        level = len(self._types) - 1
        numbers = self._numbers(self.n, first, last, level)
        return {
            int(j): self._product(self.n, k, numbers[i : i + 1], level, operator)[:, 0]
            for i, j in enumerate(numbers)
        }


def wide_numbers(shapes: Shapes) -> list[int]:
    """The columns of the table of these shapes that may hold entries of more than 64 bits, told from z_mu alone."""
    if shapes.m <= FITS_UP_TO:
        return []
    return [int(j) for j in np.flatnonzero(shapes.bounds >= 2.0**126)]


def require_shorter_tables(n: int) -> None:
    """Refuse an n whose shorter tables do not fit, before any of them is computed."""
    if read_integer(n, "n") > LARGEST:
        raise InvalidArgument(
            "n", f"must be at most {displayed(LARGEST)} for a table", f"it is {displayed(n)}"
        )
    entries, irreps = shorter_entries(n), partition_count(n)
    require_bytes(f"the character table of S_{n} in blocks", 6 * entries + 400 * irreps)


@lru_cache(maxsize=64)
def shorter_entries(n: int) -> int:
    """Entries of all shorter tables of S_n together.

    >>> shorter_entries(3)
    4
    """
    # counts[m][k]: partitions of m with parts at most k
    counts = [[1] * (n + 1)] + [[0] * (n + 1) for _ in range(n)]
    for m in range(1, n + 1):
        for k in range(1, n + 1):
            counts[m][k] = counts[m][k - 1] + (counts[m - k][k] if k <= m else 0)
    return sum(counts[m][m] * counts[m][min(m, n - m)] for m in range(n))


def _joined(values: npt.NDArray[Any], wide: dict[int, npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """The columns with the wide ones among them, as Python ints where one of them does not fit."""
    bounds = np.iinfo(values.dtype)
    if any(not bounds.min <= entry <= bounds.max for v in wide.values() for entry in v):
        values = values.astype(object)
    for j, vector in wide.items():
        values[:, j] = vector
    return values
