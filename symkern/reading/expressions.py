r"""The one reader of expressions: a text becomes a syntax tree by recursive descent.

    sum      = product { ("+" | "-") product }
    product  = factor { ("*" | "/") factor }
    factor   = [ "+" | "-" ] factor | power
    power    = atom [ ("^" | "**") factor ]           (right associative; -a^2 is -(a^2))
    atom     = integer | decimal | name | name "(" sum { "," sum } ")" | "(" sum ")" | bracket
    bracket  = "[" sum relation sum "]"               (relations = == != < <= > >=, in grammars that have them)

A tree is a `Node`, a tuple of the operation and its operands: ``("number", 1/2)``, ``("sum", a, b, ...)``, ``("negative", a)``,
``("product", a, b)``, ``("quotient", a, b)``, ``("power", a, 3)``, ``("bracket", "<=", a, b)``, and what a grammar makes of its
names. Decimals are read exactly. What differs between grammars is a subclass of `ExpressionReader`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from symkern.errors import FormulaError
from symkern.limits import current
from symkern.reading.tokens import Source, Token, tokens

#: Relations in a bracket, for numbers and for arrays of them.
RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge
}  # fmt: skip


class Node(tuple[Any, ...]):
    """An operation and its operands; a tuple that also knows the ``position`` in the text that an error would name."""

    position = 0

    @classmethod
    def at(cls, position: int, *parts: Any) -> Node:
        """The node of these parts, which stands at ``position``."""
        node = cls(parts)
        node.position = position
        return node

    def walk(self) -> Iterator[Node]:
        """This node and all below it, without recursion: a long product is a deep tree."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in node if isinstance(child, Node)]


