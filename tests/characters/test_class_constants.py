"""Class constants against products of permutations, symfn and a published value."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest
import symfn
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.characters import ClassFunction, character_table, class_constant, class_product
from symkern.characters.class_constants import class_column
from symkern.combinatorics import (
    Partition,
    beads,
    cycle_type,
    inverse,
    multiply,
    partitions,
    representative,
)
from symkern.errors import SizeMismatch
from tests.search import examples


@pytest.mark.parametrize("n", range(1, 6))
def test_by_multiplying_permutations(n: int) -> None:
    """g*h = k for a fixed k: h = g^-1 * k."""
    for nu in partitions(n):
        k = representative(nu)
        counted = Counter(
            (cycle_type(g), cycle_type(multiply(inverse(g), k))) for g in permutations(range(n))
        )
        for lam in partitions(n):
            for mu in partitions(n):
                assert class_constant(lam, mu, nu) == counted[lam, mu]
                assert class_product(lam, mu).get(nu, 0) == counted[lam, mu]


@examples(60)
@given(st.integers(0, 16).flatmap(lambda n: st.tuples(*[st.sampled_from(partitions(n))] * 3)))
def test_beside_an_independent_program(kinds: tuple[Partition, ...]) -> None:
    lam, mu, nu = kinds
    expected = symfn.class_algebra_coefficient(nu, lam, mu)
    assert class_constant(lam, mu, nu) == expected == class_constant(mu, lam, nu)


@pytest.mark.parametrize("n", [0, 1, 5, 13, 16])
def test_columns_of_the_table(n: int) -> None:
    table = character_table(n)
    for mu in table.partitions[:: max(1, n // 3)]:
        column = class_column(mu)
        assert [column.get(beads(lam, n), 0) for lam in table.partitions] == table.column(
            mu
        ).tolist()


def test_a_published_value_of_s34() -> None:
    """The triples with product 1 and these cycle types, divided by 34!, are 271/72; p(34) = 12310."""
    lam, mu, nu = (2,) * 17, (*(3,) * 11, 1), (6, 6, 6, 5, 4, 4, 3)
    found = sk.characters.class_constant(lam, mu, nu)
    assert sp.Rational(found, Partition(nu).centraliser_order) == sp.Rational(271, 72)


def test_the_convolution_of_class_functions_says_the_same() -> None:
    lam, mu = Partition(3, 2, 1, 1), Partition(4, 1, 1, 1)
    f = ClassFunction.indicator(lam).convolve(ClassFunction.indicator(mu))
    assert {nu: value * sp.factorial(7) for nu, value in f.items() if value} == class_product(
        lam, mu
    )


def test_permutations_stand_for_their_types_and_bad_input() -> None:
    assert class_constant((1, 0, 2), (2, 1), (1, 2, 0)) == class_constant((2, 1), (2, 1), (3,)) == 3
    with pytest.raises(SizeMismatch, match="nu: must be a cycle type of S_3, as lam is"):
        class_constant((2, 1), (2, 1), (2, 2))
