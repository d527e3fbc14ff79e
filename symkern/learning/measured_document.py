"""A measured learning curve as plain data: the prediction's document with what was measured beside it."""

from __future__ import annotations

import json
from typing import Any

from symkern.learning.curve_document import curve_document
from symkern.learning.curve_records import finite_floats
from symkern.learning.measured_curve import MeasuredCurve
from symkern.reading.annotated import typed
from symkern.reading.documents import read_indent


def measured_document(found: MeasuredCurve) -> dict[str, Any]:
    """The document of `LearningCurve.to_dict`, and under "measured" means and standard errors over the draws; lists run over n."""
    shares, errors = found.learnabilities, found.learnabilities_error
    return {
        **curve_document(found.curve),
        "measured": {
            "draws": found.draws,
            "seed": found.seed,
            "test_sequences": found.tested,
            "all_sequences": found.is_whole,
            "test_error": finite_floats(found.test_error),
            "standard_error": finite_floats(found.standard_error),
            "train_error": finite_floats(found.train_error),
            "learnabilities": None if shares is None else [finite_floats(e) for e in shares.T],
            "learnabilities_error": None
            if errors is None
            else [finite_floats(e) for e in errors.T],
        },
    }


@typed
def measured_json(found: MeasuredCurve, indent: int | None = 2) -> str:
    """`to_dict` as JSON text.

    Args:
        found: the measured curve.
        indent: blanks of a level; None for a single line.
    """
    return json.dumps(measured_document(found), indent=read_indent(indent), ensure_ascii=False)
