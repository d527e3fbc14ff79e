r"""What a part costs without a ridge: the modes that are fitted before it, as a power of L.

Half of a part with eigenvalue lambda_i is learned where kappa = lambda_i, and the equation that defines kappa says at which n that is,

    n = sum_j dim_j lambda_j/(lambda_j + lambda_i) + ridge/lambda_i .

Without a ridge the first sum is all: modes with much larger eigenvalues count fully, equal ones by half, smaller ones by the quotient of
the eigenvalues. As L grows each term has a leading one, and those of the highest power add up.

Source: Simon, Dickens, Karkada, DeWeese, *The eigenlearning framework*, TMLR 2023, arXiv 2110.03922.
"""

from __future__ import annotations

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.claims.scaling_law import ScalingLaw
from symkern.errors import NoClosedForm
from symkern.exact import exact_expression
from symkern.exact.asymptotics import Leading, leading
from symkern.sectors.sector import Sector
from symkern.spectra.spectrum import Spectrum


def ridgeless_law(spectrum: Spectrum, sector: Sector, branch: int) -> ScalingLaw:
    """The leading term in L of the samples that learn half of a part without ridge; the branch counts all eigenvalues of the sector.

    Raises `NoClosedForm` where an eigenvalue of the spectrum has no leading term.

    >>> from symkern.abc import alpha, beta
    >>> from symkern.kernels import derive, uniform
    >>> spectrum = derive("linear-attention", tokens=uniform(2))
    >>> print(ridgeless_law(spectrum, spectrum.sector((1,), ()), 0))
    n ~ 3*L/2  (proved)
    """
    own = sector.leading_terms[branch]
    if own is None:
        raise NoClosedForm(
            "ridge: this eigenvalue has no leading term in L, and without a ridge no law"
        )
    terms = [
        _counted(exact_expression(other.dimension, "dimension"), term, own)
        for other in spectrum.sectors
        for term in _terms(other)
    ]
    highest = max(exponent for exponent, _ in terms)
    coefficient: sp.Expr | None = sp.S.Zero
    for exponent, value in terms:
        if exponent == highest and coefficient is not None:
            coefficient = None if value is None else coefficient + value
    if coefficient is not None:
        coefficient = sp.factor(coefficient)
    return ScalingLaw("n", None, Leading(highest, coefficient), {}, spectrum.standing)


def _terms(sector: Sector) -> list[Leading]:
    """Leading terms of the eigenvalues that are not zero."""
    found = []
    for branch, term in zip(sector.branches, sector.leading_terms, strict=True):
        if branch.value is not None and branch.value == 0:
            continue
        if term is None:
            raise NoClosedForm(
                f"ridge: an eigenvalue of ({sector.position_irrep}; {sector.token_irrep}) has no leading term in L, "
                "and without a ridge all of them count"
            )
        found.append(term)
    return found


def _counted(
    dimension: sp.Expr, other: Leading, own: Leading
) -> tuple[sp.Rational, sp.Expr | None]:
    """Exponent and coefficient of dim lambda_j/(lambda_j + lambda_i)."""
    modes = leading(dimension) if dimension.has(CONTEXT_LENGTH) else Leading(sp.S.Zero, dimension)
    gap = other.exponent - own.exponent
    if gap > 0:
        return modes.exponent, modes.coefficient
    share: sp.Expr | None = None
    if isinstance(other.coefficient, sp.Expr) and isinstance(own.coefficient, sp.Expr):
        share = sp.cancel(other.coefficient / own.coefficient)
    if gap == 0:
        share = None if share is None else share / (1 + share)
    return modes.exponent + min(
        gap, sp.S.Zero
    ), None if share is None else modes.coefficient * share
