r"""Two letters: the multiplicity spaces, and kernels on them by finite differences.

On the irrep (L - k, k) the multiplicity space has one vector for each number n_1 = k, ..., L - k of letters 1. With m = L - 2k positions left, the
basis of `polarisations` has norms C(m, n_1 - k), and the kernel on it is

    E(x, y) = sum_N m!/(N_00! N_01! N_10! N_11!) Delta^k k(N),        N of m positions with the letters of x and y less k of each,
    Delta k(N) = k(N + e_00 + e_11) - k(N + e_01 + e_10):

the zonal form of the Terwilliger algebra of the cube. Every weight is positive, so that in an orthonormal basis errors grow by 2^k and no more, and
a sector costs the L^3/6 tables once for each difference. A kernel that touches only |mu| <= q is a polynomial of degree q in N_11 for given letters
of x and of y (Delta keeps these, and its power q + 1 is zero), so that q + 1 of its values there give all others.

Source: Schrijver, *New code upper bounds from the Terwilliger algebra*, IEEE Trans. Inf. Theory 51 (2005).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any

import numpy as np

from symkern.combinatorics import Partition
from symkern.engines.tables.kernel_values import Source, Star
from symkern.engines.tables.polarisations import WeylModule
from symkern.exact.reals import real
from symkern.progress import handed

Counts = tuple[int, ...]
IntArray = Any


class TwoLetterModule(WeylModule):
    """`WeylModule` of the shape (L - k, k) on two letters, without the coefficients of polarised minors."""

    @classmethod
    def of(cls, shape: Partition) -> TwoLetterModule:
        """The tableaux by content, most letters 0 first, as in every module."""
        top, k = (*shape, 0, 0)[:2]
        contents: list[Counts] = [(top + k - n, n) for n in range(k, top + 1)]
        tableaux = tuple((n0, n1 - k, 0, k) for n0, n1 in contents)
        places: dict[Counts, range] = {
            content: range(i, i + 1) for i, content in enumerate(contents)
        }
        return cls((top, k), 2, tableaux, places, {}, {})

    @property
    def free(self) -> int:
        """m = L - 2k."""
        return self.shape[0] - self.shape[1]

    @cached_property
    def size_of_highest(self) -> int:
        """2^k: the terms of a difference."""
        return 1 << self.shape[1]

    def growth(self, tableau: int) -> int:
        """C(m, n_1 - k)."""
        return comb(self.free, tableau)

    @property
    def lost_bits(self) -> int:
        """k, and what makes the entries of this sector smaller than the kernel's values: L^-k."""
        k = self.shape[1]
        return k * (1 + sum(self.shape).bit_length())

    @cached_property
    def gram(self) -> dict[Counts, IntArray]:
        """The norms."""
        return {c: _single(self.growth(p.start)) for c, p in self.contents.items()}

    def relabelled(self, sigma: Counts) -> dict[Counts, IntArray]:
        """Exchanging the letters multiplies by (-1)^k."""
        odd = sigma[0] == 1 and self.shape[1] % 2
        return {c: -g if odd else g for c, g in self.gram.items()}


def _single(number: int) -> IntArray:
    found = np.empty((1, 1), dtype=object)
    found[0, 0] = number
    return found


def two_letter_entries(
    values: Callable[[Counts], IntArray],
    modules: Sequence[WeylModule],
    progress: Callable[[list[Any]], Iterable[Any]] = iter,
    wanted: Callable[[Counts], bool] = lambda content: True,
) -> list[IntArray]:
    """`kernel_entries` of `polarisations` for modules of two letters."""
    entries = [np.zeros((len(m), len(m)), dtype=object) for m in modules]
    by_k = {module.shape[1]: number for number, module in enumerate(modules)}
    contents = {c for module in modules for c in module.contents if wanted(c)}
    for content in handed(progress, sorted(contents, reverse=True)):
        zeros, ones = content
        array = values(content)  # by N_00 and N_10
        for k in range(min(zeros, ones, max(by_k)) + 1):
            if k:
                array = array[1:, :-1] - array[:-1, 1:]
            if k in by_k:
                number = by_k[k]
                place = modules[number].contents[content].start
                entries[number][place] = _row(array, zeros - k, ones - k)
    return entries


def _row(array: IntArray, zeros: int, ones: int) -> IntArray:
    """One row of E: over the letters 1 that y has besides k."""
    left, right = _binomials(zeros), _binomials(ones)
    sums = np.zeros(zeros + ones + 1, dtype=object)
    for i, (c, line) in enumerate(zip(left, array, strict=True)):
        sums[i : i + ones + 1] += c * (line * right)
    return comb(zeros + ones, ones) * sums[::-1]


def _binomials(n: int) -> IntArray:
    found = np.empty(n + 1, dtype=object)
    found[:] = [comb(n, i) for i in range(n + 1)]
    return found


class InterpolatedSource:
    """A kernel on two letters that touches only |mu| <= ``degree``: by its values at so many tables and one more, for given letters of x and of y."""

    def __init__(self, source: Source, degree: int) -> None:
        self.source, self.degree = source, degree
        self.starred, self.relabelling, self.standing = source.starred, source.relabelling, source.standing  # fmt: skip
        self.field = getattr(source, "field", None)
        self.evaluations = 0
        self._known: dict[Any, tuple[list[int], list[Any]]] = {}

    def __call__(self, table: Any, star: Star = None) -> Any:
        """The polynomial in N_11, in Newton's form."""
        (n00, n01), (n10, n11) = table
        margins = n00 + n01, n00 + n10, n10 + n11
        lowest, highest = max(0, n11 - n00), n11 + min(n01, n10)
        if highest - lowest <= self.degree:
            self.evaluations += 1
            return self.source(table, star)
        key = margins, star
        if key not in self._known:
            self._known[key] = self._newton(table, lowest, highest, star)
        nodes, slopes = self._known[key]
        total = slopes[-1]
        for node, slope in zip(nodes[-2::-1], slopes[-2::-1], strict=True):
            total = total * (n11 - node) + slope
        return total

    def _newton(
        self, table: Any, lowest: int, highest: int, star: Star
    ) -> tuple[list[int], list[Any]]:
        """Nodes far apart, and divided differences there."""
        (n00, n01), (n10, n11) = table
        steps = max(self.degree, 1)
        nodes = [lowest + (highest - lowest) * i // steps for i in range(self.degree + 1)]
        slopes = []
        for node in nodes:
            by = node - n11
            self.evaluations += 1
            slopes.append(self.source([[n00 + by, n01 - by], [n10 - by, n11 + by]], star))
        for depth in range(1, len(nodes)):
            for i in range(len(nodes) - 1, depth - 1, -1):
                width = nodes[i] - nodes[i - depth]
                slopes[i] = (slopes[i] - slopes[i - 1]) * real(Fraction(1, width))
        return nodes, slopes
