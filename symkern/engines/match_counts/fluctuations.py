r"""Bases of functions whose norms under a mixture of laws are known powers of L.

Under one law p of independent tokens a letter [x = u] - p_u in the bulk, averaged over its sites, is of order L^(-1/2), and letters on
different sites are uncorrelated: a function with b such letters has a norm of order L^(-b/2), and what is left of the Gram matrix as L
grows is not singular. Under a mixture the frequencies of the letters differ from component to component by constants, and functions that are small under one
component need not be under another. With

    jet_r,m(f) = the part of f with m letters in the bulk, after each is written as p_r,u + ([x = u] - p_r,u), on the letters of component r,

the norm of f is of order L^(-m/2) for the least m with jet_r,m(f) not zero for some r. So a basis is taken along the flag V_0 > V_1 > ... of

    V_m = { f : jet_r,j(f) = 0 for all r and all j < m },

whose members of level m are independent modulo V_(m+1). It does not depend on L; in it a block's leading terms can be read
(`symkern.exact.graded`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from symkern.engines.match_counts.letter_spaces import LetterState
from symkern.exact.row_reduction import row_reduce

__all__ = ["ByFluctuation"]

Probabilities = tuple[Fraction, ...]
Vector = Mapping[LetterState, int | Fraction]
#: Number of a component, and what its letters leave of a state.
Place = tuple[int, LetterState]


class ByFluctuation:
    """The basis along the flag, from those of the functions ``vectors`` that are ``kept``; no combination of these vanishes under all ``laws``.

    ``subspace`` has one row for each function: its coordinates in those kept. ``levels`` says how small each is.
    """

    def __init__(
        self, vectors: Sequence[Vector], kept: Sequence[int], laws: Iterable[Probabilities]
    ) -> None:
        self.kept = list(kept)
        self.subspace: list[list[Fraction]] = []
        self.levels: list[int] = []
        size = len(self.kept)
        known = list(laws)
        jets = [_jets(vectors[place], known) for place in self.kept]
        rest = [[Fraction(i == j) for j in range(size)] for i in range(size)]
        level = 0
        highest = max((m for jet in jets for m in jet), default=-1)
        while rest:
            assert level <= highest, "a combination of the functions vanishes under all laws"
            seen = [_combined(row, [jet.get(level, {}) for jet in jets]) for row in rest]
            places = sorted({place for image in seen for place in image})
            rows = [[image.get(place, Fraction(0)) for image in seen] for place in places]
            reduced, pivots = row_reduce(rows, len(rest))
            self.subspace += [rest[j] for j in pivots]
            self.levels += [level] * len(pivots)
            free = [j for j in range(len(rest)) if j not in pivots]
            rest = [
                _less(rest[j], [(row[j], rest[p]) for row, p in zip(reduced, pivots, strict=True)])
                for j in free
            ]
            level += 1
        joined = [[*column, *unit] for column, unit in zip(
            zip(*self.subspace, strict=True), ([int(i == j) for j in range(size)] for i in range(size)), strict=True
        )]  # fmt: skip
        self._back = [row[size:] for row in row_reduce(joined, 2 * size)[0]]

    def restrict(self, block: list[list[Any]], zero: Any) -> list[list[Any]]:
        """The block of an operator in this basis, from that in ``vectors``."""
        moved = []
        for row in block:
            places = [[(j, c) for j, c in enumerate(coordinates) if c] for coordinates in self.subspace]  # fmt: skip
            moved.append([sum((row[j] * c for j, c in terms), zero) for terms in places])
        out = []
        for coordinates in self._back:
            terms = [(i, c) for i, c in enumerate(coordinates) if c]
            out.append(
                [sum((moved[i][j] * c for i, c in terms), zero) for j in range(len(self.kept))]
            )
        return out


def _combined(
    coordinates: Sequence[Fraction], images: Sequence[Mapping[Place, Fraction]]
) -> dict[Place, Fraction]:
    total: dict[Place, Fraction] = {}
    for c, image in zip(coordinates, images, strict=True):
        if c:
            for place, value in image.items():
                total[place] = total.get(place, Fraction(0)) + c * value
    return total


def _less(
    row: Sequence[Fraction], others: Sequence[tuple[Fraction, Sequence[Fraction]]]
) -> list[Fraction]:
    found = list(row)
    for c, other in others:
        if c:
            found = [a - c * b for a, b in zip(found, other, strict=True)]
    return found


def _jets(vector: Vector, laws: Sequence[Probabilities]) -> dict[int, dict[Place, Fraction]]:
    """jet_r,m of a function in the letters [x = u], by m."""
    found: dict[int, dict[Place, Fraction]] = {}
    for number, p in enumerate(laws):
        for state, c in vector.items():
            for left, value in _around(state, p).items():
                part = found.setdefault(sum(left.bulk), {})
                part[number, left] = part.get((number, left), Fraction(0)) + c * value
    return found


def _around(state: LetterState, p: Probabilities) -> dict[LetterState, Fraction]:
    """A state in the letters less their probabilities, those of probability 0 left out, and 0's and one more that is minus the others."""
    present = [t for t, q in enumerate(p) if q]
    replaced, *others = present

    def letter(u: int) -> dict[int, Fraction]:
        """[x = u] - p_u, for u > 0."""
        if u == replaced:
            return dict.fromkeys(others, Fraction(-1))
        return {u: Fraction(1)} if u in present else {}

    def with_mean(u: int) -> dict[int, Fraction]:
        return {0: p[u], **letter(u)} if u else {0: Fraction(1)}

    bulk: dict[tuple[int, ...], Fraction] = {(0,) * len(state.bulk): Fraction(1)}
    for u, times in enumerate(state.bulk, 1):
        for _ in range(times):
            more: dict[tuple[int, ...], Fraction] = {}
            for counts, c in bulk.items():
                for t, e in with_mean(u).items():
                    key = (*counts[: t - 1], counts[t - 1] + 1, *counts[t:]) if t else counts
                    more[key] = more.get(key, Fraction(0)) + c * e
            bulk = {key: c for key, c in more.items() if c}
    found: dict[LetterState, Fraction] = {}
    for chosen in product(*(letter(u).items() for u in state.explicit), with_mean(state.star).items()):  # fmt: skip
        *explicit, star = (t for t, _ in chosen)
        scale = Fraction(1)
        for _, e in chosen:
            scale *= e
        if scale:
            for counts, c in bulk.items():
                left = LetterState(tuple(explicit), counts, star)
                found[left] = found.get(left, Fraction(0)) + scale * c
    return found
