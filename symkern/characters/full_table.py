r"""The character table of S_n, exact, rows and columns in reverse lexicographic order.

How it is computed, and why machine integers are exact, stands in `symkern.characters.columns` and, for small n,
in `symkern.characters.small_tables`.

Source: Sagan, *The Symmetric Group*, theorems 1.10.3 and 4.10.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from math import factorial
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from symkern.characters.columns import Columns, require_shorter_tables
from symkern.characters.labelled_squares import LabelledSquare
from symkern.characters.small_tables import SMALL, small_tables
from symkern.combinatorics.generation import partition_count, partitions
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.doors import CharacterTableDoors
from symkern.limits import current
from symkern.reading.integers import read_integer

_MEMORY_AHEAD_FROM = 1 << 24  # bytes


class CharacterTable(CharacterTableDoors, LabelledSquare):
    """The character table of S_n; ask `character_table` for one.

    ``table[lam, mu]`` is chi^lam(mu) as an int. ``values`` is the read-only square array, rows
    (irreps) and columns (classes) in the order of ``partitions``: int64 where every entry fits,
    that is for n <= 35, Python ints (dtype object) beyond.

    >>> table = character_table(3)
    >>> table.values.tolist()
    [[1, 1, 1], [-1, 0, 2], [1, -1, 1]]
    >>> table[(2, 1), (3,)], table.column("1,1,1").tolist()
    (-1, [1, 2, 1])
    """

    def __init__(self, n: int) -> None:
        self.n = read_integer(n, "n", maximum=current().group_size)
        _require_memory(self.n)
        if self.n <= SMALL:
            self.values: npt.NDArray[Any] = small_tables(self.n)[-1]
        else:
            self.values = _all_columns(self.n, partition_count(self.n))
        self.values.flags.writeable = False

    def row(self, lam: PartitionLike) -> npt.NDArray[Any]:
        """chi^lam on all classes, in the order of ``partitions``; read-only.

        Args:
            lam: a partition of n.

        Raises:
            SizeMismatch: it is of another n.
        """
        row: npt.NDArray[Any] = self.values[self.index(lam, "lam")]
        return row

    def column(self, mu: PartitionLike) -> npt.NDArray[Any]:
        """All irreducible characters on the class mu, in the order of ``partitions``; read-only.

        Args:
            mu: a cycle type of n, or a permutation.

        Raises:
            SizeMismatch: it is of another n.
        """
        column: npt.NDArray[Any] = self.values[:, self.index(mu, "mu")]
        return column

    @cached_property
    def centraliser_orders(self) -> tuple[int, ...]:
        """z_mu of each column."""
        return tuple(mu.centraliser_order for mu in self.partitions)

    @cached_property
    def class_sizes(self) -> tuple[int, ...]:
        """n!/z_mu of each column."""
        order = factorial(self.n)
        return tuple(order // z for z in self.centraliser_orders)

    @property
    def dimensions(self) -> tuple[int, ...]:
        """dim S^lam of each row: the column of the identity."""
        return tuple(int(d) for d in self.values[:, -1])

    def __repr__(self) -> str:
        return f"character_table({self.n})"


def _all_columns(n: int, count: int) -> npt.NDArray[Any]:
    """The whole table; the system hands out its memory while the shorter tables are computed."""
    values = np.empty((count, count), dtype=np.int64)
    if values.nbytes < _MEMORY_AHEAD_FROM:
        return Columns(n).fill(values, 0, count)
    with ThreadPoolExecutor(1) as pool:
        touched = pool.submit(_touch, values.reshape(-1))
        columns = Columns(n)
        touched.result()
    return columns.fill(values, 0, count)


def _touch(values: npt.NDArray[np.int64]) -> None:
    """Write one number to each page of 4 KiB."""
    values[::512] = 0


def character_table(n: int) -> CharacterTable:
    """The character table of S_n.

    Args:
        n: at least 0.

    Raises:
        TooLarge: a table that does not fit in memory, before anything is built.

    >>> character_table(6)[(3, 2, 1), (2, 2, 2)]
    0
    >>> character_table(60)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    symkern.errors.TooLarge: the character table of S_60 needs ... bytes, but ... are available
    """
    size = read_integer(n, "n", maximum=current().group_size)
    found = known_table(size)
    if found is None:
        found = _small_table(size) if size <= current().cached_table else CharacterTable(size)
        _alive[size] = found
    return found


#: Tables that somebody still holds, so that none is computed twice; it keeps none by itself.
_alive: WeakValueDictionary[int, CharacterTable] = WeakValueDictionary()


@lru_cache(maxsize=8)
def _small_table(n: int) -> CharacterTable:
    return CharacterTable(n)


def known_table(n: int) -> CharacterTable | None:
    """The table of S_n if it need not be computed or is quick to compute."""
    return _small_table(n) if n <= current().cached_table else _alive.get(n)


def character_rows(n: int, shapes: Sequence[Partition]) -> list[npt.NDArray[Any]]:
    """The rows of some irreps of S_n, all classes, without the whole table."""
    table = known_table(n)
    if table is not None:
        return [table.row(lam) for lam in shapes]
    require_shorter_tables(n)
    listed = partitions(n)
    return list(shared_columns(n).rows([listed.index(lam) for lam in shapes]))


def iter_columns(
    n: int, width: int | None = None
) -> Iterator[tuple[tuple[Partition, ...], npt.NDArray[Any]]]:
    """The table of S_n in blocks of columns, (cycle types, values), in order and one at a time.

    A block has a row for each irrep; int64, or Python ints where an entry does not fit. What is held at once is a block and the shorter tables
    (`symkern.characters.columns`), about a seventh of the table in narrower words: n = 40 takes about 1 GiB.

    Args:
        n: at least 0.
        width: how many columns a block has; where nothing is said what takes some 64 MiB.

    Raises:
        TooLarge: the shorter tables do not fit in memory, before anything is computed.

    >>> [(len(types), values.shape) for types, values in iter_columns(5, width=4)]
    [(4, (7, 4)), (3, (7, 3))]
    """
    size = read_integer(n, "n", maximum=current().group_size)
    step = None if width is None else read_integer(width, "width", minimum=1)
    require_shorter_tables(size)
    return _labelled(size, step)


def _labelled(
    n: int, width: int | None
) -> Iterator[tuple[tuple[Partition, ...], npt.NDArray[Any]]]:
    labels = partitions(n)
    for first, block in column_blocks(n, width):
        block.flags.writeable = False
        yield tuple(labels[first : first + block.shape[1]]), block


def column_blocks(n: int, width: int | None = None) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    """(number of the first column, block of columns), from the first to the last column."""
    columns = shared_columns(n)
    step = columns.chunk if width is None else width
    for first in range(0, columns.count, step):
        yield first, columns(first, min(first + step, columns.count))


_columns_lock = Lock()


def shared_columns(n: int) -> Columns:
    """The columns of S_n, their shorter tables computed once by whichever thread comes first."""
    with _columns_lock:
        return _last_columns(n)


@lru_cache(maxsize=1)
def _last_columns(n: int) -> Columns:
    return Columns(n)


def _require_memory(n: int, itemsize: int = 8) -> None:
    """Refuse a table that does not fit: the table itself and, at n >= 36, its Python ints."""
    what = f"the character table of S_{n}"
    if n > 400:
        require_bytes(what, itemsize << 2 * (int(2.88 * n**0.5) - 4))  # p(n) >= exp(2 sqrt(n))/14
    columns = partition_count(n)
    each = itemsize if n <= 35 else 2 * itemsize + 36
    # Beside it: the shorter tables (under a third), one block of columns, the lists of partitions.
    require_bytes(what, columns * (columns * each * 4 // 3 + 200))
