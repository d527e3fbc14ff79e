r"""Statistics of words and permutations: descents, major index, inversions, charge.

A word w has a descent at i = 1, 2, ... where w_i > w_(i+1); the major index is the sum of its descents, and has on the rearrangements of a
word the law of the number of inversions (MacMahon). Positions count from 1 here, as they do in the sum.

The charge of a word with mu_1 ones, mu_2 twos, ..., mu a partition, sums over its standard subwords. Such a subword is read from right to left,
around the circle: the first 1, then the first 2 from there on, ...; 1 has index 0, and the index of r + 1 is that of r, or one more where the way from r to
r + 1 passes the word's end. Charge is the sum of the indices; it gives the Kostka-Foulkes polynomials (`symkern.characters.kostka_foulkes`).

Letters are any integers, so that permutations of 0..n-1 are words as they stand; charge wants them from 1 on.
Source: Stanley, *Enumerative Combinatorics* 1, 1.4; Lascoux and Schuetzenberger (1978); Macdonald, *Symmetric Functions and Hall Polynomials*, III.6.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from symkern.combinatorics.permutation import read_permutation
from symkern.combinatorics.rsk import read_word
from symkern.combinatorics.tableaux import Tableau
from symkern.errors import InvalidArgument, displayed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list


def descents(word: Sequence[int] | Any) -> tuple[int, ...]:
    """The i = 1, 2, ... with w_i > w_(i+1).

    Args:
        word: of integers.

    >>> descents((3, 1, 2, 0))
    (1, 3)
    """
    letters = _letters(word)
    return tuple(i for i in range(1, len(letters)) if letters[i - 1] > letters[i])


def major_index(word: Sequence[int] | Any | Tableau) -> int:
    """The sum of the descents of a word or of a standard tableau.

    Args:
        word: of integers, or a standard tableau.

    >>> major_index((3, 1, 2, 0)), major_index(Tableau(((1, 3), (2, 4))))
    (4, 4)
    """
    return sum(word.descents if isinstance(word, Tableau) else descents(word))


def inversion_count(word: Sequence[int] | Any) -> int:
    """How many pairs stand in the wrong order, w_i > w_j for i < j: the Coxeter length of a permutation.

    Args:
        word: of integers.

    >>> inversion_count((3, 1, 2, 0))
    5
    """
    seen: list[int] = []
    count = 0
    for letter in _letters(word):
        count += len(seen) - bisect_right(seen, letter)
        insort(seen, letter)
    return count


def charge(word: Sequence[int] | Any | Tableau) -> int:
    """The charge of a word, or of the reading word of a tableau.

    Args:
        word: a word in the letters 1, 2, ..., each at least as often as the next, or a tableau.

    Raises:
        InvalidArgument: the weight is no partition.

    >>> charge((1, 2, 3)), charge((3, 2, 1)), charge(Tableau(((1, 1, 3), (2,))))
    (3, 0, 1)
    """
    return sum(_charges(word))


def cocharge(word: Sequence[int] | Any | Tableau) -> int:
    """n(mu) less the charge, n(mu) = 0 mu_1 + 1 mu_2 + 2 mu_3 + ... for the weight mu.

    Args:
        word: a word in the letters 1, 2, ..., each at least as often as the next, or a tableau.

    Raises:
        InvalidArgument: the weight is no partition.

    >>> cocharge((1, 2, 3)), cocharge((3, 2, 1))
    (0, 3)
    """
    subwords = _subwords(word)
    longest = sum(len(indices) * (len(indices) - 1) // 2 for indices in subwords)
    return longest - sum(map(sum, subwords))


def _charges(word: Sequence[int] | Any | Tableau) -> list[int]:
    return [sum(indices) for indices in _subwords(word)]


def _subwords(word: Sequence[int] | Any | Tableau) -> list[list[int]]:
    """The indices of the letters 1, 2, ... of each standard subword."""
    letters = list(word.reading_word) if isinstance(word, Tableau) else read_word(word)
    if max(letters, default=0) > len(letters):  # a letter is missing
        rule = "its weight must be a partition, as many 1 as 2 at least, and so on"
        shown = f"{displayed(max(letters))} occurs in a word of {len(letters)} letters"
        raise InvalidArgument("word", rule, shown)
    places: list[list[int]] = [[] for _ in range(max(letters, default=0))]
    for i, letter in enumerate(reversed(letters)):  # right to left
        places[letter - 1].append(i)
    weight = [len(found) for found in places]
    if any(a < b for a, b in pairwise(weight)):
        rule = "its weight must be a partition, as many 1 as 2 at least, and so on"
        raise InvalidArgument("word", rule, f"it is {tuple(weight[:20])}")
    found = []
    while places and places[0]:
        at, index, indices = -1, 0, []
        for letter_places in places:
            if not letter_places:
                break
            j = bisect_right(letter_places, at)
            if j == len(letter_places):
                j = 0
                index += 1
            at = letter_places.pop(j)
            indices.append(index)
        found.append(indices)
    return found


def _letters(word: Sequence[int] | Any) -> list[int]:
    if str(type(word).__module__).startswith("sympy.") and hasattr(word, "array_form"):
        return list(read_permutation(word, "word"))
    return [read_integer(a, "word", minimum=None) for a in read_list(word, "word", "letters")]
