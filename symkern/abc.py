r"""The symbols of symkern and the safe reader of formulas.

Symbols (import them, so that assumptions agree): context length ``L``, vocabulary size
``v`` and group size ``n`` are positive integers; the hyperparameters ``alpha`` (token
embedding variance), ``beta`` (position embedding variance), ``gamma`` (constant), ``sigma2`` (ridge),
``w`` and ``b`` (weight and bias variances) are positive; ``x`` is the variable of minimal
polynomials; ``X1, X2, ...`` count the k-cycles of a permutation.

`parse` reads a formula by a grammar of its own and never evaluates text:

    formula = term { ("+" | "-") term }
    term    = factor { ("*" | "/") factor }
    factor  = [ "+" | "-" ] factor | power
    power   = atom [ ("^" | "**") factor ]           (right associative; -a^2 is -(a^2))
    atom    = integer | decimal | name | ("sqrt" | "exp") "(" formula ")" | "(" formula ")"

Decimals are read exactly (0.1 is 1/10). Exponents are integers of absolute value at most 1000.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from symkern.errors import FormulaError, InvalidType

__all__ = [
    "L",
    "alpha",
    "b",
    "beta",
    "cycle_count",
    "gamma",
    "n",
    "namespace",
    "parse",
    "sigma2",
    "v",
    "w",
    "x",
]

L = sp.Symbol("L", integer=True, positive=True)
v = sp.Symbol("v", integer=True, positive=True)
n = sp.Symbol("n", integer=True, positive=True)
alpha = sp.Symbol("alpha", positive=True)
beta = sp.Symbol("beta", positive=True)
gamma = sp.Symbol("gamma", positive=True)
sigma2 = sp.Symbol("sigma2", positive=True)
w = sp.Symbol("w", positive=True)
b = sp.Symbol("b", positive=True)
x = sp.Symbol("x", real=True)


def cycle_count(k: int) -> sp.Symbol:
    """The symbol ``Xk``: the number of k-cycles of a permutation, a nonnegative integer.

    >>> cycle_count(3)
    X3
    """
    return sp.Symbol(f"X{k}", integer=True, nonnegative=True)


#: What SymPy's own readers need as ``locals`` to understand formulas printed by symkern.
namespace: Mapping[str, sp.Symbol] = {
    **{s.name: s for s in (L, v, n, alpha, beta, gamma, sigma2, w, b, x)},
    **{f"X{k}": cycle_count(k) for k in range(1, 21)},
}

_MAX_EXPONENT = 1000
_MAX_BITS = 1_000_000  # of any single number that a power may produce
_MAX_ROOT_BITS = 2000  # of a number under a root, whose square part is searched for
_MAX_DEPTH = 60
_CYCLE_COUNT = re.compile(r"X[1-9][0-9]{0,5}\Z")
_FUNCTIONS = {"sqrt": sp.sqrt, "exp": sp.exp}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|[-+*/^()]))"
)


def parse(text: str, argument: str = "formula") -> sp.Expr:
    """Read a formula in the names of this module as an exact SymPy expression.

    ``argument`` is the name that an error message uses. The grammar stands at the head of this module. Raises `FormulaError`, with the position, for
    anything else, for an exponent above 1000 and for a division by zero.

    >>> parse("alpha^2*L/(2*v) + 0.5")
    L*alpha**2/(2*v) + 1/2
    >>> parse("9^9^9")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: formula: an exponent is an integer of absolute value at most 1000, but it is 387420489 at position 1 of '9^9^9'
    >>> parse("__import__('os')")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: formula: a name must be one of L, X1, X2, ..., alpha, b, beta, gamma, n, sigma2, v, w, x, but '__import__' stands at position 0 of "__import__('os')"
    """
    if not isinstance(text, str):
        raise InvalidType(argument, "a formula is read from a string", text)
    return _Reader(text, argument).read()


def _bits(expression: sp.Expr) -> int:
    """Size of the largest number in an expression."""
    if expression.is_Symbol:
        return 0
    return max((max(abs(r.p), r.q).bit_length() for r in expression.atoms(sp.Rational)), default=0)


def _vanishes(expression: sp.Expr) -> bool:
    """Whether a divisor is zero, or cannot be told from zero.

    It is enclosed in interval arithmetic of 60 digits, each symbol at a generic point of its own; an interval
    without zero proves that the divisor is none.
    """
    if expression.is_Rational:
        return bool(expression == 0)
    if expression.is_Symbol:
        return False
    from mpmath import iv

    digits, iv.dps = iv.dps, 60
    try:
        value = _enclosed(expression, iv)
    except (OverflowError, ValueError, ZeroDivisionError):
        return True
    finally:
        iv.dps = digits
    return bool(0 in value)


def _enclosed(expression: sp.Expr, iv: Any) -> Any:
    """An interval around the value at a generic point; OverflowError where it leaves all bounds."""
    if expression.is_Rational:
        return iv.mpf(int(expression.p)) / int(expression.q)
    if expression.is_Symbol:
        return iv.mpf(1 + sum(ord(c) * 31**i for i, c in enumerate(expression.name)) % 2003) / 1009
    values = [_enclosed(a, iv) for a in expression.args]
    if expression.is_Add:
        return sum(values, iv.mpf(0))
    if expression.is_Mul:
        product = iv.mpf(1)
        for value in values:
            product = product * value
        return product
    if isinstance(expression, sp.exp) or (expression.is_Pow and expression.base is sp.E):
        if abs(values[-1]).b > 10**5:
            raise OverflowError
        return iv.exp(values[-1])
    if expression.is_Pow and expression.exp.is_Integer:
        return values[0] ** int(expression.exp)
    if expression.is_Pow and values[0].a > 0:
        return values[0] ** values[1]
    if expression is sp.E:
        return iv.exp(1)
    raise ValueError(expression)


class _Reader:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str, argument: str) -> None:
        self.text = text
        self.argument = argument
        self.depth = 0
        self.tokens = list(self._tokens())
        self.index = 0

    def _shown(self) -> str:
        return repr(self.text if len(self.text) <= 60 else self.text[:57] + "...")

    def _error(self, rule: str, found: str, position: int) -> FormulaError:
        return FormulaError(
            self.argument, rule, f"{found} at position {position} of {self._shown()}", position
        )

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        position = 0
        end = len(self.text.rstrip())
        while position < end:
            match = _TOKEN.match(self.text, position)
            if match is None:
                position += len(self.text[position:]) - len(self.text[position:].lstrip())
                raise self._error(
                    "a formula holds numbers, names, + - * / ^ and parentheses",
                    f"{self.text[position]!r} stands",
                    position,
                )
            kind = str(match.lastgroup)
            yield kind, match[kind], match.start(kind)
            position = match.end()
        yield "end", "", end

    def _next(self) -> tuple[str, str, int]:
        token = self.tokens[self.index]
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def _take(self, *operators: str) -> str | None:
        kind, value, _ = self.tokens[self.index]
        if kind == "operator" and value in operators:
            self.index += 1
            return value
        return None

    def read(self) -> sp.Expr:
        if self.tokens[0][0] == "end":
            raise self._error("a formula must not be empty", "it ends", 0)
        result = self._sum()
        kind, value, position = self.tokens[self.index]
        if kind != "end":
            raise self._error(
                "an operator or the end must follow a term", f"{value!r} stands", position
            )
        return result

    def _enter(self, position: int) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self._error(
                f"parentheses, signs and powers nest at most {_MAX_DEPTH} deep",
                "they nest deeper",
                position,
            )

    def _within_bits(self, bits: int, position: int, most: int = _MAX_BITS) -> None:
        """Refuse numbers that would outgrow memory or patience, before they are computed."""
        if bits > most:
            raise self._error(
                f"a formula may hold numbers of at most {most} bits here",
                f"this one would hold {bits}",
                position,
            )

    def _sum(self) -> sp.Expr:
        position = self.tokens[self.index][2]
        terms = [self._product()]
        while operator := self._take("+", "-"):
            term = self._product()
            terms.append(term if operator == "+" else -term)
        if len(terms) > 1:
            self._within_bits(sum(map(_bits, terms)), position)
        return sp.Add(*terms)

    def _product(self) -> sp.Expr:
        start = self.tokens[self.index][2]
        factors = [self._factor()]
        while operator := self._take("*", "/"):
            position = self.tokens[self.index][2]
            factor = self._factor()
            if operator == "/" and _vanishes(factor):
                raise self._error("a divisor must not be zero", "it is zero", position)
            factors.append(factor if operator == "*" else sp.Pow(factor, -1))
        if len(factors) > 1:
            self._within_bits(sum(map(_bits, factors)), start)
        return sp.Mul(*factors)

    def _factor(self) -> sp.Expr:
        position = self.tokens[self.index][2]
        if sign := self._take("+", "-"):
            self._enter(position)
            value = self._factor()
            self.depth -= 1
            return value if sign == "+" else -value
        return self._power()

    def _power(self) -> sp.Expr:
        base = self._atom()
        position = self.tokens[self.index][2]
        if not self._take("^", "**"):
            return base
        self._enter(position)
        exponent = self._factor()
        self.depth -= 1
        if not (exponent.is_Integer and abs(int(exponent)) <= _MAX_EXPONENT):
            shown = str(exponent) if _bits(exponent) < 1000 else "a number of over 300 digits"
            raise self._error(
                f"an exponent is an integer of absolute value at most {_MAX_EXPONENT}",
                f"it is {shown}",
                position,
            )
        if exponent.is_negative and _vanishes(base):
            raise self._error("a divisor must not be zero", "it is zero", position)
        self._within_bits(_bits(base) * abs(int(exponent)), position)
        return base**exponent

    def _atom(self) -> sp.Expr:
        kind, value, position = self._next()
        if kind == "number":
            return sp.Rational(value) if len(value) <= 4000 else self._long_number(position)
        if kind == "name" and value in _FUNCTIONS:
            if not self._take("("):
                raise self._error(
                    f"{value} takes its argument in parentheses", "none stands", position
                )
            inside = self._closed(position)
            self._within_bits(_bits(inside), position, _MAX_ROOT_BITS)
            return _FUNCTIONS[value](inside)
        if kind == "name":
            if value in namespace:
                return namespace[value]
            if _CYCLE_COUNT.match(value):
                return cycle_count(int(value[1:]))
            known = sorted({*(k for k in namespace if k[0] != "X"), "X1", "X2, ..."})
            hint = " (Euler's number is exp(1))" if value in ("E", "e") else ""
            raise self._error(
                f"a name must be one of {', '.join(known)}", f"{value!r}{hint} stands", position
            )
        if value == "(":
            return self._closed(position)
        found = "the formula ends" if kind == "end" else f"{value!r} stands"
        raise self._error("a number, a name or a parenthesis must stand here", found, position)

    def _closed(self, position: int) -> sp.Expr:
        self._enter(position)
        inner = self._sum()
        self.depth -= 1
        if not self._take(")"):
            raise self._error("a parenthesis must be closed", "it is open", position)
        return inner

    def _long_number(self, position: int) -> sp.Expr:
        raise self._error("a number has at most 4000 digits", "a longer one stands", position)
