"""Progress on a terminal: a bar on standard error from the second second on, and nothing where no person looks.

The program that draws bars is loaded only when one is due, since it costs as much as a short answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from threading import Lock, Timer
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
    bar = _Bar(total, unit, done)
    try:
        for count, item in enumerate(items, done):
            bar.reach(count)
            yield item
    finally:
        bar.close()


class _Bar:
    """A bar that a clock draws: it is there after the delay, while the first item still takes its time."""

    def __init__(self, total: int, unit: str, done: int) -> None:
        self._total, self._unit, self._count = total, unit, done
        self._bar: Any = None
        self._closed, self._lock = False, Lock()
        self._clock = Timer(DELAY, self._draw)
        self._clock.daemon = True
        self._clock.start()

    def _draw(self) -> None:
        from tqdm import tqdm

        with self._lock:
            if not self._closed:
                self._bar = tqdm(
                    initial=self._count, total=self._total, leave=False, unit=self._unit, ncols=78
                )

    def reach(self, count: int) -> None:
        with self._lock:
            if self._bar is not None:
                self._bar.update(count - self._count)
            self._count = count

    def close(self) -> None:
        self._clock.cancel()
        with self._lock:
            self._closed = True
            if self._bar is not None:
                self._bar.close()
