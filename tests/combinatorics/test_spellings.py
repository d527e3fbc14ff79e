"""What is printed, here and by Sage and GAP, is read: partitions, skew shapes, tableaux, cycles; other texts are refused, none is evaluated."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern import strategies
from symkern.combinatorics import (
    Partition,
    SkewPartition,
    SkewTableau,
    Tableau,
    cycle_text,
    cycle_type,
    evacuation,
    inverse,
    inverse_promotion,
    iter_partitions,
    multiply,
    partition_count,
    partitions,
    promotion,
    skew_semistandard_tableaux,
    skew_standard_tableaux,
    to_gap,
    to_sage,
)
from symkern.errors import (
    FormulaError,
    InvalidArgument,
    InvalidType,
    PartitionError,
    PermutationError,
    SymkernError,
)
from symkern.typeset.labels import cycle_type_text


@given(strategies.partitions(max_size=14))
def test_partitions_as_they_are_printed(lam: Partition) -> None:
    powers = ",".join(f"{part}^{m}" for part, m in lam.multiplicities.items())
    written = [repr(lam), to_sage(lam), to_gap(lam), str(tuple(lam)), f"[{powers}]"]
    written += [f"Partition({tuple(lam)})", f" [ {' , '.join(map(str, lam))} ] "]
    if lam:
        written += [str(lam), cycle_type_text(lam), powers]
    for text in written:
        assert Partition(text) == Partition.read(text) == lam, text


@pytest.mark.parametrize(
    "text",
    ["", "Partition", "Partition(", "Partition([4,2]))", "[4^]", "[^2]", "4^2^2", "4^-1", "[[4,2]]",
     "Partitions([4])", "4^2.0", "(4,2]", "4;2", "__import__('os')", "Partition(Partition([2]))"],
)  # fmt: skip
def test_other_texts_are_no_partitions(text: str) -> None:
    with pytest.raises(
        PartitionError, match="lam: a partition is spelled like '4,2,1' or '\\[\\]'"
    ):
        Partition(text)


def test_order_and_size_of_written_parts() -> None:
    assert Partition("[3,1^0]") == (3,) and Partition("Partition()") == ()
    with pytest.raises(PartitionError, match="parts must weakly decrease"):
        Partition("[1^2,3]")
    with pytest.raises(PartitionError, match="at most 1000000 parts"):
        Partition("1^999999999999999999")


SKEW = [SkewPartition((3, 2), (1,)), SkewPartition((4, 4, 1), (2, 1)), SkewPartition((2,), ()), SkewPartition((), ())]  # fmt: skip


@pytest.mark.parametrize("shape", SKEW)
def test_skew_shapes_as_they_are_printed(shape: SkewPartition) -> None:
    pair = [list(shape.outer), list(shape.inner)]
    assert SkewPartition(pair) == SkewPartition(tuple(map(tuple, pair))) == shape  # type: ignore[arg-type]
    assert SkewPartition(shape) == shape  # type: ignore[arg-type]
    for text in (repr(shape), to_sage(shape), to_gap(shape), str(pair), f"{pair[0]}/{pair[1]}"):
        assert SkewPartition(text) == shape, text
    if shape.size:
        assert SkewPartition(str(shape)) == shape


def test_skew_shapes_that_are_none() -> None:
    for value in (Partition(3, 2), (3, 2), "[3,2]", [[3], [2], [1]], 5, None):
        with pytest.raises(InvalidType, match="inner: must be given"):
            SkewPartition(value)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="inner: must lie inside"):
        SkewPartition("2,1/3")
    with pytest.raises(FormulaError):
        SkewPartition("Skew([[3],[1]])")


def test_tableaux_as_they_are_printed() -> None:
    straight = [Tableau(rows) for rows in (((1, 2), (3,)), ((1,),), (), ((10, 12), (11,)))]
    for t in straight:
        for text in (repr(t), to_sage(t), to_gap(t), str(list(map(list, t.rows)))):
            assert Tableau(text) == t, text
        if t.size > 1:
            assert Tableau(str(t)) == t
    skew = [SkewTableau(rows) for rows in (((None, 1), (2,)), ((None, None, 1), (None, 2), (3,)))]
    for s in skew:
        for text in (repr(s), to_sage(s), to_gap(s), str(s)):
            assert SkewTableau(text) == s, text
    assert sk.combinatorics.rank_tableau(Tableau("[[1,2],[3]]")) == 0


@pytest.mark.parametrize(
    "text",
    ["", "x", "[[1,2],[3]", "[[1,2],[3]]]", "Tableaux([[1]])", "[[1.5]]", "[[1e3]]", "[[-1]]", "[[1],2]",
     "[1,2]", "[[1,2],[3]] + 1", "[" * 200, "exit()", "[[1 2]]", "[[9999999999999999999]]"],
)  # fmt: skip
def test_other_texts_are_no_tableaux(text: str) -> None:
    for kind in (Tableau, SkewTableau):
        with pytest.raises(SymkernError):
            kind(text)


def test_cycles_stand_for_permutations() -> None:
    for g in permutations(range(4)):
        assert cycle_type(cycle_text(g)).union([1] * 4).size == cycle_type(cycle_text(g)).size + 4
        assert multiply(g, cycle_text(inverse(g))) == (0, 1, 2, 3)
        assert sk.ClassFunction.permutation(4)(cycle_text(g, separator=",")) == cycle_type(g).count(1)  # fmt: skip
    assert cycle_type("(0 1)(2 3)") == (2, 2) and cycle_type("(0 1)(3)") == (2, 1, 1)
    assert sk.character((3, 1), "(0 1)(2 3)") == sk.character((3, 1), (2, 2))
    assert sk.character((3, 1), "(2,2)") == -1  # a partition where it is one
    assert sk.character_table(4)[(3, 1), "(0 1 2)(3)"] == 0
    for text in ("(0 1", "(0 1)(1 2)", "(0 1)x", "((0 1))"):
        with pytest.raises(PermutationError, match="g: "):
            cycle_type(text)
    for text in ("0 1", "", "eval('1')"):
        with pytest.raises(InvalidType, match=r"g: must be a permutation such as \(2, 0, 1\) or '\(0 2\)\(1 3\)'"):  # fmt: skip
            cycle_type(text)


def test_conditions_that_are_none() -> None:
    for counted in (partition_count, iter_partitions):
        with pytest.raises(InvalidType, match=r"max_parts: must be one of max_part, max_length, .*; did you mean 'max_part'"):  # fmt: skip
            counted(5, max_parts=3)
        with pytest.raises(InvalidType, match=r"lenght: must be one of max_part, max_length"):  # fmt: skip
            counted(5, lenght=3)


# Promotion of skew tableaux


def promoted(t: SkewTableau) -> SkewTableau:
    """Linear extensions, by hand: 1 is taken away, the smaller neighbour to the right or below moves up, and so on; n into the last cell."""
    at = {(i, j): e for i, row in enumerate(t.rows) for j, e in enumerate(row) if e}
    if not at:
        return t
    hole = next(cell for cell, e in at.items() if e == 1)
    while True:
        i, j = hole
        after = [c for c in ((i, j + 1), (i + 1, j)) if c in at]
        if not after:
            break
        least = min(after, key=at.__getitem__)
        at[hole] = at[least]
        hole = least
    at[hole] = len(at) + 1
    return SkewTableau([[at[i, j] - 1 if (i, j) in at else None for j in range(len(row))] for i, row in enumerate(t.rows)])  # fmt: skip


SHAPES = [SkewPartition(lam, mu) for n in range(6) for lam in partitions(n) for k in range(3) for mu in partitions(k) if lam.contains(mu)]  # fmt: skip


def test_promotion_of_skew_standard_tableaux() -> None:
    for shape in SHAPES:
        for t in skew_standard_tableaux(shape):
            moved = t.promotion()
            assert moved == promoted(t) and moved.inverse_promotion() == t
            assert t.evacuation().evacuation() == t
            # Stanley: promotion turns round under evacuation.
            assert moved.evacuation() == t.evacuation().inverse_promotion()


@given(st.sampled_from(SHAPES), st.integers(1, 4), st.randoms(use_true_random=False))
def test_promotion_turns_weights_and_is_the_straight_one(
    shape: SkewPartition, letters: int, rng: random.Random
) -> None:
    listed = list(skew_semistandard_tableaux(shape, letters))
    if not listed:
        return
    t = rng.choice(listed)
    moved = promotion(t, letters)
    weight = [*t.weight, *[0] * (letters - len(t.weight))]
    turned = [*moved.weight, *[0] * (letters - len(moved.weight))]
    assert turned == weight[1:] + weight[:1] and moved.is_semistandard and moved.shape == t.shape
    assert inverse_promotion(moved, letters) == t
    assert evacuation(evacuation(t, letters), letters) == t
    if not shape.inner:
        straight = Tableau(t.rows)  # type: ignore[arg-type]
        assert promotion(straight, letters).rows == moved.rows
        assert evacuation(straight, letters).rows == evacuation(t, letters).rows


def test_orbits_of_promotion() -> None:
    """On a rectangle their lengths divide the number of cells; an orbit is one tableau after the other, each once."""
    for shape in (Partition(3, 3), Partition(2, 2, 2), Partition(4, 4)):
        met: set[Tableau] = set()
        for t in shape.standard_tableaux():
            orbit = t.promotion_orbit()
            assert shape.size % len(orbit) == 0 and len(set(orbit)) == len(orbit)
            assert [u.promotion() for u in orbit] == [*orbit[1:], orbit[0]]
            met |= set(orbit)
        assert len(met) == shape.dimension
    with pytest.raises(InvalidArgument, match="tableau: must be semistandard"):
        Tableau(((2, 1),)).promotion_orbit()
