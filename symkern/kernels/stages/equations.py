r"""How the equation of a stage is written: the state that it finds and the state that it leaves, with their indices, in LaTeX.

K^{(i)}_{ab}(x, y) is the covariance after stage i at positions a of x and b of y, k^{(i)}(x, y) the value once one number is read of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symkern.typeset.tex import formula_latex


@dataclass(frozen=True)
class State:
    """A state of a pipeline as its symbol, ``K^{(1)}``; ``is_read`` where it is one number and has no positions."""

    symbol: str
    is_read: bool = False

    def at(self, a: str = "a", b: str = "b", x: str = "x", y: str = "y") -> str:
        """Its entry at positions of two sequences.

        >>> print(State("K").at(), State("k", is_read=True).at(y="x"))
        K_{ab}(x,y) k(x,x)
        """
        place = "" if self.is_read else f"_{{{a}{b}}}"
        return f"{self.symbol}{place}({x},{y})"


def multiple(factor: sp.Expr, latex: str, bias: sp.Expr) -> str:
    r"""A factor times what stands in LaTeX, plus a bias; ones and zeros are not written.

    >>> from symkern.abc import alpha, b
    >>> print(multiple(alpha + 1, "K", b), multiple(sp.S.One, "K", sp.S.Zero))
    (\alpha + 1) K + b K
    """
    shown = formula_latex(factor)
    if factor == 1:
        shown = latex
    elif factor == 0:
        shown = "0"
    else:
        shown = f"({shown}) {latex}" if factor.is_Add else f"{shown} {latex}"
    if bias == 0:
        return shown
    return formula_latex(bias) if shown == "0" else f"{shown} + {formula_latex(bias)}"
