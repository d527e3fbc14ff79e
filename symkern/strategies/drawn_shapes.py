"""Strategies of partitions, cores, stable labels and standard tableaux."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from symkern.combinatorics import Partition, PartitionLike, Tableau, iter_partitions
from symkern.combinatorics.tableaux import standard_tableaux as all_standard_tableaux
from symkern.errors import InvalidArgument, TooLarge
from symkern.limits import current
from symkern.strategies.drawing import read_size, smallest_first, st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def partitions(
    size: int | None = None,
    *,
    max_size: int = 8,
    min_size: int = 0,
    max_parts: int | None = None,
    max_part: int | None = None,
) -> SearchStrategy[Partition]:
    """Partitions of ``size``, or of any number from ``min_size`` to ``max_size``.

    Every partition can be drawn, the smallest first, those of one size in reverse lexicographic order: (n) is the simplest.

    Args:
        size: the number that is partitioned, where it is one.
        max_size: the largest number, where it is not.
        min_size: the smallest.
        max_parts: how many parts, that is rows, there may be.
        max_part: how large a part, that is how long a row, may be.

    Raises:
        InvalidArgument: for negative numbers, and where there is no such partition.

    >>> from hypothesis import find, given
    >>> @given(partitions(max_size=8))
    ... def test_conjugation_is_an_involution(lam):
    ...     assert lam.conjugate.conjugate == lam
    >>> test_conjugation_is_an_involution()
    >>> find(partitions(max_size=10), lambda lam: lam.dimension % 6 == 0)
    Partition(3, 1, 1)
    """
    if size is not None:
        min_size = max_size = read_size(size, "size")
    least, most = read_size(min_size, "min_size"), read_size(max_size, "max_size")
    if least > most:
        shown = f"they are {least} and {most}"
        raise InvalidArgument("min_size", "must be at most max_size", shown)
    rows = most if max_parts is None else read_size(max_parts, "max_parts")
    width = most if max_part is None else read_size(max_part, "max_part")
    sizes = [n for n in range(least, most + 1) if n <= rows * width]
    if not sizes:
        rule = f"must leave room for {least} cells"
        raise InvalidArgument("max_parts, max_part", rule, f"they are {rows} and {width}")

    def grown(draw: Any, rest: int) -> Partition:
        parts: list[int] = []
        while rest:
            largest = min(rest, parts[-1] if parts else width)
            fewest = -(
                -rest // (rows - len(parts))
            )  # for the rest to fit into the rows that are left
            parts.append(largest - draw(st.integers(0, largest - fewest)))
            rest -= parts[-1]
        return Partition(parts)

    return smallest_first(sizes, lambda n: iter_partitions(n, width, rows), grown)


def cores(p: int, *, max_size: int = 12) -> SearchStrategy[Partition]:
    """The p-cores of at most ``max_size`` cells: no hook length is divisible by p, so that no border strip of p cells can be removed.

    The empty partition is the simplest, then sizes count.

    Args:
        p: at least 1.
        max_size: the most cells.

    Raises:
        InvalidArgument: p below 1 or a negative size.
        TooLarge: more cores than ``listed_positions`` of `symkern.limits`.

    >>> from hypothesis import given
    >>> @given(cores(2, max_size=30))
    ... def test_two_cores_are_staircases(lam):
    ...     assert lam == tuple(range(len(lam), 0, -1))
    >>> test_two_cores_are_staircases()
    """
    step, most = read_size(p, "p", minimum=1), read_size(max_size, "max_size")
    found: list[tuple[int, ...]] = [()]
    for lam in found:  # which grows: a core without its first row is a core
        below = {part + len(lam) - 1 - i for i, part in enumerate(lam)}
        for row in range(lam[0] if lam else 1, most - sum(lam) + 1):
            bead = row + len(lam)
            if bead < step or bead - step in below:
                found.append((row, *lam))
        if len(found) > current().listed_positions:
            raise TooLarge(
                f"the list of {step}-cores of {most} cells",
                200 * len(found),
                200 * current().listed_positions,
            )
    found.sort(key=lambda lam: (sum(lam), [-part for part in lam]))
    by_size: dict[int, list[Partition]] = {}
    for lam in found:
        by_size.setdefault(sum(lam), []).append(Partition(lam))

    def grown(draw: Any, size: int) -> Partition:
        index: int = draw(st.integers(0, len(by_size[size]) - 1))
        return by_size[size][index]

    return smallest_first(list(by_size), lambda n: iter(by_size[n]), grown)


def standard_tableaux(
    shape: PartitionLike | int | None = None, *, max_size: int = 6
) -> SearchStrategy[Tableau]:
    """Standard tableaux of a shape, of all shapes with so many cells where a number is given, of at most ``max_size`` cells where nothing is.

    The tableau that is filled row by row is the simplest of its shape.

    Args:
        shape: a partition, or the number of cells, or None.
        max_size: the most cells where no shape is given.

    Raises:
        PartitionError: a text that is no partition.
        InvalidArgument: a negative number.

    >>> from hypothesis import given
    >>> @given(standard_tableaux(7))
    ... def test_descents_of_the_transposed_tableau(t):
    ...     assert {*t.descents, *t.conjugate.descents} == set(range(1, 7))
    ...     assert not {*t.descents} & {*t.conjugate.descents}
    >>> test_descents_of_the_transposed_tableau()
    """
    if shape is None:
        sizes = list(range(read_size(max_size, "max_size") + 1))
    elif hasattr(shape, "__index__"):
        sizes = [read_size(shape, "shape")]
    else:
        shape = Partition.read(shape, "shape")
        sizes = [read_size(shape.size, "|shape|")]
    given = shape if isinstance(shape, Partition) else None

    def of_size(n: int) -> Iterator[Tableau]:
        shapes = iter_partitions(n) if given is None else iter((given,))
        return chain.from_iterable(map(all_standard_tableaux, shapes))

    def grown(draw: Any, size: int) -> Tableau:
        lam = draw(partitions(size)) if given is None else given
        places: list[int] = []  # the rows of n, n - 1, ..., 1
        left = lam
        while left:
            corners = left.corners
            places.append(corners[-1 - draw(st.integers(0, len(corners) - 1))][0])
            left = Partition([part - (i == places[-1]) for i, part in enumerate(left)])
        rows: list[list[int]] = [[] for _ in lam]
        for entry, i in enumerate(reversed(places), 1):
            rows[i].append(entry)
        return Tableau(tuple(map(tuple, rows)))

    return smallest_first(sizes, of_size, grown)


def stable_partitions(
    length: int | None = None, *, max_boxes: int = 4
) -> SearchStrategy[Partition]:
    """Stable labels mu of at most ``max_boxes`` boxes; where a length is given, those of its S_length.

    mu stands for mu[length] = (length - |mu|, mu_1, ...), which must be a partition of the length.

    Args:
        length: an integer of at least 1, or None for labels of any length.
        max_boxes: the most boxes of mu.

    >>> from hypothesis import given
    >>> @given(stable_partitions(length=6))
    ... def test_padding_and_its_inverse(mu):
    ...     assert mu.padded(6).stable == mu
    >>> test_padding_and_its_inverse()
    """
    most = read_size(max_boxes, "max_boxes")
    if length is None:
        return partitions(max_size=most)
    n = read_size(length, "length", minimum=1)

    def fits(mu: Partition) -> bool:
        return mu.size + (mu[0] if mu else 0) <= n

    return partitions(max_size=min(most, n - 1)).filter(fits)
