r"""Characters of shapes with few rows, by the coefficients of power sums in as many variables.

For lam with r rows, Frobenius's formula says that chi^lam(mu) is the coefficient of x^(lam + delta), delta = (r - 1, ..., 1, 0), in

    prod_(i < j) (x_i - x_j)  prod_k (x_1^k + ... + x_r^k)^(m_k).

All is homogeneous, so that the power of x_1, which belongs to the longest row, need not be kept; and no power of x_i above lam_i + r - i is
ever needed. What is left is an array of prod_(i >= 2) (lam_i + r - i + 1) numbers, to which each part adds r - 1 shifted copies: the
cost does not depend on the longest row at all.

The arithmetic is that of 64-bit words. It is modulo 2^64, and since |chi^lam(mu)| <= sqrt(z_mu) by column orthogonality, the value
is exact where z_mu < 2^126, whatever wraps around on the way. Up to 2^186 a second run modulo the prime 2^31 - 1 adds the missing bits.

For n in the millions and any number of equal parts, (x_1^k + u)^m is expanded by the binomial theorem in u = x_2^k + ... + x_r^k, of which only
small powers fit; this in Python integers.

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I (7.8); Fulton and Harris, *Representation Theory*, 4.10.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from math import factorial, prod
from typing import Any

_LIMIT = 1 << 126
_PRIME = (1 << 31) - 1
_LIMIT_OF_BOTH = 1 << 186


def power_sum_cost(shape: tuple[int, ...], classes: dict[int, int]) -> int:
    """Numbers that are added, each array operation counted as a thousand; 0 where words are too short for the value."""
    z = _centraliser(classes)
    if z >= _LIMIT_OF_BOTH:
        return 0
    rows = len(shape)
    size = prod(part + rows - i for i, part in enumerate(shape[1:], 1))
    tallest = max((part + rows - 1 - i for i, part in enumerate(shape[1:], 1)), default=0)
    steps = sum(m for k, m in classes.items() if k <= tallest) * rows
    return (steps + rows) * (1000 + size) * (1 if z < _LIMIT else 4)


def by_power_sums(shape: tuple[int, ...], classes: dict[int, int]) -> int:
    """chi^lam(mu) for lam = ``shape`` and the class with these numbers of cycles, z_mu < 2^186."""
    low = _coefficient(shape, classes, None)
    if _centraliser(classes) < _LIMIT:
        return low
    # low + 2^64 q with q known modulo the prime, and small: the value is below 2^93.
    rest = _coefficient(shape, classes, _PRIME)
    q = (rest - low) * pow(1 << 64, -1, _PRIME) % _PRIME
    return low + (q - _PRIME if q > _PRIME // 2 else q) * (1 << 64)


def exact_power_sum_cost(shape: tuple[int, ...], classes: dict[int, int]) -> int:
    """Operations on integers that `by_binomials` takes."""
    rows = len(shape)
    target = [part + rows - 1 - i for i, part in enumerate(shape)][1:]
    steps = sum(min(m, sum(target) // k) for k, m in classes.items())
    return (steps + 1) * rows * prod(e + 1 for e in target)


def by_binomials(shape: tuple[int, ...], classes: dict[int, int]) -> int:
    """chi^lam(mu) as `by_power_sums`, exact for any class.

    >>> by_binomials((999_999, 1), {1: 999_998, 2: 1})
    999997
    """
    import numpy as np

    target, array = _alternating(shape, object)
    for k, m in classes.items():
        moves = _moves(target, k)
        term, ways = array.copy(), 1
        for j in range(1, min(m, sum(target) // k) + 1) if moves else ():
            before, term = term, np.zeros_like(term)
            for to, source in moves:
                term[to] += before[source]
            ways = ways * (m - j + 1) // j
            array = array + term * ways
    return int(array[target])


def _coefficient(shape: tuple[int, ...], classes: dict[int, int], prime: int | None) -> int:
    """The coefficient modulo 2^64, as a signed word, or modulo a prime."""
    import numpy as np

    target, array = _alternating(shape, np.int64)
    for k, m in classes.items():
        moves = _moves(target, k)
        if not moves:
            continue  # x_1^k alone, which is not kept
        for _ in range(m):
            before = array.copy()
            for to, source in moves:
                array[to] += before[source]
            if prime is not None:
                array %= prime
    return int(array[target])


def _alternating(shape: tuple[int, ...], kind: Any) -> tuple[tuple[int, ...], Any]:
    """lam + delta and the coefficients of prod_(i < j) (x_i - x_j), as far as they can reach it; both without x_1."""
    import numpy as np

    rows = len(shape)
    target = tuple(part + rows - 1 - i for i, part in enumerate(shape))[1:]
    array = np.zeros(tuple(e + 1 for e in target), dtype=kind)
    for powers, sign in vandermonde(rows):
        if all(p <= e for p, e in zip(powers, target, strict=True)):
            array[powers] = sign
    return target, array


def _centraliser(classes: dict[int, int]) -> int:
    return prod(k**m * factorial(m) for k, m in classes.items())


@lru_cache(maxsize=16)
def vandermonde(rows: int) -> tuple[tuple[tuple[int, ...], int], ...]:
    """The powers of x_2, ..., x_r in prod_(i < j) (x_i - x_j), and their signs."""
    found = []
    for sigma in permutations(range(rows)):
        inversions = sum(a > b for i, a in enumerate(sigma) for b in sigma[i + 1 :])
        found.append((tuple(rows - 1 - e for e in sigma[1:]), -1 if inversions % 2 else 1))
    return tuple(found)


@lru_cache(maxsize=1024)
def _moves(target: tuple[int, ...], k: int) -> tuple[tuple[Any, Any], ...]:
    """Where multiplication by x_i^k takes the array to and from, for each i >= 2 that has room for it."""
    axes = [(slice(None),) * axis for axis, e in enumerate(target) if k <= e]
    return tuple(((*axis, slice(k, None)), (*axis, slice(None, -k))) for axis in axes)
