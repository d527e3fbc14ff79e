"""Images of irrational numbers at a point of a finite field: the rules that they keep, and the ranks that they give."""

from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.exact.dual_activations import angle, relu_dual
from symkern.exact.generic_points import GenericPoint, Traced, generic_rank, settled, traced_at
from symkern.exact.reals import absolute, exponential, maximum_zero, real

fractions = st.fractions(min_value=-5, max_value=5, max_denominator=30)


def at_point():
    return traced_at(GenericPoint())


@given(fractions, fractions)
def test_exponentials_multiply(a, b):
    with at_point():
        product = exponential(real(a)) * exponential(real(b))
        together = exponential(real(a + b))
        difference = product - together
    if isinstance(difference, Traced):
        assert difference.residue == 0 and difference.ball.contains(0)
    else:
        assert difference == 0


@given(fractions, fractions, st.integers(0, 4))
def test_arithmetic_is_a_homomorphism(a, b, power):
    """(e + a)^n (b - e)/(e + 3) by numbers that are traced, and by their residues alone."""
    with at_point():
        e = exponential(real(Fraction(1, 3)))
        point = GenericPoint()
        m, t = point.modulus, e.residue
        value = (e + real(a)) ** power * (real(b) - e) / (e + 3)
        a, b = point.of_rational(a), point.of_rational(b)
    expected = pow(t + a, power, m) * (b - t) * pow(t + 3, -1, m) % m
    assert value.residue == expected


def test_functions_keep_their_rules():
    with at_point():
        e, f = exponential(real(1)), exponential(real(2))
        assert relu_dual(e, e, e).residue == (e / 2).residue
        one, scaled = relu_dual(e, f, real(1)), relu_dual(3 * e, 3 * f, real(3))
        assert scaled.residue == (3 * one).residue
        assert relu_dual(f, e, real(1)).residue == one.residue
        assert (
            angle(real(-2), (1 + 2 * e) * (1 + 2 * f)) + angle(real(2), (1 + 2 * f) * (1 + 2 * e))
        ).residue == 0
        assert angle(real(0), (1 + 2 * e) * (1 + 2 * f)) == 0
        assert maximum_zero(1 - e) == 0 and maximum_zero(e - 1).residue == (e - 1).residue
        assert absolute(1 - e).residue == (e - 1).residue
        root = real(sp.sqrt(2)) * 3
        assert root.residue == real(3 * sp.sqrt(2)).residue
        assert real(sp.exp(sp.Rational(2, 3))).residue == exponential(real("2/3")).residue


@given(fractions)
def test_what_cancels_is_exact_again(a):
    with at_point():
        e = exponential(real(Fraction(2, 7)))
        back = settled(e / 3 + real(a) - e / 3)
        assert back == real(a) and not isinstance(back, Traced)
        assert isinstance(settled(e), Traced)
        again = exponential(e + real(a) - e)
        assert getattr(again, "residue", 1) == getattr(exponential(real(a)), "residue", 1)


def test_only_exponentials_are_noticed():
    point = GenericPoint()
    with traced_at(point):
        exponential(real("1/2")) + real(sp.E)
        assert point.is_exponential
        real(sp.sqrt(3))
    assert not point.is_exponential


def test_rank_of_functions():
    """A Gram matrix of (1, e^(t_i)): rank 2, whatever digits say of its third eigenvalue."""
    with at_point():
        values = [exponential(real(Fraction(i, 7))) for i in range(1, 6)]
        rows = [[(a * b + 1).residue for b in values] for a in values]
        shifted = [row[:] for row in rows]
        shifted[4][4] += 1
    assert generic_rank(rows) == 2
    assert generic_rank(shifted) == 3
    assert generic_rank([]) == 0


@pytest.mark.parametrize(
    ("seed", "size"), [(0, 4), *(pytest.param(s, 5, marks=pytest.mark.wide) for s in range(10))]
)
def test_ranks_against_sympy(seed, size):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(-3, 4, (size, 2)), rng.integers(-3, 4, (size, size - 2))
    t = sp.Symbol("t")
    symbolic = sp.Matrix(a @ a.T) * t**2 + sp.Matrix(b @ b.T) / (t + 1)
    with at_point():
        e = exponential(flint.fmpq(1, 5))
        rows = [[(int(x) * e**2 + int(y) / (e + 1)).residue for x, y in zip(r, s, strict=True)]
                for r, s in zip(a @ a.T, b @ b.T, strict=True)]  # fmt: skip
    assert generic_rank(rows) == symbolic.rank(simplify=True)


def test_the_primes_are_safe_primes():
    """The squares modulo P are a group of prime order (P - 1)/2, in which every denominator has an inverse."""
    from symkern.exact.generic_points import _PRIMES

    assert all(sp.isprime(p) and sp.isprime((p - 1) // 2) and p < 1 << 62 for p in _PRIMES)
    assert len(set(_PRIMES)) == 2
