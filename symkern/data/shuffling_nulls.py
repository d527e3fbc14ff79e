r"""What the statistic gives where there is nothing to find: windows shuffled inside, and the whole text shuffled.

Given the letters of each window, shuffling inside windows makes them exactly exchangeable, so that

    p = (1 + #{shuffles with U at least that of the text})/(1 + shuffles),      U = (off - exch)/diag,

is an exact test, whatever the text is and whichever windows are taken; pairs are counted inside windows alone, each lag over all its places. Products of different folds
then give exch/off = 1 and, for the whole text shuffled, off = 0, up to noise. Floating point, by a seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symkern.data.lag_counts import fold_edges
from symkern.data.symmetry_estimates import Estimate, LagProducts, lag_by_lag
from symkern.reading.annotated import typed
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class ShufflingNulls(Shown):
    """Both nulls at one length.

    Attributes:
        length: the number of positions L.
        windows: how many windows were shuffled.
        shuffles: how often.
        excess: U of these windows as they are.
        shuffled_excess: the largest U of a shuffle.
        p_value: of the exact test of exchangeability.
        exchangeable: exch/off of windows shuffled inside, which is 1 but for noise; None where correlations do not stand out.
        correlation: off/diag of the whole shuffled, which is 0 but for noise.
        seed: of the shuffles.
    """

    length: int
    windows: int
    shuffles: int
    excess: float
    shuffled_excess: float
    p_value: float
    exchangeable: Estimate | None
    correlation: Estimate
    seed: int


def shuffling_nulls(
    windows: np.ndarray, vocabulary: int, shuffles: int, folds: int, seed: int = 0
) -> ShufflingNulls:
    """Both nulls of windows, an array (windows, L) of letters, in the order of the text.

    >>> rng = np.random.default_rng(0)
    >>> rows = np.repeat(rng.integers(0, 2, (400, 1)), 4, axis=1)  # one letter, repeated: exchangeable
    >>> shuffling_nulls(rows, 2, 9, 20).p_value
    1.0
    """
    rng = np.random.default_rng(seed)
    length = windows.shape[1]
    found = _excess(windows, vocabulary)
    largest, above, products = -np.inf, 0, None
    for _ in range(shuffles):
        mixed = rng.permuted(windows, axis=1)
        one = _excess(mixed, vocabulary)
        largest, above = max(largest, one), above + int(one >= found - 1e-12 * abs(found))
        if products is None:
            products = _products(mixed, vocabulary, folds)
    assert products is not None
    whole = rng.permutation(windows.reshape(-1)).reshape(windows.shape)
    exchangeable = products.at(length).exchangeable
    correlation = _products(whole, vocabulary, folds).at(length).correlation
    return ShufflingNulls(
        length, len(windows), shuffles, found, largest, (1 + above) / (1 + shuffles), exchangeable, correlation, seed
    )  # fmt: skip


def _lags(windows: np.ndarray, vocabulary: int, edges: np.ndarray) -> Iterator[np.ndarray]:
    """Pairs inside windows at each lag, folds of windows by v by v."""
    folds = len(edges) - 1
    # Position by position, so that the pairs of a lag lie side by side.
    letters = np.ascontiguousarray(windows.T, dtype=np.int64)
    first = letters * vocabulary
    for d in range(1, windows.shape[1]):
        codes = first[:-d] + letters[d:]
        found = [
            np.bincount(codes[:, edges[b] : edges[b + 1]].reshape(-1), minlength=vocabulary**2)
            for b in range(folds)
        ]
        yield np.array(found).reshape(folds, vocabulary, vocabulary)


def _products(windows: np.ndarray, vocabulary: int, folds: int) -> LagProducts:
    edges = fold_edges(len(windows), folds)
    letters = [
        np.bincount(windows[edges[b] : edges[b + 1]].reshape(-1), minlength=vocabulary)
        for b in range(folds)
    ]
    return lag_by_lag(np.array(letters), _lags(windows, vocabulary, edges))


def _excess(windows: np.ndarray, vocabulary: int) -> float:
    """U with the squares of the moments as they are: their noise is that of the shuffles too."""
    length = windows.shape[1]
    p = np.bincount(windows.reshape(-1), minlength=vocabulary) / windows.size
    square = np.outer(p, p)
    off, mean = 0.0, np.zeros((vocabulary, vocabulary))
    for d, [pairs] in enumerate(_lags(windows, vocabulary, fold_edges(len(windows), 1)), 1):
        block = pairs / (len(windows) * (length - d)) - square
        off += 2 * (length - d) * float(np.sum(block * block))
        mean += (length - d) * (block + block.T) / 2
    exch = 4 * float(np.sum(mean * mean)) / (length * (length - 1))
    diagonal = length * float(np.sum((np.diag(p) - square) ** 2))
    return float((off - exch) / diagonal)
