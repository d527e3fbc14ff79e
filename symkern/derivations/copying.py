r"""The derivation of the lower bound on the samples that teach a head to copy."""

from __future__ import annotations

from symkern.bounds.laws import copying_law
from symkern.claims import Derivation, Step, reference
from symkern.derivations.cross_dataset import cross_dataset_steps
from symkern.derivations.evidence import copying_span, product_trace_bound


def copying_derivation(trace: object, ridge: object, learnability: object) -> Derivation:
    """The steps to `symkern.bounds.laws.copying_law`."""
    law = copying_law(trace, ridge, learnability)
    return Derivation("Samples that copying costs", _steps(), law.latex(), law.standing)


def _steps() -> tuple[Step, ...]:
    return (
        Step(
            "where copying lives",
            r"[x_a = t] - \tfrac1v - \tfrac1L \sum_b \bigl([x_b = t] - \tfrac1v\bigr) \in (L-1,1) \otimes (v-1,1)",
            "What a copying head must tell apart, which token stands at which position, has mean zero over the positions and over the tokens.",
            reference("lavie2024data"),
            sides=copying_span,
            sizes={"L": (2, 3, 4), "v": (2, 3)},
        ),
        Step(
            "the trace bound on the product of the groups",
            r"\lambda \leq \frac{\mathbb{E}_q\, k(x,x)}{(L-1)(v-1)}",
            r"A kernel that is symmetric under $S_L \times S_v$ has each eigenvalue of $(L-1,1) \otimes (v-1,1)$ at least $(L-1)(v-1)$ times. Checked on $k(x,y) = \#\{a : x_a = y_a\}$.",
            reference("lavie2024"),
            sides=product_trace_bound,
            sizes={"L": (2, 3), "v": (2, 3)},
            relation="<=",
        ),
        *cross_dataset_steps()[1:],
    )  # fmt: skip
