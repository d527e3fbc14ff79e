"""The law of s_x, the sum of the squares of the letters' numbers, beside a count over all sequences."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from math import prod

import pytest

from symkern.engines.match_counts.mean_diagonal import square_sums
from symkern.kernels import categorical, mixture, uniform
from symkern.tokens import Law

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
SKEW = (HALF, THIRD, Fraction(1, 6))
LAWS: list[tuple[Law, list[tuple[Fraction, tuple[Fraction, ...]]]]] = [
    (uniform(1), [(Fraction(1), (Fraction(1),))]),
    (uniform(2), [(Fraction(1), (HALF, HALF))]),
    (uniform(4), [(Fraction(1), (Fraction(1, 4),) * 4)]),
    (categorical(SKEW), [(Fraction(1), SKEW)]),
    (
        mixture([(THIRD, uniform(3)), (1 - THIRD, categorical(SKEW))]),
        [(THIRD, (THIRD,) * 3), (1 - THIRD, SKEW)],
    ),
]


@pytest.mark.parametrize(("law", "components"), LAWS, ids=lambda value: repr(value)[:40])
@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_square_sums_beside_all_sequences(
    law: Law, components: list[tuple[Fraction, tuple[Fraction, ...]]], length: int
) -> None:
    counted: dict[int, Fraction] = {}
    for weight, p in components:
        for x in product(range(len(p)), repeat=length):
            q = sum(count**2 for count in Counter(x).values())
            counted[q] = counted.get(q, Fraction(0)) + weight * prod(p[t] for t in x)
    assert square_sums(length, law) == counted


def test_long_sums_are_left_to_others() -> None:
    """From 2001 positions on no sum is begun, and none over more than 50,000 contents; with two letters there are 1,001."""
    assert square_sums(2001, uniform(3)) is None
    assert square_sums(2001, categorical([HALF, HALF])) is None
    assert square_sums(200, uniform(10)) is None
    found = square_sums(2000, uniform(2))
    assert found is not None and len(found) == 1001 and sum(found.values()) == 1
