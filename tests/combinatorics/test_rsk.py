"""The correspondences against their characterisations and published values: nothing here inserts a letter."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, permutations, product
from math import factorial

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy.combinatorics import Permutation

from symkern.combinatorics import (
    Partition,
    Tableau,
    are_knuth_equivalent,
    charge,
    cocharge,
    descents,
    dual_rsk,
    inverse_dual_rsk,
    inverse_matrix_rsk,
    inverse_rsk,
    inversion_count,
    knuth_class,
    knuth_neighbours,
    major_index,
    matrix_rsk,
    partitions,
    rsk,
    semistandard_tableaux,
)
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from tests.search import examples

words = st.lists(st.integers(1, 6), max_size=9)


def longest(word: Sequence[int], k: int) -> int:
    """The most letters that k weakly increasing subwords have together (Greene), by trying all."""
    n = len(word)
    best = 0
    for size in range(n, 0, -1):
        for chosen in combinations(range(n), size):
            left = [word[i] for i in chosen]
            # A word splits into k weakly increasing ones where no k + 1 letters strictly decrease.
            falls = [1] * size
            for i in range(size):
                falls[i] = 1 + max((falls[j] for j in range(i) if left[j] > left[i]), default=0)
            if max(falls) <= k:
                return size
    return best


@examples(40)
@given(st.lists(st.integers(1, 5), max_size=7))
def test_the_shape_by_greenes_theorem(word: list[int]) -> None:
    shape = rsk(word)[0].shape
    assert [sum(shape[:k]) for k in range(1, 4)] == [longest(word, k) for k in range(1, 4)]


def test_a_published_example() -> None:
    """Sagan, 3.1: the permutation 4 2 3 6 5 1 7."""
    P, Q = rsk((4, 2, 3, 6, 5, 1, 7))
    assert P.rows == ((1, 3, 5, 7), (2, 6), (4,))
    assert Q.rows == ((1, 3, 4, 7), (2, 5), (6,))
    assert rsk(Permutation([3, 1, 2, 5, 4, 0, 6])) == (P, Q)


@pytest.mark.parametrize("n", range(6))
def test_permutations_and_pairs_of_standard_tableaux(n: int) -> None:
    pairs = {}
    for w in permutations(range(1, n + 1)):
        P, Q = rsk(w)
        assert P.is_standard and Q.is_standard and P.shape == Q.shape
        pairs[P, Q] = w
        back = tuple(w.index(a) + 1 for a in range(1, n + 1))
        assert rsk(back) == (Q, P)  # Schuetzenberger: the inverse exchanges the two
        assert inverse_rsk(P, Q) == w
        assert Q.descents == descents(w)
        assert rsk(w[::-1])[0] == P.conjugate
    assert len(pairs) == factorial(n)


@examples(60)
@given(words)
def test_words_come_back(word: list[int]) -> None:
    P, Q = rsk(word)
    assert P.is_semistandard and Q.is_standard and P.shape == Q.shape
    assert inverse_rsk(P, Q) == tuple(word)
    assert rsk(P.reading_word)[0] == P
    assert Counter(P.reading_word) == Counter(word)


@examples(60)
@given(
    st.integers(0, 3).flatmap(
        lambda m: st.lists(st.lists(st.integers(0, 3), min_size=m, max_size=m), max_size=3)
    )
)
def test_matrices_come_back_and_transposing_exchanges_the_tableaux(rows: list[list[int]]) -> None:
    P, Q = matrix_rsk(rows)
    shape = (len(rows), len(rows[0]) if rows else 0)
    assert P.is_semistandard and Q.is_semistandard
    assert inverse_matrix_rsk(P, Q, shape) == tuple(map(tuple, rows))
    assert matrix_rsk([list(column) for column in zip(*rows, strict=True)]) == (Q, P)
    assert P.weight == tuple(map(sum, zip(*rows, strict=True)))[: len(P.weight)]
    assert Q.weight == tuple(map(sum, rows))[: len(Q.weight)]


@pytest.mark.parametrize("size", [(2, 2), (2, 3), (3, 2)])
def test_the_dual_correspondence_is_onto(size: tuple[int, int]) -> None:
    """Cauchy's dual identity, pair by pair: P of the transposed shape in the columns' letters, Q in the rows'."""
    rows, columns = size
    found = set()
    for entries in product((0, 1), repeat=rows * columns):
        matrix = tuple(entries[i * columns : (i + 1) * columns] for i in range(rows))
        P, Q = dual_rsk(matrix)
        assert P.conjugate.is_semistandard and Q.is_semistandard and P.shape == Q.shape
        assert inverse_dual_rsk(P, Q, size) == matrix
        assert P.weight == tuple(map(sum, zip(*matrix, strict=True)))[: len(P.weight)]
        found.add((P, Q))
    every = {
        (P.conjugate, Q)
        for n in range(rows * columns + 1)
        for lam in partitions(n)
        for P in semistandard_tableaux(lam.conjugate, columns)
        for Q in semistandard_tableaux(lam, rows)
    }
    assert found == every


