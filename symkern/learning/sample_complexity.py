r"""What each part of a target costs in samples, as formulas in the context length, and which parts n ~ L^k samples have learned.

A part is the target's projection on one eigenvalue. Its law is n = ridge/lambda, the number of samples at which the equivalent kernel has
learned half of it; a learnability r takes r/(1 - r) times as many. As L grows parts are learned in the order of their exponents: between
L^k and the next exponent the test error rests on a *plateau*, the energy of what is not yet learned.

With L a symbol energies are exact; see `energy_formulas`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import sigma2
from symkern.claims.by_content import ByContent
from symkern.claims.scaling_law import ScalingLaw
from symkern.combinatorics import Partition
from symkern.doors import SampleComplexityDoors
from symkern.errors import InvalidArgument, NoClosedForm, displayed
from symkern.exact import exact_expression
from symkern.exact.asymptotics import Leading, leading, sample_value
from symkern.exact.real_arguments import read_real
from symkern.kernels.pipeline import Kernel
from symkern.learning.energy_formulas import energy_formulas
from symkern.learning.learnability import read_decimal
from symkern.learning.learning_curve import (
    LearningCurve,
    learning_curve,
    numeric_spectrum,
)
from symkern.learning.letters_split import split_by_letters
from symkern.learning.ridgeless import ridgeless_law
from symkern.learning.target_energies import (
    graded_of,
    highest_degree,
    label_sizes,
    target_energies,
)
from symkern.learning.target_values import read_target
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.spectra.deriving import derive
from symkern.spectra.evaluating import evaluated
from symkern.spectra.sample_laws import sample_laws
from symkern.spectra.spectrum import Spectrum
from symkern.targets.formula_targets import FormulaTarget
from symkern.targets.graded_targets import GradedTarget, expression
from symkern.tokens import uniform
from symkern.typeset.labels import irreps_text


@dataclass(frozen=True)
@typed
class ComplexityRow:
    """One part of a target.

    Attributes:
        position_irrep: mu, the parts below the first row; None where the part lies outside the span and is not known further.
        token_irrep: kappa, the same of the tokens.
        branch: the number of the eigenvalue in its sector.
        dimension: its multiplicity.
        energy: exact in L, or a float; None where no radical writes it, in a block above size two with L symbolic.
        law: n = ridge/lambda; None for what lies outside the kernel's span, of learnability 0.
        grown: the leading term of the energy.
        degree: that of a part outside the span, where it is known; a formula in L for parity.
        sizes: of the two groups, with which its irreps are written.
    """

    position_irrep: Partition | None
    token_irrep: Partition | None
    branch: int | None
    dimension: Any
    energy: Any
    law: ScalingLaw | None
    grown: Leading | None = None
    degree: int | sp.Expr | None = None
    sizes: tuple[Any, Any] = field(default=("L", "v"), compare=False, repr=False)

    @property
    def name(self) -> str:
        """The irreps as the tables print them, "(L-1,1) x (1,1)" of two letters."""
        return irreps_text(self.position_irrep, self.token_irrep, self.sizes)


@dataclass(frozen=True)
@typed
class Stage:
    """What n ~ L^exponent samples learn: the rows, the limits of their shares of the energy as L grows, and the share that is left."""

    exponent: sp.Rational | None
    rows: tuple[ComplexityRow, ...]
    shares: tuple[sp.Expr, ...]
    left: sp.Expr

    @property
    def share(self) -> sp.Expr:
        """Share of the energy that this stage learns; of the last stage, that it never learns."""
        return sp.factor(sp.Add(*self.shares))


@dataclass(frozen=True, eq=False)
@typed
class SampleComplexity(SampleComplexityDoors, ByContent):
    """The parts of a target with their laws, the cheapest first; ask `Spectrum.sample_complexity` for one.

    Attributes:
        spectrum: the spectrum.
        target: the target as it was read.
        rows: the learnable parts, the cheapest first.
        outside: the parts on which the kernel vanishes.
        total: E f^2.
        least: the length from which on the laws hold.
        graded: the energies as formulas in L, where L is symbolic.
        ridge: what the laws are for; at ridge 0 they are those of `symkern.learning.ridgeless`.
    """

    spectrum: Spectrum
    target: Any
    rows: tuple[ComplexityRow, ...]
    outside: tuple[ComplexityRow, ...]
    total: Any
    least: int = 1
    graded: Any = field(default=None, repr=False)
    ridge: Any = sigma2

    @property
    def is_symbolic(self) -> bool:
        """Whether the formulas hold for every L from ``least`` on."""
        return isinstance(self.spectrum.length, sp.Expr)

    @cached_property
    def unlearnable(self) -> Any:
        """Energy outside the kernel's span."""
        total = sum((row.energy for row in self.outside), sp.S.Zero)
        return sp.factor(total) if isinstance(total, sp.Expr) else float(total)

    def stages(self) -> tuple[Stage, ...]:
        """The plateaus of the learning curve for n ~ L^k, k rising; the last stage, without exponent, is never learned.

        Shares are limits as L grows; a part whose share tends to zero is listed all the same.
        """
        if not self.is_symbolic:
            rule = "must be the symbol L for stages"
            raise InvalidArgument("length", rule, f"it is {displayed(self.spectrum.length)}")
        if self.total == 0:
            return ()
        total = leading(self.total)
        groups: dict[Any, list[ComplexityRow]] = {}
        for row in self.rows:
            assert row.law is not None
            groups.setdefault(row.law.exponent, []).append(row)
        left = sum((_limit(row, total) for row in (*self.rows, *self.outside)), sp.S.Zero)
        stages = []
        for exponent in sorted(groups):
            shares = tuple(_limit(row, total) for row in groups[exponent])
            left = sp.factor(left - sp.Add(*shares))
            stages.append(Stage(exponent, tuple(groups[exponent]), shares, left))
        if self.outside:
            shares = tuple(_limit(row, total) for row in self.outside)
            stages.append(Stage(None, self.outside, shares, left))
        return tuple(stages)

    @typed
    def eigenvalue(self, row: ComplexityRow) -> Any:
        """The eigenvalue of a part, as a formula.

        Args:
            row: one of ``rows``.
        """
        value = self.spectrum.sector(row.position_irrep, row.token_irrep).branches[row.branch or 0]
        return value.value

    def whole(self, accuracy: object = "1/10") -> Any:
        """The law, with L symbolic, of the part that comes last when all but ``accuracy`` of the energy is to be learned.

        None if more than that lies outside the span, and for the target zero. For numbers see `samples`.

        Args:
            accuracy: the share of the energy that may be left, exact, at least 0.

        Raises:
            InvalidArgument: a spectrum at a given length, or a negative share.
            InvalidType: a float.
        """
        rest = exact_expression(accuracy, "accuracy")
        if not rest.is_number or not rest >= 0:
            raise InvalidArgument(
                "accuracy", "must be a number of at least 0", f"it is {displayed(rest)}"
            )
        stages = self.stages()
        if not stages:
            return None
        total = leading(self.total)
        for stage in stages:
            kept = [row for row in stage.rows if row.law is not None and _limit(row, total) != 0]
            if kept and stage.left <= rest:
                laws = [row.law for row in kept if row.law is not None]
                return max(laws, key=lambda law: sample_value(law.coefficient))
        return None

    def samples(self, accuracy: object = "1/10", *, ridge: object = 0, noise: object = 0) -> float:
        """The smallest n at which the test error, noise not counted, is at most ``accuracy`` times E f^2; inf if none is.

        Floating point, by the eigenlearning equations, at numbers for everything.

        Args:
            accuracy: the share of E f^2 that may be left, at least 0.
            ridge: at least 0.
            noise: the variance of the labels' noise, at least 0.

        Raises:
            InvalidArgument: a symbol is left in the spectrum.
        """
        wanted = read_real(accuracy, "accuracy", minimum=0)

        def error(n: Any) -> Any:
            curve: LearningCurve = learning_curve(
                self.spectrum, self.target, n=n, ridge=ridge, noise=noise
            )
            return curve.test_error - read_real(noise, "noise")

        grid = np.geomspace(1, 1e15, 241)
        good = error(grid) <= wanted * float(self.total)
        # Without ridge the error peaks at the interpolation threshold: the last bad point counts.
        if not good[-1]:
            return float("inf")
        bad = np.flatnonzero(~good)
        if not len(bad):
            return 1.0
        low, high = grid[bad[-1]], grid[bad[-1] + 1]
        for _ in range(3):
            inner = np.geomspace(low, high, 33)
            fine = error(inner) <= wanted * float(self.total)
            k = int(np.flatnonzero(~fine)[-1])
            low, high = inner[k], inner[min(k + 1, 32)]
        return float(high)

    def __repr__(self) -> str:
        return f"<SampleComplexity of {self.target}: {len(self.rows)} parts, {len(self.outside)} never learned>"


