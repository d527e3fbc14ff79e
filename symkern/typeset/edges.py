r"""The polynomial behind a leading coefficient that is not written: the edge polynomial of the Newton polygon.

A root x ~ c L^e of sum_k a_k(L) x^k makes the terms of the largest degree, deg a_k + k e, cancel: c is a root of the sum of lc(a_k) c^k
over these k, lc the leading coefficient in L. Minimal polynomials are taken by their attributes, as everything is that is printed.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

__all__ = ["COEFFICIENT", "edge_coefficients", "edge_polynomial"]

#: What stands for a leading coefficient without a formula.
COEFFICIENT = sp.Symbol("c", positive=True)


def edge_coefficients(branch: Any, term: Any) -> tuple[sp.Expr, ...]:
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


def edge_polynomial(branch: Any, term: Any) -> sp.Expr | None:
    """The same as a polynomial in c; None where there is none."""
    coefficients = edge_coefficients(branch, term)
    return (
        sp.Add(*(a * COEFFICIENT**k for k, a in enumerate(coefficients))) if coefficients else None
    )


def _top(coefficient: Any, variable: sp.Symbol) -> tuple[int, Any]:
    """Degree and leading coefficient of a polynomial in one of its symbols."""
    i = coefficient.field.index.get(variable)
    if i is None:
        return 0, coefficient
    terms = coefficient.num.to_dict()
    degree = max(int(e[i]) for e in terms)
    kept = {(*e[:i], 0, *e[i + 1 :]): n for e, n in terms.items() if e[i] == degree}
    return degree, coefficient.field.polynomial(kept)
