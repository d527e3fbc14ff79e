"""The degree of permutation symmetry of a text against the length of its windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symkern.data import SymmetryReport
from symkern.errors import InvalidArgument
from symkern.plot.finishing import finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PARTS = (("exchangeable", "exch/off"), ("decay", "decay/off"), ("arrow", "arrow/off"))


@finished
@typed
def symmetry(report: SymmetryReport, *, ax: Axes | None = None) -> Axes:
    """Shares of the correlations at every length, with bands of 95 %: what shuffling leaves, what depends on the lag, the arrow of time.

    Args:
        report: what `symkern.data.symmetry_report` returns.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: no correlation stands out of the noise.
    """
    with styled():
        ax = axes(ax)
        drawn = 0
        for i, (name, label) in enumerate(_PARTS):
            found = [(one.length, getattr(one, name)) for one in report.every]
            rows = np.array([(n, e.value, e.low, e.high) for n, e in found if e is not None])
            if len(rows):
                drawn += 1
                ax.plot(rows[:, 0], rows[:, 1], color=COLOURS[i], label=label, marker="." if len(rows) < 3 else "")  # fmt: skip
                ax.fill_between(rows[:, 0], rows[:, 2], rows[:, 3], color=COLOURS[i], alpha=0.2, linewidth=0)  # fmt: skip
        if not drawn:
            raise InvalidArgument("report", "must have correlations that stand out of their noise", "it has none")  # fmt: skip
        ax.set(xscale="log", xlabel="length of windows $L$", ylabel="share of correlations")
        ax.set_ylim(min(0.0, ax.get_ylim()[0]), max(1.0, ax.get_ylim()[1]))
        ax.legend(fontsize=8.5)
    return ax
