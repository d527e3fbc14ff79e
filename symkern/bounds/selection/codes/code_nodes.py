r"""What the codes of the selected tokens look like, seen from the scores (floating point).

Given the codes of y the query u is given, and all that counts is the scores a s_i of the selected tokens and the length rho = |u|, since
another code scores a rho t with t the cosine between a random code and a fixed direction. For unit codes on the sphere of R^m:

* dual query u = Z_y (Z_y^T Z_y)^{-1} 1: all s_i = 1, and b = 1/rho^2 has the law Beta((m-q+1)/2, (q-1)(m-1)/2);
* sum query u = sum of the z_i, q = 1: s = rho = 1;
* sum query, q = 2: s_1 = s_2 = 2 b and rho = 2 sqrt(b) with b = (1 + z_1.z_2)/2 of the law Beta((m-1)/2, (m-1)/2);
* sum query, q >= 3: s_i are the row sums of the Gram matrix of y, rho^2 is their sum. At q = 3 its three entries are g_12, g_13 with the law of t
  and a partial correlation with the same law in dimension m - 1; beyond, Gram matrices are drawn.

Nodes of b stand in log(b/(1-b)), where its density is analytic, and reach from the bulk as far as rare codes count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import expit

from symkern.bounds.selection.codes.code_floors import decay_rate
from symkern.bounds.selection.codes.score_transforms import NEGLIGIBLE
from symkern.exact.real_arguments import Floats

#: What is rarer than exp(-_RAREST) is no float.
_RAREST = 700.0
#: Nodes of each of the three entries of a Gram matrix of three codes.
GRAM_NODES = 10


@dataclass(frozen=True)
class EqualScores:
    """One node where all selected tokens score ``score`` times a: its weight, rho, and how rare the others' scores may be that count."""

    weight: float
    score: float
    rho: float
    rare: float


def equal_scores(m: int, q: int, query: str) -> list[EqualScores]:
    """The nodes of b; for the dual query, and for the sum query with q <= 2."""
    if q == 1:
        return [EqualScores(1.0, 1.0, 1.0, 0.0)]
    if m == 1:  # sum query, q = 2: the two codes agree or cancel
        return [EqualScores(0.5, 2.0, 2.0, 0.0), EqualScores(0.5, 0.0, 0.0, 0.0)]
    first, second = (m - 1) / 2, (m - 1) / 2
    if query == "dual":
        first, second = (m - q + 1) / 2, (q - 1) * (m - 1) / 2

    def log_density(y: Floats | float) -> Floats:
        return np.asarray(first * np.asarray(y) - (first + second) * np.logaddexp(0.0, y))

    spread, mode = np.sqrt(1 / first + 1 / second), np.log(first / second)
    most, rare = float(log_density(mode)), min(1.1 * m * decay_rate(q), _RAREST)
    ends = []
    for side in (-1, 1):
        end = mode
        while float(log_density(end)) > most - NEGLIGIBLE - rare:
            end += side * spread
        ends.append(end)
    y = np.arange(ends[0], ends[1], 0.6 * spread)
    cost = most - log_density(y)
    weights = np.exp(-cost)
    weights /= weights.sum()
    b = expit(y)
    scores, lengths = (np.ones_like(b), b**-0.5) if query == "dual" else (2 * b, 2 * b**0.5)
    left = np.maximum(rare - cost, 0.0)
    return [
        EqualScores(*map(float, node)) for node in zip(weights, scores, lengths, left, strict=True)
    ]


def gram_scores(m: int, nodes: int = GRAM_NODES) -> tuple[Floats, Floats, Floats]:
    """(weights, scores of shape (nodes, 3), rho) of three codes under the sum query, by Gauss quadrature in the Gram matrix."""
    t, w = _gegenbauer(m, nodes)
    r, u = _gegenbauer(m - 1, nodes)
    g12, g13, partial = np.meshgrid(t, t, r, indexing="ij")
    # Two of the codes may change places: half of the nodes count twice.
    twice = np.triu(np.full((nodes, nodes), 2.0), 1) + np.eye(nodes)
    weights = (w[:, None] * w * twice)[:, :, None] * u
    g23 = g12 * g13 + np.sqrt((1 - g12**2) * (1 - g13**2)) * partial
    scores = np.stack([1 + g12 + g13, 1 + g12 + g23, 1 + g13 + g23], axis=-1).reshape(-1, 3)
    kept = weights.ravel() > 0
    scores = scores[kept]
    return weights.ravel()[kept], scores, np.sqrt(np.maximum(scores.sum(axis=1), 0.0))


def _gegenbauer(m: int, nodes: int) -> tuple[Floats, Floats]:
    """Gauss nodes and weights for the law of t in R^m, from its recurrence (Golub and Welsch 1969); for m = 1 the signs."""
    if m == 1:
        return np.array([-1.0, 1.0]), np.array([0.5, 0.5])
    k, half = np.arange(2, nodes), (m - 2) / 2
    squares = np.concatenate([[1 / m], k * (k + 2 * half - 1) / (4 * (k + half) * (k + half - 1))])
    points, vectors = eigh_tridiagonal(np.zeros(nodes), np.sqrt(squares))
    return np.clip(points, -1.0, 1.0), vectors[0] ** 2


def drawn_scores(m: int, q: int, draws: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """(weights, scores of shape (draws, q), rho) of random codes under the sum query.

    For m >= q the codes are the rows of a triangular matrix with the same law of inner products (Bartlett 1933).
    """
    random = np.random.default_rng(seed)
    if m >= q:
        rows = np.tril(random.standard_normal((draws, q, q)), -1)
        diagonal = np.sqrt(random.chisquare(m - np.arange(q), (draws, q)))
        rows[:, np.arange(q), np.arange(q)] = diagonal
    else:
        rows = random.standard_normal((draws, q, m))
    rows /= np.linalg.norm(rows, axis=2, keepdims=True)
    query = rows.sum(axis=1)
    scores = np.einsum("nij,nj->ni", rows, query)
    return np.full(draws, 1 / draws), scores, np.linalg.norm(query, axis=1)
