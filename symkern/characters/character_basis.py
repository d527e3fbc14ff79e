r"""The irreducible character basis of the symmetric functions: what the irreps of S_n are in the ring of characters of GL_n.

A symmetric function is evaluated on a permutation at the eigenvalues of its matrix, p_k -> sum over d | k of d X_d, X_d the number of d-cycles. The basis
st_lam is the one with

    st_lam(eigenvalues of g) = chi^(lam[n])(g)   for all n >= |lam| + lam_1,

so it is the character polynomial q_lam (`symkern.characters.character_polynomial`) with X_k = (1/k) sum over d | k of moebius(k/d) p_d. The
coefficients of s_lam in it are the multiplicities of the irreps lam[n] of S_n in the restriction of the polynomial irrep of GL_n, for all large n.

Source: Orellana and Zabrocki, *Symmetric group characters as symmetric functions*, Adv. Math. 390 (2021); Assaf and Speyer,
*Specht modules decompose as alternating sums of restrictions of Schur modules*, Proc. AMS 148 (2020).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy import divisors

from symkern.abc import cycle_count
from symkern.characters.character_polynomial import CharacterPolynomial
from symkern.characters.scalars import normal, public, read_scalar
from symkern.characters.symmetric_bases import Terms, add_to, by_degree, cleaned
from symkern.combinatorics.partition import Partition
from symkern.limits import check_time


def characters_to_power(terms: Terms) -> Terms:
    """An element in the irreducible character basis, written in power sums.

    >>> characters_to_power({Partition(1): 1})
    {Partition(1): 1, Partition(): -1}
    """
    found: Terms = {}
    for lam, c in terms.items():
        for mu, d in _irreducible(lam):
            add_to(found, mu, c * d)
    return cleaned(by_degree(found))


def power_to_characters(terms: Terms) -> Terms:
    """An element in power sums, written in the irreducible character basis.

    >>> power_to_characters({Partition(1, 1): 1})
    {Partition(2): 1, Partition(1, 1): 1, Partition(1): 3, Partition(): 2}
    """
    found = power_to_polynomial(terms).decompose()
    return cleaned(by_degree({mu: read_scalar(c, "coefficient") for mu, c in found.items()}))


def power_to_polynomial(terms: Terms) -> CharacterPolynomial:
    """The values on permutations, as a polynomial in X1, X2, ...

    >>> power_to_polynomial({Partition(2): 1})
    CharacterPolynomial('X1 + 2*X2')
    """
    sums: dict[int, Any] = {}
    parts = []
    for mu, c in terms.items():
        check_time()
        for k in mu:
            if k not in sums:
                sums[k] = sp.Add(*(d * cycle_count(d) for d in divisors(k)))
        parts.append(sp.Mul(public(c), *(sums[k] for k in mu)))
    return CharacterPolynomial(sp.expand(sp.Add(*parts)))


@lru_cache(maxsize=256)
def _irreducible(lam: Partition) -> tuple[tuple[Partition, Any], ...]:
    """st_lam in power sums."""
    expression = CharacterPolynomial.irreducible(lam).expression
    count = lam.size
    symbols = [cycle_count(k) for k in range(1, count + 1)]
    if not symbols:
        return ((Partition(), 1),)
    found: Terms = {}
    for exponents, c in expression.as_poly(*symbols).terms():
        product: Terms = {Partition(): Fraction(int(c.p), int(c.q))}
        for k, e in enumerate(exponents, 1):
            for _ in range(e):
                check_time()
                following: Terms = {}
                for mu, a in product.items():
                    for d in divisors(k):
                        sign = int(sp.mobius(k // d))
                        if sign:
                            add_to(following, mu.union((d,)), a * Fraction(sign, k))
                product = following
        for mu, a in product.items():
            add_to(found, mu, a)
    return tuple((mu, value) for mu, a in found.items() if (value := normal(a)) != 0)
