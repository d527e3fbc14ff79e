r"""The derivations of the laws of `symkern.bounds.laws`: dimensions, the trace bound, samples, any data set, copying.

Each function takes what the law's claim is about and states the steps to it; `evidence` computes both sides of them.
"""

from __future__ import annotations

from functools import partial

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import sigma2
from symkern.bounds import laws
from symkern.bounds.dimensions import dimension
from symkern.claims import Derivation, ScalingLaw, Step, reference
from symkern.combinatorics import Partition
from symkern.derivations import evidence
from symkern.exact import exact_expression
from symkern.typeset import formula_latex, irrep_latex, irrep_text


def _to(title: str, steps: tuple[Step, ...], law: ScalingLaw) -> Derivation:
    return Derivation(title, steps, law.latex(), law.standing)


def dimension_derivation(shape: Partition) -> Derivation:
    """The steps to `symkern.bounds.laws.dimension_law`."""
    law = laws.dimension_law(shape)
    return _to(f"The dimension of {irrep_text(shape)}", _dimension_steps(shape), law)


def _dimension_steps(shape: Partition) -> tuple[Step, ...]:
    """From hook lengths to a polynomial in L."""
    formula = _polynomial(shape)
    first = max(shape.threshold, 1)
    return (
        Step(
            "hook lengths",
            rf"\dim {irrep_latex(shape)} = \frac{{L!}}{{\prod_{{\square}} h(\square)}}",
            "The dimension is the number of standard tableaux, and the hook length formula counts them.",
            f"{reference('frame1954')}; {reference('sagan2001', 'section 3.10')}",
            sides=partial(evidence.tableaux_and_hooks, shape),
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


def trace_bound_derivation(shape: Partition, power: sp.Expr) -> Derivation:
    """The steps to `symkern.bounds.laws.trace_law`."""
    law = laws.trace_law(shape, power)
    steps = (*_trace_bound_steps(shape), *_dimension_steps(shape))
    return _to(f"The trace bound on the irrep {irrep_text(shape)}", steps, law)


def _trace_bound_steps(shape: Partition) -> tuple[Step, ...]:
    """From the trace of a symmetric operator to a bound on its eigenvalues."""
    first = max(shape.threshold, 2)
    sizes = {"L": range(first, max(first, 4) + 1), "v": (2, 3)}
    return (
        Step(
            "the trace, irrep by irrep",
            r"\mathbb{E}\, k(x,x) = \operatorname{tr} T = \sum_R \dim R \cdot \operatorname{tr} T_R",
            r"$T$ commutes with $S_L$, so by Schur's lemma it acts on the copies of $R$ as a matrix $T_R$, each eigenvalue $\dim R$ times.",
            reference("lavie2024"),
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


def samples_derivation(value: sp.Expr, cost: sp.Expr) -> Derivation:
    """The steps to `symkern.bounds.laws.samples_law`."""
    law = laws.samples_law(value, cost)
    return _to("Samples that an eigenvalue costs", learning_steps(cost), law)


def share_derivation(value: sp.Expr, cost: sp.Expr, samples: object) -> Derivation:
    """The steps to `symkern.bounds.laws.learnability_law`."""
    law = laws.learnability_law(value, cost, samples)
    return _to("The share that n samples teach", learning_steps(cost)[:1], law)


def learning_steps(ridge: sp.Expr = sigma2) -> tuple[Step, ...]:
    """From ridge regression to the samples that an eigenvalue costs."""
    r = formula_latex(ridge)
    return (
        Step(
            "what n samples teach",
            rf"\mathrm{{Lrn}} = \frac{{\lambda}}{{\lambda + {r}/n}}",
            "Kernel ridge regression with the kernel matrix replaced by its mean over data sets multiplies each eigenfunction by this factor; it is exact when all sequences occur equally often among the $n$ samples, which is how it is checked.",
            reference("rasmussen2006", "section 7.1"),
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


def cross_dataset_derivation(value: sp.Expr, cost: sp.Expr) -> Derivation:
    """The steps to `symkern.bounds.laws.cross_dataset_law`."""
    law = laws.cross_dataset_law(value, cost)
    title = "Samples of any data set, judged under a symmetric law"
    return _to(title, _cross_dataset_steps(), law)


def _cross_dataset_steps() -> tuple[Step, ...]:
    """From the predictor to the samples it needs."""
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
            reference("lavie2024data"),
            sides=evidence.overlap_of_predictor,
            sizes=seeds,
        ),
        Step(
            "Cauchy and Schwarz",
            r"|\langle \hat f, \varphi_t \rangle_q| \leq \frac{\lambda_t}{\sigma^2} \Bigl(\sum_i \varphi_t(x_i)^2 \sum_i y_i^2\Bigr)^{1/2} = \frac{n \lambda_t}{\sigma^2} \sqrt{\mathbb{E}_D \varphi_t^2\, \mathbb{E}_D y^2}",
            r"$K$ is positive semidefinite, so that $(K + \sigma^2 I)^{-1}$ has norm at most $1/\sigma^2$. Squares of both sides are compared.",
            reference("lavie2024data"),
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


def copying_derivation(trace: object, ridge: object, learnability: object) -> Derivation:
    """The steps to `symkern.bounds.laws.copying_law`."""
    law = laws.copying_law(trace, ridge, learnability)
    return _to("Samples that copying costs", _copying_steps(), law)


def _copying_steps() -> tuple[Step, ...]:
    return (
        Step(
            "where copying lives",
            r"[x_a = t] - \tfrac1v - \tfrac1L \sum_b \bigl([x_b = t] - \tfrac1v\bigr) \in (L-1,1) \otimes (v-1,1)",
            "What a copying head must tell apart, which token stands at which position, has mean zero over the positions and over the tokens.",
            reference("lavie2024data"),
            sides=evidence.copying_span,
            sizes={"L": (2, 3, 4), "v": (2, 3)},
        ),
        Step(
            "the trace bound on the product of the groups",
            r"\lambda \leq \frac{\mathbb{E}_q\, k(x,x)}{(L-1)(v-1)}",
            r"A kernel that is symmetric under $S_L \times S_v$ has each eigenvalue of $(L-1,1) \otimes (v-1,1)$ at least $(L-1)(v-1)$ times. Checked on $k(x,y) = \#\{a : x_a = y_a\}$.",
            reference("lavie2024"),
            sides=evidence.product_trace_bound,
            sizes={"L": (2, 3), "v": (2, 3)},
            relation="<=",
        ),
        *_cross_dataset_steps()[1:],
    )  # fmt: skip
