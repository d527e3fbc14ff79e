"""Quasipolynomials against their values, series of their generating functions, and published reciprocity."""

from __future__ import annotations

from fractions import Fraction
from itertools import count, islice
from math import comb

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import n, x
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import Quasipolynomial
from symkern.exact.quasipolynomials import denominator, quasipolynomial, totient
from symkern.typeset.mathml import mathml

coefficients = st.fractions(-3, 3, max_denominator=4)
polynomials = st.lists(coefficients, max_size=3)


def evaluated(polynomial: list[Fraction], k: int) -> Fraction:
    return sum((c * k**i for i, c in enumerate(polynomial)), Fraction(0))


def series(quotient: sp.Expr, terms: int) -> list[sp.Rational]:
    """The power series of a quotient of polynomials in x, by long division."""
    above, below = (sp.Poly(p, x).all_coeffs()[::-1] for p in sp.fraction(sp.together(quotient)))
    found: list[sp.Rational] = []
    for k in range(terms):
        known = sum(below[i] * found[k - i] for i in range(1, min(k, len(below) - 1) + 1))
        found.append(((above[k] if k < len(above) else 0) - known) / below[0])
    return found


def restricted_partitions(parts: tuple[int, ...], k: int) -> int:
    """Partitions of k into these parts, counted one part after the other."""
    ways = [1] + [0] * k
    for part in parts:
        for total in range(part, k + 1):
            ways[total] += ways[total - part]
    return ways[k]


@given(st.lists(polynomials, min_size=1, max_size=4))
def test_values_and_generating_functions_are_those_of_the_constituents(listed: list[list[Fraction]]) -> None:  # fmt: skip
    formulas = [sum((sp.Rational(c) * n**i for i, c in enumerate(p)), sp.S.Zero) for p in listed]
    q = Quasipolynomial(*formulas)
    known = [evaluated(listed[k % len(listed)], k) for k in range(-9, 12)]
    assert [q(k) for k in range(-9, 12)] == [sp.Rational(value) for value in known]
    assert len(listed) % q.period == 0
    assert series(q.generating_function(), 12) == [sp.Rational(value) for value in known[9:]]


@pytest.mark.parametrize("parts", [(1, 2), (2, 3, 4), (1, 2, 3), (2, 2, 5), (4, 6)])
def test_partitions_into_given_parts(parts: tuple[int, ...]) -> None:
    """Their generating function is 1/prod (1 - x^part): from as many values as its denominator has degree."""
    orders = {m: sum(part % m == 0 for part in parts) for m in range(1, 7)}
    orders = {m: e for m, e in orders.items() if e}
    size = sum(parts)
    values = [restricted_partitions(parts, k) for k in range(size)]
    q = quasipolynomial(values, orders)
    assert q.poles == orders and sum(totient(m) * e for m, e in orders.items()) == size
    for k in (size, 37, 60, 200):
        assert q(k) == restricted_partitions(parts, k)
    # Reciprocity (Stanley): zeros between, then the values again, with a sign.
    assert [q(-k) for k in range(1, size)] == [0] * (size - 1)
    assert q(-size) == (-1) ** (len(parts) - 1)
    given_back = 1 / q.generating_function()
    assert sp.expand(given_back - sp.prod(1 - x**part for part in parts)) == 0


def test_more_poles_than_there_are_do_no_harm() -> None:
    values = [comb(k + 2, 2) for k in range(9)]
    q = quasipolynomial(values, {1: 4, 2: 2, 3: 1})
    assert q == Quasipolynomial((n + 1) * (n + 2) / 2) and q.poles == {1: 3}


def test_cyclotomic_polynomials() -> None:
    for m in range(1, 13):
        assert denominator({m: 1}).coeffs() == sp.Poly(sp.cyclotomic_poly(m, x)).all_coeffs()[::-1]
        assert totient(m) == sp.totient(m)


def test_periods_are_the_least() -> None:
    assert Quasipolynomial(1, n, 1, n).period == 2
    assert Quasipolynomial(1, n, 1, n) == Quasipolynomial("1", "n")
    assert Quasipolynomial(0).degree == -1 and Quasipolynomial(0).generating_function() == 0
    squares = Quasipolynomial(n**2)
    assert list(islice(map(squares, count(-2)), 5)) == [4, 1, 0, 1, 4]


def test_what_is_shown() -> None:
    q = Quasipolynomial("n/3", "(n + 2)/3", "(n + 1)/3")
    assert str(q) == "n = 0 mod 3  n/3\nn = 1 mod 3  (n + 2)/3\nn = 2 mod 3  (n + 1)/3"
    assert (
        r"n \equiv 1 \text{ (mod }3\text{)}" in q.latex() and mathml(q.latex()).count("<mtr>") == 3
    )
    assert str(Quasipolynomial("n+1")) == "n + 1" and Quasipolynomial("n+1").latex() == "n + 1"
    assert q.document().startswith(r"\documentclass")


def test_bad_input() -> None:
    with pytest.raises(InvalidArgument, match="constituents: must be one polynomial"):
        Quasipolynomial()
    with pytest.raises(InvalidArgument, match="must be polynomials in n with rational"):
        Quasipolynomial(1 / n)
    with pytest.raises(InvalidArgument, match="must be polynomials in n with rational"):
        Quasipolynomial(sp.sqrt(2) * n)
    with pytest.raises(InvalidType, match="must be an exact number"):
        Quasipolynomial(0.5)
    with pytest.raises(InvalidType, match="n: must be an integer"):
        Quasipolynomial(n)(1.0)  # type: ignore[arg-type]
