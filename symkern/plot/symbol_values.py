"""What a figure is told beside its subject: numbers for symbols, by names that are known, and how far it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sympy as sp

from symkern.abc import L, v
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_expression
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.spelling import did_you_mean


def require_named(given: Iterable[object], known: Iterable[sp.Symbol], of: str) -> None:
    """Refuse a name that no symbol ``of`` the subject has, L being the axis.

    >>> require_named(["alfa"], [sp.Symbol("alpha"), L], "the law")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: alfa: must be a symbol of the law: alpha, but it is not; did you mean 'alpha'?
    """
    names = sorted(str(s) for s in known if s != L)
    for name in given:
        if str(name) not in names:
            rule = f"must be a symbol of {of}: {', '.join(names) or 'there is none beside L'}"
            raise InvalidArgument(str(name), rule, f"it is not{did_you_mean(str(name), names)}")


def symbol_values(
    symbols: Iterable[sp.Symbol], given: Mapping[str, object], letters: int
) -> dict[sp.Symbol, sp.Expr]:
    """Numbers for all symbols but L, in the order of their names: those given, ``letters`` for v, and 1 for the others.

    >>> symbol_values(sp.symbols("beta alpha"), {"alpha": "1/2"}, 4)
    {alpha: 1/2, beta: 1}
    """
    return {
        s: exact_expression(given.get(s.name, letters if s.name == v.name else 1), s.name)
        for s in sorted(set(symbols) - {L}, key=str)
    }


def read_longest(longest: object, first: int) -> int:
    """The largest length of a figure whose curves begin at ``first``.

    >>> read_longest(5, 5)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: longest: must be beyond the first length of the curves, 5, but it is 5
    """
    last = read_integer(longest, "longest", 1, current().drawn_length)
    if last <= first:
        rule = f"must be beyond the first length of the curves, {displayed(first)}"
        raise InvalidArgument("longest", rule, f"it is {last}")
    return last
