"""Softmax attention behind an average, v a symbol: beside published formulas, the engine at given vocabularies, moments by enumeration, and exact values."""

from fractions import Fraction
from itertools import product

import pytest
import sympy as sp

from symkern.abc import L, alpha, beta, v
from symkern.engines.pooled_softmax.letter_moments import LetterMoments
from symkern.errors import NoClosedForm
from symkern.exact import function_field
from symkern.kernels import categorical, embedding, read_pipeline, uniform
from symkern.spectra.storage import read_spectrum

SOFTMAX = "embedding(alpha, beta) | attention(tied, softmax) | mean_pool"
SECTORS = (([], []), ([], [1]), ([1], []))


def equal(one, other):
    """Equal as functions of v, e^alpha and e^beta."""
    return sp.simplify(one - other) == 0


def test_formulas_in_the_number_of_letters():
    """Leading terms and first corrections, as they were derived by hand."""
    spec = read_pipeline(SOFTMAX).spectrum(length=L, tokens=uniform(v))
    assert [s.dimension for s in spec] == [1, v - 1, L - 1]
    constant, mean, shape = (spec.sector(mu, kappa).series()[0] for mu, kappa in SECTORS)
    A, B = sp.exp(alpha), sp.exp(beta)
    assert constant.expression == alpha / v + beta / L
    assert constant.error is None
    assert equal(mean.terms[0].coefficient, alpha / v * (1 + v * (A - 1) / (A + v - 1) ** 2) ** 2)
    bracket = (
        2 * A**4 * (B - 1) + A**3 * (8 * B * v - 6 * B - 5 * v + 6)
        + A**2 * (8 * B * v**2 - 16 * B * v + 6 * B + v**2 + 10 * v - 6)
        + A * (2 * B * v**3 - 8 * B * v**2 + 8 * B * v - 2 * B + v**2 - 5 * v + 2) + v**3 - 2 * v**2
    )  # fmt: skip
    assert equal(mean.terms[1].coefficient, -2 * alpha * v * (A - 1) * bracket / (A + v - 1) ** 6)
    assert equal(shape.terms[0].coefficient, beta * v**2 * (v - 1) * (A - 1) ** 2 / (A + v - 1) ** 4)  # fmt: skip
    bracket = 2 * A**2 * B - 3 * A**2 + 2 * A * B * v - 2 * A * B + A * v - 2 * v + 3
    assert equal(shape.terms[1].coefficient, -2 * beta * v**3 * (v - 1) * (A - 1) ** 2 * bracket / (A + v - 1) ** 6)  # fmt: skip
    assert [s.error for s in (mean, shape)] == [-3, -5]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("letters", [2, 3, pytest.param(4, marks=pytest.mark.wide)])
@pytest.mark.parametrize(
    "text",
    [
        "embedding(1, 1/2) | attention(tied, softmax) | mean_pool",
        "embedding(1, 2, 1/3) | attention(tied, softmax, scale=1/2) | linear(2, 1/5) | mean_pool",
        "embedding(1/2, 1) | attention(tied, softmax, positions_in_values=false) | mean_pool | linear(3, 1)",
    ],
)
def test_beside_the_engine_at_given_vocabularies(text, letters):
    """Three terms of every eigenvalue, and those of E k(x, x), at v = 2, 3 and 4."""
    kernel = read_pipeline(text)
    spec = kernel.spectrum(length=L, tokens=uniform(v), terms=2)
    other = kernel.spectrum(length=L, tokens=uniform(letters), down_to=4)
    pairs = [
        (s.series()[0], other.sector(s.position_irrep, s.token_irrep).series()[0]) for s in spec
    ]
    for one, given in [*pairs, (spec.trace(), other.trace())]:
        assert len(one.terms) >= min(2, len(given.terms))
        for a, b in zip(one.terms, given.terms, strict=False):
            assert a.exponent == b.exponent
            value = a.coefficient.subs(v, letters).evalf(30)
            assert float(value) == pytest.approx(float(b.coefficient), rel=1e-12)


