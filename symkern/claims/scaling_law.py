"""Scaling laws: a formula in the context length that knows its leading term, where it holds, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import sympy as sp

from symkern.claims.claim import Claim
from symkern.claims.derivation import Standing
from symkern.doors import ScalingLawDoors
from symkern.errors import InvalidArgument
from symkern.exact import AlgebraicNumber, Ball
from symkern.exact.asymptotics import Leading
from symkern.exact.written import readable_repr
from symkern.reading.annotated import typed
from symkern.reading.sequences import require_types
from symkern.typeset import formula_latex, formula_text
from symkern.typeset.shown import Written, displays

_RELATIONS = {"=": "=", "<=": r"\leq", ">=": r"\geq"}


@dataclass(frozen=True)
@typed
class ScalingLaw(ScalingLawDoors, Written):
    r"""``quantity`` = ``formula`` ~ ``leading`` as L grows, exact from L = ``threshold`` on.

    Attributes:
        quantity: its name.
        formula: None where it has no written closed form (a root of degree above two).
        leading: there all the same; where its coefficient is not written the law says the order of growth.
        threshold: size symbols with the first value that holds.
        standing: how it is known.
        relation: "<=" or ">=" where the formula is a bound.
        symbol: the quantity in LaTeX where its name is not.
        value: where only a number is known, to a proven radius, this times ``unit``; beside a ``leading`` without coefficient that is the
            coefficient.
        unit: the symbols of that number.
        claim: what proves it; `derivation` gives the steps.

    >>> from symkern.abc import L, sigma2
    >>> from symkern.bounds import leading
    >>> law = ScalingLaw("n", L*(L - 1)*sigma2, leading(L*(L - 1)*sigma2), {"L": 2}, Standing.PROVED)
    >>> law.exponent
    2
    >>> print(law)
    n = sigma2*L*(L - 1) ~ sigma2*L^2  (L >= 2, proved)
    """

    quantity: str
    formula: sp.Expr | None
    leading: Leading | None
    threshold: dict[str, int] = field(hash=False)
    standing: Standing
    relation: str = "="
    symbol: str = ""
    value: Ball | None = None
    unit: sp.Expr = sp.S.One
    claim: Claim | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        require_types(self, quantity=str, formula=sp.Expr | int | None, leading=Leading | None)
        require_types(self, threshold=dict, standing=Standing, relation=str, symbol=str)
        if self.relation not in _RELATIONS:
            rule = f"must be one of {', '.join(_RELATIONS)}"
            raise InvalidArgument("relation", rule, f"it is {self.relation!r}")

    def __repr__(self) -> str:
        first = (self.quantity, self.formula, self.leading, self.threshold, self.standing)
        pieces = list(map(readable_repr, first))
        pieces += [f"relation={self.relation!r}"] if self.relation != "=" else []
        pieces += [f"symbol={self.symbol!r}"] if self.symbol else []
        pieces += [f"value={self.value!r}"] if self.value is not None else []
        pieces += [f"unit={readable_repr(self.unit)}"] if self.unit != 1 else []
        return f"ScalingLaw({', '.join(pieces)})"

    @property
    def exponent(self) -> sp.Rational | None:
        """Power of L, everything else fixed; None when no length is left in the formula."""
        return None if self.leading is None else self.leading.exponent

    @property
    def coefficient(self) -> sp.Expr | AlgebraicNumber | None:
        """Coefficient of that power."""
        return None if self.leading is None else self.leading.coefficient

    @displays
    def latex(self) -> str:
        """As one line of LaTeX mathematics, with the sizes from which it holds."""
        number = "" if self.value is None else self.value.latex()
        words = (_RELATIONS[self.relation], r" \, ", r"\sim", r"\asymp")
        pieces = [self.symbol or self.quantity, *self._terms(formula_latex, number, *words)]
        if self.threshold:
            holds = r",\ ".join(rf"{s} \geq {k}" for s, k in self.threshold.items())
            pieces.append(rf"\qquad ({holds})")
        return " ".join(pieces)

    def _terms(
        self, written: Callable[..., str], number: str, is_: str, times: str, as_: str, order: str
    ) -> list[str]:
        """What the quantity is, and how it grows, with formulas ``written`` and these words between."""
        found = []
        if self.formula is not None:
            found.append(f"{is_} {written(self.formula)}")
        elif self.value is not None:
            grown = self.leading
            unit = self.unit
            if grown is not None:
                unit *= grown.variable**grown.exponent
            shown = "" if unit == 1 else f"{times}{written(unit)}"
            if shown.startswith("*1/"):
                shown = shown.removeprefix("*1")
            found.append(f"{is_ if grown is None else as_} {number}{shown}")
        term = None if self.leading is None else self.leading.expression
        if term is not None and term != self.formula:
            found.append(f"{as_} {written(term)}")
        elif term is None and self.leading is not None and self.value is None:
            found.append(f"{order} {written(self.leading.variable**self.leading.exponent)}")
        return found

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        number = "" if self.value is None else self.value.digits()
        terms = self._terms(formula_text, number, self.relation, "*", "~", "of the order of")
        pieces = [self.quantity, *terms]
        holds = ", ".join(f"{s} >= {k}" for s, k in self.threshold.items())
        return f"{' '.join(pieces)}  ({', '.join(p for p in (holds, self.standing.value) if p)})"
