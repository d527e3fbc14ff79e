"""A head trained on samples ends where its flow and its floor say; a wrong formula would be noticed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import symkern as sk
from symkern.bounds.selection import random_codes
from symkern.errors import InvalidArgument
from symkern.experiments import SelectionExperiment, selection
from symkern.experiments.selection_training import Task, attention, measured_loss, trained_head

SIZES = {"T": 6, "d": 8, "q": 2, "m": 8, "steps": 700, "batch": 64, "draws": 6000, "widths": (24,), "seed": 1}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Iterator[SelectionExperiment]:
    yield selection(**SIZES)


def test_it_ends_where_the_formula_says(found: SelectionExperiment) -> None:
    """Within four standard errors of measuring and 1 % of noise of training; the floor of a width one less is outside."""
    _, _, predicted, measured, error = found.of("training")[-1]
    slack = 4 * error + 0.01 * predicted
    assert abs(measured - predicted) < slack
    assert measured > found.floor - slack
    narrower = random_codes(6, 8, 2, 6).best()[2]
    assert abs(measured - narrower) > slack
    for _, _, predicted, measured, error in found.of("length"):
        assert abs(measured - predicted) < 4 * error + 0.02 * predicted
    assert found.astray < 0.15
    for _, _, bound, measured, error in found.of("network"):
        assert measured > bound - 3 * error


def test_the_training_follows_the_flow(found: SelectionExperiment) -> None:
    rows = found.of("training")
    assert all(abs(r[3] - r[2]) < 0.06 * r[2] + 4 * r[4] for r in rows)
    assert rows[0][2:4] == pytest.approx((4.0, 4.0))


def test_signs_of_three_tokens_are_trained_as_predicted() -> None:
    """All entries of W and V by stochastic gradient descent, m = 4: at the flow's loss with signs, and not at that of signs of another width."""
    found = selection(T=6, d=8, q=3, m=4, codes="rademacher", steps=500, batch=64, draws=6000, widths=(), seed=2)  # fmt: skip
    _, time, predicted, measured, error = found.of("training")[-1]
    slack = 4 * error + 0.01 * predicted
    other = float(random_codes(6, 8, 3, 5, codes="rademacher").flow([time]).loss[-1])
    assert abs(measured - predicted) < slack < abs(measured - other)
    assert found.settings["codes"] == "rademacher" and found.astray < 0.15


def test_its_columns_and_figure(found: SelectionExperiment) -> None:
    columns = found.columns
    assert {len(c) for c in columns.values()} == {len(found.rows)}
    assert found.to_csv().splitlines()[0] == "kind,place,predicted,measured,standard_error"
    assert "the flow says" in found.verdict and "0 of 1 networks below" in found.verdict
    pyplot = pytest.importorskip("matplotlib.pyplot")
    ax = sk.plot.experiment(found)
    lines = {line.get_label(): line for line in ax.get_lines()}
    drawn = lines["gradient flow in two numbers"].get_ydata()
    assert list(drawn) == [r[2] for r in found.of("training")][1:]
    pyplot.close("all")
    assert sk.experiments.protocols()["selection"].run is selection


def test_measured_losses_are_those_of_the_formula() -> None:
    """At multiples of unit matrices the measured loss is that of the averages, for both queries and both laws of codes."""
    for query, law in (("sum", "sphere"), ("dual", "sphere"), ("sum", "rademacher")):
        task = Task(8, 2, 3, 16, query, law)
        loss, error = measured_loss(task, 2.0 * np.eye(16), 1.1 * np.eye(2), 8000, np.random.default_rng(0))  # fmt: skip
        head = random_codes(8, 2, 3, 16, query, law)
        assert loss == pytest.approx(head.loss(2.0, 1.1), abs=4 * error)
        assert abs(loss - head.loss(0.8, 1.1)) > 8 * error


def test_its_gradient_is_that_of_the_loss() -> None:
    """One step on one batch against differences of the loss on the same samples."""
    task = Task(4, 2, 2, 3)
    random = np.random.default_rng(7)
    codes, subsets = task.codes(random, 5), task.subsets(random, 5)
    tokens = random.standard_normal((5, 4, 2))

    def loss(W: np.ndarray, V: np.ndarray) -> float:
        p = attention(codes, task.queries(codes, subsets), W)
        seen = np.einsum("ni,nid->nd", p, tokens) @ V.T
        return float(
            ((seen - np.einsum("ni,nid->nd", subsets, tokens) / 2) ** 2).sum(axis=1).mean()
        )

    rates = np.array([0.1, 0.1])
    runs = list(trained_head(task, rates, 5, np.random.default_rng(7), {0, 1, 2}))
    (_, W, V), (_, W1, V1), _ = runs
    h = 1e-6
    for k in range(2):
        step = np.zeros((2, 2))
        step[k, 1 - k] = h
        slope = (loss(W, V + step) - loss(W, V - step)) / (2 * h)
        assert (V - V1)[k, 1 - k] / 0.1 == pytest.approx(slope, abs=1e-7)
    # From V = 0 the scores do not move; one step later they do.
    assert np.all(W1 == 0) and np.any(runs[2][1] != 0)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"rate": 0.0}, "rate: must be above 0"),
        ({"rate": 2.0}, "rate: must be above 0"),
        ({"steps": 1}, "steps: "),
        ({"m": 2, "query": "dual"}, "q: must be at most m = 2"),
        ({"query": "mean"}, "query: must be sum or dual"),
    ],
)
def test_bad_input(given: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidArgument, match=named):
        selection(**given)  # type: ignore[arg-type]
