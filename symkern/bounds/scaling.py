"""Scaling laws: a formula in the context length that knows its leading term and where it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from symkern.bounds.asymptotics import Leading
from symkern.derivations import Standing

__all__ = ["ScalingLaw"]


@dataclass(frozen=True)
class ScalingLaw:
    r"""``quantity`` = ``formula`` ~ ``leading`` as L grows, exact from L = ``threshold`` on.

    ``formula`` is None where the quantity has no written closed form (a root of degree above two);
    ``leading`` is there all the same. ``threshold`` maps size symbols to the first value that holds.

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

    @property
    def exponent(self) -> sp.Rational | None:
        """Power of L, everything else fixed; None when no length is left in the formula."""
        return None if self.leading is None else self.leading.exponent

    @property
    def coefficient(self) -> sp.Expr | None:
        """Coefficient of that power."""
        return None if self.leading is None else self.leading.coefficient

    def latex(self) -> str:
        """As one line of LaTeX mathematics."""
        from symkern.typeset import formula_latex

        pieces = [self.quantity]
        if self.formula is not None:
            pieces.append(f"= {formula_latex(self.formula)}")
        if self.leading is not None and self.leading.expression is not None:
            pieces.append(rf"\sim {formula_latex(self.leading.expression)}")
        return " ".join(pieces)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        from symkern.typeset import formula_text

        pieces = [self.quantity]
        if self.formula is not None:
            pieces.append(f"= {formula_text(self.formula)}")
        if self.leading is not None and self.leading.expression is not None:
            pieces.append(f"~ {formula_text(self.leading.expression)}")
        holds = ", ".join(f"{s} >= {k}" for s, k in self.threshold.items())
        return f"{' '.join(pieces)}  ({', '.join(p for p in (holds, self.standing.value) if p)})"
