r"""Bratteli diagrams (Young's lattice up to a level) as SVG and as LaTeX.

A diagram is any object with ``.nodes`` (partitions) and ``.edges`` (pairs of partitions whose sizes differ
by one), such as a networkx graph. Level n stands below level n - 1, partitions in reverse
lexicographic order from the left, each drawn as its Young diagram; the number below it counts the
paths from the top, which is the dimension of the irrep.

Source: Sagan, *The Symmetric Group*, section 5.1; Okounkov and Vershik 1996 for the paths.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from symkern.errors import InvalidArgument
from symkern.reading.annotated import typed
from symkern.typeset.labels import parts_of
from symkern.typeset.plain import read_em
from symkern.typeset.svg import svg_opening

_Parts = tuple[int, ...]
_BOX = 9.0
_COLUMN_GAP = 16.0
_LEVEL_GAP = 34.0
_TEXT = 11.0
#: How far below a node its edges start: under the number, which pdfLaTeX sets smaller.
_FOOT_SVG, _FOOT_LATEX = 15.0, 11.0


@runtime_checkable
class Diagram(Protocol):
    """What is printed here."""

    @property
    def nodes(self) -> Any:
        """The partitions."""

    @property
    def edges(self) -> Any:
        """Pairs of partitions whose sizes differ by one."""


@dataclass(frozen=True)
class Place:
    """A node's top centre, in units of the drawing, y downwards, and its number of paths."""

    x: float
    y: float
    height: float
    paths: int


