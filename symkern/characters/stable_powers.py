r"""Powers of character polynomials, for all S_n at once: Adams operations, symmetric, exterior and Schur powers.

A cycle of length m of g falls into gcd(m, k) cycles of length m/gcd(m, k) of g^k, so that psi^k sends

    X_j -> sum over d dividing k with gcd(j d, k) = d of d X_(jd),

and s_nu[P] = sum over rho of chi^nu(rho)/z_rho prod psi^(rho_i) P as in `symkern.characters.powers`. With P = X_1 this restricts the irrep nu of GL_n to S_n.

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I.8; Assaf and Speyer, *Specht modules decompose as alternating sums of restrictions of
Schur modules*, Proc. AMS 148 (2020).
"""

from __future__ import annotations

from math import gcd
from typing import Any

import sympy as sp
from sympy import divisors

from symkern.abc import cycle_count
from symkern.characters.character_polynomial import CharacterPolynomial
from symkern.characters.murnaghan_nakayama import character
from symkern.combinatorics.generation import iter_partitions, require_partitions
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidType
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer


def adams_polynomial(polynomial: CharacterPolynomial, k: int) -> CharacterPolynomial:
    """psi^k P: g -> P(g^k).

    Args:
        polynomial: the character polynomial.
        k: at least 1.

    >>> adams_polynomial(CharacterPolynomial("X1"), 2), adams_polynomial(CharacterPolynomial("X2"), 2)
    (CharacterPolynomial('X1 + 2*X2'), CharacterPolynomial('2*X4'))
    """
    _require(polynomial)
    exponent = read_integer(k, "k", minimum=1, maximum=current().group_size)
    replaced: dict[Any, Any] = {}
    for j in range(1, max(polynomial.degree, 0) + 1):
        kept = (d for d in divisors(exponent) if gcd(j * d, exponent) == d)
        replaced[cycle_count(j)] = sp.Add(*(d * cycle_count(j * d) for d in kept))
    expression = polynomial.expression.subs(replaced, simultaneous=True)
    return CharacterPolynomial(sp.expand(expression), polynomial.threshold)


def schur_power_polynomial(
    polynomial: CharacterPolynomial, nu: PartitionLike
) -> CharacterPolynomial:
    """s_nu[P]: the part of the |nu|-fold tensor power that the symmetric group of the factors sees as S^nu, for all n from the threshold of P on.

    Args:
        polynomial: the character polynomial.
        nu: a partition of the number of factors.

    >>> power = schur_power_polynomial(CharacterPolynomial("X1"), (1, 1))
    >>> power, print(power.decompose())
    {1: 1, 1,1: 1} for n >= 3
    (CharacterPolynomial('X1**2/2 - X1/2 - X2'), None)
    """
    _require(polynomial)
    shape = Partition.read(nu, "nu")
    require_partitions(shape.size)
    with within_time("this power", "a smaller nu takes less"):
        powers = {}
        for k in range(1, shape.size + 1):
            check_time()
            powers[k] = adams_polynomial(polynomial, k)
        total = CharacterPolynomial(0, polynomial.threshold)
        for rho in iter_partitions(shape.size):
            check_time()
            value = character(shape, rho)
            if value:
                term = CharacterPolynomial(
                    sp.Rational(value, rho.centraliser_order), polynomial.threshold
                )
                for part in rho:
                    term = term * powers[part]
                total = total + term
    return total


def symmetric_power_polynomial(polynomial: CharacterPolynomial, k: int) -> CharacterPolynomial:
    """Sym^k: the Schur power of one row.

    Args:
        polynomial: the character polynomial.
        k: at least 0.

    >>> symmetric_power_polynomial(CharacterPolynomial("X1"), 2).expectation()
    2
    """
    size = read_integer(k, "k", maximum=current().group_size)
    return schur_power_polynomial(polynomial, (size,) if size else ())


def exterior_power_polynomial(polynomial: CharacterPolynomial, k: int) -> CharacterPolynomial:
    """Lambda^k: the Schur power of one column.

    Args:
        polynomial: the character polynomial.
        k: at least 0.

    >>> exterior_power_polynomial(CharacterPolynomial.irreducible((1,)), 2) == CharacterPolynomial.irreducible((1, 1))
    True
    """
    size = read_integer(k, "k", maximum=current().listed_positions)
    return schur_power_polynomial(polynomial, (1,) * size)


def _require(polynomial: object) -> None:
    if not isinstance(polynomial, CharacterPolynomial):
        raise InvalidType("polynomial", "must be a CharacterPolynomial", polynomial)
