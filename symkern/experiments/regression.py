r"""Kernel regression as an experiment: what a Gaussian process learns from drawn sequences, beside what is predicted, in distribution and under shift.

Training sets are drawn from a law at one length; the predictor k(x, X) (k(X, X) + ridge)^(-1) y is computed as it stands and tested on the same law, and on another law or
another length. Predicted are the test errors (eigenlearning equations), and the mean output on every tested sequence (`symkern.learning.shifted_curve`, which says what is
exact). k may be the kernel of the Gaussian process (NNGP) or the tangent kernel, ``kernel.ntk()``, of a network that is trained until it stops. Floating point.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.data.sampling import samples
from symkern.errors import NoClosedForm
from symkern.experiments.drawn_regressions import RegressionTest, drawn_tests
from symkern.experiments.experiment import Experiment
from symkern.experiments.protocols import Protocol
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import read_kernel
from symkern.learning.learning_curve import LearningCurve, learning_curve
from symkern.learning.measured_curve import MeasuredCurve, measured
from symkern.learning.shifted_curve import ShiftedCurve, shifted_curve
from symkern.learning.target_values import sequence_count
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.clusters import read_client
from symkern.reading.integers import read_integer
from symkern.spectra.deriving import derived
from symkern.targets.formula_targets import FormulaTarget
from symkern.tokens import HiddenMarkov, Law, read_law, require_law

Floats = npt.NDArray[np.float64]

#: Sequences of a test, all of them or fresh ones.
_TESTED = 4096
#: Sequences that stand for the law of the training where all of them are too many; more where many are learned from.
_STANDING, _PER_SAMPLE = 1 << 15, 8
#: Errors below this share of the target are rounding.
_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
@typed
class RegressionExperiment(Experiment):
    """Regression on drawn training sets beside its prediction; `regression` makes it.

    Attributes:
        measured: the learning curve in distribution, with its shares by irrep.
        tests: in distribution first, and under shift; with outputs. Where sequences are too many to be listed, drawn ones are tested, and others stand for
            the law of the training, so that predictions are sampled; none in distribution where the kernel has too many features for that.
        test_law: of the tested sequences, None where it is that of the training.
        test_length: of the tested sequences, None where it is that of the training.
    """

    name: ClassVar[str] = "regression"

    measured: MeasuredCurve
    tests: tuple[RegressionTest, ...]
    test_law: Law | HiddenMarkov | None = None
    test_length: int | None = None

    @property
    def curve(self) -> LearningCurve:
        """The prediction in distribution."""
        return self.measured.curve

    @property
    def shift(self) -> str | None:
        """What is tested beside the law of the training, in words; None where nothing is."""
        law = [] if self.test_law is None else [repr(self.test_law)]
        far = [] if self.test_length is None else [f"length {self.test_length}"]
        return " at ".join(law + far) or None

    @property
    def settings(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What `regression_by_text` takes, and makes the same numbers of."""
        curve = self.curve
        return {
            "kernel": str(curve.spectrum.kernel),
            "target": str(curve.target) if isinstance(curve.target, FormulaTarget) else "a table or a function",
            "tokens": repr(curve.spectrum.tokens),
            "length": curve.length,
            "n": tuple(int(e) for e in curve.n),
            "ridge": str(curve.ridge),
            "noise": str(curve.noise),
            "draws": self.measured.draws,
            "test_tokens": "" if self.test_law is None else repr(self.test_law),
            "test_length": self.test_length or 0,
            "seed": self.measured.seed,
        }  # fmt: skip

    @property
    def columns(self) -> dict[str, list[Any]]:
        """Equally long lists: a row for each test and each n."""
        names = (
            "test",
            "n",
            "predicted",
            "measured",
            "standard_error",
            "predicted_error",
            "outputs_apart",
            "outputs_chance",
        )
        rows: list[tuple[Any, ...]] = []
        n = [int(e) for e in self.curve.n]
        if not self.tests:
            nothing = [None] * len(n)
            rows += zip(["in distribution"] * len(n), n, self.curve.test_error.tolist(), self.measured.test_error.tolist(), self.measured.standard_error.tolist(), [0.0] * len(n), nothing, nothing, strict=True)  # fmt: skip
        for one in self.tests:
            found = (
                one.prediction.test_error,
                one.test_error,
                one.standard_error,
                one.prediction.standard_error,
                one.apart,
                one.chance,
            )
            rows += zip([one.name] * len(n), n, *(e.tolist() for e in found), strict=True)
        return {
            name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)
        }

    @property
    def verdict(self) -> str:
        """How far predictions and measurements lie apart, in one line."""
        found = (
            [agreement("in distribution", self.curve.n, self.curve.test_error, self.measured)]
            if not self.tests
            else []
        )
        for one in self.tests:
            where = one.name if one.name == "in distribution" else f"under shift to {self.shift}"
            said = agreement(where, self.curve.n, one.prediction.test_error, one)
            outputs = f"mean outputs at most {one.apart.max():.2g} apart, of which chance is {one.chance[one.apart.argmax()]:.2g}"
            said = f"{said}, {outputs}" if np.isfinite(one.chance).all() else said
            found.append(said + _of_what(one.prediction))
        return "; ".join(found)

    def __repr__(self) -> str:
        beside = "" if self.shift is None else f", tested under {self.shift}"
        return f"<RegressionExperiment of {self.curve.target} at length {self.curve.length}, {self.measured.draws} draws{beside}>"


