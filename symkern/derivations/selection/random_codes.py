"""The derivation of the loss of a head whose positions carry random codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection.codes.code_floors import deception, deception_bound
from symkern.bounds.selection.codes.code_nodes import equal_scores
from symkern.bounds.selection.codes.random_codes import random_codes
from symkern.claims import Derivation, Step, reference
from symkern.derivations.selection.code_sums import (
    descent_over_codes,
    loss_over_codes,
    moments_over_codes,
    sign_codes,
    too_many,
)

_STEPS, _RATE = 40, 0.5


def _reduction_sides(T: int, d: int, q: int, m: int) -> tuple[Any, Any] | None:
    """W and V after gradient descent on all entries, over all codes of signs, and their parts along I."""
    if q > T or d > 3 or too_many(m, T):
        return None
    W, V = descent_over_codes(sign_codes(T, m), d, q, _STEPS, _RATE / d)
    inside = (np.trace(W) / m * np.eye(m)).ravel(), (np.trace(V) / d * np.eye(d)).ravel()
    return np.concatenate([W.ravel(), V.ravel()]), np.concatenate(inside)


def _loss_sides(T: int, d: int, q: int, m: int) -> tuple[Any, Any] | None:
    """The loss at W = a I, V = c I over all codes, and by the two averages over all codes."""
    if q > T or d > 3 or too_many(m, T):
        return None
    codes = sign_codes(T, m)
    found, expected = [], []
    for a, c in ((0.5, 0.8), (2.0, 1.3)):
        A, B = moments_over_codes(codes, a, q)
        found.append(loss_over_codes(codes, a * np.eye(m), c * np.eye(d), q))
        expected.append(d * (c * c * A - 2 * c * B + 1 / q))
    return found, expected


def _integral_sides(T: int, q: int, m: int) -> tuple[Any, Any] | None:
    """The averages over all codes, and by integrals in s."""
    if q > min(T, 4) or too_many(m, T):
        return None
    codes, head = sign_codes(T, m), random_codes(T, 1, q, m, codes="rademacher")
    scores = (0.0, 0.7, 2.0)
    found = [x for a in scores for x in moments_over_codes(codes, a, q)]
    return found, [x for a in scores for x in head.moments(a)]


def _excess_sides(T: int, q: int, m: int) -> tuple[Any, Any] | None:
    """The loss over all codes, and by F0, F1, F2, FR."""
    if q > min(T, 2) or too_many(m, T):
        return None
    codes, head = sign_codes(T, m), random_codes(T, 1, q, m, codes="rademacher")
    points = ((0.5, 0.9), (1.5, 1.2))
    found = [loss_over_codes(codes, a * np.eye(m), np.array([[c]]), q) for a, c in points]
    return found, [head.loss(a, c) for a, c in points]


def _length_sides(q: int, m: int) -> tuple[Any, Any] | None:
    """E |w_y|^2 by the nodes of b, and q (m-2)/(m-q-1), from the mean of an inverse Wishart matrix."""
    if not 2 <= q < m - 1 or m > 200:
        return None
    mean = sum(node.weight * node.rho**2 for node in equal_scores(m, q, "dual"))
    return mean, q * (m - 2) / (m - q - 1)


def _bound_sides(q: int, m: int) -> tuple[Any, Any] | None:
    if not 2 <= q < m or m > 1000:
        return None
    return deception(m, q), deception_bound(m, q)


def _hard_sides(q: int) -> tuple[Any, Any] | None:
    """The least c^2 A - 2 c B + 1/q at A = (1-f)/q + f, B = (1-f)/q, f a symbol."""
    f = sp.Symbol("f", positive=True)
    A, B = (1 - f) / q + f, (1 - f) / q
    return sp.Rational(1, q) - B**2 / A, f * (q + 1 - f) / (q * (1 - f + q * f))


def derivation() -> Derivation:
    """The steps from W and V to two averages, and to the floor."""
    small = {"T": (3, 4), "d": (1, 2), "q": (1, 2, 3), "m": (2, 3)}
    return Derivation(
        "A head with random codes",
        (
            Step(
                "the model",
                r"\hat f = V \sum_i p_i x_i, \quad p = \operatorname{softmax}_i(z_i^{\mathsf T} W u), \qquad u = \sum_{i \in y} z_i "
                r"\quad\text{or}\quad u = Z_y (Z_y^{\mathsf T} Z_y)^{-1} 1",
                r"The codes $z_i$ are independent unit vectors, and the loss is averaged over them. The second query is dual to the codes of $y$; which one is trained in the paper is not known here.",
                reference("wang2024"),
            ),
            Step(
                "two numbers",
                r"W(t) = a(t)\, I_m, \qquad V(t) = c(t)\, I_d",
                r"The law of the codes is invariant under a group that acts absolutely irreducibly on $\mathbb R^m$, and the tokens under $O(d)$; so the loss is invariant, its gradient at "
                r"multiples of the unit matrices is one of them (Schur's lemma), and the flow from zero stays there.",
                sides=_reduction_sides,
                sizes=small,
                tolerance=1e-12,
            ),
            Step(
                "the loss",
                r"\ell = d\,(c^2 A - 2 c B + \tfrac1q), \qquad A = \mathbb E \sum_i p_i^2, \quad B = \tfrac1q\, \mathbb E \sum_{i \in y} p_i",
                r"The matrices in front of the $x_i$ are $(c p_i - [i \in y]/q)\, I_d$.",
                sides=_loss_sides,
                sizes=small,
                tolerance=1e-13,
            ),
            Step(
                "the averages",
                r"\mathbb E\Bigl[\sum_{i \in y} p_i \Bigm| Z_y\Bigr] = \int_0^\infty v e^{-s v} M(s)^{T-q}\, ds, \qquad M(s) = \mathbb E\, e^{-s w}",
                r"$v/(v + w_1 + \dots + w_{T-q}) = \int_0^\infty v e^{-s v} \prod_j e^{-s w_j}\, ds$, and given $Z_y$ the other weights are independent; $\sum_i p_i^2$ likewise, with a factor $s$.",
                sides=_integral_sides,
                sizes={"T": (3, 4), "q": (1, 2, 3), "m": (1, 2, 3)},
                tolerance=1e-12,
            ),
            Step(
                "without cancellation",
                r"\ell/d = q e^2 F_0 - 2 e F_1 + F_2/q + (1+e)^2 F_R, \qquad c = 1 + e",
                r"Equal in-scores are divided out; $F_0, F_1, F_2, F_R$ are the means of $1, S, S^2, R$ over $(q + S)^2$, $S$ and $R$ the sums of the other weights and of their squares.",
                sides=_excess_sides,
                sizes={"T": (3, 4), "q": (1, 2), "m": (2, 3)},
                tolerance=1e-12,
            ),
            Step(
                "the length of the dual query",
                r"|u|^{-2} \sim \mathrm{Beta}\Bigl(\frac{m-q+1}2, \frac{(q-1)(m-1)}2\Bigr), \qquad \mathbb E |u|^2 = \frac{q (m-2)}{m-q-1}",
                r"$1/(1^{\mathsf T} G^{-1} 1)$ is the squared distance of $0$ from the flat through $q$ random points of the sphere; its Beta law follows from the law of Gram matrices.",
                sides=_length_sides,
                sizes={"q": (2, 3, 5), "m": (8, 16, 33)},
                tolerance=1e-9,
            ),
            Step(
                "how rarely a fresh code deceives",
                r"p_1 = \tfrac12 \mathbb E\, I_{1-b}\bigl(\tfrac{m-1}2, \tfrac12\bigr) \leq \frac{\Gamma(m/2)\, \mathrm B\bigl(\frac{m-q}2, \frac{q(m-1)}2\bigr)}"
                r"{\sqrt\pi\, \Gamma(\frac{m-1}2)\, (m-1)\, \mathrm B\bigl(\frac{m-q+1}2, \frac{(q-1)(m-1)}2\bigr)}",
                r"A fresh code scores above $y$ if its cosine with $u$ exceeds $\sqrt b = 1/|u|$; the tail of the density $(1-t^2)^{(m-3)/2}$ beyond $x$ is at most $(1-x^2)^{(m-1)/2}/((m-1) x)$ over its norm, "
                r"and the mean over $b$ is a Beta integral.",
                sides=_bound_sides,
                sizes={"q": (2, 3, 5), "m": (8, 16, 64)},
                relation="<=",
                tolerance=1e-13,
            ),
            Step(
                "the hard limit",
                r"\min_c \ell/d \to \frac{f (q + 1 - f)}{q (1 - f + q f)}, \qquad a \to \infty",
                r"With probability $f$ some fresh code scores above $y$ and takes all weight; otherwise $y$ shares it.",
                sides=_hard_sides,
                sizes={"q": (1, 2, 3, 5)},
            ),
        ),
        r"\min_c \ell = d \Bigl(\frac1q - \frac{B^2}{A}\Bigr), \qquad \dot a = -\frac1m \frac{\partial \ell}{\partial a}, \quad \dot c = -\frac1d \frac{\partial \ell}{\partial c}",
    )
