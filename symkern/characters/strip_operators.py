"""The matrices B(m, k) that add a border strip, for all shapes of one size at once.

B(m, k) has a row for each lam of m and a column for each nu of m - k, in reverse lexicographic
order, and the entry (-1)^height where lam/nu is a border strip of k cells, else 0. By the
Murnaghan-Nakayama rule it maps the column rho of the character table of m - k to the column
(k, rho) of the table of m. It has about one entry a row and is kept as a sparse matrix.

The analogue for horizontal strips, H(m, k), has the entry 1 where lam/nu has k cells and no two
of them in a column; by Pieri's rule it does the same for the Kostka numbers.

Source: James and Kerber, *The Representation Theory of the Symmetric Group*, 2.4.7 and 2.7;
Macdonald, *Symmetric Functions and Hall Polynomials*, I (5.16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.characters.shapes import ShapeNumbers, Shapes, is_odd, set_bits

_SMALL = 1 << 13  # numbers in a product below which a sparse matrix is not worth its making
_AT_ONCE = 1 << 18  # shapes


class StripOperator:
    """A sparse matrix with a few small integers in a row, ready to multiply tables of any width."""

    def __init__(
        self,
        shape: tuple[int, int],
        starts: npt.NDArray[np.int32],
        columns: npt.NDArray[np.int32],
        signs: npt.NDArray[np.int8],
    ) -> None:
        self.shape = shape
        self._starts = starts  # of each row's entries, and the end of the last
        self._columns = columns
        self._signs = signs
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
        starts = _row_starts(counts)
        at = np.arange(starts[-1]) + np.repeat(self._starts[numbers] - starts[:-1], counts)
        shape = len(numbers), self.shape[1]
        return StripOperator(shape, starts, self._columns[at], self._signs[at])


def strip_operators(
    numbers: ShapeNumbers, wanted: Callable[[int, int], bool]
) -> dict[tuple[int, int], StripOperator]:
    """B(m, k) for every m and k <= m that are wanted, all shapes that lose strips of one length at a time."""
    largest = len(numbers.firsts) - 2
    found: dict[tuple[int, int], StripOperator] = {}
    for k in range(1, largest + 1):
        sizes = [m for m in range(k, largest + 1) if wanted(m, k)]
        found.update(_of_length(numbers, k, sizes))
    return found


def _of_length(
    numbers: ShapeNumbers, k: int, sizes: list[int]
) -> dict[tuple[int, int], StripOperator]:
    firsts = numbers.firsts
    found = {}
    for batch in _batches(sizes, firsts):
        masks = np.concatenate([numbers.beads[firsts[m] : firsts[m + 1]] for m in batch])
        counts, columns, signs = _strips_removed(masks, k, numbers)
        rows = np.cumsum([0, *(firsts[m + 1] - firsts[m] for m in batch)]).tolist()
        for i, m in enumerate(batch):
            starts = counts[rows[i] : rows[i + 1] + 1]
            a, b = int(starts[0]), int(starts[-1])
            shape = firsts[m + 1] - firsts[m], firsts[m - k + 1] - firsts[m - k]
            found[m, k] = StripOperator(
                shape, starts - starts[0], columns[a:b] - np.int32(firsts[m - k]), signs[a:b]
            )
    return found


def _batches(sizes: Sequence[int], firsts: Sequence[int]) -> Iterator[list[int]]:
    """The sizes in runs of not too many shapes."""
    batch: list[int] = []
    shapes = 0
    for m in sizes:
        count = firsts[m + 1] - firsts[m]
        if batch and shapes + count > _AT_ONCE:
            yield batch
            batch, shapes = [], 0
        batch.append(m)
        shapes += count
    if batch:
        yield batch


def _strips_removed(
    masks: npt.NDArray[np.uint64], k: int, numbers: ShapeNumbers
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int8]]:
    """Where the strips of each shape begin, the numbers of the shapes that are left, and the signs."""
    one = np.uint64(1)
    rows, places = set_bits((masks >> np.uint64(k)) & ~masks)  # free places k below a bead
    low = one << places
    high = low << np.uint64(k)
    before = masks[rows]
    signs = 1 - 2 * is_odd(before & (high - low)).astype(np.int8)
    starts = _row_starts(np.bincount(rows, minlength=len(masks)))
    return starts, numbers.find(before ^ (low | high)), signs


def _row_starts(counts: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int32]:
    """0 and the sums of the first 1, 2, ... counts."""
    starts = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=starts[1:])
    return starts


def horizontal_operators(larger: Shapes, most: int, numbers: ShapeNumbers) -> list[StripOperator]:
    """H(m, k) for k = 1, ..., most; ``larger`` holds the shapes of m cells.

    Row i of lam loses between none and lam_i - lam_(i+1) cells. All choices are unfolded row by row,
    for all shapes at once; what has lost more than the longest strip asked for is dropped on the way.
    """
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
    for k in range(1, most + 1):
        chosen = np.nonzero(lost == k)[0]
        first, end = numbers.firsts[larger.m - k : larger.m - k + 2]
        found.append(
            StripOperator(
                (len(larger), end - first),
                _row_starts(np.bincount(rows[chosen], minlength=len(larger))),
                numbers.find(masks[chosen]) - np.int32(first),
                np.ones(len(chosen), dtype=np.int8),
            )
        )
    return found
