"""Objects as their ``repr`` writes them, calls on numbers, texts, lists and dictionaries, taken apart and never evaluated.

    value = name "(" [ argument { "," argument } ] ")" | name | [ "-" ] digits | text in quotes
          | "[" values "]" | "(" values ")" | "{" [ value ":" value { "," value ":" value } ] "}"
    argument = [ name "=" ] value

A comma may close a list. Lists and tuples come as tuples; a single value in parentheses is that value, as in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symkern.errors import SymkernError
from symkern.reading.tokens import Source, Token, tokens

_OPERATORS = "-()[]{},:='"
_DEEPEST = 40
_DIGITS = 4000  # Python reads no more than 4300 digits


def read_calls(
    source: Source,
    constructors: Mapping[str, Callable[..., Any]],
    names: Mapping[str, object],
    rule: str,
) -> Any:
    """The value that a text writes.

    Args:
        source: the text.
        constructors: what a call of each name makes.
        names: what other names stand for.
        rule: what a text that is none breaks, for the message.

    Raises:
        FormulaError: the text is no such value, or calls something else.

    >>> read_calls(Source("pair(2, b=[1, 'x'])", "value"), {"pair": lambda a, b: (a, b)}, {}, "must be a pair")
    (2, (1, 'x'))
    >>> read_calls(Source("open('x')", "value"), {"pair": lambda a, b: (a, b)}, {}, "must be a pair")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: value: must be a pair, but 'open' stands at position 0 of "open('x')"
    """
    reader = _Reader(source, constructors, names, rule)
    found = reader.value(0)
    reader.expect("")
    return found


class _Reader:
    def __init__(
        self,
        source: Source,
        constructors: Mapping[str, Callable[..., Any]],
        names: Mapping[str, object],
        rule: str,
    ) -> None:
        self._source, self._constructors, self._names = source, constructors, names
        self._rule = rule
        self._tokens = tokens(source, _OPERATORS, self._rule)
        self._next = 0

    def value(self, depth: int) -> Any:
        token = self._take()
        if depth > _DEEPEST:
            raise self._wrong(token)
        if token.kind == "name":
            return self._named(token, depth)
        if token.kind == "text":
            return token.value[1:-1]
        if token.value == "-" and self._ahead().value.isdigit():
            return -self._whole(self._take())
        if token.value.isdigit():
            return self._whole(token)
        if token.value == "[":
            return tuple(self._several("]", lambda: self.value(depth + 1)))
        if token.value == "(":
            entries = list(self._several(")", lambda: self.value(depth + 1)))
            single = len(entries) == 1 and self._tokens[self._next - 2].value != ","
            return entries[0] if single else tuple(entries)
        if token.value == "{":
            return dict(self._several("}", lambda: self._entry(depth + 1)))
        raise self._wrong(token)

    def expect(self, value: str) -> None:
        """The next token is this one, or the end."""
        token = self._take()
        if token.value != value:
            raise self._wrong(token)

    def _named(self, token: Token, depth: int) -> Any:
        if token.value in self._names and self._ahead().value != "(":
            return self._names[token.value]
        if token.value not in self._constructors:
            raise self._wrong(token)
        self.expect("(")
        arguments = list(self._several(")", lambda: self._argument(depth + 1)))
        placed = [value for name, value in arguments if name is None]
        named = {name: value for name, value in arguments if name is not None}
        if len(placed) + len(named) < len(arguments):
            raise self._wrong(token)
        try:
            return self._constructors[token.value](*placed, **named)
        except SymkernError:
            raise
        except (TypeError, ValueError):  # other arguments than it has
            raise self._wrong(token) from None

    def _argument(self, depth: int) -> tuple[str | None, Any]:
        after = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        if self._ahead().kind == "name" and after.value == "=":
            name = self._take().value
            self._take()
            return name, self.value(depth)
        return None, self.value(depth)

    def _whole(self, token: Token) -> int:
        if len(token.value) > _DIGITS:
            raise self._wrong(token)
        return int(token.value)

    def _entry(self, depth: int) -> tuple[Any, Any]:
        first = self._ahead()
        key = self.value(depth)
        if not _is_plain(key):
            raise self._wrong(first)
        self.expect(":")
        return key, self.value(depth)

    def _several(self, closing: str, read: Callable[[], Any]) -> list[Any]:
        """What stands before a closing bracket, between commas."""
        found = []
        while self._ahead().value != closing:
            found.append(read())
            if self._ahead().value != closing:
                self.expect(",")
        self.expect(closing)
        return found

    def _ahead(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _wrong(self, token: Token) -> Exception:
        return self._source.error(self._rule, token.found, token.position)


def _is_plain(key: object) -> bool:
    """Whether it can be a key: no dictionary stands in it."""
    return all(map(_is_plain, key)) if isinstance(key, tuple) else not isinstance(key, dict)
