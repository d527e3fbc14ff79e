r"""Young's seminormal form: the matrices of S^lam in the Gelfand-Tsetlin basis, rational.

The basis v_T is labelled by the standard tableaux in the order of `symkern.representations.paths`. With
r = c_T(i+1) - c_T(i), the adjacent transposition of the cells i and i + 1 acts by

    s_i v_T = (1/r) v_T + v_(s_i T)                where cell i lies below cell i + 1 in T,
    s_i v_T = (1/r) v_T + (1 - 1/r^2) v_(s_i T)    where it lies above,

and there is no second term where s_i T is not standard. Restricted to S_(n-1), the basis falls into those of the S^nu
with nu one cell below lam; the Jucys-Murphy element J_k = (1 k) + ... + (k-1 k) acts on v_T by the
content c_T(k). In this scaling v_T is the polytabloid e_T plus polytabloids of fewer inversions.

Conventions: `symkern.representations.young_form`.

Matrices of arbitrary permutations are computed modulo primes and put together under the bounds that
`symkern.representations.paths` derives; nothing of size n! is formed.

Source: Young, *Quantitative substitutional analysis* VI (1931); James, Kerber, *The Representation Theory
of the Symmetric Group*, chapter 3; Okounkov, Vershik (1996).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import PartitionLike
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import PermutationLike, read_permutation
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_residues import (
    from_residues,
    primes_for,
    residues_of,
    scaled_residues,
)
from symkern.exact.sparse_vector import RationalVector, largest
from symkern.reading.integers import read_integer
from symkern.representations.paths import Paths
from symkern.representations.reduced_words import reduced_word
from symkern.representations.young_form import GelfandTsetlinForm
from symkern.typeset.shown import Shown


class Seminormal(GelfandTsetlinForm, Shown):
    """The irrep S^lam in Young's seminormal form; call it on a permutation.

    >>> rho = seminormal((2, 1))
    >>> rho((1, 0, 2)).to_sympy(), rho((0, 2, 1)).to_sympy()
    (Matrix([
    [1,  0],
    [0, -1]]), Matrix([
    [-1/2,   1],
    [ 3/4, 1/2]]))
    >>> rho.dimension, [t.rows for t in rho.tableaux], rho.contents
    (2, [((1, 2), (3,)), ((1, 3), (2,))], ((0, 1, -1), (0, -1, 1)))
    """

    __slots__ = ()

    def __call__(self, perm: PermutationLike) -> SparseMatrix:
        """rho(perm), exact."""
        word = reduced_word(read_permutation(perm, "perm", n=self.n))
        size = self.dimension
        what = f"a matrix of the irrep {tuple(self.partition)}"
        if len(word) < 2:  # sparse; the basis itself is refused where it is built
            require_bytes(what, size * 60)
            return self.adjacent(word[0]) if word else SparseMatrix.identity(size)
        require_bytes(what, size * size * 76)  # one modulus, before the basis is built
        denominators = self._paths.denominators
        bound = self._paths.entry_bound * max(denominators.tolist()) ** 2
        primes = primes_for(bound)
        require_bytes(what, size * size * (16 * len(primes) + 60))
        start = np.zeros((len(primes), size, size), dtype=np.int64)
        start[:, np.arange(size), np.arange(size)] = 1
        image = apply_word(self._paths, word, start, primes)
        scale = residues_of(denominators, primes)
        for j, p in enumerate(primes):
            image[j] = image[j] * scale[j][:, None] % p * scale[j][None, :] % p
        rows, columns = np.nonzero(image.any(axis=0))
        values = from_residues(image[:, rows, columns], primes)
        common = self._paths.common_denominator
        # numerators over d_T d_S become numerators over the square of the common denominator
        lift = common // denominators
        values = values.astype(object) * lift[rows] * lift[columns]
        return SparseMatrix((size, size), rows, columns, values, common * common)

    def adjacent(self, i: int) -> SparseMatrix:
        """rho(s_i), s_i the transposition of the positions i and i + 1; at most two entries in a row.

        Args:
            i: from 0 to n - 2.
        """
        at = read_integer(i, "i", minimum=0, maximum=self.n - 2)
        r = self._paths.distances(at)
        places = self._paths.neighbours(at)
        own = np.arange(self.dimension)
        moved = np.flatnonzero(places != own)
        common = int(np.lcm.reduce(np.abs(r))) ** 2  # r < n, and r^2 has to divide
        wide = np.abs(r).astype(object) if common > 1 << 62 else np.abs(r)
        sign = np.where(r > 0, 1, -1)
        off = np.where(r[moved] < 0, common, common - common // (wide[moved] ** 2))
        return SparseMatrix(
            (self.dimension, self.dimension),
            np.concatenate([own, moved]),
            np.concatenate([own, places[moved]]),
            np.concatenate([common // wide * sign, off]),
            common,
        )

    def apply(self, perm: PermutationLike, vector: Iterable[Any]) -> RationalVector:
        """rho(perm) vector, without the matrix.

        Args:
            perm: a permutation of 0..n-1.
            vector: coordinates, exact.

        >>> list(seminormal((2, 1)).apply((0, 2, 1), [1, 0]))
        [-1/2, 3/4]
        """
        word = reduced_word(read_permutation(perm, "perm", n=self.n))
        known = self._vector(vector)
        common = self._paths.common_denominator
        square = common * common
        bound = self._paths.entry_bound * self.dimension * largest(known.numerators) * square
        primes = primes_for(bound)
        start = residues_of(known.numerators, primes)[:, :, None]
        image = apply_word(self._paths, word, start, primes)[:, :, 0]
        values = from_residues(scaled_residues(image, square, primes), primes)
        return RationalVector(values, square * known.denominator)

    def jucys_murphy(self, k: int) -> SparseMatrix:
        """rho(J_k), diagonal; J_k = (1 k) + ... + (k-1 k), k = 1..n as in the literature.

        Args:
            k: from 1 to n.
        """
        at = read_integer(k, "k", minimum=1, maximum=self.n)
        own = np.arange(self.dimension)
        values = self._paths.contents[:, at - 1]
        return SparseMatrix((self.dimension, self.dimension), own, own, values)


def seminormal(lam: PartitionLike) -> Seminormal:
    """The irrep S^lam in Young's seminormal form (rational matrices).

    Args:
        lam: a partition of n.

    >>> seminormal((3, 2))((1, 2, 3, 4, 0)).trace()
    0
    """
    return Seminormal(lam)


def apply_word(
    basis: Paths,
    word: Iterable[int],
    vectors: npt.NDArray[np.int64],
    primes: tuple[int, ...],
) -> npt.NDArray[np.int64]:
    """rho(s_(i_1)) ... rho(s_(i_l)) on residues of shape (primes, dimension, columns); primes exceed n.

    Also used by the Fourier transform, with several cosets side by side as columns.
    """
    for i in reversed(list(word)):
        r = basis.distances(i)
        places = basis.neighbours(i)
        moved = vectors[:, places]
        out = np.empty_like(vectors)
        for j, p in enumerate(primes):
            reciprocal = {d: pow(d, -1, p) for d in set(r.tolist())}
            diagonal = np.array([reciprocal[d] for d in r.tolist()], dtype=np.int64)
            # Row T receives 1 from a neighbour below it (r_T < 0), 1 - 1/r^2 from one above.
            beside = np.where(r < -1, 1, (1 - diagonal * diagonal) % p)
            beside[np.abs(r) == 1] = 0
            # residues are below 2^30, so the sum of two products stays below 2^61
            out[j] = (vectors[j] * diagonal[:, None] + moved[j] * beside[:, None]) % p
        vectors = out
    return vectors
