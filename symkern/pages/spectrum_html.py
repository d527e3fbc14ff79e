"""A spectrum, and a sector, for notebooks."""

from __future__ import annotations

from symkern.abc import x
from symkern.exact import Ball
from symkern.exact.length_series import LengthSeries
from symkern.limits import within_time
from symkern.pages.eigenvalue_cells import (
    leading_cell,
    sum_terms,
    value_cell,
)
from symkern.pages.paragraphs import irrep_cells
from symkern.pages.spectrum_statements import (
    is_short,
    left_out,
    long_text,
    others_text,
    remark_of,
    sector_statements,
    shown_spectrum,
    taken_to_be_zero,
)
from symkern.pages.spectrum_summary import letter_remarks, sector_labels, spectrum_table
from symkern.sectors.sector import Sector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.tables import Cell, Table
from symkern.typeset.tex import formula_latex


def _series_remark(spectrum: Spectrum) -> list[str]:
    """What HTML says of series."""
    if not isinstance(spectrum.trace(), LengthSeries):
        return []
    taken = taken_to_be_zero(spectrum, "$10^{-%d}$")
    said = remark_of("asymptotic", spectrum)
    said = said.replace("series", "Series are", 1).replace(" L ", " $L$ ")
    return [f"{said}; {taken}." if taken else f"{said}."]


def spectrum_html(spectrum: Spectrum) -> str:
    """The spectrum for a notebook: header, table, and the eigenvalues folded below it."""
    with within_time("the page of this spectrum", "numbers for symbols take less"):
        return _html(shown_spectrum(spectrum, False, iter))


def _html(spectrum: Spectrum) -> str:
    from html import escape as html_escape

    trace = spectrum.trace()
    if isinstance(trace, (Ball, LengthSeries)):
        shown_trace = trace.latex(12)
    elif is_short(trace):
        shown_trace = formula_latex(trace)
    else:
        shown_trace = rf"\text{{a formula of {sum_terms(trace):,} terms}}"
    head = (
        f"<p><b>kernel</b> <code>{html_escape(str(spectrum.kernel))}</code><br>"
        f"<b>tokens</b> {html_escape(str(spectrum.tokens))}, length ${formula_latex(spectrum.length)}$, "
        f"positions permuted by ${spectrum.group}$<br>"
        rf"<b>trace</b> <span style='display:inline-block;max-width:100%;overflow-x:auto;vertical-align:middle'>$\mathbb{{E}}\,k(x,x) = {shown_trace}$</span></p>"
    )
    rows: list[list[object]] = []
    statements = [sector_statements(spectrum, sector, False) for sector in spectrum.sectors]
    for sector, said in zip(spectrum.sectors, statements, strict=True):
        one, two = sector_labels(spectrum, sector)
        label = Cell(f"{one.text} x {two.text}", rf"{one.latex} \times {two.latex}")
        for kind, formula, times in said:
            if kind in ("unwritten", "abridged", "terms") or (kind == "long" and len(said) == 1):
                continue
            shown: object
            if kind == "enclosed":
                shown = ", ".join(ball.digits(15) for ball in formula)
            elif kind == "series":
                start = formula.holds_from
                holds = "" if start is None else rf" \qquad (L \gtrsim {start})"
                shown = Cell(str(formula), rf"\lambda = {formula.latex()}{holds}")
            elif kind == "others":
                shown = others_text(formula, len(said) > 1)
            elif kind == "long":
                shown = long_text(*formula)
            else:
                left = r"\lambda = " if kind == "value" else "0 = "
                shown = Cell("", left + formula_latex(formula, x if kind == "roots" else None))
            rows.append([label, times if times > 1 else None, shown])
            label = Cell("")
    blocks = Table(("sector", "times", "eigenvalues"), rows).html()
    remarks = "".join(f"<p>{html_escape(remark)}</p>\n" for remark in left_out(statements))
    order = "".join(
        f"<p>{html_escape(r)}</p>\n"
        for r in (*letter_remarks(spectrum, False), *_series_remark(spectrum))
    )
    return (
        f"{head}\n{spectrum_table(spectrum).html()}\n{order}"
        f"<details><summary>eigenvalues</summary>\n{blocks}\n{remarks}</details>"
    )


def sector_html(sector: Sector) -> str:
    """One sector for a notebook: stable labels, dimension, and a row per eigenvalue."""
    labels = irrep_cells((sector.position_irrep, "L"), (sector.token_irrep, "v"))
    rows = [
        [*labels, sector.dimension, value_cell(branch), leading_cell(term, branch)]
        for branch, term in zip(sector.branches, sector.leading_terms, strict=True)
    ]
    return Table(("positions", "tokens", "dimension", "eigenvalue", "leading"), rows).html()
