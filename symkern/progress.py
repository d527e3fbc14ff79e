"""Progress on a terminal: a bar on standard error from the second second on, and nothing where no person looks.

The program that draws bars is loaded only when one is due, since it costs as much as a short answer.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

#: Seconds before a bar appears.
DELAY = 1.0


def shown(items: Iterable[Item], total: int, unit: str, done: int = 0) -> Iterable[Item]:
    """The items, with a bar where they take long.

    Args:
        items: what is gone through.
        total: how many there are in all, those before included.
        unit: what one is called.
        done: how many were done before.

    >>> list(shown("abc", 3, "letter"))
    ['a', 'b', 'c']
    """
    error = sys.stderr
    return _shown(items, total, unit, done) if error is not None and error.isatty() else items


def _shown(items: Iterable[Item], total: int, unit: str, done: int) -> Iterator[Item]:
    started, bar = time.monotonic(), None
    try:
        for count, item in enumerate(items, done):
            if bar is not None:
                bar.update()
            elif time.monotonic() - started > DELAY:
                from tqdm import tqdm

                bar = tqdm(initial=count, total=total, leave=False, unit=unit, ncols=78)
            yield item
    finally:
        if bar is not None:
            bar.close()
