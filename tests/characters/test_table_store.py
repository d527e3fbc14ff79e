"""Tables on disk: the same bytes however they come about, and clear words for what is not a store."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import symkern
from symkern.characters import (
    StoredTable,
    character,
    character_table,
    table_store,
    table_writing,
    write_table,
)
from symkern.combinatorics import partitions
from symkern.errors import InvalidArgument, SizeMismatch, TooLarge

pytest.importorskip("zarr")

ROOT = Path(symkern.__file__).parents[1]


def contents(path: Path) -> dict[str, bytes]:
    """Every file below a path."""
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


@pytest.mark.floor
@pytest.mark.parametrize(("n", "width"), [(0, None), (1, None), (7, 4), (12, 10), (18, None)])
def test_a_store_holds_the_table(n: int, width: int | None, tmp_path: Path) -> None:
    stored = write_table(n, tmp_path / "table.zarr", width=width)
    table = character_table(n)
    assert stored.n == n and stored.partitions == table.partitions and not stored.missing_blocks()
    assert (stored.values[:] == table.values).all()
    lam, mu = table.partitions[len(table.partitions) // 3], table.partitions[-1]
    assert stored[lam, mu] == table[lam, mu] and type(stored[lam, mu]) is int
    assert stored.row(lam).tolist() == table.row(lam).tolist()
    assert stored.column(mu).tolist() == table.column(mu).tolist()
    again = eval(repr(stored), {"StoredTable": StoredTable})  # noqa: S307
    assert (again.values[:] == table.values).all()


@pytest.mark.floor
def test_wide_columns_come_back_exact(tmp_path: Path) -> None:
    """One block of n = 36 with entries of 66 bits, and the limbs by themselves."""
    place = tmp_path / "table.zarr"
    table_store.create_store(36, place, 50)
    stored = StoredTable(place)
    last = stored.blocks - 1
    with pytest.raises(InvalidArgument, match="is read in blocks that are finished"):
        stored[(36,), (1,) * 36]
    table_writing.write_block(str(place), 36, last)
    listed = partitions(36)
    column = stored.column((1,) * 36)
    assert column.dtype == object
    assert column.tolist() == [lam.dimension for lam in listed]
    mu = listed[-2]
    for lam in (listed[9000], listed[9001], listed[1]):
        assert stored[lam, (1,) * 36] == lam.dimension
        assert stored[lam, mu] == character(lam, mu)
    assert len(stored.missing_blocks()) == last


@pytest.mark.parametrize("count", [1, 2, 3])
def test_limbs(count: int) -> None:
    rng = np.random.default_rng(count)
    bound = 1 << (64 * (count + 1) - 1)
    numbers = [bound - 1, -bound, 0, -1, 1, 1 << 63, -(1 << 63) - 1]
    numbers += [int.from_bytes(rng.bytes(8 * count + 8), "big", signed=True) for _ in range(50)]
    limbs = table_store.higher_limbs(np.array(numbers, dtype=object), count).T.tolist()
    for number, higher in zip(numbers, limbs, strict=True):
        assert table_store._number(higher) * 2**64 + number % 2**64 == number


def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.zarr", tmp_path / "broken.zarr"
    write_table(20, whole, width=4)
    command = [sys.executable, "-m", "symkern", "table", "20", "--block", "4", "--output"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.Popen([*command, str(broken)], env=environment)
    marks = broken / "finished" / "c"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (not marks.exists() or len(list(marks.iterdir())) < 5):
        time.sleep(0.005)
    run.send_signal(signal.SIGKILL)
    run.wait()
    missing = StoredTable(broken).missing_blocks()
    assert 0 < len(missing) < 157
    # What was cut off in the middle: a chunk without its mark, and a mark of no bytes.
    shutil.rmtree(broken / "values" / "c" / "0" / "150", ignore_errors=True)
    (broken / "values" / "c" / "0" / "151").write_bytes(b"half")
    if 0 not in missing:
        (marks / "0").write_bytes(b"")
    # What a kill in the middle of a write leaves beside the chunk.
    (broken / "values" / "c" / "0" / "5.0123456789abcdef.partial").write_bytes(b"ha")
    finished = next(i for i in range(1, 157) if i not in missing)
    kept = broken / "values" / "c" / "0" / str(finished)
    stamp = kept.stat().st_mtime_ns
    done = subprocess.run(
        [*command, str(broken)], env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert contents(broken) == contents(whole)
    assert kept.stat().st_mtime_ns == stamp  # not written anew


def test_two_workers_one_killed_half_way(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    whole, spread = tmp_path / "whole.zarr", tmp_path / "spread.zarr"
    write_table(20, whole, width=6)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=tmp_path
    ) as cluster:
        pid = next(iter(cluster.workers.values())).pid
        found: list[StoredTable] = []
        writer = threading.Thread(
            target=lambda: found.append(
                write_table(20, spread, scheduler=cluster.scheduler_address, width=6)
            )
        )
        writer.start()
        marks = spread / "finished" / "c"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and (
            not marks.exists() or len(list(marks.iterdir())) < 20
        ):
            time.sleep(0.005)
        half = len(list(marks.iterdir()))
        os.kill(pid, signal.SIGKILL)
        writer.join(timeout=120)
        assert not writer.is_alive()
    assert 20 <= half < found[0].blocks == 105
    assert not found[0].missing_blocks()
    assert contents(spread) == contents(whole)


def test_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "table.zarr"
    stored = write_table(5, place)
    with pytest.raises(InvalidArgument, match=r"output: must be a store of S_6 .* holds S_5"):
        write_table(6, place)
    empty = tmp_path / "empty"
    empty.mkdir()
    file = tmp_path / "file"
    file.write_text("no store")
    for other in (empty, file):
        with pytest.raises(InvalidArgument, match=r"output: must be a store .* is something else"):
            write_table(5, other)
    with pytest.raises(InvalidArgument, match="does not exist"):
        StoredTable(tmp_path / "nowhere")
    with pytest.raises(InvalidArgument, match="No such file or directory"):
        write_table(5, tmp_path / "nowhere" / "table.zarr")
    with pytest.raises(InvalidArgument, match="scheduler: must be the address of a Dask scheduler"):
        write_table(4, tmp_path / "other.zarr", scheduler="nonsense://here")
    stored._group.attrs["symkern_table"] = 99
    with pytest.raises(InvalidArgument, match=r"must be a store of version 2, .* is of version 99"):
        write_table(5, place)
    with pytest.raises(SizeMismatch, match="mu: must be a partition of 5"):
        stored[(5,), (4,)]
    with pytest.raises(InvalidArgument, match="is indexed by two partitions"):
        stored[((5,),)]  # type: ignore[index]
    with pytest.raises(TooLarge):
        write_table(61, tmp_path / "large.zarr")
    assert not (tmp_path / "large.zarr").exists()
    with pytest.raises(InvalidArgument):
        write_table(5, tmp_path / "w.zarr", width=0)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_a_store_whose_sizes_do_not_belong_together(tmp_path: Path) -> None:
    """Blocks written into it would be a table of nothing, without a word."""
    place = tmp_path / "table.zarr"
    refused = pytest.raises(InvalidArgument, match=r"output: must be a store .* have other sizes")
    for n in ("five", None, -5, 7.0, True, 6, 10**9):
        stored = write_table(7, place, width=4)
        stored._group.attrs["n"] = n
        with refused:
            write_table(7, place)
        shutil.rmtree(place)
    for name, shape, chunks, kind in (
        ("values", (30, 30), (30, 4), "int64"),
        ("values", (15, 15), (5, 4), "int64"),
        ("values", (15, 15), (15, 4), "int8"),
        ("finished", (3,), (1,), "uint64"),
        ("partitions", (15, 6), (15, 6), "uint8"),
    ):
        stored = write_table(7, place, width=4)
        stored._group["finished"][:] = 0
        del stored._group[name]
        stored._group.create_array(name, shape=shape, chunks=chunks, dtype=kind, fill_value=0)
        with refused:
            write_table(7, place)
        shutil.rmtree(place)


def test_a_place_that_cannot_be_written_is_found_out_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_store, "shared_columns", None)  # nothing is computed
    with pytest.raises(InvalidArgument, match="No such file or directory"):
        write_table(5, tmp_path / "nowhere" / "table.zarr")


def test_a_full_disk_keeps_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "table.zarr"
    write, calls = table_writing._write, []

    def fails(path: Path, group: object, columns: object, i: int) -> None:
        calls.append(i)
        if len(calls) >= 3:
            raise OSError(28, "No space left on device")
        write(path, group, columns, i)  # type: ignore[arg-type]

    monkeypatch.setattr(table_writing, "_write", fails)
    with pytest.raises(InvalidArgument, match=r"output: .*table.zarr: No space left on device"):
        write_table(12, place, width=10)
    missing = StoredTable(place).missing_blocks()
    assert calls[2] in missing and not {calls[0], calls[1]} & set(missing)
    monkeypatch.undo()
    assert (write_table(12, place).values[:] == character_table(12).values).all()


@pytest.mark.parametrize("damage", ["missing", "short", "empty", "one byte"])
def test_a_finished_block_that_was_damaged_is_written_again(tmp_path, damage):
    place = tmp_path / "table.zarr"
    write_table(12, place, width=10)
    chunk = place / "values" / "c" / "0" / "3"
    whole = chunk.read_bytes()
    if damage == "missing":
        chunk.unlink()
    elif damage == "one byte":
        chunk.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    else:
        chunk.write_bytes(whole[:100] if damage == "short" else b"")
    stored = StoredTable(place)
    assert stored.missing_blocks() == [3]
    column = stored.partitions[35]
    with contextlib.suppress(InvalidArgument):  # refused, or the right numbers: never zeros
        assert stored.column(column).tolist() == character_table(12).column(column).tolist()
    write_table(12, place)
    assert chunk.read_bytes() == whole and StoredTable(place).missing_blocks() == []


def test_labels_that_were_damaged_are_refused(tmp_path):
    place = tmp_path / "table.zarr"
    write_table(8, place)
    (place / "partitions" / "c" / "0" / "0").unlink()
    with pytest.raises(InvalidArgument, match=r"the labels of .* cannot be read"):
        StoredTable(place).column((8,))
    with pytest.raises(InvalidArgument, match="the labels"):
        write_table(8, place)


def test_another_width_than_the_store_has_is_refused(tmp_path):
    write_table(8, tmp_path / "table.zarr", width=10)
    with pytest.raises(InvalidArgument, match="width: must be 10"):
        write_table(8, tmp_path / "table.zarr", width=7)


def test_a_store_that_was_begun_by_a_killed_writer_is_swept(tmp_path):
    left_over = tmp_path / ".table.zarr.abc_12"
    (left_over / "store").mkdir(parents=True)
    write_table(6, tmp_path / "table.zarr")
    assert not left_over.exists()
