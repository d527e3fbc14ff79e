"""Factored rational functions against SymPy's own `factor_list` and `cancel`, which share no code with them."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha, beta, v
from symkern.typeset.factored import factored, polynomial_ring
from tests.search import examples

NAMES = [alpha, beta, L, v]
RING = polynomial_ring(NAMES)

terms = st.tuples(st.integers(-6, 6), *([st.integers(0, 2)] * 4))
sums = st.lists(terms, min_size=1, max_size=3).map(
    lambda rows: sp.Add(*(c * sp.Mul(*(s**e for s, e in zip(NAMES, es))) for c, *es in rows))
)


def rebuilt(expr: sp.Expr) -> sp.Expr:
    coefficient, powers = factored(expr, RING)
    return sp.Rational(coefficient.numerator, coefficient.denominator) * sp.Mul(
        *(base.as_expr() ** exponent for base, exponent in powers.items())
    )


@examples(40)
@given(st.lists(sums, min_size=1, max_size=3), sums, st.integers(1, 3))
def test_the_product_is_the_function(factors: list[sp.Expr], below: sp.Expr, power: int) -> None:
    if below == 0:
        return
    expr = sp.Mul(*factors) / below**power + factors[0] / 3
    assert sp.cancel(sp.together(expr - rebuilt(expr))) == 0


@given(st.lists(sums, min_size=1, max_size=3), sums)
def test_factors_are_those_of_sympy(factors: list[sp.Expr], below: sp.Expr) -> None:
    expr = sp.Mul(*factors) / below if below != 0 else sp.Mul(*factors)
    numerator, denominator = sp.fraction(sp.cancel(sp.together(expr)))
    if numerator == 0:
        return
    expected = {}
    for part, sign in ((numerator, 1), (denominator, -1)):
        for base, exponent in sp.factor_list(part, *NAMES)[1]:
            polynomial = sp.Poly(base, *NAMES)
            expected[(polynomial if polynomial.LC() > 0 else -polynomial).as_expr()] = (
                sign * exponent
            )
    found = {
        base.as_expr(): exponent for base, exponent in factored(sp.expand(expr), RING)[1].items()
    }
    assert found == expected


def test_zero_and_constants() -> None:
    assert factored(sp.Integer(0), RING)[0] == 0
    assert factored((L - 1) - L + 1, RING)[0] == 0
    assert factored((L + v) * (L - v) - L**2 + v**2 + sp.Rational(1, 3), RING) == (
        Fraction(1, 3),
        {},
    )


def test_homogeneous_polynomials_are_factored_with_a_variable_less() -> None:
    product = (alpha**2 * L + 3 * alpha * beta + beta**2 * v) ** 2 * (alpha - L * beta)
    coefficient, powers = factored(sp.expand(-2 * product), RING)
    assert coefficient == -2
    assert {b.as_expr(): e for b, e in powers.items()} == {
        alpha**2 * L + 3 * alpha * beta + beta**2 * v: 2,
        alpha - L * beta: 1,
    }


def test_a_sum_too_long_to_factor_still_cancels_its_denominator() -> None:
    long = sp.expand((alpha + beta + L + v + 1) ** 7)
    assert len(long.args) > 150
    coefficient, powers = factored(
        sp.expand(long * (L - 1)) / (L - 1) + 1 / (L - 1) - 1 / (L - 1), RING
    )
    assert coefficient == 1
    assert all(exponent > 0 for exponent in powers.values())
