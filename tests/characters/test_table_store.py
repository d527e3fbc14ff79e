"""Tables on disk: the same bytes however they come about, and clear words for what is not a store."""

from __future__ import annotations

import os
import re
import shlex
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
from tests.cli.running import invoke

pytest.importorskip("zarr")

ROOT = Path(symkern.__file__).parents[1]


def contents(path: Path) -> dict[str, bytes]:
    """Every file below a path."""
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


@pytest.mark.sampled(2)
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


@pytest.mark.wide
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
    limbs = place / "higher" / "c" / "0" / "0" / "0"
    data = bytearray(limbs.read_bytes())
    data[len(data) // 2] ^= 4
    limbs.write_bytes(data)
    for read in (lambda s: s.column((1,) * 36), lambda s: s[(36,), (1,) * 36]):
        with pytest.raises(InvalidArgument, match=f"block {last} of .* cannot be read"):
            read(StoredTable(place))


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
    write_table(17, whole, width=4)
    command = [sys.executable, "-m", "symkern", "table", "17", "--block", "4", "--output"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.Popen([*command, str(broken)], env=environment)
    marks = broken / "finished" / "c"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (not marks.exists() or len(list(marks.iterdir())) < 5):
        time.sleep(0.005)
    run.send_signal(signal.SIGKILL)
    run.wait()
    missing = StoredTable(broken).missing_blocks()
    assert 0 < len(missing) < 75
    # What was cut off in the middle: a chunk without its mark, and a mark of no bytes.
    shutil.rmtree(broken / "values" / "c" / "0" / "70", ignore_errors=True)
    (broken / "values" / "c" / "0" / "71").write_bytes(b"half")
    if 0 not in missing:
        (marks / "0").write_bytes(b"")
    # What a kill in the middle of a write leaves beside the chunk.
    (broken / "values" / "c" / "0" / "5.0123456789abcdef.partial").write_bytes(b"ha")
    finished = next(i for i in range(1, 75) if i not in missing)
    kept = broken / "values" / "c" / "0" / str(finished)
    stamp = kept.stat().st_mtime_ns
    done = subprocess.run(
        [*command, str(broken)], env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert contents(broken) == contents(whole)
    assert kept.stat().st_mtime_ns == stamp  # not written anew


@pytest.mark.wide
def test_two_workers_one_killed_half_way(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    whole, spread = tmp_path / "whole.zarr", tmp_path / "spread.zarr"
    write_table(20, whole, width=6)
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        host="127.0.0.1",
        local_directory=tmp_path,
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


@pytest.mark.sampled(2)
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
    for read in (
        lambda: stored.column(column),
        lambda: stored[column, column],
        lambda: stored.row(column),
        lambda: stored.values[:],
    ):
        with pytest.raises(InvalidArgument, match=f"block 3 of {place}"):
            read()
    write_table(12, place)
    assert chunk.read_bytes() == whole and StoredTable(place).missing_blocks() == []


@pytest.fixture(scope="module")
def undamaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of S_8 in four blocks."""
    place = tmp_path_factory.mktemp("undamaged") / "table.zarr"
    write_table(8, place, width=6)
    return place


def read_or_refused(place: Path, k: int) -> tuple[int, InvalidArgument | None]:
    """How many of three ways to read agree with the table, and the last refusal; a wrong number fails."""
    table, right, refusal = character_table(8), 0, None
    lam, mu = table.partitions[k], table.partitions[-1 - k]
    try:
        stored = StoredTable(place)
    except InvalidArgument as error:
        return 0, error
    for read in (
        lambda t: t[lam, mu],
        lambda t: t.column(mu).tolist(),
        lambda t: t.row(lam).tolist(),
    ):
        try:
            found = read(stored)
        except InvalidArgument as error:
            refusal = error
        else:
            assert found == read(table)
            right += 1
    return right, refusal


def repaired(refusal: InvalidArgument) -> None:
    """Run the command that a message names."""
    command = re.search(r"symkern (table \d+ --format zarr --output \S+)", str(refusal))
    assert command is not None, refusal
    assert invoke(*shlex.split(command[1])).exit_code == 0


@pytest.mark.filterwarnings("ignore:Object at")
def test_no_flipped_bit_becomes_a_character(undamaged: Path, tmp_path: Path) -> None:
    """At 200 places of all files: the right numbers or a refusal, and most refusals name a command that mends it."""
    place = tmp_path / "table.zarr"
    shutil.copytree(undamaged, place)
    whole = contents(undamaged)
    files = [name for name in whole for _ in range(1 + 3 * name.startswith("values/c"))]
    rng = np.random.default_rng(0)
    refused = mended = 0
    for _ in range(200):
        name = files[rng.integers(len(files))]
        data = bytearray(whole[name])
        at = int(rng.integers(8 * len(data)))
        data[at // 8] ^= 1 << at % 8
        (place / name).write_bytes(data)
        _, refusal = read_or_refused(place, int(rng.integers(22)))
        refused += refusal is not None
        if refusal is not None and not name.endswith("zarr.json"):
            assert (
                f"table: must be as it was written; symkern table 8 --format zarr --output {place}"
                in str(refusal)
                or "is read in blocks that are finished" in str(refusal)
            )
            block = re.fullmatch(r"(values/c/0|finished/c)/(\d+)", name)
            assert (f"block {block[2]} of" if block else "the labels of") in str(refusal)
            if mended < 8:
                repaired(refusal)
                mended += 1
                assert contents(place) == whole
        (place / name).write_bytes(whole[name])
    assert refused > 100 and mended == 8
    assert read_or_refused(place, 3)[1] is None


@pytest.mark.filterwarnings("ignore:Object at")
def test_no_cut_or_deleted_file_becomes_a_character(undamaged: Path, tmp_path: Path) -> None:
    place = tmp_path / "table.zarr"
    shutil.copytree(undamaged, place)
    whole = contents(undamaged)
    for name, data in whole.items():
        for kept in (None, 0, len(data) // 2, len(data) - 1):
            if kept is None:
                (place / name).unlink()
            else:
                (place / name).write_bytes(data[:kept])
            right, refusal = read_or_refused(place, 3)
            if refusal is None:  # the file says nothing that is read
                assert right == 3 and (name.startswith(("wide/", "higher/")) or name == "zarr.json")
            elif not name.endswith("zarr.json"):
                if kept is None or kept == len(data) - 1:
                    repaired(refusal)
                    assert contents(place) == whole
            else:  # moved away and written again, as the message says
                assert "is moved away, and written again" in str(refusal), refusal
            (place / name).write_bytes(data)


@pytest.mark.parametrize("error", [OSError, ValueError, RuntimeError, TypeError])
def test_what_cannot_be_read_is_refused_and_not_raised_as_it_came(
    undamaged: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """A disk that fails under a chunk, or what is said of one that does not unpack."""
    stored = StoredTable(undamaged)

    def fails(*_: object) -> None:
        raise error("from elsewhere")

    monkeypatch.setattr(type(stored.values), "__getitem__", fails)
    with pytest.raises(InvalidArgument, match=r"^table: must be described as it was written"):
        stored.column((8,))


def test_a_store_is_as_open_to_others_as_any_new_folder(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_table(3, tmp_path / "table.zarr")
    finally:
        os.umask(mask)
    assert (tmp_path / "table.zarr").stat().st_mode & 0o7777 == 0o750


def test_a_store_without_one_of_its_arrays_says_so(undamaged: Path, tmp_path: Path) -> None:
    place = tmp_path / "table.zarr"
    for name in ("wide", "higher", "finished"):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(undamaged, place)
        shutil.rmtree(place / name)
        with pytest.raises(InvalidArgument, match="lacks one of its arrays"):
            StoredTable(place)


def test_a_description_that_puts_the_chunks_elsewhere_is_no_table_of_zeros(
    undamaged: Path, tmp_path: Path
) -> None:
    """One bit makes "/" to ".", and Zarr would fill in zeros for chunks that it does not find."""
    place = tmp_path / "table.zarr"
    shutil.copytree(undamaged, place)
    described = place / "values" / "zarr.json"
    stored = StoredTable(place)
    text = described.read_text()
    assert '"separator": "/"' in text
    described.write_text(text.replace('"separator": "/"', '"separator": "."'))
    for read in (lambda: stored.column((8,)), lambda: StoredTable(place).column((8,))):
        with pytest.raises(InvalidArgument, match="description"):
            read()


def test_labels_that_were_damaged_are_written_again(tmp_path):
    place = tmp_path / "table.zarr"
    write_table(8, place)
    whole = contents(place)
    (place / "partitions" / "c" / "0" / "0").unlink()
    with pytest.raises(InvalidArgument, match=r"the labels of .* cannot be read") as refused:
        StoredTable(place).column((8,))
    repaired(refused.value)
    assert contents(place) == whole
    group = table_store.opened_group(place)
    group["partitions"][0:2] = group["partitions"][0:2][::-1]  # labels of 8, in another order
    with pytest.raises(InvalidArgument, match=r"the labels of .* cannot be read"):
        StoredTable(place).column((8,))


def test_another_width_than_the_store_has_is_refused(tmp_path):
    write_table(8, tmp_path / "table.zarr", width=10)
    with pytest.raises(InvalidArgument, match="width: must be 10"):
        write_table(8, tmp_path / "table.zarr", width=7)


def test_a_store_that_was_begun_by_a_killed_writer_is_swept(tmp_path):
    left_over = tmp_path / ".table.zarr.abc_12"
    (left_over / "store").mkdir(parents=True)
    write_table(6, tmp_path / "table.zarr")
    assert not left_over.exists()
