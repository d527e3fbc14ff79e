r"""Learning under one law, tested under another: the prediction, and what of it is exact.

Let phi_m be the eigenfunctions of the kernel under the law P of the training sequences, orthonormal under P, with eigenvalues lambda_m; f = sum_m v_m phi_m + f_out. Over
training sets of n sequences the coefficients c_m of the predictor have, by the eigenlearning equations,

    E c_m = Lrn_m v_m,      Cov(c_m, c_m') = [m = m'] Lrn_m^2 E_P/n,      Lrn_m = lambda_m/(lambda_m + kappa),

E_P the test error under P itself: the matrix of covariances that makes E_P = E_0 (bias + noise) true, and the usual one of Gaussian equivalence (features in the place of
Gaussian vectors with the same moments; what is outside the span acts as noise). Under any other law Q of the tested sequences, of this length or another, therefore

    E_Q = E_Q (f - sum_m Lrn_m v_m phi_m)^2 + (E_P/n) sum_m Lrn_m^2 E_Q phi_m^2 + noise.

The mixed moments E_Q phi_m phi_m' of both terms are exact sums over sequences, or over fresh ones where there are many; only kappa, E_P and the form of the covariance are
approximations. With Q = P the second term is (E_P/n) sum_m Lrn_m^2, and E_Q = E_P. Where Q is symmetric as P is, irreps do not mix (Schur): the first term is a sum over sectors, and
sum_{m in a sector} E_Q phi_m^2 depends on the counts of the letters alone, so that shuffling the windows of Q changes it never. Off the sequences that P has, eigenfunctions are what the kernel makes of them,

    phi_m(x) = E_{y ~ P} k(x, y) phi_m(y)/lambda_m,

also for an x of another length where the readout averages over positions. Where there are more sequences under P than a table holds, drawn ones stand for P
(`symkern.learning.sampled_law`), and outputs have standard errors: the prediction is *sampled*. (Canatar, Bordelon, Pehlevan, *Out-of-distribution generalization in kernel regression*, NeurIPS 2021, has the
formula for one length; here in operators: with K the kernel's operator under P, sum_m Lrn_m v_m phi_m = K (K + kappa)^(-1) f.) Floating point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.claims import Standing
from symkern.claims.by_content import ByContent
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, displayed
from symkern.exact.real_arguments import read_real
from symkern.kernels.pipeline import Kernel
from symkern.learning.drawn_labels import kernel_arguments, target_on_rows, values_on_rows
from symkern.learning.learning_curve import LearningCurve
from symkern.learning.sampled_law import GROUPS, sampled_law
from symkern.learning.target_values import sequence_count, sequence_weights, sequences_of
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.targets.formula_targets import FormulaTarget
from symkern.tokens import ALL_POSITIONS
from symkern.typeset.shown import Shown

Floats = npt.NDArray[np.float64]

#: Eigenvalues below this share of the largest are zero but for rounding.
_ROUNDED = 1e-12


@dataclass(frozen=True, eq=False)
@typed
class ShiftedCurve(ByContent, Shown):
    """Floating point: what regression under the curve's law gives on other sequences; `shifted_curve` makes it.

    Attributes:
        curve: the prediction under the law of the training sequences.
        sequences: the tested ones, (tests, length).
        weights: of each, summing to one.
        wanted: the target on them, (tests, outputs).
        outputs: the mean of the predictor over training sets, (n, tests, outputs).
        spread: sum_m Lrn_m^2 phi_m(x)^2, (n, tests).
        sampled: how many drawn sequences stand for the law of the training; 0 where all of its sequences were summed.
        drawn: whether the tested sequences are drawn, so that means over them have standard errors.
        left_out: ``outputs`` without each group of the sample, (groups, n, tests, outputs); empty where all were summed.
    """

    curve: LearningCurve
    sequences: np.ndarray
    weights: np.ndarray
    wanted: np.ndarray
    outputs: np.ndarray = field(repr=False)
    spread: np.ndarray = field(repr=False)
    sampled: int = 0
    drawn: bool = False
    left_out: np.ndarray = field(repr=False, default_factory=lambda: np.empty(0))

    @property
    def standing(self) -> Standing:
        """Floating where the law of the training is summed over; sampled where drawn sequences stand for it, or for that of the test."""
        return Standing.SAMPLED if self.sampled or self.drawn else Standing.FLOATING

    @property
    def n(self) -> Floats:
        """The numbers of samples."""
        return self.curve.n

    @property
    def bias(self) -> Floats:
        """E_Q (f - mean output)^2."""
        missed: Floats = np.sum((self.wanted - self.outputs) ** 2, axis=2) @ self.weights
        return missed

    @property
    def variance(self) -> Floats:
        """(E_P/n) sum_m Lrn_m^2 E_Q phi_m^2: the spread of outputs over training sets."""
        spread: Floats = self.curve.test_error / self.curve.n * (self.spread @ self.weights)
        return spread

    @property
    def test_error(self) -> Floats:
        """Mean squared error against fresh noisy labels under the law of the test, noise included."""
        found: Floats = self.bias + self.variance + read_real(self.curve.noise, "noise")
        return found

    @property
    def outputs_error(self) -> Floats:
        """Standard errors of ``outputs``, by the jackknife; 0 where all sequences were summed."""
        return _jackknife(self.left_out) if self.sampled else np.zeros_like(self.outputs)

    @property
    def standard_error(self) -> Floats:
        """Of ``test_error``: of the sequences that stand for the law of the training, and of the tested ones where these are drawn; 0 where all were summed."""
        found: Floats = np.zeros(len(self.n))
        if self.sampled:
            missed = np.sum((self.wanted - self.left_out) ** 2, axis=3) @ self.weights
            found = _jackknife(missed)
        if self.drawn:
            each = np.sum((self.wanted - self.outputs) ** 2, axis=2)
            each = each + (self.curve.test_error / self.curve.n)[:, None] * self.spread
            middle = (each @ self.weights)[:, None]
            found = np.hypot(found, np.sqrt((each - middle) ** 2 @ self.weights**2))
        return found

    def __repr__(self) -> str:
        count, length = self.sequences.shape
        return f"<ShiftedCurve of {self.curve.target}, {count} sequences of length {length}>"


def _jackknife(values: np.ndarray) -> Floats:
    """The standard error of a mean, from its values without each group."""
    groups = len(values)
    found: Floats = np.sqrt((groups - 1) / groups * ((values - values.mean(axis=0)) ** 2).sum(axis=0))  # fmt: skip
    return found


@typed
def shifted_curve(
    curve: LearningCurve,
    sequences: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    sampled: int = 0,
    drawn: bool = False,
    seed: int = 0,
) -> ShiftedCurve:
    """The test error and the mean outputs on given sequences, of regression under the curve's own law.

    Args:
        curve: a learning curve of a pipeline, at a length where all sequences can be listed (`symkern.limits`, ``eigenfunction_sequences``), or with ``sampled``.
        sequences: an array (tests, length) of letters; of another length where the kernel averages over positions and the target is a formula or a function.
        weights: of the sequences; equal unless given.
        sampled: how many drawn sequences stand for the law of the training; at 0 all of its sequences are summed.
        drawn: whether ``sequences`` were drawn, so that their means have standard errors.
        seed: of the sampled ones.

    Raises:
        NoClosedForm: there are too many sequences under the law of the training, or too many features of the kernel to be sampled.
        InvalidArgument: letters that the law does not have, weights that are negative or zero, or a kernel without values on sequences of two lengths.

    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).attention().mean_pool().spectrum(length=6, tokens=uniform(2))
    >>> curve = spec.learning_curve("x1*x2", n=[20, 200], ridge="1/10")
    >>> every = np.array(list(uniform(2).sequences(6)))
    >>> bool(np.allclose(shifted_curve(curve, every).test_error, curve.test_error))
    True
    >>> many_ones = shifted_curve(curve, every, 2.0 ** every.sum(axis=1))  # two ones for a zero
    >>> [round(float(e), 3) for e in many_ones.test_error / curve.test_error]
    [1.124, 0.83]
    """
    spectrum, kernel = curve.spectrum, pipeline_of(curve)
    if read_integer(sampled, "sampled"):
        return _sampled(curve, sequences, weights, sampled, drawn, read_integer(seed, "seed"))
    most, count = current().eigenfunction_sequences, sequence_count(spectrum)
    if count > most:
        raise NoClosedForm(
            f"length: eigenfunctions on other sequences are computed from a table of all sequences, at most {most:,}, and there are {displayed(count)}; sampled={1 << 15} draws some, and shorter sequences or fewer letters have all"
        )
    tests = read_tests(curve, sequences)
    shares = _read_weights(weights, len(tests))
    require_bytes("eigenfunctions on all sequences", 8 * count * (4 * count + 2 * len(tests)))
    every = np.array(list(sequences_of(spectrum)))
    under = sequence_weights(spectrum.tokens, curve.length)
    every, under = every[under > 0], under[under > 0]
    root = np.sqrt(under)
    given = kernel_arguments(spectrum)
    gram = kernel.matrix(every, **given)
    values, vectors = np.linalg.eigh(root[:, None] * gram * root)
    seen = values > _ROUNDED * max(values[-1], 0.0)
    values, vectors = values[seen], vectors[:, seen]
    overlaps = vectors.T @ (root[:, None] * target_on_rows(spectrum, curve.target)(every))
    scaled = (cross_matrix(curve, tests, every) * root) @ vectors
    kappa = curve.kappa[:, None]
    learned = 1 / (values + kappa)
    outputs = np.einsum("ti,ni,io->nto", scaled, learned, overlaps)
    spread = learned**2 @ (scaled**2).T
    wanted = target_on_tests(curve, tests)
    return ShiftedCurve(curve, tests, shares, wanted, outputs, spread, 0, drawn)


def _sampled(
    curve: LearningCurve,
    sequences: np.ndarray,
    weights: np.ndarray | None,
    count: int,
    drawn: bool,
    seed: int,
) -> ShiftedCurve:
    tests = read_tests(curve, sequences)
    shares, wanted = _read_weights(weights, len(tests)), target_on_tests(curve, tests)
    require_bytes("outputs without each group", 8 * GROUPS * len(curve.n) * wanted.size)
    law = sampled_law(curve, count, seed)
    features = cross_matrix(curve, tests, law.shown) @ law.whitening
    left = np.array([law.outputs(features, group) for group in range(GROUPS)])
    return ShiftedCurve(
        curve,
        tests,
        shares,
        wanted,
        law.outputs(features),
        law.spread(features),
        law.count,
        drawn,
        left,
    )


def pipeline_of(curve: LearningCurve) -> Kernel:
    """The curve's kernel where it is a pipeline, whose values are computed on sequences; an `InvalidType` where it is not."""
    kernel = curve.spectrum.kernel
    if not isinstance(kernel, Kernel):
        rule = (
            "must be a pipeline where another law is tested: its values are computed on sequences"
        )
        raise InvalidType("kernel", rule, kernel)
    return kernel


