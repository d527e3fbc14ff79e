"""Polynomials, by Wick's theorem, and normalised Hermite polynomials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import sympy as sp

from symkern.abc import x
from symkern.errors import InvalidArgument, displayed
from symkern.kernels.activations.activation import Activation
from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.kernels.gaussian import dual_terms
from symkern.typeset import formula_latex, formula_text


@dataclass(frozen=True)
class Polynomial(Activation):
    """A polynomial in x, whose coefficients are formulas."""

    certified = True

    expression: sp.Expr = x

    def __str__(self) -> str:
        return formula_text(self.expression)

    @property
    def degree(self) -> int:  # type: ignore[override]
        """The degree in x, 0 of the polynomial 0."""
        phi = sp.Poly(self.expression, x)
        return 0 if phi.is_zero else int(phi.degree())

    def latex(self) -> str:
        """The polynomial in t."""
        t = sp.Symbol("t")
        return formula_latex(self.expression.subs(x, t), t)

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """``function`` of each coefficient, up to its rational factor."""
        found = []
        for (power,), c in sp.Poly(self.expression, x).terms():
            rational, rest = sp.expand(c).as_coeff_Mul()
            found.append(rational * function(rest) * x**power)
        return type(self)(sp.Add(*found))

    def entry(self, a: Algebra) -> EntryMap:
        """The sum of `symkern.kernels.gaussian.dual_terms`."""
        return expectation(a, dual_terms(self.expression))

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """The same of one entry."""
        return self.entry(a)(r, p, q)

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """The same of the derivative."""
        return expectation(a, dual_terms(sp.diff(self.expression, x)))(r, p, q)


@dataclass(frozen=True)
class Quadratic(Polynomial):
    """x^2."""

    name: ClassVar[str] = "quadratic"
    certified = True

    expression: sp.Expr = x**2

    def __str__(self) -> str:
        return self.name

    @property
    def formulas(self) -> list[sp.Expr]:
        """None: it is one polynomial."""
        return []

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """Itself."""
        return self


def expectation(a: Algebra, terms: list[tuple[sp.Expr, int, int, int]]) -> EntryMap:
    """A sum of c r^i p^j q^k as a function of (r, p, q)."""
    given = [(a.number(c, "activation"), powers) for c, *powers in terms]
    zero = a.number(sp.S.Zero)

    def summed(*numbers: Any) -> Any:
        total = zero
        for term, powers in given:
            for number, power in zip(numbers, powers, strict=True):
                if power:
                    term = term * number**power
            total = total + term
        return total

    return summed


@dataclass(frozen=True)
class Hermite(Activation):
    """he_k(x/sqrt p)/sqrt(k!), the k-th Hermite polynomial of the normalised input, orthonormal under its law."""

    name = "hermite"
    certified = True
    example = "3"

    order: sp.Expr = sp.S.One

    def __post_init__(self) -> None:
        if not (self.order.is_Integer and 0 <= self.order <= 1000):
            rule = "must be an integer from 0 to 1000"
            raise InvalidArgument("hermite", rule, f"it is {displayed(self.order)}")

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """Itself."""
        return self

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """c^k, c = r/sqrt(pq)."""
        k = int(self.order)
        return a.cosine(r, p, q) ** k if k else r * 0 + 1

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """k c^(k-1)/sqrt(pq)."""
        k = int(self.order)
        if k == 0:
            return r * 0
        first = 1 / a.functions["sqrt"](p * q)
        return first * k if k == 1 else a.cosine(r, p, q) ** (k - 1) * first * k
