r"""Matrices over positions whose entries are jets, by types of positions.

    M_ab = off[A, B] + [a = b] extra[A],        A, B the types of a and b, of sizes nu_A = N_A/L,

closed under entrywise maps and under products with means in the place of sums,

    (1/L) sum_c M_ac M'_cb:   off = sum_C nu_C off[A, C] off'[C, B] + eta (extra[A] off'[A, B] + off[A, B] extra'[B]),  extra = eta extra extra'.

A position that is read is a type of its own, of size eta; its diagonal stands in off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symkern.exact.weighted_series import Jet
from symkern.kernels.algebras.algebra import EntryMap


@dataclass(frozen=True)
class JetTypes:
    """Types of positions: the letters left and right of each, sizes over L, which one is read."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    sizes: tuple[Jet, ...]
    star: int | None
    eta: Jet

    @property
    def many(self) -> list[bool]:
        """Whether a type has two positions."""
        return [i != self.star for i in range(len(self.sizes))]


class JetMatrix:
    """off and extra; extra is zero at the position that is read, where off holds the diagonal."""

    def __init__(self, types: JetTypes, off: list[list[Jet]], extra: list[Jet]) -> None:
        self.types, self.off, self.extra = types, off, extra

    @cached_property
    def _diagonal(self) -> list[Jet]:
        return [row[i] + e for i, (row, e) in enumerate(zip(self.off, self.extra, strict=True))]

    def diagonal(self) -> list[Jet]:
        """K_aa by type."""
        return self._diagonal

    def with_diagonal(self, diagonal: list[Jet]) -> JetMatrix:
        """The same off the diagonal, and these on it."""
        off = [list(row) for row in self.off]
        extra = []
        for i, (d, many) in enumerate(zip(diagonal, self.types.many, strict=True)):
            extra.append(d - off[i][i] if many else d * 0)
            if not many:
                off[i][i] = d
        found = JetMatrix(self.types, off, extra)
        found._diagonal = list(diagonal)
        return found

    def plus(self, other: JetMatrix) -> JetMatrix:
        """The sum."""
        pairs = zip(self.off, other.off, strict=True)
        off = [[a + b for a, b in zip(r, s, strict=True)] for r, s in pairs]
        extra = [a + b for a, b in zip(self.extra, other.extra, strict=True)]
        return JetMatrix(self.types, off, extra)

    def scaled(self, factor: Any, over: int = 1) -> JetMatrix:
        """The matrix times a number; lengths to divide by are 1 here."""
        off = [[e * factor for e in row] for row in self.off]
        return JetMatrix(self.types, off, [e * factor for e in self.extra])

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> JetMatrix:
        """The function of each entry and of the variances p, q."""
        none = [None] * len(self.extra)
        p, q = p or none, q or none
        many = self.types.many
        off = [
            [function(e, p[i], q[j]) if i != j or many[i] else e * 0 for j, e in enumerate(row)]
            for i, row in enumerate(self.off)
        ]
        diagonal = [function(d, p[i], q[i]) for i, d in enumerate(self.diagonal())]
        return JetMatrix(self.types, off, []).with_diagonal(diagonal)

    def entrywise(self, other: JetMatrix) -> JetMatrix:
        """The product entry by entry."""
        off = [[a * b for a, b in zip(r, s, strict=True)] for r, s in zip(self.off, other.off, strict=True)]  # fmt: skip
        diagonal = [a * b for a, b in zip(self.diagonal(), other.diagonal(), strict=True)]
        return JetMatrix(self.types, off, []).with_diagonal(diagonal)

    def row_means(self) -> list[Jet]:
        """(1/L) sum_c M_ac, by the type of a."""
        found = []
        for row, e in zip(self.off, self.extra, strict=True):
            total = e * self.types.eta
            for n, entry in zip(self.types.sizes, row, strict=True):
                total = total + n * entry
            found.append(total)
        return found

    @cached_property
    def column_means(self) -> list[Jet]:
        """(1/L) sum_a M_ac, by the type of c."""
        columns = [list(column) for column in zip(*self.off, strict=True)]
        return JetMatrix(self.types, columns, self.extra).row_means()

    def normalised(self) -> JetMatrix:
        """Rows over their means: times L, rows that sum to one."""
        inverses = [mean.inverse() for mean in self.row_means()]
        off = [[e * s for e in row] for row, s in zip(self.off, inverses, strict=True)]
        extra = [e * s for e, s in zip(self.extra, inverses, strict=True)]
        return JetMatrix(self.types, off, extra)

    def times(self, other: JetMatrix) -> JetMatrix:
        """(1/L) sum_c M_ac M'_cb."""
        sizes, eta = self.types.sizes, self.types.eta
        weighted = [[n * e for e in row] for n, row in zip(sizes, other.off, strict=True)]
        off, extra = [], []
        for i, row in enumerate(self.off):
            found = []
            own = self.extra[i] * eta
            for j in range(len(sizes)):
                total = own * other.off[i][j] + row[j] * (other.extra[j] * eta)
                for c, e in enumerate(row):
                    total = total + e * weighted[c][j]
                found.append(total)
            off.append(found)
            extra.append(own * other.extra[i])
        return JetMatrix(self.types, off, extra)

    def transpose(self) -> JetMatrix:
        """The transpose."""
        columns = [list(column) for column in zip(*self.off, strict=True)]
        return JetMatrix(self.types, columns, self.extra)

    def overlap(self, other: JetMatrix) -> Jet:
        """(1/L^2) sum_ab M_ab M'_ab."""
        return self.entrywise(other).mean()

    def mean(self) -> Jet:
        """(1/L^2) sum_ab M_ab."""
        return _mean(self.types, self.row_means())

    def mean_diagonal(self) -> Jet:
        """(1/L) sum_a M_aa."""
        return _mean(self.types, self.diagonal())

    def read(self) -> Jet:
        """M at the position that is read."""
        assert self.types.star is not None
        return self.diagonal()[self.types.star]

    def lifted(self, places: list[int], types: JetTypes) -> JetMatrix:
        """The matrix of one sequence on the types of a pair."""
        off = [[self.off[p][q] for q in places] for p in places]
        return JetMatrix(types, off, [self.extra[p] for p in places])


