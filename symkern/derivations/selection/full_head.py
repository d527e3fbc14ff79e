"""Gradient descent and gradient flow of one attention head on all entries of W and V, in floating point.

The population gradient is the mean over all q-subsets; nothing here knows the reduction to two numbers.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np


@lru_cache(maxsize=1)  # one flow asks for the same ones at every step
def _subsets(T: int, q: int) -> np.ndarray:
    rows = np.array([[float(i in y) for i in range(T)] for y in combinations(range(T), q)])
    rows.setflags(write=False)
    return rows


def _weights(scores: np.ndarray, subsets: np.ndarray) -> np.ndarray:
    logits = subsets @ scores.T
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def population_loss_of(scores: np.ndarray, values: np.ndarray, q: int) -> float:
    """E_y sum_i |s_i V - [i in y] I/q|_F^2."""
    subsets = _subsets(len(scores), q)
    errors = _errors(scores, values, q, subsets)
    return float(np.mean(np.sum(errors**2, axis=(1, 2, 3))))


def _errors(scores: np.ndarray, values: np.ndarray, q: int, subsets: np.ndarray) -> np.ndarray:
    unit = np.eye(len(values))
    weights = _weights(scores, subsets)
    return np.asarray(weights[:, :, None, None] * values - subsets[:, :, None, None] / q * unit)


def gradients(scores: np.ndarray, values: np.ndarray, q: int) -> tuple[np.ndarray, np.ndarray]:
    """The gradients of the population loss by W and by V."""
    subsets = _subsets(len(scores), q)
    weights = _weights(scores, subsets)
    errors = _errors(scores, values, q, subsets)
    by_weight = 2 * np.einsum("yikj,kj->yi", errors, values)
    centred = by_weight - np.sum(weights * by_weight, axis=1, keepdims=True)
    by_scores = (weights * centred).T @ subsets / len(subsets)
    by_values = 2 * np.einsum("yi,yikj->kj", weights, errors) / len(subsets)
    return by_scores, by_values


def descent(T: int, d: int, q: int, steps: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """W and V after gradient descent from zero."""
    scores: Any = np.zeros((T, T))
    values: Any = np.zeros((d, d))
    for _ in range(steps):
        by_scores, by_values = gradients(scores, values, q)
        scores, values = scores - rate * by_scores, values - rate * by_values
    return scores, values


def integrated(
    T: int, d: int, q: int, time: float, rtol: float = 1e-11
) -> tuple[np.ndarray, np.ndarray, float]:
    """W, V and the loss after gradient flow from zero for a time, by LSODA in log(1 + time) on all T^2 + d^2 entries."""
    from scipy.integrate import solve_ivp

    def parts(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return state[: T * T].reshape(T, T), state[T * T :].reshape(d, d)

    def slope(clock: float, state: np.ndarray) -> np.ndarray:
        by_scores, by_values = gradients(*parts(state), q)
        rate = -np.exp(clock) * np.concatenate([by_scores.ravel(), by_values.ravel()])
        return np.asarray(rate)

    span, start = (0.0, np.log1p(time)), np.zeros(T * T + d * d)
    found = solve_ivp(slope, span, start, method="LSODA", rtol=rtol, atol=1e-13)
    scores, values = parts(found.y[:, -1])
    return scores, values, population_loss_of(scores, values, q)
