r"""The commutant of a permutation module: the matrices that commute with S_n.

A matrix A commutes when A_(s x, s y) = sign(x) sign(y) A_(x y) for every adjacent transposition s. So the orbits of S_n on pairs of
points (orbitals) give a basis, a matrix of ones each, where there are no signs; with signs an orbital on which
two paths disagree carries nothing. The dimension is the sum of the squared multiplicities.

Source: Bannai, Ito, *Algebraic Combinatorics I*, chapter II; Serre, *Linear Representations of Finite Groups*, section 2.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from symkern.combinatorics.memory import require_bytes
from symkern.exact.sparse import SparseMatrix
from symkern.representations.johnson import grouped
from symkern.representations.signed_actions import SignedAction


def commutant(module: SignedAction) -> list[SparseMatrix]:
    """A basis of the matrices that commute with S_n: one for each orbit on pairs, entries 0, 1, -1.

    As many as the sum of the squared multiplicities; orbits in the order of their first pair.

    >>> from symkern.representations import subsets
    >>> [A.count for A in subsets(5, 2).commutant()]
    [10, 60, 30]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = module.dimension
    pairs = size * size
    signed = module.signs is not None
    nodes = 2 * pairs if signed else pairs
    require_bytes(
        f"the orbits of S_{module.n} on pairs in {module!r}", 24 * nodes * module.n + 40 * pairs
    )
    starts, ends = [], []
    everywhere = np.arange(pairs)
    for i, places in enumerate(module.places):
        image = (places[:, None] * size + places[None, :]).ravel()
        if module.signs is None:
            starts.append(everywhere)
            ends.append(image)
        else:
            # Node 2 pair + 1 stands for minus the pair.
            flip = ((1 - np.outer(module.signs[i], module.signs[i])) // 2).ravel()
            starts += [2 * everywhere, 2 * everywhere + 1]
            ends += [2 * image + flip, 2 * image + 1 - flip]
    none = np.zeros(0, dtype=np.int64)
    start, end = np.concatenate([none, *starts]), np.concatenate([none, *ends])
    graph = coo_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(nodes, nodes))
    _, labels = connected_components(graph, directed=False)
    if not signed:
        return [_matrix(size, at, np.ones(len(at), dtype=np.int64)) for at in _groups(labels)]
    plus, minus = labels[::2], labels[1::2]
    found = []
    seen: set[int] = set()
    for at in _groups(plus):
        label, opposite = int(plus[at[0]]), int(minus[at[0]])
        if label == opposite or opposite in seen:
            continue
        seen.add(label)
        negative = np.flatnonzero(minus == label)
        values = np.concatenate([np.ones_like(at), -np.ones_like(negative)])
        found.append(_matrix(size, np.concatenate([at, negative]), values))
    return found


def _groups(labels: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """The places of each label, by first occurrence."""
    return sorted(grouped(labels).values(), key=lambda at: int(at[0]))


def _matrix(size: int, pairs: npt.NDArray[np.int64], values: npt.NDArray[np.int64]) -> SparseMatrix:
    return SparseMatrix((size, size), pairs // size, pairs % size, values)
