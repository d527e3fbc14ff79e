"""Sums over all codes of signs, all subsets or all orders, for heads whose positions carry codes: what the averages and flows are checked against.

Nothing here knows a reduction or an integral. Codes of signs over sqrt(m) are listed, 2^(mT) of them; since they are independent and alike, one set y
stands for all. Gradient descent is on all entries of W and V. Floating point.
"""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import numpy as np

from symkern.reading.integers import power_exceeds


def too_many(m: int, T: int, most: int = 1 << 12) -> bool:
    """Whether 2^(mT) codes are too many to list."""
    return power_exceeds(2, m * T, most)


def sign_codes(T: int, m: int) -> np.ndarray:
    """All codes, of shape (2^(mT), T, m)."""
    signs = np.array(list(product((1.0, -1.0), repeat=m * T)))
    return np.asarray(signs.reshape(-1, T, m) / np.sqrt(m))


def _weights(codes: np.ndarray, W: np.ndarray, q: int) -> tuple[np.ndarray, np.ndarray]:
    """p for every code, and the queries: sums of the codes of the first q tokens."""
    query = codes[:, :q].sum(axis=1)
    logits = np.einsum("nim,mk,nk->ni", codes, W, query)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True), query


def loss_over_codes(codes: np.ndarray, W: np.ndarray, V: np.ndarray, q: int) -> float:
    """The mean of sum_i |p_i V - [i in y] I/q|^2."""
    p, _ = _weights(codes, W, q)
    blocks = p[:, :, None, None] * V
    blocks[:, :q] -= np.eye(len(V)) / q
    return float((blocks**2).sum(axis=(1, 2, 3)).mean())


def descent_over_codes(
    codes: np.ndarray, d: int, q: int, steps: int, rate: float
) -> tuple[np.ndarray, np.ndarray]:
    """W and V after so many steps of gradient descent from zero."""
    m = codes.shape[2]
    W, V = np.zeros((m, m)), np.zeros((d, d))
    for _ in range(steps):
        p, query = _weights(codes, W, q)
        blocks = p[:, :, None, None] * V
        blocks[:, :q] -= np.eye(d) / q
        pulled = 2 * np.einsum("nijk,jk->ni", blocks, V)
        slope = p * (pulled - (p * pulled).sum(axis=1, keepdims=True))
        by_W = np.einsum("ni,nim,nk->mk", slope, codes, query) / len(codes)
        by_V = 2 * np.einsum("nijk,ni->jk", blocks, p) / len(codes)
        W, V = W - rate * by_W, V - rate * by_V
    return W, V


def moments_over_codes(codes: np.ndarray, a: float, q: int) -> tuple[float, float]:
    """(A, B) at W = a I."""
    p, _ = _weights(codes, a * np.eye(codes.shape[2]), q)
    return float((p**2).sum(axis=1).mean()), float(p[:, :q].sum(axis=1).mean() / q)


def ordered_loss(weights: np.ndarray, target: np.ndarray, T: int, q: int) -> float:
    """The least loss of heads with weights p^h[place sequence, token] on sum_k U_k x_{y_k}, over their matrices V_h: least squares.

    ``weights`` has the shape (heads, orders, T), ``target`` the rows vec U_k; the mean is over all orders of q of T tokens.
    """
    orders = list(permutations(range(T), q))
    rows = weights.transpose(1, 2, 0).reshape(-1, len(weights))  # (order, token) -> heads
    aim = np.zeros((len(orders), T, target.shape[1]))
    for n, order in enumerate(orders):
        for k, token in enumerate(order):
            aim[n, token] += target[k]
    flat = aim.reshape(len(rows), -1)
    found: Any = np.linalg.lstsq(rows, flat, rcond=None)[0]
    return float(((rows @ found - flat) ** 2).sum() / len(orders))
