"""Training curves: beside the flow integrated on all sequences, beside weights that a gradient moves, on drawn training sets, and as formulas in L and t."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import symkern as sk
from symkern.abc import L
from symkern.claims import Claim
from symkern.derivations.training import flow_steps
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, TooLarge
from symkern.kernels import categorical, distinct, embedding, from_function, mixture, uniform
from symkern.learning.drawn_sequences import drawn_sequences
from symkern.learning.sampled_training import gradient_flow
from symkern.learning.target_values import sequence_weights, tabulated
from symkern.learning.training_curve import TrainingCurve
from symkern.learning.training_times import TIME
from symkern.targets import formula_target
from symkern.typeset.document import document

POINT = {"alpha": "3/2", "beta": "1/2"}
T = np.array([0.0, 0.3, 2.0, 15.0, 80.0])
CASES: list[tuple[str, int, Any, str]] = [
    ("linear-attention", 5, uniform(2), "x1*x2"),
    ("linear-attention", 3, uniform(3), "(1+x1)*(2+x2)"),
    ("linear-attention-flatten", 4, uniform(2), "[x1=x2] - n1*xL"),
    ("linear-attention-last", 3, uniform(3), "copy(1)"),
    ("linear-attention", 4, categorical(["1/3", "2/3"]), "x1 + parity"),
    ("softmax-attention", 4, uniform(2), "majority"),
    ("flatten", 4, mixture([("1/2", categorical(["1/3", "2/3"])), ("1/2", uniform(2))]), "x1"),
]


def integrated(spectrum: Any, target: str, times: np.ndarray) -> np.ndarray:
    """E (f_t - f)^2 by a solver of differential equations on the values at all sequences, df/dt = K W (f* - f)."""
    law, length = spectrum.tokens, int(spectrum.length)
    weights = sequence_weights(law, length)
    words = np.array(list(law.sequences(length)))
    operator = spectrum.kernel.matrix(words) * weights
    wanted = tabulated(spectrum, formula_target(target)).reshape(len(words), -1)

    def change(_: float, f: np.ndarray) -> np.ndarray:
        return (operator @ (wanted - f.reshape(wanted.shape))).ravel()

    found = solve_ivp(change, (0, times[-1]), np.zeros(wanted.size), "DOP853", times, rtol=1e-11, atol=1e-13)  # fmt: skip
    missed = wanted[None] - found.y.T.reshape(len(times), *wanted.shape)
    return np.sum(missed**2, axis=2) @ weights


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("name", "length", "law", "target"), CASES)
def test_beside_the_flow_on_all_sequences(name: str, length: int, law: Any, target: str) -> None:
    spectrum = sk.derive(name, length, law, **POINT)
    curve = spectrum.training_curve(target, t=T, noise="1/10")
    expected = integrated(spectrum, target, T)
    assert np.allclose(curve.bias, expected, rtol=0, atol=1e-9 * curve.total)
    assert np.allclose(curve.test_error, expected + 0.1, rtol=0, atol=1e-9 * curve.total)
    assert curve.test_error[0] == pytest.approx(curve.total + 0.1)
    assert curve.limit == pytest.approx(curve.unlearnable + 0.1)


def test_the_tangent_kernel_trains_seven_times_as_fast() -> None:
    """T = 7 K of one layer of linear attention with its embedding."""
    kernel = embedding(1, "1/2").attention().mean_pool()
    plain, tangent = (k.spectrum(length=4, tokens=uniform(2)) for k in (kernel, kernel.ntk()))
    assert np.allclose(
        tangent.training_curve("x1*x2", t=T).bias, plain.training_curve("x1*x2", t=7 * T).bias
    )


def test_parts_are_learned_at_their_times() -> None:
    curve = sk.derive("linear-attention", 6, uniform(2), **POINT).training_curve("x1*x2", t=T)
    for i, row in enumerate(curve.rows()):
        half, most = curve.time(row.part), curve.time(row.part, 0.99)
        assert row.half_learned == half
        assert curve.at(half).learned[0, i] == pytest.approx(0.5)
        assert curve.at(most).learned[0, i] == pytest.approx(0.99)
    assert sum(row.share for row in curve.rows()) + curve.unlearnable / curve.total == pytest.approx(1)  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize("target", ["x1", "x1*x2", "[x1=x2] - n1*xL"])
def test_formulas_in_length_and_time(target: str) -> None:
    """The error as one formula, at lengths where the flow is integrated."""
    times = sk.derive("linear-attention", tokens=uniform(2), **POINT).training_times(target)
    formula = times.error()
    assert formula.free_symbols == {L, TIME}
    for length in (4, 6):
        spectrum = sk.derive("linear-attention", length, uniform(2), **POINT)
        expected = integrated(spectrum, target, T)
        found = [float(formula.subs({L: length, TIME: sp.nsimplify(t)})) for t in T.tolist()]
        assert np.allclose(found, expected, rtol=0, atol=1e-9)
    assert sp.simplify(times.error(0) - times.total) == 0
    assert times.learned(times.rows[0]).subs(TIME, 0) == 0


@pytest.mark.wide
def test_laws_are_those_of_samples_at_ridge_one() -> None:
    spectrum = sk.derive("linear-attention")
    for sector in spectrum.sectors[:3]:
        for branch in range(sector.multiplicity):
            law = spectrum.training_law(sector.position_irrep, sector.token_irrep, branch)
            assert sp.simplify(law.formula * sector.branches[branch].value) == 1
            assert law.exponent == -sector.leading_terms[branch].exponent
            assert str(law).startswith("t = ") and law.latex().startswith("t = ")
    law = spectrum.training_law([1], [1])
    assert law.claim == Claim("training time", (spectrum, *map(sk.Partition, ((1,), (1,))), 0)) and law.derivation().check(L=[4], v=[2])  # fmt: skip
    row = sk.derive("linear-attention", tokens=uniform(2)).training_times("x1*x2").rows[3]
    assert row.law.exponent == 2 and row.law.derivation().title == law.derivation().title
    exponents = [s.exponent for s in sk.derive("linear-attention", tokens=uniform(2)).training_times("x1*x2").stages()]  # fmt: skip
    assert exponents == [0, 1, 2, 3, None]


def test_a_wrong_rate_fails_at_the_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    from symkern.derivations import training

    steps = flow_steps()
    assert all(steps[0].sides(t)[0] == pytest.approx(steps[0].sides(t)[1]) for t in (1, 4))
    monkeypatch.setattr(training, "_POINTS", 4)
    monkeypatch.setattr(training.np.linalg, "eigh", lambda m, f=np.linalg.eigh: f(2 * m))
    left, right = training.flow_of_weights(1)
    assert left != pytest.approx(right)


# -- on samples ------------------------------------------------------------------------------


def test_every_sequence_once_is_the_population() -> None:
    spectrum = sk.derive("linear-attention", 4, uniform(2), **POINT)
    words = np.array(list(product(range(2), repeat=4)))
    labels = tabulated(spectrum, formula_target("x1*x2 + x3"))[:, None]
    gram = spectrum.kernel.matrix(words)
    fitted, other = gradient_flow(gram, labels, T, gram)
    assert np.allclose(fitted, other, atol=1e-10)
    curve = spectrum.training_curve("x1*x2 + x3", t=T)
    assert np.allclose(np.mean((fitted - labels) ** 2, axis=1)[:, 0], curve.bias, atol=1e-12)


def test_beside_weights_that_torch_differentiates() -> None:
    """A model linear in features, trained by small steps against the gradient of half its mean squared error."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    rng = np.random.default_rng(1)
    features, labels, others = rng.normal(size=(6, 4)), rng.normal(size=(6, 1)), rng.normal(size=(3, 4))  # fmt: skip
    weights = torch.zeros((4, 1), dtype=torch.float64, requires_grad=True)
    x, y = torch.tensor(features), torch.tensor(labels)
    rate, steps = 5e-3, 600
    for _ in range(steps):
        loss = ((x @ weights - y) ** 2).mean() / 2
        (slope,) = torch.autograd.grad(loss, weights)
        weights = (weights - rate * slope).detach().requires_grad_()
    found = gradient_flow(features @ features.T, labels, np.array([rate * steps]), others @ features.T)  # fmt: skip
    for rows, predicted in zip((features, others), found, strict=True):
        assert np.allclose(predicted[0], rows @ weights.detach().numpy(), atol=1e-2)
        assert np.max(np.abs(predicted[0])) > 0.1


