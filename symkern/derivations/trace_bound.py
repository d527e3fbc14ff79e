r"""The derivation of the trace bound on the eigenvalues in an irrep of the positions."""

from __future__ import annotations

from functools import partial

import sympy as sp

from symkern.bounds.laws import trace_law
from symkern.claims import Derivation, Step, reference
from symkern.combinatorics import Partition
from symkern.derivations.dimension import dimension_steps
from symkern.derivations.evidence import largest_and_trace, trace_by_irreps
from symkern.typeset import irrep_latex, irrep_text


def trace_bound_derivation(shape: Partition, power: sp.Expr) -> Derivation:
    """The steps to `symkern.bounds.laws.trace_law`."""
    law = trace_law(shape, power)
    steps = (*_steps(shape), *dimension_steps(shape))
    return Derivation(
        f"The trace bound on the irrep {irrep_text(shape)}", steps, law.latex(), law.standing
    )


def _steps(shape: Partition) -> tuple[Step, ...]:
    """From the trace of a symmetric operator to a bound on its eigenvalues."""
    first = max(shape.threshold, 2)
    sizes = {"L": range(first, max(first, 4) + 1), "v": (2, 3)}
    return (
        Step(
            "the trace, irrep by irrep",
            r"\mathbb{E}\, k(x,x) = \operatorname{tr} T = \sum_R \dim R \cdot \operatorname{tr} T_R",
            r"$T$ commutes with $S_L$, so by Schur's lemma it acts on the copies of $R$ as a matrix $T_R$, each eigenvalue $\dim R$ times.",
            reference("lavie2024"),
            sides=trace_by_irreps,
            sizes=sizes,
        ),
        Step(
            "no term is negative",
            rf"\dim {irrep_latex(shape)} \cdot \lambda \leq \dim {irrep_latex(shape)} \cdot \operatorname{{tr}} T_R \leq \mathbb{{E}}\, k(x,x)",
            r"A kernel is positive semidefinite, so that an eigenvalue is at most the trace of its block, and the block's share of the trace at most the whole.",
            sides=partial(largest_and_trace, shape),
            sizes=sizes,
            relation="<=",
            tolerance=1e-9,
        ),
    )  # fmt: skip
