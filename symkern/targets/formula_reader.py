"""Reading of targets: from a formula's text to a syntax tree, by the grammar at the head of `formula_targets`."""

from __future__ import annotations

import re

from symkern.limits import current
from symkern.reading.expressions import ExpressionReader, Node
from symkern.reading.spelling import did_you_mean
from symkern.reading.tokens import Token

#: The position that ``xL`` and ``xn`` read; all others count from 1.
LAST = 0

_WORDS = ("first", "last", "parity", "majority", "mean", "threshold", "bigram", "copy")

_INDEXED = re.compile(r"(?P<kind>[xsn])(?P<index>0|[1-9][0-9]{0,8}|[nL])\Z")


def read_formula(text: str) -> Node:
    """The formula as a tree; raises `FormulaError` with the place where it cannot be read.

    >>> read_formula("x1*2 + nL")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: target: n counts a token, as in n0, but 'nL' stands at position 7 of 'x1*2 + nL'
    >>> read_formula("x1*2 + n0")
    ('sum', ('product', ('token', 1), ('number', 2)), ('count', 0))
    """
    return _Reader(text, "target").read()


def _degree(node: Node) -> int:
    """How many atoms are multiplied at most: a bound on the growth of values."""
    degrees = [_degree(child) for child in node[1:] if isinstance(child, Node)]
    if node[0] == "power":
        return degrees[0] * int(node[2])
    if node[0] in ("product", "quotient"):
        return sum(degrees)
    return max(degrees, default=1)


class _Reader(ExpressionReader):
    """Targets: tokens, spins, counts and what is made of them; ``copy(...)`` stands alone."""

    what = "a target"

    def whole(self) -> Node:
        return self._copy() if self.here[:2] == ("name", "copy") else self.sum()

    def power(self, base: Node, exponent: Node, operator: Token) -> Node:
        node = super().power(base, exponent, operator)
        most = current().exponent
        if _degree(node) > most:
            raise self.error(
                f"nested exponents multiply to at most {most}",
                "they are larger",
                operator.position,
            )
        return node

    def product(self, factors: list[tuple[str, Node, int]]) -> Node:
        most = current().factors
        if len(factors) > most:
            rule = "there are more"
            raise self.error(f"a product has at most {most} factors", rule, factors[most][2])
        for operator, factor, position in factors:
            if operator == "/" and factor == ("number", 0):
                raise self.error("a divisor must not be zero", "it is zero", position)
        return super().product(factors)

    def named(self, name: str, position: int) -> Node:
        if name == "L":
            return Node.at(position, "length")
        if name in ("parity", "majority"):
            return Node.at(position, name)
        if name in ("first", "last"):
            return Node.at(position, "spin", 1 if name == "first" else LAST)
        if name == "bigram":
            self.expect("(")
            first = self.whole_number()
            self.expect(",")
            second = self.whole_number()
            self.expect(")")
            return Node.at(position, "bigram", first, second)
        if name == "mean":
            return _Reader("(n1 - n0)/L", "target").read()
        if name == "threshold":
            return _Reader(f"2*[n1 >= {self.argument()}] - 1", "target").read()
        if name == "copy":
            raise self.error("copy(...) stands alone", "it stands in a formula", position)
        match = _INDEXED.match(name)
        if match is None:
            hint = did_you_mean(name, _WORDS).removeprefix("; ")
            near = f" ({hint})" if hint else ""
            raise self.error(
                "a name must be one of x1, s1, n0, ..., xL, sL, L, first, last, parity, majority, mean, threshold, bigram, copy",
                f"{name!r}{near} stands",
                position,
            )
        letter, index = match["kind"], match["index"]
        if letter == "n":
            if index in "nL":
                raise self.error("n counts a token, as in n0", f"{name!r} stands", position)
            return Node.at(position, "count", int(index))
        if index == "0":
            raise self.error("positions count from 1", f"{name!r} stands", position)
        place = LAST if index in "nL" else int(index)
        return Node.at(position, "token" if letter == "x" else "spin", place)

    def _copy(self) -> Node:
        start = self.next().position
        self.expect("(")
        kind, value, position = self.here
        if kind == "name" and value in ("L", "last", "first"):
            self.next()
            place = 1 if value == "first" else LAST
        else:
            place = self.whole_number()
            if place == 0:
                raise self.error("positions count from 1", "0 stands", position)
        self.expect(")")
        return Node.at(start, "copy", place)
