"""Training one head: against gradient flow on the whole of W and V, high precision, late laws, other lengths."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.bounds import selection as room
from symkern.bounds.selection import symbols as s
from symkern.errors import InvalidArgument, InvalidType
from tests.search import examples


def whole_gradient(scores: np.ndarray, values: np.ndarray, q: int) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of the population loss by all entries of W and V, by the chain rule subset by subset."""
    T, d = len(scores), len(values)
    by_scores, by_values, count = np.zeros((T, T)), np.zeros((d, d)), 0
    for y in combinations(range(T), q):
        chosen = np.array([float(i in y) for i in range(T)])
        logits = scores @ chosen
        weights = np.exp(logits - logits.max())
        weights /= weights.sum()
        slope = np.zeros(T)
        for i in range(T):
            error = weights[i] * values - chosen[i] / q * np.eye(d)
            slope[i] = 2 * np.sum(error * values)
            by_values += 2 * weights[i] * error
        by_scores += np.outer((np.diag(weights) - np.outer(weights, weights)) @ slope, chosen)
        count += 1
    return by_scores / count, by_values / count


def whole_flow(T: int, d: int, q: int, time: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Classical Runge-Kutta steps from W = 0, V = 0."""
    state = (np.zeros((T, T)), np.zeros((d, d)))
    h = time / steps

    def moved(slope: tuple[np.ndarray, np.ndarray], by: float) -> tuple[np.ndarray, np.ndarray]:
        return state[0] - by * slope[0], state[1] - by * slope[1]

    for _ in range(steps):
        k1 = whole_gradient(*state, q)
        k2 = whole_gradient(*moved(k1, h / 2), q)
        k3 = whole_gradient(*moved(k2, h / 2), q)
        k4 = whole_gradient(*moved(k3, h), q)
        state = tuple(  # type: ignore[assignment]
            w - h / 6 * (g1 + 2 * g2 + 2 * g3 + g4)
            for w, g1, g2, g3, g4 in zip(state, k1, k2, k3, k4, strict=True)
        )
    return state


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("T", "d", "q"), [(4, 2, 1), (5, 1, 2), (3, 2, 3), (5, 3, 4)])
def test_two_numbers_are_the_whole_flow(T: int, d: int, q: int) -> None:
    """W and V stay in span{I, J} and span{I} to rounding, and their numbers are those of the reduced flow."""
    scores, values = whole_flow(T, d, q, 12.0, 240)
    a = (np.trace(scores) - scores.sum() / T) / (T - 1)
    c = np.trace(values) / d
    assert np.abs(scores - a * (np.eye(T) - 1 / T)).max() < 1e-14
    assert np.abs(values - c * np.eye(d)).max() < 1e-14
    run = room.flow(T, d, q, times=[12.0])
    assert abs(run.a[0] - a) < 1e-7 and abs(run.c[0] - c) < 1e-7
    if q < T:
        assert a > 0.05


@pytest.mark.parametrize(("T", "d", "q"), [(6, 2, 2), (3, 1, 1)])
def test_against_an_explicit_method_of_high_order(T: int, d: int, q: int) -> None:
    """Dormand and Prince's order 8 for da/dt = -(dl/da)/(T-1), dc/dt = -(dl/dc)/d, with SymPy's derivatives."""
    from scipy.integrate import solve_ivp

    slopes = sp.lambdify(
        (s.a, s.c), [sp.diff(room.population_loss(T, d, q), x) for x in (s.a, s.c)]
    )
    times = np.array([0.5, 8.0, 40.0])
    found = solve_ivp(
        lambda t, y: [-x / w for x, w in zip(slopes(*y), (T - 1, d), strict=True)],
        (0, 40), [0.0, 0.0], method="DOP853", t_eval=times, rtol=1e-13, atol=1e-14,
    )  # fmt: skip
    run = room.flow(T, d, q, times=times)
    assert np.abs(run.a - found.y[0]).max() < 1e-9 and np.abs(run.c - found.y[1]).max() < 1e-9


@pytest.mark.sampled(6)
@pytest.mark.parametrize("sizes", [(6, 2, 2), (1000, 4, 3), (5, 1, 4), (2, 1, 1), (100, 64, 50)])
def test_against_another_method_in_other_variables(sizes: tuple[int, int, int]) -> None:
    """Radau in (a, c) and t, as the equations stand, up to 10^7."""
    from scipy.integrate import solve_ivp

    T, d, q = sizes
    times = np.geomspace(1e-1, 1e7, 9)
    other = solve_ivp(
        lambda t, y: [x * w for x, w in zip(room.loss_gradient(T, d, q, *map(float, y)), (-1 / (T - 1), -1 / d), strict=True)],
        (0, 1e7), [0.0, 0.0], method="Radau", t_eval=times, rtol=1e-9, atol=1e-12,
    )  # fmt: skip
    run = room.flow(T, d, q, times=times)
    assert np.allclose(run.a, other.y[0], rtol=0, atol=1e-6)
    assert np.allclose(run.c, other.y[1], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("sizes", [(6, 2, 2), (5, 1, 4), (2, 1, 1), (30, 7, 12), (40, 1, 1)])
def test_late_laws(sizes: tuple[int, int, int]) -> None:
    laws = room.late_times(*sizes)
    run = room.flow(*sizes, times=[1e12])
    at = {s.t: 1e12}
    assert abs(run.loss[0] / float(laws.loss.leading.expression.subs(at)) - 1) < 1e-6
    assert abs(run.excess[0] / float(laws.excess.leading.expression.subs(at)) - 1) < 1e-4
    assert abs(run.a[0] - float(laws.score.subs(at))) < 1e-6
    assert laws.loss.exponent == -1 and laws.excess.exponent == sp.Rational(-1, 2)
    assert run.limit == laws.limit == (sp.oo, 1, 0)


def test_very_long_times() -> None:
    run = room.flow(6, 2, 2, times=[0, 1e12, 1e20, 1e30])
    assert np.allclose(run.loss[1:] * run.t[1:], 5 / 4, rtol=1e-9)
    assert np.all(np.diff(run.a) > 0)


def test_the_slow_flow_and_the_plateau() -> None:
    """At T >> d the value is always at its best: the whole transition is the closed form, the plateau T^2/(4d) long."""
    T, d, q = 3000, 4, 2
    run = room.flow(T, d, q, until=1e9, points=60)
    seen = run.t > 100 * T
    slow = room.slow_time(T, d, q, run.a[seen])
    assert np.allclose(slow, run.t[seen], rtol=2e-2)
    assert np.allclose(run.loss[seen], room.best_loss(T, d, q, run.a[seen]), rtol=3e-2)
    plateau = float(room.late_times(T, d, q).plateau)
    before, after = room.flow(T, d, q, times=[0.8 * plateau, 1.2 * plateau]).loss / (d / q)
    assert before > 0.95 and after < 0.05
    assert sp.limit(room.late_times().plateau / s.T**2, s.T, sp.oo) == 1 / (4 * s.d)
    assert room.slow_time(T, d, q, 1.5) == pytest.approx(float(room.slow_time(T, d, q, "3/2")))


def test_all_selected() -> None:
    run = room.flow(4, 3, 4, times=[0.0, 1.0, 5.0], a0=0.3, c0=-1.0)
    assert np.allclose(run.c, 1 - 2 * np.exp(-2 * run.t / 4)) and np.all(run.a == 0.3)
    assert run.limit == (0.3, 1, 0)
    with pytest.raises(InvalidArgument, match="q: must be below T = 4 for the late laws"):
        run.late  # noqa: B018


@examples(30)
@given(
    st.integers(2, 40), st.integers(1, 4), st.integers(1, 40),
    st.floats(-6, 6), st.floats(-5, 5),
)  # fmt: skip
def test_every_start_leads_down_to_zero(T: int, d: int, q: int, a0: float, c0: float) -> None:
    q = min(q, T - 1)
    run = room.flow(T, d, q, until=1e14, points=40, a0=a0, c0=c0)
    assert run.loss[0] == pytest.approx(room.population_loss(T, d, q, a0, c0), rel=1e-9)
    assert np.all(np.diff(run.loss) <= 1e-9 * run.loss[:-1])
    assert run.loss[-1] == pytest.approx((T - 1) / 4e14, rel=1e-2)


@pytest.mark.parametrize(
    ("sizes", "a0", "c0"),
    [
        ((5, 3, 4), 4.631876939195443, 5.640174062731657),
        ((2, 2, 1), -0.02415647387, -0.02747403412),
    ],
)
def test_where_the_first_integrator_stands_still(
    sizes: tuple[int, int, int], a0: float, c0: float
) -> None:
    """Starts at which LSODA at 1e-12 gives up before 10^14."""
    run = room.flow(*sizes, until=1e14, points=40, a0=a0, c0=c0)
    assert run.loss[-1] == pytest.approx((sizes[0] - 1) / 4e14, rel=1e-6)


def test_a_flow_is_a_value() -> None:
    run = room.flow(6, 2, 2, times=[0, 1, 1, 4])
    assert eval(repr(run), vars(room)) == run and len({run, room.flow(6, 2, 2, times=(0, 1, 1, 4))}) == 1  # noqa: S307  # fmt: skip
    assert run.a[1] == run.a[2] and run.loss[0] == 1.0 and len(run) == 4
    assert room.flow(6, 2, 2, times=0).loss.tolist() == [1.0]
    with pytest.raises(ValueError, match="read-only"):
        run.a[0] = 3
    assert np.allclose(run.loss, room.population_loss(6, 2, 2, run.a, run.c))
    assert room.flow(6, 2, 2, until=7, points=np.int64(3)).times[-1] == pytest.approx(7)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, InvalidArgument, "times: must be given, or until"),
        ({"times": [1], "until": 2}, InvalidArgument, "times: must be given, or until"),
        ({"times": [-1]}, InvalidArgument, "times: must grow from 0 on"),
        ({"times": [2, 1]}, InvalidArgument, "times: must grow from 0 on.*they decrease"),
        ({"times": []}, InvalidArgument, "times: must be a number or a row of numbers"),
        ({"times": [float("nan")]}, InvalidArgument, r"times\[0\]: must be a finite number"),
        ({"times": [1e31]}, InvalidArgument, "times: must grow from 0 on, up to 1e"),
        ({"until": 0}, InvalidArgument, "until: must be above 0"),
        ({"until": 1, "points": 1}, InvalidArgument, "points: must be an integer of at least 2"),
        ({"until": 1, "a0": 1000.0}, InvalidArgument, "a0: must be at most 300"),
        ({"until": 1, "c0": float("inf")}, InvalidArgument, "c0: must be a finite number"),
        ({"until": 1, "a0": s.a}, InvalidArgument, "a0: must be a number"),
    ],
)  # fmt: skip
def test_bad_times(options: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        room.flow(6, 2, 2, **options)  # type: ignore[arg-type]


def test_bad_sizes() -> None:
    for sizes, message in [((1, 1, 1), "T: "), ((4, 1, 5), "q: must be at most T = 4"), ((4, 1, 0), "q: "), ((4, 0, 1), "d: ")]:  # fmt: skip
        with pytest.raises(InvalidArgument, match=message):
            room.flow(*sizes, until=1)
    with pytest.raises(InvalidType, match="T: must be an integer here"):
        room.flow(s.T, 1, 1, until=1)


# -- other lengths ---------------------------------------------------------------------


@given(st.integers(2, 6), st.integers(1, 2), st.integers(1, 4), st.floats(-3, 5), st.floats(-2, 2), st.floats(-3, 3))  # fmt: skip
def test_the_head_at_another_length(T1: int, d: int, q: int, a: float, b: float, c: float) -> None:
    """W = a I + b J on T1 positions, averaged over all subsets, whatever b is."""
    q = min(q, T1)
    full = 0.0
    sets = list(combinations(range(T1), q))
    for y in sets:
        weights = np.exp(a * np.isin(np.arange(T1), y) + b * q)
        weights /= weights.sum()
        full += d * np.sum((c * weights - np.isin(np.arange(T1), y) / q) ** 2) / len(sets)
    found = room.length_generalisation(max(q, 2), d, q, T1)
    assert found.loss(a, c) == pytest.approx(full, rel=1e-10, abs=1e-13)
    exact = found.formula.subs({s.a: sp.Rational(a), s.c: sp.Rational(c)})
    assert float(sp.N(exact, 40)) == pytest.approx(full, rel=1e-10, abs=1e-13)


def test_limits_in_the_test_length() -> None:
    T, d, q = 6, 3, 2
    run = room.flow(T, d, q, times=[1e4, 1e12])
    found = room.length_generalisation(T, d, q)
    far = float(found.far)
    assert abs(run.loss_at(10**12)[0] - far) < 1e-9
    gain = found.gain.coefficient.subs({s.a: float(run.a[0]), s.c: float(run.c[0])})
    assert (far - run.loss_at(10**9)[0]) * 1e9 == pytest.approx(float(gain), rel=1e-4)
    for T1 in (2, 3, 5, 6, 12, 60):
        ratio = float(room.length_generalisation(T, d, q, T1).ratio)
        assert run.loss_at(T1)[1] / run.loss[1] == pytest.approx(ratio, rel=1e-3)
    assert room.length_generalisation(T, d, q, T).ratio == 1
    reach = float(found.reach.leading.expression.subs(s.t, 1e12))
    assert run.loss_at(round(reach))[1] == pytest.approx(far / 4, rel=1e-4)


def test_the_late_error_is_least_at_a_shorter_length() -> None:
    """The ratio is a parabola in T1 with its vertex at T - q/2."""
    ratio = room.length_generalisation().ratio
    vertex = sp.solve(sp.diff(ratio, s.T1), s.T1)
    assert vertex == [s.T - s.q / 2]


def test_formulas_of_generalisation() -> None:
    found = room.length_generalisation()
    assert sp.simplify(found.formula - room.population_loss(s.T1)) == 0
    assert sp.simplify(room.trained_loss(T1=s.T) - room.best_loss()) == 0
    assert room.trained_loss(6, 2, 2, np.array([6, 12]), 0.0).tolist() == pytest.approx([2 / 3, 5 / 6])  # fmt: skip
    assert sp.limit(room.population_loss(s.T1, 3, 2), s.T1, sp.oo) == sp.Rational(3, 2)
    names = {**vars(sp), **vars(room)}
    whole = room.length_generalisation(6, 2, 2, 12)
    assert eval(repr(whole), names) == whole and hash(whole)  # noqa: S307
    assert found.late.derivation().title == found.derivation().title
    with pytest.raises(InvalidArgument, match="q: must be at most T1 = 2, but it is 3"):
        room.length_generalisation(6, 1, 3, 2)
    with pytest.raises(InvalidArgument, match="T1: must be at least q = 3"):
        room.flow(6, 1, 3, times=[1]).loss_at(2)
    with pytest.raises(InvalidArgument, match="q: must be at most T1"):
        room.trained_loss(6, 1, 3, 2, 0.5)
    with pytest.raises(InvalidArgument, match="q: must be at most T = 2"):
        room.trained_loss(2, 1, 3, 6, 0.5)


def test_a_value_that_takes_forever_to_come_down_is_refused():
    with pytest.raises(InvalidArgument, match=r"c0: must be at most 1e\+06 in size"):
        room.flow(4, 1, 2, until=10, c0=1e12)
