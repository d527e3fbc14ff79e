r"""Averages of a head's weights over random codes, as one-dimensional integrals (floating point).

With n = T - q, in-weights v_i = e^{a s_i} of sum v, and D, G1, G2 of `score_transforms` with M = 1 - D, in sigma = log s:

    E[sum of p over y | Z_y] = int s v e^{-s v} M^n dsigma,
    E[sum of p^2 | Z_y] = int e^{-s v} [ s^2 (sum v_i^2) M^n + n G2 M^{n-1} ] dsigma,

exact, from 1/(v + w) = int e^{-s (v + w)} ds and the independence of the other codes. Where all in-scores are equal they are divided
out, so that v = q, and with S and R the sums of the others' weights and of their squares

    F0, F1, F2, FR = E (1, S, S^2, R)/(q + S)^2

give the loss at c = 1 + e without cancellation: q e^2 F0 - 2 e F1 + F2/q + (1+e)^2 FR. All are trapezoidal sums of positive terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.stats import binom

from symkern.bounds.selection.codes.code_nodes import (
    EqualScores,
    drawn_scores,
    equal_scores,
    gram_scores,
)
from symkern.bounds.selection.codes.score_transforms import (
    LARGEST,
    NEGLIGIBLE,
    STEP,
    summed,
    transforms,
)
from symkern.bounds.selection.codes.sign_nodes import SignNodes, sign_nodes
from symkern.exact.real_arguments import Floats
from symkern.limits import check_time

#: Nodes in kappa = a rho between which transforms are interpolated, where many Gram matrices need them.
_LENGTHS = 28
#: Step in kappa between neighbours where these do not suffice, and the error of n log M from which on they do not.
_APART = 0.5
_TOLERANCE = 1e-6


def equal_parts(T: int, q: int, m: int, query: str, codes: str, a: float) -> Floats:
    """(F0, F1, F2, FR) at the score a >= 0; for the dual query, and for the sum query with q <= 2."""
    nodes = _sign_nodes(m, q) if codes == "rademacher" else _sphere_nodes(m, q, query)
    total = np.zeros(4)
    for node, scores, weights in nodes:
        if node.weight < np.exp(
            -NEGLIGIBLE - 20.0 - 2 * a
        ):  # the loss is of order e^{-2a} at least
            continue
        check_time()
        score = min(a, LARGEST / max(node.rho, 1.0))
        kappa = score * node.rho
        ahead = kappa - score * node.score
        sigma = _grid(-20.0 - np.log(q) - max(ahead, 0.0), np.log(NEGLIGIBLE / q))
        if len(scores):
            parts = summed(score * (scores - node.score), weights, sigma)
        else:
            shifted = sigma - score * node.score
            parts = transforms(m, kappa, shifted, node.rare, to_the_end=q == 1)
        total += node.weight * _four_integrals(T - q, q, sigma, *parts)
    return total


def _grid(low: float, high: float) -> Floats:
    return np.asarray(np.arange(np.floor(low / STEP), np.ceil(high / STEP) + 1) * STEP)


def _four_integrals(n: int, q: int, sigma: Floats, D: Floats, G1: Floats, G2: Floats) -> Floats:
    log_rest = np.log1p(-np.minimum(D, 1 - 1e-16))
    s = np.exp(sigma)
    outer = STEP * np.exp(-q * s)
    last = outer * np.exp((n - 1) * log_rest)
    squares = n * float(last @ G2)
    pairs = n * (n - 1) * float((outer * np.exp((n - 2) * log_rest)) @ G1**2)
    none = float((outer * np.exp(n * log_rest)) @ s**2)
    return np.array([none, n * float(last @ (s * G1)), squares + pairs, squares])


_Node = tuple[EqualScores, Floats, Floats]


@lru_cache(maxsize=64)
def _sphere_nodes(m: int, q: int, query: str) -> tuple[_Node, ...]:
    nothing = np.empty(0)
    return tuple((node, nothing, nothing) for node in equal_scores(m, q, query))


@lru_cache(maxsize=64)
def _sign_nodes(m: int, q: int) -> tuple[_Node, ...]:
    """Rademacher codes over sqrt(m): finite sums, over the places where the codes of y agree and those where another agrees with them."""
    if q == 1:
        k = np.arange(m + 1)
        return ((EqualScores(1.0, 1.0, 1.0, 0.0), (m - 2 * k) / m, binom.pmf(k, m, 0.5)),)
    found = []
    for agreeing in range(m + 1):
        weight = float(binom.pmf(agreeing, m, 0.5))
        if weight > 1e-60:
            k = np.arange(agreeing + 1)
            scores = 2 * (agreeing - 2 * k) / m
            node = EqualScores(weight, 2 * agreeing / m, 2 * agreeing / m, 0.0)
            found.append((node, scores, binom.pmf(k, agreeing, 0.5)))
    return tuple(found)


@lru_cache(maxsize=16)
def gram_nodes(m: int, q: int, draws: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """(weights, scores, rho) of the codes of y for the sum query with q >= 3: by quadrature at q = 3, drawn beyond."""
    return gram_scores(m) if q == 3 else drawn_scores(m, q, draws, seed)


@lru_cache(maxsize=16)
def _many_sign_nodes(m: int, q: int, draws: int, seed: int) -> SignNodes:
    return sign_nodes(m, q, draws, seed)


def sum_moments(
    T: int, q: int, m: int, a: float, codes: str, draws: int, seed: int
) -> tuple[Floats, Floats, Floats]:
    """(weights, A, B) at each node of the codes of y, for the sum query with q >= 3; A and B are their means."""
    if codes == "rademacher":
        nodes = _many_sign_nodes(m, q, draws, seed)
        weights, scores = nodes.weights, nodes.scores
        longest = a * max(float(values[-1]) for values, _ in nodes.laws)
    else:
        weights, scores, rho = gram_nodes(m, q, draws, seed)
        longest = a * float(rho.max())
    logs = a * scores
    top = logs.max(axis=1)
    powers = np.exp(logs - top[:, None])
    inside = powers.sum(axis=1)
    squares = (powers**2).sum(axis=1)
    low, high = float(top.min()), float(top.max())
    sigma = _grid(-NEGLIGIBLE - max(high, longest), np.log(NEGLIGIBLE) - low)
    n = T - q
    found = np.empty((2, len(weights)))
    rests = _rests_of_signs(nodes, a, sigma) if codes == "rademacher" else _rests(m, n, a * rho, sigma)  # fmt: skip
    for part, rest, others in rests:
        check_time()
        u = np.minimum(sigma + top[part, None], 7.0)
        share = np.exp(u)  # s times the largest in-weight
        decayed = np.exp(-share * inside[part, None])
        whole = decayed * np.exp(n * rest)
        among = n * (decayed * others * np.exp((n - 1) * rest)).sum(axis=1)
        found[0, part] = STEP * (squares[part] * (share**2 * whole).sum(axis=1) + among)
        found[1, part] = STEP * inside[part] * (share * whole).sum(axis=1) / q
    return weights, found[0], found[1]


def _rests_of_signs(nodes: SignNodes, a: float, sigma: Floats) -> Iterator[tuple[Any, Floats, Floats]]:  # fmt: skip
    """As `_rests`, for codes of signs, whose scores have one of a few laws."""
    listed = []
    for values, chances in nodes.laws:
        check_time()
        listed.append(summed(a * values, chances, sigma))
    tables = np.array(listed)
    log_rest = np.log1p(-np.minimum(tables[:, 0], 1 - 1e-16))
    for start in range(0, len(nodes.weights), 512):
        part = slice(start, start + 512)
        kinds = nodes.kinds[part]
        yield part, log_rest[kinds], tables[kinds, 2]


def _rests(m: int, n: int, kappas: Floats, sigma: Floats) -> Iterator[tuple[Any, Floats, Floats]]:
    """log M and G2 at every ``sigma``, a row for each of ``kappas``: which of them, and their rows.

    Where log M is smooth in kappa, 28 nodes give all of it: an error counts n times. In a low dimension it is not; there log(-log M), which
    is nearly linear and keeps the sign, is interpolated between four neighbours.
    """
    nodes = _chebyshev(float(kappas.min()), float(kappas.max()))
    tables = np.array([_logarithms(m, float(kappa), sigma) for kappa in nodes])
    log_rest = -np.exp(tables[:, 0])
    if nodes[-1] == nodes[0] or _smooth(m, n, nodes, log_rest, sigma):
        between = _interpolation(nodes, kappas)
        for start in range(0, len(kappas), 512):
            part = slice(start, start + 512)
            yield part, between[part] @ log_rest, np.exp(between[part] @ tables[:, 1])
        return

    @lru_cache(maxsize=8)
    def node(k: int) -> Floats:
        return _logarithms(m, _APART * k, sigma)

    order = np.argsort(kappas)
    few = (kappas.max() - kappas.min()) / _APART < len(kappas)
    for place in order.tolist():
        kappa = float(kappas[place])
        if few:
            first = max(int(kappa / _APART) - 1, 0)
            x = kappa / _APART - first
            weights = np.array(_four_weights(x))
            row = np.tensordot(weights, np.array([node(first + j) for j in range(4)]), axes=1)
        else:
            row = _logarithms(m, kappa, sigma)
        yield np.array([place]), -np.exp(row[None, 0]), np.exp(row[None, 1])


def _logarithms(m: int, kappa: float, sigma: Floats) -> Floats:
    """log(-log M) and log G2."""
    check_time()
    D, _, G2 = transforms(m, kappa, sigma)
    log_rest = np.log1p(-np.minimum(D, 1 - 1e-16))
    return np.log(np.maximum([-log_rest, G2], 1e-300))


def _smooth(m: int, n: int, nodes: Floats, log_rest: Floats, sigma: Floats) -> bool:
    """Whether nodes are dense enough: whether what they say is right between some of them."""
    k = len(nodes) // 2
    middles = (nodes[[0, k, -2]] + nodes[[1, k + 1, -1]]) / 2
    said = _interpolation(nodes, middles) @ log_rest
    true = np.array([-np.exp(_logarithms(m, float(kappa), sigma)[0]) for kappa in middles])
    seen = n * true > -NEGLIGIBLE
    return bool(np.all(n * np.abs(said - true)[seen] < _TOLERANCE))


def _four_weights(x: float) -> list[float]:
    """Lagrange's weights of the nodes 0, 1, 2, 3 at x."""
    y, z, w = x - 1, x - 2, x - 3
    return [-y * z * w / 6, x * z * w / 2, -x * y * w / 2, x * y * z / 6]


def _chebyshev(low: float, high: float) -> Floats:
    points = np.cos(np.pi * (np.arange(_LENGTHS) + 0.5) / _LENGTHS)
    return np.asarray(low + (high - low) * (1 - points) / 2)


def _interpolation(nodes: Floats, points: Floats) -> Floats:
    """The matrix that takes values at Chebyshev nodes to values at points (barycentric)."""
    if nodes[-1] == nodes[0]:
        return np.full((len(points), len(nodes)), 1 / len(nodes))
    k = np.arange(len(nodes))
    signs = (-1.0) ** k * np.sin(np.pi * (k + 0.5) / len(nodes))
    apart = points[:, None] - nodes
    exact = apart == 0
    apart[exact] = 1.0
    terms = np.where(exact.any(axis=1)[:, None], exact * 1.0, signs / apart)
    return np.asarray(terms / terms.sum(axis=1, keepdims=True))
