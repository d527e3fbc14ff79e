r"""Young tableaux: fillings of straight and skew shapes, in English notation.

A tableau is a sequence of rows of entries; in a skew shape None stands for the boxes that are missing
at the left. Entries are whatever prints: integers as they are, other objects by ``str``.

The boxes are drawn by `symkern.typeset.diagrams`; see there for the four media.
"""

from __future__ import annotations

from collections.abc import Iterable

from symkern.errors import InvalidArgument, displayed
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_list
from symkern.typeset.diagrams import grid_latex, grid_svg, grid_text

Rows = Iterable[Iterable[object]]


@typed
def tableau_text(rows: Rows, ascii: bool = False) -> str:
    """A tableau in box-drawing characters, or in ASCII.

    Args:
        rows: of entries; None leaves a box out.
        ascii: no characters beyond ASCII.

    >>> print(tableau_text([[1, 3], [2]], ascii=True))
    +---+---+
    | 1 | 3 |
    +---+---+
    | 2 |
    +---+
    """
    return grid_text(_labelled(rows), ascii=ascii)


@typed
def tableau_latex(rows: Rows, style: str = "array") -> str:
    r"""A tableau as LaTeX for math mode.

    Args:
        rows: of entries; None leaves a box out.
        style: "array", plain LaTeX that MathJax shows, or "ytableau", which needs the package of that name.

    >>> print(tableau_latex([[None, 1], [2]], style="ytableau"))
    \begin{ytableau} \none & 1 \\ 2 \end{ytableau}
    """
    return grid_latex(_labelled(rows), style)


@typed
def tableau_svg(rows: Rows, cell: int = 24) -> str:
    """A tableau as an SVG document.

    Args:
        rows: of entries; None leaves a box out.
        cell: the side of a box in pixels.

    >>> tableau_svg([[1, 3], [2]]).count("<text")
    3
    """
    return grid_svg(_labelled(rows), cell)


def _labelled(rows: Rows) -> list[list[str | None]]:
    of = "rows of entries"
    listed = [read_list(row, "rows", of) for row in read_list(rows, "rows", of)]
    return [[None if entry is None else _label(entry) for entry in row] for row in listed]


def _label(entry: object) -> str:
    try:
        return str(entry)
    except (ValueError, RecursionError):  # a number of too many digits, a nest without end
        rule = "must have entries that can be written"
        raise InvalidArgument("rows", rule, f"one is {displayed(entry)}") from None
