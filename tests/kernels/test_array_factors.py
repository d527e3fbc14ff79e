"""Sums of terms beside the arrays that they stand for: every operation, in every place of a formula, on NumPy, strict arrays, tensors and jets."""

from __future__ import annotations

from typing import Any

import array_api_strict
import numpy as np
import pytest
import sympy as sp
from array_api_compat import array_namespace

from symkern.kernels import read_kernel
from symkern.kernels.algebras.array_factors import Factored, Terms, dense, hands_over
from symkern.kernels.algebras.array_functions import ArrayFunctions
from symkern.kernels.algebras.array_positions import Positions
from symkern.kernels.algebras.jet_functions import JetFunctions

N, M, LENGTH = 3, 4, 5
PLAIN = ArrayFunctions(array_namespace(np.zeros(1)), np.float64, "cpu")
STRICT = ArrayFunctions(array_namespace(array_api_strict.zeros(1)), array_api_strict.float64, array_api_strict.Device("CPU_DEVICE"))  # fmt: skip


def random(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.5, 1.5, shape)


def terms(f: ArrayFunctions) -> Terms:
    """Two that are everywhere, one of them the same for all sequences of a side, and one on the diagonal with two columns."""

    def array(seed: int, *shape: int) -> Any:
        return f.xp.asarray(random(seed, *shape), dtype=f.dtype)

    return Terms(
        f,
        (N, M, LENGTH),
        Factored(array(1, N, LENGTH, 3), array(2, M, LENGTH, 3)),
        Factored(array(3, N, LENGTH, 1), array(4, 1, LENGTH, 1)),
        Factored(array(5, 1, LENGTH, 2), array(6, M, LENGTH, 2), diagonal=True),
    )


def entries() -> np.ndarray:
    """The same, entry by entry."""
    rows, columns, left, right, d, e = (
        random(seed, *shape)
        for seed, shape in enumerate(
            [
                (N, LENGTH, 3),
                (M, LENGTH, 3),
                (N, LENGTH, 1),
                (1, LENGTH, 1),
                (1, LENGTH, 2),
                (M, LENGTH, 2),
            ],
            1,
        )
    )
    found = np.zeros((N, M, LENGTH, LENGTH))
    for i in range(N):
        for j in range(M):
            for a in range(LENGTH):
                for b in range(LENGTH):
                    found[i, j, a, b] = rows[i, a] @ columns[j, b] + left[i, a, 0] * right[0, b, 0]
                    if a == b:
                        found[i, j, a, b] += d[0, a] @ e[j, a]
    return found


P, Q = random(7, N, 1, LENGTH, 1), random(8, 1, M, 1, LENGTH)
#: Formulas in the entries k, variances p, q, a number c and an array w of all pairs.
FORMULAS = {
    "k": lambda k, p, q, c, w: k,
    "c k p": lambda k, p, q, c, w: c * k * p,
    "q (k + c)": lambda k, p, q, c, w: q * (k + c),
    "k / p - q": lambda k, p, q, c, w: k * (1 / p) - q,
    "3 - k + 2 k": lambda k, p, q, c, w: 3 - k + 2 * k,
    "k + k p": lambda k, p, q, c, w: k + k * p,
    "w k": lambda k, p, q, c, w: w * k,
    "k w + k": lambda k, p, q, c, w: k * w + k,
    "k k": lambda k, p, q, c, w: k * k,
    "k^3": lambda k, p, q, c, w: k**3,
    "c / k": lambda k, p, q, c, w: c / k,
    "k / c": lambda k, p, q, c, w: k / c,
}


#: Strict arrays on the left refuse what is none of theirs, where those of NumPy, PyTorch and JAX hand over.
CASES = [(PLAIN, name) for name in FORMULAS] + [(STRICT, name) for name in FORMULAS if name[0] not in "cqw" and "w" not in name]  # fmt: skip


