r"""Targets written as formulas: functions of a sequence of tokens, read by a grammar of their own and never evaluated as code.

Positions count from 1 as in mathematics, tokens from 0 as everywhere in symkern. The atoms are

| atom | value on the sequence x |
|---|---|
| ``x3``, ``xL`` | the token at position 3, at the last position, as a number |
| ``s3``, ``sL`` | its spin (-1)^x |
| ``n1`` | how often token 1 occurs |
| ``L`` | the length |
| ``[x1=x2]``, ``[n1 > L/2]`` | 1 where the relation holds and 0 elsewhere; relations = != < <= > >= |
| ``parity`` | (-1)^(sum of all tokens) |
| ``majority`` | the sign of n1 - n0 |
| ``bigram(0,1)`` | the number of places where token 1 follows token 0 |
| ``copy(3)`` | the token at position 3 as a one-hot vector; stands alone |

and formulas are built from them by the rules

    target  = "copy" "(" (number | "L") ")" | sum
    sum     = product { ("+" | "-") product }
    product = factor { ("*" | "/") factor }
    factor  = [ "+" | "-" ] factor | atom [ ("^" | "**") number ]
    atom    = integer | decimal | name | "(" sum ")" | "[" sum relation sum "]" | "bigram" "(" number "," number ")"

Decimals are read exactly. Values are ints and Fractions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from symkern.combinatorics.integers import read_integer
from symkern.errors import FormulaError, InvalidArgument, InvalidType

__all__ = ["LAST", "FormulaTarget", "Node", "formula_target"]

#: The position that ``xL`` reads; all others count from 1.
LAST = 0

#: ("sum", a, b, ...), ("token", 3), ...: the operation, then operands or numbers.
Node = tuple[Any, ...]
Values = Callable[[Sequence[int]], Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|<=|>=|!=|==|[-+*/^()\[\],=<>]))"
)
_INDEXED = re.compile(r"(?P<kind>[xsn])(?P<index>0|[1-9][0-9]{0,8}|L)\Z")
_RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_MAX_EXPONENT = 1000
_MAX_DEPTH = 60
_MAX_DIGITS = 200


@dataclass(frozen=True)
class FormulaTarget:
    """A target read from ``text``; call it on a sequence of tokens.

    >>> f = FormulaTarget("[x1=x2] + n0/L")
    >>> f((0, 0, 1, 1)), f((0, 1, 1, 1))
    (Fraction(3, 2), Fraction(1, 4))
    >>> FormulaTarget("x0")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: target: positions count from 1, but 'x0' stands at position 0 of 'x0'
    """

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tree", _Reader(self.text).read())

    @property
    def tree(self) -> Node:
        """The formula as nested tuples."""
        return self.__dict__["_tree"]

    @cached_property
    def positions(self) -> frozenset[int]:
        """The positions that it names, `LAST` for the last one."""
        return frozenset(_indices(self.tree, ("token", "spin", "copy")))

    @cached_property
    def tokens(self) -> frozenset[int]:
        """The tokens that it names in counts and bigrams."""
        return frozenset(_indices(self.tree, ("count", "bigram")))

    @property
    def is_symmetric(self) -> bool:
        """Whether only counts stand in it, so that the order of the tokens does not matter."""
        return not self.positions and not _has(self.tree, "bigram")

    @property
    def is_vector(self) -> bool:
        """Whether its values are one-hot vectors."""
        return bool(self.tree[0] == "copy")

    def require(self, length: int, vocabulary: int) -> None:
        """Refuse a length or vocabulary that the formula reaches beyond."""
        beyond = max(self.positions, default=0)
        if beyond > length:
            raise InvalidArgument(
                "target", f"may name positions 1 to {length}, the length", f"it names {beyond}"
            )
        highest = max(self.tokens, default=0)
        if highest >= vocabulary:
            raise InvalidArgument(
                "target", f"may name tokens 0 to {vocabulary - 1}", f"it names {highest}"
            )

    def values(self, vocabulary: int) -> Values:
        """The function itself, for tokens below ``vocabulary``: faster than calling the target.

        One-hot vectors have that many entries.
        """
        if self.is_vector:
            place = self.tree[1]
            return lambda x: tuple(int(x[place - 1] == t) for t in range(vocabulary))
        return _compiled(self.tree)

    def __call__(self, x: Sequence[int], vocabulary: int | None = None) -> Any:
        """The value on a sequence of tokens from 0, exact; a vector of ``vocabulary`` entries for ``copy``."""
        if self.is_vector and vocabulary is None:
            raise InvalidArgument("vocabulary", "must be given for a one-hot target", "it is None")
        word = tuple(read_integer(t, f"x[{i}]") for i, t in enumerate(x))
        self.require(len(word), max(max(self.tokens, default=0), max(word, default=0)) + 1)
        return self.values(vocabulary or 0)(word)

    def latex(self) -> str:
        r"""The formula for math mode.

        >>> print(FormulaTarget("[x1 = x2]*n0/L").latex())
        \frac{[x_{1} = x_{2}] n_{0}}{L}
        """
        return _latex(self.tree, 0)

    def __str__(self) -> str:
        return self.text


def formula_target(text: str) -> FormulaTarget:
    """The target that a formula's text describes; the grammar stands at the head of this module.

    >>> formula_target("x1*x2")((1, 1, 0))
    1
    """
    return FormulaTarget(text)


# -- evaluation ------------------------------------------------------------------------


def _compiled(node: Node) -> Values:
    """The value of a node as a function of the sequence."""
    kind = node[0]
    if kind == "number":
        constant = node[1]
        return lambda x: constant
    if kind == "length":
        return len
    if kind == "token":
        place = node[1] - 1  # LAST is 0, and x[-1] is the last token
        return lambda x: int(x[place])
    if kind == "spin":
        place = node[1] - 1
        return lambda x: -1 if x[place] % 2 else 1
    if kind == "count":
        token = node[1]
        return lambda x: x.count(token)
    if kind == "parity":
        return lambda x: -1 if sum(x) % 2 else 1
    if kind == "majority":
        return _majority
    if kind == "bigram":
        pair = (node[1], node[2])
        return lambda x: sum(1 for two in pairwise(x) if two == pair)
    if kind == "bracket":
        holds = _RELATIONS[node[1]]
        left, right = _compiled(node[2]), _compiled(node[3])
        return lambda x: int(holds(left(x), right(x)))
    parts = [_compiled(child) for child in node[1:] if isinstance(child, tuple)]
    if kind == "sum":
        return lambda x: sum(part(x) for part in parts)
    if kind == "negative":
        inner = parts[0]
        return lambda x: -inner(x)
    if kind == "product":
        first, second = parts
        return lambda x: first(x) * second(x)
    if kind == "power":
        base, exponent = parts[0], node[2]
        return lambda x: base(x) ** exponent
    top, bottom = parts
    return lambda x: _quotient(top(x), bottom(x))


def _majority(x: Sequence[int]) -> int:
    lead = x.count(1) - x.count(0)
    return (lead > 0) - (lead < 0)


def _quotient(top: Any, bottom: Any) -> Any:
    if bottom == 0:
        raise InvalidArgument(
            "target", "must not divide by zero", "a divisor is 0 on some sequence"
        )
    ratio = Fraction(top) / bottom
    return ratio.numerator if ratio.denominator == 1 else ratio


def _indices(node: Node, kinds: tuple[str, ...]) -> set[int]:
    found: set[int] = set(node[1:]) if node[0] in kinds else set()
    if node[0] == "majority" and "count" in kinds:
        found.add(1)
    for child in node[1:]:
        if isinstance(child, tuple):
            found |= _indices(child, kinds)
    return found


def _degree(node: Node) -> int:
    """How many atoms are multiplied at most: a bound on the growth of values."""
    degrees = [_degree(child) for child in node[1:] if isinstance(child, tuple)]
    if node[0] == "power":
        return degrees[0] * int(node[2])
    if node[0] in ("product", "quotient"):
        return sum(degrees)
    return max(degrees, default=1)


def _has(node: Node, kind: str) -> bool:
    return node[0] == kind or any(_has(c, kind) for c in node[1:] if isinstance(c, tuple))


# -- LaTeX -----------------------------------------------------------------------------

_SIGNS = {"=": "=", "!=": r"\neq", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}


def _latex(node: Node, level: int) -> str:
    """``level``: 0 anywhere, 1 inside a product, 2 under a power."""
    kind = node[0]
    if kind == "number":
        q = Fraction(node[1])
        return str(q) if q.denominator == 1 else rf"\frac{{{q.numerator}}}{{{q.denominator}}}"
    if kind == "length":
        return "L"
    if kind in ("token", "spin", "count"):
        letter = {"token": "x", "spin": "s", "count": "n"}[kind]
        return f"{letter}_{{{'L' if kind != 'count' and node[1] == LAST else node[1]}}}"
    if kind in ("parity", "majority"):
        return rf"\mathrm{{{kind}}}"
    if kind == "bigram":
        return rf"\mathrm{{bigram}}({node[1]},{node[2]})"
    if kind == "copy":
        return rf"\mathrm{{copy}}({'L' if node[1] == LAST else node[1]})"
    if kind == "bracket":
        return f"[{_latex(node[2], 0)} {_SIGNS[node[1]]} {_latex(node[3], 0)}]"
    if kind == "quotient":
        written = rf"\frac{{{_latex(node[1], 0)}}}{{{_latex(node[2], 0)}}}"
        return rf"\left({written}\right)" if level == 2 else written
    if kind == "power":
        return f"{_latex(node[1], 2)}^{{{node[2]}}}"
    if kind == "product":
        written = f"{_latex(node[1], 1)} {_latex(node[2], 1)}"
        if node[2][0] == "number":  # two numbers side by side would read as one
            written = rf"{_latex(node[1], 1)} \cdot {_latex(node[2], 1)}"
    elif kind == "negative":
        written = f"-{_latex(node[1], 1)}"
    else:
        written = _latex(node[1], 0)
        for child in node[2:]:
            minus = child[0] == "negative"
            inner = child[1] if minus else child
            written += f" {'-' if minus else '+'} {_latex(inner, 1 if minus else 0)}"
    return rf"\left({written}\right)" if level >= (2 if kind == "product" else 1) else written


# -- reading ---------------------------------------------------------------------------


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
        relation = self._take("==", *_RELATIONS)
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
