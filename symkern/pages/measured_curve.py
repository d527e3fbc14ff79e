"""Measured and predicted learning curves beside one another, as text, LaTeX and HTML."""

from __future__ import annotations

import json

import numpy as np

from symkern.learning.measured_curve import MeasuredCurve
from symkern.learning.measured_document import measured_document
from symkern.pages.curve_columns import measured_columns
from symkern.pages.curve_layout import (
    head_lines,
    laid_out_html,
    laid_out_latex,
    laid_out_text,
    plain_number,
)
from symkern.pages.learning_curve import number_cell, parts_table
from symkern.reading.annotated import typed
from symkern.typeset.document import document
from symkern.typeset.plain import read_width
from symkern.typeset.plain_columns import columns_csv
from symkern.typeset.tables import Cell, Table

_KEY = "Test errors are against fresh labels, noise included. In parentheses one standard error of the mean over training sets, in the last digits."


def measured_table(found: MeasuredCurve) -> Table:
    """A row for each n: the predicted and the measured test error, how far they lie apart, and the train errors."""
    curve = found.curve
    rows = []
    for i in np.argsort(found.n):
        predicted, mean, error = (
            e[i] for e in (curve.test_error, found.test_error, found.standard_error)
        )
        apart = found.deviation[i]
        rows.append(
            [
                number_cell(float(found.n[i])),
                number_cell(float(predicted)),
                with_error(float(mean), float(error)),
                Cell("") if not np.isfinite(apart) else _signed_percent(float(apart)),
                number_cell(float(curve.train_error[i])),
                number_cell(float(found.train_error[i])),
            ]
        )
    return Table(
        ("n", "predicted", "measured", "apart", "train, predicted", "measured"), rows, "rrrrrr"
    )


def with_error(value: float, error: float) -> Cell:
    """A number with its standard error in the last two digits, 0.1234(56).

    >>> with_error(0.123456, 0.0056).text, with_error(12.0, float("inf")).text, with_error(0.5, 0.0).text
    ('0.1235(56)', '12', '0.5')
    """
    if not (np.isfinite(error) and error > 0 and np.isfinite(value)):
        return number_cell(value)
    places = max(0, 1 - int(np.floor(np.log10(error))))
    if places > 7:
        return number_cell(value)
    text = f"{value:.{places}f}({round(error * 10**places)})"
    return Cell(text, text)


def _signed_percent(share: float) -> Cell:
    text = f"{100 * share:+.2g} %"
    return Cell(text, text.replace(" %", r"\,\%"))


def _data(found: MeasuredCurve, unicode: bool = True) -> str:
    curve, sigma = found.curve, "σ²" if unicode else "sigma2"
    every = "all" if found.is_whole else f"{found.tested:,} fresh"
    return (
        f"length L = {curve.length}, ridge {sigma} = {plain_number(curve.ridge)}, label noise {plain_number(curve.noise)}; "
        f"{found.draws} training sets (seed {found.seed}), tested on {every} sequences"
    )


@typed
def measured_text(found: MeasuredCurve, width: int = 80, unicode: bool = True) -> str:
    """Prediction and measurement as text.

    Args:
        found: the measured curve.
        width: columns, at least 20.
        unicode: in compact notation, with letters beyond ASCII.
    """
    wide = read_width(width)
    head = head_lines(found.curve, _data(found, unicode))
    return laid_out_text(head, _parts(found), measured_table(found), _KEY, wide)


def _parts(found: MeasuredCurve) -> Table | None:
    return parts_table(found.curve) if found.curve.total else None


def measured_latex(found: MeasuredCurve) -> str:
    """Prediction and measurement as LaTeX: a sentence and the tables."""
    curve = found.curve
    data = rf"ridge $\sigma^2 = {plain_number(curve.ridge)}$, label noise ${plain_number(curve.noise)}$, {found.draws} training sets"
    return laid_out_latex(curve, "Kernel regression on drawn training sets", data, _parts(found), measured_table(found))  # fmt: skip


def measured_page(
    found: list[MeasuredCurve], form: str, unicode: bool = True, width: int = 80
) -> str:
    """The curves in one of the formats text, latex, json and csv."""
    if form == "json":
        documents = [measured_document(one) for one in found]
        return json.dumps(documents[0] if len(documents) == 1 else documents, indent=2)
    if form == "csv":
        return columns_csv(measured_columns(found))
    if form == "latex":
        return document("\n\n".join(measured_latex(one) for one in found))
    return "\n\n".join(measured_text(one, width, unicode) for one in found)


def measured_html(found: MeasuredCurve) -> str:
    """Prediction and measurement for a notebook."""
    head = head_lines(found.curve, _data(found))
    return laid_out_html(head, parts_table(found.curve), measured_table(found))
