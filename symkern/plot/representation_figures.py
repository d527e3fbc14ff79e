"""Figures of representations: a character table as a map of colours, and Young's lattice with its diagrams.

Source of the pictures: Sagan, *The Symmetric Group*, section 5.1 for the lattice; James and Kerber, appendix I.A, for the order of the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symkern.characters import CharacterTable
from symkern.characters import character_table as table_of
from symkern.combinatorics.lattice import young_lattice as lattice_of
from symkern.errors import InvalidArgument
from symkern.limits import current
from symkern.plot.finishing import ON_PAINT, finished
from symkern.plot.style import COLOURS, axes, styled
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.graphs import Diagram, lattice_layout
from symkern.typeset.labels import cycle_type_latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Irreps up to which rows, columns and values are written.
_NAMED, _VALUED = 45, 22


@finished
@typed
def character_table(table: CharacterTable | int, *, ax: Axes | None = None) -> Axes:
    """The character table of S_n: rows irreps, columns cycle types, orange below zero and blue above, on a scale of sign(x) log(1 + |x|).

    Values are written up to n = 8, names up to n = 10.

    Args:
        table: a table, or n.
        ax: Axes to draw into.

    Raises:
        InvalidArgument: n is larger than notebooks show (`shown_table` of `symkern.limits`, 12) by more than eight.
    """
    if not isinstance(table, CharacterTable):
        table = table_of(read_integer(table, "table", maximum=current().shown_table + 8))
    if table.n > current().shown_table + 8:
        rule = f"must be of n up to {current().shown_table + 8} to be drawn"
        raise InvalidArgument("table", rule, f"it is that of S_{table.n}")
    values = np.asarray(table.values, dtype=float)
    scaled = np.sign(values) * np.log1p(np.abs(values))
    top = float(np.abs(scaled).max()) or 1.0
    count = len(values)
    names = [f"${cycle_type_latex(p)}$" for p in table.partitions]
    with styled():
        from matplotlib.colors import LinearSegmentedColormap

        side = min(max(3.2, 0.36 * count + 1.2), 11.0)
        ax = axes(ax, figsize=(side, side))
        shades = LinearSegmentedColormap.from_list("signs", [COLOURS[1], "#ffffff", COLOURS[0]])
        ax.imshow(scaled, cmap=shades, vmin=-top, vmax=top)
        ax.grid(False)
        if count <= _VALUED:
            size = 9 if count <= 11 else 6.5
            for i, j in np.ndindex(count, count):
                ink = "white" if abs(scaled[i, j]) > 0.75 * top else "#222222"
                ax.text(j, i, f"{table.values[i, j]}", ha="center", va="center", color=ink, fontsize=size, gid=ON_PAINT)  # fmt: skip
        if count <= _NAMED:
            small = 9 if count <= 11 else 6
            ax.set_xticks(range(count), names, rotation=90, fontsize=small)
            ax.set_yticks(range(count), names, fontsize=small)
        else:
            ax.set_xticks([])
            ax.set_yticks([])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        ax.set(xlabel="class", ylabel="irrep")
        ax.set_title(f"Characters of $S_{{{table.n}}}$")
    return ax


@finished
@typed
def young_lattice(graph: Any, *, dimensions: bool = True, ax: Axes | None = None) -> Axes:
    """Young's lattice or a Bratteli diagram: Young diagrams level by level, lines where one box is added, below each its number of paths from the top.

    Args:
        graph: what `symkern.combinatorics.young_lattice` or `bratteli_diagram` gives, or n for the lattice up to that level.
        dimensions: whether the numbers of paths, which are the dimensions of irreps, are written.
        ax: Axes to draw into.

    Raises:
        InvalidArgument: a level that no figure holds, or a graph without nodes.
    """
    if not isinstance(graph, Diagram):
        graph = lattice_of(read_integer(graph, "graph", maximum=12))
    places, edges, box, width, height = lattice_layout(graph, dimensions)
    with styled():
        from matplotlib.collections import LineCollection, PatchCollection
        from matplotlib.patches import Rectangle

        scale = min(1.0 / 60, 14.0 / width, 11.0 / height)
        ax = axes(ax, figsize=(max(2.5, scale * width), max(2.0, scale * height)))
        foot = 15.0 if dimensions else 3.0
        lines = [
            [(places[a].x, places[a].y + places[a].height + foot), (places[b].x, places[b].y - 3)]
            for a, b in edges
        ]
        ax.add_collection(LineCollection(lines, colors="#888888", linewidths=0.9, zorder=1))
        squares = []
        for parts, place in places.items():
            left = place.x - box * max(parts, default=0) / 2
            squares += [
                Rectangle((left + box * j, place.y + box * i), box, box)
                for i, part in enumerate(parts)
                for j in range(part)
            ]
            size = 9 * min(1.0, 60 * scale)
            if not parts:
                ax.text(place.x, place.y + box / 2, r"$\varnothing$", ha="center", va="center", fontsize=size, color="#222222")  # fmt: skip
            if dimensions:
                ax.text(place.x, place.y + place.height + 2, str(place.paths), ha="center", va="top", fontsize=size, color="#222222")  # fmt: skip
        ax.add_collection(PatchCollection(squares, facecolor="#cfe2f3", edgecolor=COLOURS[0], linewidths=0.8, zorder=2))  # fmt: skip
        ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
        ax.axis("off")
    return ax
