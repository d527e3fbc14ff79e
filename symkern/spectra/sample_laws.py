"""What an eigenvalue costs to learn: n = sigma2/lambda samples, one law for each eigenvalue of a sector."""

from __future__ import annotations

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds import samples_to_learn
from symkern.claims import Claim, ScalingLaw
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, displayed
from symkern.exact import Ball, Branch, exact_expression
from symkern.exact.asymptotics import sample_value
from symkern.exact.length_series import order_text
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.ranking import is_doubtful, reciprocal_value
from symkern.spectra.spectrum import Spectrum


def scaling_law(
    spectrum: Spectrum, mu: object, kappa: object = None, branch: int = 0
) -> ScalingLaw:
    """Samples n = sigma2/lambda to learn a function in the position irrep ``mu``.

    Args:
        spectrum: the spectrum.
        mu: parts of the irrep of the positions below its first row: 1, (2, 1), "2,1", [] for the trivial one.
        kappa: the same of the tokens; without it the irrep whose largest eigenvalue decays slowest.
        branch: which nonzero eigenvalue of the sector, from 0, the largest first.

    Returns:
        A `ScalingLaw` in L, v and the hyperparameters, with its standing and its derivation.

    Raises:
        InvalidArgument: a sector in which the kernel is zero, or no such branch.
        PartitionError: mu or kappa is no partition.
        NoClosedForm: the eigenvalue is not known to be other than zero.
    """
    sector = chosen_sector(spectrum, mu, kappa)
    laws = sample_laws(spectrum, sector)
    if not laws and isinstance(sector, SeriesSector):
        raise NoClosedForm(
            f"scaling_law: the eigenvalues of ({sector.position_irrep}; {sector.token_irrep}) are {order_text(sector.others)}, "
            "and no more is known of them: down_to= with a higher power of 1/L goes further"
        )
    if not (isinstance(branch, int) and 0 <= branch < len(laws)):
        rule = f"must count the {len(laws)} nonzero eigenvalues from 0"
        raise InvalidArgument("branch", rule, f"it is {displayed(branch)}")
    nonzero = [b for b in sector.branches if b.value is None or b.value != 0]
    if is_doubtful(spectrum, sector, nonzero[branch]):
        raise NoClosedForm(
            f"scaling_law: eigenvalue {branch} of sector ({sector.position_irrep}; {sector.token_irrep}) may be zero, "
            f"it is known to be {nonzero[branch].value}"
        )
    return laws[branch]


def chosen_sector(spectrum: Spectrum, mu: object, kappa: object = None) -> Sector:
    """The sector (mu, kappa); without ``kappa`` the one of mu whose largest eigenvalue decays slowest."""
    shape = Partition.read(mu, "mu")
    candidates = [t for t in spectrum.sectors if t.position_irrep == shape]
    if kappa is not None:
        candidates = [t for t in candidates if t == spectrum.sector(shape, kappa)]
    if not candidates:
        spectrum.require_zero(shape, None if kappa is None else Partition.read(kappa, "kappa"))
        label = str(tuple(shape))
        if kappa is not None:
            label += f" by {tuple(Partition.read(kappa, 'kappa'))}"
        raise InvalidArgument(
            "mu" if kappa is None else "mu, kappa",
            "must label a sector that is not zero",
            f"{label} is none; the kernel is zero there",
        )
    return max(candidates, key=_slowest)


def sample_laws(spectrum: Spectrum, sector: Sector) -> list[ScalingLaw]:
    """Samples to learn, one law per nonzero eigenvalue of the sector, the cheapest first.

    Args:
        spectrum: the spectrum.
        sector: one of its sectors.
    """
    if not isinstance(sector, Sector):
        raise InvalidType("sector", "must be a sector of the spectrum", sector)
    laws = []
    for number, (branch, term) in enumerate(
        zip(sector.branches, sector.leading_terms, strict=True)
    ):
        if branch.value is not None and branch.value == 0:
            continue
        value = branch.value if isinstance(branch.value, sp.Expr) else None
        formula = None if value is None else _samples(branch, value, sector)  # None below zero
        cost = None if term is None else term.cost(sigma2)
        holds = {
            name: sector.valid_for[name]
            for name, size in (("L", spectrum.length), ("v", spectrum.tokens_symbol))
            if isinstance(size, sp.Expr) and not isinstance(sector, SeriesSector)
        }
        relation = "="
        if isinstance(branch.value, Ball) and not branch.value.excludes_zero:
            # The eigenvalue may be zero: what is proved is the least number of samples.
            relation, formula = ">=", sigma2 / exact_expression(branch.value.upper, "value")
        # What is known as a number alone: the eigenvalue, or the first coefficient of its series.
        known = branch.value if cost is None else None
        if isinstance(sector, SeriesSector) and term is not None:
            known = term.coefficient
        laws.append(
            ScalingLaw(
                "n",
                formula,
                cost,
                holds,
                sector.standing,
                relation=relation,
                value=reciprocal_value(known) if formula is None else None,
                unit=sigma2,
                claim=Claim("samples in a sector", (spectrum, sector, number)),
            )
        )
    return laws


def _samples(branch: Branch, value: sp.Expr, sector: Sector) -> sp.Expr | None:
    """sigma2/value; for the root (-b - sqrt(...))/(2a) of c + b x + a x^2 as sigma2 (a/c) times the other root.

    So neither form subtracts numbers that may be close.
    """
    if value.is_Rational and value < 0:
        return (
            None  # the kernel of a user's function need not be positive; nothing is learned there
        )
    if branch.degree != 2 or branch.index == 0:
        return samples_to_learn(value, sigma2)
    c, _, a = branch.minimal_polynomial
    other = next(
        b.value
        for b in sector.branches
        if b.minimal_polynomial == branch.minimal_polynomial and b.index != branch.index
    )
    assert isinstance(other, sp.Expr)
    return sigma2 * (a / c).to_sympy() * other


def _slowest(sector: Sector) -> tuple[float, float]:
    if not sector.multiplicity:  # of which an order is known alone
        return (float("-inf"), 0.0)
    term = sector.leading_terms[0]
    if term is None:
        value = sector.eigenvalues[0]
        return (0.0, sample_value(value) if isinstance(value, sp.Expr) else float("-inf"))
    return (float(term.exponent), sample_value(term.coefficient))
