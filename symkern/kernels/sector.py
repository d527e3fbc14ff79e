"""One sector of a spectrum: a pair of irreps, the block there, and its eigenvalues."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.bounds import Leading, graded_leading, newton_polygon
from symkern.bounds.asymptotics import sample_value
from symkern.combinatorics import Partition
from symkern.derivations import Standing
from symkern.exact import AlgebraicNumber, Branch, ExactMatrix, branches

__all__ = ["LARGEST_WRITTEN", "Sector"]

#: Blocks with symbols have their characteristic polynomial written up to this size; larger ones show the block and leading terms.
LARGEST_WRITTEN = 5


@dataclass(frozen=True)
class Sector:
    """The kernel's block on one pair of irreps (mu of the positions, kappa of the tokens).

    ``position_irrep`` and ``token_irrep`` are stable labels, the parts below the first row; ``token_irrep`` is None where the
    law has no token symmetry. ``dimension`` says how often each eigenvalue of ``block`` occurs in function
    space. ``valid_for`` is the smallest {"L": ..., "v": ...} from which the block has its full size.
    """

    position_irrep: Partition
    token_irrep: Partition | None
    dimension: int | sp.Expr
    block: ExactMatrix
    valid_for: dict[str, int] = field(hash=False)
    standing: Standing = Standing.PROVED

    @property
    def multiplicity(self) -> int:
        """Size of the block."""
        return self.block.shape[0]

    @cached_property
    def _rows(self) -> list[tuple[Branch, Leading | None]]:
        """Branches with their leading terms, the largest first."""
        symbols = {t for row in self.block for e in row for t in e.free_symbols()}
        if symbols and self.multiplicity > LARGEST_WRITTEN:
            return self._unwritten(CONTEXT_LENGTH in symbols)
        found = branches(self.block.characteristic_factors(), self.block.field)
        rows: list[tuple[Branch, Leading | None]] = []
        if not symbols:
            found.sort(key=_Descending)
            return [(branch, None) for branch in found]
        for polynomial in dict.fromkeys(branch.minimal_polynomial for branch in found):
            same = [branch for branch in found if branch.minimal_polynomial == polynomial]
            terms: list[Leading | None] = [None] * (len(polynomial) - 1)
            if CONTEXT_LENGTH in symbols and polynomial[0]:
                grown = newton_polygon(polynomial, CONTEXT_LENGTH)
                grown.sort(key=_size, reverse=True)
                terms = list(grown)
            rows.extend((branch, terms[branch.index]) for branch in same)
        rows.sort(key=lambda row: _order(*row), reverse=True)
        return rows

    def _unwritten(self, grows: bool) -> list[tuple[Branch, Leading | None]]:
        """Branches of a large block with symbols: leading terms alone, where the grading decides them."""
        terms = graded_leading(self.block, CONTEXT_LENGTH) if grows else None
        opaque = [Branch((), i, None) for i in range(self.multiplicity)]
        return list(zip(opaque, terms or [None] * len(opaque), strict=True))

    @property
    def branches(self) -> tuple[Branch, ...]:
        """One per row of the block: minimal polynomial and, where it is written, the root.

        In blocks with symbols above `LARGEST_WRITTEN` the minimal polynomial is empty: not written.
        """
        return tuple(branch for branch, _ in self._rows)

    @property
    def eigenvalues(self) -> tuple[sp.Expr | AlgebraicNumber | Branch, ...]:
        """One entry per row of the block, repeats and zeros included, the largest first.

        SymPy expressions up to degree two; above it `AlgebraicNumber` where no symbol is left and the
        `Branch` with its minimal polynomial where one is.
        """
        return tuple(branch if branch.value is None else branch.value for branch, _ in self._rows)

    @property
    def leading_terms(self) -> tuple[Leading | None, ...]:
        """Leading behaviour in L of every eigenvalue; None for zero and where no L is left."""
        return tuple(term for _, term in self._rows)

    @property
    def leading(self) -> tuple[sp.Expr | None, ...]:
        """The leading terms as expressions."""
        return tuple(None if term is None else term.expression for _, term in self._rows)

    @property
    def exponents(self) -> tuple[sp.Rational | None, ...]:
        """Powers of L in the leading terms, vocabulary and hyperparameters fixed."""
        return tuple(None if term is None else term.exponent for _, term in self._rows)

    def contribution(self) -> sp.Expr:
        """dimension x trace of the block: the sector's part of E k(x, x)."""
        return sp.S(self.dimension) * self.block.trace().to_sympy()


class _Descending:
    """Sort key of numbers, the largest first, exact between algebraic numbers of degree above two."""

    def __init__(self, branch: Branch) -> None:
        self.value = branch.value

    def __lt__(self, other: _Descending) -> bool:
        a, b = self.value, other.value
        if isinstance(a, AlgebraicNumber) and isinstance(b, AlgebraicNumber):
            return b < a
        return _precise(b) < _precise(a)


def _precise(value: sp.Expr | AlgebraicNumber | None) -> Fraction | sp.Float:
    if isinstance(value, AlgebraicNumber):
        fine = value.refine(Fraction(1, 10**40))
        return sp.Rational(fine.low.numerator, fine.low.denominator).n(50)
    assert value is not None
    return sp.re(value.n(50))


def _size(term: Leading) -> float:
    """Value of a leading term at a large sample length, to pair it with the root +sqrt or -sqrt."""
    coefficient = sample_value(term.coefficient)
    return coefficient * 1e6 ** float(term.exponent)


def _order(branch: Branch, term: Leading | None) -> tuple[int, float, float]:
    if term is None:
        zero = branch.value is not None and branch.value == 0
        return (0 if zero else 1, 0.0, 0.0 if branch.value is None else sample_value(branch.value))
    return (1, float(term.exponent), sample_value(term.coefficient))
