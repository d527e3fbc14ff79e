r"""Spectra as text in 80 columns and HTML; what `symkern.pages.spectrum_latex` shares with them.

What is printed is taken by its attributes: a spectrum has ``kernel``, ``length``, ``vocabulary``, ``tokens``,
``group``, ``sectors``, ``trace()`` and ``sample_laws(sector)``; a sector has its irreps, ``dimension``,
``multiplicity``, ``branches`` and ``leading_terms``. A summary table comes first, one row per eigenvalue; below it each block's
eigenvalue, or the polynomial whose roots they are.

A page is a summary: a table of more than ``summary_rows`` rows joins alike eigenvalues of a block, and a formula that nobody reads (`_is_readable`)
is counted instead of printed, before any time is spent on typesetting it. With ``full`` everything is written, the radicals too.
"""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import Any

import sympy as sp

from symkern.abc import sigma2, x
from symkern.engines.engine import Progress
from symkern.exact import Ball, Branch
from symkern.exact.length_series import LengthSeries, order_latex, order_text
from symkern.limits import check_time, current, within_time
from symkern.pages.eigenvalue_cells import (
    COEFFICIENT,
    digits_cell,
    first_digits,
    is_long_coefficient,
    leading_cell,
    leading_cost,
    numeric_cost,
    sum_terms,
    value_cell,
)
from symkern.pages.paragraphs import compact, irrep_cells, paragraph
from symkern.progress import handed
from symkern.reading.annotated import typed
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.sample_laws import sample_laws
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.plain import formula_lines, formula_text, read_width
from symkern.typeset.tables import Cell, Table
from symkern.typeset.tex import formula_latex

_RESIDUE = 1e-12

#: Statements that are summed up at the end of a page, if at all.
COUNTED = ("long", "unwritten", "abridged", "terms")

#: What is said of a standing other than "proved".
REMARKS = {
    "sampled": "symmetry not proved: checked on random pairs, or to 256 bits",
    "floating": "values of the kernel were given in floating point",
    "asymptotic": "series proved as L grows, with all else fixed and generic",
    "read, not proved": "read from a file: its sizes and traces agree, its blocks are not proved",
}


def remark_of(name: str, spectrum: Spectrum) -> str:
    """The remark on a standing: nothing is generic where no symbol but L is left."""
    symbols = spectrum.parameters or isinstance(spectrum.vocabulary, sp.Expr)
    return REMARKS[name] if symbols else REMARKS[name].removesuffix(" and generic")


LESS = "the same without full=True, or with numbers for symbols, takes less"


def shown_spectrum(spectrum: Spectrum, full: bool, progress: Progress) -> Spectrum:
    """What a page shows: unless ``full`` no formula that takes longer than deriving the spectrum."""
    shown = []
    for sector in handed(progress, list(spectrum.sectors)):
        check_time()
        shown.append(sector if full else sector.abridged())
        _ = shown[-1].leading_terms  # what takes time, while the bar is there
    return replace(spectrum, sectors=tuple(shown))


def sector_labels(spectrum: Spectrum, sector: Sector) -> tuple[Cell, Cell]:
    """The two irreps of a sector as cells."""
    one, two = irrep_cells(
        (sector.position_irrep, spectrum.positions), (sector.token_irrep, spectrum.vocabulary)
    )
    return one, two


def _symbolic_length(spectrum: Spectrum) -> bool:
    return isinstance(spectrum.length, sp.Expr)


def spectrum_table(spectrum: Spectrum, unicode: bool = False, full: bool = False) -> Table:
    """The summary: one row per eigenvalue, grouped by sector.

    With a symbolic length the columns are the leading behaviour in L and the samples it costs; with a
    given length the eigenvalue itself and the samples. With ``unicode`` the text is compact, for the eye. Unless ``full``, a long table has one
    row for alike eigenvalues of a block, which says how many they are, and leaves out the samples, sigma2 over the column before.
    """
    header, groups = table_groups(spectrum, unicode, full)
    return Table(header, [row for rows in groups for row in rows])


