r"""Arrays of matrices by letters: what any pipeline makes of a pair of sequences, whatever their length.

Positions are alike whose letters are: a matrix over positions a of x and b of y is

    K_ab = off[A, B] + [a = b] extra[A],        A, B the kinds of a and b,

with weights N_A, how many positions are of a kind. Without a position term kinds are the letters x_a of rows and y_b of columns, and there is no extra;
with one they are the pairs (x_a, y_a), v^2 of them. On one sequence alone kinds are its letters. The matrices G of tied attention know
one sequence; their products with K sum over the letters of the other one first:

    (G K)_AB = sum_t G[t_A, t] sum_u N_tu K[tu, B] + extra(G)[t_A] K[A, B] + G[t_A, t_B] extra(K)[B].

`symkern.kernels.algebras.position_types` has the same in exact numbers.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from symkern.kernels.algebras.algebra import EntryMap
from symkern.kernels.algebras.arrays import Array, Arrays


class _Matrix:
    """``off`` (n, m, I, J) and ``extra`` (n, m, I) or None, axes of length one where they do not depend on a sequence."""

    def __init__(self, algebra: Letters, off: Array, extra: Array | None) -> None:
        self.algebra, self.off, self.extra = algebra, off, extra

    def _with(self, off: Array, extra: Array | None) -> _Matrix:
        return _Matrix(self.algebra, off, extra)

    def plus(self, other: _Matrix) -> _Matrix:
        extra = self.extra if other.extra is None else self._extra() + other.extra
        return self._with(self.off + other.off, extra)

    def _extra(self) -> Array:
        return self.algebra.f.filled(0.0)[:, :, None] if self.extra is None else self.extra

    def scaled(self, factor: Array, over: float = 1) -> _Matrix:
        factor = (factor / over)[:, :, None]
        extra = None if self.extra is None else self.extra * factor
        return self._with(self.off * factor[:, :, :, None], extra)

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> _Matrix:
        rows, columns = self.algebra.row_letters, self.algebra.column_letters
        p = None if p is None else rows(p)
        q = None if q is None else columns(q)
        off = function(
            self.off,
            None if p is None else p[:, :, :, None],
            None if q is None else q[:, :, None, :],
        )
        if self.extra is None:
            return self._with(off, None)
        diagonal = function(self.diagonal(), p, q)
        return self._with(off, diagonal - self.algebra.own(off))

    def diagonal(self) -> Array:
        own = self.algebra.own(self.off)
        return own if self.extra is None else own + self.extra

    def entrywise(self, other: _Matrix) -> _Matrix:
        off = self.off * other.off
        if self.extra is None and other.extra is None:
            return self._with(off, None)
        diagonal = self.diagonal() * other.diagonal()
        return self._with(off, diagonal - self.algebra.own(off))

    def overlap(self, other: _Matrix) -> Array:
        return self.entrywise(other).total()

    def total(self) -> Array:
        """The sum over all pairs of positions."""
        a = self.algebra
        found = (a.row_weights[:, :, None, :] @ self.off @ a.column_weights[:, :, :, None])[
            :, :, 0, 0
        ]
        if self.extra is not None:
            found = found + a.f.xp.sum(a.row_weights * self.extra, axis=2)
        return found

    def normalised(self) -> _Matrix:
        a = self.algebra
        sums = (self.off @ a.column_weights[:, :, :, None])[:, :, :, 0] + self._extra()
        extra = None if self.extra is None else self.extra / sums
        return self._with(self.off / sums[:, :, :, None], extra)

    def softmax(self) -> _Matrix:
        """Of each row, on one sequence: the largest score that occurs is taken off first."""
        a, xp = self.algebra, self.algebra.f.xp
        occurs = a.column_weights > 0
        diagonal = self.diagonal()
        low = xp.full_like(self.off, -float("inf"))
        largest = xp.maximum(
            xp.max(xp.where(occurs[:, :, None, :], self.off, low), axis=3),
            xp.where(occurs, diagonal, low[:, :, :, 0]),
        )

        def below_one(scores: Array) -> Array:  # those of letters that do not occur count nothing
            return xp.exp(xp.where(scores > 0, xp.zeros_like(scores), scores))

        off = below_one(self.off - largest[:, :, :, None])
        extra = None if self.extra is None else below_one(diagonal - largest) - a.own(off)
        return self._with(off, extra).normalised()

    def mean(self) -> Array:
        ours, theirs = self.algebra.lengths
        return self.total() / (ours * theirs)

    def mean_diagonal(self) -> Array:
        return self.algebra.sum_at_equal_positions(self) / self.algebra.length

    def read(self) -> Array:
        return self.algebra.at_the_last(self)


class _Product(_Matrix):
    """G V H^T, multiplied only where more than one weight for each position is asked for."""

    def __init__(self, algebra: Letters, left: _Matrix, values: _Matrix, right: _Matrix) -> None:
        self.algebra, self.factors = algebra, (left, values, right)

    @cached_property
    def _product(self) -> _Matrix:
        left, values, right = self.factors
        half = self.algebra.times(left, values)
        return self.algebra.times_transposed(half, right)

    @property
    def off(self) -> Array:
        return self._product.off

    @property
    def extra(self) -> Array | None:  # type: ignore[override]
        return self._product.extra

    def total(self) -> Array:
        left, values, right = self.factors
        a = self.algebra
        w, u = a.row_letters(a.column_sums(left, 0)), a.column_letters(a.column_sums(right, 1))
        weighed = (
            (w * a.row_weights)[:, :, None, :] @ values.off @ (u * a.column_weights)[:, :, :, None]
        )
        found = weighed[:, :, 0, 0]
        if values.extra is not None:
            found = found + a.f.xp.sum(w * u * a.row_weights * values.extra, axis=2)
        return found


class Letters(Arrays):
    """The recursion on matrices by letters."""

    name: ClassVar[str] = "arrays"

    @cached_property
    def by_pairs(self) -> bool:
        """Whether kinds are pairs of letters."""
        return self.kept is None and any(stage.adds_positions for stage in self.whole)

    def embedded(self, token: Array, position: Array, constant: Array) -> _Matrix:
        """The matrix token [x_a = y_b] + position [a = b] + constant."""
        return self._embedded(self.letter_identity, token, position, constant)

    def embedded_letters(self, covariance: Any, position: Array, constant: Array) -> _Matrix:
        """The matrix C[x_a, y_b] + position [a = b] + constant."""
        return self._embedded(self.f.table(covariance), self.f.filled(1.0), position, constant)

    def _embedded(self, table: Array, token: Array, position: Array, constant: Array) -> _Matrix:
        if self.by_pairs:
            table = self.on_pairs(table[None, None, :, None, None, :])
        else:
            table = table[None, None, :, :]
        off = table * token[:, :, None, None] + constant[:, :, None, None]
        has_positions = bool(self.f.xp.any(position != 0))
        return _Matrix(self, off, position[:, :, None] if has_positions else None)

    # -- kinds of positions --------------------------------------------------------------------

    @cached_property
    def letter_identity(self) -> Array:
        """[t = u]."""
        return self.f.xp.eye(self.left.letters, dtype=self.f.dtype, device=self.f.device)

    def on_pairs(self, array: Array) -> Array:
        """(n, m, t, u, t', u') with axes of length one as (n, m, I, J)."""
        v, xp = self.left.letters, self.f.xp
        n, m = array.shape[:2]
        return xp.reshape(xp.broadcast_to(array, (n, m, v, v, v, v)), (n, m, v * v, v * v))

    @cached_property
    def pair_counts(self) -> Array:
        """N_tu = #{a : x_a = t, y_a = u}, (n, m, v^2)."""
        xp, v = self.f.xp, self.left.letters
        x = xp.matrix_transpose(self.left.one_hot)[:, None, :, :]
        found = self.f.real(x @ self.right.one_hot[None, :, :, :])
        return xp.reshape(found, (self.left.number, self.right.number, v * v))

    @cached_property
    def row_weights(self) -> Array:
        """How many positions of x are of each kind."""
        if self.by_pairs:
            return self.pair_counts
        counts = self.left.counts
        return counts[None, :, :] if self.kept is not None and self.side else counts[:, None, :]

    @cached_property
    def column_weights(self) -> Array:
        """How many positions of y are of each kind."""
        if self.by_pairs:
            return self.pair_counts
        counts = self.right.counts
        return counts[:, None, :] if self.kept is not None and not self.side else counts[None, :, :]

    def row_letters(self, values: Array) -> Array:
        """A value for each letter of x as one for each kind of row."""
        return self._spread(values[:, :, :, None]) if self.by_pairs else values

    def column_letters(self, values: Array) -> Array:
        """A value for each letter of y as one for each kind of column."""
        return self._spread(values[:, :, None, :]) if self.by_pairs else values

    def _spread(self, array: Array) -> Array:
        v, xp = self.left.letters, self.f.xp
        n, m = array.shape[:2]
        return xp.reshape(xp.broadcast_to(array, (n, m, v, v)), (n, m, v * v))

    def own(self, off: Array) -> Array:
        """off[A, A]."""
        return self.f.xp.linalg.diagonal(off)

    # -- readouts ------------------------------------------------------------------------------

    def sum_at_equal_positions(self, matrix: _Matrix) -> Array:
        """sum_a K_aa."""
        xp = self.f.xp
        if self.kept is None and not self.by_pairs:
            n, m = self.left.number, self.right.number
            v = self.left.letters
            off = xp.broadcast_to(matrix.off, (n, m, v, v))
            return xp.sum(self.pair_counts * xp.reshape(off, (n, m, v * v)), axis=2)
        return xp.sum(self.row_weights * matrix.diagonal(), axis=2)

    def at_the_last(self, matrix: _Matrix) -> Array:
        """K_LL."""
        x, y = (self.f.real(words.one_hot[:, -1, :]) for words in (self.left, self.right))
        if self.kept is not None:
            last = x[:, None, :] if self.side == 0 else x[None, :, :]
            return self.f.xp.sum(last * matrix.diagonal(), axis=2)
        if not self.by_pairs:
            return (x[:, None, None, :] @ matrix.off @ y[None, :, :, None])[:, :, 0, 0]
        last = self._spread(x[:, None, :, None] * y[None, :, None, :])
        return self.f.xp.sum(last * matrix.diagonal(), axis=2)

    # -- products ------------------------------------------------------------------------------

    def product(self, left: _Matrix, values: _Matrix, right: _Matrix) -> _Matrix:
        """G V H^T."""
        return _Product(self, left, values, right)

    def column_sums(self, matrix: _Matrix, side: int) -> Array:
        """sum_a G_ab of a matrix of one sequence, for each letter x_b."""
        counts = self.left.counts[:, None, :] if side == 0 else self.right.counts[None, :, :]
        if self.kept is not None:
            counts = self.row_weights
        found = (counts[:, :, None, :] @ matrix.off)[:, :, 0, :]
        return found if matrix.extra is None else found + matrix.extra

    def times(self, left: _Matrix, values: _Matrix) -> _Matrix:
        """G K, with G of the first sequence."""
        weighted = self.row_weights[:, :, :, None] * values.off
        g = left.off
        if self.by_pairs:
            v = self.left.letters
            weighted = self.f.xp.reshape(weighted, (*weighted.shape[:2], v, v, v * v))
            inner = left.off @ self.f.xp.sum(weighted, axis=3)
            shape = (*inner.shape[:2], v, v, v * v)
            inner = self.f.xp.broadcast_to(inner[:, :, :, None, :], shape)
            off = self.f.xp.reshape(inner, (*inner.shape[:2], v * v, v * v))
            g = self.on_pairs(g[:, :, :, None, :, None])
        else:
            off = left.off @ weighted
        return self._completed(off, g, left, values, self.row_letters, (3, 2))

    def times_transposed(self, values: _Matrix, right: _Matrix) -> _Matrix:
        """K H^T, with H of the second sequence."""
        xp = self.f.xp
        weighted = values.off * self.column_weights[:, :, None, :]
        h = xp.matrix_transpose(right.off)
        if self.by_pairs:
            v = self.left.letters
            weighted = xp.reshape(weighted, (*weighted.shape[:2], v * v, v, v))
            inner = xp.sum(weighted, axis=3) @ h
            shape = (*inner.shape[:2], v * v, v, v)
            off = xp.reshape(
                xp.broadcast_to(inner[:, :, :, None, :], shape),
                (*inner.shape[:2], v * v, v * v),
            )
            h = self.on_pairs(h[:, :, None, :, None, :])
        else:
            off = weighted @ h
        return self._completed(off, h, right, values, self.column_letters, (2, 3))

    def _completed(self, off: Array, g: Array, one: _Matrix, values: _Matrix, lifted: Any, axes: tuple[int, int]) -> _Matrix:  # fmt: skip
        """The sum over other positions, with what the diagonals of both matrices add."""
        xp, extra = self.f.xp, None
        if one.extra is not None:
            own = lifted(one.extra)
            off = off + xp.expand_dims(own, axis=axes[0]) * values.off
            extra = None if values.extra is None else own * values.extra
        if values.extra is not None:
            off = off + g * xp.expand_dims(values.extra, axis=axes[1])
        return _Matrix(self, off, extra)
