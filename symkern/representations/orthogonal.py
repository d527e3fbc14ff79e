r"""Young's orthogonal form: the matrices of S^lam in the orthonormal Gelfand-Tsetlin basis.

The basis is w_T = v_T/sqrt(gamma_T), v_T the seminormal vectors, gamma_T their squared lengths. Entries are square roots of
rationals, s_i w_T = (1/r) w_T + sqrt(1 - 1/r^2) w_(s_i T), and matrices are orthogonal. An exact matrix is kept as
its seminormal form together with gamma, so that products stay rational arithmetic:

    rho(g)_TS = seminormal(g)_TS sqrt(gamma_T/gamma_S).

`Orthogonal.numeric` and `Orthogonal.apply_numeric` compute in floating point.

Source: James, Kerber, *The Representation Theory of the Symmetric Group*, chapter 3.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import PartitionLike
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import PermutationLike, read_permutation
from symkern.errors import InvalidType, SizeMismatch
from symkern.exact.real_arguments import require_finite
from symkern.reading.missing_entries import without_mask
from symkern.reading.sequences import require_short
from symkern.representations.paths import Paths
from symkern.representations.radical_matrix import RadicalMatrix
from symkern.representations.reduced_words import reduced_word
from symkern.representations.seminormal import Seminormal
from symkern.representations.young_form import GelfandTsetlinForm
from symkern.typeset.shown import Shown


class Orthogonal(GelfandTsetlinForm, Shown):
    """The irrep S^lam in Young's orthogonal form; call it on a permutation.

    >>> rho = orthogonal((2, 1))
    >>> rho((1, 2, 0)).trace(), rho.numeric((0, 2, 1)).round(3).tolist()
    (-1, [[-0.5, 0.866], [0.866, 0.5]])
    """

    __slots__ = ()

    @property
    def _seminormal(self) -> Seminormal:
        return Seminormal(self.partition)

    @property
    def squared_norms(self) -> tuple[Fraction, ...]:
        """gamma_T of the seminormal basis."""
        return tuple(self._paths.squared_norms)

    def __call__(self, perm: PermutationLike) -> RadicalMatrix:
        """rho(perm), exact."""
        return RadicalMatrix(self._seminormal(perm), self.squared_norms)

    def adjacent(self, i: int) -> RadicalMatrix:
        """rho(s_i), s_i the transposition of the positions i and i + 1.

        Args:
            i: from 0 to n - 2.
        """
        return RadicalMatrix(self._seminormal.adjacent(i), self.squared_norms)

    def jucys_murphy(self, k: int) -> RadicalMatrix:
        """rho(J_k), diagonal with the contents, k = 1..n.

        Args:
            k: from 1 to n.
        """
        return RadicalMatrix(self._seminormal.jucys_murphy(k), self.squared_norms)

    def numeric(self, perm: PermutationLike) -> npt.NDArray[np.float64]:
        """rho(perm) in floating point, from floating-point adjacent transpositions.

        Args:
            perm: a permutation of 0..n-1.

        Raises:
            TooLarge: what does not fit in memory.
        """
        size = self.dimension
        require_bytes(f"a matrix of the irrep {tuple(self.partition)}", 24 * size * size)
        return self.apply_numeric(perm, np.eye(size))

    def apply_numeric(
        self, perm: PermutationLike, vectors: npt.ArrayLike
    ) -> npt.NDArray[np.float64]:
        """rho(perm) times a vector or the columns of an array, in floating point.

        Args:
            perm: a permutation of 0..n-1.
            vectors: an array (dimension,) or (dimension, m).

        Raises:
            SizeMismatch: another number of rows.
            InvalidArgument: a number that is not finite, or is missing.
        """
        word = reduced_word(read_permutation(perm, "perm", n=self.n))
        require_short(vectors, "vectors")
        vectors = without_mask(vectors, "vectors")
        try:
            start = np.asarray(vectors, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            raise InvalidType(
                "vectors", "must be a vector or columns of numbers", vectors
            ) from None
        require_finite(start, "vectors")
        if start.ndim not in (1, 2) or start.shape[0] != self.dimension:
            rule = f"must have {self.dimension} rows"
            raise SizeMismatch("vectors", rule, f"the shape is {start.shape}")
        image = apply_word_numeric(self._paths, word, start.reshape(len(start), -1))
        return image.reshape(start.shape)


def orthogonal(lam: PartitionLike) -> Orthogonal:
    """The irrep S^lam in Young's orthogonal form (square roots of rationals).

    Args:
        lam: a partition of n.

    >>> orthogonal((3, 2))((1, 2, 3, 4, 0)).trace()
    0
    """
    return Orthogonal(lam)


def apply_word_numeric(
    basis: Paths, word: tuple[int, ...], vectors: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """rho(s_(i_1)) ... rho(s_(i_l)) in the orthonormal basis, in floating point, on an array of columns."""
    for i in reversed(word):
        diagonal = 1.0 / basis.distances(i)
        beside = np.sqrt(1 - diagonal * diagonal)
        vectors = vectors * diagonal[:, None] + vectors[basis.neighbours(i)] * beside[:, None]
    return vectors
