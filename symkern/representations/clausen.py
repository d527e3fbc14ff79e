r"""Clausen's fast Fourier transform on S_n along the chain S_1 < S_2 < ... < S_n, for any arithmetic.

S_n is the disjoint union of the cosets t_j * S_(n-1), j = 0..n-1, where t_j takes the position j to n - 1 and keeps the order of
the others: t_j = s_j * s_(j+1) * ... * s_(n-2). With f_j(h) = f(t_j * h),

    F_lam = sum_g f(g) rho_lam(g) = sum_j rho_lam(t_j) (direct sum of the transforms of f_j at nu, nu one cell below lam),

because bases of tableaux restrict to S_(n-1). Backwards, with d the dimensions,

    (f_j)_nu = (1/n) sum over lam above nu of (d_lam/d_nu) [block nu of rho_lam(t_j)^-1 F_lam].

Each level costs n(n-1)/2 adjacent transpositions, two entries in each row. Arrays have the shape
(moduli, row, column, batch); the batch runs over the cosets of the groups higher up, the highest slowest.

Source: Clausen, *Fast generalized Fourier transforms*, Theor. Comput. Sci. 67 (1989); Diaconis, Rockmore (1990).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition, partitions
from symkern.representations.paths import Paths, paths

Array = npt.NDArray[Any]
Apply = Callable[[Paths, tuple[int, ...], Array], Array]
"""(basis, word, array of shape (moduli, dimension, columns)): rho(word) on the columns."""


def coset_order(n: int) -> npt.NDArray[np.int64]:
    """For each permutation, in lexicographic order of its one-line form, its place in the order of cosets.

    The digits of the place are j_n, j_(n-1), ..., j_2: where the value k - 1 stands among the smaller ones.

    >>> coset_order(3).tolist()
    [5, 3, 4, 2, 1, 0]
    """
    listed = np.array(list(permutations(range(n))), dtype=np.int8).reshape(factorial(n), n)
    place = np.zeros(len(listed), dtype=np.int64)
    for value in range(n - 1, 0, -1):
        at = np.argmax(listed == value, axis=1)
        before = np.arange(n)[None, :] < at[:, None]
        place = place * (value + 1) + ((listed < value) & before).sum(axis=1)
    return place


def forward(
    n: int, values: Array, apply: Apply, reduce: Callable[[Array], Array]
) -> dict[Partition, Array]:
    """{lam: F_lam of shape (moduli, d, d)} of values of shape (moduli, n!), in the order of cosets."""
    level: dict[Partition, Array] = {Partition(1): values[:, None, None, :]}
    for m in range(2, n + 1):
        following = {}
        for lam in partitions(m):
            basis = paths(lam)
            size = basis.count
            moduli, _, _, batch = next(iter(level.values())).shape
            total = np.zeros((moduli, size, size, batch // m), dtype=values.dtype)
            for j in range(m):
                piece = np.zeros_like(total)
                for nu, at in basis.restricted():
                    inner = level[nu].reshape(*level[nu].shape[:3], batch // m, m)
                    piece[:, at[:, None], at[None, :]] = inner[..., j]
                word = tuple(range(j, m - 1))
                total += apply(basis, word, piece.reshape(moduli, size, -1)).reshape(total.shape)
            following[lam] = reduce(total)
        level = following
    return {lam: array[..., 0] for lam, array in level.items()}


def inverse(
    n: int,
    coefficients: Mapping[Partition, Array],
    apply: Apply,
    weigh: Callable[[Array, int, int], Array],
) -> Array:
    """Values of shape (moduli, n!) in the order of cosets; ``weigh(array, p, q)`` is array p/q."""
    level = {lam: array[..., None] for lam, array in coefficients.items()}
    for m in range(n, 1, -1):
        sample = next(iter(level.values()))
        moduli, batch = sample.shape[0], sample.shape[-1]
        following = {
            nu: np.zeros((moduli, nu.dimension, nu.dimension, batch, m), dtype=sample.dtype)
            for nu in partitions(m - 1)
        }
        for lam, array in level.items():
            basis = paths(lam)
            size = basis.count
            for j in range(m):
                word = tuple(range(m - 2, j - 1, -1))
                turned = apply(basis, word, array.reshape(moduli, size, -1)).reshape(array.shape)
                for nu, at in basis.restricted():
                    block = turned[:, at[:, None], at[None, :]]
                    following[nu][..., j] += weigh(block, size, m * len(at))
        level = {nu: array.reshape(*array.shape[:3], -1) for nu, array in following.items()}
    return level[Partition(1)][:, 0, 0, :]
