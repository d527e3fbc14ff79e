r"""The partitions of 0, 1, ..., n as bead positions, in reverse lexicographic order, and where each of them stands.

Shapes are bead positions with one bead for each row (`symkern.combinatorics.border_strips`),
that is bits 0..m of a 64-bit word for a partition of m, so m <= 62. Without beads on the lowest places, which are rows
of length zero, a word belongs to one partition, of one size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]


LARGEST = 62
"""Shapes of more cells do not fit into a word."""

_ROUNDED_UP = 1 + 2.0**-48  # more than the rounding errors of two products
# Odd factors whose multiples are spread evenly: 2^64 over the golden ratio, and over e.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SPREAD_AGAIN = np.uint64(0x5E2D58D8B3BCDF1B)


@dataclass(frozen=True, eq=False)
class Shapes:
    """The partitions of m as bead positions, and where each of them stands in the list.

    ``beads``: the positions; ``lengths``: the numbers of rows; ``bounds``: upper bounds of z_mu (floats,
    rounded up); ``repeats``: how often the first part occurs; ``starts[k]``: the number of the first partition with parts at most k, k = 0..m.
    """

    beads: Words
    lengths: Words
    bounds: npt.NDArray[np.float64]
    repeats: npt.NDArray[np.int64]
    starts: list[int]

    @property
    def m(self) -> int:
        """The number of cells."""
        return len(self.starts) - 1

    @classmethod
    def up_to(cls, n: int) -> list[Shapes]:
        """The shapes of 0, 1, ..., n cells.

        Those of m with first part k are k before those of m - k with parts at most k: a further
        bead at k plus the number of rows.
        """
        one = np.uint64(1)
        zeros = np.zeros(1, np.uint64)
        found = [cls(zeros, zeros, np.ones(1), np.zeros(1, np.int64), [0])]
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
                    again[:same] += tail.repeats[at : at + same]
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

    def parts(self) -> npt.NDArray[np.int64]:
        """The partitions as the rows of an array, filled up with zeros."""
        parts = np.zeros((len(self), int(self.lengths.max(initial=0)) + 1), dtype=np.int64)
        at = np.flatnonzero(bits(self.beads))
        rows, places = at >> 6, at & 63
        last = np.searchsorted(rows, rows, side="right") - 1  # the bead of the first row
        row = last - np.arange(len(at))
        parts[rows, row] = places - (self.lengths[rows].astype(np.int64) - 1 - row)
        return parts


class ShapeNumbers:
    """Where shapes of any size stand in the lists of 0, 1, ..., n cells, written one after another.

    ``firsts[m]`` is the number of the first shape of m cells. Most shapes are found by multiplicative hashing
    (Knuth, *The Art of Computer Programming* 3, section 6.4), those that share a place by another such table, and the
    few that share one there too by bisection.
    """

    def __init__(self, shapes: Sequence[Shapes]) -> None:
        self.firsts = np.concatenate(([0], np.cumsum([len(s) for s in shapes]))).tolist()
        self.beads = np.concatenate([s.beads for s in shapes])
        self._first = _Hashed(self.beads, np.arange(len(self.beads), dtype=np.int32), _SPREAD)
        lost = np.flatnonzero(self._first.find(self.beads) != np.arange(len(self.beads)))
        self._second = _Hashed(self.beads[lost], lost.astype(np.int32), _SPREAD_AGAIN)
        self._sorted: tuple[npt.NDArray[np.intp], Words] | None = None

    def find(self, words: Words) -> npt.NDArray[np.int32]:
        """The numbers of these shapes; their beads may include rows of length zero."""
        one = np.uint64(1)
        bare = words.copy()
        low = np.flatnonzero(words & one)
        ends = words[low] & ~(words[low] + one)
        bare[low] >>= np.bitwise_count(ends)
        found = self._first.find(bare)
        shared = np.flatnonzero(self.beads[found] != bare)
        if len(shared):
            found[shared] = again = self._second.find(bare[shared])
            shared = shared[self.beads[again] != bare[shared]]
        if len(shared):
            if self._sorted is None:
                order = np.argsort(self.beads)
                self._sorted = order, self.beads[order]
            order, ordered = self._sorted
            found[shared] = order[np.searchsorted(ordered, bare[shared])]
        return found


class _Hashed:
    """Numbers of words by the top bits of a multiple; of words that share a place the last one is found."""

    def __init__(self, words: Words, numbers: npt.NDArray[np.int32], spread: np.uint64) -> None:
        self._spread = spread
        self._shift = np.uint64(62 - len(words).bit_length())
        self._places = np.zeros(1 << int(64 - self._shift), dtype=np.int32)
        self._places[self._hashed(words)] = numbers

    def _hashed(self, words: Words) -> Words:
        return words * self._spread >> self._shift

    def find(self, words: Words) -> npt.NDArray[np.int32]:
        """The numbers at the places of these words; of a word that is not there the number says nothing."""
        return self._places[self._hashed(words)]


def set_bits(words: Words) -> tuple[npt.NDArray[np.intp], Words]:
    """The words and the places of all bits that are one, word by word."""
    most = int(words.max(initial=0)).bit_length()
    size = next(octets for octets in (1, 2, 4, 8) if most <= 8 * octets)  # few bits to look at
    narrow = words.astype(f"<u{size}", copy=False)
    at = np.flatnonzero(np.unpackbits(narrow.view(np.uint8), bitorder="little").view(np.bool_))
    width = 8 * size
    return at >> (width.bit_length() - 1), (at & (width - 1)).astype(np.uint64)


def bits(words: Words) -> npt.NDArray[np.bool_]:
    """The 64 bits of each word, lowest first."""
    octets = words.astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, bitorder="little").view(np.bool_)


def is_odd(words: Words) -> npt.NDArray[np.bool_]:
    """Whether the number of bits that are one is odd."""
    odd: npt.NDArray[np.bool_] = (np.bitwise_count(words) & np.uint8(1)).view(np.bool_)
    return odd
