"""Formulas as one line of plain text, in the grammar of `symkern.abc.parse`.

``alpha*beta*(alpha*L + 2*beta)/(2*L^3)``: products with ``*``, powers with ``^``, one fraction bar,
the order of `symkern.typeset.layout`. What is printed is read back as the same number, except
for what the grammar has no words for (exponents that are not integers, functions other than sqrt
and exp, constants such as pi), which is printed in the same spirit.

Source of the layout: the habits of the papers this project serves; there is no standard.
"""

from __future__ import annotations

import sys
from typing import Any

import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.layout import arrange
from symkern.typeset.nodes import Call, Name, Node, Power, Product, Root, Sum
from symkern.typeset.numerals import decimal

_BEHIND = 3  # characters behind a line that say whether it may be broken at its end


def formula_text(value: object, variable: object = None) -> str:
    """``value`` (SymPy expression, integer, fraction) in one line that `symkern.abc.parse` reads.

    Args:
        value: the formula.
        variable: write the formula as a polynomial in it, in descending powers.

    >>> from symkern.abc import L, alpha, beta, parse, x
    >>> formula_text(alpha**2 * beta / (2 * L**2) + alpha * beta**2 / L**3)
    'alpha*beta*(alpha*L + 2*beta)/(2*L^3)'
    >>> formula_text(1024 * x**2 + 27 - 828 * x, variable=x)
    '1024*x^2 - 828*x + 27'
    >>> parse(formula_text((L - 1) / 3)) == (L - 1) / 3
    True
    >>> formula_text(parse("exp(1)*L"))
    'exp(1)*L'
    """
    return _product(arrange(value, variable))


def formula_lines(
    value: object, variable: object = None, width: int = 80, first: int | None = None
) -> list[str]:
    """The text of a formula broken into lines of at most ``width`` characters.

    Lines break before an operator, at the outermost level that fills them, and joined with spaces they still parse. A number longer than a line is
    the one thing that is cut in two.

    Args:
        value: a SymPy expression, an integer or a fraction.
        variable: write the formula as a polynomial in it, in descending powers.
        width: characters, at least 1.
        first: the room on the first line, where it differs; an empty first line means that nothing fits there.

    >>> from symkern.abc import L, alpha, beta
    >>> formula_lines((L + alpha**3 + beta**5 + 1) ** 2 / 7, width=20)
    ['(alpha^3 + beta^5', '+ L + 1)^2/7']
    """
    read_integer(width, "width", minimum=1)
    return break_formula(formula_text(value, variable), width, first)


def read_width(width: object, least: int = 20) -> int:
    """The width of a page of text, at least ``least`` characters; an `InvalidArgument` or `InvalidType` otherwise."""
    return read_integer(width, "width", minimum=least)


def read_em(width: Any) -> float:
    """A width in em: a positive number."""
    if isinstance(width, bool) or not isinstance(width, (int, float)):
        raise InvalidType("width", "must be a number of em", width)
    if not width > 0:
        raise InvalidArgument("width", "must be positive", f"it is {displayed(width)}")
    return min(width, sys.float_info.max)


@typed
def break_formula(text: str, width: int, first: int | None = None) -> list[str]:
    """Break one line of formula, as `formula_lines` does.

    Args:
        text: the formula, in one line.
        width: characters, at least 1.
        first: the room on the first line, where it differs.
    """
    read_integer(width, "width", minimum=1)
    lines: list[str] = []
    room = width if first is None else read_integer(first, "first")
    start = 0
    while len(text) - start > room:
        window = text[start : start + room + _BEHIND]
        place = _best_break(window, room)
        if place is None and room < width:
            lines.append("")  # not even one piece fits beside what stands before it
        else:
            place = room if place is None else place
            lines.append(window[:place].rstrip())
            start += place
            while text[start : start + 1].isspace():
                start += 1
        room = width
    return [*lines, text[start:]]


def _best_break(text: str, room: int) -> int | None:
    """The place before an operator that costs least: depth of parentheses plus emptiness."""
    best, best_cost = None, 0.0
    depth = 0
    for i, character in enumerate(text[: room + 1]):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        if i == 0:
            continue
        spaced = character == " " and text[i + 1 : i + 3] in ("+ ", "- ")
        close = character in "+-" and i < room and text[i - 1] not in " (^*/+-"
        if spaced or close:
            cost = float(depth)
        elif character in "*/" and i < room:
            cost = depth + 0.7
        elif text[i - 1] == ",":
            cost = depth + (0.3 if character == " " else 1.0)
        elif character == "(" and i < room and not _is_call(text, i):
            cost = depth - 1 + (0.7 if text[i - 1] == ")" else 1.5)
        else:
            continue
        cost += 6.0 * ((room - i) / room) ** 2
        if best is None or cost <= best_cost:
            best, best_cost = i, cost
    return best


def _is_call(text: str, place: int) -> bool:
    """Whether the parenthesis there belongs to what stands before it, or follows another."""
    return text[place - 1] in "(^√" or text[:place].endswith(("sqrt", "exp"))


def _product(product: Product) -> str:
    above, below = product.above, product.below
    coefficient = abs(product.coefficient)
    numerator, denominator = coefficient.numerator, coefficient.denominator
    top = [decimal(numerator)] if numerator != 1 else []
    bottom = [decimal(denominator)] if denominator != 1 else []
    alone = len(above) == 1 and not top
    inside = alone and (bottom or below or product.coefficient < 0)
    for node, exponent in above:
        bare = alone and not inside and exponent == 1
        top.append(_factor(node, exponent, bare))
    bottom += [_factor(node, exponent, False) for node, exponent in below]
    result = "*".join(top) or "1"
    if product.coefficient < 0:
        result = "-" + result
    if product.coefficient == 0:
        return "0"
    if len(bottom) == 1:
        return f"{result}/{bottom[0]}"
    return f"{result}/({'*'.join(bottom)})" if bottom else result


def _factor(node: Node, exponent: int, bare: bool) -> str:
    if isinstance(node, Root) and node.degree != 2:
        return f"{_atom(_product(node.radicand))}^({exponent}/{node.degree})"
    if isinstance(node, Sum) and bare:
        return _sum(node)
    base = _base(node)
    if exponent == 1:
        return base
    return f"({base})^{exponent}" if isinstance(node, Power) else f"{base}^{exponent}"


def _base(node: Node) -> str:
    match node:
        case Name(symbol):
            # Euler's number has no letter in the grammar, where E would be a symbol.
            return "exp(1)" if symbol is sp.E else str(symbol)
        case Root(radicand, _):
            return f"sqrt({_product(radicand)})"
        case Call(function, arguments):
            return f"{function}({', '.join(_product(a) for a in arguments)})"
        case Power(base, exponent):
            return f"{_atom(_product(base))}^{_atom(_product(exponent))}"
        case Sum():
            return f"({_sum(node)})"


def _atom(text: str) -> str:
    return text if text.isalnum() else f"({text})"


def _sum(node: Sum) -> str:
    pieces = []
    for i, term in enumerate(node.terms):
        text = _product(term)
        if i == 0:
            pieces.append(text)
        elif text.startswith("-"):
            pieces.append(" - " + text[1:])
        else:
            pieces.append(" + " + text)
    return "".join(pieces)
