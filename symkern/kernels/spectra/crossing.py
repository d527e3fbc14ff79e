r"""From which length on one eigenvalue is larger than another, exactly, where L is the only symbol.

Let p(x, L) and q(x, L) be the minimal polynomials of two eigenvalues of symmetric operators, as real branches lambda(L), mu(L) that are continuous in
L. Where they meet, the resultant Res_x(p, q) vanishes; where a branch may jump, a leading coefficient does; if p = q the discriminant takes the place of the
resultant. Between successive real roots of these polynomials in L, the order of lambda and mu is therefore constant, and beyond the largest root it is
the order for large L. So the sign is taken once in each gap that holds an integer, from the largest downwards, and at roots that are integers themselves.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import x
from symkern.exact import AlgebraicNumber, Ball, function_field
from symkern.exact.algebraic import real_roots
from symkern.exact.balls import BITS, enclosure, from_arb, precision

if TYPE_CHECKING:
    from symkern.exact import Branch

__all__ = ["crossing_length", "eventual_order", "number_order"]

_DIGITS = 60


def crossing_length(larger: Branch, smaller: Branch, least: int) -> int | None:
    """The smallest integer from which on ``larger`` exceeds ``smaller`` at every integer length, at least ``least``.

    None where there are symbols besides L, or no written polynomials. It is assumed that ``larger`` is larger for large L.
    """
    breaks = _breaks(larger, smaller, least)
    if breaks is None:
        return None
    # Points where the order has to be looked at: each break, and one integer inside each gap.
    marks = sorted({least, *breaks})
    points = {*marks, marks[-1] + 1}
    points |= {a + 1 for a, b in pairwise(marks) if b - a > 1}
    held = None
    for n in sorted(points, reverse=True):
        if not _exceeds(larger, smaller, n):
            break
        held = n
    if held is None:
        return None
    return max(held, least)


def eventual_order(first: Branch, second: Branch) -> int | None:
    """1, 0 or -1 as one eigenvalue is larger than, equal to or smaller than another for all large L; exact.

    Rational functions of L and other positive symbols are compared by the sign of their difference; algebraic ones, with L as the
    only symbol, beyond every length at which their order could change. None where neither decides.
    """
    if not (first.minimal_polynomial and second.minimal_polynomial):
        return None
    if first.minimal_polynomial == second.minimal_polynomial and first.index == second.index:
        return 0
    if first.degree == second.degree == 1:
        return _sign_for_large_length(_rational(first) - _rational(second))
    breaks = _breaks(first, second, 1)
    if breaks is None:
        return None
    return 1 if _exceeds(first, second, max(breaks, default=1) + 1) else -1


def _rational(branch: Branch) -> sp.Expr:
    c, a = branch.minimal_polynomial
    return -(c / a).to_sympy()


def _sign_for_large_length(difference: sp.Expr) -> int | None:
    """The sign of a rational function as L grows, where it is the same for all positive values of the other symbols."""
    top, bottom = sp.fraction(sp.together(difference))
    sign = 1
    for polynomial in (sp.Poly(top, CONTEXT_LENGTH), sp.Poly(bottom, CONTEXT_LENGTH)):
        if polynomial.is_zero:
            return 0
        leading = polynomial.LC()
        symbols = sorted(leading.free_symbols, key=str)
        coefficients = sp.Poly(leading, *symbols).coeffs() if symbols else [leading]
        if all(c > 0 for c in coefficients):
            continue
        if not all(c < 0 for c in coefficients):
            return None
        sign = -sign
    return sign


def _breaks(first: Branch, second: Branch, least: int) -> set[int] | None:
    """Integers around all lengths from ``least`` on at which the order of two branches can change; None where that is not known."""
    if not any(c.free_symbols() for t in (first, second) for c in t.minimal_polynomial):
        return None  # numbers, at one length
    polynomials = [_polynomial(branch) for branch in (first, second)]
    if any(p is None for p in polynomials):
        return None
    p, q = (sp.Poly(e, x) for e in polynomials)
    if p == q:
        meeting = sp.discriminant(p)
    else:
        meeting = sp.resultant(p, q)
    breaks: set[int] = set()
    for e in (meeting, p.LC(), q.LC()):
        polynomial = sp.Poly(e, CONTEXT_LENGTH)
        if polynomial.is_zero:
            return None
        if polynomial.degree() > 0:
            for root in sp.real_roots(polynomial.sqf_part()):
                # An integer root is looked at by itself; of any other only the integers beside it matter.
                low = int(sp.floor(root))
                breaks.update(n for n in (low, int(sp.ceiling(root))) if n >= least)
                breaks.update([low + 1] if low + 1 >= least else [])
    return breaks


def number_order(first: Branch, second: Branch) -> int | None:
    """1, 0 or -1 as one eigenvalue that is a number is larger than, equal to or smaller than another; exact.

    None where intervals of which one is a ball overlap.
    """
    if isinstance(first.value, sp.Expr) and first.value == second.value:
        return 0
    a, b = _number(first), _number(second)
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return (a > b) - (a < b)
    if isinstance(a, AlgebraicNumber) and isinstance(b, AlgebraicNumber):
        return 0 if a == b else 1 if b < a else -1
    if isinstance(b, AlgebraicNumber):
        order = number_order(second, first)
        return None if order is None else -order
    if isinstance(a, AlgebraicNumber):  # a rational number is none; the ends of a ball neither
        ends = (b.lower, b.upper) if isinstance(b, Ball) else (b, b)
        while a.low <= ends[1] and ends[0] <= a.high:
            if ends[0] <= a.low and a.high <= ends[1]:
                return None
            a = a.refine((a.high - a.low) / 2)
        return 1 if a.low > ends[1] else -1
    low, high = ((t.lower, t.upper) if isinstance(t, Ball) else (t, t) for t in (a, b))
    if low[1] < high[0]:
        return -1
    return 1 if high[1] < low[0] else None


def _number(branch: Branch) -> Fraction | AlgebraicNumber | Ball:
    """A number as a fraction, a root in an interval or a ball, whichever is exact for it."""
    if isinstance(branch.value, (Ball, AlgebraicNumber)):
        return branch.value
    if all(c.is_number for c in branch.minimal_polynomial):
        coefficients = [int(c.to_fraction()) for c in branch.minimal_polynomial]
        if branch.degree == 1:
            return Fraction(-coefficients[0], coefficients[1])
        return real_roots(coefficients)[branch.index]
    with precision(BITS):  # numbers such as e
        return from_arb(enclosure(branch.value))


def _polynomial(branch: Branch) -> sp.Expr | None:
    """The minimal polynomial over Z[L], None where another symbol is left or it is not written."""
    if not branch.minimal_polynomial:
        return None
    expression = branch.polynomial()
    return expression if expression.free_symbols <= {CONTEXT_LENGTH, x} else None


def _exceeds(larger: Branch, smaller: Branch, n: int) -> bool:
    return bool(_value(larger, n) > _value(smaller, n))


def _value(branch: Branch, n: int) -> sp.Float:
    """The branch at an integer length: its closed form, or the root of its number among the real roots."""
    if isinstance(branch.value, sp.Expr):
        return sp.re(branch.value.subs(CONTEXT_LENGTH, n).n(_DIGITS))
    field = function_field(())
    coefficients = [
        sp.Rational(str(c.substitute({CONTEXT_LENGTH: n}, field).to_fraction()))
        for c in branch.minimal_polynomial
    ]
    roots = sp.Poly(coefficients[::-1], x).nroots(n=_DIGITS, maxsteps=500)
    real = sorted((sp.re(r) for r in roots if abs(sp.im(r)) < sp.Float(10) ** (-_DIGITS // 2)), reverse=True)  # fmt: skip
    return real[branch.index]
