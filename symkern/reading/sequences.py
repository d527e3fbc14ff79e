"""Reading of the lists that a user passes: parts, values, matrices row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from symkern.errors import InvalidType, SizeMismatch, TooLarge
from symkern.limits import current
from symkern.reading.missing_entries import without_mask


def read_list(value: object, argument: str, of: str = "values") -> list[Any]:
    """The entries of a list, a tuple, an array, a data frame (its rows) or any other iterable but a text, a mapping or a set.

    >>> read_list((2, 1), "word"), read_list(range(3), "word")
    ([2, 1], [0, 1, 2])
    >>> read_list(None, "word", "letters")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: word: must be a list of letters, but it is None of type NoneType
    """
    value = without_mask(value, argument)
    if hasattr(value, "to_numpy") and not hasattr(value, "tolist"):
        value = value.to_numpy()  # a data frame, whose own order of iteration is by columns
    if hasattr(value, "tolist") and hasattr(value, "ndim"):
        value = value.tolist() if value.ndim else None
    if (
        isinstance(value, (str, bytes, bytearray, Mapping, set, frozenset))
        or not isinstance(value, Iterable)
        or isinstance(value, type)
    ):
        raise InvalidType(argument, f"must be a list of {of}", value)
    require_short(value, argument, of)
    return list(value)


def require_short(value: object, argument: str, of: str = "values") -> None:
    """`TooLarge` for a range that is short in memory, but no longer once it is a list.

    >>> require_short(range(10**12), "word", "letters")
    Traceback (most recent call last):
    ...
    symkern.errors.TooLarge: word: a list of letters needs 8,000,000,000,000 bytes, but 800,000,000 are available
    """
    if isinstance(value, range) and value:
        count, most = (value[-1] - value[0]) // value.step + 1, current().listed_entries
        if count > most:
            raise TooLarge(f"{argument}: a list of {of}", 8 * count, 8 * most)


def read_all(value: object, kind: Any, argument: str, of: str) -> list[Any]:
    """A list whose entries are all of one type; ``of`` is its name in the message."""
    found = read_list(value, argument, of)
    for entry in found:
        if not isinstance(entry, kind):
            raise InvalidType(argument, f"must be a list of {of}", entry)
    return found


def read_pair(value: object, argument: str, of: str) -> tuple[Any, Any]:
    """Two entries, as ``[a, b]`` asks for with a tuple; ``of`` says which.

    >>> read_pair(3, "place", "a row and a column")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: place: must be a row and a column, but it is 3 of type int
    """
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise InvalidType(argument, f"must be {of}", value)
    return value[0], value[1]


def read_rows(value: object, argument: str) -> list[list[Any]]:
    """The rows of a matrix, of one length."""
    value = without_mask(value, argument)
    of, listed = "rows of entries", value.tolist() if hasattr(value, "tolist") else value
    rows = [read_list(row, argument, of) for row in read_list(listed, argument, of)]
    for k, row in enumerate(rows):
        if len(row) != len(rows[0]):
            rule = f"each row must have {len(rows[0])} entries"
            raise SizeMismatch(argument, rule, f"row {k} has {len(row)}")
    return rows


def require_types(instance: object, **kinds: Any) -> None:
    """`InvalidType` where an attribute is of none of its types, which are a type or several, joined by ``|``."""
    for name, kind in kinds.items():
        if not isinstance(found := getattr(instance, name), kind):
            rule = str(getattr(kind, "__name__", kind)).replace("|", "or")
            raise InvalidType(name, f"must be of type {rule}", found)


def read_mapping(value: object, argument: str, of: str) -> Mapping[Any, Any]:
    """A mapping; ``of`` says from what to what, for the message."""
    if not isinstance(value, Mapping):
        raise InvalidType(argument, f"must be a dictionary of {of}", value)
    return value
