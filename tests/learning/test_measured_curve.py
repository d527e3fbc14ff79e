"""Regression on drawn training sets beside the prediction: the same within standard errors, and a wrong prediction is seen."""

import json
from dataclasses import replace

import numpy as np
import pytest

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType
from symkern.kernels import categorical, embedding, from_function, read_kernel, uniform
from symkern.learning.drawn_sequences import drawn_sequences
from symkern.learning.measured_curve import MeasuredCurve, measured
from tests.clusters import small_cluster


def _curve(n, ridge="1/10", noise=0, length=6, law=None, kernel="linear-attention", **given):
    spectrum = read_kernel(kernel).spectrum(length=length, tokens=law or uniform(2))
    values = {p.name: 1 for p in spectrum.kernel.parameters} | given
    return spectrum.evaluate(**values).learning_curve("x1*x2", n=n, ridge=ridge, noise=noise)


@pytest.mark.parametrize(("length", "letters"), [(6, 2), (14, 2), (5, 3)])
def test_draws_on_a_cluster(length, letters):
    """Two workers of Dask and none at all give one curve, to the last bit."""
    curve = _curve([30, 100], noise="1/10", length=length, law=uniform(letters))
    with small_cluster() as client:
        spread = curve.measured(draws=5, seed=2, client=client)
        lost = replace(curve, ridge=1e-20)
        with pytest.raises(InvalidArgument, match="ridge"):
            lost.measured(draws=2, client=client)
    alone = curve.measured(draws=5, seed=2)
    assert spread == alone
    for name in ("test_errors", "train_errors", "shares"):
        ours, theirs = getattr(spread, name), getattr(alone, name)
        assert np.array_equal(ours, theirs)
    assert len(set(alone.test_errors[:, 0])) == 5
    with pytest.raises(InvalidType, match="client"):
        curve.measured(draws=2, client=3)


def test_one_training_set_by_hand():
    curve = _curve([5, 12], noise="1/4")
    found = curve.measured(draws=1, seed=3)
    rng = np.random.default_rng(3)
    words = drawn_sequences(uniform(2), 6, 12, rng)
    labels = words[:, 0] * words[:, 1] + 0.5 * rng.standard_normal((12, 1))[:, 0]
    every = np.array([[(i >> (5 - a)) & 1 for a in range(6)] for i in range(64)])
    kernel = curve.spectrum.kernel
    for place, n in enumerate([5, 12]):
        gram = np.array(
            [[float(kernel(x, y)) for y in words[:n].tolist()] for x in words[:n].tolist()]
        )
        cross = np.array(
            [[float(kernel(x, y)) for y in words[:n].tolist()] for x in every.tolist()]
        )
        weights = np.linalg.solve(gram + 0.1 * np.eye(n), labels[:n])
        error = np.mean((cross @ weights - every[:, 0] * every[:, 1]) ** 2) + 0.25
        assert found.test_errors[0, place] == pytest.approx(error, rel=1e-9)
        assert found.train_errors[0, place] == pytest.approx(np.mean((labels[:n] - gram @ weights) ** 2))  # fmt: skip
    assert found.standard_error.tolist() == [np.inf, np.inf]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("kernel", "law", "noise"),
    [
        ("linear-attention", uniform(2), 0),
        ("linear-attention-flatten", categorical(["1/3", "2/3"]), "1/20"),
        ("embedding(1, 1) | attention(query_key=tied, row_map=softmax) | flatten", uniform(2), 0),
        ("embedding(1, 1) | attention | mean_pool | ntk", uniform(2), "1/20"),
    ],
)
def test_it_is_what_is_predicted(kernel, law, noise):
    """Beyond the first few samples the prediction is right to a few percent: the sum of squares of the deviations, in standard errors and two percent, is what chance gives."""
    curve = _curve([60, 250], length=5, kernel=kernel, law=law, noise=noise)
    found = curve.measured(draws=10, seed=1)
    apart = found.test_error - curve.test_error
    scale = np.hypot(found.standard_error, 0.02 * curve.test_error)
    assert (abs(apart) < 4 * scale).all()
    shares, errors = found.learnabilities, found.learnabilities_error
    large = curve.energies > 0.05 * curve.total
    assert (
        abs(shares - curve.learnabilities)[:, large] < 4 * np.hypot(errors, 0.03)[:, large]
    ).all()
    # With the ridge of another convention, n times as large, the same comparison fails at every n.
    wrong = replace(curve, ridge=float(curve.n[-1]) / 10).test_error
    assert (abs(found.test_error - wrong) > 4 * np.hypot(found.standard_error, 0.02 * wrong)).all()


