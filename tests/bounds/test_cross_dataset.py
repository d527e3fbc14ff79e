"""The cross-dataset bound on random regressions, never violated; what copying costs."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from symkern.abc import L, sigma2, v
from symkern.bounds import copying, cross_dataset, cross_dataset_overlap
from symkern.errors import InvalidArgument, InvalidType


def regressions(count):
    """Random symmetric laws and kernels on a finite space, random data sets from anywhere else."""
    rng = np.random.default_rng(11)
    for _ in range(count):
        size, n = int(rng.integers(3, 12)), int(rng.integers(1, 30))
        q = rng.dirichlet(np.ones(size))
        features = rng.normal(size=(size, int(rng.integers(1, size + 1))))
        kernel = features @ features.T
        root = np.sqrt(q)
        eigenvalues, vectors = np.linalg.eigh(root[:, None] * kernel * root[None, :])
        data = rng.choice(size, n, p=rng.dirichlet(np.full(size, 0.3)))
        labels = rng.normal(size=n) + rng.normal()
        ridge = 10 ** rng.uniform(-3, 2)
        a = np.linalg.solve(kernel[np.ix_(data, data)] + ridge * np.eye(n), labels)
        predicted = kernel[:, data] @ a
        for t in range(size):
            if eigenvalues[t] > 1e-6:
                phi = vectors[:, t] / root
                overlap = float((q * predicted * phi).sum())
                yield eigenvalues[t], n, ridge, phi[data], labels, overlap


def test_never_violated():
    tightest, seen = 0.0, 0
    for e, n, ridge, phi, labels, overlap in regressions(300):
        powers = {
            "feature_power": float((phi**2).mean()),
            "label_power": float((labels**2).mean()),
        }
        bound = cross_dataset_overlap(float(e), n=n, ridge=float(ridge), **powers)
        assert abs(overlap) <= bound * (1 + 1e-8)
        needed = cross_dataset(
            float(e), ridge=float(ridge), learnability=1, overlap=abs(overlap), **powers
        )
        assert needed <= n * (1 + 1e-8)
        tightest, seen = max(tightest, abs(overlap) / bound), seen + 1
    assert seen > 1000
    assert tightest > 0.9  # the bound is reached: large ridge, labels along the feature


def test_a_smaller_bound_would_be_violated():
    """The test can fail: without the factor n the bound is false."""
    wrong = sum(
        abs(overlap) > e / ridge * np.sqrt((phi**2).mean() * (labels**2).mean())
        for e, n, ridge, phi, labels, overlap in regressions(100)
    )
    assert wrong > 50


def test_exact_in_exact_out():
    assert cross_dataset(1 / (L * v), learnability=1) == L * v * sigma2
    assert cross_dataset("1/100", ridge=1) == 50
    assert cross_dataset(Fraction(1, 3), ridge=2, feature_power=2) == 3 / sp.sqrt(2)
    assert isinstance(cross_dataset(0.01, ridge=1), float)
    assert cross_dataset(0.01, ridge=1) == pytest.approx(50)
    assert cross_dataset_overlap("1/100", n=10, ridge="1/2") == sp.Rational(1, 5)


def test_copying_has_an_explicit_constant():
    assert copying(L, v, learnability=1) == sigma2 * (L - 1) * (v - 1)
    assert copying(3, 4, ridge=1, trace=2) == sp.Rational(3, 2)
    assert copying(3, 4, ridge=1.0) == 3.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: cross_dataset(0), InvalidArgument, "eigenvalue: must not be zero"),
        (lambda: cross_dataset(-1), InvalidArgument, "eigenvalue: must not be negative"),
        (lambda: cross_dataset(1, ridge=-1), InvalidArgument, "ridge: must not be negative"),
        (lambda: cross_dataset(1.0, ridge=-1), InvalidArgument, "ridge: must be at least 0"),
        (
            lambda: cross_dataset(1.0, ridge=float("nan")),
            InvalidArgument,
            "ridge: must be a finite",
        ),
        (
            lambda: cross_dataset(1, learnability=2),
            InvalidArgument,
            "learnability: must lie between",
        ),
        (
            lambda: cross_dataset(1, learnability=0),
            InvalidArgument,
            "learnability: must lie between",
        ),
        (lambda: cross_dataset(1, label_power=0), InvalidArgument, "label_power: must not be zero"),
        (lambda: cross_dataset(True), InvalidType, "eigenvalue: must be"),
        (lambda: cross_dataset_overlap(1, n=0), InvalidArgument, "n: must be at least 1"),
        (
            lambda: cross_dataset_overlap(1, n=3, ridge=0),
            InvalidArgument,
            "ridge: must be positive",
        ),
        (lambda: copying(1, 4), InvalidArgument, "L: must be at least 2"),
        (lambda: copying(3, 1), InvalidArgument, "v: must be at least 2"),
        (lambda: copying(3, 3, trace=0), InvalidArgument, "trace: must not be zero"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_float_needs_a_ridge_that_is_a_number():
    calls = (
        lambda: cross_dataset(0.01),
        lambda: cross_dataset_overlap(0.01, n=5),
        lambda: copying(3, 4, trace=0.5),
    )
    for call in calls:
        with pytest.raises(InvalidArgument, match=r"ridge: must be a number .*, ridge=0.1 say"):
            call()
