r"""Sequences with a linear recurrence, and their formulas: sums over roots of polynomials times powers.

A sequence u over a field K with u_(i+r) = c_1 u_(i+r-1) + ... + c_r u_i for all i >= 0 has the characteristic polynomial x^r - c_1 x^(r-1) - ... - c_r = x^m prod_f f(x)^(m_f), the f irreducible over K,
and for i >= m

    u_i = sum_f sum_{j < m_f} binom(i, j) sum_{f(z) = 0} q_fj(z) z^i,      q_fj a polynomial over K of degree below that of f.

The inner sums lie in K, being traces; they are sums of power sums p_e = sum_{f(z) = 0} z^e, so that the q_fj solve a linear system over K and no root is ever needed.
A formula writes roots of degree one as they are, of two with square roots, complex ones as r^i cos(i t), and those of higher degree as SymPy's ``RootSum``.

The shortest recurrence of a sequence that has one of order r at most is that of its first 2 r terms: Massey, Shift-register synthesis and BCH decoding (1969).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import sympy as sp

from symkern.abc import x
from symkern.exact.row_reduction import eliminate
from symkern.limits import check_time

#: An element of a field: Fraction or RationalFunction.
Element = Any


def shortest_recurrence(terms: Sequence[Element], one: Element) -> list[Element]:
    """c_1, ..., c_r with u_i = c_1 u_(i-1) + ... + c_r u_(i-r) for all r <= i < len(terms), r least, by Berlekamp and Massey's algorithm.

    It is the shortest of the whole sequence where that has one of at most half as many terms as are given.

    Args:
        terms: u_0, u_1, ..., elements of a field.
        one: the unit of the field.

    >>> from fractions import Fraction
    >>> shortest_recurrence([0, 1, 1, 2, 3, 5, 8, 13], Fraction(1))
    [Fraction(1, 1), Fraction(1, 1)]
    """
    zero = one - one
    connection, before = [one], [one]
    size, shift, last = 0, 1, one
    for i in range(len(terms)):
        check_time()
        gap = sum((connection[j] * terms[i - j] for j in range(min(size, len(connection) - 1) + 1)), zero)  # fmt: skip
        if not gap:
            shift += 1
            continue
        old, factor = list(connection), gap / last
        connection += [zero] * (len(before) + shift - len(connection))
        for j, c in enumerate(before):
            connection[j + shift] = connection[j + shift] - factor * c
        if 2 * size <= i:
            size, before, last, shift = i + 1 - size, old, gap, 1
        else:
            shift += 1
    connection += [zero] * (size + 1 - len(connection))
    return [-c for c in connection[1 : size + 1]]


@dataclass(frozen=True)
class Recurrent:
    """A sequence by its characteristic polynomial and its first terms.

    Args:
        zeros: how often 0 is a root, and so how many terms precede the formula.
        factors: (f, m_f) for each other irreducible factor; f without its leading coefficient 1, from the constant term up.
        terms: u_0, u_1, ..., as many as the recurrence is long.
    """

    zeros: int
    factors: tuple[tuple[tuple[Element, ...], int], ...]
    terms: tuple[Element, ...]

    def weights(self) -> list[list[list[Element]]]:
        """The coefficients of q_fj: for each factor, for each j, from the constant term up."""
        begin, order = self.zeros, len(self.terms)
        places = [(f, j, k) for f, times in self.factors for j in range(times) for k in range(len(f))]  # fmt: skip
        sums = {f: _power_sums(f, order + len(f)) for f, _ in self.factors}
        rows = []
        for i in range(begin, order):
            check_time()
            rows.append([*(comb(i, j) * sums[f][i + k] for f, j, k in places), self.terms[i]])  # fmt: skip
        eliminate(rows, len(places))
        solved = iter([row[-1] for row in rows])
        return [[[next(solved) for _ in f] for _ in range(times)] for f, times in self.factors]

    def formula(self, size: sp.Expr, written: Callable[[Element], sp.Expr]) -> sp.Expr:
        """u as a formula in ``size``, which stands for i, from i = ``zeros`` on; ``written`` writes an element of the field."""
        found = sp.S.Zero
        for (f, _), weights in zip(self.factors, self.weights(), strict=True):
            factor = [written(c) for c in f]
            kept: list[sp.Expr] = []  # the coefficients of z^k, polynomials in the place
            for k in range(len(f)):
                parts = [written(row[k]) * sp.ff(size, j) / sp.factorial(j) for j, row in enumerate(weights)]  # fmt: skip
                kept.append(_tidy(sp.Add(*parts), size))
            found += _summed(factor, kept, size)
        return found


def _summed(factor: list[sp.Expr], kept: list[sp.Expr], size: sp.Expr) -> sp.Expr:
    """sum_{f(z) = 0} q(z) z^i of a monic irreducible f."""
    if len(factor) == 1:
        return kept[0] * (-factor[0]) ** size
    if len(factor) > 2:
        polynomial = x ** len(factor) + sum(c * x**k for k, c in enumerate(factor))
        weight = sum(c * x**k for k, c in enumerate(kept))
        return sp.RootSum(polynomial, sp.Lambda(x, weight * x**size), x)
    norm, trace = factor[0], -factor[1]
    half = trace / 2
    square = sp.factor(half**2 - norm)
    # q(z) at the roots half +- root is even +- odd root
    even, odd = (_tidy(e, size) for e in (kept[0] + kept[1] * half, kept[1]))
    if square.is_negative:
        root = sp.sqrt(-square)
        turn = sp.acos(half / sp.sqrt(norm))
        wave = _tidy(2 * even, size) * sp.cos(turn * size) - _tidy(2 * odd * root, size) * sp.sin(turn * size)  # fmt: skip
        return norm ** (size / 2) * wave
    root = sp.sqrt(square)
    return sp.Add(*((even + s * _tidy(odd * root, size)) * (half + s * root) ** size for s in (1, -1)))  # fmt: skip


def _tidy(weight: sp.Expr, size: sp.Expr) -> sp.Expr:
    """A polynomial in the place: multiplied out where its coefficients are numbers, as one fraction where they hold symbols."""
    return sp.factor(weight) if weight.free_symbols - {size} else sp.expand(weight)


def _power_sums(factor: Sequence[Element], count: int) -> list[Element]:
    """p_0, ..., p_count of the roots of a monic polynomial, by Newton's identities."""
    degree = len(factor)
    one = _unit(factor)
    found = [one * degree]
    for e in range(1, count + 1):
        total = one - one
        for k in range(1, min(e, degree + 1)):
            total = total - factor[degree - k] * found[e - k]
        if e <= degree:
            total = total - factor[degree - e] * e
        found.append(total)
    return found


