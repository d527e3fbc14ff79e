r"""The block of a jet on a pair of irreps (mu, kappa), entry by entry a polynomial in 1/L.

The monomial X^a Y^b M^c eta^d of a jet is the operator

    L^(-|a| - |b| - |c| - d) (left multiplication)^a T(pairs)^c (multiplication)^b

on the states of `fluctuation_operators`. A copy of mu among the states is the image of a Young symmetriser on the explicit positions, a copy
of kappa that of one on the letters; a position that is read adds its letter to the state, and there the jet depends on the two letters (t, u),
with the weight p_u of the law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations, product
from typing import Any

from symkern.combinatorics import Partition
from symkern.engines.large_length.certified_block import Entry
from symkern.engines.large_length.fluctuation_operators import (
    Columns,
    FluctuationOperators,
    State,
)
from symkern.exact.length_polynomials import length_polynomial, rational
from symkern.exact.row_reduction import row_reduce
from symkern.exact.weighted_series import Jet

#: The letter that is read, None where none is, and the state of the others.
Starred = tuple[int | None, State]

#: Jets by the letters of the position that is read; one jet, by (None, None), where none is.
JetsByLetters = Mapping[tuple[int | None, int | None], Jet]

Vector = dict[int, Any]


@dataclass(frozen=True)
class SectorSetting:
    """The law, the irreps, the largest number of letters on the bulk, and whether a position is read.

    ``kappa`` is None where letters are not alike; all of mu is then one block.
    """

    probabilities: tuple[Fraction, ...]
    mu: Partition
    kappa: Partition | None
    most: int
    starred: bool

    @cached_property
    def operators(self) -> FluctuationOperators:
        """What acts on the states."""
        return FluctuationOperators(self.probabilities, self.mu.size, self.most, int(self.starred))

    @cached_property
    def basis(self) -> list[tuple[dict[Starred, Fraction], Starred]]:
        """Vectors in reduced form, degree by degree, each with the state that it alone has."""
        found = []
        letters = len(self.probabilities)
        stars: Sequence[int | None] = range(letters) if self.starred else [None]
        for degree in range(self.most + 1):
            states = [s for s in self.operators.states if sum(s[1]) == degree]
            starred = [(t, s) for t in stars for s in states]
            place = {s: i for i, s in enumerate(starred)}
            rows = []
            for state in starred:
                vector = self._copy({state: Fraction(1)})
                if vector:
                    row = [Fraction(0)] * len(starred)
                    for s, c in vector.items():
                        row[place[s]] = c
                    rows.append(row)
            reduced, pivots = row_reduce(rows, len(starred)) if rows else ([], [])
            for row, pivot in zip(reduced, pivots, strict=False):
                vector = {starred[i]: Fraction(c) for i, c in enumerate(row) if c}
                found.append((vector, starred[pivot]))
        return found

    @property
    def weights(self) -> list[int]:
        """The Efron-Stein degree of each vector, apart from the position that is read."""
        return [self.mu.size + sum(pivot[1][1]) for _, pivot in self.basis]

    def _copy(self, vector: dict[Starred, Fraction]) -> dict[Starred, Fraction]:
        """The image in the copy of the two irreps."""
        found = _combined(vector, symmetriser(self.mu), _move_slots)
        if self.kappa is None:
            return found
        letters = len(self.probabilities)
        return _combined(found, symmetriser(self.kappa.padded(letters)), _rename)


def symmetriser(shape: Partition) -> list[tuple[int, tuple[int, ...]]]:
    """A Young symmetriser: signed permutations, those of the rows of a tableau times those of its columns.

    >>> symmetriser(Partition(1, 1))
    [(1, (0, 1)), (-1, (1, 0))]
    """
    starts = [sum(shape[:i]) for i in range(len(shape))]
    rows = [[start + j for j in range(part)] for start, part in zip(starts, shape, strict=True)]
    columns = [[row[j] for row in rows if j < len(row)] for j in range(shape.part(0))]
    found = []
    for sigma in _inside(rows, shape.size):
        for tau in _inside(columns, shape.size):
            found.append((_sign(tau), tuple(sigma[tau[i]] for i in range(shape.size))))
    return found


def _inside(parts: Sequence[Sequence[int]], size: int) -> list[tuple[int, ...]]:
    """The permutations that map each part to itself."""
    found = []
    for images in product(*(permutations(part) for part in parts)):
        moved = list(range(size))
        for part, image in zip(parts, images, strict=True):
            for i, j in zip(part, image, strict=True):
                moved[i] = j
        found.append(tuple(moved))
    return found


def _sign(sigma: Sequence[int]) -> int:
    inversions = sum(sigma[i] > sigma[j] for i in range(len(sigma)) for j in range(i + 1, len(sigma)))  # fmt: skip
    return -1 if inversions % 2 else 1


def _combined(vector: Any, signed: Any, act: Any) -> dict[Starred, Fraction]:
    total: dict[Starred, Fraction] = {}
    for sign, sigma in signed:
        for state, c in vector.items():
            for image, factor in act(state, sigma).items():
                total[image] = total.get(image, Fraction(0)) + sign * c * factor
    return {s: c for s, c in total.items() if c}


def _move_slots(state: Starred, sigma: Sequence[int]) -> dict[Starred, int]:
    star, (u, bulk) = state
    return {(star, (tuple(u[i] for i in sigma), bulk)): 1}


def _rename(state: Starred, sigma: Sequence[int]) -> dict[Starred, int]:
    """Letters renamed, the letter of mean zero of 0 being minus the sum of the others."""
    star, (u, bulk) = state
    letters = len(sigma)
    images = {
        t: {sigma[t]: 1} if sigma[t] else dict.fromkeys(range(1, letters), -1)
        for t in range(1, letters)
    }
    renamed = None if star is None else sigma[star]
    total: dict[Starred, int] = {(renamed, ((), (0,) * (letters - 1))): 1}
    for letter in u:
        total = _extended(total, images[letter], explicit=True)
    for letter, times in enumerate(bulk, 1):
        for _ in range(times):
            total = _extended(total, images[letter], explicit=False)
    return total


def _extended(
    total: Mapping[Starred, int], image: Mapping[int, int], explicit: bool
) -> dict[Starred, int]:
    found: dict[Starred, int] = {}
    for (star, (u, bulk)), c in total.items():
        for letter, factor in image.items():
            if explicit:
                state = star, ((*u, letter), bulk)
            else:
                more = tuple(n + int(i == letter) for i, n in enumerate(bulk, 1))
                state = star, (u, more)
            found[state] = found.get(state, 0) + c * factor
    return found


class SectorBlock:
    """The entries of jets on a sector, by column and row, cut at the power ``known`` as `certified_block` says.

    Column j is of the order L^-weights[j], so that the transposed matrix has graded rows.
    """

    def __init__(self, setting: SectorSetting, jets: JetsByLetters, known: Fraction) -> None:
        self.setting, self.jets, self.known = setting, jets, known
        self.operators = setting.operators
        self._letters = len(setting.probabilities) - 1
        self._multiply = [self.operators.letter(i + 1) for i in range(self._letters)]
        self._rows = [[self._transposed(columns) for columns in self._multiply]]

    def _transposed(self, columns: Columns) -> Columns:
        rows: Columns = [{} for _ in columns]
        for j, column in enumerate(columns):
            for i, c in column.items():
                rows[i][j] = c
        return rows

    def entries(self) -> list[list[Entry]]:
        """The transposed block: entry (j, i) is that of column j and row i."""
        basis, weights = self.setting.basis, self.setting.weights
        size = len(basis)
        found: list[list[Entry]] = [[{} for _ in range(size)] for _ in range(size)]
        place = self.operators.place
        k = self.setting.mu.size
        reach = max(
            (sum(c) for jet in self.jets.values() for _, _, c, _ in self._split(jet)), default=0
        )
        self.operators.pairs((reach, *[0] * (self._letters**2 - 1)))  # all of them at once
        for (t, u), jet in self.jets.items():
            weight = 1 if u is None else rational(self.setting.probabilities[u])
            rights = [
                {place[s]: rational(c) * weight for (star, s), c in vector.items() if star == u}
                for vector, _ in basis
            ]
            lefts = [{place[pivot[1]]: 1} if pivot[0] == t else {} for _, pivot in basis]
            right = _Applied(rights, self._multiply)
            left = _Applied(lefts, self._rows[0])
            images: dict[Any, list[Vector]] = {}
            for key, constant in jet.terms().items():
                a, b, c, d = self._parts(key)
                if sum(c) < k:
                    continue
                if (b, c) not in images:
                    images[b, c] = [_act(self.operators.pairs(c), v) for v in right.at(b)]
                shift = sum(a) + sum(b) + sum(c) + d
                for i, row in enumerate(left.at(a)):
                    if not row:
                        continue
                    for j, column in enumerate(images[b, c]):
                        cut = self.known + Fraction(weights[j] - weights[i], 2)
                        if not column or min(weights[i], weights[j]) > self.known + cut:
                            continue
                        self._gather(found[j][i], row, column, constant, shift, cut)
        return found

    def _gather(
        self, entry: Entry, row: Vector, column: Vector, constant: Any, shift: int, cut: Fraction
    ) -> None:
        value = None
        small, large = (row, column) if len(row) <= len(column) else (column, row)
        for s, c in small.items():
            if s in large:
                term = c * large[s]
                value = term if value is None else value + term
        if value is None:
            return
        for power, q in enumerate(length_polynomial([0]) + value):
            r = Fraction(shift - power)
            if q != 0 and r <= cut:
                term = constant * q
                entry[r] = entry[r] + term if r in entry else term

    def _split(self, jet: Jet) -> list[Any]:
        return [self._parts(key) for key in jet.terms()]

    def _parts(self, key: tuple[int, ...]) -> Any:
        n = self._letters
        return key[:n], key[n : 2 * n], key[2 * n : -1], key[-1]


class _Applied:
    """Vectors under products of commuting operators, by exponents."""

    def __init__(self, vectors: list[Vector], operators: Sequence[Columns]) -> None:
        self._operators = operators
        self._known = {(0,) * len(operators): vectors}

    def at(self, exponents: tuple[int, ...]) -> list[Vector]:
        if exponents not in self._known:
            i = next(i for i, e in enumerate(exponents) if e)
            less = (*exponents[:i], exponents[i] - 1, *exponents[i + 1 :])
            self._known[exponents] = [_act(self._operators[i], v) for v in self.at(less)]
        return self._known[exponents]


def _act(columns: Columns, vector: Vector) -> Vector:
    total: Vector = {}
    for j, c in vector.items():
        for i, d in columns[j].items():
            term = d * c
            total[i] = total[i] + term if i in total else term
    return {i: c for i, c in total.items() if c != 0}
