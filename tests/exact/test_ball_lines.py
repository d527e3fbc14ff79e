"""Functions along a line, beside mpmath at each point: enclosed, and narrow; where series do not converge too."""

import flint
import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.exact.ball_lines import (
    Line,
    LineNumber,
    absolute_along,
    angle_along,
    cosine_along,
    exponential_along,
    maximum_zero_along,
    relu_along,
    root_along,
)
from symkern.exact.balls import precision

#: Slopes: such that a series has a few terms, and such that values take less.
SLOPES = ["0", "1e-5", "-0.001", "0.2", "0.9"]


def the_line(number=81):
    """Points from -1 to 1."""
    half = flint.arb(number - 1) / 2
    return Line([(flint.arb(i) - half) / half for i in range(number)])


def require_near(found, expected, line, tolerance="1e-85"):
    """Each value's ball holds what mpmath gives at the point, and is narrow."""
    with mpmath.workdps(120):
        for value, t in list(zip(found.values, line.points, strict=True))[::9]:
            exact = expected(mpmath.mpf(t.mid().str(130, radius=False)))
            near = flint.arb(mpmath.nstr(exact, 110)) + flint.arb(0, "1e-105")
            assert value.overlaps(near)
            assert value.rad() < flint.arb(tolerance)


@pytest.mark.parametrize("slope", SLOPES)
def test_functions_are_enclosed(slope):
    """Of 1/3 + slope t, and of quadratic polynomials in it."""
    asin, sqrt, pi = mpmath.asin, mpmath.sqrt, mpmath.pi
    with precision(300), mpmath.workdps(120):
        line = the_line()
        u = line.linear(flint.arb(1) / 3, flint.arb(slope))
        t_to_u = lambda t: mpmath.mpf(1) / 3 + mpmath.mpf(slope) * t  # noqa: E731
        p, q = flint.arb(2), flint.arb(3)
        require_near(angle_along(u, p), lambda t: 2 / pi * asin(t_to_u(t) / sqrt(2)), line)
        require_near(root_along(p - u * u), lambda t: sqrt(2 - t_to_u(t) ** 2), line)
        over = (u * u + 1) / (root_along(p - u * u) * 2)
        expected = lambda t: (1 + t_to_u(t) ** 2) / (2 * sqrt(2 - t_to_u(t) ** 2))  # noqa: E731
        require_near(over, expected, line)
        require_near(exponential_along(u), lambda t: mpmath.exp(t_to_u(t)), line)
        require_near(cosine_along(u, p, q), lambda t: t_to_u(t) / sqrt(6), line)

        def relu(t):
            r = t_to_u(t)
            return (sqrt(6 - r * r) + r * (pi / 2 + asin(r / sqrt(6)))) / (2 * pi)

        require_near(relu_along(p, q, u), relu, line)
        require_near(absolute_along(u), lambda t: abs(t_to_u(t)), line)
        require_near(maximum_zero_along(u), lambda t: max(t_to_u(t), 0), line)


def test_a_series_is_a_series():
    """The functions of small slopes are polynomials of some ten degrees, those near a corner values."""
    with precision(300):
        line = the_line()
        small = line.linear(1, "0.001")
        assert 5 < angle_along(small, flint.arb(4)).polynomial.degree() < 40
        near = line.linear("0.999", "0.001")
        found = relu_along(flint.arb(1), flint.arb(1), near)
        assert found.polynomial.degree() < 0
        assert all(e.is_finite() for e in found.values)


polynomials = st.lists(st.integers(-9, 9), min_size=1, max_size=9)


@given(polynomials, polynomials, st.integers(0, 4), st.booleans())
def test_arithmetic_point_by_point(first, second, power, tabled):
    """Sums, differences, products, quotients and powers are those of the values."""
    with precision(200):
        line = the_line(5)
        one, two = (LineNumber(line, flint.arb_poly(c)) for c in (first, second))
        if tabled:
            two = two + line.tabulated([flint.arb(i) for i in range(5)])
        pairs = list(zip(one.values, two.values, strict=True))
        for found, expected in (
            (one + two, [a + b for a, b in pairs]),
            (one - two, [a - b for a, b in pairs]),
            (3 - two, [3 - b for _, b in pairs]),
            (one * two, [a * b for a, b in pairs]),
            (two**power, [b**power for _, b in pairs]),
            (two / 7, [b / 7 for _, b in pairs]),
            (one / (two * two + 1), [a / (b * b + 1) for a, b in pairs]),
        ):
            for value, right in zip(found.values, expected, strict=True):
                assert value.overlaps(right)
                assert value.rad() < flint.arb("1e-40")


@pytest.mark.parametrize("slope", SLOPES)
def test_an_angle_by_the_series_of_its_root(slope):
    """With the root of S - r^2 given, the angle takes its inverse, and is the same; the root is multiplied out where it is asked for."""
    with precision(300):
        line = the_line()
        r = line.linear(flint.arb(1) / 3, flint.arb(slope))
        root = root_along(2 - r * r)
        quotient = (r * r + 1) / root / 2
        for found, expected in (
            (angle_along(r, 2, root), angle_along(r, 2)),
            (quotient * root * 2, r * r + 1),
            (root * root, 2 - r * r),
        ):
            pairs = list(zip(found.values, expected.values, strict=True))
            assert all(a.overlaps(b) and a.rad() < flint.arb("1e-80") for a, b in pairs)