@typed
def bratteli_svg(graph: Diagram, dimensions: bool = True) -> str:
    """The diagram as an SVG document.

    Args:
        graph: an object with ``nodes`` and ``edges``, as `symkern.combinatorics.bratteli_diagram` returns.
        dimensions: write the number of paths below each node.

    >>> from types import SimpleNamespace
    >>> graph = SimpleNamespace(nodes=[(1,), (2,), (1, 1)], edges=[((1,), (2,)), ((1,), (1, 1))])
    >>> bratteli_svg(graph).count("<line"), bratteli_svg(graph).count("<rect")
    (2, 5)
    """
    places, edges, width, height = _layout(graph, dimensions)
    lines = [
        svg_opening(width, height),
        '<g stroke="currentColor" stroke-width="0.8" stroke-opacity="0.5">',
    ]
    for upper, lower in edges:
        foot = _FOOT_SVG if dimensions else 3.0
        (x1, y1), (x2, y2) = _ends(places[upper], places[lower], foot)
        lines.append(f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>')
    lines += [
        "</g>",
        '<g stroke="currentColor" stroke-width="0.8" fill="currentColor" fill-opacity="0.08">',
    ]
    for parts, place in places.items():
        for x, y in _boxes(parts, place):
            lines.append(f'<rect x="{x:g}" y="{y:g}" width="{_BOX:g}" height="{_BOX:g}"/>')
    lines += [
        "</g>",
        f'<g fill="currentColor" font-family="Latin Modern Math, STIX Two Text, Georgia, serif" '
        f'font-size="{_TEXT:g}" text-anchor="middle">',
    ]
    for parts, place in places.items():
        if not parts:
            lines.append(f'<text x="{place.x:g}" y="{place.y + _BOX:g}">∅</text>')
        if dimensions:
            y = place.y + place.height + _TEXT
            lines.append(f'<text x="{place.x:g}" y="{y:g}">{place.paths}</text>')
    return "\n".join([*lines, "</g>", "</svg>"])


@typed
def bratteli_latex(graph: Diagram, dimensions: bool = True, width: float = 440.0) -> str:
    r"""The diagram as a ``picture`` (with the pict2e package).

    Args:
        graph: an object with ``nodes`` and ``edges``, as `symkern.combinatorics.bratteli_diagram` returns.
        dimensions: write the number of paths below each node.
        width: points, to which the picture is scaled at most.

    >>> from types import SimpleNamespace
    >>> graph = SimpleNamespace(nodes=[(1,), (2,)], edges=[((1,), (2,))])
    >>> print(bratteli_latex(graph).splitlines()[-1])
    \end{picture}}
    """
    room = read_em(width)
    places, edges, breadth, height = _layout(graph, dimensions)
    unit = min(1.0, room / breadth)
    size = r"\scriptsize" if unit > 0.7 else r"\tiny"
    lines = [f"{{\\setlength{{\\unitlength}}{{{unit:.3f}pt}}{size}"]
    lines.append(f"\\begin{{picture}}({breadth:g},{height:g})")
    for upper, lower in edges:
        foot = _FOOT_LATEX if dimensions else 3.0
        (x1, y1), (x2, y2) = _ends(places[upper], places[lower], foot)
        lines.append(f"\\Line({x1:g},{height - y1:g})({x2:g},{height - y2:g})")
    for parts, place in places.items():
        for x, y in _boxes(parts, place):
            lines.append(f"\\put({x:g},{height - y - _BOX:g}){{\\framebox({_BOX:g},{_BOX:g}){{}}}}")
        if not parts:
            lines.append(
                f"\\put({place.x:g},{height - place.y - _BOX:g})"
                r"{\makebox(0,0)[b]{$\varnothing$}}"
            )
        if dimensions:
            y = height - place.y - place.height - 2
            lines.append(f"\\put({place.x:g},{y:g}){{\\makebox(0,0)[t]{{{place.paths}}}}}")
    return "\n".join([*lines, r"\end{picture}}"])


def lattice_layout(
    graph: Diagram, dimensions: bool = True
) -> tuple[dict[_Parts, Place], list[tuple[_Parts, _Parts]], float, float, float]:
    """Where the diagrams of a lattice stand, pairs of them that a line joins, the side of a box, and width and height of the whole, y downwards."""
    places, edges, width, height = _layout(graph, dimensions)
    return places, edges, _BOX, width, height


def _layout(
    graph: Diagram, dimensions: bool
) -> tuple[dict[_Parts, Place], list[tuple[_Parts, _Parts]], float, float]:
    levels: dict[int, list[_Parts]] = defaultdict(list)
    for node in graph.nodes:
        parts = parts_of(node, "node")
        levels[sum(parts)].append(parts)
    if not levels:
        raise InvalidArgument("graph", "must have at least one node", "it has none")
    edges = []
    for a, b in graph.edges:
        upper, lower = sorted((parts_of(a, "node"), parts_of(b, "node")), key=sum)
        edges.append((upper, lower))
    paths: dict[_Parts, int] = defaultdict(int)
    top = min(levels)
    for size in sorted(levels):
        levels[size].sort(reverse=True)
        for parts in levels[size]:
            above = sum(paths[upper] for upper, lower in edges if lower == parts)
            paths[parts] = 1 if size == top else above
    breadths = {
        size: sum(_breadth(p, paths[p]) for p in level) + _COLUMN_GAP * (len(level) - 1)
        for size, level in levels.items()
    }
    width = max(breadths.values()) + 2 * _COLUMN_GAP
    places: dict[_Parts, Place] = {}
    y = 4.0
    below = _TEXT + 4 if dimensions else 4.0
    for size in sorted(levels):
        # A level is spread over the width in proportion, so that edges stay steep.
        spare = (width - 2 * _COLUMN_GAP - breadths[size]) / (len(levels[size]) + 1)
        x = _COLUMN_GAP + spare
        for parts in levels[size]:
            breadth = _breadth(parts, paths[parts])
            height = _BOX * max(1, len(parts))
            places[parts] = Place(x + breadth / 2, y, height, paths[parts])
            x += breadth + _COLUMN_GAP + spare
        y += max(_BOX * max(1, len(p)) for p in levels[size]) + below + _LEVEL_GAP
    return places, edges, width, y - _LEVEL_GAP + 4


def _breadth(parts: _Parts, paths: int) -> float:
    return max(_BOX * max(parts, default=1), 0.55 * _TEXT * len(str(paths)))


def _ends(upper: Place, lower: Place, foot: float) -> tuple[tuple[float, float], ...]:
    return (upper.x, upper.y + upper.height + foot), (lower.x, lower.y - 3)


def _boxes(parts: _Parts, place: Place) -> list[tuple[float, float]]:
    left = place.x - _BOX * max(parts, default=0) / 2
    return [
        (left + _BOX * j, place.y + _BOX * i) for i, part in enumerate(parts) for j in range(part)
    ]
