"""A function in a process of its own, with bounds of time and memory: a call that hangs, or kills the process, is an answer like another.

``Limited("tests.trust.callables_judged:judged")`` imports the function there and asks it case by case. A case and its answer are JSON. One
that spends more than ``seconds`` of processor time is stopped inside Python; where that does not help, the process is ended and another one
goes on with the next case. What is imported, and what the function ``prepared`` of its module makes, where it has one, is there already: each
process is a fork of one that answers nothing itself.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

__all__ = ["SECONDS", "Limited", "OutOfTime", "limited_time"]

ROOT = Path(__file__).parents[2]
#: Of processor time for one case; the wall clock gets twelve times as much, for machines that do other things too.
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
        self._server: subprocess.Popen[bytes] | None = None

    def ask(self, case: object) -> dict[str, Any]:
        """``{"answer": ...}``, or ``{"killed": why}``, and the processor's ``seconds``."""
        if self._server is None:
            self._start()
        assert self._server is not None and self._server.stdin is not None
        self._server.stdin.write(json.dumps(case).encode() + b"\n")
        self._server.stdin.flush()
        line = self._answers.readline()
        if not line:
            self.close()
            raise RuntimeError(f"{self.target}: the process that forks has ended")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the processes."""
        if self._server is not None:
            assert self._server.stdin is not None
            self._server.stdin.close()
            self._server.wait()
            self._answers.close()
            self._server = None

    def _start(self) -> None:
        ours, theirs = os.pipe()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # fmt: skip
        environment |= {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0", "TERM": "dumb"}
        command = [sys.executable, "-m", "tests.trust.limited", self.target, str(theirs), str(self.seconds), str(self.memory)]  # fmt: skip
        self._server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(theirs,), env=environment,
        )  # fmt: skip
        os.close(theirs)
        self._answers = os.fdopen(ours, "rb")
        if self._answers.readline() != b'"ready"\n':
            self.close()
            raise RuntimeError(f"{self.target} cannot be asked: run it by hand to see why")


class _Worker:
    """A fork of this process that answers cases until one ends it."""

    def __init__(self, function: Callable[[Any], Any], seconds: float, memory: int) -> None:
        self.seconds = seconds
        self.place = tempfile.mkdtemp(prefix="symkern-trust-")
        (cases, self._cases), (self._answers, answers) = os.pipe(), os.pipe()
        self.number = os.fork()
        if not self.number:
            try:
                os.close(self._cases)
                os.close(self._answers)
                os.chdir(self.place)
                os.setpgid(0, 0)
                _work(function, cases, answers, seconds, memory)
            finally:
                os._exit(70)
        os.close(cases)
        os.close(answers)

    def ask(self, line: bytes) -> bytes | None:
        """Its answer; None where it has to be ended, or has ended."""
        try:
            os.write(self._cases, line)
        except OSError:
            return b""
        said = b""
        while not said.endswith(b"\n"):
            if not select.select([self._answers], [], [], 12 * self.seconds)[0]:
                return None
            found = os.read(self._answers, 1 << 16)
            if not found:
                return b""
            said += found
        return said

    def end(self) -> str:
        """End it, with all that it has started; why it had ended, where it had."""
        waited, status = os.waitpid(self.number, os.WNOHANG)
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                kill(self.number, signal.SIGKILL)
        if not waited:
            _, status = os.waitpid(self.number, 0)
        os.close(self._cases)
        os.close(self._answers)
        shutil.rmtree(self.place, ignore_errors=True)
        return f"the process ended ({os.waitstatus_to_exitcode(status)})"


def _work(
    function: Callable[[Any], Any], cases: int, answers: int, seconds: float, memory: int
) -> None:
    """Answer cases: what a fork does."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    for line in os.fdopen(cases, "rb"):
        before = _spent()
        # Where C code does not come back, the signal of the system ends the process: sooner than the clock on the wall.
        most = int(before + seconds) + 3
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        try:
            with limited_time(seconds):
                said = {"answer": function(json.loads(line))}
        except OutOfTime:
            said = {"killed": "out of time"}
        said["seconds"] = round(_spent() - before, 3)
        os.write(answers, json.dumps(said).encode() + b"\n")


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _serve(target: str, answers: int, seconds: float, memory: int) -> None:
    module = importlib.import_module(target.partition(":")[0])
    function = getattr(module, target.partition(":")[2])
    getattr(module, "prepared", lambda: None)()
    cases = os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a case may ask for files by number
    os.write(answers, b'"ready"\n')
    worker = None
    for line in cases:
        worker = worker or _Worker(function, seconds, memory)
        said = worker.ask(line)
        if not said:
            why = worker.end()
            slow = said is None or why.endswith(f"({-signal.SIGXCPU})")
            ended = {"killed": "no end" if slow else why, "seconds": seconds}
            said = json.dumps(ended).encode() + b"\n"
            worker = None
        os.write(answers, said)
    if worker is not None:
        worker.end()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
