"""A text cut into numbers, names and operators, each with its place; the one tokenizer of the package.

A number is decimal digits with at most one point, a name is letters, digits and underscores that do not begin with a digit,
an operator one of ``** <= >= != == - + * / ^ ( ) [ ] , = < > |``. A grammar says which operators it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from symkern.errors import FormulaError, InvalidType

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|<=|>=|!=|==|[-+*/^()\[\],=<>|]))"
)


class Token(NamedTuple):
    """A piece of text: ``kind`` is "number", "name", "operator" or "end"."""

    kind: str
    value: str
    position: int

    @property
    def found(self) -> str:
        """How an error message names it."""
        return "the formula ends" if self.kind == "end" else f"{self.value!r} stands"


@dataclass(frozen=True)
class Source:
    """A text that is read, the argument that it was given as, and the error that it raises."""

    text: str
    argument: str
    error_type: type[FormulaError] = FormulaError

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise InvalidType(self.argument, "a formula is read from a string", self.text)

    def error(self, rule: str, found: str, position: int) -> FormulaError:
        """The error to raise: the rule, what was found, and where."""
        shown = repr(self.text if len(self.text) <= 60 else self.text[:57] + "...")
        return self.error_type(
            self.argument, rule, f"{found} at position {position} of {shown}", position
        )


def tokens(source: Source, operators: str, holds: str) -> list[Token]:
    """The tokens of a text, the last of kind "end".

    Args:
        source: the text.
        operators: the characters that may stand in an operator of the grammar.
        holds: the rule that a stray character breaks, for the message.

    Raises:
        FormulaError: for a character that belongs to no token.

    >>> [t.value for t in tokens(Source("2*L^.5", "formula"), "*^", "a formula holds ...")]
    ['2', '*', 'L', '^', '.5', '']
    """
    text = source.text
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        kind = None if match is None else str(match.lastgroup)
        if match is None or (kind == "operator" and not set(match["operator"]) <= set(operators)):
            position += len(text[position:]) - len(text[position:].lstrip())
            raise source.error(holds, f"{text[position]!r} stands", position)
        assert kind is not None
        found.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return [*found, Token("end", "", end)]
