"""Eigenvalues in proven bounds at a given length, for kernels of few features at any."""

from __future__ import annotations

from dataclasses import replace

from symkern.engines.few_features.engine import FewFeaturesEngine
from symkern.engines.problem import Problem
from symkern.errors import InvalidArgument, TooLarge, displayed
from symkern.limits import current
from symkern.spectra.deriving import spectrum as derive_at
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import Size


def enclosure(spectrum: Spectrum, length: object) -> Spectrum:
    """The spectrum at a length, which may be large: the ends of each eigenvalue's `Ball` are proven bounds, and all eigenvalues that are not listed are zero.

    At moderate lengths it is the spectrum that `evaluate` gives. Beyond, it exists for attention with softmax rows (any number of layers, residuals, affine layers, layer normalisation, every readout; hyperparameters
    numbers) on letters that are drawn independently. Such a kernel is a sum of products of a number of features that its form tells, and eigenvalues are those of the matrix of their means; these are sums over the numbers
    of letters, which leave out less than some 2^-100 of the probability, and a bound of that is part of the radius (`symkern.engines.few_features`). On two letters, without layer normalisation, it costs some sqrt(L)
    values of the kernel at any length. On three it costs a number of them that grows like L, half a minute at L = 2000 where letters are alike, and on four like L^(3/2), a minute at L = 200.

    Args:
        spectrum: a spectrum in L, or one at the same length.
        length: number of tokens.

    Returns:
        The spectrum at that length; `Ball.lower` and `Ball.upper` of each eigenvalue are the bounds.

    Raises:
        NoClosedForm: for other kernels and laws at such lengths, with what they have instead.
        TooLarge: the sum takes hours, or the machine does not have the memory for the tables that other kernels need.
        InvalidArgument: the spectrum is at another length.

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding, uniform
    >>> k = embedding(1, 1).attention("tied", "softmax").mean_pool()
    >>> spec = k.spectrum(length=L, tokens=uniform(2))
    >>> first = spec.sector([1], []).series()[0].terms[0]
    >>> (value,) = spec.enclosure(500).sector([1], []).eigenvalues
    >>> first.exponent, round(float(first.coefficient), 6), round(float(value) * 500**3, 6)
    (-3, 0.061785, 0.060469)
    >>> three = k.spectrum(length=L, tokens=uniform(3)).enclosure(60)
    >>> three.sector([1], []).eigenvalues[0].digits(9), three.check_trace()
    ('3.92430292e-7', True)
    """
    size = Size.read_number(length, "length", "to enclose eigenvalues at")
    if isinstance(spectrum.length, int) and spectrum.length != size:
        rule = f"is {displayed(spectrum.length)} in this spectrum"
        raise InvalidArgument("length", rule, f"it is {displayed(size)}")
    if size <= current().tabled_length:
        try:
            found = derive_at(spectrum.kernel, size, spectrum.tokens)
        except TooLarge as error:
            if not error.what.endswith(")"):
                error.what = f"{error.what} (series in 1/L take less, where the kernel has them)"
            raise
        return replace(found, settings=spectrum.settings)
    problem = Problem.of(spectrum.kernel, spectrum.tokens, size)
    engine = FewFeaturesEngine()
    engine.require_form(problem)
    solved = engine.solve(problem)
    return Spectrum(problem.kernel, size, problem.law, solved.sectors, solved.mean_diagonal, spectrum.settings)  # fmt: skip