def agreement(
    where: str, n: Floats, predicted: Floats, found: MeasuredCurve | RegressionTest
) -> str:
    """How far test errors lie apart at most, in words."""
    off = np.abs(found.test_error - predicted)
    share = np.divide(off, predicted, out=np.zeros_like(off), where=predicted > _NOTHING)
    place = int(share.argmax())
    text = f"{where}: test errors at most {100 * share[place]:.2g} % apart at n = {n[place]:g}"
    if np.isfinite(found.standard_error).all() and found.standard_error[place] > 0:
        text += f" ({off[place] / found.standard_error[place]:.1f} standard errors)"
    return text


@typed
def regression(
    kernel: Kernel,
    target: Any,
    law: Any,
    *,
    length: int,
    n: Any,
    ridge: object = "1/10",
    noise: object = 0,
    draws: int = 20,
    seed: int = 0,
    test_law: Law | HiddenMarkov | None = None,
    test_length: int | None = None,
    client: Any = None,
    **parameters: object,
) -> RegressionExperiment:
    """Regression on ``draws`` training sets of the largest n and their leading sequences, beside its prediction.

    Args:
        kernel: a pipeline; ``kernel.ntk()`` for the tangent kernel.
        target: a formula, a function of a sequence, or the list of its values.
        law: of the training sequences, one that no permutation of the positions changes.
        length: of the training sequences.
        n: numbers of samples.
        ridge: of the regression.
        noise: the variance of the labels' noise.
        draws: numbers of training sets.
        seed: of NumPy's default generator.
        test_law: another law of the tested sequences, a chain with memory among them; ``law`` unless given.
        test_length: another length of the tested sequences, for kernels that average over positions.
        client: of a Dask cluster (extra ``cluster``), over whose workers the training sets are spread. They are drawn here, and matrix products have one thread each
            there as here, so that the numbers are the same to the last bit.
        **parameters: the kernel's hyperparameters by name; 1 where nothing is said.

    Raises:
        InvalidType: ``client`` is none.
        InvalidArgument: a number that is out of range, or a letter of the tested law that the other does not have.
        NoClosedForm: under shift, more sequences of the training's length than can be listed, and more features of the kernel than can be sampled.

    >>> from symkern.kernels import markov, read_kernel, uniform
    >>> chain = markov([["3/4", "1/4"], ["1/4", "3/4"]])
    >>> found = regression(read_kernel("linear-attention"), "x1", uniform(2), length=6, n=[30, 120], draws=10, test_law=chain)
    >>> [one.name for one in found.tests], bool((found.tests[1].apart < 4 * found.tests[1].chance + 0.01).all())
    (['in distribution', 'under shift'], True)
    """
    pool = None if client is None else read_client(client)
    size = read_integer(length, "length", 1, current().listed_positions)
    known = require_law(law, "law")
    spec = derived(kernel, size, known, _with_ones(kernel, parameters))
    curve: LearningCurve = learning_curve(spec, target, n=n, ridge=ridge, noise=noise)
    other = known if test_law is None else test_law
    far = size if test_length is None else read_integer(test_length, "test_length", 1, current().listed_positions)  # fmt: skip
    if not isinstance(other, HiddenMarkov):
        require_law(other, "test_law").require_length(far)
    shifted = test_law is not None or test_length is not None
    whole = sequence_count(spec) <= current().eigenfunction_sequences
    sampled = 0 if whole else max(_STANDING, _PER_SAMPLE * int(curve.n.max()))
    found = measured(curve, draws, seed, pool)
    chosen: list[tuple[str, ShiftedCurve]] = []
    with suppress(NoClosedForm):
        chosen.append(("in distribution", _tested(curve, known, size, seed, sampled)))
    if shifted:
        chosen.append(("under shift", _tested(curve, other, far, seed, sampled)))
    tests = drawn_tests(curve, chosen, draws, seed, pool) if chosen else ()
    return RegressionExperiment(found, tests, test_law, None if test_length is None else far)


