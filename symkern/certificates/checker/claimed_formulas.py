"""The formulas of a certificate: read by a grammar of their own, valued in fractions, intervals or residues."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .intervals import bits_of, exponential, square_root
from .many_decimals import exponential_of
from .residues import Residue
from .verdicts import (
    LONGEST,
    CannotCheck,
    NoPolynomial,
    Number,
    Pole,
    Unreadable,
    Values,
    root_signs,
    said,
    spend,
)

_TOKEN = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|([A-Za-z_][A-Za-z_0-9]*)|(\*\*|[-+*/^()]))"
)
_FUNCTIONS = ("sqrt", "exp")


class Formula:
    """A formula read from text: sums, products, integer powers, parentheses, sqrt and exp.

    ``at(values, number)`` is its value with the names replaced; ``number`` makes a number of a fraction.
    """

    def __init__(self, text: Any) -> None:
        if type(text) is not str:
            raise Unreadable(f"a formula must be a text, but {said(text)} stands")
        if len(text) > 200_000:
            raise CannotCheck("not checkable within the budget: a formula of 200,000 characters")
        spend(8 * len(text) + 4)
        self.text = text
        self._tokens = []
        position, end = 0, len(text.rstrip())
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None:
                raise self._bad(position)
            self._tokens.append((found[1], found[2], found[3], found.start()))
            position = found.end()
        self._tokens.append((None, None, None, end))
        self._next = self._depth = 0
        self.names: set[str] = set()
        self.roots: set[str] = set()
        self.rooted = False  # whether names stand below a root
        self.divisors: list[Any] = []
        self.radicands: list[Any] = []
        self.irrational = False
        self.tree = self._sum()
        if self._next != len(self._tokens) - 1:
            raise self._bad(self._tokens[self._next][3])
        self._tokens = []

    def _bad(self, position: int) -> Unreadable:
        return Unreadable(f"no formula: position {position} of {self.text[:60]!r}")

    def _take(self, *operators: str) -> str | None:
        if self._tokens[self._next][2] in operators:
            self._next += 1
            return self._tokens[self._next - 1][2]
        return None

    def _sum(self) -> Any:
        self._depth += 1
        if self._depth > 60:
            raise Unreadable("parentheses nest deeper than 60")
        terms = [(1, self._product())]
        while operator := self._take("+", "-"):
            terms.append((1 if operator == "+" else -1, self._product()))
        self._depth -= 1
        return ("sum", terms) if len(terms) > 1 else terms[0][1]

    def _product(self) -> Any:
        factors = [(1, self._factor())]
        while operator := self._take("*", "/"):
            factors.append((1 if operator == "*" else -1, self._factor()))
            if operator == "/" and factors[-1][1][0] != "number":
                self.divisors.append(factors[-1][1])
        return ("product", factors) if len(factors) > 1 else factors[0][1]

    def _factor(self) -> Any:
        negative = 0
        while sign := self._take("+", "-"):
            negative ^= sign == "-"
        value = self._power()
        return ("sum", [(-1, value)]) if negative else value

    def _power(self) -> Any:
        base = self._atom()
        if not self._take("^", "**"):
            return base
        position = self._tokens[self._next][3]
        self._depth += 1
        if self._depth > 60:
            raise Unreadable("powers nest deeper than 60")
        exponent = _number(self._factor())
        self._depth -= 1
        if exponent is None or exponent.denominator != 1 or abs(exponent) > 1000:
            raise self._bad(position)
        if exponent < 0:
            self.divisors.append(base)
        return ("power", base, int(exponent))

    def _atom(self) -> Any:
        number, name, operator, position = self._tokens[self._next]
        self._next += 1
        if number is not None and len(number) < 4000:
            return ("number", Fraction(number))
        if name is not None and name not in _FUNCTIONS:
            self.names.add(name)
            return ("name", name)
        if name is not None and self._take("("):
            self.irrational = True
            before = set(self.names)
            self.names.clear()
            inner = self._sum()
            if name == "sqrt":
                self.roots.add(repr(inner))
                self.radicands.append(inner)
                self.rooted = self.rooted or bool(self.names)
            self.names |= before
            if self._take(")"):
                return (name, inner)
        elif operator == "(":
            inner = self._sum()
            if self._take(")"):
                return inner
        raise self._bad(position)

    def at(self, values: Values, number: Number = Fraction) -> Any:
        """The value, with ``values`` for the names."""
        return evaluated(self.tree, values, number)


def _number(tree: Any) -> Any:
    """The fraction that an exponent writes out, or None."""
    if tree[0] == "number":
        return tree[1]
    if tree[0] == "sum" and len(tree[1]) == 1:
        inner = _number(tree[1][0][1])
        return None if inner is None else tree[1][0][0] * inner
    base = _number(tree[1]) if tree[0] == "power" else None
    if base is None or abs(base) > 1000 or abs(tree[2]) > 10 or (not base and tree[2] < 0):
        return None
    return base ** tree[2]


def shortened(value: Any) -> Any:
    """The number, its length counted."""
    if isinstance(value, Residue):
        return value
    bits = bits_of(value)
    if bits > LONGEST:
        raise CannotCheck("not checkable within the budget: a number of more than 100,000 bits")
    spend(4 + bits // 100 + (bits // 400) ** 2)  # the greatest common divisor is quadratic
    return value


def evaluated(tree: Any, values: Values, number: Number) -> Any:
    """The value of a parsed formula at a point, in the numbers that ``number`` makes."""
    kind = tree[0]
    spend(1)
    if kind == "number":
        return number(tree[1])
    if kind == "name":
        if tree[1] not in values:
            raise Unreadable(f"the name {tree[1]!r} has no value")
        return number(values[tree[1]])
    if kind == "sum":
        total = number(0)
        for sign, term in tree[1]:
            value = evaluated(term, values, number)
            total = shortened(total + value if sign > 0 else total - value)
        return total
    if kind == "product":
        result = number(1)
        for sign, factor in tree[1]:
            value = evaluated(factor, values, number)
            if sign < 0 and isinstance(value, Fraction) and not value:
                raise Pole
            result = shortened(result * value if sign > 0 else result / value)
        return result
    if kind == "power":
        base = evaluated(tree[1], values, number)
        if tree[2] < 0 and isinstance(base, Fraction) and not base:
            raise Pole
        if not isinstance(base, Residue) and bits_of(base) * abs(tree[2]) > LONGEST:
            raise CannotCheck("not checkable within the budget: a number of more than 100,000 bits")
        return shortened(base ** tree[2])
    if number is Fraction:
        raise CannotCheck(f"{kind} in a formula of fractions")
    inner = evaluated(tree[1], values, number)
    if isinstance(inner, Residue):
        if kind == "exp":
            raise NoPolynomial
        return inner.root() * root_signs.get({}).get(repr(tree[1]), 1)
    if isinstance(inner, Decimal):
        return inner.sqrt() if kind == "sqrt" else exponential_of(inner)
    return {"sqrt": square_root, "exp": exponential}[kind](inner)