def read_tests(curve: LearningCurve, sequences: np.ndarray) -> np.ndarray:
    """Sequences to test on, as an array of letters that the law of the training has.

    Raises:
        InvalidArgument: they are no array of such letters, or have another length where neither kernel nor target know it.
    """
    spectrum = curve.spectrum
    tests, letters = np.asarray(sequences), int(spectrum.vocabulary)
    rule = "must be an array (tests, length) of letters"
    if tests.ndim != 2 or tests.dtype.kind not in "iu" or not tests.size:
        raise InvalidArgument(
            "sequences", rule, f"its shape is {tests.shape}, its type {tests.dtype}"
        )
    if tests.min() < 0 or tests.max() >= letters:
        wrong = tests.min() if tests.min() < 0 else tests.max()
        raise InvalidArgument("sequences", f"must hold letters 0..{letters - 1}", f"one is {wrong}")
    if tests.shape[1] == curve.length:
        return tests
    at = f"they have {tests.shape[1]}, those of the training {curve.length}"
    kernel = pipeline_of(curve)
    if kernel.group != ALL_POSITIONS or not kernel.pools:
        rule = "must have the length of the training unless the kernel averages over positions (mean_pool)"
        raise InvalidArgument("sequences", rule, at)
    if isinstance(curve.target, np.ndarray):
        rule = "must have the length of the training where the target is a table"
        raise InvalidArgument("sequences", rule, at)
    return tests


