r"""Kronecker coefficients of shapes with few rows, at any n, by characters of general linear groups.

On the tensor product of spaces of dimensions a and b, with the products x_i y_j as variables,

    s_lam(x_i y_j) = sum over mu, nu of g(lam, mu, nu) s_mu(x_1, ..., x_a) s_nu(y_1, ..., y_b),

so that g(lam, mu, nu) is the coefficient of x^(mu + delta) y^(nu + delta), delta = (a - 1, ..., 1, 0) and (b - 1, ..., 1, 0), in

    prod_(i < j) (x_i - x_j) prod_(i < j) (y_i - y_j) det(h_(lam_i - i + j)(x_k y_l)),

where a is the number of rows of mu, b that of nu and c that of lam: c > a b means 0. A complete function h_k has as its coefficients the numbers of
a x b contingency tables with total k by their margins. All is homogeneous, so that x_1 and y_1 need not be kept: an array has
prod_(i >= 2) (mu_i + a - i + 1) prod_(i >= 2) (nu_i + b - i + 1) numbers. The determinant is expanded by its rows, from the shortest up.

Tables are made row by row. Let R be the numbers of those without their first row; the first row with the total s brings the factor h_s(1, y_2, ..., y_b),
and these factors come one after the other by 1/(1 - t y_j) in turn. Sums may wrap around the word on the way, the numbers of tables do not.

Source: Christandl, Doran and Walter, *Computing multiplicities of Lie group representations*, FOCS 2012; Pak and Panova, *On the complexity
of computing Kronecker coefficients*, Comput. Complexity 26 (2017); Macdonald, *Symmetric Functions and Hall Polynomials*, I (3.4), I.7 example 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, permutations, product
from math import comb, factorial, prod
from typing import Any

import numpy as np

from symkern.characters.few_rows import vandermonde
from symkern.combinatorics.generation import iter_partitions
from symkern.combinatorics.partition import Partition
from symkern.exact.boxed_polynomials import Packed, padded_size, sum_of_products

_SECONDS_A_WORD = 2e-9  # an addition in an array
_SECONDS_AN_INTEGER = 1e-7  # a product in an array of Python ints
_SECONDS_A_COEFFICIENT = 4e-7  # packed, multiplied and unpacked
_SECONDS_AN_ARRAY = 1e-5
_BYTES_A_COEFFICIENT = 96
_WORD = 1 << 62

#: Of the three shapes together; an array has an axis for each of two, but two.
MOST_ROWS = 16


@dataclass(frozen=True)
class Expansion:
    """The determinant of ``lam`` with boxes of exponents for x_2, ..., x_a and y_2, ..., y_b; ``whole`` where all coefficients count."""

    lam: Partition
    x: tuple[int, ...]
    y: tuple[int, ...]
    whole: bool = False

    @property
    def box(self) -> tuple[int, ...]:
        """The shape of the arrays."""
        return tuple(e + 1 for e in self.x + self.y)

    @property
    def degrees(self) -> list[int]:
        """All k for which h_k stands in the determinant."""
        rows = range(len(self.lam))
        return sorted({max(self.lam[i] - i + j, 0) for i in rows for j in rows})

    @property
    def _steps(self) -> int:
        return min(self.degrees[-1], sum(self.y)) + 1

    @property
    def _products(self) -> int:
        """Products of arrays before the first row."""
        c = len(self.lam)
        return sum(comb(c, size) * size for size in range(2, c)) + (c if self.whole else 0)

    def seconds(self) -> float:
        """What it takes, estimated."""
        a, b, c = len(self.x) + 1, len(self.y) + 1, len(self.lam)
        size, degrees = prod(self.box), len(self.degrees)
        tables = (
            sum(self.x) * b / min(self.box, default=1) + self._steps * (b - 1) + degrees
        ) * size
        signs = c * factorial(a) * factorial(b) * size
        arrays = self._steps * (b + degrees) + sum(self.x) * b + c * factorial(a) * factorial(b)
        return (
            (tables + signs) * _SECONDS_A_WORD * (1 if self._fits else 30)
            + c * size * _SECONDS_AN_INTEGER
            + self._products * padded_size(self.box) * _SECONDS_A_COEFFICIENT
            + arrays * _SECONDS_AN_ARRAY
        )

    def bytes(self) -> int:
        """What it holds at once, estimated."""
        size, c = prod(self.box), len(self.lam)
        words = 8 * size * (len(self.degrees) + len(self.y) + 4) * (1 if self._fits else 8)
        packed = padded_size(self.box) * _BYTES_A_COEFFICIENT if self._products else 0
        minors = max(comb(c, size) for size in range(c)) if c > 2 else 1
        return words + 2 * packed + minors * (size * 40 + packed // 4)

    @property
    def _fits(self) -> bool:
        """Whether signed sums of numbers of tables fit into a word."""
        a, b = len(self.x) + 1, len(self.y) + 1
        tables = comb(self.degrees[-1] + a * b - 1, a * b - 1)
        return tables * factorial(a) * factorial(b) < _WORD

    def complete_functions(self) -> dict[int, Any]:
        """{k: h_k(x_i y_j)} for the degrees of the determinant."""
        kind = np.int64 if self._fits else object
        rest = np.zeros(self.box, dtype=kind)
        rest[(0,) * rest.ndim] = 1
        ndim_x = len(self.x)
        for axis in range(ndim_x):
            for j in range(len(self.y) + 1):  # 1/(1 - x_i y_j), and y_1 = 1
                moves = _along(rest.ndim, axis, ndim_x + j - 1 if j else None)
                for p in range(1, self.x[axis] + 1):
                    to, source = moves(p)
                    rest[to] += rest[source]
        sums = sum(np.indices(self.box[:ndim_x])) if ndim_x else np.zeros((), dtype=np.int64)
        found = {k: np.zeros_like(rest) for k in self.degrees}
        stages = [rest, *(np.zeros_like(rest) for _ in self.y)]
        for s in range(self._steps):
            for j, _ in enumerate(self.y, 1):
                following = stages[j - 1].copy()
                to, source = _shift(rest.ndim, ndim_x + j - 1)
                following[to] += stages[j][source]
                stages[j] = following
            last = s == self._steps - 1
            for k, array in found.items():
                here = sums <= k - s if last else sums == k - s
                array[here] = stages[-1][here]
        return found

    def last_factors(self) -> Iterator[tuple[int, Any, Any]]:
        """(sign, V h_k, the minor that belongs to h_k) over the first row; V is both alternating products."""
        functions = self.complete_functions()
        c = len(self.lam)
        minors: dict[tuple[int, ...], Any] = {(): None}
        packed = {k: Packed.of(h) for k, h in functions.items()} if c > 2 else {}
        for row in range(c - 1, 0, -1):
            before = {columns: Packed.of(m) for columns, m in minors.items()} if row < c - 1 else {}
            minors = {}
            for columns in combinations(range(c), c - row):
                if row == c - 1:
                    minors[columns] = self._entry(functions, row, columns[0])
                else:
                    minors[columns] = sum_of_products(
                        self.box,
                        (
                            (-1 if i % 2 else 1, packed[k], before[columns[:i] + columns[i + 1 :]])
                            for i, j in enumerate(columns)
                            if (k := self.lam[row] - row + j) >= 0
                        ),
                    ).array()
        for j in range(c):
            columns = tuple(i for i in range(c) if i != j)
            yield -1 if j % 2 else 1, self._alternated(functions[self.lam[0] + j]), minors[columns]

    def _entry(self, functions: dict[int, Any], row: int, column: int) -> Any:
        k = self.lam[row] - row + column
        return functions[k] if k >= 0 else np.zeros_like(functions[0])

    def _alternated(self, array: Any) -> Any:
        found = np.zeros_like(array)
        for (p, sign), (q, other) in product(
            vandermonde(len(self.x) + 1), vandermonde(len(self.y) + 1)
        ):
            powers = p + q
            if all(e < m for e, m in zip(powers, array.shape, strict=True)):
                to = tuple(slice(e, None) for e in powers)
                source = tuple(slice(m - e) for e, m in zip(powers, array.shape, strict=True))
                found[to] += sign * other * array[source]
        return found


def vanishes(lam: Partition, mu: Partition, nu: Partition) -> bool:
    """Whether g(lam, mu, nu) is 0 because a shape has more rows than the others' rows allow, or columns.

    >>> vanishes(Partition(2, 1, 1, 1, 1, 1), Partition(6, 1), Partition(5, 2))
    True
    """
    return any(len(a) > len(b) * len(c) for a, b, c in _signed((lam, mu, nu)))


def expansion(lam: Partition, mu: Partition, nu: Partition) -> Expansion | None:
    """The cheapest way to g(lam, mu, nu) of those that roles and conjugates give; None where all have many rows.

    All shapes are of one size, at least 1.

    >>> expansion(*[Partition(60, 40)] * 3).box
    (41, 41)
    """
    ways = (
        Expansion(a, _exponents(b), _exponents(c))
        for a, b, c in _signed((lam, mu, nu))
        if len(a) + len(b) + len(c) <= MOST_ROWS
    )
    return min(ways, key=Expansion.seconds, default=None)


def coefficient(way: Expansion) -> int:
    """g(lam, mu, nu) by the given expansion.

    >>> shape = Partition(3, 2, 1)
    >>> coefficient(expansion(shape, shape, shape))
    5
    """
    total = 0
    for sign, first, minor in way.last_factors():
        if minor is None:
            total += sign * int(first[tuple(way.x + way.y)])
        else:
            backwards = first[(slice(None, None, -1),) * first.ndim].ravel()
            used = np.flatnonzero(backwards)
            total += sign * sum(
                map(int.__mul__, backwards[used].tolist(), minor.ravel()[used].tolist())
            )
    return total


def whole_expansion(lam: Partition, mu: Partition) -> Expansion | None:
    """The way to g(lam, mu, nu) for all nu at once, which have at most as many rows as lam and mu multiplied; None as before.

    >>> whole_expansion(Partition(60, 40), Partition(70, 30)).box
    (31, 53, 35, 26)
    """
    n, rows = lam.size, len(lam) * len(mu)
    ways = (
        Expansion(one, _exponents(other), _all_exponents(n, rows), whole=True)
        for one, other in ((lam, mu), (mu, lam))
        if len(lam) + len(mu) + rows <= MOST_ROWS
    )
    return min(ways, key=Expansion.seconds, default=None)


def product_of_shapes(way: Expansion) -> dict[Partition, int]:
    """{nu: g(lam, mu, nu)} without zeros, reverse lexicographic, by the given expansion.

    >>> product_of_shapes(whole_expansion(Partition(2, 1), Partition(2, 1)))
    {Partition(3): 1, Partition(2, 1): 1, Partition(1, 1, 1): 1}
    """
    n, rows = way.lam.size, len(way.y) + 1
    found: Any
    if len(way.lam) == 1:
        ((_, found, _),) = way.last_factors()
    else:
        terms = ((s, Packed.of(f), Packed.of(m)) for s, f, m in way.last_factors())
        found = sum_of_products(way.box, terms)
    coefficients = {}
    for nu in iter_partitions(n, max_length=rows):
        g = int(found[way.x + tuple(nu.part(i) + rows - 1 - i for i in range(1, rows))])
        if g:
            coefficients[nu] = g
    return coefficients


def _signed(shapes: tuple[Partition, ...]) -> Iterator[tuple[Partition, ...]]:
    """All orders of three shapes, and of them with two conjugated: all have one coefficient."""
    for flips in ((), (0, 1), (0, 2), (1, 2)):
        flipped = tuple(s.conjugate if i in flips else s for i, s in enumerate(shapes))
        yield from permutations(flipped)


def _exponents(shape: Partition) -> tuple[int, ...]:
    """shape + delta, without its first entry."""
    return tuple(part + len(shape) - 1 - i for i, part in enumerate(shape))[1:]


def _all_exponents(n: int, rows: int) -> tuple[int, ...]:
    """The largest that partitions of n into at most so many rows have."""
    return tuple(n // (i + 1) + rows - 1 - i for i in range(1, rows))


def _along(ndim: int, axis: int, other: int | None) -> Any:
    """Where layer p of ``axis`` takes what, and from where in layer p - 1, moved by one along ``other``."""

    def moves(p: int) -> tuple[Any, Any]:
        to: list[Any] = [slice(None)] * ndim
        source: list[Any] = [slice(None)] * ndim
        to[axis], source[axis] = p, p - 1
        if other is not None:
            to[other], source[other] = slice(1, None), slice(None, -1)
        return tuple(to), tuple(source)

    return moves


def _shift(ndim: int, axis: int) -> tuple[Any, Any]:
    """Where multiplication by the variable of ``axis`` takes an array to and from."""
    before = (slice(None),) * axis
    return (*before, slice(1, None)), (*before, slice(None, -1))
