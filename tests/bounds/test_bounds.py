"""Dimensions, asymptotics, bounds and scaling laws on plain values."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import L, alpha, beta, sigma2, v
from symkern.bounds import (
    dimension,
    graded_leading,
    leading,
    newton_polygon,
    samples_to_learn,
    trace_bound,
)
from symkern.bounds.asymptotics import Leading
from symkern.errors import BelowThreshold, InvalidArgument, InvalidType
from symkern.exact import ExactMatrix, function_field
from tests.search import examples


@pytest.mark.parametrize(
    ("mu", "value"),
    [((1,), 9), ((2,), 35), ((1, 1), 36), ((3,), 75), ((2, 1), 160), ((1, 1, 1), 84)],
)
def test_published_dimensions_at_ten(mu, value):
    assert dimension(mu, 10) == value
    assert dimension(mu, L).subs(L, 10) == value


@given(st.integers(0, 6).flatmap(lambda k: st.sampled_from(sk.partitions(k))), st.integers(0, 8))
def test_dimension_counts_standard_tableaux(mu, more):
    size = mu.threshold + more
    shape = mu.padded(size)
    assert dimension(mu, size) == dimension(mu, L).subs(L, size) == sk.character(shape, (1,) * size)


def test_dimension_vanishes_one_below_its_threshold_and_refuses_there():
    assert dimension((2, 1), L).subs(L, 4) == 0
    with pytest.raises(BelowThreshold, match="L: must be at least"):
        dimension((2, 1), 4)
    with pytest.raises(InvalidType, match="L: must be"):
        dimension((2, 1), 4.5)


def test_leading_of_a_rational_function():
    term = leading((2 * L**2 + v) * alpha / (3 * L**4 - L))
    assert (term.exponent, term.coefficient) == (-2, 2 * alpha / 3)
    with pytest.raises(InvalidArgument, match="must not be zero"):
        leading(L - L)


def _polynomial(roots, field):
    coefficients = [field.one]
    for root in roots:
        shifted = [field.zero, *coefficients]
        for i, c in enumerate(coefficients):
            shifted[i] = shifted[i] - field(root) * c
        coefficients = shifted
    return coefficients


@examples(60)
@given(
    st.lists(
        st.tuples(st.integers(-4, 3), st.integers(1, 5), st.integers(-3, 3)), min_size=1, max_size=5
    )
)
def test_newton_polygon_finds_planted_roots(plan):
    """Roots c L^e + (lower terms), planted; the polygon must give back every c and e."""
    field = function_field((L, alpha))
    roots = [c * alpha * L**e + d * L ** (e - 1) for e, c, d in plan]
    found = newton_polygon(_polynomial(roots, field))
    expected = sorted(((e, c * alpha) for e, c, _ in plan), key=str)
    assert sorted(((t.exponent, t.coefficient) for t in found), key=str) == expected


def test_newton_polygon_with_fractional_exponents_and_radicals():
    field = function_field((L,))
    found = newton_polygon([field(-2 * L), field.zero, field.one])
    assert [(t.exponent, t.coefficient) for t in found] == [
        (sp.Rational(1, 2), sp.sqrt(2)),
        (sp.Rational(1, 2), -sp.sqrt(2)),
    ]


@examples(40)
@given(st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_grading_agrees_with_the_characteristic_polynomial(size, seed):
    """Random graded matrices; where the grading decides, it decides as the polygon does."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(-4, 1, size)
    rows = [
        [
            int(rng.integers(-3, 4)) * L ** int((weights[i] + weights[j]) // 2) + L**-9
            for j in range(size)
        ]
        for i in range(size)
    ]
    matrix = ExactMatrix.from_rows(rows)
    graded = graded_leading(matrix)
    if graded is None:
        return
    coefficients = [matrix.field.one]
    for factor in matrix.characteristic_factors():
        product = [matrix.field.zero] * (len(coefficients) + len(factor) - 1)
        for i, a in enumerate(coefficients):
            for j, c in enumerate(factor):
                product[i + j] = product[i + j] + a * c
        coefficients = product
    polygon = newton_polygon(coefficients)
    assert [t.exponent for t in graded] == [t.exponent for t in polygon]

    def key(term):
        return (float(term.exponent), complex(sp.N(_number(term.coefficient))).real)

    for a, b in zip(sorted(graded, key=key), sorted(polygon, key=key), strict=True):
        assert abs(key(a)[1] - key(b)[1]) < 1e-9 * (1 + abs(key(b)[1]))


def _number(coefficient):
    return coefficient if isinstance(coefficient, sp.Expr) else float(coefficient)


def test_grading_is_invariant_under_a_change_of_scale():
    base = sk.derive("linear-attention").sector((1,), (1,)).block
    scale = [L**3, v * L]
    field = base.field
    rows = [
        [base.rows[i][j] * field(scale[i]) / field(scale[j]) for j in range(2)] for i in range(2)
    ]
    assert graded_leading(ExactMatrix(field, rows)) == graded_leading(base)


def test_trace_bound_holds_for_linear_attention():
    spec = sk.derive("linear-attention")
    at = {L: 9, v: 5, alpha: Fraction(2, 3), beta: 2}
    for sector in spec:
        bound = trace_bound(sector.position_irrep, L, spec.trace()) / dimension(
            sector.token_irrep, v
        )
        for value in sector.eigenvalues:
            assert sp.N(value.subs(at)) <= sp.N(bound.subs(at)) * (1 + 1e-12)


def test_samples():
    assert samples_to_learn(2 / L) == L * sigma2 / 2
    assert samples_to_learn(Fraction(1, 3), ridge="0.5") == sp.Rational(3, 2)
    with pytest.raises(InvalidArgument, match="never learned"):
        samples_to_learn(0)
    with pytest.raises(InvalidArgument, match="eigenvalue: must be positive"):
        samples_to_learn(-1)
    with pytest.raises(InvalidArgument, match="ridge: must not be negative"):
        samples_to_learn(1, ridge=-2)


def test_floats_give_floats():
    assert samples_to_learn(0.5, ridge=2.0) == 4.0
    assert trace_bound((1,), 11, 0.5) == 0.05
    assert isinstance(samples_to_learn(0.5, ridge=2), float)
    with pytest.raises(InvalidArgument, match="never learned"):
        samples_to_learn(0.0, ridge=1.0)
    with pytest.raises(InvalidArgument, match="must be a finite number"):
        samples_to_learn(float("nan"), ridge=1.0)


def test_laws_are_hashable_values():
    spec = sk.derive("linear-attention")
    assert len({spec.scaling_law((1,)), spec.scaling_law((1,)), spec.scaling_law(())}) == 2


def test_a_scaling_law_says_formula_leading_term_threshold_and_standing():
    law = sk.derive("linear-attention", tokens=sk.kernels.distinct()).scaling_law((1,))
    assert law.formula == sigma2 * L**3 * (L - 1) / (2 * alpha * beta * (alpha + beta))
    assert (law.exponent, law.coefficient) == (4, sigma2 / (2 * alpha * beta * (alpha + beta)))
    assert law.threshold == {"L": 2}
    assert str(law).endswith("(L >= 2, proved)")
    assert r"\sim" in law.latex()


def test_a_law_without_a_coefficient_says_the_order_of_growth():
    spec = sk.derive("linear-attention-last", L, sk.kernels.categorical(["1/2", "1/3", "1/6"]))
    laws = [law for sector in spec.sectors for law in spec.sample_laws(sector)]
    assert str(laws[0]) == "n of the order of 1  (L >= 2, proved)"
    assert str(laws[-1]) == "n of the order of L^2  (L >= 3, proved)"
    assert laws[-1].latex() == r"n \asymp L^{2} \qquad (L \geq 3)"


def test_costs_have_no_root_below_the_bar():
    """sigma2 over (4 - sqrt 2) alpha^3/18, however it is written: by hand 9 sigma2 (4 + sqrt 2)/(7 alpha^3)."""
    root = sp.sqrt(2)
    expected = 9 * sigma2 * (4 + root) / (7 * alpha**3)
    for value in (alpha**3 * (4 - root) / 18, (4 * alpha**3 - root * alpha**3) / 18):
        found = Leading(sp.Integer(-1), value).cost(sigma2)
        assert found.exponent == 1 and sp.simplify(found.coefficient - expected) == 0
        assert not sp.fraction(sp.together(found.coefficient))[1].has(root)
