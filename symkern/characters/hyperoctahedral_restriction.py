r"""Restriction and induction between the hyperoctahedral group B_n and the S_n inside, by labels, without a table.

With (lam, mu) for the irreps of B_n as in `symkern.characters.wreath_products`, lam for trivial signs and mu for their product,

    Res chi^(lam, mu) = sum over nu of c^nu_(lam mu) S^nu,        Ind S^nu = sum over lam, mu of c^nu_(lam mu) chi^(lam, mu),

with one coefficient of Littlewood and Richardson, as Frobenius' reciprocity says: chi^(lam, mu) is induced from B_a x B_b, where it is S^lam and S^mu with signs, and
S_n meets every coset. Along the map B_n -> S_n that forgets the signs, S^lam becomes chi^(lam, ()).

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I, appendix B; Geck and Pfeiffer, *Characters of Finite Coxeter Groups and Iwahori-Hecke Algebras*, 5.5.
"""

from __future__ import annotations

from symkern.characters.littlewood_richardson_rule import outer_product, skew_parts
from symkern.combinatorics.generation import iter_partitions, partition_count
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import displayed
from symkern.limits import check_time, within_time

_BYTES_A_PAIR = 300


def hyperoctahedral_restriction(lam: PartitionLike, mu: PartitionLike) -> dict[Partition, int]:
    """{nu: multiplicity of S^nu in chi^(lam, mu)}: an irrep of B_n restricted to S_n, n = |lam| + |mu|.

    Args:
        lam: the partition for trivial signs.
        mu: the one for their product.

    >>> hyperoctahedral_restriction((2,), (1,))
    {Partition(3): 1, Partition(2, 1): 1}
    """
    return dict(outer_product(Partition.read(lam, "lam"), Partition.read(mu, "mu")))


def hyperoctahedral_induction(
    nu: PartitionLike,
) -> dict[tuple[Partition, Partition], int]:
    """{(lam, mu): multiplicity of chi^(lam, mu)}: S^nu induced from S_n to B_n, in the order of `hyperoctahedral_table`.

    Args:
        nu: a partition of n.

    Raises:
        TooLarge: the pairs do not fit in memory.
        TooLong: it takes more time than `limits.seconds`.

    >>> hyperoctahedral_induction((2,))
    {(Partition(2), Partition()): 1, (Partition(1), Partition(1)): 1, (Partition(), Partition(2)): 1}
    """
    shape = Partition.read(nu, "nu")
    with within_time("this induction", "one of a smaller partition takes less"):
        # chi^(lam, mu) occurs c^nu_(lam mu) times: none where lam is not inside nu.
        found: dict[tuple[Partition, Partition], int] = {}
        for k in range(shape.size, -1, -1):
            count = partition_count(k, inside=shape)
            require_bytes(f"the partitions inside {displayed(shape)}", _BYTES_A_PAIR * (len(found) + count))  # fmt: skip
            for lam in iter_partitions(k, inside=shape):
                check_time()
                for mu, c in skew_parts(shape, lam):
                    found[lam, mu] = c
    return found
