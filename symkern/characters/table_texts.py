r"""Tables of exact numbers as text for Sage and GAP: integers, fractions and what square roots make of them.

Sage writes sqrt(5) and I as SymPy does; GAP has ER(5) for the root and E(4) for the imaginary unit (both choose the same ones, ER(5) > 0).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sympy as sp

from symkern.errors import InvalidArgument
from symkern.exact.exact_arguments import sympified


def number_text(value: Any, root: str, unit: str) -> str:
    """An exact number, sums of products of rational numbers, square roots, the imaginary unit and symbols.

    Args:
        value: an int or a SymPy expression.
        root: how a square root is written, {} in the place of its integer.
        unit: how the imaginary unit is.

    Raises:
        InvalidArgument: another number.

    >>> number_text((1 + sp.sqrt(5)) / 2, "ER({})", "E(4)"), number_text(-sp.sqrt(3) * sp.I, "sqrt({})", "I")
    ('ER(5)/2+1/2', '-I*sqrt(3)')
    """
    expression = sympified(value)
    names: dict[sp.Basic, sp.Symbol] = {sp.I: sp.Symbol(unit)}
    for power in expression.atoms(sp.Pow):
        if power.exp.is_Rational and not power.exp.is_Integer:
            if power.exp != sp.S.Half or not power.base.is_Integer:
                raise _strange(value)
            names[power] = sp.Symbol(root.format(power.base))
    written = expression.xreplace(names)
    if written.atoms(sp.Function, sp.NumberSymbol, sp.Float):
        raise _strange(value)
    return str(written).replace("**", "^").replace(" ", "")


def _strange(value: object) -> InvalidArgument:
    rule = "must be made of rational numbers, square roots and symbols to be written for other programs"
    return InvalidArgument("value", rule, f"it is {str(value)[:80]}")


def rows_to_sage(rows: Iterable[Sequence[Any]]) -> str:
    """The rows as a matrix of Sage, over ZZ, QQ or its symbolic ring.

    >>> rows_to_sage([[1, 1], [-1, sp.sqrt(2)]])
    'matrix(SR, [[1, 1], [-1, sqrt(2)]])'
    """
    listed = [[sympified(value) for value in row] for row in rows]
    flat = [value for row in listed for value in row]
    ring = "ZZ" if all(v.is_Integer for v in flat) else "QQ" if all(v.is_Rational for v in flat) else "SR"  # fmt: skip
    shown = ", ".join(f"[{', '.join(number_text(v, 'sqrt({})', 'I') for v in row)}]" for row in listed)  # fmt: skip
    return f"matrix({ring}, [{shown}])"


def rows_to_gap(rows: Iterable[Sequence[Any]]) -> str:
    """The rows as a list of lists, GAP's matrices.

    >>> rows_to_gap([[1, sp.I], [-1, sp.sqrt(2)]])
    '[ [ 1, E(4) ], [ -1, ER(2) ] ]'
    """
    shown = (f"[ {', '.join(number_text(v, 'ER({})', 'E(4)') for v in row)} ]" for row in rows)
    return f"[ {', '.join(shown)} ]"
