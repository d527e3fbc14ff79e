"""Factors of integer polynomials, and the square part of an integer.

flint factors. python-flint compares the coefficients of factors over the integers as machine words to sort them, and gives up where they are larger;
over the rationals it does not. Should both fail, SymPy's rings do the same work, some thousand times slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import gcd, isqrt, lcm, prod
from typing import Any

import flint
from sympy.polys.rings import PolyElement

from symkern.limits import current
from symkern.typeset.factored import factors_by

_WIDE = 4000  # bits of a coefficient; flint factors shorter ones in a moment
_PRIMES = (2**31 - 1, 10**9 + 7, 998_244_353)  # python-flint sorts factors by words of 32 bits


def factor(polynomial: Any) -> tuple[int, list[tuple[Any, int]]]:
    """Content and irreducible factors with multiplicity of a flint polynomial over the integers."""
    terms = polynomial.to_dict()
    if len(terms) > 1 and max(int(c).bit_length() for c in terms.values()) > _WIDE:
        return _of_long_numbers(polynomial, terms)
    return _by_flint(polynomial)


def _by_flint(polynomial: Any) -> tuple[int, list[tuple[Any, int]]]:
    try:
        content, parts = polynomial.factor()
    except OverflowError:
        return _over_the_rationals(polynomial)
    return int(content), [(p, int(e)) for p, e in parts]


def _of_long_numbers(polynomial: Any, terms: dict[Any, Any]) -> tuple[int, list[tuple[Any, int]]]:
    """Content, powers of variables, and the rest, which most often is irreducible; modulo a prime that takes no time to see.

    A product of two polynomials of positive degree is one modulo each prime, and so it stays where the total degree does.
    """
    context = polynomial.context()
    content = gcd(*(int(c) for c in terms.values()))
    if int(polynomial.leading_coefficient()) < 0:
        content = -content
    shared = tuple(map(min, zip(*(tuple(map(int, e)) for e in terms), strict=True)))
    rest = {
        tuple(int(a) - b for a, b in zip(e, shared, strict=True)): int(c) // content
        for e, c in terms.items()
    }
    found = [(g, e) for g, e in zip(context.gens(), shared, strict=True) if e]
    primitive = context.from_dict(rest)
    if any(_is_irreducible_modulo(p, rest, context.names()) for p in _PRIMES):
        return content, [*found, (primitive, 1)]
    sign, parts = _by_flint(primitive)
    return content * sign, [*found, *parts]


def _is_irreducible_modulo(prime: int, terms: dict[tuple[int, ...], int], names: Any) -> bool:
    context = flint.nmod_mpoly_ctx.get(names, modulus=prime, ordering=flint.Ordering.degrevlex)
    image = context.from_dict({e: c % prime for e, c in terms.items()})
    if not image or image.total_degree() < max(map(sum, terms)):
        return False
    _, parts = image.factor()
    return len(parts) == 1 and parts[0][1] == 1


def _over_the_rationals(polynomial: Any) -> tuple[int, list[tuple[Any, int]]]:
    context = polynomial.context()
    rational = flint.fmpq_mpoly_ctx.get(context.names(), flint.Ordering.degrevlex)
    terms = {tuple(map(int, e)): flint.fmpq(c) for e, c in polynomial.to_dict().items()}
    try:
        _, parts = rational.from_dict(terms).factor()
    except OverflowError:
        return _by_sympy(polynomial)
    found, leading = [], 1
    for part, times in parts:
        coefficients = {tuple(map(int, e)): c for e, c in part.to_dict().items()}
        bottom = lcm(*(int(c.q) for c in coefficients.values()))
        top = gcd(*(int(c.p) * (bottom // int(c.q)) for c in coefficients.values()))
        primitive = context.from_dict({e: int(c.p) * (bottom // int(c.q)) // top for e, c in coefficients.items()})  # fmt: skip
        found.append((primitive, int(times)))
        leading *= int(primitive.leading_coefficient()) ** int(times)
    return int(polynomial.leading_coefficient()) // leading, found


def _by_sympy(polynomial: Any) -> tuple[int, list[tuple[Any, int]]]:
    from sympy import ZZ
    from sympy.polys.rings import ring

    context = polynomial.context()
    names = [f"x{i}" for i in range(context.nvars())]
    made = ring(names, ZZ)[0]
    terms = {tuple(map(int, e)): ZZ(int(c)) for e, c in polynomial.to_dict().items()}
    content, parts = made.from_dict(terms).factor_list()
    return int(content), [
        (context.from_dict({tuple(m): int(c) for m, c in p.terms()}), int(e)) for p, e in parts
    ]


def _of_ring(polynomial: PolyElement) -> tuple[int, list[tuple[PolyElement, int]]]:
    """The same of a polynomial in one of SymPy's rings."""
    ring = polynomial.ring
    names = tuple(f"x{i}" for i in range(ring.ngens))
    context = flint.fmpz_mpoly_ctx.get(names, flint.Ordering.lex)
    content, parts = factor(context.from_dict({m: int(c) for m, c in polynomial.items()}))
    return content, [
        (
            ring.from_dict(
                {tuple(map(int, m)): ring.domain(int(c)) for m, c in p.to_dict().items()}
            ),
            e,
        )
        for p, e in parts
    ]


factors_by(_of_ring)


def square_part(value: int) -> tuple[int, int]:
    """(a, b) with a^2 b = value: the square of small primes and a whole square taken out.

    b is square-free for numbers whose square factors have primes below 10^4; larger ones are not searched for,
    since that is as hard as factoring.

    >>> square_part(-72), square_part(10**40)
    ((6, -2), (100000000000000000000, 1))
    """
    square, rest = 1, abs(value)
    sign = -1 if value < 0 else 1
    if not rest:
        return 0, 1
    free = 1
    for p in _small_primes(gcd(rest, _product_of_primes(current().trial_divisor))):
        power, rest = _valuation(rest, p)
        square *= p ** (power // 2)
        free *= p ** (power % 2)
    root = isqrt(rest)
    if root * root == rest:
        return square * root, sign * free
    return square, sign * free * rest


@lru_cache(maxsize=4)
def _product_of_primes(below: int) -> int:
    """Of all primes below a number: one greatest common divisor finds those that divide, however long what they divide is."""
    sieve = bytearray([1]) * below
    for p in range(2, isqrt(below) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, below, p)))
    return prod(p for p in range(2, below) if sieve[p])


def _small_primes(product: int) -> Iterator[int]:
    """The primes of a square-free product of small ones."""
    p = 2
    while product > 1:
        if product % p == 0:
            product //= p
            yield p
        p += 1


def _valuation(value: int, p: int) -> tuple[int, int]:
    """(k, rest) with value = p^k rest, p not in rest, by p, p^2, p^4, ...: p^k is divided out in a few steps."""
    if value % p:
        return 0, value
    k, rest = _valuation(value // p, p * p)
    return (2 * k + 2, rest // p) if rest % p == 0 else (2 * k + 1, rest)
