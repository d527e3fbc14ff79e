"""Finite networks beside their predictions: the kernel in the width, training in time, the posterior, and how the tangent kernel moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from symkern.experiments.network_experiment import NetworkExperiment
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GREY = "#666666"


@typed
def network(found: NetworkExperiment, what: Literal["all", "kernel", "training", "posterior", "movement"] = "all", *, ax: Axes | None = None) -> Axes:  # fmt: skip
    """Measurements on networks as points with bars of two standard errors, predictions as lines.

    ``what`` is "kernel": some of its entries against 1/width, with the line whose end is the prediction; "training": what is learned at some sequences against time, by the widest networks;
    "posterior": mean and standard deviation of f(x) at all sequences, by the widest; "movement": of the tangent kernel against the width, on logarithmic axes; "all" makes one figure of the four and
    returns the first Axes.

    Args:
        found: the experiment.
        what: which of the four, or "all".
        ax: Axes to draw into; those of a new figure where nothing is said. "all" makes its own figure.
    """
    parts = {"kernel": _kernel, "training": _training, "posterior": _posterior, "movement": _movement}  # fmt: skip
    with styled():
        if what != "all":
            ax = axes(ax)
            parts[what](ax, found)
            return ax
        if ax is not None:
            parts["kernel"](ax, found)
            return ax
        first = axes(figsize=(10.5, 7.2))
        figure: Any = first.figure
        figure.clear()
        panels = figure.subplots(2, 2)
        for panel, draw in zip(panels.ravel(), parts.values(), strict=True):
            draw(panel, found)
        made: Axes = panels[0, 0]
    return made


def _kernel(ax: Any, found: NetworkExperiment) -> None:
    entries = found.kernel
    order = np.argsort(entries.predicted)
    chosen = order[np.unique(np.linspace(0, len(order) - 1, 5).astype(int))]
    inverse = 1 / np.array(entries.widths)
    for colour, i in zip(COLOURS, chosen, strict=False):
        ax.errorbar(inverse, entries.means[:, i], yerr=2 * entries.errors[:, i], fmt="o", markersize=4, color=colour, elinewidth=1)  # fmt: skip
        ax.plot(0, entries.predicted[i], marker="*", markersize=9, color=colour, clip_on=False, zorder=4)  # fmt: skip
        if len(inverse) > 1:
            along = np.array([0, inverse.max()])
            ax.plot(along, entries.limit[i] + entries.slope[i] * along, color=colour, linewidth=1)
    ax.set_xlim(left=0)
    ax.set(xlabel="1/width", ylabel="$k(x, y)$", title="random networks; stars: infinite width")


def _training(ax: Any, found: NetworkExperiment) -> None:
    outputs, n = found.training.outputs, found.samples
    times = found.training.times
    count = outputs.predicted.shape[1]
    chosen = [*range(min(n, 3)), *range(n, min(count, n + 3))]
    for colour, i in zip(COLOURS, chosen, strict=False):
        seen = i < n
        name = "trained on" if seen else "other"
        word = "".join(map(str, found.words[i].tolist()))
        ax.plot(times, outputs.predicted[:, i], color=colour, linestyle="-" if seen else "--", linewidth=1.4, label=f"{word}, {name}")  # fmt: skip
        ax.errorbar(times, outputs.means[-1][:, i], yerr=2 * outputs.errors[-1][:, i], fmt="o" if seen else "s", markersize=3.5, color=colour, elinewidth=1)  # fmt: skip
    ax.set_xscale("log")
    ends = np.geomspace(times[0], times[-1], 4)
    ax.set_xticks(ends, [f"{t:.2g}" for t in ends])
    ax.minorticks_off()
    ax.set(xlabel="training time $t$", ylabel="learned $f_t(x)$", title=f"gradient descent at width {outputs.widths[-1]}; lines: tangent kernel")  # fmt: skip
    ax.legend(fontsize=7.5, frameon=True, facecolor="white", edgecolor="none", framealpha=0.8)


def _posterior(ax: Any, found: NetworkExperiment) -> None:
    moments = found.langevin.moments
    mean, second = moments.predicted
    spread = np.sqrt(np.maximum(second - mean**2, 0))
    places = np.arange(len(mean))
    ax.bar(places, 2 * spread, bottom=mean - spread, width=0.7, color="#cccccc", zorder=1)
    ax.hlines(mean, places - 0.35, places + 0.35, color=_GREY, linewidth=1.2, zorder=2)
    seen, squares = moments.means[-1]
    own = np.sqrt(np.maximum(squares - seen**2, 0))
    for sign in (-1, 1):
        ax.plot(places, seen + sign * own, marker="_", markersize=9, linestyle="none", color=COLOURS[1], zorder=3)  # fmt: skip
    ax.errorbar(places, seen, yerr=2 * moments.errors[-1][0], fmt="o", markersize=4, color=COLOURS[0], elinewidth=1, zorder=4)  # fmt: skip
    ax.axvline(found.samples - 0.5, color=_GREY, linewidth=0.8, linestyle=(0, (1, 2)))
    names = ["".join(map(str, w)) for w in found.words.tolist()]
    ax.set_xticks(places, names, rotation=90, fontsize=7)
    ax.set(ylabel="$f(x)$, mean and deviation", title=f"Langevin at width {moments.widths[-1]}; grey: Gaussian process")  # fmt: skip


def _movement(ax: Any, found: NetworkExperiment) -> None:
    training = found.training
    widths = np.array(found.kernel.widths, dtype=float)
    names = ("moved by training", "scattered at the start")
    for colour, name, draws, (power, error) in zip(COLOURS, names, (training.moved, training.scattered), training.powers, strict=False):  # fmt: skip
        means = np.array([float(np.mean(d)) for d in draws])
        errors = np.array([float(np.std(d, ddof=1) / np.sqrt(len(d))) for d in draws])
        label = f"{name}: width$^{{{power:.2f} \\pm {error:.2f}}}$" if len(widths) > 1 else name
        ax.errorbar(widths, means, yerr=2 * errors, fmt="o-", markersize=4, color=colour, elinewidth=1, label=label)  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel="width", ylabel="relative change", title="the empirical tangent kernel")  # fmt: skip
    ax.set_xticks(widths, [f"{w:g}" for w in widths])
    ax.minorticks_off()
    ax.legend(fontsize=8.5)
