"""Kernel regression tested under other laws and lengths: what is predicted within standard errors, and wrong predictions are seen."""

import numpy as np
import pytest

import symkern as sk
from symkern import limits
from symkern.claims import Standing
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch
from symkern.experiments import regression
from symkern.kernels import categorical, markov, read_kernel, uniform
from symkern.learning.drawn_sequences import drawn_sequences
from tests.clusters import small_cluster

CHAIN = markov([["3/4", "1/4"], ["1/4", "3/4"]])
SOFTMAX = "embedding(1, 1) | attention(query_key=tied, row_map=softmax) | mean_pool"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("kernel", "target", "shift"),
    [
        ("linear-attention", "x1*x2", {"test_law": categorical(["1/6", "5/6"]), "noise": "1/20"}),
        (SOFTMAX, "x1*x2", {"test_law": markov([["19/20", "1/20"], ["1/20", "19/20"]])}),
        ("embedding(1, 1) | attention | mean_pool | ntk", "x1 + n1/L", {"test_length": 8}),
    ],
)
def test_it_is_what_is_predicted(kernel, target, shift):
    found = regression(
        read_kernel(kernel), target, uniform(2), length=5, n=[30, 120], draws=25, **shift
    )
    assert [one.name for one in found.tests] == ["in distribution", "under shift"]
    inside, one = found.tests
    scale = np.hypot(one.standard_error, 0.03 * one.test_error)
    assert (abs(one.test_error - one.prediction.test_error) < 3 * scale).all()
    assert (one.apart < 2 * one.chance + 0.01).all()
    # The error in distribution in the place of that under shift, or half of the spread over training sets, is seen at an n at least;
    wrong = inside.prediction.test_error
    assert (abs(one.test_error - wrong) > 3 * scale).any()
    # so are outputs that are not shrunk, at every n.
    outputs = one.prediction.wanted - one.mean_outputs
    apart = np.sqrt((outputs**2).sum(axis=2) @ one.prediction.weights)
    assert (apart > 2 * one.chance + 0.01).all()
    assert found.verdict.count("test errors at most") == 2


@pytest.mark.wide
def test_outputs_spread_over_training_sets_as_predicted():
    """(E_P/n) sum_m Lrn_m^2 E_Q phi_m^2 is the variance of outputs over training sets; that in distribution is not."""
    found = regression(
        read_kernel("linear-attention"), "x1", uniform(2), length=5, n=[100], draws=100, noise="1/4", test_law=categorical(["1/10", "9/10"])
    )  # fmt: skip
    inside, one = found.tests
    for test in found.tests:
        assert test.chance[0] ** 2 * 100 == pytest.approx(test.prediction.variance[0], rel=0.2)
    assert one.prediction.variance[0] > 1.45 * inside.prediction.variance[0]


def test_draws_on_a_cluster():
    """Two workers of Dask and none at all give one experiment, to the last bit: under another law with noise, and at another length without a ridge."""
    kernel, call = read_kernel("linear-attention"), {"n": [20, 60], "draws": 4, "seed": 3}
    asked = [
        (uniform(2), {"test_law": CHAIN, "length": 5, "noise": "1/10"}),
        (categorical(["1/3", "2/3"]), {"test_length": 5, "length": 4, "ridge": 0}),
    ]
    with small_cluster() as client:
        spread = [regression(kernel, "x1*x2", law, client=client, **call, **m) for law, m in asked]
    for found, (law, more) in zip(spread, asked, strict=True):
        alone = regression(kernel, "x1*x2", law, **call, **more)
        assert found == alone and found.columns == alone.columns
        assert np.array_equal(found.measured.test_errors, alone.measured.test_errors)
        for ours, theirs in zip(found.tests, alone.tests, strict=True):
            for name in ("errors", "mean_outputs", "outputs_error"):
                assert np.array_equal(getattr(ours, name), getattr(theirs, name))
        assert len({tuple(e) for e in alone.tests[1].errors}) == 4  # each draw is another
    with pytest.raises(InvalidType, match="client: must be a client of a Dask cluster"):
        regression(kernel, "x1*x2", law, client=3, **call, **more)


