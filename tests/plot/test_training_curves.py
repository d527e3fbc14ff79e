"""Figures of training curves: what is drawn where."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType
from symkern.kernels import uniform

pyplot = pytest.importorskip("matplotlib.pyplot")
pyplot.switch_backend("Agg")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def test_population_and_samples_with_marks() -> None:
    spec = sk.derive("linear-attention", length=6, tokens=uniform(2), alpha=1, beta=1)
    times = np.geomspace(1, 1e4, 40)
    whole = spec.training_curve("x1*x2", t=times, noise=0.1)
    drawn = spec.training_curve("x1*x2", t=times, n=30, draws=3, noise=0.1)
    ax = sk.plot.training_curve([whole, drawn])
    lines = {line.get_label(): line for line in ax.get_lines()}
    assert np.allclose(lines["population, $L = 6$"].get_ydata(), whole.test_error)
    assert np.allclose(lines["$n = 30$, $L = 6$"].get_ydata(), drawn.test_error)
    steps = [x[0] for line in ax.get_lines() if len(set(x := list(line.get_xdata()))) == 1]
    wanted = [r.half_learned for r in whole.rows() if r.share >= 0.01 and 1 < r.half_learned < 1e4]
    assert steps == pytest.approx(wanted)
    levels = [y[0] for line in ax.get_lines() if len(set(y := list(line.get_ydata()))) == 1]
    assert levels == pytest.approx([whole.limit])
    assert any(r"(L-1,1)\!\times\!(1,1)" in t.get_text() for t in ax.texts)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log") and len(ax.collections) == 1
    _, given = pyplot.subplots()
    assert sk.plot.training_curve(whole, marks=False, ax=given) is given
    assert not given.texts and len(given.get_lines()) == 1


def test_bad_input() -> None:
    with pytest.raises(InvalidArgument, match="curves: must be at least one"):
        sk.plot.training_curve([])
    with pytest.raises(InvalidType, match="curves"):
        sk.plot.training_curve([1])
