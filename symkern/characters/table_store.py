r"""Character tables on disk: a Zarr store in chunks of columns, written block by block.

The store is a Zarr group (version 3 of the format) with the attributes ``n`` and ``symkern_table`` (the version of this layout) and

    values      int64, p(n) x p(n)       chi^lam(mu), or its lowest 64 bits in a wide column
    partitions  uint8, p(n) x n          the labels of rows and columns, filled up with zeros
    wide        int64                    the numbers of the columns that may need more than 64 bits
    higher      int64, limbs x p(n) x wide   bits 64.., 128.. of those, the last limb with the sign
    finished    uint64, number of blocks 2^32 plus the CRC-32 of a block that is written as a whole, else 0

A block is a chunk of columns of ``values`` with its wide columns; it depends on nothing but n, so that
blocks are computed in any order, by any number of workers, and a run that was interrupted goes on where
it ended. A block counts only when its mark in ``finished`` is there and agrees with the chunks on the disk; it is written last, when
those have reached the disk: what was written by half, or was lost or damaged since, is written again, with the same bytes. Reading checks
the mark of every block that it unpacks (`symkern.characters.stored_blocks`), and ``partitions`` and ``wide`` against what n says. Needs the
extra ``cluster`` (zarr, and distributed for a scheduler).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from math import factorial, isqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.characters.columns import wide_numbers
from symkern.characters.full_table import shared_columns
from symkern.characters.labelled_squares import LabelledSquare
from symkern.characters.shapes import LARGEST, Shapes
from symkern.characters.stored_blocks import (
    Layout,
    checked_group,
    damaged,
    described_otherwise,
    require_zarr,
)
from symkern.combinatorics.generation import partition_count
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidArgument, SymkernError
from symkern.reading.documents import read_path
from symkern.typeset.shown import Shown

_VERSION = 2
_WORD = 1 << 64
_ARRAYS = frozenset({"values", "partitions", "wide", "higher", "finished"})


class StoredTable(LabelledSquare, Shown):
    """A character table on disk; ``stored[lam, mu]`` is chi^lam(mu) as an int, whatever its size.

    Args:
        path: the folder of a store.

    Raises:
        InvalidArgument: it is no such store, or one of another version.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = read_path(path, "path", "the path of a store")
        self._group = opened_group(self.path)
        self.n = int(self._group.attrs["n"])

    def __eq__(self, other: object) -> bool:
        return self.path == other.path if isinstance(other, StoredTable) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.path)

    def __reduce__(self) -> tuple[Any, ...]:
        return StoredTable, (self.path,)  # it is opened anew

    @cached_property
    def partitions(self) -> tuple[Partition, ...]:
        """The labels of rows and columns, reverse lexicographic."""
        if not labels_are_whole(self._group):
            raise damaged(self.n, self.path, "the labels")
        rows = known_labels(self.n)[0].tolist()
        return tuple(Partition.trusted(part for part in row if part) for row in rows)

    @cached_property
    def _wide(self) -> dict[int, int]:
        len(self.partitions)  # refuses labels that are damaged
        return {j: i for i, j in enumerate(known_labels(self.n)[1].tolist())}

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self.path, self.n, self._group["values"].chunks[1], list(self._wide))

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        group = checked_group(self._layout)
        return {name: group[name] for name in ("values", "higher")}

    @property
    def values(self) -> Any:
        """The Zarr array of int64, for reading: the table, but for the ``wide`` columns of n > 35.

        Raises `InvalidArgument` when a block is read that is not finished, or is not as it was written.
        """
        return self._arrays["values"]

    @property
    def blocks(self) -> int:
        """How many blocks of columns there are."""
        return int(self._group["finished"].shape[0])

    def missing_blocks(self) -> list[int]:
        """The numbers of the blocks that are not finished, or whose chunks are not those that were written."""
        marks = ((i, self._layout.mark(i)) for i in range(self.blocks))
        return [i for i, mark in marks if mark is None or mark != self._layout.mark_on_disk(i)]

    def _entry(self, row: int, column: int) -> int:
        with self._readable(f"the column {column}"):
            value = int(self.values[row, column])
            place = self._wide.get(column)
            if place is not None:
                value = _number([value, *self._arrays["higher"][:, row, place].tolist()])
        return value

    def column(self, mu: PartitionLike) -> npt.NDArray[Any]:
        """All irreducible characters on the class mu; int64, or Python ints where one does not fit.

        Args:
            mu: a cycle type of n.

        Raises:
            InvalidArgument: its block is not finished, or is not as it was written; the message has the command that writes it again.
        """
        column = self.index(mu, "mu")
        with self._readable(f"the column {column}"):
            return self._whole(self.values[:, column], column)

    def row(self, lam: PartitionLike) -> npt.NDArray[Any]:
        """chi^lam on all classes; reads every chunk of the store, and raises as `column`.

        Args:
            lam: a partition of n.
        """
        row = self.index(lam)
        with self._readable("a chunk of columns"):
            return self._row(row)

    def _whole_array(self) -> npt.NDArray[Any]:
        """All values: int64, or Python ints where one does not fit."""
        count = len(self.partitions)
        require_bytes(f"the character table of S_{self.n}", count * count * (48 if self._wide else 8))  # fmt: skip
        with self._readable("a chunk of columns"):
            low = np.asarray(self.values[:])
            if not self._wide:
                return low
            exact = low.astype(object)
            for column in self._wide:
                exact[:, column] = self._whole(low[:, column], column)
        return exact

    def _row(self, row: int) -> npt.NDArray[Any]:
        exact = self.values[row].tolist()
        for column, place in self._wide.items():
            limbs = self._arrays["higher"][:, row, place].tolist()
            exact[column] = _number([exact[column], *limbs])
        return _narrowed(exact)

    def _whole(self, low: npt.NDArray[np.int64], column: int) -> npt.NDArray[Any]:
        place = self._wide.get(column)
        if place is None:
            return low
        limbs = self._arrays["higher"][:, :, place].T.tolist()
        return _narrowed([_number([v, *h]) for v, h in zip(low.tolist(), limbs, strict=True)])

    @contextmanager
    def _readable(self, what: str) -> Iterator[None]:
        """Chunks that are as they were written and do not unpack: then what describes them is damaged."""
        try:
            yield
        except SymkernError:
            raise
        except (OSError, ValueError, RuntimeError, TypeError):
            raise described_otherwise(self.n, self.path, what) from None

    def __repr__(self) -> str:
        return f"StoredTable({str(self.path)!r})"


