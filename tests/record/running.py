"""Questions put to processes of their own, each with a limit on its processor time.

The limit is the operating system's: it ends compiled code too, and does not depend on what else the machine does.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.record.answers import answer

__all__ = ["answers"]


def answers(
    questions: Iterable[dict[str, Any]], seconds: int, jobs: int = 1
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None, float]]:
    """(question, answer, seconds of processor time) as they finish; None and the limit for one that did not finish.

    A question may bring a longer limit of its own, "seconds".
    """
    context = multiprocessing.get_context("fork")
    waiting = iter(questions)
    running: dict[Connection, tuple[dict[str, Any], Any]] = {}
    while True:
        while len(running) < jobs and (question := next(waiting, None)) is not None:
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_ask, args=(question, seconds, sender))
            process.start()
            sender.close()
            running[receiver] = (question, process)
        if not running:
            return
        for receiver in wait(list(running)):
            assert isinstance(receiver, Connection)
            question, process = running.pop(receiver)
            try:
                found, used = receiver.recv()
            except EOFError:
                found, used = None, float(seconds)
            process.join()
            yield question, found, used


def _ask(question: dict[str, Any], seconds: int, sender: Connection) -> None:
    seconds = max(seconds, question.get("seconds", 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    try:
        found = answer(question)
    except Exception as error:  # a fault of symkern is an answer too: it must not stop the others
        found = {"fault": f"{type(error).__name__}: {error}"}
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    used = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    sender.send((found, used))
