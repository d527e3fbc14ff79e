"""Texts of disjoint cycles, "(0 2 1)(3 4)" or "(1,3,2)(4,5)"; "()" is the identity."""

from __future__ import annotations

import re

from symkern.errors import PermutationError, displayed

_CYCLE = re.compile(r"\s*\(\s*((?:[0-9]{1,18}(?:\s*,\s*|\s+|\s*(?=\))))*)\)")


def read_cycle_text(text: str, argument: str = "cycles") -> list[list[int]]:
    """The entries of the cycles, not yet checked to be disjoint.

    Args:
        text: what is read.
        argument: the name that an error message has for it.

    Raises:
        PermutationError: for other texts.

    >>> read_cycle_text("(0 2 1)(3,4)"), read_cycle_text("()")
    ([[0, 2, 1], [3, 4]], [[]])
    """
    found: list[list[int]] = []
    at = 0
    while text[at:].strip():
        match = _CYCLE.match(text, at)
        if match is None:
            rule = "cycles are spelled like '(0 2 1)(3 4)' or '()'"
            raise PermutationError(argument, rule, f"it is {displayed(text)}")
        found.append([int(word) for word in re.findall("[0-9]+", match[1])])
        at = match.end()
    if not text.strip():
        raise PermutationError(argument, "the identity is spelled '()'", f"it is {displayed(text)}")
    return found
