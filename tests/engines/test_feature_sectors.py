"""Enclosures on any letters: beside dense matrices, tables, the engine of two letters and series; and the bound of what is not visited."""

from fractions import Fraction
from itertools import permutations
from math import factorial, prod

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L
from symkern.engines.few_features import feature_sectors
from symkern.engines.few_features.engine import FewFeaturesEngine
from symkern.engines.few_features.feature_sectors import FeatureSectors
from symkern.engines.problem import Problem
from symkern.errors import NoClosedForm, TooLarge
from symkern.exact import Ball
from symkern.exact.ball_matrices import symmetric_eigenvalues
from symkern.exact.balls import precision
from symkern.exact.multinomial_weights import central_counts, number_of_central_counts
from symkern.kernels import categorical, embedding, read_pipeline, uniform
from symkern.spectra.deriving import expected_cost
from tests.oracles import dense

SOFTMAX = "embedding(1, 1/2) | attention(tied, softmax)"
UNLIKE = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]


def enclosed(text, length, p, alike=None):
    """Eigenvalues by sector, the largest first, and E k(x, x), whatever the length."""
    kernel = read_pipeline(text)
    alike = len(set(p)) == 1 if alike is None else alike
    sums = FeatureSectors(kernel, length, p, alike)
    sums.sum(iter)
    found = {}
    for label in sums.labels():
        block = sums.block(*label)
        if block is not None:
            found[label] = symmetric_eigenvalues(block[0])
    return found, sums.mean_diagonal()


def as_ball(value):
    """Exact eigenvalues as balls."""
    return value if isinstance(value, Ball) else Ball(Fraction(str(value)))


def require_same(found, expected, radius=Fraction(1, 10**20)):
    """Sector by sector; beyond the shorter list of a sector there are balls around zero alone."""
    left = dict(found)
    for s in expected:
        own = left.pop((s.position_irrep, s.token_irrep), ())
        other = [as_ball(e) for e in s.eigenvalues]
        for i in range(max(len(own), len(other))):
            a, b = (listed[i] if i < len(listed) else Ball(0) for listed in (own, other))
            assert a.overlaps(b), (s.position_irrep, s.token_irrep, i, a, b)
            assert a.radius < radius
    assert all(e.overlaps(Ball(0)) for listed in left.values() for e in listed)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("behind", "p", "length"),
    [
        ("mean_pool", [Fraction(1, 3)] * 3, 7),
        ("flatten", [Fraction(1, 3)] * 3, 6),
        ("flatten", UNLIKE, 5),
        ("at_position(last)", UNLIKE, 6),
        ("at_position(last)", [Fraction(1, 4)] * 4, 5),
        ("residual | linear(3, 1/7) | at_position(last) | linear(2, 1/5)", [Fraction(1, 3)] * 3, 5),
        ("attention(tied, softmax) | residual | flatten", [Fraction(1, 3)] * 3, 5),
        ("residual | layer_norm | mean_pool", [Fraction(1, 3)] * 3, 5),
        ("layer_norm | attention(tied, softmax, scale=2) | flatten", [Fraction(1, 3)] * 3, 4),
        ("residual | layer_norm | flatten", [Fraction(2, 5), Fraction(3, 5)], 8),
    ],
)
def test_all_eigenvalues_of_short_sequences(behind, p, length):
    """The same as from values on all tables, which know no features, and nothing beside them."""
    kernel = read_pipeline(f"{SOFTMAX} | {behind}")
    law = uniform(len(p)) if len(set(p)) == 1 else categorical(p)
    expected = kernel.spectrum(length=length, tokens=law)
    found, trace = enclosed(f"{SOFTMAX} | {behind}", length, p)
    require_same(found, expected)
    assert trace.overlaps(as_ball(expected.mean_diagonal))


@pytest.mark.parametrize("behind", ["flatten", "residual | layer_norm | flatten"])
def test_beside_a_dense_matrix(behind):
    """All 81 eigenvalues of four letters out of three, each as often as its sector says, without tables or irreps."""
    words = dense.sequences(4, 3)
    stages = [("embedding", {"token": 1, "position": "1/2"}), ("attention", {"query_key": "tied", "row_map": "softmax"}), *((name, {}) for name in behind.split(" | "))]  # fmt: skip
    weights = np.sqrt(dense.law("categorical", UNLIKE, words, 3))
    exact = np.linalg.eigvalsh(weights[:, None] * dense.gram(stages, words) * weights)[::-1]
    found, _ = enclosed(f"{SOFTMAX} | {behind}", 4, UNLIKE)
    times = {"[]": 1, "1": 3, "2": 2, "1,1": 3}
    mine = [float(e) for (mu, _), listed in found.items() for e in listed for _ in range(times[str(mu)])]  # fmt: skip
    mine = sorted([e for e in mine if e > 1e-12], reverse=True)
    assert 10 < len(mine) <= 81
    assert [*mine, *[0.0] * (81 - len(mine))] == pytest.approx(exact.tolist(), abs=1e-14)


@pytest.mark.parametrize("behind", ["flatten", "at_position(last)"])
def test_beside_the_engine_of_two_letters(behind):
    """At L = 270, where both leave numbers out; they share neither features nor sums."""
    kernel = read_pipeline(f"{SOFTMAX} | {behind}")
    expected = FewFeaturesEngine().solve(Problem.of(kernel, uniform(2), 270))
    found, trace = enclosed(f"{SOFTMAX} | {behind}", 270, [Fraction(1, 2)] * 2)
    require_same(found, expected.sectors)
    assert trace.overlaps(expected.mean_diagonal)


