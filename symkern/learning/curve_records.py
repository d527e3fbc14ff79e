"""What learning curves and training curves have in common as plain data: what they are of, and the parts of the target."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np
import sympy as sp

from symkern.targets.formula_targets import FormulaTarget
from symkern.typeset.numerals import decimal
from symkern.typeset.plain import formula_text

SCHEMA = 1


def subject_record(curve: Any) -> dict[str, Any]:
    """Kernel, sizes, tokens, hyperparameters and target."""
    spectrum = curve.spectrum
    return {
        "schema": SCHEMA,
        "kernel": str(spectrum.kernel),
        "length": int(spectrum.length),
        "vocabulary": int(spectrum.vocabulary),
        "tokens": str(spectrum.tokens),
        "parameters": {name: formula_text(value) for name, value in spectrum.settings},
        "target": curve.target.text if isinstance(curve.target, FormulaTarget) else None,
    }


def part_record(row: Any) -> dict[str, Any]:
    """A part of the target with its eigenvalue, its energy, and where half of it is learned."""
    part = row.part
    return {
        "position_irrep": list(part.position_irrep),
        "token_irrep": None if part.token_irrep is None else list(part.token_irrep),
        "branch": part.branch,
        "eigenvalue": formula_text(part.eigenvalue) if isinstance(part.eigenvalue, sp.Expr) else None,
        "value": float(part.eigenvalue),
        "multiplicity": str(part.dimension),
        "energy": part.energy,
        "half_learned": finite_float(row.half_learned),
    }  # fmt: skip


def finite_float(value: float) -> float | None:
    """A float, or None where JSON has no number for it."""
    return float(value) if isfinite(value) else None


def finite_floats(values: Any) -> list[float | None]:
    """The same of an array."""
    return [finite_float(e) for e in np.asarray(values).tolist()]


def given_number(value: Any) -> Any:
    """A ridge or a noise as it was given: a number, or an exact one's digits."""
    return value if isinstance(value, (int, float)) else decimal(value)
