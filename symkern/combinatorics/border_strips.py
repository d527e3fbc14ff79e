"""Border strips as moves of beads on a line.

Put a bead at lam_i + (r - i), i = 1..r, for any r not less than the number of rows (the
first-column hook lengths when r is that number). The positions form the bits of one integer.
Removing a border strip of k cells moves one bead k places down to a free place; the height of
the strip (its rows minus one) is the number of beads that are jumped. The number of beads
stays the same, so that an integer stands for one partition during a whole recursion.

Source: James and Kerber, *The Representation Theory of the Symmetric Group* (1981), 2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidArgument, displayed
from symkern.reading.integers import read_integer


def beads(lam: PartitionLike, count: int | None = None) -> int:
    """The bead positions of lam as the bits of an integer.

    Args:
        lam: a partition.
        count: how many beads, at least the rows; as many where nothing is said.

    Raises:
        InvalidArgument: fewer beads than rows.

    >>> bin(beads((4, 2, 1)))
    '0b1001010'
    """
    shape = Partition.read(lam)
    number = len(shape) if count is None else read_integer(count, "count")
    if number < len(shape):
        raise InvalidArgument(
            "count", f"must be at least the {len(shape)} rows", f"it is {displayed(number)}"
        )
    require_bytes("the beads", (number + (shape[0] if shape else 0)) // 4)
    mask = (1 << (number - len(shape))) - 1
    for i, part in enumerate(shape):
        mask |= 1 << (part + number - 1 - i)
    return mask


def from_beads(mask: int) -> Partition:
    """The partition whose beads are the bits of ``mask``.

    Args:
        mask: an integer of at least 0.

    >>> from_beads(0b1001010), from_beads(0b111)
    (Partition(4, 2, 1), Partition())
    """
    rest = read_integer(mask, "mask")
    parts = []
    free = 0
    while rest:
        gap = (rest & -rest).bit_length() - 1
        free += gap
        if free:
            parts.append(free)
        rest >>= gap + 1
    return Partition.trusted(reversed(parts))


def remove_strips(mask: int, k: int) -> Iterator[tuple[int, int]]:
    """All (mask after, height) of removing a border strip of k cells; both arguments plain ints."""
    places = (mask >> k) & ~mask  # free places k below a bead
    while places:
        low = places & -places
        places ^= low
        high = low << k
        yield mask ^ (low | high), (mask & (high - low)).bit_count()


def border_strips(lam: PartitionLike, k: int) -> tuple[tuple[Partition, int], ...]:
    """All (lam without a border strip of k cells, height of the strip), lowest strip first.

    Args:
        lam: a partition.
        k: at least 1.

    >>> border_strips((4, 2, 1), 3)
    ((Partition(4), 1),)
    """
    length = read_integer(k, "k", minimum=1)
    return tuple((from_beads(m), h) for m, h in remove_strips(beads(lam), length))


def core(lam: PartitionLike, k: int) -> Partition:
    """The k-core: what is left when no border strip of k cells can be removed.

    Args:
        lam: a partition.
        k: at least 1.

    >>> core((4, 2, 1), 3), core((3, 2, 1), 2)
    (Partition(1), Partition(3, 2, 1))
    """
    length = read_integer(k, "k", minimum=1)
    shape = Partition.read(lam)
    if length > shape.size:
        return shape  # no strip is so long
    counts = [runner.bit_count() for runner in runners(beads(shape), length)]
    return from_beads(sum(1 << (c + length * t) for c in range(length) for t in range(counts[c])))


def quotient(lam: PartitionLike, k: int) -> tuple[Partition, ...]:
    """The k-quotient: the k partitions on the runners, with a number of beads divisible by k.

    The sizes add up to the number of strips that lead to the core.

    Args:
        lam: a partition.
        k: at least 1.

    >>> quotient((4, 2, 1), 3)
    (Partition(1, 1), Partition(), Partition())
    """
    length = read_integer(k, "k", minimum=1)
    shape = Partition.read(lam)
    require_bytes("the quotient", 100 * length)
    number = -(-len(shape) // length) * length
    return tuple(from_beads(runner) for runner in runners(beads(shape, number), length))


def runners(mask: int, k: int) -> list[int]:
    """The beads at places c, c + k, c + 2k, ... as integers of their own, c = 0..k-1."""
    runners = [0] * k
    while mask:
        low = mask & -mask
        mask ^= low
        row, c = divmod(low.bit_length() - 1, k)
        runners[c] |= 1 << row
    return runners
