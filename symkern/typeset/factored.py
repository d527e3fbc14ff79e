"""Rational functions as products of powers of polynomials, without expanding what stands factored.

An expression in given generators becomes a rational coefficient times powers, positive and negative, of
primitive integer polynomials with positive leading coefficient (in the lexicographic order of the
generators): single generators, and sums that no generator divides. Products are never expanded;
sums expand only what their terms do not share. At the end each sum is factored over the rationals.

Polynomials live in SymPy's sparse rings, which are some ten times faster here than its expressions.
A polynomial that is homogeneous in the first generators (the kernels' hyperparameters) is
factored with one of them set to 1: a variable less is what makes the difference between seconds and minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

import sympy as sp
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyElement, PolyRing

from symkern.limits import current

#: Polynomials and their exponents.
Powers = dict[PolyElement, int]
_Factored = tuple[Fraction, Powers]
_FactorList = Callable[[PolyElement], tuple[int, list[tuple[PolyElement, int]]]]

#: Content and irreducible factors: SymPy's way, until a room that knows a faster one says so.
_factor_list: _FactorList = PolyElement.factor_list


def factors_by(function: _FactorList) -> None:
    """Have polynomials factored by another program, which finds the same factors sooner."""
    global _factor_list
    _factor_list = function


def polynomial_ring(generators: Sequence[sp.Symbol]) -> PolyRing:
    """The ring of integer polynomials in ``generators``, the first one leading."""
    return PolyRing(tuple(generators), sp.ZZ, lex)


def factored(expr: sp.Expr, ring: PolyRing) -> _Factored:
    """Coefficient and irreducible factors of a rational function in the ring's generators.

    >>> from symkern.abc import L, alpha
    >>> ring = polynomial_ring([alpha, L])
    >>> factored((alpha**2 - L**2) / (2 * L * alpha + 2 * L**2), ring)
    (Fraction(1, 2), {L: -1, alpha - L: 1})
    """
    coefficient, powers = _read(expr, ring)
    result: Powers = {}
    for base, exponent in powers.items():
        content, factors = factor_polynomial(base)
        coefficient *= Fraction(content) ** exponent
        multiply_into(result, factors, exponent)
    # What is too long to factor may still hold a factor of the denominator.
    for base, exponent in list(result.items()):
        if exponent < 0 and len(base) > 1:
            long = {p: e for p, e in result.items() if e == 1 and _is_whole(p)}
            rest, cancelled = _divided(long, base, -exponent)
            if cancelled:
                multiply_into(result, long, -1)
                multiply_into(result, rest, 1)
                multiply_into(result, {base: cancelled}, 1)
    return coefficient, result


def _read(expr: sp.Expr, ring: PolyRing) -> _Factored:
    if expr.is_Rational:
        return Fraction(int(expr.p), int(expr.q)), {}
    if expr.is_Symbol:
        return Fraction(1), {ring.gens[ring.symbols.index(expr)]: 1}
    if expr.is_Mul:
        coefficient = Fraction(1)
        powers: Powers = {}
        for factor in expr.args:
            scale, more = _read(factor, ring)
            coefficient *= scale
            multiply_into(powers, more, 1)
        return coefficient, powers
    if expr.is_Pow:
        coefficient, powers = _read(expr.base, ring)
        exponent = int(expr.exp)
        return coefficient**exponent, {base: e * exponent for base, e in powers.items()}
    return _sum([_read(term, ring) for term in expr.args], ring)


def _sum(terms: Iterable[_Factored], ring: PolyRing) -> _Factored:
    """The sum: what the terms share stays factored, the rest is expanded and added."""
    present = [term for term in terms if term[0]]
    if not present:
        return Fraction(0), {}
    bases = {base for _, powers in present for base in powers}
    shared = {base: min(powers.get(base, 0) for _, powers in present) for base in bases}
    denominator = reduce(lcm, (c.denominator for c, _ in present))
    total = ring.zero
    for coefficient, powers in present:
        product = ring.ground_new(int(coefficient * denominator))
        for base in bases:
            exponent = powers.get(base, 0) - shared[base]
            if exponent:
                product = product * base**exponent
        total = total + product
    if not total:
        return Fraction(0), {}
    content, powers = primitive(total)
    for base, exponent in shared.items():
        if exponent < 0 and len(base) > 1:
            powers, cancelled = _divided(powers, base, -exponent)
            shared[base] += cancelled
    multiply_into(powers, shared, 1)
    return Fraction(content, denominator), powers


def _divided(powers: Powers, base: PolyElement, most: int) -> tuple[Powers, int]:
    """Cancel ``base`` against the sum among ``powers``, at most ``most`` times."""
    result, count = dict(powers), 0
    for polynomial in powers:
        rest = polynomial
        while count < most and len(rest) > 1 and _may_divide(base, rest):
            (quotient,), remainder = rest.div([base])
            if remainder:
                break
            rest, count = quotient, count + 1
        if rest is not polynomial:
            del result[polynomial]
            content, more = primitive(rest)
            assert content == 1  # a quotient of primitive polynomials with positive leading terms
            multiply_into(result, more, 1)
    return result, count


def _may_divide(base: PolyElement, polynomial: PolyElement) -> bool:
    return all(a <= b for a, b in zip(base.degrees(), polynomial.degrees()))


def multiply_into(powers: Powers, more: Powers, exponent: int) -> None:
    """Multiply the product ``powers``, in place, by ``more`` to the power ``exponent``."""
    for base, e in more.items():
        total = powers.get(base, 0) + e * exponent
        if total:
            powers[base] = total
        else:
            powers.pop(base, None)


def primitive(polynomial: PolyElement) -> tuple[int, Powers]:
    """A nonzero polynomial as integer content, powers of generators, and at most one sum."""
    ring = polynomial.ring
    monomials = list(polynomial)
    shared = tuple(map(min, zip(*monomials)))
    content = reduce(gcd, (int(c) for c in polynomial.values()), 0)
    if polynomial.LC < 0:
        content = -content
    rest = ring.from_dict(
        {
            tuple(a - b for a, b in zip(monomial, shared)): ring.domain(int(c) // content)
            for monomial, c in polynomial.items()
        }
    )
    powers = {g: e for g, e in zip(ring.gens, shared) if e}
    if len(rest) > 1:
        powers[rest] = 1
    return content, powers


def factor_polynomial(base: PolyElement) -> tuple[int, Powers]:
    """Irreducible factors of a primitive polynomial, each with a positive leading coefficient.

    One of too many terms, or of too long numbers, stays whole.
    """
    if len(base) == 1 or _is_whole(base):
        return 1, {base: 1}
    block = _homogeneous_block(base)
    if not block:
        content, factors = _factor_list(base)
        return _positive(int(content), factors)
    ring = base.ring
    first = block[0]
    small = ring.from_dict({(*m[:first], 0, *m[first + 1 :]): c for m, c in base.items()})
    content, factors = _factor_list(small)
    return _positive(int(content), [(_homogenised(f, block), e) for f, e in factors])


def _is_whole(polynomial: PolyElement) -> bool:
    """Whether its factors take too long to find."""
    limits = current()
    return len(polynomial) > limits.factored_terms or any(
        int(c).bit_length() > limits.coefficient_bits for c in polynomial.values()
    )


def _positive(content: int, factors: Iterable[tuple[PolyElement, int]]) -> tuple[int, Powers]:
    powers: Powers = {}
    for factor, exponent in factors:
        if factor.LC < 0:
            factor, content = -factor, content * (-1) ** exponent
        multiply_into(powers, {factor: 1}, exponent)
    return content, powers


def _homogeneous_block(polynomial: PolyElement) -> range:
    """The longest run of first generators, two at least, in which the polynomial is homogeneous."""
    monomials = list(polynomial)
    for size in range(len(polynomial.ring.gens), 1, -1):
        used = [i for i in range(size) if any(m[i] for m in monomials)]
        if len(used) > 1 and len({sum(m[:size]) for m in monomials}) == 1:
            return range(used[0], size)
    return range(0)


def _homogenised(polynomial: PolyElement, block: range) -> PolyElement:
    degree = max(sum(m[i] for i in block) for m in polynomial)
    first = block[0]
    return polynomial.ring.from_dict(
        {
            (*m[:first], degree - sum(m[i] for i in block), *m[first + 1 :]): c
            for m, c in polynomial.items()
        }
    )
