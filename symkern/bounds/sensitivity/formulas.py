r"""Functions on the cube written as formulas, read by a grammar of their own and never evaluated as code.

Positions count from 1 as in mathematics; an input is x1, ..., xn with entries +1 and -1. The atoms are

| atom | value |
|---|---|
| ``x3`` | the entry at position 3 |
| ``n`` | the number of positions |
| ``sum``, ``mean``, ``parity`` | x1 + ... + xn, the same over n, x1 ... xn |
| ``majority`` | +1 where sum > 0, else -1 |
| ``ones`` | how many entries are +1 |
| ``[sum > 2]``, ``[x1=x2]`` | 1 where the relation holds, else 0; relations = != < <= > >= |
| ``sign(a)``, ``abs(a)`` | -1, 0 or 1; the absolute value |
| ``min(a, b, ...)``, ``max(a, b, ...)`` | the least, the largest: or and and of signs, -1 being true |

and formulas are built from them by the rules

    sum     = product { ("+" | "-") product }
    product = factor { ("*" | "/") factor }
    factor  = [ "+" | "-" ] factor | atom [ ("^" | "**") number ]
    atom    = integer | decimal | name | "(" sum ")" | "[" sum relation sum "]" | name "(" sum { "," sum } ")"

A divisor holds no x. Decimals are read exactly. A formula is computed on many inputs at once, in int64 where a bound of its values,
derived on the way, proves that nothing wraps, and on Python ints elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from symkern.bounds.sensitivity.cube import Array, CubeValues, column_chunks
from symkern.combinatorics.memory import require_bytes
from symkern.errors import FormulaError, InvalidArgument, InvalidType
from symkern.exact.sparse_residues import INT64

__all__ = ["CubeFormula"]

Node = tuple[Any, ...]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|<=|>=|!=|[-+*/^()\[\],=<>]))"
)
_POSITION = re.compile(r"x(0|[1-9][0-9]{0,5})\Z")
_RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_NAMES = ("n", "sum", "mean", "parity", "majority", "ones")
_CALLS = {"sign": 1, "abs": 1, "min": None, "max": None}
_MAX_EXPONENT = 1000
_MAX_DEPTH = 60
_MAX_DIGITS = 200
_MAX_BITS = 512  # of any number that a value may be made of


@dataclass(frozen=True)
class CubeFormula:
    """A function of signs read from ``text``.

    >>> f = CubeFormula("x1*x2 + [sum > 0]/2")
    >>> f((1, -1, 1)), f((-1, -1, 1))
    (Fraction(-1, 2), Fraction(1, 1))
    >>> CubeFormula("x0")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: f: positions count from 1, but 'x0' stands at position 0 of 'x0'
    """

    text: str

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise InvalidType("f", "a formula is read from a string", self.text)
        object.__setattr__(self, "_tree", _Reader(self.text).read())

    @property
    def tree(self) -> Node:
        """The formula as nested tuples."""
        return self.__dict__["_tree"]

    @property
    def last_position(self) -> int:
        """The highest position that it names, 0 for none."""
        return max(_positions(self.tree), default=0)

    @property
    def factors(self) -> tuple[int, ...] | None:
        """The positions of a product of distinct entries, in the order of the text; None for any other formula.

        >>> CubeFormula("x3*(x1*x2)").factors, CubeFormula("x1*x1").factors, CubeFormula("2*x1").factors
        ((3, 1, 2), None, None)
        """
        found = _factors(self.tree)
        return found if found and len(set(found)) == len(found) else None

    def __call__(self, x: Any) -> Fraction:
        """The value at one input, exact."""
        signs = np.array([[int(e)] for e in x], dtype=np.int64)
        found = self._on(signs)
        return Fraction(int(found.numbers[0]), found.denominator)

    def values(self, n: int) -> CubeValues:
        """All 2^n values."""
        require_bytes(f"a function of {n} signs", 48 << n)
        parts = [self._on(x) for x in column_chunks(n)]
        common = lcm(*(p.denominator for p in parts))
        numerators = np.concatenate([p.over(common).numbers for p in parts])
        return CubeValues(n, numerators, common)

    def _on(self, x: Array) -> _Numbers:
        if self.last_position > len(x):
            raise InvalidArgument(
                "f", f"may name positions 1 to {len(x)}", f"it names {self.last_position}"
            )
        return _evaluated(self.tree, x)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class _Numbers:
    """numbers/denominator, one per input; |numbers| <= bound."""

    numbers: Array
    bound: int
    denominator: int = 1

    def over(self, common: int) -> _Numbers:
        factor = common // self.denominator
        if factor == 1:
            return self
        bound = self.bound * factor
        return _Numbers(_wide(self.numbers, max(bound, factor)) * factor, bound, common)


def _within(bound: int, denominator: int = 1) -> None:
    """Refuse numbers that would outgrow memory or patience, before they are computed."""
    bits = max(bound.bit_length(), denominator.bit_length())
    if bits > _MAX_BITS:
        raise InvalidArgument(
            "f", f"may hold numbers of at most {_MAX_BITS} bits", f"it holds one of {bits}"
        )


def _wide(numbers: Array, bound: int) -> Array:
    """Python ints where int64 cannot hold numbers up to ``bound``."""
    return numbers if bound <= INT64 else numbers.astype(object)


def _constant(value: Fraction, x: Array) -> _Numbers:
    bound = abs(value.numerator)
    kind: Any = np.int64 if bound <= INT64 else object
    return _Numbers(np.full(x.shape[1], value.numerator, dtype=kind), bound, value.denominator)


def _common(parts: list[_Numbers]) -> list[_Numbers]:
    common = lcm(*(p.denominator for p in parts))
    return [p.over(common) for p in parts]


def _evaluated(node: Node, x: Array) -> _Numbers:
    kind, n = node[0], len(x)
    if kind == "number":
        return _constant(node[1], x)
    if kind == "position":
        return _Numbers(x[node[1] - 1], 1)
    if kind == "name":
        return _named(node[1], x)
    if kind == "quotient":
        return _quotient(_evaluated(node[1], x), _scalar(node[2], n), x)
    if kind == "power":
        base = _evaluated(node[1], x)
        bound = base.bound ** node[2]
        _within(bound, base.denominator ** node[2])
        return _Numbers(_wide(base.numbers, bound) ** node[2], bound, base.denominator ** node[2])
    parts = [_evaluated(child, x) for child in node[1:] if isinstance(child, tuple)]
    if kind == "product":
        a, b = parts
        bound = a.bound * b.bound
        _within(bound, a.denominator * b.denominator)
        # One factor may be zero everywhere and the other beyond int64.
        numbers = _wide(a.numbers, max(bound, a.bound, b.bound)) * b.numbers
        return _Numbers(numbers, bound, a.denominator * b.denominator)
    if kind == "negative":
        return _Numbers(-parts[0].numbers, parts[0].bound, parts[0].denominator)
    if kind == "sign":
        return _Numbers(_sign(parts[0].numbers), 1)
    if kind == "abs":
        return _Numbers(abs(parts[0].numbers), parts[0].bound, parts[0].denominator)
    parts = _common(parts)
    if kind == "bracket":
        holds = _RELATIONS[node[1]](parts[0].numbers, parts[1].numbers)
        return _Numbers(holds.astype(np.int64), 1)
    if kind == "sum":
        bound = sum(p.bound for p in parts)
        _within(bound)
        total = _wide(parts[0].numbers, bound)
        for p in parts[1:]:
            total = total + p.numbers
        return _Numbers(total, bound, parts[0].denominator)
    choose = np.minimum if kind == "min" else np.maximum
    found = parts[0].numbers
    for p in parts[1:]:
        found = choose(found, p.numbers)
    return _Numbers(found, max(p.bound for p in parts), parts[0].denominator)


def _sign(numbers: Array) -> Array:
    positive: Array = (numbers > 0).astype(np.int64)
    return positive - (numbers < 0).astype(np.int64)


def _named(name: str, x: Array) -> _Numbers:
    n = len(x)
    if name == "n":
        return _constant(Fraction(n), x)
    if name == "parity":
        return _Numbers(x.prod(axis=0), 1)
    total = x.sum(axis=0)
    if name == "majority":
        return _Numbers(2 * (total > 0).astype(np.int64) - 1, 1)
    if name == "ones":
        return _Numbers((total + n) // 2, n)
    return _Numbers(total, n, 1 if name == "sum" else n)


def _scalar(node: Node, n: int) -> Fraction:
    """The value of a formula without x."""
    found = _evaluated(node, np.ones((n, 1), dtype=np.int64))
    return Fraction(int(found.numbers[0]), found.denominator)


def _quotient(top: _Numbers, divisor: Fraction, x: Array) -> _Numbers:
    if not divisor:
        raise InvalidArgument("f", "must not divide by zero", "a divisor is 0")
    factor = _constant(1 / divisor, x)
    bound = top.bound * factor.bound
    _within(bound, top.denominator * factor.denominator)
    numbers = _wide(top.numbers, max(bound, factor.bound)) * factor.numbers
    return _Numbers(numbers, bound, top.denominator * factor.denominator)


def _positions(node: Node) -> Iterator[int]:
    if node[0] == "position":
        yield node[1]
    for child in node[1:]:
        if isinstance(child, tuple):
            yield from _positions(child)


def _factors(node: Node) -> tuple[int, ...] | None:
    """The positions whose entries are multiplied, where nothing else happens."""
    found, waiting = [], [node]
    while waiting:  # no recursion: a long product is a deep tree
        kind, *parts = waiting.pop()
        if kind == "position":
            found.append(parts[0])
        elif kind == "product":
            waiting += reversed(parts)
        else:
            return None
    return tuple(found)


def _depends(node: Node) -> bool:
    """Whether an x stands in it."""
    if node[0] == "position" or (node[0] == "name" and node[1] != "n"):
        return True
    return any(_depends(child) for child in node[1:] if isinstance(child, tuple))


class _Reader:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.index = 0
        self.depth = 0

    def _error(self, rule: str, found: str, position: int) -> FormulaError:
        shown = repr(self.text if len(self.text) <= 60 else self.text[:57] + "...")
        return FormulaError("f", rule, f"{found} at position {position} of {shown}", position)

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        position, end = 0, len(self.text.rstrip())
        while position < end:
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise self._error(
                    "a formula holds numbers, names, relations, + - * / ^ and brackets",
                    f"{self.text[position:].lstrip()[0]!r} stands",
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

    def _require(self, operator: str) -> None:
        _, value, position = self.tokens[self.index]
        if not self._take(operator):
            raise self._error(
                f"{operator!r} is missing", f"{value or 'the end'!r} stands", position
            )

    def read(self) -> Node:
        if self.tokens[0][0] == "end":
            raise self._error("a formula must not be empty", "it ends", 0)
        tree = self._sum()
        kind, value, position = self.tokens[self.index]
        if kind != "end":
            raise self._error(
                "an operator or the end must follow a term", f"{value!r} stands", position
            )
        return tree

    def _enter(self) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self._error(
                f"brackets and signs nest at most {_MAX_DEPTH} deep",
                "they nest deeper",
                self.tokens[self.index][2],
            )

    def _sum(self) -> Node:
        self._enter()
        terms = [self._product()]
        while operator := self._take("+", "-"):
            term = self._product()
            terms.append(term if operator == "+" else ("negative", term))
        self.depth -= 1
        return terms[0] if len(terms) == 1 else ("sum", *terms)

    def _product(self) -> Node:
        node = self._factor()
        while operator := self._take("*", "/"):
            position = self.tokens[self.index][2]
            factor = self._factor()
            if operator == "/" and _depends(factor):
                raise self._error("a divisor must hold no x", "one does", position)
            node = ("product" if operator == "*" else "quotient", node, factor)
        return node

    def _factor(self) -> Node:
        if sign := self._take("+", "-"):
            self._enter()
            node = self._factor()
            self.depth -= 1
            return node if sign == "+" else ("negative", node)
        base = self._atom()
        if not self._take("^", "**"):
            return base
        kind, value, position = self._next()
        if kind != "number" or not value.isdigit() or int(value[:9]) > _MAX_EXPONENT:
            raise self._error(
                f"an exponent is an integer from 0 to {_MAX_EXPONENT}",
                f"{value or 'the end'!r} stands",
                position,
            )
        return ("power", base, int(value))

    def _atom(self) -> Node:
        kind, value, position = self._next()
        if kind == "number":
            if len(value) > _MAX_DIGITS:
                raise self._error(
                    f"a number has at most {_MAX_DIGITS} digits", f"one of {len(value)} stands", position
                )  # fmt: skip
            return ("number", Fraction(value))
        if kind == "name":
            return self._name(value, position)
        if kind == "operator" and value == "(":
            node = self._sum()
            self._require(")")
            return node
        if kind == "operator" and value == "[":
            left = self._sum()
            _, relation, place = self._next()
            if relation not in _RELATIONS:
                raise self._error(
                    f"a relation must be one of {' '.join(_RELATIONS)}",
                    f"{relation or 'the end'!r} stands",
                    place,
                )
            right = self._sum()
            self._require("]")
            return ("bracket", relation, left, right)
        raise self._error(
            "a number, a name or a bracket must stand here", f"{value or 'the end'!r} stands", position
        )  # fmt: skip

    def _name(self, value: str, position: int) -> Node:
        if value in _CALLS:
            self._require("(")
            arguments = [self._sum()]
            while self._take(","):
                arguments.append(self._sum())
            self._require(")")
            if _CALLS[value] is not None and len(arguments) != _CALLS[value]:
                raise self._error(
                    f"{value} takes one argument", f"{len(arguments)} stand", position
                )
            return (value, *arguments)
        if value in _NAMES:
            return ("name", value)
        match = _POSITION.match(value)
        if match is None:
            raise self._error(
                f"a name must be one of x1, x2, ..., {', '.join((*_NAMES, *_CALLS))}",
                f"{value!r} stands",
                position,
            )
        if int(match[1]) == 0:
            raise self._error("positions count from 1", f"{value!r} stands", position)
        return ("position", int(match[1]))
