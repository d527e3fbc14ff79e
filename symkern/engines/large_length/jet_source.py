"""The jets of a kernel under a law, exact where its constants have formulas and in balls where they are irrational numbers without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import sympy as sp

from symkern.engines.large_length.jet_block import JetsByPlace, Laws, Place
from symkern.errors import NoClosedForm
from symkern.exact import AlgebraicNumber, Ball, RationalFunction, function_field
from symkern.exact.ball_constants import BallConstants
from symkern.exact.ball_roots import real_root_enclosures
from symkern.exact.balls import BITS, enclosure, from_arb, precision
from symkern.exact.constant_fields import BallField, ConstantField, ExactField, Extended
from symkern.exact.exact_constants import ExactConstants, Missing
from symkern.exact.multiquadratic import Multiquadratic
from symkern.exact.signs_of_polynomials import SignRegion
from symkern.exact.symbolic_lengths import RATIONALS, Formulas, Scalars
from symkern.exact.weighted_series import Jet
from symkern.kernels.algebras.fluctuation_ring import FluctuationRing
from symkern.kernels.algebras.jets import JetRecursion
from symkern.kernels.pipeline import Kernel

#: Balls of so many bits: what is below 2^-(bits/4) and holds zero counts as zero.
_BITS = 2 * BITS

#: Terms of a formula in a square root up to which its denominators are made free of that; beyond nobody reads it, and it takes minutes.
_RADICALS = 200


class JetSource:
    """Jets of one kernel, each order computed once.

    ``exact`` says whether constants are formulas; ``undecided`` is the power of ten below which a ball that holds zero counts as zero.
    """

    def __init__(self, kernel: Kernel, laws: Laws) -> None:
        self.kernel, self.laws = kernel, laws
        found = {s for w, p in laws for q in (w, *p) if isinstance(q, RationalFunction) for s in q.free_symbols()}  # fmt: skip
        self._chances = tuple(sorted(found, key=str))
        self.starred: bool = kernel.reads_position
        self.letters = len(laws[0][1])
        letters = range(self.letters)
        self._stars: list[tuple[int, int] | None] = [None]
        if self.starred:
            self._stars = [(t, u) for t in letters for u in letters]
        self._jets: dict[int, JetsByPlace] = {}
        self._constants: ExactConstants | None = None
        # Formulas of numbers grow with every stage that is no polynomial, and nobody reads them.
        plain = all(s.is_rational for s in kernel.stages)
        symbolic = bool(kernel.parameters or self._chances)
        try:
            if plain or symbolic:
                self._constants = self._exact_constants()
        except NoClosedForm as error:
            if self._chances:
                names = ", ".join(map(str, self._chances))
                raise NoClosedForm(f"tokens: with {names} in the probabilities, {error}") from None
            if symbolic:
                raise
        self.exact = self._constants is not None
        self.undecided = None if self.exact else _BITS * 30103 // 400000

    def _exact_constants(self) -> ExactConstants:
        """The constants that occur, found at order 0."""
        field = function_field((*self.kernel.parameters, *self._chances))
        known = [q for w, p in self.laws for q in (w, *p) if isinstance(q, RationalFunction)]
        constants = ExactConstants(field, region=SignRegion(known))
        while True:
            try:
                self._at(0, constants)
                return constants
            except Missing as missing:
                constants = constants.need(missing)

    @contextmanager
    def digits(self) -> Iterator[None]:
        """Compute with the digits of the balls inside."""
        with precision(_BITS):
            yield

    def _at(self, order: int, constants: Any) -> JetsByPlace:
        found: dict[Place, Jet] = {}
        laws = self._laws_in(constants)
        for (i, p), (j, q) in product(enumerate(laws), repeat=2):
            recursion = JetRecursion(self.kernel.stages, FluctuationRing((p, q), order, constants, self.starred))  # fmt: skip
            for star in self._stars:
                t, u = star or (None, None)
                found[i, j, t, u] = recursion(star)
        return found

    def jets(self, order: int) -> JetsByPlace:
        """The jets cut after weight ``order``."""
        if order not in self._jets:
            self._jets[order] = self._at(order, self._constants or BallConstants())
        return self._jets[order]

    def _laws_in(self, constants: Any) -> list[tuple[Any, ...]]:
        """The probabilities of each component, formulas as elements of the field of the constants."""
        if not self._chances:
            return [p for _, p in self.laws]
        return [tuple(map(constants.field, p)) for _, p in self.laws]

    @property
    def scalars(self) -> Scalars:
        """The numbers in which operators on sequences are written."""
        return Formulas(self._constants) if self._chances and self._constants else RATIONALS

    def diagonal_jets(self, order: int) -> list[tuple[int, Any, Jet]]:
        """The jets of k(x, x) in the fluctuations of x, by the component of the law, with the probability of that and of the letter that is read."""
        found = []
        constants = self._constants or BallConstants()
        for i, ((share, p), law) in enumerate(
            zip(self.laws, self._laws_in(constants), strict=True)
        ):
            ring = FluctuationRing((law, law), order, constants, self.starred)
            recursion = JetRecursion(self.kernel.stages, ring)
            if not self.starred:
                found.append((i, share, recursion.on_diagonal(None)))
            else:
                found += [(i, q * share, recursion.on_diagonal(t)) for t, q in enumerate(p)]
        return found

    def kink(self, jets: JetsByPlace) -> int | None:
        """The weight of the first term that is not smooth."""
        return min((j.kink for j in jets.values() if j.kink is not None), default=None)

    @property
    def field(self) -> ConstantField:
        """The field in which branches are expanded."""
        return BallField() if self._constants is None else ExactField(self._constants.field)

    def reduced(self, constant: Any) -> Any:
        """A constant as an element of that field."""
        return constant if self._constants is None else self._constants.value(constant)

    def shortened(self, constant: Any) -> Any:
        """The same constant, in lowest terms where it has many and that takes no inverse more."""
        if self._constants is None:
            return constant
        try:
            return self._constants.tidied(constant)
        except Missing:
            return constant

    def shown(self, value: Any) -> tuple[sp.Expr | AlgebraicNumber | Ball | None, tuple[RationalFunction, ...]]:  # fmt: skip
        """A coefficient of a branch as a result has it, and the polynomial that it is a root of where that is all there is."""
        if isinstance(value, (RationalFunction, Multiquadratic)):
            return value.to_sympy(), ()
        if not isinstance(value, Extended):
            return from_arb(value), ()
        root, f = value.branch.value, value.branch.minimal_polynomial
        if isinstance(root, sp.Expr):
            written = value.map_root(lambda c: c.to_sympy(), root)
            terms = sum(len(c) if isinstance(c, Multiquadratic) else len(c.num) + len(c.den) for c in value.coefficients)  # fmt: skip
            return sp.radsimp(written) if terms <= _RADICALS else written, ()
        if any(s.is_Symbol for c in f for s in c.free_symbols()):
            return None, f
        with self.digits():
            roots = real_root_enclosures([c.to_sympy() for c in f])
            root = roots[value.branch.index]
            return from_arb(value.map_root(lambda c: enclosure(c.to_sympy()), root)), ()
