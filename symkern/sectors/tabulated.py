"""Functions of a sector as tables of numbers, and the permutations that carry one vector of an irrep to a basis of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np

from symkern.combinatorics import Partition, standard_tableaux
from symkern.tokens import Law

Counts = tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """b_1, ..., b_r at given sizes: ``numerators`` of shape (r, v^k, bulk counts, stars), Python ints, over ``denominators``.

    Explicit letters are read as digits, the first most significant; bulk counts are in the order of
    `symkern.combinatorics.contingency_tables.compositions`.
    """

    numerators: Any
    denominators: tuple[int, ...]


class Tabulated(Protocol):
    """What projections need of the functions of a sector: see `symkern.sectors.realisation`."""

    @property
    def position_irrep(self) -> Partition:
        """The stable label mu."""

    @property
    def star(self) -> bool:
        """Whether the last position is read."""

    @property
    def explicit(self) -> int:
        """The number |mu| of explicit positions."""

    @property
    def law(self) -> Law:
        """The law of the tokens."""

    def table(self, length: int, vocabulary: int) -> Table:
        """All values at given sizes."""

    def token_images(self, vocabulary: int) -> list[Counts]:
        """Relabellings that carry the chosen vector of S^kappa to a basis."""


def words(length: int, letters: int) -> Any:
    """All words of that length in lexicographic order, one a row.

    >>> words(2, 2).tolist(), words(0, 2).shape
    ([[0, 0], [0, 1], [1, 0], [1, 1]], (1, 0))
    """
    return np.indices((letters,) * length).reshape(length, letters**length).T


def places(listed: Any, letters: int) -> Any:
    """The place of each row of letters among all words of its length, the inverse of `words`."""
    found = np.zeros(len(listed), dtype=np.int64)
    for column in listed.T:
        found = found * letters + column
    return found


def filling(shape: Partition) -> list[Counts]:
    """The tableau of ``shape`` with 0, 1, ... row by row.

    >>> filling(Partition(2, 1))
    [(0, 1), (2,)]
    """
    numbers = iter(range(shape.size))
    return [tuple(islice(numbers, part)) for part in shape]


def site_images(mu: Partition) -> list[Counts]:
    """Permutations, in one line, that carry the row tableau of ``mu`` to its standard tableaux.

    >>> site_images(Partition(2, 1))
    [(0, 1, 2), (0, 2, 1)]
    """
    if not mu:
        return [()]
    return [tuple(e - 1 for row in t.rows for e in row) for t in standard_tableaux(mu)]


def token_images(kappa: Partition, vocabulary: int) -> list[Counts]:
    """The same for the tableau of kappa[v] with 0, 1, ... below the first row and the other letters in it."""
    shape = kappa.padded(vocabulary)
    cells = [*range(kappa.size, vocabulary), *range(kappa.size)]
    found = []
    for tableau in standard_tableaux(shape):
        entries = [e - 1 for row in tableau.rows for e in row]
        image = [0] * vocabulary
        for cell, entry in zip(cells, entries, strict=True):
            image[cell] = entry
        found.append(tuple(image))
    return found
