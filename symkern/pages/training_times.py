"""When the parts of a target are learned by gradient flow, as text, LaTeX and HTML."""

from __future__ import annotations

from textwrap import wrap

from symkern.learning.sample_complexity import ComplexityRow
from symkern.learning.training_times import TrainingTimes
from symkern.pages.curve_layout import NOTHING
from symkern.pages.learning_curve import formula_cell, label_cells, never_cell, percent_cell
from symkern.pages.paragraphs import centred
from symkern.reading.annotated import typed
from symkern.typeset.plain import formula_text, read_width
from symkern.typeset.tables import Cell, Table


@typed
def times_table(found: TrainingTimes, unicode: bool = False) -> Table:
    """One row per part: irreps, the time constant 1/lambda, and the energy; with L a symbol their leading terms, and the share as L grows.

    Args:
        found: the times.
        unicode: in compact notation, with letters beyond ASCII.
    """
    shares = {}
    if found.is_symbolic:
        for stage in found.stages():
            for row, share in zip(stage.rows, stage.shares, strict=True):
                shares[_key(row)] = share
    rows: list[list[object]] = []
    for row in (*found.rows, *found.outside):
        cells: list[object] = [*label_cells(row, found.spectrum)]
        if found.is_symbolic:
            grown = None if row.law is None else row.law.leading
            energy = None if row.grown is None else row.grown.expression
            cells += [
                never_cell(row) if grown is None else formula_cell(grown.expression, unicode),
                formula_cell(energy, unicode),
                formula_cell(shares[_key(row)], unicode),
            ]
        else:
            cells += [
                never_cell(row) if row.law is None else formula_cell(row.law.formula, unicode),
                percent_cell(float(row.energy) / float(found.total)),
            ]
        rows.append(cells)
    if not found.is_symbolic:
        return Table(("positions", "tokens", "time constant", "share of target"), rows, "lllr")
    header = (
        "positions",
        "tokens",
        Cell("t ~", r"t \sim"),
        Cell("energy ~", r"\text{energy} \sim"),
        "share as L grows",
    )
    return Table(header, rows, "llllr")


def _key(row: ComplexityRow) -> tuple[object, ...]:
    return row.position_irrep, row.token_irrep, row.branch, row.degree


@typed
def times_text(found: TrainingTimes, width: int = 80, unicode: bool = False) -> str:
    """The table, and a line that says what it holds.

    Args:
        found: the times.
        width: columns, at least 20.
        unicode: in compact notation, with letters beyond ASCII.
    """
    if found.total == 0:
        return NOTHING
    lines = [times_table(found, unicode).text(width)]
    if found.is_symbolic:
        key = f"t = 1/eigenvalue: 1 - e^-1 of a part is learned; energies exact from L = {found.costs.least} on; E f^2 = {formula_text(found.total)}"
        lines += wrap(key, read_width(width))
    return "\n".join(lines)


def times_latex(found: TrainingTimes) -> str:
    r"""A sentence and the table."""
    text = r"Gradient flow of rate one on half the population mean squared error learns $1 - e^{-t/\tau}$ of a part, $\tau = 1/\lambda$ its time constant."
    return "\n".join([text, *centred(times_table(found))])


def times_html(found: TrainingTimes) -> str:
    """The table for a notebook."""
    return times_table(found, True).html()
