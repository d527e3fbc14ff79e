"""What pages have in common: named paragraphs and cells of irreps in text, centred tables in LaTeX."""

from __future__ import annotations

import re
from textwrap import wrap

from symkern.combinatorics import Partition
from symkern.typeset.labels import irrep_latex, irrep_text
from symkern.typeset.plain import read_width
from symkern.typeset.tables import Cell, Table
from symkern.typeset.unicode import compact_text, formula_unicode

#: The digits of a number, the unit and the power of L behind them.
_DIGITS = re.compile(r"([-+0-9.e]+)((?: sigma2)?(?:[ /]L(?:\^\S+)?)?)")
_UNIT = re.compile(r"([ /])(\S+)")


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
    """The cell of a value; with ``unicode`` a formula in blackboard notation, for a narrow column, and so what stands behind digits.

    >>> compact("148.901 sigma2 L^2", True).text, compact("0.00671586/L^(5/2)", True).text
    ('148.901 σ² L²', '0.00671586/L^(5/2)')
    """
    cell = Cell.of(value)
    digits = _DIGITS.fullmatch(cell.text) if unicode and cell.value is None else None
    if digits:
        rest = "".join(f"{sign}{compact_text(unit)}" for sign, unit in _UNIT.findall(digits[2]))
        return Cell(digits[1] + rest, cell.latex)
    if not unicode or cell.value is None:
        return cell
    return Cell(formula_unicode(cell.value), cell.latex, cell.value)


def centred(table: Table, width: float | None = None) -> list[str]:
    """Lines of LaTeX: the table in the middle; with a ``width`` in em its formulas are broken, and its rows stand further apart."""
    stretch = [] if width is None else [r"\renewcommand{\arraystretch}{1.4}"]
    shown = table.latex() if width is None else table.latex(width=width)
    return [r"\begin{center}", *stretch, shown, r"\end{center}"]
