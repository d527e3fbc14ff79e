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
from functools import cached_property
from math import comb, factorial, lcm
from typing import Any

from symkern.combinatorics.stirling_numbers import stirling2
from symkern.engines.match_counts.multiplicity_space import SectorSpace
from symkern.engines.match_counts.states import State, Vector, degree, pop, push
from symkern.exact import FunctionField, RationalFunction

#: Exponents of (s, m, s_x, s_y, d).
Exponents = tuple[int, int, int, int, int]


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

    @cached_property
    def sites(self) -> RationalFunction:
        """Number of symmetric positions."""
        return self.length - 1 if self.star else self.length

    @cached_property
    def matches(self) -> int:
        """Highest power of m: irreps with |mu| above it are not seen."""
        return max((j for _, j, _, _, _ in self.terms), default=0)

    @cached_property
    def degree(self) -> int:
        """Efron-Stein degree beyond which the operator vanishes, on either side."""
        return max((i + j + 2 * max(a, b) for i, j, a, b, _ in self.terms), default=0)

    def block(self, space: SectorSpace) -> list[list[RationalFunction]]:
        """Matrix of T_k on a stable sector, column j the image of basis vector j."""
        size = len(space)
        columns = [self._column(space, source) for source in space.sources]
        return [[columns[j][i] for j in range(size)] for i in range(size)]

    def _column(self, space: SectorSpace, source: State) -> list[RationalFunction]:
        out = [self.field.zero] * len(space)
        image, below = self.apply(source)
        entries: dict[int, list[tuple[Any, Fraction]]] = {}
        for state, c in image.items():
            for i, q in space.coordinates[state]:
                entries.setdefault(i, []).append((c, q))
        for i, parts in entries.items():
            bottom = lcm(*(q.denominator for _, q in parts))
            top = sum(
                (c * (q.numerator * (bottom // q.denominator)) for c, q in parts), self._constant(0)
            )
            out[i] = RationalFunction.reduced(self.field, top, below * bottom)
        return out

    def _constant(self, value: int) -> Any:
        return self.field.context.constant(value)

    def apply(self, source: State) -> tuple[Vector, Any]:
        """T_k applied to a state: a vector over integer polynomials, and their common denominator.

        Fractions are avoided on the way: the numbers a factor of v or a factorial would divide by are multiplied to the other terms
        instead, and divided out once, at the end.
        """
        v = self.vocabulary.num
        below = self._constant(1)
        for c in self.terms.values():
            below = below * (c.den / below.gcd(c.den))
        explicit = sum((mask >> 1).bit_count() for part in source for mask, _, _ in part)
        # T_{m^j} vanishes on degrees above j, and no degree is below the number of explicit sites.
        cleared = {
            key: c.num * (below / c.den) for key, c in self.terms.items() if key[1] >= explicit
        }
        squares = sorted({(a, b) for _, _, a, b, _ in cleared})
        highest = max((i for i, *_ in cleared), default=0)
        most = max((a + b for a, b in squares), default=0)
        total: Vector = {}
        for a, b in squares:
            inner = {(i, j, q): c for (i, j, a2, b2, q), c in cleared.items() if (a2, b2) == (a, b)}
            image = self._sandwich(self._squares({source: self._constant(1)}, b), inner, highest)
            missing = v ** (2 * (most - a - b))
            for state, c in self._squares(image, a).items():
                term = c * missing
                total[state] = total[state] + term if state in total else term
        below = (
            below
            * factorial(highest)
            * v ** (2 * highest + self.matches + int(self.star) + 2 * most)
        )
        return {state: c for state, c in total.items() if c != 0}, below

    def _squares(self, vector: Vector, times: int) -> Vector:
        """Multiply by (v^2 sum_t n_t^2)^times."""
        sites, v = self.sites.num, self.vocabulary.num
        for _ in range(times):
            vector = pop(push(vector, sites, v, self.star), sites, v, self.star)
        return vector

    def _sandwich(
        self, vector: Vector, terms: Mapping[tuple[int, int, int], Any], highest: int
    ) -> Vector:
        """highest! v^(2 highest + reach) times the sum over (i, j, q) of c n...n T_{m^j d^q} n...n.

        With R_i the part inside the i-th pair of count operators, R_{i-1} = pop(R_i)/(i v^2) + middle_{i-1}; what is carried is
        s_i R_i with s_{i-1} = i v^2 s_i, so that nothing is divided.
        """
        sites, v = self.sites.num, self.vocabulary.num
        top = max(i for i, _, _ in terms)
        levels = [vector]
        for i in range(1, top + 1):
            # A count operator lowers the degree by one at most, and level i2 sees degrees up to its j.
            seen = max(j + i2 - i for i2, j, _ in terms if i2 >= i)
            levels.append(push(levels[-1], sites, v, self.star, seen))
        result: Vector = {}
        scale = self._constant(1)
        for k in range(top + 1, highest + 1):  # as if there were levels up to ``highest``
            scale = scale * k * v**2
        for i in range(top, -1, -1):
            middle = {(j, q): c for (i2, j, q), c in terms.items() if i2 == i}
            factors: dict[tuple[int, bool], Any] = {}
            for state, c in levels[i].items():
                key = (degree(state), self._starred(state))
                if key not in factors:
                    factors[key] = self.middle(*key, middle) * scale
                if factors[key] != 0:
                    term = factors[key] * c
                    result[state] = result[state] + term if state in result else term
            if i:
                scale = scale * i * v**2
                result = pop(result, sites, v, self.star)
        return result

    def _starred(self, state: State) -> bool:
        return self.star and any(mask & 1 for part in state for mask, _, _ in part)

    def middle(self, d: int, starred: bool, terms: Mapping[tuple[int, int], Any]) -> Any:
        """v^reach times the number by which sum c T_{m^j d^q} multiplies a state of degree d.

        reach is the highest power of m, one more where a position is read.
        """
        v = self.vocabulary.num
        reach = self.matches + int(self.star)
        total = self._constant(0)
        for (j, q), c in terms.items():
            if not self.star:
                total = total + c * self._tau(j, d, reach)
                continue
            for r in range(j + 1):  # m^j = (m' + d)^j, and d^(r + q) = d unless r + q = 0
                if r + q:
                    total = total + c * comb(j, r) * self._tau(j - r, d, reach - 1)
                elif not starred:
                    total = total + c * self._tau(j, d, reach - 1) * v
        return total

    def _tau(self, p: int, d: int, reach: int) -> Any:
        """v^reach times the number T_{m^p} on Efron-Stein degree d."""
        sites, v = self.sites.num, self.vocabulary.num
        total = self._constant(0)
        for j in range(d, p + 1):
            count = stirling2(p, j) * factorial(j) // factorial(j - d)
            if not count:
                continue
            term = self._constant(count)
            for i in range(d, j):
                term = term * (sites - i)
            total = total + term * v ** (reach - j)
        return total
