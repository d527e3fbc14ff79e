"""Two spectra side by side, as text, LaTeX and HTML; what is printed is taken by its attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.learning.compared_sectors import ComparedSector
from symkern.learning.comparison import Comparison
from symkern.pages.eigenvalue_cells import digits_with_power, is_enclosed, numeric_cost
from symkern.pages.paragraphs import centred, compact, irrep_cells, paragraph
from symkern.reading.annotated import typed
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.document import program_text
from symkern.typeset.labels import irrep_latex, irrep_text
from symkern.typeset.tables import Cell, Table

_VERDICTS = {
    "first": Cell("A", "A"),
    "second": Cell("B", "B"),
    "equal": Cell("A = B", "A = B"),
    "same growth": Cell("A ~ B", r"A \sim B"),
    "undecided": Cell("undecided", r"\text{undecided}"),
    "not compared": Cell("not compared", r"\text{not compared}"),
}


def comparison_table(comparison: Comparison, unicode: bool = False) -> Table:
    """One row per sector: labels, samples of A and of B, and who needs fewer."""
    positions, letters = comparison.label_sizes
    rows = []
    for row in comparison.rows:
        sizes = (row.position_irrep, positions), (row.token_irrep, letters)
        costs = [_cost(row, side, unicode) for side in (0, 1)]
        rows.append([*irrep_cells(*sizes), *costs, _VERDICTS[row.verdict], row.crossing])
    header = ("positions", "tokens", "samples of A", "samples of B", "fewer", "from L")
    if all(row[-1] is None for row in rows):  # symbols besides L leave it open everywhere
        return Table(header[:-1], [row[:-1] for row in rows])
    return Table(header, rows)


def _cost(row: ComparedSector, side: int, unicode: bool) -> object:
    law, branch = row.laws[side], row.branches[side]
    if law is None and not row.is_never[side]:
        others = None if row.sides is None else row.sides[side].others
        assert others is not None
        power = CONTEXT_LENGTH ** -sp.Rational(others)
        return Cell(f"{formula_text(power)} or more", rf"{formula_latex(power)} \text{{ or more}}")
    if law is None:
        return "never"
    if law.leading is not None and law.value is not None:
        return compact(digits_with_power(law.value, law.leading.exponent, law.unit), unicode)
    if law.leading is None and branch is not None and is_enclosed(branch):
        return compact(numeric_cost(law, branch), unicode)
    term = law.leading.expression if law.leading is not None else law.formula
    return "no formula" if term is None else compact(term, unicode)


def _restriction(comparison: Comparison, irrep: Callable[[Any, Any], str]) -> str:
    """The line that says how the sectors of S_L restrict to S_{L-1}; empty where both kernels have one group."""
    if comparison.restricted is None:
        return ""
    length = comparison.restricted.length
    group = f"S_{length - 1}" if isinstance(length, int) else "S_{L-1}"
    name = "A" if comparison.restricted is comparison.first else "B"
    rules: list[str] = []
    for mu, labels in comparison.restrictions:
        names = [irrep(nu, length - 1) for nu in labels]
        below = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
        verb = "" if rules else "restricts "
        rules.append(f"{irrep(mu, length)} {verb}to {below}")
    rule = f"; of {name}, {', '.join(rules)}" if rules else ""
    return f"compared under {group}, the positions that are not read{rule}"


@typed
def comparison_text(comparison: Comparison, width: int = 80, unicode: bool = True) -> str:
    """The comparison as plain text, no line longer than ``width``.

    Args:
        comparison: the comparison.
        width: columns, at least 20.
        unicode: in compact notation, with letters beyond ASCII.
    """
    lines = []
    for name, spectrum in (("A", comparison.first), ("B", comparison.second)):
        lines += paragraph(name, spectrum.kernel, width)
    lines.append(f"{'tokens':<8}{comparison.first.tokens}")
    if told := _restriction(comparison, irrep_text):
        lines += paragraph("group", told, width)
    lines.append("")
    lines.append(comparison_table(comparison, unicode).text(width))
    return "\n".join(line.rstrip() for line in lines)


def comparison_latex(comparison: Comparison) -> str:
    r"""The comparison as a sentence and a booktabs table."""
    names = [
        rf"{program_text(str(spectrum.kernel))}"
        for spectrum in (comparison.first, comparison.second)
    ]
    return "\n".join(
        [
            rf"Samples to learn the first function of each sector, by A: {names[0]} and B: {names[1]}.",
            *_restriction_latex(comparison),
            *centred(comparison_table(comparison), 42),
        ]
    )


def comparison_html(comparison: Comparison) -> str:
    """The table for a notebook."""
    return comparison_table(comparison).html()


def _restriction_latex(comparison: Comparison) -> list[str]:
    told = _restriction(comparison, lambda mu, size: f"${irrep_latex(mu, size)}$")
    if not told:
        return []
    group, rest = told.removeprefix("compared under ").split(",", 1)
    number = group.removeprefix("S_").strip("{}")
    return [f"They are compared under $S_{{{number}}}$,{rest}."]
