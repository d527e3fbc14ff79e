r"""Laws in L of the sensitivity of signs of draws, of kernels k = F(s, m) that are polynomials in the counts of matches, on uniform tokens; all *asymptotic*.

Between x and x with one letter changed, s = sum_t n_t(x) n_t(y) is one less than the mean of s(x, x) and s(y, y), and m = #{i : x_i = y_i} is L - 1. Counts stay within order sqrt(L) of L/v, so

    1 - rho ~ (ln F)_s + (ln F)_m      at s = L^2/v, m = L,        E I(sign f) ~ (2/pi) L (1 - 1/v) sqrt(2 (1 - rho)).

Where (ln F)_s ~ a/L^2 and (ln F)_m ~ b/L^2 (readouts that average), this is a constant, and most draws are nearly constant: for two letters, g a standard normal,

    E 2q(1-q) ~ E sqrt(a g^2 + b)/(pi sqrt(L)).

A neighbour differs by 1/L (+-sqrt(2 a) h + sqrt(2 b) e_i) from f(x) = sqrt(k(x, x)) u, with u, h and all e_i independent standard normals, the sign that of the letter that changes; so an
input has a neighbour of the other sign with probability sqrt(2/pi) E max_i of these,

    1 - E K_0/2^L ~ sqrt(8 b ln(L)/pi)/L,      or (2/pi) sqrt(2 a)/L where b = 0,

the first with corrections of relative order 1/sqrt(ln L). Where (ln F)_m ~ c/L (readouts of each position), 1 - rho ~ c/L and 1 - E K_0/2^L ~ sqrt(8 c ln(L)/(pi L)).

With the mean of each draw over inputs taken off (``centred``), for two letters

    E as ~ sqrt(L) (2/pi) E [sqrt(a b (1 + g^2) + b^2)/(a g^2 + b)],      sqrt(2 L/pi) where b = 0: the draw is a weighted majority,

and half of the inputs are positive in the mean, E 2q(1-q) ~ 1/2. The value at a length is `symkern.learning.sign_sensitivity`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import sympy as sp

from symkern.abc import L
from symkern.claims import Standing
from symkern.errors import InvalidType, NoAction, NoClosedForm
from symkern.exact import function_field
from symkern.exact.asymptotics import leading
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.pipeline import Kernel
from symkern.reading.annotated import typed
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.shown import Shown

_G = sp.Symbol("g", real=True)


@dataclass(frozen=True)
@typed
class SignLaws(Shown):
    """Leading terms in L, as formulas; each is worked out when it is asked for.

    Attributes:
        spectrum: at symbolic length, of uniform tokens.
        centred: whether draws have their mean over all inputs taken off.

    >>> from symkern.abc import L
    >>> from symkern.kernels import derive, uniform
    >>> laws = derive("linear-attention", L, uniform(2), alpha=1, beta=1).sign_sensitivity()
    >>> laws.average, sp.simplify(laws.boundary)
    (4/pi, 4*sqrt(2)*sqrt(log(L))/(sqrt(pi)*L))
    >>> laws.balance.subs(L, 512).evalf(5)
    0.038110
    """

    spectrum: Spectrum = field(repr=False)
    centred: bool = False
    standing: Standing = Standing.ASYMPTOTIC

    def __repr__(self) -> str:
        return f"<SignLaws of {self.spectrum!r}{', centred' * self.centred}>"

    @property
    def _letters(self) -> sp.Expr:
        size = self.spectrum.vocabulary
        return sp.Integer(size) if isinstance(size, int) else size

    @cached_property
    def _rates(self) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """a, b and c: the coefficients of L^-2 in (ln F)_s and (ln F)_m, and that of 1/L in the latter; over F less its mean where draws are centred and c is not 0."""
        by_s, by_m, whole, _ = self._values
        flips = _coefficient(by_m, whole, -1)
        if flips:
            return sp.S.Zero, sp.S.Zero, flips
        found = _coefficient(by_s, whole, -2), _coefficient(by_m, whole, -2)
        if not any(found):
            raise NoClosedForm("kernel: where no letter is seen, no sign depends on one; its values at a length have spectrum.sign_sensitivity")  # fmt: skip
        return (*found, sp.S.Zero)

    @cached_property
    def _values(self) -> tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]:
        """F_s, F_m and F at s = L^2/v, m = L, and F at m = L/v, the mean number of matches."""
        letters = self._letters
        kernel = self.spectrum.kernel
        assert isinstance(kernel, Kernel)
        s, m = L**2 / letters, L
        by_s = by_m = whole = apart = sp.S.Zero
        for (i, j, *others), coefficient in kernel_polynomial(kernel).terms.items():
            if any(others):
                raise NoClosedForm("kernel: laws in L of signs stand for kernels that are polynomials in s and m; at a length, for example length=32, there are values of every kernel")  # fmt: skip
            value = coefficient.to_sympy()
            by_s += i * value * s ** max(i - 1, 0) * m**j
            by_m += j * value * s**i * m ** max(j - 1, 0)
            whole += value * s**i * m**j
            apart += value * s**i * (m / letters) ** j
        return by_s, by_m, whole, apart

    @cached_property
    def average(self) -> sp.Expr:
        """E I(sign f), for two letters E as(sign f)."""
        a, b, c = self._rates
        letters = self._letters
        share = 2 * (1 - 1 / letters) / sp.pi
        if c and self.centred:
            _, by_m, whole, apart = self._values
            c = _coefficient(by_m, whole - apart, -1)
        if c:
            return share * sp.sqrt(2 * c) * sp.sqrt(L)
        if not self.centred:
            return share * sp.sqrt(2 * (a + b))
        self._require_two("the sensitivity of centred draws")
        if b == 0:
            return sp.sqrt(2 * L / sp.pi)
        if a == 0:
            return 2 * sp.sqrt(L) / sp.pi
        inside = sp.sqrt(a * b * (1 + _G**2) + b**2) / (a * _G**2 + b)
        return 2 * sp.sqrt(L) / sp.pi * _mean(inside)

    @cached_property
    def balance(self) -> sp.Expr:
        """E 2 q (1 - q), q the share of inputs on which a draw is positive."""
        a, b, c = self._rates
        if self.centred:
            return sp.S.Half
        if c:
            _, _, whole, apart = self._values
            return sp.acos(_coefficient(apart, whole, 0)) / sp.pi
        letters = self._letters
        if b == 0:
            chi = sp.sqrt(2) * sp.gamma(letters / 2) / sp.gamma((letters - 1) / 2)
            return sp.sqrt(2 * a / letters) * chi / (sp.pi * sp.sqrt(L))
        self._require_two("the balance of signs")
        return _root_mean(a, b) / (sp.pi * sp.sqrt(L))

    @cached_property
    def boundary(self) -> sp.Expr:
        """1 - E K_0/2^L, the mean share of inputs with a neighbour of the other sign, on two letters."""
        self._require_two("inputs of zero sensitivity")
        if self.centred:
            raise NoClosedForm("centred: inputs of zero sensitivity of centred draws have values at a length, for example length=32")  # fmt: skip
        a, b, c = self._rates
        if c:
            return sp.sqrt(8 * c * sp.log(L) / (sp.pi * L))
        if b == 0:
            return 2 * sp.sqrt(2 * a) / (sp.pi * L)
        return sp.sqrt(8 * b * sp.log(L) / sp.pi) / L

    @property
    def zero_inputs(self) -> sp.Expr:
        """E K_0, 2^L times one less `boundary`."""
        return 2**L * (1 - self.boundary)

    def _require_two(self, what: str) -> None:
        if self.spectrum.vocabulary != 2:
            raise NoClosedForm(f"vocabulary: {what} has a law in L on two letters, uniform(2)")

    def __str__(self) -> str:
        lines = []
        for name, part in (("E I(sign f)", "average"), ("E 2q(1-q)", "balance"), ("1 - E K_0/2^L", "boundary")):  # fmt: skip
            try:
                lines.append(f"{name} ~ {getattr(self, part)}")
            except NoClosedForm:
                continue
        return ", ".join(lines) + f"  ({self.standing.value})"


@typed
def sign_laws(spectrum: Spectrum, centred: bool = False) -> SignLaws:
    """Laws in L of the sensitivity of sign f, f drawn from the kernel's Gaussian process.

    Args:
        spectrum: at symbolic length, of uniform tokens.
        centred: take the mean over all inputs off each draw.

    Raises:
        InvalidType: the tokens are not uniform.
        NoClosedForm: the kernel is no polynomial in s and m.

    >>> from symkern.kernels import derive
    >>> print(sign_laws(derive("flatten", vocabulary=2)).average)
    sqrt(2)*sqrt(L)*sqrt(alpha)/(pi*sqrt(alpha + beta))
    """
    if not spectrum.tokens.has_equal_letters:
        raise InvalidType("tokens", "must be uniform where laws in L of signs are asked for", spectrum.tokens)  # fmt: skip
    found = SignLaws(spectrum, centred)
    try:
        found._rates  # noqa: B018  says now what has no law
    except NoAction as error:
        raise NoClosedForm("kernel: laws in L of signs stand for kernels that are polynomials in s and m; at a length, for example length=32, there are values of every kernel") from error  # fmt: skip
    return found


def _coefficient(top: sp.Expr, below: sp.Expr, power: int) -> sp.Expr:
    """The coefficient of L^power in top/below, which grows no faster."""
    symbols = tuple(sorted(top.free_symbols | below.free_symbols | {L}, key=str))
    quotient = function_field(symbols)(top) / function_field(symbols)(below)
    if not quotient:
        return sp.S.Zero
    found = leading(quotient, L)
    if found.exponent > power:
        raise NoClosedForm("kernel: its logarithm changes faster with the matches than laws in L of signs allow; there are values at a length, for example length=32")  # fmt: skip
    value = found.coefficient if found.exponent == power else sp.S.Zero
    assert isinstance(value, sp.Expr)
    return value


def _mean(value: sp.Expr) -> sp.Expr:
    """E of a function of a standard normal g, as an integral."""
    density = sp.exp(-(_G**2) / 2) / sp.sqrt(2 * sp.pi)
    return sp.Integral(value * density, (_G, -sp.oo, sp.oo))


def _root_mean(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """E sqrt(a g^2 + b) = sqrt(a) z e^(z/4) (K_0(z/4) + K_1(z/4))/sqrt(8 pi) with z = b/a."""
    if a == 0:
        return sp.sqrt(b)
    z = b / a
    bessel = sp.besselk(0, z / 4) + sp.besselk(1, z / 4)
    return sp.sqrt(a) * z * sp.exp(z / 4) * bessel / sp.sqrt(8 * sp.pi)
