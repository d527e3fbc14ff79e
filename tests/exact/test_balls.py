"""Balls, their text, and the proof that comes with eigenvalues of ball matrices.

The eigenvalues are known beforehand: matrices are built from exact orthogonal ones, or have integer spectra, repeats and zeros included.
"""

from fractions import Fraction
from threading import Event, Thread

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given
from hypothesis import strategies as st

from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import Ball, BallMatrix, ExactMatrix
from symkern.exact.ball_matrices import symmetric_eigenvalues, symmetrized
from symkern.exact.balls import ball_sum, bits_in_force, precision
from symkern.exact.dual_activations import angle, relu_dual
from symkern.exact.forms import exact_operator
from symkern.exact.reals import fixed_point, is_exact, real

FRACTIONS = st.fractions(min_value=-50, max_value=50, max_denominator=60)


@given(FRACTIONS, st.integers(0, 12))
def test_printed_digits_are_certain(middle, places):
    """Both ends of the ball are within one unit of the last digit printed."""
    ball = Ball(middle, Fraction(1, 10**places))
    text = ball.digits(30)
    if text.startswith("|.|"):
        bound = Fraction(text.split("<= ")[1])
        assert max(abs(ball.lower), abs(ball.upper)) <= bound
        return
    shown = Fraction(text)
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    unit = Fraction(10) ** (int(exponent or 0) - decimals)
    assert abs(ball.lower - shown) <= unit
    assert abs(ball.upper - shown) <= unit


@given(FRACTIONS, st.fractions(min_value=0, max_value=3, max_denominator=1000))
def test_repr_reads_back(middle, radius):
    ball = Ball(middle, radius)
    assert eval(repr(ball)) == ball  # noqa: S307 - a repr is read back
    assert hash(eval(repr(ball))) == hash(ball)  # noqa: S307 - a repr is read back


def test_balls_do_not_mix_with_exact_numbers():
    with pytest.raises(TypeError):
        Ball(1) + 1
    with pytest.raises(TypeError):
        Ball(1) < 2  # noqa: B015
    assert Ball(1) != 1
    assert float(Ball("0.25", "1e-9")) == 0.25


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((1, -1), InvalidArgument),
        (("x",), InvalidArgument),
        ((0.5,), InvalidType),
        ((True,), InvalidType),
    ],
)
def test_bad_balls(arguments, error):
    with pytest.raises(error):
        Ball(*arguments)


def _reflected(values, seed):
    """An exact symmetric rational matrix with the given eigenvalues: two Householder reflections around a diagonal."""
    rng = np.random.default_rng(seed)
    size = len(values)
    matrix = sp.diag(*map(sp.Rational, map(str, values)))
    for _ in range(2):
        u = sp.Matrix([int(t) for t in rng.integers(-3, 4, size)])
        if not u.dot(u):
            continue
        h = sp.eye(size) - 2 * u * u.T / u.dot(u)
        matrix = h * matrix * h
    return matrix


def _balls(matrix, radius=0):
    return BallMatrix(
        [
            [Ball(Fraction(int(e.p), int(e.q)), radius) for e in matrix.row(i)]
            for i in range(matrix.rows)
        ]
    )


@example(
    values=[Fraction(0), Fraction(-10, 3), Fraction(8, 3), Fraction(-10, 3), Fraction(8, 3)], seed=0
)
@given(
    st.lists(st.fractions(min_value=-4, max_value=4, max_denominator=3), min_size=1, max_size=6),
    st.integers(0, 99),
)
def test_eigenvalues_are_enclosed(values, seed):
    """Repeats and zeros included, and tightly."""
    found = symmetric_eigenvalues(_balls(_reflected(values, seed)))
    for ball, value in zip(found, sorted(values, reverse=True), strict=True):
        assert ball.contains(value)
        assert ball.radius < Fraction(1, 10**50)


def test_repeated_eigenvalues_of_a_large_matrix():
    """The all-ones matrix: one eigenvalue n and n - 1 zeros."""
    found = symmetric_eigenvalues(_balls(sp.ones(24, 24)))
    assert found[0].contains(24)
    assert all(ball.contains(0) and not ball.excludes_zero for ball in found[1:])


def test_radii_reach_the_eigenvalues():
    """A matrix known to 1e-6 has eigenvalues known to no better: both ends of the perturbation are enclosed."""
    radius = Fraction(1, 10**6)
    matrix = _reflected([3, 1, 1, 0], 5)
    found = symmetric_eigenvalues(_balls(matrix, radius))
    shifted = matrix + radius.numerator * sp.ones(4, 4) / radius.denominator
    exact = np.linalg.eigvalsh(np.array(shifted.tolist(), dtype=float))[::-1]
    for ball, value in zip(found, exact, strict=True):
        assert abs(float(ball) - value) <= float(ball.radius) + 1e-14
        assert ball.radius >= radius


