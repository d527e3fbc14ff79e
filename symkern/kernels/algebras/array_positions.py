"""Arrays of L x L numbers for each pair of sequences: any pipeline, whatever its vocabulary."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from symkern.kernels.algebras.algebra import EntryMap
from symkern.kernels.algebras.arrays import Array, Arrays, Words


class _Matrix:
    """Entries (n, m, L, L), with axes of length one where they do not depend on a sequence; alone with that of the other sequence of length one."""

    #: The variances (token, position, constant), where it is the embedding.
    base: Any = None

    def __init__(self, algebra: Positions, entries: Array) -> None:
        self.algebra, self._entries = algebra, entries

    @property
    def entries(self) -> Array:
        return self._entries

    def _with(self, entries: Array) -> _Matrix:
        return _Matrix(self.algebra, entries)

    def plus(self, other: _Matrix) -> _Matrix:
        return self._with(self.entries + other.entries)

    def scaled(self, factor: Array, over: float = 1) -> _Matrix:
        factor = factor / over + self.algebra.f.filled(0.0)
        return self._with(self.entries * factor[:, :, None, None])

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> _Matrix:
        p = None if p is None else p[:, :, :, None]
        q = None if q is None else q[:, :, None, :]
        return self._with(function(self.entries, p, q))

    def entrywise(self, other: _Matrix) -> _Matrix:
        return self._with(self.entries * other.entries)

    def overlap(self, other: _Matrix) -> Array:
        return self.algebra.total(self.entries * other.entries)

    def diagonal(self) -> Array:
        return self.algebra.f.xp.linalg.diagonal(self.entries)

    def normalised(self) -> _Matrix:
        entries = self.entries
        present = self.algebra.columns
        sums = self.algebra.f.xp.sum(entries * present, axis=3, keepdims=True)
        return self._with(entries / sums)

    def softmax(self) -> _Matrix:
        xp, entries, present = self.algebra.f.xp, self.entries, self.algebra.columns
        entries = xp.where(present > 0, entries, xp.full_like(entries, -float("inf")))
        return self._with(xp.exp(entries - xp.max(entries, axis=3, keepdims=True))).normalised()

    def mean(self) -> Array:
        ours, theirs = self.algebra.lengths
        return self.algebra.total(self.entries) / (ours * theirs)

    def mean_diagonal(self) -> Array:
        return self.algebra.f.xp.mean(self.diagonal(), axis=2)

    def read(self) -> Array:
        return self.entries[:, :, -1, -1]


class _Product(_Matrix):
    """G V H^T, multiplied only where more than one weight for each position is asked for."""

    def __init__(self, algebra: Positions, left: Array, values: Array, right: Array) -> None:
        self.algebra, self.factors = algebra, (left, values, right)

    @cached_property
    def _product(self) -> Array:
        left, values, right = self.factors
        return left @ values @ self.algebra.f.xp.matrix_transpose(right)

    @property
    def entries(self) -> Array:
        return self._product

    def mean(self) -> Array:
        left, _, right = self.factors
        a, (ours, theirs) = self.algebra, self.algebra.lengths
        w, u = (
            a.f.xp.sum(g * rows, axis=2)
            for g, rows in zip((left, right), a.rows_alone, strict=True)
        )
        return self._weighed(w, u) / (ours * theirs)

    def read(self) -> Array:
        left, _, right = self.factors
        return self._weighed(left[:, :, -1, :], right[:, :, -1, :])

    def _weighed(self, left: Array, right: Array) -> Array:
        """w^T V u for weights of the positions of x and of y."""
        values = self.factors[1]
        return (left[:, :, None, :] @ values @ right[:, :, :, None])[:, :, 0, 0]


class _First(_Product):
    """G V H^T with the embedding for V, which is token X Y^T + position + constant with the one-hot letters X and Y: one large product for all pairs.

    The axes lie in memory as (n, L, m, L), and what is made of them entry by entry as well.
    """

    def __init__(self, algebra: Positions, left: Array, values: _Matrix, right: Array) -> None:
        super().__init__(algebra, left, values.entries, right)
        self.variances = values.base

    @cached_property
    def _product(self) -> Array:
        f, xp = self.algebra.f, self.algebra.f.xp
        left, _, right = self.factors
        n, m, length = left.shape[0], right.shape[1], left.shape[2]
        parts: tuple[list[Array], list[Array]] = ([], [])
        ends = (left[:, 0, :, :], self.algebra.left), (right[0, :, :, :], self.algebra.right)
        for part, (g, words) in zip(parts, ends, strict=True):
            terms = (g @ f.real(words.one_hot), g, xp.sum(g, axis=2, keepdims=True))
            for variance, term in zip(self.variances, terms, strict=True):
                if bool(xp.any(variance != 0)):
                    part.append(term * variance[:, :, None] if part is parts[0] else term)
        if not parts[0]:
            return xp.zeros((n, m, length, length), dtype=f.dtype, device=f.device)
        rows = xp.reshape(xp.concat(parts[0], axis=2), (n * length, -1))
        columns = xp.reshape(xp.concat(parts[1], axis=2), (m * length, -1))
        found = xp.reshape(rows @ xp.matrix_transpose(columns), (n, length, m, length))
        return xp.permute_dims(found, (0, 2, 1, 3))


class Positions(Arrays):
    """The recursion on L x L matrices."""

    name: ClassVar[str] = "arrays"

    def embedded(self, token: Array, position: Array, constant: Array) -> _Matrix:
        """The matrix token [x_a = y_b] + position [a = b] + constant."""
        x, y = self.left.tokens, self.right.tokens
        if self.kept is not None:
            equal = x[:, :, None] == y[:, None, :]
            equal = equal[:, None, :, :] if self.side == 0 else equal[None, :, :, :]
        else:
            # In memory as (n, L, m, L), as `_First` is.
            equal = self.f.xp.permute_dims(x[:, :, None, None] == y[None, None, :, :], (0, 2, 1, 3))
        tokens = self.f.real(equal) * token[:, :, None, None]
        found = self._embedded(tokens, position, constant)
        found.base = token, position, constant
        return found

    def embedded_letters(self, covariance: Any, position: Array, constant: Array) -> _Matrix:
        """The matrix C[x_a, y_b] + position [a = b] + constant."""
        xp, table = self.f.xp, self.f.table(covariance)
        n, length = self.left.tokens.shape
        rows = xp.take(table, xp.reshape(self.left.tokens, (-1,)), axis=0)
        if self.kept is not None:
            one_hot = self.f.real(self.left.one_hot)
            columns = one_hot @ xp.matrix_transpose(table)  # C[x_b, t], of each sequence
            own = one_hot @ xp.matrix_transpose(columns)
            own = own[:, None, :, :] if self.side == 0 else own[None, :, :, :]
            return self._embedded(own, position, constant)
        found = xp.take(rows, xp.reshape(self.right.tokens, (-1,)), axis=1)
        found = xp.reshape(found, (n, length, self.right.number, length))
        return self._embedded(xp.permute_dims(found, (0, 2, 1, 3)), position, constant)

    def _embedded(self, tokens: Array, position: Array, constant: Array) -> _Matrix:
        f, entries = self.f, tokens
        if bool(f.xp.any(constant != 0)):
            entries = entries + constant[:, :, None, None]
        if bool(f.xp.any(position != 0)):
            identity = f.xp.eye(self.left.length, dtype=f.dtype, device=f.device)
            entries = entries + identity[None, None, :, :] * position[:, :, None, None]
        return _Matrix(self, entries)

    def product(self, left: _Matrix, values: _Matrix, right: _Matrix) -> _Matrix:
        """G V H^T."""
        g, h = left.entries, right.entries
        if self.left.lengths is not None:  # what is padding is not attended to
            g, h = g * self._along(self.left, 0, 3), h * self._along(self.right, 1, 3)
        if values.base is not None and self.kept is None and self.left.letters <= self.left.length:
            return _First(self, g, values, h)
        return _Product(self, g, values.entries, h)

    # -- padding -------------------------------------------------------------------------------

    def _along(self, words: Words, side: int, axis: int) -> Array:
        """Which positions are present, on the axis of rows (2) or of columns (3)."""
        present = words.present
        side = self.side if self.kept is not None else side
        present = present[:, None, :] if side == 0 or words.lengths is None else present[None, :, :]
        return present[:, :, :, None] if axis == 2 else present[:, :, None, :]

    @cached_property
    def columns(self) -> Array:
        """Which positions are present, of the columns of matrices on one sequence."""
        return self._along(self.left, self.side, 3)

    @cached_property
    def rows_alone(self) -> tuple[Array, Array]:
        """Which rows are, of matrices on sequences of both batches."""
        return self._along(self.left, 0, 2), self._along(self.right, 1, 2)

    def total(self, entries: Array) -> Array:
        """The sum over all pairs of positions that are present."""
        if self.left.lengths is not None:
            entries = entries * self._along(self.left, 0, 2) * self._along(self.right, 1, 3)
        return self.f.xp.sum(entries, axis=(2, 3))
