"""Exact numbers and formulas as text that Python reads back, with the names of `symkern.abc` and SymPy."""

from __future__ import annotations

import re

import sympy as sp

__all__ = ["readable_repr"]

_FRACTION = re.compile(r"(^|[^A-Za-z0-9_])\d+/\d")


def readable_repr(value: object) -> str:
    """``repr`` that Python reads back exactly: a fraction of two ints would become a float.

    >>> from symkern.abc import L
    >>> readable_repr(sp.Rational(1, 3)), readable_repr(L / 3)
    ('S(1)/3', 'L/3')
    """
    text = repr(value)
    if isinstance(value, sp.Expr) and _FRACTION.search(text):
        return str(sp.sstr(value, sympy_integers=True))
    return text
