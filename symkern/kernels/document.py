"""A spectrum as plain data: the JSON of `symkern derive --format json`, schema 1.

Every formula is a string that `symkern.abc.parse` reads, and SymPy with `symkern.abc.namespace` as
locals. Lists named in the plural run parallel, one entry per eigenvalue branch of the sector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.abc import x
from symkern.exact import AlgebraicNumber
from symkern.kernels.laws import Distinct
from symkern.typeset import formula_text

if TYPE_CHECKING:
    from symkern.kernels.sector import Sector
    from symkern.kernels.spectrum import Spectrum

__all__ = ["spectrum_document"]

SCHEMA = 1


def spectrum_document(spectrum: Spectrum) -> dict[str, Any]:
    """The spectrum as a dictionary of strings, ints, lists and None."""
    return {
        "schema": SCHEMA,
        "kernel": str(spectrum.kernel),
        "length": _size(spectrum.length),
        "vocabulary": _size(spectrum.vocabulary),
        "tokens": _tokens(spectrum),
        "group": spectrum.group,
        "parameters": {
            **{name: formula_text(value) for name, value in spectrum.settings},
            **{p.name: p.name for p in spectrum.parameters},
        },
        "trace": formula_text(spectrum.trace()),
        "sectors": [_sector(spectrum, sector) for sector in spectrum.sectors],
    }


def _size(size: int | sp.Expr) -> int | str:
    return size if isinstance(size, int) else formula_text(size)


def _tokens(spectrum: Spectrum) -> str:
    return "distinct" if isinstance(spectrum.tokens, Distinct) else "uniform"


def _sector(spectrum: Spectrum, sector: Sector) -> dict[str, Any]:
    samples: list[str | None] = []
    laws = iter(spectrum.sample_laws(sector))
    for branch in sector.branches:
        if branch.value is not None and branch.value == 0:
            samples.append(None)
            continue
        law = next(laws)
        samples.append(None if law.formula is None else formula_text(law.formula))
    return {
        "position_irrep": list(sector.position_irrep),
        "token_irrep": None if sector.token_irrep is None else list(sector.token_irrep),
        "dimension": formula_text(sector.dimension),
        "multiplicity": sector.multiplicity,
        "block": [[formula_text(e.to_sympy()) for e in row] for row in sector.block],
        "eigenvalues": [
            formula_text(b.value) if isinstance(b.value, sp.Expr) else None for b in sector.branches
        ],
        "minimal_polynomials": [
            formula_text(b.polynomial(), x) if b.minimal_polynomial else None
            for b in sector.branches
        ],
        "intervals": [
            [str(b.value.low), str(b.value.high)] if isinstance(b.value, AlgebraicNumber) else None
            for b in sector.branches
        ],
        "leading": [None if e is None else formula_text(e) for e in sector.leading],
        "exponents": [None if e is None else formula_text(e) for e in sector.exponents],
        "samples": samples,
        "valid_for": dict(sector.valid_for),
        "standing": sector.standing.value,
    }
