r"""Young's rule: how often each irrep occurs in functions on words of given content, and on all words.

The functions on the words with mu_0 letters 0, mu_1 letters 1, ... are the Young module M^mu, and S^lam occurs
K_(lam, mu) times in it, the number of semistandard tableaux of shape lam and content mu: fill in the letters one
after the other, each a horizontal strip (Pieri's rule). In functions on all words with v letters, S^lam occurs as often as
there are semistandard tableaux with entries among v letters (Schur and Weyl).

Source: Sagan, *The Symmetric Group* (2nd ed.), theorem 2.11.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symkern.combinatorics import Partition, iter_partitions


def young_multiplicities(content: Sequence[int]) -> dict[Partition, int]:
    """{lam: K_(lam, mu)} where it is not zero, (n) first; the content in any order.

    >>> young_multiplicities((2, 1, 1))
    {Partition(4): 1, Partition(3, 1): 2, Partition(2, 2): 1, Partition(2, 1, 1): 1}
    """
    counts: dict[tuple[int, ...], int] = {(): 1}
    for number in content:
        following: dict[tuple[int, ...], int] = {}
        for shape, times in counts.items():
            for larger in _horizontal_strips(shape, number):
                following[larger] = following.get(larger, 0) + times
        counts = following
    return {Partition(shape): counts[shape] for shape in sorted(counts, reverse=True)}


def _horizontal_strips(shape: tuple[int, ...], size: int) -> Iterator[tuple[int, ...]]:
    """The shapes that arise by adding ``size`` cells, no two in one column."""

    def extend(row: int, left: int, built: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if row > len(shape):
            if not left:
                yield tuple(p for p in built if p)
            return
        own = shape[row] if row < len(shape) else 0
        room = left if row == 0 else min(left, shape[row - 1] - own)
        for more in range(room + 1):
            yield from extend(row + 1, left - more, (*built, own + more))

    yield from extend(0, size, ())


def word_multiplicities(length: int, letters: int) -> dict[Partition, int]:
    """{lam: number of semistandard tableaux of shape lam with that many letters}, (length) first.

    >>> [m for _, m in word_multiplicities(5, 3).items()]
    [21, 24, 15, 6, 3]
    """
    return {
        lam: lam.semistandard_count(letters) for lam in iter_partitions(length, max_length=letters)
    }
