"""Charts drawn without a plotting library: curves on logarithmic or plain axes, and grids of shaded cells, as SVG.

A chart is data: curves with their names, marks with theirs, words for the axes. `chart_svg` draws it for the screen, in the colour of the text
around it, and `symkern.typeset.chart_pictures` the same for print. Curves differ by colour and by dashes, so that they are told apart in grey;
colours are Okabe and Ito's (*Color Universal Design*, 2008), as in `symkern.plot`. Words are `Cell` objects, whose text is for the screen and whose LaTeX for print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, isfinite, log10

from symkern.errors import InvalidArgument
from symkern.reading.annotated import typed
from symkern.typeset.tables import Cell

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
#: Lengths of dashes and gaps; the first is a solid line.
DASHES: tuple[tuple[float, ...], ...] = ((), (8, 4), (2, 3), (10, 3, 2, 3), (5, 2), (14, 4))

WIDTH, HEIGHT = 600.0, 380.0
LEFT, RIGHT, TOP, BOTTOM = 66.0, 18.0, 52.0, 72.0
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Height of the names of curves above the lower edge.
LEGEND = 12.0
#: Side of a cell of a grid.
SIDE = 78.0

Point = tuple[float, float]


@dataclass(frozen=True)
@typed
class Curve:
    """A named curve through these points; where one is not finite the curve is broken."""

    name: Cell
    xs: Sequence[float]
    ys: Sequence[float]


@dataclass(frozen=True)
@typed
class Mark:
    """A vertical line at ``x`` with its words above the axes."""

    x: float
    name: Cell


@dataclass(frozen=True)
@typed
class Shade:
    """A cell of a grid: what stands in it, a line below that, and how dark it is, from 0 to 1."""

    column: int
    row: int
    value: Cell
    note: Cell
    depth: float


@dataclass(frozen=True)
@typed
class Grid:
    """Shaded cells over two whole numbers, rows counted from below."""

    horizontal: Cell
    vertical: Cell
    shades: tuple[Shade, ...]
    title: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """How many columns and rows there are."""
        columns = max((s.column for s in self.shades), default=0) + 1
        return columns, max((s.row for s in self.shades), default=0) + 1


@dataclass(frozen=True)
@typed
class Chart:
    """Curves over axes from ``low`` to ``high``; an axis is logarithmic unless it is said to be ``plain``.

    Raises `InvalidArgument` for a range that does not rise, or from 0 or below on a logarithmic axis.
    """

    horizontal: Cell
    vertical: Cell
    low: Point
    high: Point
    curves: tuple[Curve, ...] = ()
    marks: tuple[Mark, ...] = ()
    plain: tuple[bool, bool] = (False, False)
    title: str = ""

    def __post_init__(self) -> None:
        for i, name in enumerate(("horizontal", "vertical")):
            low, high = self.low[i], self.high[i]
            if not (isfinite(low) and isfinite(high) and low < high) or (low <= 0 and not self.plain[i]):  # fmt: skip
                raise InvalidArgument(name, "must rise, from above 0 where it is logarithmic", f"it goes from {low:g} to {high:g}")  # fmt: skip

    def place(self, x: float, y: float) -> Point:
        """Where a point stands, from the lower left corner of the page."""
        across = self._share(x, 0) * (WIDTH - LEFT - RIGHT)
        return LEFT + across, BOTTOM + self._share(y, 1) * (HEIGHT - TOP - BOTTOM)

    def _share(self, value: float, axis: int) -> float:
        low, high = self.low[axis], self.high[axis]
        if self.plain[axis]:
            return (value - low) / (high - low)
        return log10(value / low) / log10(high / low)

    def lines(self, curve: Curve) -> list[list[Point]]:
        """The pieces of a curve inside the axes, cut where it leaves them.

        >>> chart = Chart(Cell("x"), Cell("y"), (1, 1), (100, 100))
        >>> [[(round(a), round(b)) for a, b in line] for line in chart.lines(Curve(Cell("f"), [1, 100], [1, 1e4]))]
        [[(66, 72), (324, 328)]]
        """
        bottom, top = BOTTOM, HEIGHT - TOP
        pieces: list[list[Point]] = []
        last: Point | None = None
        for x, y in zip(curve.xs, curve.ys, strict=True):
            inside = self.low[0] <= x <= self.high[0] and isfinite(y) and (y > 0 or self.plain[1])
            if not inside:
                last = None
                continue
            here = self.place(x, y)
            start, end = _cut(last or here, here, bottom, top)
            if start is None or end is None:
                last = here
                continue
            if pieces and last is not None and pieces[-1][-1] == start:
                pieces[-1].append(end)
            else:
                pieces.append([start] if start == end else [start, end])
            last = here
        return [piece for piece in pieces if len(piece) > 1]

    def ticks(self, axis: int) -> list[tuple[float, str, str]]:
        """Values on an axis that are named: the value, its text, its LaTeX."""
        low, high = self.low[axis], self.high[axis]
        if self.plain[axis]:
            step = _nice((high - low) / 5)
            values = [step * k for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]  # fmt: skip
            return [(e, f"{e:g}", f"${e:g}$") for e in values]
        first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
        if last - first < 1:  # less than two powers of ten: their multiples too
            multiples = [m * 10.0**k for k in range(first - 1, last + 1) for m in (1, 2, 5)]
            return [(e, f"{e:g}", f"${e:g}$") for e in multiples if low <= e <= high]
        step = max(1, ceil((last - first) / 7))
        powers = range(first, last + 1, step)
        return [(10.0**k, f"10{str(k).translate(_SUPERSCRIPTS)}", f"$10^{{{k}}}$") for k in powers]

    def legend(self, number: int) -> float:
        """Where the line of a curve begins that stands before its name, below the axes."""
        return LEFT + number * (WIDTH - LEFT - RIGHT) / max(len(self.curves), 3)

    def mark_places(self) -> list[tuple[Mark, float, float]]:
        """Each mark with its own place and that of its words, which are moved apart."""
        seen = sorted((m for m in self.marks if self.low[0] <= m.x <= self.high[0]), key=lambda m: m.x)  # fmt: skip
        own = {id(m): self.place(m.x, self.low[1])[0] for m in seen}
        named = [m for m in seen if m.name.text]
        gap = min(118.0, (WIDTH - LEFT - RIGHT) / max(len(named), 1))
        moved = dict(zip(map(id, named), _apart([own[id(m)] for m in named], gap), strict=True))
        return [(m, own[id(m)], moved.get(id(m), own[id(m)])) for m in seen]


def _nice(step: float) -> float:
    """1, 2 or 5 times a power of ten, not below ``step``."""
    power = 10.0 ** floor(log10(step))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= step * (1 - 1e-9))


def _cut(a: Point, b: Point, low: float, high: float) -> tuple[Point | None, Point | None]:
    """The part of a line between two heights."""
    if max(a[1], b[1]) < low or min(a[1], b[1]) > high:
        return None, None

    def inside(point: Point, other: Point) -> Point:
        level = min(max(point[1], low), high)
        if level == point[1]:
            return point
        share = (level - point[1]) / (other[1] - point[1])
        return point[0] + share * (other[0] - point[0]), level

    return inside(a, b), inside(b, a)


def _apart(places: list[float], gap: float) -> list[float]:
    """Places moved so that neighbours keep a distance, within the axes."""
    moved = list(places)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    most = WIDTH - RIGHT - gap / 2 + 12
    for i in range(len(moved) - 1, -1, -1):
        moved[i] = min(moved[i], most)
        most = moved[i] - gap
    return [max(e, LEFT + 20) for e in moved]


# -- SVG -----------------------------------------------------------------------------------


@typed
def chart_svg(chart: Chart | Grid) -> str:
    """The chart as an SVG element, which scales with the page around it; its words are in ``title`` for programs that read aloud.

    >>> chart_svg(Chart(Cell("n"), Cell("error"), (1, 0.1), (100, 1))).count("<line")
    5
    """
    return _grid(chart) if isinstance(chart, Grid) else _axes(chart)


def _opened(width: float, height: float, title: str, kind: str = 'class="chart"') -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" {kind} '
        'font-family="system-ui, sans-serif" font-size="13" fill="currentColor">',
        f"<title>{escape(title)}</title>",
    ]


def _text(x: float, y: float, words: str, anchor: str = "middle", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def _axes(chart: Chart) -> str:
    lines = _opened(WIDTH, HEIGHT, chart.title or f"{chart.vertical.text} against {chart.horizontal.text}")  # fmt: skip
    right, floor_, ceiling = WIDTH - RIGHT, HEIGHT - BOTTOM, TOP
    lines.append('<g stroke="currentColor" stroke-opacity="0.18">')
    for value, _, _ in chart.ticks(0):
        x = chart.place(value, chart.low[1])[0]
        lines.append(f'<line x1="{x:.1f}" y1="{ceiling:g}" x2="{x:.1f}" y2="{floor_:g}"/>')
    for value, _, _ in chart.ticks(1):
        y = HEIGHT - chart.place(chart.low[0], value)[1]
        lines.append(f'<line x1="{LEFT:g}" y1="{y:.1f}" x2="{right:g}" y2="{y:.1f}"/>')
    lines.append("</g>")
    lines.append(f'<path d="M{LEFT:g} {ceiling:g}V{floor_:g}H{right:g}" fill="none" stroke="currentColor"/>')  # fmt: skip
    for value, words, _ in chart.ticks(0):
        lines.append(_text(chart.place(value, chart.low[1])[0], floor_ + 19, words))
    for value, words, _ in chart.ticks(1):
        y = HEIGHT - chart.place(chart.low[0], value)[1]
        lines.append(_text(LEFT - 8, y + 4.5, words, "end"))
    lines.append(_text((LEFT + right) / 2, floor_ + 38, chart.horizontal.text))
    middle = (ceiling + floor_) / 2
    lines.append(_text(15, middle, chart.vertical.text, more=f' transform="rotate(-90 15 {middle:g})"'))  # fmt: skip
    for mark, x, label in chart.mark_places():
        lines.append(f'<path d="M{x:.1f} {floor_:g}V{ceiling:g}L{label:.1f} {ceiling - 12:g}" fill="none" stroke="currentColor" stroke-opacity="0.55" stroke-dasharray="1.5 3"/>')  # fmt: skip
        for i, part in enumerate(reversed(mark.name.text.split("\n"))):
            lines.append(_text(label, ceiling - 16 - 15 * i, part, more=' font-size="12"'))
    for i, curve in enumerate(chart.curves):
        colour, dash = COLOURS[i % len(COLOURS)], " ".join(map(str, DASHES[i % len(DASHES)]))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        style = f'class="curve c{i % len(COLOURS)}" fill="none" stroke="{colour}" stroke-width="2.2"{dashed}'
        for line in chart.lines(curve):
            points = " ".join(f"{x:.1f},{HEIGHT - y:.1f}" for x, y in line)
            lines.append(f'<polyline {style} points="{points}"/>')
        if curve.name.text:
            x, y = chart.legend(i), HEIGHT - LEGEND
            lines.append(f'<line x1="{x:.1f}" y1="{y:g}" x2="{x + 34:.1f}" y2="{y:g}" {style}/>')
            lines.append(_text(x + 41, y + 4.5, curve.name.text, "start", ' class="name"'))
    return "\n".join([*lines, "</svg>"])


def _grid(grid: Grid) -> str:
    columns, rows = grid.size
    width, height = LEFT + columns * SIDE + RIGHT, rows * SIDE + 55
    width = max(width, 240.0)
    # Cells of one size, however many there are.
    kind = f'class="chart grid" width="{width:g}"'
    lines = _opened(width, height, grid.title or f"{grid.vertical.text} over {grid.horizontal.text}", kind)  # fmt: skip
    for shade in grid.shades:
        x, y = LEFT + shade.column * SIDE, 5 + (rows - 1 - shade.row) * SIDE
        lines.append(
            f'<rect class="shade" x="{x + 2:g}" y="{y + 2:g}" width="{SIDE - 4:g}" height="{SIDE - 4:g}" rx="4" '
            f'fill="{COLOURS[0]}" fill-opacity="{0.1 + 0.45 * shade.depth:.2f}" stroke="currentColor" stroke-opacity="0.35"/>'
        )
        lines.append(_text(x + SIDE / 2, y + SIDE / 2 + 3, shade.value.text, more=' font-size="16"'))  # fmt: skip
        lines.append(_text(x + SIDE / 2, y + SIDE - 13, shade.note.text, more=' font-size="10"'))
    for i in range(columns):
        lines.append(_text(LEFT + (i + 0.5) * SIDE, 5 + rows * SIDE + 18, str(i)))
    for j in range(rows):
        lines.append(_text(LEFT - 10, 5 + (rows - 0.5 - j) * SIDE + 4, str(j), "end"))
    lines.append(_text(LEFT + columns * SIDE / 2, 5 + rows * SIDE + 40, grid.horizontal.text))
    middle = 5 + rows * SIDE / 2
    lines.append(_text(15, middle, grid.vertical.text, more=f' transform="rotate(-90 15 {middle:g})"'))  # fmt: skip
    return "\n".join([*lines, "</svg>"])


def dashed(points: Sequence[Point], dashes: Sequence[float]) -> Iterable[list[Point]]:
    """A line cut into dashes of these lengths, with gaps of these lengths between.

    >>> list(dashed([(0, 0), (10, 0)], (4, 2)))
    [[(0, 0), (4.0, 0.0)], [(6.0, 0.0), (10.0, 0.0)]]
    """
    if not dashes:
        yield list(points)
        return
    number, left, drawn = 0, dashes[0], [points[0]]
    for a, b in pairwise(points):
        far = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
        gone = 0.0
        while far - gone > left:
            gone += left
            here = (a[0] + (b[0] - a[0]) * gone / far, a[1] + (b[1] - a[1]) * gone / far)
            if number % 2 == 0:
                yield [*drawn, here]
            drawn = [here]
            number += 1
            left = dashes[number % len(dashes)]
        left -= far - gone
        if number % 2 == 0:
            drawn.append((float(b[0]), float(b[1])))
    if number % 2 == 0 and len(drawn) > 1:
        yield drawn
