"""Families of functions of signs beside each other: how sensitive they are, and how that grows."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from symkern.abc import n as SIZE
from symkern.bounds.sensitivity import read_function
from symkern.bounds.sensitivity.families import Family
from symkern.bounds.sensitivity.writing import closed_form_latex, closed_form_text
from symkern.typeset.tables import Cell, Table

__all__ = ["LISTED", "families_page"]

#: The functions that are listed.
LISTED = ("parity", "x1*x2", "majority", "first", "mean")


def families_page(form: str) -> Any:
    """The families beside each other, in n: text, the body of a LaTeX document, or data for JSON."""
    rows, listed = [], []
    for name in LISTED:
        family = read_function(name, SIZE)
        assert isinstance(family, Family)
        term = family.leading()
        grown = None if term is None else term.expression
        value, limit = family.average(SIZE), family.limit
        rows.append(
            (
                Cell(name),
                Cell(closed_form_text(value), closed_form_latex(value)),
                Cell(closed_form_text(grown), closed_form_latex(grown)),
                limit,
            )
        )
        listed.append(
            {
                "function": name,
                "average_sensitivity": closed_form_text(value),
                "leading": closed_form_text(grown),
                "limit": str(limit),
            }
        )
    if form == "json":
        return {"schema": 1, "families": listed, "random_function": "n/2"}
    header = (
        "function",
        Cell("as(f)", r"\operatorname{as}(f)"),
        "for large n",
        Cell("lim as(f)/(2n)", r"\lim \operatorname{as}(f)/(2n)"),
    )
    table = Table(header, rows)
    note = (
        "A random function has average sensitivity n/2 in the mean. For the sharpness of a transformer see "
        "`symkern sensitivity parity`."
    )
    if form == "latex":
        return "\n".join([r"\begin{center}", table.latex(), r"\end{center}"])
    return "\n".join([table.text(), "", *wrap(note, 80)])
