"""Single characters against symfn, and against characters built from permutation modules."""

from __future__ import annotations

import random

import pytest
import symfn
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import character, frontiers, murnaghan_nakayama
from symkern.combinatorics import Partition, beads, from_beads, partitions, remove_strips
from symkern.errors import InvalidType, PartitionError, SizeMismatch, TooLarge
from tests.search import examples


def test_convention_pins() -> None:
    """lam is the irrep, mu the class; (n) is trivial, (1^n) the sign."""
    assert character((4, 1), (2, 1, 1, 1)) == 2
    assert character((2, 1, 1, 1), (4, 1)) == 0
    assert character((3, 1, 1), (5,)) == 1
    assert [character((4,), mu) for mu in partitions(4)] == [1] * 5
    assert [character((1, 1, 1, 1), mu) for mu in partitions(4)] == [-1, 1, 1, -1, 1]
    assert character((), ()) == 1 and type(character((1,), (1,))) is int


@pytest.mark.sampled(2)
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


@pytest.mark.sampled(2)
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


@examples(60)
@given(
    st.integers(40, 200), st.integers(1, 8), st.integers(1, 40), st.randoms(use_true_random=False)
)
def test_random_shapes_up_to_200(n: int, rows: int, length: int, rng: random.Random) -> None:
    """Few rows or nearly so, so that the other program is quick; sometimes transposed."""
    lam = Partition(random_partition(rng, n, rows))
    mu = Partition(random_partition(rng, n, max(length, n // 8)))
    found = character(lam, mu)
    assert found == symfn.character_value(lam, mu)
    assert character(lam.conjugate, mu) == mu.sign * found


@pytest.mark.parametrize("size", range(9))
def test_near_trivial_shapes_equal_an_independent_program(size: int) -> None:
    rng = random.Random(size)
    for nu in partitions(size):
        lam = nu.padded(60)
        for _ in range(3):
            mu = Partition(random_partition(rng, 60, rng.randint(5, 40)))
            assert character(lam, mu) == symfn.character_value(lam, mu)
            assert character(lam.conjugate, mu) == mu.sign * symfn.character_value(lam, mu)


@pytest.mark.wide
def test_near_trivial_shapes_at_n_in_the_millions() -> None:
    n = 3_000_000
    mu = Partition.trusted([2] * (n // 3) + [1] * (n // 3))
    ones, twos = n // 3, n // 3
    assert character((n - 1, 1), mu) == ones - 1
    assert character((n - 2, 2), mu) == ones * (ones - 3) // 2 + twos
    assert character((n - 2, 1, 1), mu) == (ones - 1) * (ones - 2) // 2 - twos
    assert character((n - 2, 1, 1), (n,)) == 1 and character((n - 3, 2, 1), (n - 3, 3)) == -1


@pytest.mark.parametrize("nu", [(5, 4), (4, 3, 2, 1), (6, 6), (3, 3, 2, 2, 1, 1)])
def test_some_more_cells_below_the_first_row(
    nu: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine to twelve cells by the polynomial where n is large, and by strips, which n makes slow."""
    n = 400
    lam = (n - sum(nu), *nu)
    mu = (7, 5) + (3,) * 40 + (2,) * 50 + (1,) * 168
    assert murnaghan_nakayama._is_near_trivial(n, sum(nu))
    assert not murnaghan_nakayama._is_near_trivial(100, sum(nu))
    value = character(lam, mu)
    monkeypatch.setattr(murnaghan_nakayama, "_NEAR_TRIVIAL_AT_MOST", 0)
    assert character(lam, mu) == value != 0


def test_rows_longer_than_memory_are_refused() -> None:
    with pytest.raises(TooLarge, match="a character of so long a row"):
        character((10**15, 10**15, 10**15), (3 * 10**15,))
    assert (
        character((10**15, 10**15), (2 * 10**15,)) == 0
    )  # no cycle is short enough for the second row
    assert character((10**30, 1), (10**30, 1)) == 0  # near trivial: no beads at all


def test_frontiers_in_words_and_in_a_dictionary_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same values with every step vectorised, and with none."""
    rng = random.Random(7)
    cases = []
    for _ in range(25):
        lam = Partition(random_partition(rng, 50, rng.randint(5, 9)))
        mu = Partition(random_partition(rng, 50, rng.randint(10, 25)))
        cases.append((lam, mu, character(lam, mu)))
    for threshold in (0, 10**9):
        monkeypatch.setattr(frontiers, "_VECTORISED_FROM", threshold)
        for lam, mu, value in cases:
            assert character(lam, mu) == value == symfn.character_value(lam, mu)


@pytest.mark.wide
def test_coefficients_near_the_width_of_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frontiers of thousands with coefficients of dozens of digits, in words and without."""
    lam = Partition(20, 18, 15, 13, 11, 9, 7, 5, 2)
    mu, nu = (2,) * 30 + (1,) * 40, (3,) * 20 + (2,) * 20
    values = character(lam, mu), character(lam, nu)
    assert values[0] == symfn.character_value(lam, mu)
    monkeypatch.setattr(frontiers, "_VECTORISED_FROM", 10**9)
    assert character(lam, nu) == values[1]


def test_vectorised_steps_stop_before_they_could_wrap() -> None:
    start = {(1 << 3) | (1 << 5) | (1 << 8): 1 << 61}
    taken, frontier = frontiers._remove_vectorised(start, 1, 5, False)
    assert taken < 5
    exact = start
    for _ in range(5):
        exact = frontiers.remove_signed(exact, 1)
    for _ in range(5 - taken):
        frontier = frontiers.remove_signed(frontier, 1)
    assert frontier == exact
