"""Computations in a process of their own, which can be stopped: jobs are asked, waited for and stopped from any thread.

One process works through the jobs in their order, and gets each when the one before it has ended. Stopping the job that runs ends the process, since nothing
else ends a computation for sure, and the next job starts another; a job that waits is stopped by never being sent. What waits behind is not touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from symkern.errors import InvalidArgument

#: Jobs that may wait or run at once, and that are remembered.
_OPEN, _KEPT = 8, 64


@dataclass
class Job:
    """A question, how far it is, and its answer: ``state`` is "waiting", "running", "done", "stopped" or "failed"."""

    number: int
    question: Mapping[str, Any]
    state: str = "waiting"
    progress: list[int] = field(default_factory=list)
    answer: Any = None
    started: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it has no end yet."""
        return self.state in ("waiting", "running")

    def told(self) -> dict[str, Any]:
        """As plain data."""
        seconds = time.monotonic() - self.started if self.started and self.is_open else 0.0
        return {"job": self.number, "state": self.state, "progress": self.progress, "seconds": round(seconds, 1), "answer": self.answer}  # fmt: skip


class Background:
    """A process that answers questions.

    >>> with Background() as background:
    ...     job = background.ask({"question": "read", "kernel": "flatten"})
    ...     background.wait(job, 60)["answer"]["parameters"]
    ['alpha', 'beta']
    """

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._numbers = count(1)
        self._jobs: dict[int, Job] = {}
        self._process: subprocess.Popen[str] | None = None
        self._running: Job | None = None  # the job that the process works on
        self._closed = False

    def __enter__(self) -> Background:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Have the process load what it needs, before the first question."""
        with self._lock:
            self._running_process()

    def ask(self, question: Mapping[str, Any]) -> int:
        """The number of a new job. Raises `InvalidArgument` where too many are open."""
        with self._lock:
            if self._closed:
                raise InvalidArgument(
                    "question", "must come before the explorer is closed", "it is"
                )
            if sum(job.is_open for job in self._jobs.values()) >= _OPEN:
                rule = f"must wait while {_OPEN} others do"
                raise InvalidArgument("question", rule, "there are as many")
            job = Job(next(self._numbers), dict(question), started=time.monotonic())
            self._jobs[job.number] = job
            for old in [n for n, j in self._jobs.items() if not j.is_open][:-_KEPT]:
                del self._jobs[old]
            self._next()
            return job.number

    def look(self, number: int) -> dict[str, Any]:
        """How far a job is. Raises `InvalidArgument` for a number that is none."""
        with self._lock:
            return self._job(number).told()

    def wait(self, number: int, seconds: float) -> dict[str, Any]:
        """The same when it has ended or made progress, or after so many seconds."""
        until = time.monotonic() + seconds
        with self._lock:
            job = self._job(number)
            while job.is_open and (left := until - time.monotonic()) > 0:
                self._lock.wait(left)
            return job.told()

    def stop(self, number: int) -> dict[str, Any]:
        """End a job, with its process where it runs."""
        with self._lock:
            job = self._job(number)
            if job is self._running:
                self._end("stopped")
                self._next()
            elif job.is_open:
                job.state = "stopped"
                self._lock.notify_all()
            return job.told()

    def close(self) -> None:
        """End all jobs and the process."""
        with self._lock:
            self._closed = True
            self._end("stopped")
            for job in self._jobs.values():
                if job.is_open:
                    job.state = "stopped"

    # -- inside, with the lock held ------------------------------------------------------

    def _job(self, number: int) -> Job:
        if number not in self._jobs:
            raise InvalidArgument("job", "must be a job that was asked", f"it is {str(number)[:40]}")  # fmt: skip
        return self._jobs[number]

    def _running_process(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            root = str(Path(__file__).resolve().parents[2])
            paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "symkern.app.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=os.name == "posix",  # Ctrl-C is for the server, which ends it
            )
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return self._process

    def _next(self) -> None:
        """Send the job that waits longest, where none runs."""
        while self._running is None and not self._closed:
            job = next((one for one in self._jobs.values() if one.is_open), None)
            if job is None:
                return
            process = self._running_process()
            assert process.stdin is not None
            self._running, job.state = job, "running"
            line = json.dumps({"job": job.number, "question": job.question})
            try:
                process.stdin.write(line + "\n")
                process.stdin.flush()
            except OSError:  # it has just ended
                self._end("failed")

    def _end(self, state: str) -> None:
        """End the process and the job that it works on."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        job, self._running = self._running, None
        if job is not None:
            job.state = state
        self._lock.notify_all()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        """What the process says, in a thread of its own."""
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                told = json.loads(line)
                with self._lock:
                    job = self._running
                    if job is None or job.number != told["job"] or process is not self._process:
                        continue
                    if "answer" in told:
                        job.answer, job.state, self._running = told["answer"], "done", None
                        self._next()
                    else:
                        job.progress = told["progress"]
                    self._lock.notify_all()
        with self._lock:
            if process is self._process:  # it has ended by itself
                self._end("failed")
                self._next()
