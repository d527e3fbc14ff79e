"""The exact numbers that class functions take as values and coefficients.

Inside this package a scalar is an int, a ``fractions.Fraction`` or, when it holds a symbol or an
irrational number, a SymPy expression in normal form: expanded, and cancelled when a sum stands in
a denominator. So equal Laurent polynomials and equal rational functions are equal as they stand,
and zero is recognised. A user gets an int, a SymPy Rational or a SymPy expression. Floats are refused.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from operator import index
from typing import Any

import sympy as sp

from symkern.abc import parse
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.exact.exact_arguments import sympified

Scalar = Any
"""int, Fraction or sp.Expr."""

_RULE = "must be an exact number or a SymPy expression"


def read_scalar(value: object, argument: str) -> Scalar:
    """The scalar that ``value`` is: an int, a Fraction, a SymPy expression or the text of a formula."""
    if isinstance(value, str):
        return normal(parse(value, argument))
    if isinstance(value, bool):
        raise InvalidType(argument, _RULE, value)
    if isinstance(value, sp.Expr):
        if value.has(sp.Float):
            raise InvalidType(argument, _RULE + " without floats", value)
        if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
            raise InvalidArgument(argument, "must be finite", f"it is {value}")
        return normal(value)
    if isinstance(value, numbers.Rational):
        return _slim(Fraction(int(value.numerator), int(value.denominator)))
    if hasattr(value, "__index__"):
        try:
            return index(value)
        except TypeError:
            pass
    raise InvalidType(argument, _RULE, value)


def normal(value: Scalar) -> Scalar:
    """The normal form of a scalar; see the head of this module."""
    if not isinstance(value, sp.Expr):
        return _slim(value) if isinstance(value, Fraction) else value
    if isinstance(value, sp.Rational):
        return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))
    if value.is_Symbol:
        return value
    expanded = value.expand(power_base=False, power_exp=False, log=False, basic=False)
    if _has_sum_below(expanded):
        expanded = sp.cancel(expanded)
    return normal(expanded) if isinstance(expanded, sp.Rational) else expanded


def total(terms: Iterable[Scalar]) -> Scalar:
    """The sum in normal form."""
    number: int | Fraction = 0
    expressions = []
    for term in terms:
        if isinstance(term, sp.Expr):
            expressions.append(term)
        else:
            number += term
    if not expressions:
        return normal(number)
    return normal(sp.Add(public(number), *expressions))


class Span:
    """Integer combinations of given scalars, fast when there are many of them.

    Expanded expressions are split into terms once, so that a combination is integer arithmetic and
    needs no expansion; sums in a denominator have no such terms and take the general way.
    """

    def __init__(self, values: Sequence[Scalar]) -> None:
        self._values = values
        self._split: list[dict[sp.Expr, int]] | None = None
        self._denominator = 1
        if not any(isinstance(v, sp.Expr) and _has_sum_below(v) for v in values):
            rational = [sympified(public(v)).as_coefficients_dict() for v in values]
            self._denominator = lcm(*(int(c.q) for terms in rational for c in terms.values()))
            self._split = [
                {term: int(c * self._denominator) for term, c in terms.items() if c}
                for terms in rational
            ]

    def combine(self, weights: Mapping[int, int]) -> Scalar:
        """The sum of weight times value number i, in normal form."""
        if self._split is None:
            return total(w * self._values[i] for i, w in weights.items())
        sums: dict[sp.Expr, int] = {}
        for i, w in weights.items():
            for term, c in self._split[i].items():
                sums[term] = sums.get(term, 0) + w * c
        terms = (sp.Rational(c, self._denominator) * term for term, c in sums.items() if c)
        result = sp.Add(*terms)
        return normal(result) if isinstance(result, sp.Rational) else result


def divide(value: Scalar, divisor: int) -> Scalar:
    """value/divisor, exact; the divisor is a nonzero int."""
    return (
        normal(value * sp.Rational(1, divisor))
        if isinstance(value, sp.Expr)
        else _slim(Fraction(value) / divisor)
    )


def inverse_of(value: object, argument: str = "other") -> Scalar:
    """1/value of an exact number or formula, by which sums are divided; refuses zero."""
    if isinstance(value, str):
        raise InvalidType(argument, _RULE, value)
    number = read_scalar(value, argument)
    if number == 0:
        raise InvalidArgument(argument, "must not be zero", "it is 0")
    return normal(1 / number if isinstance(number, sp.Expr) else Fraction(1) / number)


def symbols_of(values: Iterable[Scalar]) -> set[sp.Basic]:
    """The symbols that occur in scalars."""
    found: set[sp.Basic] = set()
    return found.union(*(v.free_symbols for v in values if isinstance(v, sp.Expr)))


def public(value: Scalar) -> Any:
    """What a user sees: an int, a SymPy Rational or a SymPy expression."""
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    return value


def spelled(value: Scalar) -> str:
    """Source text that `read_scalar` turns back into the scalar, for ``repr``."""
    if isinstance(value, int):
        return repr(value)
    if isinstance(value, Fraction):
        return repr(str(value))
    text = str(value)
    try:
        if normal(parse(text)) == normal(value):
            return repr(text)
    except SymkernError:  # a symbol or a function that formulas do not know
        pass
    return str(sp.srepr(value))


def _slim(value: int | Fraction) -> int | Fraction:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _has_sum_below(value: sp.Expr) -> bool:
    return any(
        power.base.is_Add and power.exp.could_extract_minus_sign() for power in value.atoms(sp.Pow)
    )
