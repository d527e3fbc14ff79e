r"""Both sides of the steps of `laws`, by different code, one of them brute force: tableaux one by one, dense operators, regressions solved exactly.

Each function takes sizes and returns the two sides of a statement there, or None where it says nothing.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import prod
from random import Random
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.cross_dataset import cross_dataset, cross_dataset_overlap
from symkern.bounds.samples import learnability, samples_to_learn
from symkern.combinatorics import Partition, standard_tableaux
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_vector import RationalVector
from symkern.limits import current
from symkern.reading.integers import power_exceeds
from symkern.representations import words
from symkern.representations.isotypic import projector
from symkern.representations.symmetry_adapted import block_diagonalise


def irrep_tableaux(mu: Partition, size: int) -> int:
    """The dimension of an irrep, by counting standard tableaux one by one."""
    return sum(1 for _ in standard_tableaux(mu.padded(size)))


def tableaux_and_hooks(shape: Partition, L: int) -> tuple[int, int] | None:
    """Standard tableaux counted one by one; L! over the product of the hooks."""
    if shape.threshold > L:
        return None
    lam = shape.padded(L)
    if lam.dimension > current().evidence_tableaux:
        return None
    conjugate = [sum(part > j for part in lam) for j in range(lam[0])]
    hooks = prod(part - j + conjugate[j] - i - 1 for i, part in enumerate(lam) for j in range(part))
    return irrep_tableaux(shape, L), prod(range(1, L + 1)) // hooks


def _match_operator(L: int, v: int) -> tuple[list[tuple[int, ...]], SparseMatrix]:
    """The operator of k = (m/L)^2 + s/L^2 on all sequences under the uniform law."""
    sequences = list(product(range(v), repeat=L))
    letters = np.array(sequences)
    matches = (letters[:, None, :] == letters[None, :, :]).sum(axis=2)
    counts = np.stack([(letters == t).sum(axis=1) for t in range(v)], axis=1)
    entries = matches**2 + counts @ counts.T
    return sequences, SparseMatrix.from_dense(entries.tolist(), L * L * v**L)


def trace_by_irreps(L: int, v: int) -> tuple[Any, Any] | None:
    """The mean of k(x, x); the sum over irreps of dim R tr T_R, T_R from a symmetry-adapted basis."""
    if power_exceeds(v, L, current().evidence_sequences):
        return None
    basis, operator = _match_operator(L, v)
    diagonal = sum(
        sp.Rational(1) + sp.Rational(sum(x.count(t) ** 2 for t in range(v)), L * L) for x in basis
    )
    blocks = block_diagonalise(words(L, v), operator)
    parts = [lam.dimension * block.trace() for lam, block in blocks.items()]
    return diagonal / len(basis), sum(parts, sp.S.Zero)


def largest_and_trace(shape: Partition, L: int, v: int) -> tuple[float, float] | None:
    """dim R times the largest eigenvalue of the dense operator on the irrep's part; the mean of k(x, x)."""
    if power_exceeds(v, L, current().evidence_sequences) or shape.threshold > L or len(shape) >= v:
        return None
    _, operator = _match_operator(L, v)
    lam = shape.padded(L)
    onto = np.array(projector(words(L, v), lam).to_float().todense())
    dense = np.array(operator.to_float().todense())
    top = float(np.linalg.eigvalsh(onto @ dense @ onto)[-1])
    return lam.dimension * top, float(operator.trace())


# -- regressions on the cube {+1, -1}^3, whose characters are the eigenfunctions -------------------

_CUBE = list(product((1, -1), repeat=3))
_SUBSETS = [tuple(a for a in range(3) if bits >> a & 1) for bits in range(8)]
_EIGENVALUES = [Fraction(1, 2 + 3 * len(s) + s.count(0)) for s in _SUBSETS]


def _feature(s: tuple[int, ...], x: tuple[int, ...]) -> int:
    return prod(x[a] for a in s)


def _kernel(x: tuple[int, ...], y: tuple[int, ...]) -> Fraction:
    modes = zip(_SUBSETS, _EIGENVALUES, strict=True)
    return sum((e * _feature(s, x) * _feature(s, y) for s, e in modes), Fraction(0))


def _regression(points: list[Any], labels: list[Fraction], ridge: Fraction) -> list[Fraction]:
    """The coefficients (K + ridge)^-1 y, exactly."""
    gram = [
        [_kernel(x, y) + (ridge if i == j else 0) for j, y in enumerate(points)]
        for i, x in enumerate(points)
    ]
    solved = SparseMatrix.from_dense(gram).inverse() @ RationalVector.of(labels)
    return [Fraction(str(a)) for a in solved]


def _overlap(points: list[Any], a: list[Fraction], s: tuple[int, ...]) -> Fraction:
    """<fhat, phi_s> under the uniform law, over all points."""
    pairs = list(zip(a, points, strict=True))
    total = sum((c * _kernel(x, y) * _feature(s, x) for x in _CUBE for c, y in pairs), Fraction(0))
    return total / len(_CUBE)


