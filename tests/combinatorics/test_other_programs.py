"""Text for Sage and GAP, pinned, and read back where it is read."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given

from symkern import strategies
from symkern.combinatorics import (
    Partition,
    SkewPartition,
    SkewTableau,
    Tableau,
    from_cycles,
    to_gap,
    to_sage,
)
from symkern.errors import InvalidType


@given(strategies.partitions(max_size=12))
def test_lists_are_read_back(lam: Partition) -> None:
    assert Partition(to_gap(lam)) == lam == Partition(to_sage(lam)[len("Partition(") : -1])
    assert lam.to_gap() == to_gap(lam) and lam.to_sage() == to_sage(lam)


def test_what_is_written() -> None:
    assert to_sage(SkewPartition((3, 2), (1,))) == "SkewPartition([[3, 2], [1]])"
    assert to_gap(SkewPartition((3, 2), ())) == "[ [ 3, 2 ], [  ] ]"
    assert Tableau(((1, 2), (3,))).to_sage() == "Tableau([[1, 2], [3]])"
    assert SkewTableau(((None, 1), (2,))).to_gap() == "[ [ , 1 ], [ 2 ] ]"
    assert to_gap(Tableau(())) == "[  ]" and to_gap(()) == "()"
    for g in permutations(range(4)):
        assert from_cycles(to_gap(g), n=4, first=1) == g
        assert eval(to_sage(g).removeprefix("Permutation")) == [a + 1 for a in g]  # noqa: S307
    with pytest.raises(InvalidType, match="value: must be a permutation"):
        to_sage("x")
