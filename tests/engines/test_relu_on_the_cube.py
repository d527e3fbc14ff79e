"""The arc-cosine kernel of one relu layer on the cube {-1, 1}^n, as a function of the table: eigenvalues of odd degree above one are exactly 0.

k(c) - k(-c) = c/2 for the cosine c, so the odd part is linear. The oracle sums Krawtchouk polynomials, at 200 digits:

    lambda_d = 2^-n sum_j K_j(d) k(1 - 2j/n),     K_j(d) = sum_i (-1)^i C(d, i) C(n - d, j - i).
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

import mpmath
import pytest
import sympy as sp

import symkern as sk
from symkern.exact import Ball
from symkern.kernels import from_function, from_table, uniform
from tests.effort import calls_at_most


def relu(cosine):
    return (sp.sqrt(1 - cosine**2) + (sp.pi - sp.acos(cosine)) * cosine) / (2 * sp.pi)


def on_the_cube(n, value):
    """The kernel of the matches of two sequences of n letters 0, 1."""
    values = [value(sp.Rational(2 * m - n, n)) for m in range(n + 1)]
    return from_table(lambda N: values[N[0][0] + N[1][1]], "relu on the cube")


def krawtchouk(n, value):
    """The eigenvalue of every degree."""
    with mpmath.workdps(200):
        values = [value(1 - mpmath.mpf(2 * j) / n) for j in range(n + 1)]
        found = []
        for d in range(n + 1):
            weights = [sum((-1) ** i * comb(d, i) * comb(n - d, j - i) for i in range(min(d, j) + 1)) for j in range(n + 1)]  # fmt: skip
            found.append(mpmath.fdot(weights, values) / mpmath.mpf(2) ** n)
        return found


def relu_at_200_digits(c):
    return (mpmath.sqrt(max(1 - c * c, 0)) + (mpmath.pi - mpmath.acos(c)) * c) / (2 * mpmath.pi)


def assert_these(spectrum, n, expected):
    """Every sector (k), even or odd, lists the degrees k <= d <= n - k of its parity that are not zero; sectors without any are missing."""
    nonzero = [d for d, e in enumerate(expected) if abs(e) > mpmath.mpf(10) ** -150]
    found = {(s.position_irrep.size, (s.token_irrep or sk.Partition()).size): s for s in spectrum}
    for k in range(n // 2 + 1):
        for parity in (0, 1):
            degrees = [d for d in nonzero if k <= d <= n - k and d % 2 == parity]
            assert ((k, parity) in found) == bool(degrees)
            if not degrees:
                continue
            sector = found[k, parity]
            assert sector.dimension == comb(n, k) - (comb(n, k - 1) if k else 0)
            assert sector.multiplicity == len(degrees)
            values = sorted((expected[d] for d in degrees), reverse=True)
            for ball, value in zip(sector.eigenvalues, values, strict=True):
                assert isinstance(ball, Ball)
                number = Fraction(mpmath.nstr(value, 150))
                assert abs(ball.midpoint - number) <= ball.radius + Fraction(1, 10**140)
                assert ball.radius < abs(number) / 10**20
    assert spectrum.rank() == sum(comb(n, d) for d in nonzero)


@pytest.mark.parametrize("n", [2, 5, 8])
def test_zeros_of_odd_degree_are_not_listed(n):
    spectrum = on_the_cube(n, relu).spectrum(length=n, tokens=uniform(2))
    expected = krawtchouk(n, relu_at_200_digits)
    assert [d for d, e in enumerate(expected) if abs(e) < mpmath.mpf(10) ** -150] == list(range(3, n + 1, 2))  # fmt: skip
    assert_these(spectrum, n, expected)
    assert spectrum.check_trace()


def test_the_zero_sector_is_there_when_asked_for():
    spectrum = on_the_cube(5, relu).spectrum(length=5, tokens=uniform(2))
    assert spectrum.rank() == 1 + 5 + 10 + 5
    zero = spectrum.sector([2], [1])
    assert zero.eigenvalues == (0,) and zero.dimension == 5


@pytest.mark.wide
def test_64_positions():
    spectrum = on_the_cube(64, relu).spectrum(length=64, tokens=uniform(2))
    assert_these(spectrum, 64, krawtchouk(64, relu_at_200_digits))


def test_one_formula_at_many_tables_is_read_once():
    kernel = on_the_cube(32, relu)
    with calls_at_most(1_500_000):  # 1 200 000; seven times as many where every table is read anew
        kernel.spectrum(length=32, tokens=uniform(2))


def test_two_sequences_and_other_functions():
    """asin is odd: even degrees vanish. acos(c) + acos(-c) is constant, and over pi a kernel of rational numbers."""
    n = 3

    def cosine(x, y):
        return sp.Rational(2 * sum(a == b for a, b in zip(x, y, strict=True)) - n, n)

    odd = from_function(lambda x, y: sp.asin(cosine(x, y)), "asin").spectrum(n, uniform(2))
    assert_these(odd, n, krawtchouk(n, mpmath.asin))
    assert {s.token_irrep for s in odd} == {sk.Partition(1)}
    [only] = from_function(
        lambda x, y: (sp.acos(cosine(x, y)) + sp.acos(-cosine(x, y))) / sp.pi, "constant"
    ).spectrum(n, uniform(2))
    assert only.eigenvalues == (1,)


def test_what_stays_undecided_is_said():
    """cbrt(5 sqrt 2 + 7) - cbrt(5 sqrt 2 - 7) = 2, which no rule shows, in a kernel of rank 1."""
    third = sp.Rational(1, 3)
    n, nested = 5, [sp.Integer(2), (5 * sp.sqrt(2) + 7) ** third - (5 * sp.sqrt(2) - 7) ** third]
    kernel = from_table(lambda N: nested[(N[0][0] + N[1][1]) % 2], "nested")
    with calls_at_most(400_000):
        spectrum = kernel.spectrum(length=n, tokens=uniform(2))
    with pytest.raises(sk.errors.NoClosedForm, match="at least 1 and at most 4, since for 3 of"):
        spectrum.rank()
