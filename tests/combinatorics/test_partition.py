"""Partitions against SymPy, brute force over cells and permutations, and identities."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from itertools import permutations
from math import factorial

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy.combinatorics.partitions import IntegerPartition

from symkern.combinatorics import Partition, cycle_type, partitions
from symkern.errors import (
    BelowThreshold,
    InvalidArgument,
    InvalidType,
    PartitionError,
    SizeMismatch,
    SymkernError,
)

shapes = st.lists(st.integers(1, 8), max_size=8).map(lambda parts: Partition(sorted(parts)[::-1]))


def test_is_the_tuple_of_its_parts() -> None:
    lam = Partition(3, 2, 1)
    assert lam == (3, 2, 1) == Partition((3, 2, 1)) == Partition([3, 2, 1])
    assert hash(lam) == hash((3, 2, 1))
    assert {(3, 2, 1): "tuple"}[lam] == "tuple" == {lam: "tuple"}[(3, 2, 1)]
    assert (str(lam), str(Partition()), repr(Partition())) == ("3,2,1", "[]", "Partition()")
    with pytest.raises(AttributeError):
        lam.name = 1  # type: ignore[attr-defined]


@given(shapes)
def test_round_trips(lam: Partition) -> None:
    assert eval(repr(lam)) == lam  # noqa: S307
    assert Partition.read(str(lam)) == lam
    for copied in (copy.copy(lam), copy.deepcopy(lam), pickle.loads(pickle.dumps(lam))):
        assert copied == lam and isinstance(copied, Partition)


@pytest.mark.parametrize(
    "spelling",
    [
        (4, 2, 1),
        [4, 2, 1],
        "4,2,1",
        "[4, 2, 1]",
        "(4,2,1)",
        " 4, 2 ,1 ",
        IntegerPartition([4, 2, 1]),
        np.array([4, 2, 1]),
        (np.int8(4), np.uint64(2), sp.Integer(1)),
        Partition(4, 2, 1),
    ],
)
def test_reads_every_spelling(spelling: object) -> None:
    read = Partition.read(spelling)
    assert read == Partition(4, 2, 1) and isinstance(read, Partition)
    assert all(type(part) is int for part in read)
    assert Partition(spelling) == read


@pytest.mark.parametrize("spelling", ["[]", "()", " [ ] ", (), [], np.array([], dtype=int)])
def test_reads_the_empty_partition(spelling: object) -> None:
    assert Partition.read(spelling) == Partition() == ()
    assert Partition.read("(2,)") == (2,)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ((1, 3), "mu: parts must weakly decrease, but part 2 is 3 after 1 in (1, 3)"),
        ((2, 0, 1), "mu: parts must be positive, but part 2 is 0 in (2, 0, 1)"),
        ((2, -1), "mu: parts must be positive, but part 2 is -1 in (2, -1)"),
        ((2.0, 1), "mu: parts must be integers, but part 1 is 2.0 of type float"),
        ((True,), "mu: parts must be integers, but part 1 is True of type bool"),
        (("2", "1"), "mu: parts must be integers, but part 1 is '2' of type str"),
        ("", "mu: a partition is spelled like '4,2,1' or '[]', but it is ''"),
        ("4;2", "mu: a partition is spelled like '4,2,1' or '[]', but it is '4;2'"),
        ("1,2", "mu: parts must weakly decrease, but part 2 is 2 after 1 in (1, 2)"),
    ],
)
def test_says_what_is_wrong(wrong: object, message: str) -> None:
    with pytest.raises(PartitionError) as caught:
        Partition.read(wrong, "mu")
    assert str(caught.value) == message
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "text",
    ["1_0", "²", "٣", "4,,2", "4,2,", "-1", "+1", "1e3", "[3,2", "3]", "[]]", "[[3]]", "9" * 5000],
)
def test_refuses_other_texts(text: str) -> None:
    with pytest.raises(PartitionError):
        Partition.read(text)


@pytest.mark.parametrize(
    "wrong",
    [3, None, 2.5, b"321", {3, 2}, {3: 1}, iter([3]), np.array([[2, 1]]), np.array(3), object()],
)
def test_refuses_other_objects(wrong: object) -> None:
    with pytest.raises(InvalidType):
        Partition.read(wrong)


@given(
    st.one_of(
        st.text(max_size=12),
        st.lists(st.one_of(st.integers(), st.floats(), st.none(), st.text(max_size=3)), max_size=4),
    )
)
def test_any_input_is_a_partition_or_a_typed_error(value: object) -> None:
    try:
        lam = Partition.read(value)
    except SymkernError:
        return
    assert list(lam) == sorted(lam, reverse=True) and all(a > 0 for a in lam)


@given(shapes)
def test_conjugate_transposes_the_cells(lam: Partition) -> None:
    assert set(lam.conjugate.cells) == {(j, i) for i, j in lam.cells}
    assert lam.conjugate.conjugate == lam
    assert lam.is_self_conjugate == (lam.conjugate == lam)
    if lam:
        assert list(lam.conjugate) == list(IntegerPartition(list(lam)).conjugate)


def test_conjugate_pin() -> None:
    assert Partition(4, 2).conjugate == (2, 2, 1, 1)
    assert Partition(3, 1).contents == ((0, 1, 2), (-1,))  # column minus row


@given(shapes)
def test_hooks_and_contents_by_counting_cells(lam: Partition) -> None:
    cells = set(lam.cells)
    for i, row in enumerate(lam.hook_lengths):
        for j, hook in enumerate(row):
            right = sum((i, c) in cells for c in range(j + 1, 10))
            below = sum((r, j) in cells for r in range(i + 1, 10))
            assert hook == right + below + 1
    assert lam.content_sum == sum(j - i for i, j in cells)
    assert lam.durfee == sum((i, i) in cells for i in range(10))
    assert Partition.from_frobenius(*lam.frobenius) == lam
    assert lam.conjugate.frobenius == lam.frobenius[::-1]


@given(shapes)
def test_corners_and_neighbours(lam: Partition) -> None:
    cells = set(lam.cells)
    assert [set(nu.cells) for nu in lam.down()] == [cells - {corner} for corner in lam.corners]
    assert [set(nu.cells) for nu in lam.up()] == [cells | {cell} for cell in lam.addable]
    assert len(lam.addable) == len(lam.corners) + 1
    assert all(lam.contains(nu) and not nu.contains(lam) for nu in lam.down())


@pytest.mark.parametrize("n", range(9))
def test_dominance_is_the_order_of_partial_sums(n: int) -> None:
    for lam in partitions(n):
        for mu in partitions(n):
            sums = [(sum(lam[:k]), sum(mu[:k])) for k in range(n + 1)]
            assert lam.dominates(mu) == all(a >= b for a, b in sums)
            assert lam.dominates(mu) == mu.conjugate.dominates(lam.conjugate)
    assert not Partition(2).dominates((1,)) and not Partition(1).dominates((2,))


@pytest.mark.parametrize("n", range(1, 8))
def test_classes_by_listing_all_permutations(n: int) -> None:
    found: Counter[Partition] = Counter()
    for g in permutations(range(n)):
        mu = cycle_type(g)
        found[mu] += 1
        if found[mu] == 1:
            element = sp.combinatorics.Permutation(list(g))
            assert mu.sign == (1 if element.is_even else -1)
            assert mu.order == element.order()
    assert found == {mu: mu.class_size for mu in partitions(n)}
    assert all(mu.class_size * mu.centraliser_order == factorial(n) for mu in found)


@pytest.mark.parametrize("n", range(16))
def test_dimensions(n: int) -> None:
    assert sum(lam.dimension**2 for lam in partitions(n)) == factorial(n)
    for lam in partitions(n):
        hooks = sp.prod([h for row in lam.hook_lengths for h in row])
        assert lam.dimension == factorial(n) / hooks
        assert lam.dimension == (sum(nu.dimension for nu in lam.down()) if n else 1)


def test_large_dimensions_are_exact_ints() -> None:
    assert Partition(10**12, 1).dimension == 10**12
    assert Partition([1] * 3000).dimension == Partition(3000).dimension == 1
    # Catalan numbers count the tableaux with two equal rows.
    assert Partition(1500, 1500).dimension == sp.catalan(1500)
    assert type(Partition(5, 4, 3).dimension) is int


def test_padded_dimensions_of_the_literature() -> None:
    known = {(1,): 9, (2,): 35, (1, 1): 36, (3,): 75, (2, 1): 160, (1, 1, 1): 84}
    for mu, dimension in known.items():
        assert Partition(mu).padded(10).dimension == dimension
        assert Partition(mu).padded_dimension(10) == dimension


@given(shapes, st.integers(0, 30))
def test_padding(mu: Partition, more: int) -> None:
    n = mu.threshold + more
    lam = mu.padded(n)
    assert lam.size == n
    assert lam.stable == (mu if n else ())
    size = sp.Symbol("n")
    assert lam.dimension == mu.padded_dimension(size).subs(size, n)
    if mu.threshold:
        with pytest.raises(BelowThreshold, match=r"must be at least \|mu\| \+ mu_1"):
            mu.padded(mu.threshold - 1)
        # At threshold - 1 the two first rows differ by one: the polynomial vanishes.
        assert mu.padded_dimension(mu.threshold - 1) == 0


def test_multiplicities_and_union() -> None:
    mu = Partition(3, 1, 1)
    assert mu.multiplicities == {3: 1, 1: 2}
    assert mu.union((2, 1)) == (3, 2, 1, 1, 1)
    assert mu.centraliser_order == 6


def test_frobenius_errors() -> None:
    with pytest.raises(PartitionError, match="strictly decrease"):
        Partition.from_frobenius((1, 1), (2, 0))
    with pytest.raises(SizeMismatch):
        Partition.from_frobenius((1,), ())
    with pytest.raises(InvalidArgument):
        Partition.from_frobenius((-1,), (0,))
