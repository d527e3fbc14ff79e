"""What pages have in common: named paragraphs and cells of irreps in text, centred tables in LaTeX."""

from __future__ import annotations

from textwrap import wrap

from symkern.combinatorics import Partition
from symkern.typeset.labels import irrep_latex, irrep_text
from symkern.typeset.plain import read_width
from symkern.typeset.tables import Cell, Table
from symkern.typeset.unicode import formula_unicode


def paragraph(name: str, text: object, width: int) -> list[str]:
    """Lines of at most ``width`` characters, the name in the first eight of the first.

    >>> paragraph("kernel", "a shorter text", 20)
    ['kernel  a shorter', '        text']
    """
    pieces = wrap(str(text), read_width(width) - 8, break_on_hyphens=False) or [""]
    return [f"{name if i == 0 else '':<8}{piece}" for i, piece in enumerate(pieces)]


def irrep_cells(*labels: tuple[Partition | None, object]) -> list[Cell]:
    """The cells of irreps, each a stable label with its size; a dash where there is none."""
    return [
        Cell("-", r"\text{--}") if mu is None else Cell(irrep_text(mu, size), irrep_latex(mu, size))
        for mu, size in labels
    ]


def compact(value: object, unicode: bool) -> Cell:
    """The cell of a value; with ``unicode`` a formula in blackboard notation, for a narrow column, and so the unit of digits."""
    cell = Cell.of(value)
    if unicode and cell.value is None and cell.text.endswith(" sigma2"):
        return Cell(f"{cell.text.removesuffix('sigma2')}σ²", cell.latex)
    if not unicode or cell.value is None:
        return cell
    return Cell(formula_unicode(cell.value), cell.latex, cell.value)


def centred(table: Table, width: float | None = None) -> list[str]:
    """Lines of LaTeX: the table in the middle; with a ``width`` in em its formulas are broken, and its rows stand further apart."""
    stretch = [] if width is None else [r"\renewcommand{\arraystretch}{1.4}"]
    shown = table.latex() if width is None else table.latex(width=width)
    return [r"\begin{center}", *stretch, shown, r"\end{center}"]
