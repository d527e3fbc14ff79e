"""Targets on sequences: their energy in each sector (mu, degree) under a law of independent tokens, and known ones."""

from symkern.kernels.targets.energies import energy
from symkern.kernels.targets.formula_targets import FormulaTarget, formula_target
from symkern.kernels.targets.known_targets import (
    bigram,
    copying,
    count,
    majority,
    parity,
    token_at,
)
from symkern.kernels.targets.target_energy import TargetEnergy

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
