"""The symbols that are probabilities, p, q and lam: the point at which they are taken where an order or a sign is wanted, p + q + lam < 1 there.

Of p and p - 1 the second is negative for every probability. A factor in probabilities alone is written with the sign that makes it positive at the point,
2 p (1 - p) and not -2 p (p - 1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

_GENERIC = {"p": Fraction(2, 7), "q": Fraction(3, 11), "lam": Fraction(1, 5)}


@lru_cache(maxsize=256)
def generic_probability(symbol: sp.Expr) -> Fraction | None:
    """The value of a probability at the point; None for other symbols, such as the size q of a subset.

    >>> from symkern.abc import alpha, p
    >>> generic_probability(p), generic_probability(alpha), generic_probability(sp.Symbol("q", integer=True, positive=True))
    (Fraction(2, 7), None, None)
    """
    known = symbol.is_Symbol and symbol.is_positive and not symbol.is_integer
    return _GENERIC.get(symbol.name) if known else None


def is_turned(terms: Mapping[tuple[int, ...], Any], symbols: Sequence[sp.Expr]) -> bool:
    """Whether a polynomial in probabilities alone, its coefficients by exponents of the symbols, is negative at the point.

    >>> from symkern.abc import alpha, p
    >>> is_turned({(1,): 1, (0,): -1}, [p]), is_turned({(1,): 1}, [p]), is_turned({(1,): -1}, [alpha])
    (True, False, False)
    """
    values = [generic_probability(s) for s in symbols]
    if not any(values):
        return False
    total = Fraction(0)
    for exponents, c in terms.items():
        term = Fraction(int(c))
        for value, e in zip(values, exponents, strict=False):
            if e:
                if value is None:
                    return False
                term *= value ** int(e)
        total += term
    return total < 0
