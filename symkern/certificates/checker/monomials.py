"""Formulas written out as sums of monomials, and as quotients of two such sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .claimed_formulas import shortened
from .verdicts import CannotCheck, spend


def as_ratio(tree: Any) -> tuple[Monomials, Monomials]:
    """Numerator and denominator, not reduced."""
    kind = tree[0]
    if kind == "sum":
        above: Monomials = {}
        below: Monomials = {(): Fraction(1)}
        for sign, term in tree[1]:
            a, b = as_ratio(term)
            left, right = multiplied(above, b), multiplied(a, below)
            above = dict(left)
            for key, c in right.items():
                above[key] = above.get(key, Fraction(0)) + sign * c
            above = {key: c for key, c in above.items() if c}
            below = multiplied(below, b) if b != {(): 1} else below
        return above, below
    if kind == "product":
        above, below = {(): Fraction(1)}, {(): Fraction(1)}
        for sign, factor in tree[1]:
            a, b = as_ratio(factor)
            above, below = (
                multiplied(above, a if sign > 0 else b),
                multiplied(below, b if sign > 0 else a),
            )
        return above, below
    if kind == "power":
        a, b = as_ratio(tree[1])
        if abs(tree[2]) > 60:
            raise CannotCheck("not checkable within the budget: a high power")
        above, below = {(): Fraction(1)}, {(): Fraction(1)}
        for _ in range(abs(tree[2])):
            above, below = multiplied(above, a), multiplied(below, b)
        return (above, below) if tree[2] >= 0 else (below, above)
    return expand(tree), {(): Fraction(1)}


Monomials = dict[tuple[tuple[str, int], ...], Fraction]


def expand(tree: Any) -> Monomials:
    """A polynomial written out; divisions by numbers only."""
    kind = tree[0]
    if kind == "number":
        return {(): tree[1]} if tree[1] else {}
    if kind == "name":
        return {((tree[1], 1),): Fraction(1)}
    if kind == "sum":
        total: Monomials = {}
        for sign, term in tree[1]:
            for key, c in expand(term).items():
                total[key] = total.get(key, 0) + sign * c
        return {key: c for key, c in total.items() if c}
    if kind == "product":
        result: Monomials = {(): Fraction(1)}
        for sign, factor in tree[1]:
            found = expand(factor)
            if sign < 0:
                if set(found) != {()}:
                    raise CannotCheck(
                        "a division by what is no number, where a polynomial is claimed"
                    )
                found = {(): 1 / found[()]}
            result = multiplied(result, found)
        return result
    if kind == "power" and 0 <= tree[2] <= 60:
        base, result = expand(tree[1]), {(): Fraction(1)}
        for _ in range(tree[2]):
            result = multiplied(result, base)
        return result
    raise CannotCheck("a power or a function that no polynomial of low degree has")


def multiplied(p: Monomials, q: Monomials) -> Monomials:
    """The product of two sums of monomials, terms counted against the budget."""
    spend(25 * len(p) * len(q) + 1)
    result: Monomials = {}
    for a, c in p.items():
        for b, e in q.items():
            powers = dict(a)
            for name, k in b:
                powers[name] = powers.get(name, 0) + k
            if sum(powers.values()) > 120:
                raise CannotCheck(
                    "not checkable within the budget: a polynomial of degree above 120"
                )
            key = tuple(sorted(powers.items()))
            result[key] = shortened(result.get(key, Fraction(0)) + c * e)
    return {key: c for key, c in result.items() if c}
