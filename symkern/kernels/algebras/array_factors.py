r"""Matrices K_ab of all pairs of sequences as sums of terms that are cheaper than L^2 numbers a pair, for as long as stages leave them so.

    factored    sum_k R_ak C_bk, or [a = b] sum_k R_ak C_ak;     R known of x alone, C of y alone
    weighed     l_a f_ab u_b;                                    f an array of all pairs, l known of x alone, u of y alone

The embedding is factored, as are its products with what tied attention makes of each sequence. Sums, numbers, and what multiplies rows and columns (layer
normalisation, the variances around an angle) keep it so. One matrix product then makes the entries of all pairs where a map needs them, and two sum what is
weighed at a readout. Whatever else is done to a sum of terms is done to the array that it stands for, which is `Terms.dense`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symkern.kernels.algebras.array_functions import ArrayFunctions

Array = Any


@dataclass(frozen=True)
class Factored:
    """``rows`` (n, L, k) and ``columns`` (m, L, k), the axes n and m of length one where no sequence is seen; ``diagonal``: at equal positions alone."""

    rows: Array
    columns: Array
    diagonal: bool = False

    def times(self, rows: Array = None, columns: Array = None) -> Factored:
        """With rows times (n, L), columns times (m, L)."""
        ours = self.rows if rows is None else self.rows * rows[:, :, None]
        theirs = self.columns if columns is None else self.columns * columns[:, :, None]
        return Factored(ours, theirs, self.diagonal)


@dataclass(frozen=True)
class Weighed:
    """``inner`` (n, m, L, L) times ``rows`` (n, L) and ``columns`` (m, L)."""

    rows: Array
    inner: Array
    columns: Array

    def times(self, rows: Array = None, columns: Array = None) -> Weighed:
        """With rows times (n, L), columns times (m, L)."""
        ours = self.rows if rows is None else self.rows * rows
        theirs = self.columns if columns is None else self.columns * columns
        return Weighed(ours, self.inner, theirs)


class Terms:
    """A sum of terms for n sequences beside m of length L, with the arithmetic that maps of entries use."""

    __array_ufunc__ = None  # so that an array on the left hands over its operators
    __slots__ = ("functions", "parts", "sizes")

    def __init__(self, functions: ArrayFunctions, sizes: tuple[int, int, int], *parts: Factored | Weighed) -> None:  # fmt: skip
        self.functions, self.sizes, self.parts = functions, sizes, parts

    def _with(self, *parts: Factored | Weighed) -> Terms:
        return Terms(self.functions, self.sizes, *parts)

    # -- arithmetic ----------------------------------------------------------------------------

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Terms):
            return self._with(*self.parts, *other.parts)
        sides = self._sides(other)
        if sides is None:
            return self.dense() + dense(other)
        length = self.sizes[2]
        one = self.functions.filled(1.0)
        rows, columns = (
            self.functions.xp.broadcast_to(side, (side.shape[0], length))[:, :, None]
            for side in (one if side is None else side for side in sides)
        )
        return self._with(*self.parts, Factored(rows, columns))

    def __mul__(self, other: Any) -> Any:
        sides = None if isinstance(other, Terms) else self._sides(other)
        if sides is None:
            return self.dense() * dense(other)
        return self._with(*(part.times(*sides) for part in self.parts))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Terms:
        return self * -1.0  # type: ignore[no-any-return]

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __truediv__(self, other: Any) -> Any:
        return self * (1 / other)

    def __rtruediv__(self, other: Any) -> Any:
        return other / self.dense()

    def __pow__(self, power: int) -> Any:
        return self.dense() ** power

    def _sides(self, other: Any) -> tuple[Array, Array] | None:
        """A number, or one for each row (n, 1, L, 1) or each column (1, m, 1, L), as factors (n, L) of rows or (m, L) of columns; None for other arrays."""
        if isinstance(other, (int, float)):
            return self.functions.filled(float(other)), None
        shape = tuple(other.shape)
        if all(size == 1 for size in shape):
            return self.functions.xp.reshape(other, (1, 1)), None
        if len(shape) == 4 and shape[1] == shape[3] == 1:
            return other[:, 0, :, 0], None
        if len(shape) == 4 and shape[0] == shape[2] == 1:
            return None, other[0, :, 0, :]
        return None

    # -- more terms ----------------------------------------------------------------------------

    def plus(self, *parts: Factored | Weighed) -> Terms:
        """With further terms."""
        return self._with(*self.parts, *parts)

    def weighed(self, rows: Array, inner: Array, columns: Array) -> Terms:
        """An array of all pairs times factors (n, 1, L, 1) and (1, m, 1, L), for the same sequences."""
        return self._with(Weighed(rows[:, 0, :, 0], inner, columns[0, :, 0, :]))

    @property
    def is_factored(self) -> bool:
        """Whether no term is an array of all pairs."""
        return all(isinstance(part, Factored) for part in self.parts)

    def between(self, left: Array, right: Array) -> Terms:
        """G K H^T with matrices (n, L, L) and (m, L, L) of each sequence, of terms that are factored."""
        found = []
        for part in self.parts:
            assert isinstance(part, Factored)
            if part.diagonal:
                for k in range(part.rows.shape[2]):
                    rows, columns = part.rows[:, None, :, k], part.columns[:, None, :, k]
                    found.append(Factored(left * rows, right * columns))
            else:
                found.append(Factored(left @ part.rows, right @ part.columns))
        return self._with(*found)

    # -- what is asked of them -----------------------------------------------------------------

    def dense(self) -> Array:
        """The entries (n, m, L, L), a new array; the axes lie in memory as (n, L, m, L), and so does what is made of them entry by entry."""
        xp = self.functions.xp
        n, m, length = self.sizes
        total = None
        factored = [part for part in self.parts if isinstance(part, Factored)]
        everywhere = [part for part in factored if not part.diagonal]
        if everywhere:
            rows = self._side_by_side([part.rows for part in everywhere], n)
            columns = self._side_by_side([part.columns for part in everywhere], m)
            found = rows @ xp.matrix_transpose(columns)
            total = xp.permute_dims(xp.reshape(found, (n, length, m, length)), (0, 2, 1, 3))
        for part in self.parts:
            if isinstance(part, Weighed):
                found = part.inner * part.rows[:, None, :, None] * part.columns[None, :, None, :]
                total = found if total is None else total + found
        for part in factored:
            if part.diagonal:
                total = self.functions.with_diagonal(total, _at_equal_positions(part), (n, m))
        return total

    def _side_by_side(self, sides: list[Array], number: int) -> Array:
        """All of them as one matrix (number L, k)."""
        xp, length = self.functions.xp, self.sizes[2]
        whole = [xp.broadcast_to(side, (number, length, side.shape[2])) for side in sides]
        one = whole[0] if len(whole) == 1 else xp.concat(whole, axis=2)
        return xp.reshape(one, (number * length, one.shape[2]))

    def total(self, rows: Array, columns: Array) -> Array:
        """sum_ab w_a K_ab u_b with weights (n, L) and (m, L)."""
        xp = self.functions.xp
        n, m, length = self.sizes
        total = None
        for part in (part.times(rows, columns) for part in self.parts):
            if isinstance(part, Weighed):
                inner = xp.reshape(
                    xp.permute_dims(part.inner, (0, 2, 1, 3)), (n, length, m * length)
                )
                found = xp.reshape(part.rows[:, None, :] @ inner, (n, m, length))
                found = xp.sum(found * part.columns[None, :, :], axis=2)
            elif part.diagonal:
                found = xp.sum(_at_equal_positions(part), axis=2)
            else:
                ours, theirs = xp.sum(part.rows, axis=1), xp.sum(part.columns, axis=1)
                found = ours @ xp.matrix_transpose(theirs)
            total = found if total is None else total + found
        return total

    def diagonal(self) -> Array:
        """K_aa, (n, m, L)."""
        xp = self.functions.xp
        total = None
        for part in self.parts:
            if isinstance(part, Weighed):
                found = xp.linalg.diagonal(part.inner)
                found = found * part.rows[:, None, :] * part.columns[None, :, :]
            else:
                found = _at_equal_positions(part)
            total = found if total is None else total + found
        return total

    def last(self) -> Array:
        """K_LL, (n, m)."""
        xp = self.functions.xp
        total = None
        for part in self.parts:
            if isinstance(part, Weighed):
                found = part.rows[:, -1:] * part.inner[:, :, -1, -1] * part.columns[:, -1][None, :]
            else:
                found = part.rows[:, -1, :] @ xp.matrix_transpose(part.columns[:, -1, :])
            total = found if total is None else total + found
        return total


class _Right:
    """An operand on the right that takes over."""

    __array_ufunc__ = None

    def __radd__(self, other: Any) -> bool:
        return True


def hands_over(array: Array) -> bool:
    """Whether an array on the left leaves an operation to what it does not know, as Python asks and strict arrays do not."""
    try:
        return (array + _Right()) is True
    except TypeError:
        return False


def dense(entries: Any) -> Array:
    """The array that a sum of terms stands for; an array is its own."""
    return entries.dense() if isinstance(entries, Terms) else entries


def _at_equal_positions(part: Factored) -> Array:
    """sum_k R_ak C_ak of all pairs, (n, m, L)."""
    rows, columns = part.rows, part.columns
    total = rows[:, None, :, 0] * columns[None, :, :, 0]
    for k in range(1, rows.shape[2]):
        total = total + rows[:, None, :, k] * columns[None, :, :, k]
    return total
