"""Factors beyond machine words, and square parts."""

from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, v
from symkern.exact import factoring, function_field
from symkern.exact.factoring import factor, square_part


def test_factors_with_large_coefficients():
    """python-flint stops at coefficients of 2^31 when it sorts factors; the product must come back all the same."""
    field = function_field((L, v))
    big = 2**31 + 1
    polynomial = (field(L + big) * field(L + big + 2) ** 2 * field(3 * v)).num
    content, parts = factor(polynomial)
    product = content * field.one.num
    for part, e in parts:
        product = product * part**e
    assert product == polynomial
    assert sorted(e for _, e in parts) == [1, 1, 2]


@given(st.integers(-(10**12), 10**12).filter(bool))
def test_square_part(value):
    a, b = square_part(value)
    assert a * a * b == value
    assert all(b % (p * p) for p in (2, 3, 5, 7, 11, 13))


def test_square_part_of_huge_numbers_is_quick():
    a, b = square_part(10**400 * 2)
    assert (a, b) == (10**200, 2)
    product = (2**607 - 1) * (2**521 - 1)  # two primes: no search may start for them
    assert square_part(product) == (1, product)


def test_factors_that_python_flint_cannot_sort_need_no_sympy(monkeypatch):
    """Two factors of one shape with coefficients beyond machine words."""
    monkeypatch.setattr(factoring, "_by_sympy", None)
    field = function_field((L, v))
    big = 2**70
    for sign in (1, -1):
        polynomial = (
            6 * sign * field(L**2 + big * L + v) * field(L**2 - (big + 1) * L - v) ** 2
        ).num
        content, parts = factor(polynomial)
        product = content * field.one.num
        for part, e in parts:
            product = product * part**e
        assert product == polynomial and abs(content) == 6
        assert sorted(e for _, e in parts) == [1, 2]
