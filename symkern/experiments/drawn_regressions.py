r"""Regressions on drawn training sets, each tested on given sequences: their errors and their mean outputs, beside what is predicted. Floating point.

The training sets are drawn in one place and in one order; what is computed of each may be computed elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController, threadpool_limits

from symkern.claims.by_content import ByContent
from symkern.combinatorics.memory import require_bytes
from symkern.errors import displayed
from symkern.exact.real_arguments import read_real
from symkern.kernels.pipeline import Kernel
from symkern.learning.drawn_labels import kernel_arguments, target_on_rows
from symkern.learning.drawn_sequences import drawn_sequences
from symkern.learning.leading_samples import LeadingSamples
from symkern.learning.learning_curve import LearningCurve
from symkern.learning.over_draws import error_over_draws, mean_over_draws
from symkern.learning.shifted_curve import ShiftedCurve, padded_matrix, pipeline_of
from symkern.progress import shown
from symkern.reading.annotated import typed
from symkern.typeset.shown import Shown

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
@typed
class RegressionTest(ByContent, Shown):
    """One test of a regression: ``name`` says of what.

    Attributes:
        name: "in distribution" or "under shift".
        prediction: test errors and mean outputs.
        errors: measured, (draws, n).
        mean_outputs: over the training sets, (n, tests, outputs).
        outputs_error: their standard errors.
    """

    name: str
    prediction: ShiftedCurve
    errors: np.ndarray
    mean_outputs: np.ndarray = field(repr=False)
    outputs_error: np.ndarray = field(repr=False)

    @property
    def test_error(self) -> Floats:
        """Mean over training sets."""
        return mean_over_draws(self.errors)

    @property
    def standard_error(self) -> Floats:
        """Of that mean."""
        return error_over_draws(self.errors)

    @property
    def apart(self) -> Floats:
        """Root mean square of predicted less measured mean outputs over the tests, at each n."""
        return self._root((self.mean_outputs - self.prediction.outputs) ** 2)

    @property
    def chance(self) -> Floats:
        """The same of the standard errors of the measured ones, and of the predicted ones where these are sampled: what chance alone sets apart."""
        return self._root(self.outputs_error**2 + self.prediction.outputs_error**2)

    def _root(self, squares: np.ndarray) -> Floats:
        found: Floats = np.sqrt(squares.sum(axis=2) @ self.prediction.weights)
        return found


def drawn_tests(
    curve: LearningCurve,
    chosen: list[tuple[str, ShiftedCurve]],
    draws: int,
    seed: int,
    client: Any = None,
) -> tuple[RegressionTest, ...]:
    """Training sets are drawn, and every test is made with each; on the workers of a Dask cluster where there is a ``client``, with the same numbers."""
    spec, sizes = curve.spectrum, [int(n) for n in curve.n]
    # The kernel on the samples, its factor, and the kernel between them and what is tested.
    require_bytes(f"matrices of {displayed(max(sizes))} samples", 8 * max(sizes) * (3 * max(sizes) + sum(len(one.sequences) for _, one in chosen)))  # fmt: skip
    ridge, noise = read_real(curve.ridge, "ridge"), read_real(curve.noise, "noise")
    value, rng = target_on_rows(spec, curve.target), np.random.default_rng(seed)
    errors: list[list[list[float]]] = [[] for _ in chosen]
    sums = [np.zeros((2, *one.outputs.shape)) for _, one in chosen]
    task = partial(
        _outputs,
        pipeline_of(curve),
        kernel_arguments(spec),
        sizes,
        ridge,
        [one.sequences for _, one in chosen],
    )

    def drawn() -> tuple[np.ndarray, np.ndarray]:
        words = drawn_sequences(spec.tokens, curve.length, max(sizes), rng)
        clean = value(words)
        return words, clean + sqrt(noise) * rng.standard_normal(clean.shape)

    def found() -> Iterator[list[np.ndarray]]:
        if client is None:
            yield from (task(*drawn()) for _ in shown(range(draws), draws, "training set"))
            return
        waiting = [client.submit(task, *drawn(), pure=False) for _ in range(draws)][::-1]
        while waiting:  # in their order, and each is let go
            yield client.gather([waiting.pop()])[0]

    with ThreadpoolController().limit(limits=1, user_api="blas"):
        for every in found():
            for (_, one), rows, total, outputs in zip(chosen, errors, sums, every, strict=True):
                missed = np.sum((outputs - one.wanted) ** 2, axis=2)
                rows.append((missed @ one.weights + noise).tolist())
                # Less the prediction, so that squares of what is nearly constant lose no digits.
                total[0] += outputs - one.outputs
                total[1] += (outputs - one.outputs) ** 2
    tests = []
    for (name, one), rows, (first, second) in zip(chosen, errors, sums, strict=True):
        mean = first / draws
        spread = np.maximum(second / draws - mean**2, 0)
        error = np.sqrt(spread / (draws - 1)) if draws > 1 else np.full_like(mean, np.inf)
        tests.append(RegressionTest(name, one, np.array(rows), one.outputs + mean, error))
    return tuple(tests)


def _outputs(
    kernel: Kernel,
    given: Mapping[str, Any],
    sizes: list[int],
    ridge: float,
    tests: list[np.ndarray],
    words: np.ndarray,
    labels: np.ndarray,
) -> list[np.ndarray]:
    """What one training set predicts: for each of several tests, (n, tests, outputs)."""
    # Left so on the workers, which do nothing else; where draws are made it is so already.
    threadpool_limits(limits=1, user_api="blas")
    fit = LeadingSamples(kernel.matrix(words, **given), labels, ridge)
    crossed = [padded_matrix(kernel, given, sequences, words) for sequences in tests]
    return [np.array([fit.on(cross, size)[0] for size in sizes]) for cross in crossed]
