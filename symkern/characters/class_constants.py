r"""Class constants: in how many ways an element is a product of elements of two classes.

    C_lam C_mu = sum over nu of a^nu_(lam mu) C_nu   (sums over the classes, in Z[S_n]),
    a^nu_(lam mu) = n!/(z_lam z_mu) sum over irreps rho of chi^rho(lam) chi^rho(mu) chi^rho(nu)/dim rho,

since every class of S_n is its own inverse. One column of the character table is the power sum p_mu in Schur functions: border strips are added to
nothing, the largest first, so that it is had without the rest of the table, and with only the irreps on which it is not zero.

Source: Frobenius, *Ueber Gruppencharaktere* (1896); Stanley, *Enumerative Combinatorics* 2, exercise 7.67; Goupil and Schaeffer,
*Factoring n-cycles and counting maps of given genus*, European J. Combin. 19 (1998), for classes in closed form.
"""

from __future__ import annotations

from math import factorial

from symkern.characters.full_table import character_table, known_table
from symkern.combinatorics.border_strips import from_beads
from symkern.combinatorics.generation import partition_count
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import PermutationLike, read_cycle_type
from symkern.errors import SizeMismatch, displayed
from symkern.exact.integer_matrices import times_vector
from symkern.limits import check_time, within_time

_BYTES_A_SHAPE = 250


def class_constant(
    lam: PartitionLike | PermutationLike,
    mu: PartitionLike | PermutationLike,
    nu: PartitionLike | PermutationLike,
) -> int:
    """In how many ways a given permutation of cycle type nu is a product g*h, g of cycle type lam and h of cycle type mu.

    Args:
        lam: the cycle type of the first factor, or a permutation of it.
        mu: that of the second factor.
        nu: that of the product.

    Returns:
        The structure constant of the centre of Z[S_n], an exact int; symmetric in lam and mu. The triples (g, h, k) of these
        cycle types with g*h*k = 1 are n!/z_nu times as many.

    Raises:
        SizeMismatch: for cycle types of different sizes.
        TooLong: where the columns of the table take longer than `symkern.limits` allows.

    >>> class_constant((2, 1), (2, 1), (3,)), class_constant((2, 2), (2, 2), (1, 1, 1, 1))
    (3, 3)
    """
    first, second, product = _read_types(lam, mu, nu)
    n = first.size
    order = factorial(n)
    above = order // first.centraliser_order  # the product with n!/dim, over z_mu, is whole
    table = known_table(n) if n <= 12 else None
    if table is not None:
        columns = [table.column(kind).tolist() for kind in (first, second, product)]
        whole: int = sum(
            a * b * c * (order // d)
            for a, b, c, d in zip(*columns, table.dimensions, strict=True)
            if a and b and c
        )
        return above * whole // (order * second.centraliser_order)
    require_bytes(f"three columns of the table of S_{n}", 3 * _BYTES_A_SHAPE * partition_count(n))
    with within_time("this class constant", "smaller cycle types take less"):
        found = {kind: class_column(kind) for kind in {first, second, product}}
        fewest = min(found.values(), key=len)
        total: int = 0
        for mask in fewest:
            a, b, c = (found[kind].get(mask, 0) for kind in (first, second, product))
            if a and b and c:
                total += a * b * c * (order // from_beads(mask).dimension)
    return above * total // (order * second.centraliser_order)


def class_product(
    lam: PartitionLike | PermutationLike, mu: PartitionLike | PermutationLike
) -> dict[Partition, int]:
    """{nu: a^nu_(lam mu)} without zeros: the product of two class sums, reverse lexicographic. Uses the character table of S_n.

    Args:
        lam: a cycle type of n, or a permutation.
        mu: another one.

    Raises:
        SizeMismatch: they are of different n.

    >>> class_product((2, 1), (2, 1))
    {Partition(3): 3, Partition(1, 1, 1): 3}
    """
    first, second, _ = _read_types(lam, mu, mu)
    n = first.size
    table = character_table(n)
    order = factorial(n)
    columns = (table.column(first).tolist(), table.column(second).tolist())
    weights = [a * b * (order // d) for a, b, d in zip(*columns, table.dimensions, strict=True)]
    below = first.centraliser_order * second.centraliser_order
    found = (total // below for total in times_vector(table.values.T, weights))
    return {nu: a for nu, a in zip(table.partitions, found, strict=True) if a}


def class_column(mu: Partition) -> dict[int, int]:
    """{beads of lam: chi^lam(mu)} where that is not zero, each with n beads, n = |mu|: p_mu in Schur functions.

    >>> {from_beads(mask): value for mask, value in class_column(Partition(2, 1)).items()}
    {Partition(1, 1, 1): -1, Partition(3): 1}
    """
    n = mu.size
    column = {(1 << n) - 1: 1}
    for k in mu:
        following: dict[int, int] = {}
        get = following.get
        for mask, value in column.items():
            check_time()
            places = mask & ~(mask >> k)  # beads with a free place k above
            while places:
                low = places & -places
                places ^= low
                high = low << k
                moved = mask ^ (low | high)
                odd = (mask & (high - (low << 1))).bit_count() & 1
                following[moved] = get(moved, 0) + (-value if odd else value)
        column = {mask: value for mask, value in following.items() if value}
    return column


def _read_types(lam: object, mu: object, nu: object) -> tuple[Partition, Partition, Partition]:
    first = read_cycle_type(lam, "lam")
    n = first.size
    others = []
    for name, value in (("mu", mu), ("nu", nu)):
        kind = read_cycle_type(value, name, n)
        if kind.size != n:
            rule = f"must be a cycle type of S_{n}, as lam is"
            raise SizeMismatch(name, rule, f"it is {displayed(tuple(kind))} of size {kind.size}")
        others.append(kind)
    return first, others[0], others[1]
