r"""Class functions along Young subgroups of Young subgroups: S_2 x S_1 x S_1 x S_1 inside S_3 x S_2.

The sizes of the smaller group split those of the larger one, one after the other. Values are restricted by joining cycle types,
(Res f)(mu, nu, ...) = f(mu + nu, ...), and induced with the ratios of centralisers; the two are adjoint (Frobenius).

Source: James and Kerber, *The Representation Theory of the Symmetric Group*, 1.3 and 2.8.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from symkern.characters.scalars import Scalar, total
from symkern.characters.young_subgroups import (
    Types,
    YoungClassFunction,
    group_centraliser_order,
    joined,
    read_sizes,
)
from symkern.combinatorics.generation import partitions
from symkern.errors import InvalidType, SizeMismatch


def restricted(f: YoungClassFunction, sizes: Sequence[int]) -> YoungClassFunction:
    """The restriction to a smaller Young subgroup: first those that split a, then those that split b, and so on.

    Args:
        f: the class function.
        sizes: what each of the own sizes is split into, one after the other.

    Raises:
        SizeMismatch: where they do not split the own ones.

    >>> chi = YoungClassFunction.irreducible((2, 1), (1, 1))
    >>> chi.restrict_to((2, 1, 1, 1)).decompose()
    {(Partition(2), Partition(1), Partition(1), Partition(1)): 1, (Partition(1, 1), Partition(1), Partition(1), Partition(1)): 1}
    """
    known, values = read_sizes(sizes), _read(f).scalars
    blocks = _blocks(known, f.sizes)
    found = {
        types: values[tuple(joined(types[a:b]) for a, b in blocks)]
        for types in product(*map(partitions, known))
    }
    return YoungClassFunction.trusted(known, found)


def induced(f: YoungClassFunction, sizes: Sequence[int]) -> YoungClassFunction:
    """The function induced to a larger Young subgroup, the adjoint of `restricted`.

    Args:
        f: the class function.
        sizes: sums of the own sizes, one after the other.

    Raises:
        SizeMismatch: where they are none.

    >>> YoungClassFunction.trivial((1, 1, 2)).induce_to((2, 2)).decompose()
    {(Partition(2), Partition(2)): 1, (Partition(1, 1), Partition(2)): 1}
    """
    known, values = read_sizes(sizes), _read(f).scalars
    blocks = _blocks(f.sizes, known)
    terms: dict[Types, list[Scalar]] = {}
    for types, value in values.items():
        if value != 0:
            mu = tuple(joined(types[a:b]) for a, b in blocks)
            ratio = group_centraliser_order(mu) // group_centraliser_order(types)
            terms.setdefault(mu, []).append(ratio * value)
    classes = product(*map(partitions, known))
    return YoungClassFunction.trusted(known, {mu: total(terms.get(mu, ())) for mu in classes})


def _read(f: object) -> YoungClassFunction:
    if not isinstance(f, YoungClassFunction):
        raise InvalidType("f", "must be a class function of a Young subgroup", f)
    return f


def _blocks(fine: tuple[int, ...], coarse: tuple[int, ...]) -> list[tuple[int, int]]:
    """Which of the fine sizes, from where to where, add up to each of the coarse ones."""
    found, at = [], 0
    for size in coarse:
        start, left = at, size
        while left > 0 and at < len(fine):
            left -= fine[at]
            at += 1
        if left:
            break
        found.append((start, at))
    if len(found) < len(coarse) or any(fine[at:]):
        rule = "must split the larger group's sizes, one after the other"
        raise SizeMismatch("sizes", rule, f"{fine} does not split {coarse}")
    return found
