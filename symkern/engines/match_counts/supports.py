r"""Mixtures under which some sequences never occur although each of their letters does.

A sequence has positive probability where one component of the mixture has all of its letters. A function that vanishes on all
of these has norm zero: it is no function under the law, T maps it to zero, and the eigenvalue 0 that it adds to a block does not
exist. So blocks are written on the quotient by these functions.

Which they are does not depend on L. On the sequences with letters in S (0 standing for the constant)

    b_u = 0 for u not in S,        b_r = 1 - (the other letters of S) for one r in S, where the letter 0 is not in S,

and what is left is a basis again, on every site: at the star, in the bulk, whose degree is at most its size, and on explicit
sites, where a letter stands for its difference to the bulk, so that the constant 1 is 0. A vector is the zero function where
this leaves nothing of it, for every component's S.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from symkern.combinatorics.contingency_tables import compositions
from symkern.engines.match_counts.letter_spaces import LetterSpace, LetterState, rewritten
from symkern.engines.match_counts.multiplicity_space import Reduction, combined
from symkern.exact.row_reduction import row_reduce
from symkern.sectors.realisation import Realisation
from symkern.sectors.tabulated import Table

Letters = tuple[int, ...]


def largest_supports(laws: Iterable[tuple[Fraction, Sequence[Fraction]]]) -> tuple[Letters, ...]:
    """The letters of each component (weight, probabilities), those that no other component contains.

    >>> from fractions import Fraction
    >>> one, half, none = Fraction(1), Fraction(1, 2), Fraction(0)
    >>> largest_supports([(half, (half, half, none)), (half, (none, none, one))])
    ((0, 1), (2,))
    """
    found = {tuple(t for t, q in enumerate(p) if q) for weight, p in laws if weight}
    return tuple(sorted(s for s in found if not any(set(s) < set(other) for other in found)))


class OnSupports:
    """The functions of a letter space, or of its reduction at a small L, modulo those that vanish on all ``supports``.

    ``kept`` and ``subspace`` are as in `sectors.Reduction`, one row of ``subspace`` for each function that is left;
    ``onto`` has the coordinates in these of all functions there were.
    """

    def __init__(
        self, space: LetterSpace, reduction: Reduction | None, supports: Sequence[Letters]
    ) -> None:
        self._restricted: dict[tuple[Letters, LetterState], dict[LetterState, int | Fraction]] = {}
        columns = [self._image(vector, supports) for vector in space.vectors]
        if reduction is not None:
            columns = [
                combined((columns[i], c) for i, c in zip(reduction.kept, row, strict=True) if c)
                for row in reduction.subspace
            ]
        keys = sorted({key for column in columns for key in column})
        rows = [[column.get(key, 0) for column in columns] for key in keys]
        self.onto, self.chosen = row_reduce(rows, len(columns))
        self.subspace: list[list[Fraction]]
        if reduction is None:
            self.kept = self.chosen
            size = len(self.chosen)
            self.subspace = [[Fraction(i == j) for j in range(size)] for i in range(size)]
        else:
            self.kept = reduction.kept
            self.subspace = [reduction.subspace[i] for i in self.chosen]

    def __len__(self) -> int:
        return len(self.chosen)

    def restrict(self, block: list[list[Any]], zero: Any) -> list[list[Any]]:
        """The block of an operator in the functions that are left, from that in all of them."""
        out = []
        for row in self.onto:
            places = [i for i, q in enumerate(row) if q]
            out.append([sum((block[i][j] * row[i] for i in places), zero) for j in self.chosen])
        return out

    def _image(
        self, vector: Mapping[LetterState, int], supports: Sequence[Letters]
    ) -> dict[tuple[int, LetterState], int | Fraction]:
        """What each support leaves of a vector, the supports told apart by their number."""
        found: dict[tuple[int, LetterState], int | Fraction] = {}
        for number, support in enumerate(supports):
            for state, c in vector.items():
                if (support, state) not in self._restricted:
                    self._restricted[support, state] = _restricted(state, support)
                for left, e in self._restricted[support, state].items():
                    found[number, left] = found.get((number, left), 0) + c * e
        return found


def _restricted(state: LetterState, support: Letters) -> dict[LetterState, int | Fraction]:
    """A state on the sequences with letters in ``support``."""
    # 0, the constant's own letter, where it is there: then no b_u is replaced.
    replaced = support[0]
    others = [t for t in support if t != replaced]

    def letter(u: int, constant: int) -> dict[int, int]:
        """b_u, or ``constant`` minus the other letters; 0 is the constant."""
        if u and u == replaced:
            return {0: constant, **dict.fromkeys(others, -1)}
        return {u: 1} if not u or u in support else {}

    return rewritten(state, lambda u: letter(u, 0), lambda u: letter(u, 1))


@dataclass(frozen=True)
class FunctionsOnSupports(Realisation):
    """The functions ``inner``, set to zero on sequences whose letters no support has: there the law says nothing about them."""

    inner: Realisation = field(repr=False)
    supports: tuple[Letters, ...] = ()

    @property
    def rank(self) -> int:
        """Number of the functions."""
        return self.inner.rank

    def at(self, sequence: Letters, vocabulary: int) -> list[Fraction]:
        """b_1, ..., b_r at one sequence."""
        if not any(set(sequence) <= set(support) for support in self.supports):
            return [Fraction(0)] * self.rank
        return self.inner.at(sequence, vocabulary)

    def table(self, length: int, vocabulary: int) -> Table:
        """All values."""
        given = self.inner.table(length, vocabulary)
        counts = compositions(length - int(self.star) - self.explicit, vocabulary)
        seen = np.zeros(given.numerators.shape[1:], dtype=bool)
        for support in self.supports:
            inside = np.isin(np.arange(vocabulary), support)
            words = np.ones(1, dtype=bool)
            for _ in range(self.explicit):
                words = (words[:, None] & inside).reshape(-1)
            bulk = (counts[:, ~inside] == 0).all(axis=1)
            star = inside if self.star else np.ones(1, dtype=bool)
            seen |= words[:, None, None] & bulk[None, :, None] & star[None, None, :]
        return Table(given.numerators * seen.astype(object), given.denominators)
