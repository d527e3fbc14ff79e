"""Rectangles of characters against single ones, tables and symfn; powers of character polynomials against those of class functions."""

from __future__ import annotations

import numpy as np
import pytest
import symfn
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.characters import (
    CharacterPolynomial,
    ClassFunction,
    batches,
    character,
    character_table,
    kostka_matrix,
    s,
    values,
)
from symkern.combinatorics import Partition, partitions, random_partition
from symkern.errors import InvalidType, SizeMismatch
from tests.search import examples


@pytest.mark.parametrize("n", range(12))
def test_whole_tables(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a table for the last three cells, so that everything else is done by strips."""
    monkeypatch.setattr(batches, "_REST", 3)
    table = character_table(n)
    found = values(table.partitions, table.partitions)
    assert found.tolist() == table.values.tolist()
    assert found.dtype == np.int64 and not found.flags.writeable


@pytest.mark.parametrize("n", [25, 40, 62])
def test_beside_an_independent_program(n: int) -> None:
    drawn = [random_partition(n, seed=seed) for seed in range(24)]
    lams, mus = [*drawn[:10], Partition(n), Partition([1] * n)], [*drawn[10:], Partition([1] * n)]
    found = values(lams, mus)
    assert found.tolist() == [[symfn.character_value(lam, mu) for mu in mus] for lam in lams]
    assert found.dtype == (np.int64 if n == 25 else object)  # dimensions of S_40 pass 2^63


def test_beyond_words_and_of_few_irreps() -> None:
    drawn = [random_partition(70, seed=seed) for seed in range(9)]
    assert values(drawn[:5], drawn[5:]).tolist() == [[character(a, b) for b in drawn[5:]] for a in drawn[:5]]  # fmt: skip
    assert values(drawn[:1], drawn[5:7]).tolist() == [[character(drawn[0], b) for b in drawn[5:7]]]
    assert values([], [(2,)]).shape == (0, 1) and values([(2,)], []).shape == (1, 0)
    assert values([()], [()]).tolist() == [[1]]


def test_sums_that_leave_the_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same numbers where every bound is passed: Python ints take over."""
    drawn = [random_partition(30, seed=seed) for seed in range(16)]
    plain = values(drawn[:8], drawn[8:]).tolist()
    monkeypatch.setattr(batches, "_WORD", 8)
    assert values(drawn[:8], drawn[8:]).tolist() == plain


def test_bad_input() -> None:
    with pytest.raises(
        SizeMismatch, match=r"mus: must be partitions of 3, as the first of lams is"
    ):
        values([(2, 1)], [(2,)])
    with pytest.raises(SizeMismatch, match="lams: must be partitions of 3"):
        values([(2, 1), (2,)], [(3,)])
    with pytest.raises(InvalidType, match="lams: must be a list of partitions"):
        values(3, [])  # type: ignore[arg-type]
    assert values([(2, 1)] * 5, [(1, 2, 0)]).tolist() == [[-1]] * 5


# Powers, uniform in n


@examples(25)
@given(st.sampled_from(["X1", "X2", "X1 - 1", "X1^2/2 - X2", "X1*X2 + X3", "2"]), st.integers(1, 3))
def test_powers_of_character_polynomials(text: str, k: int) -> None:
    polynomial = CharacterPolynomial(text)
    for n in range(5):
        plain = ClassFunction(n, polynomial.value)
        assert polynomial.adams(k).at(n) == plain.adams(k)
        assert polynomial.symmetric_power(k).at(n) == plain.symmetric_power(k)
        assert polynomial.exterior_power(k).at(n) == plain.exterior_power(k)
        for nu in partitions(k):
            assert polynomial.schur_power(nu).at(n) == plain.schur_power(nu)


def test_restriction_from_the_general_linear_group() -> None:
    for n in range(4):
        for nu in partitions(n):
            power = CharacterPolynomial("X1").schur_power(nu)
            assert power == s[nu].character_polynomial()
    assert CharacterPolynomial.irreducible((2,)).schur_power((2, 1)).threshold == 4
    with pytest.raises(InvalidType):
        CharacterPolynomial("X1").adams("2")  # type: ignore[arg-type]


def test_tables_meet_numpy_and_sympy() -> None:
    for table in (character_table(5), kostka_matrix(5)):
        assert np.asarray(table).tolist() == table.values.tolist() == sp.Matrix(table).tolist()
        assert sp.Matrix(table) == table.to_sympy() and np.array(table, dtype=float).dtype == float
        copied = table.to_numpy()
        copied[0, 0] = 7
        assert table.values[0, 0] == 1 and np.array(table, copy=True).flags.writeable
    assert sk.characters.values([(2, 1)], [(3,)])[0, 0] == -1
