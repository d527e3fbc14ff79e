r"""Probabilities of a binomial law as balls, near its mean: C(n, i) p^i (1 - p)^(n - i), and a bound for what is left out.

One of them comes from logarithms of factorials, the others from their exact ratios, so that no number of n digits is written out. What is further than t
from the mean has at most the probability 2 e^(-2 t^2/n) (Hoeffding, *Probability inequalities for sums of bounded random variables*, J. Amer. Statist.
Assoc. 58 (1963)).
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

import flint


def central_range(n: int, p: Fraction, bits: int) -> range:
    """The numbers i outside of which Binomial(n, p) has probability 2^(1 - bits) at most.

    >>> central_range(10, Fraction(1, 2), 100), central_range(10**6, Fraction(1, 2), 100)
    (range(0, 11), range(494082, 505919))
    """
    reach = isqrt(n * bits * 7 // 20) + 2  # ln(2)/2 < 7/20
    middle = round(n * p)
    return range(max(middle - reach, 0), min(middle + reach, n) + 1)


def binomial_balls(n: int, p: Fraction, places: range) -> list[Any]:
    """The probabilities of the numbers in ``places``, in the precision in force."""
    middle = min(max(round(n * p), places.start), places.stop - 1)
    odds = flint.fmpq(p.numerator, p.denominator - p.numerator)
    own, other = (flint.arb(flint.fmpq(q.numerator, q.denominator)) for q in (p, 1 - p))
    factorials = [flint.arb(i + 1).lgamma() for i in (n, middle, n - middle)]
    first = factorials[0] - factorials[1] - factorials[2]
    start = (first + middle * own.log() + (n - middle) * other.log()).exp()
    above = [start]
    for i in range(middle, places.stop - 1):
        above.append(above[-1] * (odds * flint.fmpq(n - i, i + 1)))
    below = [start]
    for i in range(middle, places.start, -1):
        below.append(below[-1] * (flint.fmpq(i, n - i + 1) / odds))
    return [*below[:0:-1], *above]


def widened(number: Any, by: Any) -> Any:
    """The ball with a radius larger by a bound."""
    return number + flint.arb(0, by.upper())