@pytest.mark.parametrize("f, name", CASES)
def test_arithmetic(f: ArrayFunctions, name: str) -> None:
    formula = FORMULAS[name]
    w = random(9, N, M, LENGTH, LENGTH)
    p, q, one = (f.xp.asarray(array, dtype=f.dtype) for array in (P, Q, w))
    found = formula(terms(f), p, q, f.filled(0.7), one)
    expected = formula(entries(), P, Q, 0.7, w)
    np.testing.assert_allclose(np.asarray(dense(found)), expected, rtol=1e-13)
    if not isinstance(found, Terms):
        assert name in ("w k", "k w + k", "k k", "k^3", "c / k")
        return
    weights = random(10, N, LENGTH), random(11, M, LENGTH)
    total = found.total(*(f.xp.asarray(weight, dtype=f.dtype) for weight in weights))
    np.testing.assert_allclose(np.asarray(total), np.einsum("nmab,na,mb->nm", expected, *weights), rtol=1e-13)  # fmt: skip
    diagonal = np.einsum("nmaa->nma", expected)
    np.testing.assert_allclose(np.asarray(found.diagonal()), diagonal, rtol=1e-13)
    np.testing.assert_allclose(np.asarray(found.last()), expected[:, :, -1, -1], rtol=1e-13)


def test_who_hands_over() -> None:
    assert hands_over(PLAIN.filled(1.0)) and not hands_over(STRICT.filled(1.0))
    assert hands_over(JetFunctions(PLAIN, [], {}).filled(1.0))


def test_between_matrices_of_each_sequence() -> None:
    left, right = random(12, N, LENGTH, LENGTH), random(13, M, LENGTH, LENGTH)
    found = terms(PLAIN).between(left, right)
    assert found.is_factored
    expected = np.einsum("nac,nmcd,mbd->nmab", left, entries(), right)
    np.testing.assert_allclose(dense(found), expected, rtol=1e-13)


def test_weighed_terms() -> None:
    """l_a f_ab u_b beside factors: sums at every readout."""
    inner = random(14, N, M, LENGTH, LENGTH)
    found = terms(PLAIN).weighed(P, inner, Q) * 2.0 + terms(PLAIN)
    assert not found.is_factored
    expected = 2 * P * inner * Q + entries()
    np.testing.assert_allclose(dense(found), expected, rtol=1e-13)
    weights = random(10, N, LENGTH), random(11, M, LENGTH)
    expected_total = np.einsum("nmab,na,mb->nm", expected, *weights)
    np.testing.assert_allclose(found.total(*weights), expected_total, rtol=1e-13)
    diagonal = np.einsum("nmaa->nma", expected)
    np.testing.assert_allclose(found.diagonal(), diagonal, rtol=1e-13)
    np.testing.assert_allclose(found.last(), expected[:, :, -1, -1], rtol=1e-13)


def test_jets() -> None:
    """A jet on the left hands over to the terms, and the derivative goes through the product."""
    a = sp.Symbol("a")
    f = JetFunctions(PLAIN, [a], {a: sp.Rational(3, 2)})
    scale = f.constant(a**2, "scale")
    found = dense(scale * terms(f))
    np.testing.assert_allclose(found.value, 2.25 * entries(), rtol=1e-13)
    np.testing.assert_allclose(found.slopes[0], 3 * entries(), rtol=1e-13)
    for total in (dense(scale + terms(f)), dense(terms(f) - scale)):
        slope = 1 if (total.value > entries()).all() else -1
        np.testing.assert_allclose(total.slopes, slope * 3 * np.ones_like(total.value)[None])


@pytest.mark.parametrize(
    "text",
    [
        "embedding(1, 1/2) | attention(tied, softmax) | residual | layer_norm | linear(1.69, 0.16) | mlp(relu) | mean_pool",
        "embedding(1, 1/2, 1/3) | attention(tied, softmax) | residual | mlp(abs) | flatten",
        "embedding(2, 1/2) | attention(tied, relu) | linear(2, 1) | mlp(leaky_relu(1/5)) | at_position(last)",
        "embedding(1, 1/2) | attention(tied, softmax) | layer_norm | mlp(relu) | mean_pool | ntk",
    ],
)
def test_whole_kernels_are_those_of_arrays(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries in the place of terms from the first stage on."""
    kernel = read_kernel(text)
    X = np.random.default_rng(0).integers(0, 6, (7, 9))
    found = kernel.matrix(X, X[::-1])
    monkeypatch.setattr(Positions, "is_factored", False)
    np.testing.assert_allclose(found, kernel.matrix(X, X[::-1]), rtol=2e-13)
