r"""Immutable rational vectors: integer numerators over one common denominator.

The numerators are int64 where they fit and Python ints (dtype object) where they do not; every
operation compares a proven bound with 2^63 before it computes in machine words. The form is canonical:
the denominator is positive and shares no factor with all numerators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import gcd, isqrt, lcm
from operator import index
from typing import Any, Self

import numpy as np
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.exact.balls import nearest_float
from symkern.exact.exact_arguments import exact_expression
from symkern.exact.exact_arrays import converted
from symkern.exact.sparse_residues import INT64, IntegerArray, slim
from symkern.limits import check_time, current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.missing_entries import without_mask
from symkern.reading.operands import left_to
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Shown


class RationalVector(Shown):
    """The vector numerators/denominator; iterates as ints and SymPy Rationals.

    Args:
        numerators: integers.
        denominator: an integer other than 0.

    >>> f = RationalVector.of([1, "1/2", Fraction(1, 3)])
    >>> f
    RationalVector([6, 3, 2], 6)
    >>> list(f), f.dot(f), f - f == 0 * f
    ([1, 1/2, 1/3], 49/36, True)
    """

    __slots__ = ("denominator", "numerators")

    numerators: IntegerArray
    denominator: int

    def __init__(self, numerators: Iterable[Any], denominator: int = 1) -> None:
        common = read_integer(denominator, "denominator", minimum=None)
        self._fill(*reduced(_integers(numerators), common))

    def _fill(self, numerators: IntegerArray, denominator: int) -> None:
        numerators = numerators.copy() if numerators.flags.writeable is False else numerators
        numerators.setflags(write=False)
        self.numerators = numerators
        self.denominator = denominator

    @classmethod
    @typed
    def of(cls, values: Iterable[Any], argument: str = "values") -> RationalVector:
        """Read ints, Fractions, SymPy Rationals, texts of rational numbers, or a numpy integer array.

        Args:
            values: the entries.
            argument: the name that an error message has for them.
        """
        vector = RationalVector.__new__(RationalVector)
        vector._fill(*reduced(*read_rationals(values, argument)))
        return vector

    def _like(self, numerators: IntegerArray, denominator: int) -> Self:
        """A vector of the same kind."""
        vector = type(self).__new__(type(self))
        vector._fill(*reduced(numerators, denominator))
        return vector

    def __len__(self) -> int:
        return len(self.numerators)

    def __iter__(self) -> Iterator[Any]:
        known: dict[int, Any] = {}  # few different values, and Rationals are slow to make
        for number in self.numerators.tolist():
            if number not in known:
                known[number] = public_number(number, self.denominator)
            yield known[number]

    def __getitem__(self, place: int) -> Any:
        return public_number(int(self.numerators[index(place)]), self.denominator)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RationalVector):
            return NotImplemented
        return self.denominator == other.denominator and np.array_equal(
            self.numerators, other.numerators
        )

    def __hash__(self) -> int:
        return hash((self.denominator, tuple(self.numerators.tolist())))

    def __add__(self, other: Any) -> Self:
        if not isinstance(other, RationalVector):
            return left_to(self, other, "__radd__", "must be a vector")
        if len(other) != len(self):
            raise SizeMismatch("other", f"must have {len(self)} entries", f"it has {len(other)}")
        common = lcm(self.denominator, other.denominator)
        first = scaled_integers(self.numerators, common // self.denominator)
        second = scaled_integers(other.numerators, common // other.denominator)
        if largest(first) + largest(second) > INT64:
            first = first.astype(object)
        return self._like(first + second, common)

    def __neg__(self) -> Self:
        return -1 * self

    def __sub__(self, other: Any) -> Self:
        if not isinstance(other, RationalVector):
            return left_to(self, other, "__rsub__", "must be a vector")
        return self + -other

    def __mul__(self, scalar: Any) -> Self:
        if isinstance(scalar, RationalVector):
            return NotImplemented
        factor = read_fraction(scalar, "scalar")
        return self._like(
            scaled_integers(self.numerators, factor.numerator),
            self.denominator * factor.denominator,
        )

    __rmul__ = __mul__

    def __truediv__(self, scalar: Any) -> Self:
        factor = read_fraction(scalar, "scalar")
        if not factor:
            raise InvalidArgument("scalar", "must not be zero", "it is 0")
        return self * (1 / factor)

    @typed
    def dot(self, other: RationalVector) -> Any:
        """The sum of the products of the entries.

        Args:
            other: a vector of as many entries.

        Raises:
            SizeMismatch: it has another length.
        """
        if len(other) != len(self):
            raise SizeMismatch("other", f"must have {len(self)} entries", f"it has {len(other)}")
        return public_number(
            exact_dot(self.numerators, other.numerators), self.denominator * other.denominator
        )

    @property
    def is_zero(self) -> bool:
        """Whether every entry is zero."""
        return not self.numerators.any()

    def to_sympy(self) -> sp.ImmutableMatrix:
        """As a column of SymPy Rationals."""
        return sp.ImmutableMatrix(len(self), 1, list(self))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The entries, for NumPy: int64 where all are whole and fit, else exact numbers; other types as `symkern.exact.exact_arrays` says."""
        if copy is False:
            rule = "must be None or True for an exact vector, whose array is made"
            raise InvalidArgument("copy", rule, "it is False")
        if dtype is not None and np.dtype(dtype) == np.float64:
            return self.to_float()
        if dtype is None:
            whole = self.denominator == 1 and self.numerators.dtype != object
            dtype = np.int64 if whole else object
        entries = np.empty(len(self), dtype=object)
        entries[:] = list(self)
        return converted(entries, dtype)

    def to_numpy(self) -> np.ndarray:
        """As a read-only array of Fractions."""
        out = np.empty(len(self), dtype=object)
        out[:] = [Fraction(k, self.denominator) for k in self.numerators.tolist()]
        out.setflags(write=False)
        return out

    def to_flint(self) -> Any:
        """As a flint column matrix."""
        import flint

        return flint.fmpq_mat(
            len(self), 1, [flint.fmpq(k, self.denominator) for k in self.numerators.tolist()]
        )

    def to_float(self) -> np.ndarray:
        """The entries in floating point."""
        if self.denominator <= INT64 and self.numerators.dtype != object:
            return self.numerators / np.float64(self.denominator)
        return np.array(
            [nearest_float(Fraction(k, self.denominator)) for k in self.numerators.tolist()]
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.numerators, self.denominator)

    def __repr__(self) -> str:
        if len(self) > current().repr_values:
            return f"<{type(self).__name__} of {len(self)} entries, denominator {self.denominator}>"
        end = "" if self.denominator == 1 else f", {self.denominator}"
        return f"{type(self).__name__}({self.numerators.tolist()}{end})"


