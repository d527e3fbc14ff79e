"""The degree of permutation symmetry of a text, as text, LaTeX, HTML, CSV and plain data."""

from __future__ import annotations

from dataclasses import asdict
from textwrap import wrap
from typing import Any

from symkern.data import Estimate, SymmetryReport
from symkern.pages.paragraphs import centred, paragraph
from symkern.reading.annotated import typed
from symkern.typeset.document import escape
from symkern.typeset.plain_columns import Column, columns_csv, dataframe
from symkern.typeset.tables import Cell, Table

_KEY = (
    "Of the correlations between different positions, centred: exch is what shuffling the windows leaves, decay depends on the lag, arrow on the direction of time; "
    "they add up to 1. off/diag is their squared norm against that of single positions. full = (diag + exch)/(diag + off) is near 1 for every text and says little. "
    "In parentheses one standard error in the last digits, by the jackknife over folds."
)
_LETTERS = {
    "letters": "lower-case letters, what is between words one space",
    "words": "words in lower case",
    "tokens": "tokens, what is between white space",
    "bytes": "bytes",
    "ids": "numbers",
}


def _estimate(value: Estimate | None) -> Cell:
    return Cell("-", r"\text{--}") if value is None else Cell(str(value), str(value))


def report_table(report: SymmetryReport) -> Table:
    """One row for each length that was asked for."""
    header = ("L", "exch/off", "95 %", "decay/off", "arrow/off", "off/diag", "full")
    rows = []
    for length in report.lengths:
        one = report.at(length)
        exch = one.exchangeable
        interval = "-" if exch is None else f"{exch.low:.3f} .. {exch.high:.3f}"
        shares = (one.decay, one.arrow, one.correlation, one.full)
        rows.append([Cell.of(length), _estimate(exch), interval, *map(_estimate, shares)])
    return Table(header, rows, "rlcllll")


def _multiplets(report: SymmetryReport) -> Table:
    header = ("L", "predicted, L-1 times", "least", "largest", "spread")
    rows = [
        [Cell.of(length), f"{m.predicted:.4f}", f"{m.low:.4f}", f"{m.high:.4f}", f"{m.spread:.3f}"]
        for length, found in zip(report.lengths, report.multiplets, strict=True)
        for m in found
    ]
    return Table(header, rows, "rrrrr")


def _nulls(report: SymmetryReport) -> Table:
    header = (
        "L",
        "windows",
        "U",
        "U shuffled",
        "p",
        "exch/off shuffled",
        "off/diag of shuffled text",
    )
    rows = [
        [Cell.of(n.length), Cell.of(n.windows), f"{n.excess:.4g}", f"{n.shuffled_excess:.4g}", f"{n.p_value:.3g}", _estimate(n.exchangeable), _estimate(n.correlation)]
        for n in report.nulls
    ]  # fmt: skip
    return Table(header, rows, "rrrrrll")


def _head(report: SymmetryReport) -> list[tuple[str, str]]:
    alphabet = report.alphabet
    rest = ", the last one all others" if alphabet.rest else ""
    return [
        ("text", ", ".join(report.sources)),
        ("letters", f"{report.letters:,} {_LETTERS[alphabet.unit]}; v = {alphabet.vocabulary}{rest}"),
        ("folds", f"{report.folds}, products between different ones alone"),
    ]  # fmt: skip


def verdict(report: SymmetryReport) -> str:
    """What the numbers at the largest length say, in a sentence.

    >>> from symkern.data import symmetry_report
    >>> print(verdict(symmetry_report(b"ab" * 4000, [4], shuffles=0)))
    At L = 4 shuffling would leave 0.11 of the squared norm of the correlations; 0.89 depends on the lag.
    """
    one = report.at(report.lengths[-1])
    if one.exchangeable is None or one.decay is None:
        return f"At L = {one.length} correlations do not stand out of their noise: there is nothing to be symmetric."
    parts = [f"{one.decay.value:.2f} depends on the lag"]
    if one.arrow is not None:
        parts.append(f"{one.arrow.value:.2f} is the arrow of time")
    left = f"At L = {one.length} shuffling would leave {one.exchangeable.value:.2f} of the squared norm of the correlations"
    return f"{left}; {' and '.join(parts)}."


def _notes(report: SymmetryReport) -> list[str]:
    notes = [verdict(report), _KEY]
    if report.alphabet.vocabulary == 2:
        notes.append("With two letters arrow is not defined: it is 0 for every stationary text.")
    if any(one.exchangeable is None for one in map(report.at, report.lengths)):
        notes.append("A dash: the interval of off/diag reaches 0, and no share of it means anything.")  # fmt: skip
    return notes


