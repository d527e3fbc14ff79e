"""Regression on drawn training sets beside its prediction: test errors in distribution and under shift, and the mean output on every tested sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symkern.errors import InvalidArgument
from symkern.experiments.drawn_regressions import RegressionTest
from symkern.experiments.regression import RegressionExperiment
from symkern.experiments.text_experiment import TextExperiment
from symkern.plot.finishing import MARKERS, PLAIN, finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@finished
@typed
def regression_errors(found: RegressionExperiment, *, ax: Axes | None = None) -> Axes:
    """Test errors against n on double logarithmic axes: predictions as lines, measurements as points with bars of two standard errors.

    Args:
        found: the experiment.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    curve = found.curve
    rows = _of_tests(found.tests) or [("in distribution", curve.test_error, found.measured.test_error, found.measured.standard_error)]  # fmt: skip
    return _errors(curve.n, rows, ax)


@finished
@typed
def text_errors(found: TextExperiment, *, ax: Axes | None = None) -> Axes:
    """Test errors against n on double logarithmic axes, on shuffled windows of a text and on the windows as they are; its symmetry is drawn by `symkern.plot.symmetry`.

    Args:
        found: the experiment.
        ax: Axes to draw into; those of a new figure where nothing is said.
    """
    return _errors(found.curve.n, _of_tests(found.tests), ax)


def _of_tests(tests: Sequence[RegressionTest]) -> list[tuple[str, Any, Any, Any]]:
    return [(t.name, t.prediction.test_error, t.test_error, t.standard_error) for t in tests]


def _errors(samples: np.ndarray, rows: list[tuple[str, Any, Any, Any]], ax: Axes | None) -> Axes:
    order = np.argsort(samples)
    n = samples[order]
    with styled():
        ax = axes(ax)
        for colour, marker, (name, predicted, mean, error) in zip(COLOURS, MARKERS, rows, strict=False):  # fmt: skip
            bars = np.where(np.isfinite(error), 2 * error, 0.0)[order]
            ax.plot(n, predicted[order], color=colour, label=name, gid=PLAIN, marker=marker, markersize=4, markevery=[])  # fmt: skip
            ax.errorbar(n, mean[order], yerr=bars, fmt=marker, color=colour, markersize=4, capsize=2, linewidth=1)  # fmt: skip
        ax.set(xscale="log", yscale="log", xlabel="samples $n$", ylabel="test error")
        ax.legend(frameon=False, fontsize=8.5)
        ax.set_title("line: predicted; points: measured, two standard errors", loc="left", fontsize=10)  # fmt: skip
    return ax


@finished
@typed
def regression_outputs(
    found: RegressionExperiment, n: int | None = None, *, ax: Axes | None = None
) -> Axes:
    """The mean output on each tested sequence, measured over training sets against predicted, after ``n`` samples.

    Args:
        found: the experiment.
        n: one of its numbers of samples; the largest where nothing is said.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: outputs are not known, since sequences cannot be listed, or nothing was measured after n samples.
    """
    if not found.tests:
        rule = "must be of so few sequences that all of them are listed"
        raise InvalidArgument("found", rule, f"their length is {found.curve.length}")
    sizes = [int(e) for e in found.curve.n]
    size = max(sizes) if n is None else read_integer(n, "n", 1)
    if size not in sizes:
        raise InvalidArgument("n", f"must be one of {', '.join(map(str, sizes))}", f"it is {size}")
    place = sizes.index(size)
    with styled():
        ax = axes(ax)
        ends = []
        # At one length both tests are of the same sequences, weighed otherwise: a ring around a dot.
        looks: list[dict[str, Any]] = [
            {"markersize": 7, "markerfacecolor": "none"},
            {"markersize": 3},
        ]
        for colour, look, one in zip(COLOURS, looks, found.tests, strict=False):
            predicted = one.prediction.outputs[place].ravel()
            mean, error = one.mean_outputs[place].ravel(), one.outputs_error[place].ravel()
            bars = np.where(np.isfinite(error), 2 * error, 0.0)
            ax.errorbar(predicted, mean, yerr=bars, fmt="o", color=colour, elinewidth=0.6, label=one.name, **look)  # fmt: skip
            ends += [predicted.min(), predicted.max()]
        ax.plot([min(ends), max(ends)], [min(ends), max(ends)], color="#666666", linewidth=0.8, zorder=1)  # fmt: skip
        ax.set(xlabel="mean output, predicted", ylabel="measured over training sets")
        ax.legend(frameon=False, fontsize=8.5)
        ax.set_title(f"each tested sequence after {size} samples", loc="left", fontsize=10)
    return ax
