"""The derivation of what n samples teach of one eigenvalue: the steps to the eigenvalue, then ridge regression."""

from __future__ import annotations

from symkern.claims import Derivation
from symkern.derivations import derivation_of
from symkern.derivations.samples import learning_steps
from symkern.learning.learnability import learnability
from symkern.spectra.sample_laws import scaling_law
from symkern.spectra.spectrum import Spectrum


def learnability_derivation(
    spectrum: Spectrum, mu: object, kappa: object, samples: object, ridge: object, branch: int
) -> Derivation:
    """The steps to `symkern.learning.learnability.learnability`, whose arguments these are.

    >>> from symkern.kernels import derive
    >>> derive("flatten").learnability([1], n=10).derivation().steps[-1].name
    'what n samples teach'
    """
    found = learnability(spectrum, mu, kappa, n=samples, ridge=ridge, branch=branch)
    steps = derivation_of(scaling_law(spectrum, mu, kappa, branch)).steps
    steps = steps[: -len(learning_steps())] + learning_steps(ridge)[:1]
    return Derivation("The share that n samples teach", steps, found.latex(), found.standing)
