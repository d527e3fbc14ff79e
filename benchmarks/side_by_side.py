"""Programs side by side: the same question to each in turn, equal answers first, then the times.

A `Line` is a question and the programs that answer it. Every program starts with empty caches and
finished imports, its result is complete in memory before the clock stops, and the best of the
repetitions counts. GAP runs once, in a process of its own and by its own clock.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

Run = Callable[[], Any]
PROGRAMS = ["symkern", "symfn", "GAP", "SymPy"]


def equal(a: Any, b: Any) -> bool:
    return bool(a == b)


@dataclass
class Line:
    """One question and the programs that answer it.

    ``same`` compares symkern's answer with another program's; ``before`` prepares and is not counted; ``targets``
    are the largest ratios to a program's time that the project sets itself (0.25: four times faster), ``limit`` the most seconds.
    """

    name: str
    runs: dict[str, Run]
    same: dict[str, Callable[[Any, Any], bool]] = field(default_factory=dict)
    before: Run = lambda: None
    repeat: int = 5
    targets: dict[str, float] = field(default_factory=dict)
    limit: float | None = None


def empty_caches() -> None:
    """Both programs forget what they computed: every cache in the characters' modules, whatever their names are."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith("symkern.characters."):
            for remembered in vars(module).values():
                if hasattr(remembered, "cache_clear"):
                    remembered.cache_clear()
                elif isinstance(remembered, WeakValueDictionary):
                    remembered.clear()
    try:
        import symfn
    except ImportError:
        return
    symfn.clear_caches()


# GAP: its own clock, in milliseconds, around the one statement


@lru_cache(maxsize=1)
def has_gap_tables() -> bool:
    """Whether GAP is there, with its library of character tables (Debian: gap-core and gap-character-tables)."""
    if not shutil.which("gap"):
        return False
    source = 'Print(LoadPackage("ctbllib"),"\\n"); QUIT;'
    done = subprocess.run(["gap", "-q", "-b"], input=source, capture_output=True, text=True)
    return done.stdout.strip() == "true"


def gap(statements: str, printed: str, afterwards: str = "") -> tuple[float, Any]:
    """Seconds that GAP takes for the statements, and what it prints as a list; ``afterwards`` is not counted."""
    source = (
        f"start:=Runtime();; {statements} stop:=Runtime();; {afterwards} SizeScreen([4096,4096]);;\n"
        f'Print(stop-start,"\\n",{printed},"\\n"); QUIT;\n'
    )
    with tempfile.NamedTemporaryFile("w", suffix=".g") as file:
        file.write(source)
        file.flush()
        command = ["gap", "-q", "-b", file.name]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    milliseconds, answer = done.stdout.split("\n", 1)
    return int(milliseconds) / 1000, json.loads(answer.replace("\\\n", ""))


def measured(line: Line) -> tuple[dict[str, float], list[str]]:
    """Best seconds of each program, and those whose answer differs from symkern's."""
    best: dict[str, float] = {}
    different = []
    for i in range(line.repeat):
        answers: dict[str, Any] = {}
        for program, run in line.runs.items():
            if program == "GAP" and i:
                continue
            empty_caches()
            line.before()
            start = time.perf_counter()
            answer = run()
            seconds = time.perf_counter() - start
            if program == "GAP":
                seconds, answer = answer
            best[program] = min(seconds, best.get(program, seconds))
            if i == 0:
                answers[program] = answer
        ours = answers.pop("symkern", None)
        different += [
            program
            for program, theirs in answers.items()
            if not line.same.get(program, equal)(ours, theirs)
        ]
        del ours, answers
    return best, different


def seconds_shown(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def versions() -> str:
    found = [f"Python {platform.python_version()}"]
    for name in ("symkern", "symfn", "sympy", "numpy", "scipy"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} (not installed)")
    if shutil.which("gap"):
        source = 'Print(GAPInfo.Version,"\\n"); QUIT;'
        done = subprocess.run(["gap", "-q", "-b"], input=source, capture_output=True, text=True)
        tables = "" if has_gap_tables() else " (without its character tables)"
        found.append(f"GAP {done.stdout.strip()}{tables}")
    else:
        found.append("GAP (not installed)")
    return ", ".join(found)


def machine() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = next(
            row.split(":", 1)[1].strip()
            for row in text.splitlines()
            if row.startswith("model name")
        )
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores"


def report(lines: Iterable[Line]) -> tuple[list[str], int]:
    """The lines of a table in Markdown, and how many targets are missed or answers differ."""
    out = [
        f"{datetime.date.today():%Y-%m-%d}; {machine()}",
        versions(),
        "",
        "| | " + " | ".join(PROGRAMS) + " | times symkern's | target |",
        "|---|" + "---|" * (len(PROGRAMS) + 2),
    ]
    broken = 0
    for line in lines:
        best, different = measured(line)
        ours = best["symkern"]
        others = {program: seconds for program, seconds in best.items() if program != "symkern"}
        ratios = ", ".join(f"{program} {seconds / ours:.3g}" for program, seconds in others.items())
        verdicts = []
        for program, target in line.targets.items():
            if program in best:
                kept = ours <= target * best[program]
                broken += not kept
                verdicts.append(f"{program} {1 / target:.2g}: {'met' if kept else 'MISSED'}")
        if line.limit is not None:
            kept = ours <= line.limit
            broken += not kept
            verdicts.append(f"{seconds_shown(line.limit)}: {'met' if kept else 'MISSED'}")
        if different:
            broken += 1
            verdicts.append("DIFFERENT ANSWER: " + ", ".join(different))
        cells = [line.name, *(seconds_shown(best.get(program)) for program in PROGRAMS), ratios]
        out.append("| " + " | ".join([*cells, "; ".join(verdicts)]) + " |")
        print(out[-1], file=sys.stderr, flush=True)
    return out, broken
