r"""Probabilities of a multinomial law as balls, near its mean: S!/(n_1! ... n_v!) p_1^n_1 ... p_v^n_v.

They are the product of Poisson probabilities of means S p_t, over that of S for the mean S, so that one table for each letter gives all of them. What is
not visited has at most the probability that the visited ones leave, which is one minus their sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import factorial, pi, prod, sqrt
from typing import Any

import flint

from symkern.exact.binomial_weights import central_range

Counts = tuple[int, ...]

#: Longer sizes have as many numbers as makes no difference.
_FAR = 10**30


def poisson_balls(mean: Fraction, places: range) -> list[Any]:
    """e^-mean mean^n/n! for the numbers n in ``places``, in the precision in force.

    >>> poisson_balls(Fraction(2), range(0, 2))[1].str(8, radius=False)
    '0.27067057'
    """
    rate = flint.fmpq(mean.numerator, mean.denominator)
    middle = min(max(round(mean), places.start), places.stop - 1)
    exact = flint.arb(rate)
    start = (middle * exact.log() - exact - flint.arb(middle + 1).lgamma()).exp()
    above = [start]
    for n in range(middle + 1, places.stop):
        above.append(above[-1] * (rate / n))
    below = [start]
    for n in range(middle, places.start, -1):
        below.append(below[-1] * (n / rate))
    return [*below[:0:-1], *above]


def central_counts(
    size: int, law: Sequence[Fraction], bits: int, alike: bool
) -> Iterator[tuple[Counts, Any]]:
    """Numbers of letters with their probabilities, all but a share of some 2^-bits; where letters are ``alike``, decreasing numbers stand for all orders of them.

    >>> [(n, p.str(5, radius=False)) for n, p in central_counts(2, [Fraction(1, 2)] * 2, 100, True)]
    [((1, 1), '0.50000'), ((2, 0), '0.50000')]
    """
    ranges = [central_range(size, p, bits) for p in law]
    tables = [poisson_balls(size * p, r) for p, r in zip(law, ranges, strict=True)]
    (whole,) = poisson_balls(Fraction(size), range(size, size + 1))
    least = flint.arb(2) ** -(bits + 8 * len(law))
    for counts in _listed(size, ranges, alike):
        each = (t[n - r.start] for t, n, r in zip(tables, counts, ranges, strict=True))
        weight = prod(each, start=1 / whole)
        if weight < least:
            continue
        yield counts, weight * (orders(counts) if alike else 1)


def orders(counts: Counts) -> int:
    """The number of orders of these numbers."""
    return factorial(len(counts)) // prod(map(factorial, Counter(counts).values()))


def _listed(rest: int, ranges: Sequence[range], falling: bool, most: int | None = None) -> Iterator[Counts]:  # fmt: skip
    """Numbers in the ranges that add up to ``rest``."""
    own, *others = ranges
    if not others:
        if rest in own and (most is None or rest <= most):
            yield (rest,)
        return
    low = max(own.start, rest - sum(r.stop - 1 for r in others))
    high = min(own.stop - 1, rest - sum(r.start for r in others))
    if falling:
        low = max(low, -(-rest // len(ranges)))
        high = high if most is None else min(high, most)
    for n in range(low, high + 1):
        for behind in _listed(rest - n, others, falling, n if falling else None):
            yield (n, *behind)


def number_of_central_counts(size: int, law: Sequence[Fraction], bits: int, alike: bool) -> float:
    """About how many there are: lattice points of an ellipsoid."""
    free, size = len(law) - 1, min(size, _FAR)
    every: float = prod((size + i) / i for i in range(1, free + 1))
    radius = sqrt(2 * bits * 0.6931)
    ball = pi ** (free / 2) / _half_factorial(free) * radius**free
    spread = sqrt(prod(map(float, law))) * float(size) ** (free / 2)
    return float(min(every, ball * spread) / (factorial(len(law)) if alike else 1) + 1)


def _half_factorial(n: int) -> float:
    """Gamma(n/2 + 1)."""
    found = 1.0 if n % 2 == 0 else sqrt(pi)
    at = 1.0 if n % 2 == 0 else 0.5
    while at < n / 2 + 0.5:
        found *= at
        at += 1
    return found
