r"""Spectra as LaTeX: definitions, the kernel, the table, then each sector's eigenvalues with the sizes from which they hold, standing and a label.

The unknown of a characteristic polynomial is lambda, x being a sequence. What a summary leaves out and says instead is that of `symkern.pages.spectrum_statements`.
Labels are eq:kernel, eq:trace and, sector by sector, eq:MU:KAPPA with the parts of both stable labels, 0 for the empty one: eq:2-1:0.
"""

from __future__ import annotations

import re
from typing import Any

import sympy as sp

from symkern.abc import x
from symkern.engines.engine import Progress
from symkern.exact import Ball
from symkern.exact.asymptotics import Leading
from symkern.exact.length_series import LengthSeries, order_latex
from symkern.limits import check_time, current, within_time
from symkern.pages.blocks import (
    WIDTH,
    Block,
    Display,
    Heading,
    Listing,
    Words,
    blocks_latex,
    label_of,
)
from symkern.pages.definitions import (
    data_words,
    kernel_blocks,
    operator_words,
    parameter_words,
    settings_words,
)
from symkern.pages.eigenvalue_cells import COEFFICIENT
from symkern.pages.spectrum_statements import (
    COUNTED,
    LESS,
    REMARKS,
    is_short,
    left_out,
    long_text,
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
    table_groups,
)
from symkern.progress import handed
from symkern.reading.annotated import typed
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.document import escape
from symkern.typeset.tables import Table
from symkern.typeset.tex import formula_display, formula_latex, latex_width

#: The unknown of polynomials whose roots are eigenvalues.
UNKNOWN = sp.Symbol("lambda", positive=True)


@typed
def spectrum_latex(spectrum: Spectrum, full: bool = False, progress: Progress = iter) -> str:
    r"""The spectrum as LaTeX: definitions, k(x, y), booktabs tables, and numbered displays per sector with sizes and standing.

    Needs amsmath and booktabs; `symkern.typeset.document.document` wraps it for compilation. A table that is longer than a page is set as several.

    Args:
        spectrum: the spectrum.
        full: also write out eigenvalues and polynomials that take long or are long.
        progress: wraps the list of sectors, twice.

    Raises:
        TooLong: beyond ``seconds`` of `symkern.limits`.

    >>> from symkern.kernels import derive
    >>> print(derive("bag-of-tokens").latex().splitlines()[-1])
    \end{align}
    """
    with within_time("the LaTeX of this spectrum", LESS):
        return blocks_latex(spectrum_blocks(spectrum, full, progress))


def spectrum_blocks(
    spectrum: Spectrum, full: bool = False, progress: Progress = iter, defined: bool = True
) -> list[Block]:
    """The spectrum as blocks of a document; without its definitions unless ``defined``."""
    shown = shown_spectrum(spectrum, full, progress)
    blocks: list[Block] = []
    if defined:
        blocks += definition_blocks(shown)
    blocks += table_blocks(shown, full)
    blocks += standing_blocks(shown)
    statements = []
    for sector in handed(progress, list(shown.sectors)):
        check_time()
        said = sector_statements(shown, sector, full)
        statements.append(said)
        if any(kind not in COUNTED for kind, _, _ in said):
            blocks += sector_blocks(shown, sector, said, full)
    blocks += [Words(rf"\noindent {escape(remark)}") for remark in left_out(statements)]
    return blocks


def definition_blocks(spectrum: Spectrum, stages: bool = False) -> list[Block]:
    """Data, kernel, operator and its trace."""
    sentences = (data_words(spectrum), parameter_words(spectrum), settings_words(spectrum))
    blocks: list[Block] = [Words(" ".join(filter(None, sentences)))]
    blocks += kernel_blocks(spectrum, stages)
    blocks.append(Words(operator_words(spectrum)))
    trace = spectrum.trace()
    if isinstance(trace, (Ball, LengthSeries)):
        blocks.append(Words("Counted as often as their dimensions say, they sum to"))
        left = r"\mathbb{E}\,k(x,x)"
        if isinstance(trace, LengthSeries):
            blocks.append(Display(latex=series_lines(left, trace)))
        else:
            blocks.append(Display(latex=rf"{left} &= {trace.latex(12)}"))
    elif is_short(trace):
        blocks.append(Words("Counted as often as their dimensions say, they sum to"))
        blocks.append(Display(r"\mathbb{E}\,k(x,x)", trace, label=label_of("eq", "trace")))
    return blocks


