r"""Coordinates of functions on words in a basis of products, orthogonal under independent letters.

For one position with probabilities w_0/w, ..., w_(s-1)/w, none of them zero, and W_k = w_0 + ... + w_(k-1), the functions

    phi_0 = 1,      phi_k = W_k [x = k] - w_k [x < k],      |phi_k|^2 = W_k w_k (W_k + w_k)/w,

are orthogonal; products over the positions are a basis of the functions on words, labelled by words, and the Efron-Stein degree is
the number of factors that are not phi_0.

Source: Efron, Stein, *The jackknife estimate of variance* (1981); O'Donnell, *Analysis of Boolean Functions*, section 8.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm, prod

import numpy as np
import numpy.typing as npt

from symkern.exact import RationalVector
from symkern.exact.sparse_residues import (
    INT64,
    IntegerArray,
    from_residues,
    primes_for,
    residues_of,
)
from symkern.exact.sparse_vector import largest


class ProductBasis:
    """The basis for words of a length whose letters have these probabilities, none of them zero.

    >>> basis = ProductBasis(2, [Fraction(1, 2), Fraction(1, 2)])
    >>> f = basis.products(RationalVector([0, 0, 1, 1]))  # x_0
    >>> list(f), basis.contents, basis.content_numbers.tolist()
    ([1/2, 0, 1/2, 0], [(2, 0), (1, 1), (0, 2)], [0, 1, 1, 2])
    """

    def __init__(self, length: int, probabilities: Sequence[Fraction]) -> None:
        self.length = length
        self._common = lcm(*(p.denominator for p in probabilities))
        self._weights = [int(p * self._common) for p in probabilities]

    def squared_norm(self, content: Sequence[int]) -> Fraction:
        """E phi^2 of a product that holds each phi_k ``content[k]`` times."""
        norms = [Fraction(1)]
        for k, weight in enumerate(self._weights[1:], start=1):
            below = sum(self._weights[:k])
            norms.append(Fraction(below * weight * (below + weight), self._common))
        return prod((a**times for a, times in zip(norms, content, strict=True)), start=Fraction(1))

    def products(self, f: RationalVector) -> RationalVector:
        """E f phi for every phi of the basis; coordinates of f are these over the squared norms."""
        weights = self._weights
        rows = [weights]  # row k holds weight times phi_k
        for k in range(1, len(weights)):
            below = sum(weights[:k])
            own = [-weights[k] * w for w in weights[:k]] + [below * weights[k]]
            rows.append(own + [0] * (len(weights) - k - 1))
        numerators = _transformed(f.numerators, rows, self.length)
        return RationalVector(numerators, f.denominator * self._common**self.length)

    @cached_property
    def _contents(self) -> tuple[list[tuple[int, ...]], npt.NDArray[np.int64]]:
        n, s = self.length, len(self._weights)
        # A content is packed into one number, the letter 0 counting least.
        digits = np.array([(n + 1) ** k for k in range(s)], dtype=object)
        if int(digits[-1]) * n <= INT64:
            digits = digits.astype(np.int64)
        keys = np.zeros(1, dtype=digits.dtype)
        for _ in range(n):
            keys = (keys[:, None] + digits[None, :]).ravel()
        values, numbers = np.unique(keys, return_inverse=True)
        contents = [
            tuple(int(key) // (n + 1) ** k % (n + 1) for k in range(s)) for key in values.tolist()
        ]
        return contents, numbers.astype(np.int64)

    @property
    def contents(self) -> list[tuple[int, ...]]:
        """The contents (number of each phi_k) that occur."""
        return self._contents[0]

    @property
    def content_numbers(self) -> npt.NDArray[np.int64]:
        """For each product the place of its content in ``contents``."""
        return self._contents[1]


def _transformed(values: IntegerArray, rows: list[list[int]], n: int) -> IntegerArray:
    """The matrix ``rows`` applied at each of the n positions."""
    growth = max(sum(map(abs, row)) for row in rows)
    bound = largest(values) * growth**n
    if bound <= INT64 and values.dtype != object:
        return _at_each_position(values, np.array(rows, dtype=np.int64), n, None)
    primes = primes_for(bound)
    exact = np.array(rows, dtype=object)
    residues = [
        _at_each_position(start, np.asarray(exact % p, dtype=np.int64), n, p)
        for start, p in zip(residues_of(values, primes), primes, strict=True)
    ]
    return from_residues(np.stack(residues), primes)


def _at_each_position(
    values: npt.NDArray[np.int64], matrix: npt.NDArray[np.int64], n: int, prime: int | None
) -> npt.NDArray[np.int64]:
    s = len(matrix)
    for _ in range(n):
        # The first position is transformed and becomes the last; after n rounds all are in place.
        table = values.reshape(s, -1)
        columns = []
        for row in matrix:
            total = np.zeros(table.shape[1], dtype=np.int64)
            for entry, slab in zip(row, table, strict=True):
                total += entry * slab
                if prime is not None:
                    total %= prime
            columns.append(total)
        values = np.stack(columns, axis=1).ravel()
    return values
