"""Functions of a sector as tables of numbers, and the permutations that carry one vector of an irrep to a basis of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from symkern.combinatorics import Partition, standard_tableaux
from symkern.tokens import Law

__all__ = ["Table", "Tabulated", "site_images", "token_images"]

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
    def position_irrep(self) -> Partition: ...
    @property
    def star(self) -> bool: ...
    @property
    def explicit(self) -> int: ...
    @property
    def law(self) -> Law: ...
    def table(self, length: int, vocabulary: int) -> Table: ...
    def token_images(self, vocabulary: int) -> list[Counts]: ...


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
    below, start = [], 0
    for part in kappa:
        below.append(list(range(start, start + part)))
        start += part
    cells = [*range(start, vocabulary), *(t for row in below for t in row)]
    found = []
    for tableau in standard_tableaux(shape):
        entries = [e - 1 for row in tableau.rows for e in row]
        image = [0] * vocabulary
        for cell, entry in zip(cells, entries, strict=True):
            image[cell] = entry
        found.append(tuple(image))
    return found
