r"""Learning curves: test and train error of kernel regression on a target, against the number of samples.

By the eigenlearning equations (MATH: `symkern.bounds.eigenlearning`), with v_i^2 the target's energy on eigenvalue i, learnability
Lrn_i = lambda_i/(lambda_i + kappa) and E_0 = n/(n - sum m_i Lrn_i^2),

    test error  = E_0 (sum_i (1 - Lrn_i)^2 v_i^2 + unlearnable + noise),
    train error = (ridge/(n kappa))^2 test error.

The test error is measured against fresh noisy labels: it *includes* the noise and tends to unlearnable + noise. `LearningCurve.bias` is
the part without the factor E_0 and without noise. What the kernel does not span is never learned; it is a result, `LearningCurve.unlearnable`, and its
parts are named. Simon, Dickens, Karkada, DeWeese, *The Eigenlearning Framework*, TMLR 2023.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.bounds.eigenlearning import Eigenlearning, eigenlearning
from symkern.claims import Claim
from symkern.claims.by_content import ByContent
from symkern.doors import LearningCurveDoors, TailDoors
from symkern.errors import InvalidArgument, displayed
from symkern.exact.real_arguments import read_real, read_real_row
from symkern.learning.target_energies import (
    TargetEnergies,
    TargetPart,
    label_sizes,
    target_energies,
)
from symkern.learning.target_values import read_target
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_list
from symkern.spectra.evaluating import evaluated, symbols_left
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import Size
from symkern.typeset.labels import irreps_text
from symkern.typeset.shown import Written, displays

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
@typed
class CurvePart:
    """One line of a learning curve's story: a part of the target, its share of the energy, and the samples that learn half of it."""

    part: TargetPart
    share: float
    half_learned: float
    sizes: tuple[Any, Any] = field(default=("L", "v"), compare=False, repr=False)

    @property
    def name(self) -> str:
        """The irreps as the tables print them, (L-1,1) x (1,1) of two letters."""
        return irreps_text(self.part.position_irrep, self.part.token_irrep, self.sizes)


@dataclass(frozen=True)
@typed
class Tail(TailDoors, Written):
    """Test error ~ limit + coefficient n^exponent as n grows; coefficient 0 where the error is the limit from some n on."""

    limit: float
    exponent: int
    coefficient: float
    claim: Claim | None = field(default=None, compare=False, repr=False)

    @displays
    def latex(self) -> str:
        """As LaTeX mathematics."""
        pieces = [_six_digits(self.limit)] if self.limit or not self.coefficient else []
        if self.coefficient:
            pieces.append(rf"{_six_digits(self.coefficient)}\, n^{{{self.exponent}}}")
        return r"\text{test error} \sim " + " + ".join(pieces)


def _six_digits(value: float) -> str:
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    return mantissa if not exponent else rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


