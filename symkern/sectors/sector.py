"""One sector of a spectrum: a pair of irreps, the block there, and its eigenvalues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.claims.derivation import Standing
from symkern.combinatorics import Partition
from symkern.doors import SectorDoors
from symkern.errors import NoClosedForm
from symkern.exact import AlgebraicNumber, Branch, ExactMatrix, branches
from symkern.exact.asymptotics import Leading, newton_polygon, sample_value
from symkern.exact.ball_matrices import BallMatrix, symmetric_eigenvalues, symmetrized
from symkern.exact.balls import Ball
from symkern.exact.exact_arguments import sympified
from symkern.exact.graded import graded_leading
from symkern.limits import Limits, current, within_time
from symkern.reading.annotated import typed
from symkern.sectors.realisation import Realisation
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class Sector(SectorDoors, Shown):
    """The kernel's block on one pair of irreps (mu of the positions, kappa of the tokens).

    Attributes:
        position_irrep: mu, a stable label, the parts below the first row.
        token_irrep: kappa, the same of the tokens; None where the law has no token symmetry.
        dimension: how often each eigenvalue of the block occurs in function space.
        block: a matrix of rational functions; where the kernel has irrational values a symmetric `BallMatrix`, in an orthonormal basis.
        valid_for: the smallest {"L": ..., "v": ...} from which the block has its full size.
        standing: that of the block; "read, not proved" where it was read from a file.
        metric: the Gram matrix, under the law, of the basis in which an exact block is written, where it is known.
        realisation: which functions on sequences that basis is.
        anew: derives a sector again that was read back and has lost it.
        regular: whether the block is proved not to be singular, though the digits of its eigenvalues may not show it.
        recorded: the standing that a file says, which tells sectors apart.
    """

    position_irrep: Partition
    token_irrep: Partition | None
    dimension: int | sp.Expr
    block: ExactMatrix | BallMatrix
    valid_for: dict[str, int] = field(hash=False)
    standing: Standing = field(default=Standing.PROVED, compare=False)
    metric: ExactMatrix | None = field(default=None, compare=False, repr=False)
    realisation: Realisation | None = field(default=None, compare=False, repr=False)
    anew: Callable[[], Sector] | None = field(default=None, compare=False, repr=False)
    regular: bool = field(default=False, compare=False, repr=False)
    recorded: Standing = field(default=None, repr=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.standing is not Standing.READ or self.recorded is None:
            object.__setattr__(self, "recorded", self.standing)

    @property
    def multiplicity(self) -> int:
        """Size of the block."""
        return self.block.shape[0]

    @cached_property
    def _rows(self) -> list[tuple[Branch, Leading | None]]:
        """Branches with their leading terms, the largest first."""
        what = f"the eigenvalues of a block of {self.multiplicity} rows"
        with within_time(what, "its summary, or numbers for symbols, take less"):
            return self._computed_rows()

    def abridged(self) -> Sector:
        """The sector with leading terms alone where these are known and the formulas take longer than deriving it; else itself.

        It says so by `is_abridged`; whoever asks the sector itself for eigenvalues gets them all the same.
        """
        known: dict[Limits, Sector] = self.__dict__.setdefault("_short", {})
        if current() not in known:
            known[current()] = self._abridged()
        return known[current()]

    def _abridged(self) -> Sector:
        if isinstance(self.block, BallMatrix) or CONTEXT_LENGTH not in self.block.field.index:
            return self
        # Of larger blocks the sector itself has no more than that.
        if not 1 < self.multiplicity <= current().written_block or self.block.is_rational:
            return self
        if self.block.characteristic_cost() <= current().cheap_polynomial:
            return self
        terms = graded_leading(self.block, CONTEXT_LENGTH)
        if terms is None:
            return self
        short = replace(self)
        short.__dict__.update(_rows=self._unwritten(terms), is_abridged=True)
        return short

    @cached_property
    def is_abridged(self) -> bool:
        """Whether `abridged` left formulas out that the sector itself has."""
        return False

    def _computed_rows(self) -> list[tuple[Branch, Leading | None]]:
        if isinstance(self.block, BallMatrix):
            return _enclosed(symmetric_eigenvalues(self.block))
        symbols = {t for row in self.block for e in row for t in e.free_symbols()}
        # A block over Q(L, ...) has a leading term in L even where L does not occur in it.
        grows = CONTEXT_LENGTH in self.block.field.index
        limits = current()
        if not symbols and self.metric is not None and self.multiplicity > limits.algebraic_block:
            return _enclosed(symmetric_eigenvalues(symmetrized(self.block, self.metric)))
        if symbols and self.multiplicity > limits.written_block:
            cost = self.block.characteristic_cost()
            if cost > limits.cheap_polynomial:
                graded = graded_leading(self.block, CONTEXT_LENGTH) if grows else None
                if graded or cost > limits.costly_polynomial:
                    return self._unwritten(graded)
        found = branches(self.block.characteristic_factors(), self.block.field)
        rows: list[tuple[Branch, Leading | None]] = []
        if not symbols and not grows:
            return [(branch, None) for branch in descending(found)]
        for polynomial in dict.fromkeys(branch.minimal_polynomial for branch in found):
            same = [branch for branch in found if branch.minimal_polynomial == polynomial]
            terms: list[Leading | None] = [None] * (len(polynomial) - 1)
            if grows and polynomial[0]:
                grown = newton_polygon(polynomial, CONTEXT_LENGTH)
                grown.sort(key=_size, reverse=True)
                terms = list(grown)
            rows.extend((branch, terms[branch.index]) for branch in same)
        rows.sort(key=lambda row: _order(*row), reverse=True)
        return rows

    def _unwritten(self, terms: Sequence[Leading] | None) -> list[tuple[Branch, Leading | None]]:
        """Branches of a large block with symbols: leading terms alone, where the grading decides them."""
        opaque = [Branch((), i, None) for i in range(self.multiplicity)]
        leading: list[Leading | None] = [*terms] if terms else [None] * len(opaque)
        return list(zip(opaque, leading, strict=True))

    @property
    def is_written(self) -> bool:
        """Whether every eigenvalue has its minimal polynomial: not for balls, nor for large blocks with many symbols."""
        return all(branch.minimal_polynomial for branch in self.branches)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """One per row of the block: minimal polynomial and, where it is written, the root.

        In blocks with symbols beyond ``written_block`` and ``cheap_polynomial`` of `symkern.limits` the minimal polynomial may be empty: not written.
        """
        return tuple(branch for branch, _ in self._rows)

    @property
    def eigenvalues(self) -> tuple[sp.Expr | AlgebraicNumber | Ball | Branch, ...]:
        """One entry per row of the block, repeats and zeros included, the largest first.

        SymPy expressions up to degree two; above it `AlgebraicNumber` where no symbol is left and the
        `Branch` with its minimal polynomial where one is. A `Ball` where the kernel's values are irrational, and
        for rational blocks above ``algebraic_block`` of `symkern.limits`.
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

    @property
    def edge_polynomials(self) -> tuple[tuple[sp.Expr, ...], ...]:
        """Of every leading coefficient without a formula the irreducible polynomial that it is a positive root of, from the constant term up; else ().

        >>> from symkern.kernels import categorical, derive
        >>> sector = derive("linear-attention-last", tokens=categorical(["1/2", "1/3", "1/6"])).sectors[1]
        >>> sector.leading[0], len(sector.edge_polynomials[0])
        (None, 7)
        """
        return tuple(() if term is None else term.edge_polynomial for term in self.leading_terms)

    def contribution(self) -> sp.Expr | Ball:
        """dimension x trace of the block: the sector's part of E k(x, x)."""
        if isinstance(self.block, BallMatrix):
            return self.block.trace().scaled(int(self.dimension))
        return sympified(self.dimension) * self.block.trace().to_sympy()

    # -- functions on sequences ---------------------------------------------------------

    @cached_property
    def found(self) -> dict[str, Any]:
        """What has been computed from the sector and is kept with it, by name."""
        return {}

    def with_functions(self) -> Sector:
        """The sector with its functions: derived again if it was read back, refused if it was built by hand."""
        sector = self.anew() if self.realisation is None and self.anew is not None else self
        if sector.realisation is None:
            raise NoClosedForm(
                "basis: a sector that was built by hand does not know its functions; "
                "derive the spectrum of the kernel"
            )
        return sector

    @cached_property
    def degrees(self) -> tuple[int, ...] | None:
        """The Efron-Stein degree of each function in which ``block`` is written; None where the basis is not graded by degree.

        The degree is the number of positions that a function depends on, the read one included; functions of different degree are
        orthogonal where tokens are independent.

        >>> from symkern.kernels import derive
        >>> [s.degrees for s in derive("linear-attention")][:4]
        [(0, 2), (1, 2), (2,), (2,)]
        """
        if self.realisation is None and self.anew is None:
            return None
        functions = self.with_functions().realisation
        return None if functions is None else functions.degrees


