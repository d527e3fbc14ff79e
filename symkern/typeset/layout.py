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
* a polynomial in a ``variable`` is collected in its descending powers;
* of the factors that may be written with either sign, those are chosen that leave the fewest minus signs (`symkern.typeset.signs`);
* square roots of a product are one above and one below, sqrt(2 n), where that is the same number for all values of the names (`symkern.typeset.roots`);
* exponentials are powers of those of single terms, exp(2 alpha) the square of exp(alpha), so that sums of them factor; a product holds one;
* a root of degree above two is shown by its first six digits.

Both renderers, text and LaTeX, print this tree, so that they never disagree about a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from math import comb, prod
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from symkern.errors import InvalidType
from symkern.limits import current
from symkern.reading.integers import is_integer
from symkern.typeset.exponentials import exponent_of, exponential_steps, joined_exponentials
from symkern.typeset.factored import (
    Powers,
    factor_polynomial,
    factored,
    multiply_into,
    polynomial_ring,
    primitive,
)
from symkern.typeset.nodes import Call, Name, Node, Power, Product, Root, Sum
from symkern.typeset.order_of_names import factor_rank, name_rank
from symkern.typeset.roots import joined_roots
from symkern.typeset.signs import positive_first, sign_inside, turned_factors

_PLAIN, _PARAMETERS, _CYCLES, _ROOTS, _VARIABLE = range(5)


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
    if is_integer(value):
        return sp.Integer(int(value))  # type: ignore[call-overload]
    raise InvalidType(argument, "must be a SymPy expression, an integer or a fraction", value)


def arrange(value: object, variable: sp.Symbol | None = None) -> Product:
    """Lay a formula out; collected in ``variable`` where one is given.

    >>> from symkern.abc import L, alpha, beta
    >>> tree = arrange(alpha * beta / L**2 + alpha / L)
    >>> [node.symbol for node, _ in tree.below], [type(node).__name__ for node, _ in tree.above]
    ([L], ['Name', 'Sum'])
    """
    expr = expression(value)
    if variable is not None and not isinstance(variable, sp.Symbol):
        raise InvalidType("variable", "must be a symbol", variable)
    # Depending on SymPy's version Float(1) equals Integer(1): floats stay out of the cache.
    if expr.has(sp.Float):
        return _Arranger().product(expr, variable)
    return _arranged(expr, variable)


def names_in_order(symbols: Iterable[sp.Symbol]) -> list[sp.Symbol]:
    """The names of a formula as they stand in it.

    >>> from symkern.abc import L, alpha, b, v
    >>> names_in_order([v, L, b, alpha])
    [alpha, b, L, v]
    """
    return sorted(symbols, key=_Arranger()._rank)


@lru_cache(maxsize=1024)
def _arranged(expr: sp.Expr, variable: sp.Symbol | None) -> Product:
    return _Arranger().product(expr, variable)