def full_sample(copies: int) -> tuple[list[Any], list[Any]]:
    """Shares learned when each point of the cube is sampled ``copies`` times: by regression, and by the formula."""
    learned, ridge = _learned_shares(copies)
    exact = map(sp.Rational, _EIGENVALUES)
    size = len(_CUBE) * copies
    return list(learned), [learnability(e, sp.Rational(ridge), size) for e in exact]


@lru_cache(maxsize=8)
def _learned_shares(copies: int) -> tuple[tuple[Any, ...], Fraction]:
    """Those by regression, and the ridge: the same in every derivation."""
    ridge = Fraction(3, 5)
    points = _CUBE * copies
    rng = Random(copies)
    energies = [Fraction(rng.randint(1, 9), rng.randint(1, 4)) for _ in _SUBSETS]
    labels = [
        sum((c * _feature(s, x) for s, c in zip(_SUBSETS, energies, strict=True)), Fraction(0))
        for x in points
    ]
    a = _regression(points, labels, ridge)
    modes = zip(_SUBSETS, energies, strict=True)
    return tuple(sp.Rational(_overlap(points, a, s) / c) for s, c in modes), ridge


def learned_share(percent: int) -> tuple[Any, Any]:
    """The learnability put back into the samples that it costs."""
    e, ridge, share = sp.Rational(3, 7), sp.Rational(40), sp.Rational(percent, 100)
    return learnability(e, ridge, samples_to_learn(e, ridge, learnability=share)), share


class _Instance:
    """A random data set, as asymmetric as one likes, with its regression."""

    def __init__(self, seed: int) -> None:
        rng = Random(seed)
        self.n = rng.randint(1, 7)
        self.points = [rng.choice(_CUBE[: rng.randint(2, 8)]) for _ in range(self.n)]
        self.labels = [Fraction(rng.choice((-3, -1, 1, 2, 5)), rng.randint(1, 3)) for _ in self.points]  # fmt: skip
        self.ridge = Fraction(rng.randint(1, 8), rng.randint(1, 9))
        mode = rng.randrange(8)
        self.eigenvalue = _EIGENVALUES[mode]
        self.a = _regression(self.points, self.labels, self.ridge)
        self.phi = [_feature(_SUBSETS[mode], x) for x in self.points]
        self.feature_power = Fraction(sum(p * p for p in self.phi), self.n)
        self.label_power = sum((y * y for y in self.labels), Fraction(0)) / self.n
        self.overlap = _overlap(self.points, self.a, _SUBSETS[mode])


def overlap_of_predictor(seed: int) -> tuple[Fraction, Fraction]:
    """The overlap summed over the cube; the eigenvalue times a sum over the samples."""
    case = _Instance(seed)
    total = sum((c * p for c, p in zip(case.a, case.phi, strict=True)), Fraction(0))
    return case.overlap, case.eigenvalue * total


def squared_overlap_bound(seed: int) -> tuple[Any, Any]:
    """The squared overlap of an exact regression; the square of the bound."""
    case = _Instance(seed)
    bound = cross_dataset_overlap(
        case.eigenvalue,
        n=case.n,
        ridge=case.ridge,
        feature_power=case.feature_power,
        label_power=case.label_power,
    )
    return sp.Rational(case.overlap**2), sp.expand(bound**2)


def squared_samples(seed: int) -> tuple[Any, Any] | None:
    """The samples that were used; those that the bound asks for to reach the overlap that was reached. Squares."""
    case = _Instance(seed)
    if not case.overlap:
        return None
    needed = cross_dataset(
        case.eigenvalue,
        ridge=case.ridge,
        learnability=1,
        overlap=abs(case.overlap),
        feature_power=case.feature_power,
        label_power=case.label_power,
    )
    return case.n**2, sp.expand(needed**2)


def copying_span(L: int, v: int) -> tuple[int, int] | None:
    """Rank of the functions of the statement, on all sequences; the dimension (L-1)(v-1)."""
    if L < 2 or v < 2 or power_exceeds(v, L, current().evidence_sequences):
        return None
    rows = []
    for x in product(range(v), repeat=L):
        seen = [[Fraction(x[a] == t) - Fraction(1, v) for t in range(v)] for a in range(L)]
        means = [sum(seen[a][t] for a in range(L)) / L for t in range(v)]
        rows.append([seen[a][t] - means[t] for a in range(L) for t in range(v)])
    return SparseMatrix.from_dense(rows).rank(), (L - 1) * (v - 1)


def product_trace_bound(L: int, v: int) -> tuple[Any, Any] | None:
    """(L-1)(v-1) times the eigenvalue of [x_1 = 0] - [x_1 = 1] - [x_2 = 0] + [x_2 = 1] for k = sum_a [x_a = y_a]; E k(x, x)."""
    if L < 2 or v < 2 or power_exceeds(v, L, current().evidence_sequences):
        return None
    sequences = list(product(range(v), repeat=L))

    def phi(x: tuple[int, ...]) -> int:
        return (x[0] == 0) - (x[0] == 1) - (x[1] == 0) + (x[1] == 1)

    at = next(x for x in sequences if phi(x))
    image = sum(sum(a == b for a, b in zip(at, y, strict=True)) * phi(y) for y in sequences)
    return Fraction((L - 1) * (v - 1) * image, len(sequences) * phi(at)), Fraction(L)
