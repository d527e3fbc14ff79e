"""Integers in decimal digits, however long: Python refuses to write those of more than 4300 digits at once."""

from __future__ import annotations

from fractions import Fraction

_AT_ONCE = 4000  # digits


def literal(number: int) -> str:
    """An integer as Python reads it back: in decimal digits, in hexadecimal ones where Python reads no decimals of that length.

    >>> literal(-12), literal(10**5000)[:6], int(literal(10**5000), 16) == 10**5000
    ('-12', '0x31e2', True)
    """
    return str(number) if number.bit_length() * 30103 < 100000 * _AT_ONCE else hex(number)


def fraction_literal(number: Fraction) -> str:
    """A fraction as Python reads it back; what `repr` writes unless it is long."""
    return f"Fraction({literal(number.numerator)}, {literal(number.denominator)})"


def decimal(number: object) -> str:
    """The digits of an integer or a fraction, written in halves where they are many; of anything else its ``str``.

    >>> decimal(-12), len(decimal(10**5000))
    ('-12', 5001)
    """
    if isinstance(number, Fraction) and number.denominator != 1:
        return f"{decimal(number.numerator)}/{decimal(number.denominator)}"
    if isinstance(number, Fraction):
        number = number.numerator
    if not isinstance(number, int):
        top, bottom = getattr(number, "p", None), getattr(number, "q", None)  # of SymPy
        if isinstance(top, int) and isinstance(bottom, int):
            return decimal(Fraction(top, bottom))
        return str(number)
    if number < 0:
        return "-" + decimal(-number)
    digits = number.bit_length() * 30103 // 100000  # log10(2), from below
    if digits < _AT_ONCE:
        return str(number)
    half = digits // 2
    high, low = divmod(number, 10**half)
    return decimal(high) + decimal(low).rjust(half, "0")
