"""Writing a character table block by block: in this process, or on the workers of a Dask scheduler.

The layout of a store, and what a finished block is, stands in `symkern.characters.table_store`. A block
is written by the same function wherever it runs; a worker computes the shorter tables once and keeps them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from symkern.characters.columns import Columns, require_shorter_tables
from symkern.characters.full_table import shared_columns
from symkern.characters.stored_blocks import Layout, require_zarr
from symkern.characters.table_store import (
    StoredTable,
    create_store,
    higher_limbs,
    labels_are_whole,
    opened_group,
    write_labels,
)
from symkern.errors import InvalidArgument, InvalidType, displayed, install_line
from symkern.limits import current
from symkern.progress import handed
from symkern.reading.annotated import typed
from symkern.reading.documents import read_path
from symkern.reading.integers import read_integer
from symkern.reading.writable_places import named_place

_WORD = 1 << 64

Progress = Callable[[Iterable[int], int, int], Iterable[int]]
"""(numbers of blocks as they finish, how many were there before, how many in all) -> the same numbers."""


@typed
def write_table(
    n: int,
    path: str | os.PathLike[str],
    scheduler: str | None = None,
    width: int | None = None,
    progress: Progress | None = None,
) -> StoredTable:
    """Write the character table of S_n to the Zarr store at ``path``, or finish one that was begun.

    Workers that die are replaced, and their blocks computed again; a finished store holds nothing but the table. One run at a time writes to a store.

    What is missing or damaged in a store is written again, whichever block, and the labels too.

    Args:
        n: at least 0.
        path: the folder of the store; one that was begun is finished.
        scheduler: the address of a Dask scheduler whose workers see the same path, "local" for a cluster of processes on this machine, or None for
            this process alone.
        width: how many columns a block has, in a new store.
        progress: wraps the list of blocks.

    Raises:
        InvalidArgument: something else lies at the path, or the store of another n or of another version, or it cannot be written.
        TooLarge: the shorter tables do not fit in memory.
    """
    size = read_integer(n, "n", maximum=current().group_size)
    require_shorter_tables(size)
    step = None if width is None else read_integer(width, "width", minimum=1)
    if progress is not None and not callable(progress):
        raise InvalidType("progress", "must be a function of the numbers of blocks", progress)
    place = read_path(path, "path", "the path of a store")
    require_zarr()
    with named_place(place, what="a place"):
        if not place.exists():
            create_store(size, place, step)
        stored = StoredTable(place)
        if stored.n != size:
            rule = f"must be a store of S_{size} to go on with"
            raise InvalidArgument("output", rule, f"{place} holds S_{stored.n}")
        if step is not None and step != stored.values.chunks[1] and stored.blocks > 1:
            rule = f"must be {stored.values.chunks[1]}, the columns in a block of {place}"
            raise InvalidArgument("width", rule, f"it is {displayed(step)}")
        if not labels_are_whole(opened_group(place)):
            write_labels(opened_group(place))
        missing = stored.missing_blocks()
        finished: Iterable[int] = (
            _in_this_process(place, size, missing)
            if scheduler is None
            else _on_cluster(place, size, missing, scheduler)
        )
        if progress is not None:
            finished = handed(progress, finished, stored.blocks - len(missing), stored.blocks)
        for _ in finished:
            pass
        _sweep(place)
    return stored


def _sweep(path: Path) -> None:
    """Remove what a killed writer left: Zarr writes each chunk beside its place and then moves it there, and so are stores begun."""
    for left_over in path.rglob("*.partial"):
        left_over.unlink(missing_ok=True)
    for beside in path.parent.glob(f".{path.name}.*"):
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)


def write_block(path: str, n: int, i: int) -> int:
    """Compute block i of the store and write it, its mark last; returns i. What a worker does."""
    group = opened_group(Path(path))
    columns = shared_columns(n)
    _write(Path(path), group, columns, i)
    return i


def _write(path: Path, group: Any, columns: Columns, i: int) -> None:
    values = group["values"]
    step = values.chunks[1]
    first, last = i * step, min((i + 1) * step, columns.count)
    block = columns(first, last)
    numbers = group["wide"][:].tolist()
    wide = {j: place for place, j in enumerate(numbers) if first <= j < last}
    if wide:
        exact = block.astype(object)
        higher = group["higher"]
        for j, place in wide.items():
            higher[:, :, place] = higher_limbs(exact[:, j - first], higher.shape[0])
        block = ((exact + (_WORD >> 1)) % _WORD - (_WORD >> 1)).astype(np.int64)
    values[:, first:last] = block
    layout = Layout(path, columns.n, step, numbers)
    group["finished"][i] = layout.mark_on_disk(i, settle=True)


def _in_this_process(path: Path, n: int, blocks: list[int]) -> Iterator[int]:
    """Two blocks at a time: one is packed and written while the other is computed."""
    pool = ThreadPoolExecutor(2)
    try:
        yield from pool.map(lambda i: write_block(str(path), n, i), blocks)
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(path: Path, n: int, blocks: list[int], scheduler: str) -> Iterator[int]:
    """The blocks on the workers of a Dask scheduler, in the order in which they finish."""
    dask: Any  # distributed says no types
    try:
        from concurrent.futures import CancelledError

        import distributed as dask
    except ImportError:
        rule = f"needs the extra cluster ({install_line('cluster')})"
        raise InvalidArgument("scheduler", rule, "it is not there") from None
    with _cluster(scheduler, dask.LocalCluster) as address:
        try:
            client: Any = dask.Client(address, timeout="20s")
        except (OSError, ValueError, TypeError) as error:
            raise InvalidArgument(
                "scheduler",
                "must be the address of a Dask scheduler",
                f"{displayed(scheduler)}: {displayed(str(error))}",
            ) from None
        with client:
            where = str(path.resolve())
            futures = client.map(
                write_block, [where] * len(blocks), [n] * len(blocks), blocks, pure=False, retries=3
            )
            for future in dask.as_completed(futures):
                try:
                    yield future.result()
                except (dask.KilledWorker, CancelledError) as error:
                    raise InvalidArgument(
                        "scheduler",
                        "must keep its workers alive; finished blocks are kept",
                        f"{scheduler}: {type(error).__name__}",
                    ) from None
                future.release()


@contextmanager
def _cluster(scheduler: str, local: Any) -> Iterator[Any]:
    if scheduler != "local":
        yield scheduler
        return
    workers = os.cpu_count() or 1
    with local(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster
