"""Kernels for scikit-learn: what its own suite asks of every kernel, what its estimators do with them, and parameters that are found again."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, SymkernError
from symkern.kernels import embedding

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, WhiteKernel
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from symkern.learning import sklearn_kernel
from symkern.learning.pipeline_kernel import PipelineKernel

RNG = np.random.default_rng(5)
X, Y = RNG.integers(0, 3, (7, 4)), RNG.integers(0, 3, (5, 4))
BLOCK = "embedding(alpha, beta) | attention | residual | linear(w, b) | mlp(relu) | mean_pool"
KERNELS: list[Any] = [
    sklearn_kernel("bag-of-tokens", alpha=2.0),
    sklearn_kernel("linear-attention", alpha=0.7, beta=1.3),
    sklearn_kernel("softmax-attention", alpha=0.7, beta=0.2, beta_bounds="fixed"),
    sklearn_kernel(BLOCK, alpha=0.5, b=0.2),
    sklearn_kernel(embedding("alpha", "beta*v").mlp("gelu").flatten().ntk(), v=4, beta=0.3),
    sklearn_kernel("linear-attention") + WhiteKernel(noise_level=0.3),
    ConstantKernel(2.0) * sklearn_kernel("fully-connected") + 0.5 * sklearn_kernel("flatten"),
    sklearn_kernel("linear-attention", beta=0, beta_bounds="fixed") ** 2,
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_what_scikit_learn_asks_of_kernels(kernel: Any) -> None:
    values, gradient = kernel(X, eval_gradient=True)
    assert gradient.shape == (7, 7, kernel.theta.shape[0]) and kernel.n_dims == len(kernel.theta)
    # The gradient in theta, by differences of the fourth order.
    for d in range(kernel.n_dims):
        step = np.zeros(kernel.n_dims)
        step[d] = 1e-3
        beside = [kernel.clone_with_theta(kernel.theta + s * step)(X) for s in (-2, -1, 1, 2)]
        near = (beside[0] - 8 * beside[1] + 8 * beside[2] - beside[3]) / 12e-3
        assert np.allclose(gradient[:, :, d], near, rtol=1e-8, atol=1e-9)
    # One argument, two, and the diagonal alone.
    assert np.array_equal(values, kernel(X)) or np.allclose(values, kernel(X), rtol=1e-14)
    noise = 0.3 * np.eye(7) if "White" in str(kernel) else 0
    assert np.allclose(kernel(X), kernel(X, X) + noise, rtol=1e-13)
    assert np.allclose(kernel.diag(X), np.diag(kernel(X)), rtol=1e-13)
    assert np.allclose(kernel(X, Y), kernel(Y, X).T, rtol=1e-13)
    assert not kernel.is_stationary() and kernel.requires_vector_input
    assert np.allclose(pairwise_kernels(X, Y, metric=kernel), kernel(X, Y))
    # Letters as floats.
    assert np.array_equal(kernel(X.astype(float), Y.astype(np.float32)), kernel(X, Y))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_theta_bounds_and_copies(kernel: Any) -> None:
    theta = kernel.theta
    for h in kernel.hyperparameters:
        assert h.fixed or h.bounds.shape == (1, 2)
    free = [h for h in kernel.hyperparameters if not h.fixed]
    params = kernel.get_params()
    assert np.allclose(theta, np.log([params[h.name] for h in free]))
    assert np.allclose(kernel.bounds, np.log([h.bounds[0] for h in free]))
    for made in (clone(kernel), pickle.loads(pickle.dumps(kernel)), kernel.clone_with_theta(theta)):
        assert made == kernel and made is not kernel and str(made) == str(kernel)
        assert np.array_equal(made(X), kernel(X)) or np.allclose(made(X), kernel(X), rtol=1e-12)
    copy = clone(kernel)
    assert {id(v) for v in copy.get_params().values() if isinstance(v, PipelineKernel)}.isdisjoint({id(v) for v in params.values()})  # fmt: skip
    copy.theta = theta + 0.25
    assert np.allclose(copy.theta, theta + 0.25) and copy != kernel
    assert np.allclose(kernel.theta, theta)
    moved = clone(kernel)
    for h in free:
        moved.set_params(**{h.name: 0.5, f"{h.name}_bounds": (0.25, 4.0)})
        assert moved.get_params()[h.name] == 0.5
    assert np.allclose(moved.theta, np.log(0.5)) and np.allclose(moved.bounds, [[-np.log(4), np.log(4)]])  # fmt: skip


def test_its_values_are_those_of_the_pipeline() -> None:
    k = embedding("alpha", "beta").attention().mean_pool()
    found = sklearn_kernel(k, alpha=0.5, beta=0.25)(X, Y)
    exact = [[float(k(x, y, alpha="1/2", beta="1/4")) for y in Y.tolist()] for x in X.tolist()]
    assert np.allclose(found, exact, rtol=1e-14)


def test_marginal_likelihood_finds_what_labels_were_drawn_with() -> None:
    """Of 200 labels of the process itself, log alpha, log beta and log noise within four standard errors, those of the Fisher information."""
    rng = np.random.default_rng(11)
    words = rng.integers(0, 8, (200, 4))
    truth = sklearn_kernel("linear-attention", alpha=3.0, beta=0.5) + WhiteKernel(0.05)
    covariance, slopes = truth(words, eval_gradient=True)
    labels = rng.multivariate_normal(np.zeros(200), covariance, method="cholesky")
    solved = np.linalg.solve(covariance, slopes.transpose(2, 0, 1))
    information = np.einsum("aij,bji->ab", solved, solved) / 2
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    start = sklearn_kernel("linear-attention") + WhiteKernel(0.2)
    found = GaussianProcessRegressor(start).fit(words, labels)
    reached, gradient = found.log_marginal_likelihood(found.kernel_.theta, eval_gradient=True)
    assert reached > found.log_marginal_likelihood(truth.theta) and np.max(np.abs(gradient)) < 1e-2
    distance = (found.kernel_.theta - truth.theta) / errors
    assert np.all(np.abs(distance) < 4) and np.all(errors < 0.3), (distance, errors)
    assert np.any(np.abs(start.theta - truth.theta) / errors > 8)


def test_estimators() -> None:
    rng = np.random.default_rng(3)
    words = rng.integers(0, 2, (60, 5))
    labels = (words[:, 0] == words[:, 1]).astype(int)
    k = sklearn_kernel("embedding(alpha, beta) | flatten | mlp(x^2)")
    for machine in (SVC(kernel=k, C=100.0), GaussianProcessClassifier(k, optimizer=None)):
        assert clone(machine).fit(words, labels).score(words, labels) == 1
    gram = k(words)
    direct = SVC(kernel="precomputed", C=100.0).fit(gram, labels)
    assert np.allclose(
        direct.decision_function(gram),
        SVC(kernel=k, C=100.0).fit(words, labels).decision_function(words),
    )
    ridge = KernelRidge(alpha=0.1, kernel=k).fit(words, labels)
    assert np.allclose(ridge.dual_coef_, np.linalg.solve(gram + 0.1 * np.eye(60), labels))
    chain = Pipeline([("cut", FunctionTransformer(lambda w: w[:, :3])), ("machine", SVC(kernel=k))])
    search = GridSearchCV(chain, {"machine__kernel__alpha": [0.01, 1.0], "machine__C": [1.0, 100.0]}, cv=3)  # fmt: skip
    search.fit(words, labels)
    assert search.best_score_ > 0.95
    assert search.best_estimator_["machine"].kernel.alpha in (0.01, 1.0) and k.alpha == 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = GaussianProcessClassifier(k).fit(words[:30], labels[:30])
    assert fitted.kernel_.get_params()["alpha"] != 1.0


def test_predictions_with_deviations() -> None:
    """Those of the formulas of Gaussian regression, on letters as floats."""
    k = sklearn_kernel("linear-attention", alpha=np.float32(0.5), beta=np.int64(2))
    labels = np.arange(7.0)
    fitted = GaussianProcessRegressor(k, alpha=0.1, optimizer=None).fit(X.astype(float), labels)
    mean, deviation = fitted.predict(Y, return_std=True)
    weights = np.linalg.solve(k(X) + 0.1 * np.eye(7), k(X, Y))
    assert np.allclose(mean, labels @ weights)
    assert np.allclose(deviation**2, k.diag(Y) - np.sum(k(X, Y) * weights, axis=0))


def test_set_params_is_all_or_nothing() -> None:
    k = sklearn_kernel("linear-attention", alpha=2.0)
    for wrong in ({"alpha": 0}, {"alpha": 3.0, "beta": -1.0}, {"alpha": 3.0, "alpha_bounds": (0, 1)}, {"alpha": float("nan")}, {"gamma": 1.0}):  # fmt: skip
        with pytest.raises(InvalidArgument):
            k.set_params(**wrong)
        assert k == sklearn_kernel("linear-attention", alpha=2.0)
    k.set_params(beta=0, beta_bounds="fixed")
    assert k.n_dims == 1 and k.beta == 0 and k.beta_bounds == "fixed"
    k.set_params(pipeline=embedding("w").mean_pool(), w=2.0)
    assert k == sklearn_kernel(embedding("w").mean_pool(), w=2.0) and not hasattr(k, "alpha")


def test_bad_input() -> None:
    k = sklearn_kernel("linear-attention")
    with pytest.raises(InvalidArgument, match=r"X: must hold letters, .* but 0\.5 occurs"):
        k([[0, 0.5]])
    with pytest.raises(InvalidArgument, match="nan occurs"):
        k([[0, float("nan")]])
    with pytest.raises(InvalidArgument, match="-1 occurs"):
        k([[0, -1.0]])
    with pytest.raises(SizeMismatch, match="one length"):
        k([[0, 1], [0]])
    with pytest.raises(InvalidType):
        k([["a", "b"]])
    with pytest.raises(InvalidArgument, match="Y is given too"):
        k(X, Y, eval_gradient=True)
    with pytest.raises(InvalidArgument, match="did you mean 'alpha'"):
        sklearn_kernel("linear-attention", alpa=1.0)
    with pytest.raises(InvalidArgument, match='alpha_bounds="fixed" keeps it, but it is 0'):
        sklearn_kernel("linear-attention", alpha=0)
    with pytest.raises(InvalidArgument, match="variance must not be negative"):
        sklearn_kernel("linear-attention", alpha=-1, alpha_bounds="fixed")
    for bounds in ((1.0,), (2.0, 1.0), (0, 1), (1, float("inf")), "free", None):
        with pytest.raises((InvalidArgument, InvalidType), match="alpha_bounds: must be a pair"):
            sklearn_kernel("linear-attention", alpha_bounds=bounds)
    with pytest.raises(InvalidType, match="alpha: must be a number"):
        sklearn_kernel("linear-attention", alpha="much")
    with pytest.raises(InvalidArgument, match="v: must be given"):
        sklearn_kernel("embedding(v) | mean_pool")
    with pytest.raises(InvalidType, match="readout"):
        sklearn_kernel("embedding(1) | attention")
    with pytest.raises(InvalidType, match="kernel"):
        sklearn_kernel(embedding(1))  # type: ignore[arg-type]


def test_scikit_learn_is_imported_on_use_and_missed_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    code = "import sys, symkern as sk; sk.learning; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    for name in [n for n in sys.modules if n.split(".")[0] == "sklearn"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "symkern.learning.pipeline_kernel")
    with pytest.raises(SymkernError, match=r"pip install -e '\.\[sklearn\]'"):
        sk.learning.sklearn_kernel("linear-attention")
