r"""Littlewood-Richardson fillings of all shapes at once, in array operations.

A state is a shape with the last horizontal strip (`symkern.characters.littlewood_richardson_rule`). One letter is placed row by row in every way, for all
states together: a row takes b cells, b between what the rows below cannot hold and what the shape, the letter and the word allow. States that agree
are then gathered, with a few words of packed rows as their key.

Counts are 64-bit integers. They only grow by addition, so that their sum bounds every one of them; before it could pass 2^63 the
caller is told to count in Python integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics.partition import Partition

IntArray = npt.NDArray[np.int64]

_FEW = 1 << 61


class TooManyFillings(Exception):
    """The fillings may be more than a word can count."""


def fillings_at_once(
    inner: Partition,
    letters: Partition,
    outer: Partition | None,
    floors: Sequence[tuple[int, ...]] = (),
) -> dict[Partition, int]:
    """{nu: number of fillings of nu/inner with these letters}, nu inside ``outer`` if one is given; ``floors`` say how long rows are at least after each letter."""
    if inner.size + letters.size >= 1 << 62:
        raise TooManyFillings
    rows = len(inner) + len(letters) if outer is None else len(outer)
    widest = inner.part(0) + letters.part(0)
    limit = [widest] * rows if outer is None else list(outer)
    shapes = np.array([[inner.part(i) for i in range(rows)]], dtype=np.int64)
    allowed = np.full((1, rows), inner.size + letters.size, dtype=np.int64)
    counts = np.ones(1, dtype=np.int64)
    for number, size in enumerate(letters):
        floor = floors[number] if floors else (0,) * rows
        which, strips = _strips(shapes, allowed, limit, size, floor)
        shapes, counts = shapes[which] + strips, counts[which]
        last = number == len(letters) - 1
        keys = shapes if last else np.concatenate((shapes, strips), axis=1)
        first, counts = _gathered(keys, counts, widest)
        shapes = shapes[first]
        if not last:
            strips = strips[first]
            allowed = np.cumsum(strips, axis=1) - strips  # letters above each row
    lengths = np.count_nonzero(shapes, axis=1).tolist()
    listed = zip(shapes.tolist(), lengths, counts.tolist(), strict=True)
    return {Partition.trusted(shape[:rows]): count for shape, rows, count in listed}


def _strips(
    shapes: IntArray, allowed: IntArray, limit: list[int], size: int, floor: tuple[int, ...]
) -> tuple[npt.NDArray[np.intp], IntArray]:
    """All horizontal strips of ``size`` cells on all shapes, up to ``floor`` at least: the number of the shape, and the cells in each row."""
    rows = shapes.shape[1]
    room = np.minimum(np.array(limit), np.c_[np.full(len(shapes), limit[0]), shapes[:, :-1]])
    spare = room - shapes
    behind = np.zeros((len(shapes), rows + 1), dtype=np.int64)
    behind[:, :-1] = np.cumsum(spare[:, ::-1], axis=1)[:, ::-1]
    owed = np.maximum(np.array(floor) - shapes, 0)  # what the floor asks of a row
    later = np.zeros((len(shapes), rows + 1), dtype=np.int64)
    later[:, :-1] = np.cumsum(owed[:, ::-1], axis=1)[:, ::-1]
    which = np.arange(len(shapes))
    used = np.zeros(len(shapes), dtype=np.int64)
    steps: list[tuple[npt.NDArray[np.intp], IntArray]] = []  # from which beginning, and the cells
    for r in range(rows):
        rest = size - used
        most = np.minimum(spare[which, r], rest - later[which, r + 1])
        most = np.minimum(most, allowed[which, r] - used)
        least = np.maximum(rest - behind[which, r + 1], owed[which, r])
        ways = np.maximum(most - least + 1, 0)
        again = np.repeat(np.arange(len(which)), ways)
        cells = np.arange(len(again)) - np.repeat(np.cumsum(ways) - ways, ways) + least[again]
        steps.append((again, cells))
        which, used = which[again], used[again] + cells
    strips = np.empty((len(which), rows), dtype=np.int64)
    at = np.arange(len(which))
    for r in range(rows - 1, -1, -1):  # back along the beginnings
        again, cells = steps[r]
        strips[:, r] = cells[at]
        at = again[at]
    return which, strips


def _gathered(
    keys: IntArray, counts: IntArray, widest: int
) -> tuple[npt.NDArray[np.intp], IntArray]:
    """A representative of each group of equal keys, and the sums of their counts."""
    if (
        counts.sum(dtype=object) >= _FEW
        if len(counts) < 64
        else float(counts.sum(dtype=np.float64)) > _FEW
    ):
        raise TooManyFillings
    bits = max(widest.bit_length(), 1)
    each = 63 // bits
    words: list[Any] = []
    for start in range(0, keys.shape[1], each):
        word = np.zeros(len(keys), dtype=np.int64)
        for column in keys[:, start : start + each].T:
            word = word << bits | column
        words.append(word)
    order = np.lexsort(words[::-1]) if words else np.arange(len(keys))
    changes = np.zeros(len(keys), dtype=np.bool_)
    changes[:1] = True
    for word in words:
        ordered = word[order]
        changes[1:] |= ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(changes)
    return order[starts], np.add.reduceat(counts[order], starts) if len(starts) else counts
