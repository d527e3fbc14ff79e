"""In which order names and factors stand: alpha, beta, gamma, w, b, sigma2, any other letter, L, v, n, x, X1, X2, ...; names before sums."""

from __future__ import annotations

import re
from typing import Any

import sympy as sp

from symkern.typeset.nodes import Call, Name, Node, Power, Root

_FIRST = ("alpha", "beta", "gamma", "w", "b", "sigma2")
_LAST = ("L", "v", "n", "x")
_CYCLE_COUNT = re.compile(r"X[1-9][0-9]*\Z")


def name_rank(symbol: sp.Symbol) -> tuple[Any, ...]:
    """The place of a name among names: 1 the hyperparameters, 2 other letters, 3 sizes, 4 cycle counts.

    >>> from symkern.abc import L, alpha
    >>> name_rank(alpha) < name_rank(sp.Symbol("t")) < name_rank(L) < name_rank(sp.Symbol("X2"))
    True
    """
    name = symbol.name
    if name in _FIRST:
        return (1, _FIRST.index(name))
    if name in _LAST:
        return (3, _LAST.index(name))
    if _CYCLE_COUNT.match(name):
        return (4, int(name[1:]))
    return (2, name)


def is_size(symbol: sp.Symbol) -> bool:
    """Whether a name is one of a whole number or of the unknown x, and no letter that may have any positive value."""
    return bool(symbol.is_integer) or name_rank(symbol)[0] > 2


def factor_rank(factor: tuple[Node, int]) -> tuple[Any, ...]:
    """Constants, names, what is written with brackets of its own, sums; short sums before long ones, and these by their constants: L (L - 1) (L - 2) (L - 25)."""
    node = factor[0]
    match node:
        case Name(symbol):
            return (1, name_rank(symbol)) if symbol.is_Symbol else (0, (0, str(symbol)))
        case Call("exp", (argument,)) if not argument.factors:
            return (0, (1,))
        case Call() | Root() | Power():
            return (2, ())
    constants = [abs(term.coefficient) for term in node.terms if not term.factors]
    return (3, (len(node.terms), constants[0] if constants else 0))
