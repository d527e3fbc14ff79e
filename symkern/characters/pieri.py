"""Horizontal and vertical strips added to a shape or taken off it: the rules of Pieri for products with h_k and e_k, and for their adjoints.

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from symkern.combinatorics.partition import Partition

_Rows = tuple[int, ...]


def horizontal_strips(shape: _Rows, k: int) -> Iterator[Partition]:
    """The shapes with a horizontal strip of k cells more.

    >>> list(horizontal_strips((2, 1), 2))
    [Partition(4, 1), Partition(3, 2), Partition(3, 1, 1), Partition(2, 2, 1)]
    """
    rows = (*shape, 0)
    partial: list[tuple[_Rows, int]] = [((), k)]
    for i in range(len(rows) - 1, 0, -1):
        partial = [
            ((rows[i] + b, *kept), rest - b)
            for kept, rest in partial
            for b in range(min(rest, rows[i - 1] - rows[i]) + 1)
        ]
    for kept, rest in partial:
        grown = (rows[0] + rest, *kept)
        yield Partition.trusted(grown if grown[-1] else grown[:-1])


def without_horizontal_strips(shape: _Rows, k: int) -> Iterator[Partition]:
    """The shapes with a horizontal strip of k cells less.

    >>> list(without_horizontal_strips((2, 1), 1))
    [Partition(2), Partition(1, 1)]
    """
    partial: list[tuple[_Rows, int]] = [((), k)]
    for i, row in enumerate(shape):
        below = shape[i + 1] if i + 1 < len(shape) else 0
        partial = [
            ((*kept, row - b), rest - b)
            for kept, rest in partial
            for b in range(max(0, rest - below), min(rest, row - below) + 1)
        ]
    for kept, rest in partial:
        if not rest:
            yield Partition.trusted(row for row in kept if row)


def without_vertical_strips(shape: _Rows) -> Iterator[tuple[Partition, int]]:
    """(shape with a vertical strip less, cells of the strip), the empty strip included.

    >>> list(without_vertical_strips((1, 1)))
    [(Partition(1, 1), 0), (Partition(1), 1), (Partition(), 2)]
    """
    partial: list[tuple[_Rows, int]] = [((), 0)]
    for row in reversed(shape):
        partial = [
            ((row - b, *kept), cells + b)
            for kept, cells in partial
            for b in (0, 1)
            if not kept or row - b >= kept[0]
        ]
    for kept, cells in partial:
        yield Partition.trusted(row for row in kept if row), cells
