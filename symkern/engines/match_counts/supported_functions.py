"""Functions on sequences of all letters from functions on the letters that a law has.

A law that gives some letters probability 0 is a law on the others, its support a_0 < a_1 < ... < a_{w-1}; a kernel's operator
lives on functions of sequences of those. As functions on all sequences they are

    f(x) = g(i)  where x_j = a_{i_j},   and 0 where a letter outside the support occurs,

the same choice as where an exchangeable law has no weight (`polarised_functions`): no expectation depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from symkern.combinatorics.contingency_tables import compositions
from symkern.sectors.realisation import Realisation
from symkern.sectors.tabulated import Table

Counts = tuple[int, ...]


@dataclass(frozen=True)
class SupportedFunctions(Realisation):
    """The functions ``inner`` of the letters 0..w-1, which stand for ``support``, in the letters of ``law``."""

    inner: Realisation = field(repr=False)
    support: Counts = ()

    @property
    def rank(self) -> int:
        """Number of the functions."""
        return self.inner.rank

    @cached_property
    def _number(self) -> dict[int, int]:
        """The place of each letter in the support."""
        return {t: i for i, t in enumerate(self.support)}

    def at(self, sequence: Counts, vocabulary: int) -> list[Fraction]:
        """b_1, ..., b_r at one sequence; zero where a letter has probability 0."""
        if any(t not in self._number for t in sequence):
            return [Fraction(0)] * self.rank
        return self.inner.at(tuple(self._number[t] for t in sequence), len(self.support))

    def table(self, length: int, vocabulary: int) -> Table:
        """All values: those on the support in their places, zeros elsewhere."""
        support, k = list(self.support), self.explicit
        given = self.inner.table(length, len(support))
        bulk = length - int(self.star) - k
        place = {tuple(c): i for i, c in enumerate(compositions(bulk, vocabulary).tolist())}
        counts = np.zeros((len(compositions(bulk, len(support))), vocabulary), dtype=np.int64)
        counts[:, support] = compositions(bulk, len(support))
        explicit = np.zeros(1, dtype=np.int64)
        for _ in range(k):
            explicit = (explicit[:, None] * vocabulary + np.array(support)).reshape(-1)
        shape = (
            len(given.denominators),
            vocabulary**k,
            len(place),
            vocabulary if self.star else 1,
        )
        out = np.full(shape, 0, dtype=object)
        rows = [place[tuple(c)] for c in counts.tolist()]
        stars = support if self.star else [0]
        places = [range(shape[0]), explicit.tolist(), rows, stars]
        out[np.ix_(*map(np.asarray, places))] = given.numerators
        return Table(out, given.denominators)
