"""Series in 1/L with a proved bound for all lengths from one on, beside eigenvalues by other sums at such lengths."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from math import comb
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha
from symkern.combinatorics import Partition
from symkern.engines.few_features.engine import FewFeaturesEngine
from symkern.engines.problem import Problem
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import Ball
from symkern.exact.balls import to_arb
from symkern.exact.double_series import DoubleSeries
from symkern.kernels import categorical, derive, embedding, mixture, uniform
from symkern.spectra.error_bounds import error_bound, share_moment
from symkern.spectra.spectrum import Spectrum
from tests.search import examples

TWO = uniform(2)


def pooled(a: Any = 1, b: Any = 1, c: Any = 0) -> Any:
    return embedding(a, b, c).attention("tied", "softmax").mean_pool()


SECTORS = [((), (1,)), ((1,), ())]


@cache
def pooled_spectrum() -> Spectrum:
    return pooled().spectrum(length=L, tokens=TWO)


@cache
def exact_eigenvalue(length: int, mu: Any, kappa: Any) -> Ball:
    """By the engine of few features, which knows no series."""
    found = FewFeaturesEngine().solve(Problem.of(pooled(), TWO, length, only=Partition(*mu)))
    (sector,) = (t for t in found.sectors if (t.position_irrep, t.token_irrep) == (mu, kappa))
    (value,) = sector.eigenvalues
    return value


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("mu", "kappa"), SECTORS)
@pytest.mark.parametrize("terms", [1, 2])
def test_every_length_from_the_least_on_is_within_the_bound(mu: Any, kappa: Any, terms: int) -> None:  # fmt: skip
    bound = error_bound(pooled_spectrum(), mu, kappa, terms, least=100)
    power = int(bound.series.error)
    for length in (100, 600):
        exact = exact_eigenvalue(length, mu, kappa)
        middle = bound.enclosure(length).midpoint
        assert bound.enclosure(length).overlaps(exact)
        assert abs(exact.midpoint - middle) < bound.constant * Fraction(length) ** power
    following = abs(float(pooled_spectrum().sector(mu, kappa).series(2)[0].terms[1].coefficient))
    if terms == 1:  # no constant is below the next coefficient
        assert following < float(bound.constant) < 3 * following


def test_a_constant_half_as_large_fails_somewhere() -> None:
    bound = error_bound(pooled_spectrum(), (1,), (), least=600)
    missed = abs(exact_eigenvalue(600, (1,), ()).midpoint - bound.enclosure(600).midpoint) * 600**4
    assert bound.constant / 2 < missed < bound.constant


@pytest.mark.wide
@given(
    st.fractions(Fraction(1, 4), 2, max_denominator=6),
    st.fractions(Fraction(1, 6), 2, max_denominator=6),
    st.fractions(Fraction(1, 4), Fraction(3, 4), max_denominator=7),
)
@examples(6)
def test_bounds_hold_for_any_numbers_and_letters(a: Fraction, b: Fraction, p: Fraction) -> None:
    """(L-1, 1) of any two letters, beside the sums of the engine of few features."""
    require_bound_at(a, b, p, 300)


def test_bounds_hold_for_unlike_letters() -> None:
    require_bound_at(Fraction(3, 2), Fraction(1, 3), Fraction(2, 5), 100)


def require_bound_at(a: Fraction, b: Fraction, p: Fraction, length: int) -> None:
    law = TWO if p == Fraction(1, 2) else categorical([p, 1 - p])
    spectrum = pooled(a, b).spectrum(length=L, tokens=law, down_to=3)
    kappa = () if p == Fraction(1, 2) else None
    bound = error_bound(spectrum, (1,), kappa, least=length)
    found = FewFeaturesEngine().solve(Problem.of(pooled(a, b), law, length, only=Partition(1)))
    exact = [e for t in found.sectors if t.token_irrep == kappa for e in t.eigenvalues]
    assert any(bound.enclosure(length).overlaps(e) for e in exact), (length, bound)


def test_the_eigenvalue_of_constants_is_exact_and_affine_stages_scale() -> None:
    plain = error_bound(pooled().spectrum(length=L, tokens=TWO), (), ())
    assert plain.constant == 0 and str(plain).startswith("1/2 + 1/L  (L >= ")
    scaled = pooled().linear(3, 1).spectrum(length=L, tokens=TWO)
    one = error_bound(pooled().spectrum(length=L, tokens=TWO), (1,), ())
    three = error_bound(scaled, (1,), ())
    assert abs(three.constant / one.constant - 3) < Fraction(1, 10**20)
    assert error_bound(scaled, (), ()).enclosure(50).contains(3 * (Fraction(1, 2) + Fraction(1, 50)) + 1)  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("make", "mu", "says"),
    [
        (lambda: pooled(alpha).spectrum(length=L, tokens=TWO), (1,), "give alpha values"),
        (lambda: pooled().spectrum(length=L, tokens=uniform(3)), (1,), "letters two"),
        (lambda: pooled().spectrum(length=L, tokens=mixture([("1/2", TWO), ("1/2", categorical(["1/3", "2/3"]))])), (1,), "independent"),
        (lambda: pooled().spectrum(length=L, tokens=categorical(["1/3", "2/3"])), (), "2 eigenvalues"),
        (lambda: derive("linear-attention", tokens=TWO), (1,), "softmax rows behind mean_pool"),
        (lambda: pooled().spectrum(length=4, tokens=TWO), (1,), "symbolic length"),
    ],
)  # fmt: skip
def test_what_has_no_such_bound_is_refused_with_the_reason(make: Any, mu: Any, says: str) -> None:
    with pytest.raises(NoClosedForm, match=says):
        error_bound(make(), mu)


def test_a_length_below_the_least_is_refused() -> None:
    spectrum = pooled().spectrum(length=L, tokens=TWO)
    bound = error_bound(spectrum, (1,), (), least=100)
    with pytest.raises(InvalidArgument, match="100"):
        bound.enclosure(99)
    with pytest.raises(InvalidArgument, match="must be large"):
        error_bound(spectrum, (1,), (), least=3)


def test_moments_of_shares_are_sums_over_the_counts() -> None:
    for p, power, length in product((Fraction(1, 3), Fraction(1, 2)), range(7), (1, 5)):
        exact = sum(comb(length, n) * p**n * (1 - p) ** (length - n) * (Fraction(n, length) - p) ** power for n in range(length + 1))  # fmt: skip
        assert sum(c * Fraction(1, length) ** e for e, c in share_moment(p, power).items()) == exact


def test_double_series_are_derivatives_by_sympy() -> None:
    x, y = sp.symbols("x y")
    formula = 1 / (1 + x * y + x**2) - x * y**2 + 3
    s, t = DoubleSeries.variables(to_arb(Fraction(1, 2)), to_arb(Fraction(1, 3)), 4, 3)
    found = (1 + s * t + s * s).inverse() - s * t * t + 3
    box = DoubleSeries.variables(to_arb(Ball("1/2", "1/10")), to_arb(Ball("1/3", "1/10")), 4, 3)
    over = (1 + box[0] * box[1] + box[0] * box[0]).inverse() - box[0] * box[1] * box[1] + 3
    for i, j in product(range(4), range(3)):
        exact = formula.diff(x, i).diff(y, j) / (sp.factorial(i) * sp.factorial(j)) if i or j else formula  # fmt: skip
        for at in ((sp.Rational(1, 2), sp.Rational(1, 3)), (sp.Rational(3, 5), sp.Rational(1, 4))):
            value = exact.subs({x: at[0], y: at[1]})
            assert over.coefficients[i][j].overlaps(to_arb(Fraction(int(value.p), int(value.q))))
        value = exact.subs({x: sp.Rational(1, 2), y: sp.Rational(1, 3)})
        assert found.coefficients[i][j].overlaps(to_arb(Fraction(int(value.p), int(value.q))))
