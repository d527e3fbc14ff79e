"""Training curves as text, LaTeX and HTML; what is printed is taken by its attributes."""

from __future__ import annotations

import json
from textwrap import wrap

import numpy as np

from symkern.learning.training_curve import TrainingCurve
from symkern.learning.training_document import training_document
from symkern.learning.training_times import curve_times
from symkern.pages.curve_columns import training_columns
from symkern.pages.curve_layout import (
    Head,
    head_lines,
    laid_out_html,
    laid_out_latex,
    laid_out_text,
    plain_number,
)
from symkern.pages.learning_curve import number_cell, parts_table, percent_cell
from symkern.pages.training_times import times_latex, times_text
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.document import document
from symkern.typeset.plain_columns import columns_csv
from symkern.typeset.tables import Cell, Table

_KEY = (
    "half learned at t: log(2)/eigenvalue, gradient flow of rate 1 on half the population mean squared error. The error is against fresh labels, "
    "noise included; learned: share of E f^2 that is left no more."
)


@typed
def training_table(curve: TrainingCurve, points: int = 16) -> Table:
    """t, the error, and the share of E f^2 that is learned, at some of the t.

    Args:
        curve: the curve.
        points: at how many of the t.

    Raises:
        InvalidArgument: fewer than one.
    """
    most = read_integer(points, "points", 1)
    order = np.argsort(curve.t, kind="stable")
    places = np.unique(np.linspace(0, len(order) - 1, min(most, len(order))).round().astype(int))
    rows = []
    for i in order[places]:
        learned = Cell("-", r"\text{--}")
        if curve.total:
            learned = percent_cell(1 - float(curve.bias[i]) / curve.total)
        cells = (float(curve.t[i]), float(curve.test_error[i]))
        rows.append([*map(number_cell, cells), learned])
    return Table(("t", "test error", "learned"), rows, "rrr")


def _head(curve: TrainingCurve) -> Head:
    length, noise = curve.spectrum.length, plain_number(curve.noise)
    return head_lines(curve, f"length L = {length}, the population, label noise {noise}")


@typed
def training_text(curve: TrainingCurve, width: int = 80, unicode: bool = True) -> str:
    """The target's parts in the order in which they are learned, and the curve at some of the t.

    Args:
        curve: the curve.
        width: columns, at least 20.
        unicode: in compact notation, with letters beyond ASCII.
    """
    parts = parts_table(curve) if curve.total else None
    return laid_out_text(_head(curve), parts, training_table(curve), _KEY, width)


def training_latex(curve: TrainingCurve) -> str:
    r"""A paragraph that says what was computed, and both tables."""
    parts = parts_table(curve) if curve.total else None
    by = "Gradient flow of rate one on half the population mean squared error"
    noise = f"label noise ${plain_number(curve.noise)}$"
    return laid_out_latex(curve, by, noise, parts, training_table(curve))


def training_html(curve: TrainingCurve) -> str:
    """Both tables for a notebook."""
    return laid_out_html(_head(curve), parts_table(curve), training_table(curve))


def training_page(
    curves: list[TrainingCurve], form: str, unicode: bool = True, width: int = 80
) -> str:
    """Curves of one target at several lengths in one of the formats text, latex, json and csv, with the times of its parts as the length grows."""
    if form == "json":
        documents = [training_document(one) for one in curves]
        return json.dumps(documents[0] if len(documents) == 1 else documents, indent=2)
    if form == "csv":
        return columns_csv(training_columns(curves))
    times = curve_times(curves[-1])
    grows = times is not None and times.total != 0
    if form == "latex":
        pieces = [training_latex(one) for one in curves]
        if times is not None and grows:
            pieces.append(times_latex(times))
        return document("\n\n".join(pieces))
    pieces = [training_text(one, width, unicode) for one in curves]
    if times is not None and grows:
        head = f"As the length grows, v = {times.spectrum.vocabulary}: the parts in the order in which times t ~ L^k learn them"
        pieces.append("\n".join([*wrap(head, width), times_text(times, width, unicode)]))
    return "\n\n".join(pieces)
