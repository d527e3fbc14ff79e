"""Reading of pipelines: ``embedding(alpha, beta) | attention(tied, softmax) | mean_pool``.

    pipeline = stage { "|" stage } ;   stage = name [ "(" [ arg { "," arg } ] ")" ]
    arg      = [ name "=" ] ( formula | name | matrix | pipeline ) ;   matrix = "[" row { "," row } "]" ;   row = "[" formula { "," formula } "]"

Formulas are those of `symkern.abc.parse`. Stages and their arguments are those of the table in
`symkern.kernels.stages`; text is never evaluated.
"""

from __future__ import annotations

from dataclasses import MISSING
from typing import Any

from symkern.errors import InvalidArgument, PipelineError
from symkern.kernels.pipeline import Kernel, PairKernel, embedding
from symkern.kernels.stages import STAGES
from symkern.kernels.stages.arguments import Argument, arguments_of
from symkern.kernels.stages.plus import BranchArgument
from symkern.kernels.stages.stage_table import beside, explained, names
from symkern.reading.spelling import did_you_mean
from symkern.reading.stages import StageText, read_stages

#: Pipelines inside pipelines, at most.
_DEEPEST = 20


def read_pipeline(text: str) -> PairKernel | Kernel:
    """The kernel that a pipeline's text describes.

    Args:
        text: stages with ``|`` between them, arguments in parentheses; numbers and formulas are read exactly and never evaluated as code.

    Returns:
        A kernel where a readout ends the text, else a pipeline to go on with.

    Raises:
        PipelineError: an unknown stage, or arguments that it does not take.
        FormulaError: an argument's formula cannot be read.

    >>> read_pipeline("embedding(alpha, 1/2) | attention | mean_pool")
    embedding('alpha', '1/2').attention().mean_pool()
    >>> read_pipeline("embedding(alpha) | atention | flatten")
    Traceback (most recent call last):
    ...
    symkern.errors.PipelineError: pipeline: a stage must be one of embedding, attention, linear, mlp, residual, at_position, flatten, mean_pool, but stage 2 is 'atention'; did you mean 'attention'?
    """
    return _read(text, 0)


#: How stages are spelled that need an argument.
_EXAMPLES = {"embedding": "embedding(alpha, beta)", "mlp": "mlp(relu)"}


def _read(text: str, depth: int) -> PairKernel | Kernel:
    if depth > _DEEPEST:
        rule = f"may hold pipelines inside pipelines, {_DEEPEST} of them"
        raise PipelineError("pipeline", rule, "it holds more")
    chain: PairKernel | Kernel | None = None
    for number, stage in enumerate(read_stages(text), 1):
        name, position = stage.name, stage.position
        if name not in STAGES:
            raise PipelineError(
                "pipeline",
                f"a stage must be one of {', '.join(STAGES)}",
                f"stage {number} is {name!r}{beside(name) or did_you_mean(name, STAGES)}",
                position,
            )
        chain = _apply(chain, name, _arguments(stage, number, depth), number, position)
    assert chain is not None  # a text has one stage at least
    return chain


def _apply(
    chain: Any, name: str, arguments: dict[str, Any], number: int, position: int
) -> PairKernel | Kernel:
    where = f"stage {number} is {name!r}"
    first = STAGES[name].place == "first"
    if chain is None and not first:
        raise PipelineError("pipeline", "must begin with embedding", where, position)
    if chain is not None and first:
        raise PipelineError("pipeline", "has embedding as its first stage only", where, position)
    if isinstance(chain, Kernel) and not STAGES[name].after_readout:
        *more, last = names(after_readout=True)
        others = f"{', '.join(more)} and {last}"
        raise PipelineError(
            "pipeline", f"after a readout only {others} may follow", where, position
        )
    for needed, _, default in arguments_of(STAGES[name]):
        if default is MISSING and needed not in arguments:
            example = f"; for example {_EXAMPLES[name]}" if name in _EXAMPLES else ""
            raise PipelineError(
                name, f"needs its argument {needed}", f"{where} without it{example}", position
            )
    found: PairKernel | Kernel = (
        embedding(**arguments) if chain is None else getattr(chain, name)(**arguments)
    )
    return found


def _arguments(stage: StageText, number: int, depth: int) -> dict[str, Any]:
    kinds = {argument: kind for argument, kind, _ in arguments_of(STAGES[stage.name])}
    found: dict[str, Any] = {}
    named = False
    for place, given in enumerate(stage.arguments):
        name, position = given.name, given.position
        if name is not None:
            named = True
            if name not in kinds:
                takes = ", ".join(kinds) or "none"
                raise PipelineError(
                    stage.name,
                    f"takes the arguments {takes}",
                    f"stage {number} names {name!r}{beside(name) or did_you_mean(name, kinds)}",
                    position,
                )
        else:
            if named:
                raise PipelineError(
                    stage.name,
                    "takes arguments without a name before those with one",
                    f"stage {number} has {given.text!r} after a named one",
                    position,
                )
            if place >= len(kinds):
                count = len(kinds)
                raise PipelineError(
                    stage.name,
                    f"takes {count or 'no'} argument{'s' * (count != 1)}",
                    f"stage {number} has {given.text!r} beyond",
                    position,
                )
            name = list(kinds)[place]
        if name in found:
            raise PipelineError(
                stage.name, "takes each argument once", f"{name} stands twice", position
            )
        found[name] = _value(given.text, name, kinds[name], position, depth)
    return found


def _value(text: str, name: str, kind: Argument, position: int, depth: int) -> Any:
    if isinstance(kind, BranchArgument):
        return _read(text, depth + 1)
    try:
        with explained(text):
            return kind.read(text, name)
    except InvalidArgument as error:
        raise PipelineError(error.argument, error.rule, error.found, position) from None
