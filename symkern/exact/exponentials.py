r"""Exponentials of polynomials as further symbols of a field of rational functions.

e^alpha and e^beta are algebraically independent over Q(alpha, beta), and so are e^(m_1), e^(m_2), ... for different monomials m_i in
the symbols. A field Q(alpha, beta, e^alpha, e^beta) therefore decides what is zero, and what has which rank, for symbolic
hyperparameters. The symbol of a monomial m is ``exp(m/d)``, d clearing the denominators that occur.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import lcm

import sympy as sp

from symkern.errors import InvalidArgument
from symkern.exact.rational_functions import FunctionField, RationalFunction, function_field


def exponential_field(
    symbols: tuple[sp.Symbol, ...], exponents: Iterable[RationalFunction]
) -> FunctionField:
    """Q(symbols) with the exponentials of the monomials of ``exponents``, polynomials with rational coefficients."""
    found: dict[sp.Expr, int] = {}
    for exponent in exponents:
        for monomial, _, denominator in _terms(exponent):
            found[monomial] = lcm(found.get(monomial, 1), denominator)
    extra = sorted((sp.exp(m / d) for m, d in found.items()), key=str)
    return function_field((*symbols, *extra))


def exponential_of(exponent: RationalFunction, field: FunctionField) -> RationalFunction:
    """e^exponent in a field that has the exponentials of its monomials."""
    known = {}
    for symbol in field.symbols:
        if symbol is sp.E or isinstance(symbol, sp.exp):
            argument = sp.S.One if symbol is sp.E else symbol.args[0]
            ((monomial, _, denominator),) = _terms(field(argument))
            known[monomial] = symbol, denominator
    product = field.one
    for monomial, numerator, denominator in _terms(exponent):
        if monomial not in known:
            raise InvalidArgument("exponent", "must have known monomials", f"{monomial} is none")
        symbol, scale = known[monomial]
        product = product * field(symbol) ** (numerator * (scale // denominator))
    return product


def exponent_degree(exponent: RationalFunction, field: FunctionField) -> int:
    """The largest power of a symbol of the field in e^exponent; 0 where one of its monomials is none of the exponents of the field."""
    scales: dict[sp.Expr, int] = {}
    for symbol in field.symbols:
        if symbol is sp.E or isinstance(symbol, sp.exp):
            argument = sp.S.One if symbol is sp.E else symbol.args[0]
            ((monomial, _, denominator),) = _terms(field(argument))
            scales[monomial] = denominator
    powers = [abs(p) * (scales.get(m, 0) // q) for m, p, q in _terms(exponent)]
    return max(powers, default=0)


def _terms(polynomial: RationalFunction) -> list[tuple[sp.Expr, int, int]]:
    """(monomial, numerator, denominator of its coefficient)."""
    if not polynomial.is_polynomial:
        rule = "must be polynomials in the hyperparameters to be exponents"
        raise InvalidArgument("scores", rule, f"one is {polynomial}")
    bottom = int(next(iter(polynomial.den.to_dict().values())))
    found = []
    for powers, c in polynomial.num.to_dict().items():
        monomial = sp.Mul(
            *(s ** int(e) for s, e in zip(polynomial.field.symbols, powers, strict=False))
        )
        q = sp.Rational(int(c), bottom)
        found.append((monomial, int(q.p), int(q.q)))
    return found
