r"""Central elements of Q S_n, applied to vectors of a module: power sums of the Jucys-Murphy elements.

    J_k = (1 k) + (2 k) + ... + (k-1 k),      Z_m = J_1^m + J_2^m + ... + J_n^m.

Z_m is central and acts on S^lam as the number p_m(lam), the sum of the m-th powers of the contents of lam. Z_1 is the class sum
of the transpositions. p_1, p_2, ... together separate all partitions, Z_1 alone does not: (4,1,1) and (3,3) have
content sum 3 both.

Applying J_k costs 2(k - 1) adjacent transpositions, J_(k+1) f = s_k (J_k s_k f + f), so Z_m costs m n(n-1); on words
Z_1 is had from the letters instead, `symkern.representations.letter_operators`.

Source: Jucys, *Symmetric polynomials and the center of the symmetric group ring* (1974); Okounkov, Vershik (1996).
"""

from __future__ import annotations

from collections.abc import Iterable

from symkern.combinatorics import Partition
from symkern.exact.sparse_residues import IntegerArray
from symkern.representations.modules import Module


def content_power_sum(lam: Partition, m: int) -> int:
    """p_m(lam), the sum of the m-th powers of the contents.

    >>> [content_power_sum(Partition(lam), 1) for lam in ((4, 1, 1), (3, 3))]
    [3, 3]
    >>> [content_power_sum(Partition(lam), 2) for lam in ((4, 1, 1), (3, 3))]
    [19, 7]
    """
    return sum(c**m for row in lam.contents for c in row)


def by_power_sum(irreps: Iterable[Partition], m: int) -> dict[int, list[Partition]]:
    """{p_m: the irreps on which Z_m is this number}."""
    groups: dict[int, list[Partition]] = {}
    for lam in irreps:
        groups.setdefault(content_power_sum(lam, m), []).append(lam)
    return groups


def apply_jucys_murphy(module: Module, k: int, f: IntegerArray) -> IntegerArray:
    """J_k f, k = 1..n, on numerators along the first axis.

    In int64 it is exact modulo 2^64; entries grow at most by the factor k - 1.
    """
    moved = [f]
    for i in range(k - 2, -1, -1):
        moved.append(module.adjacent(i, moved[-1]))
    if k == 1:
        return f * 0
    total = moved[-1]  # s_1 g, and J_1 = 0
    for i in range(1, k - 1):
        total = module.adjacent(i, total + moved[k - 2 - i])
    return total


def apply_power_sum(
    module: Module, m: int, f: IntegerArray, prime: int | None = None
) -> IntegerArray:
    """Z_m f on numerators along the first axis: modulo a prime below 2^30, or else modulo 2^64 in int64."""
    if m == 1 and module.transpositions is not None:
        # residues below 2^30 grow by n^2 at most, so nothing has wrapped
        sums = module.transpositions(f)
        return sums if prime is None else sums % prime
    total = f * 0
    for k in range(2, module.n + 1):
        image = f
        for _ in range(m):
            image = apply_jucys_murphy(module, k, image)
            if prime is not None:
                image %= prime  # below 2^30 (k - 1) before, so nothing has wrapped
        total += image
    if prime is not None:
        total %= prime
    return total
