r"""Pairs of letters at every lag, counted fold by fold, in one pass over a text of any length.

    n_{b,d}(t, u) = #{a : x_a = t, x_{a+d} = u, both places in fold b},      d = 1, ..., D.

Folds are contiguous and differ by one letter at most; no pair crosses from one fold, or one text, into another. Counts are integers, so that a text
that comes in pieces, a text in memory and texts that several processes share give the same numbers to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from symkern.combinatorics.memory import require_bytes
from symkern.reading.annotated import typed

#: Letters that are counted at a time: few enough for a processor's cache.
_STRETCH = 1 << 17


@typed
def fold_edges(total: int, folds: int) -> np.ndarray:
    """Where folds begin, and where the last one ends: folds + 1 places from 0 to ``total``.

    >>> fold_edges(10, 3).tolist()
    [0, 3, 6, 10]
    """
    return np.array([total * b // folds for b in range(folds + 1)], dtype=np.int64)


class LagCounts:
    """The counts of a text that comes in pieces.

    Args:
        vocabulary: the number v of letters 0..v-1.
        lags: D, the largest lag.
        edges: where folds begin and end, in all texts together.
        first: the place of this text's first letter among all texts.

    >>> counts = LagCounts(2, 1, fold_edges(4, 1))
    >>> counts.add(np.array([0, 1])), counts.add(np.array([1, 0]))
    (None, None)
    >>> counts.pairs[0, 0].tolist(), counts.letters[0].tolist()
    ([[0, 1], [1, 1]], [2, 2])
    """

    def __init__(self, vocabulary: int, lags: int, edges: np.ndarray, first: int = 0) -> None:
        folds = len(edges) - 1
        require_bytes("pairs of letters at all lags", 8 * folds * lags * vocabulary**2)
        self.vocabulary, self.lags, self.edges = vocabulary, lags, edges
        self.pairs = np.zeros((folds, lags, vocabulary, vocabulary), dtype=np.int64)
        self.letters = np.zeros((folds, vocabulary), dtype=np.int64)
        self.place = first
        self._last = np.zeros(0, dtype=np.int64)  # the letters before, of the same text

    def add(self, letters: np.ndarray) -> None:
        """The next letters of the text, whole numbers below the vocabulary."""
        for begin in range(0, len(letters), _STRETCH):
            self._add(letters[begin : begin + _STRETCH])

    def _add(self, letters: np.ndarray) -> None:
        v, before = self.vocabulary, len(self._last)
        kind = np.uint16 if v * v <= 1 << 16 else np.uint32 if v < 1 << 16 else np.int64
        joined = np.concatenate([self._last.astype(kind), letters.astype(kind)])
        firsts = joined * kind(v)
        origin = self.place - before  # the place of joined[0]
        end = self.place + len(letters)
        here = int(np.searchsorted(self.edges, self.place, side="right")) - 1
        while here < len(self.edges) - 1 and self.edges[here] < end:
            low, high = int(self.edges[here]), int(min(self.edges[here + 1], end))
            new = max(self.place, low)
            self.letters[here] += np.bincount(joined[new - origin : high - origin], minlength=v)
            for d in range(1, self.lags + 1):
                # Pairs whose second place is new, and whose first lies in the fold and in the text.
                second = max(new, low + d, origin + d)
                if second < high:
                    stretch = slice(second - origin, high - origin)
                    codes = firsts[second - d - origin : high - d - origin] + joined[stretch]
                    found = np.bincount(codes, minlength=v * v)
                    self.pairs[here, d - 1] += found.reshape(v, v)
            here += 1
        self._last = joined[max(len(joined) - self.lags, 0) :].astype(np.int64)
        self.place = end

    def merge(self, other: LagCounts) -> None:
        """The counts of another text beside these."""
        self.pairs += other.pairs
        self.letters += other.letters


def pairs_at_each_lag(
    texts: Sequence[np.ndarray], vocabulary: int, lags: int, edges: np.ndarray
) -> Iterator[np.ndarray]:
    """The same counts of texts in memory, lag after lag, folds by v by v: less memory where the vocabulary is large.

    >>> [n] = pairs_at_each_lag([np.array([0, 1, 1, 0])], 2, 1, fold_edges(4, 1))
    >>> n[0].tolist()
    [[0, 1], [1, 1]]
    """
    folds = len(edges) - 1
    require_bytes("pairs of letters at a lag", 16 * folds * vocabulary**2)
    for d in range(1, lags + 1):
        found = np.zeros((folds, vocabulary * vocabulary), dtype=np.int64)
        first = 0
        for text in texts:
            for b in range(folds):
                low, high = (min(max(int(e) - first, 0), len(text)) for e in edges[b : b + 2])
                for begin in range(low + d, high, _STRETCH << 3):
                    end = min(begin + (_STRETCH << 3), high)
                    codes = text[begin - d : end - d].astype(np.int64) * vocabulary
                    codes += text[begin:end]
                    found[b] += np.bincount(codes, minlength=vocabulary * vocabulary)
            first += len(text)
        yield found.reshape(folds, vocabulary, vocabulary)
