r"""The derivation of dim mu[L]: from hook lengths to a polynomial in L."""

from __future__ import annotations

from functools import partial

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.bounds.dimensions import dimension
from symkern.bounds.laws import dimension_law
from symkern.claims import Derivation, Step, reference
from symkern.combinatorics import Partition
from symkern.derivations.evidence import tableaux_and_hooks
from symkern.exact import exact_expression
from symkern.typeset import formula_latex, irrep_latex, irrep_text


def dimension_derivation(shape: Partition) -> Derivation:
    """The steps to `symkern.bounds.laws.dimension_law`."""
    law = dimension_law(shape)
    return Derivation(
        f"The dimension of {irrep_text(shape)}", dimension_steps(shape), law.latex(), law.standing
    )


def dimension_steps(shape: Partition) -> tuple[Step, ...]:
    """From hook lengths to a polynomial in L."""
    formula = _polynomial(shape)
    first = max(shape.threshold, 1)
    return (
        Step(
            "hook lengths",
            rf"\dim {irrep_latex(shape)} = \frac{{L!}}{{\prod_{{\square}} h(\square)}}",
            "The dimension is the number of standard tableaux, and the hook length formula counts them.",
            f"{reference('frame1954')}; {reference('sagan2001', 'section 3.10')}",
            sides=partial(tableaux_and_hooks, shape),
            sizes={"L": range(first, first + 4)},
        ),
        Step(
            "a long first row",
            rf"\dim {irrep_latex(shape)} = {formula_latex(formula)}",
            rf"Of the hooks of the first row only $|\mu| + \mu_1 = {shape.threshold}$ differ from those of a row, so that all but $|\mu| = {shape.size}$ factors of $L!$ cancel.",
            sides=partial(_by_both, shape),
            sizes={"L": range(first, first + 30)},
        ),
    )  # fmt: skip


def _polynomial(shape: Partition) -> sp.Expr:
    return exact_expression(dimension(shape, CONTEXT_LENGTH), "dimension")


def _by_both(shape: Partition, L: int) -> tuple[int, sp.Expr]:
    """The dimension by hook lengths at one length; the polynomial there."""
    return shape.padded(L).dimension, _polynomial(shape).subs(CONTEXT_LENGTH, L)