def _limit(row: ComplexityRow, total: Leading) -> sp.Expr:
    """Limit of energy/total as L grows."""
    if row.grown is None or row.grown.exponent < total.exponent:
        return sp.S.Zero
    assert isinstance(row.grown.coefficient, sp.Expr)
    return row.grown.coefficient / total.coefficient


def sample_complexity(
    spectrum: Spectrum,
    target: Any,
    *,
    length: object = None,
    vocabulary: object = None,
    ridge: object = sigma2,
    **parameters: object,
) -> SampleComplexity:
    """Every part of a target with the samples that it costs.

    With L symbolic (the vocabulary is a number) the target is a formula of degree at most two and energies and laws are exact in L; hyperparameters
    may stay symbols; parity is told to lie outside the span; at ridge 0 the laws count the modes that are fitted before. With numbers for both sizes
    any target is taken, and energies are floats where no formula exists.

    Args:
        spectrum: the spectrum.
        target: as in `learning_curve`; with L symbolic a formula of degree at most two.
        length: a positive integer in the place of L; without it laws in L, where the spectrum has L.
        vocabulary: a positive integer in the place of v.
        ridge: at least 0, or a formula; sigma2 where nothing is said.
        **parameters: hyperparameters by name, exact numbers or formulas.

    Raises:
        InvalidArgument: a vocabulary that is left a symbol, a negative ridge, positions beyond the length.
        NoClosedForm: a target that has no formula in L.

    >>> from symkern.abc import L, alpha, beta
    >>> from symkern.kernels import embedding, uniform
    >>> spec = embedding(alpha, beta).attention().mean_pool().spectrum(length=L, tokens=uniform(2))
    >>> found = spec.sample_complexity("x1")
    >>> for row in found.rows[1:3]:
    ...     print(row.name, row.energy, row.law.leading.expression)
    (L) x (1,1) 1/(4*L) 2*L*sigma2/alpha**3
    (L-1,1) x (1,1) (L - 1)/(4*L) 2*L**2*sigma2/(alpha**2*beta)
    """
    found = evaluated(spectrum, length, vocabulary, parameters)
    read = read_target(target)
    cost = read_decimal(ridge, "ridge")
    if cost.is_number and not cost >= 0:
        raise InvalidArgument("ridge", "must not be negative", f"it is {displayed(cost)}")
    if isinstance(found.length, int):
        return _numeric(found, read, cost)
    found = split_by_letters(found)
    if isinstance(read, FormulaTarget):
        if not isinstance(found.vocabulary, int):
            rule = "must be a number: energies of targets are exact in L at a given vocabulary"
            raise InvalidArgument("vocabulary", rule, f"it is {displayed(found.vocabulary)}")
        graded = graded_of(found, read)
        if graded is not None:
            return _symbolic(found, read, graded, cost)
        if (beyond := _beyond(found, read)) is not None:
            return beyond
    raise NoClosedForm(
        f"target: {read!s} has no energies symbolic in L here (formulas of degree at most two under uniform tokens "
        "have, for kernels that are polynomials and read no single position); give length= for numbers"
    )