def test_one_training_set_by_hand():
    kernel = read_kernel("linear-attention")
    found = regression(
        kernel, "x1*x2", uniform(2), length=4, n=[7], draws=1, seed=5, noise="1/4", test_law=CHAIN, alpha=2
    )  # fmt: skip
    rng = np.random.default_rng(5)
    words = drawn_sequences(uniform(2), 4, 7, rng)
    labels = words[:, 0] * words[:, 1] + 0.5 * rng.standard_normal(7)
    every = [[(i >> (3 - a)) & 1 for a in range(4)] for i in range(16)]
    gram, cross = (
        np.array([[float(kernel(x, y, alpha=2, beta=1)) for y in words.tolist()] for x in rows])
        for rows in (words.tolist(), every)
    )
    outputs = cross @ np.linalg.solve(gram + 0.1 * np.eye(7), labels)
    chances = [float(CHAIN.probability(x)) for x in every]
    error = sum(p * (o - x[0] * x[1]) ** 2 for p, o, x in zip(chances, outputs, every, strict=True))
    [_, one] = found.tests
    assert one.mean_outputs[0, :, 0] == pytest.approx(outputs)
    assert one.test_error == pytest.approx([error + 0.25])
    assert one.standard_error.tolist() == [np.inf] and "standard errors" not in found.verdict


def test_long_sequences_are_tested_on_fresh_ones():
    """Predictions that are sampled are those that are measured, and outputs that are not shrunk are not."""
    found = regression(
        read_kernel("linear-attention"), "x1", uniform(2), length=40, n=[40, 160], draws=8, test_law=CHAIN
    )  # fmt: skip
    assert [one.name for one in found.tests] == ["in distribution", "under shift"]
    assert not found.measured.is_whole
    for one in found.tests:
        assert one.prediction.standing is Standing.SAMPLED
        assert one.prediction.sequences.shape == (4096, 40)
        error = np.hypot(one.standard_error, one.prediction.standard_error)
        scale = np.hypot(error, 0.03 * one.test_error)
        assert (abs(one.test_error - one.prediction.test_error) < 3 * scale).all()
        assert (one.apart < 2 * one.chance).all()
        outputs = one.prediction.wanted - one.mean_outputs
        apart = np.sqrt((outputs**2).sum(axis=2) @ one.prediction.weights)
        assert (apart > 2 * one.chance).all()
    inside = found.tests[0].prediction
    far = abs(inside.test_error - found.curve.test_error)
    assert (far < 3 * np.hypot(inside.standard_error, 0.001)).all()
    assert "4,096 drawn sequences, a prediction sampled on 32,768" in found.verdict
    columns = found.columns
    assert min(columns["predicted_error"]) > 0 and min(columns["outputs_apart"]) > 0
    assert sk.plot.regression_errors(found).get_xscale() == "log"
    assert len(sk.plot.regression_outputs(found).collections) == 2


def test_longer_tests_than_trainings():
    """Five positions in training, twenty in the test: the test is a sample there, the prediction exact for it."""
    far = regression(
        read_kernel("linear-attention"),
        "n1/L",
        uniform(2),
        length=5,
        n=[60],
        draws=3,
        test_length=20,
    )
    assert far.tests[1].prediction.sequences.shape == (4096, 20) and far.shift == "length 20"
    assert [one.prediction.drawn for one in far.tests] == [False, True]
    assert [one.prediction.sampled for one in far.tests] == [0, 0]
    with pytest.raises(InvalidArgument, match="n: must be one of 60"):
        sk.plot.regression_outputs(far, 61)


def test_kernels_of_many_features_have_no_outputs(monkeypatch):
    monkeypatch.setattr("symkern.learning.sampled_law._SHOWN", (16,))
    text = "embedding(1, 1) | flatten | mlp(relu)"
    given = {"length": 6, "n": [20], "draws": 2}
    with limits.changed(eigenfunction_sequences=32):
        found = regression(read_kernel(text), "x1", uniform(2), **given)
        assert found.tests == () and found.columns["outputs_apart"] == [None]
        assert found.verdict.startswith("in distribution")
        with pytest.raises(InvalidArgument, match="listed"):
            sk.plot.regression_outputs(found)
        with pytest.raises(NoClosedForm, match="features"):
            regression(read_kernel(text), "x1", uniform(2), **given, test_law=CHAIN)


def test_refusals():
    kernel = read_kernel("linear-attention")
    given = {"length": 4, "n": [5], "draws": 1}
    with pytest.raises(InvalidArgument, match="gamma"):
        regression(kernel, "x1", uniform(2), **given, gamma=2)
    with pytest.raises(InvalidType, match=r"symmetrised\(length\)"):
        regression(kernel, "x1", CHAIN, **given)
    with pytest.raises(InvalidArgument, match="must hold letters 0"):
        regression(kernel, "x1", uniform(2), **given, test_law=uniform(3))
    with pytest.raises(SizeMismatch, match="one length"):
        regression(kernel, "x1", uniform(2), **given, test_law=CHAIN.symmetrised(4), test_length=5)
    with pytest.raises(InvalidArgument, match="mean_pool"):
        regression(read_kernel("flatten"), "x1", uniform(2), **given, test_length=5)
