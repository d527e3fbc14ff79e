r"""Bases of the polynomial representations of GL_v by polarised highest-weight vectors, and kernels on them.

V_lam, the multiplicity space of the irrep lam of S_L in the functions on V^L, has a basis F_T P_lam, T semistandard of shape
lam with c_ij letters j in row i, where

    P_lam(g) = prod_i (leading minor i of g)^(lam_i - lam_{i+1}),
    F_T = product of divided powers (i -> j)^(c_ij) / c_ij!, j > i, row v-1 applied first and row 0 last.

Polarising columns by T and rows by T' gives polynomials in the monomials g^N; with each monomial replaced by k(N) the
result is E(T', T), linear in k. Adjoint polarisations act on k instead, once for all shapes: what two tableaux begin
with in common is shared (a trie), and the rest is a product with the coefficients of the column polarisations of P_lam.

The Gram matrix of the basis comes from the same coefficients: the inner product <g^N, g^M> = N! [N = M] is
contravariant, hence proportional to the invariant one, and the highest-weight vector has norm one.

Source: Green, *Polynomial Representations of GL_n*; Carter, Lusztig, *On the modular representations of the general
linear and symmetric groups*, Math. Z. 136 (1974), for the basis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations
from math import comb, factorial, prod
from typing import Any

import numpy as np

from symkern.combinatorics import Partition, semistandard_tableaux
from symkern.combinatorics.contingency_tables import compositions, lowered, polarised, raised
from symkern.exact import polynomial_ring
from symkern.progress import handed

IntArray = Any
Counts = tuple[int, ...]
Weights = Mapping[Counts, IntArray]


@dataclass(frozen=True)
class WeylModule:
    """The basis of V_lam over ``letters`` letters.

    ``tableaux`` lists the count matrices c_ij as flattened tuples, grouped by content; ``contents`` says which of them have which
    content, and ``coefficients[content]`` has a row per tableau: F_T P_lam on the tables
    with row sums lam and column sums content, whose places in the grid are ``support[content]``.
    """

    shape: Counts
    letters: int
    tableaux: tuple[Counts, ...]
    contents: dict[Counts, range]
    support: dict[Counts, IntArray]
    coefficients: dict[Counts, IntArray]

    def __len__(self) -> int:
        return len(self.tableaux)

    @cached_property
    def size_of_highest(self) -> int:
        """Sum of the absolute coefficients of P_lam: how much an error of the kernel can grow there."""
        return int(sum(abs(int(c)) for c in self.coefficients[self.shape][0]))

    def growth(self, tableau: int) -> int:
        """The number by which F_T multiplies a constant: row and column polarisations of an error bound."""
        counts = np.array(self.tableaux[tableau]).reshape(self.letters, self.letters)
        total = 1
        for i in range(self.letters):
            rest = self.shape[i]
            for j in range(self.letters - 1, i, -1):
                total *= comb(rest, int(counts[i, j]))
                rest -= int(counts[i, j])
        return total

    @cached_property
    def _factorials(self) -> dict[Counts, IntArray]:
        """N! on the support of each content, up to a common factor."""
        found = {}
        if (
            self.letters == 1
        ):  # one number, which `gram` divides by itself; L! is out of reach long before L is
            return {content: np.array([1], dtype=object) for content in self.support}
        axes = [compositions(r, self.letters) for r in self.shape]
        each = [
            np.array([prod(factorial(int(n)) for n in c) for c in axis], dtype=object)
            for axis in axes
        ]
        sizes = tuple(len(a) for a in axes)
        for content, support in self.support.items():
            places = np.unravel_index(support, sizes)
            found[content] = np.multiply.reduce([e[p] for e, p in zip(each, places, strict=True)])
        return found

    @cached_property
    def gram(self) -> dict[Counts, IntArray]:
        """The invariant inner products of the basis vectors of each content."""
        return {
            content: self._divided((rows * self._factorials[content]) @ rows.T)
            for content, rows in self.coefficients.items()
        }

    def _divided(self, products: IntArray) -> IntArray:
        """Inner products over that of the highest-weight vector with itself."""
        top = self.coefficients[self.shape][0]
        norm = int((top * top * self._factorials[self.shape]).sum())
        assert not (products % norm).any()
        return products // norm

    def relabelled(self, sigma: Counts) -> dict[Counts, IntArray]:
        """Inner products of basis vectors with images: [content] has <F_S P, sigma F_T P>, S of content sigma(content).

        sigma moves the letter u to sigma[u].
        """
        sizes = [len(compositions(r, self.letters)) for r in self.shape]
        moved_axes = []
        for r in self.shape:
            listed = compositions(r, self.letters)
            target = np.empty_like(listed)
            target[:, list(sigma)] = listed
            places = {tuple(c): i for i, c in enumerate(listed.tolist())}
            moved_axes.append(np.array([places[tuple(c)] for c in target.tolist()], dtype=np.int64))
        found = {}
        for content, rows in self.coefficients.items():
            image = [0] * self.letters
            for u, count in enumerate(content):
                image[sigma[u]] = count
            target_content = tuple(image)
            at = np.unravel_index(self.support[content], sizes)
            flat = np.ravel_multi_index([m[p] for m, p in zip(moved_axes, at, strict=True)], sizes)
            order = np.searchsorted(self.support[target_content], flat)
            moved = np.zeros((len(rows), len(self.support[target_content])), dtype=object)
            moved[:, order] = rows
            rows = self.coefficients[target_content] * self._factorials[target_content]
            found[content] = self._divided(rows @ moved.T)
        return found


def weyl_module(shape: Partition, letters: int) -> WeylModule:
    """The basis of V_lam for a shape of at most ``letters`` rows."""
    rows = (*shape, *(0 for _ in range(letters - len(shape))))
    by_content: dict[Counts, list[Counts]] = {}
    for tableau in sorted(semistandard_tableaux(shape, letters)):
        counts = [0] * letters**2
        for i, row in enumerate(tableau.rows):
            for letter in row:
                counts[i * letters + letter - 1] += 1
        content = tuple(sum(counts[j::letters]) for j in range(letters))
        by_content.setdefault(content, []).append(tuple(counts))
    ordered = sorted(by_content, reverse=True)
    support, coefficients = _column_polarisations(rows, letters, by_content)
    tableaux: list[Counts] = []
    places: dict[Counts, range] = {}
    for content in ordered:
        places[content] = range(len(tableaux), len(tableaux) + len(by_content[content]))
        tableaux += by_content[content]
    return WeylModule(rows, letters, tuple(tableaux), places, support, coefficients)


def _steps(letters: int, highest_first: bool) -> list[tuple[int, int]]:
    """The polarisations i -> j, j > i: row 0 first, or the row of the largest i first."""
    rows = range(letters - 1)
    return [
        (i, j) for i in (reversed(rows) if highest_first else rows) for j in range(i + 1, letters)
    ]


def _column_polarisations(
    rows: Counts, letters: int, by_content: Mapping[Counts, list[Counts]]
) -> tuple[dict[Counts, IntArray], dict[Counts, IntArray]]:
    """F_T P_lam on the tables with row sums lam and column sums content(T), for all T."""
    axes = [compositions(r, letters) for r in rows]
    sizes = [len(a) for a in axes]
    strides = [prod(sizes[i + 1 :]) for i in range(letters)]
    columns = np.zeros((prod(sizes), letters), dtype=np.int64)
    places = np.indices(sizes).reshape(letters, -1)
    for axis, place in zip(axes, places, strict=True):
        columns += axis[place]
    known: dict[Counts, IntArray] = {}

    def support(content: Counts) -> IntArray:
        if content not in known:
            known[content] = np.flatnonzero((columns == np.array(content)).all(axis=1))
        return known[content]

    def moved(values: IntArray, content: Counts, i: int, j: int) -> IntArray:
        """sum_u g_uj d/dg_ui: (D q)(N) = sum_u (N_ui + 1) q(N + e_ui - e_uj)."""
        target = list(content)
        target[i] -= 1
        target[j] += 1
        here, there = support(content), support(tuple(target))
        out = np.zeros(len(there), dtype=object)
        for u in range(letters):
            place = places[u][there]
            counts = axes[u][place]
            movable = np.flatnonzero(counts[:, j])
            if not len(movable):
                continue
            without = lowered(rows[u], letters, j)[place[movable]]
            back = raised(rows[u] - 1, letters, i)[without]  # the places of c + e_i - e_j
            source = there[movable] + strides[u] * (back - place[movable])
            out[movable] += values[np.searchsorted(here, source)] * (counts[movable, i] + 1).astype(
                object
            )
        return out

    order = _steps(letters, highest_first=True)
    keys = sorted(
        (tuple(c[i * letters + j] for i, j in order), content, number)
        for content, listed in by_content.items()
        for number, c in enumerate(listed)
    )
    found: dict[Counts, list[IntArray]] = {c: [None] * len(t) for c, t in by_content.items()}
    start = _highest_weight(rows, letters, axes, strides, support(rows))

    def walk(lowest: int, highest: int, depth: int, values: IntArray, content: Counts) -> None:
        if depth == len(order):
            for _, target, number in keys[lowest:highest]:
                assert target == content
                found[target][number] = values
            return
        i, j = order[depth]
        at, power = lowest, 0
        while at < highest:
            wanted = keys[at][0][depth]
            while power < wanted:
                values = moved(values, content, i, j)
                step = list(content)
                step[i] -= 1
                step[j] += 1
                content = tuple(step)
                power += 1
                values = values // power
            end = at
            while end < highest and keys[end][0][depth] == wanted:
                end += 1
            walk(at, end, depth + 1, values, content)
            at = end

    walk(0, len(keys), 0, start, rows)
    return (
        {c: support(c) for c in by_content},
        {c: np.stack(listed) for c, listed in found.items()},
    )


def _highest_weight(
    rows: Counts, letters: int, axes: list[IntArray], strides: list[int], support: IntArray
) -> IntArray:
    """The coefficients of P_lam on the tables with both margins lam."""
    g, zero, one = polynomial_ring(letters**2)
    power = one
    for size in range(1, letters + 1):
        exponent = rows[size - 1] - (rows[size] if size < letters else 0)
        if not exponent:
            continue
        minor = zero
        for p in permutations(range(size)):
            term = one
            for i, q in enumerate(p):
                term = term * g[i * letters + q]
            odd = sum(p[a] > p[b] for a in range(size) for b in range(a + 1, size)) % 2
            minor = minor - term if odd else minor + term
        power = power * minor**exponent
    places = [{tuple(c): n for n, c in enumerate(axis.tolist())} for axis in axes]
    out = np.zeros(len(support), dtype=object)
    for exponents, c in power.to_dict().items():
        flat = sum(
            strides[i]
            * places[i][tuple(int(e) for e in exponents[i * letters : (i + 1) * letters])]
            for i in range(letters)
        )
        out[int(np.searchsorted(support, flat))] = int(c)
    return out


def kernel_entries(
    values: Callable[[Counts], IntArray],
    modules: Iterable[WeylModule],
    progress: Callable[[list[Any]], Iterable[Any]] = iter,
    wanted: Callable[[Counts], bool] = lambda content: True,
) -> list[IntArray]:
    """E(T', T) for every module: a square object array of ints each.

    ``values(rows)`` is the kernel on the tables with these row sums, an integer array over their grid. Rows T' whose content is
    not ``wanted`` are left zero.
    """
    listed = list(modules)
    if not listed:
        return []
    letters = listed[0].letters
    order = _steps(letters, highest_first=False)
    entries = [np.zeros((len(m), len(m)), dtype=object) for m in listed]
    tries: dict[Counts, list[tuple[Counts, int, int]]] = {}
    for number, module in enumerate(listed):
        for content, places in module.contents.items():
            if not wanted(content):
                continue
            for place in places:
                counts = module.tableaux[place]
                key = tuple(counts[i * letters + j] for i, j in order)
                tries.setdefault(content, []).append((key, number, place))

    def finish(array: IntArray, number: int, place: int) -> None:
        module = listed[number]
        flat = array.reshape(-1)
        for content, columns in module.contents.items():
            row = module.coefficients[content] @ flat[module.support[content]]
            entries[number][place, columns.start : columns.stop] = row

    def walk(keys: list[Any], depth: int, array: IntArray, rows: Counts) -> None:
        if depth == len(order):
            for _, number, place in keys:
                finish(array, number, place)
            return
        i, j = order[depth]
        at, power = 0, 0
        while at < len(keys):
            count = keys[at][0][depth]
            while power < count:
                array = polarised(array, rows, i, j)
                step = list(rows)
                step[i] += 1
                step[j] -= 1
                rows = tuple(step)
                power += 1
                if power > 1:
                    array = _divided(array, power)
            end = at
            while end < len(keys) and keys[end][0][depth] == count:
                end += 1
            walk(keys[at:end], depth + 1, array, rows)
            at = end

    for content in handed(progress, sorted(tries, reverse=True)):
        walk(sorted(tries[content]), 0, values(content), content)
    return entries


def _divided(array: IntArray, power: int) -> IntArray:
    """Exact division: integers divide without remainder, rational functions anyway."""
    if isinstance(array.flat[0], int):
        return array // power
    return array * Fraction(1, power)
