"""Functions on the cube {+1, -1}^n as exact values at all 2^n inputs.

Inputs are tuples of +1 and -1, the first entry position 0. Values are listed in lexicographic order with +1 first, so that
input number k has -1 at position i exactly where bit n-1-i of k is set, and the character of a set P of positions is
(-1)^(bits of k in P). Exact values become integers over one denominator; a table of floats stays one of floats. Truth values become
signs, True +1 and False -1, where all values are truth values; among numbers True could as well mean 1 and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any
from warnings import warn

import numpy as np
import numpy.typing as npt
import sympy as sp

from symkern.claims.by_content import ByContent
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.exact.sparse_vector import RationalVector, exact_dot
from symkern.reading.missing_entries import without_mask

Array = npt.NDArray[Any]

#: Inputs that a vectorised function is given at a time.
CHUNK = 1 << 16

_ZERO_ONE = (
    "f takes the values 0 and 1: its sensitivity and weights are a quarter of those of the signs 2 f - 1; "
    "give truth values or signs for a Boolean function"
)


@dataclass(frozen=True, eq=False)
class CubeValues(ByContent):
    """f(x) = ``numerators``/``denominator`` at all inputs; numerators are int64, Python ints, or floats over 1."""

    size: int
    numerators: Array
    denominator: int = 1

    @property
    def floating(self) -> bool:
        """Whether the values are floating-point numbers, and so is all that follows from them."""
        return bool(self.numerators.dtype.kind == "f")

    def ratio(self, number: Any, denominator: int) -> Any:
        """number/denominator: a SymPy Rational, or a float for floats."""
        if self.floating:
            return float(number) / denominator
        return sp.Rational(int(number), denominator)

    def require_squares(self) -> None:
        """Refuse floats of which some sum of squares over all inputs would leave the floats.

        Sums of f over all inputs are at most 2^n max|f|, and no square that is taken is larger than that of one of these; floats end
        just below 2^1024, and a factor of four is left for rounding.
        """
        if not self.floating:
            return
        place = int(np.abs(self.numerators).argmax())
        if abs(value := float(self.numerators[place])) >= 2.0 ** (511 - self.size):
            rule = "must have values whose squares, summed over all inputs, floats hold (divide it by its size, or write exact numbers)"
            raise InvalidArgument("f", rule, f"f[{place}] is {value:.3g}")

    def mean_square(self) -> Any:
        """E f^2."""
        self.require_squares()
        return self.ratio(dot(self.numerators, self.numerators), self.denominator**2 << self.size)


def dot(first: Array, second: Array) -> Any:
    """The sum of products, exact for integers of any width."""
    if first.dtype.kind == "f":
        return float(np.dot(first, second))
    return exact_dot(first, second)


def columns(n: int) -> Array:
    """All inputs in order, one column each: shape (n, 2^n), entries +1 and -1.

    >>> columns(2)
    array([[ 1,  1, -1, -1],
           [ 1, -1,  1, -1]])
    """
    places = np.arange(n - 1, -1, -1, dtype=np.int64)[:, None]
    signs: Array = 1 - 2 * ((np.arange(1 << n, dtype=np.int64) >> places) & 1)
    return signs


def column_chunks(n: int) -> Iterator[Array]:
    """All inputs in order as `columns`, `CHUNK` of them at a time; every array is the caller's own."""
    low = min(n, CHUNK.bit_length() - 1)
    last = columns(low)
    for number in range(1 << n - low):
        x = np.empty((n, 1 << low), dtype=np.int64)
        x[n - low :] = last
        for i in range(n - low):
            x[i] = -1 if number >> (n - low - 1 - i) & 1 else 1
        yield x


