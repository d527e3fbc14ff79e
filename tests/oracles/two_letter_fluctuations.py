r"""Two letters: how fluctuations act on a sector, with the length a symbol.

The letter of mean zero is w(x) = [x = 1] - p_1, with w^2 = sigma^2 + b w, sigma^2 = p_0 p_1, b = p_0 - p_1. On the irrep (n - k, k) of the n
positions the multiplicity space has one vector u_e in each Efron-Stein degree k + e: k pairs of positions carry 1 wedge w, and u_e is the sum over the
e-subsets of the other n - 2k positions of the product of w there. Multiplication by Z = sum_a w(x_a) is

    Z u_e = (e + 1) u_{e+1} + b (e + k) u_e + sigma^2 (n - 2k - e + 1) u_{e-1},

and the kernel exp(z sum_a w(x_a) w(y_a)) is the tensor power of one 2 x 2 matrix m(z) in the letters 1, w, which acts as
det(m)^k on the pairs and on the others by

    sum_e' t^e' u_e'  ->  sum_e (m_00 + t m_01)^(n - 2k - e) (m_10 + t m_11)^e u_e.

So T of the kernel (sum w(x_a))^a (sum w(x_a) w(y_a))^c (sum w(y_a))^b is Z^a c! [z^c] Z^b, a matrix of polynomials in the length.
Row e of a block is of the order L^(-k-e), whatever the column, since |u_e|^2 ~ L^e.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import comb, factorial
from typing import Any

import flint

#: A matrix of polynomials in L with rational coefficients.
Rows = list[list[Any]]


def _q(value: Fraction | int) -> Any:
    value = Fraction(value)
    return flint.fmpq(value.numerator, value.denominator)


class TwoLetterSpace:
    """The vectors u_0, ..., u_most of the irrep mu = (k), on L - ``fixed`` positions.

    >>> half = (Fraction(1, 2),) * 2
    >>> space = TwoLetterSpace(half, 1, 2, 0)
    >>> [str(entry) for entry in space.operator(1, 1, 1)[1]]
    ['0', '1/16*x + (-1/8)', '0']
    """

    def __init__(
        self, probabilities: tuple[Fraction, Fraction], k: int, most: int, fixed: int
    ) -> None:
        p, q = probabilities
        self.variance, self.skew = _q(p * q), _q(p - q)
        self.k, self.most = k, most
        self.free = flint.fmpq_poly([-fixed - 2 * k, 1])  # n - 2k
        self._powers: list[Rows] = [
            [[flint.fmpq_poly([int(i == j)]) for j in range(most + 1)] for i in range(most + 1)]
        ]
        self._pairs: dict[int, Rows] = {}

    @cached_property
    def _z(self) -> Rows:
        zero = flint.fmpq_poly([])
        rows = [[zero] * (self.most + 1) for _ in range(self.most + 1)]
        for e in range(self.most + 1):
            rows[e][e] = flint.fmpq_poly([self.skew * (e + self.k)])
            if e < self.most:
                rows[e + 1][e] = flint.fmpq_poly([e + 1])
            if e:
                rows[e - 1][e] = (self.free - (e - 1)) * self.variance
        return rows

    def _power(self, a: int) -> Rows:
        while len(self._powers) <= a:
            self._powers.append(_product(self._z, self._powers[-1]))
        return self._powers[a]

    @cached_property
    def _moments(self) -> list[tuple[Any, Any]]:
        """(A_c, B_c) with w^c = A_c + B_c w."""
        found = [(flint.fmpq(1), flint.fmpq(0))]
        for _ in range(2 * self.most + 2 * self.k + 2):
            a, b = found[-1]
            found.append((self.variance * b, a + self.skew * b))
        return found

    def _letter_matrix(self, order: int) -> tuple[list[Any], list[Any], list[Any]]:
        """m_00, m_10 and m_11 as power series in z; m_01 = sigma^2 m_10."""
        series = []
        for f in (lambda a, b: a * a, lambda a, b: a * b, lambda a, b: b * b):
            series.append([f(*self._moment(c)) / factorial(c) for c in range(order + 1)])
        return series[0], series[1], [self.variance * c for c in series[2]]

    def _moment(self, c: int) -> tuple[Any, Any]:
        while len(self._moments) <= c:
            a, b = self._moments[-1]
            self._moments.append((self.variance * b, a + self.skew * b))
        return self._moments[c]

    def pairs(self, c: int) -> Rows:
        """T of (sum_a w(x_a) w(y_a))^c."""
        if c not in self._pairs:
            self._pairs[c] = self._pairs_of(c)
        return self._pairs[c]

    def _pairs_of(self, c: int) -> Rows:
        m00, m10, m11 = (_series(part) for part in self._letter_matrix(c))
        m01 = [e * self.variance for e in m10]
        determinant = _minus(_times(m00, m11), _times(m01, m10))
        first = _power(determinant, self.k)
        above = [*m00]
        above[0] = above[0] - 1
        above_powers = [_power(above, i) for i in range(c // 2 + 1)]  # m_00 - 1 = O(z^2)
        rows = []
        for e in range(self.most + 1):
            row = []
            for column in range(self.most + 1):
                total = [flint.fmpq_poly([])] * (c + 1)
                for i in range(max(0, column - c // 2), min(e, column) + 1):
                    j = column - i  # t^i from (m_10 + t m_11)^e, t^j from the other factor
                    part = _times(_power(m11, i), _power(m10, e - i))
                    part = _times(part, _power(m01, j))
                    part = _times(part, first)
                    left = self.free - e
                    rest = [flint.fmpq_poly([])] * (c + 1)
                    for r, q in enumerate(above_powers):
                        scale = _binomial(left - j, r)
                        rest = [s + t * scale for s, t in zip(rest, q, strict=True)]
                    scale = _binomial(left, j) * comb(e, i)
                    part = _times(part, rest)
                    total = [s + t * scale for s, t in zip(total, part, strict=True)]
                row.append(total[c] * factorial(c))
            rows.append(row)
        return rows

    def operator(self, a: int, b: int, c: int) -> Rows:
        """T of (sum w(x_a))^a (sum w(y_a))^b (sum w(x_a) w(y_a))^c."""
        return _product(_product(self._power(a), self.pairs(c)), self._power(b))


def _series(numbers: list[Any]) -> list[Any]:
    return [flint.fmpq_poly([c]) for c in numbers]


def _times(a: list[Any], b: list[Any]) -> list[Any]:
    found = [flint.fmpq_poly([])] * len(a)
    for i, c in enumerate(a):
        if c:
            for j in range(len(a) - i):
                if b[j]:
                    found[i + j] = found[i + j] + c * b[j]
    return found


def _minus(a: list[Any], b: list[Any]) -> list[Any]:
    return [c - d for c, d in zip(a, b, strict=True)]


def _power(a: list[Any], n: int) -> list[Any]:
    found = [flint.fmpq_poly([int(i == 0)]) for i in range(len(a))]
    for _ in range(n):
        found = _times(found, a)
    return found


def _binomial(n: Any, k: int) -> Any:
    """C(n, k) of a polynomial n."""
    found = flint.fmpq_poly([1])
    for i in range(k):
        found = found * (n - i)
    return found / factorial(k)


def _product(a: Rows, b: Rows) -> Rows:
    columns = list(zip(*b, strict=True))
    zero = flint.fmpq_poly([])
    return [
        [
            sum((s * t for s, t in zip(row, column, strict=True) if s and t), zero)
            for column in columns
        ]
        for row in a
    ]
