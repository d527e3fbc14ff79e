r"""Taylor polynomials in two variables with balls as coefficients: derivatives of a function of (x, y) at a point, or enclosed over a box.

sum_ij c_ij s^i t^j with i < m and j < n, c_ij = d^i_x d^j_y f/(i! j!) at (x, y); where x and y are balls, c_ij contains these derivatives at all points of the box.
"""

from __future__ import annotations

from typing import Any

from symkern.exact.balls import to_arb


class DoubleSeries:
    """Coefficients c[i][j] of s^i t^j.

    >>> from flint import arb
    >>> x, y = DoubleSeries.variables(arb(1), arb(2), 2, 2)
    >>> [[float(c) for c in row] for row in (x * y).coefficients], float(x.inverse().coefficients[1][0])
    ([[2.0, 1.0], [2.0, 1.0]], -1.0)
    """

    def __init__(self, coefficients: list[list[Any]]) -> None:
        self.coefficients = coefficients
        self.size = len(coefficients), len(coefficients[0])

    @classmethod
    def variables(cls, x: Any, y: Any, m: int, n: int) -> tuple[DoubleSeries, DoubleSeries]:
        """x + s and y + t, up to s^(m - 1) and t^(n - 1)."""
        made = []
        for value, (i, j) in ((x, (1, 0)), (y, (0, 1))):
            rows = [[to_arb(0)] * n for _ in range(m)]
            rows[0][0] = value
            if i < m and j < n:
                rows[i][j] = rows[i][j] + 1
            made.append(cls(rows))
        return made[0], made[1]

    def __add__(self, other: Any) -> DoubleSeries:
        if isinstance(other, DoubleSeries):
            pairs = zip(self.coefficients, other.coefficients, strict=True)
            return DoubleSeries([[a + b for a, b in zip(p, q, strict=True)] for p, q in pairs])
        rows = [list(row) for row in self.coefficients]
        rows[0][0] = rows[0][0] + other
        return DoubleSeries(rows)

    __radd__ = __add__

    def __neg__(self) -> DoubleSeries:
        return DoubleSeries([[-a for a in row] for row in self.coefficients])

    def __sub__(self, other: Any) -> DoubleSeries:
        found: DoubleSeries = self + (-other)
        return found

    def __rsub__(self, other: Any) -> DoubleSeries:
        found: DoubleSeries = -self + other
        return found

    def __mul__(self, other: Any) -> DoubleSeries:
        if not isinstance(other, DoubleSeries):
            return DoubleSeries([[a * other for a in row] for row in self.coefficients])
        m, n = self.size
        rows = [[to_arb(0)] * n for _ in range(m)]
        for i, row in enumerate(self.coefficients):
            for j, a in enumerate(row):
                for k in range(m - i):
                    for h in range(n - j):
                        rows[i + k][j + h] += a * other.coefficients[k][h]
        return DoubleSeries(rows)

    __rmul__ = __mul__

    def inverse(self) -> DoubleSeries:
        """1/f, f not zero anywhere in the box."""
        m, n = self.size
        first = self.coefficients[0][0]
        rows = [[to_arb(0)] * n for _ in range(m)]
        for i in range(m):
            for j in range(n):
                left = to_arb(int(i == j == 0))
                for k in range(i + 1):
                    for h in range(j + 1):
                        if k or h:
                            left -= self.coefficients[k][h] * rows[i - k][j - h]
                rows[i][j] = left / first
        return DoubleSeries(rows)
