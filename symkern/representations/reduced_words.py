"""Permutations as products of adjacent transpositions.

s_i exchanges the positions i and i + 1 (from 0). A reduced word i_1, ..., i_l of g means
g = s_(i_1) * ... * s_(i_l) in SymPy's product (first s_(i_1)), with l the number of inversions, so
that rho(g) = rho(s_(i_1)) ... rho(s_(i_l)) as matrices and the last letter acts on a vector first.
"""

from __future__ import annotations

from symkern.combinatorics.permutation import PermutationLike, read_permutation


def reduced_word(perm: PermutationLike) -> tuple[int, ...]:
    """A shortest word of the permutation, at most n(n-1)/2 letters.

    Args:
        perm: a permutation of 0..n-1.

    Returns:
        Letters i, each the transposition of the positions i and i + 1.

    >>> reduced_word((2, 0, 1)), reduced_word((0, 1))
    ((0, 1), ())
    """
    images = list(read_permutation(perm))
    word: list[int] = []
    # Insertion sort: s_i * g exchanges the images at i and i + 1, and each exchange removes an inversion.
    for end in range(1, len(images)):
        for i in range(end - 1, -1, -1):
            if images[i] < images[i + 1]:
                break
            images[i], images[i + 1] = images[i + 1], images[i]
            word.append(i)
    return tuple(word)
