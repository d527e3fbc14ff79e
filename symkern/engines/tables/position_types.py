r"""Values of any pipeline on pairs of sequences given by their contingency table.

Positions a with the same type (x_a, y_a) are alike. A matrix over positions that commutes with their permutations is

    M_ab = off[A, B] + [a = b] extra[A],        A, B the types of a and b,

and such matrices are closed under products, with m_C positions of type C:

    (M M')_ab:   off  = sum_C m_C off[A, C] off'[C, B] + extra[A] off'[A, B] + off[A, B] extra'[B],
                 extra = extra extra',

under sums and under entrywise maps. So the recursion of a pipeline, tied attention K' = G(x) K(x, y) G(y)^T included, runs on at
most v^2 types and never on L x L matrices. What depends on x alone, the rows G(x) and the variances K_aa(x, x), is
computed once for each count of letters. A position that is read (`at_position`) is a type of its own.

Formulas of the stages: `symkern.kernels.pipeline` and Hron, Bahri, Sohl-Dickstein, Novak (ICML 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symkern.claims.derivation import Standing
from symkern.exact.dual_activations import erf_dual, relu_dual
from symkern.exact.reals import absolute, exponential, is_zero, maximum_zero, product, real
from symkern.kernels.gaussian import dual_terms
from symkern.kernels.pipeline import (
    MLP,
    AtPosition,
    Attention,
    Embedding,
    Flatten,
    Kernel,
    Linear,
    MeanPool,
    Residual,
    Stage,
)

__all__ = ["TypeRecursion"]

Real = Any
Counts = tuple[int, ...]


@dataclass(frozen=True)
class _Types:
    """Types of positions: the letters left and right of each, how many positions it has, which one is read."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    sizes: tuple[int, ...]
    star: int | None

    @property
    def length(self) -> int:
        return sum(self.sizes)


@dataclass(frozen=True)
class _Matrix:
    """off and extra; extra is zero at types of one position, where off holds the diagonal."""

    off: list[list[Real]]
    extra: list[Real]

    def diagonal(self) -> list[Real]:
        return [row[i] + e for i, (row, e) in enumerate(zip(self.off, self.extra, strict=True))]

    def plus(self, other: _Matrix) -> _Matrix:
        return _Matrix(
            [
                [a + b for a, b in zip(r, s, strict=True)]
                for r, s in zip(self.off, other.off, strict=True)
            ],
            [a + b for a, b in zip(self.extra, other.extra, strict=True)],
        )

    def mapped(self, function: Any, types: _Types) -> _Matrix:
        """Entry (i, j) becomes function(i, j, entry)."""
        off = [[function(i, j, e) for j, e in enumerate(row)] for i, row in enumerate(self.off)]
        extra = []
        for i, (row, e) in enumerate(zip(self.off, self.extra, strict=True)):
            single = types.sizes[i] == 1
            extra.append(e * 0 if single else function(i, i, row[i] + e) - off[i][i])
        return _Matrix(off, extra)

    def times(self, other: _Matrix, types: _Types) -> _Matrix:
        weighted = [[n * e for e in row] for n, row in zip(types.sizes, other.off, strict=True)]
        off = product(self.off, weighted)
        extra = []
        for i, row in enumerate(off):
            for j in range(len(row)):
                row[j] = row[j] + self.extra[i] * other.off[i][j] + self.off[i][j] * other.extra[j]
            e = self.extra[i] * other.extra[i]
            extra.append(e)
        return _Matrix(off, extra)

    def transpose(self) -> _Matrix:
        return _Matrix([list(column) for column in zip(*self.off, strict=True)], self.extra)

    def total(self, types: _Types) -> Real:
        """Sum over all pairs of positions."""
        total = real(0)
        for n, row, e in zip(types.sizes, self.off, self.extra, strict=True):
            for m, entry in zip(types.sizes, row, strict=True):
                total = total + entry * (n * m)
            total = total + e * n
        return total

    def overlap(self, other: _Matrix, types: _Types) -> Real:
        """Sum over all pairs of positions of the product of entries."""
        return (
            self.mapped(lambda i, j, e: e * other.off[i][j], types)
            .with_diagonal(
                [a * b for a, b in zip(self.diagonal(), other.diagonal(), strict=True)], types
            )
            .total(types)
        )

    def with_diagonal(self, diagonal: list[Real], types: _Types) -> _Matrix:
        off = [list(row) for row in self.off]
        extra = []
        for i, d in enumerate(diagonal):
            if types.sizes[i] == 1:
                off[i][i] = d
                extra.append(d * 0)
            else:
                extra.append(d - off[i][i])
        return _Matrix(off, extra)


