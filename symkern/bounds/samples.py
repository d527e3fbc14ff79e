"""Samples that an eigenvalue costs, and the bound that a dimension puts on an eigenvalue."""

from __future__ import annotations

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds.dimensions import dimension
from symkern.errors import InvalidArgument
from symkern.exact import exact_expression

__all__ = ["samples_to_learn", "trace_bound"]


def trace_bound(mu: object, L: int | sp.Expr, trace: float | sp.Expr) -> float | sp.Expr:
    """Upper bound E k(x,x) / dim mu[L] on every eigenvalue in the irrep mu[L].

    A positive semidefinite symmetric operator has trace sum over irreps of dim x tr(block), and
    no term is negative. ``trace`` is E k(x, x). (Lavie, Gur-Ari, Ringel, ICML 2024, arXiv 2402.05173.)

    >>> from symkern.abc import L
    >>> trace_bound((1,), L, 1)
    1/(L - 1)
    """
    size = dimension(mu, L)
    if isinstance(trace, float):
        return trace / size
    return exact_expression(trace, "trace") / size


def samples_to_learn(
    eigenvalue: float | sp.Expr, ridge: float | sp.Expr = sigma2
) -> float | sp.Expr:
    """Samples n = ridge / eigenvalue at which an eigenfunction is half learned.

    In the equivalent-kernel picture the learnability is lambda/(lambda + ridge/n), which is 1/2 there.
    Floats give a float, exact numbers and expressions an exact result. Raises `InvalidArgument` for a zero eigenvalue, which is never
    learned, and for negative numbers.

    >>> from symkern.abc import L
    >>> samples_to_learn(1/L)
    L*sigma2
    """
    if isinstance(eigenvalue, float) or isinstance(ridge, float):
        _require_positive(float(eigenvalue), float(ridge))
        return float(ridge) / float(eigenvalue)
    value = exact_expression(eigenvalue, "eigenvalue")
    cost = exact_expression(ridge, "ridge")
    if value.is_Rational or cost.is_Rational:
        _require_positive(value if value.is_Rational else 1, cost if cost.is_Rational else 0)
    elif value == 0:  # SymPy's own question, is_zero, takes longer than the spectrum
        _require_positive(0, 0)
    return cost / value


def _require_positive(eigenvalue: float | sp.Rational, ridge: float | sp.Rational) -> None:
    if eigenvalue == 0:
        raise InvalidArgument(
            "eigenvalue", "must not be zero: such a function is never learned", "it is 0"
        )
    if not eigenvalue > 0:
        raise InvalidArgument("eigenvalue", "must be positive", f"it is {eigenvalue}")
    if not ridge >= 0:
        raise InvalidArgument("ridge", "must not be negative", f"it is {ridge}")
