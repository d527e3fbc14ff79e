"""Real text as an experiment: how symmetric its windows are, and what a kernel learns on them, shuffled and as they are.

Training on windows that are shuffled is training under the symmetrised empirical law of the text, an exchangeable law under which the spectrum is exact. What is learned there is
tested under that law, and on the windows of the text as they are, which have memory; both are predicted (`symkern.learning.shifted_curve`). Floating point.

The equations take what the kernel cannot learn for noise that is independent of its features. On the skew law of a text it is larger where features are, which adds
about (1/n) sum_x P(x) r(x)^2 sum_m Lrn_m^2 phi_m(x)^2 and not (1/n) E r^2 sum_m Lrn_m^2, r what is missed: one or two percent of the error at the default settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from symkern.data.symmetry_report import (
    SymmetryReport,
    read_window_lengths,
    symmetry_report,
)
from symkern.data.text_windows import law, windows
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact.real_arguments import read_real
from symkern.experiments.drawn_regressions import RegressionTest, drawn_tests
from symkern.experiments.experiment import Experiment
from symkern.experiments.protocols import Protocol
from symkern.experiments.regression import agreement, chances
from symkern.kernels.presets import read_kernel
from symkern.learning.learning_curve import (
    LearningCurve,
    learning_curve,
    read_sample_numbers,
)
from symkern.learning.shifted_curve import shifted_curve
from symkern.learning.target_values import read_target
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.spectra.deriving import derived

#: Shares of the correlations, and what they are of windows whose order does not matter.
_SHARES = (("exchangeable", "exch/off", 1.0), ("decay", "decay/off", 0.0), ("arrow", "arrow/off", 0.0))  # fmt: skip


@dataclass(frozen=True, eq=False)
@typed
class TextExperiment(Experiment):
    """The symmetry of a text, and a kernel's regression on its windows beside the prediction; `text` makes it.

    Attributes:
        report: the degree of permutation symmetry at some lengths.
        tests: on shuffled windows, under the law of the training, and on the windows as they are.
        given: the settings.
    """

    name: ClassVar[str] = "text"

    report: SymmetryReport
    tests: tuple[RegressionTest, ...]
    given: Mapping[str, Any]

    @property
    def curve(self) -> LearningCurve:
        """The prediction for shuffled windows, with its parts by irrep."""
        return self.tests[0].prediction.curve

    @property
    def settings(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What ran it."""
        return self.given

    @property
    def columns(self) -> dict[str, list[Any]]:
        """A row for each share of the correlations at each length, predicted as if the order did not matter; then one for each test at each n."""
        rows: list[tuple[Any, ...]] = []
        for length in self.report.lengths:
            for share, name, exchangeable in _SHARES:
                found = getattr(self.report.at(length), share)
                if found is not None:
                    rows.append((name, length, exchangeable, found.value, found.error))
        for one in self.tests:
            n = [int(e) for e in one.prediction.n]
            found = (one.prediction.test_error, one.test_error, one.standard_error)
            rows += zip([one.name] * len(n), n, *(e.tolist() for e in found), strict=True)
        names = ("measure", "place", "predicted", "measured", "standard_error")
        return {name: [row[k] for row in rows] for k, name in enumerate(names)}

    @property
    def verdict(self) -> str:
        """How symmetric the text is, and how far predictions and measurements lie apart."""
        length = max(self.report.lengths)
        found = self.report.at(length).exchangeable
        told = "no correlations stand out of their noise"
        if found is not None:
            told = f"shuffling leaves {found.value:.2g} of the correlations (95 %: {found.low:.2g} to {found.high:.2g})"
        said = [f"{self.report.letters:,} letters, windows of {length}: {told}"]
        said += [agreement(one.name, one.prediction.n, one.prediction.test_error, one) for one in self.tests]  # fmt: skip
        return "; ".join(said)


