"""A part of `make trust`, and the work that is handed to it: a folder, a seed, an hour, and a journal of what is done already.

A part is a file of `tests/trust/parts` with one ``PART = Part(name, what, run)``; the name is that of the file. ``run(work)`` does one piece of work
after the other, each under a key, asks before each whether it is done or the time is over, and returns figures:

    def run(work):
        for case in cases(work.seed):
            if case in work.recorded:
                continue
            if work.out_of_time():
                break
            work.record(case, outcome(case))
        return {"cases": len(work.recorded), "failed": sum(map(bool, work.recorded.values()))}

Figures are short: numbers, texts and lists of texts. The figure ``failed``, where there is one, counts what must not be, and anything but zero makes
the run end with status 1. A part that was told that the time is over is unfinished, and its figures say how far it came ("files 12 of 140").

The journal is a file of JSON lines in ``.trust/NAME/``: the first tells the seed and the state of the sources, the others what is recorded. It is
written line by line, so that a run that is killed loses the piece it was at and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "PARTS", "ROOT", "Part", "Work", "begin", "parts", "sources"]

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".trust"
PARTS = Path(__file__).parent / "parts"


@dataclass(frozen=True)
class Part:
    """What a part is called, what it tries in a few words for a table, and how: a function of a `Work` that returns its figures."""

    name: str
    what: str
    run: Callable[[Work], dict[str, Any]]


@dataclass
class Work:
    """One run of a part, or the rest of one that was interrupted."""

    folder: Path
    seed: int
    deadline: float
    recorded: dict[str, Any] = field(default_factory=dict)
    #: Seconds that earlier runs of the same journal took.
    spent: float = 0.0
    #: Whether the part was told that its time is over.
    stopped: bool = False
    #: Whether earlier runs of the same journal saw other sources.
    changed: bool = False
    #: For trying a part out: pieces of work whose names contain it, where the part has such.
    only: str = ""
    #: The number of the piece to begin with, from 1 on, where the part numbers them.
    first: int = 1
    started: float = field(default_factory=time.monotonic)

    @property
    def journal(self) -> Path:
        """The file of what is done."""
        return self.folder / "journal.jsonl"

    @property
    def seconds(self) -> float:
        """How long the part has worked, earlier runs included."""
        return self.spent + time.monotonic() - self.started

    @property
    def remaining(self) -> float:
        """Seconds until the time is over, never below zero."""
        return max(0.0, self.deadline - time.monotonic())

    def out_of_time(self) -> bool:
        """Whether the time is over; a part that is told so returns what it has."""
        self.stopped = self.stopped or time.monotonic() >= self.deadline
        return self.stopped

    def record(self, key: str, value: Any) -> None:
        """Note a piece of work as done; the value is JSON and stands in `recorded` from now on."""
        self._write({"key": key, "value": value, "seconds": round(self.seconds, 3)})
        self.recorded[key] = value

    def finish(self) -> None:
        """Note that nothing is left to do."""
        self._write({"finished": True, "seconds": round(self.seconds, 3)})

    def close_line(self) -> None:
        """End a line that was cut off, so that what comes next stands in one of its own."""
        if not self.journal.read_bytes().endswith(b"\n"):
            with self.journal.open("a", encoding="utf-8") as journal:
                journal.write("\n")

    def _write(self, line: dict[str, Any]) -> None:
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(line) + "\n")


@dataclass(frozen=True)
class _Journal:
    head: dict[str, Any]
    recorded: dict[str, Any]
    seconds: float
    finished: bool


def _read(path: Path) -> _Journal | None:
    """What a journal holds, but for a last line that was cut off; nothing where it has no head."""
    if not path.exists():
        return None
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except json.JSONDecodeError:
            continue
    if not lines or "seed" not in lines[0]:
        return None
    head, *rest = lines
    recorded = {line["key"]: line["value"] for line in rest if "key" in line}
    return _Journal(
        head,
        recorded,
        max((line["seconds"] for line in rest), default=0.0),
        any(line.get("finished") for line in rest),
    )


def begin(
    part: Part, *, minutes: float, seed: int | None, fresh: bool = False, folder: Path = FOLDER
) -> Work | None:
    """The work of a part: what an interrupted run left, or a new one; None where all of it is done on these sources.

    A journal is left aside where ``fresh`` asks for it, where its seed is not the one that is asked for, and where it is finished and the sources are
    others now. Where no seed is given, that of the journal, and for a new one the day's date.
    """
    place = folder / part.name
    known = _read(place / "journal.jsonl")
    if known is not None and not fresh and seed in (None, known.head["seed"]):
        if known.finished and known.head["sources"] == sources(part.name):
            return None
        if not known.finished:
            deadline = time.monotonic() + 60 * minutes
            work = Work(place, known.head["seed"], deadline, known.recorded, known.seconds)
            work.changed = known.head["sources"] != sources(part.name)
            work.close_line()
            return work
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    seed = int(time.strftime("%Y%m%d")) if seed is None else seed
    work = Work(place, seed, time.monotonic() + 60 * minutes)
    head = {"seed": seed, "date": time.strftime("%Y-%m-%d"), "sources": sources(part.name)}
    work.journal.write_text(json.dumps(head) + "\n", encoding="utf-8")
    return work


def sources(name: str) -> str:
    """A digest of the package, of its tests and of that part: what is done on these need not be done again."""
    others = Path(__file__).parent
    paths = [p for top in ("symkern", "tests") for p in sorted((ROOT / top).rglob("*.py"))]
    digest = hashlib.sha256()
    for path in paths:
        if others not in path.parents or path == PARTS / f"{name}.py":
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def parts(folder: Path = PARTS, package: str = "tests.trust.parts") -> dict[str, Part]:
    """The parts by name, one for each file of the folder."""
    found = {}
    for path in sorted(folder.glob("[a-z]*.py")):
        part: Part = import_module(f"{package}.{path.stem}").PART
        if part.name != path.stem:
            raise ValueError(
                f"{path.name}: its part must be named {path.stem!r}, not {part.name!r}"
            )
        found[part.name] = part
    return found
