r"""Ordered selection: the target is sum_k U_k x_{y_k}, the query names the places y_1, .., y_q, and scores do not depend on x.

For every y the output of H heads is a sum of H products, so by Eckart and Young's theorem the loss is at least

    sum over r > H of sigma_r^2,

the singular values of the q x d^2 matrix with the rows vec U_k (the full loss, not one for each coordinate): exact. It is reached in the limit of
hard attention if the span of the top H left singular vectors has a basis of vectors without negative entries; of rank R, R + 1 heads always reach 0.
The mean of q tokens has rank 1. Concatenation (x_{y_1}, .., x_{y_q}) leaves exactly d (q - H), so that it takes q heads.

Source: C. Eckart, G. Young, *The approximation of one matrix by another of lower rank*, Psychometrika 1, 1936.
"""

from __future__ import annotations

import numpy as np

from symkern.bounds.selection.selection_arguments import read_size
from symkern.errors import InvalidType, SizeMismatch
from symkern.exact.real_arguments import Floats, read_reals
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list


def _matrix(U: object) -> Floats:
    listed = U if isinstance(U, np.ndarray) else read_list(U, "U", "numbers or matrices")
    blocks = np.array(listed, dtype=object)
    if blocks.ndim == 3 and blocks.shape[1] != blocks.shape[2]:
        raise SizeMismatch("U", "must hold square matrices", f"its shape is {blocks.shape}")
    if blocks.ndim not in (1, 3) or not blocks.size:
        raise SizeMismatch(
            "U", "must hold q numbers or q square matrices", f"its shape is {blocks.shape}"
        )
    return read_reals(blocks.reshape(len(blocks), -1), "U")


def ordered_selection(U: object, H: object) -> float:
    """The least loss that H heads must leave: the sum of sigma_r^2 over r > H (floating point).

    Args:
        U: q numbers, for multiples of the unit matrix in dimension 1, or q matrices of shape (d, d).
        H: the number of heads.

    >>> round(ordered_selection([1, -1, 1], 0), 12), round(ordered_selection([1, -1, 1], 1), 12)
    (3.0, 0.0)
    """
    matrix = _matrix(U)
    heads = read_integer(H, "H", 0)
    return float((np.linalg.svd(matrix, compute_uv=False)[heads:] ** 2).sum())


def ordered_selection_reached(U: object, H: object) -> bool:
    """Whether hard attention reaches the bound with H heads: the top H left singular vectors span a space with a nonnegative basis.

    Decided by a linear programme: the cone of nonnegative vectors in that space has the dimension of the space if and only if some
    vector in it is positive wherever not all are zero. Where sigma_H = sigma_{H+1} the space is a choice, and the answer is that of one of them.

    Args:
        U: q numbers, for multiples of the unit matrix in dimension 1, or q matrices of shape (d, d).
        H: the number of heads, an integer of at least 0.

    >>> ordered_selection_reached([1, 2, 1], 1), ordered_selection_reached([1, -1, 1], 1), ordered_selection_reached([1, -1, 1], 2)
    (True, False, True)
    """
    from scipy.optimize import linprog

    matrix = _matrix(U)
    heads = read_integer(H, "H", 0)
    vectors, values, _ = np.linalg.svd(matrix)
    rank = int((values > 1e-12 * max(values[0], 1e-300)).sum())
    if heads > rank or heads == 0:
        return True
    basis = vectors[:, :heads]
    seen = basis[np.abs(basis).max(axis=1) > 1e-12]
    found = linprog(np.zeros(heads), A_ub=-seen, b_ub=-np.ones(len(seen)), bounds=(None, None))
    return bool(found.status == 0)


def concatenation_bound(d: object, q: object, H: object) -> int:
    """What H heads leave of the target (x_{y_1}, .., x_{y_q}): exactly d (q - H), at least 0.

    Args:
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer of at least 1.
        H: the number of heads, an integer of at least 0.

    Raises:
        InvalidArgument: numbers out of range.
        InvalidType: symbols.

    >>> concatenation_bound(4, 3, 2), concatenation_bound(4, 3, 5)
    (4, 0)
    """
    dimension, chosen, heads = read_size(d, "d"), read_size(q, "q"), read_integer(H, "H", 0)
    for name, size in (("d", dimension), ("q", chosen)):
        if not isinstance(size, int):
            raise InvalidType(name, "must be an integer here", size)
    assert isinstance(dimension, int) and isinstance(chosen, int)
    return dimension * max(chosen - heads, 0)