def _mean(types: JetTypes, values: Sequence[Jet]) -> Jet:
    total = types.eta * 0
    for n, value in zip(types.sizes, values, strict=True):
        total = total + n * value
    return total


class JetProduct(JetMatrix):
    """G V H^T over L^2, multiplied only where more than one weight per position is asked for."""

    def __init__(
        self, left: JetMatrix, values: JetMatrix, right: JetMatrix, places: list[Any]
    ) -> None:
        self.types, self.factors, self.places = values.types, (left, values, right), places

    @cached_property
    def _full(self) -> JetMatrix:
        left, values, right = self.factors
        g, h = (k.lifted(at, self.types) for k, at in zip((left, right), self.places, strict=True))
        return g.times(values).times(h.transpose())

    @property
    def off(self) -> list[list[Jet]]:  # type: ignore[override]
        """Of the product."""
        return self._full.off

    @property
    def extra(self) -> list[Jet]:  # type: ignore[override]
        """Of the product."""
        return self._full.extra

    def mean(self) -> Jet:
        """(1/L^2) sum_ab M_ab."""
        left, _, right = self.factors
        return self._weighed(left.column_means, right.column_means)

    def read(self) -> Jet:
        """M at the position that is read."""
        left, _, right = self.factors
        assert left.types.star is not None
        assert right.types.star is not None
        return self._weighed(left.off[left.types.star], right.off[right.types.star])

    def _weighed(self, left: list[Jet], right: list[Jet]) -> Jet:
        """(1/L^2) sum_cd w_c V_cd u_d for weights of the positions of x and of y."""
        values, eta = self.factors[1], self.types.eta
        w, u = ([k[p] for p in at] for k, at in zip((left, right), self.places, strict=True))
        weighted = [n * t for n, t in zip(self.types.sizes, u, strict=True)]
        inner = []
        for row, e, other in zip(values.off, values.extra, u, strict=True):
            total = e * eta * other
            for entry, r in zip(row, weighted, strict=True):
                total = total + entry * r
            inner.append(total)
        return _mean(self.types, [t * total for t, total in zip(w, inner, strict=True)])
