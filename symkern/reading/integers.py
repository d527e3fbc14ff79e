"""Whole numbers: reading those that a user passes (sizes, parts, indices).

What is accepted: Python ints and whatever says that it is an integer through
``__index__`` (NumPy and SymPy integers). What is refused: bools, floats (even 3.0), strings.
"""

from __future__ import annotations

from numbers import Integral
from operator import index

from symkern.errors import InvalidArgument, InvalidType, displayed


def read_integer(
    value: object, argument: str, minimum: int | None = 0, maximum: int | None = None
) -> int:
    """The Python int that ``value`` is, between ``minimum`` and ``maximum`` (None: no bound).

    Raises `InvalidType` for what is not an integer, `InvalidArgument` outside the bounds.

    >>> import numpy as np
    >>> read_integer(np.int64(7), "n")
    7
    >>> read_integer(-1, "n")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: n: must be an integer of at least 0, but it is -1
    """
    if isinstance(value, bool):
        raise InvalidType(argument, "must be an integer", value)
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise InvalidType(argument, "must be an integer", value) from None
    if minimum is not None and number < minimum:
        raise InvalidArgument(
            argument,
            f"must be an integer of at least {displayed(minimum)}",
            f"it is {_shown(number)}",
        )
    if maximum is not None and number > maximum:
        raise InvalidArgument(
            argument,
            f"must be an integer of at most {displayed(maximum)}",
            f"it is {_shown(number)}",
        )
    return int(number)


def _shown(number: int) -> str:
    """The number, or its length where Python would refuse to print it."""
    bits = number.bit_length()
    return str(number) if bits <= 1000 else f"a number of {bits} bits"


def is_integer(value: object) -> bool:
    """Whether `read_integer` reads it.

    >>> is_integer(3), is_integer(True), is_integer(3.0)
    (True, False, False)
    """
    return type(value) is int or (isinstance(value, Integral) and not isinstance(value, bool))


def power_exceeds(base: int, exponent: int, most: int) -> bool:
    """Whether base^exponent > ``most`` for integers base >= 1, exponent >= 0, without ever computing a power that is much larger.

    >>> power_exceeds(2, 10**400, 1000), power_exceeds(2, 9, 512), power_exceeds(1, 10**400, 1)
    (True, False, False)
    """
    if exponent * (base.bit_length() - 1) > most.bit_length():
        return True
    return bool(base**exponent > most) if base > 1 else base > most
