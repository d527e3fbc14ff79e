"""The roots of a characteristic polynomial over Q(symbols), written the way people write them.

The polynomial is factored over Q in x and the symbols together (flint). A linear factor is a
rational function, a quadratic one a pair of radicals with the square part of the discriminant taken out, a
factor of higher degree its minimal polynomial: with isolating intervals where no symbol is
left, and without a written root where one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.abc import x
from symkern.exact.algebraic import AlgebraicNumber, real_roots
from symkern.exact.balls import Ball
from symkern.exact.factoring import factor, square_part
from symkern.exact.rational_functions import FunctionField, RationalFunction, function_field
from symkern.exact.written import fraction_repr, readable_repr
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_all, require_types
from symkern.typeset.plain import formula_text
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class Branch(Shown):
    """One root: its minimal polynomial over Z[symbols], its degree, and its written form if it has one.

    Attributes:
        minimal_polynomial: primitive coefficients from the constant term up.
        index: counts the roots of one factor, the largest first where they are real numbers, the root with +sqrt first otherwise.
        value: a SymPy expression (degree one and two), an `AlgebraicNumber` (higher, no symbols), a `Ball` (no polynomial known) or None.
    """

    minimal_polynomial: tuple[RationalFunction, ...]
    index: int
    value: sp.Expr | AlgebraicNumber | Ball | None

    def __post_init__(self) -> None:
        read_all(self.minimal_polynomial, RationalFunction, "minimal_polynomial", "rational functions")  # fmt: skip
        require_types(self, index=int, value=sp.Expr | AlgebraicNumber | Ball | None)

    def __repr__(self) -> str:
        coefficients = ", ".join(fraction_repr(c.to_sympy()) for c in self.minimal_polynomial)
        polynomial = "()"
        if self.minimal_polynomial:
            polynomial = f"tuple(map({self.minimal_polynomial[0].field!r}, [{coefficients}]))"
        return f"Branch({polynomial}, {self.index}, {readable_repr(self.value)})"

    def __str__(self) -> str:
        if self.value is not None:
            return formula_text(self.value) if isinstance(self.value, sp.Expr) else str(self.value)
        if not self.minimal_polynomial:
            return "a root of its block"
        return f"root {self.index} of {formula_text(self.polynomial(), x)}"

    @property
    def degree(self) -> int:
        """Degree over Q(symbols)."""
        return max(len(self.minimal_polynomial) - 1, 0)

    @property
    def interval(self) -> tuple[Fraction, Fraction] | None:
        """The isolating interval of an algebraic number of degree above two, or the ends of a ball."""
        if isinstance(self.value, AlgebraicNumber):
            return self.value.low, self.value.high
        if isinstance(self.value, Ball):
            return self.value.lower, self.value.upper
        return None

    def polynomial(self) -> sp.Expr:
        """The minimal polynomial as a SymPy expression in x."""
        return sp.Add(*(c.expanded() * x**k for k, c in enumerate(self.minimal_polynomial)))


@typed
def branches(factors: Sequence[Sequence[RationalFunction]], field: FunctionField) -> list[Branch]:
    """All roots, with multiplicity, of a product of monic polynomials over ``field``.

    Args:
        factors: monic polynomials, each the list of its coefficients from the constant term up.
        field: that of the coefficients.
    """
    if x in field.index:
        raise AssertionError("x is the variable of minimal polynomials")
    wide = function_field((*field.symbols, x))
    found: list[Branch] = []
    for given in factors:
        polynomial = wide.zero
        for k, c in enumerate(given):
            polynomial = polynomial + wide(c) * wide.gens[-1] ** k
        _, parts = factor(polynomial.num)
        for part, multiplicity in parts:
            coefficients = _coefficients(part, wide, field)
            if len(coefficients) > 1:
                found.extend(_roots(coefficients, field) * int(multiplicity))
    return found


def _coefficients(
    part: Any, wide: FunctionField, field: FunctionField
) -> tuple[RationalFunction, ...]:
    by_power = RationalFunction(wide, part, wide.one.num).coefficients([x])
    degree = max(k for (k,) in by_power)
    zero = wide.zero
    coefficients = [by_power.get((k,), zero).in_field(field) for k in range(degree + 1)]
    if coefficients[-1].num.leading_coefficient() < 0:
        coefficients = [-c for c in coefficients]
    return tuple(coefficients)


def _roots(coefficients: tuple[RationalFunction, ...], field: FunctionField) -> list[Branch]:
    degree = len(coefficients) - 1
    if degree == 1:
        return [Branch(coefficients, 0, (-coefficients[0] / coefficients[1]).to_sympy())]
    if degree == 2:
        c, b, a = coefficients
        root = _square_root(b * b - 4 * a * c)
        inside = root[1]
        if inside.is_Integer and int(inside).bit_length() > 8 * current().radicand_bits:
            return _numbers(coefficients)  # SymPy would factor it in every product
        return [
            Branch(coefficients, i, _quadratic(b, a, root, sign)) for i, sign in enumerate((1, -1))
        ]
    if all(e.is_number for e in coefficients):
        return _numbers(coefficients)
    return [Branch(coefficients, i, None) for i in range(degree)]


def _numbers(coefficients: tuple[RationalFunction, ...]) -> list[Branch]:
    integers = [int(e.to_fraction()) for e in coefficients]
    return [Branch(coefficients, i, r) for i, r in enumerate(real_roots(integers))]


def _quadratic(
    b: RationalFunction, a: RationalFunction, root: tuple[RationalFunction, sp.Expr], sign: int
) -> sp.Expr:
    """(-b + sign * outside * sqrt(inside)) / (2a), with common factors cancelled."""
    outside, inside = root
    common = b.num.gcd(outside.num).gcd((2 * a).num)
    field = b.field
    top, side, bottom = (
        RationalFunction(field, p.num / common, field.one.num) for p in (-b, outside, 2 * a)
    )
    # SymPy would look for factors of a long number once more, for minutes; what is square is out already.
    long = inside.is_Integer and int(inside).bit_length() > current().radicand_bits
    radical = sp.Pow(inside, sp.S.Half, evaluate=False) if long else sp.sqrt(inside)
    return (top.to_sympy() + sign * side.to_sympy() * radical) / bottom.to_sympy()


def _square_root(discriminant: RationalFunction) -> tuple[RationalFunction, sp.Expr]:
    """outside, inside with outside^2 * inside = discriminant and inside square-free."""
    field = discriminant.field
    content, parts = factor(discriminant.num)
    square, free = square_part(int(content))
    outside, inside = field(square), field(free)
    for part, e in parts:
        p = RationalFunction(field, part, field.one.num)
        outside = outside * p ** (int(e) // 2)
        if int(e) % 2:
            inside = inside * p
    return outside, inside.expanded()
