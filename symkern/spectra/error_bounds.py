r"""How far a series in 1/L is from an eigenvalue at every length from one on: a bound with a number.

For one attention with tied queries and keys and softmax rows behind an average over positions, on two letters with probabilities p and q, the eigenvalues are means of functions of one
binomial count. With eta = 1/L, n_0 = p + xi the share of the letter 0, n_1 = q - xi, A = e^token, B = e^position, z_t = 1 + (A - 1) n_t + A (B - 1) eta:

    (L-1, 1):                    position eta^2/(1 - eta) E n_0 n_1 (1/z_0 - 1/z_1)^2
    (L) x (1,1), p = q:          2 token E (n_0 + n_0 n_1 (1/z_1 - 1/z_0) - 1/2)^2

(features as in `symkern.engines.pooled_softmax.pooled_features`). Of such a mean, factor eta^s E phi(xi, eta), the terms down to eta^(s + T - 1) are taken from the Taylor polynomial of phi of weight below 2T, and what
is left out is at most C eta^(s + T) for all eta <= eta_0 = 1/L_0:

* in xi to the order 2T with Lagrange's remainder for |xi| <= rho, each coefficient in eta to the order that is needed; derivatives are enclosed over the box |xi| <= rho, 0 <= eta <= eta_0, in balls;
* E xi^i is a polynomial in eta that begins with eta^ceil(i/2), and what goes beyond eta^T is bounded at eta_0;
* |xi| > rho has probability 2 exp(-2 rho^2 L) at most (Hoeffding 1963), where |phi| is bounded; L^T exp(-2 rho^2 L) falls from L = T/(2 rho^2) on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb
from typing import Any

import sympy as sp

from symkern.combinatorics import Partition
from symkern.engines.pooled_softmax.engine import PooledForm, pooled_form
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.exact import Ball
from symkern.exact.ball_matrices import dyadic
from symkern.exact.balls import BITS, from_arb, precision, to_arb
from symkern.exact.balls import enclosure as ball_of
from symkern.exact.double_series import DoubleSeries
from symkern.exact.length_series import LengthSeries, order_text
from symkern.reading.integers import read_integer
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.shown import Shown

#: Boxes into which |xi| <= rho is cut, and the parts of the smaller probability that are tried for rho.
_BOXES, _PARTS = 16, (2, 3, 4, 6, 8, 12, 16)


@dataclass(frozen=True)
class ErrorBound(Shown):
    """|eigenvalue - the terms of ``series``| <= ``constant`` L^(``series.error``) for all L >= ``least``, which is proved.

    ``constant`` is 0 where the terms are all there are.
    """

    series: LengthSeries
    constant: Fraction
    least: int

    def enclosure(self, length: int) -> Ball:
        """The eigenvalue at a length, between proven ends.

        Args:
            length: an integer of at least ``least``.

        Raises:
            InvalidArgument: a length below ``least``.
        """
        size = read_integer(length, "length", minimum=self.least)
        with precision(BITS):
            total = sum((to_arb(t.coefficient) if isinstance(t.coefficient, Ball) else ball_of(t.coefficient)) * to_arb(Fraction(size) ** int(t.exponent)) for t in self.series.terms)  # fmt: skip
            found = from_arb(total)
        power = 0 if self.series.error is None else int(self.series.error)
        return Ball(found.midpoint, found.radius + self.constant * Fraction(size) ** power)

    def __str__(self) -> str:
        if self.series.error is None:
            return f"{self.series}  (L >= {self.least}, proved)"
        terms = LengthSeries(self.series.terms, None)
        order = order_text(self.series.error).removeprefix("O(").removesuffix(")")
        return f"{terms}, within {float(self.constant):.4g} {order}  (L >= {self.least}, proved)"


def error_bound(
    spectrum: Spectrum, mu: object, kappa: object = None, terms: int = 1, least: int = 100
) -> ErrorBound:
    """An explicit bound of the error of a series in 1/L, for all lengths from one on: the eigenvalue is its terms up to C L^-r for every L >= L_0.

    Args:
        spectrum: of one attention with tied queries and keys and softmax rows behind mean_pool (linear stages may follow), hyperparameters numbers, on two letters that are drawn
            independently, at symbolic length.
        mu: the irrep of the positions.
        kappa: that of the letters, where they have one.
        terms: of the series.
        least: L_0.

    Returns:
        The `ErrorBound`, proved, with series, constant and L_0.

    Raises:
        NoClosedForm: for other kernels and laws, and sectors with more than one eigenvalue, with what exists there.
        InvalidArgument: L_0 is too small for the bound of the tails.

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding, uniform
    >>> k = embedding(1, 1).attention("tied", "softmax").mean_pool()
    >>> bound = error_bound(k.spectrum(length=L, tokens=uniform(2)), [1], [], terms=2)
    >>> bound.least, float(bound.constant) < 16
    (100, True)
    >>> print(bound.enclosure(10**6).digits(9))
    6.17838394e-20
    """
    shape, token = Partition.read(mu, "mu"), None if kappa is None else Partition.read(kappa, "kappa")  # fmt: skip
    wanted = read_integer(terms, "terms", minimum=1, maximum=4)
    start = read_integer(least, "least", minimum=2, maximum=10**9)
    form, p = _required(spectrum)
    sector = spectrum.sector(shape, token)
    found = sector.series(wanted if shape or token else 2)
    if len(found) != 1:
        raise NoClosedForm(
            f"mu, kappa: the sector ({shape}; {sector.token_irrep}) has {sector.multiplicity} eigenvalues, and bounds of errors exist where there is one, a mean "
            "over one count; spectrum.enclosure(length=...) bounds them at a length"
        )
    (series,) = found
    if not shape and not token:  # the shares sum to 1
        series = LengthSeries(series.terms, None)
    if series.error is None:
        return ErrorBound(series, Fraction(0), sector.valid_for["L"])
    power = int(sp.floor(series.error))  # means have whole powers alone
    series = replace(series, error=sp.Integer(power))
    with precision(BITS):
        mean = _Mean.of(form, p, shape, start)
        count = -power - mean.shift
        constants = [c for rho in _PARTS if (c := mean.constant(count, min(p, 1 - p) / rho)) is not None]  # fmt: skip
        if not constants:
            rule = f"must be large, for tails of the letters' numbers to be below L^-{count}"
            raise InvalidArgument("least", rule, f"it is {start}")
        mean.require(series, count)
        best = min(constants)
    return ErrorBound(series, best, start)


def _required(spectrum: Spectrum) -> tuple[PooledForm, Fraction]:
    """What the kernel is made of, and the probability of the letter 0; refused where it is another one."""
    instead = "series have their orders, and spectrum.enclosure(length=...) bounds eigenvalues at a length where it exists"
    form = pooled_form(spectrum.kernel)
    if form is None or isinstance(spectrum.length, int):
        raise NoClosedForm(
            f"error_bound: at symbolic length, one attention with softmax rows behind mean_pool has such bounds, and this is {spectrum.kernel}; {instead}"
        )
    if spectrum.parameters:
        names = ", ".join(s.name for s in spectrum.parameters)
        raise NoClosedForm(f"error_bound: hyperparameters must be numbers; give {names} values")
    laws = spectrum.tokens.components()
    if spectrum.vocabulary != 2 or laws is None or len(laws) != 1:
        raise NoClosedForm(f"error_bound: tokens must be independent, and letters two, and they are {spectrum.tokens}; {instead}")  # fmt: skip
    if form.token < 0 or form.position < 0:
        raise NoClosedForm(
            f"error_bound: scores must not fall for equal letters or positions; {instead}"
        )
    ((_, p),) = laws
    if p is not None and not isinstance(p[0], Fraction | int):
        raise NoClosedForm("error_bound: probabilities must be numbers")
    return form, Fraction(1, 2) if p is None else Fraction(p[0])


@dataclass(frozen=True)
class _Mean:
    """factor eta^shift E phi(xi, eta) for eta <= 1/least; ``highest`` bounds |phi| wherever 0 <= n_0 <= 1."""

    factor: Any
    shift: int
    function: Callable[[Any, Any], Any]
    highest: Any
    p: Fraction
    least: int

    @classmethod
    def of(cls, form: PooledForm, p: Fraction, mu: Partition, least: int) -> _Mean:
        a, b = ball_of(sp.exp(form.token)), ball_of(sp.exp(form.position))
        token, position, _ = form.values
        own = to_arb(p)

        def parts(xi: Any, eta: Any) -> tuple[Any, Any, Any]:
            one, two = xi + own, (1 - own) - xi
            zs = [(n * (a - 1) + eta * (a * (b - 1)) + 1).inverse() for n in (one, two)]
            return one, two, zs[0] - zs[1]

        def positions(xi: Any, eta: Any) -> Any:
            one, two, gap = parts(xi, eta)
            return one * two * gap * gap * (1 - eta).inverse()

        def letters(xi: Any, eta: Any) -> Any:
            one, two, gap = parts(xi, eta)
            share = one - one * two * gap - to_arb(Fraction(1, 2))
            return share * share * 2

        # z >= 1, so that |1/z_0 - 1/z_1| <= 1; the share f_0 lies between 0 and 1
        if mu:
            highest = to_arb(Fraction(1, 4)) / (1 - to_arb(Fraction(1, least)))
            return cls(ball_of(form.weight * position), 2, positions, highest, p, least)
        return cls(ball_of(form.weight * token), 0, letters, to_arb(Fraction(1, 2)), p, least)

    def coefficients(self, count: int) -> list[Any]:
        """Those of eta^0, ..., eta^(count - 1) in E phi."""
        taylor = self._expanded(to_arb(0), to_arb(0), 2 * count, count)
        found = [to_arb(0)] * count
        for i in range(2 * count):
            for power, c in share_moment(self.p, i).items():
                for j in range(count - power):
                    found[power + j] += taylor[i][j] * to_arb(c)
        return found

    def require(self, series: LengthSeries, count: int) -> None:
        """The coefficients found here are those of the series, which other code has found."""
        ours = [c * self.factor for c in self.coefficients(count)]
        given = {int(-t.exponent) - self.shift: t.coefficient for t in series.terms}
        for power, c in enumerate(ours):
            claimed = given.get(power, sp.S.Zero)
            other = to_arb(claimed) if isinstance(claimed, Ball) else ball_of(claimed)
            assert c.overlaps(other), (power, c, other)

    def constant(self, count: int, rho: Fraction) -> Fraction | None:
        """C; None where the tails beyond rho are not yet small at the least length."""
        if self.least * 2 * rho**2 < count:
            return None
        first = to_arb(Fraction(1, self.least))
        box = first / 2 + (first / 2) * to_arb(Ball(0, 1))
        order = 2 * count
        # in xi: the last derivative over |xi| <= rho
        steepest = to_arb(0)
        for i in range(_BOXES):
            low = -rho + 2 * rho * Fraction(i, _BOXES)
            xi = to_arb(Ball(low + rho / _BOXES, rho / _BOXES))
            steepest = steepest.max(abs(self._expanded(xi, box, order + 1, 1)[order][0]).upper())
        total = steepest * self._moment_size(order, count)
        # in eta: of each coefficient what is not among the terms
        exact = self._expanded(to_arb(0), to_arb(0), order, count)
        over = self._expanded(to_arb(0), box, order, count + 1)
        sizes = self.highest
        for i in range(order):
            sizes += abs(over[i][0]).upper()
            begins = -(-i // 2)
            total += abs(over[i][count - begins]).upper() * self._moment_size(i, begins)
            for power, c in share_moment(self.p, i).items():
                for j in range(count - begins):
                    if power + j >= count:
                        total += abs(exact[i][j] * to_arb(c)) * first ** (power + j - count)
        # where letters are far from their mean
        tail = 2 * (-2 * to_arb(rho) ** 2 * self.least).exp() * to_arb(self.least) ** count
        total += tail * sizes
        return dyadic((total * abs(self.factor)).upper())

    def _moment_size(self, power: int, begins: int) -> Any:
        """A number above |E xi^power| L^begins."""
        first, total = to_arb(Fraction(1, self.least)), to_arb(0)
        for eta, c in share_moment(self.p, power).items():
            total += abs(to_arb(c)) * first ** (eta - begins)
        return total

    def _expanded(self, xi: Any, eta: Any, m: int, n: int) -> list[list[Any]]:
        found: DoubleSeries = self.function(*DoubleSeries.variables(xi, eta, m, n))
        return found.coefficients


def share_moment(p: Fraction, power: int) -> dict[int, Fraction]:
    """E (N/L - p)^power for N of Binomial(L, p): coefficients by powers of 1/L, from E N(N - 1)...(N - j + 1) = L(L - 1)...(L - j + 1) p^j.

    >>> share_moment(Fraction(1, 2), 4)
    {2: Fraction(3, 16), 3: Fraction(-1, 8)}
    """
    total: dict[int, Fraction] = {}
    powers = [Fraction(1)]  # of x, in falling factorials of x
    for a in range(power + 1):
        for j, stirling in enumerate(powers):
            falling = [1]
            for r in range(j):
                falling = [c - r * d for c, d in zip([0, *falling], [*falling, 0], strict=True)]
            scale = comb(power, a) * (-p) ** (power - a) * stirling * p**j
            for b, c in enumerate(falling):
                total[a - b] = total.get(a - b, Fraction(0)) + scale * c
        shifted = zip([Fraction(0), *powers], [*powers, Fraction(0)], strict=True)
        powers = [before + j * own for j, (before, own) in enumerate(shifted)]
    return {eta: c for eta, c in sorted(total.items()) if c}
