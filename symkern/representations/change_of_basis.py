r"""Between Young's three forms: polytabloids in the Gelfand-Tsetlin basis.

The matrix C has the seminormal coordinates of the polytabloid e_T in column T, so that

    seminormal(g) C = C natural(g).

The column-reading tableau T_0 has e_(T_0) = v_(T_0), both being the vector that changes sign under its column
group; and e_(s_i T) = s_i e_T where s_i T is standard. C is unitriangular: e_T is v_T plus vectors of tableaux nearer to
T_0. The orthogonal form has the basis w_T = v_T/sqrt(gamma_T), so coordinates T are multiplied by sqrt(gamma_T) on the way to it.

Source: James, Kerber, *The Representation Theory of the Symmetric Group*, chapter 3.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from symkern.combinatorics import Partition, PartitionLike
from symkern.combinatorics.memory import require_bytes
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_residues import from_residues, primes_for, scaled_residues
from symkern.representations.paths import paths
from symkern.representations.radical_matrix import RadicalMatrix
from symkern.representations.seminormal import apply_word


def natural_to_seminormal(lam: PartitionLike) -> SparseMatrix:
    """The matrix C: column T holds the seminormal coordinates of the polytabloid e_T.

    Args:
        lam: a partition of n.

    Raises:
        TooLarge: a matrix that does not fit in memory.

    >>> natural_to_seminormal((2, 1)).to_sympy()
    Matrix([
    [  1, 0],
    [1/2, 1]])
    """
    shape = Partition.read(lam, "lam")
    what = f"the change of basis of the irrep {tuple(shape)}"
    require_bytes(what, 68 * shape.dimension**2)  # one modulus, before the basis is built
    basis = paths(shape)
    size = basis.count
    # e_T is pi v_(T_0) for a permutation pi, so the bounds of matrix entries hold for its coordinates.
    common = basis.common_denominator
    primes = primes_for(basis.entry_bound * common * common)
    require_bytes(what, size * size * (8 * len(primes) + 60))
    residues = np.zeros((len(primes), size, size), dtype=np.int64)
    residues[:, -1, -1] = 1
    level = [size - 1]
    known = {size - 1}
    while level:
        following = []
        for i in range(basis.n - 1):
            places, distances = basis.neighbours(i), basis.distances(i)
            sources = [at for at in level if distances[at] > 1 and int(places[at]) not in known]
            if sources:
                targets = [int(places[at]) for at in sources]
                residues[:, :, targets] = apply_word(basis, (i,), residues[:, :, sources], primes)
                known.update(targets)
                following += targets
        level = following
    scaled_residues(residues, common * common, primes)
    rows, columns = np.nonzero(residues.any(axis=0))
    values = from_residues(residues[:, rows, columns], primes)
    return SparseMatrix((size, size), rows, columns, values, common * common)


def seminormal_to_natural(lam: PartitionLike) -> SparseMatrix:
    """The inverse of `natural_to_seminormal`: column T writes v_T by polytabloids.

    Args:
        lam: a partition of n.

    Raises:
        TooLarge: a matrix that does not fit in memory.

    >>> seminormal_to_natural((2, 1)).to_sympy()
    Matrix([
    [   1, 0],
    [-1/2, 1]])
    """
    return natural_to_seminormal(lam).inverse()


def seminormal_to_orthogonal(lam: PartitionLike) -> RadicalMatrix:
    """The diagonal matrix D of the lengths sqrt(gamma_T): D seminormal(g) = orthogonal(g) D; its inverse leads back.

    Args:
        lam: a partition of n.

    Raises:
        TooLarge: a matrix that does not fit in memory.

    >>> seminormal_to_orthogonal((2, 1)).to_sympy()
    Matrix([
    [sqrt(3)/2, 0],
    [        0, 1]])
    """
    shape = Partition.read(lam, "lam")
    return _lengthened(shape, SparseMatrix.identity(shape.dimension))


def natural_to_orthogonal(lam: PartitionLike) -> RadicalMatrix:
    """The matrix with the orthogonal coordinates of the polytabloid e_T in column T; its inverse leads back.

    Args:
        lam: a partition of n.

    Raises:
        TooLarge: a matrix that does not fit in memory.

    >>> natural_to_orthogonal((2, 1)).to_sympy()
    Matrix([
    [sqrt(3)/2, 0],
    [      1/2, 1]])
    """
    return _lengthened(Partition.read(lam, "lam"), natural_to_seminormal(lam))


def _lengthened(lam: Partition, matrix: SparseMatrix) -> RadicalMatrix:
    norms = tuple(paths(lam).squared_norms)
    return RadicalMatrix(matrix, norms, (Fraction(1),) * len(norms))