class _Arranger:
    """One formula's generators: its names, and a stand-in symbol for each root, call and power."""

    def __init__(self) -> None:
        self._nodes: dict[sp.Symbol, Node] = {}
        self._stand_ins: dict[tuple[str, sp.Basic], sp.Symbol] = {}
        self._steps: dict[sp.Expr, sp.Rational] = {}

    # -- reading: every part that is not rational in the names is replaced by a stand-in --

    def product(self, expr: sp.Expr, variable: sp.Symbol | None = None) -> Product:
        self._steps = exponential_steps(expr)
        return joined_roots(joined_exponentials(self._laid_out(expr, variable)))

    def _laid_out(self, expr: sp.Expr, variable: sp.Symbol | None) -> Product:
        for step in self._steps:  # in their order, which is that of formulas
            self._step(step)
        rational = self._rational(expr)
        if _expanded_size(rational) > current().expanded_terms:
            return self.as_it_stands(rational)
        ring = polynomial_ring(sorted(rational.free_symbols, key=self._rank))
        coefficient, powers = factored(rational, ring)
        if not coefficient:
            return Product(Fraction(0), ())
        if variable is not None and variable in ring.symbols:
            return self._collected(coefficient, powers, ring.symbols.index(variable))
        return self._assemble(coefficient, powers)

    def _stand_in(self, kind: str, key: sp.Basic, build: Callable[[], Node]) -> sp.Symbol:
        if (kind, key) not in self._stand_ins:
            symbol = sp.Dummy(f"{kind}{len(self._stand_ins)}", positive=True)
            self._stand_ins[kind, key] = symbol
            self._nodes[symbol] = build()
        return self._stand_ins[kind, key]

    def _rational(self, expr: sp.Expr) -> sp.Expr:
        if expr.is_Rational or expr.is_Symbol:
            return expr
        # Without evaluation: SymPy would ask for signs, which takes minutes where numbers are long.
        if expr.is_Add or expr.is_Mul:
            return expr.func(*(self._rational(a) for a in expr.args), evaluate=False)
        if expr.is_Pow and expr.exp.is_Integer:
            return sp.Pow(self._rational(expr.base), expr.exp, evaluate=False)
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
        if expr == sp.E or (expr.func is sp.exp and len(expr.args) == 1):
            powers = self._powers(exponent_of(expr))
            if powers is not None:
                return powers
        if expr.is_Function and all(isinstance(a, sp.Expr) for a in expr.args):
            name = expr.func.__name__
            return self._stand_in(
                "call", expr, lambda: Call(name, tuple(arrange(a) for a in expr.args))
            )
        if isinstance(expr, sp.CRootOf):
            return self._stand_in("name", expr, lambda: Name(_first_digits(expr)))
        return self._stand_in("name", expr, lambda: Name(expr))

    def _powers(self, argument: sp.Expr) -> sp.Expr | None:
        """exp(2 alpha + beta) as e_alpha^2 e_beta; None where a term of the argument has no step."""
        counts = dict(term.as_coeff_Mul()[::-1] for term in sp.Add.make_args(argument))
        if not counts.keys() <= self._steps.keys():
            return None
        powers = [self._step(step) ** int(counts[step] / self._steps[step]) for step in counts]
        return sp.Mul(*powers, evaluate=False)

    def _step(self, step: sp.Expr) -> sp.Symbol:
        """The generator exp(q t) of the step t."""
        whole = self._steps[step] * step
        return self._stand_in("step", step, lambda: Call("exp", (arrange(whole),)))

    # -- arranging --

    def _assemble(self, coefficient: Fraction, powers: Powers) -> Product:
        """The product of irreducible factors, names first."""
        nodes: list[tuple[tuple[Any, ...], Node, int]] = []
        sums = [(dict(base), e) if len(base) > 1 else ({}, e) for base, e in powers.items()]
        symbols = next(iter(powers)).ring.symbols if powers else ()
        turns = turned_factors(sums, symbols, coefficient < 0)
        for turned, (base, exponent) in zip(turns, powers.items(), strict=True):
            if len(base) == 1:
                symbol = base.ring.symbols[base.degrees().index(1)]
                nodes.append(((0, self._rank(symbol)), self._name(symbol), exponent))
                continue
            kind, places = self._collected_in(base)
            scale = Fraction(1)
            if kind == _CYCLES and exponent == 1:
                # In a sum over cycle counts each cofactor keeps its own fraction.
                scale, coefficient = coefficient, Fraction(1)
            if turned:
                base, coefficient = -base, -coefficient if exponent % 2 else coefficient
            terms = self._terms(base, scale, kind, places)
            node = Sum(tuple(positive_first(terms) if turned else terms))
            nodes.append(((1, *self._sum_rank(base)), node, exponent))
        nodes.sort(key=lambda item: item[0])
        factors = tuple((node, exponent) for _, node, exponent in nodes)
        return sign_inside(Product(coefficient, factors))

    def _collected(self, coefficient: Fraction, powers: Powers, variable: int) -> Product:
        """A polynomial in one generator over what does not hold it, or the plain product."""
        ring = next(iter(powers)).ring
        numerator = ring.ground_new(coefficient.numerator)
        below: Powers = {}
        for base, exponent in powers.items():
            if exponent > 0:
                numerator = numerator * base**exponent
            elif base.degree(variable) > 0:
                return self._assemble(coefficient, powers)
            else:
                below[base] = exponent
        terms = self._terms(numerator, Fraction(1), _VARIABLE, [variable])
        under = self._assemble(Fraction(1, coefficient.denominator), below)
        if len(terms) == 1:
            term = terms[0]
            return Product(term.coefficient * under.coefficient, term.factors + under.factors)
        return Product(under.coefficient, ((Sum(tuple(terms)), 1), *under.factors))

    def _terms(
        self, polynomial: PolyElement, scale: Fraction, kind: int, places: list[int]
    ) -> list[Product]:
        """The terms of a sum by their monomials in the generators at ``places``.

        Each cofactor is arranged by itself. The monomial stands first, but a variable stands between
        the names and the sums of its cofactor.
        """
        ring = polynomial.ring
        parts: dict[tuple[int, ...], dict[tuple[int, ...], object]] = {}
        for monomial, c in polynomial.terms():
            own = tuple(monomial[i] for i in places)
            rest = tuple(0 if i in places else e for i, e in enumerate(monomial))
            parts.setdefault(own, {})[rest] = c
        falling = kind in (_VARIABLE, _PARAMETERS, _PLAIN)
        terms: list[Product] = []
        for own in sorted(parts, reverse=falling):
            content, powers = primitive(ring.from_dict(parts[own]))
            result: Powers = {}
            for base, exponent in powers.items():
                more, factors = factor_polynomial(base)
                content *= more**exponent
                multiply_into(result, factors, exponent)
            inner = self._assemble(scale * content, result)
            monomial_factors = tuple(
                (self._name(ring.symbols[i]), e) for i, e in zip(places, own) if e
            )
            lone = inner.factors[0] if len(inner.factors) == 1 else None
            if not monomial_factors and lone and isinstance(lone[0], Sum) and lone[1] == 1:
                terms += [
                    Product(inner.coefficient * t.coefficient, t.factors) for t in lone[0].terms
                ]
                continue
            names = tuple(f for f in inner.factors if not isinstance(f[0], Sum))
            sums = tuple(f for f in inner.factors if isinstance(f[0], Sum))
            variable = kind == _VARIABLE
            order = (names, monomial_factors) if variable else (monomial_factors, names)
            terms.append(sign_inside(Product(inner.coefficient, (*order[0], *order[1], *sums))))
        return terms if falling else positive_first(terms)

    def as_it_stands(self, expr: sp.Expr) -> Product:
        """The tree of the expression itself, nothing expanded or factored."""
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
            coefficient = prod((part.coefficient for part in parts), start=Fraction(1))
            factors = sorted((f for p in parts for f in p.factors), key=factor_rank)
            return Product(coefficient, tuple(factors))
        terms = tuple(self.as_it_stands(a) for a in expr.as_ordered_terms())
        return Product(Fraction(1), ((Sum(terms), 1),))

    # -- order --

    def _name(self, symbol: sp.Symbol) -> Node:
        return self._nodes.get(symbol) or Name(symbol)

    def _rank(self, symbol: sp.Symbol) -> tuple[Any, ...]:
        node = self._nodes.get(symbol)
        if isinstance(node, Name):  # pi and other constants follow the rational coefficient
            return (0, str(node.symbol))
        if isinstance(node, Call) and node.function == "exp" and not node.arguments[0].factors:
            return (0, "exp")  # a power of e
        if node is not None:
            return (5, list(self._nodes).index(symbol))
        return name_rank(symbol)

    def _sum_rank(self, base: PolyElement) -> tuple[Any, ...]:
        symbols = [s for s, d in zip(base.ring.symbols, base.degrees()) if d]
        coefficients = [abs(int(c)) for _, c in base.terms()]
        degree = max(map(sum, base))
        return (len(base), degree, [self._rank(s) for s in symbols], coefficients)

    def _collected_in(self, base: PolyElement) -> tuple[int, list[int]]:
        """In which generators a sum is collected."""
        places = [i for i, d in enumerate(base.degrees()) if d]
        ranks = {i: self._rank(base.ring.symbols[i])[0] for i in places}
        symbols = base.ring.symbols
        roots = [i for i in places if isinstance(self._nodes.get(symbols[i]), Root)]
        if roots:
            return _ROOTS, roots
        cycles = [i for i in places if ranks[i] == 4][1:]
        if cycles:
            return _CYCLES, cycles
        parameters = [i for i in places if ranks[i] in (1, 2)]
        if set(ranks.values()) <= {1, 2, 3} and 0 < len(parameters) < len(places):
            return _PARAMETERS, parameters
        return _PLAIN, places


