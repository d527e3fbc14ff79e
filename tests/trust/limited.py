"""A function in a process of its own, with bounds of time and memory: a call that hangs, or kills the process, is an answer like another.

``Limited("tests.trust.callables_judged:judged")`` imports the function there and asks it case by case. A case and its answer are JSON. One
that spends more than ``seconds`` of processor time is stopped inside Python; where that does not help, the process is ended and a new one
goes on with the next case.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

__all__ = ["SECONDS", "Limited", "OutOfTime", "limited_time"]

ROOT = Path(__file__).parents[2]
#: Of processor time for one case; the wall clock gets four times as much, for machines that do other things too.
SECONDS = 5.0
MEMORY = 2 << 30


class OutOfTime(BaseException):
    """Raised inside a case that has spent its time; no ``except Exception`` swallows it."""


@contextmanager
def limited_time(seconds: float) -> Iterator[None]:
    """`OutOfTime` after so much processor time."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0.2)  # again, where a destructor has swallowed it
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class Limited:
    """The function ``module:name`` of one JSON value in a process with bounds."""

    def __init__(self, target: str, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.target, self.seconds, self.memory = target, seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def ask(self, case: object) -> dict[str, Any]:
        """``{"answer": ...}``, or ``{"killed": why}``."""
        if self._process is None:
            self._start()
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(case).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return self._end("the process ended")
        line = self._line(4 * self.seconds)
        if line is None:
            return self._end("no end")
        if not line:
            return self._end("the process ended")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._end("")

    def _start(self) -> None:
        ours, theirs = os.pipe()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # fmt: skip
        environment |= {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0", "TERM": "dumb"}
        command = [sys.executable, "-m", "tests.trust.limited", self.target, str(theirs), str(self.seconds), str(self.memory)]  # fmt: skip
        place = tempfile.mkdtemp(prefix="symkern-trust-")
        self._process = subprocess.Popen(
            command, cwd=place, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(theirs,), env=environment,
        )  # fmt: skip
        os.close(theirs)
        self._answers, self._rest, self._place = ours, b"", place
        if self._line(120.0) != b'"ready"':
            self._end("")
            raise RuntimeError(f"{self.target} cannot be asked: run it by hand to see why")

    def _line(self, seconds: float) -> bytes | None:
        """The next line; b"" where the process has ended, None where it says nothing for so long."""
        while b"\n" not in self._rest:
            if not select.select([self._answers], [], [], seconds)[0]:
                return None
            found = os.read(self._answers, 1 << 16)
            if not found:
                return b""
            self._rest += found
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _end(self, why: str) -> dict[str, Any]:
        assert self._process is not None
        self._process.kill()
        status = self._process.wait()
        os.close(self._answers)
        self._process = None
        subprocess.run(["rm", "-rf", self._place], check=False)
        return {"killed": why if why == "no end" else f"{why} ({status})"}


def _serve(target: str, answers: int, seconds: float, memory: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    cases = os.fdopen(os.dup(0), "rb")  # a case may ask for files by number
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.write(answers, b'"ready"\n')
    for line in cases:
        try:
            with limited_time(seconds):
                said = {"answer": function(json.loads(line))}
        except OutOfTime:
            said = {"killed": "out of time"}
        os.write(answers, json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
