"""Factors of integer polynomials, and the square part of an integer.

flint factors. python-flint compares the coefficients of factors over the integers as machine words to sort them, and gives up where they are larger;
over the rationals it does not. Should both fail, SymPy's rings do the same work, some thousand times slower.
"""

from __future__ import annotations

from math import gcd, isqrt, lcm
from typing import Any

import flint

from symkern.limits import current


def factor(polynomial: Any) -> tuple[int, list[tuple[Any, int]]]:
    """Content and irreducible factors with multiplicity of a flint polynomial over the integers."""
    try:
        content, parts = polynomial.factor()
    except OverflowError:
        return _over_the_rationals(polynomial)
    return int(content), [(p, int(e)) for p, e in parts]


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
    p = 2
    while p < current().trial_divisor and p * p <= rest:
        while rest % (p * p) == 0:
            rest //= p * p
            square *= p
        if rest % p == 0:
            rest //= p
            free *= p
        p += 1 if p == 2 else 2
    root = isqrt(rest)
    if root * root == rest:
        return square * root, sign * free
    return square, sign * free * rest
