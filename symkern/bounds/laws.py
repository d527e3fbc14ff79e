"""The formulas of this room as laws in L: dimension, trace bound, samples of an eigenvalue, cross-dataset bound, copying.

A law is a `ScalingLaw`; ``law.derivation()`` lists the steps, and ``law.derivation().check()`` computes both sides of each step by different
code, one of them by brute force.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symkern.abc import L, n, sigma2, v
from symkern.bounds.cross_dataset import copying
from symkern.bounds.dimensions import dimension
from symkern.bounds.samples import learnability as share_learned
from symkern.bounds.samples import samples_to_learn
from symkern.claims import Claim, ScalingLaw, Standing
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_at_least, exact_expression
from symkern.exact.asymptotics import leading
from symkern.typeset import irrep_latex, irrep_text


def dimension_law(mu: object) -> ScalingLaw:
    """dim (L-|mu|, mu) as a polynomial in L, with its leading term f^mu/|mu|! L^|mu|.

    Args:
        mu: the partition below the first row.

    >>> print(dimension_law((2, 1)))
    dim (L-3,2,1) = L*(L - 2)*(L - 4)/3 ~ L^3/3  (L >= 5, proved)
    >>> bool(dimension_law((2, 1)).derivation().check(L=(5, 6)))
    True
    """
    shape = Partition.read(mu, "mu")
    formula = exact_expression(dimension(shape, L), "dimension")
    name, symbol = f"dim {irrep_text(shape)}", rf"\dim {irrep_latex(shape)}"
    return _law(name, formula, Claim("dimension", (shape,)), _sizes(shape), symbol=symbol)


def trace_law(mu: object, trace: object = 1) -> ScalingLaw:
    """The bound lambda <= E k(x, x)/dim mu[L] on every eigenvalue in an irrep.

    Args:
        mu: the partition below the first row.
        trace: E k(x, x), above 0, with L in it or not.

    >>> print(trace_law((1, 1)))
    lambda <= 2/((L - 1)*(L - 2)) ~ 2/L^2  (L >= 3, proved)
    """
    shape = Partition.read(mu, "mu")
    power = exact_at_least(trace, "trace")
    if power == 0 or (power.is_number and not power > 0):
        raise InvalidArgument("trace", "must be positive", f"it is {displayed(power)}")
    formula = power / dimension(shape, L)
    claim, symbol = Claim("trace bound", (shape, power)), rf"\lambda_{{{irrep_latex(shape)}}}"
    return _law("lambda", formula, claim, _sizes(shape), relation="<=", symbol=symbol)


def samples_law(eigenvalue: object, ridge: object = sigma2) -> ScalingLaw:
    """Samples n = ridge/eigenvalue to half learn an eigenfunction, for an eigenvalue that is a formula in L.

    Args:
        eigenvalue: exact, above 0; a formula in L for a law with an exponent.
        ridge: exact, at least 0.

    >>> from symkern.abc import L
    >>> print(samples_law(1/(L - 1)))
    n = sigma2*(L - 1) ~ sigma2*L  (proved)
    """
    value, cost = exact_at_least(eigenvalue, "eigenvalue"), exact_at_least(ridge, "ridge")
    formula = exact_expression(samples_to_learn(value, cost), "n")
    return _law("n", formula, Claim("samples", (value, cost)))


def learnability_law(eigenvalue: object, ridge: object = sigma2, samples: object = n) -> ScalingLaw:
    """The share of an eigenfunction that n samples teach, as a law in L.

    Args:
        eigenvalue: exact, at least 0; a formula in L for a law with an exponent.
        ridge: exact, at least 0.
        samples: the number of samples, at least 1, or a formula; the symbol n where nothing is said.

    >>> from symkern.abc import L
    >>> print(learnability_law(1/L))
    Lrn = n/(sigma2*L + n) ~ n/(sigma2*L)  (proved)
    """
    value = exact_at_least(eigenvalue, "eigenvalue")
    formula = exact_expression(share_learned(value, ridge, samples), "learnability")
    claim = Claim("share learned", (value, exact_at_least(ridge, "ridge"), samples))
    return _law("Lrn", formula, claim, symbol=r"\mathrm{Lrn}")


def cross_dataset_law(eigenvalue: object, ridge: object = sigma2) -> ScalingLaw:
    """The lower bound n >= ridge/(2 eigenvalue) on the samples of any data set, for a normalised target and a share of one half.

    Args:
        eigenvalue: exact, above 0; a formula in L for a law with an exponent.
        ridge: exact, at least 0.

    >>> from symkern.abc import L
    >>> print(cross_dataset_law(1/L**2))
    n >= sigma2*L^2/2  (proved)
    """
    value, cost = exact_at_least(eigenvalue, "eigenvalue"), exact_at_least(ridge, "ridge")
    formula = exact_expression(samples_to_learn(value, cost), "n") / 2
    return _law("n", formula, Claim("cross-dataset bound", (value, cost)), relation=">=")


def copying_law(
    trace: object = 1, ridge: object = sigma2, learnability: object = "1/2"
) -> ScalingLaw:
    """The lower bound sigma^2 Lrn (L-1)(v-1)/E_q k on the samples that teach a head to copy.

    Args:
        trace: E_q k(x, x), a number or a formula in L and v; above 0.
        ridge: at least 0.
        learnability: the share Lrn that is to be learned, above 0 and at most 1.

    >>> print(copying_law())
    n >= sigma2*(L - 1)*(v - 1)/2 ~ sigma2*L*(v - 1)/2  (L >= 2, v >= 2, proved)
    """
    formula = copying(L, v, trace=trace, ridge=ridge, learnability=learnability)
    claim = Claim("copying", (trace, ridge, learnability))
    return _law("n", exact_expression(formula, "n"), claim, {"L": 2, "v": 2}, relation=">=")


def _sizes(shape: Partition) -> dict[str, int]:
    return {"L": max(shape.threshold, 1)}


def _law(
    name: str, formula: sp.Expr, claim: Claim, sizes: dict[str, int] | None = None, **how: Any
) -> ScalingLaw:
    """A proved law; without leading term where it has no sizes and no length is left in the formula."""
    term = leading(formula) if sizes or formula.has(L) else None
    return ScalingLaw(name, formula, term, sizes or {}, Standing.PROVED, claim=claim, **how)