def test_beside_exact_values():
    """At L = 300 and 600, v = 2, four terms miss the eigenvalue by the order of the fifth."""
    kernel = embedding(1, 1).attention("tied", "softmax").mean_pool()
    spec = kernel.spectrum(length=L, tokens=uniform(v), terms=4)
    exact = {n: kernel.spectrum(length=n, tokens=uniform(2)) for n in (300, 600)}
    for mu, kappa in SECTORS[1:]:
        series = spec.sector(mu, kappa).series()[0]
        gaps = []
        for length, found in exact.items():
            (value,) = found.sector(mu, kappa).eigenvalues
            known = series.expression.subs({v: 2, L: length}).evalf(40)
            gaps.append(abs(sp.Rational(value.midpoint) / known - 1))
        assert gaps[0] < 1e-6
        assert 14 < gaps[0] / gaps[1] < 18  # 2^4


@pytest.mark.parametrize(("letters", "length"), [(2, 4), (3, 3), (4, 2)])
def test_moments_by_enumeration(letters, length):
    """All sequences: E xi_0^a prod p_i is the polynomial in 1/L of its monomial."""
    field = function_field((v,))
    moments = LetterMoments(field, field(v), 8)
    for power, sums in ((0, ()), (2, ()), (0, (2,)), (1, (3,)), (2, (2,)), (0, (2, 2)), (3, (2, 3))):  # fmt: skip
        total = Fraction(0)
        for word in product(range(letters), repeat=length):
            xi = [Fraction(word.count(t), length) - Fraction(1, letters) for t in range(letters)]
            term = xi[0] ** power
            for i in sums:
                term *= sum(e**i for e in xi)
            total += term / letters**length
        series = moments.mean(power, sums)
        weight = power + sum(sums)
        assert all(2 * p >= weight for p in series)
        found = sum(c.to_sympy().subs(v, letters) * sp.Rational(1, length) ** p for p, c in series.items())  # fmt: skip
        assert found == sp.Rational(total.numerator, total.denominator)


def test_files():
    """What is written is read back."""
    spec = read_pipeline(SOFTMAX).spectrum(length=L, tokens=uniform(v))
    found = read_spectrum(spec.to_json())
    for one, other in zip(found, spec, strict=True):
        assert one.dimension == other.dimension
        for a, b in zip(one.series()[0].terms, other.series()[0].terms, strict=True):
            assert (a.exponent, equal(a.coefficient, b.coefficient)) == (b.exponent, True)


def test_fewer_sectors_and_refusals():
    """Without tokens or positions a feature is missing; where v grows nothing is said; other kernels and laws have none with v a symbol."""
    plain = read_pipeline("embedding(0, 1) | attention(tied, softmax) | mean_pool")
    assert len(plain.spectrum(length=L, tokens=uniform(v))) == 1
    no_positions = read_pipeline("embedding(1) | attention(tied, softmax) | mean_pool")
    spec = no_positions.spectrum(length=L, tokens=uniform(v), down_to=3)
    assert [s.position_irrep for s in spec] == [(), ()]
    assert spec.sector([], [1]).series()[0].error == -4
    for ask in (
        lambda: spec.joint_limit(1),
        spec.exponent_map,
        spec.scaling_law([], [1]).derivation,
    ):
        with pytest.raises(NoClosedForm, match="given vocabulary"):
            ask()
    for text in ("embedding(1, 1) | attention(tied, softmax) | flatten", "embedding(1, L) | attention(tied, softmax) | mean_pool"):  # fmt: skip
        with pytest.raises(NoClosedForm):
            read_pipeline(text).spectrum(length=L, tokens=uniform(v))
    same = read_pipeline(SOFTMAX).spectrum(length=L, tokens=categorical(["1/2", "1/2"]))
    assert all(s.token_irrep is None for s in same)