def test_many_samples_are_the_population_and_few_are_not() -> None:
    """Means over drawn sets within four standard errors, and noise that is learned late."""
    spectrum = sk.derive("linear-attention", 4, uniform(2), **POINT)
    times = np.array([1.0, 10.0, 100.0])
    whole = spectrum.training_curve("x1*x2", t=times, noise=0.2)
    many = spectrum.training_curve("x1*x2", t=times, n=250, noise=0.2, draws=6, seed=1)
    assert np.all(np.abs(many.test_error - whole.test_error) < 4 * many.standard_error + 0.03)
    slower = spectrum.training_curve("x1*x2", t=times / 4, noise=0.2)
    assert np.any(np.abs(many.test_error - slower.test_error) > 4 * many.standard_error + 0.03)
    few = spectrum.training_curve("x1*x2", t=[1, 10, 1e3, 1e5], n=12, noise=0.2, draws=12, seed=1)
    assert few.is_whole and few.tested == 16 and few.draws == 12
    assert np.all(np.diff(few.train_error) <= 1e-12) and few.test_error[-1] > few.test_error.min()
    assert few.best in (1.0, 10.0, 1e3)
    again = spectrum.training_curve("x1*x2", t=[1, 10, 1e3, 1e5], n=12, noise=0.2, draws=12, seed=1)
    assert again == few
    other = spectrum.training_curve("x1*x2", t=[1, 10, 1e3, 1e5], n=12, noise=0.2, draws=12, seed=2)
    assert other != few


