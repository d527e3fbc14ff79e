r"""Derivations of what a kernel never learns: irreps on which it is zero, and parity, whose degree is the length.

Both are statements about the operator T at every size, and are checked on all sequences at small ones: the share of the irrep in the trace of T,
by a sum over the group (`symkern.derivations.dense_operator`), and T applied to parity, entry by entry.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import sympy as sp

from symkern.claims import Derivation, Step, reference
from symkern.combinatorics import Partition
from symkern.derivations.dense_operator import DenseOperator
from symkern.derivations.step_sizes import SymbolicSizes
from symkern.errors import NoClosedForm
from symkern.exact.exact_arguments import sympified
from symkern.learning.sample_complexity import SampleComplexity
from symkern.limits import current
from symkern.reading.integers import power_exceeds
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_latex, irrep_latex


def unseen_derivation(spectrum: Spectrum, mu: Partition, kappa: Partition | None) -> Derivation:
    """Why a kernel teaches nothing of an irrep: its operator is zero there, which is checked at small sizes.

    Raises `NoClosedForm` for a kernel that is no polynomial in the match counts.

    >>> from symkern.kernels import derive
    >>> bool(unseen_derivation(derive("flatten"), Partition(2), None).check())
    True
    """
    if not spectrum.kernel.is_polynomial:
        raise NoClosedForm(
            f"derivation: the kernel {spectrum.kernel} is no polynomial in the match counts; that it is zero on an irrep follows from its rank there"
        )
    group = spectrum.kernel.group
    distinct = not spectrum.tokens.letters_repeat
    irrep = group.latex(mu, spectrum.length)
    if kappa is not None:
        irrep += rf" \otimes {irrep_latex(kappa, spectrum.vocabulary)}"
    first = max(group.threshold(mu), kappa.threshold if distinct and kappa is not None else 0, 1)
    letters = max(kappa.threshold if kappa is not None else 1, 2)
    sizes: dict[str, Any] = {}
    if isinstance(spectrum.length, sp.Expr):
        sizes["L"] = range(first, first + 3)
    if isinstance(spectrum.vocabulary, sp.Expr) and not distinct:
        sizes["v"] = range(letters, letters + 2)
    step = Step(
        "the kernel is zero there",
        rf"\operatorname{{tr}}(P_R\, T) = 0, \qquad R = {irrep}",
        r"The operator $(Tf)(x) = \mathbb{E}_y\, k(x, y) f(y)$ is positive semidefinite, so that it vanishes on an irrep where its trace does; "
        "the kernel does not tell functions of this irrep apart. Checked by a sum over the whole group.",
        reference("lavie2024"),
        sides=SymbolicSizes(spectrum, partial(_share, spectrum, mu, kappa), tuple(sizes)),
        sizes=sizes,
    )
    learned = Step(
        "nothing is learned",
        r"\mathrm{Lrn} = \frac{\lambda}{\lambda + \kappa} = 0",
        "Where the eigenvalue is zero no number of samples teaches anything.",
        reference("simon2023"),
    )
    title = f"What {spectrum.kernel} never learns"
    return Derivation(title, (step, learned), r"\mathrm{Lrn} = 0", spectrum.standing)


def parity_derivation(found: SampleComplexity) -> Derivation:
    """Why parity lies outside the span from the length ``found.least`` on; checked on all sequences."""
    lengths = range(found.least, found.least + 3)
    degree = found.least - 1
    steps = (
        Step(
            "its degree",
            r"f = c \prod_{a=1}^{L} (-1)^{x_a}, \qquad \mathbb{E}\,(-1)^{x_a} = 0",
            "A product of functions of single tokens that all have mean zero is orthogonal to every function of fewer than $L$ tokens.",
            reference("efron1981"),
        ),
        Step(
            "the kernel is zero on it",
            r"(Tf)(x) = \mathbb{E}_y\, k(x, y) f(y) = 0",
            rf"$k(x, \cdot)$ is a sum of functions of at most {degree} token{'s' * (degree != 1)}, and $L \geq {found.least}$. Checked for every sequence $x$.",
            reference("lavie2024"),
            sides=partial(_image, found),
            sizes={"L": lengths},
        ),
    )
    return Derivation(
        f"Why the target {found.target} is never learned",
        steps,
        rf"\text{{never learned: }} \mathbb{{E}} f^2 = {formula_latex(sympified(found.total))}, \quad L \geq {found.least}",
    )


def _share(
    spectrum: Spectrum, mu: Partition, kappa: Partition | None, length: int, size: int
) -> tuple[Fraction, Fraction] | None:
    """The irrep's share of the trace, by a sum over the group; zero."""
    least = 1 if kappa is None else kappa.threshold
    if power_exceeds(size, length, current().checked_sequences_at_most):
        return None
    if not spectrum.tokens.letters_repeat and length > 5:
        return None
    if spectrum.kernel.group.moved(length) < max(mu.threshold, 1) or size < least:
        return None
    there: Any = SimpleNamespace(position_irrep=mu, token_irrep=kappa)
    return DenseOperator(spectrum, length, size).traces(there, 1)[0], Fraction(0)


def _image(found: SampleComplexity, L: int) -> tuple[list[Fraction], list[Fraction]] | None:
    """T applied to the target, sequence by sequence; zeros."""
    letters = int(found.spectrum.vocabulary)
    if found.least > L or power_exceeds(letters, L, current().checked_sequences_at_most):
        return None
    dense = DenseOperator(found.spectrum, L, letters)
    value = found.target.values(letters)
    values = np.array([Fraction(value(x)) for x in dense.words], dtype=object)
    return list(dense.matrix @ values), [Fraction(0)] * len(values)
