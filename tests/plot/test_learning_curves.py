"""Figures of learning curves: what is drawn where."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import symkern as sk
from symkern.kernels import uniform

pytestmark = pytest.mark.floor

pyplot = pytest.importorskip("matplotlib.pyplot")
pyplot.switch_backend("Agg")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def test_one_curve_with_its_steps_and_plateaus() -> None:
    spec = sk.derive("linear-attention", length=64, tokens=uniform(2), alpha=1, beta=1)
    curve = spec.learning_curve("x1*x2", n=np.geomspace(1, 1e7, 100), ridge=1)
    ax = sk.plot.learning_curve(curve)
    drawn = {line.get_label(): line for line in ax.get_lines()}
    assert np.allclose(drawn["test error"].get_ydata(), curve.test_error / curve.total)
    assert np.allclose(drawn["train error"].get_ydata(), curve.train_error / curve.total)
    texts = [t.get_text() for t in ax.texts]
    assert any(r"(L-1,1)\!\times\!(1,1)" in t and r"n \sim L^{2}" in t for t in texts)
    assert any(t.startswith("24.2 % left, never learned") and "(L-2,2)" in t for t in texts)
    steps = sorted(
        line.get_xdata()[0] for line in ax.get_lines() if len(set(line.get_xdata())) == 1
    )
    wanted = sorted(r.half_learned for r in curve.rows() if r.share >= 0.01)
    assert steps == pytest.approx(wanted)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_several_lengths_carry_dots() -> None:
    spec = sk.derive("linear-attention", tokens=uniform(2), alpha=1, beta=1)
    curves = spec.learning_curve("x1", n=np.geomspace(1, 1e7, 60), ridge=1, length=[16, 64])
    figure, ax = pyplot.subplots()
    assert sk.plot.learning_curve(curves, train=False, ax=ax) is ax
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["$L = 16$", "$L = 64$", "half of a part learned"]
    marked = [line.get_xdata() for line in ax.get_lines() if line.get_marker() == "o"]
    dots = [place[0] for place in marked if len(place)]
    wanted = [r.half_learned for c in curves for r in c.rows() if r.share >= 0.01]
    assert dots == pytest.approx(wanted)
    assert figure.axes == [ax]
    assert ax.get_title(loc="left") == "target $x_{1}$,  $v = 2$"
    # The longest one is named: n ~ L^k above its last step, and its plateau in between.
    texts = [t.get_text() for t in ax.texts]
    assert any(r"(L-1,1)\!\times\!(1,1)" in t and r"n \sim L^{2}" in t for t in texts)
    assert any(t.endswith("% left") for t in texts)
    flat = [line for line in ax.get_lines() if len(set(line.get_ydata())) == 1]
    assert {line.get_color() for line in flat} >= {line.get_color() for line in ax.get_lines()[:2]}
    plain = sk.plot.learning_curve(curves, marks=False, ax=pyplot.subplots()[1])
    assert not plain.texts


def test_the_plateau_of_the_noise_is_called_so() -> None:
    """It was labelled "1.11e-14 % left"."""
    spec = sk.derive("linear-attention", length=100, tokens=uniform(2), alpha=1, beta=1)
    curve = spec.learning_curve("x1", n=np.geomspace(1, 1e9, 60), ridge="1/10", noise="1/10")
    texts = [t.get_text() for t in sk.plot.learning_curve(curve).texts]
    assert "label noise alone" in texts and not any("e-" in t for t in texts)


@pytest.mark.sampled(4)
@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("noise", [0, "1/10"])
@pytest.mark.parametrize("target", ["x1", "x1*x2"])
def test_without_ridge(target: str, noise: object) -> None:
    """Errors of zero and of infinity have no logarithm to interpolate."""
    spec = sk.derive("linear-attention", tokens=uniform(2), alpha=1, beta=1)
    n = np.geomspace(1, 1e6, 60)
    curves = spec.learning_curve(target, n=n, noise=noise, length=[5, 20])
    for given in (curves, curves[0]):
        sk.plot.learning_curve(given, ax=pyplot.subplots()[1]).figure.canvas.draw()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("target", ["0*x1", "s1*s2*s3", "2"])
def test_curves_that_are_flat_or_zero(target: str) -> None:
    spec = sk.derive("flatten", length=4, tokens=uniform(2), alpha=1, beta=1)
    for n in ([1], [5, 1, 100]):
        ax = sk.plot.learning_curve(spec.learning_curve(target, n=n, ridge=0.1))
        ax.figure.canvas.draw()