def curve_growth(curve: LearningCurve) -> SampleComplexity | None:
    """What the same target costs as a formula in L, where there is one that is quickly found; None elsewhere."""
    return growth(curve.spectrum, curve.target, curve.ridge)


def growth(spectrum: Spectrum, target: Any, ridge: object = sigma2) -> SampleComplexity | None:
    """The costs with the length a symbol again, None where there are no formulas or they take long to find.

    For any positive ``ridge`` the one of sigma2, of which it is a value; without one, 0, that of the modes alone.
    """
    kernel, law = spectrum.kernel, spectrum.tokens
    if not (
        isinstance(kernel, Kernel) and law.has_equal_letters and isinstance(target, FormulaTarget)
    ):
        return None
    try:
        if highest_degree(spectrum) > current().quick_degree:
            return None
        # Equal probabilities that are written one by one are those of `uniform`, whose sectors have irreps of the letters.
        there = derive(kernel, CONTEXT_LENGTH, uniform(law.vocabulary))
        return sample_complexity(there, target, ridge=0 if ridge == 0 else sigma2)
    except (NoClosedForm, InvalidArgument):
        return None


def _numeric(spectrum: Spectrum, target: Any, ridge: sp.Expr) -> SampleComplexity:
    if ridge == 0:
        raise InvalidArgument(
            "ridge",
            "must be positive at a given length, where laws are n = ridge/eigenvalue; learning_curve(...) takes 0, and its rows "
            "say when half of a part is learned",
            "it is 0",
        )
    missing = [p for p in spectrum.parameters if p.name not in ("L", "v")]
    if missing:
        numeric_spectrum(spectrum, None, None, {})  # names what has no value
    found = target_energies(spectrum, target)
    by_labels = {(s.position_irrep, s.token_irrep): s for s in spectrum.sectors}
    sizes = label_sizes(spectrum)
    rows = []
    for part in found.parts:
        if part.energy > 0:
            sector = by_labels[part.sector]
            zeros = sum(
                b.value is not None and b.value == 0 for b in sector.branches[: part.branch]
            )
            laws = sample_laws(spectrum, sector)
            law = _with_ridge(laws[part.branch - zeros], ridge)
            row = ComplexityRow(
                *part.sector, part.branch, part.dimension, part.energy, law, sizes=sizes
            )
            rows.append((float(part.eigenvalue), row))
    rows.sort(key=lambda pair: -pair[0])
    outside = tuple(
        ComplexityRow(
            o.position_irrep, o.token_irrep, None, None, o.energy, None, None, o.degree, sizes
        )
        for o in found.outside
    )
    return SampleComplexity(spectrum, target, tuple(r for _, r in rows), outside, found.total)