class ExpressionReader(ABC):
    """Recursive descent over the tokens of one text; a subclass names its atoms.

    ``what`` names the text in messages; ``relational`` says whether brackets hold relations; ``digits`` names the limit on the
    digits of a number.
    """

    what = "a formula"
    relational = True
    digits = "target_digits"

    def __init__(self, text: str, argument: str) -> None:
        self.source = Source(text, argument)
        holds = "numbers, names, + - * / ^ and parentheses"
        if self.relational:
            holds = "numbers, names, relations, + - * / ^, brackets and parentheses"
        operators = "+-*/^()," + ("[]=!<>" if self.relational else "")
        self.tokens = tokens(self.source, operators, f"{self.what} holds {holds}")
        self.index = 0
        self.depth = 0

    @abstractmethod
    def named(self, name: str, position: int) -> Node:
        """The node of a name, which has been taken; its parentheses, if it has any, still stand."""

    def power(self, base: Node, exponent: Node, operator: Token) -> Node:
        """The node of a power; here the exponent is a whole number that is written out."""
        most = current().exponent
        if exponent[0] != "number" or not isinstance(exponent[1], int) or exponent[1] > most:
            rule = f"{self.source.text[exponent.position :].split()[0]!r} stands"
            raise self.error(f"an exponent is an integer from 0 to {most}", rule, exponent.position)
        return Node.at(operator.position, "power", base, exponent[1])

    def product(self, factors: list[tuple[str, Node, int]]) -> Node:
        """The node of factors, each with the operator before it and its place; here two at a time, from the left."""
        node = factors[0][1]
        for operator, factor, position in factors[1:]:
            kind = "product" if operator == "*" else "quotient"
            node = Node.at(position, kind, node, factor)
        return node

    # -- the text ----------------------------------------------------------------------

    def read(self) -> Node:
        """The tree of the whole text; raises `FormulaError` with the place where it cannot be read."""
        if self.here.kind == "end":
            raise self.error(f"{self.what} must not be empty", self.here.found, 0)
        tree = self.whole()
        if self.here.kind != "end":
            found = f"{self.here.value!r} stands"
            rule = "an operator or the end must follow a term"
            if self.relational and self.here.value in ("==", *RELATIONS):
                rule = "a relation stands in brackets, as in [x1=x2]"
            raise self.error(rule, found, self.here.position)
        return tree

    def whole(self) -> Node:
        """What the text as a whole may be: a sum."""
        return self.sum()

    @property
    def here(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.index]

    def next(self) -> Token:
        """The token that stands here, which is taken; the end stays."""
        token = self.here
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def take(self, *operators: str) -> Token | None:
        """One of these operators, if it stands here."""
        if self.here.kind == "operator" and self.here.value in operators:
            return self.next()
        return None

    def expect(self, operator: str) -> None:
        """Take this operator, or refuse what stands in its place."""
        if not self.take(operator):
            raise self.error(f"{operator!r} must stand here", self.here.found, self.here.position)

    def error(self, rule: str, found: str, position: int) -> FormulaError:
        """The error to raise: the rule, what was found, and where."""
        return self.source.error(rule, found, position)

    # -- the grammar -------------------------------------------------------------------

    def sum(self) -> Node:
        """Terms with signs between them."""
        start = self.here.position
        terms = [self._product()]
        while operator := self.take("+", "-"):
            term = self._product()
            minus = operator.value == "-"
            terms.append(Node.at(term.position, "negative", term) if minus else term)
        return terms[0] if len(terms) == 1 else Node.at(start, "sum", *terms)

    def argument(self) -> int:
        """A whole number in parentheses."""
        self.expect("(")
        number = self.whole_number()
        self.expect(")")
        return number

    def arguments(self) -> list[Node]:
        """The sums in the parentheses after a name."""
        self.expect("(")
        found = [self._nested()]
        while self.take(","):
            found.append(self._nested())
        self.expect(")")
        return found

    def whole_number(self) -> int:
        """A whole number of at most nine digits."""
        kind, value, position = self.here
        if kind != "number" or not value.isdigit() or len(value) > 9:
            raise self.error("a whole number must stand here", self.here.found, position)
        self.next()
        return int(value)

    def _product(self) -> Node:
        start = self.here.position
        factors = [("*", self._factor(), start)]
        while operator := self.take("*", "/"):
            position = self.here.position
            factors.append((operator.value, self._factor(), position))
        return factors[0][1] if len(factors) == 1 else self.product(factors)

    def _factor(self) -> Node:
        if sign := self.take("+", "-"):
            self._enter(sign.position)
            node = self._factor()
            self.depth -= 1
            return node if sign.value == "+" else Node.at(sign.position, "negative", node)
        base = self._atom()
        operator = self.take("^", "**")
        if operator is None:
            return base
        self._enter(operator.position)
        exponent = self._factor()
        self.depth -= 1
        return self.power(base, exponent, operator)

    def _atom(self) -> Node:
        token = self.next()
        kind, value, position = token
        if kind == "number":
            return Node.at(position, "number", self._number(value, position))
        if kind == "name":
            return self.named(value, position)
        if value == "(":
            node = self._nested()
            if not self.take(")"):
                raise self.error("a parenthesis must be closed by ')'", "it is open", position)
            return node
        if value == "[" and self.relational:
            return self._bracket(position)
        last = "bracket" if self.relational else "parenthesis"
        raise self.error(f"a number, a name or a {last} must stand here", token.found, position)

    def _nested(self) -> Node:
        self._enter(self.here.position)
        node = self.sum()
        self.depth -= 1
        return node

    def _bracket(self, position: int) -> Node:
        left = self._nested()
        token = self.here
        relation = self.take("==", *RELATIONS)
        if relation is None:
            raise self.error(
                f"a bracket holds a relation, one of {' '.join(RELATIONS)}, as in [x1=x2]",
                token.found,
                token.position,
            )
        right = self._nested()
        if not self.take("]"):
            raise self.error("a bracket must be closed by ']'", "it is open", position)
        return Node.at(position, "bracket", relation.value.replace("==", "="), left, right)

    def _number(self, digits: str, position: int) -> int | Fraction:
        most = getattr(current(), self.digits)
        if len(digits) > most:
            raise self.error(f"a number has at most {most} digits", "a longer one stands", position)
        value = Fraction(digits)
        return value.numerator if value.denominator == 1 else value

    def _enter(self, position: int) -> None:
        self.depth += 1
        most = current().depth
        if self.depth > most:
            raise self.error(
                f"parentheses, signs and powers nest at most {most} deep",
                "they nest deeper",
                position,
            )
