r"""What a sector sees of a target: inner products with all images of its functions, summed up in two small matrices.

Let b_1, ..., b_r be the functions of a realisation, all with the same vector of S^mu tensor S^kappa, and phi = sum_i c_i b_i. By Schur's
orthogonality the projection of f on the span of the images g phi is

    P f = dim / <phi, phi>  mean over g of <f, g phi> g phi,

and the mean over g = (A, sigma, tau) runs over the sets A of explicit positions (`marginals`), their permutations sigma and
relabellings tau; the last two are a mean over the irrep S^mu tensor S^kappa of S_k x S_v, which becomes a sum over a basis of images with
the inverse of its Gram matrix K. So with a_{A,i} the vector of <f, (A, image) b_i> over that basis,

    E (P f)^2 = c^T Q c / c^T G c,    Q_ij = ratio  sum_A a_{A,i}^T K^-1 a_{A,j},    G_ij = <b_i, b_j>,

ratio = f^{mu[S]} / (f^mu C(S, k)), f the number of standard tableaux. Everything here is rational: K, G, Q know nothing of
eigenvalues. Inner products are under the law. Source: Serre, *Linear Representations of Finite Groups*, 2.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb, gcd, lcm
from typing import Any

import numpy as np

from symkern.combinatorics.contingency_tables import compositions
from symkern.exact.row_reduction import row_reduce
from symkern.sectors.marginals import marginals, scattered
from symkern.sectors.tabulated import Tabulated, places, site_images, words
from symkern.tokens.letter_counts import orders

Array = Any


@dataclass(frozen=True)
class Projection:
    """The functions of a sector at given sizes, with all that projections need.

    ``functions`` has shape (r, points): b_i times ``denominators``; ``weighted`` the same times the probability of a sequence, over
    ``law``; ``images`` lists for every image of the chosen vector the point each point is read from; ``overlaps`` is K^-1.
    """

    explicit: int
    sites: int
    letters: int
    shape: tuple[int, int, int]
    functions: Array
    denominators: tuple[int, ...]
    weighted: Array
    law: int
    images: tuple[Array, ...]
    overlaps: tuple[tuple[Fraction, ...], ...]
    gram: tuple[tuple[Fraction, ...], ...]
    ratio: Fraction

    @classmethod
    def of(cls, realisation: Tabulated, length: int, letters: int) -> Projection:
        """The projection data of a realisation at given sizes."""
        k, star = realisation.explicit, realisation.star
        sites = length - int(star)
        table = realisation.table(length, letters)
        shape = table.numerators.shape[1:]
        functions = table.numerators.reshape(len(table.denominators), -1)
        counts = compositions(sites - k, letters)
        explicit = words(k, letters)
        own = np.zeros((shape[2], letters), dtype=np.int64)
        if star:
            own += np.eye(letters, dtype=np.int64)
        inside = np.stack([(explicit == t).sum(axis=1) for t in range(letters)], axis=1)
        contents = (
            inside[:, None, None, :] + counts[None, :, None, :] + own[None, None, :, :]
        ).reshape(-1, letters)
        chances, law = _chances(realisation, contents)
        ways = np.array([orders(c) for c in counts.tolist()], dtype=object)
        ways = np.broadcast_to(ways[None, :, None], shape).reshape(-1)
        weighted = functions * chances
        gram = (weighted * ways) @ functions.T
        d = table.denominators
        exact = tuple(
            tuple(Fraction(int(gram[i, j]), law * d[i] * d[j]) for j in range(len(d)))
            for i in range(len(d))
        )
        # The image of a function reads its slot i at position sigma(i).
        moved = [explicit[:, list(s)] for s in site_images(realisation.position_irrep)]
        sigma = [places(listed, letters) for listed in moved]
        tau = [_token_map(t, explicit, counts, shape) for t in realisation.token_images(letters)]
        seen = next((i for i in range(len(d)) if exact[i][i]), None)
        inverse: tuple[tuple[Fraction, ...], ...] = ()
        images: tuple[Array, ...] = ()
        if seen is not None:
            each = shape[1] * shape[2]
            spread = [np.add.outer(s * each, np.arange(each)).reshape(-1) for s in sigma]
            images = tuple(t[s] for s, t in product(spread, tau))
            one, measure = functions[seen], chances * ways
            inverse = kronecker(overlaps(one, measure, spread), overlaps(one, measure, tau))
        ratio = _ratio(realisation, sites)
        return cls(
            k, sites, letters, shape, functions, d, weighted, law, images, inverse, exact, ratio
        )

    def marginals(self, values: Array) -> Iterator[Array]:
        """M_A for all sets A of explicit positions, in groups."""
        return marginals(values, self.explicit, self.sites, self.letters)

    def scattered(self, tables: Iterator[Array]) -> Array:
        """The sum over all A of functions given as tables."""
        return scattered(tables, self.explicit, self.sites, self.letters, self.shape[2])

    # -- a target ---------------------------------------------------------------------------

    def _products(self, values: Array) -> Iterator[Array]:
        """<f, (A, image) b_i> up to the denominators, for groups of sets A: shape (images, r, sets)."""
        floating = values.dtype != object and values.dtype.kind == "f"
        weighted = self.weighted.astype(float) if floating else self.weighted
        # Image of b at p is b at images[p]: sum M(p) b(images[p]) gathers M at the preimages.
        back = [np.argsort(image, kind="stable") for image in self.images]
        for group in self.marginals(values):
            columns = np.ascontiguousarray(group.reshape(len(group), -1).T)
            yield np.stack([_matmul(weighted, columns[b]) for b in back])

    def moments(self, values: Array, scale: int) -> tuple[tuple[Fraction, ...], ...]:
        """Q for the target ``values`` / ``scale``, integers."""
        r = len(self.denominators)
        if not self.images:
            return tuple((Fraction(0),) * r for _ in range(r))
        inverse, below = _integers(self.overlaps)
        total = np.zeros((r, r), dtype=object)
        for a in self._products(values):
            d, _, sets = a.shape
            a = a.astype(object)
            turned = (inverse @ a.reshape(d, -1)).reshape(d, r, sets)
            total += a.transpose(1, 0, 2).reshape(r, -1) @ turned.transpose(0, 2, 1).reshape(-1, r)
        common = below * (self.law * scale) ** 2
        return tuple(
            tuple(
                self.ratio * Fraction(int(total[i, j]), common * di * dj)
                for j, dj in enumerate(self.denominators)
            )
            for i, di in enumerate(self.denominators)
        )

    def numeric_moments(self, values: Array) -> Array:
        """Q in floating point."""
        r = len(self.denominators)
        total = np.zeros((r, r))
        if not self.images:
            return total
        inverse = np.array(self.overlaps, dtype=float)
        scale = self.law * np.array(self.denominators, dtype=object)
        for a in self._products(values):
            a = a / scale[None, :, None].astype(float)
            total += np.einsum("sia,st,tja->ij", a, inverse, a, optimize=True)
        return float(self.ratio) * total

    def numeric_gram(self) -> Array:
        """G in floating point."""
        return np.array(self.gram, dtype=float)

    def component(self, values: Array, first: Array, second: Array) -> Array:
        """sum_A sum over images of <f, A first> A second, for combinations of the functions: v^length values.

        ``first`` and ``second`` are coefficients of ``functions``; the factor ratio / <phi, phi> and the denominators are the caller's.
        """
        exact = values.dtype == object or values.dtype.kind != "f"
        inverse = _integers(self.overlaps)[0] if exact else np.array(self.overlaps, dtype=float)
        functions = self.functions if exact else self.functions.astype(float)
        shown = second @ functions
        stacked = np.stack([shown[image] for image in self.images])

        def tables() -> Iterator[Array]:
            for a in self._products(values):
                weights = inverse @ np.tensordot(a, first, axes=([1], [0]))
                yield (weights.T @ stacked).reshape(-1, *self.shape)

        return self.scattered(tables())

    @property
    def overlap_denominator(self) -> int:
        """The denominator of K^-1, which `component` leaves to the caller."""
        return _integers(self.overlaps)[1]


def exact_values(values: Any) -> tuple[Array, int]:
    """Rational numbers as integers over one denominator; machine integers where no sum can wrap."""
    fractions = [Fraction(v) for v in values]
    scale = lcm(*(q.denominator for q in fractions)) if fractions else 1
    integers = [int(q * scale) for q in fractions]
    if sum(map(abs, integers)) < 1 << 62:
        return np.array(integers, dtype=np.int64), scale
    return np.array(integers, dtype=object), scale


def _matmul(a: Array, b: Array) -> Array:
    """The exact product of integer arrays, on machine numbers where nothing can be lost; floats multiply as they are."""
    if b.dtype.kind == "f":
        return a @ b
    most = int(np.abs(a).max(initial=0)) * int(np.abs(b).max(initial=0)) * a.shape[1]
    if most < 1 << 53:  # every partial sum is an integer that a double holds
        return np.rint(a.astype(float) @ b.astype(float)).astype(np.int64)
    return a.astype(object) @ b.astype(object)


def _chances(realisation: Tabulated, contents: Array) -> tuple[Array, int]:
    """The probability of one sequence at each point, as integers over one denominator."""
    kinds, inverse = np.unique(contents, axis=0, return_inverse=True)
    found = [realisation.law.sequence_probability(tuple(c)) for c in kinds.tolist()]
    common = lcm(*(p.denominator for p in found))
    return np.array([int(p * common) for p in found], dtype=object)[inverse.reshape(-1)], common


def _token_map(
    tau: tuple[int, ...], explicit: Array, counts: Array, shape: tuple[int, int, int]
) -> Array:
    """Where the image under t -> tau(t) reads: at tau^-1 of all letters."""
    letters = len(tau)
    back = np.argsort(tau)
    at = {tuple(c): i for i, c in enumerate(counts.tolist())}
    bulk = np.array([at[tuple(c)] for c in counts[:, list(tau)].tolist()], dtype=np.int64)
    star = back if shape[2] > 1 else np.zeros(1, dtype=np.int64)
    flat = (
        places(back[explicit], letters)[:, None, None] * shape[1] + bulk[None, :, None]
    ) * shape[2]
    return (flat + star[None, None, :]).reshape(-1)


def overlaps(one: Array, measure: Array, images: list[Array]) -> list[list[Fraction]]:
    """The inverse Gram matrix of the images of a function, relative to its norm."""
    one, measure = _shortened(one), _shortened(measure)
    moved = np.stack([one[image] for image in images])
    norm = int((one.astype(object) * measure) @ one)
    gram = _matmul(moved * measure, moved.T)
    size = len(images)
    rows = [
        [*(Fraction(int(e), norm) for e in gram[i]), *(Fraction(int(i == j)) for j in range(size))]
        for i in range(size)
    ]
    reduced, pivots = row_reduce(rows, 2 * size)
    assert pivots == list(range(size)), "the images of the chosen vector are dependent"
    return [row[size:] for row in reduced]


def _shortened(numbers: Array) -> Array:
    """Integers without their common divisor, as machine integers where they fit."""
    divisor = gcd(*(int(n) for n in numbers)) or 1
    short = numbers // divisor
    most = int(np.abs(short).max(initial=0))
    return short.astype(np.int64) if most < 1 << 31 else short


def kronecker(a: list[list[Fraction]], b: list[list[Fraction]]) -> tuple[tuple[Fraction, ...], ...]:
    """The Kronecker product."""
    return tuple(tuple(x * y for x in row for y in other) for row in a for other in b)


def _integers(matrix: tuple[tuple[Fraction, ...], ...]) -> tuple[Array, int]:
    common = lcm(*(q.denominator for row in matrix for q in row)) if matrix else 1
    rows = [[int(q * common) for q in row] for row in matrix]
    return np.array(rows, dtype=object).reshape(len(matrix), -1), common


def _ratio(realisation: Tabulated, sites: int) -> Fraction:
    mu = realisation.position_irrep
    if not sites:
        return Fraction(1)
    whole = mu.padded(sites).dimension
    return Fraction(whole, mu.dimension * comb(sites, mu.size))
