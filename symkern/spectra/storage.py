"""A spectrum read back from its JSON: blocks and labels as they were written, eigenvalues found anew from the blocks.

Formulas go through `symkern.abc.parse` and the pipeline through its grammar; nothing is evaluated.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import sympy as sp

from symkern.abc import parse
from symkern.claims.derivation import Standing
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, PipelineError, SymkernError
from symkern.exact import Ball, BallMatrix, ExactMatrix, FunctionField, exact_size, function_field
from symkern.exact.balls import symmetrized
from symkern.exact.exponentials import exponential_field
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.grammar import read_pipeline
from symkern.kernels.pipeline import Kernel
from symkern.sectors.sector import Sector
from symkern.spectra.deriving import spectrum as derived_spectrum
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.spectrum_document import spectrum_json
from symkern.tokens import read_law


def save(spectrum: Spectrum, path: str | os.PathLike[str]) -> None:
    """Write `to_json` to a file that `load` reads; a kernel given as a function is refused, since a file cannot hold it."""
    if isinstance(spectrum.kernel, FunctionKernel):
        rule = "must be a pipeline to be saved and read back (to_json writes the results alone)"
        raise InvalidArgument("kernel", rule, f"it is {spectrum.kernel}, a function")
    Path(path).write_text(spectrum_json(spectrum) + "\n", encoding="utf-8")


def load(spectra: type[Spectrum], path: str | os.PathLike[str]) -> Spectrum:
    """Read what `save` wrote."""
    return read_spectrum(Path(path).read_text(encoding="utf-8"))


def read_spectrum(text: str) -> Spectrum:
    """The spectrum that `Spectrum.to_json` wrote; tokens of any law. Kernels given as functions are refused.

    >>> from symkern.kernels import derive
    >>> spec = derive("linear-attention")
    >>> read_spectrum(spec.to_json()) == spec
    True
    """
    try:
        document = json.loads(text)
        schema = document["schema"]
    except (ValueError, KeyError, TypeError) as error:
        rule = "must be the JSON of a spectrum"
        raise InvalidArgument("text", rule, f"reading says: {error}") from None
    if schema != 1:
        raise InvalidArgument("text", "must be of schema 1", f"it is of schema {schema!r}")
    try:
        return _spectrum(document)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        if isinstance(error, SymkernError):
            raise
        rule = "must have the fields of a spectrum"
        raise InvalidArgument("text", rule, f"one is missing or odd: {error}") from None


def _spectrum(document: dict[str, Any]) -> Spectrum:
    try:
        kernel = read_pipeline(document["kernel"])
    except PipelineError as error:
        raise InvalidArgument(
            "kernel",
            "must be a pipeline to be read back: of a kernel given as a function the file holds the name, not the values",
            error.found,
        ) from None
    if not isinstance(kernel, Kernel):
        raise InvalidArgument("kernel", "must end in a readout", f"it is {kernel}")
    symbols = set(kernel.parameters)
    blocks = [
        [[_number(e, "block") for e in row] for row in s["block"]] for s in document["sectors"]
    ]
    sizes = [_size(document[name], name) for name in ("length", "vocabulary")]
    entries = [e for block in blocks for row in block for e in row]
    for value in (*sizes, *entries):
        if isinstance(value, sp.Expr):
            symbols |= value.free_symbols
    trace = _number(document["trace"], "trace")
    field = _field(symbols, [e for e in (*entries, trace) if isinstance(e, sp.Expr)])
    law = read_law(document["tokens"], sizes[1])
    if law.text() != document["tokens"]:
        rule = f"must be written {law.text()!r}"
        raise InvalidArgument("tokens", rule, f"it is {document['tokens']!r}")
    anew = cache(
        lambda: derived_spectrum(kernel, sizes[0], law)
    )  # when somebody asks for functions
    sectors = tuple(
        _sector(s, _matrix(block, field), anew, field)
        for s, block in zip(document["sectors"], blocks, strict=True)
    )
    bound = {p.name for p in kernel.parameters}
    settings = tuple(
        (name, parse(value, name))
        for name, value in document["parameters"].items()
        if name not in bound
    )
    if isinstance(trace, sp.Expr):
        trace = field(trace).to_sympy()  # in the form it is computed in
    return Spectrum(kernel, sizes[0], law, sectors, trace, settings)


def _sector(
    document: dict[str, Any],
    block: ExactMatrix | BallMatrix,
    derived: Callable[[], Spectrum],
    field: FunctionField,
) -> Sector:
    mu = Partition.read(document["position_irrep"], "position_irrep")
    kappa = document["token_irrep"]
    token = None if kappa is None else Partition.read(kappa, "token_irrep")
    return Sector(
        mu,
        token,
        _dimension(document["dimension"]),
        block,
        {name: int(value) for name, value in document["valid_for"].items()},
        Standing(document["standing"]),
        metric=_metric(document.get("metric"), block, field),
        anew=lambda: _require_block(derived().sector(mu, token), block),
        # Of an exact block elimination tells it, and no file is believed.
        regular=isinstance(block, BallMatrix) and document.get("regular") is True,
    )


def _metric(
    rows: list[list[object]] | None, block: ExactMatrix | BallMatrix, field: FunctionField
) -> ExactMatrix | None:
    """The Gram matrix of the block's basis, where the file has it; refused where it is none."""
    if rows is None:
        return None
    entries = [[_number(e, "metric") for e in row] for row in rows]
    sizes = {len(entries), *map(len, entries)}
    rule = "must be a positive definite matrix of rational numbers with which the block is self-adjoint"
    if isinstance(block, BallMatrix) or sizes != {block.shape[0]}:
        raise InvalidArgument("metric", rule, f"that of a block of {block.shape[0]} is not")
    if not all(isinstance(e, sp.Rational) for row in entries for e in row) or not block.is_rational:
        raise InvalidArgument("metric", rule, "a symbol stands in it or in its block")
    metric = ExactMatrix(field, [[field(e) for e in row] for row in entries])
    gram, image = metric.to_flint(), metric.to_flint() * block.to_flint()
    if gram != gram.transpose() or image != image.transpose():
        raise InvalidArgument("metric", rule, "the block is not self-adjoint with it")
    try:
        symmetrized(block, metric)
    except ArithmeticError:
        raise InvalidArgument("metric", rule, "it is not positive definite") from None
    return metric


