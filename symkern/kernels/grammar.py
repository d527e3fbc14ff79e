"""Reading of pipelines: ``embedding(alpha, beta) | attention(tied, softmax) | mean_pool``.

    pipeline = stage { "|" stage } ;   stage = name [ "(" [ arg { "," arg } ] ")" ]
    arg      = [ name "=" ] ( formula | name )

Formulas are those of `symkern.abc.parse`. Stages and their arguments are those of the builder in
`symkern.kernels.pipeline`; text is never evaluated.
"""

from __future__ import annotations

import re
from typing import Any

from symkern.abc import parse
from symkern.errors import FormulaError, InvalidArgument, PipelineError
from symkern.kernels.pipeline import Kernel, PairKernel, embedding
from symkern.reading.spelling import did_you_mean
from symkern.reading.stages import StageText, read_stages

__all__ = ["read_pipeline"]

#: Stages, their arguments in order, and for each whether it is a formula, a word or a switch.
_STAGES: dict[str, dict[str, str]] = {
    "embedding": {"token": "formula", "position": "formula", "constant": "formula"},
    "attention": {
        "query_key": "word",
        "row_map": "word",
        "normalize": "switch",
        "positions_in_values": "switch",
    },
    "residual": {},
    "linear": {"weight": "formula", "bias": "formula"},
    "mlp": {"activation": "activation"},
    "mean_pool": {},
    "flatten": {},
    "at_position": {"position": "word"},
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*\Z")


def read_pipeline(text: str) -> PairKernel | Kernel:
    """The kernel that a pipeline's text describes.

    >>> read_pipeline("embedding(alpha, 1/2) | attention | mean_pool")
    embedding('alpha', '1/2').attention().mean_pool()
    >>> read_pipeline("embedding(alpha) | atention | flatten")
    Traceback (most recent call last):
    ...
    symkern.errors.PipelineError: pipeline: a stage must be one of embedding, attention, residual, linear, mlp, mean_pool, flatten, at_position, but stage 2 is 'atention'; did you mean 'attention'?
    """
    chain: Any = None
    for number, stage in enumerate(read_stages(text), 1):
        if stage.name not in _STAGES:
            raise PipelineError(
                "pipeline",
                f"a stage must be one of {', '.join(_STAGES)}",
                f"stage {number} is {stage.name!r}{did_you_mean(stage.name, _STAGES)}",
                stage.position,
            )
        arguments = _arguments(stage, number)
        chain = _apply(chain, stage.name, arguments, number, stage.position)
    return chain


def _apply(chain: Any, name: str, arguments: dict[str, Any], number: int, position: int) -> Any:
    where = f"stage {number} is {name!r}"
    if chain is None:
        if name != "embedding":
            raise PipelineError("pipeline", "must begin with embedding", where, position)
        if "token" not in arguments:
            raise PipelineError(
                "embedding", "needs its token variance", f"{where} without it", position
            )
        return embedding(**arguments)
    if name == "embedding":
        raise PipelineError("pipeline", "has embedding as its first stage only", where, position)
    if isinstance(chain, Kernel) and name not in ("linear", "mlp"):
        raise PipelineError(
            "pipeline", "after a readout only linear and mlp may follow", where, position
        )
    if name == "mlp" and not arguments:
        raise PipelineError("mlp", "needs its activation", f"{where} without it", position)
    return getattr(chain, name)(**arguments)


def _arguments(stage: StageText, number: int) -> dict[str, Any]:
    kinds = _STAGES[stage.name]
    found: dict[str, Any] = {}
    named = False
    for place, given in enumerate(stage.arguments):
        name = given.name
        if name is not None:
            named = True
            if name not in kinds:
                takes = ", ".join(kinds) or "none"
                raise PipelineError(
                    stage.name,
                    f"takes the arguments {takes}",
                    f"stage {number} names {name!r}{did_you_mean(name, kinds)}",
                    given.position,
                )
        else:
            if named:
                raise PipelineError(
                    stage.name,
                    "takes arguments without a name before those with one",
                    f"stage {number} has {given.text!r} after a named one",
                    given.position,
                )
            if place >= len(kinds):
                count = len(kinds)
                raise PipelineError(
                    stage.name,
                    f"takes {count or 'no'} argument{'s' * (count != 1)}",
                    f"stage {number} has {given.text!r} beyond",
                    given.position,
                )
            name = list(kinds)[place]
        if name in found:
            raise PipelineError(
                stage.name, "takes each argument once", f"{name} stands twice", given.position
            )
        found[name] = _value(given.text, name, kinds[name], given.position)
    return found


def _value(text: str, name: str, kind: str, position: int) -> Any:
    if kind == "word":
        return text
    if kind == "switch":
        if text.lower() not in ("true", "false"):
            raise PipelineError(name, "must be true or false", f"it is {text!r}", position)
        return text.lower() == "true"
    if kind == "activation" and _NAME.match(text):
        return text
    try:
        return parse(text, name)
    except FormulaError as error:
        raise PipelineError(error.argument, error.rule, error.found, position) from None
    except InvalidArgument as error:
        raise PipelineError(error.argument, error.rule, error.found, position) from None
