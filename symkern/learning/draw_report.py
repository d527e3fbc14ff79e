r"""What is known about the sensitivity of draws from a kernel's Gaussian process, and how it prints.

    E I(f) = (number of positions) x E Inf(f),      ratio E I(f)/E |f|^2,

against L(1 - sum_t p_t^2) for white noise, the random function: L/2 for two uniform letters. Degree is what is seen here, not the irrep: PARITY is invariant
under all permutations of the positions, so it lies in the trivial irrep of dimension 1 and no bound by dimensions notices it, but it has degree L, where a
kernel of low degree has no weight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.claims import Claim, Standing
from symkern.claims.scaling_law import ScalingLaw
from symkern.doors import DrawSensitivityDoors
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, TooLong
from symkern.exact import FunctionField, function_field
from symkern.exact.asymptotics import leading
from symkern.exact.balls import Ball, ball_sum, from_arb, precision, to_arb
from symkern.exact.exact_arguments import sympified
from symkern.learning.degree_weights import degree_weights
from symkern.learning.sign_sensitivity import sign_sensitivity
from symkern.reading.annotated import typed
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_text

NOTE = (
    "Degree is what counts here. The dimension of an irrep does not see it: PARITY, on two tokens, is invariant under all "
    "permutations of the positions, in the trivial irrep of dimension 1, yet it has degree {length} and average sensitivity {length}."
)

#: Counts of letters up to which the sensitivity of signs is worked out beside that of values.
_MOST_COUNTS = 1000


@dataclass(frozen=True)
@typed
class DrawSensitivity(DrawSensitivityDoors):
    """The sensitivity of draws.

    Attributes:
        spectrum: the spectrum.
        influence: of a position that is averaged over.
        read_influence: of the one that is read; None where none is.
        mean_square: E |f|^2.

    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).attention().mean_pool().spectrum(length=4, tokens=uniform(2))
    >>> found = spec.average_sensitivity()
    >>> found.total, found.mean_square, found.ratio
    (1/2, 157/128, 64/157)
    """

    spectrum: Spectrum = field(repr=False)
    influence: sp.Expr | Ball
    read_influence: sp.Expr | Ball | None
    mean_square: sp.Expr | Ball

    def __repr__(self) -> str:
        return f"<DrawSensitivity of {self.spectrum!r}>"

    @cached_property
    def total(self) -> sp.Expr | Ball:
        """E I(f), the sum of the influences; E as(f) for two uniform letters."""
        length = sympified(self.spectrum.length)
        if self.read_influence is None:
            return _scaled(self.influence, length)
        parts = (_scaled(self.influence, length - 1), self.read_influence)
        return _sum(parts)

    @cached_property
    def ratio(self) -> sp.Expr | Ball:
        """E I(f)/E |f|^2: a ratio of expectations."""
        if self.mean_square == 0:
            raise InvalidArgument("kernel", "must not be zero", "E k(x, x) is 0")
        if isinstance(self.total, Ball) or isinstance(self.mean_square, Ball):
            with precision(192):
                return from_arb(to_arb(_plain(self.total)) / to_arb(_plain(self.mean_square)))
        field = _field(self.total, self.mean_square)
        return (field(self.total) / field(self.mean_square)).to_sympy()

    @property
    def of_random(self) -> sp.Expr:
        """The same for white noise, k(x, y) = [x = y]/P(x): a function with independent values."""
        law = self.spectrum.tokens
        length = sympified(self.spectrum.length)
        if law.is_uniform:
            size = sympified(self.spectrum.vocabulary)
            return sp.factor(length * (size - 1) / size)
        return length * (1 - sum(sp.Rational(p) ** 2 for p in law.letter_probabilities()))

    @cached_property
    def weights(self) -> dict[int, Any]:
        """The mean weight E ||f^{=d}||^2 by degree: from the blocks for polynomial kernels on uniform tokens, else over tables at a given length."""
        return degree_weights(self.spectrum)

    def check(self) -> bool:
        """Whether the weights by degree give the same E I(f), exactly, as formulas; for balls, whether the two have a point in common."""
        if any(isinstance(q, Ball) for q in (self.total, *self.weights.values())):
            parts = [_scaled(w, sp.Integer(d)) for d, w in self.weights.items()]
            return ball_sum(parts).overlaps(ball_sum([self.total]))
        field = _field(self.total, *self.weights.values())
        other = sum((field(w) * d for d, w in self.weights.items()), field.zero)
        return bool(other == field(self.total))

    @cached_property
    def sign(self) -> sp.Expr | float | None:
        """E I(sign f): floating point at a given length, for large L its leading term; None where neither is known, or too many inputs differ to be gone through on the side."""
        length, size = self.spectrum.length, self.spectrum.vocabulary
        if isinstance(length, int) and isinstance(size, int) and comb(length + size - 1, size - 1) > _MOST_COUNTS:  # fmt: skip
            return None
        try:
            return sign_sensitivity(self.spectrum).average
        except (NoClosedForm, InvalidArgument, InvalidType, TooLong):
            return None

    def law(self) -> ScalingLaw:
        """The ratio as a law in L."""
        if isinstance(self.ratio, Ball):
            raise NoClosedForm("law: the kernel is known at a given length only, not in L")
        grown = leading(self.ratio) if self.ratio.has(CONTEXT_LENGTH) else None
        return ScalingLaw(
            "E I(f)/E f^2",
            self.ratio,
            grown,
            {"L": 1} if isinstance(self.spectrum.length, sp.Expr) else {},
            Standing.PROVED,
            symbol=r"\mathbb{E} I(f) / \mathbb{E} |f|^2",
            claim=Claim("sensitivity of draws", (self,)),
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain data, every exact number and formula a string, balls as their two ends."""
        weights: dict[str, str] | None
        try:
            weights = {str(d): _written(w) for d, w in self.weights.items()}
        except NoClosedForm:
            weights = None
        length = self.spectrum.length
        found: dict[str, Any] = {
            "schema": 1,
            "kernel": str(self.spectrum.kernel),
            "tokens": str(self.spectrum.tokens),
            "length": length if isinstance(length, int) else str(length),
            "total_influence": _written(self.total),
            "influence": _written(self.influence),
            "read_influence": None
            if self.read_influence is None
            else _written(self.read_influence),
            "mean_square": _written(self.mean_square),
            "ratio": _written(self.ratio),
            "random_function": _written(self.of_random),
            "weights": weights,
        }
        if self.sign is not None:
            given = isinstance(self.sign, float)
            found["sign_influence"] = self.sign if given else _written(self.sign)
        if isinstance(self.ratio, sp.Expr) and self.ratio.has(CONTEXT_LENGTH):
            found["leading"] = _written(leading(self.ratio).expression)
        return found


def _field(*values: Any) -> FunctionField:
    """A field that holds the values; exponentials of hyperparameters are symbols of their own."""
    symbols = set().union(*(v.free_symbols for v in values))
    exponentials = set().union(*(v.atoms(sp.exp) for v in values))
    return function_field((*sorted(symbols, key=lambda t: t.name), *sorted(exponentials, key=str)))


def _plain(value: sp.Expr | Ball) -> Any:
    return value if isinstance(value, Ball) else Fraction(int(value.p), int(value.q))


def _scaled(value: sp.Expr | Ball, factor: sp.Expr) -> sp.Expr | Ball:
    if isinstance(value, Ball):
        return value.scaled(int(factor))
    field = _field(value, factor)
    return (field(value) * field(factor)).to_sympy()


def _sum(parts: tuple[sp.Expr | Ball, ...]) -> sp.Expr | Ball:
    if any(isinstance(p, Ball) for p in parts):
        return ball_sum(parts)
    field = _field(*parts)
    return sum(map(field, parts), field.zero).to_sympy()


def _written(value: Any) -> Any:
    if isinstance(value, Ball):
        return [str(value.lower), str(value.upper)]
    return formula_text(value)
