"""The oracle of attention kernels against a seeded simulation and against moments by hand."""

from fractions import Fraction
from itertools import product
from math import erf

import numpy as np
import pytest
import sympy as sp

from . import attention

X, Y = (0, 1, 1, 2), (1, 1, 0, 2)


def _features(x, y, token, position):
    """Vectors f_a(x), f_b(y) whose inner products are the base kernel."""
    length, letters = len(x), 1 + max(*x, *y)
    vectors = []
    for word in (x, y):
        rows = np.zeros((length, letters + length))
        for a, letter in enumerate(word):
            rows[a, letter] = np.sqrt(token)
            rows[a, letters + a] = np.sqrt(position)
        vectors.append(rows)
    return vectors


@pytest.mark.sampled(2)
@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("positions_in_values", [True, False])
def test_independent_attention_is_the_covariance_of_random_heads(normalize, positions_in_values):
    """One head o_a = sum_b q_a k_b v_b with q, k, v Gaussian in the features, 400 000 draws."""
    token, position, draws = 2.0, 1.0, 400_000
    rng = np.random.default_rng(7)
    f, g = _features(X, Y, token, position)
    query, key, value = rng.standard_normal((3, draws, f.shape[1]))
    if not positions_in_values:
        value[:, 3:] = 0
    divisor = len(X) if normalize else 1
    outputs = [
        (query @ h.T) * np.sum((key @ h.T) * (value @ h.T), axis=1, keepdims=True) / divisor
        for h in (f, g)
    ]
    products = outputs[0][:, :, None] * outputs[1][:, None, :]
    mean, error = products.mean(axis=0), products.std(axis=0) / np.sqrt(draws)
    state = attention.run(
        [
            ("embedding", {"token": Fraction(2), "position": Fraction(1)}),
            ("attention", {"normalize": normalize, "positions_in_values": positions_in_values}),
        ],
        X,
        Y,
    )
    assert np.all(np.abs(mean - state.xy.astype(float)) < 5 * error)
    assert np.any(np.abs(mean - 1.2 * state.xy.astype(float)) > 5 * error)  # it can fail


@pytest.mark.parametrize("row_map", ["identity", "relu", "abs", "softmax"])
def test_tied_attention_moves_features_by_its_own_scores(row_map):
    """With fixed scores the output features are G(x) f(x), so K' = G(x) f(x) f(y)^T G(y)^T."""
    f, g = _features(X, Y, 2.0, 1.0)

    def scores(h):
        s = h @ h.T
        if row_map == "softmax":
            e = np.exp(s)
            return e / e.sum(axis=1, keepdims=True)
        return {"identity": s, "relu": np.maximum(s, 0), "abs": np.abs(s)}[row_map] / len(X)

    expected = (scores(f) @ f) @ (scores(g) @ g).T
    state = attention.run(
        [
            ("embedding", {"token": 2, "position": 1}),
            ("attention", {"query_key": "tied", "row_map": row_map}),
        ],
        X,
        Y,
    )
    assert np.allclose(expected, np.vectorize(float)(state.xy), rtol=1e-12)


def test_moments_are_sums_over_pairings():
    """Isserlis: E of a product of Gaussians is the sum over perfect matchings."""

    def matchings(points):
        if not points:
            yield []
            return
        first, *rest = points
        for partner in rest:
            for other in matchings([p for p in rest if p != partner]):
                yield [(first, partner), *other]

    a, b, c = sp.symbols("a b c")
    covariance = {(0, 0): a, (0, 1): c, (1, 1): b}
    for i, j in product(range(5), repeat=2):
        kinds = [0] * i + [1] * j
        expected = sum(
            sp.prod(covariance[kinds[p], kinds[q]] for p, q in matching)
            for matching in matchings(list(range(i + j)))
        )
        assert sp.expand(attention.gaussian_moment(i, j, a, b, c) - expected) == 0


@pytest.mark.parametrize("activation", ["relu", "erf"])
def test_dual_activations_by_quadrature(activation):
    """Gauss-Hermite in two dimensions; relu has a kink, so only two digits can be asked for."""
    a, b, c = 1.5, 0.75, 0.4
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    weights = weights / weights.sum()
    s = np.sqrt(a) * nodes[:, None] + 0 * nodes[None, :]
    t = c / np.sqrt(a) * nodes[:, None] + np.sqrt(b - c * c / a) * nodes[None, :]
    phi = np.vectorize(erf) if activation == "erf" else lambda z: np.maximum(z, 0)
    expected = weights @ (phi(s) * phi(t)) @ weights
    exact = attention.dual(activation, sp.Rational(3, 2), sp.Rational(3, 4), sp.Rational(2, 5))
    assert float(exact) == pytest.approx(expected, rel=3e-3 if activation == "relu" else 1e-9)
    if activation == "relu":  # E max(s, 0)^2 = a/2, and nothing is left of opposite signs
        assert float(attention.dual("relu", a, a, a)) == pytest.approx(a / 2, rel=1e-12)
        assert float(attention.dual("relu", a, a, -a)) == pytest.approx(0, abs=1e-12)


def test_closed_form_of_one_layer():
    """k = (alpha s + beta L)(alpha^2 s + 2 alpha beta m + beta^2 L)/L^4, and its other readouts."""
    alpha, beta = sp.symbols("alpha beta", positive=True)
    length = len(X)
    s = sum(X.count(t) * Y.count(t) for t in range(3))
    m = sum(p == q for p, q in zip(X, Y, strict=True))
    d = int(X[-1] == Y[-1])
    c = (alpha**2 * s + 2 * alpha * beta * m + beta**2 * length) / sp.Integer(length) ** 2
    expected = {
        "mean_pool": (alpha * s + beta * length) * c / length**2,
        "flatten": (alpha * m + beta * length) * c / length,
        "at_position": (alpha * d + beta) * c,
    }
    for name, formula in expected.items():
        stages = [
            ("embedding", {"token": alpha, "position": beta}),
            ("attention", {}),
            (name, {"position": "last"} if name == "at_position" else {}),
        ]
        assert sp.expand(attention.kernel(stages, X, Y) - formula) == 0


def test_exponents_of_depth():
    """Depth l without residuals is K c^((3^l - 1)/2): exponents 1, 4, 13."""
    length, token, position = 4, Fraction(2), Fraction(1, 3)
    s, m = 1 * 1 + 2 * 2 + 1 * 1, 2
    c = (token**2 * s + 2 * token * position * m + position**2 * length) / length**2
    for depth, exponent in ((1, 1), (2, 4), (3, 13)):
        stages = [("embedding", {"token": token, "position": position})]
        stages += [("attention", {})] * depth
        stages += [("mean_pool", {})]
        value = attention.kernel(stages, X, Y)
        assert value == (token * s + position * length) * c**exponent / length**2
