r"""Leading behaviour of formulas as the context length grows.

For a rational function the leading term is the quotient of the leading terms. For the roots of a
polynomial sum_k a_k(L) x^k it is read off the Newton polygon: with d_k the degree of a_k in L, each edge of the
upper hull of the points (k, d_k), from k to k', carries k' - k roots x ~ c L^e with e = (d_k - d_k')/(k' - k) and
c a root of the edge polynomial, the leading coefficients of the a_j on the edge (Puiseux; Walker, *Algebraic Curves*, chapter IV).
Everything else, vocabulary and hyperparameters, is held fixed and generic: no leading
coefficient that is not identically zero is taken to vanish.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.errors import InvalidArgument
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    Branch,
    RationalFunction,
    branches,
    exact_expression,
    function_field,
)
from symkern.exact.written import fields_repr
from symkern.reading.annotated import typed
from symkern.reading.sequences import read_all
from symkern.typeset.plain import formula_text
from symkern.typeset.probability_signs import generic_probability
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class Leading(Shown):
    """The leading term ``coefficient * variable**exponent`` as ``variable`` goes to infinity.

    Attributes:
        exponent: of the variable.
        coefficient: None where it is a root, of degree above two, of a polynomial with symbols; a `Ball` where no polynomial is known.
        variable: what grows.
        edge: that polynomial, from the constant term up; of an algebraic number of such a degree its own.

    >>> from symkern.abc import L, alpha
    >>> leading(alpha*(L - 2)/(2*L**4))
    Leading(exponent=-3, coefficient=alpha/2, variable=L)
    """

    exponent: sp.Rational
    coefficient: sp.Expr | AlgebraicNumber | Ball | None
    variable: sp.Symbol = CONTEXT_LENGTH
    edge: tuple[RationalFunction, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    @typed
    def all_of(
        cls, exponent: sp.Rational, found: Iterable[Branch], variable: sp.Symbol
    ) -> list[Leading]:
        """One for each root of an edge polynomial, the largest first.

        Args:
            exponent: of the variable.
            found: the roots.
            variable: what grows.
        """
        terms = [
            cls(exponent, b.value, variable, b.minimal_polynomial if b.degree > 2 else ())
            for b in read_all(found, Branch, "found", "branches")
        ]
        if len(terms) < 2:
            return terms
        return sorted(terms, key=lambda term: sample_value(term.coefficient), reverse=True)

    @property
    def expression(self) -> sp.Expr | None:
        """The term as an expression; None when the coefficient is not written, or a root of a polynomial with long numbers."""
        if isinstance(self.coefficient, AlgebraicNumber):
            if self.coefficient.is_long:
                return None
            return self.coefficient.to_sympy() * self.variable**self.exponent
        if self.coefficient is None or isinstance(self.coefficient, Ball):
            return None
        return self.coefficient * self.variable**self.exponent

    @property
    def is_written(self) -> bool:
        """Whether the term is a formula without roots of degree above two."""
        return isinstance(self.coefficient, sp.Expr) and not self.coefficient.has(sp.CRootOf)

    @typed
    def cost(self, scale: sp.Expr = sp.S.One) -> Leading:
        """The leading term of ``scale`` over this one, without a root in the denominator where the root is that of a number.

        Args:
            scale: the numerator, an expression.

        >>> Leading(sp.Integer(-1), 2 - sp.sqrt(2)).cost()
        Leading(exponent=1, coefficient=sqrt(2)/2 + 1, variable=L)
        """
        value = self.coefficient
        if isinstance(value, AlgebraicNumber):
            value = None if value.is_long else scale * value.inverse().to_sympy()
        elif isinstance(value, Ball):  # a ball is multiplied by no symbol
            value = None
        elif value is not None:
            value = scale * _over(value)
        return Leading(-self.exponent, value, self.variable)

    @property
    def edge_polynomial(self) -> tuple[sp.Expr, ...]:
        """Where the coefficient has no formula (`is_written`), the polynomial that it is a root of, from the constant term up; else ().

        It divides the edge polynomial of the Newton polygon, and has no factors over the rational functions itself.

        >>> from symkern.abc import L, alpha
        >>> K = function_field((L, alpha))
        >>> newton_polygon([K(-alpha) * L, K(1), K(0), K(L)])[0].edge_polynomial
        (-alpha, 0, 0, 1)
        """
        return tuple(c.to_sympy() for c in self.edge)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        same = (self.exponent, self.variable) == (other.exponent, other.variable)
        return same and _same_formula(self.coefficient, other.coefficient)

    def __hash__(self) -> int:
        return hash((type(self), self.exponent, self.variable))

    def __repr__(self) -> str:
        return fields_repr(self)

    def _repr_latex_(self) -> str:
        from symkern.typeset import formula_latex

        expression = self.expression
        return "" if expression is None else f"${formula_latex(expression)}$"


def _same_formula(one: Any, other: Any) -> bool:
    """Whether two coefficients are equal, formulas factored in one way or another."""
    if one == other:
        return True
    if not (isinstance(one, sp.Expr) and isinstance(other, sp.Expr)):
        return False
    if one.free_symbols != other.free_symbols or one.has(sp.CRootOf) or other.has(sp.CRootOf):
        return False  # of a root of high degree the text has six digits
    return formula_text(one) == formula_text(other)


def _over(value: sp.Expr) -> sp.Expr:
    """1/(p + q sqrt(d)) as (p - q sqrt(d))/(p^2 - q^2 d), what has symbols kept apart; other expressions as they are."""
    if value.free_symbols:
        if not any(power.is_number and not power.is_Rational for power in value.atoms(sp.Pow)):
            return (
                1 / value
            )  # no root of a number; to look for common factors takes longer than all the rest
        apart = sp.factor_terms(value)
        number, rest = apart.as_independent(*value.free_symbols, as_Add=False)
        return 1 / value if number.is_Rational else _over(number) / rest
    if value.is_Rational:
        return 1 / value
    terms = dict(value.expand().as_coefficients_dict())
    p = terms.pop(sp.S.One, sp.S.Zero)
    if len(terms) != 1:
        return 1 / value
    [(root, q)] = terms.items()
    if not (root**2).is_Rational:
        return 1 / value
    return (p - q * root) / (p**2 - q**2 * root**2)


def degree_in(p: RationalFunction, variable: sp.Symbol) -> int:
    """Degree of a rational function in one variable: top minus bottom."""
    i = p.field.index.get(variable)
    if i is None:
        return 0
    return int(max(e[i] for e in p.num.to_dict()) - max(e[i] for e in p.den.to_dict()))


def leading_coefficient(p: RationalFunction, variable: sp.Symbol) -> RationalFunction:
    """The coefficient of the highest power of one variable, top over bottom."""
    i = p.field.index.get(variable)
    if i is None:
        return p
    parts = []
    for q in (p.num, p.den):
        terms = q.to_dict()
        top = max(e[i] for e in terms)
        kept = {(*e[:i], 0, *e[i + 1 :]): c for e, c in terms.items() if e[i] == top}
        parts.append(p.field.context.from_dict(kept))
    return RationalFunction.reduced(p.field, *parts)


@typed
def leading(formula: object, variable: sp.Symbol = CONTEXT_LENGTH) -> Leading:
    """Leading term of a rational function of ``variable``.

    Args:
        formula: a rational function, as text or a SymPy expression.
        variable: what grows; the length where nothing is said.

    Raises:
        InvalidArgument: zero, which has no leading term, and what is not a rational function.
    """
    if not isinstance(formula, RationalFunction):
        expression = exact_expression(formula, "formula")
        symbols = tuple(sorted(expression.free_symbols, key=lambda s: s.name))
        formula = function_field(symbols)(expression)
    if not formula:
        raise InvalidArgument("formula", "must not be zero, which has no leading term", "it is 0")
    return Leading(
        sp.Integer(degree_in(formula, variable)),
        leading_coefficient(formula, variable).to_sympy(),
        variable,
    )


@typed
def newton_polygon(
    coefficients: Sequence[RationalFunction], variable: sp.Symbol = CONTEXT_LENGTH
) -> list[Leading]:
    """Leading terms of all nonzero roots of a polynomial, largest first.

    Roots that are identically zero have no leading term and are left out.

    Args:
        coefficients: from the constant term up, over Q(variable, parameters).
        variable: what grows; the length where nothing is said.

    >>> from symkern.abc import L
    >>> K = function_field((L,))
    >>> newton_polygon([K(1), K(-L), K(1)])
    [Leading(exponent=1, coefficient=1, variable=L), Leading(exponent=-1, coefficient=1, variable=L)]
    """
    coefficients = read_all(coefficients, RationalFunction, "coefficients", "rational functions")
    points = [(k, degree_in(c, variable)) for k, c in enumerate(coefficients) if c]
    hull: list[tuple[int, int]] = []
    for point in points:
        while len(hull) > 1 and _turns_up(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    found: list[Leading] = []
    for (k0, d0), (k1, d1) in itertools.pairwise(hull):
        exponent = sp.Rational(d0 - d1, k1 - k0)
        over = coefficients[k0].field
        edge = [over.zero] * (k1 - k0 + 1)
        for k, d in points:
            if k0 <= k <= k1 and (d - d0) * (k1 - k0) == (d1 - d0) * (k - k0):
                edge[k - k0] = leading_coefficient(coefficients[k], variable)
        monic = [c / edge[-1] for c in edge]
        found += Leading.all_of(exponent, branches([monic], over), variable)
    return sorted(found, key=lambda term: -term.exponent)


def _turns_up(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    """Whether b lies on or below the segment from a to c (then it is no vertex of the upper hull)."""
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])


def sample_value(value: sp.Expr | AlgebraicNumber | Ball | None) -> float:
    """A number to order expressions by: every symbol is given a fixed generic positive value, probabilities such that sum to less than 1.

    It decides only in which order branches are listed, never what they are.
    """
    if value is None:
        return float("-inf")
    if isinstance(value, (AlgebraicNumber, Ball)):
        return float(value)
    return float(sp.re(value.evalf(30, subs=sample_point(value.free_symbols))))


def sample_point(symbols: Iterable[sp.Symbol]) -> dict[sp.Symbol, sp.Rational]:
    """Those generic values: of hyperparameters too they are probabilities, since a law of tokens may take their symbols for some."""
    found = {}
    for s in symbols:
        chance = generic_probability(s)
        known = _SAMPLE.get(s.name, sp.Rational(7, 6))
        found[s] = known if chance is None else sp.Rational(chance.numerator, chance.denominator)
    return found


#: Any positive symbol but a size may be a probability of a law: with p, q and lam all sum to less than 1.
_SAMPLE = {
    "L": sp.S(10**6), "v": sp.S(97), "alpha": sp.Rational(1, 29), "beta": sp.Rational(10, 261), "gamma": sp.Rational(1, 24),
    "w": sp.Rational(1, 25), "b": sp.Rational(1, 26), "sigma2": sp.Rational(1, 27),
}  # fmt: skip
