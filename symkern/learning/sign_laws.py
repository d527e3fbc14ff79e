r"""Laws in L of the sensitivity of signs of draws, on uniform tokens; all *asymptotic*. They need a few constants of the kernel (`symkern.learning.sign_rates`); for polynomials k = F(s, m) in the counts of matches:

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

and half of the inputs are positive in the mean, E 2q(1-q) ~ 1/2. Where k is linear in s alone, every centred draw is a multiple of n_1 - L/2: at even L the inputs where this is 0 have
no sign, no two others of different signs are neighbours, and E as = 0.

Where one position is read, its letter makes another sign at any length: with rho the limit of k(x, y)/k(x, x) where x and y differ there alone,

    E I ~ (2/pi) (1 - 1/v) (sqrt(2 (a + b)) + arccos rho),      E 2q(1-q) ~ (1 - 1/v) arccos(rho)/pi,      1 - E K_0/2^L ~ arccos(rho)/pi;

centred draws are functions of that letter for large L, of sum 0: a + b is divided by (1 - rho)(1 - 1/v), and rho is -1/(v - 1) instead. The value at a length is `symkern.learning.sign_sensitivity`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import sympy as sp

from symkern.abc import L
from symkern.claims import Standing
from symkern.errors import InvalidType, NoClosedForm
from symkern.kernels.pipeline import Kernel
from symkern.learning.sign_rates import SignRates, sign_rates
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
    def _rates(self) -> SignRates:
        kernel = self.spectrum.kernel
        if not isinstance(kernel, Kernel):
            raise NoClosedForm("kernel: laws in L of signs stand for pipelines; at a length, for example length=32, there are values of every kernel")  # fmt: skip
        return sign_rates(kernel, self._letters)

    @cached_property
    def average(self) -> sp.Expr:
        """E I(sign f), for two letters E as(sign f)."""
        rates, letters = self._rates, self._letters
        a, b, c, read = rates.a, rates.b, rates.c, rates.read
        share = 2 * (1 - 1 / letters) / sp.pi
        if c:
            if self.centred:
                c = c / (1 - rates.apart)
            return share * sp.sqrt(2 * c) * sp.sqrt(L)
        if read is not None:
            others, turned = a + b, sp.acos(read)
            if self.centred:
                others, turned = others / self._spread, self._between_letters
            return share * (sp.sqrt(2 * others) + turned)
        if not self.centred:
            return share * sp.sqrt(2 * (a + b))
        self._require_two("the sensitivity of centred draws")
        if rates.smooth:
            raise NoClosedForm("centred: the mean off, draws through a softmax vanish where both letters are equally frequent, and have values at a length, for example length=32")  # fmt: skip
        if rates.is_linear:
            return sp.Piecewise((sp.sqrt(2 * L / sp.pi), sp.Eq(sp.Mod(L, 2), 1)), (0, True))
        if b == 0:
            return sp.sqrt(2 * L / sp.pi)
        if a == 0:
            return 2 * sp.sqrt(L) / sp.pi
        inside = sp.sqrt(a * b * (1 + _G**2) + b**2) / (a * _G**2 + b)
        return 2 * sp.sqrt(L) / sp.pi * _mean(inside)

    @property
    def _spread(self) -> sp.Expr:
        """E f^2 of a draw with its mean off, over E f^2, where one position is read."""
        read = self._rates.read
        assert read is not None
        return (1 - read) * (1 - 1 / self._letters)

    @property
    def _between_letters(self) -> sp.Expr:
        """arccos rho between letters of a draw with its mean off that is a function of the letter read: their sum is 0."""
        return sp.acos(-1 / (self._letters - 1))

    @cached_property
    def balance(self) -> sp.Expr:
        """E 2 q (1 - q), q the share of inputs on which a draw is positive."""
        rates, letters = self._rates, self._letters
        a, b, read = rates.a, rates.b, rates.read
        if read is not None:
            turned = self._between_letters if self.centred else sp.acos(read)
            return (1 - 1 / letters) * turned / sp.pi
        if self.centred:
            return sp.S.Half
        if rates.c:
            return sp.acos(rates.apart) / sp.pi
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
        rates = self._rates
        a, b, c = rates.a, rates.b, rates.c
        if rates.read is not None:
            return sp.acos(rates.read) / sp.pi
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
                lines.append(f"{name} ~ {_written(getattr(self, part))}")
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
        NoClosedForm: the kernel has no such laws (`symkern.learning.sign_rates`).

    >>> from symkern.kernels import derive
    >>> print(sign_laws(derive("flatten", vocabulary=2)).average)
    sqrt(2)*sqrt(L)*sqrt(alpha)/(pi*sqrt(alpha + beta))
    """
    if not spectrum.tokens.has_equal_letters:
        raise InvalidType("tokens", "must be uniform where laws in L of signs are asked for", spectrum.tokens)  # fmt: skip
    found = SignLaws(spectrum, centred)
    found._rates  # noqa: B018  says now what has no law
    return found


def _written(law: sp.Expr) -> str:
    """A law, by the parity of L where it depends on it."""
    if isinstance(law, sp.Piecewise):
        (odd, _), (even, _) = law.args
        return f"{odd} for odd L, {even} for even L"
    return str(law)


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
