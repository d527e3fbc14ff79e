r"""The ring in which the contingency table of two long sequences fluctuates around independence.

Tokens are independent, those of x with law p and those of y with law q, all positive. With the letters of mean zero w_i(x) = [x = i] - p_i and
[y = j] - q_j, i, j = 1, ..., v - 1, the fluctuations are

    X_i = sum_a w_i(x_a)/L,    Y_j = sum_a w_j(y_a)/L,    M_ij = sum_a w_i(x_a) w_j(y_a)/L,      of weight 1,

and eta = 1/L, of weight 2. The table itself is

    N_tu/L = p_t q_u + sum_i a_ti q_u X_i + sum_j p_t a_uj Y_j + sum_ij a_ti a_uj M_ij,      a_ti = [t = i] - [t = 0].

A position that is read does not fluctuate: the others sum to 1 - eta.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symkern.exact.series_constants import Constants
from symkern.exact.weighted_series import Jet, JetRing


@dataclass(frozen=True)
class FluctuationRing:
    """The ring of X, Y, M and eta, cut after a weight, with the sizes of position types in it.

    ``laws`` are those of x and of y, positive probabilities that sum to one; ``starred`` says that one position is read, and is none of those that
    fluctuate.
    """

    laws: tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
    order: int
    constants: Constants
    starred: bool = False

    @cached_property
    def ring(self) -> JetRing:
        """The variables in the order X, Y, M row by row, eta."""
        n = self.letters - 1
        return JetRing([1] * (2 * n + n * n) + [2], self.order, self.constants)

    @property
    def letters(self) -> int:
        """How many there are."""
        return len(self.laws[0])

    @property
    def eta(self) -> Jet:
        """1/L."""
        return self.ring.variables[-1]

    def _letters(self, t: int) -> list[int]:
        """a_ti for i = 1, ..., v - 1."""
        n = self.letters
        return [-1] * (n - 1) if t == 0 else [int(t == i) for i in range(1, n)]

    @cached_property
    def _total(self) -> Jet:
        return self.ring.one - self.eta if self.starred else self.ring.one

    def single(self, side: int) -> list[Jet]:
        """n_t/L of x (side 0) or y (side 1), letter by letter."""
        n = self.letters - 1
        own = self.ring.variables[side * n : (side + 1) * n]
        found = []
        for t, p in enumerate(self.laws[side]):
            size = self._total * p
            for a, variable in zip(self._letters(t), own, strict=True):
                size = size + variable * a
            found.append(size)
        return found

    def pair(self, t: int, u: int) -> Jet:
        """N_tu/L."""
        n = self.letters - 1
        p, q = self.laws[0][t], self.laws[1][u]
        xs, ys = self.ring.variables[:n], self.ring.variables[n : 2 * n]
        size = self._total * (p * q)
        for i, a in enumerate(self._letters(t)):
            size = size + xs[i] * (a * q)
        for j, b in enumerate(self._letters(u)):
            size = size + ys[j] * (b * p)
            for i, a in enumerate(self._letters(t)):
                size = size + self.ring.variables[2 * n + i * n + j] * (a * b)
        return size
