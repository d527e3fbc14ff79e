"""The matrices B(m, k) that add a border strip, for all shapes of one size at once.

B(m, k) has a row for each lam of m and a column for each nu of m - k, in reverse lexicographic
order, and the entry (-1)^height where lam/nu is a border strip of k cells, else 0. By the
Murnaghan-Nakayama rule it maps the column rho of the character table of m - k to the column
(k, rho) of the table of m. It is stored as a list of layers (rows, columns, sign) in which no row
occurs twice, so that B(m, k) X is a sum of a few signed selections of rows of X.

Shapes are bead positions with one bead for each row (`symkern.combinatorics.border_strips`),
that is bits 0..m of a 64-bit word, so m <= 62.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics.border_strips import beads
from symkern.combinatorics.partition import Partition

__all__ = ["Shapes", "StripOperator", "add_product", "strip_operator"]

StripOperator = list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], int]]


_ENDS = np.array([(1 << j) - 1 for j in range(64)], dtype=np.uint64)


class Shapes:
    """The partitions of m as bead positions, and where each of them stands in the list."""

    def __init__(self, m: int, partitions: Sequence[Partition]) -> None:
        self.m = m
        self.beads = np.fromiter(map(beads, partitions), dtype=np.uint64, count=len(partitions))
        self._order = np.argsort(self.beads)
        self._sorted = self.beads[self._order]

    def find(self, masks: npt.NDArray[np.uint64]) -> npt.NDArray[np.intp]:
        """The numbers of these shapes in the list."""
        return self._order[np.searchsorted(self._sorted, masks)]


def strip_operator(larger: Shapes, smaller: Shapes) -> StripOperator:
    """B(m, k), with m the size of the larger and m - k that of the smaller shapes."""
    k = larger.m - smaller.m
    masks = larger.beads
    one = np.uint64(1)
    places = np.arange(larger.m - k + 1, dtype=np.uint64)
    free = (masks >> np.uint64(k)) & ~masks  # free places k below a bead
    rows, lows = np.nonzero((free[:, None] >> places) & one)
    low = one << lows.astype(np.uint64)
    high = low << np.uint64(k)
    before = masks[rows]
    odd = _is_odd(before & (high - low))
    after = before ^ (low | high)
    # Beads on the lowest places are rows of length zero: shift them out.
    after >>= np.searchsorted(_ENDS, after & ~(after + one)).astype(np.uint64)
    columns = smaller.find(after)
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)  # 0, 1, ... within each row
    layers = []
    for j in range(int(rank.max()) + 1 if len(rank) else 0):
        for sign in (1, -1):
            chosen = (rank == j) & (odd == (sign < 0))
            layers.append((rows[chosen], columns[chosen], sign))
    return layers


def _is_odd(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether the number of bits is odd: fold the halves of each word onto one another."""
    for shift in (32, 16, 8, 4, 2, 1):
        words = words ^ (words >> np.uint64(shift))
    return (words & np.uint64(1)).astype(bool)


def add_product(
    operator: StripOperator, factor: npt.NDArray[Any], result: npt.NDArray[Any]
) -> None:
    """result += operator @ factor, in the arithmetic of the arrays (which may wrap around)."""
    for rows, columns, sign in operator:
        if sign > 0:
            result[rows] += factor[columns]
        else:
            result[rows] -= factor[columns]
