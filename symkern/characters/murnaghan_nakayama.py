r"""Single values chi^lam(mu) of the irreducible characters of S_n.

The Murnaghan-Nakayama rule removes a border strip for every part k of mu,

    chi^lam(mu) = sum over strips of k cells (-1)^height chi^(lam without the strip)(mu without k),

here on bead positions (`symkern.combinatorics.border_strips`), on all shapes of one size at
once, with a dictionary from shapes to coefficients. The parts are taken from the largest down,
because large strips leave few shapes, and the smallest part k, which occurs m times, is not
unfolded at all: on the class (k^m)

    chi^lam(k^m) = +-1 * m! / product of (h/k) over the hook lengths h divisible by k

when the k-core of lam is empty, and 0 otherwise; for k = 1 this is the dimension.

lam labels the irrep, (n) the trivial one; mu is the cycle type.
Source: Sagan, *The Symmetric Group*, theorem 4.10.2; James and Kerber, *The Representation
Theory of the Symmetric Group*, 2.4.7 and 2.7.32.
"""

from __future__ import annotations

from collections import Counter
from math import factorial, prod

from symkern.combinatorics.border_strips import beads
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import SizeMismatch

__all__ = ["character"]


def character(lam: PartitionLike, mu: PartitionLike) -> int:
    """chi^lam(mu), the character of the irrep S^lam on the permutations of cycle type mu; an exact int.

    Raises `SizeMismatch` when lam and mu are partitions of different numbers.

    >>> character((3, 2, 1), (2, 2, 2)), character("3,1", "4")
    (0, -1)
    >>> character((2, 1), (2, 2))
    Traceback (most recent call last):
    ...
    symkern.errors.SizeMismatch: mu: must be a partition of 3, the size of lam = (2, 1), but it is (2, 2) of size 4
    """
    shape = Partition.read(lam, "lam")
    classes = Partition.read(mu, "mu")
    if shape.size != classes.size:
        raise SizeMismatch(
            "mu",
            f"must be a partition of {shape.size}, the size of lam = {tuple(shape)}",
            f"it is {tuple(classes)} of size {classes.size}",
        )
    sign = 1
    if len(shape) > shape.part(0):  # fewer rows are fewer beads to move
        shape, sign = shape.conjugate, classes.sign
    if not classes:
        return 1
    smallest = classes[-1]
    frontier = {beads(shape): sign}
    for k in classes:
        if k == smallest:
            break
        frontier = _remove(frontier, k)
    count = Counter(classes)[smallest]
    return sum(c * _on_equal_parts(mask, smallest, count) for mask, c in frontier.items())


def _remove(frontier: dict[int, int], k: int) -> dict[int, int]:
    """One step of the rule on a combination of shapes."""
    result: dict[int, int] = {}
    get = result.get
    for mask, coefficient in frontier.items():
        places = (mask >> k) & ~mask
        while places:
            low = places & -places
            places ^= low
            high = low << k
            after = mask ^ (low | high)
            if (mask & (high - low)).bit_count() & 1:
                result[after] = get(after, 0) - coefficient
            else:
                result[after] = get(after, 0) + coefficient
    return {mask: c for mask, c in result.items() if c}


def _on_equal_parts(mask: int, k: int, m: int) -> int:
    """The character of the shape with these beads on the class (k^m)."""
    runners: list[list[int]] = [[] for _ in range(k)]
    order: list[int] = []  # where the beads end, lowest bead first
    while mask:
        low = mask & -mask
        mask ^= low
        row, c = divmod(low.bit_length() - 1, k)
        order.append(c + k * len(runners[c]))
        runners[c].append(row)
    if max(order, default=-1) >= len(order):
        return 0  # the beads do not end on the lowest places: the core is not empty
    above = below = 1
    for rows in runners:
        below *= prod(map(factorial, rows))
        for i, row in enumerate(rows):
            for other in rows[:i]:
                above *= row - other
    inversions = 0
    if k > 1:
        for i, place in enumerate(order):
            for other in order[:i]:
                inversions += other > place
    value = factorial(m) * above // below
    return -value if inversions & 1 else value
