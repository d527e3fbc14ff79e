r"""Gaussian expectations E phi(u) phi(w), as terms for a polynomial phi, and the formulas of which others are made.

For centred Gaussian (u, w) with variances p, q and covariance r,

    E u^a w^b = sum_j a! b! / (j! e! f! 2^(e + f)) r^j p^e q^f,    e = (a - j)/2,  f = (b - j)/2,

over the numbers j of pairs (u, w) that leave both e and f whole (Isserlis, Biometrika 12, 1918).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial

import sympy as sp

from symkern.abc import x


def dual_terms(phi: sp.Expr) -> list[tuple[sp.Expr, int, int, int]]:
    """E phi(u) phi(w) as a list of (coefficient, power of r, power of p, power of q).

    ``phi`` is a polynomial in `symkern.abc.x`.

    >>> dual_terms(x**2)
    [(1, 0, 1, 1), (2, 2, 0, 0)]
    """
    found: list[tuple[sp.Expr, int, int, int]] = []
    terms = sp.Poly(phi, x).terms()
    for (a,), ca in terms:
        for (b,), cb in terms:
            if (a - b) % 2:
                continue
            for j in range(a % 2, min(a, b) + 1, 2):
                e, f = (a - j) // 2, (b - j) // 2
                ways = factorial(a) * factorial(b)
                ways //= factorial(j) * factorial(e) * factorial(f) * 2 ** (e + f)
                found.append((ca * cb * ways, j, e, f))
    return found


def relu_formula(r: sp.Expr, p: sp.Expr, q: sp.Expr) -> sp.Expr:
    """sqrt(pq) (sqrt(1 - c^2) + (pi - arccos c) c) / (2 pi) with c = r / sqrt(pq) (Cho and Saul 2009).

    >>> relu_formula(sp.S.Zero, sp.S.One, sp.S.One)
    1/(2*pi)
    """
    norm = sp.sqrt(p * q)
    if norm.is_zero:
        return sp.S.Zero
    c = sp.cancel(r / norm) if r.is_Rational else r / norm
    if holds_angle(c):
        # SymPy would look for a simpler form of each root and angle by its digits, ten times as long with every layer.
        root = sp.Pow(1 - sp.Pow(c, 2, evaluate=False), sp.S.Half, evaluate=False)
        return norm * (root + (sp.pi - sp.acos(c, evaluate=False)) * c) / (2 * sp.pi)
    return norm * (sp.sqrt(1 - c**2) + (sp.pi - sp.acos(c)) * c) / (2 * sp.pi)


def angle_formula(r: sp.Expr, square: sp.Expr) -> sp.Expr:
    """(2/pi) arcsin(r / sqrt(square)), 0 where the square is.

    >>> angle_formula(sp.S.One, sp.Integer(4))
    1/3
    """
    if square.is_zero:
        return sp.S.Zero
    c = r / sp.sqrt(square)
    return 2 / sp.pi * sp.asin(c, evaluate=not holds_angle(c))


def holds_angle(formula: sp.Expr) -> bool:
    """Whether an angle stands in the formula."""
    return any(isinstance(part, (sp.acos, sp.asin)) for part in parts(formula))


def parts(formula: sp.Basic) -> Iterator[sp.Basic]:
    """The formula and all that stands in it, what it shares many times over once.

    >>> sorted(map(str, parts((x + 1) ** 2 * x)))
    ['(x + 1)**2', '1', '2', 'x', 'x + 1', 'x*(x + 1)**2']
    """
    seen, left = {id(formula)}, [formula]
    while left:
        part = left.pop()
        yield part
        for child in part.args:
            if id(child) not in seen:
                seen.add(id(child))
                left.append(child)
