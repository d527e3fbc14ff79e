"""Which sign a factor is written with: 2 gamma (1 - gamma) and not -2 gamma (gamma - 1).

A polynomial in probabilities p, q and lam is written so that it is positive for them (`symkern.typeset.probability_signs`). Of other factors with
letters, such as gamma, which may be a probability in a law of tokens too, those are turned that leave the fewest minus signs, the one before the
product among them; of forms with equally many the one with 1 - gamma stands before that with gamma - 1. Sums in sizes and cycle counts alone keep
the sign of their leading term, -L (L - 1) and -X4 (X1 - 1): what stands before them is then the sign of the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from symkern.typeset.nodes import Name, Node, Product, Root, Sum
from symkern.typeset.order_of_names import is_size
from symkern.typeset.probability_signs import generic_probability, is_turned

Terms = Mapping[tuple[int, ...], Any]


def turned_factors(
    factors: Sequence[tuple[Terms, int]], symbols: Sequence[sp.Expr], negative: bool
) -> list[bool]:
    """For each factor of a product, a polynomial and its exponent, whether it is written with the opposite sign.

    Args:
        factors: the polynomials by their exponents of the symbols, with exponents of their own; single terms are never turned.
        symbols: of the polynomials.
        negative: whether a minus stands before the product.

    >>> from symkern.abc import gamma
    >>> one = {(1,): 1, (0,): -1}
    >>> turned_factors([(one, 1)], [gamma], True), turned_factors([(one, 1)], [gamma], False), turned_factors([(one, 2)], [gamma], False)
    ([True], [False], [True])
    """
    turns = [len(terms) > 1 and is_turned(terms, symbols) for terms, _ in factors]
    letters = [s.is_Symbol and not isinstance(s, sp.Dummy) and not is_size(s) for s in symbols]
    odd: list[int] = []
    for i, (terms, exponent) in enumerate(factors):
        if turns[i]:
            negative ^= bool(exponent % 2)
        elif len(terms) > 1 and _opens_with_minus(terms, letters):
            if exponent % 2:
                odd.append(i)
            else:
                turns[i] = True
    # A turned factor of an odd power turns the sign before the product: one for a minus there, the rest in pairs.
    for i in odd[: len(odd) - (len(odd) % 2 == 0) * negative - (len(odd) % 2) * (not negative)]:
        turns[i] = True
    return turns


def _opens_with_minus(terms: Terms, letters: Sequence[bool]) -> bool:
    """Whether it is a polynomial in letters alone with a negative constant, and half of its terms or more have a minus."""
    constant, minus = 0, 0
    for exponents, c in terms.items():
        if any(e and not letter for e, letter in zip(exponents, letters, strict=False)):
            return False
        minus += c < 0
        if not any(exponents):
            constant = c
    return constant < 0 and 2 * minus >= len(terms)


def positive_first(terms: list[Product]) -> list[Product]:
    """The same terms, opened by the first that has no minus sign."""
    start = next((i for i, t in enumerate(terms) if t.coefficient > 0), 0)
    return [terms[start], *terms[:start], *terms[start + 1 :]]


def sign_inside(product: Product) -> Product:
    """(2 - L)/3 rather than -(L - 2)/3, where the sum is all of the numerator or holds a root, and w (beta - alpha) rather than -w (alpha - beta)."""
    if product.coefficient >= 0:
        return product
    for place, (node, exponent) in enumerate(product.factors):
        if not exponent % 2 or not isinstance(node, Sum):
            continue
        if all(term.coefficient > 0 for term in node.terms):
            continue
        alone = exponent == 1 and len(product.above) == 1
        rooted = exponent == 1 and any(_has_root(term) for term in node.terms)
        if not (alone or rooted or (_has_letter(node) and _saves_signs(node))):
            continue
        turned = [Product(-term.coefficient, term.factors) for term in node.terms]
        flipped = Sum(tuple(positive_first(turned)))
        factors = (*product.factors[:place], (flipped, exponent), *product.factors[place + 1 :])
        return Product(-product.coefficient, factors)
    return product


def _saves_signs(node: Sum) -> bool:
    """Whether a sum has no more minus signs when it is turned."""
    return 2 * sum(term.coefficient < 0 for term in node.terms) >= len(node.terms)


def _has_letter(node: Node) -> bool:
    """Whether a letter stands in it that is no probability, for which the sign is already chosen."""
    match node:
        case Name(symbol):
            return symbol.is_Symbol and not is_size(symbol) and generic_probability(symbol) is None
        case Sum(terms):
            return any(_has_letter(inner) for term in terms for inner, _ in term.factors)
    return False


def _has_root(term: Product) -> bool:
    return any(isinstance(node, Root) for node, _ in term.factors)
