"""Arrays of L x L numbers for each pair of sequences: any pipeline, whatever its vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from math import pi
from typing import Any, ClassVar

from symkern.kernels.algebras.algebra import EntryMap
from symkern.kernels.algebras.array_factors import Factored, Terms, dense, hands_over
from symkern.kernels.algebras.arrays import Array, Arrays, Words


class _Matrix:
    """Entries (n, m, L, L), with axes of length one where they do not depend on a sequence; alone with that of the other sequence of length one.

    Of pairs they may be a sum of terms, of which an array is made where it is asked for.
    """

    def __init__(self, algebra: Positions, form: Any) -> None:
        self.algebra, self._form = algebra, form

    @property
    def form(self) -> Any:
        """An array or `Terms`."""
        return self._form

    @cached_property
    def entries(self) -> Array:
        """An array."""
        return dense(self.form)

    def _with(self, form: Any) -> _Matrix:
        return _Matrix(self.algebra, form)

    def plus(self, other: _Matrix) -> _Matrix:
        return self._with(self.form + other.form)

    def scaled(self, factor: Array, over: float = 1) -> _Matrix:
        factor = factor / over + self.algebra.f.filled(0.0)
        return self._with(self.form * factor[:, :, None, None])

    def mapped(self, function: EntryMap, p: Any = None, q: Any = None) -> _Matrix:
        p = None if p is None else p[:, :, :, None]
        q = None if q is None else q[:, :, None, :]
        return self._with(function(self.form, p, q))

    def entrywise(self, other: _Matrix) -> _Matrix:
        return self._with(self.form * other.form)

    def overlap(self, other: _Matrix) -> Array:
        return self.algebra.total(self.entries * other.entries)

    def diagonal(self) -> Array:
        if isinstance(self.form, Terms):
            return self.form.diagonal()
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
        a, (ours, theirs) = self.algebra, self.algebra.lengths
        if isinstance(self.form, Terms):
            return self.form.total(a.left.present, a.right.present) / (ours * theirs)
        return a.total(self.entries) / (ours * theirs)

    def mean_diagonal(self) -> Array:
        return self.algebra.f.xp.mean(self.diagonal(), axis=2)

    def read(self) -> Array:
        if isinstance(self.form, Terms):
            return self.form.last()
        return self.entries[:, :, -1, -1]


class _Product(_Matrix):
    """G V H^T of an array V, multiplied only where more than one weight for each position is asked for."""

    def __init__(self, algebra: Positions, left: Array, values: Array, right: Array) -> None:
        self.algebra, self.factors = algebra, (left, values, right)

    @property
    def form(self) -> Array:
        return self.entries

    @cached_property
    def entries(self) -> Array:
        left, values, right = self.factors
        return left @ values @ self.algebra.f.xp.matrix_transpose(right)

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


class Positions(Arrays):
    """The recursion on L x L matrices."""

    name: ClassVar[str] = "arrays"

    def embedded(self, token: Array, position: Array, constant: Array) -> _Matrix:
        """The matrix token [x_a = y_b] + position [a = b] + constant."""
        f, left, right = self.f, self.left, self.right
        if self.is_factored:
            rows = f.real(left.one_hot) * token[:, :, None]
            return self._factored(Factored(rows, f.real(right.one_hot)), position, constant)
        x, y = left.tokens, right.tokens
        if self.kept is not None:
            equal = x[:, :, None] == y[:, None, :]
            equal = equal[:, None, :, :] if self.side == 0 else equal[None, :, :, :]
        else:
            # In memory as (n, L, m, L), as sums of terms are.
            equal = f.xp.permute_dims(x[:, :, None, None] == y[None, None, :, :], (0, 2, 1, 3))
        return self._embedded(f.real(equal) * token[:, :, None, None], position, constant)

    def embedded_letters(self, covariance: Any, position: Array, constant: Array) -> _Matrix:
        """The matrix C[x_a, y_b] + position [a = b] + constant."""
        xp, table = self.f.xp, self.f.table(covariance)
        n, length = self.left.tokens.shape
        rows = xp.take(table, xp.reshape(self.left.tokens, (-1,)), axis=0)
        if self.is_factored:
            of_letters = Factored(
                xp.reshape(rows, (n, length, -1)), self.f.real(self.right.one_hot)
            )
            return self._factored(of_letters, position, constant)
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

    @property
    def is_factored(self) -> bool:
        """Whether the embedding of pairs is a sum of terms: where letters are not more than positions, so that products with them are short."""
        short = self.kept is None and self.left.letters <= self.left.length
        return short and hands_over(self.f.filled(0.0))

    def _factored(self, tokens: Factored, position: Array, constant: Array) -> _Matrix:
        f, length = self.f, self.left.length
        form = Terms(f, (self.left.number, self.right.number, length), tokens)
        if bool(f.xp.any(constant != 0)):
            form = form + constant
        if bool(f.xp.any(position != 0)):
            ones = f.xp.ones((1, length, 1), dtype=f.dtype, device=f.device)
            form = form.plus(Factored(ones * position[:, :, None], ones, diagonal=True))
        return _Matrix(self, form)

    def product(self, left: _Matrix, values: _Matrix, right: _Matrix) -> _Matrix:
        """G V H^T."""
        g, h = left.entries, right.entries
        if self.left.lengths is not None:  # what is padding is not attended to
            g, h = g * self._along(self.left, 0, 3), h * self._along(self.right, 1, 3)
        if isinstance(values.form, Terms) and values.form.is_factored:
            return _Matrix(self, values.form.between(g[:, 0, :, :], h[0, :, :, :]))
        return _Product(self, g, values.entries, h)

    # -- maps of entries -----------------------------------------------------------------------

    @cached_property
    def functions(self) -> Mapping[str, Any]:  # type: ignore[override]
        """Functions of arrays by name."""
        return {name: _of_arrays(function) for name, function in self.f.by_name.items()}

    def angle(self, r: Any, square: Any) -> Array:
        """(2/pi) arcsin(r / sqrt(square))."""
        return self.f.angle(dense(r), square)

    def minor(self, r: Any, p: Array, q: Array) -> Array:
        """p q - r^2."""
        return self.f.minor(dense(r), p, q)

    def relu_dual(self, r: Any, p: Array, q: Array) -> Any:
        """E relu(u) relu(w): of a sum of terms, the roots of both variances stay factors of rows and of columns."""
        if not isinstance(r, Terms) or not self.f.has_arcs:
            return self.f.relu_dual(dense(r), p, q)
        f = self.f
        left, right = f.xp.sqrt(p), f.xp.sqrt(q)
        cosines = dense(r * f.inverse(left) * f.inverse(right))
        return r.weighed(left / (2 * pi), f.arcs(cosines), right)

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


def _of_arrays(function: Callable[[Array], Array]) -> Callable[[Any], Array]:
    return lambda entries: function(dense(entries))
