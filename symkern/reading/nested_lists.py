"""Texts of nested lists of whole numbers: tableaux and skew shapes, as Python, Sage and GAP write them.

    text = value | name "(" items ")" ;   value = list | integer | "None" ;   list = "[" items "]" | "(" items ")" ;   items = [ value ] { "," [ value ] }

A place without a value is a hole, which GAP has for ``None``; one after the last comma is none, as in Python's ``(2,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symkern.limits import current
from symkern.reading.tokens import Source, Token, tokens

_CLOSING = {"[": "]", "(": ")"}


def read_nested(text: str, argument: str, names: Sequence[str] = ()) -> Any:
    """The lists that the text spells; what stands in the parentheses of a name is one list.

    Args:
        text: what is read.
        argument: the name that an error message has for it.
        names: what may stand before the parentheses.

    Raises:
        FormulaError: for other texts.

    >>> read_nested("Tableau([[1, 2], [3]])", "rows", ["Tableau"]), read_nested("[ [ , 1 ], [ 2 ] ]", "rows")
    ([[[1, 2], [3]]], [[None, 1], [2]])
    >>> read_nested("[[1], 2.5]", "rows")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: rows: lists hold whole numbers, but '2.5' stands at position 6 of '[[1], 2.5]'
    """
    reader = _Reader(Source(text, argument))
    named = reader.token.kind == "name" and reader.token.value in names
    if named:
        reader.step()
    start = reader.token.value
    if start not in ("(",) if named else start not in _CLOSING:
        raise reader.refused("a list begins with a bracket")
    value = reader.items(0)
    if reader.token.kind != "end":
        raise reader.refused("nothing stands behind the list")
    return value


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._tokens = tokens(source, "[](),", "lists hold whole numbers, brackets and commas")
        self._at = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._at]

    def step(self) -> None:
        self._at += 1

    def refused(self, rule: str) -> Exception:
        return self._source.error(rule, self.token.found, self.token.position)

    def items(self, depth: int) -> list[Any]:
        """From an opening bracket behind its closing one."""
        if depth >= current().depth:
            raise self.refused(f"lists stand at most {current().depth} deep in each other")
        closing = _CLOSING[self.token.value]
        self.step()
        found: list[Any] = []
        while True:
            if self.token.value == closing:
                self.step()
                return found
            found.append(self._value(depth))
            if self.token.value == ",":
                self.step()
            elif self.token.value != closing:
                raise self.refused(f"a list goes on with a comma or ends with {closing!r}")

    def _value(self, depth: int) -> Any:
        token = self.token
        if token.value == ",":
            return None
        if token.value in _CLOSING:
            return self.items(depth + 1)
        if token.value == "None":
            self.step()
            return None
        if token.kind != "number" or not token.value.isdigit() or len(token.value) > 18:
            raise self.refused("lists hold whole numbers")
        self.step()
        return int(token.value)
