"""Worker processes that end when the process that asked for them ends, however that is ended."""

from __future__ import annotations

import os
from multiprocessing import connection, parent_process
from threading import Thread


def end_with_parent() -> None:
    """From now on this process ends as soon as its parent has ended: a pool's workers wait for their next task else.

    >>> end_with_parent()  # of a process that no other has made, nothing
    """
    parent = parent_process()
    if parent is not None:
        Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
