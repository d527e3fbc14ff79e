"""Places in lists against the lists; random objects against their laws, seeded; the boundary and cycles against their definitions."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import islice, permutations
from math import factorial, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy.combinatorics import Permutation

from symkern import strategies
from symkern.combinatorics import (
    Partition,
    SkewPartition,
    Tableau,
    boundary_word,
    charge,
    core,
    cycle_text,
    cycles,
    from_boundary_word,
    from_core_and_quotient,
    from_cycles,
    partition_count,
    partitions,
    quotient,
    random_partition,
    random_permutation,
    random_semistandard_tableau,
    random_standard_tableau,
    rank_partition,
    rank_permutation,
    rank_tableau,
    rim,
    skew_semistandard_tableaux,
    skew_standard_tableaux,
    standard_tableaux,
    unrank_partition,
    unrank_permutation,
    unrank_tableau,
)
from symkern.combinatorics.tableaux import fillings_of
from symkern.errors import InvalidArgument, InvalidType, PartitionError, PermutationError
from tests.search import examples


@pytest.mark.parametrize("n", range(13))
def test_places_of_partitions(n: int) -> None:
    listed = partitions(n)
    assert [rank_partition(lam) for lam in listed] == list(range(len(listed)))
    assert [unrank_partition(n, i) for i in range(len(listed))] == listed


@pytest.mark.parametrize("n", range(6))
def test_places_of_permutations(n: int) -> None:
    listed = list(permutations(range(n)))
    assert [rank_permutation(g) for g in listed] == list(range(len(listed)))
    assert [unrank_permutation(n, i) for i in range(len(listed))] == listed
    assert all(rank_permutation(g) == Permutation(list(g)).rank() for g in listed)


@pytest.mark.parametrize("n", range(7))
def test_places_of_tableaux(n: int) -> None:
    for lam in partitions(n):
        listed = list(standard_tableaux(lam))
        assert [rank_tableau(t) for t in listed] == list(range(len(listed)))
        assert [unrank_tableau(lam, i) for i in range(len(listed))] == listed
        for letters in (2, 3, 4):
            filled = list(lam.semistandard_tableaux(letters))
            assert len(filled) == lam.semistandard_count(letters)
            if n < 6 or letters < 4:
                places = range(len(filled))
                assert [rank_tableau(t, letters=letters) for t in filled] == list(places)
                assert [unrank_tableau(lam, i, letters) for i in places] == filled


def test_places_of_skew_tableaux() -> None:
    shape = SkewPartition((4, 3, 1), (2, 1))
    for letters in (None, 3):
        listed: list[Any] = list(
            skew_standard_tableaux(shape)
            if letters is None
            else skew_semistandard_tableaux(shape, letters)
        )
        assert [rank_tableau(t, letters) for t in listed] == list(range(len(listed)))
        assert [unrank_tableau(shape, i, letters) for i in range(len(listed))] == listed


def test_places_without_listing_what_comes_before() -> None:
    """The first of very many are listed at once, at their places."""
    lam = Partition(6, 4, 1)
    for place, t in enumerate(islice(lam.semistandard_tableaux(10**9), 60)):
        assert unrank_tableau(lam, place, letters=8) == t
        assert rank_tableau(t, letters=max(max(row) for row in t.rows)) == place


def test_far_places() -> None:
    n = partition_count(400)
    assert rank_partition(unrank_partition(400, n // 3)) == n // 3
    lam = Partition(range(9, 0, -1))
    assert rank_tableau(unrank_tableau(lam, lam.dimension // 5)) == lam.dimension // 5
    assert rank_permutation(unrank_permutation(100, 10**100)) == 10**100


# Laws: a chi-squared of k classes is below k + 6 sqrt(2 k) but for chance in a million.


def fits(drawn: Counter[Any], law: dict[Any, Fraction]) -> bool:
    n, k = sum(drawn.values()), len(law)
    assert set(drawn) <= set(law) and sum(law.values()) == 1
    statistic = sum((drawn[x] - n * p) ** 2 / (n * p) for x, p in law.items())
    return statistic < k + 6 * sqrt(2 * k)


def test_the_laws_of_random_objects() -> None:
    count = 1000
    seeds = range(count)
    listed = partitions(7)
    uniform = {lam: Fraction(1, len(listed)) for lam in listed}
    plancherel = {lam: Fraction(lam.dimension**2, factorial(7)) for lam in listed}
    drawn = Counter(random_partition(7, seed=s) for s in seeds)
    assert fits(drawn, uniform) and not fits(drawn, plancherel)
    drawn = Counter(random_partition(7, "plancherel", seed=s) for s in seeds)
    assert fits(drawn, plancherel) and not fits(drawn, uniform)
    for shape in (Partition(3, 2, 1), Partition(4, 1), SkewPartition((3, 2, 1), (1,))):
        every = list(shape.standard_tableaux())
        law = {t: Fraction(1, len(every)) for t in every}
        assert fits(Counter(random_standard_tableau(shape, seed=s) for s in seeds), law)
    every = list(Partition(2, 1).semistandard_tableaux(3))
    law = {t: Fraction(1, len(every)) for t in every}
    assert fits(Counter(random_semistandard_tableau((2, 1), 3, seed=s) for s in seeds), law)
    law = {g: Fraction(1, 24) for g in permutations(range(4))}
    assert fits(Counter(random_permutation(4, seed=s) for s in seeds), law)


def test_seeds_give_the_same_and_fresh_entropy_does_not() -> None:
    assert random_partition(60, seed=5) == random_partition(60, seed=5)
    assert len({random_permutation(20) for _ in range(5)}) == 5
    t = random_standard_tableau((40, 30, 20, 10), seed=1)
    assert isinstance(t, Tableau) and t.is_standard and t.shape == (40, 30, 20, 10)
    with pytest.raises(InvalidArgument, match="shape: must have such a filling"):
        random_semistandard_tableau((1, 1, 1), 2)
    with pytest.raises(InvalidArgument, match="law: must be 'uniform' or 'plancherel'"):
        random_partition(3, "normal")
    with pytest.raises(InvalidType, match="seed: must be an integer"):
        random_partition(3, seed="x")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="index: must be an integer of at most 6"):
        unrank_partition(5, 7)
    with pytest.raises(InvalidArgument, match="index: must be the place of an object"):
        unrank_tableau((1, 1), 0, letters=1)
    with pytest.raises(InvalidArgument, match="letters: must be given for a semistandard"):
        rank_tableau(Tableau(((1, 1),)))
    assert fillings_of((), letters=2).count == 1
    with pytest.raises(InvalidArgument, match=r"\|shape\|: must be an integer of at most"):
        unrank_tableau((10**30, 1), 0)
    with pytest.raises(InvalidArgument, match="law: must be"):
        random_partition(3, {})  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match="separator: must be a string"):
        cycle_text((1, 0), separator=3)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="word: its weight must be a partition"):
        charge((10**30, 1))


# The boundary


@examples(30)
@given(strategies.partitions(max_size=25), st.integers(1, 5))
def test_the_boundary_and_cores_with_quotients(lam: Partition, k: int) -> None:
    cells = set(lam.cells)
    assert set(rim(lam)) == {(i, j) for i, j in cells if (i + 1, j + 1) not in cells}
    assert list(lam.rim) == sorted(lam.rim, key=lambda cell: cell[0] - cell[1])
    for (i, j), a, b in zip(lam.cells, sum(lam.arms, ()), sum(lam.legs, ()), strict=True):
        assert a == sum((i, c) in cells for c in range(j + 1, lam[0]))
        assert b == sum((r, j) in cells for r in range(i + 1, len(lam)))
        assert lam.hook_lengths[i][j] == a + b + 1
    word = boundary_word(lam)
    assert sum(word) == len(lam) and len(word) - sum(word) == lam.part(0)
    # An inversion, a 0 before a 1, is a cell.
    assert sum(1 for i, s in enumerate(word) for t in word[i:] if s < t) == lam.size
    assert from_boundary_word(word) == lam == from_boundary_word((1, *word, 0))
    assert from_core_and_quotient(core(lam, k), quotient(lam, k)) == lam


@examples(40)
@given(st.integers(1, 4).flatmap(lambda k: st.tuples(strategies.cores(k), st.lists(strategies.partitions(max_size=5), min_size=k, max_size=k))))  # fmt: skip
def test_every_core_and_quotient_is_that_of_a_partition(pair: Any) -> None:
    kernel, parts = pair
    lam = from_core_and_quotient(kernel, parts)
    assert core(lam, len(parts)) == kernel and list(quotient(lam, len(parts))) == parts


def test_bad_cores() -> None:
    with pytest.raises(PartitionError, match="core_shape: must be a 2-core"):
        from_core_and_quotient((2,), [(), ()])
    with pytest.raises(InvalidArgument, match="quotient: must be a list"):
        from_core_and_quotient((2,), Partition(1))


# Cycles


@pytest.mark.parametrize("n", range(6))
def test_cycles_beside_sympy(n: int) -> None:
    for g in permutations(range(n)):
        assert [list(c) for c in cycles(g)] == Permutation(list(g)).cyclic_form
        assert from_cycles(cycles(g), n) == g
        for first, separator in ((0, " "), (1, ","), (1, ", ")):
            assert from_cycles(cycle_text(g, first, separator), n, first) == g


def test_bad_cycles() -> None:
    for text in ("(0 1", "0 1", "", "(0 1)(a)", "(0,,1)", "(-1 2)"):
        with pytest.raises(PermutationError, match="cycles"):
            from_cycles(text)
    with pytest.raises(PermutationError, match="must be disjoint"):
        from_cycles([(0, 1), (1, 2)])
    with pytest.raises(PermutationError, match=r"must move the positions 1..3 alone, but 4 occurs"):
        from_cycles("(1 4)", n=3, first=1)
    with pytest.raises(InvalidArgument, match="cycles: must be an integer of at least 1"):
        from_cycles("(0 1)", first=1)
