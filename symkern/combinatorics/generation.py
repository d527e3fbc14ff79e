"""Lists of partitions, in reverse lexicographic order: (n) first, (1^n) last.

In this order the partitions of n with parts at most k are the last ones, so that every list
below is put together from ends of shorter lists.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from math import log

from symkern.combinatorics.constrained_partitions import read_conditions, refuse_others
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import displayed
from symkern.limits import current
from symkern.reading.integers import read_integer


def partition_count(
    n: int,
    max_part: int | None = None,
    max_length: int | None = None,
    *,
    min_part: int | None = None,
    min_length: int | None = None,
    parts: Sequence[int] | None = None,
    inside: PartitionLike | None = None,
    containing: PartitionLike | None = None,
    **others: object,
) -> int:
    """p(n), the number of partitions of n, or of those under the conditions of `iter_partitions`; none is listed.

    p(n) itself is had by the series of Hardy, Ramanujan and Rademacher with error bounds (FLINT).

    Args:
        n: at least 0.
        max_part: the largest part that is allowed.
        max_length: the most parts.
        min_part: the smallest part that is allowed.
        min_length: the fewest parts.
        parts: the parts that are allowed.
        inside: a partition whose diagram holds those that are counted.
        containing: a partition whose diagram they hold.
        **others: nothing; for the message where a condition is misspelt.

    Raises:
        InvalidArgument: a negative number, or a part below 1.

    >>> [partition_count(n) for n in range(8)], partition_count(100)
    ([1, 1, 2, 3, 5, 7, 11, 15], 190569292)
    >>> partition_count(100, max_length=3), partition_count(100, parts=(1, 5, 10, 25, 50)), partition_count(20, inside=(6, 5, 4, 3, 2, 1))
    (884, 292, 6)
    """
    refuse_others(others)
    size = read_integer(n, "n", maximum=current().group_size)
    given = (max_part, max_length, min_part, min_length, parts, inside, containing)
    if all(condition is None for condition in given):
        from symkern.exact.partition_numbers import partition_number

        return partition_number(size)
    return read_conditions(size, *given).count()


def partitions(n: int) -> list[Partition]:
    """All partitions of n in reverse lexicographic order.

    Args:
        n: at least 0.

    Raises:
        TooLarge: a list that does not fit in memory, before anything is built.

    >>> partitions(4)
    [Partition(4), Partition(3, 1), Partition(2, 2), Partition(2, 1, 1), Partition(1, 1, 1, 1)]
    >>> partitions(0)
    [Partition()]
    """
    size = read_integer(n, "n", maximum=current().group_size)
    require_partitions(size)
    if not size:
        return [Partition()]
    lists: list[list[tuple[int, ...]]] = [[()]]
    for m in range(1, size):
        # Of a shorter list only what has parts at most n - m is ever used.
        row: list[tuple[int, ...]] = []
        for k in range(min(m, size - m), 0, -1):
            head = (k,)
            row.extend([head + tail for tail in _ending(lists[m - k], k)])
        lists.append(row)
    new, cls = tuple.__new__, Partition
    result: list[Partition] = []
    for k in range(size, 0, -1):
        head = (k,)
        result.extend([new(cls, head + tail) for tail in _ending(lists[size - k], k)])
    return result


def require_partitions(n: int) -> None:
    """Raise `TooLarge` where the list of the partitions of n does not fit in memory."""
    require_bytes(_what(n), n)  # there are more partitions than that
    # Erdos and Lehner: a partition has about sqrt(6n)/(2 pi) (log(6n/pi^2) + 1.15) parts on average.
    parts_each = int(0.39 * n**0.5 * (log(n + 1) + 0.66))
    require_bytes(_what(n), (150 + 16 * parts_each) * partition_count(n))


def _ending(row: list[tuple[int, ...]], k: int) -> list[tuple[int, ...]]:
    """Those with parts at most k: the end of a list in reverse lexicographic order."""
    start = bisect_left(row, -k, key=lambda parts: -parts[0] if parts else 0)
    return row[start:] if start else row


def _what(size: int) -> str:
    return f"the list of the partitions of {displayed(size)}"


def iter_partitions(
    n: int,
    max_part: int | None = None,
    max_length: int | None = None,
    *,
    min_part: int | None = None,
    min_length: int | None = None,
    parts: Sequence[int] | None = None,
    inside: PartitionLike | None = None,
    containing: PartitionLike | None = None,
    **others: object,
) -> Iterator[Partition]:
    """The partitions of n under conditions, reverse lexicographic, one at a time, in memory of one partition; none is made that does not fit.

    Args:
        n: the number that is partitioned.
        max_part: the largest part there may be.
        max_length: how many parts there may be.
        min_part: the smallest part there may be.
        min_length: how many parts there must be.
        parts: the numbers that may be parts.
        inside: a partition whose diagram holds them.
        containing: a partition whose diagram they hold.
        **others: nothing; for the message where a condition is misspelt.

    >>> [str(p) for p in iter_partitions(7, max_part=4, max_length=3)]
    ['4,3', '4,2,1', '3,3,1', '3,2,2']
    >>> [str(p) for p in iter_partitions(6, min_part=2)], [str(p) for p in iter_partitions(5, inside=(3, 3, 1), containing=(2, 2))]
    (['6', '4,2', '3,3', '2,2,2'], ['3,2', '2,2,1'])
    """
    refuse_others(others)
    size = read_integer(n, "n")
    if all(condition is None for condition in (min_part, min_length, parts, inside, containing)):
        widest = size if max_part is None else min(size, read_integer(max_part, "max_part"))
        most = size if max_length is None else min(size, read_integer(max_length, "max_length"))
        return _walk(size, widest, most)
    return iter(
        read_conditions(size, max_part, max_length, min_part, min_length, parts, inside, containing)
    )


def _walk(size: int, widest: int, most: int) -> Iterator[Partition]:
    if size > widest * most:
        return
    parts = _fill(size, widest)
    while True:
        yield Partition.trusted(parts)
        # Lower the last part that leaves a rest which still fits into the places after it.
        rest = 0
        while parts:
            last = parts.pop()
            rest += last
            if last > 1 and rest - last + 1 <= (last - 1) * (most - len(parts) - 1):
                parts.append(last - 1)
                parts += _fill(rest - last + 1, last - 1)
                break
        else:
            return


def _fill(rest: int, widest: int) -> list[int]:
    """The first partition of ``rest`` with parts at most ``widest``."""
    if not rest:
        return []
    full, left = divmod(rest, widest)
    return [widest] * full + ([left] if left else [])
