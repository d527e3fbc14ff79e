"""``symkern character`` and ``symkern table``, against characters made from permutation modules."""

import csv
import io

import numpy as np
import pytest

from tests.cli.running import printed, process
from tests.oracles import symmetric_group as sym


def _spelled(shape):
    return ",".join(map(str, shape)) or "[]"


@pytest.mark.parametrize(
    ("lam", "mu", "value"),
    [
        ("3,2,1", "2,2,2", "0"),
        ("3,1", "2,1,1", "1"),  # rows and columns: chi^(2,1,1)(3,1) is 0, chi^(3,1)(2,1,1) is 1
        ("2,1,1", "3,1", "0"),
        ("(2,1,1)", "[2,1,1]", "-1"),
        ("[]", "[]", "1"),
        (" 2, 2 ", "3,1", "-1"),
    ],
)
def test_single_values(lam, mu, value):
    assert printed("character", lam, mu) == value + "\n"


def test_a_large_value_is_exact():
    """dim of (10^10) by the hook length formula has 60 digits."""
    from math import factorial

    hooks = 1
    for i in range(10):
        for j in range(10):
            hooks *= 19 - i - j
    expected = factorial(100) // hooks
    assert printed("character", ",".join(["10"] * 10), ",".join(["1"] * 100)) == f"{expected}\n"


@pytest.mark.parametrize("n", range(7))
def test_table_as_csv(n):
    """By label: a row or column in another order is still found."""
    rows = list(csv.reader(io.StringIO(printed("table", str(n), "--format", "csv"))))
    header = rows[0][1:]
    assert header == [_spelled(mu) for mu in sym.shapes(n)]
    assert [row[0] for row in rows[1:]] == header
    for row in rows[1:]:
        for label, value in zip(header, row[1:], strict=True):
            lam, mu = (
                tuple(int(p) for p in text.split(",")) if text != "[]" else ()
                for text in (row[0], label)
            )
            assert int(value) == sym.characters(n)[lam][mu]


def test_table_as_text():
    text = printed("table", "4")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    rows = [line.split()[-5:] for line in lines]
    assert ["0", "-1", "2", "0", "2"] in rows  # S^(2,2), identity last
    assert ["-1", "0", "-1", "1", "3"] in rows  # S^(3,1)
    assert max(map(len, printed("table", "9").splitlines())) <= 80


def test_table_as_latex(compile_latex):
    source = printed("table", "5", "--format", "latex")
    assert "\\documentclass" in source
    compile_latex(source)


def test_table_as_npz(tmp_path):
    target = tmp_path / "table.npz"
    assert printed("table", "6", "--format", "npz", "--output", str(target)) == ""
    with np.load(target, allow_pickle=False) as archive:
        labels = [str(label) for label in archive["partitions"]]
        values = archive["values"]
    assert labels == [_spelled(mu) for mu in sym.shapes(6)]
    for i, lam in enumerate(sym.shapes(6)):
        for j, mu in enumerate(sym.shapes(6)):
            assert int(values[i, j]) == sym.characters(6)[lam][mu]


def test_output_is_what_would_be_printed(tmp_path):
    target = tmp_path / "table.txt"
    assert printed("table", "5", "--output", str(target)) == ""
    assert target.read_text(encoding="utf-8") == printed("table", "5")


def test_version_and_help():
    import symkern

    assert symkern.__version__ in printed("--version")
    text = printed("--help")
    for verb in ("derive", "character", "table"):
        assert verb in text
    for verb in ("derive", "character", "table"):
        assert max(map(len, printed(verb, "--help").splitlines())) <= 80


def test_a_closed_pipe_is_quiet():
    """As in ``symkern table 12 | head -1``."""
    import subprocess
    import sys

    with subprocess.Popen(
        [sys.executable, "-m", "symkern", "table", "12"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        running.stdout.readline()
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()


def test_in_a_process():
    result = process("character", "3,2,1", "2,2,2")
    assert (result.returncode, result.stdout, result.stderr) == (0, "0\n", "")