def _enclosed(values: tuple[Ball, ...]) -> list[tuple[Branch, Leading | None]]:
    return [(Branch((), i, value), None) for i, value in enumerate(values)]


def descending(found: list[Branch]) -> list[Branch]:
    """Branches that are numbers, the largest first."""
    return sorted(found, key=_Descending)


class _Descending:
    """Sort key of numbers, the largest first, exact between algebraic numbers of degree above two."""

    def __init__(self, branch: Branch) -> None:
        self.value = branch.value

    def __lt__(self, other: _Descending) -> bool:
        a, b = self.value, other.value
        if isinstance(a, AlgebraicNumber) and isinstance(b, AlgebraicNumber):
            return b < a
        return _precise(b) < _precise(a)


def _precise(value: sp.Expr | AlgebraicNumber | Ball | None) -> Fraction | sp.Float:
    if isinstance(value, AlgebraicNumber):
        fine = value.refine(Fraction(1, 10**40))
        return sp.Rational(fine.low.numerator, fine.low.denominator).n(50)
    assert isinstance(value, sp.Expr)
    return sp.re(value.n(50))


def _size(term: Leading) -> float:
    """Value of a leading term at a large sample length, to pair it with the root +sqrt or -sqrt."""
    return float(sample_value(term.coefficient) * 1e6 ** float(term.exponent))


def _order(branch: Branch, term: Leading | None) -> tuple[int, float, float]:
    if term is None:
        zero = branch.value is not None and branch.value == 0
        return (
            0 if zero else 1,
            0.0,
            sample_value(branch.value) if isinstance(branch.value, sp.Expr) else 0.0,
        )
    return (1, float(term.exponent), sample_value(term.coefficient))
