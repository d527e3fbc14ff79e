"""Functions of words by the places and labels that they look at, and the words themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations
from math import factorial, prod
from typing import Any

from .verdicts import spend


@dataclass(frozen=True)
class Slot:
    """One letter of a function: ``label`` names it (-1: summed over all letters), ``boxes`` carry it, ``power`` counts the bulk, ``last`` the last position."""

    label: int
    boxes: tuple[int, ...]
    power: int
    last: bool


def slots_of(
    boxes: int, labels: int, degree: int, last: bool, summed: bool
) -> Iterable[tuple[Slot, ...]]:
    """Functions of at most ``degree`` sites: every box in one slot, every label used where letters can be renamed (``summed``)."""

    def assign(i: int, parts: tuple[tuple[int, ...], ...], count: int) -> Iterable[Any]:
        """parts: the labels', then the summed ones'."""
        if i == boxes + last:
            yield parts
            return
        for k in range(len(parts)):
            yield from assign(i + 1, (*parts[:k], (*parts[k], i), *parts[k + 1 :]), count)
        if summed:
            yield from assign(i + 1, (*parts, (i,)), count)
        if i == boxes:  # the last position may stand in no slot
            yield from assign(i + 1, parts, count)

    def powers(parts: Any, left: int) -> Iterable[tuple[int, ...]]:
        if not parts:
            yield ()
            return
        index, part = parts[0]
        if index < labels:
            least = int(summed and not part)
        else:
            least = max(0, 2 - len(part))
        for power in range(least, left + 1):
            for rest in powers(parts[1:], left - power):
                yield (power, *rest)

    def alone(left: int, most: int) -> Iterable[tuple[int, ...]]:
        yield ()
        if summed:
            for power in range(2, min(left, most) + 1):
                for rest in alone(left - power, power):
                    yield (power, *rest)

    for parts in assign(0, ((),) * labels, 0):
        left = degree - sum(map(len, parts))
        if left < 0:
            continue
        for chosen in powers(list(enumerate(parts)), left):
            for more in alone(left - sum(chosen), degree):
                made = [
                    Slot(
                        k if k < labels else -1,
                        tuple(i for i in part if i < boxes),
                        power,
                        boxes in part,
                    )
                    for k, (part, power) in enumerate(zip(parts, chosen))
                ]
                made += [Slot(-1, (), power, False) for power in more]
                yield tuple(s for s in made if s.boxes or s.power or s.last)


def column_terms(mu: tuple[int, ...]) -> tuple[int, dict[tuple[int, ...], int]]:
    """(named places, {place of each box: coefficient}) of the Young symmetriser of (n - |mu|, mu): rows first, then columns with signs.

    Boxes are read row by row; places 0 .. |mu| - 1 are the boxes', place |mu| + c that of the first row in column c.
    """
    cells = [(r, c) for r, row in enumerate(mu) for c in range(row)]
    at = {cell: i for i, cell in enumerate(cells)}
    boxes, width = len(cells), mu[0] if mu else 0
    rows = [[at[r, c] for c in range(row)] for r, row in enumerate(mu)]
    columns = [
        [boxes + c, *(at[r, c] for r, row in enumerate(mu) if c < row)] for c in range(width)
    ]

    def group(parts: list[list[int]]) -> Iterable[tuple[dict[int, int], int]]:
        if not parts:
            yield {}, 1
            return
        for rest, sign in group(parts[1:]):
            for image in permutations(parts[0]):
                inversions = sum(p > q for i, p in enumerate(image) for q in image[i + 1 :])
                order = sorted(parts[0])
                yield {**rest, **dict(zip(order, image))}, -sign if inversions % 2 else sign

    terms: dict[tuple[int, ...], int] = {}
    size = prod(factorial(len(p)) for p in (*rows, *columns))
    spend(size * (boxes + 1))
    for column, sign in group(columns):
        for row, _ in group(rows):
            image = tuple(column.get(row.get(i, i), row.get(i, i)) for i in range(boxes))
            terms[image] = terms.get(image, 0) + sign
    return boxes + width, {image: c for image, c in terms.items() if c}


@dataclass(frozen=True)
class Word:
    """A sequence by its named positions, the last one where it is special, and how often each letter occurs at all the positions that move."""

    named: tuple[int, ...]
    last: int | None
    counts: tuple[int, ...]
