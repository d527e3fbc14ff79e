"""The number of partitions of n, from the series of Hardy, Ramanujan and Rademacher with error bounds (FLINT)."""

from __future__ import annotations

from flint import fmpz


def partition_number(n: int) -> int:
    """p(n) for n >= 0.

    >>> partition_number(100)
    190569292
    """
    return int(fmpz(n).partitions_p())
