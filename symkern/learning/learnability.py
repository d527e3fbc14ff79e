r"""What n samples teach of each sector: as a law in L for one eigenvalue, as a table for a whole spectrum at numbers.

Two pictures stand side by side. The equivalent kernel gives the share lambda/(lambda + ridge/n) to each eigenvalue by itself; eigenlearning
lambda/(lambda + kappa), with kappa >= ridge/n raised by all modes that are not learned (`symkern.bounds.eigenlearning`). They agree where
the ridge is much larger than the sum of the eigenvalues not learned; otherwise the first is too optimistic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import sigma2
from symkern.bounds import learnability as share_learned
from symkern.bounds.eigenlearning import eigenlearning
from symkern.claims import Claim, ScalingLaw
from symkern.combinatorics import Partition
from symkern.doors import LearnabilityTableDoors
from symkern.errors import InvalidArgument, displayed
from symkern.exact import Ball, exact_expression
from symkern.exact.asymptotics import Leading, leading
from symkern.exact.real_arguments import read_real
from symkern.reading.annotated import typed
from symkern.spectra.evaluating import symbols_left
from symkern.spectra.sample_laws import scaling_law
from symkern.spectra.spectrum import Spectrum


def learnability(
    spectrum: Spectrum,
    mu: object,
    kappa: object = None,
    *,
    n: object,
    ridge: object = sigma2,
    branch: int = 0,
) -> ScalingLaw:
    """The share n lambda/(n lambda + ridge) of an eigenfunction that n samples teach, as a law in L (equivalent kernel).

    Where the kernel is zero on the irrep nothing is ever learned and the law is 0. The law is exact: floats for ``n`` and ``ridge`` are read as the decimals that they print as, 0.1 as 1/10.

    Args:
        spectrum: the spectrum.
        mu: parts of the irrep of the positions below its first row.
        kappa: the same of the tokens; without it the one whose largest eigenvalue falls slowest.
        n: the number of samples, at least 1, or a formula.
        ridge: at least 0, or a formula; sigma2 where nothing is said.
        branch: which nonzero eigenvalue of the sector, from 0, the largest first.

    Raises:
        InvalidArgument: numbers out of range, or no such branch.
        NoClosedForm: the eigenvalue is not known to be other than zero.

    >>> from symkern.abc import n
    >>> from symkern.kernels import derive
    >>> print(derive("flatten").learnability([1], n=n))
    Lrn = alpha*n/(alpha*n + sigma2*L*v) ~ alpha*n/(sigma2*L*v)  (L >= 2, v >= 2, proved)
    """
    samples, cost = read_decimal(n, "n"), read_decimal(ridge, "ridge")
    for name, value, least in (("n", samples, 1), ("ridge", cost, 0)):
        if value.is_number and not value >= least:
            raise InvalidArgument(
                name, f"must be at least {displayed(least)}", f"it is {displayed(value)}"
            )
    if is_unseen(spectrum, mu, kappa):
        labels = Partition.read(mu, "mu"), None if kappa is None else Partition.read(kappa, "kappa")
        return ScalingLaw(
            "Lrn",
            sp.S.Zero,
            None,
            {},
            spectrum.standing,
            symbol=r"\mathrm{Lrn}",
            claim=Claim("nothing learned", (spectrum, *labels)),
        )
    law = scaling_law(spectrum, mu, kappa, branch)
    formula = None
    if law.formula is not None:
        inverse = law.formula / sigma2
        if inverse.is_rational_function():
            formula = share_learned(1 / inverse, cost, samples)
        else:
            formula = samples / (samples + cost * inverse)
    grown, value, unit = None, None, sp.S.One
    if law.leading is not None and isinstance(law.leading.coefficient, sp.Expr):
        grown = _leading(samples, cost, law.leading)
    elif law.leading is not None and law.value is not None:
        grown, value, unit = _leading_number(samples, cost, law.leading, law.value)
    elif formula is None and law.value is not None and samples.is_Rational and cost.is_Rational:
        value = _share(law.value, samples, cost)

    return ScalingLaw(
        "Lrn",
        formula,
        grown,
        law.threshold,
        law.standing,
        symbol=r"\mathrm{Lrn}",
        value=value,
        unit=unit,
        claim=Claim("learnability", (spectrum, mu, kappa, samples, cost, branch)),
    )


def _share(inverse: Ball, n: sp.Rational, ridge: sp.Rational) -> Ball:
    """n/(n + ridge/lambda) for a positive number known by its reciprocal."""
    samples, cost = (Fraction(int(q.p), int(q.q)) for q in (n, ridge))
    low, high = (samples / (samples + cost * end) for end in (inverse.upper, inverse.lower))
    return Ball((low + high) / 2, (high - low) / 2)


def is_unseen(spectrum: Spectrum, mu: object, kappa: object) -> bool:
    """Whether the kernel is zero on these irreps; refuses irreps that the sizes, where they are numbers, do not have."""
    shapes = [Partition.read(mu, "mu")] + (
        [] if kappa is None else [Partition.read(kappa, "kappa")]
    )
    for shape, size in zip(shapes, (spectrum.positions, spectrum.tokens_symbol), strict=False):
        if isinstance(size, int):
            shape.padded(size)
    if len(shapes) > 1 and all(s.token_irrep is None for s in spectrum.sectors):
        return False  # no tokens to permute: an error, which `Spectrum.sector` raises
    found = (s for s in spectrum.sectors if s.position_irrep == shapes[0])
    if any(len(shapes) == 1 or s.token_irrep == shapes[1] for s in found):
        return False
    spectrum.require_zero(*shapes)
    return True


def read_decimal(value: object, argument: str) -> sp.Expr:
    """An exact number; a float as its shortest decimal."""
    if isinstance(value, (float, np.floating)):
        return sp.Rational(repr(read_real(value, argument)))
    return exact_expression(value, argument)


def _leading(n: sp.Expr, ridge: sp.Expr, cost: Leading) -> Leading | None:
    """The leading term of n/(n + ridge c L^e): which of the two terms below grows faster."""
    if ridge == 0:
        return Leading(sp.S.Zero, sp.S.One)
    tops = [leading(e) if e.has(CONTEXT_LENGTH) else Leading(sp.S.Zero, e) for e in (n, ridge)]
    assert isinstance(cost.coefficient, sp.Expr)
    rate = tops[1].exponent + cost.exponent - tops[0].exponent
    slope = sp.cancel(tops[1].coefficient * (cost.coefficient / sigma2) / tops[0].coefficient)
    if rate > 0:
        return Leading(-rate, sp.factor(1 / slope))
    return Leading(sp.S.Zero, sp.S.One if rate < 0 else sp.factor(1 / (1 + slope)))


def _leading_number(
    n: sp.Expr, ridge: sp.Expr, cost: Leading, inverse: Ball
) -> tuple[Leading, Ball | None, sp.Expr]:
    """The same where the coefficient of ``cost`` is a number, ``inverse``: the leading term, and the number and its unit where they are its coefficient."""
    grown = _leading(n, ridge, replace(cost, coefficient=sigma2))
    assert grown is not None
    if grown.exponent < 0:
        assert isinstance(grown.coefficient, sp.Expr)
        factor, unit = grown.coefficient.as_coeff_Mul(rational=True)
        value = inverse.reciprocal().scaled(Fraction(int(factor.p), int(factor.q)))
        return replace(grown, coefficient=None), value, unit
    if grown.coefficient == 1:
        return grown, None, sp.S.One
    known = n.is_Rational and ridge.is_Rational
    share = _share(inverse, n, ridge) if known else None
    return replace(grown, coefficient=None), share, sp.S.One


@dataclass(frozen=True)
@typed
class LearnedSector:
    """One eigenvalue of a sector, how often it occurs, and its learnability in both pictures."""

    position_irrep: Partition
    token_irrep: Partition | None
    branch: int
    eigenvalue: float
    dimension: int
    equivalent_kernel: float
    eigenlearning: float


@dataclass(frozen=True)
@typed
class LearnabilityTable(LearnabilityTableDoors):
    """Floating point: what n samples teach of every sector; prints as a table.

    >>> from symkern.kernels import derive
    >>> spec = derive("flatten").evaluate(length=8, vocabulary=4, alpha=1, beta=1)
    >>> print(spec.learnabilities(n=32, ridge="1/100"))
    n = 32, ridge 0.01: kappa = 0.00126076, overfitting 3.6251
    <BLANKLINE>
    positions  tokens  dimension  eigenvalue  equiv. kernel  eigenlearning
    ---------  ------  ---------  ----------  -------------  -------------
    (8)        (4)             1        1.25         0.9998         0.9990
    (8)        (3,1)           3     0.03125         0.9901         0.9612
    (7,1)      (3,1)          21     0.03125         0.9901         0.9612
    """

    spectrum: Spectrum
    n: float
    ridge: float
    kappa: float
    overfitting: float
    rows: tuple[LearnedSector, ...]

    def __iter__(self) -> Any:
        return iter(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        told = ("branch", "dimension", "eigenvalue", "equivalent_kernel", "eigenlearning")
        return {
            "schema": 1,
            "n": self.n,
            "ridge": self.ridge,
            "kappa": self.kappa,
            "overfitting": None if self.overfitting == float("inf") else self.overfitting,
            "sectors": [
                {
                    "position_irrep": list(row.position_irrep),
                    "token_irrep": None if row.token_irrep is None else list(row.token_irrep),
                    **{name: getattr(row, name) for name in told},
                }
                for row in self.rows
            ],
        }


def learnabilities(spectrum: Spectrum, *, n: object, ridge: object) -> LearnabilityTable:
    """What n samples teach of every sector of a spectrum whose sizes and hyperparameters are numbers.

    Args:
        spectrum: a spectrum without symbols, as `Spectrum.evaluate` gives it.
        n: the number of samples, at least 1.
        ridge: at least 0.

    Returns:
        A `LearnabilityTable`, a row for each eigenvalue, in floating point.

    Raises:
        InvalidArgument: symbols that are left, or numbers out of range.
    """
    samples, cost = read_real(n, "n", minimum=1), read_real(ridge, "ridge", minimum=0)
    if left := symbols_left(spectrum):
        rule = f"must have numbers for {', '.join(left)}: use .evaluate(...)"
        raise InvalidArgument("spectrum", rule, "they are symbols")
    entries = [
        (sector, i, _known(value))
        for sector in spectrum.sectors
        for i, value in enumerate(sector.eigenvalues)
    ]
    found = eigenlearning(
        [value for _, _, value in entries] or [0.0],
        [int(sector.dimension) for sector, _, _ in entries] or [1],
        n=samples,
        ridge=cost,
    )
    rows = tuple(
        LearnedSector(
            sector.position_irrep,
            sector.token_irrep,
            i,
            float(value),
            int(sector.dimension),
            float(share_learned(float(value), cost, samples)),
            float(share),
        )
        for (sector, i, value), share in zip(entries, found.learnabilities, strict=False)
    )
    return LearnabilityTable(spectrum, samples, cost, found.kappa, found.overfitting, rows)


def _known(value: Any) -> Any:
    """A ball around zero is an eigenvalue that is not told from zero."""
    return 0 if isinstance(value, Ball) and not value.excludes_zero else value
