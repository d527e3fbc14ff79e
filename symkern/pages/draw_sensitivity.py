"""The sensitivity of draws from a kernel's Gaussian process, as text and LaTeX."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import NoClosedForm
from symkern.exact import Ball
from symkern.exact.asymptotics import leading
from symkern.learning.draw_report import NOTE, DrawSensitivity
from symkern.pages.paragraphs import paragraph
from symkern.reading.annotated import typed
from symkern.typeset import formula_display
from symkern.typeset.document import program_text
from symkern.typeset.tables import Cell, Table


def _rows(found: DrawSensitivity) -> list[tuple[str, str, Any]]:
    """(name, name in LaTeX, value)."""
    rows: list[tuple[str, str, Any]] = [
        ("E I(f)", r"$\mathbb{E} I(f)$", found.total),
        ("E |f|^2", r"$\mathbb{E} |f|^2$", found.mean_square),
        ("E I(f)/E |f|^2", r"$\mathbb{E} I(f)/\mathbb{E} |f|^2$", found.ratio),
    ]
    if isinstance(found.ratio, sp.Expr) and found.ratio.has(CONTEXT_LENGTH):
        grown = leading(found.ratio).expression
        rows.append(("  for large L", r"\quad for large $L$", grown))
    rows.append(("of a random function", "of a random function", found.of_random))
    if isinstance(found.sign, float):
        rows.append(("E I(sign f)", r"$\mathbb{E} I(\mathrm{sign} f)$", Cell(*2 * (f"{found.sign:.6f}",))))  # fmt: skip
    elif found.sign is not None:
        rows.append(("E I(sign f), large L", r"$\mathbb{E} I(\mathrm{sign} f)$, large $L$", found.sign))  # fmt: skip
    try:
        weights = found.weights
    except NoClosedForm:
        return rows
    return rows + [
        (f"weight in degree {d}", f"weight in degree ${d}$", w) for d, w in weights.items()
    ]


def _note(found: DrawSensitivity) -> str:
    return NOTE.format(length=found.spectrum.length)


@typed
def draw_text(found: DrawSensitivity, width: int = 80) -> str:
    """As plain text, no line longer than ``width``.

    Args:
        found: the sensitivity of draws.
        width: columns, at least 20.
    """
    lines = []
    for name, value in (("kernel", found.spectrum.kernel), ("tokens", found.spectrum.tokens)):
        lines += paragraph(name, value, width)
    lines += [f"{'length':<8}{found.spectrum.length}", ""]
    rows = [
        (name, Cell(str(q), q.latex()) if isinstance(q, Ball) else q) for name, _, q in _rows(found)
    ]
    table = Table(("", "draws from the Gaussian process"), rows).text(width).splitlines()
    return "\n".join([*lines, *table, "", *wrap(_note(found), width)])


def draw_latex(found: DrawSensitivity) -> str:
    """As a LaTeX table and a sentence."""
    rows = []
    for _, name, value in _rows(found):
        shown = (
            value.latex
            if isinstance(value, Cell)
            else value.latex()
            if isinstance(value, Ball)
            else formula_display(value, width=22, environment="aligned[t]")
        )
        rows.append(rf"{name} & $\displaystyle {shown}$ \\[8pt]")
    kernel = program_text(str(found.spectrum.kernel))
    note = _note(found).replace(str(found.spectrum.length), f"${sp.latex(found.spectrum.length)}$")
    return "\n".join(
        [
            r"\begin{sloppypar}",
            rf"\noindent Draws $f$ from the Gaussian process of {kernel}, length ${sp.latex(found.spectrum.length)}$, tokens "
            rf"{found.spectrum.tokens.latex()}:",
            r"\end{sloppypar}",
            r"\begin{center}",
            r"\begin{tabular}{ll}",
            r"\toprule",
            *rows,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{center}",
            note,
        ]
    )
