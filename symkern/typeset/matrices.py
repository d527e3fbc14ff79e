r"""Exact matrices in text, LaTeX and HTML.

A matrix is a SymPy matrix, an object with ``.to_sympy()``, or rows of numbers and expressions. In LaTeX a
factor that all entries share, such as 1/(2 L^4), stands before the matrix, as in print. What is too
wide for a line or a page is given in blocks of columns, and entry by entry where a single entry
is wider than that.
"""

from __future__ import annotations

from html import escape as html_escape
from typing import Any

import sympy as sp

from symkern.limits import current
from symkern.reading.sequences import read_rows
from symkern.typeset.document import PAGE
from symkern.typeset.layout import expression
from symkern.typeset.plain import break_formula, formula_text, read_em, read_width
from symkern.typeset.tex import formula_display, formula_latex, latex_width


def matrix_text(matrix: object, width: int = 80) -> str:
    """Rows in brackets, columns aligned, no line longer than ``width``.

    Args:
        matrix: of this package, SymPy's, an array, or a list of rows.
        width: columns, at least 20.

    >>> from symkern.abc import L, alpha
    >>> print(matrix_text([[alpha, 1], [0, alpha / L]]))
    [ alpha        1 ]
    [     0  alpha/L ]
    """
    read_width(width)
    texts = [[formula_text(entry) for entry in row] for row in _rows(matrix)]
    if not texts or not texts[0]:
        return "[ ]"
    widths = [max(map(len, column)) for column in zip(*texts)]
    if max(widths) + 4 > width:
        return _entries_text(texts, width)
    blocks, start = [], 0
    while start < len(widths):
        stop, total = start, 4
        while stop < len(widths) and (stop == start or total + 2 + widths[stop] <= width):
            total += widths[stop] + (2 if stop > start else 0)
            stop += 1
        body = [
            "[ " + "  ".join(t.rjust(w) for t, w in zip(row[start:stop], widths[start:stop])) + " ]"
            for row in texts
        ]
        if len(widths) > stop - start:
            last = f"-{stop}" if stop > start + 1 else ""
            body.insert(0, f"column{'s' if last else ''} {start + 1}{last}:")
        blocks.append("\n".join(body))
        start = stop
    return "\n\n".join(blocks)


def _entries_text(texts: list[list[str]], width: int) -> str:
    lines = []
    for i, row in enumerate(texts):
        for j, text in enumerate(row):
            label = f"[{i + 1},{j + 1}] = "
            first, *more = break_formula(text, width - len(label))
            lines.append(label + first)
            lines += [" " * len(label) + line for line in more]
    return "\n".join(lines)


def matrix_latex(matrix: object, name: str = "B", width: float = PAGE) -> str:
    r"""A matrix for math mode in parentheses, a common factor before it.

    Args:
        matrix: of this package, SymPy's, an array, or a list of rows.
        name: what entries are called where the matrix is too wide.
        width: em.

    >>> from symkern.abc import L, alpha, beta
    >>> print(matrix_latex([[alpha / L, beta / L], [0, alpha**2 / L]]))
    \frac{1}{L} \begin{pmatrix}
    \alpha & \beta \\
    0 & \alpha^{2}
    \end{pmatrix}
    """
    rows = _rows(matrix)
    factor, inner = _common_factor(rows)
    columns = list(zip(*inner))
    if rows and not _fits(columns, read_em(width) - latex_width(factor) - 1.0):
        return _entries_latex(rows, name, width)
    prefix = "" if factor == 1 else _before_matrix(factor) + " "
    body = " \\\\\n".join(" & ".join(formula_latex(entry) for entry in row) for row in inner)
    if len(columns) <= 10:  # what amsmath's matrix environments allow
        return f"{prefix}\\begin{{pmatrix}}\n{body}\n\\end{{pmatrix}}"
    array = f"\\begin{{array}}{{{'c' * len(columns)}}}\n{body}\n\\end{{array}}"
    return f"{prefix}\\left(\n{array}\n\\right)"


def _fits(columns: list[tuple[sp.Expr, ...]], em: float) -> bool:
    """Whether columns stand beside each other in ``em``; no more entries are laid out than it takes to see that they do not."""
    for column in columns:
        widest = 0.0
        for entry in column:
            widest = max(widest, latex_width(entry))
            if widest + 1.0 > em:
                return False
        em -= widest + 1.0
    return True


def _before_matrix(factor: sp.Expr) -> str:
    latex = formula_latex(factor)
    return "-" if latex == "-1" else latex if not factor.is_Add else f"({latex})"


def _entries_latex(rows: list[list[sp.Expr]], name: str, width: float) -> str:
    """Entry by entry: one aligned environment whose lines all fit."""
    lines: list[str] = []
    for i, row in enumerate(rows, start=1):
        for j, entry in enumerate(row, start=1):
            if entry == 0:
                continue
            label = f"{name}_{{{i}{j}}}" if len(rows) < 10 else f"{name}_{{{i},{j}}}"
            shown = formula_display(entry, width=width - 3.0, environment="aligned[t]")
            lines.append(f"{label} &= {shown}")
    if not lines:
        return f"{name} = 0"
    body = " \\\\\n".join(lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def matrix_html(matrix: object) -> str:
    """A table with brackets at its sides, formulas as LaTeX between dollars.

    Args:
        matrix: of this package, SymPy's, an array, or a list of rows.

    >>> print(matrix_html([[1]]))
    <table style="border-left:1px solid; border-right:1px solid; border-radius:12px">
    <tr><td style="text-align:center">$1$</td></tr>
    </table>
    """
    body = "\n".join(
        "<tr>"
        + "".join(
            f'<td style="text-align:center">{html_escape(f"${formula_latex(entry)}$")}</td>'
            for entry in row
        )
        + "</tr>"
        for row in _rows(matrix)
    )
    return f'<table style="border-left:1px solid; border-right:1px solid; border-radius:12px">\n{body}\n</table>'


def _rows(matrix: Any) -> list[list[sp.Expr]]:
    if hasattr(matrix, "to_sympy"):
        matrix = matrix.to_sympy()
    rows = read_rows(matrix, "matrix")
    return [[expression(entry, "matrix") for entry in row] for row in rows]


def _common_factor(rows: list[list[sp.Expr]]) -> tuple[sp.Expr, list[list[sp.Expr]]]:
    """The factor that all rational entries share, and the matrix without it."""
    entries = [entry for row in rows for entry in row if entry != 0]
    symbols = set().union(*(entry.free_symbols for entry in entries)) if entries else set()
    if (
        not 1 < len(entries) <= current().factored_entries
        or any(not entry.is_rational_function(*symbols) for entry in entries)
        or any(entry.atoms(sp.NumberSymbol, sp.Pow) - _rational_powers(entry) for entry in entries)
    ):
        return sp.Integer(1), rows
    fractions = [sp.fraction(sp.cancel(sp.together(entry))) for entry in entries]
    top, bottom = sp.Integer(0), sp.Integer(1)
    for numerator, denominator in fractions:
        top, bottom = sp.gcd(top, numerator), sp.lcm(bottom, denominator)
    factor = sp.factor(top / bottom)
    return factor, [[sp.cancel(entry / factor) for entry in row] for row in rows]


def _rational_powers(entry: sp.Expr) -> set[sp.Basic]:
    return {power for power in entry.atoms(sp.Pow) if power.exp.is_Integer}
