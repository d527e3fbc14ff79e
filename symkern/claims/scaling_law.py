"""Scaling laws: a formula in the context length that knows its leading term, where it holds, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from symkern.claims.claim import Claim
from symkern.claims.derivation import Standing
from symkern.doors import ScalingLawDoors
from symkern.errors import InvalidArgument
from symkern.exact import AlgebraicNumber, Ball
from symkern.exact.asymptotics import Leading
from symkern.exact.written import readable_repr

_RELATIONS = {"=": "=", "<=": r"\leq", ">=": r"\geq"}


@dataclass(frozen=True)
class ScalingLaw(ScalingLawDoors):
    r"""``quantity`` = ``formula`` ~ ``leading`` as L grows, exact from L = ``threshold`` on.

    ``formula`` is None where the quantity has no written closed form (a root of degree above two);
    ``leading`` is there all the same, and where its coefficient is not written the law says the order of growth. Where only a number is known, to a proven radius, it is ``value`` times ``unit``. ``threshold`` maps size symbols to the first value that holds. ``relation`` is "<=" or ">=" where the
    formula is a bound; ``symbol`` is the quantity in LaTeX where its name is not. ``claim`` names what proves it, and `derivation` gives the steps.

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
        if self.relation not in _RELATIONS:
            raise InvalidArgument(
                "relation", f"must be one of {', '.join(_RELATIONS)}", f"it is {self.relation!r}"
            )

    def __repr__(self) -> str:
        pieces = [
            repr(self.quantity),
            readable_repr(self.formula),
            repr(self.leading),
            repr(self.threshold),
            repr(self.standing),
        ]
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

    def latex(self) -> str:
        """As one line of LaTeX mathematics, with the sizes from which it holds."""
        from symkern.typeset import formula_latex

        pieces = [self.symbol or self.quantity]
        if self.formula is not None:
            pieces.append(f"{_RELATIONS[self.relation]} {formula_latex(self.formula)}")
        elif self.value is not None:
            unit = "" if self.unit == 1 else rf" \, {formula_latex(self.unit)}"
            pieces.append(f"{_RELATIONS[self.relation]} {self.value.latex()}{unit}")
        term = None if self.leading is None else self.leading.expression
        if term is not None and term != self.formula:
            pieces.append(rf"\sim {formula_latex(term)}")
        elif term is None and self.leading is not None:
            power = formula_latex(self.leading.variable**self.leading.exponent)
            pieces.append(rf"\asymp {power}")
        if self.threshold:
            holds = r",\ ".join(rf"{s} \geq {k}" for s, k in self.threshold.items())
            pieces.append(rf"\qquad ({holds})")
        return " ".join(pieces)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        from symkern.typeset import formula_text

        pieces = [self.quantity]
        if self.formula is not None:
            pieces.append(f"{self.relation} {formula_text(self.formula)}")
        elif self.value is not None:
            unit = "" if self.unit == 1 else f"*{formula_text(self.unit)}"
            pieces.append(f"{self.relation} {self.value.digits()}{unit}")
        term = None if self.leading is None else self.leading.expression
        if term is not None and term != self.formula:
            pieces.append(f"~ {formula_text(term)}")
        elif term is None and self.leading is not None:
            power = formula_text(self.leading.variable**self.leading.exponent)
            pieces.append(f"of the order of {power}")
        holds = ", ".join(f"{s} >= {k}" for s, k in self.threshold.items())
        return f"{' '.join(pieces)}  ({', '.join(p for p in (holds, self.standing.value) if p)})"
