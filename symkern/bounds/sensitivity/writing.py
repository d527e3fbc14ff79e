"""Closed forms with binomial coefficients, as LaTeX and as text."""

from __future__ import annotations

import sympy as sp

from symkern.exact.exact_arguments import sympified
from symkern.typeset import formula_latex, formula_text

_WRITTEN = (sp.Piecewise, sp.KroneckerDelta)


def closed_form_latex(value: object) -> str:
    r"""LaTeX for math mode; cases as SymPy writes them, the rest as everywhere.

    >>> from symkern.abc import n
    >>> print(closed_form_latex(sp.binomial(n, 2)/n), closed_form_latex(1/n))
    \frac{\binom{n}{2}}{n} \frac{1}{n}
    """
    expression = sympified(value)
    if expression.has(*_WRITTEN):
        return str(sp.latex(expression))
    return formula_latex(expression)


def closed_form_text(value: object) -> str:
    """One line of text."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return formula_text(sympified(value))
