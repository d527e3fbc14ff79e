r"""The derivation of the lower bound on the samples of any data set, judged under a symmetric law."""

from __future__ import annotations

import sympy as sp

from symkern.bounds.laws import cross_dataset_law
from symkern.claims import Derivation, Step, reference
from symkern.derivations.evidence import (
    overlap_of_predictor,
    squared_overlap_bound,
    squared_samples,
)


def cross_dataset_derivation(value: sp.Expr, cost: sp.Expr) -> Derivation:
    """The steps to `symkern.bounds.laws.cross_dataset_law`."""
    law = cross_dataset_law(value, cost)
    title = "Samples of any data set, judged under a symmetric law"
    return Derivation(title, cross_dataset_steps(), law.latex(), law.standing)


def cross_dataset_steps() -> tuple[Step, ...]:
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
            sides=overlap_of_predictor,
            sizes=seeds,
        ),
        Step(
            "Cauchy and Schwarz",
            r"|\langle \hat f, \varphi_t \rangle_q| \leq \frac{\lambda_t}{\sigma^2} \Bigl(\sum_i \varphi_t(x_i)^2 \sum_i y_i^2\Bigr)^{1/2} = \frac{n \lambda_t}{\sigma^2} \sqrt{\mathbb{E}_D \varphi_t^2\, \mathbb{E}_D y^2}",
            r"$K$ is positive semidefinite, so that $(K + \sigma^2 I)^{-1}$ has norm at most $1/\sigma^2$. Squares of both sides are compared.",
            reference("lavie2024data"),
            sides=squared_overlap_bound,
            sizes=seeds,
            relation="<=",
        ),
        Step(
            "solved for the samples",
            r"n \geq \frac{\sigma^2\, \mathrm{Lrn}\, |\langle y, \varphi_t \rangle_q|}{\lambda_t \sqrt{\mathbb{E}_D \varphi_t^2\, \mathbb{E}_D y^2}}",
            r"What is learned is to be the share $\mathrm{Lrn}$ of the target's overlap, $|\langle \hat f, \varphi_t \rangle_q| \geq \mathrm{Lrn}\, |\langle y, \varphi_t \rangle_q|$. Squares are compared on random data.",
            sides=squared_samples,
            sizes=seeds,
            relation=">=",
        ),
    )  # fmt: skip
