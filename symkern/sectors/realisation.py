r"""How the block of a sector is realised by functions on sequences.

A sector (mu, kappa) is S^mu tensor S^kappa tensor its multiplicity space, and its block acts on the last factor alone. Fixing
one vector of S^mu tensor S^kappa turns every vector of the multiplicity space into a function; here the
vector of S^mu is the one that all permutations of the positions k, k+1, ... leave fixed, k = |mu|: the Young symmetrizer acts
on the *explicit* positions 0..k-1, and the other symmetric positions form a *bulk* that is seen through the counts of
its letters alone. With a read position (the star, the last one) its letter is a further argument. So a function is a table

    E(u; n; s):   u the letters of the explicit positions, n the counts in the bulk, s the letter of the star,

of v^k C(N + v - 1, v - 1) (times v) numbers, N the number of bulk positions, instead of v^L.

The functions e_1, ..., e_m in which a block is written satisfy T e_j = sum_i block[i, j] e_i. They are e_j = sum_i mix[i][j] b_i with
rational functions b_i on sequences; ``mix`` is the identity where nothing else is said.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from symkern.combinatorics import Partition
from symkern.combinatorics.contingency_tables import raised
from symkern.sectors.projections import Projection
from symkern.sectors.tabulated import Table, token_images
from symkern.tokens import Law

Counts = tuple[int, ...]


@dataclass(frozen=True)
class Realisation(ABC):
    """The functions of one sector. ``length`` and the vocabulary of ``law`` may be symbols; ``star`` says that the last position is read."""

    position_irrep: Partition
    token_irrep: Partition | None
    star: bool
    length: int | sp.Expr
    law: Law

    @property
    def explicit(self) -> int:
        """Number of explicit positions."""
        return self.position_irrep.size

    @property
    def vocabulary(self) -> int | sp.Expr:
        """Number of tokens; the length where all are distinct."""
        return self.law.vocabulary_at(self.length)

    @property
    @abstractmethod
    def rank(self) -> int:
        """Number of the functions b_i."""

    @property
    def mix(self) -> Sequence[Sequence[Any]] | None:
        """Coordinates of the block's basis in the functions b_i, columns by basis vector; None for the identity."""
        return None

    @property
    def degrees(self) -> tuple[int, ...] | None:
        """The Efron-Stein degree of each basis function of the block, the read position counted; None where some have none."""
        return None

    @abstractmethod
    def table(self, length: int, vocabulary: int) -> Table:
        """All values at given sizes."""

    @abstractmethod
    def at(self, sequence: Counts, vocabulary: int) -> list[Fraction]:
        """b_1, ..., b_r at one sequence of letters 0..vocabulary-1."""

    def check(self, sequence: Counts) -> None:
        """Refuse sequences of letters that the law does not have; any may occur here."""
        return

    def number(self, length: int, letters: int) -> int:
        """How many sequences there are."""
        return int(letters**length)

    def sequences(self, length: int, letters: int) -> Iterator[Counts]:
        """All of them, in lexicographic order."""
        return product(range(letters), repeat=length)

    def places(self, length: int, letters: int) -> tuple[Any, Any, Any]:
        """For every sequence its place in a table: explicit letters, bulk counts, star."""
        k, sites = self.explicit, length - int(self.star)
        explicit = np.zeros(1, dtype=np.int64)
        counts = np.zeros(1, dtype=np.int64)
        for a in range(sites):
            if a < k:
                explicit = (explicit[:, None] * letters + np.arange(letters)).reshape(-1)
                counts = np.repeat(counts, letters)
            else:
                step = np.stack([raised(a - k, letters, t) for t in range(letters)], axis=1)
                counts = step[counts].reshape(-1)
                explicit = np.repeat(explicit, letters)
        own = np.zeros(len(counts), dtype=np.int64)
        if self.star:
            own = np.tile(np.arange(letters), len(counts))
            explicit, counts = np.repeat(explicit, letters), np.repeat(counts, letters)
        return explicit, counts, own

    def projection(self, length: int, letters: int) -> Projection:
        """All that projections of a target on this sector need."""
        return Projection.of(self, length, letters)

    def token_images(self, vocabulary: int) -> list[Counts]:
        """Relabellings, letter t to image[t], that carry the chosen vector of S^kappa to a basis of it."""
        if self.token_irrep is None or not self.token_irrep:
            return [tuple(range(vocabulary))]
        return token_images(self.token_irrep, vocabulary)
