"""The eigenvectors of a sector's block, at its symbols or at numbers put in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    Branch,
    ExactMatrix,
    FunctionField,
    RationalFunction,
    branches,
    function_field,
)
from symkern.exact.balls import ball_sum, enclosure, from_arb
from symkern.exact.exponentials import exponential_field
from symkern.sectors.ball_vectors import (
    ball_eigenvector,
    ball_product,
    ball_roots,
    float_eigenvectors,
    metric_eigenvector,
)
from symkern.sectors.coordinates import Element, eigenvectors, read_off
from symkern.sectors.realisation import Realisation
from symkern.sectors.sector import Sector, descending
from symkern.sectors.tabulated import Table


@dataclass(frozen=True)
class ExactCoordinates:
    """Coordinates in the functions of a realisation; ``value`` is the root that lambda stands for."""

    elements: tuple[Element, ...]
    value: sp.Expr | AlgebraicNumber | Ball | None

    def combine(self, values: Sequence[Fraction]) -> sp.Expr | Ball:
        """The combination of rational numbers with these coordinates."""
        total = Element(self.elements[0].modulus, ())
        for c, e in zip(self.elements, values, strict=True):
            if e:
                total = total + c.scaled(e)
        return read_off(total, self.value)

    def combine_table(self, table: Table) -> np.ndarray:
        """The combination of tables, as an object array."""
        rows = table.numerators.reshape(len(table.denominators), -1)
        known: dict[tuple[int, ...], Any] = {}
        out = np.empty(rows.shape[1], dtype=object)
        for place, column in enumerate(map(tuple, rows.T.tolist())):
            if column not in known:
                known[column] = self.combine(
                    [Fraction(n, d) for n, d in zip(column, table.denominators, strict=True)]
                )
            out[place] = known[column]
        return out.reshape(table.numerators.shape[1:])

    def floats(self) -> np.ndarray:
        """The coordinates in floating point, each rounded once."""
        listed = []
        for c in self.elements:
            number = read_off(c, self.value)
            if isinstance(number, sp.Expr) and number.free_symbols:
                names = ", ".join(sorted(s.name for s in number.free_symbols))
                raise InvalidArgument(
                    "parameters", f"must give values to {names}", "they are symbols"
                )
            listed.append(float(number if isinstance(number, Ball) else number.n(30)))
        return np.array(listed)


@dataclass(frozen=True)
class BallCoordinates:
    """Coordinates that are known to a radius."""

    balls: tuple[Ball, ...]

    def combine(self, values: Sequence[Fraction]) -> Ball:
        """The combination of rational numbers with these coordinates."""
        return ball_sum([c.scaled(e) for c, e in zip(self.balls, values, strict=True)])

    def combine_table(self, table: Table) -> np.ndarray:
        """The combination of tables, as an object array of balls."""
        return ExactCoordinates.combine_table(self, table)  # type: ignore[arg-type]

    def floats(self) -> np.ndarray:
        """The midpoints."""
        return np.array([float(b) for b in self.balls])


@dataclass(frozen=True)
class SectorSpace:
    """A sector with its realisation and its eigenvectors."""

    sector: Sector
    realisation: Realisation
    _known: dict[Any, ExactCoordinates | BallCoordinates] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, sector: Sector) -> SectorSpace:
        """The space of a sector, the same whenever it is asked for."""
        if "space" not in sector.found:
            known = sector.with_functions()
            assert known.realisation is not None
            sector.found["space"] = cls(known, known.realisation)
        space: SectorSpace = sector.found["space"]
        return space

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """Symbols of the block's field that can be given values: its exponentials follow from them."""
        block = self.sector.block
        if not isinstance(block, ExactMatrix):
            return ()
        return tuple(s for s in block.field.symbols if s.is_Symbol)

    @property
    def _exponentials(self) -> tuple[sp.Expr, ...]:
        """Generators of the block's field that are exponentials of symbols."""
        block = self.sector.block
        if not isinstance(block, ExactMatrix):
            return ()
        return tuple(s for s in block.field.symbols if not s.is_Symbol)

    def _put(self, values: Mapping[sp.Symbol, Any]) -> dict[Any, Any]:
        """The values, and those of the exponentials."""
        return {
            **values,
            **{e: e.subs(values, simultaneous=True) for e in self._exponentials},
        }

    @cached_property
    def _free(self) -> frozenset[sp.Symbol]:
        block = self.sector.block
        if not isinstance(block, ExactMatrix):
            return frozenset()
        return frozenset(_named(e for row in block for e in row))

    @cached_property
    def vectors(self) -> list[list[Element]]:
        """Coordinates of every written branch in the basis of the block."""
        block = self.sector.block
        assert isinstance(block, ExactMatrix)
        return eigenvectors(block, self.sector.branches)

    def written(self, index: int) -> list[sp.Expr | Ball]:
        """The coordinates of an eigenvector in the basis of the block, as expressions."""
        branch = self.sector.branches[index]
        if isinstance(self.sector.block, ExactMatrix) and branch.minimal_polynomial:
            return [read_off(c, _value(branch)) for c in self.vectors[index]]
        raise NoClosedForm("the coordinates of this eigenfunction have no written form")

    # -- at given values ------------------------------------------------------------------

    def unit(
        self, index: int, values: Mapping[sp.Symbol, Any]
    ) -> ExactCoordinates | BallCoordinates:
        """The coordinates of e_j in the functions of the realisation."""
        size = self.sector.multiplicity
        if not isinstance(self.sector.block, ExactMatrix):
            return self._ball_mix([Ball(int(i == index)) for i in range(size)])
        field = self._field(values)
        modulus = (field.zero, field.one)
        vector = [Element(modulus, (field.one,) if i == index else ()) for i in range(size)]
        return self._mixed(vector, None, values, field)

    def eigenvector(
        self, index: int, values: Mapping[sp.Symbol, Any]
    ) -> ExactCoordinates | BallCoordinates:
        """The coordinates of an eigenfunction in the functions of the realisation, symbols replaced by ``values``."""
        used = {s: e for s, e in values.items() if s in self.symbols}
        key = (index, tuple(sorted(used.items(), key=lambda item: item[0].name)))
        if key not in self._known:
            self._known[key] = self._eigenvector(index, used)
        return self._known[key]

    def float_vectors(self) -> list[np.ndarray]:
        """The coordinates of all eigenvectors of a block without symbols, in floating point."""
        sector = self.sector
        if isinstance(sector.block, ExactMatrix) and all(
            b.minimal_polynomial for b in sector.branches
        ):
            return [self.eigenvector(i, {}).floats() for i in range(sector.multiplicity)]
        vectors = float_eigenvectors(sector)
        if self.realisation.mix is None:
            return vectors
        mix = np.array(
            [
                [float(q.to_fraction() if isinstance(q, RationalFunction) else q) for q in row]
                for row in self.realisation.mix
            ]
        )
        return [mix @ c for c in vectors]

    def _eigenvector(
        self, index: int, values: Mapping[sp.Symbol, Any]
    ) -> ExactCoordinates | BallCoordinates:
        block = self.sector.block
        if not isinstance(block, ExactMatrix):
            return self._ball_mix(ball_eigenvector(block, index))
        branch = self.sector.branches[index]
        field = self._field(values)
        numbers = not (self._free - set(values))
        if not branch.minimal_polynomial:
            if not numbers:
                raise NoClosedForm(
                    f"eigenvalues of a block of size {self.sector.multiplicity} with symbols are not "
                    "written; give length, vocabulary and hyperparameters values"
                )
            if self._free:
                return self._mixed(*self._at_numbers(index, values), values, field)
            return self._ball_mix(metric_eigenvector(self.sector, index))
        if not values:
            return self._mixed(self.vectors[index], _value(branch), values, field)
        found = self._substituted(index, branch, values, field)
        if found is None:
            if not numbers:
                raise NoClosedForm(
                    "the eigenfunction degenerates at these sizes; give all hyperparameters values"
                )
            found = self._same_root(branch, values)
        return self._mixed(*found, values, field)

    def _field(self, values: Mapping[sp.Symbol, Any]) -> FunctionField:
        rest = [s for s in self.symbols if s not in values]
        more = {t for e in values.values() if isinstance(e, sp.Expr) for t in e.free_symbols}
        rest += sorted(more - set(rest), key=lambda t: t.name)
        plain = function_field(tuple(rest))
        if not self._exponentials:
            return plain
        exponents = [
            e.args[0].subs(values, simultaneous=True) if e.args else sp.S.One  # Euler's number
            for e in self._exponentials
        ]
        return exponential_field(plain.symbols, [plain(e) for e in exponents])

    def _substituted(
        self, index: int, branch: Branch, values: Mapping[sp.Symbol, Any], field: FunctionField
    ) -> tuple[list[Element], Any] | None:
        """The formula with numbers put in; None where it has a pole or vanishes."""
        put = self._put(values)
        try:
            modulus = tuple(c.substitute(put, field) for c in branch.minimal_polynomial)
            vector = [
                Element(modulus, tuple(c.substitute(put, field) for c in e.coefficients))
                for e in self.vectors[index]
            ]
        except ZeroDivisionError:
            return None
        if not modulus[-1] or not any(vector):
            return None
        if _named(modulus):
            value = branch.value
            if isinstance(value, sp.Expr):
                return vector, value.subs(values, simultaneous=True)
            return vector, None
        root = _roots(modulus, field)[branch.index]
        vector = [Element.of(root.minimal_polynomial, e.coefficients) for e in vector]
        return (vector, root.value) if any(vector) else None

    def _numeric(self, values: Mapping[sp.Symbol, Any]) -> list[tuple[Branch, list[Element]]]:
        """Branches of the block at numbers, the largest first, with their eigenvectors."""
        block = self.sector.block
        assert isinstance(block, ExactMatrix)
        field = self._field(values) if self._exponentials else function_field(())
        try:
            plain = block.substitute(self._put(values), field)
        except ZeroDivisionError:
            raise NoClosedForm(
                "the block has a pole at these values; Spectrum.evaluate gives the spectrum there"
            ) from None
        space = SectorSpace(replace(self.sector, block=plain, metric=None), self.realisation)
        if not space.sector.is_written:  # of exponentials, which count as symbols
            raise NoClosedForm(
                f"eigenvalues of a block of size {self.sector.multiplicity} with exponentials are not written; "
                "Spectrum.evaluate gives them and their eigenfunctions to a proven radius"
            )
        pairs = list(zip(map(_numbered, space.sector.branches), space.vectors, strict=True))
        if self._exponentials:  # the rows of a block with symbols are not sorted by value
            pairs.sort(key=lambda pair: _place(pair[0]), reverse=True)
        return pairs

    def _at_numbers(self, index: int, values: Mapping[sp.Symbol, Any]) -> tuple[list[Element], Any]:
        """The eigenvector of the eigenvalue of that rank at numbers."""
        branch, vector = self._numeric(values)[index]
        return vector, branch.value

    def _same_root(
        self, branch: Branch, values: Mapping[sp.Symbol, Any]
    ) -> tuple[list[Element], Any]:
        """An eigenvector of the block at numbers for the value that a branch has there."""
        put, field = self._put(values), self._field(values)
        modulus = tuple(c.substitute(put, field) for c in branch.minimal_polynomial)
        root = _roots(modulus, field)[branch.index]
        for other, vector in self._numeric(values):
            if (other.minimal_polynomial, other.value) == (root.minimal_polynomial, root.value):
                return vector, other.value
        raise NoClosedForm("the eigenvalue does not exist at these sizes")

    # -- from the basis of the block to the functions of the realisation ------------------

    def _mixed(
        self,
        vector: Sequence[Element],
        value: Any,
        values: Mapping[sp.Symbol, Any],
        field: FunctionField,
    ) -> ExactCoordinates:
        mix = self.realisation.mix
        if mix is None:
            return ExactCoordinates(tuple(vector), value)
        put = self._put(values)
        out = []
        for row in mix:
            total = Element(vector[0].modulus, ())
            for q, c in zip(row, vector, strict=True):
                if q and c:
                    factor = q.substitute(put, field) if isinstance(q, RationalFunction) else q
                    total = total + c.scaled(factor)
            out.append(total)
        return ExactCoordinates(tuple(out), value)

    def _ball_mix(self, vector: Sequence[Ball]) -> BallCoordinates:
        mix = self.realisation.mix
        if mix is None:
            return BallCoordinates(tuple(vector))
        return BallCoordinates(tuple(ball_product(mix, vector)))


