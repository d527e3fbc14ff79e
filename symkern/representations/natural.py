r"""Young's natural form: the integer matrices of S^lam in the basis of standard polytabloids.

g e_T = e_(gT); where gT is not standard, the Garnir relations write e_(gT) by standard polytabloids
(`symkern.representations.garnir`). Basis, columns and products are those of `symkern.representations.young_form`.

Source: Sagan, *The Symmetric Group* (2nd ed.), sections 2.3 to 2.7.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from symkern.combinatorics import PartitionLike, Tableau
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import PermutationLike, read_permutation
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_residues import INT64, IntegerArray
from symkern.exact.sparse_vector import RationalVector, largest
from symkern.reading.integers import read_integer
from symkern.representations.garnir import Columns, column_sorted, straighten
from symkern.representations.reduced_words import reduced_word
from symkern.representations.young_form import YoungForm
from symkern.typeset.shown import Shown


class Natural(YoungForm, Shown):
    """The irrep S^lam in Young's natural form; call it on a permutation.

    >>> rho = natural((2, 1))
    >>> rho((1, 0, 2)).to_sympy(), rho((0, 2, 1)).to_sympy()
    (Matrix([
    [ 1,  0],
    [-1, -1]]), Matrix([
    [0, 1],
    [1, 0]]))
    """

    __slots__ = ("_adjacent",)

    def __init__(self, lam: PartitionLike) -> None:
        super().__init__(lam)
        self._adjacent: dict[int, SparseMatrix] = {}

    def adjacent(self, i: int) -> SparseMatrix:
        """rho(s_i), s_i the transposition of the positions i and i + 1.

        Args:
            i: from 0 to n - 2.
        """
        at = read_integer(i, "i", minimum=0, maximum=self.n - 2)
        if at not in self._adjacent:
            self._adjacent[at] = self._find(at)
        return self._adjacent[at]

    def jucys_murphy(self, k: int) -> SparseMatrix:
        """rho(J_k), integer; J_k = (1 k) + ... + (k-1 k), k = 1..n as in the literature.

        Args:
            k: from 1 to n.

        >>> natural((2, 1)).jucys_murphy(3).to_sympy()
        Matrix([
        [-1, 0],
        [ 1, 1]])
        """
        last = read_integer(k, "k", minimum=1, maximum=self.n)
        element = SparseMatrix.identity(self.dimension) * 0
        for i in range(last - 1):
            s = self.adjacent(i)
            element = s @ element @ s + s  # J_(k+1) = s_k J_k s_k + s_k
        return element

    def _find(self, i: int) -> SparseMatrix:
        fillings = [_columns(t) for t in self.tableaux]
        place = {filling: k for k, filling in enumerate(fillings)}
        exchange = {i: i + 1, i + 1: i}
        rows, columns, values = [], [], []
        for k, filling in enumerate(fillings):
            sign, moved = column_sorted([[exchange.get(e, e) for e in c] for c in filling])
            known = place.get(moved)
            terms = {moved: 1} if known is not None else straighten(moved)
            for term, coefficient in terms.items():
                rows.append(place[term])
                columns.append(k)
                values.append(sign * coefficient)
        return SparseMatrix(
            (self.dimension, self.dimension),
            np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64),
            np.array(values, dtype=np.int64),
        )  # fmt: skip

    def _images(self, perm: PermutationLike, start: IntegerArray) -> IntegerArray:
        for i in reversed(reduced_word(read_permutation(perm, "perm", n=self.n))):
            step = self.adjacent(i)
            widest = int(abs(step.as_scipy(step.numerators)).sum(axis=1).max(initial=1))
            if start.dtype != object and largest(start) * widest > INT64:
                start = start.astype(object)
            if start.dtype == object:  # scipy multiplies no Python ints
                step_rows = np.zeros_like(start)
                factors = step.numerators.astype(object)
                factors = factors.reshape((-1,) + (1,) * (start.ndim - 1))
                np.add.at(step_rows, step.rows, factors * start[step.indices])
                start = step_rows
            else:
                start = step.as_scipy(step.numerators) @ start
        return start

    def __call__(self, perm: PermutationLike) -> SparseMatrix:
        """rho(perm), integer."""
        size = self.dimension
        require_bytes(f"a matrix of the irrep {tuple(self.partition)}", 60 * size * size)
        return SparseMatrix.from_dense_numerators(self._images(perm, np.eye(size, dtype=np.int64)))

    def apply(self, perm: PermutationLike, vector: Iterable[Any]) -> RationalVector:
        """rho(perm) vector, without the matrix.

        Args:
            perm: a permutation of 0..n-1.
            vector: coordinates, exact.
        """
        known = self._vector(vector)
        return RationalVector(self._images(perm, known.numerators), known.denominator)


def natural(lam: PartitionLike) -> Natural:
    """The irrep S^lam in Young's natural form (integer matrices).

    Args:
        lam: a partition of n.

    >>> natural((3, 2))((1, 2, 3, 4, 0)).trace()
    0
    """
    return Natural(lam)


def _columns(tableau: Tableau) -> Columns:
    return tuple(tuple(e - 1 for e in column) for column in tableau.conjugate.rows)
