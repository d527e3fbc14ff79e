"""Tables that users may add to: what each ``register`` function returns, so that an entry can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Registration:
    """An entry made in a table; leaving the ``with`` block that it opens, or ``undo()``, takes it out again. Used plainly, it stays.

    >>> table = {"one": 1}
    >>> with Registration("two", table.popitem):
    ...     table["two"] = 2
    >>> table
    {'one': 1}
    """

    def __init__(self, entry: Any, undo: Callable[[], object]) -> None:
        self.entry = entry
        self._undo = undo

    def __enter__(self) -> Any:
        return self.entry

    def __exit__(self, *_: object) -> None:
        self.undo()

    def undo(self) -> None:
        """Take the entry out of its table."""
        self._undo()
