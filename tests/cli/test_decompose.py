"""``symkern decompose``: modules, functions given as tables, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.cli.running import invoke, printed


def test_modules() -> None:
    assert printed("decompose", "words", "--length", "6", "--letters", "2", "--format", "csv") == (
        'irrep,dimension,multiplicity\n6,1,7\n"5,1",5,5\n"4,2",9,3\n"3,3",5,1\n'
    )
    assert "17,3" in printed("decompose", "subsets", "--size", "20", "--choose", "3")
    assert "2,1" in printed("decompose", "tuples", "--size", "3", "--choose", "2")
    assert "4,1,1" in printed("decompose", "young", "--shape", "3,2,1")
    assert "1,1,1" in printed("decompose", "regular", "--size", "3")
    assert "4,1" in printed("decompose", "defining", "--size", "5", "--format", "latex")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "f.csv"
    path.write_text("# a function\n0,0,1,1\n0,1,0, 1/2\n\n1,1,1,-3\n", encoding="utf-8")
    return path


def test_a_function_and_its_parts(table: Path, tmp_path: Path) -> None:
    shown = printed("decompose", str(table))
    assert "(2,1)" in shown and "147/256" in shown and "44.82 %" in shown
    biased = printed("decompose", str(table), "--tokens", "1/3,2/3", "--format", "csv")
    energies = [Fraction(line.rsplit(",", 2)[-2]) for line in biased.splitlines()[1:]]
    assert sum(energies) == Fraction(2, 27) + Fraction(1, 4) * Fraction(2, 27) + 9 * Fraction(8, 27)
    parts = []
    for lam in ("3", "2,1"):
        lines = printed("decompose", str(table), "--part", lam).splitlines()
        parts.append({line.rsplit(",", 1)[0]: Fraction(line.rsplit(",", 1)[1]) for line in lines})
    assert parts[0]["0,0,1"] == Fraction(1, 2) and parts[1]["1,0,0"] == Fraction(-1, 2)
    assert parts[0]["1,1,1"] + parts[1]["1,1,1"] == -3
    # a part is a table of the same form
    again = tmp_path / "part.csv"
    printed("decompose", str(table), "--part", "2,1", "--output", str(again))
    assert "(3)" not in printed("decompose", str(again))


def test_a_picture(table: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    picture = tmp_path / "energy.svg"
    assert "(2,1)" in printed("decompose", str(table), "--plot", str(picture))
    assert "<svg" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["words", "--length", "0", "--letters", "2"], "length: must be an integer of at least 1"),
        (["words", "--length", "x", "--letters", "2"], "length: must be a nonnegative integer"),
        (["words", "--length", "4"], "letters: must be given"),
        (["words", "--length", "100", "--letters", "10"], "needs"),
        (["young"], "shape: must be given"),
        (["young", "--shape", "1,2"], "must weakly decrease"),
        (["regular", "--size", "3", "--letters", "2"], "letters: does not belong to regular"),
        (["regular", "--size", "3", "--part", "3"], "part: is an option of FILE"),
        (["regular", "--size", "3", "--plot", "f.png"], "plot: is an option of FILE"),
        (["FILE", "--part", "3", "--plot", "f.png"], "plot: draws energies"),
        (["FILE", "--plot", "f.txt"], "plot: must end in .png"),
        (["nothing-of-that-name"], "what: must be one of words"),
        (["FILE", "--tokens", "1/2,1/3"], "weights must sum to 1"),
        (["FILE", "--tokens", "1/2,1/4,1/4", "--letters", "2"], "tokens: must be 2 probabilities"),
        (["FILE", "--letters", "1"], "letters: must exceed the letter 1"),
        (["FILE", "--part", "1,1,1"], "part: must be an irrep of the module"),
        (["FILE", "--part", "1,2"], "part: parts must weakly decrease"),
        (["FILE", "--size", "3"], "size: does not belong to"),
    ],
)
def test_refused(table: Path, arguments: list[str], message: str) -> None:
    result = invoke("decompose", *[str(table) if a == "FILE" else a for a in arguments])
    assert result.exit_code == 2
    assert message in result.stderr and result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,1,2\n0,0\n", "line 2: must hold 2 letters, but it holds 1"),
        ("0,a,1\n", "line 1: must hold letters from 0 and a value"),
        ("0,1,__import__('os')\n", "line 1: a formula holds numbers"),
        ("0,1,alpha\n", "line 1: must have a rational value"),
        ("0,1,1\n0,1,2\n", "line 2: must not repeat a sequence"),
        ("1\n", "line 1: must hold letters"),
        ("# nothing\n", "what: must hold at least one line"),
        ("0,99999,1\n", "needs"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(text, encoding="utf-8")
    result = invoke("decompose", str(path))
    assert result.exit_code == 2
    assert message in result.stderr
    path.write_bytes(b"\xff\xfe\x00")
    assert invoke("decompose", str(path)).exit_code == 2


def test_the_alphabet_is_the_vocabulary_of_other_verbs() -> None:
    words = ("decompose", "words", "--length", "4")
    assert printed(*words, "--vocabulary", "3") == printed(*words, "--letters", "3")
