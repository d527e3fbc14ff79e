"""Progress on a terminal: a bar on standard error from the second second on, and nothing where no person looks.

The program that draws bars is loaded only when one is due, since it costs as much as a short answer.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from symkern.errors import InvalidType

Item = TypeVar("Item")


def handed(progress: Callable[..., Any], items: Iterable[Item], *more: int) -> Iterable[Item]:
    """The items as a user's function hands them on.

    >>> list(handed(iter, [1, 2]))
    [1, 2]
    >>> handed(print, [])
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: progress: must give back the items that it is given, but it is None of type NoneType
    """
    found = progress(items, *more)
    if not isinstance(found, Iterable) or isinstance(found, (str, bytes)):
        raise InvalidType("progress", "must give back the items that it is given", found)
    return found


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
