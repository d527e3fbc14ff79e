"""Reading of the lists that a user passes: parts, values, matrices row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from symkern.errors import InvalidType


def read_list(value: object, argument: str, of: str = "values") -> list[Any]:
    """The entries of a list, a tuple, an array or any other iterable but a text, a mapping or a set.

    >>> read_list((2, 1), "word"), read_list(range(3), "word")
    ([2, 1], [0, 1, 2])
    >>> read_list(None, "word", "letters")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: word: must be a list of letters, but it is None of type NoneType
    """
    if hasattr(value, "tolist") and hasattr(value, "ndim"):
        value = value.tolist() if value.ndim else None
    if (
        isinstance(value, (str, bytes, bytearray, Mapping, set, frozenset))
        or not isinstance(value, Iterable)
        or isinstance(value, type)
    ):
        raise InvalidType(argument, f"must be a list of {of}", value)
    return list(value)


def read_mapping(value: object, argument: str, of: str) -> Mapping[Any, Any]:
    """A mapping; ``of`` says from what to what, for the message."""
    if not isinstance(value, Mapping):
        raise InvalidType(argument, f"must be a dictionary of {of}", value)
    return value
