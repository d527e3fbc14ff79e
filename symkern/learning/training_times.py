r"""When each part of a target is learned by gradient flow, as formulas in the context length L and in time.

An eigenfunction has been learned with the factor 1 - e^(-lambda t) (`symkern.learning.training_curve`). Its time constant t = 1/lambda is the number of samples
that it costs at ridge 1; so the laws, energies and plateaus are those of `symkern.learning.sample_complexity`, with t in the place of n: what has 1/lambda ~ L^k is
learned at t ~ L^k, and the error is

    sum_i v_i^2 e^(-2 lambda_i t) + unlearnable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sympy as sp

from symkern.abc import sigma2
from symkern.claims.by_content import ByContent
from symkern.claims.claim import Claim
from symkern.claims.scaling_law import ScalingLaw
from symkern.doors import TrainingTimesDoors
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact import exact_expression
from symkern.learning.sample_complexity import (
    ComplexityRow,
    SampleComplexity,
    Stage,
    growth,
    sample_complexity,
)
from symkern.learning.training_curve import TrainingCurve
from symkern.reading.annotated import typed
from symkern.spectra.sample_laws import chosen_sector, scaling_law
from symkern.spectra.spectrum import Spectrum

#: Training time, as it stands in formulas.
TIME = sp.Symbol("t", nonnegative=True)


@dataclass(frozen=True, eq=False)
@typed
class TrainingTimes(TrainingTimesDoors, ByContent):
    """The parts of a target with their time constants, the fastest first; ask `Spectrum.training_times` for one.

    ``costs`` holds the same laws in samples. ``rows`` lists the learnable parts, ``outside`` those on which the kernel vanishes.
    """

    costs: SampleComplexity

    @property
    def spectrum(self) -> Spectrum:
        """The spectrum of the kernel."""
        return self.costs.spectrum

    @property
    def target(self) -> Any:
        """The target."""
        return self.costs.target

    @property
    def total(self) -> Any:
        """E f^2."""
        return self.costs.total

    @property
    def unlearnable(self) -> Any:
        """Energy outside the kernel's span."""
        return self.costs.unlearnable

    @property
    def is_symbolic(self) -> bool:
        """Whether the formulas hold for every L from ``costs.least`` on."""
        return self.costs.is_symbolic

    @cached_property
    def rows(self) -> tuple[ComplexityRow, ...]:
        """The parts, each with its law t = 1/lambda."""
        return tuple(map(self._in_time, self.costs.rows))

    @property
    def outside(self) -> tuple[ComplexityRow, ...]:
        """What is learned at no time."""
        return self.costs.outside

    def stages(self) -> tuple[Stage, ...]:
        """The plateaus of the training curve at t ~ L^k, k rising; the last stage, without exponent, is never learned."""
        return tuple(
            replace(stage, rows=tuple(map(self._in_time, stage.rows)))
            for stage in self.costs.stages()
        )

    @typed
    def learned(self, row: ComplexityRow, t: object = TIME) -> sp.Expr:
        """The factor 1 - e^(-lambda t) of a part, a formula; 0 for what lies outside the span.

        Args:
            row: one of ``rows``.
            t: a time of at least 0, exact, or a formula; the symbol t where nothing is said.

        Raises:
            NoClosedForm: an eigenvalue that no radical writes.
        """
        return sp.S.One - sp.exp(-self._rate(row) * _time(t))

    def error(self, t: object = TIME) -> sp.Expr:
        """sum_i v_i^2 e^(-2 lambda_i t) + unlearnable, exact in L and t; with a length given, with the energies' floats in it.

        Args:
            t: a time of at least 0, exact, or a formula; the symbol t where nothing is said.

        Raises:
            NoClosedForm: an eigenvalue or an energy that no radical writes; `Spectrum.training_curve` has numbers.

        >>> from symkern.kernels import embedding, uniform
        >>> from symkern.abc import L
        >>> spec = embedding(1).mean_pool().spectrum(length=L, tokens=uniform(2))
        >>> spec.training_times("x1").error()
        exp(-t)/4 + (L - 1)/(4*L) + exp(-t/L)/(4*L)
        """
        time = _time(t)
        total = sp.S.Zero + self.unlearnable
        for row in self.rows:
            if row.energy is None:
                raise NoClosedForm(
                    f"error: the energy on {row.name} is written by no radical; training_curve(..., length=) has numbers"
                )
            total += row.energy * sp.exp(-2 * self._rate(row) * time)
        return total

    def _in_time(self, row: ComplexityRow) -> ComplexityRow:
        if row.law is None or row.branch is None:
            return row
        labels = row.position_irrep, row.token_irrep
        before = self.spectrum.sector(*labels).branches[: row.branch]
        zeros = sum(branch.value is not None and branch.value == 0 for branch in before)
        claim = Claim("training time", (self.spectrum, *labels, row.branch - zeros))
        return replace(row, law=time_law(row.law, claim))

    def _rate(self, row: ComplexityRow) -> Any:
        if row.law is None:
            return sp.S.Zero
        if row.law.formula is None:
            raise NoClosedForm(
                f"error: the eigenvalue on {row.name} is written by no radical; its law has the leading term, and training_curve(..., length=) has numbers"
            )
        return self.costs.eigenvalue(row)

    def __repr__(self) -> str:
        counts = f"{len(self.rows)} parts, {len(self.outside)} never learned"
        return f"<TrainingTimes of {self.target}: {counts}>"