# -- symbolic in L ---------------------------------------------------------------------


def _symbolic(
    spectrum: Spectrum, target: FormulaTarget, graded: GradedTarget, ridge: sp.Expr
) -> SampleComplexity:
    rows: list[ComplexityRow] = []
    outside: list[ComplexityRow] = []
    sizes = label_sizes(spectrum)
    least = graded.least
    seen = {}
    for sector in spectrum.sectors:
        assert sector.token_irrep is not None
        labels = (sector.position_irrep, sector.token_irrep)
        degrees = sector.degrees
        assert degrees is not None
        seen[labels] = degrees
        gram: dict[tuple[int, int], Any] = {
            k: x for k, x in graded.parts.get(labels, {}).items() if set(k) <= set(degrees)
        }
        if not gram:
            continue
        least = max(least, sector.valid_for["L"])
        laws = iter(sample_laws(spectrum, sector))
        for i, (energy, grown) in enumerate(energy_formulas(sector, degrees, gram)):
            value = sector.branches[i].value
            null = value is not None and value == 0
            law = None if null else next(laws)
            if energy == 0:
                continue
            if null and energy is None:
                raise AssertionError("an eigenvalue zero is written")
            if law is not None:
                law = ridgeless_law(spectrum, sector, i) if ridge == 0 else _with_ridge(law, ridge)
            row = ComplexityRow(*labels, i, sector.dimension, energy, law, grown, sizes=sizes)
            (outside if null else rows).append(row)
    for labels, products in graded.parts.items():
        for (d, e), (x, _) in products.items():
            energy = expression(x)
            if d == e and d not in seen.get(labels, ()) and energy != 0:
                outside.append(
                    ComplexityRow(*labels, None, None, energy, None, leading(energy), d, sizes)
                )
    rows.sort(key=_cost)
    return SampleComplexity(
        spectrum, target, tuple(rows), tuple(outside), graded.total, least, graded, ridge
    )


