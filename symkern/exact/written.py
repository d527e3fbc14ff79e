"""SymPy formulas as they are written: text that Python reads back, with the names of `symkern.abc` and SymPy, and pickles.

SymPy multiplies a number into a sum when it makes their product: (L - 1)/2 that is factored becomes L/2 - 1/2 when its text or its pickle
is read. Results keep their factors; so a product is pickled with its factors as they stand, here for all of SymPy's products.
"""

from __future__ import annotations

import copyreg
import re
from dataclasses import fields
from typing import Any

import sympy as sp

_FRACTION = re.compile(r"(^|[^A-Za-z0-9_])\d+/\d")


def readable_repr(value: object) -> str:
    """``repr`` that Python reads back exactly: a fraction of two ints would become a float.

    >>> from symkern.abc import L
    >>> readable_repr(sp.Rational(1, 3)), readable_repr(L / 3), readable_repr(sp.factor(L / 2 - sp.S(1) / 2))
    ('S(1)/3', 'L/3', 'Mul(S(1)/2, L - 1, evaluate=False)')
    """
    if isinstance(value, sp.Mul) and len(value.args) == 2 and value.args[0].is_Rational:
        number, rest = value.args
        if rest.is_Add:
            return f"Mul({readable_repr(number)}, {readable_repr(rest)}, evaluate=False)"
    text = repr(value)
    if isinstance(value, sp.Expr) and _FRACTION.search(text):
        return str(sp.sstr(value, sympy_integers=True))
    return text


def fields_repr(result: Any) -> str:
    """The ``repr`` of a dataclass whose fields Python reads back exactly."""
    shown = (f"{f.name}={readable_repr(getattr(result, f.name))}" for f in fields(result) if f.repr)
    return f"{type(result).__name__}({', '.join(shown)})"


def _as_it_stands(product: sp.Mul) -> tuple[Any, ...]:
    return sp.Mul._from_args, (product.args,)


copyreg.pickle(sp.Mul, _as_it_stands)
