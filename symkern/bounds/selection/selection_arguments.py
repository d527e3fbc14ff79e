"""Reading of the arguments of token selection, and the choice between exact and floating-point values.

Sizes are integers (Python, NumPy, SymPy) or SymPy expressions; T >= 2, d >= 1, 1 <= q <= T, m >= 0. A
formula in them is evaluated exactly, unless a number among its arguments is a float: then it is computed
in double precision. Arrays broadcast: integer and object arrays give arrays of exact values, arrays of floats give floats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.exact import exact_expression, exact_size
from symkern.exact.real_arguments import is_inexact, read_real, read_reals
from symkern.reading.missing_entries import without_mask

_LEAST = {"T": 2, "T1": 2, "d": 1, "q": 1, "m": 0}


def read_size(value: object, argument: str) -> int | sp.Expr:
    """One size: an int of at least its least value, or an expression with symbols.

    >>> read_size(1, "T")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: T: must be at least 2, but it is 1
    """
    if is_inexact(value):
        raise InvalidType(argument, "must be an integer or a symbol", value)
    return exact_size(value, argument, _LEAST[argument])


#: Numbers beyond are no floats.
LARGEST = 10**300


def exact_score(a: object) -> sp.Expr:
    """The score a, exact; SymPy does not come to an end with e^a where a number is longer than `LARGEST`."""
    score = exact_expression(a, "a")
    if score.is_Rational and abs(score.p) > LARGEST * score.q:
        raise InvalidArgument("a", "must be at most 10^300 in size", f"it is {displayed(score)}")
    return score


def read_sizes(
    T: object, d: object, q: object, length: str = "T"
) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """T, d and q with q <= T, as SymPy expressions; ``length`` is the name that a message gives to T."""
    total, width, chosen = read_size(T, length), read_size(d, "d"), read_size(q, "q")
    rest = sp.Integer(0) + total - chosen
    if rest.is_negative:
        raise InvalidArgument(
            "q",
            f"must be at most {length} = {displayed(total)}",
            f"it is {displayed(chosen)}",
        )
    return sp.Integer(0) + total, sp.Integer(0) + width, sp.Integer(0) + chosen


def whole_sizes(T: object, d: object, q: object) -> tuple[int, int, int]:
    """T, d and q as ints; symbols are refused."""
    for value, argument in ((T, "T"), (d, "d"), (q, "q")):
        if not isinstance(read_size(value, argument), int):
            raise InvalidType(argument, "must be an integer here", value)
    total, width, chosen = read_sizes(T, d, q)
    return int(total), int(width), int(chosen)


def _float_size(value: object, argument: str) -> Any:
    value = without_mask(value, argument)
    if not isinstance(value, np.ndarray):
        size = read_size(value, argument)
        if not isinstance(size, int):
            rule = "must be an integer where another argument is a float"
            raise InvalidType(argument, rule, value)
        return float(size)
    if value.dtype == object:
        return np.array([_float_size(x, argument) for x in value.flat]).reshape(value.shape)
    if not np.issubdtype(value.dtype, np.integer):
        raise InvalidType(argument, "must be an integer or an array of integers", value)
    if value.size and (least := int(value.min())) < _LEAST[argument]:
        raise InvalidArgument(
            argument, f"must be at least {_LEAST[argument]}", f"it is {displayed(least)}"
        )
    return value.astype(float)


def evaluate(
    exact: Callable[..., Any],
    floating: Callable[..., Any] | None,
    sizes: dict[str, object],
    numbers: dict[str, object],
) -> Any:
    """The formula at these arguments: ``exact(*sizes, *numbers)``, or ``floating(...)`` where a number is a float.

    ``exact`` gets what the user passed, one value at a time, and reads it; ``floating`` gets floats and arrays of
    floats with q <= T. A scalar call gives a scalar.
    """
    everything = [*sizes.values(), *numbers.values()]
    arrays = [x for x in everything if isinstance(x, np.ndarray)]
    if arrays:
        try:
            np.broadcast_shapes(*(x.shape for x in arrays))
        except ValueError:
            named = (sizes | numbers).items()
            shapes = ", ".join(f"{n} {x.shape}" for n, x in named if isinstance(x, np.ndarray))
            raise SizeMismatch("arrays", "must broadcast together", f"they are {shapes}") from None
    if floating is not None and any(map(is_inexact, numbers.values())):
        floats = {name: _float_size(value, name) for name, value in sizes.items()}
        for length in ("T", "T1"):
            if length in floats and "q" in floats and np.any(floats["q"] > floats[length]):
                rule = f"must be at most {length} = {sizes[length]}"
                raise InvalidArgument("q", rule, f"it is {displayed(sizes['q'])}")
        values = [
            read_reals(value, name) if isinstance(value, np.ndarray) else read_real(value, name)
            for name, value in numbers.items()
        ]
        result = floating(*floats.values(), *values)
        return result if arrays else _scalars(result)
    if not arrays:
        return exact(*everything)
    for name, value in sizes.items():
        if isinstance(value, np.ndarray) and value.dtype != object:
            _float_size(value, name)  # the whole array is checked before anything is computed
    return np.frompyfunc(exact, len(everything), _outputs(exact))(*map(_single, everything))


def _single(value: object) -> np.ndarray:
    """An array as it is; anything else as one value, which NumPy does not take apart."""
    if isinstance(value, np.ndarray):
        return value
    cell = np.empty((), dtype=object)
    cell[()] = value
    return cell


def _scalars(result: Any) -> Any:
    return tuple(map(float, result)) if isinstance(result, tuple) else float(result)


def _outputs(exact: Callable[..., Any]) -> int:
    """How many values a formula returns, by its annotation."""
    return 2 if str(exact.__annotations__.get("return", "")).startswith("tuple") else 1
