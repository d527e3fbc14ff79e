r"""Whole matrices k(x, y) over all sequences, in floating point and in numpy alone.

A pipeline is a list of (name, arguments) with the names of `attention`, whose definitions these are. Here every stage works on all pairs of sequences at
once: ``own[i]`` is K(x_i, x_i), ``pair[i, j]`` is K(x_i, x_j), both with the two positions as their last axes. Numbers may be texts such as "1/3".
Activations: "quadratic", "relu" (Cho and Saul 2009), "erf" (Williams 1997), or the list of coefficients of 1, x, x^2, ..., whose Gaussian expectations
are sums over Hermite polynomials: with variances p and q and correlation c, E He_m(u/sqrt p) He_n(w/sqrt q) = [m = n] m! c^m.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import factorial
from typing import Any

import numpy as np
from numpy.polynomial import hermite_e

Array = Any


def sequences(length: int, vocabulary: int) -> Array:
    """All of them, as rows."""
    return np.array(list(product(range(vocabulary), repeat=length))).reshape(-1, length)


def number(text: Any) -> float:
    """A number, or a text such as "-1/3"."""
    return float(Fraction(str(text)))


def law(kind: str, given: Any, words: Array, vocabulary: int) -> Array:
    """P(x) for each row: of letters alike, of letters with probabilities, of a mixture of such, of counts and all their orders."""
    if kind == "uniform":
        return np.full(len(words), float(vocabulary) ** -words.shape[1])
    if kind == "categorical":
        return np.prod(np.array([number(p) for p in given])[words], axis=1)
    if kind == "mixture":
        parts = [number(w) * law("categorical", p, words, vocabulary) for w, p in given]
        return np.sum(parts, axis=0)
    if kind != "exchangeable":
        raise ValueError(f"no law {kind}")
    chances = {tuple(counts): number(p) for counts, p in given}
    found = []
    for word in words:
        counts = tuple(np.bincount(word, minlength=vocabulary).tolist())
        orders = factorial(words.shape[1])
        for n in counts:
            orders //= factorial(n)
        found.append(chances.get(counts, 0.0) / orders)
    return np.array(found)


def gram(stages: Sequence[tuple[str, Mapping[str, Any]]], words: Array) -> Array:
    """k(x, y) for all pairs of rows."""
    (name, given), *rest = stages
    if name != "embedding":
        raise ValueError("a pipeline begins with an embedding")
    length = words.shape[1]
    same = (words[:, None, :, None] == words[None, :, None, :]).astype(float)
    token, position, constant = (
        number(given.get(key, 0)) for key in ("token", "position", "constant")
    )
    plain = token * same + constant
    pair = plain + position * np.eye(length)
    diagonal = np.arange(len(words))
    pairs, tangents, values = [pair], [pair], plain
    for name, given in rest:
        if name == "ntk":
            pairs.append(tangents[-1])
            break
        if name == "plus":  # the sum with another pipeline, both behind their readouts
            other = given["other"]
            pairs.append(pairs[-1] + gram(other, words)[:, :, None, None])
            tangents.append(tangents[-1] + gram([*other, ("ntk", {})], words)[:, :, None, None])
            continue
        if name == "residual":
            over = 1 + int(given.get("over", 1))
            pairs.append(pairs[-1] + pairs[max(-over, -len(pairs))])
            tangents.append(tangents[-1] + tangents[max(-over, -len(tangents))])
            continue
        pair = pairs[-1]
        own = pair[diagonal, diagonal]
        pairs.append(_after(name, given, pair, own, values))
        tangents.append(_tangent(name, given, pairs, own, values, tangents[-1]))
        values = None if name == "attention" else values
    if pairs[-1].shape[2:] != (1, 1):
        raise ValueError("a pipeline has a readout")
    return pairs[-1][:, :, 0, 0]


def _tangent(name: str, given: Mapping[str, Any], pairs: list[Array], own: Array, plain: Array, tangent: Array) -> Array:  # fmt: skip
    """The tangent kernel after a stage, all weights trained, each matrix of weights adding the kernel itself."""
    before, after = pairs[-2:]
    if name == "linear":
        return number(given.get("weight", 1)) * tangent + after
    if name in ("affine", "positions"):
        return _after(name, given, tangent, own, plain)
    if name in ("mlp", "layer_norm"):  # the derivative in the covariance alone
        variances = np.einsum("iaa->ia", own)
        p, q = variances[:, None, :, None], variances[None, :, None, :]
        if name == "layer_norm":
            return tangent / np.sqrt(p * q)
        return tangent * slope(given["activation"], p, q, before)
    if name != "attention":
        return _after(name, given, tangent, own, plain)
    first = plain is not None and not given.get("positions_in_values", True)
    # Of a first attention on an embedding alone: its values and their tangent are the embedding without positions.
    values, moved = (plain, plain) if first else (before, tangent)
    scale = before.shape[-1] if given.get("normalize", True) else 1
    if given.get("query_key", "independent") != "independent":
        rows = _rows(given.get("row_map", "identity"), own, scale)
        return 2 * after + rows[:, None] @ moved @ np.swapaxes(rows, 1, 2)[None]
    parts = ((tangent, before, values), (before, tangent, values), (before, before, moved))
    total = sum(a * np.einsum("ijab,ijab->ij", b, c)[:, :, None, None] for a, b, c in parts)
    return 4 * after + total / scale**2


def slope(activation: Any, p: Array, q: Array, r: Array) -> Array:
    """E phi'(u) phi'(w)."""
    if activation == "erf":
        # (1 + 2 p)(1 + 2 q) - 4 r^2: of large numbers the difference is rounding where u and w are multiples of one another.
        apart = p * q - r * r
        apart = np.where(apart > 64 * np.finfo(float).eps * p * q, apart, 0.0)
        return 4 / np.pi / np.sqrt(1 + 2 * p + 2 * q + 4 * apart)
    norm = np.sqrt(p * q)
    if activation == "relu":
        with np.errstate(invalid="ignore", divide="ignore"):
            cosine = np.where(norm > 0, np.clip(r / norm, -1, 1), 0.0)
        return (np.pi - np.arccos(cosine)) / (2 * np.pi)
    coefficients = [0, 0, 1] if activation == "quadratic" else activation
    return dual([k * number(c) for k, c in enumerate(coefficients)][1:] or [0], p, q, r)


def _after(name: str, given: Mapping[str, Any], pair: Array, own: Array, plain: Array) -> Array:
    """The matrices after a stage."""
    length = pair.shape[-1]
    if name == "linear":
        return number(given.get("weight", 1)) * pair + number(given.get("bias", 0))
    if name == "affine":
        return number(given.get("scale", 1)) * pair + number(given.get("bias", 0))
    if name == "positions":
        code = number(given.get("position", 1)) * np.eye(length)
        return number(given.get("keep", 1)) * pair + code
    if name == "mlp":
        variances = np.einsum("iaa->ia", own)
        return dual(
            given["activation"], variances[:, None, :, None], variances[None, :, None, :], pair
        )
    if name == "layer_norm":
        variances = np.einsum("iaa->ia", own)
        return pair / np.sqrt(variances[:, None, :, None] * variances[None, :, None, :])
    if name == "mean_pool":
        return pair.mean(axis=(2, 3), keepdims=True)
    if name == "flatten":
        return np.einsum("ijaa->ij", pair)[:, :, None, None] / length
    if name == "at_position":
        return pair[:, :, -1:, -1:]
    if name != "attention":
        raise ValueError(f"no stage {name}")
    values = pair if given.get("positions_in_values", True) else plain
    scale = length if given.get("normalize", True) else 1
    if given.get("query_key", "independent") == "independent":
        return pair * np.einsum("ijab,ijab->ij", pair, values)[:, :, None, None] / scale**2
    rows = _rows(given.get("row_map", "identity"), own, scale)
    return rows[:, None] @ values @ np.swapaxes(rows, 1, 2)[None]


def _rows(row_map: str, own: Array, scale: int) -> Array:
    if row_map == "softmax":
        weights = np.exp(own - own.max(axis=2, keepdims=True))
        return weights / weights.sum(axis=2, keepdims=True)
    maps = {"identity": lambda t: t, "relu": lambda t: t * (t > 0), "abs": np.abs}
    return maps[row_map](own) / scale


def dual(activation: Any, p: Array, q: Array, r: Array) -> Array:
    """E phi(u) phi(w) for Gaussian (u, w) with variances p, q and covariance r."""
    if activation == "erf":
        # The arc sine of 2 r over the root of (1 + 2 p)(1 + 2 q), which near 1 would lose half of all digits.
        beside = 1 + 2 * p + 2 * q + 4 * (p * q - r * r)
        return 2 / np.pi * np.arctan2(2 * r, np.sqrt(np.maximum(beside, 0.0)))
    norm = np.sqrt(p * q)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.where(norm > 0, np.clip(r / norm, -1, 1), 0.0)
    if activation == "relu":
        angle = np.arccos(cosine)
        return norm * (np.sin(angle) + (np.pi - angle) * cosine) / (2 * np.pi)
    coefficients = [0, 0, 1] if activation == "quadratic" else activation
    left, right = (_hermite(coefficients, t) for t in (p, q))
    terms = zip(left, right, strict=True)
    return sum(factorial(m) * a * b * cosine**m for m, (a, b) in enumerate(terms))


def _hermite(coefficients: Sequence[Any], variance: Array) -> list[Array]:
    """The coefficients of He_0, He_1, ... in phi(sqrt(variance) t)."""
    change = [hermite_e.poly2herme(np.eye(len(coefficients))[k]) for k in range(len(coefficients))]
    found = []
    for m in range(len(coefficients)):
        parts = [
            number(c) * change[k][m] * np.sqrt(variance) ** k
            for k, c in enumerate(coefficients)
            if m < len(change[k])
        ]
        found.append(np.asarray(sum(parts)))
    return found


def eigenvalues(matrix: Array, probabilities: Array) -> Array:
    """Those of D^(1/2) K D^(1/2), D the probabilities, the smallest first; nan where the matrix is beyond floats."""
    root = np.sqrt(probabilities)
    if not np.isfinite(matrix).all():
        return np.full(len(root), np.nan)
    return np.linalg.eigvalsh(matrix * np.outer(root, root))