def _unit(factor: Sequence[Element]) -> Element:
    """The 1 of the field of a polynomial's coefficients, of which the constant one is not 0."""
    return factor[0] / factor[0]


def recurrent(
    terms: Sequence[Element],
    one: Element,
    read: Callable[[sp.Expr], Element],
    written: Callable[[Element], sp.Expr],
) -> Recurrent:
    """A sequence by its first terms, twice as many at least as its recurrence is long.

    Args:
        terms: u_0, u_1, ..., elements of a field.
        one: the unit of the field.
        read: an element from a formula.
        written: a formula of an element.

    >>> from fractions import Fraction
    >>> from symkern.abc import n
    >>> found = recurrent([0, 1, 1, 2, 3, 5, 8, 13], Fraction(1), Fraction, lambda q: sp.Rational(q.numerator, q.denominator))
    >>> found.formula(n, lambda q: sp.Rational(q.numerator, q.denominator))
    -sqrt(5)*(1/2 - sqrt(5)/2)**n/5 + sqrt(5)*(1/2 + sqrt(5)/2)**n/5
    """
    steps = shortest_recurrence(terms, one)
    order = len(steps)
    z = sp.Dummy("z")
    powers = z**order - sum(written(c) * z ** (order - i) for i, c in enumerate(steps, 1))
    zeros, factors = 0, []
    for factor, times in sp.factor_list(powers, z)[1]:
        monic = sp.Poly(factor, z).monic()
        if monic.degree() == 0:
            continue
        if monic.degree() == 1 and monic.eval(0) == 0:
            zeros = times
            continue
        coefficients = [read(sp.cancel(c)) for c in reversed(monic.all_coeffs()[1:])]
        factors.append((tuple(coefficients), times))
    return Recurrent(zeros, tuple(factors), tuple(terms[:order]))
