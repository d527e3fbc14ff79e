"""Operands that an operation does not know: refused by name where nobody else can answer, left to the other operand where it might."""

from __future__ import annotations

from typing import TypeVar

from symkern.errors import InvalidType

#: Packages whose objects know nothing of symkern's; what they make of them is an error without a name, or worse.
_STRANGERS = frozenset({"builtins", "decimal", "fractions", "sympy"})


_Own = TypeVar("_Own")


def left_to(own: _Own, other: object, reflected: str, rule: str, argument: str = "other") -> _Own:
    """``NotImplemented``, to type checkers a result like ``own``, where the other operand is of a class that has the reflected method, else `InvalidType`, which is a TypeError.

    >>> left_to(1, "x", "__radd__", "must be a class function")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: other: must be a class function, but it is 'x' of type str
    """
    kind = type(other)
    if kind.__module__.partition(".")[0] in _STRANGERS or not hasattr(kind, reflected):
        raise InvalidType(argument, rule, other)
    return NotImplemented  # type: ignore[no-any-return]
