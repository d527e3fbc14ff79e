r"""The formulas of this room as laws with their derivations: dimension, trace bound, samples of an eigenvalue, cross-dataset bound, copying.

A law is a `ScalingLaw`; ``law.derivation()`` lists the steps, and ``law.derivation().check()`` computes both sides of each step by different code, one
of them by brute force (`symkern.derivations.evidence`).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy as sp

from symkern.abc import L, n, sigma2, v
from symkern.bounds.cross_dataset import copying
from symkern.bounds.dimensions import dimension
from symkern.bounds.samples import samples_to_learn
from symkern.claims.derivation import Derivation, Standing, Step
from symkern.claims.scaling_law import ScalingLaw
from symkern.combinatorics import Partition
from symkern.derivations import evidence
from symkern.errors import InvalidArgument
from symkern.exact import exact_at_least, exact_expression
from symkern.exact.asymptotics import Leading, leading
from symkern.typeset import formula_latex, irrep_latex, irrep_text

__all__ = [
    "copying_law",
    "cross_dataset_law",
    "dimension_law",
    "dimension_steps",
    "learnability_law",
    "learning_steps",
    "samples_law",
    "trace_law",
    "trace_steps",
]

_LENGTH = L
_A = "Lavie, Gur-Ari, Ringel, ICML 2024, arXiv 2402.05173"
_B = "Lavie, Ringel, arXiv 2406.02663"
_RIDGE = "Rasmussen, Williams, Gaussian Processes for Machine Learning, section 7.1"


def dimension_law(mu: object) -> ScalingLaw:
    """dim (L-|mu|, mu) as a polynomial in L, with its leading term f^mu/|mu|! L^|mu|.

    >>> print(dimension_law((2, 1)))
    dim (L-3,2,1) = L*(L - 2)*(L - 4)/3 ~ L^3/3  (L >= 5, proved)
    >>> bool(dimension_law((2, 1)).derivation().check(L=(5, 6)))
    True
    """
    shape = Partition.read(mu, "mu")
    formula = exact_expression(dimension(shape, L), "dimension")
    return ScalingLaw(
        f"dim {irrep_text(shape)}",
        formula,
        leading(formula),
        {"L": max(shape.threshold, 1)},
        Standing.PROVED,
        symbol=rf"\dim {irrep_latex(shape)}",
        proof=partial(_dimension_derivation, shape),
    )


def dimension_steps(shape: Partition) -> tuple[Step, ...]:
    """From hook lengths to a polynomial in L."""
    formula = exact_expression(dimension(shape, L), "dimension")
    first = max(shape.threshold, 1)
    return (
        Step(
            "hook lengths",
            rf"\dim {irrep_latex(shape)} = \frac{{L!}}{{\prod_{{\square}} h(\square)}}",
            "The dimension is the number of standard tableaux, and the hook length formula counts them.",
            "Frame, Robinson, Thrall 1954; Sagan, The Symmetric Group, section 3.10",
            sides=partial(evidence.tableaux_and_hooks, shape),
            sizes={"L": range(first, first + 4)},
        ),
        Step(
            "a long first row",
            rf"\dim {irrep_latex(shape)} = {formula_latex(formula)}",
            rf"Of the hooks of the first row only $|\mu| + \mu_1 = {shape.threshold}$ differ from those of a row, so that all but $|\mu| = {shape.size}$ factors of $L!$ cancel.",
            sides=lambda L: (shape.padded(L).dimension, formula.subs(_LENGTH, L)),
            sizes={"L": range(first, first + 30)},
        ),
    )  # fmt: skip


def _dimension_derivation(shape: Partition) -> Derivation:
    law = dimension_law(shape)
    return Derivation(
        f"The dimension of {irrep_text(shape)}", dimension_steps(shape), law.latex(), law.standing
    )


def trace_law(mu: object, trace: object = 1) -> ScalingLaw:
    """The bound lambda <= E k(x, x)/dim mu[L] on every eigenvalue in an irrep; ``trace`` is E k(x, x), with L in it or not.

    >>> print(trace_law((1, 1)))
    lambda <= 2/((L - 1)*(L - 2)) ~ 2/L^2  (L >= 3, proved)
    """
    shape = Partition.read(mu, "mu")
    power = exact_at_least(trace, "trace")
    if power == 0 or (power.is_number and not power > 0):
        raise InvalidArgument("trace", "must be positive", f"it is {power}")
    formula = power / dimension(shape, L)
    return ScalingLaw(
        "lambda",
        formula,
        leading(formula),
        {"L": max(shape.threshold, 1)},
        Standing.PROVED,
        relation="<=",
        symbol=rf"\lambda_{{{irrep_latex(shape)}}}",
        proof=partial(_trace_derivation, shape, power),
    )


def trace_steps(shape: Partition) -> tuple[Step, ...]:
    """From the trace of a symmetric operator to a bound on its eigenvalues."""
    first = max(shape.threshold, 2)
    sizes = {"L": range(first, max(first, 4) + 1), "v": (2, 3)}
    return (
        Step(
            "the trace, irrep by irrep",
            r"\mathbb{E}\, k(x,x) = \operatorname{tr} T = \sum_R \dim R \cdot \operatorname{tr} T_R",
            r"$T$ commutes with $S_L$, so by Schur's lemma it acts on the copies of $R$ as a matrix $T_R$, each eigenvalue $\dim R$ times.",
            _A,
            sides=evidence.trace_by_irreps,
            sizes=sizes,
        ),
        Step(
            "no term is negative",
            rf"\dim {irrep_latex(shape)} \cdot \lambda \leq \dim {irrep_latex(shape)} \cdot \operatorname{{tr}} T_R \leq \mathbb{{E}}\, k(x,x)",
            r"A kernel is positive semidefinite, so that an eigenvalue is at most the trace of its block, and the block's share of the trace at most the whole.",
            sides=partial(evidence.largest_and_trace, shape),
            sizes=sizes,
            relation="<=",
            tolerance=1e-9,
        ),
    )  # fmt: skip


def _trace_derivation(shape: Partition, power: sp.Expr) -> Derivation:
    law = trace_law(shape, power)
    steps = (*trace_steps(shape), *dimension_steps(shape))
    return Derivation(
        f"The trace bound on the irrep {irrep_text(shape)}", steps, law.latex(), law.standing
    )


def learning_steps(ridge: sp.Expr = sigma2) -> tuple[Step, ...]:
    """From ridge regression to the samples that an eigenvalue costs."""
    r = formula_latex(ridge)
    return (
        Step(
            "what n samples teach",
            rf"\mathrm{{Lrn}} = \frac{{\lambda}}{{\lambda + {r}/n}}",
            "Kernel ridge regression with the kernel matrix replaced by its mean over data sets multiplies each eigenfunction by this factor; it is exact when all sequences occur equally often among the $n$ samples, which is how it is checked.",
            _RIDGE,
            sides=evidence.full_sample,
            sizes={"copies": (1, 2, 3)},
        ),
        Step(
            "half of it",
            rf"n = \frac{{{r}}}{{\lambda}} \cdot \frac{{\mathrm{{Lrn}}}}{{1 - \mathrm{{Lrn}}}}, \qquad n = \frac{{{r}}}{{\lambda}} \text{{ for }} \mathrm{{Lrn}} = \tfrac12",
            "The share grows with $n$ from 0 to 1, and the equation is solved for $n$.",
            sides=evidence.learned_share,
            sizes={"percent": (10, 50, 90)},
        ),
    )  # fmt: skip


def samples_law(eigenvalue: object, ridge: object = sigma2) -> ScalingLaw:
    """Samples n = ridge/eigenvalue to half learn an eigenfunction, for an eigenvalue that is a formula in L.

    >>> from symkern.abc import L
    >>> print(samples_law(1/(L - 1)))
    n = sigma2*(L - 1) ~ sigma2*L  (proved)
    """
    value, cost = exact_at_least(eigenvalue, "eigenvalue"), exact_at_least(ridge, "ridge")
    formula = exact_expression(samples_to_learn(value, cost), "n")
    grown: Leading | None = leading(formula) if formula.has(L) else None

    def proof() -> Derivation:
        law = samples_law(value, cost)
        return Derivation(
            "Samples that an eigenvalue costs", learning_steps(cost), law.latex(), law.standing
        )

    return ScalingLaw("n", formula, grown, {}, Standing.PROVED, proof=proof)


def _cross_dataset_steps() -> tuple[Step, ...]:
    seeds = {"seed": range(12)}
    return (
        Step(
            "the predictor",
            r"\hat f(x) = \sum_i k(x, x_i)\, a_i, \qquad a = (K + \sigma^2 I)^{-1} y",
            r"Kernel ridge regression on any $n$ samples $(x_i, y_i)$, with $K_{ij} = k(x_i, x_j)$.",
        ),
        Step(
            "seen under the symmetric law",
            r"\langle \hat f, \varphi_t \rangle_q = \lambda_t \sum_i a_i\, \varphi_t(x_i)",
            r"$\varphi_t$ is an eigenfunction under $q$: $\mathbb{E}_{x \sim q}\, k(x, x_i) \varphi_t(x) = \lambda_t \varphi_t(x_i)$.",
            _B,
            sides=evidence.overlap_of_predictor,
            sizes=seeds,
        ),
        Step(
            "Cauchy and Schwarz",
            r"|\langle \hat f, \varphi_t \rangle_q| \leq \frac{\lambda_t}{\sigma^2} \Bigl(\sum_i \varphi_t(x_i)^2 \sum_i y_i^2\Bigr)^{1/2} = \frac{n \lambda_t}{\sigma^2} \sqrt{\mathbb{E}_D \varphi_t^2\, \mathbb{E}_D y^2}",
            r"$K$ is positive semidefinite, so that $(K + \sigma^2 I)^{-1}$ has norm at most $1/\sigma^2$. Squares of both sides are compared.",
            _B,
            sides=evidence.squared_overlap_bound,
            sizes=seeds,
            relation="<=",
        ),
        Step(
            "solved for the samples",
            r"n \geq \frac{\sigma^2\, \mathrm{Lrn}\, |\langle y, \varphi_t \rangle_q|}{\lambda_t \sqrt{\mathbb{E}_D \varphi_t^2\, \mathbb{E}_D y^2}}",
            r"What is learned is to be the share $\mathrm{Lrn}$ of the target's overlap, $|\langle \hat f, \varphi_t \rangle_q| \geq \mathrm{Lrn}\, |\langle y, \varphi_t \rangle_q|$. Squares are compared on random data.",
            sides=evidence.squared_samples,
            sizes=seeds,
            relation=">=",
        ),
    )  # fmt: skip


def cross_dataset_law(eigenvalue: object, ridge: object = sigma2) -> ScalingLaw:
    """The lower bound n >= ridge/(2 eigenvalue) on the samples of any data set, for a normalised target and a share of one half.

    >>> from symkern.abc import L
    >>> print(cross_dataset_law(1/L**2))
    n >= sigma2*L^2/2  (proved)
    """
    value, cost = exact_at_least(eigenvalue, "eigenvalue"), exact_at_least(ridge, "ridge")
    formula = exact_expression(samples_to_learn(value, cost), "n") / 2
    grown: Leading | None = leading(formula) if formula.has(L) else None

    def proof() -> Derivation:
        law = cross_dataset_law(value, cost)
        return Derivation(
            "Samples of any data set, judged under a symmetric law",
            _cross_dataset_steps(),
            law.latex(),
            law.standing,
        )

    return ScalingLaw("n", formula, grown, {}, Standing.PROVED, relation=">=", proof=proof)


def copying_law(
    trace: object = 1, ridge: object = sigma2, learnability: object = "1/2"
) -> ScalingLaw:
    """The lower bound sigma^2 Lrn (L-1)(v-1)/E_q k on the samples that teach a head to copy.

    >>> print(copying_law())
    n >= sigma2*(L - 1)*(v - 1)/2 ~ sigma2*L*(v - 1)/2  (L >= 2, v >= 2, proved)
    """
    formula = exact_expression(
        copying(L, v, trace=trace, ridge=ridge, learnability=learnability), "n"
    )

    def proof() -> Derivation:
        law = copying_law(trace, ridge, learnability)
        return Derivation("Samples that copying costs", _copying_steps(), law.latex(), law.standing)

    return ScalingLaw(
        "n", formula, leading(formula), {"L": 2, "v": 2}, Standing.PROVED, relation=">=", proof=proof
    )  # fmt: skip


def _copying_steps() -> tuple[Step, ...]:
    return (
        Step(
            "where copying lives",
            r"[x_a = t] - \tfrac1v - \tfrac1L \sum_b \bigl([x_b = t] - \tfrac1v\bigr) \in (L-1,1) \otimes (v-1,1)",
            "What a copying head must tell apart, which token stands at which position, has mean zero over the positions and over the tokens.",
            _B,
            sides=evidence.copying_span,
            sizes={"L": (2, 3, 4), "v": (2, 3)},
        ),
        Step(
            "the trace bound on the product of the groups",
            r"\lambda \leq \frac{\mathbb{E}_q\, k(x,x)}{(L-1)(v-1)}",
            r"A kernel that is symmetric under $S_L \times S_v$ has each eigenvalue of $(L-1,1) \otimes (v-1,1)$ at least $(L-1)(v-1)$ times. Checked on $k(x,y) = \#\{a : x_a = y_a\}$.",
            _A,
            sides=evidence.product_trace_bound,
            sizes={"L": (2, 3), "v": (2, 3)},
            relation="<=",
        ),
        *_cross_dataset_steps()[1:],
    )  # fmt: skip


def learnability_law(eigenvalue: object, ridge: object = sigma2, samples: object = n) -> ScalingLaw:
    """The share of an eigenfunction that n samples teach, as a law in L.

    >>> from symkern.abc import L
    >>> print(learnability_law(1/L))
    Lrn = n/(sigma2*L + n) ~ n/(sigma2*L)  (proved)
    """
    from symkern.bounds.samples import learnability

    value = exact_at_least(eigenvalue, "eigenvalue")
    formula = exact_expression(learnability(value, ridge, samples), "learnability")
    cost = exact_at_least(ridge, "ridge")

    def proof() -> Derivation:
        law = learnability_law(value, cost, samples)
        return Derivation(
            "The share that n samples teach", learning_steps(cost)[:1], law.latex(), law.standing
        )

    grown: Any = leading(formula) if formula != 0 and formula.has(L) else None
    return ScalingLaw("Lrn", formula, grown, {}, Standing.PROVED, symbol=r"\mathrm{Lrn}", proof=proof)  # fmt: skip
