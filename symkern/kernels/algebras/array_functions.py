"""Functions of numbers on arrays of any library of the array API standard, with the errors of floats kept small."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from math import pi
from typing import Any, ClassVar

import array_api_compat
import numpy as np
import sympy as sp

from symkern.errors import InvalidArgument
from symkern.kernels.algebras.array_arcs import arc_sums

Array = Any

#: What a difference of squares may be from rounding alone, in units of the last place of a square: where its root is taken as an angle, and where it is added to
#: what is as large as a variance, so that an angle that is not 0 must count.
_ROUNDING, _ROUNDING_BESIDE = 64, 16


class ArrayFunctions:
    """What stages take from a library of arrays ``xp``, in floats of one kind on one device."""

    def __init__(self, xp: Any, dtype: Any, device: Any) -> None:
        self.xp, self.dtype, self.device = xp, dtype, device
        self._constants: dict[sp.Expr, Array] = {}

    # -- arrays --------------------------------------------------------------------------------

    def real(self, array: Array) -> Array:
        """As floats: of truth values and integers."""
        return self.xp.astype(array, self.dtype)

    def arange(self, first: int, last: int) -> Array:
        """first, ..., last - 1."""
        return self.xp.arange(first, last, device=self.device)

    def constant(self, value: sp.Expr, argument: str) -> Array:
        """A number as an array that broadcasts to pairs, made once; `InvalidArgument` for symbols and beyond floats."""
        if value in self._constants:
            return self._constants[value]
        if value.free_symbols:
            names = ", ".join(sorted(s.name for s in value.free_symbols))
            rule = f"must be numbers in a matrix: give {names} by name"
            raise InvalidArgument(argument, rule, f"it is {value}")
        try:
            number = float(value)
        except (OverflowError, TypeError):
            number = float("nan")
        if not abs(number) < float("inf"):
            raise InvalidArgument(argument, "must be within the range of floats", "it is not")
        return self._constants.setdefault(value, self.filled(number))

    def table(self, covariance: Any) -> Array:
        """A covariance of letters as an array (v, v)."""
        if covariance.symbols:
            names = ", ".join(sorted(s.name for s in covariance.symbols))
            rule = f"must be numbers in a matrix: give {names} by name"
            raise InvalidArgument("token", rule, f"it is {covariance}")
        return self.xp.asarray(covariance.floats(), dtype=self.dtype, device=self.device)

    def filled(self, number: float) -> Array:
        """One number as an array that broadcasts to pairs."""
        return self.xp.full((1, 1), number, dtype=self.dtype, device=self.device)

    @cached_property
    def is_numpy(self) -> bool:
        """Whether arrays are NumPy's, which can be written over."""
        return bool(array_api_compat.is_numpy_namespace(self.xp))

    def with_diagonal(self, entries: Array | None, added: Array, shape: tuple[int, int]) -> Array:
        """Matrices (n, m, L, L), a new array or None for 0, with numbers (n, m, L) added on their diagonals."""
        xp, length = self.xp, added.shape[2]
        if entries is None:
            entries = xp.zeros((*shape, length, length), dtype=self.dtype, device=self.device)
        if self.is_numpy:
            np.einsum("nmaa->nma", entries)[...] += added  # a view
            return entries
        identity = xp.eye(length, dtype=self.dtype, device=self.device)
        return entries + identity[None, None, :, :] * added[:, :, :, None]

    # -- functions -----------------------------------------------------------------------------

    def relu(self, e: Array) -> Array:
        """max(e, 0)."""
        return (e + self.xp.abs(e)) / 2

    def root(self, e: Array) -> Array:
        """The square root of what is 0 at least, but for rounding."""
        return self.xp.sqrt(self.relu(e))

    def inverse(self, e: Array) -> Array:
        """1 / e, and 0 where e is 0."""
        zero = e == 0
        return self.xp.where(zero, e, 1 / self.xp.where(zero, self.xp.ones_like(e), e))

    def relu_dual(self, r: Array, p: Array, q: Array) -> Array:
        """sqrt(pq) (sqrt(1 - c^2) + (pi - arccos c) c)/(2 pi); 1 - c^2 as a product, which loses no digits near one."""
        xp = self.xp
        left, right = xp.sqrt(p), xp.sqrt(q)
        found = self.arcs(r * self.inverse(left) * self.inverse(right))
        if self.is_numpy:
            found *= left / (2 * pi)
            found *= right
            return found
        return found * (left / (2 * pi)) * right

    #: Whether `arcs` takes arrays of this kind.
    has_arcs: ClassVar[bool] = True

    def arcs(self, c: Array) -> Array:
        """sqrt(1 - c^2) + (pi - arccos c) c of cosines, those beyond 1 from rounding as 1; a new array may be written over."""
        xp = self.xp
        if self.is_numpy:
            return arc_sums(c)
        c = xp.clip(c, -1.0, 1.0)
        return xp.sqrt((1 - c) * (1 + c)) + (pi - xp.acos(c)) * c

    def angle(self, r: Array, square: Array) -> Array:
        """(2/pi) arcsin(r / sqrt(square)), 0 where the square is."""
        root = self.root(square)
        gap = (root - r) * (root + r)  # an arcsine near 1 would lose half of the digits
        return self.xp.atan2(r, self.xp.sqrt(self.beyond_rounding(gap, square))) * (2 / pi)

    def minor(self, r: Array, p: Array, q: Array) -> Array:
        """p q - r^2, 0 where it may be rounding alone: of large variances that would be large itself."""
        square = p * q
        return self.beyond_rounding(square - r * r, square, _ROUNDING_BESIDE)

    def beyond_rounding(self, gap: Array, square: Array, units: int = _ROUNDING) -> Array:
        """The difference of two squares, 0 where it may be rounding alone: two vectors that are the same must have the angle 0, not the root of an error."""
        rounding = units * float(self.xp.finfo(self.dtype).eps) * square
        return self.xp.where(gap > rounding, gap, self.xp.zeros_like(gap))

    def cosine(self, r: Array, p: Array, q: Array) -> Array:
        """r / sqrt(p q); no number where p or q is 0."""
        return r * (1 / self.xp.sqrt(p)) * (1 / self.xp.sqrt(q))

    @cached_property
    def by_name(self) -> Mapping[str, Callable[[Array], Array]]:
        """Those that stages ask for."""
        return {"exp": self.xp.exp, "abs": self.xp.abs, "relu": self.relu, "sqrt": self.root}
