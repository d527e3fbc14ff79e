r"""The sharpness of transformers that compute sensitive functions: a published lower bound, cited.

Let T_theta be a transformer with parameters theta, with layer norm, whose outputs approximate f_n : {+1, -1}^n -> [-1, 1] for every n, and let

    L_rho(T) = E_x E_{|Delta| = rho} (T_{theta + Delta}(x) - T_theta(x))^2

be the mean change of its output under a random change of its parameters of length rho. Then

    lim_{rho -> 0} liminf_{n -> infinity} L_rho(T) >= liminf_{n -> infinity} as(f_n)/(2n) - C exp(-Omega(d)),

d the width and C the number of layers up to a constant. The order of limits matters: n grows first, at a fixed rho, and rho shrinks
afterwards. (Hahn, Rofin, *Why are Sensitive Functions Hard for Transformers?*, ACL 2024, arXiv 2402.09963.) The statement is
quoted, not proved here; exact are the numbers as(f_n)/(2n) and their limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.abc import n as SIZE
from symkern.bounds.sensitivity.families import Family
from symkern.bounds.sensitivity.measures import average, read_function
from symkern.claims import Claim, Standing, reference
from symkern.doors import SharpnessDoors
from symkern.errors import NoClosedForm
from symkern.exact import exact_size
from symkern.reading.annotated import typed
from symkern.typeset import formula_latex
from symkern.typeset.shown import Written, displays


@dataclass(frozen=True)
@typed
class Sharpness(SharpnessDoors, Written):
    """The lower bound for one family: ``value`` is liminf as(f_n)/(2n), to which the loss landscape's sharpness cannot be inferior."""

    family: Family
    value: sp.Rational
    standing: Standing = Standing.CITED
    reference: str = reference("hahn2024", title=True)

    def __repr__(self) -> str:
        return f"sharpness({self.family!r})"

    @property
    def order_of_limits(self) -> str:
        """Which limit is taken first."""
        return "n to infinity first, at a fixed length rho of the perturbation; rho to 0 afterwards"

    @property
    def statement(self) -> str:
        """The theorem for this family, as LaTeX mathematics."""
        return (
            r"\lim_{\rho \to 0} \liminf_{n \to \infty} L_{\rho}(T) \ge "
            r"\liminf_{n \to \infty} \frac{\operatorname{as}(f_n)}{2n} - \text{(layers)} \, e^{-\Omega(d)} = "
            rf"{formula_latex(self.value)} - \text{{(layers)}} \, e^{{-\Omega(d)}}"
        )

    @displays
    def latex(self) -> str:
        """The statement with the definition of L_rho."""
        return (
            r"L_{\rho}(T) = \mathbb{E}_x \, \mathbb{E}_{|\Delta| = \rho} "
            r"\bigl(T_{\theta + \Delta}(x) - T_{\theta}(x)\bigr)^2, \qquad " + self.statement
        )

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("sharpness", (self,))

    def at(self, n: Any) -> sp.Expr:
        """as(f_n)/(2n) at one size; the theorem speaks of its limit alone.

        Args:
            n: the number of signs.
        """
        return average(self.family, n) / (2 * exact_size(n, "n"))

    def __str__(self) -> str:
        return (
            f"sharpness of {self.family.name}: at least {self.value} - (layers) exp(-Omega(width)) "
            f"({self.standing.value}; {self.order_of_limits})"
        )


def sharpness(f: Any) -> Sharpness:
    """The lower bound on the sharpness of a transformer that computes a family of functions.

    Args:
        f: a family, its name, or a product of distinct entries such as "x1*x3".

    Raises:
        NoClosedForm: another function, which has no limit in n.

    >>> sharpness("parity").value, sharpness("majority").value
    (1/2, 0)
    >>> print(sharpness("first").standing)
    cited
    """
    family = read_function(f, SIZE)
    if not isinstance(family, Family):
        raise NoClosedForm(
            "sharpness: the bound is a limit in n and needs a family (parity, majority, first, mean, threshold(k), a product of distinct entries); "
            "average(f, n)/(2 n) is what one function contributes"
        )
    return Sharpness(family, family.limit)
