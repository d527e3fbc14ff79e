r"""Sizes of the blocks, from characters alone.

The functions of shape mu[L] and Efron-Stein degree d form, as a representation of S_v, the sum of the Schur functors
S_nu(W) over nu |- d with nu/mu and mu[L]/nu horizontal strips (W: mean-zero functions of one token). The character of
S_nu(W) at a permutation is s_nu in the power sums p_j = fix(g^j) - 1, so that the multiplicity of kappa[v] is an
inner product over S_v. A read position multiplies with the character fix of all functions of one token.

The sizes found so do not share a line with the bases of `multiplicity_space`, and say from which L and v on a block is full.
"""

from __future__ import annotations

from functools import lru_cache
from math import factorial, prod

from symkern.characters import character, character_table
from symkern.combinatorics import Partition, partitions


@lru_cache(maxsize=4096)
def _in_schur_functor(nu: Partition, vocabulary: int, star: bool) -> dict[Partition, int]:
    """Multiplicity of every irrep of S_v, by stable label, in S_nu(W), times functions of one token if ``star``."""
    table = character_table(vocabulary)
    terms = [(character(nu, rho) * rho.class_size, rho) for rho in partitions(nu.size)]
    scale = factorial(nu.size) * factorial(vocabulary)
    values = []
    for cycles in table.partitions:
        fixed = {j: sum(i for i in cycles if j % i == 0) for j in range(1, nu.size + 2)}
        value = sum(c * prod(fixed[j] - 1 for j in rho) for c, rho in terms)
        values.append(value * (fixed[1] if star else 1))
    found = {}
    for lam in table.partitions:
        row = [int(e) for e in table.row(lam)]
        total = sum(
            chi * value * cycles.class_size
            for chi, value, cycles in zip(row, values, table.partitions, strict=True)
        )
        count, rest = divmod(total, scale)
        assert rest == 0
        if count:
            found[lam.stable] = count
    return found


@lru_cache(maxsize=4096)
def _shapes(mu: Partition, highest: int) -> tuple[Partition, ...]:
    """All nu with nu/mu a horizontal strip and at most ``highest`` boxes."""
    return tuple(
        nu
        for d in range(mu.size, highest + 1)
        for nu in partitions(d)
        if nu.contains(mu) and all(nu.part(i + 1) <= mu.part(i) for i in range(len(nu)))
    )


def _stable(kappa: Partition, highest: int, star: bool) -> int:
    """A vocabulary from which the multiplicity of kappa is stable."""
    return max(2 * highest + int(star), kappa.threshold, 1)


def _letters(kappa: Partition, highest: int, star: bool, vocabulary: int | None) -> int:
    """The vocabulary to count at: the given one, or the smallest that counts like all larger ones."""
    stable = _stable(kappa, highest, star)
    return stable if vocabulary is None else min(vocabulary, stable)


def block_size(
    mu: Partition,
    kappa: Partition,
    highest: int,
    star: bool,
    sites: int | None,
    vocabulary: int | None,
) -> int:
    """Size of the block of (mu, kappa) in degree at most ``highest``; None stands for large."""
    v = _letters(kappa, highest, star, vocabulary)
    return sum(
        _in_schur_functor(nu, v, star).get(kappa, 0)
        for nu in _shapes(mu, highest)
        if sites is None or nu.part(0) <= sites - mu.size
    )


def full_length(
    mu: Partition, kappa: Partition, highest: int, star: bool, vocabulary: int | None
) -> int:
    """The smallest L at which the block has its full size for this vocabulary."""
    v = _letters(kappa, highest, star, vocabulary)
    rows = [nu.part(0) for nu in _shapes(mu, highest) if _in_schur_functor(nu, v, star).get(kappa)]
    return max([mu.size + part for part in rows] + [mu.threshold]) + int(star) or 1


def full_vocabulary(
    mu: Partition, kappa: Partition, highest: int, star: bool, sites: int | None
) -> int:
    """The smallest v from which the block has its full size for this number of sites."""
    size = _stable(kappa, highest, star)
    full = block_size(mu, kappa, highest, star, sites, size)
    while size > max(kappa.threshold, 1) and full == block_size(
        mu, kappa, highest, star, sites, size - 1
    ):
        size -= 1
    return size
