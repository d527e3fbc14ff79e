"""Kernels of few features at any length: beside blocks from all contingency tables, beside series at lengths that no table reaches, and the bounds that are used."""

from fractions import Fraction
from math import comb

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L
from symkern.engines.few_features.engine import FewFeaturesEngine
from symkern.engines.few_features.largest_values import largest_value
from symkern.engines.problem import Problem
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import Ball
from symkern.exact.balls import precision
from symkern.exact.binomial_weights import binomial_balls, central_range
from symkern.kernels import categorical, embedding, mixture, read_pipeline, uniform
from tests.oracles import two_letter_sums as sums

SOFTMAX = "embedding(1, 1/2) | attention(tied, softmax)"
BEHIND = [
    "mean_pool",
    "flatten",
    "at_position(last)",
    "residual | at_position(last) | linear(3, 1/7)",
    "attention(tied, softmax) | residual | linear(2, 1/3) | mean_pool",
    "attention(tied, softmax) | residual | flatten",
]


def solved(kernel, law, length):
    """The sectors, whatever the length."""
    return FewFeaturesEngine().solve(Problem.of(kernel, law, length))


def as_ball(value):
    """Exact eigenvalues as balls."""
    return value if isinstance(value, Ball) else Ball(Fraction(str(value)))


@pytest.mark.sampled(12)
@pytest.mark.parametrize("law", [uniform(2), categorical(["1/3", "2/3"])], ids=["alike", "unlike"])
@pytest.mark.parametrize("behind", BEHIND)
def test_all_eigenvalues_at_moderate_lengths(behind, law):
    """The same sectors with the same eigenvalues as from tables, none left out, and the same trace."""
    kernel = read_pipeline(f"{SOFTMAX} | {behind}")
    for length in (10, 15):
        expected, found = kernel.spectrum(length=length, tokens=law), solved(kernel, law, length)
        labels = [(s.position_irrep, s.token_irrep, s.dimension) for s in expected]
        assert [(s.position_irrep, s.token_irrep, s.dimension) for s in found.sectors] == labels
        for one, other in zip(found.sectors, expected, strict=True):
            for a, b in zip(one.eigenvalues, other.eigenvalues, strict=True):
                assert a.overlaps(as_ball(b))
                assert a.radius < Fraction(1, 10**50)
        assert found.mean_diagonal.overlaps(as_ball(expected.mean_diagonal))


def test_where_sums_leave_numbers_out():
    """At L = 700 the ends of the range are not visited; E k(x, x), whose sum is another one, is that of the sectors."""
    kernel = read_pipeline(f"{SOFTMAX} | mean_pool")
    assert len(central_range(698, Fraction(1, 2), 256)) < 600
    spec = kernel.spectrum(length=700, tokens=uniform(2))
    assert spec.check_trace()
    assert all(isinstance(e, Ball) and e.radius < Fraction(1, 10**50) for s in spec for e in s.eigenvalues)  # fmt: skip


def test_beside_sums_in_floating_point():
    """A sector at L = 26 by sums over all tables that share nothing with the engine."""
    stages = [("embedding", 1, 0.5), ("softmax",)]
    kernel = read_pipeline(f"{SOFTMAX} | mean_pool")
    found = solved(kernel, categorical(["3/5", "2/5"]), 26)
    for k in (0, 1):
        block = sums.block(sums.kernel(stages, "mean_pool"), 26, k, 0.4, most=8).astype(float)
        (sector,) = (s for s in found.sectors if s.position_irrep.size == k)
        expected = sorted((abs(e) for e in _eigenvalues(block)), reverse=True)
        values = [float(e) for e in sector.eigenvalues]
        assert values == pytest.approx(expected[: len(values)], rel=1e-8)


def _eigenvalues(block):
    import numpy as np

    return np.linalg.eigvalsh(block)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("behind", "mu", "kappa"),
    [
        ("mean_pool", [1], []),
        pytest.param("flatten", [2], [], marks=pytest.mark.wide),
        pytest.param("at_position(last)", [1], [], marks=pytest.mark.wide),
    ],
)
def test_long_sequences_beside_series(behind, mu, kappa):
    """At L = 1000 and 4000 the certain terms miss the eigenvalue by the order that they say, and by no less."""
    kernel = read_pipeline(f"{SOFTMAX} | {behind}")
    spec = kernel.spectrum(length=L, tokens=uniform(2), terms=2)
    series = spec.sector(mu, kappa).series(2)[0]
    gaps = []
    for length in (1000, 4000):
        (value,) = spec.enclosure(length).sector(mu, kappa).eigenvalues
        known = sum(float(t.coefficient) * float(length) ** float(t.exponent) for t in series.terms)
        gaps.append(abs(float(value) - known) * length ** -float(series.terms[0].exponent))
    assert gaps[0] < 1e-3
    assert 12 < gaps[0] / gaps[1] < 20  # (4000/1000)^2


@given(st.integers(1, 60), st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=40))
def test_binomial_balls(n, p):
    """They hold the exact probabilities; what a narrow range leaves out is below the bound."""
    with precision(128):
        for i, found in enumerate(binomial_balls(n, p, range(n + 1))):
            q = comb(n, i) * p**i * (1 - p) ** (n - i)
            assert found.overlaps(arb(q.numerator) / q.denominator)
            assert found.rad() < 1e-30
    near = central_range(n, p, 5)
    inside = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in near)
    assert 1 - inside <= Fraction(2, 2**5)


@pytest.mark.parametrize("behind", ["mean_pool", "residual | linear(1/2, 1/3) | flatten"])
def test_the_bound_of_a_kernel_is_above_its_values(behind):
    """On sequences of three letters; it is reached by the embedding itself."""
    kernel = read_pipeline(f"{SOFTMAX} | {behind}")
    bound = float(largest_value(kernel))
    values = [float(kernel(x, y)) for x in ((0, 0, 0), (0, 1, 2)) for y in ((0, 0, 0), (2, 1, 0))]
    assert max(map(abs, values)) <= bound + 1e-12
    assert float(largest_value(embedding(2, 1, "-1/2").flatten())) == 3.5


def test_refusals():
    """What has no finite number of features known from its form, no bound, or another length says so, and what exists instead."""
    spec = read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=uniform(2))
    with pytest.raises(InvalidArgument, match="is 5 in this spectrum"):
        spec.evaluate(length=5).enclosure(6)
    assert spec.evaluate(length=5).enclosure(5).sectors
    with pytest.raises(NoClosedForm, match="without bound"):
        read_pipeline(f"{SOFTMAX} | mlp(erf) | mean_pool").spectrum(length=L, tokens=uniform(2)).enclosure(500)  # fmt: skip
    relu = embedding(1, 1).attention("tied", "relu").mean_pool()
    with pytest.raises(NoClosedForm, match="rows are not averages"):
        FewFeaturesEngine().require_form(Problem.of(relu, uniform(2), 500))
    law = mixture([("1/2", uniform(2)), ("1/2", categorical(["1/4", "3/4"]))])
    with pytest.raises(NoClosedForm, match="independent"):
        read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=law).enclosure(500)
    symbols = read_pipeline("embedding(alpha, 1) | attention(tied, softmax) | mean_pool")
    with pytest.raises(NoClosedForm, match="give alpha values"):
        symbols.spectrum(length=L, tokens=uniform(2)).enclosure(500)