def _require_block(found: Sector, block: ExactMatrix | BallMatrix) -> Sector:
    """The sector as it is derived; refused where the file has another block."""
    same = found.block == block
    if isinstance(block, BallMatrix) and isinstance(found.block, BallMatrix):
        same = found.block.shape == block.shape and all(
            a.overlaps(b)
            for row, other in zip(found.block, block, strict=True)
            for a, b in zip(row, other, strict=True)
        )
    if not same:
        raise InvalidArgument(
            "text",
            "must have the blocks that its pipeline and law have",
            f"that of ({found.position_irrep}; {found.token_irrep}) is another one",
        )
    return found


def _field(symbols: set[Any], formulas: list[sp.Expr]) -> FunctionField:
    """Rational functions of the symbols, and of the exponentials that occur as symbols of their own."""
    plain = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    exponents: set[sp.Expr] = set()
    for formula in formulas:
        exponents |= {e.args[0] for e in formula.atoms(sp.exp)}
        exponents |= {sp.S.One} if formula.has(sp.E) else set()
    ordered = sorted(exponents, key=str)
    return exponential_field(plain.symbols, [plain(e) for e in ordered]) if ordered else plain


def _number(value: object, name: str) -> sp.Expr | Ball:
    """A formula, or the ball between two ends."""
    if isinstance(value, list):
        low, high = (Fraction(end) for end in value)
        return Ball((low + high) / 2, (high - low) / 2)
    return parse(value, name)  # type: ignore[arg-type]


def _matrix(rows: list[list[Any]], field: FunctionField) -> ExactMatrix | BallMatrix:
    if any(isinstance(e, Ball) for row in rows for e in row):
        return BallMatrix(rows)
    return ExactMatrix(field, [[field(e) for e in row] for row in rows])


def _size(value: object, name: str) -> int | sp.Expr:
    return exact_size(parse(value, name) if isinstance(value, str) else value, name)


def _dimension(text: str) -> int | sp.Expr:
    value = parse(text, "dimension")
    return int(value) if value.is_Integer else value
