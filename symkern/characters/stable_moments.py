r"""Means and multiplicities of polynomials in cycle counts, at every n and in the limit.

For a = (a_1, a_2, ...) let |a| = sum i a_i, and let (X)_j = X (X-1) ... (X-j+1). On S_n

    E prod_i (X_i)_(a_i) = prod_i i^(-a_i) for n >= |a|, and 0 for n < |a|,

and prod_i C(X_i, a_i), the number of ways to choose cycles of type a from a permutation, is the
class function induced from S_|a| x S_(n-|a|) of (indicator of the class a) times 1, which is

    sum over nu of |a|:  chi^nu(a)/z_a  times  sum over mu with nu/mu a horizontal strip and
                                               nu_1 <= n - |mu|:  chi^(mu[n])

by Pieri's rule, lam/nu a horizontal strip for lam = mu[n] meaning nu_1 >= mu_1 >= nu_2 >= mu_2 ...
So the multiplicity of mu[n] is a step function of n, whose steps stand at n = |mu| + nu_1. It is
constant from the last step that does not vanish on, which gives thresholds that cannot be lowered.

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I.7 example 14; Church, Ellenberg,
Farb, *FI-modules and stability for representations of symmetric groups*, Duke Math. J. 164
(2015), theorem 3.3.4 for the existence of a threshold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod

from symkern.characters.full_table import character_table
from symkern.characters.murnaghan_nakayama import character
from symkern.characters.scalars import Scalar, Span, normal, total
from symkern.combinatorics.generation import partitions
from symkern.combinatorics.partition import Partition
from symkern.combinatorics.stirling_numbers import stirling2

Exponents = tuple[int, ...]
"""Exponents of X1, X2, ..., the last one not zero."""

_TABLES_UP_TO = 16  # beyond, a few single characters cost less than a table


class StepFunction:
    """A function of n that changes at finitely many n: the sum of the heights of the steps up to n."""

    def __init__(self, span: Span, heights: Mapping[int, Mapping[int, int]]) -> None:
        """``heights[start]`` says by its weights which combination of ``span`` is added at start."""
        self._span = span
        self._heights = heights

    def at(self, n: int | None) -> Scalar:
        """The value at n; None: for all large n."""
        if n is None:
            return self._stable
        return self._sum(start for start in self._heights if start <= n)

    @cached_property
    def _stable(self) -> Scalar:
        return self._sum(self._heights)

    def _sum(self, starts: Iterable[int]) -> Scalar:
        weights: Counter[int] = Counter()
        for start in starts:
            weights.update(self._heights[start])
        return self._span.combine(weights)

    @cached_property
    def last(self) -> int:
        """The smallest n from which the function is constant; 0 when it is so throughout."""
        starts = sorted(self._heights, reverse=True)
        return next((s for s in starts if self._span.combine(self._heights[s]) != 0), 0)


def weight(exponents: Exponents) -> int:
    """|a| = sum i a_i, the number of points that the cycles move."""
    return sum(i * a for i, a in enumerate(exponents, start=1))


def falling_factorials(terms: Mapping[Exponents, Scalar]) -> dict[Exponents, Scalar]:
    """Coefficients on prod_i (X_i)_(a_i) from those on the monomials: Stirling numbers of the second kind."""
    parts: dict[Exponents, list[Scalar]] = {}
    for exponents, coefficient in terms.items():
        for lower in product(*(range(e + 1) for e in exponents)):
            ways = prod(stirling2(e, a) for e, a in zip(exponents, lower, strict=True))
            if ways:
                parts.setdefault(_trimmed(lower), []).append(ways * coefficient)
    return _summed(parts)


def mean_steps(falling: Mapping[Exponents, Scalar]) -> StepFunction:
    """E_n of a polynomial given on falling factorials, as a step function of n."""
    heights: dict[int, dict[int, int]] = {}
    for i, exponents in enumerate(falling):
        heights.setdefault(weight(exponents), {})[i] = 1
    return StepFunction(_scaled(falling), heights)


def multiplicity_steps(falling: Mapping[Exponents, Scalar]) -> dict[Partition, StepFunction]:
    """For each mu, <P, chi^(mu[n])> as a step function of n; labels by size, then in their order.

    A label that is left out has multiplicity zero at every n.
    """
    heights: dict[Partition, dict[int, dict[int, int]]] = {}
    by_weight: dict[int, list[int]] = {}
    listed = list(falling)
    for i, exponents in enumerate(listed):
        by_weight.setdefault(weight(exponents), []).append(i)
    for size, numbers in by_weight.items():
        columns = [(i, _column(size, listed[i])) for i in numbers]
        for row, nu in enumerate(partitions(size)):
            induced = [(i, column[row]) for i, column in columns if column[row]]
            for mu in _without_horizontal_strip(nu) if induced else ():
                step = heights.setdefault(mu, {}).setdefault(mu.size + nu.part(0), {})
                for i, value in induced:
                    step[i] = step.get(i, 0) + value
    span = _scaled(falling)
    ordered = sorted(heights, key=lambda mu: (mu.size, [-part for part in mu]))
    return {mu: StepFunction(span, heights[mu]) for mu in ordered}


def _scaled(falling: Mapping[Exponents, Scalar]) -> Span:
    return Span([normal(c * _mean(exponents)) for exponents, c in falling.items()])


def _mean(exponents: Exponents) -> Fraction:
    return Fraction(1, prod(i**a for i, a in enumerate(exponents, start=1)))


def _column(size: int, exponents: Exponents) -> list[int]:
    """chi^nu(a) for all nu of |a|."""
    cycles = Partition.trusted(
        i for i in range(len(exponents), 0, -1) for _ in range(exponents[i - 1])
    )
    if size <= _TABLES_UP_TO:
        return [int(x) for x in character_table(size).column(cycles)]
    return [character(nu, cycles) for nu in partitions(size)]


def _without_horizontal_strip(nu: Partition) -> Iterator[Partition]:
    """All mu with nu_1 >= mu_1 >= nu_2 >= mu_2 >= ..."""
    for parts in product(*(range(nu.part(i + 1), row + 1) for i, row in enumerate(nu))):
        yield Partition.trusted(part for part in parts if part)


def _trimmed(exponents: Exponents) -> Exponents:
    end = len(exponents)
    while end and not exponents[end - 1]:
        end -= 1
    return exponents[:end]


def _summed(parts: Mapping[Exponents, list[Scalar]]) -> dict[Exponents, Scalar]:
    sums = ((exponents, total(terms)) for exponents, terms in parts.items())
    return {exponents: value for exponents, value in sums if value != 0}
