r"""The symbols of symkern and the safe reader of formulas.

Symbols (import them, so that assumptions agree): context length ``L``, vocabulary size
``v`` and group size ``n`` are positive integers; the hyperparameters ``alpha`` (token
embedding variance), ``beta`` (position embedding variance), ``gamma`` (constant), ``sigma2`` (ridge),
``w`` and ``b`` (weight and bias variances) are positive; ``p``, ``q`` and ``lam`` are probabilities in laws of tokens, positive too; ``x`` is the
variable of minimal polynomials; ``X1, X2, ...`` count the k-cycles of a permutation.

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
from collections.abc import Mapping
from typing import Any

import sympy as sp

from symkern.limits import current
from symkern.reading.expressions import ExpressionReader, Node
from symkern.reading.integers import read_integer
from symkern.reading.tokens import Source, Token

__all__ = [
    "L",
    "alpha",
    "b",
    "beta",
    "cycle_count",
    "gamma",
    "lam",
    "n",
    "namespace",
    "p",
    "parse",
    "q",
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
p = sp.Symbol("p", positive=True)
q = sp.Symbol("q", positive=True)
lam = sp.Symbol("lam", positive=True)
x = sp.Symbol("x", real=True)


def cycle_count(k: int) -> sp.Symbol:
    """The symbol ``Xk``: the number of k-cycles of a permutation, a nonnegative integer.

    Args:
        k: the length of the cycles, at least 1.

    >>> cycle_count(3)
    X3
    """
    number = read_integer(k, "k", minimum=1, maximum=current().listed_positions)
    return sp.Symbol(f"X{number}", integer=True, nonnegative=True)


#: What SymPy's own readers need as ``locals`` to understand formulas printed by symkern.
namespace: Mapping[str, sp.Symbol] = {
    **{s.name: s for s in (L, v, n, alpha, beta, gamma, sigma2, w, b, p, q, lam, x)},
    **{f"X{k}": cycle_count(k) for k in range(1, 21)},
}

_CYCLE_COUNT = re.compile(r"X[1-9][0-9]{0,5}\Z")
_FUNCTIONS = {"sqrt": sp.sqrt, "exp": sp.exp}


def parse(text: str, argument: str = "formula") -> sp.Expr:
    """Read a formula in the names of this module as an exact SymPy expression.

    The grammar stands at the head of this module.

    Args:
        text: the formula; it is read by a grammar of its own and never evaluated.
        argument: the name that an error message has for it.

    Raises:
        FormulaError: anything else, an exponent above 1000, a division by zero; with the position.
        InvalidType: what is no string.

    >>> parse("alpha^2*L/(2*v) + 0.5")
    L*alpha**2/(2*v) + 1/2
    >>> parse("9^9^9")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: formula: an exponent is an integer of absolute value at most 1000, but it is 387420489 at position 1 of '9^9^9'
    >>> parse("__import__('os')")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: formula: a name must be one of L, X1, X2, ..., alpha, b, beta, gamma, lam, n, p, q, sigma2, v, w, x, but '__import__' stands at position 0 of "__import__('os')"
    """
    reader = _Reader(text, argument)
    return _value(reader.read(), reader.source)


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
    from mpmath.ctx_iv import MPIntervalContext

    iv = MPIntervalContext()  # of its own: that of mpmath has one precision for all threads
    iv.dps = 60
    try:
        value = _enclosed(expression, iv)
    except (OverflowError, ValueError, ZeroDivisionError):
        return True
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


class _Reader(ExpressionReader):
    """Formulas: the symbols of this module, sqrt and exp; an exponent may be any formula, whose value is looked at."""

    relational = False
    digits = "formula_digits"

    def named(self, name: str, position: int) -> Node:
        if name in _FUNCTIONS:
            if self.here.value != "(":
                raise self.error(
                    f"{name} takes its argument in parentheses", "none stands", position
                )
            inside = self.arguments()
            if len(inside) > 1:
                raise self.error(f"{name} takes one argument", f"{len(inside)} stand", position)
            return Node.at(position, name, *inside)
        if name in namespace:
            return Node.at(position, "symbol", namespace[name])
        if _CYCLE_COUNT.match(name):
            return Node.at(position, "symbol", cycle_count(int(name[1:])))
        known = sorted({*(k for k in namespace if k[0] != "X"), "X1", "X2, ..."})
        hint = " (Euler's number is exp(1))" if name in ("E", "e") else ""
        raise self.error(
            f"a name must be one of {', '.join(known)}", f"{name!r}{hint} stands", position
        )

    def power(self, base: Node, exponent: Node, operator: Token) -> Node:
        return Node.at(operator.position, "power", base, exponent)

    def product(self, factors: list[tuple[str, Node, int]]) -> Node:
        parts = [f if o == "*" else Node.at(at, "divisor", f) for o, f, at in factors]
        return Node.at(factors[0][2], "product", *parts)


def _value(node: Node, source: Source) -> sp.Expr:
    """The SymPy expression of a tree; numbers that would outgrow memory or patience are refused before they are computed."""
    kind, position = node[0], node.position
    if kind == "number":
        return sp.Rational(node[1].numerator, node[1].denominator)
    if kind == "symbol":
        return node[1]
    if kind == "power":
        return _power(_value(node[1], source), _value(node[2], source), source, position)
    parts = [_value(child, source) for child in node[1:]]
    if kind == "negative":
        return -parts[0]
    if kind == "divisor":
        if _vanishes(parts[0]):
            raise source.error("a divisor must not be zero", "it is zero", position)
        return sp.Pow(parts[0], -1)
    if kind in _FUNCTIONS:
        _within_bits(_bits(parts[0]), source, position, current().root_bits)
        return _FUNCTIONS[kind](parts[0])
    _within_bits(sum(map(_bits, parts)), source, position)
    return sp.Add(*parts) if kind == "sum" else sp.Mul(*parts)


def _power(base: sp.Expr, exponent: sp.Expr, source: Source, position: int) -> sp.Expr:
    most = current().exponent
    if not (exponent.is_Integer and abs(int(exponent)) <= most):
        shown = str(exponent) if _bits(exponent) < 1000 else "a number of over 300 digits"
        raise source.error(
            f"an exponent is an integer of absolute value at most {most}",
            f"it is {shown}",
            position,
        )
    if exponent.is_negative and _vanishes(base):
        raise source.error("a divisor must not be zero", "it is zero", position)
    _within_bits(_bits(base) * abs(int(exponent)), source, position)
    return base**exponent


def _within_bits(bits: int, source: Source, position: int, most: int | None = None) -> None:
    most = current().formula_bits if most is None else most
    if bits > most:
        raise source.error(
            f"a formula may hold numbers of at most {most} bits here",
            f"this one would hold {bits}",
            position,
        )
