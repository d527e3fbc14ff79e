r"""The block of a jet on a pair of irreps (mu, kappa), entry by entry a polynomial in 1/L.

The monomial X^a Y^b M^c eta^d of a jet is the operator

    L^(-|a| - |b| - |c| - d) (left multiplication)^a T(pairs)^c (multiplication)^b

on the states of `fluctuation_operators`. A copy of mu among the states is the image of a Young symmetriser on the explicit positions, a copy
of kappa that of one on the letters; a position that is read adds its letter to the state, and there the jet depends on the two letters (t, u),
with the weight p_u of the law.

Under a mixture sum_i w_i p_i^L the functions that live on sequences of each component are orthogonal to the others up to e^(-cL), so that a block has
a copy of the states for each; between the components i and j it is the jet around p_i q_j, with the weight w_j.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby, permutations, product
from typing import Any

from symkern.combinatorics import Partition
from symkern.engines.large_length.certified_block import Entry
from symkern.engines.large_length.fluctuation_operators import (
    Columns,
    FluctuationOperators,
    State,
)
from symkern.exact.row_reduction import row_reduce
from symkern.exact.symbolic_lengths import RATIONALS, Scalars
from symkern.exact.weighted_series import Jet
from symkern.limits import check_time

#: The component of the law, the letter that is read, None where none is, and the state of the others.
Starred = tuple[int, int | None, State]

#: Independent tokens: the weight of each component of a mixture, and its probabilities, formulas among them; one of weight 1 where there is no mixture.
Laws = tuple[tuple[Any, tuple[Any, ...]], ...]

#: Where a jet is expanded: the components of x and y, and the letters of the position that is read.
Place = tuple[int, int, int | None, int | None]

#: Jets by their places.
JetsByPlace = Mapping[Place, Jet]

Vector = dict[int, Any]


@dataclass(frozen=True)
class SectorSetting:
    """The laws, the irreps, the largest number of letters on the bulk, and whether a position is read.

    ``kappa`` is None where letters are not alike; all of mu is then one block.
    """

    laws: Laws
    mu: Partition
    kappa: Partition | None
    most: int
    starred: bool

    @property
    def letters(self) -> int:
        """How many there are."""
        return len(self.laws[0][1])

    def operators(self, i: int, j: int, scalars: Scalars = RATIONALS) -> FluctuationOperators:
        """What takes functions of the component j to functions of the component i."""
        laws = self.laws[i][1], self.laws[j][1]
        return FluctuationOperators(laws, self.mu.size, self.most, int(self.starred), scalars)

    @cached_property
    def states(self) -> list[State]:
        """The states on which operators act, whatever the laws."""
        alike = (Fraction(1, self.letters),) * self.letters
        return FluctuationOperators((alike, alike), self.mu.size, self.most, 0).states

    @cached_property
    def basis(self) -> list[tuple[dict[Starred, Fraction], Starred]]:
        """Vectors in reduced form, degree by degree, each with the state that it alone has."""
        found = []
        stars: Sequence[int | None] = range(self.letters) if self.starred else [None]
        every = self.states
        for degree, number in product(range(self.most + 1), range(len(self.laws))):
            states = [s for s in every if sum(s[1]) == degree]
            starred = [(number, t, s) for t in stars for s in states]
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
        return [self.mu.size + sum(pivot[2][1]) for _, pivot in self.basis]

    def _copy(self, vector: dict[Starred, Fraction]) -> dict[Starred, Fraction]:
        """The image in the copy of the two irreps."""
        found = _combined(vector, symmetriser(self.mu), _move_slots)
        if self.kappa is None:
            return found
        return _combined(found, symmetriser(self.kappa.padded(self.letters)), _rename)


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
    number, star, (u, bulk) = state
    return {(number, star, (tuple(u[i] for i in sigma), bulk)): 1}


def _rename(state: Starred, sigma: Sequence[int]) -> dict[Starred, int]:
    """Letters renamed, the letter of mean zero of 0 being minus the sum of the others."""
    number, star, (u, bulk) = state
    letters = len(sigma)
    images = {
        t: {sigma[t]: 1} if sigma[t] else dict.fromkeys(range(1, letters), -1)
        for t in range(1, letters)
    }
    renamed = None if star is None else sigma[star]
    total: dict[Starred, int] = {(number, renamed, ((), (0,) * (letters - 1))): 1}
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
    for (number, star, (u, bulk)), c in total.items():
        for letter, factor in image.items():
            if explicit:
                state = number, star, ((*u, letter), bulk)
            else:
                more = tuple(n + int(i == letter) for i, n in enumerate(bulk, 1))
                state = number, star, (u, more)
            found[state] = found.get(state, 0) + c * factor
    return found


class SectorBlock:
    """The entries of jets on a sector, by column and row, cut at the power ``known`` as `certified_block` says.

    Column j is of the order L^-weights[j], so that the transposed matrix has graded rows.
    """

    def __init__(
        self,
        setting: SectorSetting,
        jets: JetsByPlace,
        known: Fraction,
        scalars: Scalars = RATIONALS,
    ) -> None:
        self.setting, self.jets, self.known, self.scalars = setting, jets, known, scalars
        self._letters = setting.letters - 1

    def entries(self) -> list[list[Entry]]:
        """The transposed block: entry (j, i) is that of column j and row i."""
        size = len(self.setting.basis)
        found: list[list[Entry]] = [[{} for _ in range(size)] for _ in range(size)]
        for (one, two), own in groupby(sorted(self.jets, key=_key), key=lambda place: place[:2]):
            operators = self.setting.operators(one, two, self.scalars)
            places = list(own)
            powers = [self._parts(key)[2] for place in places for key in self.jets[place].terms()]
            reach = max(map(sum, powers), default=0)
            operators.pairs((reach, *[0] * (self._letters**2 - 1)))  # all of them at once
            for place in places:
                self._add(found, operators, place)
        return found

    def _add(self, found: list[list[Entry]], operators: FluctuationOperators, place: Place) -> None:
        """The part of one jet."""
        basis, weights = self.setting.basis, self.setting.weights
        one, two, t, u = place
        share, law = self.setting.laws[two]
        number = self.scalars.number
        weight = number(share if u is None else share * law[u])
        at = operators.place
        rights = [
            {at[s]: number(c) * weight for (*where, s), c in vector.items() if where == [two, u]}
            for vector, _ in basis
        ]
        lefts = [{at[s]: 1} if where == [one, t] else {} for _, (*where, s) in basis]
        right = _Applied(rights, [operators.letter(i + 1, 1) for i in range(self._letters)])
        left = _Applied(lefts, [_rows(operators.letter(i + 1, 0)) for i in range(self._letters)])
        images: dict[Any, list[Vector]] = {}
        for key, constant in self.jets[place].terms().items():
            a, b, c, d = self._parts(key)
            if sum(c) < self.setting.mu.size:
                continue
            check_time()
            if (b, c) not in images:
                images[b, c] = [_act(operators.pairs(c), v) for v in right.at(b)]
            shift = sum(a) + sum(b) + sum(c) + d
            for i, row in enumerate(left.at(a)):
                for j, column in enumerate(images[b, c]):
                    if row and column:
                        cut = self.known + Fraction(weights[j] - weights[i], 2)
                        self._gather(found[j][i], row, column, constant, shift, cut)

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
        for power, q in enumerate(self.scalars.polynomial([0]) + value):
            r = Fraction(shift - power)
            if q != 0 and r <= cut:
                term = constant * q
                entry[r] = entry[r] + term if r in entry else term

    def _parts(self, key: tuple[int, ...]) -> Any:
        n = self._letters
        return key[:n], key[n : 2 * n], key[2 * n : -1], key[-1]


def _key(place: Place) -> tuple[int, ...]:
    """An order of places."""
    return tuple(-1 if i is None else i for i in place)


def _rows(columns: Columns) -> Columns:
    """The transposed matrix."""
    rows: Columns = [{} for _ in columns]
    for j, column in enumerate(columns):
        for i, c in column.items():
            rows[i][j] = c
    return rows


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
