"""Contexts of mpmath that belong to whoever asked for them."""

import mpmath

from symkern.abc import parse
from symkern.exact.many_digits import many_digits


def test_a_context_keeps_its_digits_whatever_others_do() -> None:
    first, second = many_digits(60), many_digits(20)
    with mpmath.workdps(5):
        root = first.sqrt(2)
        second.dps = 10
    assert abs(root**2 - 2) < first.mpf(10) ** -58
    assert first.dps == 60 and mpmath.mp.dps == 15


def test_numbers_go_from_one_context_into_another() -> None:
    first, second = many_digits(60), many_digits(20)
    assert second.mpf(first.mpf(1) / 3) == second.mpf(1) / 3 != first.mpf(1) / 3


def test_reading_a_divisor_leaves_intervals_as_they_were() -> None:
    before = mpmath.iv.dps
    with mpmath.workdps(7):
        assert str(parse("1/(sqrt(2) - 1)")) == "1/(-1 + sqrt(2))"
    assert mpmath.iv.dps == before
