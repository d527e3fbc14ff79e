r"""Blocks of any kernel on two letters at a given length, by sums over all contingency tables, in extended floating point.

On the irrep (L - k, k), in the orthonormal basis of functions of degree k + e,

    B[e, e'] = (p_0 p_1)^k E phi_e(n) phi_e'(n') Delta^k F(N),     N multinomial of L - 2k positions with the law p p^T,

phi_e the orthonormal polynomials of the binomial law of the number of letters 1, n of x and n' of y, and
Delta^k F = sum_i (-1)^i C(k, i) F(N + (k - i)(E_00 + E_11) + i (E_01 + E_10)).

`kernel` is the recursion of tied attention on the four types of positions, written down plainly for whole arrays of tables.
"""

from __future__ import annotations

from math import comb

import numpy as np
from scipy.special import gammaln

TYPES = [(0, 0), (0, 1), (1, 0), (1, 1)]
Real = np.longdouble


def tables(n):
    """All (N_00, N_01, N_10, N_11) that sum to n."""
    a, b, c = np.meshgrid(*[np.arange(n + 1)] * 3, indexing="ij")
    kept = a + b + c <= n
    a, b, c = a[kept], b[kept], c[kept]
    return [a, b, c, n - a - b - c]


def orthonormal(n, p, most):
    """The orthonormal polynomials of Binomial(n, p) at 0, ..., n, by Gram and Schmidt on powers."""
    j = np.arange(n + 1)
    logs = (
        gammaln(n + 1)
        - gammaln(j + 1)
        - gammaln(n - j + 1)
        + j * np.log(p)
        + (n - j) * np.log(1 - p)
    )
    weight = np.exp(logs.astype(Real))
    weight /= weight.sum()
    t = (j - n * p) / np.sqrt(Real(n) * p * (1 - p))
    found = []
    for e in range(most + 1):
        f = np.ones(n + 1, Real) if e == 0 else found[-1] * t
        for _ in range(2):
            for g in found:
                f = f - (weight * f * g).sum() * g
        found.append(f / np.sqrt((weight * f * f).sum()))
    return found


def multinomial(counts, probabilities):
    """The probability of each table."""
    n = int(sum(c[0] for c in counts))
    weight = np.full(len(counts[0]), gammaln(n + 1), dtype=Real)
    factorials = np.cumsum(np.concatenate([[0], np.log(np.arange(1, n + 1, dtype=Real))]))
    weight[:] = factorials[n]
    for c, p in zip(counts, probabilities, strict=True):
        weight += c * np.log(Real(p)) - factorials[c]
    return np.exp(weight)


def block(kernel, length, k=0, p=0.5, most=8):
    """B up to e = most."""
    p = Real(p)
    n = length - 2 * k
    N = tables(n)
    total = 0
    for i in range(k + 1):
        moved = [N[0] + k - i, N[1] + i, N[2] + i, N[3] + k - i]
        total = total + (-1) ** i * comb(k, i) * kernel(moved)
    both = [(1 - p) * (1 - p), (1 - p) * p, p * (1 - p), p * p]
    weighted = multinomial(N, both) * total * (p * (1 - p)) ** k
    phi = orthonormal(n, p, most)
    ones, others = N[2] + N[3], N[1] + N[3]
    rows = [[(weighted * f[ones] * g[others]).sum() for g in phi] for f in phi]
    return np.array(rows, dtype=Real)


# -- the kernel ------------------------------------------------------------------------------


class Matrix:
    """M_ab = off[A][B] + [a = b] extra[A], arrays over all tables."""

    def __init__(self, types, counts, off, extra):
        self.types, self.counts, self.off, self.extra = types, counts, off, extra

    def mapped(self, f):
        n = range(len(self.types))
        off = [[f(self.off[i][j], i, j) for j in n] for i in n]
        extra = [f(self.off[i][i] + self.extra[i], i, i) - off[i][i] for i in n]
        return Matrix(self.types, self.counts, off, extra)

    def plus(self, other):
        off = [
            [a + b for a, b in zip(r, s, strict=True)]
            for r, s in zip(self.off, other.off, strict=True)
        ]
        return Matrix(
            self.types,
            self.counts,
            off,
            [a + b for a, b in zip(self.extra, other.extra, strict=True)],
        )

    def times(self, other):
        n = range(len(self.types))
        off = [
            [
                sum(self.counts[c] * self.off[i][c] * other.off[c][j] for c in n)
                + self.extra[i] * other.off[i][j]
                + self.off[i][j] * other.extra[j]
                for j in n
            ]
            for i in n
        ]
        return Matrix(self.types, self.counts, off, [self.extra[i] * other.extra[i] for i in n])

    def transpose(self):
        return Matrix(
            self.types, self.counts, [list(c) for c in zip(*self.off, strict=True)], self.extra
        )

    def diagonal(self):
        return [self.off[i][i] + self.extra[i] for i in range(len(self.types))]

    def on(self, types, counts, side):
        """The matrix of one sequence on the types of a pair."""
        place = [t[side] for t in types]
        return Matrix(
            types,
            counts,
            [[self.off[a][b] for b in place] for a in place],
            [self.extra[a] for a in place],
        )


