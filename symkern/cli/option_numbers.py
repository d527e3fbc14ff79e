"""Numbers in options of the command: formulas, and decimals with an exponent, 1e-3, both read exactly.

In a formula "1e5" stays an error, since "e" might be meant as a name there; an option that takes one number leaves no doubt.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sympy as sp

__all__ = ["read_formula", "read_length", "read_positive"]

_SCIENTIFIC = re.compile(
    r"\s*(?P<mantissa>[-+]?(?:[0-9]{1,50}(?:\.[0-9]{0,50})?|\.[0-9]{1,50}))[eE](?P<exponent>[-+]?[0-9]{1,3})\s*\Z",
    re.ASCII,
)

#: Lengths and vocabularies go up to here: factorials and powers of larger ones are not needed by anybody.
MOST = 10**9


def read_formula(text: str, name: str) -> sp.Expr:
    """A formula as `symkern.abc.parse` reads it, or a decimal with an exponent of at most three digits.

    >>> read_formula("1e-3", "ridge"), read_formula("sigma2/2", "ridge")
    (1/1000, sigma2/2)
    """
    import sympy as sp

    from symkern.abc import parse

    match = _SCIENTIFIC.match(text)
    if match is None:
        return parse(text, name)
    return sp.Rational(match["mantissa"]) * sp.Integer(10) ** int(match["exponent"])


def read_positive(text: str, name: str) -> int:
    """A positive integer up to 10^9, as digits or as 1e9.

    >>> read_positive("1e9", "length"), read_positive("2.5e3", "length")
    (1000000000, 2500)
    """
    from symkern.errors import InvalidArgument

    digits = text.strip()
    if _SCIENTIFIC.match(text):
        value = read_formula(text, name)
    elif digits.isascii() and digits.isdigit() and len(digits) <= 10:
        value = read_formula(digits, name)
    else:
        raise InvalidArgument(name, "must be a positive integer", f"it is {text!r}")
    if not (value.is_Integer and value > 0):
        raise InvalidArgument(name, "must be a positive integer", f"it is {text!r}")
    if value > MOST:
        raise InvalidArgument(name, "must be at most 1e9", f"it is {text.strip()}")
    return int(value)


def read_length(text: str) -> int | sp.Expr:
    """The symbol L or a positive integer.

    >>> read_length("L"), read_length("1e3")
    (L, 1000)
    """
    from symkern.abc import L
    from symkern.errors import InvalidArgument

    if text.strip() == "L":
        return L
    try:
        return read_positive(text, "length")
    except InvalidArgument:
        raise InvalidArgument(
            "length", "must be L or a positive integer up to 1e9", f"it is {text!r}"
        ) from None
