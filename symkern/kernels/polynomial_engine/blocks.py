r"""Blocks of a kernel that is a polynomial in the match counts, on uniform tokens.

For the operator (T_k f)(x) = E_y k(x, y) f(y), y uniform, and n_t the number of sites with token t:

* T_{s k} = sum_t n_t T_k n_t, so a power s^i is i times two-sided multiplication (Horner's rule from the inside);
* multiplying by s_x = sum_t n_t(x)^2 multiplies the result by sum_t n_t^2, and s_y the argument;
* T_{m^p} is a number on functions of Efron-Stein degree d:
  tau_p(d) = sum_{j=d..p} S(p, j) j!/(j - d)! (L - d)(L - d - 1)...(L - j + 1) v^{-j}, with S(p, j) Stirling numbers of the second kind;
* at the star (the position that is read) d = [x_* = y_*] acts as 1/v, and its absence as the mean over x_*;
  there m = m' + d with m' the matches elsewhere.

Everything is polynomial in L and v, and the hyperparameters ride along in the coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial
from typing import Any

from symkern.exact import FunctionField, RationalFunction
from symkern.kernels.polynomial_engine.sectors import SectorSpace
from symkern.kernels.polynomial_engine.states import State, Vector, degree, pop, push

__all__ = ["PolynomialOperator", "stirling2"]

#: Exponents of (s, m, s_x, s_y, d).
Exponents = tuple[int, int, int, int, int]


def stirling2(p: int, j: int) -> int:
    """Stirling number of the second kind: partitions of p points into j blocks.

    >>> stirling2(4, 2)
    7
    """
    total = sum((-1) ** (j - i) * comb(j, i) * i**p for i in range(j + 1))
    return total // factorial(j)


@dataclass(frozen=True)
class PolynomialOperator:
    """T_k for k = sum of ``terms``, with ``length`` and ``vocabulary`` elements of ``field``.

    ``terms`` maps exponents of (s, m, s_x, s_y, d) to coefficients in ``field``. ``star`` says that the kernel
    reads one position, so that the symmetric ones are L - 1.
    """

    field: FunctionField
    terms: Mapping[Exponents, RationalFunction]
    length: RationalFunction
    vocabulary: RationalFunction
    star: bool

    @property
    def sites(self) -> RationalFunction:
        """Number of symmetric positions."""
        return self.length - 1 if self.star else self.length

    @property
    def matches(self) -> int:
        """Highest power of m: irreps with |mu| above it are not seen."""
        return max((j for _, j, _, _, _ in self.terms), default=0)

    @property
    def degree(self) -> int:
        """Efron-Stein degree beyond which the operator vanishes, on either side."""
        return max((i + j + 2 * max(a, b) for i, j, a, b, _ in self.terms), default=0)

    def block(self, space: SectorSpace) -> list[list[RationalFunction]]:
        """Matrix of T_k on a stable sector, column j the image of basis vector j."""
        size = len(space)
        columns = [self._column(space, source) for source in space.sources]
        return [[columns[j][i] for j in range(size)] for i in range(size)]

    def _column(self, space: SectorSpace, source: State) -> list[RationalFunction]:
        zero = self.field.zero
        out = [zero] * len(space)
        for state, c in self.apply({source: self.field.one.num}).items():
            for i, q in space.coordinates[state]:
                out[i] = out[i] + c * q
        return out

    def apply(self, vector: Vector) -> dict[State, RationalFunction]:
        """T_k applied to a vector of states."""
        total: dict[State, RationalFunction] = {}
        for a, b in sorted({(a, b) for _, _, a, b, _ in self.terms}):
            inner = {
                (i, j, q): c for (i, j, a2, b2, q), c in self.terms.items() if (a2, b2) == (a, b)
            }
            image = self._sandwich(self._squares(vector, b), inner)
            image = self._squares(image, a)
            scale = self.field.one / self.vocabulary ** (2 * (a + b))
            for state, c in image.items():
                term = self.field(c) * scale if isinstance(c, RationalFunction) else c
                total[state] = total[state] + term if state in total else term
        return total

    def _squares(self, vector: Vector, times: int) -> Vector:
        """Multiply by (v^2 sum_t n_t^2)^times."""
        for _ in range(times):
            sites, v = self._scalars(vector)
            vector = pop(push(vector, sites, v, self.star), sites, v, self.star)
        return vector

    def _scalars(self, vector: Vector) -> tuple[Any, Any]:
        """Number of sites and of tokens in the arithmetic of the vector's coefficients."""
        rational = any(isinstance(c, RationalFunction) for c in vector.values())
        return (self.sites, self.vocabulary) if rational else (self.sites.num, self.vocabulary.num)

    def _sandwich(
        self, vector: Vector, terms: Mapping[tuple[int, int, int], RationalFunction]
    ) -> dict[State, RationalFunction]:
        """sum over (i, j, q) of c n...n T_{m^j d^q} n...n, each n_t as v n_t / v."""
        highest = max(i for i, _, _ in terms)
        reach = max(j for _, j, _ in terms)
        levels = [vector]
        for i in range(1, highest + 1):
            sites, v = self._scalars(levels[-1])
            levels.append(push(levels[-1], sites, v, self.star, reach + highest - i))
        result: dict[State, RationalFunction] = {}
        for i in range(highest, -1, -1):
            middle = {(j, q): c for (i2, j, q), c in terms.items() if i2 == i}
            for state, c in levels[i].items():
                factor = self._middle(state, middle)
                if factor:
                    term = factor * (c if isinstance(c, RationalFunction) else self._lift(c))
                    result[state] = result[state] + term if state in result else term
            result = {state: c for state, c in result.items() if c}
            if i:
                scale = self.field(Fraction(1, i)) / self.vocabulary**2
                popped = pop(result, self.sites, self.vocabulary, self.star)
                result = {state: c * scale for state, c in popped.items()}
        return result

    def _lift(self, c: Any) -> RationalFunction:
        return RationalFunction(self.field, c, self.field.one.num)

    def _middle(
        self, state: State, terms: Mapping[tuple[int, int], RationalFunction]
    ) -> RationalFunction:
        """The number by which sum c T_{m^j d^q} multiplies a state."""
        d = degree(state)
        total = self.field.zero
        starred = self.star and any(mask & 1 for part in state for mask, _, _ in part)
        for (j, q), c in terms.items():
            if not self.star:
                total = total + c * self._tau(j, d)
                continue
            for r in range(j + 1):  # m^j = (m' + d)^j, and d^(r + q) = d unless r + q = 0
                at_star = (
                    self.field.one / self.vocabulary if r + q else self.field(int(not starred))
                )
                total = total + c * comb(j, r) * self._tau(j - r, d) * at_star
        return total

    def _tau(self, p: int, d: int) -> RationalFunction:
        """The number T_{m^p} on Efron-Stein degree d."""
        total = self.field.zero
        for j in range(d, p + 1):
            count = stirling2(p, j) * factorial(j) // factorial(j - d)
            if not count:
                continue
            term = self.field(count)
            for i in range(d, j):
                term = term * (self.sites - i)
            total = total + term / self.vocabulary**j
        return total