def test_long_sequences_beside_series():
    """The certain terms miss the eigenvalue by the order that they say, and by no less."""
    kernel = read_pipeline(f"{SOFTMAX} | mean_pool")
    series = kernel.spectrum(length=L, tokens=uniform(3), terms=2).sector([1], []).series(2)[0]
    gaps = []
    for length in (40, 80):
        (value,) = kernel.spectrum(length=length, tokens=uniform(3)).sector([1], []).eigenvalues
        known = sum(float(t.coefficient) * float(length) ** float(t.exponent) for t in series.terms)
        gaps.append(abs(float(value) - known) * length**3)
    assert 3 < gaps[0] / gaps[1] < 5  # (80/40)^2


def test_what_is_not_visited_is_in_the_radius(monkeypatch):
    """With few bits the radius is what the numbers that are left out can hold; without that share it would be too small, and is seen to be."""
    text = f"{SOFTMAX} | mean_pool"
    exact, trace = enclosed(text, 40, UNLIKE)
    monkeypatch.setattr(feature_sectors, "left_out_bits", lambda length: 40)
    coarse, about = enclosed(text, 40, UNLIKE)
    assert all(a.overlaps(b) for label in exact for a, b in zip(exact[label], coarse[label], strict=True))  # fmt: skip
    assert about.overlaps(trace)
    assert trace.radius * 10**10 < about.radius < Fraction(1, 10**10)
    monkeypatch.setattr(FeatureSectors, "sum", _without_the_rest(FeatureSectors.sum))
    wrong, off = enclosed(text, 40, UNLIKE)
    assert not off.overlaps(trace)
    assert not all(a.overlaps(b) for label in exact for a, b in zip(exact[label], wrong[label], strict=True))  # fmt: skip


def _without_the_rest(method):
    def planted(self, progress, only=None):
        method(self, progress, only)
        self._share = self._share * 0

    return planted


@given(st.integers(1, 9), st.lists(st.integers(1, 5), min_size=1, max_size=4), st.booleans())
def test_central_counts(size, parts, alike):
    """Exact probabilities, which add up to one where nothing is left out; decreasing numbers stand for all orders."""
    law = [Fraction(1, len(parts))] * len(parts) if alike else [Fraction(n, sum(parts)) for n in parts]  # fmt: skip
    with precision(128):
        found = list(central_counts(size, law, 100, alike))
        assert sum(w for _, w in found).overlaps(arb(1))
        for counts, weight in found:
            exact = factorial(size) * prod(p**n / factorial(n) for p, n in zip(law, counts, strict=True))  # fmt: skip
            orders = len({tuple(counts[i] for i in order) for order in permutations(range(len(counts)))}) if alike else 1  # fmt: skip
            assert float(weight) == pytest.approx(float(exact * orders), rel=1e-14)
    assert number_of_central_counts(size, law, 100, False) >= 1


def test_spectra_and_enclosures_of_three_letters():
    """What users call; the trace, which is found without features, is that of the sectors, and the estimate is near the numbers that are visited."""
    kernel = read_pipeline(f"{SOFTMAX} | residual | layer_norm | mean_pool")
    spec = kernel.spectrum(length=30, tokens=uniform(3))
    assert spec.check_trace()
    assert {s.valid_for["v"] for s in spec} == {3}
    series = read_pipeline(f"{SOFTMAX} | mean_pool").spectrum(length=L, tokens=uniform(3))
    near = series.enclosure(40)
    assert near.check_trace()
    assert not any(near.sector([2], [1]).eigenvalues)
    with precision(300):
        visited = len(list(central_counts(500, [Fraction(1, 3)] * 3, 134, True)))
    estimate = number_of_central_counts(500, [Fraction(1, 3)] * 3, 134, True)
    assert visited / 1.5 < estimate < 1.5 * visited
    assert expected_cost(kernel, 30, uniform(3)).seconds < 2


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("kernel", "says"),
    [
        ("embedding(1, 1) | attention(tied, softmax) | mlp(erf) | mean_pool", "without bound"),
        ("embedding(1, 1) | attention(tied, relu) | mean_pool", "rows are not averages"),
        ("embedding(1, 1) | attention() | mean_pool", "without bound"),
        ("embedding(1, 1, -1/10) | attention(tied, softmax) | layer_norm | mean_pool", "constant must not be negative"),
    ],
)  # fmt: skip
def test_refusals(kernel, says):
    """Each says what is missing and what exists instead."""
    with pytest.raises(NoClosedForm, match=says):
        FewFeaturesEngine().require_form(Problem.of(read_pipeline(kernel), uniform(3), 500))


def test_lengths_out_of_reach():
    """They are refused before the work, with what takes less; so is a covariance of letters."""
    kernel = read_pipeline(f"{SOFTMAX} | mean_pool")
    with pytest.raises(TooLarge, match=r"series in 1/L take seconds"):
        kernel.spectrum(length=10**7, tokens=uniform(3))
    with pytest.raises(TooLarge):
        kernel.spectrum(length=10**400, tokens=uniform(3))
    with pytest.raises(NoClosedForm, match="at most 6"):
        FewFeaturesEngine().require_form(Problem.of(kernel, uniform(1000), 500))
    covariance = embedding([[1, 0, 0], [0, 1, "1/2"], [0, "1/2", 1]], 1).attention("tied", "softmax").mean_pool()  # fmt: skip
    with pytest.raises(NoClosedForm, match="covariance"):
        FewFeaturesEngine().require_form(Problem.of(covariance, uniform(3), 500))
