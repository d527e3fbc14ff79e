r"""Functions of letters, position by position: the multiplicity space of mu[L] for any law of independent tokens.

A function of shape mu[L] is known by its part of full degree in k = |mu| explicit sites (`states`). A *letter state* lists the letter of each explicit
site, the numbers of bulk sites with each letter, and the letter of the star (0 for the constant) where one position is read. The Young
symmetrizer of mu moves the letters of the explicit sites alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations_with_replacement, product
from math import factorial, prod
from typing import NamedTuple

from sympy.utilities.iterables import multiset_permutations

from symkern.combinatorics import Partition
from symkern.engines.match_counts.multiplicity_space import column_group, combined
from symkern.exact.row_reduction import row_reduce
from symkern.sectors.tabulated import filling

Counts = tuple[int, ...]
#: What stands in the place of a letter: a combination of letters, 0 the constant.
Letter = Callable[[int], Mapping[int, int | Fraction]]


class LetterState(NamedTuple):
    """Letters of the explicit sites, counts of the bulk letters 1..v-1, and the star's letter."""

    explicit: tuple[int, ...]
    bulk: tuple[int, ...]
    star: int


class LetterSpace:
    """Basis of the multiplicity space of mu[L] in degree at most ``highest``, for v letters.

    ``sources``, ``vectors`` and ``coordinates`` are as in `sectors.SectorSpace`. The symmetrizer moves the letters of the explicit
    sites alone: their words are reduced once (`_Words`), and stand with every bulk and every letter of the star.
    """

    def __init__(self, mu: Partition, letters: int, highest: int, star: bool) -> None:
        self.mu, self.letters, self.highest, self.star = mu, letters, highest, star
        self.sources: list[LetterState] = []
        self.vectors: list[dict[LetterState, int]] = []
        self.coordinates: dict[LetterState, list[tuple[int, Fraction]]] = {}
        words = _Words(mu, letters)
        alphabet = range(1, letters)
        for total in range(mu.size, highest + 1):
            bulks = [
                tuple(chosen.count(u) for u in alphabet)
                for chosen in combinations_with_replacement(alphabet, total - mu.size)
            ]
            rest = list(product(bulks, range(letters) if star else (0,)))
            offset = len(self.sources)
            for word in words.sources:
                for bulk, own in rest:
                    self.sources.append(LetterState(word, bulk, own))
                    image = words.images[word].items()
                    self.vectors.append({LetterState(w, bulk, own): c for w, c in image})
            for word, found in words.coordinates.items():
                for i, (bulk, own) in enumerate(rest):
                    places = [(offset + r * len(rest) + i, q) for r, q in found]
                    self.coordinates[LetterState(word, bulk, own)] = places

    def __len__(self) -> int:
        return len(self.sources)

    def bulk_degree(self, s: LetterState) -> int:
        """Number of letters in the bulk."""
        return sum(s.bulk)

    def into_bulk(self, s: LetterState, chosen: Sequence[int]) -> LetterState:
        """The explicit sites in ``chosen``, counted from 1, give their letters to the bulk."""
        bulk = list(s.bulk)
        explicit = list(s.explicit)
        for i in chosen:
            bulk[explicit[i - 1] - 1] += 1
            explicit[i - 1] = 0
        return LetterState(tuple(explicit), tuple(bulk), s.star)


class _Words:
    """Words of letters 1..v-1 on |mu| sites under the Young symmetrizer c of mu, columns after rows.

    The images c w of ``sources`` are a basis of all images, ``coordinates[w]`` those of c w in it. Words that permutations within the rows
    of mu carry into each other have one image: it is found for the first of them, whose rows ascend.
    """

    def __init__(self, mu: Partition, letters: int) -> None:
        words = list(product(range(1, letters), repeat=mu.size))
        first = {word: _rows_ascending(word, mu) for word in words}
        columns = column_group(mu)
        self.images = {word: _image(word, mu, columns) for word in set(first.values())}
        self.sources: list[Counts] = []
        by_content: dict[Counts, list[Counts]] = {}
        for word in words:
            by_content.setdefault(tuple(sorted(word)), []).append(word)
        found: dict[Counts, list[tuple[Counts, Fraction]]] = {}
        for alike in by_content.values():  # the symmetrizer keeps the content
            chosen = [word for word in alike if first[word] == word]
            transpose = [[self.images[t].get(s, 0) for t in chosen] for s in alike]
            reduced, pivots = row_reduce(transpose, len(chosen))
            basis = [chosen[p] for p in pivots]
            self.sources += basis
            for i, word in enumerate(chosen):
                found[word] = [(basis[r], row[i]) for r, row in enumerate(reduced) if row[i]]
        self.sources.sort()
        place = {word: i for i, word in enumerate(self.sources)}
        self.coordinates = {
            word: [(place[w], q) for w, q in found[leader]] for word, leader in first.items()
        }


def _rows_ascending(word: Counts, mu: Partition) -> Counts:
    """The first of the words that permutations within the rows of mu make of one."""
    return tuple(u for row in filling(mu) for u in sorted(word[a] for a in row))


def _image(word: Counts, mu: Partition, columns: Sequence[tuple[Counts, int]]) -> dict[Counts, int]:
    """The Young symmetrizer on a word."""
    orbit, times = _row_orbit(word, mu)
    image: dict[Counts, int] = {}
    for arranged in orbit:
        for column, sign in columns:
            moved = [0] * len(word)
            for i, u in enumerate(arranged):
                moved[column[i]] = u
            key = tuple(moved)
            image[key] = image.get(key, 0) + sign * times
    return {w: c for w, c in image.items() if c}


def _row_orbit(word: Counts, mu: Partition) -> tuple[list[Counts], int]:
    """The words that permutations within the rows of mu make of one, and how many make each."""
    rows = [tuple(word[a] for a in cells) for cells in filling(mu)]
    times = prod(factorial(row.count(u)) for row in rows for u in set(row))
    pieces = [list(multiset_permutations(row)) for row in rows]
    return [tuple(chain.from_iterable(choice)) for choice in product(*pieces)], times


def rewritten(
    state: LetterState, explicit: Letter, other: Letter
) -> dict[LetterState, int | Fraction]:
    """A state with each letter u replaced by a combination of letters: ``explicit(u)`` on explicit sites, ``other(u)`` in the bulk and at the star."""
    bulk: dict[Counts, int | Fraction] = {(0,) * len(state.bulk): 1}
    for u, times in enumerate(state.bulk, 1):
        for _ in range(times):
            bulk = combined(
                ({(*n[: t - 1], n[t - 1] + 1, *n[t:]) if t else n: c}, e)
                for n, c in bulk.items()
                for t, e in other(u).items()
            )
    found: dict[LetterState, int | Fraction] = {}
    for chosen in product(
        *(explicit(u).items() for u in state.explicit), other(state.star).items()
    ):
        *letters, star = (t for t, _ in chosen)
        if scale := prod(e for _, e in chosen):
            for n, c in bulk.items():
                left = LetterState(tuple(letters), n, star)
                found[left] = found.get(left, 0) + scale * c
    return found


@lru_cache(maxsize=256)
def letter_space(mu: Partition, letters: int, highest: int, star: bool) -> LetterSpace:
    """The stable multiplicity space for v letters."""
    return LetterSpace(mu, letters, highest, star)
