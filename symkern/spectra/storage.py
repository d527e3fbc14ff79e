"""A spectrum read back from its JSON: blocks and labels as they were written, eigenvalues found anew from the blocks.

Formulas go through `symkern.abc.parse` and the pipeline through its grammar; nothing is evaluated. A file may come from anybody: its JSON is read
strictly (`symkern.reading.documents`), its formulas are measured before they are worked with (`symkern.exact.expansion`), and what it says is
verified as far as that is quick (`symkern.spectra.verifying`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import parse
from symkern.abc import v as VOCABULARY
from symkern.claims.derivation import Standing
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, InvalidType, PipelineError, displayed
from symkern.exact import Ball, BallMatrix, ExactMatrix, FunctionField, function_field
from symkern.exact.ball_matrices import symmetrized
from symkern.exact.exact_arguments import sympified
from symkern.exact.expansion import expansion_bits
from symkern.exact.exponentials import exponent_degree, exponential_field
from symkern.exact.length_series import LengthSeries
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.grammar import read_pipeline
from symkern.kernels.pipeline import Kernel
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.documents import (
    Kinds,
    read_document,
    read_path,
    require_fields,
    require_list,
    shortened,
)
from symkern.reading.writable_places import write_whole
from symkern.sectors.sector import Sector
from symkern.spectra.deriving import spectrum as derived_spectrum
from symkern.spectra.series_storage import (
    FURTHER_FIELDS,
    SERIES_FIELDS,
    read_series,
    read_series_sector,
)
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.spectrum_document import SCHEMA, spectrum_json
from symkern.spectra.verifying import read_labels, require_apart, verify
from symkern.tokens import Law, Size, read_law, require_law


@typed
def save(spectrum: Spectrum, path: str | os.PathLike[str]) -> None:
    """Write `to_json` to a file that `load` reads; a kernel given as a function is refused, since a file cannot hold it.

    Args:
        spectrum: a spectrum of a pipeline.
        path: where to write; a file that is there is replaced, once the new one is whole.

    Raises:
        InvalidArgument: the kernel is a user's function, or the place cannot be written.
    """
    if isinstance(spectrum.kernel, FunctionKernel):
        rule = "must be a pipeline to be saved and read back (to_json writes the results alone)"
        raise InvalidArgument("kernel", rule, f"it is {spectrum.kernel}, a function")
    content = f"{spectrum_json(spectrum)}\n".encode()
    write_whole(read_path(path, "path"), lambda stream: stream.write(content), "path")


@typed
def load(spectra: type[Spectrum], path: str | os.PathLike[str]) -> Spectrum:
    """Read what `save` wrote; the file is not believed.

    Sizes, labels, dimensions and traces are verified, against the kernel too where that is cheap. The blocks themselves are not:
    the spectrum and its sectors have the standing "read, not proved".

    Args:
        spectra: the class.
        path: a file that `save` wrote.

    Raises:
        InvalidType: the path is none.
        InvalidArgument: the file cannot be read, or is no spectrum, or one whose parts do not belong together.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise InvalidType("path", "must be the path of a file", path)
    most = current().document_bytes
    try:
        with open(path, "rb") as stream:
            data = stream.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidArgument("path", "must be a file that can be read", reason) from None
    if len(data) > most:
        raise InvalidArgument("path", f"must be a file of at most {most} bytes", "it is larger")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidArgument(
            "text", "must be the JSON of a spectrum", f"reading says: {error}"
        ) from None
    return read_spectrum(text)


def read_spectrum(text: str) -> Spectrum:
    """The spectrum that `Spectrum.to_json` wrote; tokens of any law. Kernels given as functions are refused.

    >>> from symkern.kernels import derive
    >>> spec = derive("linear-attention")
    >>> again = read_spectrum(spec.to_json())
    >>> again == spec, again.standing
    (True, Standing.READ)
    """
    document = read_document(text, "text", "a spectrum")
    if document.get("schema") != SCHEMA or isinstance(document["schema"], bool):
        raise InvalidArgument(
            "text", f"must be of schema {SCHEMA}", f"it is of {shortened(document.get('schema'))}"
        )
    in_series = "trace_error" in document
    require_fields(document, "text", {**_SPECTRUM, **(_SERIES_TRACE if in_series else {})})
    for sector in require_list(document["sectors"], "sectors", (dict,)):
        more = SERIES_FIELDS if in_series else {}
        optional = FURTHER_FIELDS if in_series else _OPTIONAL
        require_fields(sector, "sectors", {**_SECTOR, **more}, optional)
    try:
        return _spectrum(document, len(text))
    except RecursionError:
        raise InvalidArgument("text", "must hold formulas", "one nests too deep") from None


