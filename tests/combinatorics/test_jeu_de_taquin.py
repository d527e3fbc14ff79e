"""Slides, promotion and evacuation against each other's definitions; skew tableaux against all fillings."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.combinatorics import (
    Partition,
    SkewPartition,
    SkewTableau,
    Tableau,
    evacuation,
    inverse_promotion,
    partitions,
    promotion,
    rectify,
    rsk,
    semistandard_tableaux,
    skew_semistandard_tableaux,
    skew_standard_tableaux,
    slide,
)
from symkern.errors import InvalidArgument, InvalidType, PartitionError, SizeMismatch
from tests.search import examples


def skew_shapes(largest: int) -> list[SkewPartition]:
    return [
        SkewPartition(lam, mu)
        for n in range(largest + 1)
        for lam in partitions(n)
        for k in range(n + 1)
        for mu in partitions(k)
        if lam.contains(mu)
    ]


def all_fillings(shape: SkewPartition, letters: int) -> set[SkewTableau]:
    found = set()
    for word in product(range(1, letters + 1), repeat=shape.size):
        rest = iter(word)
        rows = tuple(
            tuple(None if j < shape.inner.part(i) else next(rest) for j in range(row))
            for i, row in enumerate(shape.outer)
        )
        at = {(i, j): e for i, row in enumerate(rows) for j, e in enumerate(row) if e}
        if all(
            at.get((i, j + 1), e) >= e and at.get((i + 1, j), e + 1) > e for (i, j), e in at.items()
        ):
            found.add(SkewTableau(rows))
    return found


@pytest.mark.parametrize("letters", range(4))
def test_skew_tableaux_are_all_of_them(letters: int) -> None:
    for shape in skew_shapes(4):
        every = all_fillings(shape, letters)
        listed = list(shape.semistandard_tableaux(letters))
        assert len(listed) == len(set(listed)) == shape.semistandard_count(letters)
        assert set(listed) == every and all(t.is_semistandard for t in listed)
        for weight in product(range(4), repeat=letters):
            if sum(weight) == shape.size:
                chosen = list(skew_semistandard_tableaux(shape, weight=weight))
                assert len(chosen) == len(set(chosen))
                padded = {t for t in every if (*t.weight, *[0] * letters)[:letters] == weight}
                assert set(chosen) == padded
        assert len(list(skew_standard_tableaux(shape))) == shape.standard_count


def test_straight_ones_of_a_weight() -> None:
    for weight in ((2, 1, 2), (0, 3, 1), (1, 1, 1, 2)):
        for lam in partitions(sum(weight)):
            listed = list(lam.semistandard_tableaux(weight=weight))
            every = [t for t in semistandard_tableaux(lam, len(weight)) if t.weight == weight]
            assert sorted(listed) == sorted(every)


@examples(30)
@given(st.sampled_from(skew_shapes(5)), st.randoms(use_true_random=False))
def test_rectification_is_insertion_whatever_the_order(
    shape: SkewPartition, rng: random.Random
) -> None:
    listed = list(skew_semistandard_tableaux(shape, 3))
    if not listed:
        return
    tableau = start = rng.choice(listed)
    while corners := tableau.shape.inner.corners:
        tableau = slide(tableau, rng.choice(corners))
        assert tableau.is_semistandard and tableau.weight == start.weight
    straight = rectify(start)
    assert tableau.rows == straight.rows
    assert straight == rsk(start.reading_word)[0]


def promoted_by_slides(t: Tableau) -> Tableau:
    """Take 1 away, slide, lower everything, n into the cell that was left."""
    n = t.size
    rows = [[None if e == 1 else e for e in row] for row in t.rows]
    slid = slide(SkewTableau(rows), (0, 0))
    [cell] = set(t.shape.cells) - set(slid.shape.outer.cells)
    lowered = [[e - 1 for e in row] for row in slid.rows]
    if cell[0] == len(lowered):
        lowered.append([])
    lowered[cell[0]].append(n)
    return Tableau(lowered)


@pytest.mark.parametrize("n", range(1, 7))
def test_promotion_and_evacuation_of_standard_tableaux(n: int) -> None:
    for lam in partitions(n):
        for t in lam.standard_tableaux():
            assert t.promotion() == promoted_by_slides(t)
            assert t.promotion().inverse_promotion() == t == t.inverse_promotion().promotion()
            word = t.reading_word
            turned = [n + 1 - a for a in reversed(word)]
            assert t.evacuation() == rsk(turned)[0]
            assert t.evacuation().evacuation() == t


@examples(30)
@given(
    st.integers(0, 6).flatmap(lambda n: st.sampled_from(partitions(n))),
    st.integers(0, 4),
    st.data(),
)
def test_semistandard_evacuation_is_the_turned_word(
    lam: Partition, m: int, data: st.DataObject
) -> None:
    listed = list(semistandard_tableaux(lam, m))
    if listed:
        t = data.draw(st.sampled_from(listed))
        turned = [m + 1 - a for a in reversed(t.reading_word)]
        assert evacuation(t, m) == rsk(turned)[0]
        moved = promotion(t, m)
        assert inverse_promotion(moved, m) == t and moved.is_semistandard
        weight = [*t.weight, *[0] * (m - len(t.weight))]
        assert [*moved.weight, *[0] * (m - len(moved.weight))] == weight[1:] + weight[:1]


@pytest.mark.parametrize(("rows", "columns"), [(2, 3), (3, 2), (3, 3), (2, 4)])
def test_promotion_on_rectangles_has_the_order_of_the_cells(rows: int, columns: int) -> None:
    """Schuetzenberger, Haiman: n promotions of a standard tableau of a rectangle are the identity."""
    for t in Partition([columns] * rows).standard_tableaux():
        moved = t
        for _ in range(rows * columns):
            moved = moved.promotion()
        assert moved == t


def test_skew_tableaux_as_values() -> None:
    t = SkewTableau([[None, 1], [2]])
    assert eval(repr(t)) == t and hash(t) == hash(SkewTableau(((None, 1), (2,))))  # noqa: S307
    assert str(t) == ". 1\n2" and "array" in t.latex() and t.size == 2 and t.is_standard
    with pytest.raises(PartitionError, match="the missing boxes must form a partition"):
        SkewTableau([[1, 2], [None, 3]])
    with pytest.raises(InvalidArgument, match="missing boxes must stand at the left"):
        SkewTableau([[1, None]])
    with pytest.raises(InvalidArgument, match="cell: must be an inner corner"):
        t.slide((0, 1))
    with pytest.raises(InvalidType, match="tableau: must be a SkewTableau"):
        rectify(Tableau(((1,),)))  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="tableau: must be semistandard"):
        promotion(Tableau(((2, 1),)))
    with pytest.raises(SizeMismatch, match="weight: must add up to the 3 cells"):
        Partition(2, 1).semistandard_tableaux(weight=(1, 1))
    with pytest.raises(InvalidArgument, match="letters, weight: one of them must be given"):
        Partition(2, 1).semistandard_tableaux()