def _time(t: object) -> sp.Expr:
    if t is TIME:
        return TIME
    found = exact_expression(t, "t")
    if found.is_number and not found >= 0:
        raise InvalidArgument("t", "must be at least 0", f"it is {displayed(found)}")
    return found


def time_law(law: ScalingLaw, claim: Claim | None = None) -> ScalingLaw:
    """The law t = 1/lambda of an eigenvalue whose law is n = ridge/lambda, ridge a symbol or 1."""
    formula = None if law.formula is None else law.formula.subs(sigma2, 1)
    term = law.leading
    if term is not None and isinstance(term.coefficient, sp.Expr):
        term = replace(term, coefficient=term.coefficient.subs(sigma2, 1))
    unit = law.unit.subs(sigma2, 1)
    return replace(law, quantity="t", formula=formula, leading=term, unit=unit, claim=claim)


def training_law(
    spectrum: Spectrum, mu: object, kappa: object = None, branch: int = 0
) -> ScalingLaw:
    """The time constant t = 1/lambda of an eigenvalue: by then gradient flow of rate 1 has learned 1 - 1/e of its functions.

    Half is learned at log(2)/lambda.

    Args:
        spectrum: the spectrum.
        mu: parts of the irrep of the positions below its first row.
        kappa: the same of the tokens; without it the one whose largest eigenvalue falls slowest.
        branch: which nonzero eigenvalue of the sector, from 0, the largest first.

    Raises:
        InvalidArgument: a sector in which the kernel is zero, or no such branch.
        NoClosedForm: the eigenvalue is not known to be other than zero.

    >>> from symkern.kernels import derive
    >>> print(derive("flatten").training_law([1]))
    t = L*v/alpha  (L >= 2, v >= 2, proved)
    """
    law = scaling_law(spectrum, mu, kappa, branch)
    sector = chosen_sector(spectrum, mu, kappa)
    claim = Claim("training time", (spectrum, sector.position_irrep, sector.token_irrep, branch))
    return time_law(law, claim)


def training_times(
    spectrum: Spectrum, target: Any, *, length: object = None, vocabulary: object = None, **parameters: object
) -> TrainingTimes:  # fmt: skip
    """Every part of a target with the time at which gradient flow learns it; with L symbolic as formulas in L.

    Args:
        spectrum: the spectrum.
        target: as in `learning_curve`; with L symbolic a formula of degree at most two.
        length: a positive integer in the place of L; without it laws in L, where the spectrum has L.
        vocabulary: a positive integer in the place of v.
        **parameters: hyperparameters by name, exact numbers or formulas.

    Raises:
        InvalidArgument: a vocabulary that is left a symbol, positions beyond the length.
        NoClosedForm: a target that has no formula in L.

    >>> from symkern.abc import L, alpha, beta
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(alpha, beta).attention().mean_pool().spectrum(length=L, tokens=uniform(2))
    >>> for row in spec.training_times("x1").rows[1:3]:
    ...     print(row.name, row.energy, row.law.leading.expression)
    (L) x (1,1) 1/(4*L) 2*L/alpha**3
    (L-1,1) x (1,1) (L - 1)/(4*L) 2*L**2/(alpha**2*beta)
    """
    return TrainingTimes(
        sample_complexity(
            spectrum, target, length=length, vocabulary=vocabulary, ridge=1, **parameters
        )
    )


def curve_times(curve: TrainingCurve) -> TrainingTimes | None:
    """The times of the same target as formulas in L, where they are quickly found; None elsewhere."""
    found = growth(curve.spectrum, curve.target)
    return None if found is None else TrainingTimes(found)
