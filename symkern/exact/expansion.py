r"""What a formula would be as a quotient of expanded polynomials: bounds of terms, degrees and digits, without expanding it.

    (1 + L + v)^1000          one line of text, half a million terms with numbers of up to 1600 bits

A sum of fractions is put over the product of their denominators, each different one once. The terms of a polynomial are at most those that
sums, products and powers make, and at most the product of (degree + 1) over the symbols.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, prod

import sympy as sp

_HUGE = 1 << 64
_APART = 8  # different denominators of which each is left out for its own fractions
_POWER = 1000  # of an exponential; what is beyond is a symbol of its own, and refused where it is worked with


@dataclass(frozen=True)
class _Polynomial:
    """Bounds: ``terms``, ``bits`` of a coefficient, ``degrees`` in the symbols."""

    terms: int
    bits: int
    degrees: tuple[tuple[sp.Expr, int], ...] = ()

    def times(self, other: _Polynomial) -> _Polynomial:
        degrees = dict(self.degrees)
        for t, d in other.degrees:
            degrees[t] = degrees.get(t, 0) + d
        fewer = min(self.terms, other.terms)
        return _made(
            self.terms * other.terms, self.bits + other.bits + fewer.bit_length() - 1, degrees
        )

    def to(self, n: int) -> _Polynomial:
        degrees = {t: n * d for t, d in self.degrees}
        many = self.terms > 1000 or n > 10**6
        terms = (
            1 if self.terms == 1 else _HUGE if many else comb(n + self.terms - 1, self.terms - 1)
        )
        return _made(terms, n * (self.bits + self.terms.bit_length() - 1), degrees)


_ONE = _Polynomial(1, 1)


def _made(terms: int, bits: int, degrees: dict[sp.Expr, int]) -> _Polynomial:
    dense = prod(d + 1 for d in degrees.values())
    return _Polynomial(min(terms, dense, _HUGE), bits, tuple(degrees.items()))


def _plus(parts: Iterable[_Polynomial]) -> _Polynomial:
    degrees: dict[sp.Expr, int] = {}
    terms = bits = count = 0
    for part in parts:
        terms, bits, count = terms + part.terms, max(bits, part.bits), count + 1
        for t, d in part.degrees:
            degrees[t] = max(d, degrees.get(t, 0))
    return _made(terms, bits + count.bit_length(), degrees)


def expansion_bits(formula: sp.Expr) -> int:
    """At most so many bits have all coefficients of numerator and denominator together; at least the largest degree.

    Roots and exponentials count as symbols of their own, e^19 as a power of e.

    >>> from symkern.abc import L, v
    >>> expansion_bits(L + 1), expansion_bits((L + v + 1) ** 1000) > 10**9
    (8, True)
    >>> expansion_bits(sp.exp(2 * L) + sp.exp(L))
    8
    """
    top, bottom, _ = _bounds(formula)
    most = max((d for p in (top, bottom) for _, d in p.degrees), default=0)
    return max(most, top.terms * top.bits + bottom.terms * bottom.bits)


#: What tells a denominator from another one: its factors with their powers.
_Key = tuple[tuple[sp.Expr, int], ...]


def _bounds(e: sp.Expr) -> tuple[_Polynomial, _Polynomial, _Key]:
    """Numerator and denominator, and what tells the denominator."""
    if isinstance(e, sp.Rational):
        under = _Polynomial(1, int(e.q).bit_length())
        return _Polynomial(1, int(e.p).bit_length()), under, ((e, 1),) if e.q != 1 else ()
    if isinstance(e, sp.Mul):
        top = bottom = _ONE
        key: _Key = ()
        for factor in e.args:
            over, under, own = _bounds(factor)
            top, bottom, key = top.times(over), bottom.times(under), key + own
        return top, bottom, key
    if isinstance(e, sp.Pow) and e.exp.is_Integer:
        over, under, own = _bounds(e.base)
        n = int(e.exp)
        if n >= 0:
            return over.to(n), under.to(n), tuple((t, n * k) for t, k in own)
        return under.to(-n), over.to(-n), ((e.base, -n),)
    if isinstance(e, sp.Add):
        parts = [_bounds(term) for term in e.args]
        different = {key: under for _, under, key in parts}
        common = _ONE
        for under in different.values():
            common = common.times(under)
        if len(different) > _APART:  # each over all of them, its own included
            tops = [over.times(common) for over, _, _ in parts]
        else:
            tops = []
            for over, _, key in parts:
                for other, under in different.items():
                    over = over if other == key else over.times(under)
                tops.append(over)
        return _plus(tops), common, tuple(factor for key in different for factor in key)
    if isinstance(e, sp.exp):
        times, rest = e.args[0].as_coeff_Mul()
        if times.is_Integer and 1 < times <= _POWER:
            return _Polynomial(1, 1, ((sp.exp(rest), int(times)),)), _ONE, ()
    return _Polynomial(1, 1, ((e, 1),)), _ONE, ()
