"""Lists of partitions against symfn and SymPy."""

from __future__ import annotations

import pytest
import symfn
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.combinatorics import Partition, iter_partitions, partition_count, partitions
from symkern.errors import InvalidArgument, InvalidType, TooLarge


@pytest.mark.parametrize("n", range(31))
def test_lists_equal_an_independent_program(n: int) -> None:
    listed = partitions(n)
    assert listed == symfn.partitions(n)
    assert all(type(p) is Partition for p in listed)
    assert listed == sorted(listed, reverse=True)
    assert list(iter_partitions(n)) == listed
    assert len(listed) == partition_count(n)


@given(st.integers(0, 16), st.integers(0, 18), st.integers(0, 18))
def test_bounded_lists(n: int, max_part: int, max_length: int) -> None:
    expected = [p for p in partitions(n) if p.part(0) <= max_part and p.length <= max_length]
    assert list(iter_partitions(n, max_part, max_length)) == expected


def test_counts() -> None:
    assert partition_count(200) == 3972999029388
    assert partition_count(1000) == sp.functions.combinatorial.numbers.partition(1000)


def test_iteration_does_not_build_the_list() -> None:
    walk = iter_partitions(1000)
    assert [next(walk), next(walk), next(walk)] == [(1000,), (999, 1), (998, 2)]


@pytest.mark.parametrize("n", [130, 1000, 10**6])
def test_what_does_not_fit_is_refused(n: int) -> None:
    with pytest.raises(TooLarge) as caught:
        partitions(n)
    assert caught.value.bytes_needed > caught.value.bytes_available
    assert isinstance(caught.value, MemoryError)


@pytest.mark.parametrize("function", [partitions, partition_count, iter_partitions])
def test_bad_input(function: object) -> None:
    with pytest.raises(InvalidArgument, match="n: must be an integer of at least 0, but it is -1"):
        function(-1)  # type: ignore[operator]
    for wrong in (2.0, "3", True, None):
        with pytest.raises(InvalidType):
            function(wrong)  # type: ignore[operator]
    with pytest.raises(InvalidArgument):
        iter_partitions(4, max_part=-1)


def test_numbers_too_long_to_print() -> None:
    with pytest.raises(InvalidArgument, match="but it is a number of 33220 bits"):
        partitions(10**10000)