def _beyond(spectrum: Spectrum, target: FormulaTarget) -> SampleComplexity | None:
    """c parity on an even number of letters: the one function of degree L, invariant, and beyond every kernel of a degree below L.

    Its irrep of the tokens alternates with L where there are two letters, and is left open. None for other targets and kernels.
    """
    factor = _parity_factor(target.tree)
    kernel, letters = spectrum.kernel, spectrum.vocabulary
    if factor is None or not isinstance(kernel, Kernel) or not spectrum.tokens.is_uniform:
        return None
    if not isinstance(letters, int) or letters % 2:  # E (-1)^x = 0 makes it one product of degree L
        return None
    try:
        # The degree counts the positions that are alike; a position that is read by itself may add one.
        least = highest_degree(spectrum) + 1 + kernel.group.fixed
    except NoClosedForm:
        return None
    energy = sp.Rational(factor.numerator, factor.denominator) ** 2
    if energy == 0:
        return SampleComplexity(spectrum, target, (), (), energy)
    term = Leading(sp.S.Zero, energy)
    sizes = label_sizes(spectrum)
    row = ComplexityRow(Partition(), None, None, None, energy, None, term, CONTEXT_LENGTH, sizes)
    return SampleComplexity(spectrum, target, (), (row,), energy, least)


def _parity_factor(node: Any) -> Fraction | None:
    """c where a formula is c parity, written with products, quotients by numbers and signs; None elsewhere."""
    if node[0] == "parity":
        return Fraction(1)
    if node[0] == "negative":
        inner = _parity_factor(node[1])
        return None if inner is None else -inner
    if node[0] == "product":
        for a, b in ((node[1], node[2]), (node[2], node[1])):
            factor, inner = _number(a), _parity_factor(b)
            if factor is not None and inner is not None:
                return factor * inner
    if node[0] == "quotient":
        inner, below = _parity_factor(node[1]), _number(node[2])
        return inner / below if inner is not None and below else None
    return None


def _number(node: Any) -> Fraction | None:
    if node[0] == "negative":
        inner = _number(node[1])
        return None if inner is None else -inner
    return Fraction(node[1]) if node[0] == "number" else None


def _with_ridge(law: ScalingLaw, ridge: sp.Expr) -> ScalingLaw:
    """The law for another ridge than the symbol sigma2."""
    if ridge == sigma2:
        return law
    formula = None if law.formula is None else law.formula.subs(sigma2, ridge)
    term = law.leading
    if term is not None and isinstance(term.coefficient, sp.Expr):
        term = replace(term, coefficient=term.coefficient.subs(sigma2, ridge))
    return replace(law, formula=formula, leading=term)


def _cost(row: ComplexityRow) -> tuple[float, float]:
    assert row.law is not None and row.law.exponent is not None
    coefficient = row.law.coefficient
    return float(row.law.exponent), float("inf") if coefficient is None else sample_value(
        coefficient
    )
