r"""The derivation of the sharpness that a family demands: its average sensitivity, the limit, and the theorem, which is cited."""

from __future__ import annotations

from functools import partial

from symkern.bounds.sensitivity.sharpness import Sharpness
from symkern.claims import Derivation, Step
from symkern.derivations.sensitivity import family_derivation
from symkern.limits import current
from symkern.typeset import formula_latex


def sharpness_derivation(found: Sharpness) -> Derivation:
    """How the number comes about: the average sensitivity of the family, its limit, and the theorem.

    >>> from symkern.bounds.sensitivity import sharpness
    >>> [step.name for step in sharpness_derivation(sharpness("parity")).steps][-2:]
    ['the limit', 'the theorem']
    """
    steps = (
        *family_derivation(found.family).steps,
        Step(
            "the limit",
            rf"\liminf_{{n \to \infty}} \frac{{\operatorname{{as}}(f_n)}}{{2n}} = {formula_latex(found.value)}",
            r"By the closed form. Checked at some $n$: the quotient is within $c/\sqrt n$ of the limit.",
            sides=partial(_near, found),
            sizes={"n": (101, 1000, 10_001)},
            relation="<=",
            tolerance=1e-12,
        ),
        Step(
            "the theorem",
            found.statement,
            r"$L_\rho$ is the mean square change of the output under a random change of length $\rho$ of the parameters, $d$ the width; the "
            r"order of limits is part of the statement: $n$ grows first, and $\rho$ shrinks afterwards.",
            found.reference,
        ),
    )
    title = f"The sharpness that {found.family.name} demands"
    return Derivation(title, steps, found.statement, found.standing)


def _near(found: Sharpness, n: int) -> tuple[float, float] | None:
    """How far as(f_n)/(2n) is from the limit; how far it may be."""
    if n > current().evidence_form_bits or not found.family.threshold_size <= n:
        return None
    room = (1 + found.family.threshold_size) / n**0.5
    return abs(float(found.at(n)) - float(found.value)), room
