"""The process that computes for the explorer: questions come in on standard input, answers go out on standard output, one JSON a line.

A line in is ``{"job": 3, "question": {...}}``; lines out are ``{"job": 3, "progress": [done, all]}`` and ``{"job": 3, "answer": {...}}``. It ends with its
input. What a library prints goes to standard error, so that no line is taken for an answer.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from typing import IO, Any

from symkern.app.questions import answer

#: Seconds between two messages of progress.
_STEP = 0.1


def main() -> None:
    """Answer until the input ends: then whoever asked is gone, and what is being computed is for nobody."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    waiting: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            waiting.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    serve(iter(waiting.get, None), out)


def serve(questions: Iterable[str], answers: IO[str]) -> None:
    """Answer each line.

    >>> import io
    >>> out = io.StringIO()
    >>> serve(io.StringIO('{"job": 1, "question": {"question": "nonsense"}}\\n'), out)
    >>> sorted(json.loads(out.getvalue()))
    ['answer', 'job']
    """
    for line in questions:
        asked = json.loads(line)
        job = asked["job"]

        def say(job: int = job, **told: Any) -> None:
            answers.write(json.dumps({"job": job, **told}) + "\n")
            answers.flush()

        try:
            found = answer(asked["question"], _counting(say))
        except MemoryError:
            found = {"error": {"message": "there is not enough memory for this", "field": "", "position": None}}  # fmt: skip
        except Exception as error:
            told = f"this met a fault of symkern ({type(error).__name__}): {error}"
            found = {"error": {"message": told[:500], "field": "", "position": None}}
        say(answer=found)


def _counting(say: Callable[..., None]) -> Callable[[list[Any]], Iterator[Any]]:
    """A progress function that tells how many items are done."""

    def progress(items: list[Any]) -> Iterator[Any]:
        last = 0.0
        for done, item in enumerate(items):
            if time.monotonic() - last > _STEP:
                last = time.monotonic()
                say(progress=[done, len(items)])
            yield item

    return progress


if __name__ == "__main__":
    main()
