"""The eigenlearning equations: against mpmath and scipy, published values, limits, and laws."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.optimize import brentq

from symkern.abc import L, sigma2
from symkern.bounds import Eigenlearning, ExactEigenlearning, eigenlearning
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch
from tests.search import examples


def reference(eigenvalues, multiplicities, n, ridge):
    """log kappa by bisection, with all digits between the largest of the terms that cancel and the smallest."""
    numbers = [Fraction(e) for e in (*eigenvalues, ridge) if e]
    sizes = [e.numerator.bit_length() - e.denominator.bit_length() for e in numbers]
    bits = max(*sizes, 0) - min(*sizes, 0) + sum(multiplicities).bit_length() + int(n).bit_length()
    with mpmath.workprec(bits + 150):
        *modes, delta, samples = (
            mpmath.mpf(e.numerator) / e.denominator for e in map(Fraction, (*eigenvalues, ridge, n))
        )

        def balance(t):
            kappa = mpmath.exp(t)
            learned = sum(m * e / (e + kappa) for e, m in zip(modes, multiplicities, strict=True))
            return learned + delta / kappa - samples

        low, high = mpmath.mpf(-bits - 3), mpmath.mpf(bits + 3)
        for _ in range(64 + bits.bit_length()):
            middle = (low + high) / 2
            low, high = (middle, high) if balance(middle) > 0 else (low, middle)
        return float((low + high) / 2)


@pytest.mark.floor
def test_published_check_value():
    """S/L^2 with L = 8, v = 4, alpha = beta = 1: eigenvalues 28/64, 10/256, 2/256, seen 1, 3 and 21 times."""
    found = eigenlearning([28 / 64, 10 / 256, 2 / 256], [1, 3, 21], n=32, ridge=0.01)
    assert found.kappa == pytest.approx(0.001046, abs=5e-7)
    assert found.learnabilities == pytest.approx([0.99761, 0.97392, 0.88192], abs=5e-6)
    assert found.overfitting == pytest.approx(2.70597, abs=5e-6)


modes = st.lists(
    st.tuples(st.floats(-200, 3).map(lambda e: 10.0**e), st.integers(1, 10**6)),
    min_size=1,
    max_size=6,
)
ridges = st.one_of(st.just(0.0), st.floats(-150, 3).map(lambda e: 10.0**e))
samples = st.one_of(st.integers(1, 20), st.floats(0, 9).map(lambda e: float(round(10.0**e))))


@examples(50)
@given(modes, samples, ridges)
@example([(1.0, 1), (1e-102, 1)], 1, 0.0)  # kappa = 1e-51
@example([(1.0, 1), (1e-300, 1)], 1, 0.0)
@example([(1.0, 3), (1e-100, 4), (1e-300, 10**6)], 7, 0.0)
@example([(1.0, 2), (1e-150, 5)], 7, 1e-290)
def test_kappa_to_rounding_beside_mpmath(plan, n, ridge):
    eigenvalues, counts = zip(*plan, strict=True)
    found = eigenlearning(list(eigenvalues), list(counts), n=float(n), ridge=ridge)
    if ridge == 0 and n >= sum(counts):
        assert found.kappa == 0.0
        return
    expected = reference(eigenvalues, counts, int(n), ridge)
    assert abs(found.log_kappa - expected) <= 3e-14 * max(1.0, abs(expected))


far = st.builds(
    lambda digit, power: Fraction(digit, 10**power), st.integers(1, 9), st.integers(0, 900)
)
far_modes = st.lists(
    st.tuples(far, st.one_of(st.integers(1, 3), st.integers(1, 10**6))), min_size=3, max_size=5
)


@examples(12)
@given(far_modes, st.integers(1, 4), st.one_of(st.just(0), far))
@example([(Fraction(1), 887303), (Fraction(1, 10**418), 2), (Fraction(1, 10**1296), 297963)], 2, 0)
@example(
    [(Fraction(1), 859497), (Fraction(1, 10**60), 235929), (Fraction(1, 10**882), 1)],
    2,
    Fraction(1, 10**900),
)
def test_roots_between_modes_further_apart_than_floats_reach(plan, among, ridge):
    """Where n counts the first modes, kappa balances what they lack against the rest, both of them under the floats."""
    plan = sorted(plan, reverse=True)
    eigenvalues, counts = zip(*plan, strict=True)
    n = sum(counts[:among])
    found = eigenlearning(list(eigenvalues), list(counts), n=float(n), ridge=ridge)
    if ridge == 0 and n >= sum(counts):
        assert found.kappa == 0.0
        return
    expected = reference(eigenvalues, counts, n, ridge)
    assert abs(found.log_kappa - expected) <= 3e-14 * max(1.0, abs(expected))


@pytest.mark.parametrize("extra", [1, 129, 300])
def test_more_modes_than_floats_can_count(extra):
    """The rank is above n, or equal to it, by less than the spacing of floats there."""
    n, counts = 2.0**60, [2**60 - 5, 5 + extra]
    found = eigenlearning([1.0, 0.5], counts, n=n)
    expected = reference([1, 0.5], counts, n, 0)
    assert found.log_kappa == pytest.approx(expected, rel=1e-13)
    assert eigenlearning([1.0, 0.5], [2**60 - 5, 5], n=n).kappa == 0.0
    assert eigenlearning([1.0, 0.5, 0.1], [2**60 - 5, 5, 3], n=n).kappa > 0


@pytest.mark.floor
def test_kappa_beside_scipy():
    rng = np.random.default_rng(5)
    for _ in range(20):
        eigenvalues, counts = 10 ** rng.uniform(-3, 0, 5), rng.integers(1, 50, 5)
        n, ridge = float(rng.integers(1, 300)), 10 ** rng.uniform(-4, 0)

        def balance(kappa, eigenvalues=eigenvalues, counts=counts, n=n, ridge=ridge):
            return (counts * eigenvalues / (eigenvalues + kappa)).sum() + ridge / kappa - n

        expected = brentq(balance, 1e-12, 1e6, xtol=1e-300, rtol=1e-14)
        found = eigenlearning(eigenvalues, counts, n=n, ridge=ridge)
        assert found.kappa == pytest.approx(expected, rel=1e-11)


@given(modes, samples, ridges)
def test_learnabilities_and_ridge_add_up_to_n(plan, n, ridge):
    eigenvalues, counts = (list(e) for e in zip(*plan, strict=True))
    found = eigenlearning(eigenvalues, counts, n=float(n), ridge=ridge)
    learned = float(np.dot(counts, found.learnabilities))
    assert learned + found.train_ratio * n == pytest.approx(n, rel=1e-11)
    assert found.overfitting >= 1.0


@given(modes, ridges)
def test_monotone_in_n_and_in_the_ridge(plan, ridge):
    eigenvalues, counts = (list(e) for e in zip(*plan, strict=True))
    n = np.unique(np.round(np.logspace(0, 8, 30)))
    found = eigenlearning(eigenvalues, counts, n=n, ridge=ridge)
    assert (np.diff(found.learnabilities, axis=0) >= -1e-12).all()
    more = eigenlearning(eigenvalues, counts, n=n, ridge=2 * ridge + 1e-3)
    assert (more.learnabilities <= found.learnabilities + 1e-12).all()


def test_without_ridge_the_limits_are_taken():
    """kappa = 0 from n = rank on; E0 blows up there, and functions in the span are interpolated exactly."""
    found = eigenlearning([1.0, 0.5, 0.0], [3, 4, 9], n=[6, 7, 8, 28])
    assert found.kappa[0] > 0
    assert list(found.kappa[1:]) == [0, 0, 0]
    assert found.learnabilities[1:].tolist() == [[1, 1, 0]] * 3
    assert found.overfitting.tolist()[1:] == [np.inf, 8.0, 28 / 21]
    assert found.test_error([1, 1, 0])[1:].tolist() == [0, 0, 0]
    assert found.test_error([1, 1, 0.5])[1:].tolist() == [np.inf, 4.0, 14 / 21]
    noisy = found.test_error([1, 1, 0], noise=0.25)
    assert noisy[1:].tolist() == [np.inf, 2.0, 7 / 21]
    # Ordinary least squares: residuals of n points on rank functions are (n - rank)/n of the noise.
    assert found.train_error([1, 1, 0], noise=0.25) == pytest.approx([0, 0, 0.25 / 8, 0.25 * 0.75])


def test_limits_are_those_of_a_small_ridge():
    at = {"n": np.array([3.0, 6, 8, 40]), "ridge": 1e-18}
    small = eigenlearning([1.0, 0.5, 0.0], [3, 4, 9], **at)
    none = eigenlearning([1.0, 0.5, 0.0], [3, 4, 9], n=at["n"])
    for noise in (0, 0.3):
        for energies in ([1, 2, 0], [1, 0, 2]):
            for name in ("test_error", "train_error"):
                a, b = (getattr(f, name)(energies, noise) for f in (small, none))
                assert a == pytest.approx(b, rel=1e-6, abs=1e-9)


def test_numbers_that_no_float_holds():
    """Multiplicities and eigenvalues beyond the range of floats; only products matter."""
    huge, tiny = 10**400, Fraction(1, 10**400)
    found = eigenlearning([tiny, 1.0], [huge, 3], n=[2, 32], ridge=0.01)
    # The many small modes act as a ridge of huge * tiny = 1.
    same = eigenlearning([1.0], [3], n=[2, 32], ridge=1.01)
    assert found.kappa == pytest.approx(same.kappa, rel=1e-12)
    assert found.learnabilities[:, 0].tolist() == [0, 0]
    assert eigenlearning([1.0], [huge], n=1.0).log_kappa == pytest.approx(400 * np.log(10))
    assert eigenlearning([sp.Rational(1, 10**400)], [5], n=2.0).log_kappa == pytest.approx(
        np.log(1.5) - 400 * np.log(10)
    )


def test_close_to_interpolation_integers_cancel_exactly():
    rank = 10**9
    found = eigenlearning([1.0], [rank], n=float(rank - 1))
    assert found.kappa == pytest.approx(1 / (rank - 1), rel=1e-13)


def test_a_degenerate_eigenvalue_may_be_listed_or_counted():
    a = eigenlearning([0.5, 0.5, 0.5, 0.1], n=[2, 5], ridge=0.1)
    b = eigenlearning([0.5, 0.1], [3, 1], n=[2, 5], ridge=0.1)
    assert a.kappa == pytest.approx(b.kappa, rel=1e-14)
    assert a.test_error([1, 1, 1, 2]) == pytest.approx(b.test_error([3, 2]), rel=1e-13)


def test_rows_of_eigenvalues_and_of_n():
    rows = [[1.0, 0.5], [0.3, 0.02]]
    counts = [[2, 3], [4, 7]]
    n = np.array([1, 5, 50])
    found = eigenlearning(rows, counts, n=n, ridge=0.1)
    assert found.kappa.shape == (2, 3)
    assert found.learnabilities.shape == (2, 3, 2)
    for r in range(2):
        for i in range(3):
            single = eigenlearning(rows[r], counts[r], n=float(n[i]), ridge=0.1)
            assert isinstance(single.kappa, float)
            assert single.kappa == pytest.approx(found.kappa[r, i], rel=1e-14)
            error = found.test_error([[1, 2], [3, 4]], noise=0.1)[r, i]
            assert single.test_error([[1, 2], [3, 4]][r], 0.1) == pytest.approx(error, rel=1e-13)
    with pytest.raises(ValueError, match="read-only"):
        found.kappa[0, 0] = 1


@examples(40)
@given(
    st.fractions(Fraction(1, 100), 10),
    st.integers(1, 50),
    st.integers(1, 80),
    st.fractions(0, 3),
)
def test_one_eigenvalue_is_solved_exactly(e, m, n, ridge):
    exact = eigenlearning([e, 0], [m, 2], n=n, ridge=ridge)
    assert isinstance(exact, ExactEigenlearning)
    floating = eigenlearning([float(e), 0.0], [m, 2], n=n, ridge=float(ridge))
    assert isinstance(floating, Eigenlearning)
    assert float(exact.kappa) == pytest.approx(floating.kappa, rel=1e-11, abs=1e-300)
    if ridge or n < m:
        k = exact.kappa
        e, ridge = sp.Rational(str(e)), sp.Rational(str(ridge))
        assert k > 0
        assert sp.expand(m * e * k + ridge * (e + k) - n * k * (e + k)) == 0
    for name in ("test_error", "train_error"):
        a, b = getattr(exact, name)([1, "1/3"], "1/5"), getattr(floating, name)([1, 1 / 3], 0.2)
        assert float(a) == pytest.approx(b, rel=1e-9, abs=1e-12)


@given(st.integers(1, 5), st.integers(6, 9), st.integers(1, 5), st.integers(1, 12))
def test_two_eigenvalues_without_ridge_are_solved_exactly(p, q, m, n):
    exact = eigenlearning([p, q], [m, 4], n=n)
    assert isinstance(exact, ExactEigenlearning)
    floating = eigenlearning([float(p), float(q)], [m, 4], n=n)
    assert float(exact.kappa) == pytest.approx(floating.kappa, rel=1e-12)


def test_exact_numbers_stay_exact_to_the_last_digit():
    """Large coefficients: every digit of kappa is right, and the sums hold exactly."""
    e, ridge = sp.Rational(10**30 + 7, 10**31 + 1), sp.Rational(10**25 + 3, 10**27)
    found = eigenlearning([e], [10**6], n=10**5, ridge=ridge)
    k = found.kappa
    assert sp.expand(10**6 * e * k + ridge * (e + k) - 10**5 * k * (e + k)) == 0
    [share] = found.learnabilities
    assert sp.expand(share * (e + k) - e) == 0
    assert sp.expand(found.overfitting * (10**5 - 10**6 * share**2)) == 10**5


def test_symbols_where_a_closed_form_exists():
    found = eigenlearning([1 / L], [L], n=3, ridge=sigma2)
    at = {L: 7, sigma2: sp.Rational(1, 5)}
    floating = eigenlearning([1 / 7], [7], n=3, ridge=0.2)
    assert float(found.kappa.subs(at)) == pytest.approx(floating.kappa)
    with pytest.raises(NoClosedForm, match="one nonzero eigenvalue"):
        eigenlearning([sp.sqrt(L)], [1], n=3, ridge=sigma2)
    with pytest.raises(NoClosedForm, match="one nonzero eigenvalue"):
        eigenlearning([1 / L, 2 / L], [1, 1], n=3, ridge=sigma2)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1.0], [1], 0, 0), InvalidArgument, r"n: must be at least 1, but it is 0"),
        (([1], [1], 0, 0), InvalidArgument, r"n: must be at least 1"),
        (([1.0], [1], [3, 0.5], 0), InvalidArgument, r"n\[1\]: must be at least 1"),
        (([1.0], [1], float("nan"), 0), InvalidArgument, "n: must be a finite"),
        (([1.0], [1], 3, -1), InvalidArgument, "ridge: must be at least 0"),
        (([1.0], [1], 3, float("nan")), InvalidArgument, "ridge: must be a finite"),
        (([1.0], [1], 3, float("inf")), InvalidArgument, "ridge: must be a finite"),
        (([-1.0], [1], 3, 0), InvalidArgument, r"eigenvalues\[0\]: must be at least 0"),
        (([1.0, float("nan")], [1, 1], 3, 0), InvalidArgument, r"eigenvalues\[1\]"),
        (([1.0], [1, 2], 3, 0), SizeMismatch, "multiplicities: must have one entry"),
        (([1], [1, 2], 3, 0), SizeMismatch, "multiplicities: must have one entry"),
        (([1.0], [-1], 3, 0), InvalidArgument, r"multiplicities\[0\]"),
        (([1.0], [1.5], 3, 0), InvalidType, r"multiplicities\[0\]: must be an integer"),
        (([1.0], [True], 3, 0), InvalidType, r"multiplicities\[0\]: must be an integer"),
        (([True], [1], 3.5, 0), InvalidType, r"eigenvalues\[0\]: must be a real"),
        (([1.0], [1], True, 0), InvalidType, "n: must be a real"),
        (([1.0], [1], "three", 0), InvalidArgument, "n: "),
        (([[1.0], [1.0, 2.0]], None, 3, 0), InvalidArgument, "rows must have one length"),
        (([], [], 3, 0.5), SizeMismatch, "eigenvalues: must be a row"),
        (([1j], [1], 3, 0), InvalidType, r"eigenvalues\[0\]: must be a real"),
    ],
)
def test_bad_input(arguments, error, message):
    eigenvalues, counts, n, ridge = arguments
    with pytest.raises(error, match=message):
        eigenlearning(eigenvalues, counts, n=n, ridge=ridge)


def test_bad_energies():
    found = eigenlearning([1.0, 0.5], n=3)
    with pytest.raises(SizeMismatch, match="energies: must have one entry"):
        found.test_error([1])
    with pytest.raises(InvalidArgument, match=r"energies\[1\]: must be at least 0"):
        found.test_error([1, -1])
    with pytest.raises(InvalidArgument, match="noise: must be at least 0"):
        found.test_error([1, 1], noise=-0.1)
    with pytest.raises(InvalidArgument, match="noise: must not be negative"):
        eigenlearning([1, 2], n=3).test_error([1, 1], noise=-1)


@pytest.mark.sampled(3)
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("n", [1e200, 1e300, [1, 1e150, 1e300]])
@pytest.mark.parametrize("ridge", [0, 1e-300, 0.1])
@pytest.mark.parametrize("eigenvalues", [[1e3, 1e-8, 1e-20], [1e3, 1.0, 1e-20]])
def test_many_samples_do_not_overflow(n, ridge, eigenvalues):
    counts = [1, 10**20, 10**400]
    found = eigenlearning(eigenvalues, counts, n=n, ridge=ridge)
    for samples, log_kappa in zip(np.atleast_1d(n), np.atleast_1d(found.log_kappa), strict=True):
        expected = reference(eigenvalues, counts, float(samples), ridge)
        assert log_kappa == pytest.approx(float(expected), rel=1e-12)
    assert np.isfinite(found.test_error([1, 1, 1])).all()


@pytest.mark.parametrize("n", [10**400, [1, 10**400]], ids=["one", "several"])
def test_more_samples_than_floats_are_refused(n):
    """They were read as the largest float, and kappa with them."""
    with pytest.raises(InvalidArgument, match=r"n: must be at most 1e\+300"):
        eigenlearning([1e3, 1e-20], [1, 2], n=n, ridge=0.1)
    assert isinstance(eigenlearning([1], [1], n=10**400, ridge=1), ExactEigenlearning)
    with pytest.raises(InvalidArgument, match="noise: must be at most"):
        eigenlearning([1.0, 0.5], n=3).test_error([1, 1], noise=10**400)
    with pytest.raises(InvalidArgument, match="energies: must be at most"):
        eigenlearning([1.0, 0.5], n=3).test_error([1, 10**400])