def table_groups(
    spectrum: Spectrum, unicode: bool, full: bool
) -> tuple[list[object], list[list[list[object]]]]:
    """Header and, for each sector, its rows."""
    symbolic = _symbolic_length(spectrum)
    header: list[object] = [
        "positions",
        "tokens",
        "dimension",
        "block",
        Cell("leading in L", r"\text{leading in }L") if symbolic else "eigenvalue",
        Cell("samples ~", r"\text{samples}\sim") if symbolic else "samples",
    ]
    joined = is_joined(spectrum, full)
    header = header[:5] if joined else header
    groups = []
    for sector in spectrum.sectors:
        found = _value_rows(spectrum, sector, unicode, full)
        if isinstance(sector, SeriesSector) and not found and sector.others is not None:
            order = Cell(order_text(sector.others), order_latex(sector.others))
            found = [(order, Cell("", None))]
        counted: list[tuple[object, object, int]] = []
        for value, cost in found:
            if joined and counted and counted[-1][:2] == (value, cost):
                counted[-1] = (value, cost, counted[-1][2] + 1)
            else:
                counted.append((value, cost, 1))
        rows: list[list[object]] = []
        for i, (value, cost, times) in enumerate(counted):
            head: list[object] = [None] * 3
            if i == 0:
                head = [*sector_labels(spectrum, sector), compact(sector.dimension, unicode)]
            size: object = sector.multiplicity if i == 0 else None
            if len(counted) < len(found):
                size = f"{times} of {len(found)}"
            rows.append([*head, size, value, cost][: len(header)])
        groups.append(rows)
    return header, _one_form(groups, len(header) - 1, unicode)


def _one_form(
    groups: list[list[list[object]]], column: int, unicode: bool
) -> list[list[list[object]]]:
    """Samples in a column in one form: where one stands by its digits, those with roots do too."""
    costs = [Cell.of(row[column]) for rows in groups for row in rows if len(row) > column]
    if not any(cell.value is None and cell.text.endswith((" sigma2", " σ²")) for cell in costs):
        return groups
    for rows in groups:
        for row in rows:
            value = Cell.of(row[column]).value if len(row) > column else None
            if value is None or not value.free_symbols <= {sigma2}:
                continue
            number = value / sigma2
            if number.is_number and not number.is_Rational:
                row[column] = compact(digits_cell(number, "sigma2"), unicode)
    return groups


def is_joined(spectrum: Spectrum, full: bool) -> bool:
    """Whether alike eigenvalues share a row."""
    return not full and sum(s.multiplicity for s in spectrum.sectors) > current().summary_rows


def _value_rows(
    spectrum: Spectrum, sector: Sector, unicode: bool, full: bool
) -> list[tuple[object, object]]:
    """The last two cells of every eigenvalue of a sector."""
    symbolic = _symbolic_length(spectrum)
    laws = iter(() if symbolic else sample_laws(spectrum, sector))
    rows: list[tuple[object, object]] = []
    for branch, term in zip(sector.branches, sector.leading_terms, strict=True):
        zero = isinstance(branch.value, sp.Expr) and branch.value == 0
        value: object
        cost: object = "never"
        if symbolic:
            value = 0 if zero else leading_cell(term, branch, full)
            if not zero:
                cost = leading_cost(term, full)
        else:
            value = value_cell(branch)
            if not zero:
                cost = numeric_cost(next(laws), branch)
                if _is_residue(spectrum, sector, branch):
                    value, cost = digits_cell(branch.value), Cell("", None)
        rows.append((compact(value, unicode), compact(cost, unicode)))
    return rows


SAMPLES_REMARK = (
    "k of n: a row stands for k eigenvalues of a block of n. Samples: sigma2/eigenvalue."
)


def letter_remarks(spectrum: Spectrum, full: bool) -> list[str]:
    """What the letters c and C in the table stand for, where they stand there."""
    if full or not _symbolic_length(spectrum):
        return _order_remark(spectrum, full)
    terms = [term for sector in spectrum.sectors for term in sector.leading_terms]
    lengths = [sum_terms(term.coefficient) for term in terms if term and is_long_coefficient(term)]
    if not lengths:
        return _order_remark(spectrum, full)
    few, many = min(lengths), max(lengths)
    upto = f"{few:,} to {many:,}" if few < many else f"{many:,}"
    long = f"C: no L; a formula of {upto} terms, in each row its own, which --full (in Python full=True) prints."
    return [*_order_remark(spectrum, full), long]


def _order_remark(spectrum: Spectrum, full: bool) -> list[str]:
    """What the letter c in the table stands for, where it stands there."""
    rows = [
        (branch, term, sector.is_abridged)
        for sector in spectrum.sectors
        for branch, term in zip(sector.branches, sector.leading_terms, strict=True)
        if _symbolic_length(spectrum)
        and term is not None
        and term.expression is None
        and not isinstance(term.coefficient, Ball)
    ]
    if not rows:
        return []
    known = [bool(branch.minimal_polynomial) or abridged for branch, _, abridged in rows]
    where = ", not written for blocks as large as these"
    if any(known):
        where = " below" if full else ", which --full (in Python full=True) and --format json print"
        where += "" if all(known) else "; that of the largest blocks is not written"
    return [f"c: no formula and no L; a positive root of its eigenvalue's edge polynomial{where}."]


