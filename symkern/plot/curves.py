"""Test and train error against the number of samples, with the plateaus and what is learned between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np

from symkern.errors import InvalidArgument
from symkern.exact.real_arguments import read_real
from symkern.learning.learning_curve import LearningCurve
from symkern.learning.sample_complexity import curve_growth
from symkern.learning.target_energies import label_sizes
from symkern.pages.curve_layout import callable_name
from symkern.plot.finishing import finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_all
from symkern.typeset.labels import irrep_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: Parts of the target with a smaller share are not marked.
_SMALL = 0.01

#: Errors below this share of E f^2 are not shown: plateaus would be lost in the height of the figure.
_DEEPEST = 1e-4

#: A share that rounds to 0.0 percent.
_INVISIBLE = 5e-4

#: Width of a part's name above the axes, as a share of theirs.
_NAME = 0.215

_GREY = "#666666"


@finished
@typed
def learning_curve(
    curves: Any, *, train: bool = True, marks: bool = True, ax: Axes | None = None
) -> Axes:
    """Learning curves on double logarithmic axes, errors as shares of E f^2.

    The parts of the target are marked where half of each is learned, with n ~ L^k where a formula in L is known, and so are the plateaus between
    them. Of several curves the longest one has the names and the shares; all carry a dot at each step, and their plateaus as thin lines. Noise counts
    as a share too.

    Args:
        curves: one `LearningCurve`, or several (one for each length, say).
        train: draw the training error as well, dashed.
        marks: mark the parts of the target and the plateaus.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: no curve.
        InvalidType: what is no learning curve.
    """
    listed = [curves] if isinstance(curves, LearningCurve) else curves
    several: Sequence[Any] = read_all(listed, LearningCurve, "curves", "learning curves")
    if not several:
        raise InvalidArgument("curves", "must be at least one", "there is none")
    with styled():
        ax = axes(ax)
        for i, curve in enumerate(several):
            _draw(ax, curve, COLOURS[i % len(COLOURS)], len(several) > 1, train)
        positive = any((curve.test_error > 0).any() for curve in several)
        ax.set(xscale="log", yscale="log" if positive else "linear")
        ax.set(xlabel="samples $n$", ylabel=r"error / $\mathbb{E} f^2$")
        ax.set_xlim(_range(several))
        ax.set_ylim(_heights(several, train))
        if marks:
            longest = max(range(len(several)), key=lambda i: several[i].length)
            for i, curve in enumerate(several):
                colour = COLOURS[i % len(COLOURS)] if len(several) > 1 else _GREY
                if len(several) > 1:
                    _dots(ax, curve, colour)
                _plateaus(ax, curve, colour, named=i == longest)
            _mark(ax, several[longest])
        if len(several) > 1 and train:
            ax.plot([], [], color=_GREY, linestyle=(0, (4, 2)), linewidth=1.1, label="train error")
        if len(several) > 1 and marks:
            ax.plot([], [], "o", color=_GREY, markerfacecolor="none", markersize=5, label="half of a part learned")  # fmt: skip
        if len(several) > 1 or train:
            ax.legend(
                loc="lower left", fontsize=8.5, handlelength=1.8, frameon=True, facecolor="white",
                edgecolor="none", framealpha=0.9,
            )  # fmt: skip
        ax.set_title(_title(several), loc="left", pad=34 if marks else 6, fontsize=10)
    return ax


def _draw(ax: Axes, curve: Any, colour: str, named: bool, train: bool) -> None:
    order = np.argsort(curve.n)
    n, scale = curve.n[order], curve.total or 1.0
    name = f"$L = {curve.length}$" if named else "test error"
    test = np.where(np.isfinite(curve.test_error), curve.test_error, np.nan)[order] / scale
    ax.plot(n, test, color=colour, label=name, zorder=3)
    if train:
        ax.plot(
            n, curve.train_error[order] / scale, color=colour, linestyle=(0, (4, 2)), linewidth=1.1, alpha=0.75,
            label=None if named else "train error", zorder=2,
        )  # fmt: skip


def _range(curves: Sequence[Any]) -> tuple[float, float]:
    low, high = min(c.n.min() for c in curves), max(c.n.max() for c in curves)
    return (low, high) if high > low else (low / 2, high * 2)


def _heights(curves: Sequence[Any], train: bool) -> tuple[float, float]:
    """From a little below the last test error to a little above the first one; a training error further down is cut."""
    finite = [c.test_error[np.isfinite(c.test_error)] / (c.total or 1.0) for c in curves]
    values = np.concatenate([e[e > 0] for e in finite]) if finite else np.array([])
    if not values.size:
        return 0.1, 1.0
    low, high = float(values.min()), float(np.quantile(values, 0.99))
    return max(low / (4 if train else 1.8), _DEEPEST), max(high, 1.0) * 1.5


def _dots(ax: Axes, curve: Any, colour: str) -> None:
    """A dot on the curve where half of each part is learned."""
    for row in curve.rows():
        if row.share >= _SMALL and curve.n.min() <= row.half_learned <= curve.n.max():
            height = float(curve.at(row.half_learned).test_error[0]) / (curve.total or 1.0)
            if 0 < height < np.inf:  # without ridge it may be either, and neither is in the figure
                ax.plot([row.half_learned], [height], "o", color=colour, markerfacecolor=ax.get_facecolor(), markersize=5, zorder=4)  # fmt: skip


def _mark(ax: Axes, curve: Any) -> None:
    """Where parts are half learned, with their names above the axes."""
    low, high = ax.get_xlim()
    rows = [r for r in curve.rows() if r.share >= _SMALL]
    inside = [r for r in rows if low <= r.half_learned <= high]
    exponents = _exponents(curve)
    places = _spread([np.log(r.half_learned / low) / np.log(high / low) for r in inside], _NAME)
    for row, place in zip(inside, places, strict=True):
        ax.axvline(row.half_learned, color=_GREY, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        growth = _growth(exponents.get((row.part.sector, row.part.branch)))
        ax.annotate(
            f"{_name(row.part, curve)}\n{growth}".rstrip(),
            xy=(row.half_learned, 1.0), xycoords=("data", "axes fraction"),
            xytext=(place, 1.035), textcoords="axes fraction",
            ha="center", va="bottom", fontsize=8, color="#222222", linespacing=1.25,
            arrowprops={"arrowstyle": "-", "color": _GREY, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def _plateaus(ax: Axes, curve: Any, colour: str, named: bool) -> None:
    """What is left between two steps: a line there, and where it is ``named`` a label if there is room for one."""
    rows = [r for r in curve.rows() if r.share >= _SMALL]
    low, high = ax.get_xlim()
    bottom, top = np.log(ax.get_ylim())
    ordered = sorted(rows, key=lambda r: r.half_learned)
    scale = curve.total or 1.0
    noise, never_learned = read_real(curve.noise, "noise") / scale, curve.unlearnable / scale
    starts = [row.half_learned for row in ordered] or [low]
    nexts = [*starts[1:], np.inf]
    labelled: list[float] = []
    for begin, after in zip(starts, nexts, strict=True):
        # Parts too small to be marked are learned on the way.
        left = fsum(r.share for r in curve.rows() if r.half_learned >= after) + never_learned
        start, end = max(begin, low), min(max(after, low), high)
        level = left + noise
        if level <= 0 or start >= end or not bottom < np.log(level) < top:
            continue
        ax.plot([start, end], [level, level], color=colour, linewidth=0.8, zorder=1)
        if not named:
            continue
        height = float((np.log(level) - bottom) / (top - bottom))
        never = abs(left - never_learned) < _SMALL and left > _SMALL
        wide = np.log(end / start) / np.log(high / low)
        if (wide < 0.09 and not never) or any(abs(height - other) < 0.05 for other in labelled):
            continue
        labelled.append(height)
        text = _left(left) + (_never(curve) if never else "")
        ax.annotate(
            text, xy=(high if never else end, level), xytext=(-3, -4 if never else 3),
            textcoords="offset points", ha="right", va="top" if never else "bottom", fontsize=8, color="#444444", zorder=5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8},
        )  # fmt: skip


def _left(share: float) -> str:
    """What a plateau says; where nothing of the target is left, its height is that of the noise.

    >>> _left(0.495), _left(1e-9)
    ('49.5 % left', 'label noise alone')
    """
    return f"{100 * share:.3g} % left" if share >= _INVISIBLE else "label noise alone"


def _never(curve: Any) -> str:
    names = {
        _name(part, curve)
        for part in curve.outside
        if part.position_irrep is not None and part.energy > _SMALL * curve.total
    }
    return ", never learned" + (f": {', '.join(sorted(names))}" if 0 < len(names) <= 2 else "")


def _spread(places: list[float], gap: float) -> list[float]:
    """Labels moved apart so that neighbours keep a distance, between 0.04 and 0.96."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [min(max(places[i], 0.04), 0.96) for i in order]
    gap = min(gap, 0.92 / max(len(moved) - 1, 1))
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    if moved and moved[-1] > 0.96:
        moved[-1] = 0.96
        for i in range(len(moved) - 2, -1, -1):
            moved[i] = min(moved[i], moved[i + 1] - gap)
    found = [0.0] * len(places)
    for i, place in zip(order, moved, strict=True):
        found[i] = place
    return found


