"""Refusal before allocation: compare what a result needs with what the machine has.

An estimate is what will be held at once, the result and the largest intermediate values, as
far as it is known beforehand.
"""

from __future__ import annotations

import os
from pathlib import Path

from symkern.errors import TooLarge
from symkern.limits import current


def available_bytes() -> int:
    """Bytes of main memory that can be taken without swapping (an estimate of the system)."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return int(os.sysconf("SC_PHYS_PAGES")) * int(os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return current().unknown_memory


def require_bytes(what: str, bytes_needed: int) -> None:
    """Raise `TooLarge` when ``what`` needs more than the machine has; else do nothing.

    >>> require_bytes("a small table", 1000)
    >>> require_bytes("a table", 10**30)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    symkern.errors.TooLarge: a table needs 1,000,000,000,000,000,000,000,000,000,000 bytes, but ...
    """
    if bytes_needed < 1 << 20:
        return
    available = min(available_bytes(), current().memory)
    if bytes_needed > available:
        raise TooLarge(what, bytes_needed, available)
