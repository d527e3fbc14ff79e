r"""Standard tableaux as paths in Young's lattice: the Gelfand-Tsetlin labels of a basis of S^lam.

The path of a standard tableau T is stored as its row word, letter k the row of the k-th cell, all from 0; words come
in lexicographic order, that of `symkern.combinatorics.standard_tableaux`, so the row-reading tableau is
first and the column-reading one last. c_T(k) is the content (column minus row) of cell k; s_i T exchanges
the cells i and i + 1 and is standard unless they are neighbours in a row or column.

Two numbers per path bound every matrix entry of the seminormal form exactly:

* gamma_T, the square of the length of the seminormal vector v_T, 1 for the column-reading tableau and
  gamma_(s_i T) = (1 - 1/r^2) gamma_T where cell i lies below cell i + 1 in T, r = c_T(i+1) - c_T(i).
  Since v_T/sqrt(gamma_T) is orthonormal, \|rho(g)_TS\| <= sqrt(gamma_S/gamma_T).
* d_T = prod_k prod_c (c_T(k) - c), c over the other contents at which a cell can be added to the first k cells
  of T. The idempotent E_T = prod_k prod_c (J_k - c)/(c_T(k) - c) projects to v_T, so d_T E_T has integer
  coefficients. In the lattice of polytabloids, v_T = e_T + shorter ones and v_T = E_T e_T, hence
  d_S d_T rho(g)_TS is an integer.

Source: Okounkov, Vershik, *A new approach to the representation theory of symmetric groups* (1996);
Murphy, *A new construction of Young's seminormal representation* (1981).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isqrt, lcm, prod

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition, Tableau
from symkern.combinatorics.memory import require_bytes

Indices = npt.NDArray[np.int64]


class Paths:
    """The standard tableaux of one shape; ask `paths` for them."""

    def __init__(self, lam: Partition) -> None:
        dimension, n = lam.dimension, lam.size
        require_bytes(
            f"a basis of the irrep {tuple(lam)}", dimension * (20 * n + 8 * len(lam) + 100)
        )
        self.lam = lam
        self.n = n
        words = np.zeros((1, n), dtype=np.uint8 if len(lam) < 256 else np.uint16)
        contents = np.zeros((1, n), dtype=np.int64)
        at = np.zeros(1, dtype=np.int64)  # the number of each path's shape among those of its level
        self._parents: list[tuple[Indices, Indices, list[list[int]]]] = []
        for k, level in enumerate(_levels(lam)):
            # Every path inside the diagram can be completed to it: no dead ends.
            path, row = np.nonzero(level.follow[at] >= 0)  # by path, then row: lexicographic again
            shape = at[path]
            self._parents.append((path, level.follow.shape[1] * shape + row, level.factors))
            words, contents = words[path], contents[path]
            words[:, k] = row
            contents[:, k] = level.contents[shape, row]
            at = level.follow[shape, row]
        self.words = words
        self.contents = contents
        self._neighbours: dict[int, Indices] = {}

    @property
    def count(self) -> int:
        """dim S^lam."""
        return len(self.words)

    @cached_property
    def _keys(self) -> npt.NDArray[np.bytes_]:
        """The words as byte strings, in increasing order."""
        return self._bytes(self.words)

    def _bytes(self, words: npt.NDArray[np.integer]) -> npt.NDArray[np.bytes_]:
        # Big-endian pairs of bytes compare as numbers do; numpy pads what it strips, zeros at the end.
        return np.ascontiguousarray(words.astype(">u2")).view(f"S{2 * self.n}").ravel()

    def neighbours(self, i: int) -> Indices:
        """The place of s_i T for every T; its own place where s_i T is not standard."""
        if i not in self._neighbours:
            self._neighbours[i] = self._find_neighbours(i)
        return self._neighbours[i]

    def _find_neighbours(self, i: int) -> Indices:
        swapped = self.words.copy()
        swapped[:, [i, i + 1]] = swapped[:, [i + 1, i]]
        keys = self._bytes(swapped)
        places = np.minimum(np.searchsorted(self._keys, keys), self.count - 1)
        own = np.arange(self.count)
        return np.where((np.abs(self.distances(i)) > 1), places, own)

    def distances(self, i: int) -> Indices:
        """c_T(i + 1) - c_T(i) for every T; 1 or -1 for neighbours in a row or column."""
        return self.contents[:, i + 1] - self.contents[:, i]

    @cached_property
    def denominators(self) -> npt.NDArray[np.object_]:
        """The absolute value of d_T of the head of this module, Python ints."""
        product = np.array([1], dtype=object)
        for path, place, factors in self._parents:
            table = np.array([f for row in factors for f in row] + [0], dtype=object)
            product = product[path] * table[place]
        return product

    @cached_property
    def common_denominator(self) -> int:
        """The least common multiple of the d_T."""
        return lcm(*set(self.denominators.tolist()))

    @cached_property
    def squared_norms(self) -> list[Fraction]:
        """gamma_T, the square of the length of v_T."""
        norms: list[Fraction | None] = [None] * self.count
        norms[-1] = Fraction(1)
        stack = [self.count - 1]
        steps = [
            (self.neighbours(i).tolist(), self.distances(i).tolist()) for i in range(self.n - 1)
        ]
        while stack:
            at = stack.pop()
            norm = norms[at]
            assert norm is not None
            for places, distances in steps:
                r = distances[at]
                if r > 1 and norms[places[at]] is None:
                    norms[places[at]] = norm * Fraction(r * r - 1, r * r)
                    stack.append(places[at])
        return [g for g in norms if g is not None]

    @cached_property
    def entry_bound(self) -> int:
        """An integer that no absolute value of a seminormal matrix entry exceeds."""
        norms = set(self.squared_norms)
        ratio = max(norms) / min(norms)
        return isqrt(ratio.numerator // ratio.denominator) + 1

    def tableau(self, place: int) -> Tableau:
        """The standard tableau with this number, entries 1..n."""
        rows: list[list[int]] = [[] for _ in self.lam]
        for k, row in enumerate(self.words[place].tolist()):
            rows[row].append(k + 1)
        return Tableau.trusted(tuple(map(tuple, rows)))

    def restricted(self) -> list[tuple[Partition, Indices]]:
        """The paths through each shape nu with one cell less: the basis of S^nu in the restriction to S_(n-1).

        In the order of the rows of the removed cell; within each, words keep their order.
        """
        result = []
        for i, j in self.lam.corners:
            parts = (*self.lam[:i], j, *self.lam[i + 1 :])
            nu = Partition.trusted(p for p in parts if p)
            result.append((nu, np.flatnonzero(self.words[:, -1] == i)))
        return result


@lru_cache(maxsize=128)
def paths(lam: Partition) -> Paths:
    """The standard tableaux of a shape; the last 128 shapes are kept."""
    return Paths(lam)


@dataclass(frozen=True)
class _Level:
    """The shapes of one size inside a diagram: for each and each row in which a cell may follow

    the number of the shape that results (-1 for none), the content of the cell, and the factor of d_T.
    """

    follow: Indices
    contents: Indices
    factors: list[list[int]]


def _levels(lam: Partition) -> Iterator[_Level]:
    height = max(1, len(lam))
    shapes: list[tuple[int, ...]] = [(0,) * height]
    for _ in range(lam.size):
        number: dict[tuple[int, ...], int] = {}
        follow = np.full((len(shapes), height), -1, dtype=np.int64)
        contents = np.zeros((len(shapes), height), dtype=np.int64)
        factors = [[0] * height for _ in shapes]
        for k, shape in enumerate(shapes):
            # Also where lam ends: the restriction of another irrep may go on there.
            addable = [i for i in range(height) if i == 0 or shape[i] < shape[i - 1]]
            all_contents = [shape[i] - i for i in addable]
            if shape[-1]:
                all_contents.append(-height)
            for i in addable:
                if shape[i] < lam[i]:
                    larger = (*shape[:i], shape[i] + 1, *shape[i + 1 :])
                    follow[k, i] = number.setdefault(larger, len(number))
                    own = contents[k, i] = shape[i] - i
                    factors[k][i] = prod(abs(int(own) - c) for c in all_contents if c != own)
        yield _Level(follow, contents, factors)
        shapes = list(number)
