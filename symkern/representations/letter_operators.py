r"""The sum of all transpositions on words, by changing letters instead of moving positions.

On functions of words with v letters, E_st = sum_a (e_st at position a) reads a word with one letter s replaced by t,

    (E_st f)(x) = sum over a with x_a = s of f(x with t at a),      E_ss f = n_s f,

n_s(x) the number of letters s. Exchanging two positions is sum_(s,t) e_st e_ts there, so the sum over pairs of positions is

    Z = sum_(a<b) (a b) = (1/2) (sum_(s,t) E_st E_ts - n v) = sum_(s<t) E_st E_ts + q,
    q = (1/2) (sum_s n_s^2 - n v + sum_(s<t) (n_t - n_s)),

the Casimir element of gl_v. It costs (v - 1) n additions of contiguous pieces, where moving positions one transposition after the
other costs n(n - 1) gathers.

Source: Schur and Weyl's duality; Goodman, Wallach, *Symmetry, Representations, and Invariants*, section 4.2.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from symkern.exact.sparse_residues import IntegerArray

_SHORT = 4


def letter_numbers(length: int, letters: int, letter: int) -> npt.NDArray[np.int64]:
    """How often a letter occurs in each word, words in lexicographic order.

    >>> letter_numbers(2, 2, 1).tolist()
    [0, 1, 1, 2]
    """
    numbers = np.zeros(1, dtype=np.int64)
    own = (np.arange(letters) == letter).astype(np.int64)
    for _ in range(length):
        numbers = (numbers[:, None] + own).ravel()
    return numbers


class TranspositionSum:
    """Z on the words of a length; entries grow at most by length^2, int64 is exact modulo 2^64.

    >>> TranspositionSum(3, 2)(np.array([0, 1, 0, 0, 0, 0, 0, 0])).tolist()
    [0, 1, 1, 0, 1, 0, 0, 0]
    """

    def __init__(self, length: int, letters: int) -> None:
        self.length = length
        self.letters = letters

    @cached_property
    def _diagonal(self) -> npt.NDArray[np.int64]:
        """q of the head of this module."""
        n, v = self.length, self.letters
        twice = np.full(v**n, -n * v)
        for s in range(v):
            number = letter_numbers(n, v, s)
            # n_s is subtracted v - 1 - s times and added s times
            twice += number * (number + 2 * s - v + 1)
        return twice // 2

    def __call__(self, f: IntegerArray) -> IntegerArray:
        """Z f on numerators along the first axis."""
        f = np.ascontiguousarray(f)  # or reshaping would write into copies
        total: IntegerArray = f * self._diagonal.reshape((-1,) + (1,) * (f.ndim - 1))
        for s in range(self.letters):
            for t in range(s + 1, self.letters):
                total += self._replaced(s, t, self._replaced(t, s, f))
        return total

    def _replaced(self, s: int, t: int, f: IntegerArray) -> IntegerArray:
        """E_st f."""
        out = np.zeros_like(f)
        for a in range(self.length):
            shape = (self.letters**a, self.letters, -1)
            target, source = out.reshape(shape), f.reshape(shape)
            piece = target.shape[2]
            if piece > _SHORT:
                target[:, s] += source[:, t]
            else:  # numpy's inner loops would be that short
                for k in range(piece):
                    target[:, s, k] += source[:, t, k]
        return out


def among_words(
    length: int, numbers: npt.NDArray[np.int64]
) -> Callable[[IntegerArray], IntegerArray] | None:
    """Z on a set of words of two letters that S_n maps to itself, words by their places among all words.

    None where the set is too small a part of all words for the detour to pay.
    """
    if length > 62 or (1 << length) > 32 * len(numbers):
        return None
    whole = TranspositionSum(length, 2)

    def apply(f: IntegerArray) -> IntegerArray:
        words = np.zeros((1 << length, *f.shape[1:]), dtype=f.dtype)
        words[numbers] = f
        return whole(words)[numbers]

    return apply
