r"""What the codes of three and more selected tokens look like where codes are signs over sqrt(m), seen from the scores (floating point).

Column j of the codes of y is a vector of q signs, with the sum U_j; the sum query scores (1/m) sum_j eps_ij U_j for the token i of y, and (1/m) sum_j eps_j U_j
for another, whose signs eps_j are independent. A column and its negative say the same, so that all that counts is how often each of 2^(q-1) kinds occurs:

    n_0 columns with all signs equal, n_i with that of token i alone against the others, ...

with a multinomial law. For q = 3 these are all kinds, s_i = (3 n_0 + n_1 + n_2 + n_3 - 2 n_i)/m; for q = 4 the others have U = 0, s_i = (4 n_0 + 2 N - 4 n_i)/m
with N = n_1 + ... + n_4. There averages are finite sums over n, up to the order of the tokens; where they are too long, and for q >= 5, n is drawn. The law of another's score
depends on the numbers of columns with each |U| alone, and is a sum of independent binomial ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from math import comb, factorial

import numpy as np
from scipy.special import gammaln
from scipy.stats import binom

from symkern.combinatorics.memory import require_bytes
from symkern.exact.real_arguments import Floats
from symkern.limits import check_time

#: Numbers of columns that are listed before they are drawn.
_LISTED = 100_000
#: What is rarer is left out.
_RAREST = 1e-18
#: Tokens up to which the kinds of columns are counted where they are drawn.
_COUNTED = 10


@dataclass(frozen=True)
class SignNodes:
    """Codes of y: the weight of each node, its scores (nodes, q), and the number of the law of another's score in ``laws``, (values, probabilities)."""

    weights: Floats
    scores: Floats
    kinds: np.ndarray
    laws: tuple[tuple[Floats, Floats], ...]


def signs_are_listed(m: int, q: int) -> bool:
    """Whether averages over the codes of y are finite sums here.

    >>> signs_are_listed(64, 3), signs_are_listed(64, 4), signs_are_listed(4, 5)
    (True, False, False)
    """
    if q not in (3, 4):
        return False
    wide = len(_likely(m, 2.0 ** (1 - q)))
    return comb(wide + q - 1, q) * (1 if q == 3 else wide) <= _LISTED


def sign_nodes(m: int, q: int, draws: int, seed: int) -> SignNodes:
    """The nodes for q >= 3: all of them where they are listed, else drawn."""
    return _listed(m, q) if signs_are_listed(m, q) else _drawn(m, q, draws, seed)


def _likely(m: int, chance: float) -> range:
    """The numbers of successes in m trials that are not too rare."""
    found = np.nonzero(binom.pmf(np.arange(m + 1), m, chance) > _RAREST)[0]
    return range(int(found[0]), int(found[-1]) + 1)


def _listed(m: int, q: int) -> SignNodes:
    chance = 2.0 ** (1 - q)
    ordered = np.array(list(combinations_with_replacement(_likely(m, chance), q)))
    alone = ordered.sum(axis=1)
    ways = np.full(len(ordered), float(factorial(q)))
    run = np.ones(len(ordered))
    for k in range(1, q):
        run = np.where(ordered[:, k] == ordered[:, k - 1], run + 1, 1.0)
        ways /= run
    weights, counts = [], []
    for equal in [None] if q == 3 else _likely(m, chance):
        first = m - alone if equal is None else np.full(len(ordered), equal)
        rest = m - alone - first
        inside = (first >= 0) & (rest >= 0)
        n = np.column_stack([first, ordered])[inside]
        log = gammaln(m + 1) - gammaln(n + 1).sum(axis=1) - gammaln(rest[inside] + 1)
        log += (m - rest[inside]) * np.log(chance)
        if q > 3:
            log += rest[inside] * np.log1p(-(q + 1) * chance)
        weights.append(ways[inside] * np.exp(log))
        counts.append(n)
    weight, n = np.concatenate(weights), np.concatenate(counts)
    kept = weight > _RAREST
    weight, n = weight[kept], n[kept]
    alone = n[:, 1:].sum(axis=1)
    scores = (q * n[:, :1] + (q - 2) * (alone[:, None] - 2 * n[:, 1:])) / m
    return _with_laws(m, q, weight / weight.sum(), scores, np.column_stack([n[:, 0], alone]))


def _drawn(m: int, q: int, draws: int, seed: int) -> SignNodes:
    random = np.random.default_rng(seed)
    if q <= _COUNTED:
        columns = np.array([(1, *rest) for rest in product((1, -1), repeat=q - 1)])
        many = random.multinomial(m, np.full(len(columns), 1 / len(columns)), size=draws)
        sums = columns.sum(axis=1)
        scores = many @ (columns * sums[:, None]) / m
        sizes = np.abs(sums)
        numbers = [many[:, sizes == u].sum(axis=1) for u in range(q, 0, -2)]
        return _with_laws(m, q, np.full(draws, 1 / draws), scores, np.column_stack(numbers))
    require_bytes("the codes of y", q * m)
    scores, numbers = np.empty((draws, q)), []
    for k in range(draws):
        check_time()
        signs = 2 * random.integers(2, size=(q, m), dtype=np.int8) - 1
        sums = signs.sum(axis=0, dtype=np.int64)
        scores[k] = signs @ sums / m
        seen = np.bincount(np.abs(sums), minlength=q + 1)
        numbers.append([seen[u] for u in range(q, 0, -2)])
    return _with_laws(m, q, np.full(draws, 1 / draws), scores, np.array(numbers))


def _with_laws(m: int, q: int, weights: Floats, scores: Floats, numbers: np.ndarray) -> SignNodes:
    """With the law of another's score for each row of numbers of columns with |U| = q, q - 2, ..."""
    different, kinds = np.unique(numbers, axis=0, return_inverse=True)
    laws = []
    for row in different.tolist():
        check_time()
        laws.append(_sum_of_signs(m, [(q - 2 * k, n) for k, n in enumerate(row)]))
    return SignNodes(weights, scores, kinds.reshape(-1), tuple(laws))


def _sum_of_signs(m: int, columns: list[tuple[int, int]]) -> tuple[Floats, Floats]:
    """The values and probabilities of (1/m) sum_u u (sum of n_u signs), without what is too rare.

    >>> _sum_of_signs(2, [(3, 1), (1, 1)])
    (array([-2., -1.,  1.,  2.]), array([0.25, 0.25, 0.25, 0.25]))
    """
    low, chances = 0, np.ones(1)
    for u, n in columns:
        likely = _likely(n, 0.5)
        spread = np.zeros(u * (len(likely) - 1) + 1)
        spread[::u] = binom.pmf(np.array(likely), n, 0.5)
        low += u * (2 * likely[0] - n)
        chances = np.convolve(chances, spread)
    kept = chances > _RAREST
    values = (low + 2 * np.nonzero(kept)[0]) / m
    return values, chances[kept] / chances[kept].sum()
