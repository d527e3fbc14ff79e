"""LaTeX, text, HTML and SVG of partitions, tableaux, matrices, formulas and tables.

This package knows no kernel: it takes what it prints by its attributes and plain values.
Character tables are printed by `symkern.pages.character_table`, whole documents by
`symkern.typeset.document`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symkern.typeset.diagrams import young_latex, young_svg, young_text
    from symkern.typeset.graphs import bratteli_latex, bratteli_svg
    from symkern.typeset.labels import (
        cycle_type_latex,
        cycle_type_text,
        irrep_latex,
        irrep_text,
        partition_latex,
        partition_text,
    )
    from symkern.typeset.matrices import matrix_html, matrix_latex, matrix_text
    from symkern.typeset.plain import break_formula, formula_lines, formula_text
    from symkern.typeset.tableaux import tableau_latex, tableau_svg, tableau_text
    from symkern.typeset.tables import Cell, Table
    from symkern.typeset.tex import formula_display, formula_latex

#: Name -> the module that has it, loaded when it is asked for: partitions show themselves through this room, and need no SymPy for that.
_HOMES = {
    "Cell": "tables",
    "Table": "tables",
    "bratteli_latex": "graphs",
    "bratteli_svg": "graphs",
    "break_formula": "plain",
    "cycle_type_latex": "labels",
    "cycle_type_text": "labels",
    "formula_display": "tex",
    "formula_latex": "tex",
    "formula_lines": "plain",
    "formula_text": "plain",
    "irrep_latex": "labels",
    "irrep_text": "labels",
    "matrix_html": "matrices",
    "matrix_latex": "matrices",
    "matrix_text": "matrices",
    "partition_latex": "labels",
    "partition_text": "labels",
    "tableau_latex": "tableaux",
    "tableau_svg": "tableaux",
    "tableau_text": "tableaux",
    "young_latex": "diagrams",
    "young_svg": "diagrams",
    "young_text": "diagrams",
}

__all__ = [
    "Cell",
    "Table",
    "bratteli_latex",
    "bratteli_svg",
    "break_formula",
    "cycle_type_latex",
    "cycle_type_text",
    "formula_display",
    "formula_latex",
    "formula_lines",
    "formula_text",
    "irrep_latex",
    "irrep_text",
    "matrix_html",
    "matrix_latex",
    "matrix_text",
    "partition_latex",
    "partition_text",
    "tableau_latex",
    "tableau_svg",
    "tableau_text",
    "young_latex",
    "young_svg",
    "young_text",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