_TEXT: Kinds = (str,)
_NUMBER: Kinds = (str, list)
_MAYBE: Kinds = (str, type(None))
_SPECTRUM: dict[str, Kinds] = {
    "schema": (int,), "kernel": _TEXT, "length": (int, str), "vocabulary": (int, str), "tokens": _TEXT, "group": _TEXT,
    "parameters": (dict,), "trace": _NUMBER, "standing": _TEXT, "sectors": (list,),
}  # fmt: skip
#: What stands beside a trace that is a series in 1/L.
_SERIES_TRACE: dict[str, Kinds] = {"trace_error": _MAYBE, "trace_coefficients": (list, type(None))}
#: Lists with an entry for each eigenvalue, with the types of these.
_PARALLEL: dict[str, Kinds] = {
    "eigenvalues": _MAYBE, "minimal_polynomials": _MAYBE, "intervals": (list, type(None)), "leading": _MAYBE,
    "exponents": _MAYBE, "samples": _MAYBE,
}  # fmt: skip
_SECTOR: dict[str, Kinds] = {
    "position_irrep": (list,), "token_irrep": (list, type(None)), "dimension": _TEXT, "multiplicity": (int,), "block": (list,),
    **dict.fromkeys(_PARALLEL, (list,)), "valid_for": (dict,), "standing": _TEXT,
}  # fmt: skip
_OPTIONAL: dict[str, Kinds] = {"edges": (list,), "metric": (list,), "regular": (bool,)}
_END = re.compile(r"(-?[0-9]+)(?:/([0-9]+))?")


def _spectrum(document: dict[str, Any], characters: int) -> Spectrum:
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
    length = Size.read(document["length"], "length").value
    vocabulary = Size.read(document["vocabulary"], "vocabulary", (VOCABULARY, CONTEXT_LENGTH)).value
    law = require_law(read_law(document["tokens"], vocabulary))
    if law.text() != document["tokens"]:
        raise InvalidArgument(
            "tokens",
            f"must be written {shortened(law.text())}",
            f"it is {shortened(document['tokens'])}",
        )
    law.require_length(length)
    if law.vocabulary_at(length) != vocabulary:
        raise InvalidArgument(
            "vocabulary",
            f"must be {law.vocabulary_at(length)} as of the tokens",
            f"it is {displayed(vocabulary)}",
        )
    labels = [read_labels(s["position_irrep"], s["token_irrep"]) for s in document["sectors"]]
    require_apart(labels)
    known = {*kernel.parameters, *law.parameters}.union(
        *(sympified(size).free_symbols for size in (length, vocabulary))
    )
    reader = _Numbers(known, max(current().document_bits, 16 * characters))
    dimensions = [reader.number(s["dimension"], "dimension") for s in document["sectors"]]
    if "trace_error" in document:
        return _in_series(document, kernel, length, law, labels, dimensions, reader)
    blocks = [reader.rows(s, "block") for s in document["sectors"]]
    trace = reader.number(document["trace"], "trace")
    entries = [e for block in blocks for row in block for e in row]
    field = _field(known, [e for e in (*entries, trace) if isinstance(e, sp.Expr)])
    anew = cache(lambda: derived_spectrum(kernel, length, law))  # when somebody asks for functions
    sectors = tuple(
        _sector(s, own, dimension, _matrix(block, field), anew, field)
        for s, own, dimension, block in zip(
            document["sectors"], labels, dimensions, blocks, strict=True
        )
    )
    if isinstance(trace, sp.Expr):
        trace = field(trace).to_sympy()  # in the form it is computed in
    return _whole(document, kernel, length, law, sectors, trace)


