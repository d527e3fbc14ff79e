r"""Spectra as text in 80 columns.

What is printed is taken by its attributes: a spectrum has ``kernel``, ``length``, ``vocabulary``, ``tokens``,
``group``, ``sectors``, ``trace()`` and ``sample_laws(sector)``; a sector has its irreps, ``dimension``,
``multiplicity``, ``branches`` and ``leading_terms``. A summary table comes first, one row per eigenvalue; below it each block's
eigenvalue, or the polynomial whose roots they are.

A page is a summary: a table of more than ``summary_rows`` rows joins alike eigenvalues of a block, and a formula that nobody reads (`symkern.pages.spectrum_statements`)
is counted instead of printed, before any time is spent on typesetting it. With ``full`` everything is written, the radicals too.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import sympy as sp

from symkern.abc import x
from symkern.engines.engine import Progress
from symkern.exact import Ball
from symkern.exact.length_series import LengthSeries, order_text
from symkern.limits import check_time, current, within_time
from symkern.pages.eigenvalue_cells import (
    COEFFICIENT,
    first_digits,
    leading_cell,
    sum_terms,
    value_cell,
)
from symkern.pages.paragraphs import irrep_cells, paragraph
from symkern.pages.spectrum_statements import (
    COUNTED,
    LESS,
    REMARKS,
    left_out,
    long_text,
    others_text,
    rational_digits,
    remark_of,
    sector_edges,
    sector_sizes,
    sector_statements,
    shown_spectrum,
    taken_to_be_zero,
)
from symkern.pages.spectrum_summary import (
    SAMPLES_REMARK,
    is_joined,
    letter_remarks,
    sector_labels,
    spectrum_table,
)
from symkern.progress import handed
from symkern.reading.annotated import typed
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.plain import formula_lines, formula_text, read_width
from symkern.typeset.tables import Cell


@typed
def spectrum_text(
    spectrum: Spectrum,
    full: bool = False,
    width: int = 80,
    unicode: bool = True,
    progress: Progress = iter,
) -> str:
    """The spectrum as plain text, no line longer than ``width``.

    The summary is in compact notation unless ``unicode`` is False; formulas below it can be read back.

    Args:
        spectrum: the spectrum.
        full: also write out eigenvalues in radicals and polynomials that take long or are long.
        width: columns, at least 20.
        unicode: whether the summary is in compact notation, in letters beyond ASCII.
        progress: wraps the list of sectors, twice: while eigenvalues are found, and while they are laid out.

    Raises:
        TooLong: beyond ``seconds`` of `symkern.limits`.
    """
    with within_time("the text of this spectrum", LESS):
        return _text(shown_spectrum(spectrum, full, progress), full, width, unicode, progress)


def _text(spectrum: Spectrum, full: bool, width: int, unicode: bool, progress: Progress) -> str:
    lines = paragraph("kernel", spectrum.kernel, width)
    lines += paragraph("tokens", spectrum.tokens, width)
    where = f"length {formula_text(spectrum.length)}, positions permuted by {spectrum.group}"
    lines += paragraph("data", where, width)
    trace = spectrum.trace()
    if isinstance(trace, Ball):
        lines.append(f"{'trace':<8}E k(x,x) = {trace.digits(15)}")
    elif isinstance(trace, LengthSeries):
        lines += _series_lines("trace   E k(x,x) = ", trace, width, " " * 10)
    else:
        terms = sum_terms(trace)
        if not full and trace.is_Rational and rational_digits(trace) > current().readable_digits:
            count = f"{rational_digits(trace):,}"
            lines.append(
                f"trace   E k(x,x) ~ {first_digits(trace)}, a fraction of {count} digits: --full prints it"
            )
        elif full or terms <= current().trace_terms:
            lines += _formula("trace", "E k(x,x) = ", trace, width)
        else:
            lines.append(f"{'trace':<8}E k(x,x), a formula of {terms:,} terms: --full prints it")
    lines += _standing(spectrum)
    lines += ["", spectrum_table(spectrum, unicode, full).text(width), ""]
    if is_joined(spectrum, full):
        lines += [*wrap(SAMPLES_REMARK, width), ""]
    for remark in letter_remarks(spectrum, full):
        lines += [*wrap(remark, width), ""]
    statements = []
    for sector in handed(progress, list(spectrum.sectors)):
        check_time()
        said = sector_statements(spectrum, sector, full)
        statements.append(said)
        if any(kind not in COUNTED for kind, _, _ in said):
            lines += _sector_text(spectrum, sector, said, width, full)
    for remark in left_out(statements):
        lines += ["", *wrap(remark, width)]
    return "\n".join(line.rstrip() for line in lines)


def _sector_text(
    spectrum: Spectrum, sector: Sector, said: list[tuple[str, Any, int]], width: int, full: bool
) -> list[str]:
    """A sector's label, sizes and formulas, the edge polynomials if ``full``."""
    one, two = sector_labels(spectrum, sector)
    lines = [f"{one.text} x {two.text}{_holds(spectrum, sector)}"]
    heads = {"value": "  ", "roots": "  roots of ", "radical": "  = ", "conjugate": "  = "}
    for kind, formula, times in said:
        again = f"{times} times " if times > 1 else ""
        if kind == "enclosed":
            listed = ", ".join(ball.digits(15) for ball in formula)
            lines += [f"  {line}" for line in wrap(listed, width - 2)]
        elif kind == "series":
            lines += _series_lines("  ", formula, width, "    ")
            if formula.holds_from is not None:
                lines.append(
                    f"    first term larger than the second from about L = {formula.holds_from} on"
                )
        elif kind == "others":
            lines.append(f"  {others_text(formula, len(said) > 1)}")
        elif kind == "long":
            lines.append(f"  {again}{long_text(*formula)}")
        elif kind in heads:
            variable = x if kind == "roots" else None
            lines += _indented(heads[kind] + again, formula, variable, width)
    for power, edge in sector_edges(spectrum, sector) if full else ():
        place = "" if power == 1 else f" in {formula_text(COEFFICIENT * power)}"
        head = f"  c{place}: roots of "
        lines += _indented(head, edge, COEFFICIENT, width)
    return lines


