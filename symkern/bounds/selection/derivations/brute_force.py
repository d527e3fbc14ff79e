"""Averages over all q-subsets and all sign vectors, in fractions: what the closed forms are checked against.

Nothing here knows a closed form. A quadratic function of independent standard Gaussians has the same mean when they are
replaced by independent signs, so a sum over sign vectors is the exact population average. Softmax is taken to the
base 2, a = log 2 times an integer, so that every weight is a fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

Vector = list[Fraction]
Matrix = list[list[Fraction]]

__all__ = [
    "Matrix",
    "applied",
    "average",
    "gaussian_average",
    "head_gradient",
    "head_loss",
    "identity",
    "indicators",
    "reduced",
    "softmax",
    "transposed",
]


def indicators(T: int, q: int) -> list[tuple[int, ...]]:
    """1_y for every q-subset y."""
    return [tuple(int(i in y) for i in range(T)) for y in combinations(range(T), q)]


def average(values: Iterator[Fraction] | Sequence[Fraction]) -> Fraction:
    """The mean."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found)


def gaussian_average(
    T: int, d: int, q: int, function: Callable[[Matrix, tuple[int, ...]], Fraction]
) -> Fraction:
    """E over y and x of a function that is quadratic in x, given x as T rows of d entries."""
    total = []
    for signs in product((1, -1), repeat=T * d):
        x = [[Fraction(s) for s in signs[i * d : (i + 1) * d]] for i in range(T)]
        total.append(average([function(x, y) for y in indicators(T, q)]))
    return average(total)


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
        score = sum((w * s for w, s in zip(row, y, strict=True)), Fraction(0))
        if score.denominator != 1:
            raise ArithmeticError("the scores W 1_y must be integers")
        powers.append(Fraction(2) ** int(score))
    whole = sum(powers)
    return [p / whole for p in powers]


def head_loss(scores: Matrix, values: Matrix, q: int) -> Fraction:
    """E |V sum_i softmax(W 1_y)_i x_i - STS|^2: the mean over y of the squared norms of the matrices in front of the x_i."""
    T, d = len(scores), len(values)
    found = []
    for y in indicators(T, q):
        weights = softmax(scores, y)
        found.append(
            sum(
                (
                    (weights[i] * values[k][j] - Fraction(y[i] * (k == j), q)) ** 2
                    for i in range(T)
                    for k in range(d)
                    for j in range(d)
                ),
                Fraction(0),
            )
        )
    return average(found)


def head_gradient(scores: Matrix, values: Matrix, q: int) -> tuple[Matrix, Matrix]:
    """The gradients of `head_loss` by W (natural scores) and by V, from the chain rule for each y."""
    T, d = len(scores), len(values)
    by_scores = [[Fraction(0)] * T for _ in range(T)]
    by_values = [[Fraction(0)] * d for _ in range(d)]
    subsets = indicators(T, q)
    for y in subsets:
        weights = softmax(scores, y)
        by_weight = []
        for i in range(T):
            slope = Fraction(0)
            for k in range(d):
                for j in range(d):
                    error = weights[i] * values[k][j] - Fraction(y[i] * (k == j), q)
                    slope += 2 * error * values[k][j]
                    by_values[k][j] += 2 * error * weights[i] / len(subsets)
            by_weight.append(slope)
        mean = sum((w * s for w, s in zip(weights, by_weight, strict=True)), Fraction(0))
        for i in range(T):
            pulled = weights[i] * (by_weight[i] - mean)
            for j in range(T):
                by_scores[i][j] += pulled * y[j] / len(subsets)
    return by_scores, by_values


def reduced(T: int, d: int, exponent: int, value: Fraction | int) -> tuple[Matrix, Matrix]:
    """W = exponent x I and V = value x I; W may be shifted by any multiple of J, which no weight sees."""
    return identity(T, exponent), identity(d, value)
