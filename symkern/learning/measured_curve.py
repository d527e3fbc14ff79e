r"""Kernel regression on drawn training sets, beside the learning curve that is predicted.

On n sequences X with labels y = f(X) + noise the predictor is k(x, X) (k(X, X) + ridge)^(-1) y. It is computed as it stands, on training sets drawn by a seed; no
formula of the prediction is used. One Cholesky factor of the largest training set holds those of all smaller ones, its leading sequences, in its corner.

Where all v^L sequences can be listed, test errors are exact means over them, and the share of each part f_i of the target that is learned is
E(prediction f_i)/E f_i^2; else means are over fresh sequences, and shares are known where the target has one part alone, as "s1 - s2" on two letters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController, threadpool_limits

from symkern.claims.by_content import ByContent
from symkern.combinatorics.memory import require_bytes
from symkern.doors import MeasuredCurveDoors
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact.real_arguments import read_real
from symkern.kernels.pipeline import Kernel
from symkern.learning.drawn_labels import kernel_arguments, target_on_rows
from symkern.learning.drawn_sequences import drawn_sequences
from symkern.learning.leading_samples import LeadingSamples
from symkern.learning.learning_curve import LearningCurve
from symkern.learning.over_draws import error_over_draws, mean_over_draws
from symkern.learning.target_values import sequence_count, sequence_weights, sequences_of
from symkern.progress import shown
from symkern.reading.annotated import typed
from symkern.reading.clusters import read_client
from symkern.reading.integers import read_integer
from symkern.sectors.sector_energies import component

Floats = npt.NDArray[np.float64]

#: The test error is taken on all sequences up to so many, and on so many fresh ones beyond.
_TESTED = 4096


@dataclass(frozen=True, eq=False)
@typed
class MeasuredCurve(MeasuredCurveDoors, ByContent):
    """Floating point: errors of regression on each of some drawn training sets; ask `LearningCurve.measured` for one.

    Attributes:
        curve: the prediction, with the numbers of samples ``n``.
        seed: of the draws.
        test_errors: (draws, n), noise of fresh labels included.
        train_errors: (draws, n).
        shares: (draws, n, parts), how much of each part of the target the prediction holds; None where sequences are not listed and there are several parts.
        is_whole: whether test errors are means over all sequences, or over ``tested`` fresh ones for each draw.
        tested: how many.
    """

    curve: LearningCurve
    seed: int
    test_errors: np.ndarray
    train_errors: np.ndarray
    shares: np.ndarray | None = field(repr=False)
    is_whole: bool
    tested: int

    @property
    def n(self) -> Floats:
        """The numbers of samples."""
        return self.curve.n

    @property
    def draws(self) -> int:
        """Numbers of training sets."""
        return len(self.test_errors)

    @property
    def test_error(self) -> Floats:
        """Mean over training sets."""
        return mean_over_draws(self.test_errors)

    @property
    def train_error(self) -> Floats:
        """Mean over training sets."""
        return mean_over_draws(self.train_errors)

    @property
    def learnabilities(self) -> Floats | None:
        """Mean share of each part that is learned, (n, parts), beside `LearningCurve.learnabilities`."""
        return None if self.shares is None else mean_over_draws(self.shares)

    @property
    def standard_error(self) -> Floats:
        """Of the mean test error; infinite for one draw."""
        return error_over_draws(self.test_errors)

    @property
    def learnabilities_error(self) -> Floats | None:
        """Standard errors of the mean shares."""
        return None if self.shares is None else error_over_draws(self.shares)

    @property
    def deviation(self) -> Floats:
        """(measured - predicted)/predicted of the test error, at each n."""
        predicted = self.curve.test_error
        with np.errstate(all="ignore"):
            found: Floats = (self.test_error - predicted) / predicted
        return found

    @typed
    def half_learned(self, part: int = 0) -> tuple[float, float]:
        """The n at which half of a part is learned, and its standard error over the draws: where each draw's share, linear in log n between two n, is 1/2 first.

        Beside `LearningCurve.samples`. Infinite where the share of a draw does not reach 1/2 among these n; 0 where it has at the first.

        Args:
            part: the number of the part among ``curve.parts``, from 0.

        Raises:
            InvalidArgument: there is no such part, or shares are not known.
        """
        if self.shares is None:
            rule = "must be of a target with one part, or of so few sequences that all of them are tested"
            raise InvalidArgument("measured curve", rule, f"it has {len(self.curve.parts)} parts")
        place = read_integer(part, "part", 0, self.shares.shape[2] - 1)
        order = np.argsort(self.n)
        logs, found = np.log(self.n[order]), []
        for shares in self.shares[:, order, place]:
            [above] = np.nonzero(shares >= 0.5)
            i = int(above[0]) if len(above) else -1
            if i < 1:
                found.append(np.inf if i < 0 else -np.inf)
                continue
            along = (0.5 - shares[i - 1]) / (shares[i] - shares[i - 1])
            found.append(logs[i - 1] + along * (logs[i] - logs[i - 1]))
        middle = float(np.exp(np.mean(found))) if np.isfinite(found).all() else float(np.exp(max(found, key=abs)))  # fmt: skip
        if self.draws == 1 or not np.isfinite(found).all():
            return middle, float("inf")
        return middle, middle * float(np.std(found, ddof=1)) / sqrt(self.draws)

    def __repr__(self) -> str:
        what = f"{len(self.n)} values of n, {self.draws} draws"
        return f"<MeasuredCurve of {self.curve.target} at length {self.curve.length}, {what}>"


def measured(
    curve: LearningCurve, draws: int = 20, seed: int = 0, client: Any = None
) -> MeasuredCurve:
    """Regression with the curve's kernel, target, ridge and noise on ``draws`` training sets of the largest n.

    Args:
        curve: the prediction; its kernel must be a pipeline at numbers, its n whole.
        draws: numbers of training sets.
        seed: of NumPy's default generator.
        client: of a Dask cluster (extra ``cluster``), over whose workers the training sets are spread. They are drawn here, and matrix products have one thread each
            there as here, so that the numbers are the same to the last bit.

    Raises:
        InvalidType: the kernel is a user's function, which has no matrices; or ``client`` is none.
        InvalidArgument: an n is no whole number, or the ridge is lost beside the kernel's values in floating point.
        TooLarge: matrices of the largest n do not fit into memory.

    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).attention().mean_pool().spectrum(length=6, tokens=uniform(2))
    >>> curve = spec.learning_curve("x1*x2", n=[20, 200], ridge="1/10")
    >>> found = curve.measured(draws=10)
    >>> bool((abs(found.deviation) < 0.1).all())
    True
    """
    count, start = read_integer(draws, "draws", 1, 1 << 20), read_integer(seed, "seed", 0, 1 << 63)
    spectrum = curve.spectrum
    if not isinstance(spectrum.kernel, Kernel):
        rule = "must be a pipeline where training sets are drawn: its matrices are computed on them"
        raise InvalidType("kernel", rule, spectrum.kernel)
    sizes = [int(n) for n in curve.n]
    if any(size != n for size, n in zip(sizes, curve.n, strict=True)):
        wrong = next(float(n) for n in curve.n if n != int(n))
        raise InvalidArgument("n", "must be whole where training sets are drawn", f"one is {wrong}")
    most, length = max(sizes), curve.length
    every = sequence_count(spectrum)
    is_whole = every <= _TESTED
    tested = every if is_whole else _TESTED
    require_bytes(f"matrices of {most} samples", 8 * most * (3 * most + tested))
    value = target_on_rows(spectrum, curve.target)
    ridge, noise = read_real(curve.ridge, "ridge"), read_real(curve.noise, "noise")
    rng = np.random.default_rng(start)
    weights = np.full(tested, 1 / tested)
    fresh = wanted = parts = None
    if is_whole:
        weights = sequence_weights(spectrum.tokens, length)
        fresh = np.array(list(sequences_of(spectrum)))
        wanted = value(fresh)
        if wanted.shape[1] == 1:
            parts = _parts(curve, wanted[:, 0])
    is_alone = len(curve.parts) == 1 and curve.unlearnable <= 1e-9 * curve.total
    task = partial(
        _regression,
        spectrum.kernel,
        kernel_arguments(spectrum),
        sizes,
        ridge,
        noise,
        weights,
        parts,
        parts is None and is_alone,
    )

    def drawn() -> tuple[np.ndarray, ...]:
        words = drawn_sequences(spectrum.tokens, length, most, rng)
        clean = value(words)
        labels = clean + sqrt(noise) * rng.standard_normal(clean.shape)
        others = drawn_sequences(spectrum.tokens, length, tested, rng) if fresh is None else fresh
        return words, labels, others, value(others) if wanted is None else wanted

    with ThreadpoolController().limit(limits=1, user_api="blas"):
        if client is None:
            found = [task(*drawn()) for _ in shown(range(count), count, "training set")]
        else:
            pool = read_client(client)
            found = pool.gather([pool.submit(task, *drawn(), pure=False) for _ in range(count)])
    tests, trains, shares = zip(*found, strict=True)
    return MeasuredCurve(
        curve,
        start,
        np.array(tests),
        np.array(trains),
        np.array(shares) if shares[0] else None,
        is_whole,
        tested,
    )


def _regression(
    kernel: Kernel,
    given: dict[str, Any],
    sizes: list[int],
    ridge: float,
    noise: float,
    weights: np.ndarray,
    parts: np.ndarray | None,
    is_alone: bool,
    words: np.ndarray,
    labels: np.ndarray,
    others: np.ndarray,
    true: np.ndarray,
) -> tuple[list[float], list[float], list[np.ndarray]]:
    """Test errors, train errors and shares at each number of samples, of one training set."""
    # Left so on the workers, which do nothing else; here it is so already.
    threadpool_limits(limits=1, user_api="blas")
    regression = LeadingSamples(kernel.matrix(words, **given), labels, ridge)
    cross = kernel.matrix(others, words, **given)
    found = [regression.on(cross, n) for n in sizes]
    tests = [float(weights @ np.sum((p - true) ** 2, axis=1)) + noise for p, _ in found]
    chosen = true if is_alone else parts
    shares = [] if chosen is None else [_fitted(chosen, p[:, 0], weights) for p, _ in found]
    return tests, [error for _, error in found], shares


def _parts(curve: LearningCurve, values: np.ndarray) -> np.ndarray:
    """The parts of the target on all sequences, (sequences, parts)."""
    sectors = {(s.position_irrep, s.token_irrep): s for s in curve.spectrum.sectors}
    columns = [
        component(sectors[part.position_irrep, part.token_irrep], values, part.branch, numeric=True)
        for part in curve.parts
    ]
    return np.array(columns).reshape(len(columns), len(values)).T


def _fitted(parts: np.ndarray, predicted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The coefficients of the parts, which are orthogonal under the law, in a prediction."""
    energies = weights @ parts**2
    shares: np.ndarray = (weights * predicted) @ parts / energies
    return shares