@dataclass(frozen=True, eq=False)
@typed
class LearningCurve(LearningCurveDoors, ByContent):
    """Floating point: errors at each of ``n``; ask `Spectrum.learning_curve` for one.

    ``parts`` lists the target's parts by eigenvalue (sector, branch, eigenvalue, multiplicity, energy), energy zero left out; axes of
    ``learnabilities`` are (n, parts). All arrays are read-only.

    Attributes:
        spectrum: numeric, as the curve is computed from it.
        target: the target as it was read.
        n: the numbers of samples, an array.
        ridge: at least 0.
        noise: the variance of the labels' noise.
        found: the target's energies.
    """

    spectrum: Spectrum
    target: Any
    n: Floats
    ridge: Any
    noise: Any
    found: TargetEnergies = field(repr=False)

    @cached_property
    def _modes(self) -> Eigenlearning:
        # What lies outside the span is one more mode, of eigenvalue zero.
        eigenvalues = [positive_eigenvalue(part.eigenvalue) for part in self.found.parts]
        counts = [part.dimension for part in self.found.parts]
        modes: Eigenlearning = eigenlearning(
            [*eigenvalues, 0], [*counts, 1], n=self.n, ridge=self.ridge
        )
        return modes

    @cached_property
    def _energies(self) -> Floats:
        return np.append(self.found.energies, self.unlearnable)

    @cached_property
    def _kept(self) -> list[int]:
        return [i for i, part in enumerate(self.found.parts) if part.energy > 0]

    @property
    def length(self) -> int:
        """The context length."""
        return int(self.spectrum.length)

    @property
    def parts(self) -> tuple[TargetPart, ...]:
        """The target's parts, the largest eigenvalue first."""
        kept = [self.found.parts[i] for i in self._kept]
        return tuple(sorted(kept, key=lambda p: -float(p.eigenvalue)))

    @property
    def energies(self) -> Floats:
        """The energy of each part."""
        return _fixed(np.array([part.energy for part in self.parts]))

    @property
    def unlearnable(self) -> float:
        """Energy outside the kernel's span: learnability 0 at any n."""
        return self.found.unlearnable

    @property
    def outside(self) -> tuple[Any, ...]:
        """What `unlearnable` consists of: irreps, degree and energy."""
        return self.found.outside

    @property
    def total(self) -> float:
        """E f^2."""
        return self.found.total

    @property
    def kappa(self) -> Floats:
        """The eigenvalue that is half learned, at each n."""
        kappa: Floats = self._modes.kappa
        return kappa

    @property
    def overfitting(self) -> Floats:
        """E_0 at each n."""
        overfitting: Floats = self._modes.overfitting
        return overfitting

    @cached_property
    def learnabilities(self) -> Floats:
        """Lrn of each part at each n, shape (n, parts)."""
        order = sorted(self._kept, key=lambda i: -float(self.found.parts[i].eigenvalue))
        return _fixed(self._modes.learnabilities[..., order])

    @cached_property
    def test_error(self) -> Floats:
        """Mean squared error against fresh noisy labels, noise included."""
        return _fixed(self._modes.test_error(self._energies, self.noise))

    @cached_property
    def train_error(self) -> Floats:
        """Mean squared error on the training labels."""
        return _fixed(self._modes.train_error(self._energies, self.noise))

    @cached_property
    def bias(self) -> Floats:
        """sum_i (1 - Lrn_i)^2 v_i^2 + unlearnable: what is not yet learned, without the price of overfitting and without noise."""
        missed = (1 - self.learnabilities) ** 2 @ self.energies
        return _fixed(missed + self.unlearnable)

    @property
    def limit(self) -> float:
        """Test error as n grows without end: unlearnable + noise."""
        return self.unlearnable + read_real(self.noise, "noise")

    @property
    def tail(self) -> Tail:
        """The end of the curve: kappa ~ ridge/n and E_0 ~ 1 + rank/n give

            limit + (unlearnable + noise) rank/n,      or      ridge^2 sum_i v_i^2/lambda_i^2 / n^2

        where nothing is unlearnable and labels have no noise.
        """
        rank = sum(p.dimension for p in self.found.parts if positive_eigenvalue(p.eigenvalue) != 0)
        if self.limit > 0:
            return Tail(
                self.limit, -1, self.limit * rank, Claim("end of a learning curve", (self,))
            )
        with np.errstate(all="ignore"):  # what no float holds is 0 or inf
            values = np.array([float(p.eigenvalue) for p in self.parts])
            scaled = self.energies * (read_real(self.ridge, "ridge") / values) ** 2
            coefficient = float(np.sum(scaled))
        return Tail(0.0, -2, coefficient, Claim("end of a learning curve", (self,)))

    def rows(self) -> tuple[CurvePart, ...]:
        """The parts with their share and with the samples at which half of each is learned, kappa = lambda."""
        sizes = label_sizes(self.spectrum)
        return tuple(
            CurvePart(part, part.energy / self.total, self.samples(part), sizes)
            for part in self.parts
        )

    @typed
    def samples(self, part: TargetPart, learnability: float = 0.5) -> float:
        """The n at which a part has this learnability: kappa = lambda (1/Lrn - 1) in the equation that defines kappa.

        Args:
            part: one of ``parts``.
            learnability: between 0 and 1, both excluded.

        Returns:
            The n, in floating point; infinite where the part is never learned.

        Raises:
            InvalidArgument: a learnability out of range.
        """
        if not 0 < learnability < 1:
            raise InvalidArgument(
                "learnability", "must lie between 0 and 1", f"it is {displayed(learnability)}"
            )
        kappa = float(part.eigenvalue) * (1 / learnability - 1)
        if kappa <= 0:
            return float("inf")
        counted = (
            other.dimension * (value / (value + kappa))
            for other in self.found.parts
            if (value := float(positive_eigenvalue(other.eigenvalue))) > 0
        )
        return fsum(counted) + read_real(self.ridge, "ridge") / kappa

    def at(self, n: Any) -> LearningCurve:
        """The same curve at other numbers of samples.

        Args:
            n: a number of samples of at least 1, or an array of them.

        Raises:
            InvalidArgument: an n below 1.
        """
        return replace(self, n=read_sample_numbers(n))

    def __repr__(self) -> str:
        return (
            f"<LearningCurve of {self.target} at length {self.length}, {len(self.n)} values of n>"
        )