@dataclass(frozen=True)
class _Side:
    """What the recursion needs of one sequence: rows of tied attentions and variances, stage by stage."""

    places: dict[tuple[int, bool], int]
    rows: dict[int, _Matrix]
    read: dict[int, list[Real]]  # what a readout needs of the rows: column sums, or one row
    variances: dict[int, list[Real]]
    norms: dict[int, Real]  # variances after the readout


class TypeRecursion:
    """The kernel of a pipeline whose hyperparameters are numbers; call it on a contingency table.

    >>> from symkern.kernels import embedding
    >>> k = TypeRecursion(embedding(1, 1).attention("tied", "softmax").mean_pool())
    >>> k(((1, 1), (0, 1)))  # doctest: +ELLIPSIS
    [0.770123131732...]
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.starred = isinstance(kernel.readout, AtPosition)
        self.relabelling = True  # tokens are compared by equality alone
        self.standing = Standing.PROVED
        self._sides: dict[tuple[Counts, int | None], _Side] = {}
        base = kernel.stages[0]
        assert isinstance(base, Embedding)
        self._embedding = tuple(
            real(value, name)
            for name, value in (
                ("token", base.token),
                ("position", base.position),
                ("constant", base.constant),
            )
        )
        self._numbers = {
            i: (real(stage.weight, "weight"), real(stage.bias, "bias"))
            for i, stage in enumerate(kernel.stages)
            if isinstance(stage, Linear)
        }
        self._duals = {
            i: [(real(c, "activation"), j, e, f) for c, j, e, f in dual_terms(stage.polynomial)]
            for i, stage in enumerate(kernel.stages)
            if isinstance(stage, MLP) and stage.polynomial is not None
        }

    def __call__(self, table: Sequence[Sequence[int]], star: tuple[int, int] | None = None) -> Real:
        """k(x, y) for the table N_tu of the positions, without the one that is read, whose letters are ``star``."""
        left, right, sizes = [], [], []
        for t, row in enumerate(table):
            for u, n in enumerate(row):
                if n:
                    left.append(t)
                    right.append(u)
                    sizes.append(int(n))
        place = None
        if star is not None:
            place = len(sizes)
            left.append(star[0])
            right.append(star[1])
            sizes.append(1)
        types = _Types(tuple(left), tuple(right), tuple(sizes), place)
        rows = tuple(int(sum(row)) for row in table)
        columns = tuple(int(sum(column)) for column in zip(*table, strict=True))
        sides = (
            self._side(rows, None if star is None else star[0]),
            self._side(columns, None if star is None else star[1]),
        )
        return self._run(types, sides)[1]

    def _side(self, counts: Counts, star: int | None) -> _Side:
        key = counts, star
        if key not in self._sides:
            letters = [t for t, n in enumerate(counts) if n]
            sizes = [counts[t] for t in letters]
            places = {(t, False): i for i, t in enumerate(letters)}
            if star is not None:
                places[star, True] = len(letters)
                letters.append(star)
                sizes.append(1)
            place = None if star is None else len(letters) - 1
            types = _Types(tuple(letters), tuple(letters), tuple(sizes), place)
            side = _Side(places, {}, {}, {}, {})
            self._run(types, (side, side), fill=side)
            self._sides[key] = side
        return self._sides[key]

    def _base(self, types: _Types, positions: bool) -> _Matrix:
        token, position, constant = self._embedding
        off = [[constant + token * int(t == u) for u in types.right] for t in types.left]
        extra = [position if positions else position * 0] * len(types.left)
        plain = _Matrix(off, [e * 0 for e in extra])
        return plain.with_diagonal(
            [d + e for d, e in zip(plain.diagonal(), extra, strict=True)], types
        )

    def _run(
        self, types: _Types, sides: tuple[_Side, _Side], fill: _Side | None = None
    ) -> tuple[_Matrix, Real]:
        """The recursion; with ``fill`` on one sequence alone, keeping what a pair needs of it."""
        matrix = self._base(types, True)
        # The same stages without the position term, as far as the first attention needs them.
        plain = self._base(types, False) if self._values_without_positions() else None
        before, plain_before = matrix, plain
        value: Real = None
        for i, stage in enumerate(self.kernel.stages[1:], 1):
            if isinstance(stage, (MeanPool, Flatten, AtPosition)):
                if value is None:
                    value = _readout(matrix, stage, types)
            elif value is not None:
                value = self._after_readout(i, stage, value, sides, fill)
            elif isinstance(stage, Residual):
                matrix = matrix.plus(before)
                plain = plain.plus(plain_before) if plain and plain_before else plain
            elif fill is None and self._readout_next(i):
                assert isinstance(stage, Attention)
                source = plain if plain is not None and not stage.positions_in_values else matrix
                value = _read_at_once(i, source, types, sides)
                if not self.starred:
                    value = value / types.length**2
            else:
                before, plain_before = matrix, plain
                matrix = self._stage(i, stage, matrix, plain, types, sides, fill)
                if isinstance(stage, Attention):
                    plain = None
                elif plain is not None:
                    plain = self._stage(-i, stage, plain, None, types, sides, fill)
        return matrix, value

    def _readout_next(self, i: int) -> bool:
        """Whether stage i is a tied attention of which one weight per position is read at once."""
        stage, after = self.kernel.stages[i : i + 2]
        return (
            isinstance(stage, Attention)
            and stage.query_key == "tied"
            and isinstance(after, (MeanPool, AtPosition))
        )

    def _values_without_positions(self) -> bool:
        return any(
            isinstance(s, Attention) and not s.positions_in_values for s in self.kernel.stages
        )

    def _stage(
        self,
        i: int,
        stage: Stage,
        matrix: _Matrix,
        plain: _Matrix | None,
        types: _Types,
        sides: tuple[_Side, _Side],
        fill: _Side | None,
    ) -> _Matrix:
        if isinstance(stage, Linear):
            weight, bias = self._numbers[abs(i)]
            return matrix.mapped(lambda a, b, e: weight * e + bias, types)
        if isinstance(stage, MLP):
            if fill is not None:
                fill.variances[i] = matrix.diagonal()
            p, q = (
                _lifted(side.variances[i], side, letters, types)
                for side, letters in zip(sides, (types.left, types.right), strict=True)
            )
            return matrix.mapped(lambda a, b, e: self._dual(abs(i), stage, p[a], q[b], e), types)
        assert isinstance(stage, Attention)
        values = matrix if stage.positions_in_values or plain is None else plain
        if stage.query_key == "independent":
            factor = matrix.overlap(values, types)
            if stage.normalize:
                factor = factor / types.length**2
            return _Matrix(
                [[e * factor for e in row] for row in matrix.off],
                [e * factor for e in matrix.extra],
            )
        if fill is not None:
            fill.rows[i] = _row_map(matrix, stage, types)
            fill.read[i] = _read_weights(fill.rows[i], types)
        left, right = (
            _lifted_matrix(side.rows[i], side, letters, types)
            for side, letters in zip(sides, (types.left, types.right), strict=True)
        )
        return _settled(left.times(values, types).times(right.transpose(), types), types)

    def _dual(self, i: int, stage: MLP, p: Real, q: Real, r: Real) -> Real:
        if stage.activation == "relu":
            return relu_dual(p, q, r)
        if stage.activation == "erf":
            return erf_dual(p, q, r)
        total = real(0)
        for c, j, e, f in self._duals[i]:
            total = total + c * r**j * p**e * q**f
        return total

    def _after_readout(
        self, i: int, stage: Stage, value: Real, sides: tuple[_Side, _Side], fill: _Side | None
    ) -> Real:
        if isinstance(stage, Linear):
            weight, bias = self._numbers[i]
            return weight * value + bias
        assert isinstance(stage, MLP)
        if fill is not None:
            fill.norms[i] = value
        return self._dual(i, stage, sides[0].norms[i], sides[1].norms[i], value)


def _place(side: _Side, letter: int, types: _Types, i: int) -> int:
    return side.places[letter, i == types.star]


def _lifted(values: list[Real], side: _Side, letters: tuple[int, ...], types: _Types) -> list[Real]:
    """Values per letter of one sequence, as values per type of the pair."""
    return [values[_place(side, t, types, i)] for i, t in enumerate(letters)]


def _lifted_matrix(
    matrix: _Matrix, side: _Side, letters: tuple[int, ...], types: _Types
) -> _Matrix:
    places = [_place(side, t, types, i) for i, t in enumerate(letters)]
    off = [[matrix.off[p][q] for q in places] for p in places]
    return _settled(_Matrix(off, [matrix.extra[p] for p in places]), types)


def _read_weights(rows: _Matrix, types: _Types) -> list[Real]:
    """The column sums of G, or the row of the position that is read."""
    if types.star is not None:
        return rows.off[types.star]
    return [
        sum((n * row[j] for n, row in zip(types.sizes, rows.off, strict=True)), e)
        for j, e in enumerate(rows.extra)
    ]


def _read_at_once(i: int, values: _Matrix, types: _Types, sides: tuple[_Side, _Side]) -> Real:
    """w(x)^T K w(y) for the weights w that the readout leaves of G."""
    left, right = (
        _lifted(side.read[i], side, letters, types)
        for side, letters in zip(sides, (types.left, types.right), strict=True)
    )
    weighted = [n * w for n, w in zip(types.sizes, right, strict=True)]
    total = real(0)
    for n, w, row, e, other in zip(types.sizes, left, values.off, values.extra, right, strict=True):
        inner = e * other
        for entry, u in zip(row, weighted, strict=True):
            if not is_zero(entry):
                inner = inner + entry * u
        total = total + w * inner * n
    return total


def _settled(matrix: _Matrix, types: _Types) -> _Matrix:
    """The diagonal of a type of one position moved into off."""
    return matrix.with_diagonal(matrix.diagonal(), types)


def _row_map(scores: _Matrix, stage: Attention, types: _Types) -> _Matrix:
    if stage.row_map == "softmax":
        weights = scores.mapped(lambda i, j, e: exponential(e), types)
        sums = []
        for row, e in zip(weights.off, weights.extra, strict=True):
            total = e
            for n, entry in zip(types.sizes, row, strict=True):
                total = total + entry * n
            sums.append(total)
        return _Matrix(
            [[e / s for e in row] for row, s in zip(weights.off, sums, strict=True)],
            [e / s for e, s in zip(weights.extra, sums, strict=True)],
        )
    scale = types.length if stage.normalize else 1
    function = {"identity": lambda e: e, "relu": maximum_zero, "abs": absolute}[stage.row_map]
    return scores.mapped(lambda i, j, e: function(e) / scale, types)


def _readout(matrix: _Matrix, stage: Stage, types: _Types) -> Real:
    if isinstance(stage, MeanPool):
        return matrix.total(types) / types.length**2
    diagonal = matrix.diagonal()
    if isinstance(stage, Flatten):
        total = real(0)
        for n, d in zip(types.sizes, diagonal, strict=True):
            total = total + d * n
        return total / types.length
    assert types.star is not None
    return diagonal[types.star]
