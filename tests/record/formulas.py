"""Formulas compared by their values at three fixed points, so that how they are written does not count.

A formula is a text in the symbols of `symkern.abc` with + - * / ^ (or **), sqrt and exp. At a point every symbol is a
rational number and so is the formula's value, found by flint. exp is there the homomorphism r -> 2^(N r) from the
multiples of 1/N to the rationals other than zero: exponentials of formulas satisfy no other relations than those of a homomorphism, so that
two formulas are the same if their values are (up to an accident at three unlike points). Where that has no meaning, for roots, pi and inverse
trigonometric functions, the value is a number of 60 digits, of which 40 are kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
from flint import fmpq, fmpq_mat

__all__ = [
    "POINTS",
    "characteristic_polynomial",
    "characteristic_polynomials",
    "outward",
    "same_formula",
    "values",
]

#: L and v are no integers, so that the block of a basis with poles there has a value.
POINTS: tuple[dict[str, Fraction], ...] = tuple(
    {
        name: Fraction(text)
        for name, text in zip(
            ("L", "v", "alpha", "beta", "gamma", "sigma2", "w", "b", "x", "n"),
            line.split(),
            strict=True,
        )
    }
    for line in (
        "37/3 29/5 2 3 5 7 11 13 17/7 19",
        "101/7 53/4 3 1 2 5 4 9 23/11 6",
        "71/5 83/6 1 4 3 2 5 8 31/13 10",
    )
)

#: Exponents are multiples of 1/N: N = lcm(1, ..., 6)^2 for lengths up to six and averages over both positions.
N = 3600
LONGEST = 120

_TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_]\w*)|(\*\*|[-+*/^()]))")


class _Inexact(Exception):
    """The formula has no rational value at the point."""


def _exponential(argument: Any) -> Any:
    steps = argument * N
    if steps.q != 1 or abs(steps.p) > 10**6:
        raise _Inexact
    return fmpq(2) ** int(steps.p)


def _refuse(*_: Any) -> Any:
    raise _Inexact


def _exact(point: dict[str, Fraction]) -> tuple[Callable[[int], Any], dict[str, Any]]:
    names: dict[str, Any] = {s: fmpq(q.numerator, q.denominator) for s, q in point.items()}
    names |= {"exp": _exponential, "E": fmpq(2) ** N}
    return fmpq, names


def _digits(point: dict[str, Fraction]) -> tuple[Callable[[int], Any], dict[str, Any]]:
    names: dict[str, Any] = {s: mpmath.mpf(q.numerator) / q.denominator for s, q in point.items()}
    functions = ("exp", "sqrt", "erf", "asin", "acos", "atan")
    names |= {name: getattr(mpmath, name) for name in functions}
    return mpmath.mpf, names | {"pi": mpmath.pi(), "E": mpmath.e()}


class _Reader:
    """One formula's value, by recursive descent over its tokens."""

    def __init__(self, text: str, number: Callable[[int], Any], names: dict[str, Any]) -> None:
        self.tokens: list[str] = ["".join(t) for t in _TOKEN.findall(text)] + [""]
        assert "".join(self.tokens) == re.sub(r"\s", "", text), f"no formula: {text[:80]!r}"
        self.at, self.number, self.names = 0, number, names

    def _take(self, *operators: str) -> str:
        token = self.tokens[self.at]
        if token not in operators:
            return ""
        self.at += 1
        return token

    def value(self) -> Any:
        found = self._sum()
        assert not self.tokens[self.at], f"{self.tokens[self.at]!r} is left over"
        return found

    def _sum(self) -> Any:
        total = self._product()
        while sign := self._take("+", "-"):
            term = self._product()
            total = total + term if sign == "+" else total - term
        return total

    def _product(self) -> Any:
        product = self._factor()
        while sign := self._take("*", "/"):
            factor = self._factor()
            product = product * factor if sign == "*" else product / factor
        return product

    def _factor(self) -> Any:
        if self._take("-"):
            return -self._factor()
        if self._take("+"):
            return self._factor()
        base = self._atom()
        if not self._take("^", "**"):
            return base
        exponent = self._factor()
        if isinstance(exponent, fmpq):
            if exponent.q != 1:
                raise _Inexact
            exponent = int(exponent.p)
        return base**exponent

    def _atom(self) -> Any:
        token = self.tokens[self.at]
        self.at += 1
        if token == "(":
            inside = self._sum()
            assert self._take(")"), "a parenthesis stays open"
            return inside
        if token.isdigit():
            return self.number(int(token))
        found = self.names.get(token, _refuse if self.tokens[self.at] == "(" else None)
        if found is None and self.number is fmpq:
            raise _Inexact
        if self._take("("):
            inside = self._sum()
            assert self._take(")"), "a parenthesis stays open"
            return found(inside)
        return found


