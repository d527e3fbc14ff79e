"""Roots in formulas: sqrt(2) sqrt(n)/sqrt(pi) is one root, sqrt(2 n/pi).

sqrt(a) sqrt(b) is sqrt(a b) where a or b is not negative, and sqrt(a)/sqrt(b) is sqrt(a/b) where b is positive. So a radicand whose sign is not
seen from its names joins at most one root, and stands above. What is joined is the notation: values keep the form they are computed in.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from symkern.typeset.nodes import Call, Name, Node, Power, Product, Root, Sum
from symkern.typeset.order_of_names import factor_rank


def joined_roots(product: Product) -> Product:
    """The same product with the roots of one degree joined, everywhere in it.

    >>> import sympy as sp
    >>> from symkern.abc import L, n
    >>> from symkern.typeset import formula_text
    >>> print(formula_text(sp.sqrt(6) * sp.sqrt(n) * sp.sqrt(L - 3) / (sp.sqrt(5) * sp.sqrt(L))))
    sqrt(30*n*(L - 3)/L)/5
    """
    coefficient, factors = product.coefficient, [(_inside(node), e) for node, e in product.factors]
    for exponent in (1, -1):
        for degree in {node.degree for node, e in factors if isinstance(node, Root)}:
            times, factors = _joined(factors, degree, exponent)
            coefficient *= times
    for degree in {node.degree for node, e in factors if isinstance(node, Root)}:
        factors = _one_over_the_other(factors, degree)
    return Product(coefficient, tuple(factors))


def _inside(node: Node) -> Node:
    match node:
        case Sum(terms):
            return Sum(tuple(map(joined_roots, terms)))
        case Root(radicand, degree):
            return Root(joined_roots(radicand), degree)
        case Call(function, arguments):
            return Call(function, tuple(map(joined_roots, arguments)))
        case Power(base, exponent):
            return Power(joined_roots(base), joined_roots(exponent))
    return node


def _joined(
    factors: list[tuple[Node, int]], degree: int, exponent: int
) -> tuple[Fraction, list[tuple[Node, int]]]:
    """What leaves the roots of this degree and exponent, and the factors with these joined into the last of them."""
    roots = [node for node, e in factors if isinstance(node, Root) and (node.degree, e) == (degree, exponent)]  # fmt: skip
    known = [root for root in roots if not _may_be_negative(root.radicand)]
    chosen = known + [root for root in roots if root not in known][:1]
    if len(chosen) < 2:
        return Fraction(1), factors
    times, radicand, merged = 1, Product(Fraction(1), ()), []
    for root in chosen:
        found = _product_of(radicand, root.radicand, degree)
        if found is not None:
            times, radicand = times * found[0], found[1]
            merged.append(root)
    if len(merged) < 2:
        return Fraction(1), factors
    kept: list[tuple[Node, int]] = []
    for node, e in factors:
        if node not in merged or e != exponent:
            kept.append((node, e))
        elif node == merged[-1]:
            kept.append((Root(radicand, degree), exponent))
    kept = sorted(kept, key=lambda factor: factor_rank(factor)[0])
    return Fraction(times) ** exponent, kept


def _one_over_the_other(factors: list[tuple[Node, int]], degree: int) -> list[tuple[Node, int]]:
    """The factors with the only root above and the only one below as the root of a quotient; 1/sqrt(n) stays."""
    found = {e: node for node, e in factors if isinstance(node, Root) and node.degree == degree}
    alone = sum(isinstance(node, Root) and node.degree == degree for node, _ in factors) == 2
    above, below = found.get(1), found.get(-1)
    if not (alone and above and below) or _may_be_negative(below.radicand):
        return factors
    top, bottom = above.radicand, below.radicand
    if {node for node, _ in top.factors} & {node for node, _ in bottom.factors}:
        return factors
    under = tuple((node, -e) for node, e in bottom.factors)
    quotient = Product(top.coefficient / bottom.coefficient, (*top.factors, *under))
    return [(Root(quotient, degree), 1) if f == (above, 1) else f for f in factors if f != (below, -1)]  # fmt: skip


def _product_of(one: Product, other: Product, degree: int) -> tuple[int, Product] | None:
    """The product of two radicands, and the number that leaves their square root; None where they share a factor other than a number."""
    if {node for node, _ in one.factors} & {node for node, _ in other.factors}:
        return None
    left, right, times = one.coefficient, other.coefficient, 1
    if degree == 2 and left.denominator == right.denominator == 1:
        times = gcd(left.numerator, right.numerator)  # each is free of squares, or is left whole
        left, right = left / times, right / times
    factors = sorted((*one.factors, *other.factors), key=factor_rank)
    return times, Product(left * right, tuple(factors))


def _may_be_negative(product: Product) -> bool:
    """Whether positive names alone do not show that a product is not negative."""
    return product.coefficient < 0 or any(e % 2 and _unsigned(node) for node, e in product.factors)


def _unsigned(node: Node) -> bool:
    match node:
        case Name(symbol):
            return not symbol.is_nonnegative
        case Root(radicand, _):
            return _may_be_negative(radicand)
        case Call(function, arguments):
            return function != "exp" or not all(map(_is_real, arguments))
        case Power(base, exponent):
            return _may_be_negative(base) or not _is_real(exponent)
        case Sum(terms):
            return any(map(_may_be_negative, terms)) and not _is_predecessor(terms)


def _is_real(product: Product) -> bool:
    return all(
        (isinstance(node, Name) and bool(node.symbol.is_real))
        or (isinstance(node, Sum) and all(map(_is_real, node.terms)))
        or not _unsigned(node)
        for node, _ in product.factors
    )


def _is_predecessor(terms: tuple[Product, ...]) -> bool:
    """n - 1 of a natural number n >= 1."""
    match terms:
        case (Product(coefficient, ((Name(symbol), 1),)), Product(last, ())):
            return coefficient >= -last > 0 and bool(symbol.is_integer and symbol.is_positive)
    return False
