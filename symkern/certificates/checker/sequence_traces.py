"""The operator on all sequences of a small size, and traces of its powers sector by sector."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt, lcm
from typing import Any

from .claimed_kernel import Kernel
from .claimed_laws import Law
from .intervals import ONE, Interval
from .labels import jacobi_trudi
from .recursion import kernel_value
from .verdicts import Matrix, Number, spend


def pair_key(x: tuple[int, ...], y: tuple[int, ...], last: bool) -> tuple[Any, ...]:
    """A pair on which every kernel has the value that it has on (x, y): positions sorted (but the last where it is read), tokens by first occurrence."""
    pairs = [*sorted(zip(x[:-1], y[:-1])), (x[-1], y[-1])] if last else sorted(zip(x, y))
    names: dict[int, int] = {}
    pairs = [(names.setdefault(s, len(names)), names.setdefault(t, len(names))) for s, t in pairs]
    return tuple(sorted(pairs[:-1]) + pairs[-1:] if last else sorted(pairs))


class Sequences:
    """All sequences of one size, and T on the functions that a Young subgroup leaves alone."""

    def __init__(self, kernel: Kernel, law: Law, length: int, letters: int) -> None:
        self.law, self.length, self.letters = law, length, letters
        self.all = law.sequences(length, letters)
        spend(20 * len(self.all))
        weights = [law.probability(x, letters) for x in self.all]
        self.scale = lcm(*(w.denominator for w in weights))
        self.weights = [int(w * self.scale) for w in weights]
        self.last = kernel.readout == "at_position"
        self.moved = length - self.last
        #: Pairs of letters -> index; the kernel has one value on each.
        self.kinds: dict[Any, int] = {}
        self._rows: dict[int, list[int]] = {}
        self._first: dict[Any, int] = {}
        self._known: dict[Any, int] = {}

    def row(self, i: int) -> list[int]:
        """The kinds of the pairs (x_i, y) for all y."""
        if i not in self._rows:
            spend(12 * len(self.all))
            x, found = self.all[i], []
            for y in self.all:
                pairs = (
                    [*sorted(zip(x[:-1], y[:-1])), (x[-1], y[-1])]
                    if self.last
                    else sorted(zip(x, y))
                )
                sketch = tuple(pairs)
                if sketch not in self._known:
                    key = pair_key(x, y, self.last)
                    self._known[sketch] = self.kinds.setdefault(key, len(self.kinds))
                found.append(self._known[sketch])
            self._rows[i] = found
        return self._rows[i]

    def orbits(self, positions: tuple[int, ...], letters: tuple[int, ...]) -> list[list[int]]:
        """Orbits of the subgroup that permutes within consecutive blocks of positions and of letters, of these sizes."""
        spend(len(self.all) * self.letters * (len(positions) + 1))
        found: dict[Any, list[int]] = {}
        for i, x in enumerate(self.all):
            columns = [[0] * len(positions) for _ in range(self.letters)]
            place = 0
            for block, size in enumerate(positions):
                for t in x[place : place + size]:
                    columns[t][block] += 1
                place += size
            if self.last:
                columns[x[-1]].append(1)
            key, start = [], 0
            for size in letters:
                key.append(tuple(sorted(map(tuple, columns[start : start + size]))))
                start += size
            found.setdefault(tuple(key), []).append(i)
        return list(found.values())

    def quotient(self, orbits: list[list[int]]) -> list[list[dict[int, int]]]:
        """For each pair of orbits: kind -> weight of the y of that kind, x being the first of its orbit."""
        matrix = []
        for orbit in orbits:
            kinds, row = self.row(orbit[0]), []
            spend(len(self.all))
            for other in orbits:
                entry: dict[int, int] = {}
                for i in other:
                    k = kinds[i]
                    entry[k] = entry.get(k, 0) + self.weights[i]
                row.append(entry)
            matrix.append(row)
        return matrix


def _dot(p: Any, q: Any) -> int:
    return sum(map(int.__mul__, p, q))


def _power_traces(matrix: Matrix, powers: int) -> list[int]:
    """trace(M^j): powers up to half of the largest, then sums of products of entries of two of them."""
    half = (powers + 1) // 2
    longest = max((abs(e).bit_length() for row in matrix for e in row), default=1)
    size = len(matrix)
    spend(size**3 * half * (1 + longest * half // 400) // 4 + size**2 * half)
    table, columns = [matrix], list(zip(*matrix))
    for _ in range(half - 1):
        table.append([[_dot(row, column) for column in columns] for row in table[-1]])
    traces = []
    for j in range(1, powers + 1):
        if j <= half:
            traces.append(sum(table[j - 1][i][i] for i in range(len(matrix))))
        else:
            other = list(zip(*table[j - half - 1]))
            traces.append(sum(_dot(r, c) for r, c in zip(table[half - 1], other)))
    return traces


class Traces:
    """trace(block^j) of every sector at one size and one point, by quotients of Young subgroups; fractions or intervals."""

    def __init__(self, sequences: Sequences, stages: Any, alone: bool, number: Number) -> None:
        self.sequences, self.number, self.stages, self.alone = sequences, number, stages, alone
        self.values: list[Any] = []
        self._known: dict[Any, Any] = {}

    def kernel(self) -> list[Any]:
        """The kernel on every kind of pairs seen so far."""
        for key in list(self.sequences.kinds)[len(self.values) :]:
            self.values.append(kernel_value(self.stages, key, self.number, self.alone))
        return self.values

    @property
    def norm(self) -> Fraction:
        """A number above the square root of trace(T^2), which no eigenvalue exceeds, and at most twice it."""
        square = self.square()
        top = square.ends[1] if isinstance(square, Interval) else square
        shift = 2 * max(0, (top.denominator.bit_length() - top.numerator.bit_length()) // 2 + 8)
        return Fraction(isqrt((top.numerator << shift) // top.denominator) + 1, 1 << (shift // 2))

    def diagonal(self) -> Any:
        """E k(x, x)."""
        total = self.number(0)
        weights: dict[int, int] = {}
        for i, w in enumerate(self.sequences.weights):
            k = self.sequences.row(i)[i]
            weights[k] = weights.get(k, 0) + w
        values = self.kernel()
        for k, w in weights.items():
            total = total + values[k] * w
        return total * Fraction(1, self.sequences.scale)

    def square(self) -> Any:
        """trace(T^2) = E k(x, y)^2."""
        weights: dict[int, int] = {}
        for i, w in enumerate(self.sequences.weights):
            for k, u in zip(self.sequences.row(i), self.sequences.weights):
                weights[k] = weights.get(k, 0) + w * u
        values = self.kernel()
        total = self.number(0)
        for k, w in weights.items():
            total = total + values[k] * values[k] * w
        return total * Fraction(1, self.sequences.scale**2)

    def multiplicity(self, position: tuple[int, ...], token: tuple[int, ...] | None) -> int:
        """How often the irrep occurs among functions of sequences: the orbits of Young subgroups."""
        letters = {(1,) * self.sequences.letters: 1} if token is None else jacobi_trudi(token)
        return sum(
            c * e * len(self.sequences.orbits(p, q))
            for p, c in jacobi_trudi(position).items()
            for q, e in letters.items()
        )

    def of(
        self, position: tuple[int, ...], token: tuple[int, ...] | None, powers: int
    ) -> list[Any]:
        """trace(block^j), j = 1, ..., powers, of the sector of these whole shapes."""
        totals = [self.number(0)] * powers
        letters = {(1,) * self.sequences.letters: 1} if token is None else jacobi_trudi(token)
        for p, c in jacobi_trudi(position).items():
            for q, e in letters.items():
                for j, value in enumerate(self.invariants(p, q, powers)):
                    totals[j] = totals[j] + value * (c * e)
        return totals

    def invariants(
        self, positions: tuple[int, ...], letters: tuple[int, ...], powers: int
    ) -> list[Any]:
        """trace(T^j) on the functions that the Young subgroup leaves alone.

        Intervals: let S be the symmetric form of the matrix and A the same with the midpoints, c the largest |k| and e the largest radius. In the Frobenius norm
        |S|, |A| <= c + e and |S - A| <= e, as the probabilities sum to 1; telescoping S^j - A^j gives |trace(S^j) - trace(A^j)| <= j e (c + e)^(j-1).
        """
        known: list[Any] = self._known.get((positions, letters), [])
        if len(known) >= powers:
            return known[:powers]
        quotient = self.sequences.quotient(self.sequences.orbits(positions, letters))
        values = self.kernel()
        if self.number is Fraction:
            scale = lcm(*(k.denominator for k in values))
            whole = [int(k * scale) for k in values]
        else:
            scale, whole = ONE, [(k.lo + k.hi) // 2 for k in values]
        matrix = [
            [sum(whole[k] * w for k, w in entry.items()) for entry in row] for row in quotient
        ]
        scale *= self.sequences.scale
        traces = _power_traces(matrix, powers)
        result: list[Any] = [Fraction(t, scale**j) for j, t in enumerate(traces, 1)]
        if self.number is not Fraction:
            error = Fraction(max(k.hi - k.lo for k in values) + 1, ONE)
            norm = max(abs(Fraction(k, ONE)) for k in whole) + error
            result = [
                Interval(
                    Interval.of(t - j * error * norm ** (j - 1)).lo,
                    Interval.of(t + j * error * norm ** (j - 1)).hi,
                )
                for j, t in enumerate(result, 1)
            ]
        self._known[positions, letters] = result
        return result
