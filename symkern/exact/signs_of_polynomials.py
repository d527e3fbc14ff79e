r"""Signs of polynomials in hyperparameters, exponentials and probabilities, decided on all of the region where these lie.

Hyperparameters are positive, and so are probabilities and what is left of one, c - sum_i m_i p_i > 0 for such a probability with all m_i > 0. With
p_i = (c/m_i) t_i/(1 + sum_j t_j) for these, exponentials of what is positive as 1 + f, and e^r as a number, a polynomial is one in
positive variables but for positive factors. Where all of its coefficients have one sign it has that sign; and where it is positive on a
simplex up to its boundary, its product with a power of 1 + sum_j t_j has such coefficients (Polya, 1928).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import flint
import sympy as sp

from symkern.exact.balls import enclosure, precision
from symkern.exact.rational_functions import FunctionField, RationalFunction

#: Powers of 1 + sum_j t_j that are tried: enough for what is no closer to a zero than one part in a hundred.
_POWERS = (0, 8, 32)
#: Bits of e^r.
_BITS = 256


class SignRegion:
    """The region where the formulas ``positive`` are, and all symbols."""

    def __init__(self, positive: Iterable[RationalFunction] = ()) -> None:
        self._simplices: list[tuple[Fraction, dict[sp.Expr, Fraction]]] = []
        taken: set[sp.Expr] = set()
        for formula in positive:
            found = _simplex(formula)
            if found is not None and not taken & set(found[1]):
                self._simplices.append(found)
                taken |= set(found[1])

    def sign(self, polynomial: Any, field: FunctionField) -> int | None:
        """1 or -1 where it is positive or negative on all of the region; None where that is not found.

        >>> from symkern.abc import p
        >>> from symkern.exact import function_field
        >>> K = function_field((p, sp.E))
        >>> region = SignRegion([K(p), K(1 - p)])
        >>> [region.sign(K(f).num, K) for f in (1 - p, 3*p - 3*p**2 - 1, sp.E*p - 3, sp.E*p - 1)]
        [1, -1, -1, None]
        """
        found = _sign(polynomial, field)
        if found is not None:
            return found
        gens = field.context.gens()
        shifted = [
            g + 1 if isinstance(s, sp.exp) and s.free_symbols else g
            for g, s in zip(gens, field.symbols, strict=False)
        ]
        if not shifted:
            return None
        moved, wholes = polynomial.compose(*shifted, ctx=field.context), []
        for total, parts in self._simplices:
            places = {field.index[s]: total / m for s, m in parts.items() if s in field.index}
            if not places:
                continue
            whole = sum((gens[i] for i in places), field.context.constant(1))
            moved = _on_simplex(moved, places, whole, field)
            wholes.append(whole)
        for power in _POWERS if wholes else (0,):
            raised = moved
            for whole in wholes:
                raised = raised * whole**power
            found = _sign(raised, field)
            if found is not None:
                return found
        return None


def _simplex(formula: RationalFunction) -> tuple[Fraction, dict[sp.Expr, Fraction]] | None:
    """(c, {p_i: m_i}) of c - sum_i m_i p_i with all of these positive."""
    if not formula.is_polynomial:
        return None
    scale = int(formula.den.leading_coefficient())
    total, parts = Fraction(0), {}
    for exponents, c in formula.num.to_dict().items():
        if sum(exponents) > 1:
            return None
        if not sum(exponents):
            total = Fraction(int(c), scale)
        else:
            symbol = formula.field.symbols[[int(e) for e in exponents].index(1)]
            parts[symbol] = -Fraction(int(c), scale)
    return (total, parts) if total > 0 and parts and min(parts.values()) > 0 else None


def _on_simplex(
    polynomial: Any, places: dict[int, Fraction], whole: Any, field: FunctionField
) -> Any:
    """The polynomial at p_i = places[i] t_i/whole, times the power of ``whole`` below it and a positive number."""
    by_degree: dict[int, dict[tuple[int, ...], Fraction]] = {}
    for exponents, c in polynomial.to_dict().items():
        value = Fraction(int(c))
        for i, scale in places.items():
            value *= scale ** int(exponents[i])
        by_degree.setdefault(sum(int(exponents[i]) for i in places), {})[exponents] = value
    highest = max(by_degree)
    clear = 1
    for terms in by_degree.values():
        for value in terms.values():
            clear = clear * value.denominator // _gcd(clear, value.denominator)
    total = field.context.constant(0)
    for degree, terms in by_degree.items():
        part = field.context.from_dict({e: int(v * clear) for e, v in terms.items()})
        total = total + part * whole ** (highest - degree)
    return total


def _gcd(a: int, b: int) -> int:
    return int(flint.fmpz(a).gcd(b))


def _sign(polynomial: Any, field: FunctionField) -> int | None:
    """The sign that all coefficients have, e^r taken as numbers."""
    numbers = [i for i, s in enumerate(field.symbols) if not s.is_Symbol and not s.free_symbols]
    sums: dict[tuple[int, ...], Any] = {}
    with precision(_BITS):
        bases = {i: enclosure(field.symbols[i]) for i in numbers}
        for exponents, c in polynomial.to_dict().items():
            kept = list(map(int, exponents))
            value = flint.arb(int(c))
            for i, base in bases.items():
                value, kept[i] = value * base ** kept[i], 0
            key = tuple(kept)
            sums[key] = sums[key] + value if key in sums else value
        signs = {int(bool(c > 0)) - int(bool(c < 0)) for c in sums.values()}
    return signs.pop() if signs in ({1}, {-1}) else None