def _fixed(values: Any) -> Floats:
    array = np.asarray(values, dtype=float)
    if array.flags.writeable:
        array = array.copy()
        array.setflags(write=False)
    return array


def positive_eigenvalue(value: Any) -> Any:
    """An eigenvalue; a negative one, which a user's function may have, is never learned."""
    try:
        return value if float(value) > 0 else 0
    except OverflowError:
        return value


def learning_curve(
    spectrum: Spectrum,
    target: Any,
    *,
    n: Any,
    ridge: object = 0,
    noise: object = 0,
    length: object = None,
    vocabulary: object = None,
    **parameters: object,
) -> Any:
    """The learning curve of a target; a tuple of curves where ``length`` lists several.

    Args:
        spectrum: the spectrum.
        target: a formula ("x1*x2", see `symkern.targets.formula_targets`), a function of a sequence of tokens 0..v-1, or the list of its values on
            all sequences in lexicographic order.
        n: a number of samples of at least 1, or an array of them.
        ridge: at least 0.
        noise: the variance of the labels' noise, at least 0.
        length: a positive integer in the place of L; several for several curves.
        vocabulary: a positive integer in the place of v.
        **parameters: hyperparameters by name, exact numbers.

    Returns:
        A `LearningCurve`, in floating point; a tuple of curves for several lengths.

    Raises:
        InvalidArgument: symbols that are left without a value, numbers out of range, positions beyond the length.
        SizeMismatch: a list that has not v^L values.

    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).attention().mean_pool().spectrum(length=8, tokens=uniform(2))
    >>> curve = spec.learning_curve("x1*x2", n=[10, 100, 10**6], ridge="1/100")
    >>> [round(float(e), 4) for e in curve.test_error], round(curve.unlearnable, 4)
    ([0.1478, 0.0529, 0.0446], 0.0446)
    """
    if isinstance(length, Iterable) and not isinstance(length, str):
        lengths = read_list(length, "length", "lengths")
        for one in lengths:
            Size.read(one, "length")
        return tuple(
            learning_curve(
                spectrum,
                target,
                n=n,
                ridge=ridge,
                noise=noise,
                length=one,
                vocabulary=vocabulary,
                **parameters,
            )
            for one in lengths
        )
    samples = read_sample_numbers(n)
    read_real(ridge, "ridge", minimum=0)
    read_real(noise, "noise", minimum=0)
    read = read_target(target)
    numeric = numeric_spectrum(spectrum, length, vocabulary, parameters)
    return LearningCurve(numeric, read, samples, ridge, noise, target_energies(numeric, read))


def read_sample_numbers(n: Any) -> Floats:
    """Numbers of samples as a read-only row."""
    return read_real_row(n, "n", "numbers", minimum=1)


def numeric_spectrum(
    spectrum: Spectrum, length: object, vocabulary: object, parameters: Mapping[str, object]
) -> Spectrum:
    """The spectrum with a number for every symbol; names those that have none."""
    found = evaluated(spectrum, length, vocabulary, parameters)
    if missing := symbols_left(found):
        raise InvalidArgument(
            missing[0],
            "must be given: a learning curve is computed in numbers",
            f"{', '.join(missing)} {'are symbols' if len(missing) > 1 else 'is a symbol'} here; spectrum.evaluate({missing[0]}=...) has a number",
        )
    return found
