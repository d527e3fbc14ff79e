r"""The features of softmax attention behind an average over positions, and their mean squares as series in 1/L, v a symbol.

With K_0 = token [x_a = y_b] + position [a = b] + constant, A = e^token, B = e^position (times the scale of the scores), n_t the share of the letter t
and eta = 1/L, a row of softmax is G_ab = eta e^(...)/z, z_t = 1 + (A - 1) n_t + A (B - 1) eta, and

    k(x, y) = token sum_t f_t(x) f_t(y) + position sum_c h_c(x) h_c(y) + constant,
    h_c = eta H_(x_c),  f_t = n_t H_t,  H_t = 1 + sum_u n_u/z_u - 1/z_t,      sum_t f_t = sum_c h_c = 1.

The letters and the positions are alike, so that f_t - 1/v and h_c - eta span the irreps (v-1, 1) and (L-1, 1), and Gram matrices there are numbers:

    token (v E f_0^2 - 1/v)/(v - 1)  on (L) x (v-1, 1),        position eta^2 (v E n_0 H_0^2 - 1)/(1 - eta)  on (L-1, 1) x (v);

on (L) x (v) there is token/v + position/L + constant, and nothing else. H_0 is a power series in xi_0 = n_0 - 1/v, in the sums p_i = sum_t xi_t^i and in eta
(weights 1, i and 2): a monomial of weight w has a mean of the order eta^(w/2), so that weight 2r gives all terms down to L^-r, at every v >= 2.
"""

from __future__ import annotations

from functools import cached_property
from math import comb
from typing import Any

import sympy as sp

from symkern.abc import v as VOCABULARY
from symkern.engines.pooled_softmax.letter_moments import LetterMoments, Series
from symkern.exact import RationalFunction, function_field

#: The symbols that stand for e^token and e^position.
TOKEN, POSITION = sp.Symbol("A", positive=True), sp.Symbol("B", positive=True)

#: Powers of xi_0 and of eta, and the sums p_i by their i.
Monomial = tuple[int, int, tuple[int, ...]]
Polynomial = dict[Monomial, Any]


class PooledFeatures:
    """The expansions down to eta^``order``.

    >>> found = PooledFeatures(1).letters()[1]
    >>> sp.factor(found.to_sympy() * (TOKEN + VOCABULARY - 1)**4 * VOCABULARY / (VOCABULARY*TOKEN - VOCABULARY + (TOKEN + VOCABULARY - 1)**2)**2)
    1
    """

    def __init__(self, order: int) -> None:
        self.order = order
        self.field = function_field((VOCABULARY, TOKEN, POSITION))
        self.v, a, b = (self.field(s) for s in (VOCABULARY, TOKEN, POSITION))
        self._slopes = a - 1, a * (b - 1)
        self._middle = (a + self.v - 1) / self.v
        self._moments = LetterMoments(self.field, self.v, order)

    def letters(self) -> Series:
        """(v E f_0^2 - 1/v)/(v - 1), by powers of eta."""
        squares = self._means(self._share, self._share)
        return self._less(squares, 1 / self.v, 1 / (self.v - 1))

    def positions(self) -> Series:
        """(v E n_0 H_0^2 - 1)/(1 - eta), by powers of eta."""
        found, total, sums = self._less(self._means(self._share), self.field.one, self.field.one), self.field.zero, {}  # fmt: skip
        for p in range(self.order + 1):
            total = total + found.get(p, self.field.zero)
            sums[p] = total
        return {p: c for p, c in sums.items() if c}

    def squares(self) -> tuple[Series, Series]:
        """v E f_0^2 and v E n_0 H_0^2."""
        return self._means(self._share, self._share), self._means(self._share)

    def _less(self, series: Series, constant: RationalFunction, factor: RationalFunction) -> Series:
        found = dict(series)
        found[0] = found.get(0, self.field.zero) - constant
        return {p: c * factor for p, c in found.items() if c}

    def _means(self, *factors: Polynomial) -> Series:
        """v E H_0^2 times the factors."""
        product = self._times(self._feature, self._feature)
        for factor in factors:
            product = self._times(product, factor)
        total: Series = {}
        for (power, eta, sums), c in product.items():
            for p, m in self._moments.mean(power, sums).items():
                if p + eta <= self.order:
                    term = self.v * c * m
                    total[p + eta] = total[p + eta] + term if p + eta in total else term
        return {p: c for p, c in total.items() if c}

    @cached_property
    def _share(self) -> Polynomial:
        """n_0."""
        return {(0, 0, ()): 1 / self.v, (1, 0, ()): self.field.one}

    def _inverse(self, i: int, j: int) -> RationalFunction:
        """The coefficient of xi^i eta^j in 1/z."""
        a, b = self._slopes
        if i < 0:
            return self.field.zero
        ways = (-1) ** (i + j) * comb(i + j, i)
        found: RationalFunction = a**i * b**j * ways / self._middle ** (i + j + 1)
        return found

    @cached_property
    def _feature(self) -> Polynomial:
        """H_0 = 1 + sum_ij psi_ij eta^j p_i - 1/z_0, psi the series of (1/v + xi)/z."""
        found: Polynomial = {(0, 0, ()): self.field.one}
        for j in range(self.order + 1):
            for i in range(2 * self.order - 2 * j + 1):
                own = (i, j, ())
                found[own] = found.get(own, self.field.zero) - self._inverse(i, j)
                if i == 1:
                    continue
                summed = self._inverse(i, j) / self.v + self._inverse(i - 1, j)
                key = (0, j, (i,) if i else ())
                found[key] = found.get(key, self.field.zero) + summed * (self.field.one if i else self.v)  # fmt: skip
        return {key: c for key, c in found.items() if c}

    def _times(self, one: Polynomial, other: Polynomial) -> Polynomial:
        """The product up to weight 2 ``order``."""
        found: Polynomial = {}
        for (i, j, p), c in one.items():
            for (k, m, q), d in other.items():
                if i + k + 2 * (j + m) + sum(p) + sum(q) > 2 * self.order:
                    continue
                key = i + k, j + m, tuple(sorted((*p, *q)))
                found[key] = found[key] + c * d if key in found else c * d
        return {key: c for key, c in found.items() if c}
