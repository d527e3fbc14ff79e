r"""The derivation of the closed forms of kappa: from the eigenlearning equation to the positive root of a quadratic.

The equation itself is cited (Simon, Dickens, Karkada, DeWeese, *The Eigenlearning Framework*, TMLR 2023, arXiv 2110.03922); what follows from it is checked.
"""

from __future__ import annotations

from functools import partial

import sympy as sp

from symkern.bounds.eigenlearning import eigenlearning
from symkern.bounds.eigenlearning_exact import ExactEigenlearning
from symkern.claims import Derivation, Standing, Step, reference
from symkern.typeset import formula_latex


def kappa_derivation(found: ExactEigenlearning) -> Derivation:
    """The steps to kappa in closed form, checked at n = 1, 2, 5, 20 and the eigenvalues, multiplicities and ridge that are numbers.

    >>> from symkern.bounds import eigenlearning
    >>> bool(eigenlearning(["1/2"], [3], n=4, ridge="1/5").derivation().check())
    True
    """
    eigenvalues, counts, ridge = found.eigenvalues, found.multiplicities, found.ridge
    numbers = all(e.is_Rational for e in (*eigenvalues, *counts, ridge))
    sizes = {"n": (1, 2, 5, 20)} if numbers else {}
    terms = " + ".join(
        rf"\frac{{{formula_latex(m * e)}}}{{{formula_latex(e)} + \kappa}}"
        for e, m in zip(eigenvalues, counts, strict=True)
        if e != 0 and m != 0
    )
    equation = " + ".join(p for p in (terms, rf"\frac{{{formula_latex(ridge)}}}{{\kappa}}" if ridge != 0 else "") if p)  # fmt: skip
    steps = (
        Step(
            "the equation",
            r"\sum_i \frac{m_i \lambda_i}{\lambda_i + \kappa} + \frac{\delta}{\kappa} = n",
            r"$\kappa$ is the eigenvalue that is half learned; it holds in the mean over data sets for Gaussian features.",
            reference("simon2023"),
        ),
        Step(
            "here",
            f"{equation or '0'} = {formula_latex(found.n)}",
            r"The left side falls from infinity (from the rank, without ridge) to 0, so that one root is not negative. Denominators are cleared, and both sides compared exactly.",
            sides=partial(_balance, found) if numbers else None,
            sizes=sizes,
        ),
        Step(
            "the root",
            rf"\kappa = {formula_latex(found.kappa)}",
            "A polynomial of degree two at most; the other root is negative, since the constant term is. Checked by Newton's method on the equation, in floating point.",
            sides=partial(_floating, found) if numbers else None,
            sizes=sizes,
            tolerance=1e-9 if numbers else 0.0,
        ),
    )
    return Derivation("The eigenvalue that is half learned", steps, rf"\kappa = {formula_latex(found.kappa)}", Standing.CITED)  # fmt: skip


def _at(found: ExactEigenlearning, n: int) -> sp.Expr:
    """kappa at a number of samples."""
    return eigenlearning(
        list(found.eigenvalues), list(found.multiplicities), n=n, ridge=found.ridge
    ).kappa


def _balance(found: ExactEigenlearning, n: int) -> tuple[sp.Expr, sp.Expr] | None:
    """Both sides of the equation, its denominators cleared."""
    k = _at(found, n)
    if k == 0:
        return None  # the limit delta/kappa = n - rank
    above = sp.Mul(*(e + k for e in found.eigenvalues), k)
    pairs = zip(found.eigenvalues, found.multiplicities, strict=True)
    terms = [sp.cancel(m * e * above / (e + k)) for e, m in pairs]
    return sp.expand(sp.Add(*terms, found.ridge * sp.cancel(above / k))), sp.expand(n * above)


def _floating(found: ExactEigenlearning, n: int) -> tuple[float, float]:
    """The closed form, and Newton's method on the equation."""
    values, times = [float(e) for e in found.eigenvalues], [int(m) for m in found.multiplicities]
    solved = eigenlearning(values, times, n=float(n), ridge=float(found.ridge))
    return float(_at(found, n)), float(solved.kappa)
