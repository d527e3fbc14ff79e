r"""The mean output of kernel regression after n samples: sum_i Lrn_i f_i, a function of sequences.

f_i is the target's projection on the functions of eigenvalue lambda_i and Lrn_i = lambda_i/(lambda_i + kappa) its learnability: averaged over
training sets, a regression returns every part of the target shrunk by its own factor, and nothing of what lies outside the
kernel's span. (Eigenlearning equations, see `symkern.bounds.eigenlearning`; label noise does not move the mean.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import factorial
from typing import Any

import numpy as np

from symkern.bounds.eigenlearning import eigenlearning
from symkern.claims.by_content import ByContent
from symkern.errors import InvalidArgument, NoClosedForm, SizeMismatch, displayed
from symkern.exact.real_arguments import read_real
from symkern.learning.learning_curve import numeric_spectrum, positive_eigenvalue
from symkern.learning.target_values import (
    read_target,
    require_eigenvectors,
    sequence_count,
    sequence_weights,
    tabulated,
)
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.sectors.sector_energies import component
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.shown import Written, displays


@dataclass(frozen=True, eq=False)
@typed
class PredictedOutput(ByContent, Written):
    """Floating point: call it on a sequence of tokens 0..v-1, or read all ``values`` in lexicographic order of the sequences."""

    spectrum: Spectrum
    target: Any
    n: float
    ridge: Any
    _table: np.ndarray = field(repr=False)

    @cached_property
    def values(self) -> np.ndarray:
        """The mean output on all v^L sequences; vectors along a last axis."""
        modes = [
            (sector, i, positive_eigenvalue(value), int(sector.dimension))
            for sector in self.spectrum.sectors
            for i, value in enumerate(sector.eigenvalues)
        ]
        found = eigenlearning(
            [m[2] for m in modes] + [0],
            [m[3] for m in modes] + [1],
            n=np.array([self.n]),
            ridge=self.ridge,
        )
        outputs = self._table.reshape(len(self._table), -1)
        total = np.zeros_like(outputs)
        for (sector, i, value, _), learned in zip(modes, found.learnabilities[0], strict=False):
            if value and learned > 0:
                with np.errstate(all="ignore"):
                    parts = [component(sector, f, i, numeric=True) for f in outputs.T]
                total += learned * np.stack(parts, axis=1)
        total = require_eigenvectors(total).reshape(self._table.shape)
        total.setflags(write=False)
        return total

    @property
    def target_values(self) -> np.ndarray:
        """The target on the same sequences."""
        return self._table

    @property
    def bias(self) -> float:
        """E (target - mean output)^2, the part of the test error that does not depend on the training set."""
        weights = sequence_weights(self.spectrum.tokens, int(self.spectrum.length))
        missed = (self._table - self.values).reshape(len(weights), -1)
        return float(weights @ (missed**2).sum(axis=1))

    def __call__(self, x: Any) -> Any:
        """The mean output on one sequence of tokens: a float, or a tuple of them for a target of vectors."""
        length, vocabulary = int(self.spectrum.length), int(self.spectrum.vocabulary)
        tokens = [
            read_integer(t, f"x[{i}]", maximum=vocabulary - 1)
            for i, t in enumerate(read_list(x, "x", "tokens"))
        ]
        if len(tokens) != length:
            raise SizeMismatch(
                "x", f"must have {displayed(length)} tokens", f"it has {len(tokens)}"
            )
        if not self.spectrum.tokens.letters_repeat and len(set(tokens)) < length:
            raise InvalidArgument(
                "x", "must hold distinct tokens", f"it is {displayed(tuple(tokens))}"
            )
        value = self.values[self._place(tokens)]
        return float(value) if np.ndim(value) == 0 else tuple(map(float, value))

    def _place(self, tokens: list[int]) -> int:
        """The place of a sequence in lexicographic order."""
        if not self.spectrum.tokens.letters_repeat:
            later = [sum(u < t for u in tokens[i + 1 :]) for i, t in enumerate(tokens)]
            return sum(c * factorial(len(tokens) - 1 - i) for i, c in enumerate(later))
        place = 0
        for t in tokens:
            place = place * int(self.spectrum.vocabulary) + t
        return place

    @displays
    def latex(self) -> str:
        r"""What it is, as one line of LaTeX mathematics.

        >>> from symkern.kernels import embedding, uniform
        >>> spec = embedding(1, 1).attention().mean_pool().spectrum(length=4, tokens=uniform(2))
        >>> print(spec.predicted_output("x1", n=10, ridge="1/10").latex())
        \mathbb{E}\, \hat f_{10}(x) = \sum_i \frac{\lambda_i}{\lambda_i + \kappa}\, f_i(x), \qquad f = x_{1}
        """
        name = (
            self.target.latex()
            if hasattr(self.target, "latex")
            else r"\text{a function of sequences}"
        )
        return rf"\mathbb{{E}}\, \hat f_{{{self.n:g}}}(x) = \sum_i \frac{{\lambda_i}}{{\lambda_i + \kappa}}\, f_i(x), \qquad f = {name}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __repr__(self) -> str:
        return f"<PredictedOutput for {self.target} after {self.n:g} samples>"


def predicted_output(
    spectrum: Spectrum,
    target: Any,
    *,
    n: object,
    ridge: object = 0,
    length: object = None,
    vocabulary: object = None,
    **parameters: object,
) -> PredictedOutput:
    """The mean prediction for a target after ``n`` samples, at sizes where all v^L sequences fit.

    Args:
        spectrum: the spectrum.
        target: as in `learning_curve`.
        n: the number of samples, at least 1.
        ridge: at least 0.
        length: a positive integer in the place of L.
        vocabulary: a positive integer in the place of v.
        **parameters: hyperparameters by name, exact numbers.

    Returns:
        A `PredictedOutput`, which can be called on a sequence.

    Raises:
        InvalidArgument: symbols that are left without a value, or numbers out of range.
        NoClosedForm: more than ``dense_sequences`` of `symkern.limits`, about a million sequences.

    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).attention().mean_pool().spectrum(length=4, tokens=uniform(2))
    >>> learned = spec.predicted_output("x1", n=10, ridge="1/10")
    >>> round(learned((1, 0, 0, 0)), 3), round(learned((0, 1, 1, 1)), 3)
    (0.777, 0.197)
    """
    samples = read_real(n, "n", minimum=1)
    read_real(ridge, "ridge", minimum=0)
    read = read_target(target)
    numeric = numeric_spectrum(spectrum, length, vocabulary, parameters)
    if isinstance(numeric.length, int) and sequence_count(numeric) > current().dense_sequences:
        raise NoClosedForm(
            f"predicted_output: the mean output is a table of all sequences, at most {current().dense_sequences:,} of them, and there are "
            f"{numeric.vocabulary}^{numeric.length}; the learning curve of a formula takes any length"
        )
    return PredictedOutput(numeric, read, samples, ridge, tabulated(numeric, read))
