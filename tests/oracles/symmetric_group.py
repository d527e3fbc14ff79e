r"""Characters of small symmetric groups from permutation modules, and isotypic projectors.

M^lam, functions on the ways to colour 0..n-1 with lam_i points of colour i, holds S^lam once
and otherwise only S^nu with nu before lam in reverse lexicographic order (Sagan, *The Symmetric
Group*, section 2.11). Subtracting what came before gives the irreducible characters; no border
strip is removed anywhere.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import permutations
from math import factorial

Shape = tuple[int, ...]


@cache
def shapes(n: int) -> tuple[Shape, ...]:
    """Partitions of n in reverse lexicographic order, (n) first."""

    def below(total: int, largest: int) -> list[Shape]:
        if total == 0:
            return [()]
        return [
            (first, *rest)
            for first in range(min(total, largest), 0, -1)
            for rest in below(total - first, first)
        ]

    return tuple(below(n, n))


def cycle_type(g: tuple[int, ...]) -> Shape:
    seen: set[int] = set()
    lengths = []
    for start in range(len(g)):
        length, point = 0, start
        while point not in seen:
            seen.add(point)
            point = g[point]
            length += 1
        if length:
            lengths.append(length)
    return tuple(sorted(lengths, reverse=True))


def class_size(mu: Shape) -> int:
    order = 1
    for part in set(mu):
        order *= part ** mu.count(part) * factorial(mu.count(part))
    return factorial(sum(mu)) // order


@cache
def _fixed_colourings(lam: Shape, mu: Shape) -> int:
    """Value of M^lam at cycle type mu: ways to give whole cycles to the colours."""
    if not mu:
        return 1
    return sum(
        _fixed_colourings(tuple(sorted((*lam[:i], room - mu[0], *lam[i + 1 :]))), mu[1:])
        for i, room in enumerate(lam)
        if room >= mu[0]
    )


@cache
def characters(n: int) -> dict[Shape, dict[Shape, int]]:
    """chi[lam][mu] for all shapes of size n."""
    classes = shapes(n)
    table: dict[Shape, dict[Shape, int]] = {}
    for lam in classes:
        chi = {mu: _fixed_colourings(lam, mu) for mu in classes}
        for other in table.values():
            inner = Fraction(sum(class_size(mu) * chi[mu] * other[mu] for mu in classes))
            times = int(inner / factorial(n))
            chi = {mu: chi[mu] - times * other[mu] for mu in classes}
        table[lam] = chi
    return table


def dimension(lam: Shape) -> int:
    return characters(sum(lam))[lam][(1,) * sum(lam)]


@cache
def group(n: int) -> tuple[tuple[int, ...], ...]:
    return tuple(permutations(range(n)))


def stable(lam: Shape) -> Shape:
    """The partition below the first row."""
    return lam[1:]


def padded(mu: Shape, n: int) -> Shape | None:
    """(n - |mu|, mu), or None where that is no partition."""
    first = n - sum(mu)
    if first < (mu[0] if mu else 0) or (first == 0 and mu):
        return None
    return (first, *mu) if first else ()
