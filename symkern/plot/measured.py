"""Measured learning curves on the predicted ones: points with error bars on lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symkern.errors import InvalidArgument
from symkern.learning.measured_curve import MeasuredCurve
from symkern.learning.target_energies import label_sizes
from symkern.limits import current
from symkern.plot.finishing import MARKERS, PLAIN, finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_all
from symkern.typeset.labels import irrep_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Parts with a smaller share of the target are not drawn.
_SMALL = 0.01


@finished
@typed
def measured_curve(curves: Any, *, ax: Axes | None = None) -> Axes:
    """Test errors on double logarithmic axes, as shares of E f^2: the prediction a line, the measurement points with bars of two standard errors.

    Args:
        curves: one `MeasuredCurve`, or several (one for each length, say).
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: no curve.
        InvalidType: what is no measured curve.
    """
    listed = [curves] if isinstance(curves, MeasuredCurve) else curves
    several: Sequence[Any] = read_all(listed, MeasuredCurve, "curves", "measured curves")
    if not several:
        raise InvalidArgument("curves", "must be at least one", "there is none")
    with styled():
        ax = axes(ax)
        for i, found in enumerate(several):
            colour, scale = COLOURS[i % len(COLOURS)], found.curve.total or 1.0
            order = np.argsort(found.n)
            n = found.n[order]
            line = found.curve.at(_between(n))
            ax.plot(line.n, line.test_error / scale, color=colour, label=f"$L = {found.curve.length}$", gid=PLAIN, marker=MARKERS[i % len(MARKERS)], markevery=[])  # fmt: skip
            _points(ax, n, found.test_error[order] / scale, found.standard_error[order] / scale, colour, MARKERS[i % len(MARKERS)])  # fmt: skip
        ax.set(xscale="log", yscale="log", xlabel="samples $n$", ylabel=r"test error / $\mathbb{E} f^2$")  # fmt: skip
        ax.legend(frameon=False, fontsize=8.5)
        ax.set_title("line: predicted; points: measured, two standard errors", loc="left", fontsize=10)  # fmt: skip
    return ax


@finished
@typed
def measured_parts(found: MeasuredCurve, *, ax: Axes | None = None) -> Axes:
    """How much of each part of the target is learned against n: the prediction lambda/(lambda + kappa) a line, the measurement points with bars of two standard errors.

    Args:
        found: the measured curve.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: there are too many sequences to measure parts.
    """
    shares, errors = found.learnabilities, found.learnabilities_error
    if shares is None or errors is None:
        rule = "must be of so few sequences that all of them are tested"
        raise InvalidArgument("found", rule, f"{found.tested} fresh ones are")
    with styled():
        ax = axes(ax)
        order = np.argsort(found.n)
        line = found.curve.at(_between(found.n))
        drawn = [i for i, row in enumerate(found.curve.rows()) if row.share >= _SMALL]
        for place, i in enumerate(drawn):
            colour = COLOURS[place % len(COLOURS)]
            part = found.curve.parts[i]
            size, letters = label_sizes(found.curve.spectrum)
            names = [irrep_latex(part.position_irrep, size)]
            if part.token_irrep is not None:
                names.append(irrep_latex(part.token_irrep, letters))
            label = "$" + r" \times ".join(names) + f"$, {100 * part.energy / found.curve.total:.3g} %"  # fmt: skip
            ax.plot(
                line.n,
                line.learnabilities[:, i],
                color=colour,
                label=label,
                gid=PLAIN,
                marker=MARKERS[place % len(MARKERS)],
                markevery=[],
            )
            _points(
                ax,
                found.n[order],
                shares[order, i],
                errors[order, i],
                colour,
                MARKERS[place % len(MARKERS)],
            )
        ax.set(xscale="log", xlabel="samples $n$", ylabel="share learned", ylim=(-0.05, 1.05))
        ax.legend(frameon=False, fontsize=8.5)
        ax.set_title("line: predicted; points: measured, two standard errors", loc="left", fontsize=10)  # fmt: skip
    return ax


def _between(n: np.ndarray) -> np.ndarray:
    """Places for a smooth line from the least to the largest."""
    found: np.ndarray = np.geomspace(n.min(), n.max(), current().figure_points)
    return found


def _points(
    ax: Axes, n: np.ndarray, mean: np.ndarray, error: np.ndarray, colour: str, marker: str
) -> None:
    bars = np.where(np.isfinite(error), 2 * error, 0)
    ax.errorbar(n, mean, yerr=bars, fmt=marker, color=colour, markersize=4, capsize=2, linewidth=1)
