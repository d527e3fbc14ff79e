r"""The boundary of a diagram: arms and legs, the rim, the word of steps, cores and quotients put together again.

The boundary of lam is a path of steps from below the last row to the end of the first one, 0 for a step to the right and 1 for a step up; so the word
of (4,2,1) is 0 1 0 1 0 0 1. It begins with 0 and ends with 1. Seen as places of a line its ones are the beads of `symkern.combinatorics.border_strips`.

Source: James and Kerber, *The Representation Theory of the Symmetric Group*, 2.7; Macdonald, *Symmetric Functions and Hall Polynomials*, I.1.
"""

from __future__ import annotations

from collections.abc import Sequence

from symkern.combinatorics.border_strips import beads, core, from_beads, runners
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidArgument, PartitionError, SizeMismatch, displayed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list


def arms(lam: PartitionLike) -> tuple[tuple[int, ...], ...]:
    """The cells to the right of each cell, row by row.

    >>> arms((3, 1))
    ((2, 1, 0), (0,))
    """
    shape = Partition.read(lam)
    require_bytes("the arms", 16 * shape.size)
    return tuple(tuple(range(row - 1, -1, -1)) for row in shape)


def legs(lam: PartitionLike) -> tuple[tuple[int, ...], ...]:
    """The cells below each cell, row by row.

    >>> legs((3, 1))
    ((1, 0, 0), (0,))
    """
    shape = Partition.read(lam)
    require_bytes("the legs", 16 * shape.size)
    columns = shape.conjugate
    return tuple(tuple(columns[j] - i - 1 for j in range(row)) for i, row in enumerate(shape))


def rim(lam: PartitionLike) -> tuple[tuple[int, int], ...]:
    """The cells (row, column) without one diagonally below, from the end of the first row to the foot of the first column.

    Args:
        lam: a partition.

    >>> rim((3, 3, 1))
    ((0, 2), (1, 2), (1, 1), (1, 0), (2, 0))
    """
    shape = Partition.read(lam)
    require_bytes("the rim", 100 * (shape.part(0) + shape.length))
    return tuple(
        (i, j)
        for i, row in enumerate(shape)
        for j in range(row - 1, max(shape.part(i + 1) - 1, 0) - 1, -1)
    )


def boundary_word(lam: PartitionLike) -> tuple[int, ...]:
    """The steps of the boundary, 0 to the right and 1 up, from below the last row to the end of the first.

    Args:
        lam: a partition.

    >>> boundary_word((4, 2, 1)), boundary_word(())
    ((0, 1, 0, 1, 0, 0, 1), ())
    """
    shape = Partition.read(lam)
    require_bytes("the boundary", 8 * (shape.part(0) + shape.length))
    word: list[int] = []
    before = 0
    for row in reversed(shape):
        word += [0] * (row - before) + [1]
        before = row
    return tuple(word)


def from_boundary_word(word: Sequence[int]) -> Partition:
    """The partition whose boundary takes these steps; ones at the start and zeros at the end do not matter.

    Args:
        word: of 0 and 1.

    Raises:
        InvalidArgument: another letter.

    >>> from_boundary_word((0, 1, 0, 1, 0, 0, 1)), from_boundary_word((1, 1, 0, 1, 0))
    (Partition(4, 2, 1), Partition(1))
    """
    steps = [read_integer(a, "word", maximum=1) for a in read_list(word, "word", "steps 0 and 1")]
    return from_beads(sum(1 << place for place, step in enumerate(steps) if step))


def from_core_and_quotient(
    core_shape: PartitionLike, quotient: Sequence[PartitionLike]
) -> Partition:
    """The partition with this k-core and this k-quotient.

    Args:
        core_shape: a k-core.
        quotient: k partitions, as `symkern.combinatorics.quotient` lists them.

    Raises:
        PartitionError: where the first one is no k-core.

    >>> from symkern.combinatorics.border_strips import quotient
    >>> from_core_and_quotient((1,), quotient((4, 2, 1), 3))
    Partition(4, 2, 1)
    """
    kernel = Partition.read(core_shape, "core_shape")
    if isinstance(quotient, (str, Partition)):
        rule = "must be a list of partitions, one for each runner"
        raise InvalidArgument("quotient", rule, f"it is {displayed(quotient)}")
    parts = [
        Partition.read(lam, "quotient") for lam in read_list(quotient, "quotient", "partitions")
    ]
    k = len(parts)
    if not k:
        raise SizeMismatch("quotient", "must hold k partitions, at least one", "it is empty")
    if core(kernel, k) != kernel:
        shown = f"{tuple(kernel)} has a border strip of {k} cells"
        raise PartitionError(
            "core_shape", f"must be a {k}-core, as there are {k} partitions", shown
        )
    # Enough beads for the longest of them on each runner, and a number of beads divisible by k.
    rows = -(-len(kernel) // k) + max(len(lam) for lam in parts)
    require_bytes("the beads", k * (rows + kernel.size + sum(lam.size for lam in parts)))
    counts = [runner.bit_count() for runner in runners(beads(kernel, rows * k), k)]
    mask = 0
    for c, (count, lam) in enumerate(zip(counts, parts, strict=True)):
        runner = beads(lam, count)
        while runner:
            low = runner & -runner
            runner ^= low
            mask |= 1 << (c + k * (low.bit_length() - 1))
    return from_beads(mask)
