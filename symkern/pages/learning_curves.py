"""Learning curves of one target at several lengths, one after the other."""

from __future__ import annotations

import csv
import io
import json

from symkern.learning.curve_document import curve_document
from symkern.learning.learning_curve import LearningCurve
from symkern.learning.sample_complexity import curve_growth
from symkern.pages.learning_curve import curve_latex, curve_text, growth_latex, growth_text
from symkern.typeset.document import document


def curves_page(curves: list[LearningCurve], form: str, unicode: bool = True) -> str:
    """The curves in one of the formats text, latex, json and csv, with the costs of their parts as the length grows."""
    if form == "json":
        documents = [curve_document(one) for one in curves]
        return json.dumps(documents[0] if len(documents) == 1 else documents, indent=2)
    if form == "csv":
        return _csv(curves)
    growth = curve_growth(curves[-1])
    if form == "latex":
        pieces = [curve_latex(one) for one in curves]
        if growth is not None and growth.total != 0:
            pieces.append(growth_latex(growth))
        return document("\n\n".join(pieces))
    pieces = [curve_text(one, unicode=unicode) for one in curves]
    if growth is not None and growth.total != 0:
        pieces.append(growth_text(growth, unicode=unicode))
    return "\n\n".join(pieces)


def _csv(curves: list[LearningCurve]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["L", "n", "kappa", "test_error", "train_error"])
    for one in curves:
        for row in zip(one.n, one.kappa, one.test_error, one.train_error, strict=True):
            writer.writerow([one.length, *(f"{float(value):.10g}" for value in row)])
    return stream.getvalue()
