"""Families of functions of signs beside each other: how sensitive they are, and how that grows."""

from __future__ import annotations

from textwrap import wrap

from symkern.abc import n as SIZE
from symkern.bounds.sensitivity import read_function
from symkern.bounds.sensitivity.families import Family
from symkern.bounds.sensitivity.writing import closed_form_latex, closed_form_text
from symkern.pages.paragraphs import centred
from symkern.typeset.tables import Cell, Table

#: The functions that are listed.
LISTED = ("parity", "x1*x2", "majority", "first", "mean")


def families_page(form: str) -> str | dict[str, object]:
    """The families beside each other, in n: text, the body of a LaTeX document, or data for JSON."""
    rows = []
    for name in LISTED:
        family = read_function(name, SIZE)
        assert isinstance(family, Family)
        term = family.leading()
        value, grown = family.average(SIZE), None if term is None else term.expression
        told = [Cell(closed_form_text(e), closed_form_latex(e)) for e in (value, grown)]
        rows.append((Cell(name), *told, family.limit))
    if form == "json":
        keys = ("function", "average_sensitivity", "leading", "limit")
        listed = [
            dict(zip(keys, (*(c.text for c in row[:3]), str(row[3])), strict=True)) for row in rows
        ]
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
        return "\n".join(centred(table))
    return "\n".join([table.text(), "", *wrap(note, 80)])
