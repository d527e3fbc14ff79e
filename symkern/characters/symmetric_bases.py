r"""Bases of the ring of symmetric functions, and how each is written in Schur functions and back.

    p  power sums          p_mu in s: border strips are added, one for each part, with signs; back: characters over z_mu
    h  complete            h_mu in s: horizontal strips (Pieri); back: s_(k, nu) = sum_i (-1)^i h_(k+i) (e_i^perp s_nu)  (Bernstein)
    e  elementary          as h, all shapes conjugated
    m  monomial            s_lam = sum K_(lam mu) m_mu with the Kostka numbers; back by elimination, K being unitriangular
    s  Schur

Products h_mu, p_mu are taken by their largest part, all terms that share it at once, so that what terms have in common is multiplied once. Up to the n whose
tables are kept, p and m go through the character table and the Kostka matrix of S_n.

Elements are dictionaries {partition: scalar} (`symkern.characters.scalars`), of one degree or of several. Zeros are left out.
Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I.2 to I.7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from operator import add
from typing import Any

import sympy as sp

from symkern.characters.full_table import character_table, column_blocks
from symkern.characters.kostka_numbers import KostkaMatrix, kostka_matrix
from symkern.characters.pieri import (
    horizontal_strips,
    without_horizontal_strips,
    without_vertical_strips,
)
from symkern.characters.scalars import Scalar, divide, normal, total
from symkern.combinatorics.border_strips import beads, from_beads, remove_strips
from symkern.combinatorics.generation import partition_count, partitions
from symkern.combinatorics.partition import Partition
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact.integer_matrices import times_vector
from symkern.limits import check_time, current, expect

BASES = {
    "s": "Schur functions",
    "h": "complete functions",
    "e": "elementary functions",
    "p": "power sums",
    "m": "monomials",
    "st": "irreducible characters",
}

Terms = dict[Partition, Scalar]

_FEW = 4  # terms that are multiplied out sooner than a table is made
_SOME = 20  # the same, where the way without a matrix is a quick one
_TABLE_UP_TO = 32  # n; 8,349 columns, of which a block is held at once
_WORDS = (12, 24, 36, 64)  # bits of the entries of columns that are multiplied together
_SECONDS_A_PARTITION = (1e-4, 2e-4, 3e-4)  # shapes of one row or column, of two, of more
_KOSTKA_UP_TO = 22  # n; its matrix takes a second


def read_basis(name: object, argument: str = "basis") -> str:
    """The name of a basis.

    >>> read_basis("schur")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: basis: must be 's', 'h', 'e', 'p', 'm' or 'st', but it is 'schur'
    """
    name = getattr(name, "name", name)  # of a basis itself
    if not isinstance(name, str):
        raise InvalidType(argument, "must be the name of a basis", name)
    if name not in BASES:
        rule = "must be 's', 'h', 'e', 'p', 'm' or 'st'"
        raise InvalidArgument(argument, rule, f"it is {displayed(name)}")
    return name


def to_schur(basis: str, terms: Terms) -> Terms:
    """The element in Schur functions.

    >>> to_schur("h", {Partition(2, 1): 1})
    {Partition(3): 1, Partition(2, 1): 1}
    """
    return cleaned(_BY_DEGREE[basis][0](part) for part in by_degree(terms))


def from_schur(basis: str, terms: Terms) -> Terms:
    """An element in Schur functions, written in another basis.

    >>> from_schur("p", {Partition(2, 1): 1})
    {Partition(3): Fraction(-1, 3), Partition(1, 1, 1): Fraction(1, 3)}
    """
    return cleaned(_BY_DEGREE[basis][1](part) for part in by_degree(terms))


def by_degree(terms: Terms) -> list[Terms]:
    """The homogeneous parts, the highest degree first."""
    parts: dict[int, Terms] = {}
    for mu, c in terms.items():
        parts.setdefault(sum(mu), {})[mu] = c
    return [parts[n] for n in sorted(parts, reverse=True)]


def cleaned(parts: Iterable[Terms]) -> Terms:
    """One dictionary of elements of different degrees, scalars in normal form, without zeros, each degree reverse lexicographic.

    >>> cleaned([{Partition(1, 1): 0, Partition(2): Fraction(2, 1)}])
    {Partition(2): 2}
    """
    found: Terms = {}
    for terms in parts:
        for mu in sorted(terms, reverse=True):
            value = normal(terms[mu])
            if value != 0:
                found[mu] = value
    return found


def add_to(found: dict[Any, Scalar], key: Any, value: Scalar) -> None:
    """found[key] += value."""
    before = found.get(key)
    found[key] = value if before is None else before + value


# Products by their largest part


def _multiplied_out(terms: Terms, times: Callable[[Terms, int], Terms]) -> Terms:
    """Products of one generator for each part in Schur functions; ``times`` multiplies by the one of a part."""
    found: Terms = {}
    groups: dict[int, Terms] = {}
    for mu, c in terms.items():
        if mu:
            groups.setdefault(mu[0], {})[Partition.trusted(mu[1:])] = c
        else:
            add_to(found, mu, c)
    for k, rest in groups.items():
        for lam, c in times(_multiplied_out(rest, times), k).items():
            add_to(found, lam, c)
    return found


def _times_complete(terms: Terms, k: int) -> Terms:
    found: Terms = {}
    for lam, c in terms.items():
        check_time()
        for nu in horizontal_strips(lam, k):
            add_to(found, nu, c)
    return found


def times_power_sum(terms: Terms, k: int) -> Terms:
    """p_k times an element in Schur functions.

    >>> times_power_sum({Partition(1): 1}, 2)
    {Partition(3): 1, Partition(1, 1, 1): -1}
    """
    found: Terms = {}
    for lam, c in terms.items():
        check_time()
        mask = beads(lam, len(lam) + k)
        places = mask & ~(mask >> k)
        while places:
            low = places & -places
            places ^= low
            high = low << k
            odd = (mask & (high - (low << 1))).bit_count() & 1
            add_to(found, from_beads(mask ^ (low | high)), -c if odd else c)
    return dict(sorted(found.items(), reverse=True))


def _conjugated(terms: Terms) -> Terms:
    return {lam.conjugate: c for lam, c in terms.items()}


def _complete_to_schur(terms: Terms) -> Terms:
    n = sum(next(iter(terms)))
    if len(terms) <= _SOME or n > _KOSTKA_UP_TO:
        return _multiplied_out(terms, _times_complete)
    matrix = _kostka(n)
    values = linear(matrix.values, [terms.get(mu, 0) for mu in matrix.partitions])
    return dict(zip(matrix.partitions, values, strict=True))


def _elementary_to_schur(terms: Terms) -> Terms:
    return _conjugated(_complete_to_schur(terms))


def _schur_to_complete(terms: Terms) -> Terms:
    n = sum(next(iter(terms)))
    if len(terms) <= _SOME or n > _KOSTKA_UP_TO:
        return _by_bernstein(terms)
    matrix = _kostka(n)
    return _eliminated(matrix.partitions[::-1], matrix.values.T[::-1, ::-1], terms)


def _by_bernstein(terms: Terms) -> Terms:
    found: Terms = {}
    groups: dict[int, Terms] = {}
    for lam, c in terms.items():
        check_time()
        if not lam:
            add_to(found, lam, c)
            continue
        for nu, cells in without_vertical_strips(lam[1:]):
            add_to(groups.setdefault(lam[0] + cells, {}), nu, -c if cells % 2 else c)
    for k, rest in groups.items():
        kept = {nu: c for nu, c in rest.items() if c != 0}
        for mu, c in _by_bernstein(kept).items():
            add_to(found, Partition.trusted(sorted((k, *mu), reverse=True)), c)
    return found


def _schur_to_elementary(terms: Terms) -> Terms:
    return _schur_to_complete(_conjugated(terms))


# Power sums


def _power_to_schur(terms: Terms) -> Terms:
    n = sum(next(iter(terms)))
    if len(terms) <= _FEW or n > _TABLE_UP_TO:
        return _multiplied_out(terms, times_power_sum)
    listed = partitions(n)
    vector = [terms.get(mu, 0) for mu in listed]
    parts = [linear(block, vector[start : start + block.shape[1]]) for start, block in _blocks(n)]
    return {lam: total(values) for lam, *values in zip(listed, *parts, strict=True)}


def _schur_to_power(terms: Terms) -> Terms:
    n = sum(next(iter(terms)))
    if n > _TABLE_UP_TO:
        _expect(terms, n)
        return {mu: divide(normal(c), mu.centraliser_order) for mu, c in _by_removal(terms, n, _without_border_strip).items()}  # fmt: skip
    listed = partitions(n)
    vector = [terms.get(lam, 0) for lam in listed]
    values = (value for _, block in _blocks(n) for value in linear(block.T, vector))
    return {
        mu: divide(value, mu.centraliser_order)
        for mu, value in zip(listed, values, strict=True)
        if value != 0
    }


def _blocks(n: int) -> Iterator[tuple[int, Any]]:
    """(number of the first column, block of columns) of the character table."""
    if n <= current().cached_table:
        yield 0, character_table(n).values
        return
    for start, block in column_blocks(n):
        check_time()
        yield start, block


def _without_border_strip(terms: Terms, k: int) -> Terms:
    found: Terms = {}
    for lam, c in terms.items():
        for mask, height in remove_strips(beads(lam), k):
            add_to(found, from_beads(mask), -c if height % 2 else c)
    return {lam: c for lam, c in found.items() if c != 0}


def _without_horizontal_strip(terms: Terms, k: int) -> Terms:
    found: Terms = {}
    for lam, c in terms.items():
        for nu in without_horizontal_strips(lam, k):
            add_to(found, nu, c)
    return {lam: c for lam, c in found.items() if c != 0}


def _expect(terms: Terms, n: int) -> None:
    """Strips are taken off for nearly every partition of n, the more slowly the more rows and columns there are."""
    widest = max(min(len(lam), lam[0]) for lam in terms)
    expect(_SECONDS_A_PARTITION[min(widest, len(_SECONDS_A_PARTITION)) - 1] * partition_count(n))


def _by_removal(terms: Terms, cap: int, without: Callable[[Terms, int], Terms]) -> Terms:
    """{mu: what is left when the strips of mu come off}, parts at most ``cap``, the largest first."""
    check_time()
    if not terms:
        return {}
    n = sum(next(iter(terms)))
    if not n:
        return terms
    found: Terms = {}
    for k in range(min(cap, n), 0, -1):
        for mu, c in _by_removal(without(terms, k), k, without).items():
            found[Partition.trusted((k, *mu))] = c
    return found


# Monomials


@lru_cache(maxsize=4)
def _kostka(n: int) -> KostkaMatrix:
    return kostka_matrix(n)


def _schur_to_monomial(terms: Terms) -> Terms:
    n = sum(next(iter(terms)))
    if n > _KOSTKA_UP_TO:
        _expect(terms, n)
        return _by_removal(terms, n, _without_horizontal_strip)
    matrix = _kostka(n)
    values = linear(matrix.values.T, [terms.get(lam, 0) for lam in matrix.partitions])
    return dict(zip(matrix.partitions, values, strict=True))


def _monomial_to_schur(terms: Terms) -> Terms:
    matrix = _kostka(sum(next(iter(terms))))
    return _eliminated(matrix.partitions, matrix.values, terms)


def _eliminated(labels: Sequence[Partition], rows: Any, terms: Terms) -> Terms:
    """The combination of rows that is ``terms``, for a unitriangular matrix, first row first."""
    left = [terms.get(mu, 0) for mu in labels]
    found: Terms = {}
    for i, lam in enumerate(labels):
        c = normal(left[i])
        if c == 0:
            continue
        check_time()
        found[lam] = c
        for j, number in enumerate(rows[i, i:].tolist(), i):
            if number:
                left[j] = left[j] - c * number
    return found


def linear(matrix: Any, vector: list[Scalar]) -> list[Scalar]:
    """The product of an integer matrix and a vector of scalars.

    >>> import numpy as np
    >>> linear(np.array([[1, 2], [0, 3]]), [Fraction(1, 2), 1])
    [Fraction(5, 2), 3]
    """
    if any(isinstance(c, sp.Expr) for c in vector):
        used = [j for j, c in enumerate(vector) if c != 0]
        return [total(vector[j] * row[j] for j in used if row[j]) for row in matrix.tolist()]
    below = lcm(*(c.denominator for c in vector))
    numbers = [int(c * below) for c in vector]
    found = [0] * matrix.shape[0]
    for columns in _by_size(matrix, numbers):
        part = times_vector(matrix[:, columns], [numbers[j] for j in columns])
        found = list(map(add, found, part))
    return found if below == 1 else [normal(Fraction(value, below)) for value in found]


def _by_size(matrix: Any, numbers: list[int]) -> Iterator[list[int]]:
    """The columns that count, those with entries of one order of magnitude together: few have long ones, and they alone are multiplied slowly."""
    used = [j for j, number in enumerate(numbers) if number]
    if matrix.dtype == object or not used:
        yield used
        return
    largest = abs(matrix[:, used]).max(axis=0, initial=0).tolist()
    for least, most in zip((-1, *_WORDS), _WORDS, strict=False):
        group = [j for j, size in zip(used, largest, strict=True) if least < size.bit_length() <= most]  # fmt: skip
        if group:
            yield group


def _itself(terms: Terms) -> Terms:
    return terms


_BY_DEGREE: dict[str, tuple[Callable[[Terms], Terms], Callable[[Terms], Terms]]] = {
    "s": (_itself, _itself),
    "h": (_complete_to_schur, _schur_to_complete),
    "e": (_elementary_to_schur, _schur_to_elementary),
    "p": (_power_to_schur, _schur_to_power),
    "m": (_monomial_to_schur, _schur_to_monomial),
}
