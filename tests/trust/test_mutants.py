"""Which changes are drawn and which are not, and which tests are chosen for a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.covering import Covering, summary_of
from tests.trust.mutations import Mutant, drawn, mutants_of, mutated, statement_lines
from tests.trust.parts.mutants import explained
from tests.trust.scratch import Scratch
from tests.trust.work import ROOT

SOURCE = '''"""Two and two."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    x = 1 + 1

Number = int | float
__all__ = ["f"][:1]
FEW = 3


@lru_cache(maxsize=64)
def f(n: int | None, m: "int" = 2) -> int | None:
    """One and 1."""
    if n is None or n < 0:
        raise ValueError(f"n: must be {1 + 1} at least")
    for k in range(
        n
    ):
        m -= k

    def g(j):
        return j * FEW

    return g(m)


class Pair:
    size = 2

    def __repr__(self):
        return f"Pair({self.size + 1})"
'''


def _mutants() -> list[Mutant]:
    pytest.importorskip("cosmic_ray")
    return list(mutants_of(SOURCE, "pair.py"))


def test_changes_that_no_test_should_see_are_not_drawn() -> None:
    assert {mutant.text for mutant in _mutants()} == {
        "FEW = 3",
        'def f(n: int | None, m: "int" = 2) -> int | None:',
        "if n is None or n < 0:",
        "for k in range(",
        "return j * FEW",
        "size = 2",
    }


def test_each_change_is_the_one_that_it_names() -> None:
    known = {
        (mutant.operator, mutant.text, mutant.nth): mutated(SOURCE, mutant) for mutant in _mutants()
    }
    assert all(text and text != SOURCE for text in known.values())
    line = "if n is None or n < 0:"
    for operator, nth, wanted in (
        ("AddNot", 0, "if not n is None or n < 0:"),
        ("ReplaceOrWithAnd", 0, "if n is None and n < 0:"),
        ("ReplaceComparisonOperator_Lt_LtE", 0, "if n is None or n <= 0:"),
        ("ReplaceComparisonOperator_Is_IsNot", 0, "if n is not None or n < 0:"),
        ("NumberReplacer", 1, "if n is None or n < -1:"),
    ):
        text = known[operator, line, nth]
        assert text is not None and wanted in text.replace("<  ", "< "), operator


def test_a_change_at_a_line_is_seen_where_its_statement_runs() -> None:
    lines = SOURCE.splitlines()

    def place(start: str) -> int:
        return next(i for i, line in enumerate(lines, 1) if line.strip().startswith(start))

    def running(start: str) -> list[str]:
        return [lines[i - 1].strip() for i in statement_lines(SOURCE, place(start))]

    assert running("return g") == ["return g(m)"]
    assert running("if n is") == ["if n is None or n < 0:"]
    assert running("for k")[:3] == ["for k in range(", "n", "):"]
    assert running("FEW") == running("size") == [line.strip() for line in lines]
    assert running("def f")[0] == '"""One and 1."""' and "return g(m)" in running("def f")


def test_each_beginning_of_the_order_is_drawn_evenly(tmp_path: Path) -> None:
    pytest.importorskip("cosmic_ray")
    rooms = ("upper", "lower")
    for room in rooms:
        (tmp_path / "symkern" / room).mkdir(parents=True)
        (tmp_path / "symkern" / room / "pair.py").write_text(SOURCE)
    one, other = drawn(tmp_path, rooms, 1), drawn(tmp_path, rooms, 2)
    assert one == drawn(tmp_path, rooms, 1) != other
    assert set(one) == set(other) and len({mutant.name for mutant in one}) == len(one)
    for some in (one[:10], other[:10]):
        assert [mutant.file.split("/")[1] for mutant in some] == [*rooms] * 5


def _covering() -> Covering:
    here, there = "tests/bounds/test_a.py", "tests/cli/test_b.py"
    answer = {
        "outcomes": [
            [f"{here}::slow", "passed", 9.0],
            [f"{here}::quick", "passed", 0.1],
            [f"{here}::beside", "passed", 1.0],
            [f"{here}::red", "failed", 0.1],
        ],
        "lines": {
            "symkern/bounds/f.py": {"4": [f"{here}::slow", f"{here}::quick", f"{here}::red"]}
        },
    }
    far = {
        "outcomes": [[f"{there}::far", "passed", 0.01], [f"{there}::other", "passed", 0.01]],
        "lines": {"symkern/bounds/f.py": {"4": [f"{there}::far"], "5": [f"{there}::other"]}},
    }
    return Covering({here: summary_of(answer), there: summary_of(far)})


def test_the_quickest_tests_of_the_room_come_first() -> None:
    here, there = "tests/bounds/test_a.py", "tests/cli/test_b.py"
    covering = _covering()
    first, second = covering.choice("symkern/bounds/f.py", range(4, 5), 27.0)
    assert first == [f"{here}::quick"]
    assert second == [f"{here}::slow", f"{there}::far", f"{here}::beside", f"{there}::other"]
    first, second = covering.choice("symkern/bounds/f.py", range(4, 5), 2.0)
    assert second == [f"{there}::far", f"{here}::beside", f"{there}::other"]
    assert covering.choice("symkern/bounds/f.py", range(6, 7), 60.0) == []


def test_a_changed_copy_is_as_it_was_afterwards(tmp_path: Path) -> None:
    (tmp_path / "f.py").write_text("x = 1\n")
    scratch = Scratch.__new__(Scratch)
    scratch.folder = tmp_path
    before = (tmp_path / "f.py").stat().st_mtime_ns
    with pytest.raises(KeyboardInterrupt), scratch.changed("f.py", "x = 2\n"):
        assert (tmp_path / "f.py").read_text() == "x = 2\n"
        raise KeyboardInterrupt
    assert (tmp_path / "f.py").read_text() == "x = 1\n"
    assert (tmp_path / "f.py").stat().st_mtime_ns == before


def test_what_is_explained_still_stands_in_the_package() -> None:
    for name, reason in explained().items():
        file, line, _, nth = name.split(" | ")
        lines = [text.strip() for text in (ROOT / file).read_text(encoding="utf-8").splitlines()]
        assert lines.count(line) and nth.isdigit() and reason, name
