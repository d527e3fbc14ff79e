"""Pipelines as lists of stages, built by the public builder and evaluated by a recursion on L x L matrices of floats.

A stage is (name, arguments); numbers are given as fractions and read by both sides.
"""

from fractions import Fraction
from itertools import product
from math import factorial

import numpy as np
import sympy as sp

import symkern as sk
from symkern.kernels import embedding
from tests.oracles import spectrum

SOFTMAX = ("attention", {"query_key": "tied", "row_map": "softmax"})
MEAN, FLAT, LAST = ("mean_pool", {}), ("flatten", {}), ("at_position", {})


def base(token, position=0, constant=0):
    return (
        "embedding",
        {"token": Fraction(token), "position": Fraction(position), "constant": Fraction(constant)},
    )


def tied(row_map, **switches):
    return ("attention", {"query_key": "tied", "row_map": row_map, **switches})


def build(stages):
    """The pipeline through the public builder."""
    (_, arguments), *rest = stages
    kernel = embedding(**arguments)
    for name, given_ in rest:
        if name == "mlp" and not isinstance(given_["activation"], str):
            x = sk.abc.x
            kernel = kernel.mlp(
                sp.Add(*(sp.Rational(str(c)) * x**i for i, c in enumerate(given_["activation"])))
            )
        elif name == "at_position":
            kernel = kernel.at_position("last")
        else:
            kernel = getattr(kernel, name)(**given_)
    return kernel


# -- a recursion in floating point -------------------------------------------------------------


def _dual(activation, p, q, r):
    if activation == "relu":
        norm = (p * q) ** 0.5
        cosine = np.clip(r / norm, -1, 1) if norm else 0.0
        angle = np.arccos(cosine)
        return norm * (np.sin(angle) + (np.pi - angle) * cosine) / (2 * np.pi)
    if activation == "erf":
        return 2 / np.pi * np.arcsin(2 * r / ((1 + 2 * p) * (1 + 2 * q)) ** 0.5)
    # Isserlis: E u^i w^j as a sum over the number m of pairs (u, w).
    total = 0.0
    for i, a in enumerate(activation):
        for j, b in enumerate(activation):
            for m in range(min(i, j) + 1):
                if a and b and not (i - m) % 2 and not (j - m) % 2:
                    e, f = (i - m) // 2, (j - m) // 2
                    ways = factorial(i) * factorial(j)
                    ways //= factorial(m) * factorial(e) * factorial(f) * 2 ** (e + f)
                    total += float(a) * float(b) * ways * r**m * p**e * q**f
    return total


def floating(stages, x, y):
    """k(x, y) by the recursion on L x L matrices of floats."""
    pairs = ((x, x), (x, y), (y, y))

    def embed(positions):
        a = stages[0][1]
        return [
            np.array(
                [
                    [
                        float(a["token"]) * (t == u)
                        + positions * float(a["position"]) * (i == j)
                        + float(a["constant"])
                        for j, u in enumerate(right)
                    ]
                    for i, t in enumerate(left)
                ]
            )
            for left, right in pairs
        ]

    now, plain, before = embed(1), embed(0), None
    for name, given_ in stages[1:]:
        length = len(now[0])
        if name == "residual":
            now = [a + b for a, b in zip(now, before, strict=True)]
            continue
        before = now
        if name == "linear":
            now = [float(given_["weight"]) * k + float(given_["bias"]) for k in now]
        elif name == "mlp":
            diagonals = np.diag(now[0]), np.diag(now[2])
            sides = ((0, 0), (0, 1), (1, 1))
            now = [
                np.array(
                    [
                        [
                            _dual(given_["activation"], diagonals[i][a], diagonals[j][b], k[a, b])
                            for b in range(length)
                        ]
                        for a in range(length)
                    ]
                )
                for k, (i, j) in zip(now, sides, strict=True)
            ]
        elif name == "attention":
            values = now if given_.get("positions_in_values", True) else plain
            scale = length if given_.get("normalize", True) else 1
            if given_.get("query_key") != "tied":
                now = [k * (k * e).sum() / scale**2 for k, e in zip(now, values, strict=True)]
                continue
            rows = []
            for k in (now[0], now[2]):
                if given_["row_map"] == "softmax":
                    rows.append(np.exp(k) / np.exp(k).sum(axis=1, keepdims=True))
                else:
                    phi = {"identity": lambda t: t, "relu": lambda t: np.maximum(t, 0), "abs": abs}
                    rows.append(phi[given_["row_map"]](k) / scale)
            g, h = rows
            now = [g @ values[0] @ g.T, g @ values[1] @ h.T, h @ values[2] @ h.T]
        elif name == "mean_pool":
            now = [k.mean(keepdims=True) for k in now]
        elif name == "flatten":
            now = [np.array([[np.diag(k).mean()]]) for k in now]
        else:
            now = [k[-1:, -1:] for k in now]
    return now[1][0, 0]


def gram(stages, length, size):
    """Values of the floating recursion, one for each type of a pair up to renaming of tokens."""
    marked = any(name == "at_position" for name, _ in stages)
    return spectrum.gram(lambda x, y: floating(stages, x, y), length, size, marked)


def full_eigenvalues(index, values, length, law):
    """Eigenvalues of sqrt(P(x)) k(x, y) sqrt(P(y)) over all sequences, the largest first."""
    size = law.vocabulary
    words = product(range(size), repeat=length)
    root = [float(law.sequence_probability(tuple(map(w.count, range(size))))) ** 0.5 for w in words]
    matrix = np.array([float(value) for value in values])[index]
    return np.linalg.eigvalsh(matrix * np.outer(root, root))[::-1]


def listed(spec):
    """All eigenvalues of a spectrum with multiplicity, unsorted."""
    found = []
    for sector in spec:
        assert len(sector.eigenvalues) == sector.multiplicity
        found += [float(e) for e in sector.eigenvalues] * int(sector.dimension)
    return found


def assert_whole(spec, expected):
    mine = listed(spec)
    assert len(mine) <= len(expected)
    mine = np.sort(np.array(mine + [0.0] * (len(expected) - len(mine))))[::-1]
    assert np.allclose(mine, expected, rtol=1e-9, atol=1e-12 * abs(expected).max())
