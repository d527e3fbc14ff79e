"""A learning curve as plain data: what `LearningCurve.to_json` writes and `symkern curve --format json` prints."""

from __future__ import annotations

import json
from typing import Any

from symkern.learning.curve_records import (
    finite_floats,
    given_number,
    part_record,
    subject_record,
)
from symkern.learning.learning_curve import LearningCurve
from symkern.reading.annotated import typed
from symkern.reading.documents import read_indent


def curve_document(curve: LearningCurve) -> dict[str, Any]:
    """Floats as numbers (null where infinite), exact eigenvalues as formulas; lists run over n or over parts."""
    return {
        **subject_record(curve),
        "ridge": given_number(curve.ridge),
        "noise": given_number(curve.noise),
        "energy": curve.total,
        "unlearnable": curve.unlearnable,
        "parts": [
            part_record(row) | {"learnability": finite_floats(curve.learnabilities[:, i])}
            for i, row in enumerate(curve.rows())
        ],
        "outside": [
            {
                "position_irrep": None
                if part.position_irrep is None
                else list(part.position_irrep),
                "token_irrep": None if part.token_irrep is None else list(part.token_irrep),
                "degree": part.degree,
                "energy": part.energy,
            }
            for part in curve.outside
        ],
        "n": finite_floats(curve.n),
        "kappa": finite_floats(curve.kappa),
        "test_error": finite_floats(curve.test_error),
        "train_error": finite_floats(curve.train_error),
    }


@typed
def curve_json(curve: LearningCurve, indent: int | None = 2) -> str:
    """`to_dict` as JSON text.

    Args:
        curve: the curve.
        indent: blanks of a level; None for a single line.
    """
    return json.dumps(curve_document(curve), indent=read_indent(indent), ensure_ascii=False)
