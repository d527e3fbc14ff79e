r"""Training on n samples: kernel gradient flow on drawn training sets, in the mean over them.

On the training set (X, y) the flow on half the mean squared error is df_t(x)/dt = sum_j k(x, x_j) (y_j - f_t(x_j))/n. With the eigenvectors u and eigenvalues s of
the matrix k(X, X)/n,

    f_t(X) = sum u (1 - e^(-s t)) u^T y,      f_t(x) = k(x, X) sum u (1 - e^(-s t))/s u^T y / n.

No formula is assumed for the mean over training sets: they are drawn, and the means have standard errors. Stopping early acts as a ridge does (Yao, Rosasco,
Caponnetto, Constr. Approx. 26, 2007): late in training the noise of the labels is learned too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.claims.by_content import ByContent
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidType
from symkern.exact.real_arguments import read_real
from symkern.kernels.pipeline import Kernel
from symkern.learning.drawn_labels import kernel_arguments, target_on_rows
from symkern.learning.drawn_sequences import drawn_sequences
from symkern.learning.over_draws import error_over_draws, mean_over_draws
from symkern.learning.target_values import (
    sequence_count,
    sequence_weights,
    sequences_of,
)
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.shown import Shown

Floats = npt.NDArray[np.float64]

#: The test error is taken on all sequences up to so many, and on so many fresh ones beyond.
_TESTED = 4096


@dataclass(frozen=True, eq=False)
@typed
class SampledTraining(ByContent, Shown):
    """Floating point: errors at each time ``t`` of gradient flow on each of some drawn training sets; ask `Spectrum.training_curve` with n for one.

    ``test_errors`` and ``train_errors`` have axes (draws, t). ``is_whole`` says whether the test error is the mean over all sequences, or one over fresh
    sequences, another ``tested`` of them for each draw.
    """

    spectrum: Spectrum
    target: Any
    t: Floats
    n: int
    noise: Any
    seed: int
    test_errors: np.ndarray
    train_errors: np.ndarray
    is_whole: bool
    tested: int

    @property
    def draws(self) -> int:
        """Numbers of training sets."""
        return len(self.test_errors)

    @property
    def length(self) -> int:
        """The context length."""
        return int(self.spectrum.length)

    @property
    def test_error(self) -> Floats:
        """Mean over training sets of the error against fresh noisy labels, noise included."""
        return mean_over_draws(self.test_errors)

    @property
    def train_error(self) -> Floats:
        """Mean over training sets of the error on the training labels."""
        return mean_over_draws(self.train_errors)

    @property
    def standard_error(self) -> Floats:
        """Of the mean test error; infinite for one draw."""
        return error_over_draws(self.test_errors)

    @property
    def best(self) -> float:
        """The time of the least mean test error among ``t``: when to stop."""
        return float(self.t[int(np.argmin(self.test_error))])

    def __repr__(self) -> str:
        what = f"{self.n} samples, {self.draws} draws, {len(self.t)} values of t"
        return f"<SampledTraining of {self.target} at length {self.length}: {what}>"


def sampled_training(
    spectrum: Spectrum, target: Any, t: Floats, n: object, noise: object, draws: object, seed: object
) -> SampledTraining:  # fmt: skip
    """The training of a kernel at numbers on ``draws`` sets of n samples; arguments as `symkern.learning.training_curve` reads them."""
    size = read_integer(n, "n", 1, 1 << 20)
    count = read_integer(draws, "draws", 1, 1 << 20)
    start = read_integer(seed, "seed", 0, 1 << 63)
    if not isinstance(spectrum.kernel, Kernel):
        rule = "must be a pipeline where training sets are drawn: its matrices are computed on them"
        raise InvalidType("kernel", rule, spectrum.kernel)
    length, variance = int(spectrum.length), read_real(noise, "noise")
    every = sequence_count(spectrum)
    is_whole = every <= _TESTED
    tested = every if is_whole else _TESTED
    every_one = 24 * (size + len(t)) * (size + tested)
    require_bytes(f"matrices of {size} and predictions at {len(t)} times", every_one)
    value = target_on_rows(spectrum, target)
    rng = np.random.default_rng(start)
    weights = np.full(tested, 1 / tested)
    places = values = None
    if is_whole:
        weights = sequence_weights(spectrum.tokens, length)
        places = np.array(list(sequences_of(spectrum)))
        values = value(places)
    tests, trains = [], []
    for _ in range(count):
        words = drawn_sequences(spectrum.tokens, length, size, rng)
        clean = value(words)
        labels = clean + sqrt(variance) * rng.standard_normal(clean.shape)
        fresh = drawn_sequences(spectrum.tokens, length, tested, rng) if places is None else places
        wanted = value(fresh) if values is None else values
        given = kernel_arguments(spectrum)
        cross = spectrum.kernel.matrix(fresh, words, **given)
        fitted, predicted = gradient_flow(spectrum.kernel.matrix(words, **given), labels, t, cross)
        trains.append(np.mean(np.sum((fitted - labels) ** 2, axis=2), axis=1))
        tests.append(np.sum((predicted - wanted) ** 2, axis=2) @ weights + variance)
    found = (np.array(tests), np.array(trains))
    return SampledTraining(spectrum, target, t, size, noise, start, *found, is_whole, tested)


def gradient_flow(gram: np.ndarray, labels: np.ndarray, t: Floats, cross: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Floating point: predictions on the n training points, (t, n, outputs), and on m others, (t, m, outputs), at each time.

    Args:
        gram: the kernel matrix (n, n) of the training points.
        labels: their labels, (n, outputs).
        t: times.
        cross: the kernel matrix (m, n) of the other points with them.

    >>> fitted, other = gradient_flow(np.array([[2.0]]), np.array([[3.0]]), np.array([0.0, 1.0]), np.array([[1.0]]))
    >>> fitted[:, 0, 0].round(4).tolist(), other[:, 0, 0].round(4).tolist()
    ([0.0, 2.594], [0.0, 1.297])
    """
    n = len(gram)
    values, vectors = np.linalg.eigh(gram / n)
    rates = np.clip(values, 0, None)  # rounding may leave less
    learned = -np.expm1(-np.multiply.outer(t, rates))
    slow = rates * np.max(t, initial=0) < 1e-12
    weights = np.where(slow, t[:, None], learned / np.where(slow, 1, rates)) / n
    overlaps = vectors.T @ labels
    fitted = vectors @ (learned[:, :, None] * overlaps)
    predicted = (cross @ vectors) @ (weights[:, :, None] * overlaps)
    return fitted, predicted
