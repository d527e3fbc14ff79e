r"""The Specht module of a diagram with its matrices: permutations on a basis of polytabloids.

Cell k of the diagram D holds the entry t_k of a filling T; its tabloid {T} is the word whose letter at t_k is the row of that cell, and

    e_T = sum over the permutations sigma that keep the columns of T of sgn(sigma) {sigma T},       g e_T = e_(g T),

span S^D inside the permutation module of the rows. For diagrams of partitions the standard fillings give a basis; other diagrams have none that is known, so
that one is found: from the filling in which cell k holds k, adjacent transpositions make new ones, and those are kept that are independent.
Independence is tested modulo a prime, which can only find too few; that the span is kept by all adjacent transpositions is then
verified in rational numbers, so that it is the whole module.

Source: James and Peel, *Specht series for skew representations of symmetric groups*, J. Algebra 56 (1979); Parker's spinning of submodules,
Holt, Eick and O'Brien, *Handbook of Computational Group Theory*, 7.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import prevprime

from symkern.characters import ClassFunction
from symkern.combinatorics import Partition, SkewPartition, representative
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import PermutationLike, read_permutation
from symkern.exact.sparse import SparseMatrix
from symkern.limits import check_time, expect, within_time
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.representations.diagram_modules import Cell, blocks_of, read_diagram
from symkern.representations.modules import Module
from symkern.representations.reduced_words import reduced_word
from symkern.representations.standard_modules import young_module
from symkern.typeset.shown import Shown

# A low estimate, for the cube of the dimension.
_SECONDS_OF_INVERSE = 1e-8
# Products of two residues fit a machine word, and so do sums of 2^32 residues.
_PRIME = (1 << 31) - 1

IntArray = npt.NDArray[np.int64]


def diagram_module(diagram: Iterable[Cell] | SkewPartition) -> DiagramModule:
    """The Specht module of a diagram as matrices on polytabloids.

    Args:
        diagram: cells (row, column), or a skew shape.

    Raises:
        InvalidArgument: where a cell occurs twice.
        TooLarge: where the tabloids do not fit in memory.
        TooLong: from some eight cells on, where the module is large; `symkern.representations.diagram_multiplicities` goes on to ten.

    >>> module = diagram_module([(0, 0), (0, 2), (1, 1), (1, 2)])
    >>> module.dimension, module.multiplicities()
    (5, {Partition(3, 1): 1, Partition(2, 2): 1})
    >>> module((1, 0, 2, 3)) @ module((0, 2, 1, 3)) == module("(0 2 1)(3)")
    True
    """
    return DiagramModule(read_diagram(diagram))


class DiagramModule(Shown):
    """S^D; ``module(perm)`` is the matrix of a permutation of 0..n-1, columns being images.

    Args:
        cells: (row, column), in the order of their numbers.
    """

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = tuple(read_diagram(cells))
        with within_time("this module", "a diagram of fewer cells takes less"):
            self._fillings, self._adjacent = self._made()

    @property
    def n(self) -> int:
        """The n of S_n, the number of cells."""
        return len(self.cells)

    @property
    def dimension(self) -> int:
        """dim S^D."""
        return len(self._fillings)

    @property
    def fillings(self) -> tuple[tuple[int, ...], ...]:
        """The labels of the basis: the entry, one of 0..n-1, of each cell."""
        return self._fillings

    def adjacent(self, i: int) -> SparseMatrix:
        """The matrix of the transposition of the positions i and i + 1.

        Args:
            i: from 0 to n - 2.

        Raises:
            InvalidArgument: another number.
        """
        return self._adjacent[read_integer(i, "i", minimum=0, maximum=self.n - 2)]

    def __call__(self, perm: PermutationLike) -> SparseMatrix:
        """rho(perm); rho(g*h) = rho(g) rho(h) for SymPy's product."""
        found = SparseMatrix.identity(self.dimension)
        for i in reduced_word(read_permutation(perm, "perm", n=self.n)):
            found = found @ self._adjacent[i]
        return found

    def character(self) -> ClassFunction:
        """The traces, by cycle type."""
        return ClassFunction(self.n, lambda mu: self(representative(mu)).trace())

    def multiplicities(self) -> dict[Partition, int]:
        """{lam: multiplicity of S^lam}, without zeros, reverse lexicographic."""
        return {lam: int(c) for lam, c in self.character().decompose().items()}

    @cached_property
    def tabloids(self) -> Module:
        """The permutation module of the rows; letters of its words are rows, the longest first."""
        return young_module(sorted(map(len, blocks_of(self.cells, 0)), reverse=True))

    def polytabloid(self, filling: Iterable[int]) -> IntArray:
        """e_T in the basis of `tabloids`.

        Args:
            filling: the entry of each cell, each of 0..n-1 once.
        """
        entries = read_permutation(read_list(filling, "filling", "entries"), "filling", n=self.n)
        rows = sorted(blocks_of(self.cells, 0), key=len, reverse=True)
        letter = {k: number for number, row in enumerate(rows) for k in row}
        word = [0] * self.n
        for k, entry in enumerate(entries):
            word[entry] = letter[k]
        vector = np.zeros(self.tabloids.dimension, dtype=np.int64)
        vector[self.tabloids.index(tuple(word))] = 1
        for block in blocks_of(self.cells, 1):
            for j in range(1, len(block)):
                total = vector
                for i in range(j):
                    swap = list(range(self.n))
                    a, b = entries[block[i]], entries[block[j]]
                    swap[a], swap[b] = b, a
                    total = total - np.asarray(self.tabloids.act(swap, vector).numerators)
                vector = total
        return vector

    def _made(self) -> tuple[tuple[tuple[int, ...], ...], tuple[SparseMatrix, ...]]:
        """The fillings of a basis, and the matrices of adjacent transpositions."""
        if not self.cells:
            return ((),), ()
        size = self.tabloids.dimension
        start = self.polytabloid(range(self.n))
        places = self.tabloids.places
        require_bytes("the polytabloids of this diagram", 40 * size)
        prime = _PRIME
        while True:
            fillings, vectors, pivots = self._spun(start, prime)
            expect(_SECONDS_OF_INVERSE * len(pivots) ** 3)
            basis = SparseMatrix.from_dense(vectors)
            inverse = SparseMatrix.from_dense(vectors[:, pivots]).inverse()
            matrices = []
            for i in range(self.n - 1):
                check_time()
                moved = np.empty_like(vectors)
                moved[:, places[i]] = vectors
                combined = SparseMatrix.from_dense(moved[:, pivots]) @ inverse
                if combined @ basis != SparseMatrix.from_dense(moved):
                    break
                matrices.append(combined.T)
            else:
                return fillings, tuple(matrices)
            prime = prevprime(prime)  # it divides minors that are not zero, as few primes do

    def _spun(
        self, start: IntArray, prime: int
    ) -> tuple[tuple[tuple[int, ...], ...], IntArray, list[int]]:
        """Fillings, their polytabloids, and the columns in which these are independent, modulo the prime."""
        places = self.tabloids.places
        fillings: list[tuple[int, ...]] = []
        vectors: list[IntArray] = []
        pivots: list[int] = []
        reduced = np.zeros((0, len(start)), dtype=np.int64)  # one in its pivot, zero in the others
        waiting = [(tuple(range(self.n)), start)]
        met = {start.tobytes()}
        for filling, vector in waiting:
            check_time()
            rest = (vector - vector[pivots] @ reduced) % prime
            if not rest.any():
                continue
            require_bytes("the polytabloids of this diagram", 24 * len(start) * (len(fillings) + 1))
            place = int(np.flatnonzero(rest)[0])
            rest = rest * pow(int(rest[place]), -1, prime) % prime
            reduced = (reduced - reduced[:, place : place + 1] * rest) % prime
            reduced = np.concatenate((reduced, rest[None]))
            pivots.append(place)
            fillings.append(filling)
            vectors.append(vector)
            for i in range(self.n - 1):
                moved = np.empty_like(vector)
                moved[places[i]] = vector
                # e_T and e_(sigma T) for a column permutation differ in their sign alone.
                if moved.tobytes() not in met and (-moved).tobytes() not in met:
                    met.add(moved.tobytes())
                    swapped = {i: i + 1, i + 1: i}
                    waiting.append((tuple(swapped.get(e, e) for e in filling), moved))
        return tuple(fillings), np.array(vectors), pivots

    def __eq__(self, other: object) -> bool:
        return self.cells == other.cells if isinstance(other, DiagramModule) else NotImplemented

    def __hash__(self) -> int:
        return hash((DiagramModule, self.cells))

    def __reduce__(self) -> tuple[Any, ...]:
        return DiagramModule, (self.cells,)

    def __repr__(self) -> str:
        return f"DiagramModule({list(self.cells)})"
