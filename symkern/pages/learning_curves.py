"""Learning curves of one target at several lengths, one after the other."""

from __future__ import annotations

import json

from symkern.learning.curve_document import curve_document
from symkern.learning.learning_curve import LearningCurve
from symkern.learning.sample_complexity import curve_growth
from symkern.pages.curve_columns import curve_columns
from symkern.pages.learning_curve import (
    curve_latex,
    curve_text,
    curve_text_of_several,
    growth_latex,
    growth_text,
)
from symkern.typeset.document import document
from symkern.typeset.plain_columns import columns_csv


def curves_page(
    curves: list[LearningCurve], form: str, unicode: bool = True, width: int = 80
) -> str:
    """The curves in one of the formats text, latex, json and csv, with the costs of their parts as the length grows."""
    if form == "json":
        documents = [curve_document(one) for one in curves]
        return json.dumps(documents[0] if len(documents) == 1 else documents, indent=2)
    if form == "csv":
        return columns_csv(curve_columns(curves))
    growth = curve_growth(curves[-1])
    if form == "latex":
        pieces = [curve_latex(one) for one in curves]
        if growth is not None and growth.total != 0:
            pieces.append(growth_latex(growth))
        return document("\n\n".join(pieces))
    pieces = [curve_text_of_several(one, width, unicode) for one in curves[:-1]]
    pieces.append(curve_text(curves[-1], width, unicode))
    if growth is not None and growth.total != 0:
        pieces.append(growth_text(growth, width, unicode))
    return "\n\n".join(pieces)
