"""A text cut into numbers, names, texts in quotes and operators, each with its place; the one tokenizer of the package.

A number is decimal digits with at most one point, a name is letters, digits and underscores that do not begin with a digit,
an operator one of ``** <= >= != == - + * / ^ ( ) [ ] { } , : = < > |``. A grammar says which operators it has, and by a quote
among them that it has texts in quotes, which hold no quote and no backslash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from symkern.errors import FormulaError, InvalidType

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<operator>\*\*|<=|>=|!=|==|[-+*/^()\[\]{},:=<>|]))"
)


class Token(NamedTuple):
    """A piece of text: ``kind`` is "number", "name", "text", "operator" or "end"."""

    kind: str
    value: str
    position: int

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.position + len(self.value)

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
        where = f"{found} at position {position} of {shown}" if self.text.strip() else "it is empty"
        return self.error_type(self.argument, rule, where, position)


def tokens(source: Source, operators: str, holds: str) -> list[Token]:
    """The tokens of a text, the last of kind "end".

    Args:
        source: the text.
        operators: the characters that may stand in an operator of the grammar, a quote among them where it has texts in quotes.
        holds: the rule that a stray character breaks, for the message.

    Raises:
        FormulaError: for a character that belongs to no token.

    >>> [t.value for t in tokens(Source("2*L^.5", "formula"), "*^", "a formula holds ...")]
    ['2', '*', 'L', '^', '.5', '']
    """
    text, allowed = source.text, set(operators)
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or not set(match["operator"] or (match["text"] and "'") or "") <= allowed:
            position += len(text[position:]) - len(text[position:].lstrip())
            raise source.error(holds, f"{text[position]!r} stands", position)
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return [*found, Token("end", "", end)]
