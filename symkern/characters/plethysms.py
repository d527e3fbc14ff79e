r"""Plethysm: the composition of symmetric functions, and of the characters behind them.

f[g] is linear and multiplicative in f, with p_k[g] = g(x_1^k, x_2^k, ...), so p_k[p_j] = p_(jk). Symbols in coefficients are constants, p_k[t p_1] = t p_k,
but for those that are named as variables: with ``include=(t,)`` it is t^k p_k. (Sage takes all symbols as variables, and its ``exclude`` names constants.) s_lam[s_mu] is the character
of GL_n on the Schur functor lam of the irrep mu, and of S_(|lam| |mu|) induced from a wreath product.

Inner plethysm f{g} does the same with the characters of one S_n: s_lam{s_mu} is the Schur functor lam of the irrep S^mu, with
p_k{f} = (g -> f(g^k)).

Both go through power sums, where a product is a union of parts; only the result is written in Schur functions, with the character table of its degree where that
is kept and by border strips beyond.

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I.8 and appendix A; Loehr and Remmel, *A computational and combinatorial expose of plethystic
calculus*, J. Algebraic Combin. 33 (2011); Littlewood (1958) for the inner one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import sympy as sp

from symkern.characters.class_function import ClassFunction
from symkern.characters.powers import power_type
from symkern.characters.scalars import Scalar, divide, normal, symbols_of, total
from symkern.characters.symmetric_bases import Terms, add_to, to_schur
from symkern.characters.symmetric_function import SymmetricFunction
from symkern.combinatorics.generation import partitions, require_partitions
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact.exact_arguments import substitutions
from symkern.limits import check_time, within_time
from symkern.reading.sequences import read_list

_SMALLER = "smaller degrees take less"


def plethysm(lam: PartitionLike, mu: PartitionLike) -> dict[Partition, int]:
    """{nu: coefficient of s_nu in s_lam[s_mu]} without zeros, reverse lexicographic.

    Args:
        lam: the outer shape, the Schur functor.
        mu: the inner shape, on whose irrep it acts.

    Raises:
        TooLong: where the degree |lam| |mu| is too large for `symkern.limits`.

    >>> plethysm((2,), (2,)), plethysm((1, 1), (2,))
    ({Partition(4): 1, Partition(2, 2): 1}, {Partition(3, 1): 1})
    """
    outer, inner = Partition.read(lam, "lam"), Partition.read(mu, "mu")
    require_partitions(outer.size * inner.size)
    f = SymmetricFunction.trusted("s", {outer: 1})
    g = SymmetricFunction.trusted("s", {inner: 1})
    return dict(substituted(f, g).scalars())


def substituted(
    f: SymmetricFunction, g: SymmetricFunction, include: Sequence[Any] | str = ()
) -> SymmetricFunction:
    """f[g] in Schur functions: g substituted into f. Symbols in coefficients are constants, as p_k[t p_1] = t p_k says.

    Args:
        f: a symmetric function.
        g: another one.
        include: symbols of g, or their names, that count as variables: p_k takes them to their k-th powers. Sage includes all unless they are excluded.

    Raises:
        TooLarge: too many partitions of the product of the degrees.
        InvalidArgument: a symbol that does not occur in g.

    >>> from symkern.characters import h, p, s
    >>> substituted(p[2], s[1]), substituted(s[2], h[1] + h[2]), p[3].plethysm(p[2]).to("p")
    (s[2] - s[1,1], s[4] + s[2,2] + s[3] + s[2,1] + s[2], p[6])
    >>> import sympy as sp
    >>> t = sp.Symbol("t")
    >>> print(p[2].plethysm(t * p[1]).to("p"), "|", p[2].plethysm(t * p[1], include=(t,)).to("p"))
    t*p[2] | t**2*p[2]
    """
    for name, value in (("f", f), ("g", g)):
        if not isinstance(value, SymmetricFunction):
            raise InvalidType(name, "must be a SymmetricFunction", value)
    require_partitions(max(f.degree, 0) * max(g.degree, 0))
    with within_time("this plethysm", _SMALLER):
        outer, above = _whole(f.to("p").scalars())
        inner, below = _whole(g.to("p").scalars())
        # Over the common denominator below^k, k the greatest number of parts.
        longest = max((len(mu) for mu in outer), default=0)
        found = _composed(outer, inner, below, longest, _read_variables(include, g))
        scale = above * below**longest
        terms = {mu: divide(normal(c), scale) for mu, c in found.items() if c != 0}
        return SymmetricFunction.trusted("s", to_schur("p", terms))


def _read_variables(include: object, g: SymmetricFunction) -> list[sp.Expr]:
    """The symbols of g that the user names."""
    listed = [include] if isinstance(include, (str, sp.Symbol)) else read_list(include, "include", "symbols")  # fmt: skip
    there = symbols_of(g.scalars().values())
    if listed and not there:
        raise InvalidArgument("include", "must name symbols of g", "g has none")
    pairs = substitutions(([(symbol, 0) for symbol in listed],), there) if listed else []
    return [symbol for symbol, _ in pairs]


def _raised(c: Scalar, k: int, variables: list[sp.Expr]) -> Scalar:
    """A coefficient with the k-th powers of variables."""
    if k == 1 or not variables or not isinstance(c, sp.Expr):
        return c
    return normal(c.subs({x: x**k for x in variables}, simultaneous=True))


def _composed(
    outer: Terms, inner: Terms, below: int, longest: int, variables: list[sp.Expr]
) -> Terms:
    """below^longest times f[g], f = outer and g = inner/below in power sums; by the largest part of the terms of f."""
    found: Terms = {}
    groups: dict[int, Terms] = {}
    for mu, c in outer.items():
        if mu:
            groups.setdefault(mu[0], {})[Partition.trusted(mu[1:])] = c
        else:
            add_to(found, mu, c * below**longest)
    for k, rest in groups.items():
        raised = [
            (tuple(k * part for part in mu), _raised(c, k, variables)) for mu, c in inner.items()
        ]
        for mu, c in _composed(rest, inner, below, longest - 1, variables).items():
            check_time()
            for nu, d in raised:
                add_to(found, Partition.trusted(sorted(mu + nu, reverse=True)), c * d)
    return found


def _whole(terms: Terms) -> tuple[Terms, int]:
    """Numerators over one denominator; symbols stay as they are."""
    numbers = [c for c in terms.values() if isinstance(c, (int, Fraction))]
    if len(numbers) < len(terms):
        return terms, 1
    below = lcm(*(c.denominator for c in numbers))
    return {mu: int(c * below) for mu, c in terms.items()}, below


def inner_plethysm(f: SymmetricFunction, g: SymmetricFunction) -> SymmetricFunction:
    """f{g} for a homogeneous g of degree n, in Schur functions of degree n: the Schur functor f on the class function g of S_n.

    Args:
        f: a symmetric function.
        g: a homogeneous one.

    Raises:
        InvalidArgument: g is not homogeneous.

    >>> from symkern.characters import e, h, s
    >>> inner_plethysm(h[2], s[2, 1]), e[2].inner_plethysm(s[3, 1])
    (s[3] + s[2,1], s[2,1,1])
    """
    if not isinstance(f, SymmetricFunction):
        raise InvalidType("f", "must be a SymmetricFunction", f)
    values = dict(zip(*_classes(g, "g"), strict=True))
    outer = f.to("p").scalars()
    with within_time("this inner plethysm", _SMALLER):
        powers = {
            k: {mu: values[power_type(mu, k)] for mu in values}
            for k in {part for rho in outer for part in rho}
        }
        composed: list[Scalar] = []
        for mu in values:
            terms = []
            for rho, c in outer.items():
                check_time()
                for part in rho:
                    c = normal(c * powers[part][mu])
                terms.append(c)
            composed.append(total(terms))
    n = next(iter(values)).size
    return frobenius(ClassFunction.trusted(n, composed))


def frobenius(f: ClassFunction) -> SymmetricFunction:
    """The Frobenius image of a class function, sum of f(mu) p_mu/z_mu, in Schur functions: chi^lam becomes s_lam.

    >>> frobenius(ClassFunction.permutation(3))
    s[3] + s[2,1]
    """
    if not isinstance(f, ClassFunction):
        raise InvalidType("f", "must be a ClassFunction", f)
    terms = {
        mu: divide(value, mu.centraliser_order)
        for mu, value in zip(partitions(f.n), f.scalars, strict=True)
        if value != 0
    }
    return SymmetricFunction.trusted("s", to_schur("p", terms))


def class_function(f: SymmetricFunction) -> ClassFunction:
    """The class function whose Frobenius image is f, homogeneous of degree n; zero is one of S_0.

    Raises:
        InvalidArgument: where f has terms of several degrees.

    >>> from symkern.characters import h
    >>> class_function(h[2, 1]) == ClassFunction.permutation(3)
    True
    """
    kinds, values = _classes(f)
    return ClassFunction.trusted(kinds[0].size, values)


def _classes(f: SymmetricFunction, argument: str = "f") -> tuple[list[Partition], list[Scalar]]:
    if not isinstance(f, SymmetricFunction):
        raise InvalidType(argument, "must be a SymmetricFunction", f)
    terms = f.to("p").scalars()
    degrees = {mu.size for mu in terms}
    if len(degrees) > 1:
        rule = "must be homogeneous, the image of a class function of one S_n"
        raise InvalidArgument(argument, rule, f"it is {displayed(f)}")
    kinds = partitions(max(degrees, default=0))
    return kinds, [normal(terms.get(mu, 0) * mu.centraliser_order) for mu in kinds]
