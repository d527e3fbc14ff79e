r"""Bases of functions whose norms under a mixture of laws are known powers of L.

Under one law p of independent tokens a letter [x = u] - p_u in the bulk, averaged over its sites, is of order L^(-1/2), and letters on
different sites are uncorrelated: a function with b such letters has a norm of order L^(-b/2), and what is left of the Gram matrix as L
grows is not singular. Under a mixture the frequencies of the letters differ from component to component by constants, and functions that are small under one
component need not be under another. With

    jet_r,m(f) = the part of f with m letters in the bulk, after each is written as p_r,u + ([x = u] - p_r,u), on the letters of component r,

the norm of f is of order L^(-m/2) for the least m with jet_r,m(f) not zero for some r. So a basis is taken along the flag V_0 > V_1 > ... of

    V_m = { f : jet_r,j(f) = 0 for all r and all j < m },

whose members of level m are independent modulo V_(m+1). It does not depend on L; in it a block's leading terms can be read
(`symkern.exact.graded`). Where probabilities are formulas the flag is that of generic ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symkern.engines.match_counts.letter_spaces import LetterState, rewritten
from symkern.engines.match_counts.multiplicity_space import combined, sandwiched
from symkern.exact import RationalFunction
from symkern.exact.row_reduction import row_reduce
from symkern.sectors.coordinates import null_space, reduced_rows

Probabilities = tuple[Any, ...]
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
        self.subspace: list[list[Any]] = []
        self.levels: list[int] = []
        size = len(self.kept)
        known = list(laws)
        field = next((q.field for p in known for q in p if isinstance(q, RationalFunction)), None)
        jets = [_jets(vectors[place], known) for place in self.kept]
        rest = unit = [[Fraction(i == j) for j in range(size)] for i in range(size)]
        level = 0
        highest = max((m for jet in jets for m in jet), default=-1)
        while rest:
            assert level <= highest, "a combination of the functions vanishes under all laws"
            here = [jet.get(level, {}) for jet in jets]
            seen = [
                combined(pair for pair in zip(here, row, strict=True) if pair[1]) for row in rest
            ]
            places = sorted({place for image in seen for place in image})
            rows = [[image.get(place, Fraction(0)) for image in seen] for place in places]
            vanishing, free = null_space(rows, len(rest), field)
            self.subspace += [row for j, row in enumerate(rest) if j not in free]
            self.levels += [level] * (len(rest) - len(free))
            rest = sandwiched(vanishing, rest, unit, Fraction(0))
            level += 1
        columns = zip(zip(*self.subspace, strict=True), unit, strict=True)
        joined = [[*column, *own] for column, own in columns]
        self._back: list[list[Any]]
        if field is None:
            self._back = [row[size:] for row in row_reduce(joined, 2 * size)[0]]
        else:
            lifted = [[field(e) for e in row] for row in joined]
            self._back = [row[size:] for row in reduced_rows(lifted, field)[0]]

    def restrict(self, block: list[list[Any]], zero: Any) -> list[list[Any]]:
        """The block of an operator in this basis, from that in ``vectors``."""
        return sandwiched(self._back, block, self.subspace, zero)


def _jets(vector: Vector, laws: Sequence[Probabilities]) -> dict[int, dict[Place, Fraction]]:
    """jet_r,m of a function in the letters [x = u], by m."""
    found: dict[int, dict[Place, Fraction]] = {}
    for number, p in enumerate(laws):
        for state, c in vector.items():
            for left, value in _around(state, p).items():
                part = found.setdefault(sum(left.bulk), {})
                part[number, left] = part.get((number, left), Fraction(0)) + c * value
    return found


def _around(state: LetterState, p: Probabilities) -> dict[LetterState, int | Fraction]:
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

    return rewritten(state, letter, with_mean)
