"""The last strokes of every figure: curves that are told apart without colour, and ink that shows on a dark style.

A curve that is one of several solid ones gets a marker of its own, which the legend shows as well. Where the axes are dark, lines and words in dark greys
become light ones, and boxes that were white take the colour of the axes; what lies on paint of its own (``gid`` "on paint") stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Drawing = TypeVar("Drawing", bound=Callable[..., Any])

#: Marks of curves, as far apart in shape as they are; circles are for single points.
MARKERS = ("s", "^", "D", "v", "P", "X", "*", "h")
#: ``gid`` of words on a coloured square, and of lines whose points carry the marks.
ON_PAINT, PLAIN = "on paint", "plain"

_DARK = 0.35
_GREYNESS = 0.06


def finished(drawing: Drawing) -> Drawing:
    """A decorator of figures: the Axes that the function returns get their last strokes."""

    @wraps(drawing)
    def drawn(*given: Any, **named: Any) -> Any:
        ax = drawing(*given, **named)
        mark_curves(ax)
        plain_numbers(ax)
        suit_background(ax)
        return ax

    return drawn  # type: ignore[return-value]


#: Decades below which an axis has numbers between its powers of ten, and places of these.
_NARROW = 1.6
_BETWEEN = ((1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0))
_LEAST_TICKS = 3


def plain_numbers(ax: Axes) -> None:
    """Numbers as they are on logarithmic axes of few decades: 3 x 10^1 is longer than 30, and runs into its neighbour."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        low, high = sorted(getattr(ax, f"get_{name}lim")())
        if getattr(ax, f"get_{name}scale")() != "log" or not isinstance(axis.get_major_locator(), LogLocator):  # fmt: skip
            continue
        if not 1e-4 <= low < high <= 1e5 or np.log10(high / low) >= _NARROW:
            continue
        places = [
            [s * 10.0**e for e in range(-5, 6) for s in between if low <= s * 10.0**e <= high]
            for between in _BETWEEN
        ]
        enough = [i for i, ticks in enumerate(places) if len(ticks) >= _LEAST_TICKS]
        axis.set_major_locator(LogLocator(subs=_BETWEEN[enough[0] if enough else -1]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())


def mark_curves(ax: Axes) -> None:
    """Markers for the named solid curves of an Axes, where there are several; those that have some keep them."""
    curves = [
        line
        for line in ax.get_lines()
        if not str(line.get_label()).startswith("_")
        and line.get_gid() != PLAIN
        and line.get_linestyle() == "-"
        and line.get_marker() in ("None", None, "", " ")
        and np.size(line.get_xdata()) > 2
    ]
    if len(curves) < 2:
        return
    legend = ax.get_legend()
    handles: dict[Any, Any] = {}
    if legend is not None:
        texts = [text.get_text() for text in legend.get_texts()]
        handles = dict(zip(texts, legend.legend_handles, strict=True))
    for i, line in enumerate(curves):
        marker = MARKERS[i % len(MARKERS)]
        # A share of the figure's diagonal, begun elsewhere for each: marks of curves that run together do not cover one another.
        line.set(marker=marker, markersize=4.5, markevery=((0.02 + 0.031 * i) % 0.15, 0.15))
        handle = handles.get(line.get_label())
        if handle is not None and hasattr(handle, "set_marker"):
            handle.set(marker=marker, markersize=4.5)


def suit_background(ax: Axes) -> None:
    """Light ink instead of dark, where the Axes lie on a dark background."""
    from matplotlib.colors import to_rgba

    face = to_rgba(ax.get_facecolor())
    if face[3] == 0:  # transparent, as in some dark styles: the figure's colour shows
        face = to_rgba(ax.figure.get_facecolor())
    if _lightness(face) > _DARK:
        return
    legend = ax.get_legend()
    words = [*ax.texts, ax.title, *(getattr(ax, name) for name in ("_left_title", "_right_title") if hasattr(ax, name))]  # fmt: skip
    if legend is not None:
        legend.get_frame().set_facecolor(face)
        words += legend.get_texts()
    for text in words:
        if text.get_gid() == ON_PAINT:
            continue
        text.set_color(_light(text.get_color()))
        box = text.get_bbox_patch()
        if box is not None:
            box.set_facecolor((*face[:3], box.get_alpha() or 1.0))
        arrow = getattr(text, "arrow_patch", None)
        if arrow is not None:
            arrow.set_color(_light(arrow.get_edgecolor()))
    lines: list[Any] = [*ax.get_lines(), *(handle for handle in (legend.legend_handles if legend else ()) if hasattr(handle, "get_color"))]  # fmt: skip
    for line in lines:
        line.set_color(_light(line.get_color()))
    for grid in (*ax.get_xgridlines(), *ax.get_ygridlines()):
        grid.set_color("#555555")


def _lightness(colour: Any) -> float:
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _light(colour: Any) -> Any:
    """A dark grey turned light; any other colour as it is."""
    from matplotlib.colors import to_rgb

    rgb = to_rgb(colour)
    if max(rgb) - min(rgb) > _GREYNESS or _lightness(rgb) > 0.6:
        return colour
    return tuple(1.0 - 0.75 * part for part in rgb)
