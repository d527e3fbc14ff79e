"""A wide layer with an activation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import sympy as sp

from symkern.abc import namespace, parse, x
from symkern.errors import InvalidArgument, displayed
from symkern.kernels.activations import ACTIVATIONS, Activation
from symkern.kernels.activations.polynomials import Polynomial
from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.kernels.stages.arguments import (
    Argument,
    argument,
    polynomial_formula,
    readable_formula,
)
from symkern.kernels.stages.equations import State
from symkern.kernels.stages.stage import Entrywise
from symkern.reading.spelling import did_you_mean
from symkern.reading.stages import StageText, read_call
from symkern.typeset import formula_text


class _ActivationArgument(Argument):
    """One of `ACTIVATIONS` with its arguments, or a polynomial in x."""

    examples = ("quadratic", "x^2 + x")

    @property
    def others(self) -> tuple[str, ...]:  # type: ignore[override]
        """All that are no polynomials."""
        return tuple(
            f"{name}({kind.example})" if kind.example else name
            for name, kind in ACTIVATIONS.items()
            if name != "quadratic"
        )

    def checked(self, value: Any, name: str) -> Activation:
        """The activation; a polynomial expanded: one form for one polynomial, however it was written."""
        if isinstance(value, Activation):
            return value
        if isinstance(value, str):
            call = read_call(value)
            if call is not None and call.name in ACTIVATIONS:
                return _named(call, name)
            if value.isidentifier() and value not in namespace:
                rule = f"must be one of {', '.join(ACTIVATIONS)} or a polynomial in x"
                raise InvalidArgument(
                    name, rule, f"it is {displayed(value)}{did_you_mean(value, ACTIVATIONS)}"
                )
            value = parse(value, name)
        expression = polynomial_formula(value, name)
        if not expression.is_polynomial(x):
            raise InvalidArgument(
                name, "must be a polynomial in x", f"it is {displayed(expression)}"
            )
        return Polynomial(sp.expand(expression))

    def read(self, text: str, name: str) -> Any:
        """The text itself, read when it is checked."""
        return text


def _named(call: StageText, argument: str) -> Activation:
    """An activation by name, ``leaky_relu(1/10)``."""
    kind = ACTIVATIONS[call.name]
    takes = [] if issubclass(kind, Polynomial) else [f.name for f in fields(kind)]
    if len(call.arguments) > len(takes):
        rule = f"{call.name} takes {len(takes) or 'no'} argument{'s' * (len(takes) != 1)}"
        raise InvalidArgument(argument, rule, f"it is given {len(call.arguments)}")
    given = {
        field: readable_formula(parse(written.text, argument), argument)
        for field, written in zip(takes, call.arguments, strict=False)
    }
    return kind(**given)


@dataclass(frozen=True)
class MLP(Entrywise):
    """A wide layer with an activation phi by its name (relu, leaky_relu(1/10), abs, sign, step, erf, gelu, exp, sin, cos, hermite(3), quadratic) or a polynomial in x.

    K'_ab = E phi(u) phi(w), (u, w) Gaussian with variances K_aa(x, x), K_bb(y, y) and covariance K_ab; after a readout the same of k.

    Args:
        activation: one of these names, with its argument in parentheses where it has one, or a polynomial in x as text or SymPy expression.

    Raises:
        InvalidArgument: another name.
    """

    name = "mlp"
    uses_variances = True

    activation: Activation = argument(_ActivationArgument())

    @property
    def certified(self) -> bool:  # type: ignore[override]
        """The checker has a rule for each of the package's own."""
        return self.activation.certified

    @property
    def formulas(self) -> dict[str, sp.Expr]:
        """Those of the activation; none where it has a name and no arguments."""
        return {f"activation{i or ''}": e for i, e in enumerate(self.activation.formulas)}

    @property
    def degree(self) -> int | None:  # type: ignore[override]
        """The degree of the activation."""
        return self.activation.degree

    def gap(self, algebra: str) -> str | None:
        """Other activations than polynomials leave the match counts."""
        return super().gap(algebra) and "this activation is no polynomial"

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """``function`` of each argument of the activation."""
        return replace(self, activation=self.activation.with_formulas(function))

    def equation(self, states: Sequence[State]) -> str:
        """E phi(u) phi(z), with the activation and the covariance of (u, z)."""
        K = states[-1]
        first, last = K.at("a", "a", "x", "x"), K.at("b", "b", "y", "y")
        covariance = rf"\begin{{pmatrix}} {first} & {K.at()} \\ {K.at()} & {last} \end{{pmatrix}}"
        pair = rf"(u, z) \sim \mathcal{{N}}\left(0, {covariance}\right)"
        return rf"\mathbb{{E}}\, \phi(u) \phi(z), \quad \phi(t) = {self.activation.latex()}, \quad {pair}"

    def entry(self, algebra: Algebra) -> EntryMap:
        """E phi(u) phi(w)."""
        return self.activation.entry(algebra)

    def slope(self, algebra: Algebra) -> EntryMap:
        """E phi'(u) phi'(w)."""
        return lambda r, p, q: self.activation.slope(algebra, r, p, q)

    def certificate(self) -> list[Any]:
        """With the polynomial in the place of its name."""
        phi = self.activation
        super().certificate()
        written = formula_text(phi.expression) if isinstance(phi, Polynomial) else str(phi)
        return [self.name, {"activation": written}]
