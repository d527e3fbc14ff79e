r"""Sums of a function over everything but a few positions and the counts of the rest, and back.

For a function f of sequences and a set A of k of the S symmetric positions,

    M_A(u; n; s) = sum of f(x) over x with x_A = u, counts n in the other symmetric positions and x_* = s:

all that a function realised by explicit positions and a bulk (`realisation`) sees of f when its explicit
positions are carried to A. All sets A are done together, position by position: a position becomes explicit, or its letter is counted.
Sums shrink on the way, so that the cost stays far below C(S, k) v^S. `scattered` is the adjoint: it adds up, over all A, functions
given as tables, and returns their values on all sequences.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from symkern.kernels.general_engine.tables import compositions, raised

__all__ = ["marginals", "scattered"]

Array = Any


def marginals(values: Array, k: int, sites: int, letters: int) -> Iterator[Array]:
    """M_A for all sets A of ``k`` positions, as arrays of shape (v^k, bulk counts, stars); ``values`` holds f in lexicographic order.

    The sets come in lexicographic order. ``sites`` is the number S of symmetric positions; a last position
    after them is the star.

    >>> [m.tolist() for m in marginals(np.arange(4), 1, 2, 2)]
    [[[[1], [0]], [[3], [2]]], [[[2], [0]], [[3], [1]]]]
    """
    start = np.asarray(values).reshape(1, 1, letters**sites, -1)
    yield from _split(start, 0, 0, k, sites, letters)


def _split(
    array: Array, depth: int, chosen: int, k: int, sites: int, letters: int
) -> Iterator[Array]:
    """``array`` has axes: explicit letters so far, counts so far, the positions to come, star."""
    if depth == sites:
        yield array[:, :, 0]
        return
    explicit, counts, rest, stars = array.shape
    opened = array.reshape(explicit, counts, letters, rest // letters, stars)
    if chosen < k:
        moved = opened.transpose(0, 2, 1, 3, 4)
        moved = moved.reshape(explicit * letters, counts, rest // letters, stars)
        yield from _split(moved, depth + 1, chosen + 1, k, sites, letters)
    if sites - depth > k - chosen:
        counted = depth - chosen
        size = len(compositions(counted + 1, letters))
        total = np.zeros((explicit, size, rest // letters, stars), dtype=array.dtype)
        for t in range(letters):
            total[:, raised(counted, letters, t)] += opened[:, :, t]
        yield from _split(total, depth + 1, chosen, k, sites, letters)


def scattered(tables: Iterator[Array], k: int, sites: int, letters: int) -> Array:
    """The sum over all sets A, in the order of `marginals`, of the functions with these tables: v^S (times v) values."""
    return _gathered(tables, 0, 0, k, sites, letters)[0, 0].reshape(-1)


def _gathered(
    tables: Iterator[Array], depth: int, chosen: int, k: int, sites: int, letters: int
) -> Array:
    if depth == sites:
        return next(tables)[:, :, None]
    total: Array = None
    if chosen < k:
        found = _gathered(tables, depth + 1, chosen + 1, k, sites, letters)
        _, counts, rest, stars = found.shape
        opened = found.reshape(-1, letters, counts, rest, stars).transpose(0, 2, 1, 3, 4)
        total = opened.reshape(len(found) // letters, counts, letters * rest, stars)
    if sites - depth > k - chosen:
        found = _gathered(tables, depth + 1, chosen, k, sites, letters)
        counted = depth - chosen
        parts = [found[:, raised(counted, letters, t)] for t in range(letters)]
        merged = np.stack(parts, axis=2)
        merged = merged.reshape(*merged.shape[:2], -1, merged.shape[-1])
        total = merged if total is None else total + merged
    return total