def public_number(numerator: int, denominator: int) -> Any:
    """A quotient as a person reads it: a Python int or a SymPy Rational."""
    return numerator if denominator == 1 else _whole(sp.Rational(numerator, denominator))


def _whole(value: sp.Rational) -> Any:
    return int(value.p) if value.q == 1 else value


def read_fraction(value: Any, argument: str) -> Fraction:
    """A rational number as a Fraction; refuses what is none."""
    if isinstance(value, Fraction):
        return value
    number = exact_expression(value, argument)
    if not number.is_Rational:
        raise InvalidType(argument, "must be a rational number", value)
    return Fraction(int(number.p), int(number.q))


def _integers(values: Iterable[Any]) -> IntegerArray:
    numerators, denominator = read_rationals(values, "numerators")
    if denominator != 1:
        raise InvalidArgument("numerators", "must be integers", f"they share 1/{denominator}")
    return numerators


def read_rationals(values: Iterable[Any], argument: str) -> tuple[IntegerArray, int]:
    """Numerators and a common denominator of exact numbers; floats and symbols are refused."""
    if isinstance(values, RationalVector):
        return values.numerators, values.denominator
    values = without_mask(values, argument)
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu" and values.ndim == 1:
        if values.dtype.kind == "u" and values.dtype.itemsize == 8:
            return slim(values.astype(object)), 1
        return values.astype(np.int64), 1
    listed = read_list(values, argument, "exact numbers")
    if all(type(v) is int for v in listed):
        return slim(_objects(listed)), 1
    known: dict[Any, Fraction] = {}
    fractions = []
    for i, v in enumerate(listed):
        if not i % 1024:
            check_time()
        key = (type(v), v) if isinstance(v, (int, str, Fraction, sp.Expr)) else None
        if key is None or key not in known:
            fraction = read_fraction(v, f"{argument}[{i}]")
            if key is not None:
                known[key] = fraction
        else:
            fraction = known[key]
        fractions.append(fraction)
    common = lcm(*{f.denominator for f in fractions})
    return slim(_objects([f.numerator * (common // f.denominator) for f in fractions])), common


def _objects(values: list[int]) -> IntegerArray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def largest(values: IntegerArray) -> int:
    """The largest absolute value, 0 of an empty array."""
    return max(int(values.max()), -int(values.min())) if values.size else 0


def scaled_integers(values: IntegerArray, factor: int) -> IntegerArray:
    """The integers times a factor, as Python ints where machine integers would overflow."""
    if factor == 1:
        return values
    if largest(values) * abs(factor) > INT64 or abs(factor) > INT64:
        values = values.astype(object)
    return values * factor


def reduced(values: IntegerArray, denominator: int) -> tuple[IntegerArray, int]:
    """The canonical form: no common factor, the denominator positive, int64 where it fits."""
    if denominator == 0:
        raise InvalidArgument("denominator", "must not be zero", "it is 0")
    values = slim(values)
    if denominator == 1:
        return values, 1
    if values.dtype == object:
        common = gcd(denominator, *set(values.tolist()))
    else:
        common = gcd(denominator, int(np.gcd.reduce(values, axis=None))) if values.size else 0
    common = (common or abs(denominator)) * (1 if denominator > 0 else -1)
    if common != 1:
        if abs(common) > INT64:
            values = values.astype(object)
        values = slim(values // common)
    return values, denominator // common


def exact_dot(first: IntegerArray, second: IntegerArray) -> int:
    """The sum of the products of integers, exact.

    Where it may leave int64, the first factor is cut into pieces of 20 bits; a piece times a piece summed over
    fewer than 2^22 entries fits, and longer vectors are cut as well.
    """
    if largest(first) * largest(second) * max(1, len(first)) <= INT64:
        return int(np.dot(first, second)) if first.size else 0
    total = 0
    for start in range(0, len(first), 1 << 22):
        pieces = [_pieces(v[start : start + (1 << 22)]) for v in (first, second)]
        for i, a in enumerate(pieces[0]):
            for j, b in enumerate(pieces[1]):
                total += int(np.dot(a, b)) << 20 * (i + j)
    return total


def longest_column(values: IntegerArray) -> int:
    """An integer above the length of each column, so that no orthogonal projection of one has a larger entry."""
    columns = values.reshape(len(values), -1).T if values.size else values[None]
    return isqrt(max(exact_dot(column, column) for column in columns)) + 1


def _pieces(values: IntegerArray) -> list[IntegerArray]:
    """Digits to the base 2^20, the last one signed."""
    digits = []
    while largest(values) >= 1 << 20:
        digits.append((values & ((1 << 20) - 1)).astype(np.int64))
        values = slim(values >> 20)
    return [*digits, values.astype(np.int64)]