def _number(limbs: list[int]) -> int:
    """The integer with these limbs of 64 bits, lowest first, the last one with the sign."""
    value = limbs[-1]
    for limb in reversed(limbs[:-1]):
        value = value * _WORD + limb % _WORD
    return value


def _narrowed(numbers: list[int]) -> npt.NDArray[Any]:
    """As int64 where all of them fit, else as Python ints."""
    fits = all(-(1 << 63) <= v < 1 << 63 for v in numbers)
    return np.array(numbers, dtype=np.int64 if fits else object)


def higher_limbs(column: npt.NDArray[Any], count: int) -> npt.NDArray[np.int64]:
    """The limbs above the first of exact integers, one row for each limb."""
    rows = []
    rest = column
    for i in range(count):
        rest = rest >> 64
        signed = rest if i == count - 1 else (rest + (_WORD >> 1)) % _WORD - (_WORD >> 1)
        rows.append(signed.astype(np.int64))
    return np.array(rows)


def create_store(n: int, path: Path, width: int | None) -> None:
    """An empty store, put together beside its place and moved there."""
    zarr = require_zarr()
    # A place that cannot be written is found out before the shorter tables are computed.
    os.rmdir(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    columns = shared_columns(n)
    count = columns.count
    step = min(count, columns.chunk if width is None else width)
    parts, wide = known_labels(n)
    limbs = -(-(isqrt(factorial(n)).bit_length() + 1) // 64) - 1 if len(wide) else 0
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        group = zarr.create_group(store=str(temporary / "store"))
        shape, chunks = (count, count), (count, step)
        group.create_array("values", shape=shape, chunks=chunks, dtype="int64", fill_value=0)
        group.create_array("partitions", data=parts, chunks=parts.shape)
        group.create_array("wide", data=wide)
        shape3, chunks3 = (limbs, count, len(wide)), (max(limbs, 1), count, 1)
        group.create_array("higher", shape=shape3, chunks=chunks3, dtype="int64", fill_value=0)
        blocks = -(-count // step)
        group.create_array(
            "finished", shape=(blocks,), chunks=(1,), dtype="uint64", fill_value=0, compressors=None
        )
        group.attrs.update({"symkern_table": _VERSION, "n": n})
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary / "store", 0o777 & ~mask)
        os.rename(temporary / "store", path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def opened_group(path: Path) -> Any:
    """The group at the path, if it is a store of this layout."""
    zarr = require_zarr()
    rule = "must be a store of a character table that symkern wrote"
    if not path.exists():
        raise InvalidArgument("output", rule, f"{path} does not exist")
    rule += " (one whose description was damaged is moved away, and written again)"
    try:
        group = zarr.open_group(store=str(path), mode="r+", use_consolidated=False)
        version, _ = group.attrs["symkern_table"], group.attrs["n"]
        names = set(group.array_keys())
        whole = names >= _ARRAYS and _has_its_sizes(group)
    except SymkernError:
        raise
    except Exception:  # whatever Zarr makes of a description that it cannot read
        raise InvalidArgument("output", rule, f"{str(path)[:200]} is something else") from None
    if version != _VERSION:
        raise InvalidArgument(
            "output", f"must be a store of version {_VERSION}", f"{path} is of version {version}"
        )
    if not names >= _ARRAYS:
        raise InvalidArgument("output", rule, f"{path} lacks one of its arrays")
    if not whole:
        raise InvalidArgument("output", rule, f"the arrays of {path} have other sizes or places")
    return group


def _has_its_sizes(group: Any) -> bool:
    """Whether the arrays are those of one n; blocks written into others would be a table of nothing."""
    n = group.attrs["n"]
    if type(n) is not int or not 0 <= n <= LARGEST:
        return False
    count = partition_count(n)
    values, higher = group["values"], group["higher"]
    return bool(
        values.shape == (count, count)
        and values.dtype == higher.dtype == np.int64
        and values.chunks[0] == count
        and group["finished"].shape == (-(-count // values.chunks[1]),)
        and group["partitions"].shape == (count, max(n, 1))
        and higher.shape[1:] == (count, *group["wide"].shape)
        and all(
            group[name].metadata.encode_chunk_key(place) == "/".join(["c", *map(str, place)])
            for name, place in (("values", (0, 1)), ("higher", (0, 0, 1)), ("finished", (1,)))
        )
    )


def known_labels(n: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """What the arrays ``partitions`` and ``wide`` hold at n.

    >>> known_labels(3)[0].tolist()
    [[3, 0, 0], [2, 1, 0], [1, 1, 1]]
    """
    shapes = Shapes.up_to(n)[n]
    known = shapes.parts()
    parts = np.zeros((len(shapes), max(n, 1)), dtype=np.uint8)
    parts[:, : known.shape[1]] = known[:, : parts.shape[1]]
    return parts, np.array(wide_numbers(shapes), dtype=np.int64)


def labels_are_whole(group: Any) -> bool:
    """Whether ``partitions`` and ``wide`` are on the disk as n says."""
    parts, wide = known_labels(group.attrs["n"])
    try:
        return np.array_equal(group["partitions"][:], parts) and np.array_equal(
            group["wide"][:], wide
        )
    except (OSError, ValueError, RuntimeError, TypeError):
        return False


def write_labels(group: Any) -> None:
    """Write ``partitions`` and ``wide`` of a store again."""
    parts, wide = known_labels(group.attrs["n"])
    group["partitions"][:] = parts
    if len(wide):
        group["wide"][:] = wide
