"""Partitions as text: "4,2,1", "[4, 2, 1]" or "(4, 2, 1)"; "[]" and "()" are the empty one.

A part may have an exponent, "[4^2, 1]" is (4, 4, 1), and what Sage and Python print is read too: "Partition([4, 2, 1])", "Partition(4, 2, 1)".
An empty text is no partition, so that a forgotten argument is not taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from symkern.errors import PartitionError, displayed
from symkern.limits import current

_TEXT = re.compile(r"\s*(?:\[(?P<a>[^\[\]()]*)\]|\((?P<b>[^\[\]()]*)\)|(?P<c>[^\[\]()]+))\s*\Z")
_NAMED = re.compile(r"\s*Partition\s*\((?P<inside>.*)\)\s*\Z", re.DOTALL)
_PART = re.compile(r"(?P<part>[0-9]{1,18})(?:\s*\^\s*(?P<times>[0-9]{1,18}))?\Z")


def read_parts(text: str, argument: str) -> list[int]:
    """The numbers that the text spells, not yet checked to be a partition.

    >>> read_parts("[4^2, 1]", "lam"), read_parts("Partition([4, 2, 1])", "lam"), read_parts("()", "lam")
    ([4, 4, 1], [4, 2, 1], [])
    """
    shown = repr(text if len(text) <= 60 else text[:57] + "...")
    wrong = PartitionError(
        argument, "a partition is spelled like '4,2,1' or '[]'", f"it is {shown}"
    )
    named = _NAMED.match(text)
    match = _TEXT.match(named["inside"] if named else text)
    if match is None:
        if named and not named["inside"].strip():
            return []
        raise wrong
    bare = match["c"] is not None
    inside = next(group for group in match.groups() if group is not None).strip()
    if not inside:
        if bare:
            raise wrong
        return []
    words = [word.strip() for word in inside.split(",")]
    if (not bare or named) and words[-1] == "" and len(words) == 2:
        words.pop()  # a tuple of one, "(2,)"
    found = [_PART.match(word) for word in words]
    powers = [1 if m is None or m["times"] is None else int(m["times"]) for m in found]
    most = current().listed_positions
    if sum(powers) > most:
        rule = f"a partition in a text has at most {most} parts"
        raise PartitionError(argument, rule, f"it is {shown}")
    parts: list[int] = []
    for m, times in zip(found, powers, strict=True):
        if m is None:
            raise wrong
        parts += [int(m["part"])] * times
    return parts


def shown_parts(parts: Sequence[Any]) -> str:
    """The parts for an error message, at most twenty of them."""
    shown = [int(p) if hasattr(p, "__index__") else p for p in parts[:20]]
    if len(parts) > 20:
        shown.append(...)
    return f"({', '.join('...' if p is ... else displayed(p) for p in shown)}{',' * (len(shown) == 1)})"