def regression_by_text(
    *,
    kernel: str = "linear-attention",
    target: str = "x1*x2",
    tokens: str = "1/2,1/2",
    length: int = 8,
    n: tuple[int, ...] = (10, 20, 50, 100, 200, 500),
    ridge: str = "1/10",
    noise: str = "0",
    draws: int = 20,
    test_tokens: str = "markov([['3/4', '1/4'], ['1/4', '3/4']])",
    test_length: int = 0,
    seed: int = 0,
) -> RegressionExperiment:
    """`regression` where kernel and laws are given as texts; no ``test_tokens`` and 0 as ``test_length`` leave the test as the training.

    >>> found = regression_by_text(length=4, n=(20,), draws=2)
    >>> regression_by_text(**found.settings) == found
    True
    """
    return regression(
        read_kernel(kernel),
        target,
        require_law(read_law(tokens, argument="tokens"), "tokens"),
        length=length,
        n=n,
        ridge=ridge,
        noise=noise,
        draws=draws,
        seed=seed,
        test_law=read_law(test_tokens, argument="test_tokens") if test_tokens.strip() else None,
        test_length=test_length or None,
    )


def _with_ones(kernel: Kernel, parameters: Mapping[str, object]) -> dict[str, object]:
    ones = {p.name: 1 for p in kernel.parameters if p not in (CONTEXT_LENGTH, VOCABULARY)}
    return {**ones, **parameters}


def _of_what(one: ShiftedCurve) -> str:
    """What is sampled, where something is."""
    told = [f"{len(one.sequences):,} drawn sequences"] if one.drawn else []
    told += [f"a prediction sampled on {one.sampled:,}"] if one.sampled else []
    error = one.standard_error / one.test_error
    return f" ({', '.join(told)}: standard error up to {100 * error.max():.1g} %)" if told else ""


def _tested(
    curve: LearningCurve, law: Law | HiddenMarkov, length: int, seed: int, sampled: int
) -> ShiftedCurve:
    """All sequences with their probabilities, or fresh ones; by ``sampled`` ones of the training's law where these are not 0."""
    letters = law.vocabulary if isinstance(law, HiddenMarkov) else law.given_vocabulary(length)
    if letters**length <= _TESTED and (isinstance(law, HiddenMarkov) or law.letters_repeat):
        every = np.indices((letters,) * length).reshape(length, -1).T
        return shifted_curve(curve, every, chances(law, every), sampled=sampled, seed=seed + 2)
    fresh = samples(law, length, _TESTED, seed + 1)
    return shifted_curve(curve, fresh, sampled=sampled, drawn=True, seed=seed + 2)


@typed
def chances(law: Law | HiddenMarkov, rows: np.ndarray) -> Floats:
    """The probability of each row of letters, in floating point.

    >>> from symkern.kernels import markov
    >>> chances(markov([["3/4", "1/4"], ["1/4", "3/4"]]), np.array([[0, 0, 1], [1, 1, 1]])).tolist()
    [0.09375, 0.28125]
    """
    if isinstance(law, HiddenMarkov):
        law.require_numbers("where sequences are weighed")
        start, moves, seen = (np.array(e, dtype=float) for e in law.numbers)
        states = start * seen[:, rows[:, 0]].T
        for a in range(1, rows.shape[1]):
            states = states @ moves * seen[:, rows[:, a]].T
        found: Floats = states.sum(axis=1)
        return found
    letters = law.given_vocabulary(rows.shape[1])
    counts = np.stack([np.sum(rows == t, axis=1) for t in range(letters)], axis=1)
    types, places = np.unique(counts, axis=0, return_inverse=True)
    each = np.array([float(law.sequence_probability(c)) for c in types.tolist()])
    return each[places.reshape(-1)]


#: As ``symkern experiment`` runs it.
REGRESSION = Protocol(
    "regression",
    "Kernel regression, in distribution and under shift.",
    regression_by_text,
    fast={"length": 5, "n": (50, 200), "draws": 8},
)