def _series_lines(head: str, series: LengthSeries, width: int, indent: str) -> list[str]:
    """A series, one line for each term where a line cannot hold it."""
    whole = f"{head}{series}"
    if len(whole) <= width:
        return [whole]
    lines = []
    for i, term in enumerate(series.terms):
        value = term.expression
        minus = i > 0 and value is not None and value.could_extract_minus_sign()
        start = head if i == 0 else f"{indent}{'-' if minus else '+'} "
        if value is None:
            lines.append(f"{start}{LengthSeries((term,), None)}")
            continue
        pieces = formula_lines(
            -value if minus else value, width=width - len(indent) - 4, first=width - len(start)
        )
        lines += [start + pieces[0], *(f"{indent}    {piece}" for piece in pieces[1:])]
    if series.error is not None:
        lines.append(f"{indent}+ {order_text(series.error)}")
    return lines


def _standing(spectrum: Spectrum) -> list[str]:
    """What is said of a spectrum whose kernel was not proved symmetric, or not given exactly."""
    found = dict.fromkeys(
        str(standing) for t in spectrum.sectors for standing in (t.recorded, t.standing)
    ) or [str(spectrum.standing)]
    lines = [f"{'note':<8}{remark_of(name, spectrum)}" for name in found if name in REMARKS]
    if (taken := taken_to_be_zero(spectrum, "1e-%d")) is not None:
        lines.append(f"{'':<8}{taken}")
    return lines


def _holds(spectrum: Spectrum, sector: Sector) -> str:
    said = [f"{name} >= {least}" for name, least in sector_sizes(spectrum, sector).items()]
    return f"   ({', '.join(said)})" if said else ""


def _formula(name: str, head: str, formula: sp.Expr, width: int) -> list[str]:
    pieces = formula_lines(formula, width=width - 10, first=width - 8 - len(head))
    lines = [f"{name:<8}{head}{pieces[0]}"]
    return lines + [f"{'':<10}{piece}" for piece in pieces[1:]]


def _indented(head: str, formula: sp.Expr, variable: sp.Symbol | None, width: int) -> list[str]:
    pieces = formula_lines(formula, variable, width=width - 4, first=width - len(head))
    return [head + pieces[0], *("    " + piece for piece in pieces[1:])]


@typed
def sector_text(sector: Sector, width: int = 80) -> str:
    """One sector as text: its sizes and standing, and a line per eigenvalue, formulas by their leading terms where they are long.

    Args:
        sector: the sector.
        width: columns, at least 20.

    >>> from symkern.kernels import derive
    >>> print(derive("flatten").sectors[2])
    sector (L-1,1) x (v-1,1), dimension (L - 1)*(v - 1), block 1, for L >= 2, v >= 2, proved
      alpha/(L*v)
    """
    one, two = irrep_cells((sector.position_irrep, "L"), (sector.token_irrep, "v"))
    # No line ends within a bound.
    least = ", ".join(f"{name}\u00a0>=\u00a0{size}" for name, size in sector.valid_for.items())
    head = f"sector {one.text} x {two.text}, dimension {formula_text(sector.dimension)}, block {sector.multiplicity}, for {least}, {sector.standing.value}"
    pieces = wrap(head, read_width(width), subsequent_indent="  ", break_on_hyphens=False)
    lines = [piece.replace("\u00a0", " ") for piece in pieces]
    found = sector if isinstance(sector, SeriesSector) else sector.abridged()
    for branch, term in zip(found.branches, found.leading_terms, strict=True):
        cell = Cell.of(value_cell(branch))
        if len(cell.text) > width - 2 or (cell.value is None and term is not None):
            cell = Cell.of(leading_cell(term, branch, full=False))
            grown = "~ " if term is not None else ""
            cell = Cell(f"{grown}{cell.text}", cell.latex)
        lines += [f"  {piece}" for piece in cell.lines(width - 2)]
    return "\n".join(lines)
