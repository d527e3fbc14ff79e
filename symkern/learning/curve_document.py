"""A learning curve as plain data: what `LearningCurve.to_json` writes and `symkern curve --format json` prints."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import numpy as np
import sympy as sp

from symkern.learning.learning_curve import LearningCurve
from symkern.reading.annotated import typed
from symkern.reading.documents import read_indent
from symkern.targets.formula_targets import FormulaTarget
from symkern.typeset.numerals import decimal
from symkern.typeset.plain import formula_text

SCHEMA = 1


def curve_document(curve: LearningCurve) -> dict[str, Any]:
    """Floats as numbers (null where infinite), exact eigenvalues as formulas; lists run over n or over parts."""
    spectrum = curve.spectrum
    rows = curve.rows()
    return {
        "schema": SCHEMA,
        "kernel": str(spectrum.kernel),
        "length": int(spectrum.length),
        "vocabulary": int(spectrum.vocabulary),
        "tokens": str(spectrum.tokens),
        "parameters": {name: formula_text(value) for name, value in spectrum.settings},
        "target": curve.target.text if isinstance(curve.target, FormulaTarget) else None,
        "ridge": _value(curve.ridge),
        "noise": _value(curve.noise),
        "energy": curve.total,
        "unlearnable": curve.unlearnable,
        "parts": [
            {
                "position_irrep": list(row.part.position_irrep),
                "token_irrep": None if row.part.token_irrep is None else list(row.part.token_irrep),
                "branch": row.part.branch,
                "eigenvalue": _exact(row.part.eigenvalue),
                "value": float(row.part.eigenvalue),
                "multiplicity": str(row.part.dimension),
                "energy": row.part.energy,
                "half_learned": _float(row.half_learned),
                "learnability": _floats(curve.learnabilities[:, i]),
            }
            for i, row in enumerate(rows)
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
        "n": _floats(curve.n),
        "kappa": _floats(curve.kappa),
        "test_error": _floats(curve.test_error),
        "train_error": _floats(curve.train_error),
    }


@typed
def curve_json(curve: LearningCurve, indent: int | None = 2) -> str:
    """`to_dict` as JSON text."""
    return json.dumps(curve_document(curve), indent=read_indent(indent), ensure_ascii=False)


def _float(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _floats(values: Any) -> list[float | None]:
    return [_float(e) for e in np.asarray(values).tolist()]


def _exact(value: Any) -> str | None:
    return formula_text(value) if isinstance(value, sp.Expr) else None


def _value(value: Any) -> Any:
    return value if isinstance(value, (int, float)) else decimal(value)