def test_long_sequences_are_tested_on_fresh_ones() -> None:
    spectrum = sk.derive("linear-attention", 20, uniform(2), **POINT)
    found = spectrum.training_curve("x1", t=[0, 50.0], n=40, draws=3)
    assert not found.is_whole and found.tested == 4096
    assert found.test_error[0] == pytest.approx(0.5, abs=0.03) and found.test_error[1] < 0.45
    vectors = spectrum.training_curve(lambda x: (x[0], 1 - x[0]), t=[0.0], n=8, draws=2)
    assert vectors.test_error[0] == pytest.approx(1)


@pytest.mark.parametrize("law", [uniform(3), categorical(["1/2", "1/3", "1/6"]), mixture([("1/4", categorical(["1", "0", "0"])), ("3/4", uniform(3))]), distinct()])  # fmt: skip
def test_sequences_are_drawn_from_the_law(law: Any) -> None:
    """Counts of all sequences of three tokens by chi^2 at six standard deviations."""
    words = drawn_sequences(law, 3, 20_000, np.random.default_rng(4))
    every, weights = list(law.sequences(3)), sequence_weights(law, 3)
    places = {x: i for i, x in enumerate(every)}
    counts = np.bincount([places[tuple(w)] for w in words.tolist()], minlength=len(every))
    assert counts[weights == 0].sum() == 0
    expected = 20_000 * weights[weights > 0]
    freedom = len(expected) - 1
    chi = np.sum((counts[weights > 0] - expected) ** 2 / expected)
    assert chi < freedom + 6 * np.sqrt(2 * freedom)


# -- as it is shown --------------------------------------------------------------------------


def test_pages(compile_latex: Any) -> None:
    spectrum = sk.derive("linear-attention", 16, uniform(2), alpha=1, beta=1)
    curve = spectrum.training_curve("x1*x2", t=np.geomspace(0.1, 1e6, 50), noise=0.01)
    text = str(curve)
    assert max(map(len, text.splitlines())) <= 80
    assert "half learned at t" in text and "never (degree 2)" in text and "noise 0.01" in text
    data = json.loads(curve.to_json())
    assert data["t"] == curve.t.tolist() and data["test_error"] == curve.test_error.tolist()
    assert data["parts"][0]["learned"] == curve.learned[:, 0].tolist()
    times = curve.times()
    assert times is not None and "t = 1/eigenvalue" in str(times)
    assert "<table" in curve._repr_html_() and "<table" in times._repr_html_()
    compile_latex(document("\n\n".join([curve.latex(), times.latex()])))
    zero = spectrum.training_curve("0", t=[1.0])
    assert "nothing to learn" in str(zero) and "nothing to learn" in zero.latex()
    numeric = spectrum.training_times("x1*x2")
    assert not numeric.is_symbolic and "time constant" in str(numeric)


def test_bad_input() -> None:
    spectrum = sk.derive("linear-attention", 4, uniform(2), alpha=1, beta=1)
    for wrong in (-1, [1, -0.5], [], [[1.0]], float("nan")):
        with pytest.raises(InvalidArgument, match=r"t(\[1\])?: must"):
            spectrum.training_curve("x1", t=wrong)
    with pytest.raises(InvalidArgument, match="t: a name must be"):
        spectrum.training_curve("x1", t="soon")
    with pytest.raises(InvalidArgument, match="must be given: a learning curve is computed in numbers"):  # fmt: skip
        sk.derive("linear-attention", tokens=uniform(2)).training_curve("x1", t=1)
    for wrong in ({"n": 0}, {"n": 5, "draws": 0}, {"n": 5, "seed": -1}, {"noise": -1}):
        with pytest.raises(InvalidArgument):
            spectrum.training_curve("x1", t=1, **wrong)
    below = from_function(lambda x, y: -sum(a == b for a, b in zip(x, y, strict=True)))
    wrong_kernel = below.spectrum(length=3, tokens=uniform(2))
    with pytest.raises(InvalidArgument, match="kernel: must be positive semidefinite"):
        wrong_kernel.training_curve("x1", t=1)
    right = from_function(lambda x, y: sum(a == b for a, b in zip(x, y, strict=True)))
    with pytest.raises(InvalidType, match="kernel: must be a pipeline"):
        right.spectrum(length=3, tokens=uniform(2)).training_curve("x1", t=1, n=5)
    for target in (lambda x: "much", lambda x: (1,) * (1 + x[0])):
        with pytest.raises(InvalidType, match="target: must have finite real values"):
            spectrum.training_curve(target, t=1, n=20)
    with pytest.raises(InvalidArgument, match="target: must have finite real values"):
        spectrum.training_curve(lambda x: float("inf"), t=1, n=20)
    with pytest.raises(TooLarge), sk.limits.changed(memory=1 << 20):
        spectrum.training_curve("x1", t=np.ones(10**4), n=20)
    curve = spectrum.training_curve("x1", t=1)
    assert isinstance(curve, TrainingCurve)
    with pytest.raises(InvalidArgument, match="learned: must lie between 0 and 1"):
        curve.time(curve.parts[0], 1.0)
    with pytest.raises(InvalidArgument, match="t: must be at least 0"):
        sk.derive("flatten", tokens=uniform(2)).training_times("x1").error(-1)
    with pytest.raises(NoClosedForm):
        sk.derive("linear-attention", tokens=uniform(2)).training_times("majority")
