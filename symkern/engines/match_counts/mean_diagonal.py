r"""E k(x, x) under a token law, in closed form and without any spectrum.

On the diagonal m = L, d = 1 and s = s_x = sum_t n_t^2. Under independent uniform tokens the factorial moments of
the counts are E prod_t (n_t)_{j_t} = (L)_J v^{-J}, J = sum j_t, so

    E s_x^p = sum over set partitions of p factors by their token:
              (v)_b sum_{j_1..j_b} prod_i S(2 e_i, j_i) (L)_J v^{-J},

with b blocks of sizes e_i. Where length and vocabulary are numbers, E s_x^p is instead the finite sum over the numbers of
the letters in one sequence, letter by letter: the p of a deep kernel are many and large, the values of s_x are few. It is
the independent side of the check
sum over sectors of dimension x trace(block) = E k(x, x).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial, perm
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.combinatorics import iter_partitions, partitions
from symkern.combinatorics.stirling_numbers import stirling2
from symkern.exact import RationalFunction, function_field
from symkern.kernels.algebras.match_counts import kernel_polynomial, s_x
from symkern.kernels.pipeline import Kernel
from symkern.tokens import Law

SquareSums = dict[int, Fraction]

#: Contents of one sequence, and its length, up to which the sum over them is taken.
_MOST_CONTENTS, _LONGEST = 50_000, 2000


def mean_diagonal(kernel: Kernel, length: int | sp.Expr, law: Law) -> sp.Expr:
    """E k(x, x) for x from ``law``, factored.

    >>> from symkern.abc import L, v
    >>> from symkern.kernels import embedding, uniform
    >>> mean_diagonal(embedding("alpha").mean_pool(), L, uniform(v))
    alpha*(L + v - 1)/(L*v)
    """
    known = square_sums(length, law)
    if known is None:
        return mean_by_moments(kernel, length, law, lambda p, sites: _mean_moment(p, sites, law))
    return mean_by_moments(
        kernel,
        length,
        law,
        lambda p, sites: sites.field(sum((w * q**p for q, w in known.items()), Fraction(0))),
    )


def mean_by_moments(
    kernel: Kernel,
    length: int | sp.Expr,
    law: Law,
    moment: Callable[[int, RationalFunction], RationalFunction],
) -> sp.Expr:
    """E k(x, x) from ``moment(p, L)`` = E s_x^p."""
    diagonal = kernel_polynomial(kernel).diagonal()
    symbols = {*diagonal.field.symbols[5:], CONTEXT_LENGTH, *law.parameters}
    for size in (length, law.vocabulary):
        if isinstance(size, sp.Expr):
            symbols |= size.free_symbols
    field = function_field(tuple(sorted(symbols, key=lambda t: t.name)))
    sites = field(length)
    total = field.zero
    for (p,), c in diagonal.coefficients([s_x]).items():
        total = total + c.substitute({CONTEXT_LENGTH: sites}, field) * moment(p, sites)
    return total.to_sympy()


def square_sums(length: int | sp.Expr, law: Law) -> SquareSums | None:
    """{q: probability that s_x = q} for a sequence from a mixture of independent tokens; None for other laws, a symbol, or a long sum.

    >>> from symkern.kernels import uniform
    >>> square_sums(3, uniform(2))
    {5: Fraction(3, 4), 9: Fraction(1, 4)}
    """
    vocabulary = law.vocabulary
    if law.parameters or not isinstance(length, int) or not isinstance(vocabulary, int):
        return None
    parts = law.components()
    if parts is None:
        return None
    mixed: SquareSums = {}
    for weight, p in parts:
        found = _alike(length, vocabulary) if p is None else _letter_by_letter(length, p)
        if found is None:
            return None
        for q, w in found.items():
            mixed[q] = mixed.get(q, Fraction(0)) + w * weight
    return mixed


def _alike(length: int, vocabulary: int) -> SquareSums | None:
    """Letters that are alike: the numbers of the letters are a partition of the length, its zeros left out."""
    if _partitions_within(length, min(length, vocabulary)) > _MOST_CONTENTS:
        return None
    counted: dict[int, int] = {}
    for content in iter_partitions(length, max_length=vocabulary):
        ways = factorial(length) * perm(vocabulary, len(content))
        for count, times in content.multiplicities.items():
            ways //= factorial(count) ** times * factorial(times)
        q = sum(count * count for count in content)
        counted[q] = counted.get(q, 0) + ways
    return {q: Fraction(ways, vocabulary**length) for q, ways in sorted(counted.items())}


def _partitions_within(size: int, parts: int) -> int:
    """Partitions of ``size`` into at most that many parts; a lower bound from `_MOST_CONTENTS` on."""
    if size > _LONGEST:
        return _MOST_CONTENTS + 1
    counts = [1] + [0] * size
    for part in range(1, parts + 1):
        for n in range(part, size + 1):
            counts[n] += counts[n - part]
    return counts[size]


def _letter_by_letter(length: int, probabilities: tuple[Fraction, ...]) -> SquareSums | None:
    """The probability of every s_x, letter after letter with its number n: a share of q^n / n!."""
    letters = len(probabilities)
    if length > _LONGEST or comb(length + letters - 1, letters - 1) > 4 * _MOST_CONTENTS:
        return None
    found = {(0, 0): Fraction(factorial(length))}  # (letters placed, s_x so far) -> weight
    for i, q in enumerate(probabilities):
        shares = [q**n / factorial(n) for n in range(length + 1)]
        wider: dict[tuple[int, int], Fraction] = {}
        for (placed, square), w in found.items():
            left = length - placed
            for n in range(left if i == letters - 1 else 0, left + 1):
                if shares[n]:
                    key = (placed + n, square + n * n)
                    wider[key] = wider.get(key, Fraction(0)) + w * shares[n]
        found = wider
    return {square: w for (_, square), w in sorted(found.items())}


def _mean_moment(p: int, length: RationalFunction, law: Law) -> RationalFunction:
    """E s_x^p under a law of independent tokens, or a mixture of such laws."""
    total = length.field.zero
    for weight, q in law.symbolic_components() or ():
        if q is None:
            moment = _moment(p, length, length.field(law.vocabulary))
        else:
            moment = _moment_of_letters(
                p, length, q if not law.parameters else tuple(map(length.field, q))
            )
        total = total + moment * length.field(weight)
    return total


def _moment_of_letters(
    p: int, length: RationalFunction, probabilities: tuple[Any, ...]
) -> RationalFunction:
    """E (sum_t n_t^2)^p for independent tokens: sum over exponents e_t with sum p of p!/prod e_t! E prod n_t^(2 e_t).

    ``found[j]`` gathers the coefficient of the falling factorial (L)_j, letter by letter.
    """
    found: dict[tuple[int, int], Any] = {(0, 0): Fraction(1)}  # (sum of e, J) -> coefficient
    for q in probabilities:
        wider: dict[tuple[int, int], Any] = {}
        for (used, power), c in found.items():
            for e in range(p - used + 1):
                for j in range(2 * e + 1):
                    if count := stirling2(2 * e, j):
                        key = (used + e, power + j)
                        share = c * count * q**j * Fraction(1, factorial(e))
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
