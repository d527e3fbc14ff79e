r"""Symmetric functions as text for Sage: SymmetricFunctions(QQ).s().sum_of_terms([(Partition([2, 1]), 3), ...]).

Coefficients with symbols lie in the fraction field of the polynomials in them. GAP has no symmetric functions.
"""

from __future__ import annotations

import sympy as sp

from symkern.characters.scalars import public, symbols_of
from symkern.characters.symmetric_function import SymmetricFunction
from symkern.characters.table_texts import number_text
from symkern.combinatorics.other_programs import to_sage
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.exact.exact_arguments import sympified


def function_to_sage(f: SymmetricFunction) -> str:
    """What makes the symmetric function in Sage, in the basis in which it is written.

    Raises:
        InvalidArgument: a coefficient that is no rational function.

    >>> from symkern.characters import hall_littlewood, s
    >>> print(function_to_sage(s[2, 1] / 2 - s[3]))
    SymmetricFunctions(QQ).s().sum_of_terms([(Partition([3]), -1), (Partition([2, 1]), 1/2)])
    >>> print(hall_littlewood((1, 1)).to_sage())
    SymmetricFunctions(FractionField(QQ['t'])).s().sum_of_terms([(Partition([2]), FractionField(QQ['t'])('t')), (Partition([1, 1]), FractionField(QQ['t'])('1'))])
    """
    if not isinstance(f, SymmetricFunction):
        raise InvalidType("f", "must be a SymmetricFunction", f)
    symbols = sorted(str(symbol) for symbol in symbols_of(f.scalars().values()))
    ring = f"FractionField(QQ[{', '.join(map(repr, symbols))}])" if symbols else "QQ"
    terms = []
    for lam, c in f.items():
        value = sympified(public(c))
        if not value.is_rational_function(*value.free_symbols) or not _is_rational(value):
            rule = "must have rational functions as coefficients"
            raise InvalidArgument("f", rule, f"that of {lam} is {value}")
        shown = number_text(value, "sqrt({})", "I")
        terms.append(f"({to_sage(lam)}, {f'{ring}({shown!r})' if symbols else shown})")
    return f"SymmetricFunctions({ring}).{f.basis}().sum_of_terms([{', '.join(terms)}])"


def _is_rational(value: sp.Expr) -> bool:
    """Whether all numbers in it are rational."""
    roots = (power for power in value.atoms(sp.Pow) if not power.exp.is_Integer)
    return not any(roots) and not value.atoms(sp.NumberSymbol) and not value.has(sp.I)


def function_to_gap(f: SymmetricFunction) -> str:
    """GAP has no symmetric functions, and this says so.

    Raises:
        NoClosedForm: always.
    """
    if not isinstance(f, SymmetricFunction):
        raise InvalidType("f", "must be a SymmetricFunction", f)
    raise NoClosedForm("to_gap: GAP has no symmetric functions; f.to_sage() is had, and f.class_function() has values for GAP")  # fmt: skip
