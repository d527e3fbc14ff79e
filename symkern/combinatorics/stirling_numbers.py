"""Stirling numbers of the second kind: partitions of a set into blocks."""

from __future__ import annotations

from functools import lru_cache
from math import comb, factorial


@lru_cache(maxsize=4096)
def stirling2(p: int, j: int) -> int:
    """Stirling number of the second kind: partitions of p points into j blocks.

    >>> stirling2(4, 2)
    7
    """
    total: int = sum((-1) ** (j - i) * comb(j, i) * i**p for i in range(j + 1))
    return total // factorial(j)