def test_knuth_classes_are_the_components_of_the_relations() -> None:
    for letters in ((1, 2, 3, 4), (1, 1, 2, 3), (1, 2, 2, 3, 3)):
        graph = nx.Graph()
        for word in set(permutations(letters)):
            graph.add_node(word)
            graph.add_edges_from((word, other) for other in knuth_neighbours(word))
        parts = list(nx.connected_components(graph))
        for part in parts:
            word = min(part)
            assert set(knuth_class(word)) == part
            assert set(knuth_class(rsk(word)[0])) == part
            assert all(are_knuth_equivalent(word, other) for other in part)
        one, other = (min(part) for part in parts[:2])
        assert not are_knuth_equivalent(one, other)


# Statistics


@pytest.mark.parametrize("letters", [(0, 1, 2, 3), (1, 1, 2, 2), (1, 1, 2, 3, 3)])
def test_major_index_and_inversions_have_one_law(letters: tuple[int, ...]) -> None:
    every = set(permutations(letters))
    plain = Counter(sum(a > b for a, b in combinations(w, 2)) for w in every)
    assert Counter(map(inversion_count, every)) == plain == Counter(map(major_index, every))
    for w in every:
        assert inversion_count(w) == sum(a > b for a, b in combinations(w, 2))
        assert descents(w) == tuple(i for i in range(1, len(w)) if w[i - 1] > w[i])


def test_charge_of_published_words() -> None:
    """The six words of weight (2,2,1) in the documentation of Sage's `charge`."""
    published = {(1, 1, 2, 2, 3): 4, (3, 1, 1, 2, 2): 3, (2, 1, 1, 2, 3): 2, (2, 1, 1, 3, 2): 2, (3, 2, 1, 1, 2): 1, (2, 2, 1, 1, 3): 1, (3, 2, 2, 1, 1): 0}  # fmt: skip
    for word, value in published.items():
        assert charge(word) == value and cocharge(word) == 4 - value
    for n in range(6):
        for lam in partitions(n):
            standard = list(lam.standard_tableaux())
            # On standard tableaux cocharge has the law of the major index, by the fake degree.
            assert Counter(t.cocharge for t in standard) == Counter(t.major_index for t in standard)


def test_charge_is_constant_on_knuth_classes() -> None:
    for letters in ((1, 2, 3, 4), (1, 1, 2, 2, 3), (1, 1, 1, 2, 3)):
        for word in set(permutations(letters)):
            assert {charge(other) for other in knuth_neighbours(word)} <= {charge(word)}


def test_large_words_are_quick() -> None:
    generator = random.Random(1)
    word = [generator.randrange(1, 50) for _ in range(3000)]
    assert inverse_rsk(*rsk(word)) == tuple(word)


def test_bad_input() -> None:
    with pytest.raises(InvalidArgument, match="word: letters count from 1, so that a permutation"):
        rsk((1, 0, 2))
    with pytest.raises(InvalidType, match="word: must be a list of letters"):
        rsk("12")
    P, Q = rsk((1, 2)), rsk((2, 1))
    with pytest.raises(SizeMismatch, match=r"Q: must have the shape \(2,\) of P"):
        inverse_rsk(P[0], Q[1])
    with pytest.raises(InvalidType, match="P: must be a Tableau"):
        inverse_rsk(((1,),), Q[1])  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="Q: must be standard"):
        inverse_rsk(Tableau(((1, 1),)), Tableau(((1, 1),)))
    with pytest.raises(InvalidArgument, match="matrix: must be an integer of at most 1"):
        dual_rsk([[2]])
    with pytest.raises(InvalidArgument, match="shape: must be an integer of at least 2"):
        inverse_matrix_rsk(*matrix_rsk([[0, 1], [1, 0]]), shape=(1, 2))
    with pytest.raises(InvalidArgument, match="word: its weight must be a partition"):
        charge((1, 2, 2))
    assert rsk(()) == (Tableau(()), Tableau(())) and Partition() == rsk([])[0].shape
