"""Eigenvalues of a spectrum as one list: sorted, counted, and held against the trace bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.claims.derivation import Derivation, Standing
from symkern.claims.scaling_law import ScalingLaw
from symkern.errors import NoClosedForm
from symkern.exact import AlgebraicNumber, Ball, ExactMatrix, exact_expression, function_field
from symkern.exact.asymptotics import Leading, leading, sample_value
from symkern.exact.balls import enclosure, from_arb
from symkern.typeset import formula_text, irrep_latex, irrep_text

if TYPE_CHECKING:
    from symkern.exact import Branch
    from symkern.sectors.sector import Sector
    from symkern.spectra.spectrum import Spectrum

__all__ = [
    "RESIDUE",
    "Eigenvalue",
    "Tightness",
    "is_doubtful",
    "is_number",
    "rank",
    "ranked",
    "reciprocal_value",
    "tightness",
    "trace_law",
]

#: Where a kernel's values are floats, eigenvalues below this share of the largest may be residues of rounding.
RESIDUE = 1e-12

#: Singular blocks with symbols have their rank proved by elimination up to this size; its entries grow without mercy.
LARGEST_ELIMINATED = 6


@dataclass(frozen=True)
class Eigenvalue:
    """One eigenvalue of a spectrum: its value, how often it occurs, its leading term and its sector.

    ``value`` is a SymPy expression, an `AlgebraicNumber` or a `Ball`; a `Branch` where only the minimal
    polynomial is known. ``dimension`` is its multiplicity in function space.
    """

    value: Any
    dimension: int | sp.Expr
    leading: Leading | None
    sector: Sector
    branch: int


def ranked(spectrum: Spectrum) -> list[Eigenvalue]:
    """All eigenvalues, the largest first: by value where they are numbers, by growth in L where they are formulas.

    Equal growth is ordered at a generic positive point of the symbols.
    """
    found = [
        Eigenvalue(value, sector.dimension, term, sector, i)
        for sector in spectrum.sectors
        for i, (value, term) in enumerate(
            zip(sector.eigenvalues, sector.leading_terms, strict=True)
        )
    ]
    return sorted(found, key=_order, reverse=True)


def _order(eigenvalue: Eigenvalue) -> tuple[float, float]:
    term = eigenvalue.leading
    if term is not None:
        return (float(term.exponent), sample_value(term.coefficient))
    value = eigenvalue.value
    if isinstance(value, sp.Expr):
        return (float("-inf") if value == 0 else 0.0, sample_value(value))
    try:
        return (0.0, float(value))
    except TypeError:
        return (0.0, float("-inf"))


def rank(spectrum: Spectrum) -> int | sp.Expr:
    """Rank of the operator: the sum over sectors of dimension x rank of the block, factored.

    A block is similar to a symmetric matrix, so its rank counts its nonzero eigenvalues. Raises `NoClosedForm`, with the least
    and the largest rank that are possible, where an eigenvalue cannot be told from zero (`is_doubtful`).
    """
    least, most = sp.S.Zero, sp.S.Zero
    for sector in spectrum.sectors:
        dimension = exact_expression(sector.dimension, "dimension")
        low, high = _block_ranks(spectrum, sector)
        least, most = least + low * dimension, most + high * dimension
    if least != most:
        raise NoClosedForm(
            f"rank: at least {least} and at most {most}, since for {most - least} of the eigenvalues, counted with their "
            "dimensions, it is not decided whether they are zero"
        )
    factored = sp.factor(least)
    return int(factored) if factored.is_Integer else factored


def is_doubtful(spectrum: Spectrum, sector: Sector, branch: Branch) -> bool:
    """Whether nothing says that an eigenvalue is zero, or that it is not.

    So it is with a ball that contains zero, and where the kernel's values are floats with whatever is below `RESIDUE` of the largest eigenvalue.
    """
    value = branch.value
    if sector.regular:
        return False
    if isinstance(value, Ball):
        if not value.excludes_zero:
            return bool(value.midpoint or value.radius)
    elif value is None or value == 0:
        return False
    if sector.standing is not Standing.FLOATING or not is_number(value):
        return False
    return abs(float(value)) < RESIDUE * _largest(spectrum)


def is_number(value: object) -> bool:
    """Whether an eigenvalue is a number, known exactly or to a proven radius."""
    return value.is_number if isinstance(value, sp.Expr) else isinstance(value, (Ball, AlgebraicNumber))  # fmt: skip


def _largest(spectrum: Spectrum) -> float:
    """The largest absolute value among the eigenvalues, which are numbers."""
    values = [value for sector in spectrum.sectors for value in sector.eigenvalues]
    return max((abs(float(value)) for value in values if is_number(value)), default=0.0)  # type: ignore[arg-type]


def _block_ranks(spectrum: Spectrum, sector: Sector) -> tuple[int, int]:
    """The least and the largest number of nonzero eigenvalues."""
    branches = sector.branches
    if sector.regular:
        return sector.multiplicity, sector.multiplicity
    doubtful = sum(is_doubtful(spectrum, sector, branch) for branch in branches)
    block = sector.block
    if (
        isinstance(block, ExactMatrix)
        and sector.standing is not Standing.FLOATING
        and (doubtful or not sector.is_written)
    ):
        return _exact_ranks(block)
    zeros = sum(branch.value is not None and _is_zero(branch.value) for branch in branches)
    return sector.multiplicity - zeros - doubtful, sector.multiplicity - zeros


def _is_zero(value: object) -> bool:
    return value == 0 if not isinstance(value, Ball) else not (value.midpoint or value.radius)


def _exact_ranks(block: ExactMatrix) -> tuple[int, int]:
    """Bounds on the rank over the field of rational functions, equal but for large singular blocks with symbols.

    At a point far from the small integers where factors of L and v vanish, the rank is never above that of the functions.
    """
    size = block.shape[0]
    rationals = function_field(())
    point: dict[Any, int] = {
        symbol: 1009 + 210 * i + i * i for i, symbol in enumerate(block.field.symbols)
    }
    try:
        least = int(block.substitute(point, rationals).to_flint().rank())
    except ZeroDivisionError:  # a pole at the point says nothing
        least = 0
    if least == size or block.is_rational:
        return least, least
    if size > LARGEST_ELIMINATED:
        return least, size
    rank = _eliminated(block)
    return rank, rank


def _eliminated(block: ExactMatrix) -> int:
    """Rank by elimination over the field of rational functions."""
    size = block.shape[0]
    rows = [list(row) for row in block]
    rank = 0
    for column in range(size):
        pivot = next((i for i in range(rank, size) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, size):
            if rows[i][column]:
                factor = rows[i][column] / rows[rank][column]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


@dataclass(frozen=True)
class Tightness:
    """How a sector's largest eigenvalue compares with the trace bound E k(x, x)/dimension as L grows.

    ``gap`` is the power of L by which the eigenvalue decays faster than the bound; 0 means that the
    bound is tight up to a constant. ``ratio`` is the leading coefficient of eigenvalue/bound, at most 1 for gap 0, and None where
    it has no formula. At a given length ``gap`` is None and ``ratio`` eigenvalue/bound itself: an expression, or a `Ball`.

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
            proof=None if self.spectrum is None else self.derivation,
        )

    def derivation(self) -> Derivation:
        """The steps to `law`: the bound, the eigenvalue, their leading terms; ``.check()`` verifies each by other code.

        Raises `NoClosedForm` for a kernel that is no polynomial in the match counts, and where the spectrum is not known.
        """
        from symkern.derivations.sector import tightness_derivation

        if self.spectrum is None:
            raise NoClosedForm("derivation: this comparison was stated without its spectrum")
        if self.gap is None or isinstance(self.bound, Ball):
            raise NoClosedForm(
                "derivation: at a given length there is nothing to derive; take the length as a symbol"
            )
        return tightness_derivation(self.spectrum, self.sector, self.bound, self.law())

    def latex(self) -> str:
        r"""As one line of LaTeX mathematics, the irreps first.

        >>> from symkern.kernels import derive
        >>> print(derive("flatten").tightness()[2].latex())
        R = (L-1,1) \otimes (v-1,1): \quad \lambda \, \dim R/\mathbb{E}\, k(x,x) \sim \frac{\alpha (v - 1)}{v (\alpha + \beta)}
        """
        length, letters = self._sizes
        label = irrep_latex(self.sector.position_irrep, length)
        if self.sector.token_irrep is not None:
            label += rf" \otimes {irrep_latex(self.sector.token_irrep, letters)}"
        return rf"R = {label}: \quad {self.law().latex()}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        length, letters = self._sizes
        label = irrep_text(self.sector.position_irrep, length)
        if self.sector.token_irrep is not None:
            label += f" x {irrep_text(self.sector.token_irrep, letters)}"
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

    @property
    def _sizes(self) -> tuple[object, object]:
        """The sizes of the groups that permute positions and tokens."""
        if self.spectrum is None:
            return "L", "v"
        group = self.spectrum.kernel.group
        return group.moved(self.spectrum.length), self.spectrum.vocabulary

    @property
    def is_tight(self) -> bool:
        """Whether eigenvalue and bound grow alike; at a given length, whether they are equal for sure."""
        return bool(self.ratio == 1 if self.gap is None else self.gap == 0)


