r"""E k(x, x) under a token law, in closed form and without any spectrum.

On the diagonal m = L, d = 1 and s = s_x = sum_t n_t^2. Under independent uniform tokens the factorial moments of
the counts are E prod_t (n_t)_{j_t} = (L)_J v^{-J}, J = sum j_t, so

    E s_x^p = sum over set partitions of p factors by their token:
              (v)_b sum_{j_1..j_b} prod_i S(2 e_i, j_i) (L)_J v^{-J},

with b blocks of sizes e_i. It is the independent side of the check
sum over sectors of dimension x trace(block) = E k(x, x).
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.combinatorics import partitions
from symkern.exact import RationalFunction, function_field
from symkern.kernels.laws import Categorical, Distinct, Law, Mixture, Uniform
from symkern.kernels.pair_kernels import kernel_polynomial, s_x
from symkern.kernels.pipeline import Kernel
from symkern.kernels.polynomial_engine.blocks import stirling2

__all__ = ["mean_diagonal"]


def mean_diagonal(kernel: Kernel, length: int | sp.Expr, law: Law) -> sp.Expr:
    """E k(x, x) for x from ``law``, factored.

    >>> from symkern.abc import L, v
    >>> from symkern.kernels import embedding, uniform
    >>> mean_diagonal(embedding("alpha").mean_pool(), L, uniform(v))
    alpha*(L + v - 1)/(L*v)
    """
    diagonal = kernel_polynomial(kernel).diagonal()
    symbols = set(diagonal.field.symbols[5:]) | {CONTEXT_LENGTH}
    vocabulary = law.vocabulary if isinstance(law, Uniform) else None
    for size in (length, vocabulary):
        if isinstance(size, sp.Expr):
            symbols |= size.free_symbols
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    sites = field(length)
    total = field.zero
    for (p,), c in diagonal.coefficients([s_x]).items():
        if isinstance(law, Distinct):
            moment = sites**p
        else:
            moment = _mean_moment(p, sites, law)
        total = total + c.substitute({CONTEXT_LENGTH: sites}, field) * moment
    return total.to_sympy()


def _mean_moment(p: int, length: RationalFunction, law: Law) -> RationalFunction:
    """E s_x^p under a law of independent tokens, or a mixture of such laws."""
    if isinstance(law, Uniform):
        return _moment(p, length, length.field(law.vocabulary))
    if isinstance(law, Mixture):
        total = length.field.zero
        for weight, part in law.components:
            total = total + _mean_moment(p, length, part) * length.field(weight)
        return total
    assert isinstance(law, Categorical)
    return _moment_of_letters(p, length, [Fraction(int(q.p), int(q.q)) for q in law.probabilities])


def _moment_of_letters(
    p: int, length: RationalFunction, probabilities: list[Fraction]
) -> RationalFunction:
    """E (sum_t n_t^2)^p for independent tokens: sum over exponents e_t with sum p of p!/prod e_t! E prod n_t^(2 e_t).

    ``found[j]`` gathers the coefficient of the falling factorial (L)_j, letter by letter.
    """
    found: dict[tuple[int, int], Fraction] = {(0, 0): Fraction(1)}  # (sum of e, J) -> coefficient
    for q in probabilities:
        wider: dict[tuple[int, int], Fraction] = {}
        for (used, power), c in found.items():
            for e in range(p - used + 1):
                for j in range(2 * e + 1):
                    if count := stirling2(2 * e, j):
                        key = (used + e, power + j)
                        share = c * count * q**j / factorial(e)
                        wider[key] = wider.get(key, Fraction(0)) + share
        found = wider
    total = length.field.zero
    falling = length.field.one
    for j in range(2 * p + 1):
        if j:
            falling = falling * (length - (j - 1))
        total = total + falling * (found.get((p, j), Fraction(0)) * factorial(p))
    return total


def _moment(p: int, length: RationalFunction, v: RationalFunction) -> RationalFunction:
    """E (sum_t n_t^2)^p for independent uniform tokens."""
    by_power: dict[int, RationalFunction] = {}
    for shape in partitions(p):
        ways = factorial(p)
        for e in shape:
            ways //= factorial(e)
        for count in shape.multiplicities.values():
            ways //= factorial(count)
        # Coefficient of z^J in prod_i sum_j S(2 e_i, j) z^j, which multiplies (L)_J v^-J.
        joint = [1]
        for e in shape:
            row = [stirling2(2 * e, j) for j in range(2 * e + 1)]
            joint = [
                sum(joint[k] * row[j - k] for k in range(len(joint)) if 0 <= j - k < len(row))
                for j in range(len(joint) + 2 * e)
            ]
        letters = length.field(ways)
        for i in range(len(shape)):
            letters = letters * (v - i)
        for j, count in enumerate(joint):
            by_power[j] = by_power.get(j, length.field.zero) + letters * count
    total = length.field.zero
    falling = length.field.one  # (L)_j v^-j
    for j in range(2 * p + 1):
        if j:
            falling = falling * (length - (j - 1)) / v
        total = total + by_power.get(j, length.field.zero) * falling
    return total
