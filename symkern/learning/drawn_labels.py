"""What regression on drawn sequences needs: the target's values on rows of letters, and the arguments of the kernel's matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symkern.errors import InvalidArgument, InvalidType
from symkern.learning.target_values import sequences_of, tabulated
from symkern.spectra.spectrum import Spectrum
from symkern.targets.formula_targets import FormulaTarget


def kernel_arguments(spectrum: Spectrum) -> dict[str, Any]:
    """The vocabulary, where the kernel asks for it."""
    asked = any(p.name == "v" for p in spectrum.kernel.parameters)
    return {"v": int(spectrum.vocabulary)} if asked else {}


def target_on_rows(spectrum: Spectrum, target: Any) -> Callable[[np.ndarray], np.ndarray]:
    """The target's values on rows of letters, as an array (rows, outputs)."""
    if isinstance(target, np.ndarray):
        table = tabulated(spectrum, target)
        known = dict(zip(sequences_of(spectrum), table, strict=True))
        one: Callable[[tuple[int, ...]], Any] = known.__getitem__
    elif isinstance(target, FormulaTarget):
        target.require(int(spectrum.length), int(spectrum.vocabulary))
        one = target.values(int(spectrum.vocabulary))
    else:
        one = target
    return values_on_rows(one)


def values_on_rows(one: Callable[[tuple[int, ...]], Any]) -> Callable[[np.ndarray], np.ndarray]:
    """The values of a function of a sequence on rows of letters, as an array (rows, outputs)."""
    remembered: dict[tuple[int, ...], Any] = {}
    rule = "must have finite real values, or vectors of one length"

    def values(rows: np.ndarray) -> np.ndarray:
        words = list(map(tuple, rows.tolist()))
        for word in words:
            if word not in remembered:
                remembered[word] = one(word)
        try:
            found = np.array([remembered[word] for word in words], dtype=float)
        except (TypeError, ValueError, OverflowError):
            raise InvalidType("target", rule, remembered[words[0]]) from None
        if not np.isfinite(found).all():
            raise InvalidArgument("target", rule, "some are not")
        return found.reshape(len(rows), -1)

    return values
