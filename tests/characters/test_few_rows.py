"""Characters by power sums in few variables, against Murnaghan-Nakayama one strip at a time and against symfn."""

from math import comb

import symfn
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import character
from symkern.characters.few_rows import by_binomials, by_power_sums, power_sum_cost
from symkern.characters.frontiers import remove_signed
from symkern.combinatorics import Partition
from symkern.combinatorics.border_strips import beads
from tests.search import examples


def strip_by_strip(shape, classes):
    """The rule as it is written in the books, the largest part first."""
    frontier = {beads(shape): 1}
    for k in sorted(classes, reverse=True):
        for _ in range(classes[k]):
            frontier = remove_signed(frontier, k)
    return frontier.get(0, 0) + sum(
        c for mask, c in frontier.items() if mask and not mask & (mask + 1)
    )


@st.composite
def pairs(draw, most_rows=5, longest=18):
    rows = draw(st.integers(1, most_rows))
    below = sorted((draw(st.integers(1, longest)) for _ in range(rows - 1)), reverse=True)
    shape = Partition(draw(st.integers(longest, 90)), *below)
    left, parts = shape.size, []
    while left:
        part = draw(st.integers(1, min(left, draw(st.integers(1, left)))))
        parts.append(part)
        left -= part
    return shape, Partition(*sorted(parts, reverse=True))


@examples(80)
@given(pairs())
def test_random_pairs(pair):
    shape, mu = pair
    if power_sum_cost(tuple(shape), mu.multiplicities):
        found = by_power_sums(tuple(shape), mu.multiplicities)
        assert found == symfn.character_value(tuple(shape), tuple(mu)) == character(shape, mu)


@examples(40)
@given(pairs(most_rows=4, longest=6))
def test_against_the_rule(pair):
    shape, mu = pair
    if len(mu) <= 25 and power_sum_cost(tuple(shape), mu.multiplicities):
        expected = strip_by_strip(shape, dict(mu.multiplicities))
        assert by_power_sums(tuple(shape), mu.multiplicities) == expected


def test_values_beyond_one_word():
    """|chi| above 2^63 needs the run modulo a prime; with many ones z exceeds what both can tell."""
    shape, mu = Partition(60, 14, 12, 8), Partition(*[3] * 6, *[2] * 20, *[1] * 36)
    value = by_power_sums(tuple(shape), mu.multiplicities)
    assert abs(value) > 1 << 63
    assert value == symfn.character_value(tuple(shape), tuple(mu))
    assert power_sum_cost((60, 14, 12, 8), {1: 94}) == 0
    shape, mu = (28, 21, 20, 14, 13), Partition(*[3] * 18, *[2] * 12, *[1] * 18)
    value = by_power_sums(shape, mu.multiplicities)
    assert value == symfn.character_value(shape, tuple(mu)) == -211170713660092002960


@examples(60)
@given(pairs(most_rows=4, longest=9))
def test_binomials_agree(pair):
    shape, mu = pair
    assert by_binomials(tuple(shape), mu.multiplicities) == character(shape, mu)


def test_a_million_points():
    """Two rows: differences of numbers of invariant subsets; on the identity the hook length formula."""
    n = 10**6
    assert character((n - 40, 40), Partition(*[1] * n)) == Partition(n - 40, 40).dimension
    cycles = {3: 10, 2: 100, 1: n - 230}

    def subsets(size):
        """Invariant subsets: coefficient of x^size in the product of (1 + x^k)^m."""
        return sum(
            comb(10, a) * comb(100, b) * comb(n - 230, size - 3 * a - 2 * b)
            for a in range(11)
            for b in range(101)
            if size >= 3 * a + 2 * b
        )

    mu = Partition(*(k for k, m in cycles.items() for _ in range(m)))
    assert character((n - 31, 31), mu) == subsets(31) - subsets(30)
