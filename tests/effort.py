"""Work counted in calls, which are the same on every machine, where seconds are not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["calls_at_most"]


@contextmanager
def calls_at_most(limit: int) -> Iterator[None]:
    """Fails as soon as the block has made more calls of functions, Python's and C's together, than ``limit``."""
    count = 0

    def counted(frame: object, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")
        if count > limit:
            sys.setprofile(None)
            raise AssertionError(f"more than {limit} calls")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        yield
    finally:
        sys.setprofile(before)
    assert count <= limit, f"more than {limit} calls"
