r"""Covariances of a draw from a kernel's Gaussian process, between sequences given by the counts of their letters: what signs of draws are computed from.

Values are exact rational numbers where the kernel has them, else balls, and so are their means over sequences. The angle between two sequences is

    arccos rho = atan2(sqrt(k(x, x) k(y, y) - k(x, y)^2), k(x, y)),

whose first entry is subtracted before anything is rounded: arccos itself loses half of the digits where rho is near 1 or -1. Where one position is read, a sequence is the
counts at all others and the letter there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from math import atan2, factorial, sqrt
from typing import Any

from symkern.abc import L
from symkern.claims import Standing
from symkern.combinatorics.contingency_tables import compositions, number_of_tables
from symkern.engines.tables.sectors import kernel_source
from symkern.errors import InvalidArgument
from symkern.exact.balls import from_arb, precision
from symkern.exact.reals import is_exact, real
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.pipeline import Kernel
from symkern.learning.neighbour_signs import LoneNeighbour, NeighbourClass, one_sign
from symkern.limits import check_time
from symkern.spectra.spectrum import Spectrum
from symkern.tokens import ALL_POSITIONS

#: Variances below this share of the largest are 0 but for rounding, where a kernel was given in floating point.
_ROUNDED = 1e-13
#: Bits of balls.
_BITS = 192
#: Tables of two sequences that are gone through.
_MOST_TABLES = 5_000_000

Counts = tuple[int, ...]
Table = tuple[Counts, ...]
Star = tuple[int, int] | None
Sequence = tuple[Counts, int | None]


class SignCovariance:
    """k on contingency tables, at given length and vocabulary, less its means where it is ``centred``.

    Args:
        spectrum: with numbers for sizes and hyperparameters, of independent tokens.
        centred: whether draws have their mean over all inputs taken off.
    """

    def __init__(self, spectrum: Spectrum, centred: bool) -> None:
        self.length = int(spectrum.length)
        self.starred = spectrum.kernel.group != ALL_POSITIONS
        self.sites = self.length - int(self.starred)
        with precision(_BITS):
            self.probabilities = [real(q) for q in spectrum.tokens.letter_probabilities()]
        self.letters = len(self.probabilities)
        self._factorials = [factorial(n) for n in range(self.length + 1)]
        self._source = _source(spectrum.kernel, self.length, self.letters)
        self._values: dict[tuple[Table, Star], Any] = {}
        self._numbers = {x: self.orders((x[0],)) for x in self.sequences()}
        with precision(_BITS):
            self._weights = {x: self._weight(x) for x in self._numbers}
        self._means: dict[Sequence, Any] = {}
        self._whole: Any = None
        with self.exactly():
            if centred:
                self._centre()
            self._variances = {x: self(*beside(x)) for x in self.sequences()}
            floating = getattr(self._source, "standing", Standing.PROVED) is Standing.FLOATING
            least = _ROUNDED * max(map(number, self._variances.values())) if floating else 0.0
            self._zeros = {x for x, k in self._variances.items() if _vanishes(k, least)}

    def exactly(self) -> AbstractContextManager[None]:
        """The bits that balls need, around all that is asked; exact values need none."""
        return nullcontext() if isinstance(self._source, _PolynomialSource) else precision(_BITS)

    def __call__(self, table: Table, star: Star = None) -> Any:
        """k(x, y), a flint rational or a ball."""
        turned = tuple(zip(*table, strict=True)), star and star[::-1]
        key: tuple[Table, Star] = min((table, star), turned)  # k(x, y) = k(y, x)
        found = self._values.get(key)
        if found is None:
            found = real(self._source([list(row) for row in key[0]], key[1]))
            self._values[key] = found
        if self._whole is None:
            return found
        first, second = _sequences(table, star)
        return found - self._means[first] - self._means[second] + self._whole

    def _centre(self) -> None:
        """E_y k(x, y) for each x, and E k(x, y)."""
        sums: dict[Sequence, Any] = dict.fromkeys(self.sequences(), real(0))
        for table, star, times in self.pairs():
            check_time()
            first, second = _sequences(table, star)
            all_pairs = self.orders(table) * self(table, star)
            sums[first] += all_pairs * self._weights[second] / self._numbers[first]
            if times == 2:
                sums[second] += all_pairs * self._weights[first] / self._numbers[second]
        self._means = sums
        self._whole = sum((self.chance(x) * mean for x, mean in sums.items()), real(0))

    def orders(self, table: Table) -> Any:
        """How many pairs of sequences have this table."""
        found = self._factorials[self.sites]
        for row in table:
            for n in row:
                if n > 1:
                    found //= self._factorials[n]
        return found

    def _weight(self, x: Sequence) -> Any:
        """The probability of one sequence with these counts."""
        found = real(1) if x[1] is None else self.probabilities[x[1]]
        for q, n in zip(self.probabilities, x[0], strict=True):
            found = found * q**n
        return found

    def chance(self, x: Sequence) -> Any:
        """The probability of all sequences with these counts, and this letter at the position that is read."""
        return self._numbers[x] * self._weights[x]

    def pair_chance(self, table: Table, star: Star) -> float:
        """The probability of all pairs with this table."""
        first, second = _sequences(table, star)
        return number(self.orders(table) * self._weights[first] * self._weights[second])

    def sequences(self) -> Iterator[Sequence]:
        """All counts of the letters, with each letter at the position that is read."""
        for counts in compositions(self.sites, self.letters).tolist():
            for letter in range(self.letters) if self.starred else (None,):
                yield tuple(counts), letter

    def pairs(self) -> Iterator[tuple[Table, Star, int]]:
        """All contingency tables, with the letters at the position that is read; of two that are each other's transpose one, and that there are 2."""
        size, each = self.letters, range(self.letters)
        stars: list[Star] = [(t, u) for t in each for u in each] if self.starred else [None]
        if number_of_tables(self.sites, size) * len(stars) > _MOST_TABLES:
            raise InvalidArgument("spectrum", f"must have at most {_MOST_TABLES:,} tables of two sequences", f"length {self.length} and vocabulary {size} have more")  # fmt: skip
        for flat in compositions(self.sites, size * size).tolist():
            table = tuple(tuple(flat[t * size : (t + 1) * size]) for t in each)
            turned = tuple(zip(*table, strict=True))
            for star in stars:
                here, there = (table, star), (turned, star and star[::-1])
                if here <= there:
                    yield table, star, 1 if here == there else 2

    def is_zero(self, x: Sequence) -> bool:
        """Whether k(x, x) is 0, or a ball around 0."""
        return x in self._zeros

    def angle(self, table: Table, star: Star) -> float | None:
        """arccos rho; None where one of the two has no sign."""
        first, second = _sequences(table, star)
        if first in self._zeros or second in self._zeros:
            return None
        value = self(table, star)
        share = value * value / (self._variances[first] * self._variances[second])
        rest, cosine = number(1 - share), sqrt(max(number(share), 0.0))
        return atan2(sqrt(max(rest, 0.0)), cosine if number(value) >= 0 else -cosine)

    def one_sign(self, ones: int, letter: int | None) -> float | None:
        """The probability of one sign at an input and all its neighbours, on two letters; None where one of these has no sign.

        Args:
            ones: how often letter 1 stands where all positions are alike.
            letter: that at the position that is read.
        """
        zeros = self.sites - ones
        x: Sequence = (zeros, ones), letter
        star: Star = None if letter is None else (letter, letter)
        near: list[Sequence] = []
        if zeros:
            near.append(((zeros - 1, ones + 1), letter))
        if ones:
            near.append(((zeros + 1, ones - 1), letter))
        if letter is not None:
            near.append((x[0], 1 - letter))
        if any(map(self.is_zero, (x, *near))):
            return None

        def k(a: int, b: int, c: int, e: int, read: Star = star) -> Any:
            return self(((a, b), (c, e)), read)

        def neighbours(size: int, *values: Any) -> NeighbourClass:
            return NeighbourClass(size, *map(number, values))

        first = second = NeighbourClass(0, 1.0, 1.0, 0.0)
        if zeros:  # a zero becomes a one; two such neighbours differ at two places
            above = self(*beside(near[0]))
            among = k(zeros - 2, 1, 1, ones) if zeros > 1 else above
            first = neighbours(zeros, above, among, k(zeros - 1, 1, 0, ones))
        if ones:
            below = self(*beside(near[int(zeros > 0)]))
            among = k(zeros, 1, 1, ones - 2) if ones > 1 else below
            second = neighbours(ones, below, among, k(zeros, 0, 1, ones - 1))
        across = number(k(zeros - 1, 0, 2, ones - 1)) if zeros and ones else 0.0
        lone = None
        if letter is not None:
            mixed = (letter, 1 - letter)
            lone = LoneNeighbour(
                number(self(*beside(near[-1]))),
                number(k(zeros, 0, 0, ones, mixed)),
                number(k(zeros - 1, 0, 1, ones, mixed)) if zeros else 0.0,
                number(k(zeros, 1, 0, ones - 1, mixed)) if ones else 0.0,
            )
        return one_sign(number(self(*beside(x))), first, second, across, lone)


