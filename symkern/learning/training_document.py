"""A training curve as plain data: what `TrainingCurve.to_json` writes and `symkern curve --time ... --format json` prints."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import sympy as sp

from symkern.learning.training_curve import TrainingCurve
from symkern.reading.annotated import typed
from symkern.targets.formula_targets import FormulaTarget
from symkern.typeset.numerals import decimal
from symkern.typeset.plain import formula_text

SCHEMA = 1


def training_document(curve: TrainingCurve) -> dict[str, Any]:
    """Floats as numbers (null where infinite), exact eigenvalues as formulas; lists run over t or over parts."""
    spectrum, noise = curve.spectrum, curve.noise
    return {
        "schema": SCHEMA,
        "kernel": str(spectrum.kernel),
        "length": int(spectrum.length),
        "vocabulary": int(spectrum.vocabulary),
        "tokens": str(spectrum.tokens),
        "parameters": {name: formula_text(value) for name, value in spectrum.settings},
        "target": curve.target.text if isinstance(curve.target, FormulaTarget) else None,
        "noise": noise if isinstance(noise, (int, float)) else decimal(noise),
        "energy": curve.total,
        "unlearnable": curve.unlearnable,
        "parts": [
            {
                "position_irrep": list(row.part.position_irrep),
                "token_irrep": None if row.part.token_irrep is None else list(row.part.token_irrep),
                "branch": row.part.branch,
                "eigenvalue": formula_text(row.part.eigenvalue)
                if isinstance(row.part.eigenvalue, sp.Expr)
                else None,
                "value": float(row.part.eigenvalue),
                "multiplicity": str(row.part.dimension),
                "energy": row.part.energy,
                "half_learned": row.half_learned if isfinite(row.half_learned) else None,
                "learned": curve.learned[:, i].tolist(),
            }
            for i, row in enumerate(curve.rows())
        ],
        "t": curve.t.tolist(),
        "test_error": curve.test_error.tolist(),
    }


@typed
def training_json(curve: TrainingCurve, indent: int | None = 2) -> str:
    """`to_dict` as JSON text."""
    return json.dumps(training_document(curve), indent=indent, ensure_ascii=False)
