r"""The irreps of S_v inside a multiplicity space, when kernel and law do not distinguish the tokens.

The multiplicity space of lam, V_lam or V_lam tensor C^v where one position is read, is a sum over weights (the counts c of the
letters, with the letter that is read), and S_v permutes the weights. By Frobenius reciprocity a map Phi of S^kappa into it is given
on one weight of each orbit by a map F that commutes with the stabilizer of that weight:

    Phi(s) at the weight sigma c  =  sigma F(sigma^-1 s).

The forms of the kernel and of the inner product on these maps are sums over an orthonormal basis of S^kappa, and need the rows of one
weight per orbit alone. Basis vectors stay integral: divided powers span a lattice that S_v preserves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Any

import numpy as np

from symkern.combinatorics import Partition
from symkern.engines.tables.polarisations import WeylModule
from symkern.exact.row_reduction import row_reduce
from symkern.representations.seminormal import seminormal
from symkern.sectors.coordinates import null_space

Counts = tuple[int, ...]
Weight = tuple[Counts, int | None]
IntArray = Any


def representative(weight: Weight) -> bool:
    """Whether a weight is the chosen one of its orbit: counts decreasing, the letter read first among equals."""
    content, star = weight
    if any(a < b for a, b in pairwise(content)):
        return False
    return star is None or star == 0 or content[star - 1] != content[star]


@dataclass(frozen=True)
class _Orbit:
    """A weight, how many there are in its orbit, and for each the letters' action on vectors and on S^kappa."""

    weight: Weight
    maps: tuple[IntArray, ...]  # F_1, F_2, ...: integer matrices, columns by the basis of S^kappa
    members: tuple[tuple[Weight, IntArray, IntArray], ...]


