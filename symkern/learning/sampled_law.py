r"""Drawn sequences in the place of a law: eigenfunctions of a kernel where there are too many sequences for a table of all.

With Phi(x) = k(x, Z) k(Z, Z)^(-1/2) for some drawn Z, k(x, y) = Phi(x) Phi(y) where the kernel has no more features than Z shows: a polynomial of the counts of matches has few. For a
sample Y of N sequences, S = E_Y Phi^T Phi and b = E_Y Phi^T f, so that

    sum_m Lrn_m v_m phi_m(x) = Phi(x) (S + kappa')^(-1) b,      sum_m Lrn_m^2 phi_m(x)^2 = Phi(x) (S + kappa')^(-1) S (S + kappa')^(-1) Phi(x)^T.

A sample sees a larger kappa than the law (Simon et al., TMLR 2023: N = sum_m lambda_m/(lambda_m + kappa) + N kappa'/kappa), hence kappa' = kappa (1 - sum_m Lrn_m/N). What is left is
chance, of order 1/sqrt(N): standard errors are those of leaving out one of some groups of Y at a time (jackknife). Floating point, *sampled*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact.real_arguments import read_real
from symkern.kernels.pipeline import Kernel
from symkern.learning.drawn_labels import kernel_arguments, target_on_rows
from symkern.learning.drawn_sequences import drawn_sequences
from symkern.learning.learning_curve import LearningCurve

#: Groups of the sample, of which one at a time is left out.
GROUPS = 16
#: How many sequences Z are tried, and the share of E k(x, x) that their features may miss.
_SHOWN, _MISSED = (128, 256, 512, 1024, 2048), 1e-6
#: Features with a smaller share of the largest are rounding.
_ROUNDED = 1e-12
#: Fresh sequences on which the features are tried.
_TRIED = 256


@dataclass(frozen=True, eq=False)
class SampledLaw:
    """A sample of the law of a curve, as moments of features.

    Attributes:
        curve: the prediction under the law.
        shown: Z.
        whitening: k(Z, Z)^(-1/2).
        seconds: Phi^T Phi over each group, summed.
        firsts: Phi^T f over each group, summed.
        count: how many sequences there are in all groups.
    """

    curve: LearningCurve
    shown: np.ndarray
    whitening: np.ndarray
    seconds: np.ndarray
    firsts: np.ndarray
    count: int

    def outputs(self, features: np.ndarray, left_out: int | None = None) -> np.ndarray:
        """The mean of the predictor over training sets, (n, tests, outputs); ``features`` are k(x, Z) ``whitening``, and a group may be left out."""
        second, first, count = self._moments(left_out)
        values, vectors = np.linalg.eigh(second)
        overlaps, values = vectors.T @ first, np.maximum(values, 0.0)[:, None]
        return np.array([features @ (vectors @ (overlaps / (values + kappa))) for kappa in self._kappa(count)])  # fmt: skip

    def spread(self, features: np.ndarray) -> np.ndarray:
        """sum_m Lrn_m^2 phi_m(x)^2, (n, tests)."""
        second, _, count = self._moments(None)
        values, vectors = np.linalg.eigh(second)
        values = np.maximum(values, 0.0)
        learned = values / (values + self._kappa(count)[:, None]) ** 2
        found: np.ndarray = learned @ ((features @ vectors) ** 2).T
        return found

    def _moments(self, left_out: int | None) -> tuple[np.ndarray, np.ndarray, int]:
        kept = [g for g in range(GROUPS) if g != left_out]
        count = self.count // GROUPS * len(kept)
        return self.seconds[kept].sum(axis=0) / count, self.firsts[kept].sum(axis=0) / count, count

    def _kappa(self, count: int) -> np.ndarray:
        curve = self.curve
        learned = curve.n - read_real(curve.ridge, "ridge") / curve.kappa
        found: np.ndarray = curve.kappa * (1 - learned / count)
        return found


def sampled_law(curve: LearningCurve, count: int, seed: int) -> SampledLaw:
    """``count`` sequences drawn from the law of the curve, a multiple of the groups.

    Raises:
        InvalidArgument: kappa is 0, or as many samples are learned from.
        NoClosedForm: the kernel has more features than are looked at.
    """
    spectrum, kernel = curve.spectrum, curve.spectrum.kernel
    assert isinstance(kernel, Kernel)
    if not (curve.kappa > 0).all() or 2 * curve.n.max() > count:
        rule = "must leave a positive kappa and be fewer than half of the sampled sequences"
        raise InvalidArgument("n", rule, f"kappa is {curve.kappa.min():g}, of {count} sequences")
    given, rng = kernel_arguments(spectrum), np.random.default_rng(seed)
    tried = drawn_sequences(spectrum.tokens, curve.length, _TRIED, rng)
    trace = float(np.mean(kernel.diagonal(tried, **given)))
    # What is missed is far below kappa, where it is not learned.
    most = min(_MISSED * trace, float(curve.kappa.min()) / 100)
    for size in _SHOWN:
        shown = np.unique(drawn_sequences(spectrum.tokens, curve.length, size, rng), axis=0)
        values, vectors = np.linalg.eigh(kernel.matrix(shown, **given))
        seen = values > _ROUNDED * values[-1]
        whitening = vectors[:, seen] / np.sqrt(values[seen])
        features = kernel.matrix(tried, shown, **given) @ whitening
        missed = trace - float(np.mean(np.sum(features**2, axis=1)))
        if missed <= most:
            break
    else:
        raise NoClosedForm(
            f"length: eigenfunctions on other sequences are sampled for kernels of at most {_SHOWN[-1]:,} features, which here miss {100 * missed / trace:.2g} % of the trace; "
            "kernels that are polynomials in the counts of matches have few, and shorter sequences a table of all"
        )
    rank, each = whitening.shape[1], -(-count // GROUPS)
    require_bytes("features of sampled sequences", 8 * each * (len(shown) + 2 * rank))
    value = target_on_rows(spectrum, curve.target)
    seconds, firsts = [], []
    for _ in range(GROUPS):
        words = drawn_sequences(spectrum.tokens, curve.length, each, rng)
        features = kernel.matrix(words, shown, **given) @ whitening
        seconds.append(features.T @ features)
        firsts.append(features.T @ value(words))
    return SampledLaw(curve, shown, whitening, np.array(seconds), np.array(firsts), each * GROUPS)
