"""Two answers to one question, compared: what differs, and what merely reads otherwise.

An answer is the plain data of `tests.record.answers`. Branches of a sector may stand in another order, and so may sectors; a formula may be written
otherwise; a ball may be another ball around the same number, if it is as narrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isclose
from typing import Any, NamedTuple

from tests.record.formulas import same_formula

__all__ = ["Difference", "differences"]

#: What is shown where it differs, but is no difference.
_REMARKS = ("message", "order")


class Difference(NamedTuple):
    """A place in the answer, what stood there and what stands there; a ``remark`` is only shown."""

    place: str
    before: Any
    after: Any
    remark: bool = False


def differences(before: Any, after: Any, place: str = "") -> Iterator[Difference]:
    """The places at which two answers are not the same.

    >>> one = {"trace": {"formula": "2*L"}, "order": ["a", "b"]}
    >>> [d.place for d in differences(one, {"trace": {"formula": "L + L"}, "order": ["b", "a"]}) if not d.remark]
    []
    >>> [d.place for d in differences(one, {"trace": {"formula": "3*L"}, "order": ["a", "b"]})]
    ['trace']
    """
    kinds = [_kind(before), _kind(after)]
    if kinds[0] != kinds[1]:
        yield Difference(place, before, after)
    elif kinds[0] == "formula":
        if not same_formula(before["formula"], after["formula"]):
            yield Difference(place, before["formula"], after["formula"])
    elif kinds[0] == "between":
        if not _same_ball(before["between"], after["between"]):
            yield Difference(place, before["between"], after["between"])
    elif kinds[0] == "float":
        if not isclose(before["float"], after["float"], rel_tol=1e-9, abs_tol=1e-15):
            yield Difference(place, before["float"], after["float"])
    elif kinds[0] == "dict":
        yield from _of_dictionaries(before, after, place)
    elif kinds[0] == "list" and place.endswith(".branches"):
        yield from _of_branches(before, after, place)
    elif kinds[0] == "list" and len(before) == len(after):
        for i, pair in enumerate(zip(before, after, strict=True)):
            yield from differences(*pair, f"{place}[{i}]")
    elif before != after:
        yield Difference(place, before, after)


def _kind(value: Any) -> str:
    if (
        isinstance(value, dict)
        and len(value) == 1
        and next(iter(value)) in ("formula", "between", "float")
    ):
        return str(next(iter(value)))
    return type(value).__name__


def _of_dictionaries(before: Any, after: Any, place: str) -> Iterator[Difference]:
    for name in [*before, *(n for n in after if n not in before)]:
        inside = f"{place}.{name}" if place else name
        if name in _REMARKS:
            if before.get(name) != after.get(name):
                yield Difference(inside, before.get(name), after.get(name), remark=True)
        elif name in before and name in after:
            yield from differences(before[name], after[name], inside)
        else:
            yield Difference(inside, before.get(name, "absent"), after.get(name, "absent"))


def _of_branches(before: list[Any], after: list[Any], place: str) -> Iterator[Difference]:
    """Eigenvalue by eigenvalue in order, or in any order that matches them all."""
    found = [
        d
        for i, pair in enumerate(zip(before, after, strict=False))
        for d in differences(*pair, f"{place}[{i}]")
    ]
    if not found and len(before) == len(after):
        return
    rest = list(after)
    for branch in before:
        match = next((b for b in rest if not any(differences(branch, b))), None)
        if match is None:
            yield from found or [
                Difference(place, f"{len(before)} of them", f"{len(after)} of them")
            ]
            return
        rest.remove(match)
    yield Difference(place, before, after, remark=not rest)


def _same_ball(before: list[str], after: list[str]) -> bool:
    (a, b), (c, d) = ([Fraction(end) for end in ends] for ends in (before, after))
    narrow = max(1000 * (b - a), Fraction(1, 10**30), max(abs(a), abs(b)) / 10**15)
    return a <= d and c <= b and d - c <= narrow
