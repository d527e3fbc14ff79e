r"""Kronecker products: tensor products of irreps of one S_n, and their stable form.

    S^lam (x) S^mu = sum over nu of g(lam, mu, nu) S^nu,
    g(lam, mu, nu) = (1/n!) sum over classes rho of w_rho chi^nu(rho),   w_rho = n!/z_rho chi^lam(rho) chi^mu(rho).

A whole product is one product of the table with the vector w, in integers modulo 2^64, which is cheap
and exact as far as it goes: with n! = 2^a q, q odd, it gives g modulo M = 2^(64 - a). The rest is a bound. By
|chi^nu(rho)| <= sqrt(z_rho) a class adds at most |chi^lam chi^mu|/sqrt(z_rho) in absolute value;
the classes that add little are left out until what is left out may reach M/4, the few others are
summed in Python ints, and g is the only number that has the residue and is so close to that sum.

Shapes with few rows, or few columns, need no table (`symkern.characters.kronecker_few_rows`); that way is taken where its
estimate is the lower one, at any n.

The reduced coefficients are the ones of lam[n], mu[n], nu[n] = (n - |nu|, nu) for all large n. Littlewood's
formula writes them with small ones,

    sum of g(delta, epsilon, zeta) c^lam_(delta sigma tau) c^mu_(epsilon rho tau) c^nu_(zeta rho sigma).

Source: James and Kerber, *The Representation Theory of the Symmetric Group*, 2.9; D. E. Littlewood,
*Products and plethysms of characters with orthogonal, symplectic and symmetric groups*, Canad. J. Math.
10 (1958); Briand, Orellana, Rosas, *The stability of the Kronecker product of Schur functions*, J. Algebra 331 (2011).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from math import factorial, isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.characters import kronecker_few_rows as few_rows
from symkern.characters.columns import require_shorter_tables, shorter_entries
from symkern.characters.full_table import character_rows, column_blocks, known_table
from symkern.characters.littlewood_richardson_rule import outer_product, skew_parts
from symkern.characters.shapes import LARGEST
from symkern.combinatorics.generation import partition_count, partitions
from symkern.combinatorics.memory import available_bytes, require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike, require_size, require_two
from symkern.errors import InvalidArgument
from symkern.limits import check_time, current, within_time

_WORD = 64
_THREADS_FROM = 1 << 22  # entries of a table
_STABLE_FROM = 41  # n; below, a table is there in a moment, or in minutes for sure
_STABLE_CELLS = 12  # below the first row; seconds
_MOMENT = 0.05  # seconds; a stable product may take some
_SECONDS_AN_ENTRY = 1e-8  # of a row of the table
_SECONDS_A_SHORTER = 3e-8  # an entry of a shorter table


def kronecker(lam: PartitionLike, mu: PartitionLike, *others: object) -> dict[Partition, int]:
    """{nu: g(lam, mu, nu)}: the tensor product of S^lam and S^mu, without zeros, reverse lexicographic.

    Uses the character table of S_n: one up to n = 22 or that somebody holds, else a stream of its columns, so that n = 40 takes minutes and not much
    memory; from n = 41 on the stable product where it stands already, for any n; the table of nothing where both shapes have two or three rows and
    that is cheaper.

    Args:
        lam: a partition of n.
        mu: another one.
        *others: nothing; for the message where a third partition is given.

    Raises:
        SizeMismatch: partitions of different numbers.
        InvalidArgument: an n at which the product cannot be had.
        TooLarge: what it takes does not fit in memory.

    >>> kronecker((2, 1), (2, 1))
    {Partition(3): 1, Partition(2, 1): 1, Partition(1, 1, 1): 1}
    >>> kronecker((999, 1), (999, 1))
    {Partition(1000): 1, Partition(999, 1): 1, Partition(998, 2): 1, Partition(998, 1, 1): 1}
    """
    require_two("kronecker", others)
    first, second = _of_one_size(lam, mu)
    if first.size >= _STABLE_FROM:
        stable = _stable_product(first, second)
        if stable is not None:
            return stable
    n = first.size
    (one, is_tall), (other, is_tall_too) = _lying(first), _lying(second)
    way = few_rows.whole_expansion(one, other) if n > current().cached_table else None
    if way is not None and _is_cheaper(way, n, rows=partition_count(n)):
        return _sorted_product(few_rows.product_of_shapes(way).items(), is_tall != is_tall_too)
    _require_columns(first, second)
    found = _multiplicities(first, second)
    return {nu: g for nu, g in zip(partitions(n), found, strict=True) if g}


def kronecker_coefficient(lam: PartitionLike, mu: PartitionLike, nu: PartitionLike) -> int:
    """g(lam, mu, nu), the multiplicity of S^nu in the tensor product; symmetric in the three.

    Takes three rows of the table and not the table; from n = 41 on the reduced coefficient where it stands already; for
    few rows a coefficient of polynomials in as many variables, whatever n is.

    Args:
        lam: a partition of n.
        mu: another one.
        nu: another one.

    Raises:
        SizeMismatch: partitions of different numbers.

    >>> kronecker_coefficient((3, 2, 1), (3, 2, 1), (3, 2, 1))
    5
    >>> kronecker_coefficient((98, 2), (98, 2), (98, 2))
    2
    >>> kronecker_coefficient((131, 39, 19, 11), (110, 90), (120, 80))
    70
    """
    shapes = *_of_one_size(lam, mu), _of_one_size(lam, nu, "nu")[1]
    n = shapes[0].size
    way = None
    if n > current().cached_table:  # which is made once, and then is faster than estimates
        if few_rows.vanishes(*shapes):
            return 0
        way = few_rows.expansion(*shapes)
        if way is not None and way.seconds() < _MOMENT:
            return few_rows.coefficient(way)
    if n >= _STABLE_FROM:
        for a, b, c in (shapes, shapes[1:] + shapes[:1], shapes[::2] + shapes[1:2]):
            stable = _stable_product(a, b)
            if stable is not None:
                return stable.get(c, 0)
    if way is not None and _is_cheaper(way, n, rows=3):
        return few_rows.coefficient(way)
    _require_columns(*shapes)
    rows = [row.tolist() for row in character_rows(n, shapes)]
    order = factorial(n)
    table = known_table(n)
    if table is not None:
        sizes: Iterable[int] = table.class_sizes
    else:
        sizes = (order // rho.centraliser_order for rho in partitions(n))
    total: int = sum(a * b * c * size for a, b, c, size in zip(*rows, sizes, strict=True))
    return total // order


def _is_cheaper(way: few_rows.Expansion, n: int, rows: int) -> bool:
    """Whether an expansion for shapes with few rows takes less than ``rows`` rows of the table of S_n.

    Where there can be no table, the expansion is refused for its bytes if it needs too many.
    """
    seconds, memory = way.seconds(), min(available_bytes(), current().memory)
    if n > LARGEST:
        if seconds > current().hours * 3600:
            return False
        require_bytes(f"a Kronecker product of S_{n} by shapes with few rows", way.bytes())
        return True
    by_table = shorter_entries(n) * _SECONDS_A_SHORTER
    by_table += rows * partition_count(n) * _SECONDS_AN_ENTRY
    return way.bytes() <= memory and seconds < by_table


def _lying(shape: Partition) -> tuple[Partition, bool]:
    """The shape or its conjugate, whichever is at least as wide as long, and whether it is the conjugate."""
    is_tall = len(shape) > shape.part(0)
    return (shape.conjugate if is_tall else shape), is_tall


def _sorted_product(
    found: Iterable[tuple[Partition, int]], is_conjugate: bool
) -> dict[Partition, int]:
    """A product in order, of two irreps one of which has been multiplied by the sign if ``is_conjugate``."""
    if is_conjugate:
        found = ((nu.conjugate, g) for nu, g in found)
    return dict(sorted(found, reverse=True))


def _stable_product(lam: Partition, mu: Partition) -> dict[Partition, int] | None:
    """The product by the reduced coefficients, or None where they need not stand yet or are the longer way.

    A shape that is longer than wide is conjugated before, and the product after: the sign times an irrep is its conjugate.
    """
    n = lam.size
    (one, is_tall), (other, is_tall_too) = _lying(lam), _lying(mu)
    first, second = one.stable, other.stable
    reduced: Iterable[tuple[Partition, int]]
    if not first or not second:  # the trivial irrep or the sign
        reduced = [(first or second, 1)]
    elif n < first.threshold + second.threshold or max(first.size, second.size) > _STABLE_CELLS:
        return None
    else:
        reduced = _reduced(first, second)
    return _sorted_product(((nu.padded(n), g) for nu, g in reduced), is_tall != is_tall_too)


def _require_columns(*shapes: Partition) -> None:
    """Refuse shapes of more cells than a table can have."""
    n = shapes[0].size
    if n > LARGEST:
        raise InvalidArgument(
            "lam",
            f"must have at most {LARGEST} cells, or with the others few rows or columns, or few cells below the "
            "first row or beside the first column",
            f"it has {n}",
        )


def reduced_kronecker(
    lam: PartitionLike, mu: PartitionLike, *others: object
) -> dict[Partition, int]:
    """{nu: multiplicity of nu[n] in lam[n] (x) mu[n] for all large n}, by size, then reverse lexicographic.

    They stand for n >= |lam| + |mu| + lam_1 + mu_1, and earlier for most pairs.

    Args:
        lam: the partition below the first row.
        mu: the same of the second factor.
        *others: nothing; for the message where a third partition is given.

    >>> reduced_kronecker((1,), (1,))
    {Partition(): 1, Partition(1): 1, Partition(2): 1, Partition(1, 1): 1}
    """
    require_two("reduced_kronecker", others)
    with within_time("this product", "one of smaller partitions takes less"):
        return dict(_reduced(Partition.read(lam, "lam"), Partition.read(mu, "mu")))


def reduced_kronecker_coefficient(lam: PartitionLike, mu: PartitionLike, nu: PartitionLike) -> int:
    """The multiplicity of nu[n] in lam[n] (x) mu[n] for all large n; symmetric in the three.

    Args:
        lam: the partition below the first row.
        mu: the same of the second factor.
        nu: the same of the part.

    >>> reduced_kronecker_coefficient((1, 1), (1, 1), (2,))
    2
    """
    shapes = sorted(
        (Partition.read(s, name) for s, name in ((lam, "lam"), (mu, "mu"), (nu, "nu"))),
        key=lambda s: s.size,
    )
    return dict(_reduced(shapes[0], shapes[1])).get(shapes[2], 0)


def _of_one_size(
    lam: PartitionLike, mu: PartitionLike, name: str = "mu"
) -> tuple[Partition, Partition]:
    first, second = Partition.read(lam, "lam"), Partition.read(mu, name)
    require_size(second, first, name)
    return first, second


def _multiplicities(lam: Partition, mu: Partition) -> list[int]:
    """g(lam, mu, nu) for all nu."""
    n = lam.size
    table = known_table(n)
    if table is None:
        require_shorter_tables(n)
    classes = partitions(n) if table is None else table.partitions
    orders = (
        tuple(z.centraliser_order for z in classes) if table is None else table.centraliser_orders
    )
    first, second = (row.tolist() for row in character_rows(n, (lam, mu)))
    order = factorial(n)
    products = [a * b for a, b in zip(first, second, strict=True)]
    weights = [p * (order // z) if p else 0 for p, z in zip(products, orders, strict=True)]
    twos = (order & -order).bit_length() - 1  # 2^twos is the largest power in n!
    modulus = 1 << (_WORD - twos)
    heavy, omitted = _heavy_classes(products, orders, modulus // 4)
    words = np.array([w % (1 << _WORD) for w in weights], dtype=np.uint64)
    residues = np.zeros(len(classes), dtype=np.uint64)
    sums = np.zeros(len(classes), dtype=object)
    for start, block in [(0, table.values)] if table is not None else column_blocks(n):
        stop = start + block.shape[1]
        if words[start:stop].any():
            residues += _product(_modulo_word(block), words[start:stop])
        here = [j for j in heavy if start <= j < stop]
        if here:
            chosen = block[:, [j - start for j in here]].astype(object)
            sums += chosen @ np.array([weights[j] for j in here], dtype=object)
    inverse = np.uint64(pow(order >> twos, -1, modulus))
    exact = ((residues >> np.uint64(twos)) * inverse) & np.uint64(modulus - 1)
    if not heavy:  # 0 <= g <= omitted < modulus
        return [int(g) for g in exact.tolist()]
    found = []
    for residue, total in zip(exact.tolist(), sums.tolist(), strict=True):
        lowest = total // order - omitted
        found.append(lowest + (residue - lowest) % modulus)
    return found


def _product(
    block: npt.NDArray[np.uint64], vector: npt.NDArray[np.uint64]
) -> npt.NDArray[np.uint64]:
    """block @ vector modulo 2^64, on as many processors as pay; einsum is the faster one for integers."""
    threads = min(4, os.cpu_count() or 1) if block.size > _THREADS_FROM else 1
    if threads == 1:
        return np.asarray(np.einsum("ij,j->i", block, vector))
    cuts = np.linspace(0, len(block), threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        pieces = pool.map(
            lambda piece: np.einsum("ij,j->i", block[piece[0] : piece[1]], vector), pairwise(cuts)
        )
        return np.concatenate(list(pieces))


def _modulo_word(block: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    if block.dtype == object:
        return np.asarray((block % (1 << _WORD)).astype(np.uint64))
    return block.view(np.uint64)


def _heavy_classes(
    products: Sequence[int], orders: Sequence[int], most: int
) -> tuple[list[int], int]:
    """The classes to be summed exactly, and a bound < ``most`` of what all others add to any g."""
    bounds = sorted(
        (abs(p) // isqrt(z) + 1, j)
        for j, (p, z) in enumerate(zip(products, orders, strict=True))
        if p
    )
    omitted = 1  # for the rounding of the sum
    for i, (bound, _) in enumerate(bounds):
        if omitted + bound >= most:
            return sorted(j for _, j in bounds[i:]), omitted
        omitted += bound
    return [], omitted


@lru_cache(maxsize=1024)
def _reduced(lam: Partition, mu: Partition) -> tuple[tuple[Partition, int], ...]:
    """Littlewood's formula, tau first: it is cut from both, the rest falls into two pieces each."""
    pairs: dict[tuple[Partition, Partition, Partition, Partition], int] = {}
    for tau in _inside([min(a, b) for a, b in zip(lam, mu, strict=False)]):
        for (delta, sigma), a in _pieces(skew_parts(lam, tau)).items():
            check_time()
            for (epsilon, rho), b in _pieces(skew_parts(mu, tau)).items():
                if delta.size == epsilon.size:
                    key = (delta, epsilon, sigma, rho)
                    pairs[key] = pairs.get(key, 0) + a * b
    outer: dict[tuple[Partition, Partition], dict[Partition, int]] = {}
    for (delta, epsilon, sigma, rho), c in pairs.items():
        combined = outer.setdefault((delta, epsilon), {})
        for kappa, d in outer_product(sigma, rho):
            combined[kappa] = combined.get(kappa, 0) + c * d
    found: dict[Partition, int] = {}
    for (delta, epsilon), combined in outer.items():
        check_time()
        for zeta, g in _inner_product(delta, epsilon):
            for kappa, c in combined.items():
                for nu, d in outer_product(zeta, kappa):
                    found[nu] = found.get(nu, 0) + g * c * d
    return tuple(sorted(found.items(), key=lambda pair: (-pair[0].size, pair[0]), reverse=True))


