"""Irrational values of a user's kernel: equal expressions prove symmetry, equal digits do not."""

from __future__ import annotations

import sympy as sp

from symkern.claims.derivation import Standing
from symkern.kernels import from_function, from_table, uniform


def _matches(x, y):
    return sum(a == b for a, b in zip(x, y, strict=True))


def _standings(kernel, length=3):
    return {s.standing for s in kernel.spectrum(length=length, tokens=uniform(2)).sectors}


def test_one_expression_proves():
    assert _standings(from_function(lambda x, y: sp.sqrt(2 + _matches(x, y)))) == {Standing.PROVED}
    assert _standings(from_table(lambda n: sp.exp(n[0][0] + n[1][1]))) == {Standing.PROVED}


def test_two_expressions_of_one_number_do_not():
    """sqrt(5 + 2 sqrt(6)) = sqrt(2) + sqrt(3): true, and not proved by any number of digits."""
    nested, flat = sp.sqrt(5 + 2 * sp.sqrt(6)), sp.sqrt(2) + sp.sqrt(3)

    def value(x, y):
        return (nested if x[0] < x[-1] else flat) * (1 + _matches(x, y))

    kernel = from_function(value, "two spellings")
    assert _standings(kernel) == {Standing.SAMPLED}
    text = kernel.spectrum(length=3, tokens=uniform(2)).text()
    assert "symmetry not proved" in text


def test_rational_values_prove():
    assert _standings(from_function(lambda x, y: sp.Rational(_matches(x, y), 7))) == {
        Standing.PROVED
    }
