"""Border strips against the definition: a connected skew shape without a square of four cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.combinatorics import (
    Partition,
    SkewPartition,
    beads,
    border_strips,
    core,
    from_beads,
    partitions,
    quotient,
)
from symkern.errors import InvalidArgument

shapes = st.lists(st.integers(1, 9), max_size=9).map(lambda parts: Partition(sorted(parts)[::-1]))


def is_border_strip(cells: set[tuple[int, int]]) -> bool:
    """Connected through edges, and no 2 x 2 square."""
    if not cells or any(
        {(i, j), (i + 1, j), (i, j + 1), (i + 1, j + 1)} <= cells for i, j in cells
    ):
        return False
    reached, waiting = set(), [min(cells)]
    while waiting:
        i, j = waiting.pop()
        if (i, j) in cells and (i, j) not in reached:
            reached.add((i, j))
            waiting += [(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)]
    return reached == cells


@pytest.mark.parametrize("n", range(1, 10))
def test_all_strips_with_their_heights(n: int) -> None:
    for lam in partitions(n):
        for k in range(1, n + 1):
            expected = {}
            for nu in partitions(n - k):
                cells = set(lam.cells) - set(nu.cells)
                inside = lam.contains(nu)
                if inside:
                    assert SkewPartition(lam, nu).is_border_strip == is_border_strip(cells)
                if inside and is_border_strip(cells):
                    expected[nu] = len({i for i, _ in cells}) - 1
            strips = border_strips(lam, k)
            assert dict(strips) == expected and len(strips) == len(expected)
            # As many strips of k cells as hooks of length k.
            assert len(strips) == sum(h == k for row in lam.hook_lengths for h in row)


def test_pin() -> None:
    assert border_strips((3, 3, 1), 2) == ((Partition(3, 1, 1), 0), (Partition(2, 2, 1), 1))
    assert border_strips((3, 1, 1), 3) == ()
    assert border_strips((3, 1, 1), 5) == ((Partition(), 2),)


@given(shapes, st.integers(0, 4))
def test_beads_round_trip(lam: Partition, more: int) -> None:
    assert from_beads(beads(lam, lam.length + more)) == lam
    assert beads(lam, lam.length + more).bit_count() == lam.length + more


@given(shapes, st.integers(1, 6))
def test_core_and_quotient(lam: Partition, k: int) -> None:
    """Removing strips in any order ends on the core; the quotient counts them."""
    rest, steps = lam, 0
    while strips := border_strips(rest, k):
        rest, steps = strips[-1][0], steps + 1
    assert core(lam, k) == rest
    assert sum(nu.size for nu in quotient(lam, k)) == steps
    # Hooks divisible by k are k times the hooks of the quotient.
    divisible = sorted(h // k for row in lam.hook_lengths for h in row if h % k == 0)
    assert divisible == sorted(h for nu in quotient(lam, k) for row in nu.hook_lengths for h in row)


def test_bad_input() -> None:
    with pytest.raises(InvalidArgument, match="count: must be at least the 2 rows, but it is 1"):
        beads((2, 1), 1)
    with pytest.raises(InvalidArgument, match="k: must be an integer of at least 1, but it is 0"):
        border_strips((2, 1), 0)
