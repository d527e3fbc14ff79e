"""Floating point: real numbers as floats, and as logarithms of floats, from what users pass: floats, exact numbers, algebraic numbers and balls.

A logarithm keeps what a float cannot hold: 10^400 and 10^-400 are ordinary numbers there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, log
from numbers import Rational
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact.algebraic import AlgebraicNumber
from symkern.exact.balls import Ball
from symkern.exact.exact_arguments import exact_expression
from symkern.reading.missing_entries import without_mask
from symkern.reading.sequences import read_list, require_short

Floats = npt.NDArray[np.float64]


def is_inexact(value: object) -> bool:
    """Whether the value, or any entry of it, is a floating-point number (or a number known to an interval only)."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return bool(value.dtype.kind == "f")
    if isinstance(value, (list, tuple, np.ndarray)):
        rest = [iter(value)]  # not by recursion: lists nest as deep as they like
        while rest:
            for entry in rest[-1]:
                if isinstance(entry, (list, tuple)):
                    rest.append(iter(entry))
                    break
                if is_inexact(entry):
                    return True
            else:
                rest.pop()
        return False
    if isinstance(value, sp.Expr):
        return bool(value.has(sp.Float))
    return isinstance(value, (float, np.floating)) or (
        hasattr(value, "__float__") and not isinstance(value, Rational) and not _integral(value)
    )


def _integral(value: object) -> bool:
    return hasattr(value, "__index__")


def read_real(value: object, argument: str, minimum: float | None = None) -> float:
    """One finite number as a float.

    >>> read_real("1/4", "ridge", minimum=0)
    0.25
    >>> read_real(-1, "ridge", minimum=0)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: ridge: must be at least 0, but it is -1
    """
    if isinstance(value, (list, tuple)) or getattr(value, "ndim", False):
        raise InvalidType(argument, "must be one number", value)
    number = _number(value, argument)
    if number != number or abs(number) == inf:
        raise InvalidArgument(argument, "must be a finite number", f"it is {displayed(value)}")
    if minimum is not None and number < minimum:
        raise InvalidArgument(
            argument, f"must be at least {minimum:g}", f"it is {displayed(value)}"
        )
    return number


def _number(value: object, argument: str) -> float:
    if isinstance(value, (bool, np.bool_, complex, np.complexfloating)):
        raise InvalidType(argument, "must be a real number", value)
    if isinstance(value, (float, np.floating)):
        return float(value)
    if isinstance(value, sp.Expr):
        if value.free_symbols:
            raise InvalidArgument(
                argument, "must be a number: give every symbol a value", f"it is {displayed(value)}"
            )
        if not value.is_real:
            raise InvalidArgument(argument, "must be a real number", f"it is {displayed(value)}")
    elif isinstance(value, str):
        return _number(exact_expression(value, argument), argument)
    elif not hasattr(value, "__float__") and not hasattr(value, "__index__"):
        raise InvalidType(argument, "must be a real number", value)
    try:
        found = float(value)  # type: ignore[arg-type]
    except TypeError:  # dates have the method as well
        raise InvalidType(argument, "must be a real number", value) from None
    except OverflowError:
        return 1.7e308 if value > 0 else -1.7e308  # type: ignore[operator]
    if abs(found) == inf and isinstance(value, (AlgebraicNumber, Ball)):
        return 1.7e308 if found > 0 else -1.7e308
    return found


def read_reals(values: Any, argument: str, minimum: float | None = None) -> Floats:
    """Numbers as an array of floats, of the shape in which they are given."""
    flat, shape = _flat(values, argument)
    if isinstance(flat, np.ndarray):
        wrong = ~np.isfinite(flat)
        if minimum is not None:
            wrong |= flat < minimum
        if wrong.any():
            i = int(np.flatnonzero(wrong)[0])
            read_real(float(flat[i]), _place(argument, i, shape), minimum)
        return flat.reshape(shape)
    found = [read_real(e, _place(argument, i, shape), minimum) for i, e in enumerate(flat)]
    return np.array(found, dtype=float).reshape(shape)


