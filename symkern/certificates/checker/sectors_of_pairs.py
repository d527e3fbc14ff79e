r"""Blocks of the operator on sectors for two letters at any length, by Gauss's quadrature, in decimals of many digits.

With N the numbers of pairs of letters, n and n' those of the letter 1 in x and in y, p and p' its probabilities, phi_e the orthonormal polynomials of n and k = |mu|,

    B[e, e'] = (p q p' q')^(k/2) E phi_e(n) phi'_e'(n') Delta^k F,      N ~ Multinomial(L - 2k, p p'),
    Delta^k F = sum_i (-1)^i C(k, i) F(N + (k - i)(E_00 + E_11) + i (E_01 + E_10)).

n is Binomial(L - 2k, p), and given it N_11 and N_01 are Binomial(n, p') and Binomial(L - 2k - n, p'): three rules of m nodes one behind the other. What they miss is O(L^(-m - k)), and
entries fall like L^(-k - (e + e')/2), so that few e suffice. Where the last position is read, its letters are further indices, and so are the components of a mixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import comb
from typing import Any

from .gauss_nodes import BinomialRule
from .letter_pairs import PairedLetters
from .many_decimals import decimal_of
from .verdicts import spend

Table = tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]
Star = tuple[int, int] | None
Component = tuple[Decimal, tuple[Decimal, Decimal]]  # weight, probabilities of the letters


@dataclass(frozen=True)
class PairedSectors:
    """The operator of a kernel."""

    kernel: PairedLetters
    components: tuple[Component, ...]

    @property
    def length(self) -> Decimal:
        return self.kernel.length

    @property
    def fixed(self) -> bool:
        """Whether the last position is read."""
        return self.kernel.fixed

    def value(self, table: Table, star: Star) -> Decimal:
        """The kernel on sequences with these numbers of pairs."""
        spend(400 * len(self.kernel.stages))
        kinds = [((t, u), table[t][u]) for t in (0, 1) for u in (0, 1)]
        if star is not None:
            kinds.append((star, Decimal(1)))
        return self.kernel.value(kinds)

    def diagonal(self, nodes: int) -> Decimal:
        """E k(x, x)."""
        total = Decimal(0)
        sites = self.length - self.fixed
        stars: list[Star] = [(0, 0), (1, 1)] if self.fixed else [None]
        for weight, p in self.components:
            for chance, n, _ in BinomialRule(sites, p[1], nodes).rule():
                table = ((sites - n, Decimal(0)), (Decimal(0), n))
                for star in stars:
                    also = 1 if star is None else p[star[0]]
                    total += weight * chance * also * self.value(table, star)
        return total

    def block(self, k: int, highest: int, nodes: int) -> tuple[list[Any], list[list[Decimal]]]:
        """The indices (component, letter of the last position, e) and the block, e up to ``highest``."""
        ends = [0, 1] if self.fixed else [None]
        indices = [
            (i, t, e) for i in range(len(self.components)) for t in ends for e in range(highest + 1)
        ]
        where = {index: a for a, index in enumerate(indices)}
        matrix = [[Decimal(0)] * len(indices) for _ in indices]
        for i in range(len(self.components)):
            for j in range(i, len(self.components)):
                for (t, u), part in self._parts(i, j, k, highest, nodes):
                    for e, row in enumerate(part):
                        for f, entry in enumerate(row):
                            matrix[where[i, t, e]][where[j, u, f]] = entry
                            if i < j:
                                matrix[where[j, u, f]][where[i, t, e]] = entry
        # The three rules treat x and y unlike: what they miss is no symmetric matrix.
        return indices, [
            [(matrix[a][b] + matrix[b][a]) / 2 for b in range(len(indices))]
            for a in range(len(indices))
        ]

    def _parts(
        self, i: int, j: int, k: int, highest: int, nodes: int
    ) -> Iterator[tuple[Any, list[list[Decimal]]]]:
        """The matrix over e and e' of two components, for each two letters at the last position."""
        (v, p), (w, q) = self.components[i], self.components[j]
        sites = self.length - self.fixed - 2 * k
        scale = (v * w).sqrt() * (p[0] * p[1] * q[0] * q[1]).sqrt() ** k if k else (v * w).sqrt()
        points = list(self._points(sites, p[1], q[1], highest, nodes))
        mirrored = not self.fixed and p[0] == p[1] == q[1]
        stars: list[Star] = [(t, u) for t in (0, 1) for u in (0, 1)] if self.fixed else [None]
        for star in stars:
            part = [[Decimal(0)] * (highest + 1) for _ in range(highest + 1)]
            size = scale if star is None else scale * (p[star[0]] * q[star[1]]).sqrt()
            for chance, table, left, right in points:
                value = size * chance * self._difference(table, k, star)
                for e, a in enumerate(left):
                    c = value * a
                    row = part[e]
                    for f, b in enumerate(right):
                        row[f] += c * b
            if mirrored:  # what is odd was left to the mirror images
                part = [[0 * c if (e + f) % 2 else c for f, c in enumerate(row)] for e, row in enumerate(part)]  # fmt: skip
            yield star or (None, None), part

    def _points(
        self, sites: Decimal, p: Decimal, q: Decimal, highest: int, nodes: int
    ) -> Iterator[tuple[Decimal, Table, list[Decimal], list[Decimal]]]:
        """(chance, table, phi_e(n), phi_e'(n'))."""
        ours, theirs = BinomialRule(sites, p, nodes), BinomialRule(sites, q, nodes)
        spread, mean = (sites * q * (1 - q)).sqrt(), sites * q
        rule = ours.rule()
        if not self.fixed and p == q == 1 - q:  # exchanging the letters takes nodes to nodes
            rule = [(w if 2 * i + 1 == nodes else 2 * w, n, y) for i, (w, n, y) in enumerate(rule[: (nodes + 1) // 2])]  # fmt: skip
        for chance, n, y in rule:
            left = ours.values(y, highest + 1)
            behind = BinomialRule(sites - n, q, nodes).rule()
            for among, both, _ in BinomialRule(n, q, nodes).rule():
                for other, alone, _ in behind:
                    table = ((sites - n - alone, alone), (n - both, both))
                    right = theirs.values((both + alone - mean) / spread, highest + 1)
                    yield chance * among * other, table, left, right

    def _difference(self, table: Table, k: int, star: Star) -> Decimal:
        """Delta^k F."""
        (a, b), (c, d) = table
        return sum(
            (
                (-1) ** i * comb(k, i) * self.value(((a + k - i, b + i), (c + i, d + k - i)), star)
                for i in range(k + 1)
            ),
            Decimal(0),
        )


def of_letters(
    indices: list[Any], matrix: list[list[Decimal]], k: int, sign: int
) -> list[list[Decimal]]:
    """The part that changes by ``sign`` when two letters of equal probability are exchanged: phi_e by (-1)^e, each explicit position by -1, the last one's letters by each other."""
    where = {index: a for a, index in enumerate(indices)}
    half = decimal_of(2).sqrt()
    vectors = []
    for i, t, e in indices:
        turned = sign * (-1) ** (e + k)
        if t is None and turned == 1:
            vectors.append({where[i, t, e]: Decimal(1)})
        elif t == 0:
            vectors.append({where[i, 0, e]: 1 / half, where[i, 1, e]: turned / half})
    return [
        [sum((a * b * matrix[r][s] for r, a in u.items() for s, b in w.items()), Decimal(0)) for w in vectors]
        for u in vectors
    ]  # fmt: skip
