"""Partitions: labels of irreps, dimensions by hooks, the determinant of Jacobi and Trudi."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise, permutations
from math import factorial, prod
from typing import Any

from .verdicts import CannotCheck, Unreadable, said


def read_label(parts: Any) -> tuple[int, ...]:
    """A partition as a claim writes it."""
    if (
        type(parts) is not list
        or len(parts) > 60
        or any(type(p) is not int or not 0 < p <= 60 for p in parts)
    ):
        raise Unreadable(f"no partition of at most 60: {said(parts)}")
    if any(a < b for a, b in pairwise(parts)) or sum(parts) > 60:
        raise Unreadable(f"no partition of at most 60: {said(parts)}")
    return tuple(parts)


def _hooks(shape: tuple[int, ...]) -> int:
    """Product of the hook lengths."""
    columns = [sum(r > c for r in shape) for c in range(shape[0] if shape else 0)]
    return prod(r - c + columns[c] - i - 1 for i, r in enumerate(shape) for c in range(r))


def padded(mu: tuple[int, ...], n: int) -> tuple[int, ...] | None:
    """(n - |mu|, mu), or None where that is no partition."""
    first = n - sum(mu)
    if first < (mu[0] if mu else 0) or first < 0:
        return None
    return (first, *mu) if first else ()


def irrep_dimension(mu: tuple[int, ...], n: int) -> int | None:
    """Dimension of the irrep (n - |mu|, mu) of S_n by hook lengths, or None where this is no partition."""
    shape = padded(mu, n)
    if shape is None:
        return None
    return factorial(n) // _hooks(shape) if n < 200 else int(stable_dimension(mu, Fraction(n)))


def stable_dimension(mu: tuple[int, ...], n: Any) -> Any:
    """The same as a polynomial: (f/|mu|!) prod_i (n - |mu| - mu_i + i), f the number of standard tableaux of mu."""
    k, result = sum(mu), n**0 * Fraction(1, _hooks(mu))
    for i in range(1, k + 1):
        result = result * (n - (k + (mu[i - 1] if i <= len(mu) else 0) - i))
    return result


def jacobi_trudi(shape: tuple[int, ...]) -> dict[tuple[int, ...], int]:
    """s_shape = det(h_(shape_i - i + j)) as sum of signs times products of h, each product as a sorted composition."""
    terms: dict[tuple[int, ...], int] = {}
    if len(shape) > 7:
        raise CannotCheck("not checkable within the budget: an irrep of more than seven rows")
    for w in permutations(range(len(shape))):
        parts = [r - i + w[i] for i, r in enumerate(shape)]
        if min(parts, default=0) < 0:
            continue
        inversions = sum(p > q for i, p in enumerate(w) for q in w[i + 1 :])
        key = tuple(sorted((p for p in parts if p), reverse=True))
        terms[key] = terms.get(key, 0) + (-1 if inversions % 2 else 1)
    return {key: c for key, c in terms.items() if c}


def all_partitions(n: int, most: int) -> Iterable[tuple[int, ...]]:
    """All partitions of n into parts of at most ``most``."""
    if n == 0:
        yield ()
    for k in range(min(n, most), 0, -1):
        for rest in all_partitions(n - k, k):
            yield (k, *rest)
