"""Eigenvalues in floating point, at many lengths at once; every float is correct to double precision.

Blocks are evaluated exactly; their eigenvalues are roots of exact polynomials, enclosed to more than
double precision and rounded once, at the end. So tiny eigenvalues beside large ones keep all their digits. Blocks with exponentials of hyperparameters
are derived anew at the numbers, as balls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, displayed
from symkern.exact import BallMatrix, ExactMatrix, exact_expression, function_field
from symkern.exact.algebraic import real_root_floats
from symkern.exact.asymptotics import sample_point
from symkern.kernels.evaluation import named
from symkern.limits import check_time
from symkern.reading.sequences import read_list
from symkern.sectors.sector import Sector
from symkern.spectra.evaluating import evaluate
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import Law, Size
from symkern.tokens.letter_counts import types

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)

Labels = tuple[Partition, Partition | None]


def floats(
    spectrum: Spectrum,
    lengths: Iterable[object],
    vocabulary: object = None,
    **parameters: object,
) -> dict[Labels, np.ndarray]:
    """Floating-point eigenvalues at each length: {(mu, kappa): array of shape (lengths, block size)}.

    At sizes where a block is not yet full its eigenvalues are those of `Spectrum.evaluate`, and ``nan`` takes the places of those that do not exist
    there, or are zero with their whole sector.

    Args:
        spectrum: a spectrum with formulas or numbers, not with series.
        lengths: positive integers.
        vocabulary: a positive integer, where that of the spectrum is v.
        **parameters: hyperparameters by name, exact numbers.

    Returns:
        A dictionary from labels to arrays, a row for each length, sorted, the largest first.

    Raises:
        InvalidArgument: a symbol is left without a number, a size that is another number in the spectrum, or a pole of the kernel.
        NoClosedForm: a spectrum of series in 1/L.
    """
    spectrum.require_formulas("floats")
    sizes = [
        _size(n, f"lengths[{i}]", spectrum.length)
        for i, n in enumerate(read_list(lengths, "lengths", "sizes"))
    ]
    values: dict[sp.Symbol, sp.Expr] = {}
    known, law = {p.name: p for p in spectrum.parameters}, spectrum.tokens
    for name, value in parameters.items():
        values[named(name, known)] = exact_expression(value, name)
    if vocabulary is not None:
        if not spectrum.tokens.letters_repeat:
            rule = "is set by the law"
            raise InvalidArgument("vocabulary", rule, f"the tokens are {spectrum.tokens}")
        letters = _size(vocabulary, "vocabulary", spectrum.vocabulary)
        values[VOCABULARY] = sp.Integer(letters)
    field = function_field(())
    result: dict[Labels, np.ndarray] = {}
    chances = {name: value for name, value in parameters.items() if known[name] in law.parameters}
    # Where a letter gets probability 0 there are fewer functions, as at small sizes.
    fewer = bool(chances) and _possible(law.at(**chances), spectrum) < _possible(law, spectrum)
    if fewer and law.symbolic_components() is None:
        rule = "must leave every sequence a positive probability here"
        found = (
            f"some have none; evaluate(length={displayed(spectrum.length)}, ...) has the spectrum"
        )
        raise InvalidArgument(", ".join(chances), rule, found)
    smaller: dict[int, Spectrum] = {}

    def there(size: int) -> Spectrum:
        """The true spectrum at a size where a block is not full, or not rational."""
        if size not in smaller:
            asked = {} if vocabulary is None else {"vocabulary": vocabulary}
            smaller[size] = evaluate(spectrum, length=size, **asked, **parameters)
        return smaller[size]

    for sector in spectrum.sectors:
        rows = []
        generators: set[sp.Expr] = set()
        plain = sector.block
        if isinstance(plain, ExactMatrix):
            generators = {t for r in plain for e in r for t in e.free_symbols()}
            if values and all(t.is_Symbol for t in generators):
                # Once for all lengths; a pole in the parameters alone is met again at each.
                with suppress(ZeroDivisionError):
                    plain = _with_parameters(plain, values)
        for size in sizes:
            check_time()
            at = {**values, CONTEXT_LENGTH: size}
            if fewer or not _is_full(sector, at):
                rows.append(_padded(there(size), sector))
                continue
            if isinstance(sector.block, BallMatrix):
                rows.append([float(e) for e in sector.eigenvalues])  # type: ignore[arg-type]
                continue
            exponentials = not all(t.is_Symbol for t in generators)
            # Where exponentials occur the spectrum is derived at the numbers, and that takes all of them.
            asked_for = set(spectrum.parameters) if exponentials else set()
            missing = asked_for.union(*(t.free_symbols for t in generators)) - set(at)
            if missing:
                names = ", ".join(sorted(t.name for t in missing))
                rule = f"must give values to {names}"
                raise InvalidArgument("parameters", rule, "they are symbols")
            if exponentials:
                rows.append(_padded(there(size), sector))
                continue
            assert isinstance(plain, ExactMatrix)
            try:
                block = plain.substitute(at, field)
            except ZeroDivisionError:
                raise InvalidArgument(
                    "parameters",
                    "must not be a pole of the kernel",
                    f"a block is infinite there at length {size}",
                ) from None
            rows.append(_float_eigenvalues(block))
        labels = (sector.position_irrep, sector.token_irrep)
        result[labels] = np.array(rows, dtype=float).reshape(len(sizes), sector.multiplicity)
    return result


def _possible(law: Law, spectrum: Spectrum) -> int:
    """How many letters can occur; where they are not independent, how many counts of them."""
    if law.symbolic_components() is not None or not isinstance(spectrum.length, int):
        return len(law.occurring()[1] or ())
    counts = types(spectrum.length, law.given_vocabulary())
    return sum(bool(law.symbolic_sequence_probability(n)) for n in counts)


def _float_eigenvalues(block: ExactMatrix) -> list[float]:
    """The eigenvalues of a rational block, the largest first."""
    found: list[float] = []
    for factor in block.characteristic_factors():
        numbers = [c.to_fraction() for c in factor]
        bottom = lcm(*(q.denominator for q in numbers))
        found += real_root_floats([int(q * bottom) for q in numbers])
    return sorted(found, reverse=True)


def _with_parameters(block: ExactMatrix, values: Mapping[sp.Symbol, sp.Expr]) -> ExactMatrix:
    left = tuple(t for t in block.field.symbols if t not in values)
    more = {t for e in values.values() for t in e.free_symbols} - set(left)
    field = function_field((*left, *sorted(more, key=lambda t: t.name)))
    return block.substitute(dict(values), field)


def _size(value: object, name: str, current: int | sp.Expr) -> int:
    """A number to evaluate at; where the spectrum has one, the same."""
    size = Size.read_number(value, name, "to evaluate at")
    if not isinstance(current, sp.Expr) and current != size:
        raise InvalidArgument(name, f"is {current} in this spectrum", f"it is {displayed(size)}")
    return size


def _is_full(sector: Sector, at: Mapping[sp.Symbol, object]) -> bool:
    return all(
        sector.valid_for.get(name) is None
        or symbol not in at
        or int(at[symbol]) >= sector.valid_for[name]  # type: ignore[call-overload]
        for name, symbol in (("L", CONTEXT_LENGTH), ("v", VOCABULARY))
    )


def _padded(there: Spectrum, sector: Sector) -> list[float]:
    """The eigenvalues of the sector in the true spectrum at a small size, filled up to the size of the block."""
    labels = (sector.position_irrep, sector.token_irrep)
    found = [s for s in there.sectors if (s.position_irrep, s.token_irrep) == labels]
    values = [float(e) for s in found for e in s.eigenvalues]  # type: ignore[arg-type]
    return [*sorted(values, reverse=True), *[np.nan] * (sector.multiplicity - len(values))]


def generic_values(spectrum: Spectrum) -> dict[sp.Symbol, int | sp.Rational]:
    """A small number for each hyperparameter of a spectrum, all different, and a fraction for each symbol in its law's probabilities."""
    names = [p for p in spectrum.kernel.parameters if p not in (CONTEXT_LENGTH, VOCABULARY)]
    return {**dict(zip(names, _PRIMES, strict=False)), **sample_point(spectrum.tokens.parameters)}


def generic_law(spectrum: Spectrum) -> Law:
    """The law of a spectrum with those fractions in its probabilities.

    >>> from symkern.kernels import categorical, derive
    >>> generic_law(derive("bag-of-tokens", tokens=categorical(["p", "1-p"])))
    categorical(['2/7', '5/7'])
    """
    law = spectrum.tokens
    return law.at(**{str(s): value for s, value in sample_point(law.parameters).items()})


def at_point(value: Any, point: Mapping[sp.Symbol, int | sp.Rational]) -> Fraction:
    """A rational function at numbers."""
    return Fraction(value.substitute(dict(point), function_field(())).to_fraction())
