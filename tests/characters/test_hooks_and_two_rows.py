"""Characters of hooks and of two rows, against symfn, against strips, and at sizes that only polynomials reach."""

from math import comb

import pytest
import symfn
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import ClassFunction, character
from symkern.characters.hooks_and_two_rows import by_one_variable, is_hook_or_two_rows
from symkern.combinatorics import Partition, partitions
from symkern.errors import TooLarge
from tests.search import examples


@pytest.mark.parametrize("n", range(1, 13))
def test_all_classes_equal_an_independent_program(n: int) -> None:
    shapes = [lam for lam in partitions(n) if is_hook_or_two_rows(tuple(lam))]
    assert len(shapes) == n + max(0, n // 2 - 1)  # (n - 1, 1) and, at n = 2, (1, 1) are both
    for lam in shapes:
        for mu in partitions(n):
            assert by_one_variable(tuple(lam), mu.multiplicities) == symfn.character_value(lam, mu)


@st.composite
def cycle_types(draw: st.DrawFn, n: int) -> Partition:
    left, parts = n, []
    while left:
        parts.append(draw(st.integers(1, min(left, draw(st.sampled_from([2, 5, left]))))))
        left -= parts[-1]
    return Partition(*sorted(parts, reverse=True))


@examples(60)
@given(st.data(), st.integers(12, 80))
def test_single_values_equal_an_independent_program(data: st.DataObject, n: int) -> None:
    k = data.draw(st.integers(1, n // 2))
    mu = data.draw(cycle_types(n))
    for lam in ((n - k, k), (n - k, *[1] * k), (k + 1, *[1] * (n - k - 1))):
        assert character(lam, mu) == symfn.character_value(lam, tuple(mu))


def test_hooks_are_the_exterior_powers_of_the_standard_representation() -> None:
    standard = ClassFunction.irreducible((8, 1))
    for k in range(9):
        power = standard.exterior_power(k)
        assert all(
            by_one_variable((9 - k, *[1] * k), mu.multiplicities) == x for mu, x in power.items()
        )


@pytest.mark.wide
def test_thousands_of_points() -> None:
    n = 4000
    assert character((n // 2, n // 2), (2,) * (n // 2)) == comb(n // 2, n // 4)
    mu = (3,) * 1000 + (1,) * 1000
    # On (3^a, 1^b): (1 - x) (1 + x^3)^a (1 + x)^b, the coefficient of x^k.
    k = 700

    def at(e: int) -> int:
        return sum(comb(1000, j) * comb(1000, e - 3 * j) for j in range(e // 3 + 1))

    assert character((n - k, k), mu) == at(k) - at(k - 1)
    hook = sum(
        (-1) ** i * at(k - i) for i in range(k + 1)
    )  # odd cycles: (1 + q^3)^a (1 + q)^b/(1 + q)
    assert character((n - k, *[1] * k), mu) == hook


def test_what_does_not_fit_is_refused() -> None:
    n = 4_000_000
    with pytest.raises(TooLarge, match="a hook or of two rows"):
        character((n // 2, n // 2), (2, *[1] * (n - 2)))
