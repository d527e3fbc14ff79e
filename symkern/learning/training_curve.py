r"""Training curves: the error of a target against training time, by gradient flow on half the population mean squared error.

From f_0 = 0 at rate 1, with the operator (Tf)(x) = E_y k(x, y) f(y),

    df_t/dt = T (f* - f_t),    so that    f_t = sum_i (1 - e^(-lambda_i t)) f_i,
    test error = sum_i e^(-2 lambda_i t) v_i^2 + unlearnable + noise,

f_i being the target's projection on eigenvalue lambda_i and v_i^2 its energy. An eigenvalue is learned at times t ~ 1/lambda, as it is from n ~ 1/lambda
samples. With the kernel of the last layer this is training of the last layer, with the neural tangent kernel, `k.ntk()`, that of the whole wide network, its
output layer included where ``linear`` stands behind the readout (Jacot, Gabriel, Hongler, NeurIPS 2018). Training on n samples is in `symkern.learning.sampled_training`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log, log1p
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.claims.by_content import ByContent
from symkern.doors import TrainingCurveDoors
from symkern.errors import InvalidArgument
from symkern.exact import Ball
from symkern.exact.real_arguments import read_real, read_real_row
from symkern.learning.learning_curve import CurvePart, numeric_spectrum
from symkern.learning.sampled_training import sampled_training
from symkern.learning.target_energies import (
    TargetEnergies,
    TargetPart,
    label_sizes,
    target_energies,
)
from symkern.learning.target_values import read_target
from symkern.reading.annotated import typed
from symkern.spectra.spectrum import Spectrum

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
@typed
class TrainingCurve(TrainingCurveDoors, ByContent):
    """Floating point: errors at each time ``t`` of gradient flow on the population; ask `Spectrum.training_curve` for one.

    ``parts`` lists the target's parts by eigenvalue, energy zero left out; axes of ``learned`` are (t, parts). All arrays are read-only.

    Attributes:
        spectrum: numeric, as the curve is computed from it.
        target: the target as it was read.
        t: the times, an array.
        noise: the variance of the labels' noise.
        found: the target's energies.
    """

    spectrum: Spectrum
    target: Any
    t: Floats
    noise: Any
    found: TargetEnergies = field(repr=False)

    @property
    def length(self) -> int:
        """The context length."""
        return int(self.spectrum.length)

    @cached_property
    def parts(self) -> tuple[TargetPart, ...]:
        """The target's parts, the largest eigenvalue first."""
        kept = [part for part in self.found.parts if part.energy > 0]
        return tuple(sorted(kept, key=lambda part: -float(part.eigenvalue)))

    @property
    def energies(self) -> Floats:
        """The energy of each part."""
        return _fixed([part.energy for part in self.parts])

    @property
    def rates(self) -> Floats:
        """The eigenvalue of each part, the rate at which it is learned."""
        return _fixed([_rate(part.eigenvalue) for part in self.parts])

    @property
    def unlearnable(self) -> float:
        """Energy outside the kernel's span: learned at no time."""
        return self.found.unlearnable

    @property
    def outside(self) -> tuple[Any, ...]:
        """What `unlearnable` consists of: irreps, degree and energy."""
        return self.found.outside

    @property
    def total(self) -> float:
        """E f^2."""
        return self.found.total

    @cached_property
    def learned(self) -> Floats:
        """1 - e^(-lambda t), the factor that each part has been learned with at each t, shape (t, parts)."""
        return _fixed(-np.expm1(-np.multiply.outer(self.t, self.rates)))

    @cached_property
    def bias(self) -> Floats:
        """sum_i e^(-2 lambda_i t) v_i^2 + unlearnable: the error without noise."""
        left = np.exp(-2 * np.multiply.outer(self.t, self.rates))
        return _fixed(left @ self.energies + self.unlearnable)

    @cached_property
    def test_error(self) -> Floats:
        """Mean squared error against fresh noisy labels, noise included; on the population training and test error are one."""
        return _fixed(self.bias + read_real(self.noise, "noise"))

    @property
    def limit(self) -> float:
        """Test error as t grows without end: unlearnable + noise."""
        return self.unlearnable + read_real(self.noise, "noise")

    def rows(self) -> tuple[CurvePart, ...]:
        """The parts with their share of the energy and the time at which half of each is learned, log(2)/lambda."""
        sizes = label_sizes(self.spectrum)
        return tuple(CurvePart(p, p.energy / self.total, self.time(p), sizes) for p in self.parts)

    @typed
    def time(self, part: TargetPart, learned: float = 0.5) -> float:
        """The t at which a part has been learned with this factor: -log(1 - learned)/lambda, which leaves (1 - learned)^2 of its energy.

        Args:
            part: one of ``parts``.
            learned: between 0 and 1, both excluded.

        Returns:
            The t, in floating point; infinite where the part is never learned.

        Raises:
            InvalidArgument: a factor out of range.
        """
        if not 0 < learned < 1:
            raise InvalidArgument("learned", "must lie between 0 and 1", f"it is {learned}")
        rate = _rate(part.eigenvalue)
        wait = log(2) if learned == 0.5 else -log1p(-learned)
        return wait / rate if rate > 0 else float("inf")

    def at(self, t: Any) -> TrainingCurve:
        """The same curve at other times.

        Args:
            t: a time of at least 0, or an array of them.

        Raises:
            InvalidArgument: a negative time.
        """
        return replace(self, t=read_times(t))

    def __repr__(self) -> str:
        times = f"{len(self.t)} values of t"
        return f"<TrainingCurve of {self.target} at length {self.length}, {times}>"