def _in_series(
    document: dict[str, Any],
    kernel: Kernel,
    length: int | sp.Expr,
    law: Law,
    labels: list[tuple[Partition, Partition | None]],
    dimensions: list[sp.Expr | Ball],
    reader: _Numbers,
) -> Spectrum:
    """The spectrum of a file whose eigenvalues are series in 1/L."""
    if length != CONTEXT_LENGTH or not law.letters_repeat:
        rule = "must be L, with letters that repeat, where eigenvalues are series"
        raise InvalidArgument("length", rule, f"it is {shortened(document['length'])}")
    sectors = []
    for s, own, dimension in zip(document["sectors"], labels, dimensions, strict=True):
        for name, kinds in _PARALLEL.items():
            require_list(s[name], name, kinds, s["multiplicity"])
        sector = read_series_sector(s, own, _dimension(dimension), _valid(s), reader.as_written)
        sectors.append(sector)
    error, balls = document["trace_error"], document["trace_coefficients"]
    trace = read_series(document["trace"], error, balls, reader.as_written)
    return _whole(document, kernel, length, law, tuple(sectors), trace)


def _whole(
    document: dict[str, Any],
    kernel: Kernel,
    length: int | sp.Expr,
    law: Law,
    sectors: tuple[Sector, ...],
    trace: sp.Expr | Ball | LengthSeries,
) -> Spectrum:
    """The spectrum with its settings, verified."""
    bound = {p.name for p in kernel.parameters + law.parameters}
    settings = []
    for name, value in document["parameters"].items():
        if not isinstance(value, str):
            raise InvalidArgument("parameters", "must be formulas", f"{name} is {shortened(value)}")
        if name not in bound:
            settings.append((name, parse(value, name)))
        elif value != name:
            raise InvalidArgument(
                "parameters", f"must leave the symbol {name} one", f"it is {shortened(value)}"
            )
    found = Spectrum(kernel, length, law, sectors, trace, tuple(settings), was_read=True)
    for name, right in (("group", found.group), ("standing", found.recorded.value)):
        if document[name] != right:
            raise InvalidArgument(
                name, f"must be {right!r} here", f"it is {shortened(document[name])}"
            )
    verify(found)
    return found


class _Numbers:
    """The numbers and formulas of a document, which hold these symbols and have together at most so many bits when written out."""

    def __init__(self, symbols: set[sp.Symbol], bits: int) -> None:
        self.symbols, self.bits, self.left = symbols, bits, bits

    def number(self, value: object, name: str) -> sp.Expr | Ball:
        """A formula, or the ball between two ends."""
        if isinstance(value, list) and self.symbols:
            raise InvalidArgument(
                name, "must be a formula where kernel or sizes have symbols", "it is a ball"
            )
        return self._read(value, name)

    def as_written(self, value: object, name: str) -> sp.Expr | Ball:
        """The same of a series, whose formulas are never multiplied out, and where a ball may stand beside symbols."""
        return self._read(value, name, measured=False)

    def _read(self, value: object, name: str, measured: bool = True) -> sp.Expr | Ball:
        if isinstance(value, list):
            low, high = (_end(end, name) for end in require_list(value, name, (str,), 2))
            if low > high:
                raise InvalidArgument(
                    name, "must be two ends, the lower one first", f"it is {shortened(value)}"
                )
            return Ball((low + high) / 2, (high - low) / 2)
        formula = parse(value, name)  # type: ignore[arg-type]
        if not formula.free_symbols <= self.symbols:
            names = ", ".join(sorted(s.name for s in self.symbols)) or "none"
            raise InvalidArgument(
                name,
                f"must hold the symbols of kernel and sizes, {names}",
                f"it is {shortened(value)}",
            )
        self.left -= expansion_bits(formula) if measured else 0
        if self.left < 0:
            raise InvalidArgument(
                name,
                f"must have at most {self.bits} bits written out, all formulas together",
                "they have more",
            )
        return formula

    def rows(self, sector: dict[str, Any], name: str) -> list[list[sp.Expr | Ball]]:
        """A square matrix of as many rows as the sector says."""
        size = sector["multiplicity"]
        if size < 1:
            raise InvalidArgument("multiplicity", "must be positive", f"it is {shortened(size)}")
        rows = require_list(sector[name], name, (list,), size)
        for row in rows:
            require_list(row, name, (str, list), size)
        return [[self.number(e, name) for e in row] for row in rows]


