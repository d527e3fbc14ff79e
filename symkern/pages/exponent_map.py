"""A map of exponents as text, LaTeX and HTML: the powers of L that samples cost, over asymmetry and symmetric degree."""

from __future__ import annotations

from symkern.learning.exponent_map import ExponentMap, MappedEigenvalue
from symkern.pages.eigenvalue_cells import digits_with_power
from symkern.pages.paragraphs import centred, irrep_cells
from symkern.reading.annotated import typed
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.document import escape
from symkern.typeset.tables import Cell, Table


def exponent_table(found: ExponentMap) -> Table:
    """One row per asymmetry, one column per symmetric degree, the exponents of L in each cell."""
    header = [Cell("|mu|", r"|\mu|"), *(Cell(f"e = {e}", f"e = {e}") for e in found.symmetric_degrees)]  # fmt: skip
    rows = []
    for a in found.asymmetries:
        row = [Cell.of(a)]
        for e in found.symmetric_degrees:
            here = found[a, e]
            row.append(
                Cell(", ".join(map(formula_text, here)), ", ".join(map(formula_latex, here)))
                if here
                else Cell("-", r"\text{--}")
            )
        rows.append(row)
    return Table(header, rows, "r" + "r" * len(found.symmetric_degrees))


def exponent_details(found: ExponentMap) -> Table:
    """One row per eigenvalue: place, irreps, shares by degree, samples."""
    spectrum = found.spectrum
    positions = spectrum.positions
    rows = []
    for t in found.entries:
        sizes = (t.position_irrep, positions), (t.token_irrep, spectrum.vocabulary)
        told = ", ".join(
            f"{d}: {100 * share:.3g} %" for d, share in t.shares.items() if share > 5e-4
        )
        shares = Cell(
            told, told.replace(" %", r"\,\%").replace(": ", r"\text{: }").replace(", ", r",\; ")
        )
        rows.append([t.asymmetry, t.symmetric_degree, *irrep_cells(*sizes), shares, _samples(t)])
    header = (Cell("|mu|", r"|\mu|"), Cell("e", "e"), "positions", "tokens", "degrees", "samples")  # fmt: skip
    return Table(header, rows, "rrlllr")


def _samples(found: MappedEigenvalue) -> Cell:
    """The leading term of the samples, by the digits of its coefficient where that has no formula."""
    law = found.law
    if law.leading is not None and law.value is not None:
        return digits_with_power(law.value, law.leading.exponent, law.unit)
    return Cell.of(None if law.leading is None else law.leading.expression)


@typed
def exponent_text(found: ExponentMap, width: int = 80) -> str:
    """As text.

    Args:
        found: the map.
        width: columns, at least 20.
    """
    lines = [
        str(found.spectrum.kernel),
        "samples n ~ L^exponent, over asymmetry |mu| and symmetric degree e",
    ]
    return "\n".join(
        [*lines, "", exponent_table(found).text(width), "", exponent_details(found).text(width)]
    )


def exponent_latex(found: ExponentMap) -> str:
    """A sentence and two booktabs tables."""
    return "\n".join(
        [
            r"Exponents of $L$ in the samples to learn, over asymmetry $|\mu|$ and symmetric degree $e$, by the kernel",
            rf"\begin{{quote}}\ttfamily\raggedright {escape(str(found.spectrum.kernel))}\end{{quote}}",
            *centred(exponent_table(found)),
            r"\begin{center}",
            r"\renewcommand{\arraystretch}{1.4}",
            exponent_details(found).latex(),
            r"\end{center}",
        ]
    )


def exponent_html(found: ExponentMap) -> str:
    """Both tables for a notebook."""
    return exponent_table(found).html() + exponent_details(found).html()
