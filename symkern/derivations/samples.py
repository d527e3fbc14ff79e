r"""The derivations of what an eigenvalue costs in samples, and of what n samples teach: ridge regression in the mean over data sets."""

from __future__ import annotations

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds.laws import learnability_law, samples_law
from symkern.claims import Derivation, Step, reference
from symkern.derivations.evidence import full_sample, learned_share
from symkern.typeset import formula_latex


def samples_derivation(value: sp.Expr, cost: sp.Expr) -> Derivation:
    """The steps to `symkern.bounds.laws.samples_law`."""
    law = samples_law(value, cost)
    return Derivation(
        "Samples that an eigenvalue costs", learning_steps(cost), law.latex(), law.standing
    )


def share_derivation(value: sp.Expr, cost: sp.Expr, samples: object) -> Derivation:
    """The steps to `symkern.bounds.laws.learnability_law`."""
    law = learnability_law(value, cost, samples)
    return Derivation(
        "The share that n samples teach", learning_steps(cost)[:1], law.latex(), law.standing
    )


def learning_steps(ridge: sp.Expr = sigma2) -> tuple[Step, ...]:
    """From ridge regression to the samples that an eigenvalue costs."""
    r = formula_latex(ridge)
    return (
        Step(
            "what n samples teach",
            rf"\mathrm{{Lrn}} = \frac{{\lambda}}{{\lambda + {r}/n}}",
            "Kernel ridge regression with the kernel matrix replaced by its mean over data sets multiplies each eigenfunction by this factor; it is exact when all sequences occur equally often among the $n$ samples, which is how it is checked.",
            reference("rasmussen2006", "section 7.1"),
            sides=full_sample,
            sizes={"copies": (1, 2, 3)},
        ),
        Step(
            "half of it",
            rf"n = \frac{{{r}}}{{\lambda}} \cdot \frac{{\mathrm{{Lrn}}}}{{1 - \mathrm{{Lrn}}}}, \qquad n = \frac{{{r}}}{{\lambda}} \text{{ for }} \mathrm{{Lrn}} = \tfrac12",
            "The share grows with $n$ from 0 to 1, and the equation is solved for $n$.",
            sides=learned_share,
            sizes={"percent": (10, 50, 90)},
        ),
    )  # fmt: skip