def test_without_a_ridge():
    curve = _curve([10, 300], ridge=0)
    found = curve.measured(draws=3)
    assert found.test_error[1] == pytest.approx(curve.unlearnable, rel=0.2)
    # 2^6 sequences and fewer features: what the kernel cannot hold stays on the training labels as well.
    assert found.train_error[1] > 0.5 * curve.unlearnable


def test_long_sequences_are_tested_on_fresh_ones():
    curve = _curve([20, 400], length=24)
    found = curve.measured(draws=4)
    assert not found.is_whole and found.shares is None and found.tested == 4096
    assert abs(found.deviation[1]) < 0.05
    with pytest.raises(InvalidArgument, match="all of them are tested"):
        sk.plot.measured_parts(found)


def test_where_half_is_learned():
    """s1 - s2 lies in (L-1,1) x (1,1) alone: its share is measured at any length, and crosses 1/2 where lambda = kappa."""
    spectrum = read_kernel("linear-attention").spectrum(length=20, tokens=uniform(2)).evaluate(alpha=1, beta=1)  # fmt: skip
    curve = spectrum.learning_curve("s1 - s2", n=[30, 60, 120, 240], ridge="1/10")
    found = curve.measured(draws=8)
    assert not found.is_whole and found.shares.shape == (8, 4, 1)
    middle, error = found.half_learned()
    expected = curve.samples(curve.parts[0])
    assert abs(middle - expected) < 4 * error < 20 and abs(middle - 1.5 * expected) > 4 * error
    assert replace(found, shares=found.shares * 0).half_learned() == (np.inf, np.inf)
    assert replace(found, shares=found.shares * 0 + 1).half_learned() == (0, np.inf)
    with pytest.raises(InvalidArgument, match="part"):
        found.half_learned(1)


def test_pages_and_documents():
    found = _curve([10, 100]).measured(draws=3)
    assert isinstance(found, MeasuredCurve)
    assert max(map(len, str(found).splitlines())) <= 80
    assert "3 training sets (seed 0), tested on all sequences" in " ".join(str(found).split())
    document = json.loads(found.to_json())
    assert document["measured"]["test_error"] == pytest.approx(found.test_error.tolist())
    assert len(document["measured"]["learnabilities"]) == len(document["parts"])
    assert found.latex().count(r"\begin{tabular}") == 2 and "<table" in found._repr_html_()
    assert sk.plot.measured_curve(found).get_xscale() == "log"
    assert len(sk.plot.measured_parts(found).get_lines()) > 3


def test_refusals():
    curve = _curve([10])
    for wrong in ({"draws": 0}, {"draws": 2.5}, {"seed": -1}):
        with pytest.raises((InvalidArgument, InvalidType)):
            curve.measured(**wrong)
    with pytest.raises(InvalidArgument, match="n: must be whole"):
        _curve([10.5]).measured()
    own = from_function(lambda x, y: sum(a == b for a, b in zip(x, y)))
    spectrum = own.spectrum(length=4, tokens=uniform(2))
    with pytest.raises(InvalidType, match="must be a pipeline"):
        measured(spectrum.learning_curve("x1*x2", n=[10]))
    with pytest.raises(InvalidArgument, match="ridge: must be 0, or so large"):
        _curve([200], ridge=1e-18).measured(draws=1)
    assert embedding(1).mean_pool() is not None
