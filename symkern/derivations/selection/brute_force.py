"""Averages over all q-subsets and all sign vectors, in fractions: what the closed forms are checked against.

Nothing here knows a closed form. A quadratic function of independent standard Gaussians has the same mean when they are
replaced by independent signs, so a sum over sign vectors is the exact population average. Softmax is taken to the
base 2, a = log 2 times an integer, so that every weight is a fraction.

Sums are taken over integers and divided once, which is many times faster than adding fractions. What is summed over grows
like 2^(Td) binomial(T, q), so each step asks `beyond` before it builds anything, and says nothing where the sum is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import lcm
from typing import Any

import numpy as np

from symkern.limits import current
from symkern.reading.integers import power_exceeds

Vector = list[Fraction]
Matrix = list[list[Fraction]]


def beyond(T: int, q: int, work: int, signs: int = 0, pairs: bool = False) -> bool:
    """Whether ``work`` additions for each q-subset (or pair of them) and each vector of ``signs`` signs are too many.

    Sizes may be absurd: nothing is computed that is much larger than what is allowed.

    >>> beyond(4, 2, 100), beyond(10**9, 5 * 10**8, 1), beyond(4, 2, 1, signs=10**9)
    (False, True, True)
    """
    most = current().evidence_signs if signs else current().evidence_subsets
    if power_exceeds(2, signs, most):
        return True
    each = max(1, work) * 2**signs
    subsets = 1
    for i in range(min(q, T - q)):  # binomial(T, i) grows with i up here, at least like 2^i
        if subsets * each > most:
            return True
        subsets = subsets * (T - i) // (i + 1)
    return bool(each * subsets ** (1 + pairs) > most)


def head_work(T: int, d: int, q: int, E: int = 0, times: int = 1) -> int:
    """Additions that one subset costs in ``times`` calls of `head_loss` (a gradient counts as two), in machine words; e^a = 2^E."""
    return times * T * (d * d + 8 * q) * (1 + abs(E) // 64)


def indicators(T: int, q: int) -> list[tuple[int, ...]]:
    """1_y for every q-subset y."""
    return [tuple(int(i in y) for i in range(T)) for y in map(set, combinations(range(T), q))]


def average(values: Iterator[Fraction] | Sequence[Fraction]) -> Fraction:
    """The mean."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found)


def gaussian_average(
    T: int,
    d: int,
    q: int,
    denominator: int,
    function: Callable[[np.ndarray], Callable[[tuple[int, ...]], np.ndarray]],
) -> Fraction:
    """E over y and x of a function that is quadratic in x.

    ``function`` takes all sign vectors at once, an array of Python integers of shape (2^(Td), T, d), and returns a function of 1_y,
    whose values are the integers for each of them that stand over ``denominator``.
    """
    # Python integers in the arrays: a fixed width could wrap without a word.
    signs = np.array(list(product((1, -1), repeat=T * d)), dtype=object).reshape(-1, T, d)
    values = function(signs)
    subsets = indicators(T, q)
    total = sum(int(values(y).sum()) for y in subsets)
    return Fraction(total, denominator * len(subsets) * len(signs))


def over_common(values: Any) -> tuple[np.ndarray, int]:
    """Fractions as an array of integers and the denominator that they share."""
    found = np.array(values, dtype=object)
    shared = lcm(*(int(x.denominator) for x in found.flat))
    over = [int(x.numerator) * (shared // int(x.denominator)) for x in found.flat]
    return np.array(over, dtype=object).reshape(found.shape), shared


def identity(n: int, scale: Fraction | int = 1) -> Matrix:
    """A multiple of the unit matrix."""
    return [[Fraction(scale) * (i == j) for j in range(n)] for i in range(n)]


def transposed(matrix: Matrix) -> Matrix:
    """The transpose."""
    return [list(column) for column in zip(*matrix, strict=True)]


def applied(left: Matrix, right: Matrix) -> Matrix:
    """The product of two matrices."""
    columns = transposed(right)
    return [[sum((x * y for x, y in zip(r, c, strict=True)), Fraction(0)) for c in columns] for r in left]  # fmt: skip


def softmax(scores: Matrix, y: tuple[int, ...]) -> Vector:
    """The weights 2^{(W 1_y)_i}, normalised; W 1_y must hold integers."""
    powers = []
    for row in scores:
        score = sum((w for w, s in zip(row, y, strict=True) if s), Fraction(0))
        if score.denominator != 1:
            raise ArithmeticError("the scores W 1_y must be integers")
        powers.append(Fraction(2) ** int(score))
    whole = sum(powers)
    return [p / whole for p in powers]


def head_loss(scores: Matrix, values: Matrix, q: int) -> Fraction:
    """E |V sum_i softmax(W 1_y)_i x_i - STS|^2: the mean over y of the squared norms of the matrices in front of the x_i."""
    T = len(scores)
    matrix, below = over_common(values)
    found = []
    for y in indicators(T, q):
        weights, whole = over_common(softmax(scores, y))
        errors = _errors(weights, whole, matrix, below, y, q)
        found.append(Fraction(int((errors**2).sum()), (whole * below * q) ** 2))
    return average(found)


def _errors(
    weights: np.ndarray, whole: int, matrix: np.ndarray, below: int, y: tuple[int, ...], q: int
) -> np.ndarray:
    """s_i V - [i in y] I/q for every i, times whole x below x q: integers."""
    chosen = np.array(y, dtype=object)[:, None, None]
    unit = np.eye(len(matrix), dtype=int).astype(object)
    return np.asarray(q * weights[:, None, None] * matrix - whole * below * chosen * unit)


def head_gradient(scores: Matrix, values: Matrix, q: int) -> tuple[Matrix, Matrix]:
    """The gradients of `head_loss` by W (natural scores) and by V, from the chain rule for each y."""
    T, d = len(scores), len(values)
    matrix, below = over_common(values)
    by_scores: Any = np.full((T, T), Fraction(0), dtype=object)
    by_values: Any = np.full((d, d), Fraction(0), dtype=object)
    subsets = indicators(T, q)
    for y in subsets:
        weights, whole = over_common(softmax(scores, y))
        errors = _errors(weights, whole, matrix, below, y, q)
        on_values = 2 * (errors * weights[:, None, None]).sum(axis=0)
        by_values += on_values * Fraction(1, whole**2 * below * q * len(subsets))
        by_weight = 2 * (errors * matrix).sum(axis=(1, 2))
        # ds_i/dscore = s_i (1 - s_i) and -s_i s_j: what the weights pull is their slope less its mean under them.
        pulled = weights * (whole * by_weight - int((weights * by_weight).sum()))
        share = pulled * Fraction(1, whole**3 * below**2 * q * len(subsets))
        by_scores[:, np.array(y) == 1] += share[:, None]
    return by_scores.tolist(), by_values.tolist()


def reduced(T: int, d: int, exponent: int, value: Fraction | int) -> tuple[Matrix, Matrix]:
    """W = exponent x I and V = value x I; W may be shifted by any multiple of J, which no weight sees."""
    return identity(T, exponent), identity(d, value)
