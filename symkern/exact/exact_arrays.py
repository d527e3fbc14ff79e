"""Exact entries as arrays of NumPy and SciPy: objects where nothing else is asked for, floats and integers where they are.

Whoever asks for floats gets the nearest ones; integers are given where all entries are whole and fit, else an error says which one is not.
Symbols become no number, and what is not real no float. So ``np.asarray(matrix)``, ``np.asarray(matrix, float)`` and ``sp.Matrix(matrix)`` hold
the matrix, and nothing is cut off or wraps on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact.balls import nearest_float

Array = npt.NDArray[Any]


class _Held(Protocol):
    def to_numpy(self) -> Array: ...


class ArrayProtocol:
    """A matrix that NumPy, SymPy and scipy.sparse read, by its ``to_numpy`` with exact entries.

    Arithmetic with arrays is refused, so that floats and exact numbers do not meet by chance; numbers of NumPy count as numbers.
    """

    __slots__ = ()
    __array_ufunc__ = None

    def __array__(self: _Held, dtype: Any = None, copy: bool | None = None) -> Array:
        """The entries, for NumPy and for whatever reads its arrays.

        Args:
            dtype: object by default, the exact entries; floats, complex numbers, or integers where all entries are whole.
            copy: False is refused: the array is made here.

        Raises:
            InvalidArgument: an entry is no number of this kind.
        """
        if copy is False:
            rule = "must be None or True for an exact matrix, whose array is made"
            raise InvalidArgument("copy", rule, "it is False")
        entries = self.to_numpy()
        return converted(entries, dtype) if dtype is not None else entries.copy()

    def to_scipy(self: _Held, dtype: Any = float) -> Any:
        """As a compressed array of scipy.sparse, in floating point where no other type is asked for.

        Args:
            dtype: float, complex, or an integer type where all entries are whole.

        Raises:
            InvalidArgument: an entry is no number of this kind.
        """
        return sparse_array(self.to_numpy(), dtype)


def sparse_array(entries: Array, dtype: Any) -> Any:
    """A compressed array of scipy.sparse of the type, which holds no objects.

    >>> sparse_array(np.array([[0, Fraction(1, 2)]], dtype=object), float).toarray()
    array([[0. , 0.5]])
    """
    from scipy.sparse import csr_array

    return csr_array(converted(entries, read_sparse_dtype(dtype)))


def read_sparse_dtype(dtype: object) -> np.dtype[Any]:
    """A type of entries of scipy.sparse, which holds no objects."""
    kind = read_dtype(dtype)
    if kind.kind == "O":
        rule = "must be float, complex or an integer type: sparse arrays hold no objects"
        raise InvalidArgument("dtype", rule, f"it is {displayed(dtype)}")
    return kind


def read_dtype(dtype: object) -> np.dtype[Any]:
    """A type of entries that exact numbers can be put into.

    >>> read_dtype(bool)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: dtype: must be object, float, complex or an integer type, but it is <class 'bool'>
    """
    try:
        kind: np.dtype[Any] = np.dtype(dtype)  # type: ignore[call-overload]
    except (TypeError, ValueError, SyntaxError, OverflowError, RecursionError, MemoryError):
        # Texts and lists are taken apart by NumPy, which raises whatever comes.
        raise InvalidType("dtype", "must be a type of NumPy's arrays", dtype) from None
    if kind.kind not in "Ofciu":
        rule = "must be object, float, complex or an integer type"
        raise InvalidArgument("dtype", rule, f"it is {displayed(dtype)}")
    return kind


def converted(
    entries: Array, dtype: object, at: Callable[[tuple[int, ...]], tuple[int, ...]] = tuple
) -> Array:
    """Exact entries, ints, Fractions or SymPy numbers, as numbers of a type.

    Args:
        entries: an array of objects, or of machine integers.
        dtype: the type.
        at: what an error message calls a place of the array.

    Raises:
        InvalidArgument: an entry is no number of this kind.

    >>> half = np.array([[Fraction(1, 2), 3]], dtype=object)
    >>> converted(half, float)
    array([[0.5, 3. ]])
    >>> converted(half, int)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: dtype: must be object or float for entries that are not whole, but the one at (0, 0) is 1/2
    """
    kind = read_dtype(dtype)
    if kind.kind == "O":
        return entries.astype(object)
    if kind.kind in "iu":
        return _integers(entries, kind, at)
    if entries.dtype != object:
        return entries.astype(kind)
    number = _complex if kind.kind == "c" else _float
    found = np.empty(entries.shape, dtype=complex if kind.kind == "c" else float)
    for place, entry in np.ndenumerate(entries):
        found[place] = number(entry, at(place))
    return found.astype(kind)


def _integers(
    entries: Array, kind: np.dtype[Any], at: Callable[[tuple[int, ...]], tuple[int, ...]]
) -> Array:
    least, most = int(np.iinfo(kind).min), int(np.iinfo(kind).max)
    if entries.dtype != object:
        outside = (entries < least) | (entries > most) if entries.size else np.zeros(0, bool)
        if not outside.any():
            return entries.astype(kind)
    for place, entry in np.ndenumerate(entries):
        if not isinstance(entry, int) and getattr(entry, "denominator", None) != 1:
            rule = "must be object or float for entries that are not whole"
            raise _refused(rule, at(place), entry)
        if not least <= entry <= most:
            rule = f"must hold all entries, as object does, not only {least} to {most}"
            raise _refused(rule, at(place), entry)
    return np.array([int(e) for e in entries.flat], dtype=kind).reshape(entries.shape)


def _float(entry: Any, place: tuple[int, ...]) -> float:
    if isinstance(entry, (int, Fraction)):
        return nearest_float(Fraction(entry))
    if isinstance(entry, sp.Rational):
        return nearest_float(Fraction(int(entry.p), int(entry.q)))
    number = _complex(entry, place)
    if number.imag and sp.im(entry) != 0:
        raise _refused("must be complex or object for entries that are not real", place, entry)
    return number.real


def _complex(entry: Any, place: tuple[int, ...]) -> complex:
    if not isinstance(entry, sp.Expr) or entry.is_Rational:
        return complex(_float(entry, place))
    if entry.free_symbols:
        raise _refused("must be object for entries with symbols", place, entry)
    return complex(entry)


def _refused(rule: str, place: tuple[int, ...], entry: Any) -> InvalidArgument:
    return InvalidArgument("dtype", rule, f"the one at {place} is {str(entry)[:80]}")
