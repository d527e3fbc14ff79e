"""Probabilities as formulas: rational functions of the symbols of `symkern.abc` that are no sizes, numbers among them.

A formula is a probability for some values of its symbols alone. Those for which all are positive are the generic ones, of which results in symbols speak;
the point of `symkern.exact.asymptotics.sample_point` has to be one of them, since eigenvalues are put in order there. Any positive symbol may be a probability,
also one that is a hyperparameter elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sympy as sp

from symkern.abc import L, n, namespace, v, x
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_expression
from symkern.exact.asymptotics import sample_point
from symkern.reading.spelling import did_you_mean
from symkern.typeset import formula_text

_SIZES = {L, v, n, x}


def require_rational(e: sp.Expr, argument: str) -> None:
    """Refuse what is neither a rational number nor a rational function of symbols of `symkern.abc` that are no sizes."""
    strange = {s for s in e.free_symbols if namespace.get(str(s)) != s or s in _SIZES}
    if strange or not (e.is_Rational or e.is_rational_function(*e.free_symbols)) or (e.is_number and not e.is_Rational):  # fmt: skip
        rule = "must be a rational number, or a rational function of symbols of symkern.abc that are no sizes"
        raise InvalidArgument(argument, rule, f"it is {displayed(e)}{_hint(strange)}")


def _hint(strange: set[sp.Symbol]) -> str:
    """Which symbol is not that of `symkern.abc`, though its name is."""
    alike = sorted(str(s) for s in strange if str(s) in namespace and s != namespace[str(s)])
    return f", where {alike[0]} is another symbol than symkern.abc.{alike[0]}" if alike else ""


def require_sum(row: Sequence[sp.Expr], argument: str, rule: str = "must sum to 1") -> None:
    """Refuse probabilities that do not sum to 1 identically."""
    total = sum(row, sp.S.Zero)
    if total != 1 and sp.cancel(total) != 1:
        raise InvalidArgument(argument, rule, f"the sum is {displayed(sp.cancel(total))}")


def require_generic(row: Sequence[sp.Expr], argument: str) -> None:
    """Refuse formulas that are not positive at the generic point.

    >>> from symkern.abc import p
    >>> require_generic([p - 1, 2 - p], "probabilities")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: probabilities: must be positive at p = 2/7, but p - 1 is -5/7 there
    """
    for e in row:
        if e.free_symbols:
            point = sample_point(e.free_symbols)
            value = e.subs(point)
            if not (value.is_Rational and value > 0):
                where = ", ".join(f"{s} = {point[s]}" for s in sorted(point, key=str))
                rule = f"must be positive at {where}"
                raise InvalidArgument(argument, rule, f"{displayed(e)} is {value} there")


def read_values(
    values: Mapping[str, object], parameters: Sequence[sp.Symbol]
) -> dict[sp.Symbol, sp.Expr]:
    """Numbers or formulas for symbols of a law, given by name.

    >>> from symkern.abc import p
    >>> read_values({"p": "1/3"}, [p])
    {p: 1/3}
    """
    known = {str(s): s for s in parameters}
    given: dict[sp.Symbol, sp.Expr] = {}
    for name, value in values.items():
        if name not in known:
            if not known:
                raise InvalidArgument(name, "must be left out", "the law has no symbols")
            rule = f"must be a symbol of the law: {', '.join(known)}"
            raise InvalidArgument(name, rule, f"it is not{did_you_mean(name, known)}")
        given[known[name]] = exact_expression(value, name)
    return given


def at_values(row: Sequence[sp.Expr], given: Mapping[sp.Symbol, sp.Expr]) -> list[sp.Expr]:
    """The probabilities there; refuses what leaves a number that is none.

    >>> from symkern.abc import p
    >>> at_values([p, 1 - p], {p: sp.Rational(1, 3)})
    [1/3, 2/3]
    """
    found = [e.subs(given, simultaneous=True) for e in row]
    if any(e.has(sp.nan, sp.zoo) or (e.is_number and not 0 <= e <= 1) for e in found):
        rule = "must leave probabilities from 0 to 1"
        shown = ", ".join(displayed(e) for e in found)
        raise InvalidArgument(", ".join(map(str, given)), rule, f"they are {shown}")
    return found


def conditions(row: Sequence[sp.Expr], written: Callable[[sp.Expr], str] = formula_text) -> str:
    """Where all formulas of a distribution are positive; ``written`` writes a formula.

    >>> from symkern.abc import p, q
    >>> conditions([p, 1 - p]), conditions([p, q, 1 - p - q])
    ('0 < p < 1', 'p > 0, q > 0, 1 - p - q > 0')
    """
    formulas = list(dict.fromkeys(e for e in row if e.free_symbols))
    for e in formulas:
        if e.is_Symbol and set(formulas) == {e, 1 - e}:
            return f"0 < {written(e)} < 1"
    return ", ".join(f"{written(e)} > 0" for e in formulas)
