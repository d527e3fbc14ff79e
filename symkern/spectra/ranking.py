"""Eigenvalues of a spectrum as one list: sorted, counted, and held against the trace bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from typing import Any

import sympy as sp

from symkern.claims.derivation import Standing
from symkern.errors import NoClosedForm
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    Branch,
    ExactMatrix,
    exact_expression,
    function_field,
)
from symkern.exact.asymptotics import Leading, sample_value
from symkern.exact.balls import enclosure, from_arb
from symkern.exact.written import fields_repr
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.sectors.coordinates import reduced_rows
from symkern.sectors.sector import Sector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.labels import irreps_text
from symkern.typeset.plain import formula_text
from symkern.typeset.shown import Shown

#: Where a kernel's values are floats, eigenvalues below this share of the largest may be residues of rounding.
RESIDUE = 1e-12


@dataclass(frozen=True)
@typed
class Eigenvalue(Shown):
    """One eigenvalue of a spectrum.

    Attributes:
        value: a SymPy expression, an `AlgebraicNumber` or a `Ball`; a `Branch` where only the minimal polynomial is known.
        dimension: its multiplicity in function space.
        leading: its leading term, where it is known.
        sector: where it is from.
        branch: its number there.
        sizes: of the two groups, with which its irreps are written.
    """

    value: Any
    dimension: int | sp.Expr
    leading: Leading | None
    sector: Sector
    branch: int
    sizes: tuple[Any, Any] = field(default=("L", "v"), compare=False, repr=False)

    def __repr__(self) -> str:
        return fields_repr(self)

    def __str__(self) -> str:
        value = formula_text(self.value) if isinstance(self.value, sp.Expr) else self.value
        mu, kappa = self.sector.position_irrep, self.sector.token_irrep
        name = irreps_text(mu, kappa, self.sizes)
        return f"{value}, {formula_text(self.dimension)} times, in {name}"


def ranked(spectrum: Spectrum) -> list[Eigenvalue]:
    """All eigenvalues, the largest first: by value where they are numbers, by growth in L where they are formulas.

    Equal growth is ordered at a generic positive point of the symbols.
    """
    sizes = spectrum.positions, spectrum.vocabulary
    found = [
        Eigenvalue(value, sector.dimension, term, sector, i, sizes)
        for sector in spectrum.sectors
        for i, (value, term) in enumerate(
            zip(sector.eigenvalues, sector.leading_terms, strict=True)
        )
    ]
    return sorted(found, key=_order, reverse=True)


def _order(eigenvalue: Eigenvalue) -> tuple[float, float]:
    term = eigenvalue.leading
    if term is not None:
        return (float(term.exponent), sample_value(term.coefficient))
    value = eigenvalue.value
    if isinstance(value, sp.Expr):
        return (float("-inf") if value == 0 else 0.0, sample_value(value))
    try:
        return (0.0, float(value))
    except TypeError:
        return (0.0, float("-inf"))


def rank(spectrum: Spectrum) -> int | sp.Expr:
    """Rank of the operator: the sum over sectors of dimension x rank of the block, factored.

    A block is similar to a symmetric matrix, so its rank counts its nonzero eigenvalues.

    Raises:
        NoClosedForm: an eigenvalue cannot be told from zero (`is_doubtful`); with the least and the largest rank that are possible.
    """
    spectrum.require_formulas("rank")
    least, most = sp.S.Zero, sp.S.Zero
    for sector in spectrum.sectors:
        dimension = exact_expression(sector.dimension, "dimension")
        low, high = _block_ranks(spectrum, sector)
        least, most = least + low * dimension, most + high * dimension
    if least != most:
        raise NoClosedForm(
            f"rank: at least {least} and at most {most}, since for {most - least} of the eigenvalues, counted with their "
            "dimensions, it is not decided whether they are zero"
        )
    factored = sp.factor(least)
    return int(factored) if factored.is_Integer else factored


def is_doubtful(spectrum: Spectrum, sector: Sector, branch: Branch) -> bool:
    """Whether nothing says that an eigenvalue is zero, or that it is not.

    So it is with a ball that contains zero, and where the kernel's values are floats with whatever is below `RESIDUE` of the largest eigenvalue.
    """
    value = branch.value
    if sector.regular:
        return False
    if isinstance(value, Ball):
        if not value.excludes_zero:
            return bool(value.midpoint or value.radius)
    elif value is None or value == 0:
        return False
    if sector.recorded is not Standing.FLOATING or not is_number(value):
        return False
    return abs(float(value)) < RESIDUE * _largest(spectrum)


def is_number(value: object) -> bool:
    """Whether an eigenvalue is a number, known exactly or to a proven radius."""
    return value.is_number if isinstance(value, sp.Expr) else isinstance(value, (Ball, AlgebraicNumber))  # fmt: skip


def _largest(spectrum: Spectrum) -> float:
    """The largest absolute value among the eigenvalues, which are numbers."""
    values = [value for sector in spectrum.sectors for value in sector.eigenvalues]
    return max((abs(float(value)) for value in values if is_number(value)), default=0.0)  # type: ignore[arg-type]


def _block_ranks(spectrum: Spectrum, sector: Sector) -> tuple[int, int]:
    """The least and the largest number of nonzero eigenvalues."""
    branches = sector.branches
    if sector.regular:
        return sector.multiplicity, sector.multiplicity
    doubtful = sum(is_doubtful(spectrum, sector, branch) for branch in branches)
    block = sector.block
    if (
        isinstance(block, ExactMatrix)
        and sector.recorded is not Standing.FLOATING
        and (doubtful or not sector.is_written)
    ):
        return _exact_ranks(block)
    zeros = sum(branch.value is not None and _is_zero(branch.value) for branch in branches)
    return sector.multiplicity - zeros - doubtful, sector.multiplicity - zeros


def _is_zero(value: object) -> bool:
    return value == 0 if not isinstance(value, Ball) else not (value.midpoint or value.radius)


def _exact_ranks(block: ExactMatrix) -> tuple[int, int]:
    """Bounds on the rank over the field of rational functions, equal but for large singular blocks with symbols.

    At a point far from the small integers where factors of L and v vanish, the rank is never above that of the functions.
    """
    size = block.shape[0]
    rationals = function_field(())
    point: dict[Any, int] = {
        symbol: 1009 + 210 * i + i * i for i, symbol in enumerate(block.field.symbols)
    }
    try:
        least = int(block.substitute(point, rationals).to_flint().rank())
    except ZeroDivisionError:  # a pole at the point says nothing
        least = 0
    if least == size or block.is_rational:
        return least, least
    if size > current().eliminated_block:
        return least, size
    rank = len(reduced_rows(list(block), block.field)[1])
    return rank, rank


def reciprocal_value(value: object) -> Ball | None:
    """One over an eigenvalue that is a positive number of no written form; else None."""
    if not isinstance(value, (Ball, AlgebraicNumber)):
        return None
    low, high = ends(value)
    if low <= 0:
        return None
    return Ball((1 / low + 1 / high) / 2, (1 / low - 1 / high) / 2)


def _size(value: AlgebraicNumber) -> Fraction:
    """The size of a number, to within a factor of two."""
    rounded = abs(float(value))
    if 1e-300 < rounded < inf:
        return Fraction(rounded)
    while value.low != value.high and value.low * value.high <= 0:
        value = value.refine((value.high - value.low) / 2)
    return max(abs(value.low), abs(value.high)) or Fraction(1)


def ends(value: object) -> tuple[Fraction, Fraction]:
    """Rational numbers that enclose a number."""
    if isinstance(value, AlgebraicNumber):
        value = value.refine(_size(value) / 10**30)
        return value.low, value.high
    if isinstance(value, Ball):
        return value.lower, value.upper
    ball = from_arb(enclosure(value))
    return ball.lower, ball.upper
