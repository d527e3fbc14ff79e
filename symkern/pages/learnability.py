"""What n samples teach of every sector, as text, LaTeX and HTML."""

from __future__ import annotations

import sympy as sp

from symkern.learning.learnability import LearnabilityTable
from symkern.pages.paragraphs import centred, irrep_cells
from symkern.reading.annotated import typed
from symkern.typeset import formula_latex
from symkern.typeset.tables import Cell, Table


def learnability_table(found: LearnabilityTable) -> Table:
    """One row per eigenvalue."""
    spectrum = found.spectrum
    positions = spectrum.positions
    rows = []
    for row in found.rows:
        sizes = (row.position_irrep, positions), (row.token_irrep, spectrum.vocabulary)
        shares = [f"{e:.4f}" for e in (row.equivalent_kernel, row.eigenlearning)]
        rows.append(
            [*irrep_cells(*sizes), Cell.of(row.dimension), f"{row.eigenvalue:.6g}", *shares]
        )
    header = ("positions", "tokens", "dimension", "eigenvalue", "equiv. kernel", "eigenlearning")  # fmt: skip
    return Table(header, rows, "llrrrr")


@typed
def learnability_text(found: LearnabilityTable, width: int = 80) -> str:
    """As text.

    Args:
        found: the learnabilities.
        width: columns, at least 20.
    """
    head = f"n = {found.n:g}, ridge {found.ridge:g}: kappa = {found.kappa:.6g}, overfitting {found.overfitting:.6g}"
    return f"{head}\n\n{learnability_table(found).text(width)}"


def learnability_latex(found: LearnabilityTable) -> str:
    """A sentence and a booktabs table."""
    n, ridge, kappa = (formula_latex(sp.Float(e, 6)) if e % 1 else f"{e:.0f}" for e in (found.n, found.ridge, found.kappa))  # fmt: skip
    return "\n".join(
        [
            rf"Learnabilities at $n = {n}$, ridge ${ridge}$; $\kappa = {kappa}$.",
            *centred(learnability_table(found)),
        ]
    )


def learnability_html(found: LearnabilityTable) -> str:
    """The table for a notebook."""
    return learnability_table(found).html()
