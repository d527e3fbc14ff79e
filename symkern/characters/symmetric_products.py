r"""Products of monomials and coproducts of basis elements.

m_lam m_mu = sum over nu of (number of pairs of rearrangements a of lam and b of mu with a + b = nu) m_nu. With lam fixed on N = l(lam) + l(mu)
places and b running over all rearrangements of mu there, nu is met c times, and the coefficient is c |orbit of lam|/|orbit of nu|.

    coproducts   s_lam: sum of c^lam_(mu nu) s_mu s_nu      h, e: parts split in two, h_k -> sum h_i h_(k-i)
                 p_mu: parts go to either side              m_mu: the same, each choice once

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I.5.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import comb, factorial, prod

from symkern.characters.littlewood_richardson_rule import skew_parts
from symkern.combinatorics.generation import iter_partitions
from symkern.combinatorics.partition import Partition
from symkern.limits import check_time

Pairs = tuple[tuple[tuple[Partition, Partition], int], ...]


@lru_cache(maxsize=1024)
def monomial_product(lam: Partition, mu: Partition) -> tuple[tuple[Partition, int], ...]:
    """(nu, coefficient) of m_lam m_mu.

    >>> monomial_product(Partition(1), Partition(1))
    ((Partition(2), 1), (Partition(1, 1), 2))
    """
    places = len(lam) + len(mu)
    equal_places = {**lam.multiplicities, 0: places - len(lam)}
    # Class by class of equal parts of lam: what of mu has been put where, and in how many ways.
    states: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {((), tuple(mu)): 1}
    for part, count in equal_places.items():
        following: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        for (sums, left), ways in states.items():
            check_time()
            for chosen, rest in _chosen(left, count):
                arranged = _arrangements(chosen, count)
                grown = [part + b for b in chosen] + [part] * (count - len(chosen))
                key = (tuple(sorted((*sums, *grown), reverse=True)), rest)
                following[key] = following.get(key, 0) + ways * arranged
        states = following
    own = _arrangements(lam, places)
    found: dict[Partition, int] = {}
    for (sums, left), ways in states.items():
        if not left:
            nu = Partition.trusted(a for a in sums if a)
            found[nu] = found.get(nu, 0) + ways
    return tuple(
        (nu, ways * own // _arrangements(nu, places))
        for nu, ways in sorted(found.items(), reverse=True)
    )


def _chosen(left: tuple[int, ...], most: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The ways to take at most so many of the parts, as (parts taken, parts left); equal parts are alike."""
    counts = Partition.trusted(left).multiplicities
    found = []
    for taken in product(*(range(m + 1) for m in counts.values())):
        if sum(taken) <= most:
            chosen = [k for k, t in zip(counts, taken, strict=True) for _ in range(t)]
            pairs = zip(counts.items(), taken, strict=True)
            rest = [k for (k, m), t in pairs for _ in range(m - t)]
            found.append((tuple(chosen), tuple(rest)))
    return found


def _arrangements(parts: tuple[int, ...], places: int) -> int:
    """In how many ways parts and zeros stand on so many places."""
    same = prod(factorial(m) for m in Partition.trusted(parts).multiplicities.values())
    return factorial(places) // (factorial(places - len(parts)) * same)


def coproduct_of(basis: str, lam: Partition) -> Pairs:
    """((mu, nu), coefficient) of the coproduct of a basis element.

    >>> coproduct_of("h", Partition(1))
    (((Partition(1), Partition()), 1), ((Partition(), Partition(1)), 1))
    """
    if basis == "s":
        return tuple(
            ((mu, nu), count)
            for k in range(lam.size, -1, -1)
            for mu in iter_partitions(k, inside=lam)
            for nu, count in skew_parts(lam, mu)
        )
    found: dict[tuple[Partition, Partition], int] = {(Partition(), Partition()): 1}
    for part, m in lam.multiplicities.items():
        following: dict[tuple[Partition, Partition], int] = {}
        for (left, right), count in found.items():
            for first, second, ways in _splittings(basis, part, m):
                check_time()
                key = (left.union(first), right.union(second))
                following[key] = following.get(key, 0) + count * ways
        found = following
    return tuple(found.items())


def _splittings(
    basis: str, part: int, m: int
) -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
    """Where m equal parts go."""
    if basis in ("p", "m"):
        return [
            ((part,) * a, (part,) * (m - a), comb(m, a) if basis == "p" else 1)
            for a in range(m, -1, -1)
        ]
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {((), ()): 1}
    for _ in range(m):
        following: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        for (left, right), count in found.items():
            for i in range(part, -1, -1):
                first = tuple(sorted((*left, i), reverse=True)) if i else left
                second = tuple(sorted((*right, part - i), reverse=True)) if i < part else right
                following[first, second] = following.get((first, second), 0) + count
        found = following
    return [(left, right, count) for (left, right), count in found.items()]