def _column_words(spectrum: Spectrum) -> str:
    """What the columns of the summary mean."""
    of_letters = any(sector.token_irrep is not None for sector in spectrum.sectors)
    named = "with one of the renamings of tokens, each named by a partition" if of_letters else "named by a partition"  # fmt: skip
    series = any(isinstance(sector, SeriesSector) for sector in spectrum.sectors)
    counted = "of the sector whose series are given" if series else "of the sector"
    return (
        "A row of the table is an eigenvalue, a group of rows a sector: an irreducible representation of the permutations of positions "
        f"{named}. The dimension is the number of eigenfunctions of each eigenvalue, the block the number of eigenvalues {counted}; "
        r"with ridge $\sigma^2$ an eigenfunction is half learned from $n = \sigma^2/\lambda$ samples."
    )


def table_blocks(spectrum: Spectrum, full: bool) -> list[Block]:
    """The summary table, with what its columns mean."""
    blocks: list[Block] = [Words(_column_words(spectrum))]
    blocks.append(Listing(tuple(_pages(spectrum, full))))
    remarks = [SAMPLES_REMARK] if is_joined(spectrum, full) else []
    remarks += letter_remarks(spectrum, full)
    return blocks + [Words(rf"\noindent {escape(remark)}") for remark in remarks]


def _pages(spectrum: Spectrum, full: bool) -> list[Table]:
    """The summary in tables of at most ``page_rows`` rows where sectors allow it; larger sectors are cut."""
    header, groups = table_groups(spectrum, False, full)
    most = current().page_rows
    pieces = [rows[i : i + most] for rows in groups for i in range(0, len(rows), most)]
    pages: list[list[list[object]]] = [[]]
    for piece in pieces:
        if pages[-1] and len(pages[-1]) + len(piece) > most:
            pages.append([])
        pages[-1] += piece
    return [Table(header, rows) for rows in pages]


def standing_blocks(spectrum: Spectrum) -> list[Block]:
    """How sure all of it is, where that is less than proved."""
    found = dict.fromkeys(str(one) for t in spectrum.sectors for one in (t.recorded, t.standing))
    remarks = [remark_of(name, spectrum) for name in found or [str(spectrum.standing)] if name in REMARKS]  # fmt: skip
    blocks: list[Block] = [Words(rf"\noindent Standing: {escape(remark).replace(' L ', ' $L$ ')}.") for remark in remarks]  # fmt: skip
    if (sentence := taken_to_be_zero(spectrum, "$10^{-%d}$")) is not None:
        blocks.append(Words(rf"\noindent {sentence[0].upper()}{sentence[1:]}."))
    return blocks


def sizes_latex(sizes: dict[str, int]) -> str:
    r"""Sizes from which on something holds, for math mode.

    >>> print(sizes_latex({"L": 3, "v": 4}))
    L \geq 3,\ v \geq 4
    """
    return r",\ ".join(rf"{name} \geq {least}" for name, least in sizes.items())


def sector_latex(spectrum: Spectrum, sector: Sector) -> str:
    """The irreps of a sector in math mode."""
    one, two = sector_labels(spectrum, sector)
    return f"{one.latex}" if sector.token_irrep is None else rf"{one.latex} \otimes {two.latex}"


def least_positions(sector: Sector) -> int:
    """The length from which on the positions have this irrep, (L - |mu|, mu) being a partition then."""
    mu = tuple(sector.position_irrep)
    return max(sum(mu) + max(mu, default=0), 1)


def sector_label(sector: Sector, number: int = 0) -> str:
    """The label of a sector's display of that number."""
    kappa = () if sector.token_irrep is None else (tuple(sector.token_irrep),)
    pieces = ("eq", tuple(sector.position_irrep), *kappa)
    return label_of(*pieces, *([number + 1] if number else []))


def sector_blocks(
    spectrum: Spectrum, sector: Sector, said: list[tuple[str, Any, int]], full: bool
) -> list[Block]:
    """One sector: its label, dimension, sizes and standing, then a display for each eigenvalue or polynomial, and the edge polynomials if ``full``."""
    head = rf"Sector ${sector_latex(spectrum, sector)}$."
    sizes = sector_sizes(spectrum, sector)
    told = rf"Dimension ${formula_latex(sector.dimension)}$"
    told += f", for ${sizes_latex(sizes)}$" if sizes else ""
    blocks: list[Block] = [Heading(head, 3), Words(rf"{told} ({sector.standing.value}).")]
    blocks += statement_blocks(sector, said)
    for power, edge in sector_edges(spectrum, sector) if full else ():
        place = "" if power == 1 else f" in ${formula_latex(COEFFICIENT * power)}$"
        blocks.append(Words(rf"\noindent $c${place}: roots of"))
        blocks.append(Display("0", edge, COEFFICIENT))
    return blocks


