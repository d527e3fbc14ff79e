r"""E k(x, x) for long sequences: the kernel on one sequence beside itself, expanded around its law.

On the diagonal N_tu = [t = u] n_t, so that k(x, x) is a function of n/L and 1/L, and with the jet sum_a c_a X^a eta^d

    E k(x, x) = sum c_a E X^a L^(-d),

E X^a L^|a| a polynomial in L. Odd orders of the fluctuations have moments of the next whole power: a jet of weight 2q gives all terms down to L^-q.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.engines.large_length.fluctuation_operators import FluctuationOperators
from symkern.engines.large_length.jet_source import JetSource
from symkern.exact.asymptotics import Leading
from symkern.exact.length_series import LengthSeries
from symkern.exact.symbolic_lengths import Scalars


def diagonal_series(source: JetSource, terms: int) -> LengthSeries:
    """E k(x, x) down to L^-(terms - 1)."""
    last = terms - 1
    letters = source.letters - 1
    scalars = source.scalars
    operators = [
        FluctuationOperators((p, p), 0, 2 * last, int(source.starred), scalars)
        for _, p in source.laws
    ]
    constant = operators[0].place[(), (0,) * letters]
    multiply = [[own.letter(i + 1, 0) for i in range(letters)] for own in operators]
    total: dict[Fraction, Any] = {}
    kink = None
    for number, weight, jet in source.diagonal_jets(2 * last):
        kink = jet.kink if kink is None else min(kink, jet.kink or kink)
        for key, c in jet.terms().items():
            exponents, d = key[:letters], key[-1]
            if any(key[letters:-1]):
                continue
            moment = _moment(multiply[number], constant, exponents, scalars)
            for power, q in enumerate(moment):
                r = Fraction(sum(exponents) + d - power)
                if q != 0 and r <= last:
                    term = c * (q * scalars.number(weight))
                    total[r] = total[r] + term if r in total else term
    error = Fraction(last + 1) if kink is None else min(Fraction(last + 1), Fraction(kink, 2))
    found = []
    for r, c in sorted(total.items()):
        value = source.reduced(c)
        if r < error and not source.field.is_zero(value):
            found.append(Leading(-sp.Rational(r.numerator, r.denominator), source.shown(value)[0]))
    return LengthSeries(tuple(found), -sp.Rational(error.numerator, error.denominator))


def _moment(
    multiply: list[Any], constant: int, exponents: tuple[int, ...], scalars: Scalars
) -> Any:
    """E of the product of the letter sums: the constant function's coefficient in it."""
    vector = {constant: scalars.polynomial([1])}
    for columns, times in zip(multiply, exponents, strict=True):
        for _ in range(times):
            image: dict[int, Any] = {}
            for j, c in vector.items():
                for i, d in columns[j].items():
                    image[i] = image[i] + d * c if i in image else d * c
            vector = image
    return scalars.polynomial([0]) + vector.get(constant, 0)
