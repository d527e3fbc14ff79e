r"""The symmetric share of third order, without the bias of noise.

With T_{d,e}(t, u, w) = E (e_{x_a} - p)_t (e_{x_{a+d}} - p)_u (e_{x_{a+d+e}} - p)_w of a stationary text

    N_3 = sum_{d+e < L} (L-d-e) |T_{d,e}|^2,      Nbar_3 = |S|^2/C(L, 3),  S = sum_{d+e < L} (L-d-e) sym T_{d,e},

sym the mean over the orders of the three letters; products of different folds alone, as for second order. `symkern.tokens.symmetric_orders` has the same, exactly, for chains. Floating point.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import comb

import numpy as np

from symkern.data.lag_counts import fold_edges
from symkern.data.symmetry_estimates import Estimate, estimated, jackknifed
from symkern.data.units import Alphabet, Piece, encoded
from symkern.reading.annotated import typed
from symkern.typeset.shown import Shown

#: Moments of third order that are still few: v^3 times the pairs of lags.
_FEW = 1 << 20


@dataclass(frozen=True)
@typed
class ThirdOrder(Shown):
    """The share of third order at one length: ``share`` Nbar_3/N_3, None where N_3 does not stand out of its noise; ``weight`` N_3."""

    length: int
    share: Estimate | None
    weight: Estimate


def third_order(
    texts: list[Piece], totals: list[int], alphabet: Alphabet, length: int, folds: int
) -> ThirdOrder | None:
    """The share of a text; None where the windows are shorter than three letters, or the moments too many.

    >>> rng = np.random.default_rng(0)
    >>> text = rng.integers(0, 2, 3000)
    >>> third_order([text], [3000], Alphabet("ids", (0, 1), False), 2, 20)
    """
    v, pairs = alphabet.vocabulary, comb(length - 1, 2)
    if length < 3 or v**3 * pairs > _FEW:
        return None
    held = [np.concatenate([np.zeros(0, np.uint8), *encoded(text, alphabet)]) for text in texts]
    edges = fold_edges(sum(totals), folds)
    p = np.bincount(np.concatenate(held), minlength=v) / sum(totals)
    weights = np.zeros((folds, folds))
    summed = np.zeros((folds, v, v, v))
    for d in range(1, length - 1):
        for e in range(1, length - d):
            block = _centred(_triples(held, v, d, e, edges), p)
            flat = block.reshape(folds, -1)
            weights += (length - d - e) * (flat @ flat.T)
            summed += (length - d - e) * block
    even = np.zeros((folds, v, v, v))
    for order in permutations((1, 2, 3)):
        even += summed.transpose(0, *order)
    rows = even.reshape(folds, -1) / 6
    whole = jackknifed(weights)
    symmetric = jackknifed(rows @ rows.T / comb(length, 3))
    weight = estimated(whole)
    return ThirdOrder(length, estimated(symmetric / whole) if weight.low > 0 else None, weight)


def _triples(held: list[np.ndarray], v: int, d: int, e: int, edges: np.ndarray) -> np.ndarray:
    """Shares of triples at these lags in each fold."""
    found = np.zeros((len(edges) - 1, v**3))
    first = 0
    for text in held:
        for b in range(len(edges) - 1):
            low, high = (min(max(int(edge) - first, 0), len(text)) for edge in edges[b : b + 2])
            if high - low > d + e:
                part = text[low:high].astype(np.int64)
                codes = (part[: -d - e] * v + part[d:-e]) * v + part[d + e :]
                found[b] += np.bincount(codes, minlength=v**3)
        first += len(text)
    sizes = np.maximum(found.sum(axis=1), 1)
    return np.asarray((found / sizes[:, None]).reshape(-1, v, v, v))


def _centred(shares: np.ndarray, p: np.ndarray) -> np.ndarray:
    """E of the products of e - p, from the shares of triples of each fold."""
    for axis in (1, 2, 3):
        shape = [1, 1, 1, 1]
        shape[axis] = len(p)
        shares = shares - p.reshape(shape) * shares.sum(axis=axis, keepdims=True)
    return shares