def sector_edges(spectrum: Spectrum, sector: Sector) -> list[tuple[sp.Expr, sp.Expr]]:
    """The powers of L in a sector whose coefficients have no formula, with their edge polynomials."""
    found: dict[tuple[sp.Expr, sp.Expr], None] = {}
    for term, edge in zip(sector.leading_terms, sector.edge_polynomials, strict=True):
        if _symbolic_length(spectrum) and edge and term and term.expression is None:
            polynomial = sp.Add(*(a * COEFFICIENT**k for k, a in enumerate(edge)))
            found[term.variable**term.exponent, polynomial] = None
    return list(found)


def _is_residue(spectrum: Spectrum, sector: Sector, branch: Branch) -> bool:
    """Whether an eigenvalue of a kernel of floats is no larger than their rounding."""
    if sector.recorded != "floating" or not _is_known(branch):
        return False
    values: list[Any] = [b.value for s in spectrum.sectors for b in s.branches if _is_known(b)]
    own: Any = branch.value
    return abs(float(own)) < _RESIDUE * max(abs(float(value)) for value in values)


def _is_known(branch: Branch) -> bool:
    """Whether an eigenvalue is a number."""
    value = branch.value
    return value is not None and not (isinstance(value, sp.Expr) and not value.is_number)


def sector_statements(spectrum: Spectrum, sector: Sector, full: bool) -> list[tuple[str, Any, int]]:
    """What is said of a sector: (kind, formula, how often).

    Kinds are "series" (in 1/L) and "others" (the order of the other eigenvalues), or "value", "roots" (of a polynomial), "radical" and "conjugate" (its roots, if ``full`` and they are written), "enclosed" (a list of balls), "unwritten"
    (their number), "abridged" (the same, of those that the sector has), "terms" (of series, which a summary leaves out) and "long" ((degree, terms, digits) of a polynomial that a summary leaves out).
    """
    if isinstance(sector, SeriesSector):
        found = list(sector.series(None))
        shown = found if full else list(map(_short_series, found))
        cut = sum(len(s.terms) for s in found) - sum(len(s.terms) for s in shown)
        return [
            *(("series", series, 1) for series in shown),
            *([("terms", cut, 1)] if cut else []),
            ("others", sector.others, 1),
        ]
    said: list[tuple[str, Any, int]] = []
    seen: dict[Any, int] = {}
    for branch in sector.branches:
        key = branch.minimal_polynomial
        seen[key] = seen.get(key, 0) + 1
    for key, count in seen.items():
        if not key:
            balls = [b.value for b in sector.branches if not b.minimal_polynomial]
            if hasattr(balls[0], "digits"):
                said.append(("enclosed", balls, 1))
            else:
                said.append(("abridged" if sector.is_abridged else "unwritten", count, 1))
            continue
        branch = next(b for b in sector.branches if b.minimal_polynomial == key)
        times = count // branch.degree
        if not full and not _is_readable(branch):
            said.append(("long", (branch.degree, _terms(branch), _digits_of(branch)), times))
            continue
        if branch.degree == 1:
            said.append(("value", branch.value, times))
            continue
        said.append(("roots", branch.polynomial(), times))
        if full and isinstance(branch.value, sp.Expr):
            roots = {b.index: b.value for b in sector.branches if b.minimal_polynomial == key}
            said += [("radical", roots[0], times), ("conjugate", roots[1], times)]
    return said


def _short_series(series: LengthSeries) -> LengthSeries:
    """A series up to the first coefficient that nobody reads."""
    for i, term in enumerate(series.terms):
        value = term.coefficient
        if i and isinstance(value, sp.Expr) and sum_terms(value) > current().series_terms:
            return series.first(i)
    return series


def _terms(branch: Branch) -> int:
    """Terms of the minimal polynomial, expanded."""
    return sum(len(c.num) + len(c.den) - 1 for c in branch.minimal_polynomial if c)


def _digits_of(branch: Branch) -> int:
    """Digits of the longest number in the minimal polynomial."""
    parts = (p for c in branch.minimal_polynomial if c for p in (c.num, c.den))
    longest = max((abs(int(n)) for p in parts for n in p.to_dict().values()), default=0)
    return longest.bit_length() * 30103 // 100000 + 1


def _rational_digits(value: sp.Rational) -> int:
    return max(abs(int(value.p)), int(value.q)).bit_length() * 30103 // 100000 + 1


def is_short(trace: sp.Expr) -> bool:
    """Whether a summary prints the trace."""
    if trace.is_Rational:
        return _rational_digits(trace) <= current().readable_digits
    return sum_terms(trace) <= current().trace_terms


def _is_readable(branch: Branch) -> bool:
    """Whether a summary prints the formula: polynomials of high degree are as slow to typeset as long ones."""
    return (
        branch.degree * _terms(branch) <= current().readable_terms
        and _digits_of(branch) <= current().readable_digits
    )


