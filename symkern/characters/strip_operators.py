"""The matrices B(m, k) that add a border strip, for all shapes of one size at once.

B(m, k) has a row for each lam of m and a column for each nu of m - k, in reverse lexicographic
order, and the entry (-1)^height where lam/nu is a border strip of k cells, else 0. By the
Murnaghan-Nakayama rule it maps the column rho of the character table of m - k to the column
(k, rho) of the table of m. It has about one entry a row and is kept as a sparse matrix.

The analogue for horizontal strips, H(m, k), has the entry 1 where lam/nu has k cells and no two
of them in a column; by Pieri's rule it does the same for the Kostka numbers.

Shapes are bead positions with one bead for each row (`symkern.combinatorics.border_strips`),
that is bits 0..m of a 64-bit word, so m <= 62.

Source: James and Kerber, *The Representation Theory of the Symmetric Group*, 2.4.7 and 2.7;
Macdonald, *Symmetric Functions and Hall Polynomials*, I (5.16).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["LARGEST", "Shapes", "StripOperator", "horizontal_operators", "is_odd", "strip_operator"]

LARGEST = 62
"""Shapes of more cells do not fit into a word."""

_ROUNDED_UP = 1 + 2.0**-48  # more than the rounding errors of two products
_SMALL = 1 << 13  # numbers in a product below which a sparse matrix is not worth its making
_ENDS = np.array([(1 << j) - 1 for j in range(64)], dtype=np.uint64)


class Shapes:
    """The partitions of m as bead positions, and where each of them stands in the list.

    ``beads``: the positions; ``lengths``: the numbers of rows; ``bounds``: upper bounds of z_mu (floats,
    rounded up); ``starts[k]``: the number of the first partition with parts at most k, k = 0..m.
    """

    def __init__(
        self,
        beads: npt.NDArray[np.uint64],
        lengths: npt.NDArray[np.uint64],
        bounds: npt.NDArray[np.float64],
        firsts: npt.NDArray[np.int64],
        starts: list[int],
    ) -> None:
        self.m = len(starts) - 1
        self.beads = beads
        self.lengths = lengths
        self.bounds = bounds
        self.starts = starts
        self._repeats = firsts  # how often the first part occurs
        self._sorted: tuple[npt.NDArray[Any], npt.NDArray[Any]] | None = None

    @classmethod
    def up_to(cls, n: int) -> list[Shapes]:
        """The shapes of 0, 1, ..., n cells.

        Those of m with first part k are k before those of m - k with parts at most k: a further
        bead at k plus the number of rows.
        """
        one = np.uint64(1)
        found = [
            cls(
                np.zeros(1, np.uint64),
                np.zeros(1, np.uint64),
                np.ones(1),
                np.zeros(1, np.int64),
                [0],
            )
        ]
        for m in range(1, n + 1):
            beads, lengths, bounds, repeats, starts = [], [], [], [], [0] * (m + 1)
            count = 0
            for k in range(m, 0, -1):
                tail = found[m - k]
                at = tail.starts[min(k, m - k)]
                rows = tail.lengths[at:]
                beads.append(tail.beads[at:] | (one << (rows + np.uint64(k))))
                lengths.append(rows + one)
                again = np.ones(len(rows), np.int64)
                if m - k >= k:  # those that start with k themselves
                    same = tail.starts[k - 1] - at
                    again[:same] += tail._repeats[at : at + same]
                repeats.append(again)
                bounds.append(tail.bounds[at:] * again * (k * _ROUNDED_UP))
                starts[k] = count
                count += len(rows)
            starts[0] = count
            found.append(
                cls(
                    np.concatenate(beads),
                    np.concatenate(lengths),
                    np.concatenate(bounds),
                    np.concatenate(repeats),
                    starts,
                )
            )
        return found

    def __len__(self) -> int:
        return len(self.beads)

    def find(self, masks: npt.NDArray[np.uint64]) -> npt.NDArray[np.intp]:
        """The numbers of these shapes in the list; their beads may include rows of length zero."""
        if self._sorted is None:
            order = np.argsort(self.beads)
            self._sorted = order, self.beads[order]
        order, ordered = self._sorted
        # Beads on the lowest places are rows of length zero: shift them out.
        one = np.uint64(1)
        bare = masks.copy()
        low = np.flatnonzero(masks & one)
        ends = masks[low] & ~(masks[low] + one)
        bare[low] >>= np.searchsorted(_ENDS, ends).astype(np.uint64)
        return np.asarray(order[np.searchsorted(ordered, bare)])

    def parts(self) -> npt.NDArray[np.int64]:
        """The partitions as the rows of an array, filled up with zeros."""
        parts = np.zeros((len(self), int(self.lengths.max(initial=0)) + 1), dtype=np.int64)
        at = np.flatnonzero(_bits(self.beads))
        rows, places = at >> 6, at & 63
        last = np.searchsorted(rows, rows, side="right") - 1  # the bead of the first row
        row = last - np.arange(len(at))
        parts[rows, row] = places - (self.lengths[rows].astype(np.int64) - 1 - row)
        return parts


class StripOperator:
    """A sparse matrix with a few small integers in a row, ready to multiply tables of any width."""

    def __init__(
        self,
        shape: tuple[int, int],
        rows: npt.NDArray[np.intp],
        columns: npt.NDArray[np.intp],
        signs: npt.NDArray[np.int8],
    ) -> None:
        self.shape = shape
        self._columns = columns.astype(np.int32)
        self._signs = signs
        self._starts = np.searchsorted(rows, np.arange(shape[0] + 1)).astype(np.int32)
        self._matrices: dict[np.dtype[Any], Any] = {}

    @property
    def entries(self) -> int:
        """How many entries are not zero."""
        return len(self._signs)

    def __matmul__(self, factor: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The product in the arithmetic of ``factor``: modulo 2^bits, or exact for Python ints."""
        if factor.dtype == object or self.entries * factor.shape[1] < _SMALL:
            return self._small_product(factor)
        matrix = self._matrices.get(factor.dtype)
        if matrix is None:
            from scipy.sparse import csr_array

            matrix = csr_array(
                (self._signs.astype(factor.dtype), self._columns, self._starts), shape=self.shape
            )
            self._matrices[factor.dtype] = matrix
        product: npt.NDArray[Any] = matrix @ factor
        return product

    def _small_product(self, factor: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sums over the entries of each row that has any."""
        result = np.zeros((self.shape[0], factor.shape[1]), dtype=factor.dtype)
        if self.entries:
            terms = factor[self._columns] * self._signs.astype(factor.dtype)[:, None]
            rows = np.flatnonzero(self._starts[1:] != self._starts[:-1])
            result[rows] = np.add.reduceat(terms, self._starts[rows], axis=0, dtype=factor.dtype)
        return result

    def rows(self, numbers: npt.NDArray[np.intp]) -> StripOperator:
        """The matrix of these rows alone."""
        counts = self._starts[numbers + 1] - self._starts[numbers]
        rows = np.repeat(np.arange(len(numbers)), counts)
        ends = np.cumsum(counts)
        at = np.arange(len(rows)) + np.repeat(self._starts[numbers] - ends + counts, counts)
        return StripOperator(
            (len(numbers), self.shape[1]), rows, self._columns[at], self._signs[at]
        )


def strip_operator(larger: Shapes, smaller: Shapes) -> StripOperator:
    """B(m, k), with m the size of the larger and m - k that of the smaller shapes."""
    k = larger.m - smaller.m
    masks = larger.beads
    one = np.uint64(1)
    at = np.flatnonzero(_bits((masks >> np.uint64(k)) & ~masks))  # free places k below a bead
    rows = at >> 6
    low = one << (at & 63).astype(np.uint64)
    high = low << np.uint64(k)
    before = masks[rows]
    odd = is_odd(before & (high - low)).astype(np.int8)
    columns = smaller.find(before ^ (low | high))
    return StripOperator((len(larger), len(smaller)), rows, columns, 1 - 2 * odd)


def _bits(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """The 64 bits of each word, lowest first."""
    octets = words.astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, bitorder="little").view(np.bool_)


def is_odd(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether the number of bits is odd: fold the halves of each word onto one another."""
    for shift in (32, 16, 8, 4, 2, 1):
        words = words ^ (words >> np.uint64(shift))
    return (words & np.uint64(1)).astype(bool)


def horizontal_operators(larger: Shapes, smaller: Sequence[Shapes]) -> list[StripOperator]:
    """H(m, k) for k = 1, 2, ...: ``smaller[k - 1]`` holds the shapes of m - k cells.

    Row i of lam loses between none and lam_i - lam_(i+1) cells. All choices are unfolded row by row,
    for all shapes at once; what has lost more than the longest strip asked for is dropped on the way.
    """
    most = len(smaller)
    parts = larger.parts()
    lengths = larger.lengths.astype(np.int64)
    rows = np.arange(len(larger))
    lost = np.zeros(len(larger), dtype=np.int64)
    masks = np.zeros(len(larger), dtype=np.uint64)
    for i in range(parts.shape[1] - 1):
        spare = np.minimum((parts[:, i] - parts[:, i + 1])[rows], most - lost)
        again = np.repeat(np.arange(len(rows)), spare + 1)
        taken = np.arange(len(again)) - np.repeat(np.cumsum(spare + 1) - spare - 1, spare + 1)
        rows, lost, masks = rows[again], lost[again] + taken, masks[again]
        place = parts[rows, i] - taken + lengths[rows] - 1 - i
        held = i < lengths[rows]
        masks |= np.where(held, np.uint64(1) << np.maximum(place, 0).astype(np.uint64), 0)
    found = []
    for k, shapes in enumerate(smaller, 1):
        chosen = np.nonzero(lost == k)[0]
        found.append(
            StripOperator(
                (len(larger), len(shapes)),
                rows[chosen],
                shapes.find(masks[chosen]),
                np.ones(len(chosen), dtype=np.int8),
            )
        )
    return found
