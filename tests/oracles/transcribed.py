"""A plain transcription of every stage into NumPy: the kernel K and the tangent kernel T on all positions of some sequences at once.

A state is an (n L) x (n L) matrix over pairs (sequence, position), or n x n behind a readout. Expectations of activations are the published closed
forms typed once more, those of polynomials by Gauss's points. Nothing of the package is used but the fields of its stages.
"""

from __future__ import annotations

from collections.abc import Callable
from math import factorial, pi
from typing import Any

import numpy as np
import sympy as sp

Matrix = Any


def number(value: Any) -> float:
    """A hyperparameter."""
    return float(sp.S(value))


# -- activations: E phi(u) phi(w) and E phi'(u) phi'(w) of r, p, q ------------------------------------


def _cosine(r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    return np.clip(r / np.sqrt(p * q), -1, 1)


def _relu(r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    c = _cosine(r, p, q)
    return np.sqrt(p * q) * (np.sqrt(1 - c**2) + (pi - np.arccos(c)) * c) / (2 * pi)


def _step(r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    return (pi - np.arccos(_cosine(r, p, q))) / (2 * pi)


def _sign(r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    return 2 / pi * np.arcsin(_cosine(r, p, q))


def _abs(r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    c = _cosine(r, p, q)
    return 2 / pi * np.sqrt(p * q) * (np.sqrt(1 - c**2) + c * np.arcsin(c))


def _none(r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    return 0 * r


def _gelu(r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    d = np.sqrt((1 + p) * (1 + q) - r**2)
    h = 0.25 + np.arcsin(r / np.sqrt((1 + p) * (1 + q))) / (2 * pi)
    return r * h + (p * q + r**2 * (1 / (1 + p) + 1 / (1 + q) - 1)) / (2 * pi * d)


def _gelu_slope(r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    d = np.sqrt((1 + p) * (1 + q) - r**2)
    h = 0.25 + np.arcsin(r / np.sqrt((1 + p) * (1 + q))) / (2 * pi)
    return h + r * (1 / (1 + p) + 1 / (1 + q) + 1 / d**2) / (2 * pi * d)


_CLOSED: dict[str, tuple[Callable, Callable]] = {
    "relu": (_relu, _step),
    "abs": (_abs, _sign),
    "sign": (_sign, _none),
    "step": (_step, _none),
    "erf": (
        lambda r, p, q: 2 / pi * np.arcsin(2 * r / np.sqrt((1 + 2 * p) * (1 + 2 * q))),
        lambda r, p, q: 4 / pi / np.sqrt((1 + 2 * p) * (1 + 2 * q) - 4 * r**2),
    ),
    "gelu": (_gelu, _gelu_slope),
    "exp": (
        lambda r, p, q: np.exp((p + q) / 2 + r),
        lambda r, p, q: np.exp((p + q) / 2 + r),
    ),
    "sin": (
        lambda r, p, q: np.exp(-(p + q) / 2) * np.sinh(r),
        lambda r, p, q: np.exp(-(p + q) / 2) * np.cosh(r),
    ),
    "cos": (
        lambda r, p, q: np.exp(-(p + q) / 2) * np.cosh(r),
        lambda r, p, q: np.exp(-(p + q) / 2) * np.sinh(r),
    ),
}


def _polynomial(coefficients: list[float], r: Matrix, p: Matrix, q: Matrix) -> Matrix:
    """By Gauss's points, exact for polynomials of degree below 40."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    weights = weights / weights.sum()
    c = _cosine(r, p, q)[..., None, None]
    u = nodes[:, None] + 0 * nodes[None, :]
    w = c * nodes[:, None] + np.sqrt(1 - c**2) * nodes[None, :]
    phi = np.polynomial.Polynomial(coefficients)
    first = phi(np.sqrt(np.broadcast_to(p, r.shape))[..., None, None] * u)
    second = phi(np.sqrt(np.broadcast_to(q, r.shape))[..., None, None] * w)
    return (first * second * weights[:, None] * weights[None, :]).sum((-1, -2))


def duals(activation: Any) -> tuple[Callable, Callable]:
    """Both expectations of an activation by its text."""
    text = str(activation)
    if text in _CLOSED:
        return _CLOSED[text]
    if text.startswith("leaky_relu"):
        a = number(activation.formulas[0])
        return (
            lambda r, p, q: (1 - a) ** 2 * _relu(r, p, q) + a * r,
            lambda r, p, q: (1 - a) ** 2 * _step(r, p, q) + a,
        )
    if text.startswith("hermite"):
        k = int(activation.formulas[0])
        return (
            lambda r, p, q: _cosine(r, p, q) ** k,
            lambda r, p, q: k * _cosine(r, p, q) ** max(k - 1, 0) / np.sqrt(p * q),
        )
    x = sp.Symbol("x")
    phi = sp.Poly(sp.sympify(str(activation.expression), locals={"x": x}), x)
    own = [float(e) for e in reversed(phi.all_coeffs())]
    derived = [float(e) for e in reversed(phi.diff(x).all_coeffs())]
    return (
        lambda r, p, q: _polynomial(own, r, p, q),
        lambda r, p, q: _polynomial(derived, r, p, q),
    )


# -- stages --------------------------------------------------------------------------------------


def transcribed(stages: Any, words: list[tuple[int, ...]]) -> tuple[Matrix, Matrix]:
    """k and its tangent kernel on all pairs of the words, (n, n) each; the stages end before ``ntk``."""
    n, length = len(words), len(words[0])
    letters = np.array(words).reshape(-1)
    places = np.tile(np.arange(length), n)
    owner = np.repeat(np.arange(n), length)
    same_place = np.equal.outer(places, places).astype(float)
    blocks = [np.flatnonzero(owner == i) for i in range(n)]

    def embedded(stage: Any, positions: float) -> Matrix:
        token = stage.token
        if isinstance(token, sp.Expr):
            found = number(token) * np.equal.outer(letters, letters)
        else:
            rows = np.array([[number(e) for e in row] for row in token.rows])
            found = rows[np.ix_(letters, letters)]
        return found + positions * number(stage.position) * same_place + number(stage.constant)

    def variances(k: Matrix) -> tuple[Matrix, Matrix]:
        return np.diag(k)[:, None], np.diag(k)[None, :]

    def rows(stage: Any, k: Matrix) -> Matrix:
        """G on the diagonal blocks."""
        found = np.zeros_like(k)
        for block in blocks:
            own = number(stage.scale) * k[np.ix_(block, block)]
            if stage.row_map == "softmax":
                own = np.exp(own)
                own = own / own.sum(1, keepdims=True)
            else:
                own = {"identity": own, "relu": np.maximum(own, 0), "abs": np.abs(own)}[stage.row_map]  # fmt: skip
                own = own / length if stage.normalize else own
            found[np.ix_(block, block)] = own
        return found

    def summed(h: Matrix) -> Matrix:
        """Each block's sum, at all of its entries."""
        found = np.zeros_like(h)
        for a in blocks:
            for b in blocks:
                found[np.ix_(a, b)] = h[np.ix_(a, b)].sum()
        return found

    def attention(stage: Any, k: Matrix, t: Matrix, e: Matrix, te: Matrix) -> tuple[Matrix, Matrix]:
        if stage.query_key == "tied":
            g = rows(stage, k)
            new = g @ e @ g.T
            return new, 2 * new + g @ te @ g.T
        over = (length**2 if stage.normalize else 1) / number(stage.scale) ** 2
        new = k * summed(k * e) / over
        return new, 4 * new + (t * summed(k * e) + k * summed(t * e + k * te)) / over

    def read(name: str, k: Matrix) -> Matrix:
        def one(block: Matrix) -> float:
            if name == "mean_pool":
                return float(block.mean())
            return float(np.diag(block).mean() if name == "flatten" else block[-1, -1])

        return np.array([[one(k[np.ix_(a, b)]) for b in blocks] for a in blocks])

    first = stages[0]
    k = embedded(first, 1.0)
    history = [(k, k.copy())]
    for i, stage in enumerate(stages[1:], 1):
        k, t = history[-1]
        name = stage.name
        if name == "linear":
            new = number(stage.weight) * k + number(stage.bias)
            history.append((new, new + number(stage.weight) * t))
        elif name == "affine":
            s, b = number(stage.scale), number(stage.bias)
            history.append((s * k + b, s * t + b))
        elif name == "mlp":
            dual, slope = duals(stage.activation)
            history.append((dual(k, *variances(k)), t * slope(k, *variances(k))))
        elif name == "layer_norm":
            p, q = variances(k)
            history.append((k / np.sqrt(p * q), t / np.sqrt(p * q)))
        elif name == "residual":
            before, was = history[-1 - stage.over]
            history.append((k + before, t + was))
        elif name == "positions":
            keep, add = number(stage.keep), number(stage.position) * same_place
            history.append((keep * k + add, keep * t + add))
        elif name == "plus":
            h, u = transcribed_states(stage.other.stages, words)
            history.append((k + h, t + u))
        elif name == "attention":
            e, te = k, t
            if not stage.positions_in_values:
                if stages[i - 1].name == "positions":
                    e, te = history[-2]
                else:
                    assert i == 1
                    e = te = embedded(first, 0.0)
            history.append(attention(stage, k, t, e, te))
        else:
            history.append((read(name, k), read(name, t)))
    return history[-1]


#: The state of a branch, which may have no readout.
transcribed_states = transcribed


def hermite(k: int) -> Callable:
    """The orthonormal Hermite polynomial he_k / sqrt(k!)."""
    return np.polynomial.hermite_e.HermiteE.basis(k) / np.sqrt(factorial(k))
