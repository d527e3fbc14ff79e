r"""Gauss's quadrature for binomial laws of any size, and eigenvalues of small symmetric matrices, in decimals of many digits.

The polynomials orthonormal for Binomial(M, p) (Krawtchouk's) in y = (n - M p)/sqrt(M p q), q = 1 - p, have the recurrence

    s_(j+1) phi_(j+1) = (y - a_j) phi_j - s_j phi_(j-1),      a_j = j (q - p)/sqrt(M p q),     s_j^2 = j (M - j + 1)/M,

analytic in M, which need not be whole. With m nodes the mean of a polynomial of degree 2m - 1 is exact; a function of n/M that is analytic at p is missed by O(M^-m).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from .many_decimals import decimal_of
from .verdicts import CannotCheck, spend


@dataclass(frozen=True)
class BinomialRule:
    """``nodes`` nodes for Binomial(``trials``, ``chance``)."""

    trials: Decimal
    chance: Decimal
    nodes: int

    @cached_property
    def _spread(self) -> Decimal:
        return (self.trials * self.chance * (1 - self.chance)).sqrt()

    @cached_property
    def _recurrence(self) -> tuple[list[Decimal], list[Decimal]]:
        drift = (1 - 2 * self.chance) / self._spread
        steps = range(self.nodes + 1)
        return [j * drift for j in steps], [(j * (self.trials - j + 1) / self.trials).sqrt() for j in steps]  # fmt: skip

    def values(self, y: Decimal, count: int) -> list[Decimal]:
        """phi_0, ..., phi_(count - 1)."""
        a, s = self._recurrence
        found = [Decimal(1)]
        for j in range(count - 1):
            before = s[j] * found[j - 1] if j else Decimal(0)
            found.append(((y - a[j]) * found[j] - before) / s[j + 1])
        return found

    def rule(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """(weight, n, y) of each node."""
        spend(60 * self.nodes**2)
        mean, found = self.trials * self.chance, []
        for guess in hermite_roots(self.nodes):
            y = self._root(decimal_of(guess))
            weight = 1 / sum((v * v for v in self.values(y, self.nodes)), Decimal(0))
            found.append((weight, mean + self._spread * y, y))
        return found

    def _root(self, y: Decimal) -> Decimal:
        """Newton's method for phi_nodes."""
        a, s = self._recurrence
        for _ in range(30):
            value, slope = [Decimal(1)], [Decimal(0)]
            for j in range(self.nodes):
                before = (s[j] * value[j - 1], s[j] * slope[j - 1]) if j else (0, 0)
                value.append(((y - a[j]) * value[j] - before[0]) / s[j + 1])
                slope.append((value[j] + (y - a[j]) * slope[j] - before[1]) / s[j + 1])
            step = value[-1] / slope[-1]
            if y == y - step * step:
                return y - step
            y -= step
        raise CannotCheck("a quadrature whose nodes are not found")


def hermite_roots(count: int) -> list[float]:
    """Where Krawtchouk's nodes go for long sequences: zeros of He_count, by counting changes of sign and halving."""

    def below(y: float) -> int:
        """How many zeros are smaller."""
        changes, ratio = 0, 1.0
        for j in range(count):
            ratio = y - (j / ratio if j else 0.0)
            ratio = ratio if ratio else 1e-300
            changes += ratio < 0
        return count - changes

    found = []
    for i in range(count):
        low, high = -2.0 * (count + 1) ** 0.5, 2.0 * (count + 1) ** 0.5
        for _ in range(60):
            middle = (low + high) / 2
            if below(middle) > i:
                high = middle
            else:
                low = middle
        found.append((low + high) / 2)
    return found


def symmetric_eigenvalues(matrix: Sequence[Sequence[Decimal]], small: Decimal) -> list[Decimal]:
    """The eigenvalues, the smallest first, by Jacobi's rotations, until what stands beside the diagonal is below ``small``."""
    m = [list(row) for row in matrix]
    size = len(m)
    for _ in range(60):
        spend(3 * size**3)
        if all(abs(m[i][j]) < small for i in range(size) for j in range(i)):
            return sorted(m[i][i] for i in range(size))
        for i in range(size):
            for j in range(i):
                if abs(m[i][j]) >= small:
                    _rotate(m, i, j)
    raise CannotCheck("eigenvalues that are not found")


def _rotate(m: list[list[Decimal]], i: int, j: int) -> None:
    """Make the entry (i, j) zero."""
    half = (m[j][j] - m[i][i]) / (2 * m[i][j])
    t = Decimal(1).copy_sign(half) / (abs(half) + (half * half + 1).sqrt())
    c = 1 / (t * t + 1).sqrt()
    s = t * c
    for row in m:
        row[i], row[j] = c * row[i] - s * row[j], s * row[i] + c * row[j]
    m[i], m[j] = (
        [c * a - s * b for a, b in zip(m[i], m[j])],
        [s * a + c * b for a, b in zip(m[i], m[j])],
    )