def _fixed(values: Any) -> Floats:
    array = np.array(values, dtype=float)
    array.setflags(write=False)
    return array


def _rate(value: Any) -> float:
    """An eigenvalue as a float; one that may be zero, to its radius, as zero."""
    if isinstance(value, Ball) and not value.excludes_zero:
        return 0.0
    rate = float(value)
    if rate < 0:
        rule = "must be positive semidefinite: gradient flow has no other kernels"
        raise InvalidArgument("kernel", rule, f"{rate:g} is one of its eigenvalues")
    return rate


def training_curve(
    spectrum: Spectrum, target: Any, *, t: Any, n: object = None, noise: object = 0, draws: object = 16, seed: object = 0,
    length: object = None, vocabulary: object = None, **parameters: object,
) -> Any:  # fmt: skip
    """Floating point: the error of a target against training time, by gradient flow on the population or on n samples.

    Args:
        spectrum: the spectrum of the kernel.
        target: a formula, a function of a sequence or the list of its values, as for `Spectrum.learning_curve`.
        t: a time of at least 0, or an array; rate 1 on half the mean squared error.
        n: numbers of samples of a training set; the population where it is left out.
        noise: variance of the label noise.
        draws: with n, how many training sets are drawn.
        seed: with n, the seed of the draws.
        length: the context length, where the spectrum has it as a symbol.
        vocabulary: the size of the vocabulary, likewise.
        **parameters: hyperparameters by name, likewise.

    Returns:
        A `TrainingCurve`; with n a `symkern.learning.sampled_training.SampledTraining`, means over training sets with their standard errors.

    Raises:
        InvalidArgument: what is left without a value, negative times, a kernel with a negative eigenvalue.

    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(1, 1).attention().mean_pool().spectrum(length=8, tokens=uniform(2))
    >>> curve = spec.training_curve("x1*x2", t=[0, 10, 1000])
    >>> [round(float(e), 4) for e in curve.test_error], round(curve.unlearnable, 4)
    ([0.25, 0.1434, 0.0483], 0.0446)
    """  # fmt: skip
    times = read_times(t)
    read_real(noise, "noise", minimum=0)
    read = read_target(target)
    numeric = numeric_spectrum(spectrum, length, vocabulary, parameters)
    if n is not None:
        return sampled_training(numeric, read, times, n, noise, draws, seed)
    found = target_energies(numeric, read)
    for part in found.parts:
        _rate(part.eigenvalue)
    return TrainingCurve(numeric, read, times, noise, found)


def read_times(t: Any) -> Floats:
    """Times as a read-only row."""
    return read_real_row(t, "t", "times", minimum=0)
