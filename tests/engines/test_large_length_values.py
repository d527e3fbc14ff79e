"""Series of softmax kernels beside values that were derived by hand and confirmed by exact sums elsewhere, to all digits that are known."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy as sp

from symkern.abc import L, alpha, beta
from symkern.kernels import categorical, read_pipeline, uniform

SOFTMAX = "embedding(1, 1) | attention(tied, softmax)"
TAU = (sp.E - 1) / (sp.E + 1)
C = 4 * (sp.E - 1) / (sp.E + 1) ** 2

#: pipeline, letters, mu, kappa, branch, power of 1/L, coefficients in a row
VALUES = [
    (f"{SOFTMAX} | mean_pool", 2, [], [], 0, 0, [0.5, 1]),
    (f"{SOFTMAX} | mean_pool", 2, [], [1], 0, 1, [0.779457142552453, -2.29162051638958]),
    (f"{SOFTMAX} | mean_pool", 2, [1], [], 0, 3, [0.0617845046530322, -0.665295778870043]),
    (f"{SOFTMAX} | mean_pool", 3, [], [1], 0, 1, [0.505573162308546, -1.74149353054092]),
    (f"{SOFTMAX} | mean_pool", 3, [1], [], 0, 3, [0.107232340871879, -1.52350291333797]),
    (f"{SOFTMAX} | flatten", 2, [], [], 0, 0, [0.5, 1]),
    (f"{SOFTMAX} | flatten", 2, [], [], 1, 4, [float(2 * (sp.E**2 * C) ** 2 / (sp.E + 1) ** 2), -6.18720889073727]),
    (f"{SOFTMAX} | flatten", 2, [], [1], 0, 1, [0.779457142552453, -2.29162051638958]),
    (f"{SOFTMAX} | flatten", 2, [1], [1], 0, 1, [float(TAU**2 / 2), 0.456529170925897]),
    (f"{SOFTMAX} | flatten", 2, [1], [], 0, 3, [float(C**2 / 4), 3.68286672240453]),
    (f"{SOFTMAX} | flatten", 2, [2], [], 0, 3, [float(2 * TAU**2), -1.96363622339975]),
    (f"{SOFTMAX} | attention(tied, softmax) | mean_pool", 2, [], [], 0, 0, [0.5, 1]),
    (f"{SOFTMAX} | attention(tied, softmax) | mean_pool", 2, [], [1], 0, 1, [0.946022281415174, -3.22418210206768]),
    (f"{SOFTMAX} | attention(tied, softmax) | mean_pool", 2, [1], [], 0, 3, [0.141012347220834, -1.19635502507074]),
    (f"{SOFTMAX} | residual | layer_norm | mean_pool", 2, [], [], 0, 0, [0.383615603634828, 0.428060448827063]),
    (f"{SOFTMAX} | residual | layer_norm | mean_pool", 2, [], [1], 0, 1, [0.449780050546124, -1.1727010387942]),
    (f"{SOFTMAX} | residual | layer_norm | mean_pool", 2, [], [1], 1, 3, [0.0290757235155013, -0.250910527566618]),
    (f"{SOFTMAX} | residual | layer_norm | mean_pool", 2, [1], [], 0, 3, [0.0198203354849352, -0.242842030547568]),
    (f"{SOFTMAX} | residual | layer_norm | mean_pool", 2, [1], [], 1, 5, [0.010077112576925]),
    (f"{SOFTMAX} | residual | mlp(erf) | flatten", 2, [], [], 0, 0, [0.464917899015491]),
    (f"{SOFTMAX} | residual | mlp(erf) | flatten", 2, [], [], 1, 2, [0.0350190205568877]),
    (f"{SOFTMAX} | residual | mlp(erf) | flatten", 2, [], [1], 0, 1, [0.327324307062011]),
    (f"{SOFTMAX} | residual | mlp(erf) | flatten", 2, [], [1], 1, 3, [0.0654241476273801]),
    (f"{SOFTMAX} | residual | mlp(erf) | flatten", 2, [1], [1], 0, 1, [0.168872600190603]),
    (f"{SOFTMAX} | residual | mlp(erf) | flatten", 2, [1], [], 0, 2, [0.0250320277874902]),
    (f"{SOFTMAX} | residual | mlp(erf) | flatten", 2, [2], [], 0, 3, [0.129393854143313]),
    (f"{SOFTMAX} | residual | mlp(relu) | mean_pool", 2, [], [], 0, 0, [0.708072899272207, 1.03482399613692]),
    (f"{SOFTMAX} | residual | mlp(relu) | mean_pool", 2, [], [], 1, 2, [0.0220820536153284]),
    (f"{SOFTMAX} | residual | mlp(relu) | mean_pool", 2, [], [1], 0, 1, [0.394802941354802]),
    (f"{SOFTMAX} | residual | mlp(relu) | mean_pool", 2, [1], [1], 0, 2, [0.0582545641221667]),
    (f"{SOFTMAX} | residual | mlp(relu) | mean_pool", 2, [1], [], 0, 3, [0.0316741779304761]),
    (f"{SOFTMAX} | residual | mlp(relu) | mean_pool", 2, [2], [], 0, 4, [0.0480097054854348]),
    ("embedding(1/2, 1) | attention(tied, softmax) | at_position(last)", 2, [], [], 0, 0, [0.25, 1]),
    ("embedding(1/2, 1) | attention(tied, softmax) | at_position(last)", 2, [], [], 1, 3, [0.686933468662853, -6.22106039248985]),
    ("embedding(1/2, 1) | attention(tied, softmax) | at_position(last)", 2, [], [1], 0, 0, [0.0149962877984055, 0.505624691681986]),
    ("embedding(1/2, 1) | attention(tied, softmax) | at_position(last)", 2, [1], [], 0, 2, [0.0599851511936220, -0.275219317969301]),
    ("embedding(1) | flatten | mlp(relu)", 2, [], [], 0, 0, [0.304498890522115, 0.0229720373092413]),
    ("embedding(1) | flatten | mlp(relu)", 2, [1], [1], 0, 1, [1 / 6, 0.00765734576974711]),
    ("embedding(1) | flatten | mlp(relu)", 2, [2], [], 0, 2, [0.0459440746184827, 0.0153146915394942]),
]  # fmt: skip


@pytest.mark.sampled(24)
@pytest.mark.parametrize(("text", "letters", "mu", "kappa", "branch", "power", "expected"), VALUES)
def test_known_coefficients(text, letters, mu, kappa, branch, power, expected):
    """The terms of one branch."""
    down_to = power + len(expected) - 1
    spec = spectrum(text, letters, down_to)
    terms = spec.sector(mu, kappa).series(terms=len(expected))[branch].terms
    assert [t.exponent for t in terms] == [-power - i for i in range(len(expected))]
    found = [number(t.coefficient) for t in terms]
    assert found == pytest.approx(expected, rel=3e-12)


def spectrum(text, letters, down_to, known={}):  # noqa: B006
    """Derived once for all values of it."""
    key = text, letters, down_to
    if key not in known:
        known[key] = read_pipeline(text).spectrum(
            length=L, tokens=uniform(letters), down_to=down_to
        )
    return known[key]


def number(coefficient):
    """A formula's or a ball's value."""
    return float(coefficient.evalf(30)) if isinstance(coefficient, sp.Expr) else float(coefficient)


def test_formulas_of_softmax_in_the_hyperparameters():
    """Mean pooling and two letters, with e^alpha and e^beta."""
    spec = read_pipeline("embedding(alpha, beta) | attention(tied, softmax) | mean_pool").spectrum(length=L, tokens=uniform(2))  # fmt: skip
    A, B = sp.exp(alpha), sp.exp(beta)
    constant, mean, shape = (spec.sector(mu, kappa).series()[0] for mu, kappa in (([], []), ([], [1]), ([1], [])))  # fmt: skip
    assert constant.expression == alpha / 2 + beta / L
    assert_equal(mean.terms[0], alpha / 2 * (1 + 2 * (A - 1) / (A + 1) ** 2) ** 2)
    v = 2
    bracket = (
        2 * A**4 * (B - 1) + A**3 * (8 * B * v - 6 * B - 5 * v + 6)
        + A**2 * (8 * B * v**2 - 16 * B * v + 6 * B + v**2 + 10 * v - 6)
        + A * (2 * B * v**3 - 8 * B * v**2 + 8 * B * v - 2 * B + v**2 - 5 * v + 2) + v**3 - 2 * v**2
    )  # fmt: skip
    assert_equal(mean.terms[1], -2 * alpha * v * (A - 1) * bracket / (A + v - 1) ** 6)
    assert_equal(shape.terms[0], beta * v**2 * (v - 1) * (A - 1) ** 2 / (A + v - 1) ** 4)
    bracket = 2 * A**2 * B - 3 * A**2 + 2 * A * B * v - 2 * A * B + A * v - 2 * v + 3
    assert_equal(shape.terms[1], -2 * beta * v**3 * (v - 1) * (A - 1) ** 2 * bracket / (A + v - 1) ** 6)  # fmt: skip


def assert_equal(term, formula):
    """Equal as rational functions of the exponentials."""
    assert sp.simplify(term.coefficient - formula) == 0


def test_unequal_letters():
    """(2/3, 1/3): the sector (1) decays as L^-2 where equal letters have L^-3."""
    spec = read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=categorical(["2/3", "1/3"]))  # fmt: skip
    largest, second = spec.sector([]).series()
    assert [number(t.coefficient) for t in largest.terms] == pytest.approx([0.583547357992008, 0.853059752160508])  # fmt: skip
    assert [number(t.coefficient) for t in second.terms] == pytest.approx([0.530907543017698, -1.03424697376016])  # fmt: skip
    (shape,) = spec.sector([1]).series()
    assert [t.exponent for t in shape.terms] == [-2, -3]
    assert [number(t.coefficient) for t in shape.terms] == pytest.approx([0.006402401361897, -0.0287270207067556])  # fmt: skip


@pytest.mark.parametrize("letters", [3, pytest.param(4, marks=pytest.mark.wide)])
def test_dot_products(letters):
    """A smooth function of m/L: degree d has (vL)^-d (f^(d) + ...) at 1/v, whatever the irreps; f is the dual of exp."""
    text = "embedding(1) | flatten | mlp(exp)"  # f(c) = e^(1 + c), every derivative is itself
    spec = read_pipeline(text).spectrum(length=L, tokens=uniform(letters), down_to=2)
    value = math.exp(1 + 1 / letters)
    v = letters
    for sector in spec.sectors:
        for series in sector.series():
            d = -int(series.terms[0].exponent)
            leading = number(series.terms[0].coefficient)
            assert leading == pytest.approx(value / v**d, rel=1e-12)
            if len(series.terms) > 1:
                ratio = d * (1 / 2 - 1 / v) + (1 / v) * (1 - 1 / v) / 2
                second = number(series.terms[1].coefficient)
                assert second == pytest.approx(leading * ratio, rel=1e-12)
    assert len(spec.sector([1], [1]).series()) == 1 + (letters > 2)


def test_dot_products_on_two_letters_to_the_third_term():
    """(2L)^-d (f^(d) + f^(d+2)/(8L) + (f^(d+4)/128 - d f^(d+2)/12)/L^2) at 1/2, f(c) = e^(1 + c)."""
    spec = read_pipeline("embedding(1) | flatten | mlp(exp)").spectrum(length=L, tokens=uniform(2), terms=3)  # fmt: skip
    for d, (mu, kappa) in enumerate((([], []), ([1], [1]), ([2], []))):
        terms = spec.sector(mu, kappa).series()[0].terms
        scale = math.exp(1.5) / 2**d
        assert [t.exponent for t in terms] == [-d, -d - 1, -d - 2]
        assert [number(t.coefficient) / scale for t in terms] == pytest.approx([1, 1 / 8, 1 / 128 - d / 12], rel=1e-12)  # fmt: skip


@pytest.mark.parametrize("p", [(Fraction(1, 5), Fraction(4, 5)), (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6))])  # fmt: skip
def test_softmax_on_letters_of_any_probabilities(p):
    """z_t = 1 + (A - 1) p_t, c_t = 1 - 1/z_t + sum_s p_s/z_s, f_t = p_t c_t; on two letters f_1 as a function of p_1."""

    def features(probabilities):
        z = [1 + (math.e - 1) * q for q in probabilities]
        mean = sum(q / y for q, y in zip(probabilities, z, strict=True))
        return [1 - 1 / y + mean for y in z]

    law = categorical([str(q) for q in p])
    spec = read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=law, terms=1)
    q = [float(x) for x in p]
    c = features(q)
    squares = sum((a * b) ** 2 for a, b in zip(q, c, strict=True))
    largest, *further = spec.sector([]).series()
    assert number(largest.terms[0].coefficient) == pytest.approx(squares, rel=1e-12)
    (shape, *_) = spec.sector([1]).series()
    spread = sum(a * (b - 1) ** 2 for a, b in zip(q, c, strict=True))
    assert shape.terms[0].exponent == -2
    assert number(shape.terms[0].coefficient) == pytest.approx(spread, rel=1e-12)
    if len(p) == 2:
        step = 1e-5
        up, down = ((q[1] + h) * features([q[0] - h, q[1] + h])[1] for h in (step, -step))
        slope = (up - down) / (2 * step)
        expected = slope**2 * q[0] * q[1] / squares
        assert number(further[0].terms[0].coefficient) == pytest.approx(expected, rel=1e-6)
