r"""Powers of a character: Adams operations, symmetric and exterior powers, inner and outer ones.

For a class function f that is the character of a module V:

    psi^k f (s)  = f(s^k)                                     Adams operation
    Sym^k V      : k h_k = sum_(i=1..k) psi^i(f) h_(k-i)      h_0 = 1  (Newton)
    Lambda^k V   : k e_k = sum_(i=1..k) (-1)^(i-1) psi^i(f) e_(k-i)

and S_k permutes the factors of V tensor ... tensor V; the part that transforms like S^nu under it has the character
s_nu[f] = sum over rho of k of chi^nu(rho)/z_rho prod_i psi^(rho_i)(f). The outer power is induced from
S_n x ... x S_n to S_(kn). All of them are defined for every class function by the same formulas.

Source: Fulton and Harris, *Representation Theory*, exercise 2.3 and appendix A; Macdonald, I.8.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from symkern.characters.class_function import ClassFunction
from symkern.characters.murnaghan_nakayama import character
from symkern.characters.scalars import Scalar, divide, normal, total
from symkern.combinatorics.generation import iter_partitions, partitions, require_partitions
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import read_cycle_type
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer


def power_type(mu: PartitionLike, k: int) -> Partition:
    """The cycle type of the k-th power of a permutation of cycle type mu.

    A cycle of length m falls into gcd(m, k) cycles.

    Args:
        mu: a cycle type, or a permutation.
        k: at least 0.

    >>> power_type((6, 4), 2)
    Partition(3, 3, 2, 2)
    """
    exponent = read_integer(k, "k")
    parts: list[int] = []
    for m in read_cycle_type(mu, "mu"):
        pieces = gcd(m, exponent)
        parts += [m // pieces] * pieces
    return Partition.trusted(sorted(parts, reverse=True))


def adams(f: ClassFunction, k: int) -> ClassFunction:
    """psi^k f: s -> f(s^k).

    Args:
        f: the class function.
        k: at least 0.
    """
    exponent = read_integer(k, "k")
    values = dict(zip(partitions(f.n), f.scalars, strict=True))
    return type(f).trusted(f.n, [values[power_type(mu, exponent)] for mu in values])


def symmetric_power(f: ClassFunction, k: int) -> ClassFunction:
    """The character of Sym^k V when this is the one of V.

    Args:
        f: the class function.
        k: at least 0.

    >>> ClassFunction.permutation(3).symmetric_power(2).decompose()
    {Partition(3): 2, Partition(2, 1): 2}
    """
    return _newton(f, read_integer(k, "k", maximum=current().group_size), 1)


def exterior_power(f: ClassFunction, k: int) -> ClassFunction:
    """The character of Lambda^k V when this is the one of V.

    Args:
        f: the class function.
        k: at least 0.

    >>> ClassFunction.irreducible((3, 1)).exterior_power(2).decompose()
    {Partition(2, 1, 1): 1}
    """
    return _newton(f, read_integer(k, "k", maximum=current().group_size), -1)


def _newton(f: ClassFunction, k: int, sign: int) -> ClassFunction:
    powers: list[Sequence[Scalar]] = []
    found: list[list[Scalar]] = [[1] * len(f.scalars)]

    def value(m: int, c: int) -> Scalar:
        check_time()
        terms = (normal(sign ** (i - 1) * powers[i - 1][c] * found[m - i][c]) for i in range(1, m + 1))  # fmt: skip
        return divide(total(terms), m)

    with within_time("this power", "a smaller k takes less"):
        for m in range(1, k + 1):
            powers.append(adams(f, m).scalars)
            found.append([value(m, c) for c in range(len(f.scalars))])
    return type(f).trusted(f.n, found[k])


def schur_power(f: ClassFunction, nu: PartitionLike) -> ClassFunction:
    """s_nu[f]: the part of the k-fold tensor power of V, k = |nu|, that S_k sees as S^nu.

    Args:
        f: the class function.
        nu: a partition of the number of factors.
    """
    shape = Partition.read(nu, "nu")
    require_partitions(shape.size)
    with within_time("this power", "a smaller nu takes less"):
        return _schur_power(f, shape)


def _schur_power(f: ClassFunction, shape: Partition) -> ClassFunction:
    powers = {i: adams(f, i).scalars for i in range(1, shape.size + 1)}
    terms: list[list[Scalar]] = [[] for _ in f.scalars]
    for rho in iter_partitions(shape.size):
        check_time()
        value = character(shape, rho)
        if not value:
            continue
        for c, kept in enumerate(terms):
            product: Scalar = value
            for part in rho:
                product = normal(product * powers[part][c])
            kept.append(divide(product, rho.centraliser_order))
    return type(f).trusted(f.n, [total(kept) for kept in terms])


def outer_power(f: ClassFunction, k: int) -> ClassFunction:
    """f o ... o f, k factors: induced from S_n x ... x S_n to S_(kn); k = 0 is 1 on S_0.

    Args:
        f: the class function.
        k: how many factors, at least 0.

    Raises:
        TooLarge: S_(kn) has too many classes.
    """
    most = current().group_size
    factors = read_integer(k, "k", maximum=most)
    require_partitions(min(f.n * factors, most))
    if not f.n:
        return f**factors
    result = type(f).trivial(0)
    for _ in range(factors):
        result = result.outer(f)
    return result
