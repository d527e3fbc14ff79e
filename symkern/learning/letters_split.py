"""One law, two ways to write it: the spectrum under equal probabilities, split by irreps of the letters."""

from __future__ import annotations

from dataclasses import replace

from symkern.kernels.pipeline import Kernel
from symkern.spectra.deriving import derive
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import uniform


def split_by_letters(spectrum: Spectrum) -> Spectrum:
    """The spectrum under `uniform`, whose sectors have irreps of the letters, where the law is that one with equal probabilities written one by one.

    Any other spectrum is returned as it is, and so are those of kernels that are no polynomials of rational numbers.

    >>> from symkern.kernels import derive, categorical
    >>> spec = derive("bag-of-tokens", tokens=categorical(["1/2", "1/2"]))
    >>> [s.token_irrep for s in spec.sectors], [s.token_irrep for s in split_by_letters(spec).sectors]
    ([None], [Partition(), Partition(1)])
    """
    kernel, law = spectrum.kernel, spectrum.tokens
    if law.is_uniform or not law.has_equal_letters:
        return spectrum
    if not (isinstance(kernel, Kernel) and kernel.is_polynomial and kernel.is_rational):
        return spectrum
    found = derive(kernel, spectrum.length, uniform(law.vocabulary))
    return replace(found, settings=spectrum.settings)
