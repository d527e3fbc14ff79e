"""LaTeX, text, HTML and SVG of partitions, tableaux, matrices, formulas and tables.

This package knows no kernel: it takes what it prints by its attributes and plain values.
Character tables are printed by `symkern.pages.character_table`, whole documents by
`symkern.typeset.document`.
"""

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