def _first_digits(root: sp.CRootOf) -> sp.Symbol:
    """A root of degree above two as it is shown among other factors, where its polynomial has no room."""
    return sp.Symbol(f"{float(root):.6g}")


def _radicand(expr: sp.Expr) -> Product:
    """1 - r^2 rather than -(r - 1)(r + 1) or (1 - r)(1 + r)."""
    product = arrange(expr)
    if expr.is_Add and (product.coefficient < 0 or (len(expr.args) == 2 and _is_turned_sums(product))):  # fmt: skip
        node = _Arranger().as_it_stands(expr).factors[0][0]
        if isinstance(node, Sum):
            terms = positive_first(list(node.terms))
            return Product(Fraction(1), ((Sum(tuple(terms)), 1),))
    return product


def _is_turned_sums(product: Product) -> bool:
    """Whether a product is one of several sums, one of which opens with its constant."""
    sums = [node for node, e in product.factors if isinstance(node, Sum) and e == 1]
    return 1 < len(sums) == len(product.factors) and any(not s.terms[0].factors for s in sums)


def _expanded_size(expr: sp.Expr) -> int:
    """A bound on the number of terms that expanding would give, at most the limit plus one."""
    cap = current().expanded_terms + 1
    if expr.is_Add:
        return min(cap, sum(_expanded_size(a) for a in expr.args))
    if expr.is_Mul:
        return min(cap, prod(map(_expanded_size, expr.args)))
    if expr.is_Pow and expr.exp.is_Integer:
        terms, exponent = _expanded_size(expr.base), abs(int(expr.exp))
        return 1 if terms == 1 else min(cap, comb(terms + exponent - 1, exponent))
    return 1
