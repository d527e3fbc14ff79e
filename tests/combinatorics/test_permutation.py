"""Reading of permutations and the conventions of product and action."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy.combinatorics import Permutation

from symkern.combinatorics import (
    act,
    cycle_type,
    inverse,
    multiply,
    partitions,
    read_permutation,
    representative,
)
from symkern.combinatorics.permutation import read_cycle_type
from symkern.errors import InvalidType, PermutationError, SizeMismatch

triples = st.integers(0, 7).flatmap(lambda n: st.tuples(*[st.permutations(range(n))] * 3))


def test_convention_pins() -> None:
    swap, turn = (1, 0, 2), (1, 2, 0)
    assert multiply(swap, turn) == (2, 1, 0)  # first swap, then turn: a -> turn[swap[a]]
    assert multiply(turn, swap) == (0, 2, 1)
    assert act(turn, "abc") == ("b", "c", "a")  # entry x_(g(a)) at place a


@given(triples)
def test_product_is_that_of_sympy(triple: tuple[list[int], list[int], list[int]]) -> None:
    g, h, x = triple
    assert list(multiply(g, h)) == (Permutation(g) * Permutation(h)).array_form
    assert act(multiply(g, h), x) == act(g, act(h, x))
    assert multiply(g, inverse(g)) == tuple(range(len(g)))
    assert cycle_type(multiply(multiply(g, h), inverse(g))) == cycle_type(h)


def test_every_spelling() -> None:
    for spelling in ([2, 0, 1], np.array([2, 0, 1]), Permutation([2, 0, 1]), range(3)):
        assert sorted(read_permutation(spelling)) == [0, 1, 2]
    assert read_permutation(Permutation(1, 2), n=5) == (0, 2, 1, 3, 4)
    assert cycle_type(()) == ()


@pytest.mark.parametrize("n", range(9))
def test_representatives(n: int) -> None:
    assert [cycle_type(representative(mu)) for mu in partitions(n)] == partitions(n)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ((0, 2, 2), "g: must hold each of 0..2 once, but 2 occurs twice in (0, 2, 2)"),
        ((1, 2, 3), "g: must hold each of 0..2 once, but 3 occurs in (1, 2, 3)"),
        ((0, -1), "g: must hold each of 0..1 once, but -1 occurs in (0, -1)"),
        ((0, 1.0), "g: must hold each of 0..1 once, but 1.0 of type float is among them"),
    ],
)
def test_says_what_is_wrong(wrong: object, message: str) -> None:
    with pytest.raises(PermutationError) as caught:
        read_permutation(wrong, "g")
    assert str(caught.value) == message


def test_other_bad_input() -> None:
    for wrong in ("021", 3, None, {0, 1}):
        with pytest.raises(InvalidType):
            read_permutation(wrong)
    with pytest.raises(SizeMismatch):
        read_permutation((0, 1), n=3)
    with pytest.raises(SizeMismatch):
        multiply((0, 1), (0, 1, 2))


def test_what_is_acted_on_can_be_indexed() -> None:
    turn = (1, 2, 0)
    assert act(turn, np.array([5, 7, 9])) == (7, 9, 5)
    for wrong in ({0: "a", 1: "b", 2: "c"}, {1, 2, 3}, 3, None, iter("abc")):
        with pytest.raises(InvalidType, match="x: must be a sequence"):
            act(turn, wrong)  # type: ignore[arg-type]


def test_a_permutation_that_reads_as_a_partition_of_another_size() -> None:
    """(3, 2, 1, 0) is the partition (3, 2, 1) of 6 with a zero, or turns four places round: of type (2, 2) where four are meant."""
    assert read_cycle_type((3, 2, 1, 0), "mu", 4) == (2, 2)
    assert read_cycle_type((3, 2, 1, 0), "mu", 6) == (3, 2, 1)
    assert read_cycle_type((3, 2, 1, 0), "mu") == (3, 2, 1)