def statement_blocks(
    sector: Sector,
    said: list[tuple[str, Any, int]],
    roots: str = "The eigenvalues are the roots",
) -> list[Block]:
    """What is said of a sector's eigenvalues, as `symkern.pages.spectrum.sector_statements` finds it; ``roots`` begins what is said of polynomials."""
    blocks: list[Block] = []
    number = 0
    for kind, formula, times in said:
        if kind in ("unwritten", "abridged", "terms"):
            continue
        if kind in ("enclosed", "others", "long", "conjugate"):
            blocks.append(Words(_statement_words(kind, formula, times, len(said) > 1)))
            continue
        if times > 1:
            blocks.append(Words(rf"\noindent {times} times:"))
        label = sector_label(sector, number)
        number += 1
        if kind == "series":
            blocks.append(Display(latex=series_lines(r"\lambda", formula), label=label))
            if formula.holds_from is not None:
                start = max(formula.holds_from, least_positions(sector))
                blocks.append(Words(rf"\noindent The second term is smaller than the first from about $L = {start}$ on."))  # fmt: skip
        elif kind == "roots":
            blocks.append(Words(rf"\noindent {roots} of the polynomial in $\lambda$"))
            blocks.append(Display("0", formula.xreplace({x: UNKNOWN}), UNKNOWN, label))
        else:
            blocks.append(Display(r"\lambda", formula, label=label))
    return blocks


def _statement_words(kind: str, formula: Any, times: int, more: bool) -> str:
    if kind == "enclosed":
        listed = ", ".join(f"${ball.latex(12)}$" for ball in formula)
        return rf"\noindent Eigenvalues, certain to the digits shown: {listed}."
    if kind == "others" and formula is None:
        return r"\noindent There are no other eigenvalues but 0."
    if kind == "others":
        return rf"\noindent {'Other' if more else 'All'} eigenvalues are ${order_latex(formula)}$."
    if kind == "conjugate":
        return r"\noindent and the same with the other sign of the root."
    again = f"{times} times " if times > 1 else ""
    return rf"\noindent {again}{long_text(*formula)}."


def _digits_width(term: Leading) -> float:
    """em of a term that has digits and no formula."""
    shown = LengthSeries((term,), None).latex()
    return 0.55 * len(re.sub(r"\\[a-zA-Z,]+|[{}^]", "", shown))


def series_lines(left: str, series: LengthSeries) -> str:
    r"""``left`` = a series in lines of amsmath's align: in one where that fits, else its terms one below the other, long ones broken.

    >>> from symkern.abc import L
    >>> from symkern.exact.asymptotics import Leading
    >>> print(series_lines(r"\lambda", LengthSeries((Leading(sp.S(0), sp.S(1) / 2), Leading(sp.S(-1), sp.S(-1))), sp.S(-3))))
    \lambda &= \frac{1}{2} - \frac{1}{L} + O(L^{-3})
    """
    widths = [
        _digits_width(t) if t.expression is None else latex_width(t.expression)
        for t in series.terms
    ]
    if sum(widths) + 1.5 * len(widths) + 0.6 * len(re.sub(r"\\[a-z]+", "", left)) < WIDTH - 6:
        return rf"{left} &= {series.latex()}"
    lines: list[str] = []
    for term in series.terms:
        shown = LengthSeries((term,), None).latex()
        negative = shown.startswith("-")
        if term.expression is None:
            pieces = [shown.removeprefix("-").lstrip()]
        else:
            value = -term.expression if negative else term.expression
            pieces = formula_display(value, width=WIDTH - 6, environment="align*").splitlines()[1:-1]  # fmt: skip
        first, *rest = (re.sub(r"^& (\\quad )?| \\\\$", "", piece) for piece in pieces)
        sign = "-" if negative else "+" if lines else ""
        lines += [" ".join(filter(None, (sign, first))), *(rf"\quad {piece}" for piece in rest)]
    lines += [] if series.error is None else [f"+ {order_latex(series.error)}"]
    return " \\\\\n".join([f"{left} &= {lines[0]}", *(rf"&\quad {line}" for line in lines[1:])])
