"""Factors of integer polynomials, and the square part of an integer.

flint factors; where python-flint cannot hand the factors over (it sorts them by machine words and stops at
coefficients of 2^31 and more), SymPy's rings do the same work.
"""

from __future__ import annotations

from math import isqrt
from typing import Any

__all__ = ["factor", "square_part"]

_TRIAL_LIMIT = 10_000


def factor(polynomial: Any) -> tuple[int, list[tuple[Any, int]]]:
    """Content and irreducible factors with multiplicity of a flint polynomial over the integers."""
    try:
        content, parts = polynomial.factor()
    except OverflowError:
        return _by_sympy(polynomial)
    return int(content), [(p, int(e)) for p, e in parts]


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
    while p < _TRIAL_LIMIT and p * p <= rest:
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
