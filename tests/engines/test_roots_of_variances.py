"""Series with a probability as a symbol behind layer normalisation: against laws with numbers, whose constants are balls and whose signs need no decision."""

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import alpha, p, q
from symkern.errors import NoClosedForm
from symkern.exact import function_field
from symkern.exact.constant_fields import ExactField, Extended
from symkern.exact.exact_constants import ExactConstants, Missing
from symkern.exact.multiquadratic import Multiquadratic
from symkern.exact.signs_of_polynomials import SignRegion
from symkern.kernels import categorical, derive
from tests.search import examples

COIN = categorical([p, 1 - p])
_SOFTMAX = "embedding(1, 1) | attention(tied, softmax)"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("pipeline", "power"),
    [
        (f"{_SOFTMAX} | layer_norm | mean_pool", 1),
        (f"{_SOFTMAX} | residual | layer_norm | mean_pool", 1),
        ("embedding(1, 2) | attention(tied, softmax) | residual | layer_norm | flatten", 1),
        pytest.param(f"{_SOFTMAX} | layer_norm | mean_pool", 2, marks=pytest.mark.wide),
        pytest.param(
            "embedding(1, 1) | layer_norm | attention(tied, softmax) | residual | layer_norm | at_position(last)",
            1,
            marks=pytest.mark.wide,
        ),
    ],
)
def test_series_at_numbers_are_those_of_the_law_with_numbers(pipeline, power):
    spectrum = derive(pipeline, tokens=COIN, terms=1, down_to=power)
    for value in ("3/10", "2/5"):
        there = derive(pipeline, tokens=COIN.at(p=value), terms=1, down_to=power)
        pairs = [(spectrum.trace(), there.trace())]
        for one, two in zip(spectrum, there, strict=True):
            assert (one.position_irrep, one.others) == (two.position_irrep, two.others)
            pairs += zip(one.series(), two.series(), strict=True)
        for left, right in pairs:
            assert left.error == right.error
            assert [t.exponent for t in left.terms] == [t.exponent for t in right.terms]
            for one, two in zip(left.terms, right.terms, strict=True):
                found = float(sp.N(one.coefficient.subs(p, sp.Rational(value)), 30))
                assert found == pytest.approx(float(two.coefficient), rel=1e-12)


def test_what_has_no_form_is_refused_with_the_name():
    with pytest.raises(NoClosedForm, match=r"with p in the probabilities, .* exponential of a square root"):  # fmt: skip
        derive(f"{_SOFTMAX} | layer_norm | attention(tied, softmax) | mean_pool", tokens=COIN)


# -- sums of square roots ----------------------------------------------------------------------

_K = function_field((p,))
_RADICANDS = (_K(2), _K(p), _K(1 - p), _K(1 + p * p))
_elements = st.dictionaries(
    st.integers(0, 15), st.builds(lambda a, b: _K(a + b * p), st.integers(-3, 3), st.integers(-3, 3)),
    max_size=3,
).map(lambda parts: Multiquadratic(parts, _RADICANDS))  # fmt: skip


def _at(element):
    return sp.N(element.to_sympy().subs(p, sp.Rational(2, 7)), 40)


@examples(20)
@given(_elements, _elements)
def test_operations_are_those_of_numbers(x, y):
    assert abs(_at(x * y) - _at(x) * _at(y)) < 1e-30
    assert abs(_at(2 - x + y) - (2 - _at(x) + _at(y))) < 1e-30
    assert (x - y == 0) == (x == y)
    if x:
        assert y / x * x == y
        assert (1 / x) * x == 1


def test_edges_whose_roots_may_lie_in_the_extension():
    """z^2 - 2 p splits over sqrt(2) and sqrt(p), and z^2 - 3 does not."""
    field, one = ExactField(_K), Multiquadratic({0: _K(1)}, _RADICANDS)
    with pytest.raises(NoClosedForm, match="may hold already"):
        field.roots([one * (-2 * p), one * 0, one])
    with pytest.raises(NoClosedForm, match="square roots as coefficients"):
        field.roots([Multiquadratic({1: _K(1)}, _RADICANDS), one * 0, one])
    found = field.roots([one * -3, one * 0, one])
    assert len(found) == 2
    assert all(isinstance(r, Extended) and not any((r * r - 3).coefficients) for r, _ in found)


def test_roots_of_products():
    """sqrt(12 p (1 - p)) needs three roots, each found missing once; its square is what was asked for."""
    constants = ExactConstants(_K, region=SignRegion([_K(p), _K(1 - p)]))
    value = _K(12 * p * (1 - p))
    for _ in range(9):
        try:
            root = constants.taylor("sqrt", constants(value), 2)
            break
        except Missing as missing:
            constants = constants.need(missing)
    assert constants.value(root[0] * root[0]) == value
    assert constants.value(root[0] * root[1]) == Fraction(1, 2)
    assert abs(_at(constants.value(root[0])) - sp.sqrt(12 * sp.Rational(2, 7) * sp.Rational(5, 7)).n(40)) < 1e-30  # fmt: skip
    assert constants.sign(root[0]) == 1
    assert constants.value(constants.tidied(root[2])) == constants.value(root[2])
    with pytest.raises(NoClosedForm, match="square root"):
        constants.taylor("sqrt", constants(-value), 0)


# -- signs -------------------------------------------------------------------------------------


@examples(60)
@given(st.lists(st.integers(-6, 6), min_size=1, max_size=5).filter(any))
def test_signs_in_one_probability(coefficients):
    """Against the real roots and a value, by SymPy."""
    polynomial = sp.Poly(coefficients, p)
    found = SignRegion([_K(p), _K(1 - p)]).sign(_K(polynomial.as_expr()).num, _K)
    crossed = polynomial.degree() > 0 and any(0 < r < 1 for r in polynomial.real_roots())
    expected = sp.sign(polynomial.eval(sp.Rational(1, 2)))
    assert found is None if crossed else found in (None, expected)
    if found is None:  # no closer to a zero than one part in a hundred
        near = [abs(polynomial.eval(sp.Rational(i, 40))) for i in range(1, 40)]
        ends = polynomial.eval(0) * polynomial.eval(1)
        assert crossed or ends == 0 or min(near) * 100 < sum(map(abs, coefficients)) * 5


def test_signs_in_several_symbols():
    K = function_field((alpha, p, q, sp.E, sp.exp(alpha)))
    three = SignRegion([K(p), K(q), K(1 - p - q)])
    assert three.sign(K(2 - p - q).num, K) == 1
    assert three.sign(K(p - q).num, K) is None
    assert three.sign(K((sp.exp(alpha) - 1) * p + 1 - q).num, K) == 1
    assert three.sign(K(alpha * (p + q - 1) - p).num, K) == -1
    # e^alpha is above 1 and above nothing else.
    assert three.sign(K(sp.exp(alpha) - 1).num, K) == 1
    assert three.sign(K(20 * sp.exp(alpha) - 21).num, K) is None
    halves = SignRegion([K(p), K(1 - 2 * p)])
    assert halves.sign(K(1 - 2 * p).num, K) == 1
    assert halves.sign(K(sp.E * p - 2).num, K) == -1
    assert SignRegion().sign(K(1 - p).num, K) is None
