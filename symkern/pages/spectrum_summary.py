"""The summary of a spectrum: one row per eigenvalue, sector by sector, and the remarks below it."""

from __future__ import annotations

import sympy as sp

from symkern.abc import sigma2
from symkern.exact import Ball
from symkern.exact.length_series import order_latex, order_text
from symkern.limits import current
from symkern.pages.eigenvalue_cells import (
    digits_cell,
    is_long_coefficient,
    leading_cell,
    leading_cost,
    numeric_cost,
    sum_terms,
    value_cell,
)
from symkern.pages.paragraphs import compact, irrep_cells
from symkern.pages.spectrum_statements import has_symbolic_length, is_residue
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.sample_laws import sample_laws
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.tables import Cell, Table


def sector_labels(spectrum: Spectrum, sector: Sector) -> tuple[Cell, Cell]:
    """The two irreps of a sector as cells."""
    one, two = irrep_cells(
        (sector.position_irrep, spectrum.positions), (sector.token_irrep, spectrum.vocabulary)
    )
    return one, two


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
    symbolic = has_symbolic_length(spectrum)
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
    symbolic = has_symbolic_length(spectrum)
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
                if is_residue(spectrum, sector, branch):
                    value, cost = digits_cell(branch.value), Cell("", None)
        rows.append((compact(value, unicode), compact(cost, unicode)))
    return rows


SAMPLES_REMARK = (
    "k of n: a row stands for k eigenvalues of a block of n. Samples: sigma2/eigenvalue."
)


def letter_remarks(spectrum: Spectrum, full: bool) -> list[str]:
    """What the letters c and C in the table stand for, where they stand there."""
    if full or not has_symbolic_length(spectrum):
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
        if has_symbolic_length(spectrum)
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
