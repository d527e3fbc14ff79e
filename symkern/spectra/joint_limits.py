r"""Leading eigenvalues when the vocabulary grows with the context, v = L^c.

With c = p/q the sizes are L = M^q and v = M^p for one large M, so that a block is again over Q(M, hyperparameters) and the
Newton polygon in M decides; exponents are given in L. Hyperparameters are held fixed and generic: no leading
coefficient that is not identically zero is taken to vanish. A sector's formulas hold for all large L and v at once, hence
along this path too.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact import ExactMatrix, exact_expression
from symkern.exact.asymptotics import Leading, newton_polygon, sample_value
from symkern.exact.graded import graded_leading
from symkern.exact.length_series import LengthSeries
from symkern.limits import current
from symkern.spectra.spectrum import Spectrum


def joint_limit(
    spectrum: Spectrum, exponent: object
) -> dict[tuple[Partition, Partition | None], tuple[Leading, ...]]:
    """Leading terms of every nonzero eigenvalue at v = L^exponent, the largest first, by sector.

    Args:
        spectrum: a spectrum that is symbolic in L and v.
        exponent: a nonnegative rational, exact: 1, "1/2".

    Returns:
        A dictionary from labels (mu, kappa) to leading terms.

    Raises:
        InvalidArgument: a negative exponent, or sizes that are numbers.
        NoClosedForm: a spectrum of series in 1/L.

    >>> from symkern.kernels import derive
    >>> found = joint_limit(derive("bag-of-tokens"), 2)
    >>> [terms[0].expression for terms in found.values()]
    [alpha/L**2, alpha/L**3]
    """
    c = exact_expression(exponent, "exponent")
    if not (c.is_Rational and c >= 0):
        raise InvalidArgument(
            "exponent", "must be a nonnegative rational number", f"it is {displayed(c)}"
        )
    if isinstance(spectrum.mean_diagonal, LengthSeries):
        raise NoClosedForm(
            "joint_limit: series in 1/L hold for a given vocabulary and long sequences: they expand around frequencies of letters and of their pairs, "
            "each letter seen on a positive share of the positions, and v = L^c leaves it too few; derive(..., vocabulary=...) at several v shows how coefficients depend on it"
        )
    if spectrum.length != CONTEXT_LENGTH or spectrum.vocabulary != VOCABULARY:
        raise InvalidArgument(
            "spectrum",
            "must be symbolic in L and v",
            f"they are {spectrum.length}, {spectrum.vocabulary}",
        )
    p, q = int(c.p), int(c.q)
    found = {}
    for sector in spectrum.sectors:
        block = sector.block
        assert isinstance(block, ExactMatrix)  # balls have no symbols
        field = block.field
        grown = block.substitute(
            {CONTEXT_LENGTH: CONTEXT_LENGTH**q, VOCABULARY: CONTEXT_LENGTH**p}, field
        )
        terms = tuple(replace(t, exponent=sp.Rational(t.exponent) / q) for t in _leading(grown))
        found[sector.position_irrep, sector.token_irrep] = terms
    return found


def _leading(block: ExactMatrix) -> list[Leading]:
    terms = graded_leading(block)
    if terms is not None:
        return terms
    if block.characteristic_cost() > current().costly_polynomial:
        raise NoClosedForm(
            f"a block of size {block.shape[0]} whose grading does not decide needs its characteristic polynomial, "
            "which is out of reach; the exact block exists"
        )
    found: list[Leading] = []
    for factor in block.characteristic_factors():
        zeros = next(k for k, c in enumerate(factor) if c)  # roots that are identically zero
        found += newton_polygon(factor[zeros:])
    return sorted(found, key=lambda t: (-t.exponent, -sample_value(t.coefficient)))
