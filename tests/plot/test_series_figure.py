"""Figures of series in 1/L: points are exact values, lines the sums of the terms."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import symkern as sk
from symkern.errors import InvalidArgument
from symkern.kernels import uniform

pyplot = pytest.importorskip("matplotlib.pyplot")
pyplot.switch_backend("Agg")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def lines(ax):
    return {line.get_label(): line for line in ax.get_lines()}


@pytest.mark.wide
def test_points_are_exact_and_lines_are_series() -> None:
    spec = sk.derive("embedding(alpha, 1) | attention(tied, softmax) | flatten", vocabulary=2)
    ax = sk.plot.series(spec, [1], [], lengths=[6, 10], longest=500, alpha=1)
    found = lines(ax)
    for n, value in zip(*found[r"$\lambda$, exact"].get_data(), strict=True):
        own = spec.evaluate(length=int(n), alpha=1).sector([1], []).eigenvalues[0]
        assert value == pytest.approx(float(own), rel=1e-12)
    (series,) = sk.derive("embedding(1, 1) | attention(tied, softmax) | flatten", vocabulary=2).sector([1], []).series()  # fmt: skip
    x, y = found["2 terms"].get_data()
    assert y[-1] == pytest.approx(series.at(round(x[-1])), rel=1e-9)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    steps = [line.get_xdata()[0] for line in ax.get_lines() if len(set(line.get_xdata())) == 1]
    assert steps == [series.holds_from] == [60]
    assert "alpha = 1" in ax.get_title()


def test_formulas_have_series_too() -> None:
    spec = sk.derive("linear-attention", vocabulary=2)
    found = lines(sk.plot.series(spec, [], [], lengths=[8], terms=3, alpha=1, beta=2))
    exact = spec.evaluate(length=8, alpha=1, beta=2).sector([], []).eigenvalues
    drawn = [float(line.get_ydata()[0]) for name, line in found.items() if "exact" in name]
    assert np.allclose(sorted(drawn), sorted(map(float, exact)))


def test_what_has_no_series_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="given vocabulary"):
        sk.plot.series(sk.derive("linear-attention"), [1], [1])
    with pytest.raises(InvalidArgument, match="length L"):
        sk.plot.series(sk.derive("flatten", length=4, tokens=uniform(2)), [1])
    spec = sk.derive("softmax-attention", vocabulary=2, alpha=1, beta=1, down_to=2)
    with pytest.raises(InvalidArgument, match="an order is known alone"):
        sk.plot.series(spec, [1], [], lengths=[6])
