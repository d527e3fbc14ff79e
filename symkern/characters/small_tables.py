r"""The character table of a small S_n, with the tables of all smaller ones in a handful of array operations.

Two shapes lam and nu with nu inside lam differ by a border strip or they do not, so that all strip operators B(m, k),
k <= m <= n, are blocks of one square matrix over the partitions of 0, 1, ..., n:

    S[lam, nu] = (-1)^height where lam/nu is a border strip, else 0.

It is filled at once, and the tables follow from one another by small dense products,

    table_m[:, (k, rho)] = S[m, m - k] table_(m-k)[:, rho],    rho with parts at most k.

For n where the matrix is small this spares the many small sparse operators of `symkern.characters.columns`, which
takes over beyond and begins with these tables. Shapes are bead positions with n beads each, so that partitions of different sizes differ.

Source: James and Kerber, *The Representation Theory of the Symmetric Group*, 2.4.7.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from symkern.characters.shapes import is_odd

SMALL = 15
"""Up to here: 684 partitions of 0..15; entries are at most sqrt(15!) < 2^21, so that no sum comes near 2^63."""


def small_tables(n: int) -> list[npt.NDArray[np.int64]]:
    """The tables of S_0, ..., S_n for n <= `SMALL`, rows and columns in reverse lexicographic order."""
    masks, firsts, starts = _shapes(n)
    strips = _strips(masks, n)
    tables = [np.ones((1, 1), dtype=np.int64)]
    for m in range(1, n + 1):
        table = np.empty((firsts[m + 1] - firsts[m],) * 2, dtype=np.int64)
        for k in range(1, m + 1):
            a, b = starts[m][k], starts[m][k - 1]
            rest = m - k
            tail = tables[rest][:, starts[rest][min(k, rest)] :]
            operator = strips[firsts[m] : firsts[m + 1], firsts[rest] : firsts[rest + 1]]
            np.matmul(operator, tail, out=table[:, a:b])
        tables.append(table)
    return tables


def _shapes(n: int) -> tuple[npt.NDArray[np.uint64], list[int], list[list[int]]]:
    """The beads of all partitions of 0, ..., n, where each size begins, and where its parts at most k begin."""
    found: list[list[tuple[int, int]]] = [[(0, 0)]]  # (beads, rows), one bead a row
    starts = [[0]]
    for m in range(1, n + 1):
        shapes: list[tuple[int, int]] = []
        begin = [0] * (m + 1)
        for k in range(m, 0, -1):
            begin[k] = len(shapes)
            at = starts[m - k][min(k, m - k)]
            shapes += [(mask | 1 << k + rows, rows + 1) for mask, rows in found[m - k][at:]]
        begin[0] = len(shapes)
        found.append(shapes)
        starts.append(begin)
    firsts = [0]
    for shapes in found:
        firsts.append(firsts[-1] + len(shapes))
    padded = [(mask + 1 << n - rows) - 1 for shapes in found for mask, rows in shapes]
    return np.array(padded, dtype=np.uint64), firsts, starts


def _strips(masks: npt.NDArray[np.uint64], n: int) -> npt.NDArray[np.int64]:
    """The matrix S."""
    one = np.uint64(1)
    lengths = np.arange(1, n + 1, dtype=np.uint64)[:, None]
    places = (masks >> lengths) & ~masks  # free places k below a bead
    bits = np.unpackbits(places.astype("<u8").view(np.uint8).ravel(), bitorder="little")
    at = np.flatnonzero(bits.view(np.bool_))
    which, shapes = np.divmod(at >> 6, len(masks))
    low = one << (at & 63).astype(np.uint64)
    high = low << (which + 1).astype(np.uint64)
    before = masks[shapes]
    order = np.argsort(masks)
    smaller = order[np.searchsorted(masks[order], before ^ (low | high))]
    strips = np.zeros((len(masks),) * 2, dtype=np.int64)
    strips[shapes, smaller] = np.where(is_odd(before & (high - low)), -1, 1)
    return strips