def states(stages, types, counts, sides):
    """K after each stage; ``sides`` are the states of x alone and of y alone, None for a sequence beside itself."""
    found = []
    for number, (name, *given) in enumerate(stages):
        K = found[-1] if found else None
        if name == "embedding":
            alpha, beta = map(Real, given)
            zero = 0 * counts[0].astype(Real)
            off = [[zero + alpha * (t[0] == u[1]) for u in types] for t in types]
            K = Matrix(types, counts, off, [zero + beta] * len(types))
        else:
            alone = [s[number - 1] for s in sides] if sides else [K, K]
            K = stage(name, K, alone, types, counts if sides else None, found)
        found.append(K)
    return found


def stage(name, K, alone, types, counts, earlier):
    """K after one stage; ``counts`` are those of the pair, None for a sequence beside itself."""
    if counts is None:
        p = q = K.diagonal()
        left = right = rows(K)
    else:
        p, q = ([alone[s].diagonal()[t[s]] for t in types] for s in (0, 1))
        left, right = (rows(alone[s]).on(types, counts, s) for s in (0, 1))
    if name == "softmax":
        return left.times(K).times(right.transpose())
    if name == "residual":
        return K.plus(earlier[-2])
    pi = np.arccos(Real(-1))
    maps = {
        "layer_norm": lambda r, i, j: r / np.sqrt(p[i] * q[j]),
        "erf": lambda r, i, j: 2 / pi * np.arcsin(2 * r / np.sqrt((1 + 2 * p[i]) * (1 + 2 * q[j]))),
        "relu": lambda r, i, j: relu(r, p[i], q[j]),
        "sin": lambda r, i, j: np.exp(-(p[i] + q[j]) / 2) * np.sinh(r),
    }
    return K.mapped(maps[name])


def relu(r, p, q):
    scale = np.sqrt(p * q)
    c = np.clip(r / scale, -1, 1)
    return (
        scale
        * (np.sqrt(1 - c * c) + (np.arccos(Real(-1)) - np.arccos(c)) * c)
        / (2 * np.arccos(Real(-1)))
    )


def rows(K):
    """Softmax of every row."""
    E = K.mapped(lambda r, i, j: np.exp(r))
    sums = [
        sum(n * e for n, e in zip(K.counts, row, strict=True)) + x
        for row, x in zip(E.off, E.extra, strict=True)
    ]
    off = [[e / s for e in row] for row, s in zip(E.off, sums, strict=True)]
    return Matrix(E.types, E.counts, off, [x / s for x, s in zip(E.extra, sums, strict=True)])


def kernel(stages, readout):
    """k as a function of arrays of tables."""

    def value(N):
        N = [np.asarray(c, dtype=Real) for c in N]
        length = sum(N)
        x, y = [N[0] + N[1], N[2] + N[3]], [N[0] + N[2], N[1] + N[3]]
        sides = [states(stages, [(0, 0), (1, 1)], counts, None) for counts in (x, y)]
        K = states(stages, TYPES, N, sides)[-1]
        if readout == "flatten":
            return sum(n * d for n, d in zip(N, K.diagonal(), strict=True)) / length
        total = sum(n * x for n, x in zip(N, K.extra, strict=True))
        for n, row in zip(N, K.off, strict=True):
            for m, e in zip(N, row, strict=True):
                total = total + n * m * e
        return total / length**2

    return value


def richardson(lengths, values):
    """The first coefficients of c_0 + c_1/L + ... through the values, in extended precision."""
    import mpmath

    with mpmath.workdps(40):
        h = [mpmath.mpf(1) / n for n in lengths]
        matrix = mpmath.matrix([[x**i for i in range(len(h))] for x in h])
        solved = mpmath.lu_solve(matrix, mpmath.matrix([mpmath.mpf(str(v)) for v in values]))
        return [float(c) for c in solved]
