"""Laws with letters that cannot occur, sizes that are formulas, and hyperparameters that hold L or v."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L
from symkern.kernels import embedding
from symkern.kernels.laws import (
    categorical,
    exchangeable,
    mixture,
    on_support,
    sequence_probability,
    uniform,
)

HALF = "1/2"
#: Laws with letters of probability 0, and the same laws without them.
REDUCED = [
    (categorical([HALF, HALF, 0]), categorical([HALF, HALF])),
    (categorical([HALF, 0, HALF]), categorical([HALF, HALF])),
    (categorical([0, 0, "1/3", "2/3"]), categorical(["1/3", "2/3"])),
    (mixture([(1, categorical(["1/3", "2/3", 0]))]), categorical(["1/3", "2/3"])),
    (
        mixture([(0, uniform(3)), (1, categorical([0, "1/3", "2/3"]))]),
        categorical(["1/3", "2/3"]),
    ),
    (categorical([0, 1]), categorical([1])),
]
PRESETS = ["linear-attention", "flatten", "bag-of-tokens"]
LAST = embedding("alpha", "beta").attention().at_position("last")


@pytest.mark.parametrize("kernel", [*PRESETS, LAST], ids=str)
@pytest.mark.parametrize("length", [2, 4, L], ids=str)
@pytest.mark.parametrize(("law", "plain"), REDUCED, ids=lambda law: repr(law))
def test_letters_of_probability_zero_have_no_eigenvalues(kernel, length, law, plain):
    found, expected = (sk.derive(kernel, length=length, tokens=t) for t in (law, plain))
    assert found.rank() == expected.rank()
    assert [s.block for s in found] == [s.block for s in expected]
    assert found.tokens == law
    assert found.check_trace()
    assert found.cost().states == expected.cost().states


def test_ranks_under_a_law_that_is_uniform_on_its_support():
    for length in (4, L):
        law = categorical([HALF, HALF, 0])
        found = sk.derive(length=length, tokens=law).rank()
        assert sp.expand(found - sk.derive(length=length, tokens=uniform(2)).rank()) == 0
    assert sk.derive(length=4, tokens=categorical([HALF, HALF, 0])).rank() == 9


@pytest.mark.parametrize(
    "law",
    [
        categorical(["1/3", 0, "2/3"]),
        categorical([0, 1, 0]),
        mixture([(HALF, categorical(["1/3", 0, "2/3"])), (HALF, categorical([HALF, 0, HALF]))]),
        exchangeable({(3, 0, 0): HALF, (1, 0, 2): HALF, (1, 1, 1): 0}),
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "kernel",
    [embedding(1, 2).attention().mean_pool(), embedding(1, 2).attention().at_position("last")],
    ids=str,
)
def test_eigenfunctions_take_the_letters_that_were_asked_for(kernel, law):
    """T f = lambda f on all sequences, values and eigenvalues by brute force; f is 0 where a letter cannot occur."""
    words = list(product(range(3), repeat=3))
    weights = np.array(
        [float(sequence_probability(law, tuple(w.count(t) for t in range(3)))) for w in words]
    )
    gram = np.array([[float(kernel(x, y)) for y in words] for x in words])
    root = np.sqrt(weights)
    dense = np.linalg.eigvalsh(root[:, None] * gram * root)
    spectrum = kernel.spectrum(3, law)
    listed = []
    for sector in spectrum:
        for f in sector.basis():
            values = np.array([float(f(w)) for w in words])
            assert np.allclose(f.values().astype(float), values)
            assert np.allclose(values[weights == 0], 0)
            number = float(f.eigenvalue)
            mean = gram @ (weights * values)
            assert np.allclose(mean[weights > 0], number * values[weights > 0])
            assert np.any(abs(values[weights > 0]) > 1e-9)
            listed += [number] * int(sector.dimension)
    expected = sorted(e for e in dense if abs(e) > 1e-9)
    assert np.allclose(sorted(e for e in listed if abs(e) > 1e-12), expected)


def test_support_of_a_law():
    assert on_support(categorical([0, 1])) == (categorical([1]), (1,))
    both = mixture([(HALF, categorical([1, 0, 0])), (HALF, categorical([0, 0, 1]))])
    assert on_support(both)[1] == (0, 2)
    full = categorical([HALF, HALF])
    assert on_support(full) == (full, (0, 1))
