"""Pipelines as text, cut into stages, names and arguments; what a stage means is said elsewhere.

    pipeline = stage { "|" stage } ;   stage = name [ "(" [ argument { "," argument } ] ")" ] ;   argument = [ name "=" ] text

The text of an argument is whatever stands between commas outside all parentheses and brackets: a formula, a word, a word with formulas,
rows of formulas [[a, b], [b, c]]. A name may have hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from symkern.errors import FormulaError, InvalidType, PipelineError
from symkern.limits import current
from symkern.reading.tokens import Source, Token, tokens

_OPERATORS = "*/^+-<>=!()[],|"
_HOLDS = f"a pipeline holds stages with formulas and words in parentheses, no characters but letters, digits, _ . and {_OPERATORS}"


@dataclass(frozen=True)
class ArgumentText:
    """One argument: its ``name``, None where it is given by its place, its ``text``, and where that begins."""

    name: str | None
    text: str
    position: int


@dataclass(frozen=True)
class StageText:
    """One stage: its ``name``, its arguments, and where it begins."""

    name: str
    arguments: tuple[ArgumentText, ...]
    position: int


def read_stages(text: str) -> list[StageText]:
    """The stages of a pipeline's text, not yet known to be any.

    >>> [(s.name, [(a.name, a.text) for a in s.arguments]) for s in read_stages("embedding(alpha, position=1) | mlp(x^2)")]
    [('embedding', [(None, 'alpha'), ('position', '1')]), ('mlp', [(None, 'x^2')])]
    >>> read_stages("embedding(1")
    Traceback (most recent call last):
    ...
    symkern.errors.PipelineError: pipeline: parentheses must match, but 1 stays open
    """
    if not isinstance(text, str):
        raise InvalidType("pipeline", "must be a string", text)
    most = current().pipeline_characters
    if len(text) > most:
        raise PipelineError("pipeline", f"has at most {most} characters", f"it has {len(text)}")
    found = []
    for number, piece in enumerate(_cut(_whole(text), "|"), 1):
        stage = _stage(piece)
        if stage is None:
            joined = "; stages are joined by |" if re.search("->|>", piece.text) else ""
            raise PipelineError(
                "pipeline",
                "a stage is a name with arguments in parentheses",
                f"stage {number} is {piece.text!r}{joined}",
                piece.position,
            )
        found.append(stage)
    return found


def read_call(text: str) -> StageText | None:
    """A name with arguments in parentheses, such as ``leaky_relu(1/10)``, or a name alone; None for anything else.

    >>> read_call("hermite(3)").name, read_call("x^2 + 1"), read_call("x ? 1")
    ('hermite', None, None)
    """
    try:
        return _stage(_whole(text))
    except FormulaError:
        return None


def read_rows_text(text: str) -> list[list[str]] | None:
    """The entries of a matrix written as [[a, b], [b, c]]; None for what begins with no bracket.

    >>> read_rows_text("[[1, 1/2], [1/2, f(1, 2)]]"), read_rows_text("alpha")
    ([['1', '1/2'], ['1/2', 'f(1, 2)']], None)
    """
    if not text.lstrip().startswith("["):
        return None
    inside = _whole(text).inside()
    if inside is None:
        return None
    rows = []
    for piece in _cut(inside, ","):
        row = piece.inside()
        if row is None:
            rule = "rows of a matrix stand in brackets, [[a, b], [b, c]]"
            raise PipelineError("pipeline", rule, f"one is {piece.text!r}", piece.position)
        rows.append([entry.text for entry in _cut(row, ",")])
    return rows


@dataclass(frozen=True)
class _Piece:
    """Some tokens of a text that follow one another, and where the first would stand if there is none."""

    source: str
    tokens: Sequence[Token]
    begin: int

    @property
    def position(self) -> int:
        """Where it begins."""
        return self.tokens[0].position if self.tokens else self.begin

    @property
    def text(self) -> str:
        """What is written there, without blanks around it."""
        return self.source[self.position : self.tokens[-1].end] if self.tokens else ""

    def part(self, first: int, last: int | None = None) -> _Piece:
        """The tokens from the first to before the last."""
        begin = self.tokens[first - 1].end if first else self.begin
        return _Piece(self.source, self.tokens[first:last], begin)

    def inside(self) -> _Piece | None:
        """What stands between a bracket at the beginning and one at the end."""
        framed = len(self.tokens) > 1 and self.values(0, -1) == ("[", "]")
        return self.part(1, -1) if framed else None

    def values(self, *places: int) -> tuple[str, ...]:
        """The tokens at these places, as they are written."""
        return tuple(self.tokens[place].value for place in places)


def _whole(text: str) -> _Piece:
    chained = ")." in text.replace(" ", "")
    holds = f"{_HOLDS}; stages are joined by |" if chained else _HOLDS
    found = tokens(Source(text, "pipeline", PipelineError), _OPERATORS, holds)
    return _Piece(text, found[:-1], 0)


def _stage(piece: _Piece) -> StageText | None:
    """A name, or one with arguments in parentheses that close at the end."""
    written = [token.value for token in piece.tokens]
    opens = written.index("(") if "(" in written else len(written)
    name = piece.part(0, opens)
    if not _is_name(name.tokens) or (opens < len(written) and written[-1] != ")"):
        return None
    inside = piece.part(opens + 1, -1) if opens < len(written) else None
    arguments = [_argument(a) for a in _cut(inside, ",")] if inside and inside.tokens else []
    return StageText(name.text, tuple(arguments), piece.position)


def _is_name(found: Sequence[Token]) -> bool:
    """Names and numbers joined by hyphens without a blank, a name first."""
    return (
        bool(found)
        and found[0].kind == "name"
        and all(t.kind == "name" or t.value == "-" or t.value.isdigit() for t in found)
        and all(a.end == b.position for a, b in pairwise(found))
    )


def _argument(piece: _Piece) -> ArgumentText:
    named = len(piece.tokens) > 1 and piece.tokens[0].kind == "name" and piece.values(1) == ("=",)
    value = piece.part(2) if named else piece
    return ArgumentText(piece.values(0)[0] if named else None, value.text, value.position)


def _cut(piece: _Piece, separator: str) -> list[_Piece]:
    """Pieces between separators that stand outside all parentheses."""
    found, depth, first = [], 0, 0
    for i, token in enumerate(piece.tokens):
        depth += (token.value in ("(", "[")) - (token.value in (")", "]"))
        if depth < 0:
            place = token.position
            many = f"one closes too many at position {place}"
            raise PipelineError("pipeline", "parentheses must match", many, place)
        if token.value == separator and not depth:
            found.append(piece.part(first, i))
            first = i + 1
    if depth:
        still = f"{depth} stay{'s' * (depth == 1)} open"
        raise PipelineError("pipeline", "parentheses must match", still)
    return [*found, piece.part(first)]
