"""Reading of targets: from a formula's text to nested tuples, by the grammar at the head of `formula_targets`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from symkern.errors import FormulaError, InvalidType

__all__ = ["LAST", "RELATIONS", "Node", "read_formula"]

#: The position that ``xL`` reads; all others count from 1.
LAST = 0

#: ("sum", a, b, ...), ("token", 3), ...: the operation, then operands or numbers.
Node = tuple[Any, ...]

RELATIONS = ("=", "!=", "<", "<=", ">", ">=")

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|<=|>=|!=|==|[-+*/^()\[\],=<>]))"
)
_INDEXED = re.compile(r"(?P<kind>[xsn])(?P<index>0|[1-9][0-9]{0,8}|L)\Z")
_MAX_EXPONENT = 1000
_MAX_DEPTH = 60
_MAX_DIGITS = 200


def read_formula(text: str) -> Node:
    """The formula as nested tuples; raises `FormulaError` with the place where it cannot be read.

    >>> read_formula("x1*2 + nL")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: target: n counts a token, as in n0, but 'nL' stands at position 7 of 'x1*2 + nL'
    >>> read_formula("x1*2 + n0")
    ('sum', ('product', ('token', 1), ('number', 2)), ('count', 0))
    """
    return _Reader(text).read()


def _degree(node: Node) -> int:
    """How many atoms are multiplied at most: a bound on the growth of values."""
    degrees = [_degree(child) for child in node[1:] if isinstance(child, tuple)]
    if node[0] == "power":
        return degrees[0] * int(node[2])
    if node[0] in ("product", "quotient"):
        return sum(degrees)
    return max(degrees, default=1)


class _Reader:
    """Recursive descent over the tokens of one target."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise InvalidType("target", "a formula is read from a string", text)
        self.text = text
        self.tokens = self._tokens()
        self.index = 0
        self.depth = 0

    def read(self) -> Node:
        if self.tokens[0][:2] == ("name", "copy"):
            node = self._copy()
        else:
            node = self._sum()
        kind, value, position = self.tokens[self.index]
        if kind != "end":
            raise self._error("a formula ends after its last term", f"{value!r} stands", position)
        return node

    def _error(self, rule: str, found: str, position: int) -> FormulaError:
        shown = repr(self.text if len(self.text) <= 60 else self.text[:57] + "...")
        return FormulaError("target", rule, f"{found} at position {position} of {shown}", position)

    def _tokens(self) -> list[tuple[str, str, int]]:
        found, position, end = [], 0, len(self.text.rstrip())
        while position < end:
            match = _TOKEN.match(self.text, position)
            if match is None:
                position += len(self.text[position:]) - len(self.text[position:].lstrip())
                raise self._error(
                    "a target holds numbers, names, + - * / ^, relations, brackets and parentheses",
                    f"{self.text[position]!r} stands",
                    position,
                )
            kind = str(match.lastgroup)
            if kind == "number" and len(match[kind]) > _MAX_DIGITS:
                raise self._error(
                    f"a number has at most {_MAX_DIGITS} digits", "a longer one stands", position
                )
            found.append((kind, match[kind], match.start(kind)))
            position = match.end()
        return [*found, ("end", "", len(self.text))]

    def _take(self, *operators: str) -> str | None:
        kind, value, _ = self.tokens[self.index]
        if kind == "operator" and value in operators:
            self.index += 1
            return value
        return None

    def _expect(self, operator: str) -> None:
        kind, value, position = self.tokens[self.index]
        if not self._take(operator):
            found = "the formula ends" if kind == "end" else f"{value!r} stands"
            raise self._error(f"{operator!r} must stand here", found, position)

    def _deeper(self, position: int) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self._error(
                f"parentheses and signs nest at most {_MAX_DEPTH} deep",
                "they nest deeper",
                position,
            )

    def _sum(self) -> Node:
        terms = [self._product()]
        while operator := self._take("+", "-"):
            term = self._product()
            terms.append(term if operator == "+" else ("negative", term))
        return terms[0] if len(terms) == 1 else ("sum", *terms)

    def _product(self) -> Node:
        node = self._factor()
        count = 0
        while operator := self._take("*", "/"):
            position = self.tokens[self.index][2]
            count += 1
            if count > _MAX_DEPTH:  # a product is evaluated by nested calls
                raise self._error(
                    f"a product has at most {_MAX_DEPTH + 1} factors", "there are more", position
                )
            factor = self._factor()
            if operator == "/" and factor == ("number", 0):
                raise self._error("a divisor must not be zero", "it is zero", position)
            node = ("product" if operator == "*" else "quotient", node, factor)
        return node

    def _factor(self) -> Node:
        position = self.tokens[self.index][2]
        if sign := self._take("+", "-"):
            self._deeper(position)
            node = self._factor()
            self.depth -= 1
            return node if sign == "+" else ("negative", node)
        base = self._atom()
        if not self._take("^", "**"):
            return base
        kind, value, position = self.tokens[self.index]
        if kind != "number" or not value.isdigit() or int(value) > _MAX_EXPONENT:
            raise self._error(
                f"an exponent is an integer from 0 to {_MAX_EXPONENT}",
                "the formula ends" if kind == "end" else f"{value!r} stands",
                position,
            )
        self.index += 1
        node = ("power", base, int(value))
        if _degree(node) > _MAX_EXPONENT:
            raise self._error(
                f"nested exponents multiply to at most {_MAX_EXPONENT}", "they are larger", position
            )
        return node

    def _atom(self) -> Node:
        kind, value, position = self.tokens[self.index]
        self.index += 1
        if kind == "number":
            q = Fraction(value)
            return ("number", q.numerator if q.denominator == 1 else q)
        if kind == "name":
            return self._named(value, position)
        if value in ("(", "["):
            self._deeper(position)
            node = self._sum()
            if value == "[":
                node = self._bracket(node)
            self.depth -= 1
            self._expect(")" if value == "(" else "]")
            return node
        self.index -= 1
        found = "the formula ends" if kind == "end" else f"{value!r} stands"
        raise self._error("a number, a name or a bracket must stand here", found, position)

    def _bracket(self, left: Node) -> Node:
        kind, value, position = self.tokens[self.index]
        relation = self._take("==", *RELATIONS)
        if relation is None:
            raise self._error(
                "a bracket holds a relation, as in [x1=x2]",
                "the formula ends" if kind == "end" else f"{value!r} stands",
                position,
            )
        return ("bracket", relation.replace("==", "="), left, self._sum())

    def _named(self, name: str, position: int) -> Node:
        if name == "L":
            return ("length",)
        if name in ("parity", "majority"):
            return (name,)
        if name == "bigram":
            self._expect("(")
            first = self._integer()
            self._expect(",")
            second = self._integer()
            self._expect(")")
            return ("bigram", first, second)
        if name == "copy":
            raise self._error("copy(...) stands alone", "it stands in a formula", position)
        match = _INDEXED.match(name)
        if match is None:
            raise self._error(
                "a name must be one of x1, s1, n0, ..., xL, sL, L, parity, majority, bigram, copy",
                f"{name!r} stands",
                position,
            )
        letter, index = match["kind"], match["index"]
        if letter == "n":
            if index == "L":
                raise self._error("n counts a token, as in n0", "'nL' stands", position)
            return ("count", int(index))
        if index == "0":
            raise self._error("positions count from 1", f"{name!r} stands", position)
        return ("token" if letter == "x" else "spin", LAST if index == "L" else int(index))

    def _copy(self) -> Node:
        self.index += 1
        self._expect("(")
        kind, value, position = self.tokens[self.index]
        if (kind, value) == ("name", "L"):
            self.index += 1
            place = LAST
        else:
            place = self._integer()
            if place == 0:
                raise self._error("positions count from 1", "0 stands", position)
        self._expect(")")
        return ("copy", place)

    def _integer(self) -> int:
        kind, value, position = self.tokens[self.index]
        if kind != "number" or not value.isdigit() or len(value) > 9:
            found = "the formula ends" if kind == "end" else f"{value!r} stands"
            raise self._error("a whole number must stand here", found, position)
        self.index += 1
        return int(value)
