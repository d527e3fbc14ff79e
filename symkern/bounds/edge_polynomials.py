r"""The polynomial behind a leading coefficient that is not written: the edge polynomial of the Newton polygon.

A root x ~ c L^e of sum_k a_k(L) x^k makes the terms of the largest degree, deg a_k + k e, cancel: c is a root of the sum of lc(a_k) c^k
over these k, lc the leading coefficient in L. Source: Walker, *Algebraic Curves*, chapter IV.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

if TYPE_CHECKING:
    from symkern.bounds.asymptotics import Leading
    from symkern.exact import Branch, RationalFunction

__all__ = ["edge_coefficients"]


def edge_coefficients(branch: Branch, term: Leading | None) -> tuple[sp.Expr, ...]:
    """The edge polynomial's coefficients, from the constant term up, for a leading coefficient that is not written; else none.

    They have no common factor, and the last one a positive leading term. A block without a written characteristic polynomial has none either.
    """
    if term is None or term.is_written or not branch.minimal_polynomial:
        return ()
    tops = {k: _top(c, term.variable) for k, c in enumerate(branch.minimal_polynomial) if c}
    degrees = {k: degree + k * term.exponent for k, (degree, _) in tops.items()}
    edge = {k: tops[k][1] for k, d in degrees.items() if d == max(degrees.values())}
    first, last = min(edge), max(edge)
    field = edge[first].field
    common = edge[last].num
    for c in edge.values():
        common = common.gcd(c.num)
    if edge[last].num.leading_coefficient() < 0:
        common = -common
    below = field.polynomial(common.to_dict())
    return tuple((edge.get(k, field.zero) / below).to_sympy() for k in range(first, last + 1))


def _top(coefficient: RationalFunction, variable: sp.Symbol) -> tuple[int, RationalFunction]:
    """Degree and leading coefficient of a polynomial in one of its symbols."""
    i = coefficient.field.index.get(variable)
    if i is None:
        return 0, coefficient
    terms = coefficient.num.to_dict()
    degree = max(int(e[i]) for e in terms)
    kept = {(*e[:i], 0, *e[i + 1 :]): n for e, n in terms.items() if e[i] == degree}
    return degree, coefficient.field.polynomial(kept)
