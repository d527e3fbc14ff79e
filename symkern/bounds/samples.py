"""Samples that an eigenvalue costs, and the bound that a dimension puts on an eigenvalue."""

from __future__ import annotations

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds.dimensions import dimension
from symkern.errors import InvalidArgument
from symkern.exact import exact_expression

__all__ = ["samples_to_learn", "trace_bound"]


def trace_bound(mu: object, L: int | sp.Expr, trace: int | sp.Expr) -> sp.Expr:
    """Upper bound E k(x,x) / dim mu[L] on every eigenvalue in the irrep mu[L].

    A positive semidefinite symmetric operator has trace sum over irreps of dim x tr(block), and
    no term is negative. ``trace`` is E k(x, x). (Lavie, Gur-Ari, Ringel, ICML 2024, arXiv 2402.05173.)

    >>> from symkern.abc import L
    >>> trace_bound((1,), L, 1)
    1/(L - 1)
    """
    size = dimension(mu, L)
    if size == 0:
        raise InvalidArgument("L", "must give the irrep a positive dimension", f"it is {L}")
    return exact_expression(trace, "trace") / size


def samples_to_learn(eigenvalue: sp.Expr, ridge: sp.Expr = sigma2) -> sp.Expr:
    """Samples n = ridge / eigenvalue at which an eigenfunction is half learned.

    In the equivalent-kernel picture the learnability is lambda/(lambda + ridge/n), which is 1/2 there.
    Raises `InvalidArgument` for a zero eigenvalue: it is never learned.

    >>> from symkern.abc import L
    >>> samples_to_learn(1/L)
    L*sigma2
    """
    value = exact_expression(eigenvalue, "eigenvalue")
    if value == 0:  # SymPy's own question, is_zero, takes longer than the spectrum
        raise InvalidArgument(
            "eigenvalue", "must not be zero: such a function is never learned", "it is 0"
        )
    return exact_expression(ridge, "ridge") / value
