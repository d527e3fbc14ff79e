"""Normal forms of transcendental numbers: what cancels is an exact 0, what is not zero is not taken for it."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from symkern.exact.balls import enclosure, from_arb, precision
from symkern.exact.generic_points import GenericPoint
from symkern.exact.images import image
from symkern.exact.reals import is_exact, real
from tests.search import examples

R, sqrt, pi = sp.Rational, sp.sqrt, sp.pi

#: Numbers that are 0, by the rule that shows it.
ZEROS = {
    "acos of the opposite": sp.acos(R(1, 3)) + sp.acos(-R(1, 3)) - pi,
    "acos and asin": sp.acos(sqrt(2) / 3) + sp.asin(sqrt(2) / 3) - pi / 2,
    "asin and atan": sp.asin(R(3, 5)) - sp.atan(R(3, 4)),
    "asin and atan of roots": sp.asin(sqrt(3) / 3) - sp.atan(sqrt(2) / 2),
    "sine and cosine": sp.asin(sqrt(R(1, 7))) + sp.asin(sqrt(R(6, 7))) - pi / 2,
    "Euler": sp.atan(R(1, 2)) + sp.atan(R(1, 3)) - pi / 4,
    "Machin": 4 * sp.atan(R(1, 5)) - sp.atan(R(1, 239)) - pi / 4,
    "Gauss": 12 * sp.atan(R(1, 18)) + 8 * sp.atan(R(1, 57)) - 5 * sp.atan(R(1, 239)) - pi / 4,
    "doubled angle": 2 * sp.acos(R(3, 5)) - sp.acos(R(-7, 25)),
    "erf is odd": sp.erf(sqrt(2) - 1) + sp.erf(1 - sqrt(2)),
    "erfc": sp.erfc(R(1, 3)) + sp.erf(R(1, 3)) - 1,
    "logarithms": sp.log(12) - 2 * sp.log(2) - sp.log(3),
    "logarithm of a product": sp.log(2 * pi) - sp.log(2) - sp.log(pi),
    "logarithm of e^x": sp.log(3 * sp.exp(sqrt(2))) - sqrt(2) - sp.log(3),
    "e^a e^b": sp.Mul(sp.exp(sqrt(2)), sp.exp(1 - sqrt(2)), evaluate=False) - sp.E,
    "e^a e^b inside": sp.exp(sqrt(2) + pi) - sp.exp(sqrt(2)) * sp.exp(pi / 2) ** 2,
    "powers of 2": 2 ** sqrt(2) * 2 ** (1 - sqrt(2)) - 2,
    "roots": sp.Mul(sqrt(6), sqrt(10), evaluate=False) - 2 * sqrt(15),
    "roots of larger primes": sqrt(29) * sqrt(2) - sqrt(58),
    "cube roots": sp.Mul(R(4) ** R(1, 3), R(2) ** R(1, 3), evaluate=False) - 2,
    "fields": 1 / (1 + sqrt(2)) - sqrt(2) + 1,
    "power of a sum": (1 + pi) ** R(3, 2) - sqrt(1 + pi) - pi * sqrt(1 + pi),
    "a root in a root": sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2),
    "its conjugate": sqrt(3 - 2 * sqrt(2)) + 1 - sqrt(2),
    "two roots in a root": sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3),
    "halves in a root": sqrt(2 + sqrt(3)) - sqrt(6) / 2 - sqrt(2) / 2,
    "powers of a root in a root": (3 + 2 * sqrt(2)) ** R(-3, 2) - 5 * sqrt(2) + 7,
    "squares": (sqrt(2) + sqrt(3)) ** 2 - 5 - 2 * sqrt(6),
}

#: Numbers that are not 0, though a wrong rule would make them so.
OTHERS = {
    "acos is not even": sp.acos(R(1, 3)) - sp.acos(-R(1, 3)),
    "acos is not odd": sp.acos(R(1, 3)) + sp.acos(-R(1, 3)),
    "different angles": sp.asin(R(3, 5)) - sp.asin(R(4, 5)),
    "conjugate angles": sp.atan(R(1, 2)) + sp.atan(R(1, 3)) + pi / 4,
    "opposite primes": sp.atan(R(2, 1)) + sp.atan(R(3, 2)) - sp.atan(R(4, 7)) - sp.atan(R(1, 8)),
    "logarithms": sp.log(6) - sp.log(2) + sp.log(3),
    "negative root": sqrt(2) * sqrt(3) + sqrt(6),
    "a root in a root": sqrt(3 + 2 * sqrt(2)) - 1 + sqrt(2),
    "conjugate roots": sqrt(3 - 2 * sqrt(2)) - 1 + 2 * sqrt(2),
    "no square norm": sqrt(1 + sqrt(2)) - sqrt(2) - 1,
    "root of a square": sqrt(3 + 2 * sqrt(2)) + 1 + sqrt(2),
    "erf": sp.erf(R(1, 3)) - sp.erf(-R(1, 3)),
    "close to an integer": sp.exp(pi * sqrt(163)) - 262537412640768744,
}


@pytest.mark.parametrize("rule", ZEROS)
def test_what_cancels_is_exactly_zero(rule):
    number = ZEROS[rule]
    assert abs(sp.N(number, 40, maxn=300)) < 1e-30
    found = real(number + R(2, 7))
    assert is_exact(found) and found == real(R(2, 7))


@pytest.mark.parametrize("name", OTHERS)
def test_what_does_not_cancel_has_another_image(name):
    assert abs(sp.N(OTHERS[name], 40)) > 1e-30
    assert image(OTHERS[name], GenericPoint()) != 0
    assert not is_exact(real(OTHERS[name]))


def test_what_no_rule_shows_stays_a_ball():
    number = (2 + sqrt(5)) ** R(1, 3) - (1 + sqrt(5)) / 2
    assert not is_exact(real(number)) and real(number).contains(0)


def test_odd_symbols_and_powers():
    point = GenericPoint()
    m, x = point.modulus, point.symbol("x")
    assert point.odd("f", x) == m - point.odd("f", m - x) and point.odd("f", 0) == 0
    third, half = point.power(x, Fraction(1, 3)), point.power(x, Fraction(-1, 2))
    assert pow(third, 3, m) == x and pow(half, 2, m) * x % m == 1
    for p in (2, 23, 29, 31, 37, 41):  # squares modulo both primes, and others
        root, whole = (point.power_of_prime(p, Fraction(n, 2)) for n in (1, 3))
        assert whole == p * root % m
        assert pow(root, 2, m) == p or p > 23


small = st.integers(1, 30)


@given(st.lists(st.tuples(st.integers(-3, 3), small, small), min_size=1, max_size=4))
def test_sums_of_angles_against_gaussian_integers(terms):
    """sum n_i atan(b_i/a_i) is a multiple of pi/4 exactly where the product of (a_i + b_i i)^n_i lies on an axis or a diagonal."""
    x, y = 1, 0
    for n, a, b in terms:
        for _ in range(abs(n)):
            s = b if n > 0 else -b
            x, y = x * a - y * s, x * s + y * a
    angle = sp.Add(*(n * sp.atan(R(b, a)) for n, a, b in terms))
    found = real(angle / pi) if angle else real(0)
    assert is_exact(found) == (x == 0 or y == 0 or abs(x) == abs(y))
    if is_exact(found):
        with mpmath.workdps(60):
            value = sum(n * mpmath.atan(mpmath.mpf(b) / a) for n, a, b in terms) / mpmath.pi
            assert abs(value - mpmath.mpf(int(found.p)) / int(found.q)) < 1e-50


@examples(60)
@given(st.fractions(min_value=-1, max_value=1, max_denominator=40))
def test_symmetries_at_random_arguments(c):
    c = R(c.numerator, c.denominator)
    assert real(sp.acos(c) + sp.acos(-c) - pi) == 0
    assert real(sp.acos(c) + sp.asin(c) - pi / 2) == 0
    if abs(c) < 1:
        assert real(sp.atan(c / sqrt(1 - c**2)) - sp.asin(c)) == 0


@given(st.lists(st.tuples(st.fractions(min_value=-3, max_value=3, max_denominator=6), st.integers(2, 60)), min_size=1, max_size=4))  # fmt: skip
def test_products_of_roots_and_sums_of_logarithms(terms):
    """prod n_i^q_i is rational exactly where every prime has a whole exponent; sum q_i log n_i is 0 where all exponents are."""
    exponents: dict[int, Fraction] = {}
    for q, n in terms:
        for p, e in sp.factorint(n).items():
            exponents[p] = exponents.get(p, Fraction(0)) + q * e
    powers = [sp.Pow(n, R(q.numerator, q.denominator)) for q, n in terms]
    logs = [R(q.numerator, q.denominator) * sp.log(n) for q, n in terms]
    whole = all(q.denominator == 1 for q in exponents.values())
    expected = sp.Mul(*(R(p) ** int(q) for p, q in exponents.items())) if whole else None
    # roots of larger primes may be symbols, whose powers are not seen to be whole again
    assume(all(q.denominator == 1 or p <= 23 for q, n in terms for p in sp.factorint(n)))
    found = image(sp.Mul(*powers, evaluate=False), GenericPoint())
    if whole:
        assert found == GenericPoint().of_rational(Fraction(int(expected.p), int(expected.q)))
    assert (image(sp.Add(*logs), GenericPoint()) == 0) == (not any(exponents.values()))


def test_atan_and_erfc_are_enclosed():
    for number, value in ((sp.atan(R(1, 3)), mpmath.atan), (sp.erfc(R(1, 3)), mpmath.erfc)):
        with precision(200), mpmath.workdps(70):
            ball = from_arb(enclosure(number))
            expected = Fraction(mpmath.nstr(value(mpmath.mpf(1) / 3), 65))
        assert ball.radius < Fraction(1, 10**50)
        assert abs(ball.midpoint - expected) <= ball.radius + Fraction(1, 10**60)


def test_numbers_of_any_size():
    large = R(10) ** 10000
    assert real(sp.log(large) - 10000 * sp.log(10)) == 0
    assert real(sp.acos(1 / large) + sp.acos(-1 / large) - pi) == 0
    assert real(sp.atan(large) + sp.atan(1 / large) - pi / 2) == 0
    assert real(sp.Mul(sqrt(10), sqrt(10) ** 9999, evaluate=False) - 10**5000) == 0
