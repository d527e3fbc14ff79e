r"""Learnability of one eigenfunction in the equivalent-kernel picture, the samples it costs, and the bound by dimension.

For n samples from the law, ridge sigma^2 and an eigenvalue lambda, kernel ridge regression with the kernel replaced by its mean over data
sets (the equivalent kernel; Rasmussen, Williams, *Gaussian Processes for Machine Learning*, section 7.1) learns the share

    Lrn = lambda/(lambda + sigma^2/n)

of that eigenfunction. So a learnability Lrn costs n = (sigma^2/lambda) Lrn/(1 - Lrn) samples. It is exact when every sequence occurs equally
often among the samples, and the limit of `eigenlearning` where the ridge is much larger than the sum of the eigenvalues not learned.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds.dimensions import dimension
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_at_least, exact_expression
from symkern.exact.exact_arguments import has_long_numbers
from symkern.exact.real_arguments import is_inexact, read_real

_HALF = sp.Rational(1, 2)


def trace_bound(mu: object, L: int | sp.Expr, trace: float | sp.Expr) -> float | sp.Expr:
    """Upper bound E k(x,x) / dim mu[L] on every eigenvalue in the irrep mu[L].

    A positive semidefinite symmetric operator has trace sum over irreps of dim x tr(block), and no term is negative. (Lavie, Gur-Ari, Ringel, ICML
    2024, arXiv 2402.05173.)

    Args:
        mu: the partition below the first row.
        L: the length, an int of at least |mu| + mu_1, or a SymPy expression.
        trace: E k(x, x), at least 0.

    Raises:
        BelowThreshold: an int at which there is no such irrep.
        InvalidArgument: a negative trace.

    >>> from symkern.abc import L
    >>> trace_bound((1,), L, 1)
    1/(L - 1)
    """
    size = dimension(mu, L)
    if is_inexact(trace):
        return read_real(trace, "trace", minimum=0) / size
    return exact_at_least(trace, "trace") / size


def learnability(
    eigenvalue: float | sp.Expr, ridge: float | sp.Expr = sigma2, n: float | sp.Expr = sp.oo
) -> float | sp.Expr:
    """The share n lambda/(n lambda + ridge) of an eigenfunction that n samples teach.

    Without a ridge everything in the kernel's span is learned.

    Args:
        eigenvalue: lambda, at least 0.
        ridge: at least 0; sigma2 where nothing is said, and a number wherever another argument is a float.
        n: the number of samples, at least 1; it must be given.

    Returns:
        Exact, or a float where an argument is one.

    Raises:
        InvalidArgument: negative numbers, n below 1 or not given, or floats without a number for ``ridge``.

    >>> from symkern.abc import L, n
    >>> learnability(1/L, sigma2, n)
    n/(L*sigma2 + n)
    >>> learnability(0.5, 2.0, 12)
    0.75
    """
    if n is sp.oo:
        raise InvalidArgument("n", "must be given, a number of samples", "it is not")
    if any(map(is_inexact, (eigenvalue, ridge, n))):
        value = read_real(eigenvalue, "eigenvalue", minimum=0)
        cost = float_ridge(ridge)
        samples = read_real(n, "n", minimum=1)
        return value / (value + cost / samples) if value else 0.0
    value = exact_at_least(eigenvalue, "eigenvalue")
    delta = exact_at_least(ridge, "ridge")
    count = exact_at_least(n, "n", 1)
    if value == 0:
        return sp.S.Zero
    top, bottom = sp.fraction(sp.together(value))
    return count * top / (count * top + delta * bottom)


def samples_to_learn(
    eigenvalue: float | sp.Expr,
    ridge: float | sp.Expr = sigma2,
    *,
    learnability: float | sp.Expr = _HALF,
) -> float | sp.Expr:
    """Samples n = (ridge/eigenvalue) Lrn/(1 - Lrn) at which an eigenfunction has the wanted ``learnability``, one half by default.

    Args:
        eigenvalue: lambda, above 0.
        ridge: at least 0; sigma2 where nothing is said, and a number wherever another argument is a float.
        learnability: the share Lrn that is wanted, between 0 and 1, both excluded.

    Returns:
        Exact, or a float where an argument is one.

    Raises:
        InvalidArgument: a zero eigenvalue, which is never learned, negative numbers, a learnability outside 0 < Lrn < 1, or floats without a number
            for ``ridge``.

    >>> from symkern.abc import L
    >>> samples_to_learn(1/L)
    L*sigma2
    >>> samples_to_learn(1/L, learnability="9/10")
    9*L*sigma2
    """
    if any(map(is_inexact, (eigenvalue, ridge, learnability))):
        number = read_real(eigenvalue, "eigenvalue")
        _require_learnable(number)
        odds = _odds(read_real(learnability, "learnability"))
        return float_ridge(ridge) / number * odds
    value = exact_expression(eigenvalue, "eigenvalue")
    cost = exact_at_least(ridge, "ridge")
    if value.is_Rational:
        _require_learnable(value)
    elif value == 0:  # SymPy's own question, is_zero, takes longer than the spectrum
        _require_learnable(0)
    else:
        exact_at_least(value, "eigenvalue")
    if has_long_numbers(
        value
    ):  # SymPy would ask for signs, and so for roots and factors, before it divides
        inverse = sp.Pow(value, -1, evaluate=False)
        odds = 1 if learnability is _HALF else _odds(exact_at_least(learnability, "learnability"))
        return sp.Mul(cost * odds, inverse, evaluate=False)
    if learnability is _HALF:
        return cost / value
    return cost / value * _odds(exact_at_least(learnability, "learnability"))


def float_ridge(ridge: object) -> float:
    """The ridge as a float; the symbol that stands for it by default is none."""
    if ridge is sigma2:
        rule = "must be a number where another argument is a float, ridge=0.1 say"
        raise InvalidArgument("ridge", rule, "it is not given")
    return read_real(ridge, "ridge", minimum=0)


def _odds(share: Any) -> Any:
    """Lrn/(1 - Lrn)."""
    symbolic = isinstance(share, sp.Expr) and not share.is_number
    if not symbolic and not 0 < share < 1:
        raise InvalidArgument(
            "learnability", "must lie between 0 and 1", f"it is {displayed(share)}"
        )
    return share / (1 - share)


def _require_learnable(value: Any) -> None:
    if value == 0:
        rule = "must not be zero: such a function is never learned"
        raise InvalidArgument("eigenvalue", rule, "it is 0")
    if not value > 0:
        raise InvalidArgument("eigenvalue", "must be positive", f"it is {displayed(value)}")
