"""Targets on sequences: their energy in each sector (mu, degree) under a law of independent tokens, and known ones."""

from symkern.targets.energies import energy
from symkern.targets.formula_targets import FormulaTarget, formula_target
from symkern.targets.known_targets import (
    bigram,
    copying,
    count,
    majority,
    parity,
    token_at,
)
from symkern.targets.target_energy import TargetEnergy

__all__ = [
    "FormulaTarget",
    "TargetEnergy",
    "bigram",
    "copying",
    "count",
    "energy",
    "formula_target",
    "majority",
    "parity",
    "token_at",
]
