"""Powers and products of dense integer matrices, exact at any size of the entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flint
import numpy as np


def integer_powers(matrix: Any, highest: int) -> list[Any]:
    """M, M^2, ..., M^highest as object arrays of integers, for a square object array M.

    >>> integer_powers(np.array([[1, 1], [0, 1]], dtype=object), 3)[2].tolist()
    [[1, 3], [0, 1]]
    """
    powers = [matrix]
    if highest > 1:
        factor = last = flint.fmpz_mat([[int(e) for e in row] for row in matrix.tolist()])
        while len(powers) < highest:
            last = last * factor
            powers.append(np.array(last.tolist(), dtype=object))
    return powers


def times_vector(matrix: Any, vector: Sequence[int]) -> list[int]:
    """M x for an int64 array M, or one of Python integers, and integers x of any size.

    Machine words multiply x in pieces so short that no sum can wrap.

    >>> times_vector(np.array([[1, -2], [3, 4]]), [10**30, 1])
    [999999999999999999999999999998, 3000000000000000000000000000004]
    """
    if matrix.dtype == object or not matrix.size:
        return [sum(a * x for a, x in zip(row, vector, strict=True)) for row in matrix.tolist()]
    largest = max(abs(int(matrix.min())), int(matrix.max()))
    bits = 62 - largest.bit_length() - matrix.shape[1].bit_length()
    if bits < 8:
        return times_vector(matrix.astype(object), vector)
    longest = max(abs(x) for x in vector).bit_length()
    pieces = range(0, max(longest, 1), bits)
    below = (1 << bits) - 1
    words = np.array(
        [[(abs(x) >> start & below) * (1 if x >= 0 else -1) for start in pieces] for x in vector]
    )
    return [
        sum(part << start for part, start in zip(row, pieces, strict=True))
        for row in (matrix @ words).tolist()
    ]


def gram(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """The scalar products of the rows, E E^T.

    >>> gram([[1, 2], [3, 4]])
    [[5, 11], [11, 25]]
    """
    matrix = flint.fmpz_mat(len(rows), len(rows[0]), [e for row in rows for e in row])
    return [list(map(int, row)) for row in (matrix * matrix.transpose()).tolist()]
