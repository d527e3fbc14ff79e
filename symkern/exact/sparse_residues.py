r"""Integers by their residues: exact arithmetic in machine words when the result is known to be bounded.

An integer N with \|N\| <= bound is determined by its residues modulo primes whose product exceeds 2 bound
(Chinese remainder theorem). Sums and products are computed in int64 modulo each prime, and the integers are
put together once, at the end, by Garner's mixed radix digits. The bound is the caller's to prove.

Arithmetic modulo 2^64, what numpy's int64 does when it wraps around, is the same idea with one modulus:
intermediate values may wrap as long as the result is proven to lie below 2^63.

Source: Knuth, *The Art of Computer Programming* 2, section 4.3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

IntegerArray = npt.NDArray[Any]
"""int64, or dtype object with Python ints where they do not fit."""

INT64 = (1 << 63) - 1
_BITS = 30  # two products of residues below 2^30 add up below 2^63


@lru_cache(maxsize=64)
def primes_for(bound: int, bits: int = _BITS) -> tuple[int, ...]:
    """Primes below 2^bits, the largest first, whose product exceeds 2 bound + 1.

    >>> primes_for(10**12)
    (1073741789, 1073741783)
    """
    from sympy import prevprime

    found: list[int] = []
    product, last = 1, 1 << bits
    while product <= 2 * bound + 1:
        last = int(prevprime(last))
        found.append(last)
        product *= last
    return tuple(found)


def residues_of(values: IntegerArray, primes: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """The residues, one leading axis for the primes."""
    return np.stack([np.asarray(values % p, dtype=np.int64) for p in primes])


def scaled_residues(
    residues: npt.NDArray[np.int64], factor: int, primes: tuple[int, ...]
) -> npt.NDArray[np.int64]:
    """The residues of the integers times a factor, in place and below the primes; leading axis the primes."""
    for line, p in zip(residues, primes, strict=True):
        line[...] = line % p * (factor % p) % p
    return residues


def by_words_or_primes(
    values: IntegerArray,
    bound: int,
    fits: bool,
    compute: Callable[[npt.NDArray[np.int64], int | None], Sequence[IntegerArray]],
) -> Sequence[IntegerArray]:
    """``compute(values, None)`` where machine words do, else put together from ``compute(residues, p)`` modulo primes p.

    No entry of the integer arrays that are wanted exceeds ``bound``.
    """
    if fits:
        return compute(values, None)
    primes = primes_for(bound)
    starts = zip(residues_of(values, primes), primes, strict=True)
    found = [compute(start, p) for start, p in starts]
    return [from_residues(np.stack(rs), primes) for rs in zip(*found, strict=True)]


def from_residues(residues: npt.NDArray[np.int64], primes: tuple[int, ...]) -> IntegerArray:
    """The integers of least absolute value with these residues (leading axis: the primes).

    >>> p = primes_for(10**12)
    >>> from_residues(residues_of(np.array([-7, 10**12]), p), p).tolist()
    [-7, 1000000000000]
    """
    digits: list[npt.NDArray[np.int64]] = []
    for j, p in enumerate(primes):
        partial = np.zeros_like(residues[j])
        radix = 1
        for digit, q in zip(digits, primes, strict=False):
            partial = (partial + digit % p * (radix % p)) % p
            radix = radix * q % p
        digits.append((residues[j] - partial) % p * pow(radix, -1, p) % p)
    modulus = prod(primes)
    wide = modulus >= 1 << 62
    value = digits[-1].astype(object) if wide else digits[-1].copy()
    for digit, p in zip(digits[-2::-1], primes[-2::-1], strict=True):
        value = value * p + digit
    above = np.flatnonzero(np.asarray(value > modulus // 2, dtype=bool))
    value.reshape(-1)[above] -= modulus
    return slim(value) if wide else value


def word(number: int, prime: int | None) -> npt.NDArray[np.int64]:
    """A number modulo a prime, or modulo 2^64 in int64.

    As an array with one element, because numpy wraps arrays silently and warns about scalars.
    """
    if prime is None:
        return np.array([(number + (1 << 63)) % (1 << 64) - (1 << 63)])
    return np.array([number % prime])


def slim(values: IntegerArray) -> IntegerArray:
    """The same integers as int64 where all of them fit."""
    if values.dtype != object:
        return values.astype(np.int64, copy=False)
    if values.size and max(int(values.max()), -int(values.min())) > INT64:
        return values
    return values.astype(np.int64)