def trace_law(spectrum: Spectrum, sector: Sector) -> ScalingLaw:
    """The trace bound E k(x, x)/(dim mu[L] dim kappa[v]) on the eigenvalues of a sector, as a law.

    >>> from symkern.kernels import derive
    >>> print(derive("flatten").trace_law([1], [1]))
    lambda <= (alpha + beta)/((L - 1)*(v - 1)) ~ (alpha + beta)/(L*(v - 1))  (L >= 2, v >= 2, proved)
    """
    trace = spectrum.trace()
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
    label = spectrum.kernel.group.latex(irrep, spectrum.length)
    if sector.token_irrep is not None:
        label += rf" \otimes {irrep_latex(sector.token_irrep, spectrum.vocabulary)}"

    def proof() -> Derivation:
        from symkern.derivations.sector import trace_derivation

        return trace_derivation(spectrum, sector, trace_law(spectrum, sector))

    return ScalingLaw(
        "lambda",
        formula,
        leading(formula) if grows else None,
        holds,
        sector.standing,
        relation="<=",
        symbol=rf"\lambda_{{{label}}}",
        proof=proof,
    )


def tightness(spectrum: Spectrum) -> list[Tightness]:
    """Every sector's largest eigenvalue against the trace bound, as L grows or at the given length.

    The bound is that of the whole sector, E k(x, x)/(dim mu[L] dim kappa[v]) (Lavie, Gur-Ari, Ringel, ICML 2024). With a symbolic
    length, sectors whose leading term is not known are left out; at a given length, sectors whose eigenvalue is no number.
    """
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
    low, high = _ends(value)
    least, most = _ends(bound)
    if least <= 0:  # of a trace of floats
        return None
    quotients = [low / least, low / most, high / least, high / most]
    least, most = min(quotients), max(quotients)
    return bound, None, Ball((least + most) / 2, (most - least) / 2)


def reciprocal_value(value: object) -> Ball | None:
    """One over an eigenvalue that is a positive number of no written form; else None."""
    if not isinstance(value, (Ball, AlgebraicNumber)):
        return None
    low, high = _ends(value)
    if low <= 0:
        return None
    return Ball((1 / low + 1 / high) / 2, (1 / low - 1 / high) / 2)


def _ends(value: object) -> tuple[Fraction, Fraction]:
    """Rational numbers that enclose a number."""
    if isinstance(value, AlgebraicNumber):
        value = value.refine(max(Fraction(abs(float(value))), Fraction(1, 10**300)) / 10**30)
        return value.low, value.high
    if isinstance(value, Ball):
        return value.lower, value.upper
    ball = from_arb(enclosure(value))
    return ball.lower, ball.upper
