"""A wide layer with an activation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import sympy as sp

from symkern.abc import namespace, parse, x
from symkern.errors import InvalidArgument
from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.kernels.gaussian import dual_terms
from symkern.kernels.stages.arguments import Argument, argument, readable_formula
from symkern.kernels.stages.stage import Entrywise
from symkern.typeset import formula_text

ACTIVATIONS = ("quadratic", "relu", "erf")


class _Activation(Argument):
    """One of `ACTIVATIONS`, or a polynomial in x."""

    examples = ("quadratic", "x^2 + x")
    others = ("relu", "erf")

    def checked(self, value: Any, name: str) -> str | sp.Expr:
        """The name, or the polynomial expanded: one form for one polynomial, however it was written."""
        if isinstance(value, str):
            if value in ACTIVATIONS:
                return value
            if value.isidentifier() and value not in namespace:
                rule = f"must be one of {', '.join(ACTIVATIONS)} or a polynomial in x"
                raise InvalidArgument(name, rule, f"it is {value!r}")
            value = parse(value, name)
        expression = readable_formula(value, name)
        if not expression.is_polynomial(x):
            raise InvalidArgument(name, "must be a polynomial in x", f"it is {expression}")
        return sp.expand(expression)

    def read(self, text: str, name: str) -> Any:
        """A name as it stands, a polynomial by `symkern.abc.parse`."""
        return text if text.isidentifier() else parse(text, name)

    def text(self, value: Any) -> str:
        """The name or the formula."""
        return value if isinstance(value, str) else formula_text(value)


@dataclass(frozen=True)
class MLP(Entrywise):
    """A wide layer with an activation phi: "quadratic", "relu", "erf" or a polynomial in x (text or SymPy).

    K'_ab = E phi(u) phi(w), (u, w) Gaussian with variances K_aa(x, x), K_bb(y, y) and covariance K_ab; after a readout the same of k.
    """

    name = "mlp"
    certified = True
    uses_variances = True

    activation: str | sp.Expr = argument(_Activation())

    @property
    def polynomial(self) -> sp.Expr | None:
        """The activation as a polynomial in x, or None for relu and erf."""
        if self.activation == "quadratic":
            return x**2
        return None if isinstance(self.activation, str) else self.activation

    @property
    def degree(self) -> int | None:  # type: ignore[override]
        """The degree of the activation."""
        if self.polynomial is None:
            return None
        phi = sp.Poly(self.polynomial, x)
        return 0 if phi.is_zero else int(phi.degree())

    def gap(self, algebra: str) -> str | None:
        """Other activations than polynomials leave the match counts."""
        return super().gap(algebra) and "this activation is no polynomial"

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """``function`` of each coefficient, up to its rational factor."""
        if isinstance(self.activation, str):
            return self
        found = []
        for (power,), c in sp.Poly(self.activation, x).terms():
            rational, rest = sp.expand(c).as_coeff_Mul()
            found.append(rational * function(rest) * x**power)
        return type(self)(sp.Add(*found))

    def entry(self, algebra: Algebra) -> EntryMap:
        """E phi(u) phi(w), polynomials by Wick's theorem."""
        phi = self.polynomial
        if phi is None:
            assert isinstance(self.activation, str)
            return algebra.duals[self.activation]
        terms = [(algebra.number(c, "activation"), powers) for c, *powers in dual_terms(phi)]
        zero = algebra.number(sp.S.Zero)

        def expectation(*numbers: Any) -> Any:
            total = zero
            for term, powers in terms:
                for number, power in zip(numbers, powers, strict=True):
                    if power:
                        term = term * number**power
                total = total + term
            return total

        return expectation

    def certificate(self) -> list[Any]:
        """With the polynomial in the place of its name."""
        phi = self.polynomial
        return [self.name, {"activation": self.activation if phi is None else formula_text(phi)}]
