"""The trace bound of every sector as a law, and how tight it is (Lavie, Gur-Ari, Ringel, ICML 2024)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.claims import Claim, ScalingLaw
from symkern.doors import TightnessDoors
from symkern.errors import NoClosedForm
from symkern.exact import Ball, exact_expression
from symkern.exact.asymptotics import Leading, leading
from symkern.exact.length_series import LengthSeries
from symkern.exact.written import fields_repr
from symkern.reading.annotated import typed
from symkern.sectors.sector import Sector
from symkern.spectra.ranking import ends, is_number
from symkern.spectra.sample_laws import chosen_sector
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_text, irrep_latex, irrep_text
from symkern.typeset.shown import Written, displays


@dataclass(frozen=True)
@typed
class Tightness(TightnessDoors, Written):
    """How a sector's largest eigenvalue compares with the trace bound E k(x, x)/dimension as L grows.

    Attributes:
        sector: the sector.
        bound: E k(x, x)/dimension.
        gap: the power of L by which the eigenvalue decays faster than the bound, 0 for a bound that is tight up to a constant; None at a given
            length.
        ratio: the leading coefficient of eigenvalue/bound, at most 1 for gap 0, None where it has no formula; at a given length eigenvalue/bound
            itself, an expression or a `Ball`.
        spectrum: where the sector is from.

    >>> from symkern.kernels import derive
    >>> t = next(t for t in derive("linear-attention").tightness() if not t.is_tight)
    >>> print(t)
    (L) x (v-1,1): eigenvalue/bound ~ 2*(v - 1)/L  (loose, proved)
    """

    sector: Sector
    bound: sp.Expr | Ball
    gap: sp.Rational | None
    ratio: sp.Expr | Ball | None
    spectrum: Spectrum | None = field(default=None, compare=False, repr=False)

    def __repr__(self) -> str:
        return fields_repr(self)

    def law(self) -> ScalingLaw:
        """Eigenvalue over bound: ratio x L^(-gap) as L grows, or the ratio at a given length."""
        ball = self.ratio if isinstance(self.ratio, Ball) else None
        ratio = None if isinstance(self.ratio, Ball) else self.ratio
        return ScalingLaw(
            "eigenvalue/bound",
            ratio if self.gap is None else None,
            None if self.gap is None else Leading(-self.gap, ratio),
            {},
            self.sector.standing,
            symbol=r"\lambda \, \dim R/\mathbb{E}\, k(x,x)",
            value=ball,
            claim=Claim("tightness", (self,)),
        )

    @displays
    def latex(self) -> str:
        r"""As one line of LaTeX mathematics, the irreps first.

        >>> from symkern.kernels import derive
        >>> print(derive("flatten").tightness()[2].latex())
        R = (L-1,1) \otimes (v-1,1): \quad \lambda \, \dim R/\mathbb{E}\, k(x,x) \sim \frac{\alpha (v - 1)}{v (\alpha + \beta)}
        """
        label = self._label(irrep_latex, r" \otimes ")
        return rf"R = {label}: \quad {self.law().latex()}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        label = self._label(irrep_text, " x ")
        if self.gap is None:
            shown = (
                self.ratio.digits() if isinstance(self.ratio, Ball) else formula_text(self.ratio)
            )
            verdict = "attained" if self.is_tight else "below"
            return f"{label}: eigenvalue/bound = {shown}  ({verdict}, {self.sector.standing})"
        term = self.law().leading
        assert term is not None
        grown = term.variable**term.exponent if term.expression is None else term.expression
        ratio = f"{'of the order of' if term.expression is None else '~'} {formula_text(grown)}"
        verdict = "tight" if self.is_tight else "loose"
        return f"{label}: eigenvalue/bound {ratio}  ({verdict}, {self.sector.standing})"

    def _label(self, written: Callable[..., str], times: str) -> str:
        """The irreps of the sector in the groups that permute positions and tokens."""
        given, sector = self.spectrum, self.sector
        length, letters = ("L", "v") if given is None else (given.positions, given.vocabulary)
        pairs = (sector.position_irrep, length), (sector.token_irrep, letters)
        return times.join(written(irrep, size) for irrep, size in pairs if irrep is not None)

    @property
    def is_tight(self) -> bool:
        """Whether eigenvalue and bound grow alike; at a given length, whether they are equal for sure."""
        return bool(self.ratio == 1 if self.gap is None else self.gap == 0)


def trace_law(spectrum: Spectrum, mu: object, kappa: object = None) -> ScalingLaw:
    """The trace bound E k(x, x)/dimension on the eigenvalues of a sector, chosen as in `scaling_law`, as a law; where E k(x, x) is a series in 1/L, its leading term.

    Args:
        spectrum: the spectrum.
        mu: parts of the irrep of the positions below its first row.
        kappa: the same of the tokens; without it the one whose largest eigenvalue falls slowest.

    Raises:
        InvalidArgument: a sector in which the kernel is zero.

    >>> from symkern.kernels import derive
    >>> print(derive("flatten").trace_law([1], [1]))
    lambda <= (alpha + beta)/((L - 1)*(v - 1)) ~ (alpha + beta)/(L*(v - 1))  (L >= 2, v >= 2, proved)
    """
    return sector_trace_law(spectrum, chosen_sector(spectrum, mu, kappa))


def sector_trace_law(spectrum: Spectrum, sector: Sector) -> ScalingLaw:
    """The trace bound E k(x, x)/(dim mu[L] dim kappa[v]) on the eigenvalues of a sector, as a law; its leading term where E k(x, x) is a series in 1/L.

    >>> from symkern.kernels import derive
    >>> print(derive("flatten").trace_law([1], [1]))
    lambda <= (alpha + beta)/((L - 1)*(v - 1)) ~ (alpha + beta)/(L*(v - 1))  (L >= 2, v >= 2, proved)
    >>> print(derive("softmax-attention", vocabulary=2).trace_law([1], []))
    E k(x, x)/dimension ~ alpha/(2*L)  (asymptotic)
    """
    trace = spectrum.trace()
    if isinstance(trace, LengthSeries):
        return _in_series(spectrum, sector, trace)
    if isinstance(trace, Ball):
        raise NoClosedForm(
            f"trace: E k(x, x) of {spectrum.kernel} is known as a number to a proven radius, {trace}, not as a formula"
        )
    formula = sp.factor(trace / sector.dimension)
    grows = formula.has(CONTEXT_LENGTH)
    irrep = sector.position_irrep
    holds = {}
    if isinstance(spectrum.length, sp.Expr):
        holds["L"] = max(irrep.threshold, 1) + spectrum.kernel.group.fixed
    if isinstance(spectrum.tokens_symbol, sp.Expr) and sector.token_irrep is not None:
        holds["v"] = max(sector.token_irrep.threshold, 1)
    return ScalingLaw(
        "lambda",
        formula,
        leading(formula) if grows else None,
        holds,
        sector.standing,
        relation="<=",
        symbol=rf"\lambda_{{{_label(spectrum, sector)}}}",
        claim=Claim("trace bound on a sector", (spectrum, sector)),
    )


def _label(spectrum: Spectrum, sector: Sector) -> str:
    """Both irreps, in LaTeX."""
    label = spectrum.kernel.group.latex(sector.position_irrep, spectrum.length)
    if sector.token_irrep is not None:
        label += rf" \otimes {irrep_latex(sector.token_irrep, spectrum.vocabulary)}"
    return label


def _in_series(spectrum: Spectrum, sector: Sector, trace: LengthSeries) -> ScalingLaw:
    """The leading term of the bound, which the eigenvalues stay below."""
    first = trace.terms[0]
    count = leading(exact_expression(sector.dimension, "dimension"))
    scale, value = count.coefficient, first.coefficient
    if isinstance(value, sp.Expr):
        value = sp.factor(value / scale)
    elif isinstance(value, Ball) and isinstance(scale, sp.Rational):
        value = value.scaled(Fraction(int(scale.q), int(scale.p)))
    else:
        raise NoClosedForm("trace_law: E k(x, x) has no written leading term to divide by a dimension in v; at a given vocabulary it has")  # fmt: skip
    term = Leading(first.exponent - count.exponent, value)
    symbol = rf"\mathbb{{E}}\,k(x,x) / \dim\bigl({_label(spectrum, sector)}\bigr)"
    number = value if isinstance(value, Ball) else None
    return ScalingLaw("E k(x, x)/dimension", None, term, {}, sector.standing, symbol=symbol, value=number)  # fmt: skip


def tightness(spectrum: Spectrum) -> list[Tightness]:
    """Every sector's largest eigenvalue against the trace bound, as L grows or at the given length.

    The bound is that of the whole sector, E k(x, x)/(dim mu[L] dim kappa[v]) (Lavie, Gur-Ari, Ringel, ICML 2024). With a symbolic
    length, sectors whose leading term is not known are left out; at a given length, sectors whose eigenvalue is no number.
    """
    spectrum.require_formulas("tightness")
    found = []
    trace = spectrum.trace()
    # The trace, the long formula of a bound, is factored once for all sectors.
    whole: sp.Expr | None = None
    grown: Leading | None = None
    for sector in spectrum.sectors:
        dimension = sector.dimension
        if isinstance(spectrum.length, int):
            quotient = _over_bound(sector.eigenvalues[0], trace, dimension)
            if quotient is not None:
                found.append(Tightness(sector, *quotient, spectrum))
            continue
        term = sector.leading_terms[0]
        if term is None or isinstance(trace, Ball):
            continue
        if whole is None or grown is None:
            whole = sp.factor(trace)
            grown = leading(whole, term.variable)
        count = leading(exact_expression(dimension, "dimension"), term.variable)
        ratio = None
        if isinstance(term.coefficient, sp.Expr):
            ratio = sp.factor(term.coefficient * count.coefficient / grown.coefficient)
        gap = grown.exponent - count.exponent - term.exponent
        # Factors that both have in common cancel when they are written alike, as `sp.factor` does.
        bound = whole / sp.factor(dimension)
        found.append(Tightness(sector, bound, gap, ratio, spectrum))
    return found


def _over_bound(
    value: object, trace: sp.Expr | Ball, dimension: int | sp.Expr
) -> tuple[sp.Expr | Ball, None, sp.Expr | Ball] | None:
    """The bound trace/dimension, no gap, and value/bound at a given length; None where the value is no number or formula."""
    if trace == 0:
        return None
    if isinstance(value, sp.Expr) and isinstance(trace, sp.Expr):
        return sp.factor(trace / dimension), None, sp.factor(value * dimension / trace)
    if not is_number(value) or not isinstance(dimension, int):
        return None
    if isinstance(trace, sp.Expr) and not trace.is_Rational:
        return None
    bound = trace.scaled(Fraction(1, dimension)) if isinstance(trace, Ball) else trace / dimension
    low, high = ends(value)
    least, most = ends(bound)
    if least <= 0:  # of a trace of floats
        return None
    quotients = [low / least, low / most, high / least, high / most]
    least, most = min(quotients), max(quotients)
    return bound, None, Ball((least + most) / 2, (most - least) / 2)
