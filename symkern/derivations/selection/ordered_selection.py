"""The derivation of what H heads lose where the query names the places of the selected tokens."""

from __future__ import annotations

from itertools import permutations
from math import perm
from typing import Any

import numpy as np

from symkern.bounds.selection.heads.ordered_selection import concatenation_bound, ordered_selection
from symkern.claims import Derivation, Step
from symkern.derivations.selection.code_sums import ordered_loss


def _target(q: int, d: int) -> np.ndarray:
    """q rows vec U_k without symmetry."""
    return np.array([[np.sin(1.0 + 2 * k + k * j + 3 * j) for j in range(d * d)] for k in range(q)])


def _hard(T: int, q: int, heads: int) -> np.ndarray:
    """Weights of heads that look at one place each."""
    orders = list(permutations(range(T), q))
    found = np.zeros((heads, len(orders), T))
    for n, order in enumerate(orders):
        for h in range(heads):
            found[h, n, order[h]] = 1.0
    return found


def _bound_sides(T: int, q: int, H: int) -> tuple[Any, Any] | None:
    """The best values for weights that favour places, softly, and that no symmetry chose, against the bound."""
    if q > T or H < 1 or H > 8 or perm(T, q) > 200:
        return None
    hard = _hard(T, q, q)
    found = []
    for sharp in (0.0, 1.0, 4.0):
        mix = np.array([[np.cos(1.0 + h + 2 * h * k + k) for k in range(q)] for h in range(H)])
        logits = sharp * np.einsum("hk,kni->hni", mix, hard)
        weights = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
        found.append(ordered_loss(weights, _target(q, 2), T, q))
    return found, [ordered_selection(_target(q, 2).reshape(q, 2, 2), H)] * 3


def _concatenated_sides(T: int, d: int, q: int, H: int) -> tuple[Any, Any] | None:
    """Hard heads on (x_{y_1}, .., x_{y_q}), whose U_k are the blocks of a unit matrix of q d rows."""
    if q > T or H < 1 or d * q > 12 or perm(T, q) > 200:
        return None
    target = np.zeros((q, d, q, d))
    for k in range(q):
        target[k, :, k, :] = np.eye(d)
    loss = ordered_loss(_hard(T, q, min(H, q)), target.reshape(q, -1), T, q)
    return loss, float(concatenation_bound(d, q, H))


def derivation() -> Derivation:
    """The steps from weights to singular values."""
    return Derivation(
        "Ordered selection",
        (
            Step(
                "the model",
                r"\hat f = \sum_{h=1}^{H} V_h \sum_i p^h_i x_i, \qquad \text{target} = \sum_k U_k x_{y_k}",
                r"The scores know $y_1, \dots, y_q$ and not $x$.",
            ),
            Step(
                "the least loss",
                r"\ell \geq \sum_{r > H} \sigma_r^2 \quad\text{of the } q \times d^2 \text{ matrix with the rows } \operatorname{vec} U_k",
                r"For each $y$ the matrices in front of $x_{y_1}, \dots, x_{y_q}$ are the rows of $P V$, $P_{kh} = p^h_{y_k}$, of rank at most $H$; what falls on other tokens only adds. Eckart and Young, 1936.",
                sides=_bound_sides,
                sizes={"T": (3, 4), "q": (2, 3), "H": (1, 2, 3)},
                relation=">=",
                tolerance=1e-12,
            ),
            Step(
                "concatenation",
                r"(x_{y_1}, \dots, x_{y_q}): \qquad \min \ell = d\, (q - H)",
                r"All $q$ singular values are $\sqrt d$; heads that look at one place each reach the bound in the limit of hard attention.",
                sides=_concatenated_sides,
                sizes={"T": (3, 4), "d": (1, 2), "q": (2, 3), "H": (1, 2, 3)},
                tolerance=1e-12,
            ),
        ),
        r"\ell \geq \sum_{r > H} \sigma_r^2",
    )
