"""Powers of dense integer matrices, exact at any size of the entries."""

from __future__ import annotations

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