def read_real_row(values: Any, argument: str, of: str, minimum: float | None = None) -> Floats:
    """A number, or a row of them, as a read-only row of floats.

    Args:
        values: a number or an iterable, not empty.
        argument: the name that an error message has for it.
        of: what they are.
        minimum: the least that is allowed.

    >>> read_real_row(range(3), "t", "times"), read_real_row("1/2", "t", "times")
    (array([0., 1., 2.]), array([0.5]))
    """
    require_short(values, argument, of)
    if isinstance(values, Iterable) and not isinstance(values, (np.ndarray, str)):
        values = read_list(values, argument, of)
    row = np.array(np.atleast_1d(read_reals(values, argument, minimum)))  # a copy
    if row.ndim > 1 or not row.size:
        rule = "must be a number or a row of numbers"
        raise InvalidArgument(argument, rule, f"its shape is {row.shape}")
    row.setflags(write=False)
    return row


def require_finite(values: Floats, argument: str) -> None:
    """Refuse an array with an entry that is no finite number; a list's None becomes one.

    >>> require_finite(np.array([1.0, float("nan")]), "f")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: f[1]: must be a finite number, but it is nan
    """
    wrong = ~np.isfinite(values)
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        place = _place(argument, i, values.shape)
        raise InvalidArgument(place, "must be a finite number", f"it is {values.flat[i]}")


def log_of(values: Any, argument: str, minimum: float | None = None) -> Floats:
    """Natural logarithms of numbers of at least 0, -inf for 0; exact numbers outside the range of floats keep theirs."""
    flat, shape = _flat(values, argument)
    if isinstance(flat, np.ndarray):
        checked = read_reals(flat.reshape(shape), argument, minimum)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(checked))
    found = [_log(e, _place(argument, i, shape), minimum) for i, e in enumerate(flat)]
    return np.array(found, dtype=float).reshape(shape)


def _log(value: object, argument: str, minimum: float | None) -> float:
    number = read_real(value, argument, minimum)
    if 1e-300 < number < 1e300:
        return log(number)
    if isinstance(value, str):
        value = exact_expression(value, argument)
    if isinstance(value, sp.Expr):
        if value.is_Rational:
            return _log_ratio(int(value.p), int(value.q))
        return float(sp.log(value).n(20)) if value != 0 else -inf
    if isinstance(value, Rational) or _integral(value):
        exact: Any = value
        return _log_ratio(
            int(getattr(exact, "numerator", exact)), int(getattr(exact, "denominator", 1))
        )
    return log(number) if number else -inf


def _log_ratio(top: int, bottom: int) -> float:
    return log(top) - log(bottom) if top else -inf


def _place(argument: str, i: int, shape: tuple[int, ...]) -> str:
    if not shape:
        return argument
    return f"{argument}[{', '.join(map(str, np.unravel_index(i, shape)))}]"


def _flat(values: Any, argument: str) -> tuple[Any, tuple[int, ...]]:
    """A flat float array, or a flat list of other objects, and the shape."""
    require_short(values, argument, "numbers")
    values = without_mask(values, argument)
    if isinstance(values, np.ndarray):
        if values.dtype.kind == "f":
            return np.asarray(values, dtype=float).ravel(), values.shape
        return values.ravel().tolist(), values.shape
    if isinstance(values, Sequence) and not isinstance(values, (str, bytes)):
        rows = [
            list(e) if isinstance(e, (list, tuple)) or getattr(e, "ndim", False) else e
            for e in values
        ]
        nested = [isinstance(e, list) for e in rows]
        if not any(nested):
            if all(type(e) is float for e in rows):
                return np.array(rows, dtype=float), (len(rows),)
            return rows, (len(rows),)
        lengths = {len(e) if isinstance(e, list) else -1 for e in rows}
        if len(lengths) > 1:
            raise InvalidArgument(
                argument, "rows must have one length", f"they have {sorted(lengths)}"
            )
        flat = [e for row in rows for e in row]
        return flat, (len(rows), lengths.pop())
    return [values], ()