def _exponents(curve: Any) -> dict[Any, Any]:
    growth = curve_growth(curve)
    if growth is None:
        return {}
    return {
        ((row.position_irrep, row.token_irrep), row.branch): row.law.exponent
        for row in growth.rows
        if row.law is not None
    }


def _growth(exponent: Any) -> str:
    if exponent is None:
        return ""
    if exponent == 0:
        return r"$n \sim 1$"
    return r"$n \sim L$" if exponent == 1 else rf"$n \sim L^{{{exponent}}}$"


def _name(part: Any, curve: Any) -> str:
    size, letters = label_sizes(curve.spectrum)
    pieces = [irrep_latex(part.position_irrep, size)]
    if part.token_irrep is not None:
        pieces.append(irrep_latex(part.token_irrep, letters))
    return "$" + r"\!\times\!".join(pieces) + "$"


def _title(curves: Sequence[Any]) -> str:
    """The target and the sizes; lengths that differ stand in the legend."""
    curve = curves[0]
    length = f"$L = {curve.length}$, " if len(curves) == 1 else ""
    target = (
        f"${curve.target.latex()}$"
        if hasattr(curve.target, "latex")
        else callable_name(curve.target)
    )
    return rf"target {target},  {length}$v = {curve.spectrum.vocabulary}$"
