"""Reading of pipelines: ``embedding(alpha, beta) | attention(tied, softmax) | mean_pool``.

    pipeline = stage { "|" stage } ;   stage = name [ "(" [ arg { "," arg } ] ")" ]
    arg      = [ name "=" ] ( formula | name )

Formulas are those of `symkern.abc.parse`. Stages and their arguments are those of the table in
`symkern.kernels.stages`; text is never evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from symkern.errors import InvalidArgument, InvalidType, PipelineError
from symkern.kernels.pipeline import Kernel, PairKernel, embedding
from symkern.kernels.stages import STAGES
from symkern.kernels.stages.arguments import MISSING, Argument, arguments_of
from symkern.kernels.stages.table import beside, names

__all__ = ["did_you_mean", "read_pipeline"]

_STAGE = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9-]*)\s*(?:\((.*)\))?\s*\Z", re.DOTALL)
_KEYWORD = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9]*)\s*=(?!=)(.*)\Z", re.DOTALL)
_LONGEST = 10_000


def read_pipeline(text: str) -> PairKernel | Kernel:
    """The kernel that a pipeline's text describes.

    >>> read_pipeline("embedding(alpha, 1/2) | attention | mean_pool")
    embedding('alpha', '1/2').attention().mean_pool()
    >>> read_pipeline("embedding(alpha) | atention | flatten")
    Traceback (most recent call last):
    ...
    symkern.errors.PipelineError: pipeline: a stage must be one of embedding, attention, linear, mlp, residual, at_position, flatten, mean_pool, but stage 2 is 'atention'; did you mean 'attention'?
    """
    if not isinstance(text, str):
        raise InvalidType("pipeline", "must be a string", text)
    if len(text) > _LONGEST:
        raise PipelineError("pipeline", f"has at most {_LONGEST} characters", f"it has {len(text)}")
    chain: Any = None
    for number, (piece, position) in enumerate(_split(text, "|"), 1):
        match = _STAGE.match(piece)
        if match is None:
            raise PipelineError(
                "pipeline",
                "a stage is a name with arguments in parentheses",
                f"stage {number} is {piece.strip()!r}",
                position,
            )
        name, inside = match.groups()
        if name not in STAGES:
            raise PipelineError(
                "pipeline",
                f"a stage must be one of {', '.join(STAGES)}",
                f"stage {number} is {name!r}{beside(name) or did_you_mean(name, STAGES)}",
                position,
            )
        arguments = _arguments(name, inside, number, position)
        chain = _apply(chain, name, arguments, number, position)
    return chain


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of an error message for a misspelt word: the known word that is nearest, if any is near.

    >>> did_you_mean("flaten", ["mean_pool", "flatten"])
    "; did you mean 'flatten'?"
    >>> did_you_mean("softmax", ["mean_pool", "flatten"])
    ''
    """
    from difflib import get_close_matches

    names, word = list(known), word.strip().lower()
    near = [name for name in names if len(word) > 2 and name.startswith(word)]
    near = near or get_close_matches(word, names, n=1)
    near = near or get_close_matches(word.replace("_", "-"), names, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _apply(chain: Any, name: str, arguments: dict[str, Any], number: int, position: int) -> Any:
    where = f"stage {number} is {name!r}"
    first = STAGES[name].place == "first"
    if chain is None and not first:
        raise PipelineError("pipeline", "must begin with embedding", where, position)
    if chain is not None and first:
        raise PipelineError("pipeline", "has embedding as its first stage only", where, position)
    if isinstance(chain, Kernel) and not STAGES[name].after_readout:
        others = " and ".join(names(after_readout=True))
        raise PipelineError(
            "pipeline", f"after a readout only {others} may follow", where, position
        )
    for needed, _, default in arguments_of(STAGES[name]):
        if default is MISSING and needed not in arguments:
            raise PipelineError(
                name, f"needs its argument {needed}", f"{where} without it", position
            )
    return embedding(**arguments) if chain is None else getattr(chain, name)(**arguments)


def _split(text: str, separator: str) -> Iterator[tuple[str, int]]:
    """Pieces between separators that stand outside all parentheses, with their positions."""
    depth, start = 0, 0
    for i, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            raise PipelineError(
                "pipeline", "parentheses must match", f"one closes too many at position {i}", i
            )
        if character == separator and not depth:
            yield text[start:i], start
            start = i + 1
    if depth:
        raise PipelineError("pipeline", "parentheses must match", f"{depth} stay open")
    yield text[start:], start


def _arguments(stage: str, inside: str | None, number: int, position: int) -> dict[str, Any]:
    kinds = {argument: kind for argument, kind, _ in arguments_of(STAGES[stage])}
    found: dict[str, Any] = {}
    if inside is None or not inside.strip():
        return found
    named = False
    for place, (piece, _) in enumerate(_split(inside, ",")):
        keyword = _KEYWORD.match(piece)
        if keyword:
            name, value = keyword.groups()
            named = True
            if name not in kinds:
                takes = ", ".join(kinds) or "none"
                raise PipelineError(
                    stage,
                    f"takes the arguments {takes}",
                    f"stage {number} names {name!r}{beside(name) or did_you_mean(name, kinds)}",
                    position,
                )
        else:
            if named:
                raise PipelineError(
                    stage,
                    "takes arguments without a name before those with one",
                    f"stage {number} has {piece.strip()!r} after a named one",
                    position,
                )
            if place >= len(kinds):
                count = len(kinds)
                raise PipelineError(
                    stage,
                    f"takes {count or 'no'} argument{'s' * (count != 1)}",
                    f"stage {number} has {piece.strip()!r} beyond",
                    position,
                )
            name, value = list(kinds)[place], piece
        if name in found:
            raise PipelineError(stage, "takes each argument once", f"{name} stands twice", position)
        found[name] = _value(value.strip(), name, kinds[name], position)
    return found


def _value(text: str, name: str, kind: Argument, position: int) -> Any:
    try:
        return kind.read(text, name)
    except InvalidArgument as error:
        raise PipelineError(error.argument, error.rule, error.found, position) from None
