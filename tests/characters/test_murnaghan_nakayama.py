"""Single characters against symfn, and against characters built from permutation modules."""

from __future__ import annotations

import random

import pytest
import symfn
from hypothesis import given, settings
from hypothesis import strategies as st

from symkern.characters import character
from symkern.combinatorics import Partition, beads, from_beads, partitions, remove_strips
from symkern.errors import InvalidType, PartitionError, SizeMismatch


def test_convention_pins() -> None:
    """lam is the irrep, mu the class; (n) is trivial, (1^n) the sign."""
    assert character((4, 1), (2, 1, 1, 1)) == 2
    assert character((2, 1, 1, 1), (4, 1)) == 0
    assert character((3, 1, 1), (5,)) == 1
    assert [character((4,), mu) for mu in partitions(4)] == [1] * 5
    assert [character((1, 1, 1, 1), mu) for mu in partitions(4)] == [-1, 1, 1, -1, 1]
    assert character((), ()) == 1 and type(character((1,), (1,))) is int


@pytest.mark.parametrize("n", range(15))
def test_all_values_equal_an_independent_program(n: int) -> None:
    shapes = symfn.partitions(n)
    table = symfn.character_table(n)
    for i, lam in enumerate(shapes):
        assert [character(lam, mu) for mu in shapes] == table[i]


def random_partition(rng: random.Random, n: int, length: int) -> list[int]:
    cuts = sorted(rng.sample(range(1, n), length - 1))
    return sorted((b - a for a, b in zip([0, *cuts], [*cuts, n], strict=True)), reverse=True)


@pytest.mark.parametrize("n", [60, 100])
@pytest.mark.parametrize("length", [2, 5, 9, 12, 16])
def test_large_values_equal_an_independent_program(n: int, length: int) -> None:
    rng = random.Random(1000 * n + length)
    found = []
    for _ in range(12):
        lam = random_partition(rng, n, length)
        mu = random_partition(rng, n, length)
        found.append(character(lam, mu))
        assert found[-1] == symfn.character_value(lam, mu)
    if length >= 9:
        assert any(found)


@pytest.mark.parametrize(
    ("lam", "mu"),
    [
        ((14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 3, 2), (2,) * 25 + (1,) * 50),
        ((10,) * 10, (3,) * 10 + (2,) * 10 + (1,) * 50),
        ((10,) * 10, (12, 11, 10, 9, 9, 8, 8, 8, 7, 7, 6, 5)),
        ((20, 20, 20, 20, 20), (4,) * 25),
        ((52, 24, 12, 6, 3, 2, 1), (5,) * 20),
        ((40, 1) + (1,) * 59, (30, 30, 20, 20)),
        ((12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1), (7,) * 4 + (5,) * 4 + (3,) * 10),
    ],
)
def test_hard_shapes_equal_an_independent_program(
    lam: tuple[int, ...], mu: tuple[int, ...]
) -> None:
    assert character(lam, mu) == symfn.character_value(list(lam), list(mu))


def unfolded(lam: Partition, mu: tuple[int, ...]) -> int:
    """The rule itself, one strip after the other, parts in the given order."""
    if not mu:
        return 1
    return sum(
        (-1) ** height * unfolded(from_beads(mask), mu[1:])
        for mask, height in remove_strips(beads(lam), mu[0])
    )


@settings(deadline=None)
@given(
    st.integers(0, 9).flatmap(lambda n: st.tuples(*[st.sampled_from(partitions(n))] * 2)),
    st.randoms(),
)
def test_the_order_of_the_parts_does_not_matter(
    pair: tuple[Partition, Partition], rng: random.Random
) -> None:
    lam, mu = pair
    order = list(mu)
    rng.shuffle(order)
    assert unfolded(lam, tuple(order)) == character(lam, mu)


@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(st.just(n), *[st.randoms(use_true_random=False)] * 1)
    )
)
def test_conjugation_twists_by_the_sign(pair: tuple[int, random.Random]) -> None:
    n, rng = pair
    lam = Partition(random_partition(rng, n, rng.randint(1, min(n, 8))))
    mu = Partition(random_partition(rng, n, rng.randint(1, min(n, 8))))
    assert character(lam.conjugate, mu) == mu.sign * character(lam, mu)
    assert character(lam, (1,) * n) == lam.dimension


@pytest.mark.parametrize("n", range(2, 12))
def test_central_character_of_the_transpositions(n: int) -> None:
    """C(n,2) chi(transposition) = dim times the sum of the contents (Frobenius)."""
    for lam in partitions(n):
        transposition = (2,) + (1,) * (n - 2)
        assert n * (n - 1) // 2 * character(lam, transposition) == lam.dimension * lam.content_sum


def test_bad_input() -> None:
    with pytest.raises(SizeMismatch) as caught:
        character((2, 1), (2, 2))
    assert str(caught.value) == (
        "mu: must be a partition of 3, the size of lam = (2, 1), but it is (2, 2) of size 4"
    )
    with pytest.raises(PartitionError, match="mu: parts must weakly decrease"):
        character((2, 1), (1, 2))
    with pytest.raises(InvalidType, match="lam: must be a partition"):
        character(3, (3,))
