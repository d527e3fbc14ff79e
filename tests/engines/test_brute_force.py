"""Every preset at every small size, under uniform, skewed and mixed laws: the spectrum against the v^L x v^L matrix.

The matrix is written down from the closed formula of the preset, with counts and matches of all pairs of sequences
as numpy arrays, and diagonalised in floating point; the sectors must give all of its eigenvalues, with their
dimensions, and nothing else. Up to 64 sequences the characteristic polynomials are compared exactly, modulo a prime.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import pytest
from flint import nmod_mat, nmod_poly

import symkern as sk
from symkern.kernels import categorical, mixture, uniform
from tests.oracles import spectrum
from tests.oracles.pipelines import block_charpoly

LARGEST = 1100
#: Every (L, v) with 2 <= v^L <= 1100; at L = 1 and 2 the larger vocabularies are alike, and some stand for them.
SIZES = [
    (length, size)
    for size in (*range(1, 8), 10, 16, 33)
    for length in range(1, 11)
    if size**length <= LARGEST and (size > 1 or length < 6)
] + [(1, 1100)]
PARAMETERS = [{"alpha": 1, "beta": 1}, {"alpha": "2", "beta": "1/3", "w": "3/2", "b": "1/5"}]


@cache
def words(length, size):
    found = np.array(list(product(range(size), repeat=length)), dtype=np.int64)
    return found.reshape(-1, length)


@cache
def invariants(length, size):
    """s, m and d of all pairs of sequences, as integers."""
    x = words(length, size)
    counts = (x[:, :, None] == np.arange(size)).sum(axis=1)
    m = sum(np.equal.outer(x[:, a], x[:, a]).astype(np.int64) for a in range(length))
    return counts @ counts.T, m, np.equal.outer(x[:, -1], x[:, -1]).astype(np.int64)


def closed(name, length, size, alpha=1, beta=1, w=1, b=0):
    """The kernel on all pairs, by the formula of MATH and README; exact for Fractions in arrays of objects."""
    s, m, d = invariants(length, size)
    if isinstance(alpha, Fraction):
        s, m, d = (array.astype(object) for array in (s, m, d))
    c = (alpha**2 * s + 2 * alpha * beta * m + beta**2 * length) / length**2
    pooled = (alpha * s + beta * length) / length**2
    return {
        "bag-of-tokens": lambda: alpha * s / length**2,
        "flatten": lambda: alpha * m / length + beta,
        "linear-attention": lambda: pooled * c,
        "linear-attention-flatten": lambda: (alpha * m + beta * length) * c / length,
        "linear-attention-last": lambda: (alpha * d + beta) * c,
        "linear-attention-2": lambda: pooled * c**4,
        "linear-attention-3": lambda: pooled * c**13,
        "transformer-block": lambda: w * pooled * (1 + c) + b,
        "transformer-block-last": lambda: w * (alpha * d + beta) * (1 + c) + b,
        "softmax-attention": lambda: softmax(length, size, alpha, beta),
        "softmax-block": lambda: softmax_block(length, size, alpha, beta, w, b),
        "fully-connected": lambda: relu(alpha, m / length),
    }[name]()


def softmax(length, size, alpha, beta):
    """w_x K(x, y) w_y/L^2 with w_x the column sums of softmax K(x, x)."""
    x = words(length, size)
    scores = np.exp(alpha * (x[:, :, None] == x[:, None, :]) + beta * np.eye(length))
    weights = (scores / scores.sum(axis=2, keepdims=True)).sum(axis=1)
    by_token = np.stack([(weights * (x == t)).sum(axis=1) for t in range(size)], axis=1)
    return (alpha * by_token @ by_token.T + beta * weights @ weights.T) / length**2


def softmax_block(length, size, alpha, beta, w, b):
    """Rows of softmax, the residual, entries over the roots of both variances, w r + b, the arc-cosine kernel, the mean of all pairs of positions."""
    x = words(length, size)
    scores = np.exp(alpha * (x[:, :, None] == x[:, None, :]) + beta * np.eye(length))
    rows = (scores / scores.sum(axis=2, keepdims=True))[:, None]
    pair = alpha * (x[:, None, :, None] == x[None, :, None, :]) + beta * np.eye(length)
    pair = pair + rows @ pair @ rows.transpose(1, 0, 3, 2)
    own = np.sqrt(np.einsum("iiaa->ia", pair))
    r = w * pair / (own[:, None, :, None] * own[None, :, None, :]) + b
    return relu(w + b, np.minimum(r / (w + b), 1)).mean(axis=(2, 3))


def relu(alpha, r):
    return alpha * (np.sqrt(1 - r**2) + (np.pi - np.arccos(r)) * r) / (2 * np.pi)


def laws(size, length, which):
    """A law and the probabilities of all sequences under it."""
    skew = [Fraction(2) ** -i for i in range(1, size)]
    skew.append(1 - sum(skew))
    letters = np.array([float(p) for p in skew])
    skewed = np.prod(letters[words(length, size)], axis=1)
    if which == "uniform":
        return uniform(size), np.full(size**length, 1 / size**length)
    if which == "skewed":
        return categorical(skew), skewed
    law = mixture([(Fraction(1, 3), categorical(skew)), (Fraction(2, 3), uniform(size))])
    return law, skewed / 3 + 2 / 3 / size**length


def listed(found, whole):
    """All eigenvalues with their dimensions, the largest first, zeros included."""
    values = []
    for sector in found.sectors:
        times = int(sector.dimension)
        assert times > 0
        for value in sector.eigenvalues:
            values += [float(value)] * times
    assert len(values) <= whole
    return np.sort(np.array(values + [0.0] * (whole - len(values))))[::-1]


def assert_whole(name, length, size, which, parameters):
    kernel = sk.kernels.read_kernel(name)
    given = {p.name: parameters.get(p.name, "2/3") for p in kernel.parameters}
    law, weights = laws(size, length, which)
    found = sk.derive(kernel, length=length, tokens=law, **given)
    numbers = {key: float(Fraction(value)) for key, value in given.items()}
    root = np.sqrt(weights)
    matrix = closed(name, length, size, **numbers) * np.outer(root, root)
    expected = np.linalg.eigvalsh(matrix)[::-1]
    mine = listed(found, len(expected))
    assert np.allclose(mine, expected, rtol=1e-10, atol=1e-10 * abs(expected).max()), (length, size)


def sizes(name, which, most):
    """The sizes at which a preset is held against the matrix: all of them, where no block is expensive."""
    for length, size in SIZES:
        deep = name in ("linear-attention-2", "linear-attention-3", "softmax-attention")
        if deep and size > 33:
            continue
        if size**length > most or (deep and size > 5 and length > 1):
            continue
        if name == "softmax-block" and (size > 3 or size**length > 70):
            continue
        if name == "fully-connected" and size > 3 and size**length > 130:
            continue
        if which != "uniform" and size > 4:
            continue
        yield length, size


@pytest.mark.sampled(16)
@pytest.mark.parametrize(
    ("parameters", "most"),
    [
        (PARAMETERS[0], 70),
        (PARAMETERS[1], 130),
        pytest.param(PARAMETERS[1], LARGEST, marks=pytest.mark.wide),
    ],
)
@pytest.mark.parametrize("name", sk.kernels.PRESETS)
def test_uniform_tokens(name, parameters, most):
    for length, size in sizes(name, "uniform", most):
        assert_whole(name, length, size, "uniform", parameters)


@pytest.mark.sampled(16)
@pytest.mark.parametrize("which", ["skewed", "mixed"])
@pytest.mark.parametrize("name", sk.kernels.PRESETS)
def test_other_laws(name, which):
    for length, size in sizes(name, which, 130):
        assert_whole(name, length, size, which, PARAMETERS[1])


EXACT = [name for name, preset in sk.kernels.PRESETS.items() if preset.kernel.is_polynomial]


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", EXACT)
def test_characteristic_polynomials_agree_exactly(name):
    """Up to 64 sequences, modulo the oracle's prime; symbols are given unequal values."""
    given = {key: Fraction(value) for key, value in PARAMETERS[1].items()}
    for length, size in [(1, 3), (2, 2), (3, 2), (4, 2), (6, 2), (2, 3), (3, 3), (2, 4), (3, 4)]:
        kernel = sk.kernels.read_kernel(name)
        values = {p.name: str(given[p.name]) for p in kernel.parameters}
        found = sk.derive(kernel, length=length, tokens=uniform(size), **values)
        whole = size**length
        entries = closed(name, length, size, **given) / Fraction(whole)
        matrix = [spectrum.residue(e) for e in np.ravel(entries)]
        total, dimensions = nmod_poly([1], spectrum.PRIME), 0
        for sector in found.sectors:
            polynomial = spectrum.poly_residue(block_charpoly(sector.block, {}))
            total *= polynomial ** int(sector.dimension)
            dimensions += polynomial.degree() * int(sector.dimension)
        total *= nmod_poly([0, 1], spectrum.PRIME) ** (whole - dimensions)
        assert total == nmod_mat(whole, whole, matrix, spectrum.PRIME).charpoly()
