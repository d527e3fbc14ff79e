"""Polynomials in one variable, the length, with rational coefficients; and rational polynomials in several variables, as flint has them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint


def rational(value: Fraction | int) -> Any:
    """A rational number that multiplies what is made here.

    >>> rational(Fraction(1, 2)) + 1
    3/2
    """
    value = Fraction(value)
    return flint.fmpq(value.numerator, value.denominator)


def length_polynomial(coefficients: Sequence[Any]) -> Any:
    """The polynomial with these coefficients, from the constant term up; called with another one, it is the composition.

    >>> L = length_polynomial([0, 1])
    >>> (L + 1) * L
    x^2 + x
    >>> length_polynomial([0, 0, 1])(L - 1)
    x^2 + (-2)*x + 1
    """
    return flint.fmpq_poly(list(coefficients))


def rational_ring(variables: int) -> tuple[list[Any], Any]:
    """Rational polynomials in that many variables: the variables, and the function that makes constants.

    ``p.to_dict()`` lists coefficients by exponents.
    """
    names = tuple(f"t{i}" for i in range(variables)) or ("t",)
    context = flint.fmpq_mpoly_ctx.get(names, flint.Ordering.degrevlex)
    return list(context.gens())[:variables], context.constant
