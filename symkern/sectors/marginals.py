r"""Sums of a function over everything but a few positions and the counts of the rest, and back.

For a function f of sequences and a set A of k of the S symmetric positions,

    M_A(u; n; s) = sum of f(x) over x with x_A = u, counts n in the other symmetric positions and x_* = s:

all that a function realised by explicit positions and a bulk (`realisation`) sees of f when its explicit
positions are carried to A. All sets A are done together, position by position: a position becomes explicit, or its letter is counted.
Sums shrink on the way, so that the cost stays far below C(S, k) v^S. Large sums are split one after the other, small ones
side by side. `scattered` is the adjoint: it adds up, over all A, functions given as tables, and returns their values on all sequences.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np

from symkern.combinatorics.contingency_tables import compositions, raised

Array = Any

#: Numbers in the sums over all sets of a branch, up to which its sets are done side by side.
SIDE_BY_SIDE = 1 << 15


def marginals(values: Array, k: int, sites: int, letters: int) -> Iterator[Array]:
    """M_A for all sets A of ``k`` positions, in groups of shape (sets, v^k, bulk counts, stars).

    ``values`` holds f in lexicographic order. The sets come in an order of their own, the same for `scattered`.
    ``sites`` is the number S of symmetric positions; a last position after them is the star.

    >>> [m[..., 0].tolist() for m in marginals(np.arange(4), 1, 2, 2)]
    [[[[2, 0], [3, 1]], [[1, 0], [3, 2]]]]
    """
    start = np.asarray(values).reshape(1, 1, 1, letters**sites, -1)
    yield from _split(start, 0, 0, k, sites, letters)


# Arrays have the axes: sets, explicit letters so far, counts so far, the positions to come, star.


def _split(
    array: Array, depth: int, chosen: int, k: int, sites: int, letters: int
) -> Iterator[Array]:
    if _small(array.shape[4], depth, chosen, k, sites, letters):
        yield _all_sets(array, depth, chosen, k, sites, letters)
        return
    if chosen < k:
        yield from _split(_opened(array, letters), depth + 1, chosen + 1, k, sites, letters)
    if sites - depth > k - chosen:
        counted = _counted(array, depth - chosen, letters)
        yield from _split(counted, depth + 1, chosen, k, sites, letters)


def _small(stars: int, depth: int, chosen: int, k: int, sites: int, letters: int) -> bool:
    leaves = comb(sites - depth, k - chosen) * letters**k * stars
    bulk = comb(sites - k + letters - 1, letters - 1)
    return depth == sites or leaves * bulk <= SIDE_BY_SIDE


def _opened(array: Array, letters: int) -> Array:
    """The next position becomes explicit."""
    sets, explicit, counts, rest, stars = array.shape
    opened = array.reshape(sets, explicit, counts, letters, rest // letters, stars)
    moved = opened.transpose(0, 1, 3, 2, 4, 5)
    return moved.reshape(sets, explicit * letters, counts, rest // letters, stars)


def _counted(array: Array, already: int, letters: int) -> Array:
    """The letter of the next position is counted, after ``already`` others."""
    sets, explicit, counts, rest, stars = array.shape
    opened = array.reshape(sets, explicit, counts, letters, rest // letters, stars)
    size = len(compositions(already + 1, letters))
    total = np.zeros((sets, explicit, size, rest // letters, stars), dtype=array.dtype)
    for t in range(letters):
        total[:, :, _places(already, letters, t)] += opened[:, :, :, t]
    return total


@lru_cache(maxsize=1024)
def _places(total: int, letters: int, t: int) -> Any:
    """Where counts go when a letter t is added: a slice where the places are consecutive, as with two letters."""
    found = raised(total, letters, t)
    if (np.diff(found) == 1).all():
        return slice(int(found[0]), int(found[0]) + len(found))
    return found


def _all_sets(array: Array, depth: int, chosen: int, k: int, sites: int, letters: int) -> Array:
    """All ways to go on, side by side: those that open a position stand before those that count it."""
    classes = {chosen: array}
    for d in range(depth, sites):
        found: dict[int, list[Array]] = {}
        for c in sorted(classes):  # what comes from c - 1 opened is listed first
            if sites - d > k - c:
                found.setdefault(c, []).append(_counted(classes[c], d - c, letters))
            if c < k:
                found.setdefault(c + 1, []).append(_opened(classes[c], letters))
        classes = {c: np.concatenate(parts) for c, parts in found.items()}
    return classes[k][:, :, :, 0]


def scattered(tables: Iterator[Array], k: int, sites: int, letters: int, stars: int = 1) -> Array:
    """The sum over all sets A of the functions with these tables, in the groups of `marginals`: v^S (times ``stars``) values."""
    return _gathered(tables, 0, 0, k, sites, letters, stars).reshape(-1)


def _gathered(
    tables: Iterator[Array], depth: int, chosen: int, k: int, sites: int, letters: int, stars: int
) -> Array:
    if _small(stars, depth, chosen, k, sites, letters):
        return _from_sets(next(tables), depth, chosen, k, sites, letters)
    total: Array = None
    if chosen < k:
        found = _gathered(tables, depth + 1, chosen + 1, k, sites, letters, stars)
        total = _closed(found, letters)
    if sites - depth > k - chosen:
        found = _gathered(tables, depth + 1, chosen, k, sites, letters, stars)
        merged = _uncounted(found, depth - chosen, letters)
        total = merged if total is None else total + merged
    return total


def _closed(array: Array, letters: int) -> Array:
    """The adjoint of `_opened`."""
    sets, explicit, counts, rest, stars = array.shape
    opened = array.reshape(sets, explicit // letters, letters, counts, rest, stars)
    moved = opened.transpose(0, 1, 3, 2, 4, 5)
    return moved.reshape(sets, explicit // letters, counts, letters * rest, stars)


def _uncounted(array: Array, already: int, letters: int) -> Array:
    """The adjoint of `_counted`."""
    parts = np.stack([array[:, :, _places(already, letters, t)] for t in range(letters)], axis=3)
    sets, explicit, counts, _, rest, stars = parts.shape
    return parts.reshape(sets, explicit, counts, letters * rest, stars)


def _from_sets(tables: Array, depth: int, chosen: int, k: int, sites: int, letters: int) -> Array:
    """The adjoint of `_all_sets`."""
    numbers = [{chosen: 1}]  # sets of each class, depth by depth
    for d in range(depth, sites):
        after: dict[int, int] = {}
        for c, n in numbers[-1].items():
            if sites - d > k - c:
                after[c] = after.get(c, 0) + n
            if c < k:
                after[c + 1] = after.get(c + 1, 0) + n
        numbers.append(dict(sorted(after.items())))
    classes = {k: tables[:, :, :, None]}
    for d in range(sites - 1, depth - 1, -1):
        found: dict[int, Array] = {}
        for c, n in numbers[d - depth].items():
            total: Array = None
            if sites - d > k - c:  # listed after what was opened from c - 1
                total = _uncounted(classes[c][-n:], d - c, letters)
            if c < k:
                opened = _closed(classes[c + 1][:n], letters)
                total = opened if total is None else total + opened
            found[c] = total
        classes = found
    return classes[chosen]
