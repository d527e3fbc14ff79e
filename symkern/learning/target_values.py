"""Targets as users give them: formulas, functions of a sequence, or their values on all sequences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from symkern.combinatorics.memory import require_bytes
from symkern.errors import (
    FormulaError,
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    SizeMismatch,
    displayed,
)
from symkern.limits import current
from symkern.reading.missing_entries import without_mask
from symkern.reading.sequences import require_short
from symkern.spectra.spectrum import Spectrum
from symkern.targets.formula_targets import FormulaTarget
from symkern.tokens import Law


def read_target(target: object) -> Any:
    """A formula's text becomes a `FormulaTarget`, and so do the known targets; functions and arrays stay what they are."""
    if isinstance(target, str):
        return FormulaTarget(target)
    if callable(target) and isinstance(written := getattr(target, "formula", None), str):
        with suppress(FormulaError):
            return FormulaTarget(written)
    target = without_mask(target, "target")
    if isinstance(target, (FormulaTarget, np.ndarray)) or callable(target):
        return target
    require_short(target, "target")
    if isinstance(target, Sequence):
        return np.array(target, dtype=object)
    rule = "must be a formula, a function of a sequence or the list of its values"
    raise InvalidType("target", rule, target)


def tabulated(spectrum: Spectrum, target: Any) -> np.ndarray:
    """The target's values on all v^L sequences in lexicographic order, floats; vectors as columns."""
    length, vocabulary = spectrum.length, spectrum.vocabulary
    if not isinstance(length, int) or not isinstance(vocabulary, int):
        rule = "must be numbers for this target"
        raise InvalidArgument(
            "length, vocabulary", rule, f"they are {displayed(length)}, {displayed(vocabulary)}"
        )
    size = sequence_count(spectrum)
    if size > current().dense_sequences:
        count = spectrum.tokens.sequence_count
        longest = next(n for n in range(length) if count(n + 1) > current().dense_sequences)
        raise NoClosedForm(
            f"target: on all sequences of length {displayed(length)} only formulas of one and two positions are split into their parts, "
            "and formulas in the counts of two letters, under uniform tokens and for kernels that are polynomials and "
            f"read no single position; every other target takes at most {current().dense_sequences:,} sequences, those of length {longest} here"
        )
    if isinstance(target, np.ndarray):
        if not target.ndim or len(target) != size:
            rule = f"must have {size} values, one for each sequence"
            raise SizeMismatch("target", rule, f"its shape is {target.shape}")
        return _floats(target)
    require_bytes(f"a target on {size} sequences", 200 * size)
    if isinstance(target, FormulaTarget):
        target.require(length, vocabulary)
        value = target.values(vocabulary)
    else:
        value = target
    found = [value(x) for x in sequences_of(spectrum)]
    try:
        table = _floats(found)
    except InvalidArgument:
        raise
    except (TypeError, ValueError):
        rule = "must have real values, or vectors of one length"
        raise InvalidType("target", rule, found[0]) from None
    if not np.isfinite(table).all():
        raise InvalidArgument("target", "must have finite values", "some are not")
    return table


def require_eigenvectors(values: np.ndarray) -> np.ndarray:
    """What was computed with eigenvectors in floating point; `InvalidArgument` where their entries were too large for it."""
    if not np.isfinite(values).all():
        raise InvalidArgument(
            "spectrum",
            "must have eigenvectors whose entries floats hold (bring its hyperparameters nearer to 1)",
            "one exceeds 1e308",
        )
    return values


def _floats(values: Any) -> np.ndarray:
    try:
        return np.array(values, dtype=float)
    except OverflowError:
        rule = "must have values that floats hold (divide it by its size)"
        raise InvalidArgument("target", rule, "one is larger") from None


def sequence_count(spectrum: Spectrum) -> int:
    """v^L, or L! where all tokens are distinct."""
    return spectrum.tokens.sequence_count(int(spectrum.length))


def sequences_of(spectrum: Spectrum) -> Iterator[tuple[int, ...]]:
    """All sequences in lexicographic order; permutations alone where all tokens are distinct."""
    return spectrum.tokens.sequences(int(spectrum.length))


def sequence_weights(law: Law, length: int) -> np.ndarray:
    """The probability of every sequence, in lexicographic order."""
    count = law.sequence_count(length)
    if law.is_uniform or not law.letters_repeat:
        return np.full(count, 1 / count)
    parts = law.components()
    if parts is None:
        letters = range(law.given_vocabulary())
        counted = (tuple(map(x.count, letters)) for x in law.sequences(length))
        return np.array([float(law.sequence_probability(counts)) for counts in counted])
    total = np.zeros(count)
    for w, p in parts:
        weights: np.ndarray = np.full(1, float(w))
        for _ in range(length):
            shares = (
                np.full(law.given_vocabulary(), 1 / law.given_vocabulary())
                if p is None
                else np.array(p, dtype=float)
            )
            weights = np.multiply.outer(weights, shares).ravel()
        total += weights
    return total
