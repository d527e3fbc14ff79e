"""How a formula is laid out: products of factors over products of factors.

A SymPy expression says what a number is; a paper also decides what stands first. Here an
expression becomes a tree of `Product`, `Sum`, `Root`, `Call`, `Power` and `Name` in which

* a rational function is one fraction, numerator and denominator factored over the rationals;
* names stand in the order alpha, beta, gamma, w, b, sigma2, any other letter, L, v, n, x, X1, X2, ...,
  single names before sums, sums by length and then by their constants: L(L - 1)(L - 5)/6;
* the terms of a sum descend lexicographically in that order of names: alpha^2 L + 2 alpha beta;
* a sum that holds square roots, cycle counts X2, X3, ..., or hyperparameters beside sizes is collected
  in them, the cofactors factored: an eigenvalue reads (trace part + sqrt(discriminant))/denominator,
  a character polynomial X1(X1 - 3)/2 + X2, a trace alpha^2 L (L + v - 1) + beta^2 L v;
* a polynomial in a ``variable`` is collected in its descending powers.

Both renderers, text and LaTeX, print this tree, so that they never disagree about a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import sympy as sp

from symkern.errors import InvalidType

__all__ = ["Call", "Name", "Node", "Power", "Product", "Root", "Sum", "arrange", "expression"]

#: A formula whose expansion would have more terms than this is printed as it stands, not factored.
_EXPANSION_LIMIT = 4000
#: A polynomial with more terms than this keeps its content and common powers factored out, no more.
_FACTOR_LIMIT = 150

_FIRST = ("alpha", "beta", "gamma", "w", "b", "sigma2")
_LAST = ("L", "v", "n", "x")
_CYCLE_COUNT = re.compile(r"X[1-9][0-9]*\Z")


@dataclass(frozen=True)
class Name:
    """A symbol, or a constant such as pi."""

    symbol: sp.Expr


@dataclass(frozen=True)
class Root:
    """The root of positive integer ``degree`` of a product."""

    radicand: Product
    degree: int


@dataclass(frozen=True)
class Call:
    """A function of products, such as exp(2 alpha)."""

    function: str
    arguments: tuple[Product, ...]


@dataclass(frozen=True)
class Power:
    """A power whose exponent is itself a formula, such as v^L."""

    base: Product
    exponent: Product


@dataclass(frozen=True)
class Sum:
    """Two or more terms."""

    terms: tuple[Product, ...]


Node = Name | Root | Call | Power | Sum


@dataclass(frozen=True)
class Product:
    """``coefficient`` times the factors, each with a nonzero integer exponent."""

    coefficient: Fraction
    factors: tuple[tuple[Node, int], ...]

    @property
    def above(self) -> tuple[tuple[Node, int], ...]:
        """The factors of the numerator."""
        return tuple((node, e) for node, e in self.factors if e > 0)

    @property
    def below(self) -> tuple[tuple[Node, int], ...]:
        """The factors of the denominator, with positive exponents."""
        return tuple((node, -e) for node, e in self.factors if e < 0)


def expression(value: object, argument: str = "formula") -> sp.Expr:
    """``value`` as a SymPy expression: an expression, an integer (numpy's too) or a fraction.

    >>> expression(Fraction(3, 6))
    1/2
    >>> expression("L")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: formula: must be a SymPy expression, an integer or a fraction, but it is 'L' of type str
    """
    if isinstance(value, sp.Expr):
        return value
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    if not isinstance(value, bool) and hasattr(value, "__index__"):
        return sp.Integer(value.__index__())
    raise InvalidType(argument, "must be a SymPy expression, an integer or a fraction", value)


def arrange(value: object, variable: sp.Symbol | None = None) -> Product:
    """Lay a formula out; collected in ``variable`` where one is given.

    >>> from symkern.abc import L, alpha, beta
    >>> tree = arrange(alpha * beta / L**2 + alpha / L)
    >>> [node.symbol for node, _ in tree.below], [type(node).__name__ for node, _ in tree.above]
    ([L], ['Name', 'Sum'])
    """
    return _Arranger().product(expression(value), variable)


class _Arranger:
    """One formula's generators: its names, and a stand-in symbol for each root, call and power."""

    def __init__(self) -> None:
        self._nodes: dict[sp.Symbol, Node] = {}
        self._stand_ins: dict[tuple[str, sp.Basic], sp.Symbol] = {}

    # -- reading: every part that is not rational in the names is replaced by a stand-in --

    def product(self, expr: sp.Expr, variable: sp.Symbol | None = None) -> Product:
        if expr.is_Rational:
            return Product(Fraction(int(expr.p), int(expr.q)), ())
        rational = self._rational(expr)
        if variable is not None and rational.has(variable):
            numerator, denominator = sp.fraction(sp.together(rational))
            if not denominator.has(variable) and _expanded_size(numerator) <= _EXPANSION_LIMIT:
                polynomial = sp.Poly(numerator, variable)
                terms = self._collect(polynomial, falling=True, names_first=True)
                whole = Product(Fraction(1), ((Sum(tuple(terms)), 1),))
                return self._over(terms[0] if len(terms) == 1 else whole, denominator)
        if _expanded_size(rational) > _EXPANSION_LIMIT:
            return self.as_it_stands(rational)
        return self._factored(rational)

    def _stand_in(self, kind: str, key: sp.Basic, build: Callable[[], Node]) -> sp.Symbol:
        if (kind, key) not in self._stand_ins:
            symbol = sp.Dummy(f"{kind}{len(self._stand_ins)}", positive=True)
            self._stand_ins[kind, key] = symbol
            self._nodes[symbol] = build()
        return self._stand_ins[kind, key]

    def _rational(self, expr: sp.Expr) -> sp.Expr:
        if expr.is_Rational or expr.is_Symbol:
            return expr
        if expr.is_Add or expr.is_Mul:
            return expr.func(*(self._rational(a) for a in expr.args))
        if expr.is_Pow and expr.exp.is_Integer:
            return self._rational(expr.base) ** expr.exp
        if expr.is_Pow and expr.exp.is_Rational:
            degree = int(expr.exp.q)
            root = self._stand_in(
                f"root{degree}_", expr.base, lambda: Root(_radicand(expr.base), degree)
            )
            return root ** int(expr.exp.p)
        if expr.is_Pow:
            return self._stand_in(
                "power", expr, lambda: Power(arrange(expr.base), arrange(expr.exp))
            )
        if expr.is_Function and all(isinstance(a, sp.Expr) for a in expr.args):
            name = expr.func.__name__
            return self._stand_in(
                "call", expr, lambda: Call(name, tuple(arrange(a) for a in expr.args))
            )
        return self._stand_in("name", expr, lambda: Name(expr))

    # -- arranging --

    def _factored(self, expr: sp.Expr) -> Product:
        numerator, denominator = sp.fraction(sp.together(expr))
        coefficient = Fraction(1)
        powers: dict[sp.Expr, int] = {}
        for part, sign in ((numerator, 1), (denominator, -1)):
            content, factors = self._factors(part)
            coefficient *= content**sign
            for factor, exponent in factors:
                powers[factor] = powers.get(factor, 0) + sign * exponent
        return self._assemble(coefficient, {f: e for f, e in powers.items() if e})

    def _factors(self, expr: sp.Expr) -> tuple[Fraction, list[tuple[sp.Expr, int]]]:
        """Rational content and irreducible factors, the leading coefficient of each positive."""
        generators = self._ordered(expr.free_symbols)
        if not generators:
            return Fraction(int(expr.p), int(expr.q)), []
        content, result = Fraction(1), []
        for base, exponent in _top_powers(expr):
            polynomial = sp.Poly(base, *generators, domain="QQ")
            if len(polynomial.terms()) <= _FACTOR_LIMIT:
                scale, factors = polynomial.factor_list()
            else:
                scale, factors = _content_only(polynomial)
            content *= Fraction(int(scale.p), int(scale.q)) ** exponent
            for factor, multiplicity in factors:
                if factor.LC() < 0:
                    factor, content = -factor, content * (-1) ** (multiplicity * exponent)
                result.append((factor.as_expr(), multiplicity * exponent))
        return content, result

    def _assemble(self, coefficient: Fraction, powers: Mapping[sp.Expr, int]) -> Product:
        nodes: list[tuple[tuple, Node, int]] = []
        for factor, exponent in powers.items():
            if factor.is_Symbol:
                nodes.append(((0, self._rank(factor)), self._name(factor), exponent))
                continue
            collected = self._collected_in(factor)
            if collected and exponent == 1 and self._rank(collected[0])[0] == 4:
                # In a sum over cycle counts each cofactor keeps its own fraction.
                factor, coefficient = factor * expression(coefficient), Fraction(1)
            nodes.append(((1, *self._sum_rank(factor)), self._sum(factor, collected), exponent))
        nodes.sort(key=lambda item: item[0])
        factors = tuple((node, exponent) for _, node, exponent in nodes)
        return _sign_inside(Product(coefficient, factors))

    def _sum(self, expr: sp.Expr, collected: list[sp.Symbol]) -> Node:
        """An irreducible polynomial with several terms."""
        if collected:
            falling = self._rank(collected[0])[0] in (1, 2)
            terms = self._collect(sp.Poly(expr, *collected), falling)
            return Sum(tuple(terms if falling else _positive_first(terms)))
        polynomial = sp.Poly(expr, *self._ordered(expr.free_symbols))
        return Sum(tuple(self._term(m, c, polynomial.gens) for m, c in polynomial.terms()))

    def _term(self, monomial: tuple[int, ...], c: sp.Rational, gens: tuple) -> Product:
        factors = tuple((self._name(g), e) for g, e in zip(gens, monomial) if e)
        return Product(Fraction(int(c.p), int(c.q)), factors)

    def _collect(
        self, polynomial: sp.Poly, falling: bool, names_first: bool = False
    ) -> list[Product]:
        """A polynomial's terms by its monomials, each cofactor arranged by itself.

        The monomial stands first, or between the names and the sums of its cofactor.
        """
        terms: list[Product] = []
        for monomial, cofactor in polynomial.terms() if falling else polynomial.terms()[::-1]:
            inner = self._factored(cofactor)
            own = tuple((self._name(g), e) for g, e in zip(polynomial.gens, monomial) if e)
            lone = inner.factors[0] if len(inner.factors) == 1 else None
            if not own and lone and isinstance(lone[0], Sum) and lone[1] == 1:
                terms += [
                    Product(inner.coefficient * t.coefficient, t.factors) for t in lone[0].terms
                ]
                continue
            names = tuple(f for f in inner.factors if not isinstance(f[0], Sum))
            sums = tuple(f for f in inner.factors if isinstance(f[0], Sum))
            factors = (*names, *own, *sums) if names_first else (*own, *names, *sums)
            terms.append(_sign_inside(Product(inner.coefficient, factors)))
        return terms

    def _over(self, product: Product, denominator: sp.Expr) -> Product:
        below = self._factored(denominator)
        factors = product.factors + tuple((node, -e) for node, e in below.factors)
        return Product(product.coefficient / below.coefficient, factors)

    def as_it_stands(self, expr: sp.Expr) -> Product:
        if expr.is_Rational:
            return Product(Fraction(int(expr.p), int(expr.q)), ())
        if expr.is_Symbol:
            return Product(Fraction(1), ((self._name(expr), 1),))
        if expr.is_Pow:
            inner = self.as_it_stands(expr.base)
            e = int(expr.exp)
            return Product(inner.coefficient**e, tuple((n, k * e) for n, k in inner.factors))
        if expr.is_Mul:
            parts = [self.as_it_stands(a) for a in expr.args]
            coefficient = Fraction(1)
            for part in parts:
                coefficient *= part.coefficient
            factors = sorted((f for p in parts for f in p.factors), key=lambda f: type(f[0]) is Sum)
            return Product(coefficient, tuple(factors))
        terms = tuple(self.as_it_stands(a) for a in expr.as_ordered_terms())
        return Product(Fraction(1), ((Sum(terms), 1),))

    # -- order --

    def _name(self, symbol: sp.Symbol) -> Node:
        return self._nodes.get(symbol) or Name(symbol)

    def _rank(self, symbol: sp.Symbol) -> tuple:
        node = self._nodes.get(symbol)
        if isinstance(node, Name):  # pi and other constants follow the rational coefficient
            return (0, str(node.symbol))
        if node is not None:
            return (5, list(self._nodes).index(symbol))
        name = symbol.name
        if name in _FIRST:
            return (1, _FIRST.index(name))
        if name in _LAST:
            return (3, _LAST.index(name))
        if _CYCLE_COUNT.match(name):
            return (4, int(name[1:]))
        return (2, name)

    def _ordered(self, symbols: set[sp.Basic]) -> list[sp.Symbol]:
        return sorted(symbols, key=self._rank)

    def _sum_rank(self, expr: sp.Expr) -> tuple:
        polynomial = sp.Poly(expr, *self._ordered(expr.free_symbols))
        ranks = [self._rank(g) for g in polynomial.gens]
        coefficients = [abs(c) for _, c in polynomial.terms()]
        return (len(coefficients), polynomial.total_degree(), ranks, coefficients)

    def _collected_in(self, expr: sp.Expr) -> list[sp.Symbol]:
        """The generators in which a sum is collected: roots, counts of longer cycles, or
        hyperparameters where sizes stand beside them."""
        symbols = self._ordered(expr.free_symbols)
        roots = [s for s in symbols if isinstance(self._nodes.get(s), Root)]
        if roots:
            return roots
        cycles = [s for s in symbols if s not in self._nodes and self._rank(s)[0] == 4][1:]
        if cycles:
            return cycles
        parameters = [s for s in symbols if self._rank(s)[0] in (1, 2)]
        sizes = [s for s in symbols if self._rank(s)[0] == 3]
        return parameters if sizes and len(symbols) == len(parameters) + len(sizes) else []


def _radicand(expr: sp.Expr) -> Product:
    """1 - r^2 rather than -(r - 1)(r + 1)."""
    product = arrange(expr)
    if expr.is_Add and product.coefficient < 0:
        node = _Arranger().as_it_stands(expr).factors[0][0]
        if isinstance(node, Sum):
            terms = _positive_first(list(node.terms))
            return Product(Fraction(1), ((Sum(tuple(terms)), 1),))
    return product


def _positive_first(terms: list[Product]) -> list[Product]:
    """The same terms, opened by the first that has no minus sign."""
    start = next((i for i, t in enumerate(terms) if t.coefficient > 0), 0)
    return [terms[start], *terms[:start], *terms[start + 1 :]]


def _sign_inside(product: Product) -> Product:
    """(2 - L)/3 rather than -(L - 2)/3, where the sum is all of the numerator."""
    if product.coefficient >= 0 or len(product.above) != 1:
        return product
    node, exponent = product.above[0]
    if not isinstance(node, Sum) or exponent != 1 or all(t.coefficient > 0 for t in node.terms):
        return product
    flipped = Sum(tuple(_positive_first([Product(-t.coefficient, t.factors) for t in node.terms])))
    factors = tuple((flipped, 1) if e > 0 else (n, e) for n, e in product.factors)
    return Product(-product.coefficient, factors)


def _top_powers(expr: sp.Expr) -> list[tuple[sp.Expr, int]]:
    """The factors that are visible without expanding anything."""
    result = []
    for factor in sp.Mul.make_args(expr):
        base, exponent = factor.as_base_exp()
        result.append((base, int(exponent)) if exponent.is_Integer else (factor, 1))
    return result


def _content_only(polynomial: sp.Poly) -> tuple[sp.Expr, list[tuple[sp.Poly, int]]]:
    content, primitive = polynomial.primitive()
    shared, rest = primitive.terms_gcd()
    powers = [(sp.Poly(g, *polynomial.gens), e) for g, e in zip(polynomial.gens, shared) if e]
    return content, [*powers, (rest, 1)]


def _expanded_size(expr: sp.Expr) -> int:
    """A bound on the number of terms that expanding would give, at most the limit plus one."""
    cap = _EXPANSION_LIMIT + 1
    if expr.is_Add:
        return min(cap, sum(_expanded_size(a) for a in expr.args))
    if expr.is_Mul:
        size = 1
        for factor in expr.args:
            size = min(cap, size * _expanded_size(factor))
        return size
    if expr.is_Pow and expr.exp.is_Integer:
        terms, exponent = _expanded_size(expr.base), abs(int(expr.exp))
        return 1 if terms == 1 else min(cap, comb(terms + exponent - 1, exponent))
    return 1
