"""Partitions as text: "4,2,1", "[4, 2, 1]" or "(4, 2, 1)"; "[]" and "()" are the empty one.

An empty text is no partition, so that a forgotten argument is not taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from symkern.errors import PartitionError, displayed

_TEXT = re.compile(r"\s*(?:\[(?P<a>[^\[\]()]*)\]|\((?P<b>[^\[\]()]*)\)|(?P<c>[^\[\]()]+))\s*\Z")
_NUMBER = re.compile(r"[0-9]{1,18}\Z")


def read_parts(text: str, argument: str) -> list[int]:
    """The numbers that the text spells, not yet checked to be a partition."""
    shown = repr(text if len(text) <= 60 else text[:57] + "...")
    wrong = PartitionError(
        argument, "a partition is spelled like '4,2,1' or '[]'", f"it is {shown}"
    )
    match = _TEXT.match(text)
    if match is None:
        raise wrong
    bare = match["c"] is not None
    inside = next(group for group in match.groups() if group is not None).strip()
    if not inside:
        if bare:
            raise wrong
        return []
    words = [word.strip() for word in inside.split(",")]
    if not bare and words[-1] == "" and len(words) == 2:
        words.pop()  # a tuple of one, "(2,)"
    if not all(_NUMBER.match(word) for word in words):
        raise wrong
    return [int(word) for word in words]


def shown_parts(parts: Sequence[Any]) -> str:
    """The parts for an error message, at most twenty of them."""
    shown = [int(p) if hasattr(p, "__index__") else p for p in parts[:20]]
    if len(parts) > 20:
        shown.append(...)
    return f"({', '.join('...' if p is ... else displayed(p) for p in shown)}{',' * (len(shown) == 1)})"
