r"""Charts for print: the picture environment of LaTeX with the pict2e package, at the width of a page.

The same places as `symkern.typeset.charts` draws on the screen; lines are black and differ by their dashes.
"""

from __future__ import annotations

from symkern.reading.annotated import typed
from symkern.typeset.charts import (  # fmt: skip
    BOTTOM,
    DASHES,
    HEIGHT,
    LEFT,
    LEGEND,
    RIGHT,
    SIDE,
    TOP,
    WIDTH,
    Chart,
    Grid,
    dashed,
)
from symkern.typeset.tables import Cell

#: Points of a page for a unit of a chart.
_UNIT = 0.72
#: Length of the marks on the axes.
_TICK = 6.0


@typed
def chart_picture(chart: Chart | Grid) -> str:
    r"""The chart as a ``picture``.

    >>> chart_picture(Chart(Cell("n"), Cell("error"), (1, 0.1), (100, 1))).splitlines()[-1]
    '\\end{picture}}'
    """
    return _grid(chart) if isinstance(chart, Grid) else _axes(chart)


def _opened(width: float, height: float, bottom: float = 0) -> list[str]:
    place = f"(0,{bottom:g})" if bottom else ""
    return [
        f"{{\\setlength{{\\unitlength}}{{{_UNIT:g}pt}}\\small",
        f"\\begin{{picture}}({width:g},{height - bottom:g}){place}",
    ]


def _words(x: float, y: float, latex: str, place: str = "") -> str:
    side = f"[{place}]" if place else ""
    return f"\\put({x:.1f},{y:.1f}){{\\makebox(0,0){side}{{{latex}}}}}"


def _line(points: list[tuple[float, float]]) -> str:
    return "\\polyline" + "".join(f"({x:.1f},{y:.1f})" for x, y in points)


def _stacked(cell: Cell) -> str:
    """The words of a mark, which may stand on two lines."""
    if cell.latex is None or "\n" not in cell.text:
        return cell.in_prose()
    return rf"\shortstack{{{cell.latex}}}"


def _axes(chart: Chart) -> str:
    right, ceiling = WIDTH - RIGHT, HEIGHT - TOP
    lines = [*_opened(WIDTH, HEIGHT + 8), r"\linethickness{0.4pt}"]
    for value, _, _ in chart.ticks(0):
        x = chart.place(value, chart.low[1])[0]
        lines.append(_line([(x, BOTTOM), (x, BOTTOM + _TICK)]))
    for value, _, _ in chart.ticks(1):
        y = chart.place(chart.low[0], value)[1]
        lines.append(_line([(LEFT, y), (LEFT + _TICK, y)]))
    lines += [r"\linethickness{0.5pt}", _line([(LEFT, ceiling), (LEFT, BOTTOM), (right, BOTTOM)])]
    for value, _, latex in chart.ticks(0):
        lines.append(_words(chart.place(value, chart.low[1])[0], BOTTOM - 8, latex, "t"))
    for value, _, latex in chart.ticks(1):
        lines.append(_words(LEFT - 6, chart.place(chart.low[0], value)[1], latex, "r"))
    lines.append(_words((LEFT + right) / 2, BOTTOM - 42, chart.horizontal.in_prose(), "b"))
    # Turned words need a package; above the axis, and the names of marks, they read as well.
    above = 46 if any(mark.name.text for mark in chart.marks) else 12
    lines.append(_words(2, ceiling + above, chart.vertical.in_prose(), "bl"))
    for mark, x, label in chart.mark_places():
        for piece in dashed([(x, BOTTOM), (x, ceiling), (label, ceiling + 10)], (1.5, 4)):
            lines.append(_line(piece))
        lines.append(_words(label, ceiling + 13, rf"\footnotesize {_stacked(mark.name)}", "b"))
    lines.append(r"\linethickness{0.9pt}")
    for i, curve in enumerate(chart.curves):
        dashes = DASHES[i % len(DASHES)]
        x = chart.legend(i)
        pieces = chart.lines(curve) + ([[(x, LEGEND), (x + 34, LEGEND)]] if curve.name.text else [])  # fmt: skip
        lines += [_line(dash) for piece in pieces for dash in dashed(piece, dashes)]
        if curve.name.text:
            lines.append(_words(x + 41, LEGEND, curve.name.in_prose(), "l"))
    return "\n".join([*lines, r"\end{picture}}"])


def _grid(grid: Grid) -> str:
    columns, rows = grid.size
    lines = _opened(LEFT + columns * SIDE + RIGHT, rows * SIDE + BOTTOM + 24, BOTTOM - 44)
    for shade in grid.shades:
        x, y = LEFT + shade.column * SIDE, BOTTOM + shade.row * SIDE
        lines.append(f"\\linethickness{{{0.3 + 0.9 * shade.depth:.2f}pt}}")
        lines.append(f"\\put({x + 2:g},{y + 2:g}){{\\framebox({SIDE - 4:g},{SIDE - 4:g}){{}}}}")
        lines.append(_words(x + SIDE / 2, y + SIDE / 2 + 4, rf"\large {shade.value.in_prose()}"))
        lines.append(_words(x + SIDE / 2, y + 14, rf"\tiny {shade.note.in_prose()}"))
    for i in range(columns):
        lines.append(_words(LEFT + (i + 0.5) * SIDE, BOTTOM - 8, f"${i}$", "t"))
    for j in range(rows):
        lines.append(_words(LEFT - 8, BOTTOM + (j + 0.5) * SIDE, f"${j}$", "r"))
    lines.append(_words(LEFT + columns * SIDE / 2, BOTTOM - 42, grid.horizontal.in_prose(), "b"))
    lines.append(_words(2, BOTTOM + rows * SIDE + 8, grid.vertical.in_prose(), "bl"))
    return "\n".join([*lines, r"\end{picture}}"])