class TokenSplit:
    """Maps of S^kappa into the multiplicity space of ``module``; ``weights`` are those the law allows."""

    def __init__(self, module: WeylModule, kappa: Partition, weights: Sequence[Weight]) -> None:
        self.module = module
        letters = module.letters
        form = seminormal(kappa.padded(letters)) if letters > 1 else None
        self._tokens = [form.adjacent(i).to_numpy() for i in range(letters - 1)] if form else []
        self.dimension = form.dimension if form else 1
        self._lengths = _lengths(self._tokens, self.dimension)
        self._moves: dict[tuple[int, Counts], IntArray] = {}
        self._relabelled: dict[int, dict[Counts, IntArray]] = {}
        self.orbits = [
            orbit for w in weights if representative(w) for orbit in [self._orbit(w)] if orbit.maps
        ]
        self.owners = [(o, m) for o in self.orbits for m in o.maps]

    def __len__(self) -> int:
        return len(self.owners)

    # -- the action of an adjacent transposition ------------------------------------------

    def _swap(self, weight: Weight, i: int) -> Weight:
        content, star = list(weight[0]), weight[1]
        content[i], content[i + 1] = content[i + 1], content[i]
        if star in (i, i + 1):
            star = 2 * i + 1 - star
        return tuple(content), star

    def _move(self, i: int, content: Counts) -> IntArray:
        """The matrix of s_i from the vectors of ``content`` to those of s_i content."""
        if (i, content) not in self._moves:
            if i not in self._relabelled:
                sigma = list(range(self.module.letters))
                sigma[i], sigma[i + 1] = i + 1, i
                self._relabelled[i] = self.module.relabelled(tuple(sigma))
            target = self._swap((content, None), i)[0]
            self._moves[i, content] = _solved(
                self.module.gram[target], self._relabelled[i][content]
            )
        return self._moves[i, content]

    # -- orbits and maps ------------------------------------------------------------------

    def _orbit(self, weight: Weight) -> _Orbit:
        size, f = len(self.module.contents[weight[0]]), self.dimension
        maps = self._maps(weight, size)
        if not maps:
            return _Orbit(weight, (), ())
        start = (weight, np.eye(size, dtype=object), np.eye(f, dtype=object))
        members = {weight: start}
        queue = [start]
        while queue:
            at, vectors, inverse = queue.pop()
            for i in range(self.module.letters - 1):
                target = self._swap(at, i)
                if target not in members:
                    new = (target, self._move(i, at[0]) @ vectors, inverse @ self._tokens[i])
                    members[target] = new
                    queue.append(new)
        return _Orbit(weight, maps, tuple(members.values()))

    def _maps(self, weight: Weight, size: int) -> tuple[IntArray, ...]:
        """A basis of the maps S^kappa -> vectors of the weight that commute with its stabilizer."""
        f = self.dimension
        equations: list[list[Fraction]] = []
        for i in range(self.module.letters - 1):
            if self._swap(weight, i) != weight:
                continue
            left, right = self._move(i, weight[0]), self._tokens[i]
            for a in range(size):
                for s in range(f):  # (left F - F right)[a, s] = 0
                    row = [Fraction(0)] * (size * f)
                    for b in range(size):
                        row[b * f + s] += left[a, b]
                    for t in range(f):
                        row[a * f + t] -= right[t, s]
                    equations.append(row)
        found = []
        for vector in null_space(equations, size * f)[0]:
            common = lcm(*(q.denominator for q in vector))
            integers = [int(q * common) for q in vector]
            divisor = gcd(*integers)
            found.append(np.array([n // divisor for n in integers], dtype=object).reshape(size, f))
        return tuple(found)

    # -- forms ----------------------------------------------------------------------------

    def gram(self) -> IntArray:
        """The inner products of the maps."""
        size = len(self)
        out = np.zeros((size, size), dtype=object)
        at = 0
        for orbit in self.orbits:
            gram = self.module.gram[orbit.weight[0]]
            for i, first in enumerate(orbit.maps):
                for j, second in enumerate(orbit.maps):
                    out[at + i, at + j] = len(orbit.members) * self._traced(first, gram @ second)
            at += len(orbit.maps)
        return out

    def form(self, entries: dict[Any, IntArray], absolute: bool = False) -> tuple[IntArray, int]:
        """Integers and a denominator: the kernel on the maps. ``entries[p, q]`` or ``entries[None]`` hold E(T', T).

        With ``absolute`` all coefficients are replaced by absolute values: a bound on errors of the entries.
        """
        size, f = len(self), self.dimension
        images: dict[int | None, list[IntArray]] = {}
        stars = sorted({w[1] for o in self.orbits for w, _, _ in o.members}, key=lambda s: s or 0)
        scale = 1
        columns: list[tuple[int, int | None, range, IntArray]] = []
        number = 0
        for orbit in self.orbits:
            for base in orbit.maps:
                for (content, star), vectors, inverse in orbit.members:
                    value = (vectors @ base) @ inverse
                    scale = lcm(
                        scale, *{Fraction(e).denominator for e in value.reshape(-1).tolist()}
                    )
                    columns.append((number, star, self.module.contents[content], value))
                number += 1
        for star in stars:
            images[star] = [np.zeros((len(self.module), size), dtype=object) for _ in range(f)]
        for number, star, places, value in columns:
            for s in range(f):
                part = [int(Fraction(e) * scale) for e in value[:, s].tolist()]
                images[star][s][places.start : places.stop, number] = part
        if absolute:
            images = {star: [abs(m) for m in listed] for star, listed in images.items()}
        out = np.zeros((size, size), dtype=object)
        at = 0
        for orbit in self.orbits:
            content, star = orbit.weight
            places = self.module.contents[content]
            for other in stars:
                key = None if star is None else (star, other)
                rows = entries[key][places.start : places.stop]
                for s in range(f):
                    image = rows @ images[other][s]
                    for i, base in enumerate(orbit.maps):
                        left = abs(base[:, s]) if absolute else base[:, s]
                        weight = len(orbit.members) * self._lengths[s]
                        out[at + i] = out[at + i] + weight * (left @ image)
            at += len(orbit.maps)
        return out, scale

    def functions(self) -> tuple[tuple[tuple[int | None, Counts, Fraction], ...], ...]:
        """The image of the first basis vector of S^kappa under each map: (letter read, tableau's counts, coefficient)."""
        found = []
        for orbit, base in self.owners:
            terms = []
            for (content, star), vectors, inverse in orbit.members:
                value = ((vectors @ base) @ inverse)[:, 0]
                for place, c in zip(self.module.contents[content], value.tolist(), strict=True):
                    if c:
                        terms.append((star, self.module.tableaux[place], Fraction(c)))
            found.append(tuple(terms))
        return tuple(found)

    def _traced(self, first: IntArray, second: IntArray) -> int:
        return sum(
            self._lengths[s] * int(first[:, s] @ second[:, s]) for s in range(self.dimension)
        )


def _lengths(tokens: list[IntArray], dimension: int) -> list[int]:
    """Integers proportional to 1/<e_s, e_s> for the invariant form, which is diagonal in the seminormal basis."""
    norms: dict[int, Fraction] = {0: Fraction(1)}
    queue = [0]
    while queue:
        t = queue.pop()
        for matrix in tokens:
            for s in range(dimension):
                if s not in norms and matrix[s, t]:
                    norms[s] = norms[t] * Fraction(matrix[t, s]) / Fraction(matrix[s, t])
                    queue.append(s)
    inverses = [1 / norms[s] for s in range(dimension)]
    common = lcm(*(q.denominator for q in inverses))
    return [int(q * common) for q in inverses]


def _solved(gram: IntArray, right: IntArray) -> IntArray:
    """gram^-1 right, which is integral here."""
    size = len(gram)
    rows = [[Fraction(e) for e in (*gram[i], *right[i])] for i in range(size)]
    reduced, _ = row_reduce(rows, 2 * size)
    out = np.empty((size, right.shape[1]), dtype=object)
    for i, row in enumerate(reduced):
        for j, q in enumerate(row[size:]):
            assert q.denominator == 1
            out[i, j] = q.numerator
    return out
