"""One attention head: the loss against averages over all subsets, gradients, best values, floats at the edges."""

from __future__ import annotations

from itertools import combinations

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.bounds import selection as room
from symkern.bounds.selection import symbols as s
from symkern.errors import FormulaError, InvalidArgument, InvalidType, SizeMismatch


def averaged_loss(scores: np.ndarray, values: np.ndarray, q: int) -> float:
    """E |V sum_i s_i x_i - STS|^2, the Gaussian mean of |sum B_i x_i|^2 being the sum of |B_i|^2; a loop per subset."""
    T, d = len(scores), len(values)
    total, count = 0.0, 0
    for y in combinations(range(T), q):
        logits = scores[:, list(y)].sum(axis=1)
        weights = np.exp(logits - logits.max())
        weights /= weights.sum()
        for i in range(T):
            total += float(np.sum((weights[i] * values - np.eye(d) * (i in y) / q) ** 2))
        count += 1
    return total / count


@given(st.data())
def test_loss_is_the_population_average(data: st.DataObject) -> None:
    T = data.draw(st.integers(2, 6), "T")
    d, q = data.draw(st.integers(1, 3), "d"), data.draw(st.integers(1, T), "q")
    a, b, c = (data.draw(st.floats(-4, 4), name) for name in "abc")
    full = averaged_loss(a * np.eye(T) + b, c * np.eye(d), q)
    loss = room.population_loss(T, d, q, a, c)
    assert isinstance(loss, float) and abs(loss - full) <= 1e-12 * max(1, full)


def test_loss_by_sampling() -> None:
    """200,000 draws of tokens and subsets, inside four standard errors."""
    T, d, q, a, c = 5, 2, 2, 0.7, 0.9
    rng = np.random.default_rng(6)
    n = 200_000
    x = rng.normal(size=(n, T, d))
    y = np.argsort(rng.random((n, T)), axis=1) < q
    weights = np.exp(a * y)
    weights /= weights.sum(axis=1, keepdims=True)
    output = c * np.einsum("ni,nid->nd", weights, x)
    errors = np.sum((output - np.einsum("ni,nid->nd", y / q, x)) ** 2, axis=1)
    spread = errors.std() / np.sqrt(n)
    assert abs(errors.mean() - room.population_loss(T, d, q, a, c)) < 4 * spread
    assert abs(errors.mean() - room.population_loss(T, d, q, 1.1 * a, c)) > 4 * spread


def test_gradient_and_best_value_are_those_of_the_loss() -> None:
    loss = room.population_loss()
    by_a, by_c = room.loss_gradient()
    assert sp.simplify(sp.diff(loss, s.a) - by_a) == 0
    assert sp.simplify(sp.diff(loss, s.c) - by_c) == 0
    best = room.best_value()
    assert sp.simplify(by_c.subs(s.c, best)) == 0
    assert sp.simplify(loss.subs(s.c, best) - room.best_loss()) == 0
    assert sp.limit(room.best_value(6, 2), s.a, sp.oo) == 1


@given(st.integers(2, 50), st.integers(1, 5), st.integers(1, 50), st.floats(-300, 300), st.floats(-3, 3))  # fmt: skip
def test_floats_keep_their_digits(T: int, d: int, q: int, a: float, c: float) -> None:
    """Against 60 digits, near c = 1 as well, where the loss is a difference of close numbers."""
    q = min(q, T)
    with mp.workdps(340):
        for value in (c, 1.0 + c * 2.0**-30):
            score = mp.exp(mp.mpf(a))
            whole = q * score + T - q
            inside, outside = score / whole, 1 / whole
            exact = d * (q * (value * inside - mp.mpf(1) / q) ** 2 + (T - q) * (value * outside) ** 2)  # fmt: skip
            loss = room.population_loss(T, d, q, a, value)
            scale = d * (q * (2.0**-50 * (abs(value) + 1)) ** 2)
            assert abs(loss - exact) <= 1e-12 * exact + scale
            slopes = room.loss_gradient(T, d, q, a, value)
            excess = value * inside - mp.mpf(1) / q
            by_c = 2 * d * (q * inside * excess + (T - q) * value * outside**2)
            by_a = 2 * d * q * (T - q) * value * inside * outside * (excess - value * outside)
            assert abs(slopes[0] - by_a) <= 1e-11 * (abs(by_a) + abs(value) * d) + 1e-300
            assert abs(slopes[1] - by_c) <= 1e-11 * (abs(by_c) + abs(value) * d) + 1e-300
            best = inside / (q * inside**2 + (T - q) * outside**2)
            assert abs(room.best_value(T, q, a) - best) <= 1e-12 * best
            least = mp.mpf(d) / q * (T - q) / (q * score**2 + T - q)
            assert abs(room.best_loss(T, d, q, a) - least) <= 1e-11 * least + 1e-300