def test_symmetrized_has_the_eigenvalues_of_the_block():
    metric = ExactMatrix.from_rows([[2, 1], [1, 3]])
    form = sp.Matrix([[1, 2], [2, 7]])
    block = metric.to_sympy().inv() * form
    found = symmetric_eigenvalues(symmetrized(ExactMatrix.from_rows(block.tolist()), metric))
    expected = sorted(map(float, block.eigenvals()), reverse=True)
    assert np.allclose([float(e) for e in found], expected, rtol=1e-14)


def test_operator_is_reduced_to_its_range():
    """Rank one of size three: the block is the trace of the whole."""
    form = np.array([[1, 2, 3], [2, 4, 6], [3, 6, 9]], dtype=object)
    gram = np.array([[2, 0, 0], [0, 1, 0], [0, 0, 3]], dtype=object)
    block, metric = exact_operator(form, gram, [Fraction(1, 2), Fraction(1, 3), Fraction(1)], 5)
    assert block.to_sympy() == sp.Matrix([[(sp.Rational(1, 4) + sp.Rational(4, 3) + 3) / 5]])
    assert metric.shape == (1, 1)
    assert exact_operator(0 * form, gram, [Fraction(1)] * 3, 1) is None


def test_sum_of_balls():
    assert ball_sum([Ball(1, 2), Ball(3, 4), sp.Rational(1, 2)]) == Ball("4.5", 6)


@pytest.mark.parametrize("r", [-1, -0.5, 0, 0.25, 1])
def test_gaussian_duals_by_quadrature(r):
    """E relu relu and E erf erf against a sum over a grid of angles (polar coordinates)."""
    from math import erf

    p, q = 1.5, 2.25
    c = r * 1.5
    rho = c / (p * q) ** 0.5
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    u = p**0.5 * nodes[:, None]
    w = q**0.5 * (rho * nodes[:, None] + (1 - rho**2) ** 0.5 * nodes[None, :])
    mass = weights[:, None] * weights[None, :]
    smooth = (np.vectorize(erf)(u) * np.vectorize(erf)(w) * mass).sum()
    arguments = [real(Fraction(t)) for t in (p, q, c)]
    assert (
        abs(
            float(
                real_float(angle(2 * arguments[2], (1 + 2 * arguments[0]) * (1 + 2 * arguments[1])))
            )
            - smooth
        )
        < 1e-4
    )
    kinked = (np.maximum(u, 0) * np.maximum(w, 0) * mass).sum()
    assert abs(real_float(relu_dual(*arguments)) - kinked) < 2e-2


def real_float(number):
    return float(number.p) / float(number.q) if is_exact(number) else float(number)


def test_relu_is_exact_where_it_can_be():
    assert is_exact(relu_dual(real(2), real(2), real(2)))
    assert relu_dual(real(2), real(2), real(2)) == 1
    assert relu_dual(real(2), real(2), real(-2)) == 0
    assert not is_exact(relu_dual(real(1), real(1), real(0)))


def test_fixed_point_is_exact_or_has_a_radius():
    assert fixed_point([real("1/2"), real("1/3")], 64) == ([3, 2], 6, 0)
    (number,), scale, radius = fixed_point([real(sp.pi)], 100)
    assert scale == 1 << 100
    assert 0 < radius < 1 << 60
    assert abs(sp.Rational(number, scale) - sp.pi.n(60)) <= sp.Rational(radius, scale)


def test_reals_refuse_what_is_no_number():
    with pytest.raises(InvalidArgument, match=r"alpha: must be a number"):
        real(sp.Symbol("a"), "alpha")
    with pytest.raises(InvalidArgument, match="finite"):
        real(float("nan"))
    with pytest.raises(InvalidType):
        real("1/2" if False else None)


@pytest.mark.parametrize("power", [4299, 4300, 4301, 20_000])
def test_digits_of_numbers_longer_than_python_prints(power):
    """Python writes no integer of more than 4300 digits; the exponent of a ball is found without writing one."""
    assert Ball(0, Fraction(2, 10**power)).digits() == f"|.| <= 2e-{power}"


def test_threads_do_not_change_each_others_precision():
    """FLINT has one for all of them: a second thread waits until the first has put it back."""
    before, inside = bits_in_force(), Event()

    def second():
        with precision(200):
            inside.set()

    with precision(100), precision(110):
        other = Thread(target=second)
        other.start()
        assert not inside.wait(0.1) and bits_in_force() == 110
    other.join(60)
    assert inside.is_set() and bits_in_force() == before