def _end(text: str, name: str) -> Fraction:
    """An end of a ball: a fraction in digits, which Python reads in a moment."""
    found = _END.fullmatch(text)
    if found is None or len(text) > 2 * current().formula_digits or not int(found[2] or 1):
        raise InvalidArgument(
            name, "must have ends that are fractions", f"one is {shortened(text)}"
        )
    return Fraction(int(found[1]), int(found[2] or 1))


def _sector(
    document: dict[str, Any],
    labels: tuple[Partition, Partition | None],
    dimension: sp.Expr | Ball,
    block: ExactMatrix | BallMatrix,
    derived: Callable[[], Spectrum],
    field: FunctionField,
) -> Sector:
    size = block.shape[0]
    for name, kinds in {**_PARALLEL, "edges": (list, type(None))}.items():
        require_list(document.get(name, []), name, kinds, size if name in document else None)
    valid = _valid(document)
    if document["standing"] not in [s.value for s in Standing if s is not Standing.READ]:
        raise InvalidArgument(
            "standing", "must be a standing", f"it is {shortened(document['standing'])}"
        )
    mu, token = labels
    return Sector(
        mu,
        token,
        _dimension(dimension),
        block,
        valid,
        Standing.READ,
        metric=_metric(document.get("metric"), block, field),
        anew=lambda: _require_block(derived().sector(mu, token), block),
        # Of an exact block elimination tells it, and no file is believed.
        regular=isinstance(block, BallMatrix) and document.get("regular") is True,
        recorded=Standing(document["standing"]),
    )


def _dimension(value: sp.Expr | Ball) -> int | sp.Expr:
    if isinstance(value, Ball):
        raise InvalidArgument("dimension", "must be a formula", "it is a ball")
    return int(value) if value.is_Integer else value


def _valid(document: dict[str, Any]) -> dict[str, int]:
    valid: dict[str, int] = document["valid_for"]
    if sorted(valid) != ["L", "v"] or any(type(n) is not int or n < 1 for n in valid.values()):
        raise InvalidArgument(
            "valid_for", "must be a size of L and one of v", f"it is {shortened(valid)}"
        )
    return valid


def _metric(
    rows: list[Any] | None, block: ExactMatrix | BallMatrix, field: FunctionField
) -> ExactMatrix | None:
    """The Gram matrix of the block's basis, where the file has it; refused where it is none."""
    if rows is None:
        return None
    rule = "must be a positive definite matrix of rational numbers with which the block is self-adjoint"
    sizes = {len(rows), *(len(row) if isinstance(row, list) else -1 for row in rows)}
    if isinstance(block, BallMatrix) or sizes != {block.shape[0]}:
        raise InvalidArgument("metric", rule, f"that of a block of {block.shape[0]} is not")
    entries = [[parse(e, "metric") for e in require_list(row, "metric", (str,))] for row in rows]
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
    if not ordered:
        return plain
    read = [plain(e) for e in ordered]
    field = exponential_field(plain.symbols, read)
    for exponent in read:
        if exponent_degree(exponent, field) > current().document_bits:
            raise InvalidArgument(
                "block",
                "must have exponentials that are powers of one another within reason",
                f"one is of {shortened(exponent.to_sympy())}",
            )
    return field


def _matrix(rows: list[list[Any]], field: FunctionField) -> ExactMatrix | BallMatrix:
    balls = [isinstance(e, Ball) for row in rows for e in row]
    if any(balls):
        if not all(balls):
            raise InvalidArgument(
                "block", "must hold formulas alone or balls alone", "it holds both"
            )
        return BallMatrix(rows)
    return ExactMatrix(field, [[field(e) for e in row] for row in rows])