def _pieces(shapes: Iterable[tuple[Partition, int]]) -> dict[tuple[Partition, Partition], int]:
    """The coproduct of a sum of Schur functions: {(delta, sigma): coefficient}."""
    found: dict[tuple[Partition, Partition], int] = {}
    for kappa, c in shapes:
        for delta in _inside(kappa):
            check_time()
            for sigma, d in skew_parts(kappa, delta):
                found[delta, sigma] = found.get((delta, sigma), 0) + c * d
    return found


def _inside(shape: Sequence[int]) -> Iterator[Partition]:
    """The partitions whose diagrams lie in that of ``shape``.

    >>> [tuple(p) for p in _inside((2, 1))]
    [(), (1,), (1, 1), (2,), (2, 1)]
    """
    yield Partition()
    rest: list[tuple[int, ...]] = [(part,) for part in range(shape[0] if shape else 0, 0, -1)]
    while rest:
        parts = rest.pop()
        yield Partition(*parts)
        if len(parts) < len(shape):
            most = min(parts[-1], shape[len(parts)])
            rest += [(*parts, part) for part in range(most, 0, -1)]


@lru_cache(maxsize=1024)
def _inner_product(lam: Partition, mu: Partition) -> tuple[tuple[Partition, int], ...]:
    return tuple(kronecker(lam, mu).items())