_SPREAD = "Principal components: exchangeability would make L - 1 of them equal. That they lie in irreps says nothing, for any stationary text has near-sinusoids."
_TESTED = "Windows shuffled inside: U = (off - exch)/diag as it is, the largest of {shuffles} shuffles, and p of the exact test that windows are exchangeable (seed {seed})."


def _third(report: SymmetryReport) -> str:
    found = [f"{'-' if t.share is None else t.share} at L = {t.length}" for t in report.third]
    there = {t.length for t in report.third}
    left = [str(n) for n in report.lengths if n > 2 and n not in there]
    if left:
        found.append(f"its moments are too many at L = {', '.join(left)}")
    return f"Third order, share that shuffling leaves: {'; '.join(found)}." if found else ""


@typed
def report_text(report: SymmetryReport, width: int = 80) -> str:
    """As plain text, no line longer than ``width``.

    Args:
        report: the report.
        width: columns.
    """
    lines: list[str] = []
    for name, value in _head(report):
        lines += paragraph(name, value, width)
    lines += ["", report_table(report).text(width), ""]
    for note in _notes(report):
        lines += wrap(note, width)
    if third := _third(report):
        lines += wrap(third, width)
    if any(report.multiplets):
        lines += ["", *wrap(_SPREAD, width), "", _multiplets(report).text(width)]
    if report.nulls:
        lines += ["", *wrap(_tested(report), width), "", _nulls(report).text(width)]
    return "\n".join(lines)


def _tested(report: SymmetryReport) -> str:
    return _TESTED.format(shuffles=report.nulls[0].shuffles, seed=report.nulls[0].seed)


def report_latex(report: SymmetryReport) -> str:
    """A paragraph for each part and its table."""
    head = "; ".join(f"{name}: {value}" for name, value in _head(report))
    lines = [r"\begin{sloppypar}", rf"\noindent {escape(head)}.", r"\end{sloppypar}"]
    lines += centred(report_table(report))
    lines += [rf"\noindent {escape(' '.join(_notes(report)))} {escape(_third(report))}"]
    if any(report.multiplets):
        lines += ["", rf"\noindent {escape(_SPREAD)}", *centred(_multiplets(report))]
    if report.nulls:
        lines += ["", rf"\noindent {escape(_tested(report))}", *centred(_nulls(report))]
    return "\n".join(lines)


def report_html(report: SymmetryReport) -> str:
    """The tables for a notebook."""
    shown = [report_table(report), _multiplets(report), *([_nulls(report)] if report.nulls else [])]
    return "".join(table.html() for table in shown)


def report_csv(report: SymmetryReport) -> str:
    """One row for every length up to the largest; values, errors and ends of intervals."""
    return columns_csv(_columns(report))


@typed
def report_dataframe(report: SymmetryReport, backend: str | None = None) -> Any:
    """The report as a DataFrame, one row for every length up to the largest; needs the extra ``frames``.

    Columns: ``L``, then ``exchangeable``, ``decay``, ``arrow`` (shares of the correlations), ``correlation`` (off/diag), ``full`` and ``excess``, each followed by its
    standard error and the ends of its interval (``decay_error``, ``decay_low``, ``decay_high``); empty where a share means nothing.

    Args:
        report: the report.
        backend: "pandas", "polars" or "pyarrow"; None for the first that is installed.

    Raises:
        InvalidArgument: another backend.
        SymkernError: narwhals or the backend is not installed.

    >>> from symkern.data import symmetry_report
    >>> frame = symmetry_report(b"ab" * 4000, [4], shuffles=0).to_dataframe("pandas")
    >>> frame[["L", "exchangeable"]].round(2).iloc[-1].tolist()
    [4.0, 0.11]
    """
    return dataframe(_columns(report), backend)


def _columns(report: SymmetryReport) -> list[Column]:
    columns = [Column("L", int, [one.length for one in report.every])]
    for name in ("exchangeable", "decay", "arrow", "correlation", "full", "excess"):
        found = [getattr(one, name) for one in report.every]
        for part in ("value", "error", "low", "high"):
            title = name if part == "value" else f"{name}_{part}"
            values = [None if one is None else getattr(one, part) for one in found]
            columns.append(Column(title, float, values))
    return columns


def report_document(report: SymmetryReport) -> dict[str, Any]:
    """The report as plain data for JSON: its fields, by their names."""
    found = {"schema": 1, **asdict(report)}
    found["multiplets"] = [
        {"length": length, "leading": [asdict(m) for m in one]}
        for length, one in zip(report.lengths, report.multiplets, strict=True)
    ]
    return _plain(found)  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, (tuple, list)) else value