def _read_weights(weights: np.ndarray | None, count: int) -> np.ndarray:
    if weights is None:
        return np.full(count, 1 / count)
    found = np.asarray(weights, dtype=float)
    total = float(found.sum()) if found.shape == (count,) else 0.0
    if not (0 < total < float("inf")) or found.min() < 0:
        rule = f"must be {count} numbers that are not negative, one for each sequence"
        raise InvalidArgument("weights", rule, f"its shape is {found.shape}")
    return found / total


def target_on_tests(curve: LearningCurve, tests: np.ndarray) -> np.ndarray:
    """The curve's target on sequences of any length, (tests, outputs)."""
    spectrum, target = curve.spectrum, curve.target
    if tests.shape[1] == curve.length:
        return target_on_rows(spectrum, target)(tests)
    if isinstance(target, FormulaTarget):
        target.require(tests.shape[1], int(spectrum.vocabulary))
        target = target.values(int(spectrum.vocabulary))
    return values_on_rows(target)(tests)


def cross_matrix(curve: LearningCurve, tests: np.ndarray, others: np.ndarray) -> np.ndarray:
    """k(x, y) for tests x and sequences y of the training's length; the shorter are padded, and what is padding is neither pooled nor attended to."""
    return padded_matrix(pipeline_of(curve), kernel_arguments(curve.spectrum), tests, others)


def padded_matrix(
    kernel: Kernel, given: Mapping[str, Any], tests: np.ndarray, others: np.ndarray
) -> np.ndarray:
    """The same of a kernel at given hyperparameters."""
    ours, theirs = tests.shape[1], others.shape[1]
    if ours == theirs:
        same: np.ndarray = kernel.matrix(tests, others, **given)
        return same
    wide = max(ours, theirs)
    lengths = np.full(len(tests), ours), np.full(len(others), theirs)
    padded = [np.pad(e, ((0, 0), (0, wide - e.shape[1]))) for e in (tests, others)]
    found: np.ndarray = kernel.matrix(*padded, lengths=lengths, **given)
    return found
