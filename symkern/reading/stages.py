"""Pipelines as text, cut into stages, names and arguments; what a stage means is said elsewhere.

    pipeline = stage { "|" stage } ;   stage = name [ "(" [ argument { "," argument } ] ")" ] ;   argument = [ name "=" ] text

The text of an argument is whatever stands between commas outside all parentheses and brackets: a formula, a word, a word with formulas,
rows of formulas [[a, b], [b, c]].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symkern.errors import InvalidType, PipelineError
from symkern.limits import current

_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9-]*)\s*(?:\((.*)\))?\s*\Z", re.DOTALL)
_KEYWORD = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9]*)\s*=(?!=)(.*)\Z", re.DOTALL)


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
    for number, (piece, position) in enumerate(_split(text, "|", 0), 1):
        stage = _stage(piece, position)
        if stage is None:
            raise PipelineError(
                "pipeline",
                "a stage is a name with arguments in parentheses",
                f"stage {number} is {piece.strip()!r}",
                position,
            )
        found.append(stage)
    return found


def read_call(text: str) -> StageText | None:
    """A name with arguments in parentheses, such as ``leaky_relu(1/10)``, or a name alone; None for anything else.

    >>> read_call("hermite(3)").name, read_call("x^2 + 1")
    ('hermite', None)
    """
    return _stage(text, 0)


def read_rows_text(text: str) -> list[list[str]] | None:
    """The entries of a matrix written as [[a, b], [b, c]]; None for what begins with no bracket.

    >>> read_rows_text("[[1, 1/2], [1/2, f(1, 2)]]"), read_rows_text("alpha")
    ([['1', '1/2'], ['1/2', 'f(1, 2)']], None)
    """
    inside = _inside(text)
    if inside is None:
        return None
    rows = []
    for piece, position in _split(inside, ",", 0):
        row = _inside(piece)
        if row is None:
            rule = "rows of a matrix stand in brackets, [[a, b], [b, c]]"
            raise PipelineError("pipeline", rule, f"one is {piece.strip()!r}", position)
        rows.append([entry.strip() for entry, _ in _split(row, ",", 0)])
    return rows


def _inside(text: str) -> str | None:
    """What stands between a bracket at the beginning and one at the end."""
    text = text.strip()
    return text[1:-1] if text.startswith("[") and text.endswith("]") else None


def _stage(piece: str, position: int) -> StageText | None:
    match = _NAME.match(piece)
    if match is None:
        return None
    name, inside = match.groups()
    arguments = []
    if inside is not None and inside.strip():
        for text, start in _split(inside, ",", position + match.start(2)):
            keyword = _KEYWORD.match(text)
            named, value = keyword.groups() if keyword else (None, text)
            start += len(text) - len(value.lstrip())
            arguments.append(ArgumentText(named, value.strip(), start))
    return StageText(name, tuple(arguments), position)


def _split(text: str, separator: str, start: int) -> Iterator[tuple[str, int]]:
    """Pieces between separators that stand outside all parentheses, with their positions."""
    depth, begin = 0, 0
    for i, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth < 0:
            place = start + i
            raise PipelineError(
                "pipeline",
                "parentheses must match",
                f"one closes too many at position {place}",
                place,
            )
        if character == separator and not depth:
            yield text[begin:i], start + begin
            begin = i + 1
    if depth:
        raise PipelineError(
            "pipeline", "parentheses must match", f"{depth} stay{'s' * (depth == 1)} open"
        )
    yield text[begin:], start + begin
