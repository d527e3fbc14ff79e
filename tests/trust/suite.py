"""The suite in pieces: each test file, and each room's doctests, run by a pytest of its own.

What came of a piece is read from the JUnit file that pytest writes, test by test.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.trust.work import ROOT, Work

__all__ = [
    "Piece",
    "figures_of",
    "is_settled",
    "note",
    "pieces",
    "run_pieces",
    "run_tests",
    "summary",
]

#: A piece of the suite: its name, and what pytest is given for it.
Piece = tuple[str, tuple[str, ...]]

#: The tests of this frame run no tests that would run them.
_OWN = ROOT / "tests" / "trust"


def pieces() -> list[Piece]:
    """All test files, the modules beside them that hold examples, and the rooms of the package."""
    tests = ROOT / "tests"
    found = []
    for path in sorted(tests.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if _OWN not in path.parents and (path.name.startswith("test_") or ">>> " in text):
            found.append(str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "symkern").iterdir()):
        if path.suffix == ".py" or (path / "__init__.py").exists():
            found.append(str(path.relative_to(ROOT)))
    return [(name, (name,)) for name in found]


def run_tests(
    paths: Sequence[str],
    report: Path,
    *,
    options: Iterable[str] = (),
    environment: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
    before: Sequence[str] = (),
    seconds: float | None = None,
) -> dict[str, str] | None:
    """The outcome of each test of these paths: "passed", "skipped", or the first line of what went wrong; None where the time did not suffice.

    Args:
        paths: what pytest is given.
        report: where its JUnit file is put.
        options: further options of pytest.
        environment: variables beside those that there are.
        prefix: words before the command.
        before: folders in which Python looks for modules first.
        seconds: how long it may take.
    """
    report.unlink(missing_ok=True)
    command = [*prefix, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-o", "junit_family=xunit1", f"--junitxml={report}", *options, *paths]
    places = [*before, str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    given = {**os.environ, **(environment or {}), "PYTHONPATH": os.pathsep.join(places)}
    done = _ended(command, given, seconds)
    if done is None:
        return None
    if done.returncode == 5:  # nothing to run
        return {}
    outcomes = dict(_read(report)) if report.exists() else {}
    if done.returncode not in (0, 1) or not outcomes:
        last = (done.stderr + done.stdout).strip().splitlines()[-1:]
        outcomes["pytest"] = f"status {done.returncode}: {''.join(last)}"[:300]
    return outcomes


def _ended(
    command: Sequence[str], environment: Mapping[str, str], seconds: float | None
) -> subprocess.CompletedProcess[str] | None:
    """The command when it has ended; None where its time was over, and then what it had started is ended with it."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except (
            BaseException
        ) as error:  # an interruption from the keyboard does not reach another session
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            return None
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _read(report: Path) -> Iterable[tuple[str, str]]:
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('file') or case.get('classname')}::{case.get('name')}"
        outcome = "passed"
        for child in case:
            if child.tag in ("failure", "error"):
                outcome = (child.get("message") or child.tag).strip().split("\n")[0][:300]
                break
            if child.tag == "skipped":
                outcome = "skipped"
        yield name, outcome


def run_pieces(
    work: Work,
    whole: Sequence[Piece],
    outcomes_of: Callable[[Sequence[str]], dict[str, str] | None] | None = None,
    **given: Any,
) -> None:
    """Run and record the pieces that are not settled yet, until the time is over.

    A piece is recorded as `summary` has it. One that the rest of the time does not suffice for is left to the next run; where it had all of it, that is
    recorded as what went wrong.

    Args:
        work: where it is recorded.
        whole: the pieces.
        outcomes_of: the outcomes of the tests of some paths; `run_tests` where nothing is given.
        given: what `run_tests` takes besides.
    """
    first = True
    for name, paths in whole:
        if is_settled(work, name):
            continue
        if work.out_of_time():
            break
        if outcomes_of is None:
            report = work.folder / "report.xml"
            outcomes = run_tests(paths, report, seconds=work.remaining, **given)
        else:
            outcomes = outcomes_of(paths)
        if outcomes is None and not first:
            work.out_of_time()
            break
        if outcomes is None:
            outcomes = {name: "not done when all of the time was over"}
        first = False
        note(work, name, outcomes)


def is_settled(work: Work, name: str) -> bool:
    """Whether a piece is recorded and nothing in it failed: what failed is tried again when a run goes on, as somebody may have mended it."""
    return name in work.recorded and not work.recorded[name]["failed"]


def note(work: Work, name: str, outcomes: Mapping[str, str]) -> None:
    """Record a piece, and print what went wrong in it."""
    work.record(name, summary(outcomes))
    for test, said in work.recorded[name]["failed"].items():
        print(f"  {test}: {said}", flush=True)


def summary(outcomes: Mapping[str, str]) -> dict[str, Any]:
    """What is recorded of a piece."""
    counts = Counter(outcomes.values())
    failed = {test: said for test, said in outcomes.items() if said not in ("passed", "skipped")}
    return {"passed": counts["passed"], "skipped": counts["skipped"], "failed": failed}


def figures_of(work: Work, whole: Sequence[Piece]) -> dict[str, Any]:
    """How many pieces are done, and what came of their tests."""
    done = [work.recorded[name] for name, _ in whole if name in work.recorded]
    return {
        "files": f"{len(done)} of {len(whole)}",
        "passed": sum(piece["passed"] for piece in done),
        "skipped": sum(piece["skipped"] for piece in done),
        "failed": sorted(test for piece in done for test in piece["failed"]),
    }
