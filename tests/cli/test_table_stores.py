"""``symkern table`` with files: the ending decides, a store goes on, and bad usage has status 2."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from symkern.characters import StoredTable, character_table
from tests.cli.running import invoke, printed, process


def test_the_ending_of_the_file_decides(tmp_path):
    for name in ("t.npz", "t.csv", "t.tex", "t.txt"):
        assert printed("table", "5", "--output", str(tmp_path / name)) == ""
    with np.load(tmp_path / "t.npz", allow_pickle=False) as archive:
        assert (archive["values"] == character_table(5).values).all()
    assert (tmp_path / "t.csv").read_text().count("\n") >= 8
    assert "\\documentclass" in (tmp_path / "t.tex").read_text()
    assert (tmp_path / "t.txt").read_text().startswith("Characters of S_5")
    assert printed("table", "5", "--format", "csv", "--output", str(tmp_path / "u.txt")) == ""
    assert (tmp_path / "u.txt").read_text() == (tmp_path / "t.csv").read_text()


def test_a_store(tmp_path):
    pytest.importorskip("zarr")
    target = tmp_path / "t.zarr"
    assert printed("table", "9", "--output", str(target), "--block", "7") == ""
    stored = StoredTable(target)
    assert (stored.values[:] == character_table(9).values).all() and stored.values.chunks == (30, 7)
    assert printed("table", "9", "--output", str(target)) == ""  # finished: nothing to do
    refused = invoke("table", "10", "--output", str(target))
    assert refused.exit_code == 2
    assert refused.stderr.strip().endswith(f"but {target} holds S_9")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("5", "--format", "zarr"), "output: must name a file for the format zarr"),
        (("5", "--scheduler", "local"), "scheduler: is an option of the format zarr"),
        (("5", "--block", "3", "--output", "t.npz"), "block: is an option of the format zarr"),
        (("5", "--block", "0", "--output", "t.zarr"), "block: must be a positive integer"),
        (("63", "--output", "t.zarr"), "n: must be at most 62"),
        (("62", "--output", "t.zarr"), "bytes"),
        (("5", "--output", "nowhere/t.zarr"), "output: must be a file that can be written"),
        (("-5", "--output", "t.zarr"), ""),
    ],
)
def test_bad_usage(arguments, named, tmp_path, monkeypatch):
    pytest.importorskip("zarr")
    monkeypatch.chdir(tmp_path)
    result = invoke("table", *arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert named in result.stderr and "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_bar_without_a_terminal(tmp_path):
    pytest.importorskip("zarr")
    done = process("table", "8", "--output", str(tmp_path / "t.zarr"), "--block", "2")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.sampled(2)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [("table", "20"), ("character", "3", "3")])
def test_a_full_disk_behind_standard_output_is_one_line(arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "symkern", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 2
    assert done.stderr == "symkern: standard output cannot be written: No space left on device\n"


def test_an_archive_holds_the_table_in_blocks(tmp_path, monkeypatch):
    from symkern.cli import characters as verbs

    with open(tmp_path / "t.npz", "wb") as stream:
        verbs._save(character_table(18), stream)
    with np.load(tmp_path / "t.npz") as found:
        assert int(found["n"]) == 18 and found["partitions"][1] == "17,1"
        assert (found["values"] == character_table(18).values).all()
    wide = character_table(6)
    monkeypatch.setattr(wide, "values", wide.values.astype(object))
    with open(tmp_path / "w.npz", "wb") as stream:
        verbs._save(wide, stream)
    with np.load(tmp_path / "w.npz") as found:
        assert found["values"].astype(int).tolist() == character_table(6).values.tolist()
