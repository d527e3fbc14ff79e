r"""What a spectrum of a polynomial kernel will take, known before it starts.

The model of `states` is finite and its states can be counted without listing them: a state in degree k + b distributes k explicit sites
(distinct), b bulk letters (alike) and h live operators (alike) over l named boxes and any number of free groups,

    N(k, l, b, h) = sum_{i, c, e} C(k, i) N(k - i, l - 1, b - c, h - e),       a named box takes i, c, e, not all zero,
    N(k, 0, b, h) = sum_{i, c, e} C(k-1, i-1) N(k - i, 0, b - c, h - e),       the group of the first site, i + c >= 2 or e >= 1,
    N(0, 0, b, h) = multisets of pairs (c, e) with c >= 2 or e >= 1.

The basis of (mu, kappa) costs a product of the column groups for each state; its block an operator step for each basis vector and
each state on the way through s^i. Seconds are those numbers of steps times what a step took where it was measured; they are right within
a factor of some ten either way, and a spectrum is refused only where that does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import comb, factorial, prod

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.combinatorics import partition_count, partitions
from symkern.engines.cost import Cost
from symkern.kernels.algebras import Algebra
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages import Entrywise
from symkern.kernels.stages.attention import Attention
from symkern.limits import current
from symkern.tokens import Law

#: Exponents of (s, m, s_x, s_y, d).
Exponents = tuple[int, int, int, int, int]

#: Seconds a step takes: a permuted state, an operator step on a state, an entry of a matrix times a term, an entry of a remembered image.
_PERMUTED, _APPLIED, _MULTIPLIED = 1e-5, 3e-6, 1e-7
_LETTERED = 3e-4
#: The same of a choice of explicit sites with their letters, in one power of m.
_MATCHED = 2e-5
#: The same of a monomial of the kernel polynomial, and on two letters of a power of m in one, on one vector.
_LISTED, _SUMMED = 1e-4, 3e-6
#: There are so many times fewer monomials than their bound says where it is large.
_SPARSE = 60
#: Bytes held for a state with its coordinates, for a term of an entry, and for a state in a remembered image.
_STATE_BYTES, _TERM_BYTES = 1000, 100
_REMEMBERED_BYTES = 300
#: Degree up to which states are counted; there the numbers are out of reach already.
_HIGHEST = 40
#: The same on distinct tokens, and what a sector takes there, where it was measured.
_HIGHEST_DISTINCT = 200
_DISTINCT_SECONDS, _DISTINCT_BYTES = 5e-4, 6000
#: Seconds, or bytes, from which it does not matter how many more there are.
_ENOUGH = 1e12


def polynomial_cost(kernel: Kernel, length: int | sp.Expr, law: Law) -> Cost:
    """An estimate of the work, from the degrees of the kernel alone; a lower bound where it is out of all reach.

    >>> from symkern.abc import L, v
    >>> from symkern.kernels import embedding, uniform
    >>> found = polynomial_cost(embedding("alpha", "beta").attention().mean_pool(), L, uniform(v))
    >>> found.degree, found.sectors, found.states
    (2, 8, 13)
    """
    terms = _exponents(kernel)
    listed = max(len(terms), _monomials(kernel) // _SPARSE)
    star = kernel.reads_position
    sites = length - int(star) if isinstance(length, int) else None
    symbols = len([p for p in kernel.parameters if p != CONTEXT_LENGTH])
    found = _by_law(terms, star, sites, law, symbols, listed)
    return replace(found, seconds=found.seconds + _LISTED * listed)


def _by_law(
    terms: Sequence[Exponents], star: bool, sites: int | None, law: Law, symbols: int, listed: int
) -> Cost:
    if not law.is_uniform:
        letters = law.vocabulary
        assert isinstance(letters, int)
        return _independent(terms, star, sites, letters, law.is_independent)
    if law.vocabulary == 2:
        return _binary(terms, star, sites, symbols, listed)
    tokens = law.vocabulary if isinstance(law.vocabulary, int) else None
    return _uniform(terms, star, sites, tokens)


def distinct_cost(kernel: Kernel, length: int | sp.Expr) -> Cost:
    """The same on distinct tokens, where a sector is an irrep with at most as many cells below the first row as matches are multiplied.

    >>> from symkern.abc import L
    >>> from symkern.kernels import embedding
    >>> distinct_cost(embedding("alpha", "beta").attention().attention().mean_pool(), L).sectors
    12
    """
    terms = _exponents(kernel)
    star = int(kernel.reads_position)
    degree = max((j + d * star for _, j, _, _, d in terms), default=0)
    most = min(degree, length, _HIGHEST_DISTINCT) if isinstance(length, int) else min(degree, _HIGHEST_DISTINCT)  # fmt: skip
    sectors = sum(partition_count(j) for j in range(most + 1))
    if star:  # with an irrep of the L - 1 other positions: itself, or one box less
        sectors *= 1 + int((2 * most) ** 0.5)
    return Cost(
        sectors * _DISTINCT_SECONDS,
        sectors * _DISTINCT_BYTES,
        degree,
        sectors,
        sectors,
        advice="" if isinstance(length, int) else "a given length takes less",
    )


# -- degrees -------------------------------------------------------------------------------


def _exponents(kernel: Kernel) -> list[Exponents]:
    """Exponents in the kernel polynomial; only the extreme ones where it is too long to expand."""
    star = int(kernel.reads_position)
    if _monomials(kernel) > current().counted_monomials:
        bounds = _degrees(kernel)
        degree, squares = bounds.counts, bounds.squares
        deep = degree if kernel.sees_positions else 0
        return [(degree, 0, 0, 0, star), (degree - deep, deep, squares, squares, star)]
    found = kernel_polynomial(_with_numbers(kernel)).terms
    return [(i, j, a, b, q) for i, j, a, b, q in found]


def _degrees(kernel: Kernel) -> _Degrees:
    bounds: _Degrees = _DegreeBounds().run(kernel.stages)
    return bounds


def _monomials(kernel: Kernel) -> int:
    """A bound on the number of monomials."""
    bounds = _degrees(kernel)
    monomials = comb(bounds.counts + 2, 2) * (bounds.squares + 1) ** 2
    return monomials * (1 + int(kernel.reads_position))


def _with_numbers(kernel: Kernel) -> Kernel:
    """The kernel with unequal positive numbers in the place of its hyperparameters, which leave every monomial in place.

    Each hyperparameter that is not rational is replaced as a whole: trial values of its symbols could make a variance
    such as alpha - beta negative or zero, though it is neither where the user means it.
    """
    known: dict[sp.Expr, sp.Integer] = {}

    def number(value: sp.Expr) -> sp.Expr:
        if value.is_Rational:
            return value
        return known.setdefault(value, sp.Integer(sp.prime(len(known) + 1)))

    return kernel.with_formulas(number)


@dataclass(frozen=True)
class _Degrees:
    """Bounds on the degree in s and m together, and in s_x (or s_y) alone."""

    counts: int
    squares: int

    def plus(self, other: _Degrees) -> _Degrees:
        return _Degrees(max(self.counts, other.counts), max(self.squares, other.squares))

    def mean(self) -> _Degrees:
        return replace(self, counts=self.counts + 1)

    mean_diagonal = mean

    def read(self) -> _Degrees:
        return self


class _DegreeBounds(Algebra):
    """The degrees after each stage."""

    name = "degrees"

    def embedded(self, token: sp.Expr, position: sp.Expr, constant: sp.Expr) -> _Degrees:
        return _Degrees(0, 0)

    def mapped(self, matrix: _Degrees, stage: Entrywise) -> _Degrees:
        power = stage.degree or 0
        variances = power // 2 * (matrix.counts + matrix.squares) if stage.uses_variances else 0
        return _Degrees(power * matrix.counts, variances + power * matrix.squares)

    def mapped_number(self, number: _Degrees, stage: Entrywise) -> _Degrees:
        return self.mapped(number, stage)

    def added(self, number: _Degrees, other: _Degrees) -> _Degrees:
        return number.plus(other)

    def attended(self, matrix: _Degrees, values: _Degrees, average: bool) -> _Degrees:
        return _Degrees(2 * matrix.counts + values.counts + 1, 2 * matrix.squares + values.squares)

    def tied(self, matrix: _Degrees, values: _Degrees, stage: Attention) -> _Degrees:
        return self.attended(matrix, values, True)


# -- counting ------------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def _multisets(bulk: int, live: int) -> int:
    """Free groups of bulk letters and live operators alone."""
    ways = [[0] * (live + 1) for _ in range(bulk + 1)]
    ways[0][0] = 1
    for c in range(bulk + 1):
        for e in range(live + 1):
            if e or c >= 2:
                for i in range(c, bulk + 1):
                    for j in range(e, live + 1):
                        ways[i][j] += ways[i - c][j - e]
    return ways[bulk][live]


@lru_cache(maxsize=1_000_000)
def count_states(explicit: int, named: int, bulk: int, live: int = 0) -> int:
    """Number of states, N(k, l, b, h) at the head of this module.

    >>> count_states(2, 1, 1), count_states(4, 5, 1)
    (4, 120)
    """
    if named:
        return sum(
            comb(explicit, i) * count_states(explicit - i, named - 1, bulk - c, live - e)
            for i in range(explicit + 1)
            for c in range(bulk + 1)
            for e in range(live + 1)
            if i or c or e
        )
    if not explicit:
        return _multisets(bulk, live)
    return sum(
        comb(explicit - 1, i - 1) * count_states(explicit - i, 0, bulk - c, live - e)
        for i in range(1, explicit + 1)
        for c in range(bulk + 1)
        for e in range(live + 1)
        if e or i + c >= 2
    )


def _up_to(explicit: int, named: int, highest: int, live: int, star: bool) -> int:
    """States in all degrees up to ``highest``, with the star in a group or not."""
    bulks = range(highest - explicit + 1)
    total = sum(count_states(explicit, named, b, live) for b in bulks)
    if star:
        total += sum(count_states(explicit + 1, named, b, live) for b in bulks)
    return total


@lru_cache(maxsize=4096)
def _labels(boxes: int, size: int | None, rows: int | None = None) -> tuple[int, int, float]:
    """Of the stable labels of that many boxes that exist at ``size``: how many, sum of their column groups' orders, sum of f/n!.

    ``rows`` bounds the number of parts.
    """
    if size is not None and boxes and size <= boxes:
        return 0, 0, 0.0
    if (size is None or size >= 2 * boxes) and rows is None:
        orders = [0] * (boxes + 1)  # by columns of c boxes, each of which has c! permutations
        counts, orders[0] = [1] + [0] * boxes, 1
        for c in range(1, boxes + 1):
            for n in range(c, boxes + 1):
                orders[n] += factorial(c) * orders[n - c]
                counts[n] += counts[n - c]
        involutions = [1, 1]
        for n in range(2, boxes + 1):
            involutions.append(involutions[-1] + (n - 1) * involutions[-2])
        return counts[boxes], orders[boxes], involutions[boxes] / factorial(boxes)
    found = [
        mu
        for mu in partitions(boxes)
        if (size is None or size >= mu.threshold) and (rows is None or len(mu) <= rows)
    ]
    orders_found = sum(prod(map(factorial, mu.conjugate)) for mu in found)
    return len(found), orders_found, sum(mu.dimension for mu in found) / factorial(boxes)


# -- the engines ---------------------------------------------------------------------------


def _degree(terms: Iterable[Exponents]) -> int:
    return max((i + j + 2 * max(a, b) for i, j, a, b, _ in terms), default=0)


def _uniform(terms: Sequence[Exponents], star: bool, sites: int | None, tokens: int | None) -> Cost:
    highest = _degree(terms)
    if highest > _HIGHEST:
        terms = [t for t in terms if _degree([t]) <= _HIGHEST] or [(_HIGHEST, 0, 0, 0, 0)]
    matches = max((j for _, j, _, _, _ in terms), default=0)
    clipped = min(highest, _HIGHEST)
    sectors = states = held = 0
    seconds = 0.0
    for k in range(matches + 1):
        if seconds > _ENOUGH or held > _ENOUGH:
            break
        seen = [t for t in terms if t[1] >= k]
        mus, columns, share = _labels(k, sites)
        for l in range(clipped + int(star) + 1):
            kappas, others, fraction = _labels(l, tokens)
            listed = _up_to(k, l, clipped, 0, star)
            if not (mus and kappas and listed):
                continue
            sectors += mus * kappas
            states += mus * kappas * listed
            sources = listed * share * fraction
            steps = sources * _on_the_way(seen, k, l, clipped, star) * (k + l + 3)
            seconds += _PERMUTED * listed * columns * others + _APPLIED * steps
            held = max(held, 16 * listed**2)
            if seconds > _ENOUGH or held > _ENOUGH:
                break
    advice = (
        "with v symbolic; vocabulary 2 takes least, then a given length and vocabulary"
        if tokens is None
        else "vocabulary 2 takes least, then a given length"
    )
    return Cost(seconds, held + _STATE_BYTES * states, highest, sectors, states, advice=advice)


def _on_the_way(terms: Sequence[Exponents], k: int, l: int, highest: int, star: bool) -> int:
    """States in all vectors between a source and its image."""
    total = 0
    for a, b in {(t[2], t[3]) for t in terms}:
        inner = [(t[0], t[1]) for t in terms if t[2:4] == (a, b)]
        for i in range(max(i for i, _ in inner) + 1):
            degree = max(j + i2 - i for i2, j in inner if i2 >= i)
            total += 2 * _up_to(k, l, degree, i, star)
        total += b * _up_to(k, l, highest, 1, star)
        start = max(i + j for i, j in inner)
        total += sum(_up_to(k, l, min(start + 2 * e + 1, highest), 1, star) for e in range(a))
    return total


def _binary(
    terms: Sequence[Exponents], star: bool, sites: int | None, symbols: int, listed: int
) -> Cost:
    """Two letters: matrices of the size of a string, whose entries are polynomials."""
    highest = _degree(terms)
    matches = max((j for _, j, _, _, _ in terms), default=0)
    groups = {(t[2], t[3]) for t in terms}
    depth = sum(max(t[0] for t in terms if t[2:4] == g) + 2 * sum(g) for g in groups)
    length_terms = 2 * highest + 1 if sites is None else 1
    entry = length_terms * (highest + 1) ** max(symbols - 1, 0)
    entries = rows = sectors = 0
    for j in range(matches + 1):
        if sites is not None and sites < 2 * j:
            break
        size = highest - j + 1 if sites is None else min(highest - j, sites - 2 * j) + 1
        size *= 2 if star else 1
        sectors, rows, entries = sectors + 2, rows + size, entries + size**2
    seconds = _MULTIPLIED * 2 * depth * entries * entry
    seconds += _SUMMED * listed * rows * (matches + 1)
    return Cost(
        seconds,
        _TERM_BYTES * entries * entry,
        highest,
        sectors,
        rows,
        advice="a given length and given hyperparameters take less",
    )


def _independent(
    terms: Sequence[Exponents], star: bool, sites: int | None, letters: int, single: bool = True
) -> Cost:
    """Letters one by one: what stands inside i pairs of count operators is computed once for each state.

    Under a ``single`` law T_{m^j} sees no degree above j, and a count lowers the degree by one at most; under a mixture states of degree up to D + i
    are met. Every match goes through the subsets of the explicit sites.
    """
    highest = max((i + j + 2 * a for i, j, a, _, _ in terms), default=0)
    matches = max((j for _, j, _, _, _ in terms), default=0)
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for i, j, a, b, _ in terms:
        groups.setdefault((a, b), []).append((i, j))
    starred = letters if star else 1

    def listed(explicit: int, degree: int) -> int:
        bulk = max(degree - explicit, 0)
        return int((letters - 1) ** explicit) * comb(bulk + letters - 1, letters - 1) * starred

    sectors = states = remembered = 0
    seconds = 0.0
    for k in range(matches + 1):
        count, columns, _ = _labels(k, sites, max(letters - 1, 0))
        if not count:
            continue
        here = listed(k, highest)
        seconds += _PERMUTED * (here + (letters - 1) ** k * columns)
        for (a, b), inner in groups.items():
            first = max(i + j for i, j in inner)
            wider = sum(listed(k, highest + 2 * e) for e in range(b))
            wider += sum(listed(k, first + 2 * e) for e in range(a))
            seconds += _LETTERED * here * wider
            for level in range(max(i for i, _ in inner) + 1):
                seen = max((i + j - level for i, j in inner if i >= level), default=0)
                if seen < k:
                    break
                visited = listed(k, seen if single else highest + level + 2 * b)
                image = listed(k, seen if single else max(highest - level, k))
                seconds += _LETTERED * visited * image
                seconds += _MATCHED * visited * matches * (2 * (letters - 1)) ** k
                remembered += visited * image
        sectors, states = sectors + count, states + count * here
        if seconds > _ENOUGH:
            break
    return Cost(
        seconds,
        _STATE_BYTES * states + _REMEMBERED_BYTES * remembered,
        highest,
        sectors,
        states,
        advice="a given length takes less, and so do uniform tokens",
    )
