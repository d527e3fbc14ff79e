"""Transformers that learn functions of n bits: both sharpnesses in n, what they learn, and the layer norms' blow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from symkern.experiments.sensitivity_experiment import SensitivityExperiment
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PANELS = {
    "sphere": ("sphere_sharpness", "E (change of output)$^2$, $|\\Delta| = \\rho$", "sharpness that the theorem bounds"),
    "noise": ("noise_sharpness", "increase of the loss", "sharpness under Gaussian noise"),
    "sensitivity": ("average_sensitivity", "average sensitivity", "what is learned (points), and exact (dashes)"),
    "blow_up": ("blow_up", "product of 1/(standard deviation)", "the layer norms' blow-up"),
}  # fmt: skip


@typed
def transformer_sensitivity(found: SensitivityExperiment, what: Literal["all", "sphere", "noise", "sensitivity", "blow_up"] = "all", *, ax: Axes | None = None) -> Axes:  # fmt: skip
    """Measurements against n, one colour a function, with bars of two standard errors; at the largest deviation.

    ``what`` is "sphere": mean squared change of the output on the sphere; "noise": increase of the loss under Gaussian noise; "sensitivity": average sensitivity of
    what is learned, dashes being the function's; "blow_up": of the layer norms; "all" makes one figure of the four and returns the first Axes.

    Args:
        found: the experiment.
        what: which of the four, or "all".
        ax: Axes to draw into; those of a new figure where nothing is said. "all" makes its own figure.
    """
    with styled():
        if what != "all" or ax is not None:
            ax = axes(ax)
            _draw(ax, found, "sphere" if what == "all" else what)
            return ax
        first = axes(figsize=(10.5, 7.2))
        figure: Any = first.figure
        figure.clear()
        panels = figure.subplots(2, 2)
        for panel, name in zip(panels.ravel(), _PANELS, strict=True):
            _draw(panel, found, name)
        made: Axes = panels[0, 0]
    return made


def _draw(ax: Any, found: SensitivityExperiment, what: str) -> None:
    column, label, title = _PANELS[what]
    columns = found.columns
    lengths = np.array(sorted(set(columns["length"])))
    deviation = max(columns["deviation"])
    for place, function in enumerate(dict.fromkeys(columns["function"])):
        colour = COLOURS[place]
        values, errors = np.array([found.means(column, function, int(n), deviation) for n in lengths]).T  # fmt: skip
        bars = 2 * np.where(np.isfinite(errors), errors, 0)
        ax.errorbar(lengths, values, yerr=bars, fmt="o-" if what != "sensitivity" else "o", markersize=4, color=colour, elinewidth=1, linewidth=1.2, label=function)  # fmt: skip
        if what == "sensitivity":
            exact = [found.means("exact_average_sensitivity", function, int(n))[0] for n in lengths]
            ax.plot(lengths, exact, color=colour, linestyle="--", linewidth=1.2)
    ax.set_xticks(lengths)
    ax.set(xlabel="$n$", ylabel=label, title=title)
    if what in ("sphere", "noise"):
        ax.set_ylim(bottom=0)
    if what in ("sphere", "sensitivity"):
        ax.legend(fontsize=8.5)
