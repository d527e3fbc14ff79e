"""The figure of an experiment's result: the one that is made for it, or else its measurements beside their predictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from symkern.errors import InvalidArgument
from symkern.experiments.experiment import Experiment
from symkern.plot.code_figures import selection_training
from symkern.plot.networks import network
from symkern.plot.regression import regression_errors, text_errors
from symkern.plot.sensitive_transformers import transformer_sensitivity
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Experiment -> its own figure, which takes the result and ``ax``.
_OWN: dict[str, Callable[..., Any]] = {
    "networks": network,
    "selection": selection_training,
    "sensitivity": transformer_sensitivity,
    "regression": regression_errors,
    "text": text_errors,
}


@typed
def experiment(found: Experiment, *, ax: Axes | None = None) -> Any:
    """The figure of an experiment's result.

    Experiments of the package have their own; of any other the column "measured" is drawn over the column "predicted", with error bars of two standard errors
    where there is a column "standard_error", and with the line on which both are equal.

    Args:
        found: the experiment's result.
        ax: Axes to draw into; those of a new figure where nothing is said.

    Raises:
        InvalidArgument: an experiment without a figure of its own and without these columns.
    """
    if found.name in _OWN:
        return _OWN[found.name](found, ax=ax)
    columns = found.columns
    if missing := [name for name in ("predicted", "measured") if name not in columns]:
        rule = 'must have columns "predicted" and "measured", or a figure of its own'
        raise InvalidArgument("experiment", rule, f"{found.name!r} has no {missing[0]!r}")
    predicted, measured = (
        np.array([np.nan if e is None else float(e) for e in columns[name]])
        for name in ("predicted", "measured")
    )
    errors = columns.get("standard_error", [0.0] * len(measured))
    bars = 2 * np.array([0.0 if e is None or not np.isfinite(e) else float(e) for e in errors])
    with styled():
        ax = axes(ax)
        ax.errorbar(predicted, measured, yerr=bars, fmt="o", markersize=4, color=COLOURS[0], elinewidth=1)  # fmt: skip
        if len(predicted):
            ends = [np.nanmin(predicted), np.nanmax(predicted)]
            ax.plot(ends, ends, color="#666666", linewidth=0.8, zorder=1)
        ax.set(xlabel="predicted", ylabel="measured")
    return ax
