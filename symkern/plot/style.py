"""The look of all figures: axes, colours that colour-blind readers can tell apart, and saving.

Colours are Okabe and Ito's set (*Color Universal Design*, 2008), in an order that keeps neighbours apart.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from symkern.errors import InvalidArgument, InvalidType, SymkernError, install_line
from symkern.reading.documents import read_path
from symkern.reading.writable_places import named_place

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")

_STYLE: dict[str, Any] = {
    "figure.figsize": (6.0, 3.9),
    "figure.dpi": 120,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 300,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "mathtext.fontset": "cm",
}
_FORMATS = ("png", "pdf", "svg")


@contextmanager
def styled() -> Iterator[None]:
    """The project's style while a figure is drawn; the reader's own settings come back afterwards."""
    pyplot = _pyplot()
    from cycler import cycler

    pyplot.draw_if_interactive()  # loads the backend before the context, which would undo what notebooks set then
    style = {**_STYLE, "axes.prop_cycle": cycler(color=COLOURS)}
    with pyplot.rc_context(style):
        yield
        interactive = pyplot.isinteractive()
    # A notebook's backend loads with the first figure and turns this on; leaving the context would turn it off again.
    if interactive:
        pyplot.ion()


def axes(ax: Axes | None = None, **options: Any) -> Axes:
    """The Axes that is given, or that of a new figure; call it inside `styled`."""
    if ax is not None:
        if not hasattr(ax, "add_patch"):
            raise InvalidType("ax", "must be matplotlib's Axes", ax)
        return ax
    made: Axes = _pyplot().subplots(**options)[1]
    return made


def picture_format(path: str | os.PathLike[str]) -> str:
    """png, pdf or svg by the ending of ``path``; refuses any other."""
    kind = read_path(path, "plot").suffix[1:].lower()
    if kind not in _FORMATS:
        raise InvalidArgument(
            "plot", f"must end in {', '.join('.' + f for f in _FORMATS)}", f"it is {str(path)!r}"
        )
    return kind


def save(figure: Figure | Axes, path: str | os.PathLike[str]) -> None:
    """Write a figure as PNG, PDF or SVG by the ending of ``path``, the same bytes each time, and close it."""
    kind, place = picture_format(path), read_path(path, "plot")
    pyplot = _pyplot()
    drawn: Any = figure.figure if hasattr(figure, "plot") else figure
    if not hasattr(drawn, "savefig"):
        raise InvalidType("figure", "must be a figure or Axes of matplotlib", figure)
    metadata = {"png": {"Software": None}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}[
        kind
    ]
    try:
        with pyplot.rc_context({"svg.hashsalt": "symkern"}), named_place(place, "plot"):
            drawn.savefig(place, format=kind, metadata=metadata)
    finally:
        pyplot.close(drawn)


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot as pyplot
    except ImportError:
        raise SymkernError(
            f"plot: needs matplotlib, which is not installed ({install_line('plot')})"
        ) from None
    return pyplot
