r"""The values of a kernel on all contingency tables, as integers over one denominator.

A pipeline compares tokens by equality and is symmetric in x and y, so its value is one for all tables that a relabelling
of the letters, sigma N sigma^T, or a transposition takes into one another; one of each orbit is evaluated. Orbits are found by
numbers: a row of a table has a place in the list of all compositions, a table is the number with these digits, and a
relabelling permutes the digits and looks each of them up.

Irrational values are fixed-point integers with one proven error radius for all; or, at a generic point, their images there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations
from math import factorial
from typing import Any, Protocol

import numpy as np

from symkern.claims.derivation import Standing
from symkern.combinatorics.contingency_tables import compositions, grid_tables
from symkern.exact.balls import precision
from symkern.exact.generic_points import GenericPoint, traced_at
from symkern.exact.reals import fixed_point, is_exact, symbols_of
from symkern.progress import handed

Counts = tuple[int, ...]
Star = tuple[int, int] | None
IntArray = Any

#: Relabellings are used to save evaluations up to this many of them.
MOST_RELABELLINGS = 720


class Source(Protocol):
    """A kernel as a function of the contingency table and, where one position is read, its two letters."""

    starred: bool
    relabelling: bool  # known to be invariant under relabelling of the letters
    standing: Standing

    def __call__(self, table: Any, star: Star = None) -> Any:
        """k(x, y) for the pairs of sequences with that table."""


class _Orbits:
    """Numbers for tables that agree exactly on orbits of relabelling and transposition."""

    def __init__(self, total: int, letters: int, relabelling: bool) -> None:
        self.letters = letters
        rows = compositions(total, letters + 1)[:, :letters]
        self.dtype = np.int64 if len(rows) ** letters * letters**2 < 1 << 62 else object
        self.base = len(rows)
        self.radix = np.array(
            [(total + 1) ** (letters - 1 - u) for u in range(letters)],
            dtype=np.int64 if (total + 1) ** letters < 1 << 62 else object,
        )
        self.keys = rows @ self.radix
        every = relabelling and factorial(letters) <= MOST_RELABELLINGS
        self.relabellings: list[tuple[Counts, IntArray]] = []
        for sigma in permutations(range(letters)) if every else [tuple(range(letters))]:
            moved = np.empty_like(rows)
            moved[:, list(sigma)] = rows
            self.relabellings.append((sigma, self._places(moved)))

    def _places(self, rows: IntArray) -> IntArray:
        return np.searchsorted(self.keys, rows @ self.radix)

    def numbers(self, tables: IntArray, star: Star) -> IntArray:
        """One number per table, shape (number, v, v), equal on orbits."""
        best: IntArray = None
        for listed, pair in ((tables, star), (tables.transpose(0, 2, 1), star and star[::-1])):
            digits = [self._places(listed[:, t, :]) for t in range(self.letters)]
            for sigma, moved in self.relabellings:
                code = np.zeros(len(tables), dtype=self.dtype)
                for t in range(self.letters):
                    power = self.base ** sigma[t]
                    code = code + moved[digits[t]].astype(self.dtype) * power
                extra = 0
                if pair is not None:
                    extra = sigma[pair[0]] * self.letters + sigma[pair[1]]
                code = code * self.letters**2 + extra
                best = code if best is None else np.minimum(best, code)
        return best


class KernelValues:
    """Integers n(N) with |k(N) - n(N)/denominator| <= radius/denominator on the tables with given row sums."""

    def __init__(
        self,
        source: Source,
        sites: int,
        letters: int,
        contents: Iterable[Counts],
        bits: int,
        progress: Callable[[list[Any]], Iterable[Any]] = iter,
        point: GenericPoint | None = None,
    ) -> None:
        self.letters = letters
        stars: list[Star] = [None]
        if source.starred:
            stars = [(p, q) for p in range(letters) for q in range(letters)]
        orbits = _Orbits(sites, letters, source.relabelling)
        self._numbers: dict[tuple[Counts, Star], IntArray] = {}
        known: dict[int, int] = {}
        found: list[Any] = []
        field = getattr(source, "field", None)
        with precision(bits + 64), symbols_of(field), traced_at(point):
            for rows in handed(progress, list(contents)):
                tables = grid_tables(rows)
                for star in stars:
                    numbers = orbits.numbers(tables, star)
                    unique, first, inverse = np.unique(
                        numbers, return_index=True, return_inverse=True
                    )
                    places = np.empty(len(unique), dtype=np.int64)
                    for i, (number, at) in enumerate(
                        zip(unique.tolist(), first.tolist(), strict=True)
                    ):
                        if number not in known:
                            known[number] = len(found)
                            found.append(source(tables[at].tolist(), star))
                        places[i] = known[number]
                    self._numbers[rows, star] = places[inverse.reshape(-1)]
        integers: list[Any]
        if field is not None:
            integers, self.denominator, self.radius = [field(e) for e in found], 1, 0
        elif point is not None:
            integers, self.denominator, self.radius = [point.residue(e) for e in found], 1, 0
        else:
            integers, self.denominator, self.radius = fixed_point(found, bits)
        self.field = field
        self.evaluations = getattr(source, "evaluations", len(found))
        self.exact = field is None and all(is_exact(value) for value in found)
        self._integers = np.empty(len(integers), dtype=object)
        self._integers[:] = integers

    def on(self, star: Star) -> Callable[[Counts], IntArray]:
        """The integers on the grid of tables with given row sums, at one pair of letters that is read."""

        def values(rows: Counts) -> IntArray:
            shape = [len(compositions(r, self.letters)) for r in rows]
            return self._integers[self._numbers[rows, star]].reshape(shape)

        return values