def cube_values(f: Any, n: int, vectorized: bool = False) -> CubeValues:
    """All values of ``f``: a callable on tuples, a table in the order above, or a mapping from tuples to values.

    With ``vectorized`` the callable gets an int64 array of shape (n, N), ``x[i]`` the entries at position i of N inputs, and returns
    N values.

    >>> cube_values(lambda x: x[0]*x[1], 2).numerators, cube_values([0, 1, 1, "1/2"], 2).denominator
    (array([ 1, -1, -1,  1]), 2)
    >>> cube_values(lambda x: x[0] == x[1], 2).numerators
    array([ 1, -1, -1,  1])
    >>> cube_values([True, 0, 0, 1], 2)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: f[0]: must be a number where others are (True counts as +1 and False as -1 only where all values are truth values), but it is True of type bool
    """
    require_bytes(f"a function of {n} signs", 48 << n)
    if isinstance(f, Mapping):
        return _read(_listed(f, n), n)
    if not callable(f):
        return _read(f, n)
    if vectorized:
        chunks = list(_chunks(f, n))
        if len({part.dtype.kind == "b" for part in chunks}) > 1:
            chunks = [part.astype(object) for part in chunks]  # joined, numpy would make True a 1
        return _read(np.concatenate(chunks), n)
    return _read([f(x) for x in product((1, -1), repeat=n)], n)


def _listed(f: Mapping[Any, Any], n: int) -> list[Any]:
    cube = list(product((1, -1), repeat=n))
    missing = next((x for x in cube if x not in f), None)
    if missing is not None or len(f) != len(cube):
        found = f"{missing} is missing" if missing is not None else f"it has {len(f)}"
        raise SizeMismatch("f", f"a table must have the {len(cube)} inputs of {n} signs", found)
    return [f[x] for x in cube]


def _chunks(f: Callable[[Array], Any], n: int) -> Iterator[Array]:
    for x in column_chunks(n):
        values = np.asarray(without_mask(f(x), "f"))
        if values.shape != x.shape[1:]:
            rule = f"must return {x.shape[1]} values for a vectorised call on that many inputs"
            raise SizeMismatch("f", rule, f"it returned an array of shape {values.shape}")
        yield values


def _read(values: Any, n: int) -> CubeValues:
    """Values in order as integers over a denominator, or as floats."""
    values = without_mask(values, "f")
    if (
        isinstance(values, (str, bytes))
        or not hasattr(values, "__len__")
        or getattr(values, "ndim", 1) == 0
    ):
        raise InvalidType("f", "must be a function, a table, a family or a formula", values)
    if len(values) != 1 << n:
        rule = f"must have {1 << n} values, one per input"
        raise SizeMismatch("f", rule, f"it has {len(values)}")
    if isinstance(values, np.ndarray) and values.ndim > 1:
        raise SizeMismatch("f", "must be a table in one dimension", f"its shape is {values.shape}")
    if isinstance(values, RationalVector):
        return CubeValues(n, values.numerators, values.denominator)
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu" and values.dtype != np.uint64:
        return CubeValues(n, values.astype(np.int64))
    if isinstance(values, np.ndarray) and values.dtype.kind == "b":
        return _signs(values, n)
    values = values.tolist() if isinstance(values, np.ndarray) else values
    kinds = set(map(type, values))
    if kinds == {int}:
        if set(values) == {0, 1}:
            warn(_ZERO_ONE, stacklevel=2)
        try:
            return CubeValues(n, np.array(values, dtype=np.int64))
        except OverflowError:
            return CubeValues(n, np.array(values, dtype=object))
    if truths := kinds & {bool, np.bool_}:
        if truths == kinds:
            return _signs(np.array(values, dtype=bool), n)
        place = next(i for i, e in enumerate(values) if type(e) in truths)
        rule = "must be a number where others are (True counts as +1 and False as -1 only where all values are truth values)"
        raise InvalidType(f"f[{place}]", rule, values[place])
    if any(issubclass(kind, (float, np.floating)) for kind in kinds):
        return _floats(values, n)
    read = RationalVector.of(values, "f")
    return CubeValues(n, read.numerators, read.denominator)


def _signs(truths: Array, n: int) -> CubeValues:
    """+1 for True and -1 for False, as thresholds and majority take the values of a relation."""
    return CubeValues(n, 2 * truths.astype(np.int64) - 1)


def _floats(values: Any, n: int) -> CubeValues:
    try:
        read = np.array([float(e) for e in values])
    except OverflowError:
        raise InvalidArgument(
            "f", "must have values that floats hold (divide it by its size)", "one is larger"
        ) from None
    except (TypeError, ValueError):
        raise InvalidType("f", "must have real numbers as values", values) from None
    if not np.isfinite(read).all():
        place = int(np.flatnonzero(~np.isfinite(read))[0])
        raise InvalidArgument(f"f[{place}]", "must be a finite number", f"it is {read[place]}")
    return CubeValues(n, read)
