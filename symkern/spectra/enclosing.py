"""Eigenvalues in proven bounds at a given length, for kernels of few features at any."""

from __future__ import annotations

from dataclasses import replace

from symkern.engines.few_features.engine import FewFeaturesEngine
from symkern.engines.problem import Problem
from symkern.errors import InvalidArgument, displayed
from symkern.limits import current
from symkern.spectra.deriving import spectrum as derive_at
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import Size


def enclosure(spectrum: Spectrum, length: object) -> Spectrum:
    """The spectrum at a length, which may be large: the ends of each eigenvalue's `Ball` are proven bounds, and all eigenvalues that are not listed are zero.

    Up to ``tabled_length`` of `symkern.limits` it is the spectrum that `evaluate` gives. Beyond, it exists for attention with softmax rows (any number of layers, residuals, affine layers, every readout; hyperparameters numbers) on two letters that are drawn
    independently. Such a kernel has a number of features that its form tells. With as many numbers n_i of letters, W = K(n_i, n_j) and
    S_ij = E K(n, n_i) K(n, n_j) on a sector, the eigenvalues are those of W^-1 S; the sum over n stops where Hoeffding's inequality leaves less
    than 2^-256 (`symkern.engines.few_features`). It costs some sqrt(L) values of the kernel.

    Args:
        spectrum: a spectrum in L, or one at the same length.
        length: number of tokens.

    Returns:
        The spectrum at that length; `Ball.lower` and `Ball.upper` of each eigenvalue are the bounds.

    Raises:
        NoClosedForm: for other kernels and laws at such lengths, with what they have instead.
        InvalidArgument: the spectrum is at another length.

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding, uniform
    >>> k = embedding(1, 1).attention("tied", "softmax").mean_pool()
    >>> spec = k.spectrum(length=L, tokens=uniform(2))
    >>> first = spec.sector([1], []).series()[0].terms[0]
    >>> (value,) = spec.enclosure(500).sector([1], []).eigenvalues
    >>> first.exponent, round(float(first.coefficient), 6), round(float(value) * 500**3, 6)
    (-3, 0.061785, 0.060469)
    """
    size = Size.read_number(length, "length", "to enclose eigenvalues at")
    if isinstance(spectrum.length, int) and spectrum.length != size:
        rule = f"is {displayed(spectrum.length)} in this spectrum"
        raise InvalidArgument("length", rule, f"it is {displayed(size)}")
    if size <= current().tabled_length:
        return replace(
            derive_at(spectrum.kernel, size, spectrum.tokens), settings=spectrum.settings
        )
    problem = Problem.of(spectrum.kernel, spectrum.tokens, size)
    engine = FewFeaturesEngine()
    engine.require_form(problem)
    found = engine.solve(problem)
    return Spectrum(problem.kernel, size, problem.law, found.sectors, found.mean_diagonal, spectrum.settings)  # fmt: skip
