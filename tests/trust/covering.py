"""Which tests run which lines of the package, found by running each test file once, and the tests chosen for a line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Covering", "digest", "pieces_of", "summary_of"]

#: Of the tests in one piece that run a line, so many are remembered, the quickest.
_REMEMBERED = 8


def pieces_of(root: Path, rooms: Iterable[str]) -> tuple[list[str], list[str]]:
    """What pytest is given piece by piece: the rooms' doctests and tests; and all others, those of rooms before those of none."""
    rooms = list(rooms)
    files = [str(path.relative_to(root)) for path in sorted((root / "tests").rglob("test_*.py"))]
    own = [file for room in rooms for file in files if file.startswith(f"tests/{room}/")]
    others = [file for file in files if file not in own and not file.startswith("tests/trust/")]
    others.sort(key=lambda file: file.count("/") == 1)
    packages = [path.parent.name for path in sorted((root / "symkern").glob("*/__init__.py"))]
    beside = [f"symkern/{room}" for room in packages if room not in rooms]
    return [*(f"symkern/{room}" for room in rooms), *own], [*beside, *others]


def digest(root: Path, piece: str) -> str:
    """What a piece is recognised by: its text, or its files' texts."""
    path = root / piece
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def summary_of(answer: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a run under observation: the seconds of each test that passed, and for each line the quickest of those that run it."""
    seconds = {test: spent for test, outcome, spent in answer["outcomes"] if outcome == "passed"}
    numbers = {test: number for number, test in enumerate(seconds)}
    lines = {}
    for file, known in answer["lines"].items():
        kept = {}
        for line, tests in known.items():
            passed = sorted((seconds[test], numbers[test]) for test in tests if test in numbers)
            if passed:
                kept[line] = [number for _, number in passed[:_REMEMBERED]]
        if kept:
            lines[file] = kept
    return {"seconds": seconds, "lines": lines}


@dataclass
class Covering:
    """All summaries by piece."""

    pieces: dict[str, dict[str, Any]] = field(default_factory=dict)

    def running(self, file: str, lines: range) -> list[tuple[bool, float, str]]:
        """The tests that run one of these lines: whether they stand elsewhere than with the file's room, their seconds, their ids; those of the room first, then by time."""
        found = {}
        for piece, summary in self.pieces.items():
            known = summary["lines"].get(file, {})
            names = list(summary["seconds"])
            for line in known.keys() & set(map(str, lines)):
                for number in known[line]:
                    test = names[number]
                    found[test] = (_elsewhere(piece, file), summary["seconds"][test], test)
        return sorted(found.values())

    def choice(self, file: str, lines: range, seconds: float) -> list[list[str]]:
        """Two rounds of tests for a change of these lines: first the few quickest that run them; then, for what memories and caches hide, the files these stand in.

        Args:
            file: the file that is changed.
            lines: the lines that run where the change is seen.
            seconds: of tests in all.

        Returns:
            The rounds, each a list of tests; none where no test runs the lines.
        """
        running = self.running(file, lines)
        if not running:
            return []
        first, spent = [], 0.0
        for _, cost, test in running:
            if first and (len(first) == 24 or spent + cost > seconds / 3):
                break
            first.append(test)
            spent += cost
        places = {_piece(test) for _, _, test in running}
        rest = {test: (elsewhere, cost) for elsewhere, cost, test in running}
        for piece, summary in self.pieces.items():
            for test, cost in summary["seconds"].items():
                if _piece(test) in places and test not in rest:
                    rest[test] = (_elsewhere(piece, file), cost)
        for test in first:
            del rest[test]
        known = {test for _, _, test in running}
        second = []
        # Those that run the lines before the others of their files, then those of the room, then by time.
        for test, (_, cost) in sorted(
            rest.items(), key=lambda item: (item[0] not in known, *item[1])
        ):
            if spent + cost <= seconds:
                second.append(test)
                spent += cost
        return [first, second] if second else [first]

    def seconds(self, tests: Iterable[str]) -> float:
        """What these tests took."""
        wanted = set(tests)
        return sum(
            cost
            for summary in self.pieces.values()
            for test, cost in summary["seconds"].items()
            if test in wanted
        )


def _piece(test: str) -> str:
    """The file a test stands in."""
    return test.split("::")[0]


def _elsewhere(piece: str, file: str) -> bool:
    return piece.split("/")[1] != file.split("/")[1]
