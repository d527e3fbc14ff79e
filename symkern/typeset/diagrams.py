r"""Young diagrams in English notation: the first row on top, rows aligned at the left.

The same grid of boxes in four media: Unicode or ASCII text, LaTeX in plain ``array`` form (which
MathJax shows too), LaTeX for the ytableau package (which MathJax does not know), and SVG. A box may
hold a label: its content j - i, its hook length, or anything a function of (row, column) gives,
both counted from 0. Tableaux and skew shapes, in `symkern.typeset.tableaux`, are drawn by the same
functions of this module on a grid.

References: Sagan, *The Symmetric Group*, section 2.1; the ytableau package's manual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from symkern.errors import InvalidArgument, TooLarge, displayed
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.labels import parts_of
from symkern.typeset.svg import svg_opening

#: Rows of boxes; a box is its label (perhaps empty), None is a place without a box.
Cells = Sequence[Sequence[str | None]]

Labels = str | Callable[[int, int], object] | None


@typed
def young_text(partition: Iterable[int], labels: Labels = None, ascii: bool = False) -> str:
    """The diagram of a partition in box-drawing characters, or in ASCII.

    Args:
        partition: its parts.
        labels: None, "contents", "hooks" or a function of (row, column).
        ascii: no characters beyond ASCII.

    >>> print(young_text((3, 1), labels="hooks", ascii=True))
    +---+---+---+
    | 4 | 2 | 1 |
    +---+---+---+
    | 1 |
    +---+
    """
    return grid_text(_cells(partition, labels), ascii=ascii)


@typed
def young_latex(partition: Iterable[int], style: str = "array", labels: Labels = None) -> str:
    r"""The diagram of a partition as LaTeX for math mode.

    Args:
        partition: its parts.
        style: "array", plain LaTeX that MathJax shows, or "ytableau", which needs the package of that name.
        labels: None, "contents", "hooks" or a function of (row, column).

    Raises:
        InvalidArgument: another style.

    >>> print(young_latex((2, 1), style="ytableau", labels="contents"))
    \begin{ytableau} 0 & 1 \\ -1 \end{ytableau}
    >>> young_latex((2, 1), style="tikz")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: style: must be 'array' or 'ytableau', but it is 'tikz'
    """
    return grid_latex(_cells(partition, labels), style)


@typed
def young_svg(partition: Iterable[int], labels: Labels = None, cell: int = 24) -> str:
    """The diagram of a partition as an SVG document.

    Args:
        partition: its parts.
        labels: None, "contents", "hooks" or a function of (row, column).
        cell: the side of a box in pixels.

    >>> young_svg((2, 1)).count("<rect")
    3
    """
    return grid_svg(_cells(partition, labels), cell)


def _cells(partition: Iterable[int], labels: Labels) -> list[list[str | None]]:
    parts = parts_of(partition)
    if not (labels is None or callable(labels) or labels in ("contents", "hooks")):
        rule = "must be 'contents', 'hooks' or a function of (row, column)"
        raise InvalidArgument("labels", rule, f"it is {displayed(labels)}")
    if sum(parts) > current().drawn_boxes:
        raise TooLarge("a Young diagram", 100 * sum(parts), 100 * current().drawn_boxes)
    columns = [sum(p > j for p in parts) for j in range(max(parts, default=0))]

    def label(i: int, j: int) -> object:
        if labels is None:
            return ""
        if callable(labels):
            return labels(i, j)
        return j - i if labels == "contents" else parts[i] - j + columns[j] - i - 1

    return [[str(label(i, j)) for j in range(part)] for i, part in enumerate(parts)]


# -- a grid of boxes in each medium ---------------------------------------------------

_CORNERS = " ╵╷│╶└┌├╴┘┐┤─┴┬┼"  # by the sum of up 1, down 2, right 4, left 8


def grid_text(cells: Cells, ascii: bool = False) -> str:
    """Boxes in text; every box is as wide as the longest label.

    >>> print(grid_text([[None, "1"], ["2"]], ascii=True))
        +---+
        | 1 |
    +---+---+
    | 2 |
    +---+
    """
    if not any(cell is not None for row in cells for cell in row):
        return "(empty)" if ascii else "∅"
    height, breadth = len(cells), max(map(len, cells))
    room = max([1, *(len(c) for row in cells for c in row if c is not None)])

    def box(i: int, j: int) -> bool:
        return 0 <= i < height and 0 <= j < len(cells[i]) and cells[i][j] is not None

    lines = []
    for i in range(height + 1):
        rule, content = "", ""
        for j in range(breadth + 1):
            across, before = box(i - 1, j) or box(i, j), box(i - 1, j - 1) or box(i, j - 1)
            down, up = box(i, j - 1) or box(i, j), box(i - 1, j - 1) or box(i - 1, j)
            corner = up + 2 * down + 4 * across + 8 * before
            if ascii:
                rule += "+" if corner else " "
            else:
                rule += _CORNERS[corner]
            rule += (("-" if ascii else "─") if across else " ") * (room + 2)
            content += ("|" if ascii else "│") if down else " "
            label = cells[i][j] if box(i, j) else ""
            content += f" {label:^{room}} "
        lines.append(rule.rstrip())
        if i < height:
            lines.append(content.rstrip())
    return "\n".join(lines)


def grid_latex(cells: Cells, style: str = "array") -> str:
    r"""Boxes in LaTeX for math mode; labels are LaTeX.

    >>> print(grid_latex([["1", "2"], ["3"]], style="ytableau"))
    \begin{ytableau} 1 & 2 \\ 3 \end{ytableau}
    """
    if style not in ("array", "ytableau"):
        raise InvalidArgument("style", "must be 'array' or 'ytableau'", f"it is {displayed(style)}")
    if not any(cell is not None for row in cells for cell in row):
        return r"\varnothing"
    if style == "ytableau":
        # An empty label is written ~ because the environment chokes on a bare separator.
        rows = [" & ".join(r"\none" if c is None else c or "~" for c in row) for row in cells]
        content = r" \\ ".join(rows)
        return rf"\begin{{ytableau}} {content} \end{{ytableau}}"
    return _array(cells)


def grid_svg(cells: Cells, cell: int = 24) -> str:
    """Boxes as an SVG document, on paper of its own so that dark pages work, and no wider than the page.

    >>> grid_svg([["1"]], cell=20).splitlines()[0].count('viewBox="-1 -1 22 22"')
    1
    """
    from xml.sax.saxutils import escape

    cell = read_integer(cell, "cell", minimum=1, maximum=current().drawn_pixels)
    boxes = [
        (i, j, label)
        for i, row in enumerate(cells)
        for j, label in enumerate(row)
        if label is not None
    ]
    width = cell * max((j + 1 for _, j, _ in boxes), default=0) + 2
    height = cell * max((i + 1 for i, _, _ in boxes), default=0) + 2
    lines = [
        svg_opening(width, height, f"-1 -1 {width} {height}"),
        '<g stroke="currentColor" stroke-width="1" fill="currentColor" fill-opacity="0.06">',
    ]
    for i, j, _ in boxes:
        lines.append(f'<rect x="{cell * j}" y="{cell * i}" width="{cell}" height="{cell}"/>')
    lines.append("</g>")
    labelled = [box for box in boxes if box[2]]
    if labelled:
        lines.append(
            '<g fill="currentColor" font-family="Latin Modern Math, STIX Two Text, Georgia, serif" '
            'text-anchor="middle" dominant-baseline="central">'
        )
        for i, j, label in labelled:
            size = cell * min(0.58, 1.45 / max(2, len(label)))
            lines.append(
                f'<text x="{cell * j + cell / 2:g}" y="{cell * i + cell / 2:g}" '
                f'font-size="{size:.3g}">{escape(label)}</text>'
            )
        lines.append("</g>")
    lines.append("</svg>")
    return "\n".join(lines)


def _array(cells: Cells) -> str:
    r"""One framed array per row, stacked so that frames touch.

    MathJax has neither ``\cline`` nor ``\multicolumn``, hence no single array whose rules follow the
    shape. In LaTeX the rows of ``aligned`` stand \lineskip + \jot = 4pt apart, and frames are 0.4pt
    wide: -4.4pt makes them overlap exactly. MathJax does not go below a distance of zero.
    """
    labels = [label for row in cells for label in row if label is not None]
    widest = max(labels, key=len)
    integers = all(label.lstrip("-").isdigit() for label in labels)

    def padded(label: str) -> str:
        missing = widest[: len(widest) - len(label)] if integers or not label else ""
        if not label:
            return f"\\phantom{{{missing or 0}}}"
        return f"\\phantom{{{missing}}}{label}" if missing else label

    rows = ["".join(_runs(row, padded)) for row in cells]
    if len(rows) == 1:
        return rows[0]
    stacked = " \\\\[-4.4pt]\n".join("& " + row for row in rows)
    return f"\\begin{{aligned}}\n{stacked}\n\\end{{aligned}}"


def _runs(row: Sequence[str | None], padded: Callable[[str], str]) -> list[str]:
    """The row's stretches of boxes as framed arrays, what is missing between them as phantoms."""
    pieces: list[str] = []
    for present, run in groupby(row, key=lambda label: label is not None):
        labels = [padded(label or "") for label in run]
        content = " & ".join(labels)
        if present:
            frame = "|" + "c|" * len(labels)
            pieces.append(
                f"\\begin{{array}}{{{frame}}} \\hline {content} \\\\ \\hline \\end{{array}}"
            )
        else:
            frame = "|" + "|".join("c" * len(labels))
            pieces.append(f"\\phantom{{\\begin{{array}}{{{frame}}} {content} \\end{{array}}}}")
    while pieces and pieces[-1].startswith("\\phantom"):
        pieces.pop()
    return pieces
