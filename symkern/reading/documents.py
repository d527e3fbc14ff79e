"""JSON from strangers: read strictly, every object with known fields and every value of the type that stands there.

No float is read (there are none in an exact document), no name occurs twice in an object, and what is deeper than Python's reader goes is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from errno import ENAMETOOLONG
from os import PathLike, fsdecode, fsencode, lstat
from pathlib import Path
from typing import Any, NoReturn

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.limits import current
from symkern.reading.integers import read_integer

Kinds = tuple[type, ...]


def read_document(text: object, argument: str, what: str) -> dict[str, Any]:
    """The object that a text of JSON is; ``what`` names it in messages.

    Raises:
        InvalidType: it is no text.
        InvalidArgument: it is no object of JSON, or one with floats, with a name that occurs twice, or with too deep a nesting.

    >>> read_document('{"a": [1, "2"]}', "text", "a list")
    {'a': [1, '2']}
    >>> read_document('{"a": 1, "a": 2}', "text", "a list")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: text: must be the JSON of a list, but reading says: the name 'a' occurs twice
    """
    if not isinstance(text, str):
        raise InvalidType(argument, f"must be the JSON of {what}", text)

    def floating(number: str) -> NoReturn:
        raise ValueError(f"{number[:40]} is no exact number")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"the name {shortened(twice)} occurs twice")
        return found

    try:
        found = json.loads(
            text, parse_float=floating, parse_constant=floating, object_pairs_hook=once
        )
    except RecursionError:
        reason = "it nests too deep"
    except ValueError as error:
        reason = str(error)
    else:
        if isinstance(found, dict):
            return found
        reason = f"it is of type {type(found).__name__}"
    raise InvalidArgument(argument, f"must be the JSON of {what}", f"reading says: {reason}")


def require_fields(
    value: object, argument: str, fields: Mapping[str, Kinds], optional: Mapping[str, Kinds] = {}
) -> dict[str, Any]:
    """An object with these fields, each of one of its types, and no others.

    >>> require_fields({"a": True}, "text", {"a": (int,)})
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: text: must have a field a of type int, but it is True
    """
    if not isinstance(value, dict):
        raise InvalidArgument(argument, "must be an object", f"it is {shortened(value)}")
    for name in value:
        if name not in fields and name not in optional:
            rule = f"must have no field but {', '.join([*fields, *optional])}"
            raise InvalidArgument(argument, rule, f"it has {shortened(name)}")
    for name, kinds in [*fields.items(), *optional.items()]:
        rule = f"must have a field {name} of type {' or '.join(map(_named, kinds))}"
        if name not in value:
            if name in fields:
                raise InvalidArgument(argument, rule, "it is missing")
        elif type(value[name]) not in kinds:
            raise InvalidArgument(argument, rule, f"it is {shortened(value[name])}")
    return value


def require_list(
    value: object, argument: str, kinds: Kinds, length: int | None = None
) -> list[Any]:
    """A list of values of these types, of this ``length`` where one is given."""
    if not isinstance(value, list) or any(type(entry) not in kinds for entry in value):
        rule = f"must be a list of type {' or '.join(map(_named, kinds))}"
        raise InvalidArgument(argument, rule, f"it is {shortened(value)}")
    if length is not None and len(value) != length:
        raise InvalidArgument(argument, f"must have {length} entries", f"it has {len(value)}")
    return value


def read_path(value: object, argument: str, of: str = "the path of a file") -> Path:
    """The path that a string or a path object names.

    >>> read_path("a\\0b", "path")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: path: must be a name that the system can write, but it is 'a\\x00b'
    >>> read_path("a" * 4000, "path")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: path: must be a name that is short enough for the system, but it has 4000 bytes
    """
    if not isinstance(value, (str, PathLike)):
        raise InvalidType(argument, f"must be {of}", value)
    try:
        written = fsencode(value)
    except UnicodeEncodeError:
        written = b"\0"
    if b"\0" in written:
        raise InvalidArgument(
            argument, "must be a name that the system can write", f"it is {displayed(value)}"
        )
    try:
        lstat(written)
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            rule = "must be a name that is short enough for the system"
            raise InvalidArgument(argument, rule, f"it has {len(written)} bytes") from None
    return Path(fsdecode(written))


def read_indent(indent: int | None) -> int | None:
    """The columns by which a level of a JSON text stands in; None writes one line."""
    return None if indent is None else read_integer(indent, "indent", 0, current().indent)


def shortened(value: object) -> str:
    """A value in a message."""
    try:
        shown = repr(value)
    except (
        ValueError,
        RecursionError,
    ):  # a number that Python does not print, a list in a list in a list
        shown = f"a {type(value).__name__} that is too long"
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _named(kind: type) -> str:
    return "null" if kind is type(None) else kind.__name__
