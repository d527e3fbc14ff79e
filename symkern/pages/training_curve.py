"""Training curves as text, LaTeX and HTML; what is printed is taken by its attributes."""

from __future__ import annotations

import csv
import io
import json
from html import escape as html_escape
from textwrap import wrap

import numpy as np
import sympy as sp

from symkern.learning.training_curve import TrainingCurve
from symkern.learning.training_document import training_document
from symkern.learning.training_times import curve_times
from symkern.pages.learning_curve import (
    callable_name,
    number_cell,
    parts_table,
    percent_cell,
    plain_number,
)
from symkern.pages.paragraphs import centred, paragraph
from symkern.pages.training_times import times_latex, times_text
from symkern.reading.annotated import typed
from symkern.typeset.document import document, escape
from symkern.typeset.plain import formula_text
from symkern.typeset.tables import Cell, Table

_NOTHING = "The target is zero, E f^2 = 0: there is nothing to learn."
_KEY = (
    "half learned at t: log(2)/eigenvalue, gradient flow of rate 1 on half the population mean squared error. The error is against fresh labels, "
    "noise included; learned: share of E f^2 that is left no more."
)


@typed
def training_table(curve: TrainingCurve, points: int = 16) -> Table:
    """t, the error, and the share of E f^2 that is learned, at some of the t."""
    order = np.argsort(curve.t, kind="stable")
    places = np.unique(np.linspace(0, len(order) - 1, min(points, len(order))).round().astype(int))
    rows = []
    for i in order[places]:
        learned = Cell("-", r"\text{--}")
        if curve.total:
            learned = percent_cell(1 - float(curve.bias[i]) / curve.total)
        cells = (float(curve.t[i]), float(curve.test_error[i]))
        rows.append([*map(number_cell, cells), learned])
    return Table(("t", "test error", "learned"), rows, "rrr")


def _head(curve: TrainingCurve) -> list[tuple[str, str]]:
    spectrum = curve.spectrum
    settings = ", ".join(f"{name} = {formula_text(value)}" for name, value in spectrum.settings)
    lines = [
        ("kernel", str(spectrum.kernel)),
        ("set", settings),
        ("tokens", str(spectrum.tokens)),
        ("target", callable_name(curve.target) or str(curve.target)),
        ("data", f"length L = {spectrum.length}, the population, label noise {plain_number(curve.noise)}"),
    ]  # fmt: skip
    return [(name, value) for name, value in lines if value]


@typed
def training_text(curve: TrainingCurve, width: int = 80, unicode: bool = True) -> str:
    """The target's parts in the order in which they are learned, and the curve at some of the t."""
    lines = []
    for name, value in _head(curve):
        lines += paragraph(name, value, width)
    parts = parts_table(curve).text(width) if curve.total else _NOTHING
    lines += ["", parts, "", training_table(curve).text(width), ""]
    lines += wrap(_KEY, width)
    return "\n".join(line.rstrip() for line in lines)


def training_latex(curve: TrainingCurve) -> str:
    r"""A paragraph that says what was computed, and both tables."""
    spectrum, target = curve.spectrum, curve.target
    shown = f"${target.latex()}$" if hasattr(target, "latex") else escape(callable_name(target))
    settings = "".join(
        f", ${sp.latex(sp.Symbol(name))} = {sp.latex(value)}$" for name, value in spectrum.settings
    )
    text = (
        rf"Gradient flow of rate one on half the population mean squared error with \texttt{{{escape(str(spectrum.kernel))}}}{settings} on tokens "
        rf"{spectrum.tokens.latex()}, length $L = {spectrum.length}$; target {shown}, label noise ${plain_number(curve.noise)}$."
    )
    tables = [parts_table(curve)] if curve.total else []
    if not tables:
        text += r" The target is zero, $\mathbb{E} f^2 = 0$: there is nothing to learn."
    lines = [text]
    for table in (*tables, training_table(curve)):
        lines += centred(table)
    return "\n".join(lines)


def training_html(curve: TrainingCurve) -> str:
    """Both tables for a notebook."""
    head = "<br>".join(f"<b>{html_escape(n)}</b> {html_escape(value)}" for n, value in _head(curve))
    return f"<div><p>{head}</p>{parts_table(curve).html()}{training_table(curve).html()}</div>"


def training_page(curves: list[TrainingCurve], form: str, unicode: bool = True) -> str:
    """Curves of one target at several lengths in one of the formats text, latex, json and csv, with the times of its parts as the length grows."""
    if form == "json":
        documents = [training_document(one) for one in curves]
        return json.dumps(documents[0] if len(documents) == 1 else documents, indent=2)
    if form == "csv":
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["L", "t", "test_error"])
        for one in curves:
            for row in zip(one.t, one.test_error, strict=True):
                writer.writerow([one.length, *(f"{float(value):.10g}" for value in row)])
        return stream.getvalue()
    times = curve_times(curves[-1])
    grows = times is not None and times.total != 0
    if form == "latex":
        pieces = [training_latex(one) for one in curves]
        if times is not None and grows:
            pieces.append(times_latex(times))
        return document("\n\n".join(pieces))
    pieces = [training_text(one, unicode=unicode) for one in curves]
    if times is not None and grows:
        head = f"As the length grows, v = {times.spectrum.vocabulary}: the parts in the order in which times t ~ L^k learn them"
        pieces.append("\n".join([*wrap(head, 80), times_text(times, unicode=unicode)]))
    return "\n\n".join(pieces)
