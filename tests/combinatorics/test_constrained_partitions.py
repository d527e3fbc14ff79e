"""Partitions under conditions, by filtering all of them and by generating functions."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import symfn
from hypothesis import given
from hypothesis import strategies as st
from sympy import Poly, Symbol

from symkern.combinatorics import Partition, iter_partitions, partition_count, partitions
from symkern.errors import InvalidArgument, InvalidType
from tests.effort import calls_at_most
from tests.search import examples

small = st.one_of(st.none(), st.integers(0, 6))
shapes = st.one_of(st.none(), st.integers(0, 12).flatmap(lambda n: st.sampled_from(partitions(n))))


def kept(lam: Partition, **given: Any) -> bool:
    bounds = {
        "max_part": lambda b: lam.part(0) <= b,
        "max_length": lambda b: len(lam) <= b,
        "min_part": lambda b: not lam or lam[-1] >= b,
        "min_length": lambda b: len(lam) >= b,
        "parts": lambda b: set(lam) <= set(b),
        "inside": lambda b: b.contains(lam),
        "containing": lam.contains,
    }
    return all(bounds[name](value) for name, value in given.items() if value is not None)


@examples(300)
@given(
    st.integers(0, 11), small, small, st.one_of(st.none(), st.integers(1, 4)), small,
    st.one_of(st.none(), st.sets(st.integers(1, 8))), shapes, shapes,
)  # fmt: skip
def test_the_conditions_by_filtering(
    n: int, max_part: Any, max_length: Any, min_part: Any, min_length: Any, parts: Any, inside: Any, containing: Any
) -> None:  # fmt: skip
    conditions = {
        "max_part": max_part, "max_length": max_length, "min_part": min_part, "min_length": min_length,
        "parts": None if parts is None else sorted(parts), "inside": inside, "containing": containing,
    }  # fmt: skip
    plain = [lam for lam in partitions(n) if kept(lam, **conditions)]
    assert list(iter_partitions(n, **conditions)) == plain
    assert partition_count(n, **conditions) == len(plain)


def test_counts_by_generating_functions() -> None:
    q = Symbol("q")
    for a, b in product(range(5), repeat=2):
        box = Poly(1, q)
        for i in range(1, b + 1):
            box = (box * Poly(1 - q ** (a + i), q)).exquo(Poly(1 - q**i, q))
        for n in range(a * b + 2):
            expected = box.coeff_monomial(q**n)
            assert partition_count(n, max_part=a, max_length=b) == expected
            assert partition_count(n, inside=(a,) * b if a else ()) == expected
    plain = [1] + [0] * 200
    for part in (1, 5, 10, 25, 50, 100):
        for m in range(part, 201):
            plain[m] += plain[m - part]
    coins = (1, 5, 10, 25, 50, 100)
    assert [partition_count(n, parts=coins) for n in range(201)] == plain


def test_published_counts() -> None:
    """292 ways to change a dollar (Polya; OEIS A001299); partitions without ones, A002865; into three parts, A001399."""
    assert partition_count(100, parts=(1, 5, 10, 25, 50)) == 292
    assert [partition_count(n, min_part=2) for n in range(12)] == [1, 0, 1, 1, 2, 2, 4, 4, 7, 8, 12, 14]  # fmt: skip
    assert [partition_count(n, max_length=3) for n in range(12)] == [1, 1, 2, 3, 4, 5, 7, 8, 10, 12, 14, 16]  # fmt: skip
    assert len(symfn.partitions(30)) == partition_count(30, max_part=30, min_length=0)


def test_the_first_is_there_at_once() -> None:
    with calls_at_most(50_000):
        first = next(iter(iter_partitions(3000, max_part=60, min_part=7, min_length=52)))
        assert first.size == 3000 and first[0] == 60 and first[-1] >= 7 and len(first) >= 52
        inside = next(iter(iter_partitions(500, inside=(40,) * 40, containing=(20, 20, 3))))
        assert inside == (*(40,) * 12, 20)
    with calls_at_most(200_000):
        assert (
            partition_count(2000, max_part=50, max_length=60) == 1590867863901528562121849280
        )  # the quotient of SymPy's polynomials
        assert partition_count(400, inside=(40,) * 30, containing=(20, 20, 3)) > 10**15


def test_bad_input() -> None:
    with pytest.raises(InvalidArgument, match="min_part: must be an integer of at least 1"):
        iter_partitions(5, min_part=0)
    with pytest.raises(InvalidType, match="parts: must be a list of integers"):
        partition_count(5, parts=3)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="inside: parts must weakly decrease"):
        partition_count(5, inside=(1, 2))