def left_out(statements: list[list[tuple[str, Any, int]]]) -> list[str]:
    """What a summary says at its end of the formulas that it does not print."""
    long = sum(times * f[0] for said in statements for kind, f, times in said if kind == "long")
    unwritten = sum(count for said in statements for kind, count, _ in said if kind == "unwritten")
    lines = []
    if long:
        lines.append(
            f"{long} eigenvalue{'s' * (long > 1)} with formulas too long to read here: "
            "--full (in Python full=True) prints them."
        )
    if abridged := sum(c for said in statements for kind, c, _ in said if kind == "abridged"):
        lines.append(
            f"{abridged} eigenvalue{'s' * (abridged > 1)} whose formulas take longer than all else here: "
            "--full (in Python full=True) prints them."
        )
    if cut := sum(c for said in statements for kind, c, _ in said if kind == "terms"):
        lines.append(
            f"{cut} more term{'s' * (cut > 1)} of series with formulas too long to read here: "
            "--full (in Python full=True) prints them."
        )
    if unwritten:
        lines.append(
            f"{unwritten} eigenvalues of blocks too large for one formula: the table has their leading terms "
            "where they are known, --format json the exact blocks; numbers for the symbols give the roots."
        )
    return lines


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
        if not full and trace.is_Rational and _rational_digits(trace) > current().readable_digits:
            count = f"{_rational_digits(trace):,}"
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


def others_text(order: sp.Rational | None, more: bool) -> str:
    """What is said of the eigenvalues without a series, where there are ``more`` or none."""
    if order is None:
        return "no other eigenvalues but 0" if more else "all eigenvalues are 0"
    return f"{'other' if more else 'all'} eigenvalues: {order_text(order)}"


def long_text(degree: int, terms: int, digits: int) -> str:
    """What is said of eigenvalues whose formula is too long to print."""
    if digits > current().readable_digits:
        number = degree == 1 and terms <= 2
        kind = "a number" if number else f"roots of a polynomial of degree {degree} with numbers"
        return f"{kind} of {digits:,} digits"
    if degree == 1:
        return f"a formula of {terms:,} terms"
    return f"roots of a polynomial of degree {degree} with {terms:,} terms"


def _standing(spectrum: Spectrum) -> list[str]:
    """What is said of a spectrum whose kernel was not proved symmetric, or not given exactly."""
    found = dict.fromkeys(
        str(standing) for t in spectrum.sectors for standing in (t.recorded, t.standing)
    ) or [str(spectrum.standing)]
    lines = [f"{'note':<8}{remark_of(name, spectrum)}" for name in found if name in REMARKS]
    if (taken := taken_to_be_zero(spectrum, "1e-%d")) is not None:
        lines.append(f"{'':<8}{taken}")
    return lines


def taken_to_be_zero(spectrum: Spectrum, digits: str) -> str | None:
    """What is said of balls that hold zero, where series have some; ``digits`` writes the power of ten below which they count as zero."""
    places = [t.undecided for t in spectrum.sectors if isinstance(t, SeriesSector) and t.undecided]
    if not places:
        return None
    return (
        f"constants below {digits % min(places)} that no digit tells from zero are taken to be zero"
    )


def _series_remark(spectrum: Spectrum) -> list[str]:
    """What HTML says of series."""
    if not isinstance(spectrum.trace(), LengthSeries):
        return []
    taken = taken_to_be_zero(spectrum, "$10^{-%d}$")
    said = remark_of("asymptotic", spectrum)
    said = said.replace("series", "Series are", 1).replace(" L ", " $L$ ")
    return [f"{said}; {taken}." if taken else f"{said}."]


def sector_sizes(spectrum: Spectrum, sector: Sector) -> dict[str, int]:
    """The sizes from which on a sector's formulas hold, of those that are symbols; none for series."""
    if isinstance(sector, SeriesSector):
        return {}
    sizes = (("L", spectrum.length), ("v", spectrum.vocabulary))
    return {
        name: sector.valid_for[name]
        for name, size in sizes
        if isinstance(size, sp.Expr) and size.is_Symbol and size.name == name
    }


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


def sector_html(sector: Sector) -> str:
    """One sector for a notebook: stable labels, dimension, and a row per eigenvalue."""
    labels = irrep_cells((sector.position_irrep, "L"), (sector.token_irrep, "v"))
    rows = [
        [*labels, sector.dimension, value_cell(branch), leading_cell(term, branch)]
        for branch, term in zip(sector.branches, sector.leading_terms, strict=True)
    ]
    return Table(("positions", "tokens", "dimension", "eigenvalue", "leading"), rows).html()
