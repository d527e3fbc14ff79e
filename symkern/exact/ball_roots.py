"""The roots of a polynomial whose coefficients are known to a proven radius."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flint
import sympy as sp

from symkern.exact.balls import Ball, enclosure, from_arb, precision


def isolated_real_roots(coefficients: Sequence[sp.Expr], bits: int) -> list[Ball]:
    """The real parts of the roots, by coefficients from the constant term up; empty where so many bits do not isolate them.

    >>> [round(float(e), 6) for e in sorted(isolated_real_roots([sp.Integer(-2), sp.Integer(0), sp.Integer(1)], 128), key=float)]
    [-1.414214, 1.414214]
    """
    with precision(bits):
        enclosed = flint.acb_poly([flint.acb(enclosure(c)) for c in coefficients])
        try:
            roots = enclosed.roots(flint.arb(2) ** -(bits // 2), bits)
        except ValueError:  # not isolated
            return []
        return [from_arb(r.real) for r in roots]


def real_root_enclosures(coefficients: Sequence[sp.Expr]) -> list[Any]:
    """The real roots of a polynomial without multiple roots, by coefficients from the constant term up, as ``arb``, the largest first.

    >>> [e.str(4, radius=False) for e in real_root_enclosures([sp.Integer(-2), sp.Integer(0), sp.Integer(1)])]
    ['1.414', '-1.414']
    """
    enclosed = flint.acb_poly([flint.acb(enclosure(c)) for c in coefficients])
    real = [r.real for r in enclosed.roots() if r.imag.contains(0)]
    return sorted(real, key=lambda root: float(root.mid()), reverse=True)
