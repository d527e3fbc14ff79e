"""A server that runs pytest in forks of itself: what a checkout's tests import from elsewhere is imported once, before the first fork.

Run as a program, ``python -P forked_pytest.py`` in the checkout's folder. It reads requests and writes answers, each a line of JSON.

A request: ``files`` (what pytest collects), ``only`` (ids of tests in the order to run them, or null for all), ``stop`` (at the first failure), ``cover`` (folders
whose lines are to be recorded, or null), ``seconds`` (of processor time) and ``memory`` (bytes), ``write`` (whether byte code may be written).

An answer: ``status``, pytest's exit status, or "time" where the processor time was over, "lost" where the process ended otherwise; ``outcomes``, a list of
[test, "passed" | "failed" | "skipped", seconds]; ``lines``, {file: {line: [tests]}} where ``cover`` asked for it, and ``said``, what came of the first failure.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

_BEFOREHAND = (
    "numpy scipy.linalg scipy.optimize scipy.special scipy.stats sympy sympy.combinatorics networkx flint "
    "click.testing tqdm mpmath pytest _pytest.doctest hypothesis hypothesis.strategies coverage symfn matplotlib"
)


def serve() -> None:
    """Answer requests until there are none."""
    # Hypothesis imports what names itself to it, the package in question too: that is for the forks to do.
    os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"
    for name in _BEFOREHAND.split():
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    del os.environ["HYPOTHESIS_NO_PLUGINS"]
    if any(name.split(".")[0] == "symkern" for name in sys.modules):
        raise RuntimeError("the package in question is imported before the forks")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin:
        answer = json.dumps(_answer(json.loads(line)))
        try:
            print(answer, file=answers, flush=True)
        except BrokenPipeError:  # who asked is gone
            os._exit(1)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    report = Path("forked-report.json").absolute()
    report.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        try:
            _child(request, report)
        finally:
            os._exit(70)
    # Processor time ends the child; this ends what waits for something that never comes.
    over = time.monotonic() + 20 * request["seconds"] + 60
    ended, pause = 0, 0.01
    while not ended:
        time.sleep(pause)
        pause = min(2 * pause, 0.1)
        ended, status = os.waitpid(child, os.WNOHANG)
        if not ended and time.monotonic() > over:
            os.kill(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if report.exists():
        answer: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return answer
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
    return {"status": "time" if late else "lost", "outcomes": [], "lines": {}, "said": ""}


def _child(request: dict[str, Any], report: Path) -> None:
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(1, 2)
    # The soft limits alone: a test may set others for its own children.
    resource.setrlimit(resource.RLIMIT_AS, (request["memory"], resource.RLIM_INFINITY))
    seconds = int(request["seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    sys.dont_write_bytecode = not request["write"]
    place = str(Path.cwd())
    sys.path.insert(0, place)
    import coverage
    import pytest
    from hypothesis import entry_points

    recorder = None
    if request["cover"]:
        recorder = coverage.Coverage(
            data_file=None, config_file=False, messages=False, source=request["cover"]
        )
        recorder.start()
    watched = _Watched(request["only"], recorder)
    status = 3
    try:
        entry_points.run()  # of hypothesis, whose import would have done it
        options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=line", "--no-header"]
        options += ["-x"] if request["stop"] else []
        status = int(pytest.main([*options, *request["files"]], plugins=[watched]))
        package = sys.modules.get("symkern")
        if package is not None and not str(package.__file__).startswith(place):
            raise RuntimeError("another checkout was imported")
    except BaseException as error:
        watched.said = watched.said or f"{type(error).__name__}: {error}"
    lines: dict[str, Any] = {}
    if recorder is not None:
        recorder.stop()
        data = recorder.get_data()
        for file in data.measured_files():
            found = data.contexts_by_lineno(file)
            lines[os.path.relpath(file, place)] = {
                line: [name for name in names if name] for line, names in found.items()
            }
    answer = {
        "status": status,
        "outcomes": watched.outcomes,
        "lines": lines,
        "said": watched.said[:300],
    }
    partial = report.with_suffix(".part")
    partial.write_text(json.dumps(answer), encoding="utf-8")
    partial.rename(report)
    os._exit(0)


class _Watched:
    """A plugin of pytest: which tests run and in which order, what came of them, and which lines are theirs."""

    def __init__(self, only: list[str] | None, recorder: Any) -> None:
        self.only = only
        self.recorder = recorder
        self.outcomes: list[tuple[str, str, float]] = []
        self.said = ""
        self.began = 0.0
        self.failed = False

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Those asked for, in that order."""
        if self.only is not None:
            known = {item.nodeid: item for item in items}
            items[:] = [known[name] for name in self.only if name in known]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        self.failed = False
        self.outcome = "passed"
        self.began = time.process_time()
        if self.recorder is not None:
            self.recorder.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A step of it is over."""
        if report.outcome != "passed" and self.outcome != "failed":
            self.outcome = report.outcome
            if report.failed:
                self.said = self.said or str(report.longrepr).strip().splitlines()[-1]

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """It is over."""
        self.outcomes.append((nodeid, self.outcome, round(time.process_time() - self.began, 3)))
        if self.recorder is not None:
            self.recorder.switch_context("")

    def pytest_collectreport(self, report: Any) -> None:
        """What cannot be collected has failed too."""
        if report.failed:
            self.said = self.said or str(report.longrepr).strip().splitlines()[-1]


if __name__ == "__main__":
    serve()