def _value(branch: Branch) -> sp.Expr | AlgebraicNumber | None:
    return None if isinstance(branch.value, Ball) else branch.value


def _roots(modulus: tuple[RationalFunction, ...], field: FunctionField) -> list[Branch]:
    """The roots of a polynomial with numbers, the largest first."""
    found = branches([[c / modulus[-1] for c in modulus]], field)
    if all(c.is_number for c in modulus):
        return descending(found)
    return sorted(map(_numbered, found), key=_place, reverse=True)


def _named(entries: Iterable[RationalFunction]) -> set[sp.Symbol]:
    """The symbols that occur, in exponents too."""
    return {s for e in entries for t in e.free_symbols() for s in t.free_symbols}


def _numbered(branch: Branch) -> Branch:
    """A branch with its root to a proven radius, where exponentials keep it from being an algebraic number."""
    if branch.value is not None or not branch.minimal_polynomial:
        return branch
    return replace(branch, value=ball_roots(branch.minimal_polynomial)[branch.index])


#: Decimal places to which roots are told apart.
_PLACES = 60


def _place(branch: Branch) -> Fraction:
    """Where the root of a branch stands among others that are numbers."""
    value = branch.value
    if isinstance(value, AlgebraicNumber):
        narrow = value.refine(Fraction(1, 10**_PLACES))
        return (narrow.low + narrow.high) / 2
    ball = value if isinstance(value, Ball) else from_arb(enclosure(value))
    return ball.midpoint
