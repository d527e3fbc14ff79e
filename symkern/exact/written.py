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
from sympy.printing.str import StrPrinter

from symkern.typeset.numerals import literal

#: A number, or a minus, right before a sum: SymPy multiplies them at once.
_MULTIPLIED = re.compile(r"(^|[^\w.])(0x)?[\da-f]+\*\(|^-\(")


class _Fractions(StrPrinter):  # type: ignore[misc]
    """Fractions that Python does not divide: 1/3 would become a float."""

    def _print_Integer(self, expr: sp.Integer) -> str:
        return literal(int(expr.p))

    def _print_Rational(self, expr: sp.Rational) -> str:
        return f"S({literal(int(expr.p))})/{literal(int(expr.q))}"


class _Factors(_Fractions):
    """And products of a number and sums as they stand: 3*(L + 1) would become 3*L + 3."""

    def _print_Mul(self, expr: sp.Mul) -> str:
        text = str(super()._print_Mul(expr))
        halved = expr.args[0].is_Rational and [*map(type, expr.args[1:])] == [sp.Add]  # (L - 1)/2
        if halved or _MULTIPLIED.search(text):
            return f"Mul({', '.join(map(self._print, expr.args))}, evaluate=False)"
        return text


def readable_repr(value: object) -> str:
    """``repr`` that Python reads back exactly, of formulas in tuples, lists and dictionaries too.

    >>> from symkern.abc import L
    >>> readable_repr(sp.Rational(1, 3)), readable_repr(L / 3), readable_repr(sp.factor(L / 2 - sp.S(1) / 2))
    ('S(1)/3', 'L/3', 'Mul(S(1)/2, L - 1, evaluate=False)')
    >>> readable_repr({"other": (sp.Rational(1, 3),)})
    "{'other': (S(1)/3,)}"
    """
    if isinstance(value, sp.Expr):
        return str(_Factors().doprint(value))
    if type(value) is list:
        return f"[{', '.join(readable_repr(e) for e in value)}]"
    if type(value) is tuple:
        return f"({', '.join(readable_repr(e) for e in value)}{',' * (len(value) == 1)})"
    if type(value) is dict:
        entries = ", ".join(f"{readable_repr(k)}: {readable_repr(e)}" for k, e in value.items())
        return f"{{{entries}}}"
    return repr(value)


def fraction_repr(value: sp.Expr) -> str:
    """Text that Python reads back as the same rational function, its factors multiplied out or not."""
    return str(_Fractions().doprint(value))


def fields_repr(result: Any) -> str:
    """The ``repr`` of a dataclass whose fields Python reads back exactly."""
    shown = (f"{f.name}={readable_repr(getattr(result, f.name))}" for f in fields(result) if f.repr)
    return f"{type(result).__name__}({', '.join(shown)})"


def _as_it_stands(product: sp.Mul) -> tuple[Any, ...]:
    return sp.Mul._from_args, (product.args,)


copyreg.pickle(sp.Mul, _as_it_stands)
