r"""Knuth classes: the words with one insertion tableau.

Two words are Knuth equivalent where steps lead from one to the other that exchange neighbours beside a letter in between:

    y z x <-> y x z  for x < y <= z,        x z y <-> z x y  for x <= y < z.

A class is {w : P(w) = P}; its words correspond to the standard tableaux of the shape of P, the recording tableaux (Knuth). The
reading word of P is one of them.

Source: Fulton, *Young Tableaux*, 2.1 and 3; Sagan, *The Symmetric Group*, 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symkern.combinatorics.rsk import inserted_rows, inverse_rsk, read_word, rsk
from symkern.combinatorics.tableaux import Tableau, standard_tableaux


def knuth_neighbours(word: Sequence[int] | Any) -> tuple[tuple[int, ...], ...]:
    """The words one step away, in lexicographic order.

    Args:
        word: a word of integers.

    >>> knuth_neighbours((2, 1, 3)), knuth_neighbours((1, 2, 3))
    (((2, 3, 1),), ())
    """
    letters = read_word(word)
    found = set()
    for i in range(len(letters) - 2):
        a, b, c = letters[i : i + 3]
        if c < a <= b or b < a <= c:
            found.add((*letters[: i + 1], c, b, *letters[i + 3 :]))
        if a <= c < b or b <= c < a:
            found.add((*letters[:i], b, a, *letters[i + 2 :]))
    return tuple(sorted(found))


def knuth_class(word: Sequence[int] | Any | Tableau) -> Iterator[tuple[int, ...]]:
    """The words that are Knuth equivalent to a word, or those that insert to a semistandard tableau.

    In the order of their recording tableaux in `standard_tableaux`.

    Args:
        word: a word of integers, or a semistandard tableau.

    >>> sorted(knuth_class((2, 1, 3)))
    [(2, 1, 3), (2, 3, 1)]
    """
    P = word if isinstance(word, Tableau) else rsk(word)[0]
    return (inverse_rsk(P, Q) for Q in standard_tableaux(P.shape))


def are_knuth_equivalent(first: Sequence[int] | Any, second: Sequence[int] | Any) -> bool:
    """Whether two words have one insertion tableau.

    Args:
        first: a word of integers.
        second: another one.

    >>> are_knuth_equivalent((2, 1, 3), (2, 3, 1)), are_knuth_equivalent((2, 1, 3), (1, 3, 2))
    (True, False)
    """
    one, other = read_word(first, "first"), read_word(second, "second")
    return inserted_rows(one) == inserted_rows(other)