def text(
    *,
    source: str = "",
    lengths: Sequence[int] = (8, 32),
    shuffles: int = 10,
    kernel: str = "linear-attention",
    target: str = "[x1=x2]",
    length: int = 6,
    vocabulary: int = 3,
    n: Sequence[int] = (30, 100, 300),
    ridge: str = "1/10",
    noise: str = "0",
    draws: int = 12,
    seed: int = 0,
) -> TextExperiment:
    """The degree of permutation symmetry of a text, and a kernel's regression on its windows beside the prediction.

    Args:
        source: the place of a text; the reference that Python's own `help` prints where it is empty.
        lengths: of the windows whose symmetry is measured, in letters of the alphabet.
        shuffles: how often nulls of the symmetry report shuffle.
        kernel: a preset or a pipeline; hyperparameters that it leaves open are 1.
        target: a formula.
        length: of the windows that are learned from.
        vocabulary: of these, the most frequent letters and one for all others.
        n: numbers of samples.
        ridge: of the regression.
        noise: the variance of the labels' noise.
        draws: numbers of training sets.
        seed: of all that is drawn.

    Raises:
        InvalidArgument: a file that cannot be read, sizes out of range, windows longer than a fold of the text.
        NoClosedForm: more sequences of the windows' length than can be listed.

    >>> found = text(lengths=(8,), shuffles=0, length=4, n=(20,), draws=2)
    >>> [one.name for one in found.tests], found.report.letters > 100_000
    (['shuffled windows', 'windows as they are'], True)
    """
    # All of it is read before anything is counted.
    sizes, samples = read_window_lengths(lengths), read_sample_numbers(n)
    tries, many, start = read_integer(shuffles, "shuffles", 0, current().listed_positions), read_integer(draws, "draws", 1, 1 << 20), read_integer(seed, "seed")  # fmt: skip
    read_integer(length, "length", 1, current().listed_positions)
    read_integer(vocabulary, "vocabulary", 2)
    read_real(ridge, "ridge", minimum=0)
    read_real(noise, "noise", minimum=0)
    read_target(target)
    chosen = read_kernel(kernel)
    if not isinstance(source, str):
        raise InvalidType("source", "must be the place of a text, as text", source)
    read = source if source.strip() else _topics()
    short = windows(read, length, vocabulary=vocabulary)
    ones = {p.name: 1 for p in chosen.parameters if p.name not in ("L", "v")}
    spec = derived(chosen, length, law(short), ones)
    curve: LearningCurve = learning_curve(spec, target, n=samples, ridge=ridge, noise=noise)
    every = np.array(list(spec.tokens.sequences(length)))
    rows, counts = np.unique(short.array, axis=0, return_counts=True)
    chosen_tests = [
        ("shuffled windows", shifted_curve(curve, every, chances(spec.tokens, every))),
        ("windows as they are", shifted_curve(curve, rows, counts.astype(float))),
    ]
    tests = drawn_tests(curve, chosen_tests, many, start)
    report = symmetry_report(read, sizes, shuffles=tries, seed=start)
    given = {
        "source": source, "lengths": sizes, "shuffles": tries, "kernel": kernel, "target": target, "length": length,
        "vocabulary": vocabulary, "n": tuple(int(e) for e in samples), "ridge": ridge, "noise": noise, "draws": many, "seed": start,
    }  # fmt: skip
    return TextExperiment(report, tests, given)


def _topics() -> bytes:
    """The pages of Python's reference in the order of their names."""
    try:
        from pydoc_data.topics import topics
    except ImportError:
        rule = "must be the place of a text where Python comes without its reference"
        raise InvalidArgument("source", rule, "it is empty") from None
    return "\n".join(page for _, page in sorted(topics.items())).encode()


#: As ``symkern experiment`` runs it.
TEXT = Protocol(
    "text",
    "The symmetry of a text, and what a kernel learns on it.",
    text,
    fast={"lengths": (8,), "shuffles": 0, "length": 4, "n": (30, 100), "draws": 8},
)
