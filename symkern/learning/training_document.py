"""A training curve as plain data: what `TrainingCurve.to_json` writes and `symkern curve --time ... --format json` prints."""

from __future__ import annotations

import json
from typing import Any

from symkern.learning.curve_records import (
    finite_floats,
    given_number,
    part_record,
    subject_record,
)
from symkern.learning.training_curve import TrainingCurve
from symkern.reading.annotated import typed
from symkern.reading.documents import read_indent


def training_document(curve: TrainingCurve) -> dict[str, Any]:
    """Floats as numbers (null where infinite), exact eigenvalues as formulas; lists run over t or over parts."""
    return {
        **subject_record(curve),
        "noise": given_number(curve.noise),
        "energy": curve.total,
        "unlearnable": curve.unlearnable,
        "parts": [
            part_record(row) | {"learned": finite_floats(curve.learned[:, i])}
            for i, row in enumerate(curve.rows())
        ],
        "t": finite_floats(curve.t),
        "test_error": finite_floats(curve.test_error),
    }


@typed
def training_json(curve: TrainingCurve, indent: int | None = 2) -> str:
    """`to_dict` as JSON text.

    Args:
        curve: the curve.
        indent: blanks of a level; None for a single line.
    """
    return json.dumps(training_document(curve), indent=read_indent(indent), ensure_ascii=False)
