r"""Derivations of what a kernel never learns: irreps on which it is zero, and parity, whose degree is the length.

Both are statements about the operator T at every size, and are checked on all sequences at small ones: the share of the irrep in the trace of T,
by a sum over the group (`symkern.derivations.dense_operator`), and T applied to parity, entry by entry.
"""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.claims.derivation import Derivation, Step
from symkern.combinatorics import Partition
from symkern.derivations.dense_operator import MOST_SEQUENCES_AT_ALL, DenseOperator
from symkern.derivations.step_sizes import of_symbolic_sizes
from symkern.errors import NoClosedForm
from symkern.kernels.pair_kernels import has_polynomial
from symkern.kernels.pipeline import AtPosition
from symkern.reading.integers import power_exceeds
from symkern.tokens.laws import Distinct
from symkern.typeset import formula_latex, irrep_latex

if TYPE_CHECKING:
    from symkern.learning.sample_complexity import SampleComplexity
    from symkern.spectra.spectrum import Spectrum

__all__ = ["parity_derivation", "unseen_derivation"]

_A = "Lavie, Gur-Ari, Ringel, ICML 2024, arXiv 2402.05173"
_D = "Efron, Stein, Ann. Statist. 9, 1981"


def unseen_derivation(spectrum: Spectrum, mu: Partition, kappa: Partition | None) -> Derivation:
    """Why a kernel teaches nothing of an irrep: its operator is zero there, which is checked at small sizes.

    Raises `NoClosedForm` for a kernel that is no polynomial in the match counts.

    >>> from symkern.kernels import derive
    >>> bool(unseen_derivation(derive("flatten"), Partition(2), None).check())
    True
    """
    if not has_polynomial(spectrum.kernel):
        raise NoClosedForm(
            f"derivation: the kernel {spectrum.kernel} is no polynomial in the match counts; that it is zero on an irrep follows from its rank there"
        )
    star = int(isinstance(spectrum.kernel.readout, AtPosition))
    distinct = isinstance(spectrum.tokens, Distinct)
    irrep = irrep_latex(mu, spectrum.length - star)
    if kappa is not None:
        irrep += rf" \otimes {irrep_latex(kappa, spectrum.vocabulary)}"
    first = max(mu.threshold + star, kappa.threshold if distinct and kappa is not None else 0, 1)
    letters = max(kappa.threshold if kappa is not None else 1, 2)
    sizes: dict[str, Any] = {}
    if isinstance(spectrum.length, sp.Expr):
        sizes["L"] = range(first, first + 3)
    if isinstance(spectrum.vocabulary, sp.Expr) and not distinct:
        sizes["v"] = range(letters, letters + 2)

    def sides(length: int, size: int) -> tuple[Any, Any] | None:
        least = 1 if kappa is None else kappa.threshold
        if power_exceeds(size, length, MOST_SEQUENCES_AT_ALL) or (distinct and length > 5):
            return None
        if length - star < max(mu.threshold, 1) or size < least:
            return None
        there: Any = SimpleNamespace(position_irrep=mu, token_irrep=kappa)
        return DenseOperator(spectrum, length, size).traces(there, 1)[0], Fraction(0)

    step = Step(
        "the kernel is zero there",
        rf"\operatorname{{tr}}(P_R\, T) = 0, \qquad R = {irrep}",
        r"The operator $(Tf)(x) = \mathbb{E}_y\, k(x, y) f(y)$ is positive semidefinite, so that it vanishes on an irrep where its trace does; "
        "the kernel does not tell functions of this irrep apart. Checked by a sum over the whole group.",
        _A,
        sides=of_symbolic_sizes(spectrum, sides, sizes),
        sizes=sizes,
    )
    learned = Step(
        "nothing is learned",
        r"\mathrm{Lrn} = \frac{\lambda}{\lambda + \kappa} = 0",
        "Where the eigenvalue is zero no number of samples teaches anything.",
        "Simon, Dickens, Karkada, DeWeese, TMLR 2023, arXiv 2110.03922",
    )
    return Derivation(
        f"What {spectrum.kernel} never learns",
        (step, learned),
        r"\mathrm{Lrn} = 0",
        spectrum.standing,
    )


def parity_derivation(found: SampleComplexity) -> Derivation:
    """Why parity lies outside the span from the length ``found.least`` on; checked on all sequences."""
    spectrum = found.spectrum
    letters = int(spectrum.vocabulary)
    value = found.target.values(letters)
    lengths = range(found.least, found.least + 3)

    def image(L: int) -> tuple[Any, Any] | None:
        if found.least > L or power_exceeds(letters, L, MOST_SEQUENCES_AT_ALL):
            return None
        dense = DenseOperator(spectrum, L, letters)
        values = [Fraction(value(x)) for x in dense.words]
        applied = [
            sum((int(t) * e for t, e in zip(row, values, strict=True)), Fraction(0))
            for row in dense.matrix
        ]
        return applied, [Fraction(0)] * len(values)

    degree = found.least - 1
    steps = (
        Step(
            "its degree",
            r"f = c \prod_{a=1}^{L} (-1)^{x_a}, \qquad \mathbb{E}\,(-1)^{x_a} = 0",
            "A product of functions of single tokens that all have mean zero is orthogonal to every function of fewer than $L$ tokens.",
            _D,
        ),
        Step(
            "the kernel is zero on it",
            r"(Tf)(x) = \mathbb{E}_y\, k(x, y) f(y) = 0",
            rf"$k(x, \cdot)$ is a sum of functions of at most {degree} token{'s' * (degree != 1)}, and $L \geq {found.least}$. Checked for every sequence $x$.",
            _A,
            sides=image,
            sizes={"L": lengths},
        ),
    )
    return Derivation(
        f"Why the target {found.target} is never learned",
        steps,
        rf"\text{{never learned: }} \mathbb{{E}} f^2 = {formula_latex(sp.S(found.total))}, \quad L \geq {found.least}",
    )
