"""A text whose law is known: its symmetry, and what is learned on its windows, are what the law says."""

import numpy as np
import pytest

import symkern as sk
from symkern.errors import InvalidArgument, SymkernError, TooLarge
from symkern.experiments import TextExperiment, text, text_experiment
from symkern.kernels import markov

CHAIN = markov([["4/5", "1/5"], ["1/5", "4/5"]])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = tmp_path_factory.mktemp("text") / "chain.txt"
    found.write_text("".join("ab"[t] for t in sk.data.samples(CHAIN, 20_000, 1)[0]))
    return str(found)


@pytest.fixture(scope="module")
def found(place) -> TextExperiment:
    return text(source=place, lengths=(6,), shuffles=0, length=5, vocabulary=2, n=(60, 240), draws=25)  # fmt: skip


def test_it_is_what_is_predicted(found):
    shuffled, written = found.tests
    assert (shuffled.name, written.name) == ("shuffled windows", "windows as they are")
    assert shuffled.prediction.test_error == pytest.approx(found.curve.test_error)
    for one in found.tests:
        scale = np.hypot(one.standard_error, 0.04 * one.test_error)
        assert (abs(one.test_error - one.prediction.test_error) < 3 * scale).all()
        assert (one.apart < 2 * one.chance + 0.01).all()
    # Neighbours are alike four times out of five, other letters of a window less often: the prediction for shuffled windows is seen to be another.
    scale = np.hypot(written.standard_error, 0.04 * written.test_error)
    assert (abs(written.test_error - shuffled.prediction.test_error) > 3 * scale).any()
    alike = written.prediction.weights @ written.prediction.wanted[:, 0]
    assert alike == pytest.approx(0.8, abs=0.02)


def test_its_symmetry_is_that_of_the_chain(found):
    columns = found.columns
    rows = list(zip(*columns.values(), strict=True))
    measure, length, predicted, measured, error = rows[0]
    assert (measure, length, predicted) == ("exch/off", 6, 1.0)
    assert abs(measured - float(CHAIN.share(6).exchangeable)) < 4 * error
    assert [row[0] for row in rows[-4:]] == ["shuffled windows"] * 2 + ["windows as they are"] * 2
    assert found.verdict.startswith("20,000 letters, windows of 6: shuffling leaves 0.")
    assert found.verdict.count("test errors at most") == 2


def test_settings_run_it_again(place):
    small = {"source": place, "lengths": (4,), "shuffles": 0, "length": 3, "vocabulary": 2, "n": (10,), "draws": 2}  # fmt: skip
    once = text(**small)
    assert text(**once.settings) == once
    ax = sk.plot.experiment(once)
    assert ax.get_xscale() == "log" and len(ax.get_legend().get_texts()) == 2


def test_refusals(place, tmp_path):
    with pytest.raises(InvalidArgument, match="file that can be read"):
        text(source=str(tmp_path / "none.txt"))
    with pytest.raises(InvalidArgument, match="draws"):
        text(source=place, lengths=(4,), shuffles=0, length=3, draws=0)
    with pytest.raises(InvalidArgument, match="lengths"):
        text(source=place, lengths=(5000,))
    with pytest.raises(TooLarge, match=r"matrices of .* samples"):
        text(source=place, lengths=(4,), shuffles=0, length=3, vocabulary=2, n=(10**30, 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [("lengths", ()), ("lengths", (1,)), ("shuffles", "x"), ("kernel", "linear-atention"), ("target", "[x1="), ("length", 0), ("vocabulary", 1), ("n", ()),
     ("n", (0,)), ("ridge", "-1"), ("noise", "oo"), ("draws", "x"), ("draws", 0), ("seed", -1), ("source", 3)],
)  # fmt: skip
def test_what_is_wrong_is_refused_before_the_text_is_read(monkeypatch, name, value):
    def begun(*_, **__):
        raise AssertionError("the work has begun")

    for worker in ("windows", "symmetry_report", "derived"):
        monkeypatch.setattr(text_experiment, worker, begun)
    with pytest.raises(SymkernError, match=name if name != "kernel" else "did you mean"):
        text(**{name: value})
