"""Exponentials in formulas: exp(2 alpha + beta) is e_alpha^2 e_beta while a formula is laid out, and one exponential again where it is printed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm

import sympy as sp

from symkern.typeset.nodes import Call, Node, Power, Product, Root, Sum

#: Higher powers are left as they are: to factor them takes long.
_HIGHEST = 64


def exponent_of(call: sp.Expr) -> sp.Expr:
    """The argument of exp, 1 of the number e."""
    return sp.S.One if call == sp.E else call.args[0]


def exponential_steps(expr: sp.Expr) -> dict[sp.Expr, sp.Rational]:
    """For each term t in arguments of exp, the largest rational q such that all of them are natural multiples of q t.

    A term of both signs has none: exp(alpha) + exp(-alpha) stays as it is.

    >>> alpha, beta = sp.symbols("alpha beta")
    >>> exponential_steps(sp.exp(2 * alpha + beta / 2) + sp.exp(4 * alpha + beta))
    {alpha: 2, beta: 1/2}
    >>> exponential_steps(sp.exp(-alpha) + sp.exp(beta - 2 * alpha) + sp.exp(-beta))
    {alpha: -1}
    """
    counts: dict[sp.Expr, list[sp.Rational]] = {}
    for call in expr.atoms(sp.exp, sp.exp(1).func):
        for part in sp.Add.make_args(exponent_of(call)):
            count, step = part.as_coeff_Mul()
            counts.setdefault(step, []).append(count)
    steps = {}
    for step in sorted(counts, key=lambda step: (step.is_number, sp.default_sort_key(step))):
        found = counts[step]
        signs = {count > 0 for count in found}
        if len(signs) == 1 and all(found):
            unit = sp.Rational(gcd(*(int(c.p) for c in found)), lcm(*(int(c.q) for c in found)))
            if max(abs(count) for count in found) <= _HIGHEST * unit:
                steps[step] = unit if True in signs else -unit
    return steps


def joined_exponentials(product: Product) -> Product:
    """The same product with one exponential above and one below, everywhere in it."""
    above = [(node, e) for node, e in product.factors if _is_exponential(node) and e > 0]
    below = [(node, e) for node, e in product.factors if _is_exponential(node) and e < 0]
    factors: list[tuple[Node, int]] = []
    for node, exponent in product.factors:
        if not _is_exponential(node):
            factors.append((_inside(node), exponent))
        elif (node, exponent) in above[-1:] + below[-1:]:
            factors.append(_joined(above, 1) if exponent > 0 else _joined(below, -1))
    return Product(product.coefficient, tuple(factors))


def _is_exponential(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "exp"


def _joined(factors: list[tuple[Node, int]], sign: int) -> tuple[Node, int]:
    """One exponential of the sum of the arguments, those with a plus first, a number last."""
    terms: list[Product] = []
    for node, exponent in factors:
        assert isinstance(node, Call)
        argument = node.arguments[0]
        times = Fraction(abs(exponent)) * argument.coefficient
        terms.append(replace(argument, coefficient=times))
    terms.sort(key=lambda term: (term.coefficient < 0, not term.factors))
    if len(terms) == 1:
        return Call("exp", (terms[0],)), sign
    return Call("exp", (Product(Fraction(1), ((Sum(tuple(terms)), 1),)),)), sign


def _inside(node: Node) -> Node:
    match node:
        case Sum(terms):
            return Sum(tuple(map(joined_exponentials, terms)))
        case Root(radicand, degree):
            return Root(joined_exponentials(radicand), degree)
        case Call(function, arguments):
            return Call(function, tuple(map(joined_exponentials, arguments)))
        case Power(base, exponent):
            return Power(joined_exponentials(base), joined_exponentials(exponent))
    return node