@pytest.mark.parametrize("a", [-3.0, -1.0, -0.25, 0.0, 0.25, 2.0])
@pytest.mark.parametrize(("T", "q"), [(6, 2), (9, 5), (4, 4), (3, 1)])
def test_best_values_at_moderate_scores(T: int, q: int, a: float) -> None:
    """min over c of the loss, a quadratic in c with the weights p inside and r outside: d (q (c p - 1/q)^2 + (T - q) c^2 r^2)."""
    p = np.exp(a) / (q * np.exp(a) + T - q)
    r = 1 / (q * np.exp(a) + T - q)
    square, linear = q * p**2 + (T - q) * r**2, 2 * p
    assert room.best_value(T, q, a) == pytest.approx(linear / (2 * square), rel=1e-12)
    least = 3 * (1 / q - linear**2 / (4 * square))
    assert room.best_loss(T, 3, q, a) == pytest.approx(least, rel=1e-12, abs=1e-15)


def test_extreme_scores_do_not_overflow() -> None:
    with np.errstate(all="raise", under="ignore"):
        assert room.population_loss(6, 2, 2, 1e5, 1.0) == 0
        assert room.population_loss(6, 2, 2, -1e5, 0.0) == 1.0
        assert room.attention_weights(6, 2, 1e5) == (0.5, 0.0)
        assert room.attention_weights(6, 2, -1e5) == (0.0, 0.25)
        assert room.best_loss(6, 2, 2, -1e5) == 1.0
        assert room.loss_gradient(6, 2, 6, -1e5, 1.0) == (0.0, 0.0)
        assert room.population_loss(6, 2, 6, -1e5, 1.0) == 0.0


def test_exact_values_and_symbols() -> None:
    assert room.population_loss(6, 2, 2, sp.log(3), 1) == sp.Rational(6, 25)
    assert room.population_loss(6, 2, 2, 0, "1/2") == sp.Rational(3, 4)
    assert room.population_loss(6, 2, 2, "0", 0.5) == pytest.approx(0.75, rel=1e-15)
    assert room.population_loss(s.T, s.d, s.T, s.a, 1) == 0
    assert room.population_loss(c=0).equals(s.d / s.q)
    inside, outside = room.attention_weights()
    assert sp.simplify(s.q * inside + (s.T - s.q) * outside) == 1
    assert not room.population_loss(6, 2, 2, 1, 1).has(sp.Float)


def test_arrays_broadcast() -> None:
    a, c = np.linspace(-1, 3, 5)[:, None], np.linspace(0, 2, 3)
    found = room.population_loss(6, 2, 2, a, c)
    assert found.shape == (5, 3) and found.dtype == float
    assert found[4, 2] == room.population_loss(6, 2, 2, 3.0, 2.0)
    lengths = np.array([4, 10**6, 2**60])
    long = room.population_loss(lengths, 2, 2, 1.5, 1.0)
    assert np.allclose(long, [room.population_loss(int(n), 2, 2, 1.5, 1.0) for n in lengths])
    exact = room.population_loss(lengths, 2, 2, 0, 1)
    assert exact.dtype == object and exact[2] == 2 * (sp.Rational(1, 2) - sp.Rational(1, 2**60))
    slopes = room.loss_gradient(np.array([4, 5]), 2, 2, 0, 1)
    assert [x.dtype for x in slopes] == [object, object] and slopes[1][0] == 0
    assert isinstance(room.population_loss(6, 2, 2, np.float32(1), 1), float)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1, 2, 1, 0, 0), InvalidArgument, "T: must be at least 2, but it is 1"),
        ((6, 2, 7, 0.5, 0), InvalidArgument, "q: must be at most T = 6, but it is 7"),
        ((6, 2, 7, 0, 0), InvalidArgument, "q: must be at most T = 6, but it is 7"),
        ((6, 0, 2, 0.5, 0), InvalidArgument, "d: must be at least 1, but it is 0"),
        ((6, 2, 2, float("nan"), 0), InvalidArgument, "a: must be a finite number, but it is nan"),
        ((6, 2, 2, 0.5, float("inf")), InvalidArgument, "c: must be a finite number, but it is inf"),
        ((s.T, 2, 2, 0.5, 0), InvalidType, "T: must be an integer where another argument is a float"),
        ((6, 2, 2, 0.5, s.c), InvalidArgument, "c: must be a number: give every symbol a value"),
        ((6, 2, 2, True, 0), InvalidType, "a: must be an exact number"),
        ((6, 2, 2, "system", 0), FormulaError, "a: a name must be one of"),
        ((6.5, 2, 2, 0.5, 0), InvalidType, "T: must be an integer"),
        ((np.array([5, 6]), 2, 2, np.zeros(3), 0), SizeMismatch, "arrays: must broadcast"),
        ((np.array([5, 1]), 2, 1, 0.5, 0), InvalidArgument, "T: must be at least 2, but it is 1"),
    ],
)  # fmt: skip
def test_bad_input(arguments: tuple[object, ...], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        room.population_loss(*arguments)
