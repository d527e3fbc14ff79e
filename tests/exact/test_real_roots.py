"""Roots in floating point, against the isolated roots and against their own polynomial."""

from fractions import Fraction
from math import prod

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern.exact import real_roots
from symkern.exact.algebraic import real_root_floats
from tests.search import examples

pytestmark = pytest.mark.floor

RATIONAL = st.fractions(-100, 100, max_denominator=50) | st.sampled_from(
    [Fraction(0), Fraction(1, 10**30), Fraction(-(10**25)), Fraction(10**12 + 1, 10**12)]
)


@examples(100)
@given(st.lists(RATIONAL, min_size=1, max_size=6))
def test_rational_roots_with_their_multiplicities(roots):
    """Clusters, repeats and sizes from 1e-30 to 1e25: each root is the float nearest to it, or next to that."""
    polynomial = prod(
        (flint.fmpz_poly([-q.numerator, q.denominator]) for q in roots), start=flint.fmpz_poly([1])
    )
    found = real_root_floats([int(c) for c in polynomial.coeffs()])
    expected = sorted(map(float, roots), reverse=True)
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        assert abs(a - b) <= abs(b) * 2.0**-52


def test_irrational_roots_and_none():
    coefficients = (9, -264, 2666, -11088, 15876)
    assert real_root_floats(coefficients) == [float(r) for r in real_roots(coefficients)]
    assert real_root_floats((1, 0, 1)) == []
    assert real_root_floats((-2, 0, 1))[0] ** 2 - 2 < 1e-15
