"""Reading of exact values from what users pass: ints, fractions, SymPy expressions, strings."""

from __future__ import annotations

import operator
from numbers import Rational as NumbersRational

import sympy as sp

from symkern.abc import parse
from symkern.errors import InvalidArgument, InvalidType

__all__ = ["exact_expression", "exact_size"]


def exact_expression(value: object, argument: str) -> sp.Expr:
    """An exact SymPy expression from an int, a Fraction, a SymPy expression or a formula's text.

    Floats, bools and expressions that hold floats raise `InvalidType`: write "0.1", 1/10 exactly, or a Fraction.

    >>> exact_expression("0.1", "alpha")
    1/10
    """
    if isinstance(value, str):
        return parse(value, argument)
    if isinstance(value, sp.Expr):
        if value.has(sp.Float) or value.has(sp.nan, sp.zoo, sp.oo):
            raise InvalidType(argument, "must be exact: no floats, no infinities", value)
        return value
    if isinstance(value, NumbersRational) and not isinstance(value, bool):
        return sp.Rational(int(value.numerator), int(value.denominator))
    if hasattr(value, "__index__") and not isinstance(value, bool):
        try:
            return sp.Integer(operator.index(value))
        except TypeError:  # arrays have the method, and refuse unless they are one integer
            pass
    raise InvalidType(argument, "must be an exact number, a SymPy expression or a string", value)


def exact_size(value: object, argument: str, least: int = 1) -> int | sp.Expr:
    """A size: an int of at least ``least``, or a SymPy expression with symbols.

    >>> exact_size(5, "length")
    5
    """
    expression = exact_expression(value, argument)
    if expression.is_number:
        if not expression.is_Integer:
            raise InvalidType(argument, "must be an integer or a symbol", value)
        if int(expression) < least:
            raise InvalidArgument(argument, f"must be at least {least}", f"it is {int(expression)}")
        return int(expression)
    return expression
