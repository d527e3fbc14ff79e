"""A spectrum read back from its JSON: blocks and labels as they were written, eigenvalues found anew from the blocks.

Formulas go through `symkern.abc.parse` and the pipeline through its grammar; nothing is evaluated.
"""

from __future__ import annotations

import json
from typing import Any

import sympy as sp

from symkern.abc import parse
from symkern.combinatorics import Partition
from symkern.derivations import Standing
from symkern.errors import InvalidArgument
from symkern.exact import ExactMatrix, exact_size, function_field
from symkern.kernels.grammar import read_pipeline
from symkern.kernels.laws import Law, distinct, uniform
from symkern.kernels.pipeline import Kernel
from symkern.kernels.sector import Sector
from symkern.kernels.spectrum import Spectrum

__all__ = ["read_spectrum"]


def read_spectrum(text: str) -> Spectrum:
    """The spectrum that `Spectrum.to_json` wrote; uniform or distinct tokens, exact blocks.

    >>> from symkern.kernels import derive
    >>> spec = derive("linear-attention")
    >>> read_spectrum(spec.to_json()) == spec
    True
    """
    try:
        document = json.loads(text)
        schema = document["schema"]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidArgument(
            "text", "must be the JSON of a spectrum", f"reading says: {error}"
        ) from None
    if schema != 1:
        raise InvalidArgument("text", "must be of schema 1", f"it is of schema {schema!r}")
    try:
        return _spectrum(document)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise InvalidArgument(
            "text", "must have the fields of a spectrum", f"one is missing or odd: {error}"
        ) from None


def _spectrum(document: dict[str, Any]) -> Spectrum:
    kernel = read_pipeline(document["kernel"])
    if not isinstance(kernel, Kernel):
        raise InvalidArgument("kernel", "must end in a readout", f"it is {kernel}")
    symbols = set(kernel.parameters)
    blocks = [[[parse(e, "block") for e in row] for row in s["block"]] for s in document["sectors"]]
    sizes = [_size(document[name], name) for name in ("length", "vocabulary")]
    for value in [*sizes, *(e for block in blocks for row in block for e in row)]:
        if isinstance(value, sp.Expr):
            symbols |= value.free_symbols
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    sectors = tuple(
        Sector(
            Partition.read(s["position_irrep"], "position_irrep"),
            None if s["token_irrep"] is None else Partition.read(s["token_irrep"], "token_irrep"),
            _dimension(s["dimension"]),
            ExactMatrix(field, [[field(e) for e in row] for row in block]),
            {name: int(value) for name, value in s["valid_for"].items()},
            Standing(s["standing"]),
        )
        for s, block in zip(document["sectors"], blocks, strict=True)
    )
    bound = {p.name for p in kernel.parameters}
    settings = tuple(
        (name, parse(value, name))
        for name, value in document["parameters"].items()
        if name not in bound
    )
    trace = field(parse(document["trace"], "trace")).to_sympy()  # in the form it is computed in
    law = _law(document["tokens"], sizes[1])
    return Spectrum(kernel, sizes[0], law, sectors, trace, settings)


def _size(value: object, name: str) -> int | sp.Expr:
    return exact_size(parse(value, name) if isinstance(value, str) else value, name)


def _dimension(text: str) -> int | sp.Expr:
    value = parse(text, "dimension")
    return int(value) if value.is_Integer else value


def _law(tokens: str, vocabulary: int | sp.Expr) -> Law:
    if tokens == "distinct":
        return distinct()
    if tokens == "uniform":
        return uniform(vocabulary)
    raise InvalidArgument(
        "tokens", "must be uniform or distinct to be read back", f"the spectrum has {tokens!r}"
    )
