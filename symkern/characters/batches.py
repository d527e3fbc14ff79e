r"""Many values chi^lam(mu) at once: a rectangle of irreps and classes.

All irreps go down together. A state is the list of the shapes that are left, as words of beads (`symkern.combinatorics.border_strips`) without the
ones of empty rows, with a row of coefficients, one for each irrep; taking off strips of k cells is some array operations, and shapes of different irreps
meet. Classes whose largest parts agree share what comes off first. When few cells are left, the rest is read off the table of their S_m.

Coefficients are 64-bit integers as long as a bound on them says so, and Python ints beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.characters.full_table import character_table
from symkern.characters.murnaghan_nakayama import character
from symkern.combinatorics.border_strips import beads
from symkern.combinatorics.generation import partitions
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import PermutationLike, read_cycle_type
from symkern.errors import SizeMismatch, displayed
from symkern.limits import check_time, within_time
from symkern.reading.sequences import read_list

_REST = 18  # cells that are left to a table; 385 shapes
_LARGEST = 62  # cells of shapes whose beads fit into a word
_WORD = 1 << 62
_FEW = 4  # irreps for which values one by one are as quick

Words = npt.NDArray[np.int64]


def values(
    lams: Sequence[PartitionLike], mus: Sequence[PartitionLike | PermutationLike]
) -> npt.NDArray[Any]:
    """The array of chi^lam(mu), a row for each of ``lams`` and a column for each of ``mus``.

    Args:
        lams: partitions of one n, the irreps.
        mus: cycle types of that n, or permutations.

    Returns:
        A read-only array, int64 where every value fits, else Python ints.

    Raises:
        SizeMismatch: where the sizes are not all one.

    >>> values([(3, 1), (2, 2)], [(4,), (2, 2), (1, 1, 1, 1)]).tolist()
    [[-1, -1, 3], [0, 2, 2]]
    """
    shapes = [Partition.read(lam, "lams") for lam in read_list(lams, "lams", "partitions")]
    n = shapes[0].size if shapes else 0
    kinds = [read_cycle_type(mu, "mus", n) for mu in read_list(mus, "mus", "cycle types")]
    for name, listed in (("lams", shapes), ("mus", kinds if shapes else [])):
        for kind in listed:
            if kind.size != n:
                rule = f"must be partitions of {n}, as the first of lams is"
                shown = f"one is {displayed(tuple(kind))} of size {kind.size}"
                raise SizeMismatch(name, rule, shown)
    require_bytes("an array of characters", 40 * len(shapes) * len(kinds))
    found = np.zeros((len(shapes), len(kinds)), dtype=object)
    with within_time("these characters", "fewer at a time take less"):
        if n > _LARGEST or len(shapes) <= _FEW:
            for i, lam in enumerate(shapes):
                for j, mu in enumerate(kinds):
                    check_time()
                    found[i, j] = character(lam, mu)
        elif kinds:
            masks = np.array([_slim(beads(lam)) for lam in shapes], dtype=np.int64)
            identity = np.eye(len(shapes), dtype=np.int64)
            order = sorted(range(len(kinds)), key=kinds.__getitem__, reverse=True)
            _descend(*_gathered(masks, identity), n, kinds, order, 0, found)
    fits = all(-(1 << 63) <= value < 1 << 63 for value in found.flat)
    whole: npt.NDArray[Any] = found.astype(np.int64) if fits else found
    whole.setflags(write=False)
    return whole


def _descend(
    masks: Words,
    rows: Any,
    left: int,
    kinds: list[Partition],
    order: list[int],
    at: int,
    found: Any,
) -> None:
    """Fill the columns ``order``, whose first ``at`` parts have come off; ``left`` cells are there."""
    check_time()
    if left <= _REST:
        table = character_table(left)
        places = _places(left)
        sorted_masks, numbers = places
        rows_of_table = numbers[np.searchsorted(sorted_masks, masks)]
        for j in order:
            column = table.column(kinds[j][at:])[rows_of_table]
            bound = _largest(rows) * max(1, len(masks)) * int(abs(column).max(initial=0))
            exact = rows.astype(object) if bound >= _WORD and rows.dtype != object else rows
            found[:, j] = (column.astype(exact.dtype) @ exact).tolist() if len(masks) else 0
        return
    start = 0
    while start < len(order):
        k = kinds[order[start]][at]
        stop = start
        while stop < len(order) and kinds[order[stop]][at] == k:
            stop += 1
        _descend(
            *_without_strips(masks, rows, k), left - k, kinds, order[start:stop], at + 1, found
        )
        start = stop


def _without_strips(masks: Words, rows: Any, k: int) -> tuple[Words, Any]:
    """All strips of k cells off all shapes, with their signs."""
    places = (masks >> k) & ~masks
    width = int(places.max(initial=0)).bit_length()
    which, bits = np.nonzero((places[:, None] >> np.arange(width)) & 1)
    low = np.int64(1) << bits
    high = low << k
    before = masks[which]
    odd = np.bitwise_count(before & (high - low)) & 1
    after = before ^ (low | high)
    ones = ~after & (after + 1)  # the lowest free place
    after >>= np.bitwise_count(ones - 1).astype(np.int64)
    if rows.dtype != object and _largest(rows) * (2 * _LARGEST) >= _WORD:
        rows = rows.astype(object)  # no shape is met more than 2 n times
    moved = rows[which]
    moved[odd == 1] *= -1
    return _gathered(after, moved)


def _gathered(masks: Words, rows: Any) -> tuple[Words, Any]:
    """Equal shapes together, sorted; without those whose coefficients are all zero."""
    if not len(masks):
        return masks, rows
    order = np.argsort(masks, kind="stable")
    ordered = masks[order]
    changes = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=changes[1:])
    starts = np.flatnonzero(changes)
    sums = np.add.reduceat(rows[order], starts, axis=0)
    kept = (sums != 0).any(axis=1)
    return ordered[starts][kept], sums[kept]


def _largest(rows: Any) -> int:
    return int(abs(rows).max(initial=0)) if rows.size else 0


@lru_cache(maxsize=_REST + 1)
def _places(n: int) -> tuple[Words, npt.NDArray[np.intp]]:
    """The beads of the partitions of n in increasing order, and their numbers in ``partitions(n)``."""
    masks = np.array([_slim(beads(lam)) for lam in partitions(n)], dtype=np.int64)
    order = np.argsort(masks)
    return masks[order], order


def _slim(mask: int) -> int:
    """Without the beads of rows of length zero."""
    return mask >> ((~mask & (mask + 1)).bit_length() - 1)