@lru_cache(maxsize=4096)
def values(text: str) -> tuple[str, ...]:
    """The formula's value at each point: a fraction, "#" and a digest of a long one, or "~" and 40 digits.

    >>> values("L^2*exp(alpha/2) - L**2*exp(alpha)/exp(alpha/2)"), values("sqrt(4*v) - 2*sqrt(v)")[0][:4]
    (('0', '0', '0'), '~0.0')
    """
    try:
        return tuple(_short(str(_Reader(text, *_exact(point)).value())) for point in POINTS)
    except _Inexact:
        with mpmath.workdps(60):
            found = [mpmath.chop(_Reader(text, *_digits(p)).value(), 1e-50) for p in POINTS]
            return tuple(f"~{mpmath.nstr(value, 40)}" for value in found)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else "#" + hashlib.sha256(text.encode()).hexdigest()[:32]


def same_formula(first: str | list[str], second: str | list[str]) -> bool:
    """Whether two formulas, or values of formulas, agree at all points.

    >>> same_formula("(L + 1)^2", "L**2 + 2*L + 1"), same_formula("L*v", "L*v + 1/10^9")
    (True, False)
    """
    if first == second:
        return True
    pair = [values(f) if isinstance(f, str) else f for f in (first, second)]
    return all(_same_value(a, b) for a, b in zip(*pair, strict=True))


def _same_value(first: str, second: str) -> bool:
    if first == second or not (first[0] == second[0] == "~"):
        return first == second
    with mpmath.workdps(60):
        a, b = mpmath.mpmathify(first[1:]), mpmath.mpmathify(second[1:])
        return bool(abs(a - b) <= mpmath.mpf(10) ** -30 * max(abs(a), abs(b), mpmath.mpf(10) ** -9))


def characteristic_polynomials(rows: list[list[str]]) -> list[list[str]] | None:
    """Of a matrix of formulas, at each point: coefficients from the constant term up; None without rational values.

    >>> characteristic_polynomials([["alpha", "1"], ["0", "1/2"]])[0]
    ['1', '-5/2', '1']
    """
    found = []
    try:
        for point in POINTS:
            entries = [_Reader(entry, *_exact(point)).value() for row in rows for entry in row]
            found.append(characteristic_polynomial(fmpq_mat(len(rows), len(rows), entries)))
    except _Inexact:
        return None
    return found


def characteristic_polynomial(matrix: fmpq_mat) -> list[str]:
    """Coefficients of det(x - matrix) from the constant term up; of a long one its digest."""
    return [_short(str(c)) for c in matrix.charpoly().coeffs()]


def outward(low: Fraction, high: Fraction) -> list[str]:
    """The ends of an interval as decimals of 20 digits, rounded so that the interval grows.

    >>> outward(Fraction(1, 3), Fraction(2, 3))
    ['0.33333333333333333333', '0.66666666666666666667']
    """
    ends = []
    for end, rounding in ((low, ROUND_FLOOR), (high, ROUND_CEILING)):
        context = Context(prec=20, rounding=rounding)
        # Numerator and denominator are whole numbers of any length: one division rounds once.
        ends.append(str(context.divide(_whole(end.numerator), _whole(end.denominator))))
    return ends


def _whole(number: int) -> Any:
    from decimal import Decimal

    return Decimal(number)
