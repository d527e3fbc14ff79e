"""Equality of results by what they hold, where some of it is arrays: field by field, arrays entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np


class ByContent:
    """The equality of a dataclass whose fields hold arrays; fields with ``compare=False`` do not count.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, eq=False)
    ... class Curve(ByContent):
    ...     name: str
    ...     values: np.ndarray
    >>> Curve("a", np.arange(3)) == Curve("a", np.arange(3)), Curve("a", np.arange(3)) == Curve("a", np.arange(4))
    (True, False)
    """

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return _same(_content(self), _content(other))

    def __hash__(self) -> int:
        return hash((type(self), *map(_hash, _content(self))))


def _content(result: Any) -> tuple[Any, ...]:
    return tuple(getattr(result, f.name) for f in fields(result) if f.compare)


def _hash(value: Any) -> int:
    """Arrays, and what holds some, do not count."""
    try:
        return hash(value)
    except TypeError:
        return 0


def _same(first: Any, second: Any) -> bool:
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        if type(first) is not type(second) or first.dtype != second.dtype:
            return False
        return bool(np.array_equal(first, second, equal_nan=first.dtype.kind == "f"))
    if isinstance(first, (tuple, list)) and type(first) is type(second):
        return len(first) == len(second) and all(map(_same, first, second))
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.keys() == second.keys() and all(_same(first[k], second[k]) for k in first)
    return bool(first == second)