class _PolynomialSource:
    """A kernel that is a polynomial in the counts of matches, with rational numbers, at a length."""

    standing = Standing.PROVED

    def __init__(self, kernel: Kernel, length: int) -> None:
        self._terms = [
            (powers, real(c.to_sympy().subs(L, length)))
            for powers, c in kernel_polynomial(kernel).terms.items()
        ]

    def __call__(self, table: list[list[int]], star: Star = None) -> Any:
        rows, columns = [sum(row) for row in table], [sum(c) for c in zip(*table, strict=True)]
        match = sum(row[t] for t, row in enumerate(table))
        same = 0
        if star is not None:
            rows[star[0]] += 1
            columns[star[1]] += 1
            same = int(star[0] == star[1])
            match += same
        counts = (
            sum(a * b for a, b in zip(rows, columns, strict=True)),
            match,
            sum(a * a for a in rows),
            sum(b * b for b in columns),
            same,
        )
        total = real(0)
        for powers, c in self._terms:
            value = 1
            for count, power in zip(counts, powers, strict=True):
                if power:
                    value *= count**power
            total += c * value
        return total


def _source(kernel: Any, length: int, letters: int) -> Any:
    if isinstance(kernel, Kernel) and kernel.is_polynomial and kernel.is_rational and kernel.letters_alike:  # fmt: skip
        return _PolynomialSource(kernel, length)
    return kernel_source(kernel, length, letters)


def _vanishes(value: Any, least: float) -> bool:
    return number(value) <= least if is_exact(value) else bool(value.contains(0))


def number(value: Any) -> float:
    """The nearest floating-point number, for a ball that to its middle."""
    return int(value.p) / int(value.q) if is_exact(value) else float(from_arb(value))


def beside(x: Sequence) -> tuple[Table, Star]:
    """x beside itself."""
    counts, letter = x
    table = tuple(
        tuple(n if t == u else 0 for u in range(len(counts))) for t, n in enumerate(counts)
    )
    return table, None if letter is None else (letter, letter)


def moved(x: Sequence, t: int, u: int) -> tuple[Table, Star]:
    """x beside x with one letter t made u, at a position that is not read."""
    table, star = beside(x)
    rows = [list(row) for row in table]
    rows[t][t] -= 1
    rows[t][u] += 1
    return tuple(map(tuple, rows)), star


def _sequences(table: Table, star: Star) -> tuple[Sequence, Sequence]:
    first, second = (None, None) if star is None else star
    return (tuple(map(sum, table)), first), (tuple(map(sum, zip(*table, strict=True))), second)
