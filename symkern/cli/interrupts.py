"""Ctrl-C that is heard wherever it falls.

Python raises `KeyboardInterrupt` between two instructions of whatever is running. Inside a finaliser
or the callback of a weak reference (the lock of an import has one) nobody can catch it: it is printed
as ignored, and the command would go on as if nobody had asked it to stop.
"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Until a dropped interrupt is sent again, in seconds: callbacks end long before.
_AGAIN = 0.02


@contextmanager
def heard() -> Iterator[None]:
    """Within it, an interrupt that Python had to drop is sent once more."""
    before = sys.unraisablehook

    def again(dropped: sys.UnraisableHookArgs) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            before(dropped)
            return
        later = threading.Timer(_AGAIN, _interrupt)
        later.daemon = True
        later.start()

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = before


def _interrupt() -> None:
    """As the terminal does it: it wakes the main thread from a wait, too, where the system can."""
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
