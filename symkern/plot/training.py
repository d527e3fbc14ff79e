"""The error of a target against training time, with the times at which its parts are learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symkern.errors import InvalidArgument
from symkern.exact.real_arguments import read_real
from symkern.learning.sampled_training import SampledTraining
from symkern.learning.target_energies import label_sizes
from symkern.learning.training_curve import TrainingCurve
from symkern.plot.finishing import finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_all
from symkern.typeset.labels import irrep_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Parts of the target with a smaller share are not marked.
_SMALL = 0.01
#: Errors below this share of E f^2 are not shown.
_DEEPEST = 1e-4
_GREY = "#666666"


@finished
@typed
def training_curve(curves: Any, *, marks: bool = True, ax: Axes | None = None) -> Axes:
    """Training curves on double logarithmic axes.

    The first population curve has its parts marked where half of each is learned, and the level that is never learned.

    Args:
        curves: one or several of `TrainingCurve`, drawn solid, and `SampledTraining`, dotted with a band of two standard errors about the mean.
        marks: mark the parts of the target, and the level that is never learned.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: no curve.
    """
    kinds = (TrainingCurve, SampledTraining)
    listed = [curves] if isinstance(curves, kinds) else curves
    several: Sequence[Any] = read_all(listed, kinds, "curves", "training curves")
    if not several:
        raise InvalidArgument("curves", "must be at least one", "there is none")
    with styled():
        ax = axes(ax)
        for i, curve in enumerate(several):
            _draw(ax, curve, COLOURS[i % len(COLOURS)])
        ax.set(xscale="log", yscale="log", xlabel="training time $t$", ylabel="test error")
        times = np.concatenate([c.t[c.t > 0] for c in several])
        errors = np.concatenate([c.test_error for c in several])
        if times.size:
            low, high = float(times.min()), float(times.max())
            ax.set_xlim((low, high) if high > low else (low / 2, high * 2))
        if (errors > 0).any():
            high = float(errors.max())
            ax.set_ylim(max(float(errors[errors > 0].min()) / 1.8, high * _DEEPEST), high * 1.5)
        whole = next((c for c in several if isinstance(c, TrainingCurve)), None)
        if marks and whole is not None:
            _mark(ax, whole)
        if len(several) > 1:
            ax.legend(loc="lower left", fontsize=8.5, frameon=True, facecolor="white", edgecolor="none", framealpha=0.9)  # fmt: skip
    return ax


def _draw(ax: Axes, curve: Any, colour: str) -> None:
    order = np.argsort(curve.t)
    t, error = curve.t[order], curve.test_error[order]
    if isinstance(curve, TrainingCurve):
        ax.plot(t, error, color=colour, label=f"population, $L = {curve.length}$", zorder=3)
        return
    ax.plot(t, error, color=colour, linestyle=":", label=f"$n = {curve.n}$, $L = {curve.length}$", zorder=3)  # fmt: skip
    if curve.draws > 1:
        width = 2 * curve.standard_error[order]
        low = np.maximum(error - width, error * 1e-3)
        ax.fill_between(t, low, error + width, color=colour, alpha=0.2, linewidth=0, zorder=2)


def _mark(ax: Axes, curve: Any) -> None:
    """A line where half of a part is learned, its name above, and a line at what is never learned."""
    low, high = ax.get_xlim()
    named: list[float] = []
    for row in curve.rows():
        if row.share < _SMALL or not low < row.half_learned < high:
            continue
        ax.axvline(row.half_learned, color=_GREY, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        place = float(np.log(row.half_learned / low) / np.log(high / low))
        level = sum(abs(place - other) < 0.2 for other in named)
        named.append(place)
        ax.annotate(
            _name(row.part, curve), xy=(place, 1.02 + 0.06 * level), xycoords="axes fraction",
            ha="center", va="bottom", fontsize=8, color="#222222",
        )  # fmt: skip
    limit = curve.unlearnable + read_real(curve.noise, "noise")
    if limit > 0:
        ax.axhline(limit, color=_GREY, linewidth=0.8, zorder=1)


def _name(part: Any, curve: Any) -> str:
    size, letters = label_sizes(curve.spectrum)
    pieces = [irrep_latex(part.position_irrep, size)]
    if part.token_irrep is not None:
        pieces.append(irrep_latex(part.token_irrep, letters))
    return "$" + r"\!\times\!".join(pieces) + "$"
