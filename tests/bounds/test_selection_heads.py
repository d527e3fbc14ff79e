"""Several heads: their loss, two heads without loss, heads that start alike, heads with codes, ordered selection, widths for a share."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.bounds import selection as room
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge


def brute_loss(T: int, d: int, q: int, a: list[float], c: list[float]) -> float:
    total, sets = 0.0, list(combinations(range(T), q))
    for y in sets:
        mixed = np.zeros(T)
        for one, value in zip(a, c, strict=True):
            p = np.exp(one * np.isin(range(T), y))
            mixed += value * p / p.sum()
        total += d * float(((mixed - np.isin(range(T), y) / q) ** 2).sum()) / len(sets)
    return total


@given(st.integers(2, 5), st.integers(1, 2), st.integers(1, 4), st.lists(st.tuples(st.floats(-3, 4), st.floats(-3, 3)), min_size=1, max_size=3))  # fmt: skip
def test_the_loss_over_all_sets(T: int, d: int, q: int, heads: list[tuple[float, float]]) -> None:
    q = min(q, T)
    a, c = map(list, zip(*heads, strict=True))
    found = room.several_heads(T, d, q, a, c)
    assert found.loss() == pytest.approx(brute_loss(T, d, q, a, c), rel=1e-9, abs=1e-12)
    assert found.best_values().loss() <= found.loss() + 1e-12


def test_two_heads_solve_the_task() -> None:
    c = [float(x) for x in room.two_heads(6, 2, 0, 1)]
    assert c == pytest.approx([-1.745930121, 2.745930121], abs=6e-10)
    assert brute_loss(6, 2, 2, [0, 1], c) < 1e-28
    assert brute_loss(6, 2, 2, [0, 1], [c[0], c[1] + 0.01]) > 1e-6
    T, q = sp.symbols("T q", integer=True, positive=True)
    a, b = sp.symbols("a b", real=True)
    assert sp.simplify(sum(room.two_heads(T, q, a, b)) - 1) == 0
    assert room.several_heads(6, 2, 2, [0, 1], [0, 0]).best_values().c == pytest.approx(c)


def test_heads_that_start_alike() -> None:
    for H, loss in ((1, 0.35153547), (2, 0.4731107), (4, 0.5650356)):
        a, c, found = room.identical_heads(6, 2, 2, H, [10.0])
        assert found[0] == pytest.approx(loss, abs=6e-8)
        run = room.several_heads(6, 2, 2, [0.0] * H, [0.0] * H).flow([10.0])
        assert run.loss[0] == pytest.approx(loss, abs=6e-8)
        assert run.a[0] == pytest.approx([a[0]] * H) and run.c[0].sum() == pytest.approx(c[0])
    late = room.identical_heads(6, 2, 2, 3, [1e9])[2][0]
    assert 4e9 * late / (3 * 5) == pytest.approx(1, rel=1e-4)
    assert room.identical_heads(3, 1, 3, 2, [1.0])[2][0] == pytest.approx(np.exp(-8 / 3) / 3)


def test_any_asymmetry_grows() -> None:
    found = [
        room.several_heads(6, 2, 2, [x, -x], [0, 0]).flow([t]).loss[0]
        for x, t in ((1e-3, 1e3), (1e-6, 1e5))
    ]
    assert found == pytest.approx([1.15e-8, 2.3e-7], rel=0.01)
    alike = room.identical_heads(6, 2, 2, 2, [1e3, 1e5])[2]
    assert alike.tolist() == pytest.approx([2.6e-3, 2.5e-5], rel=0.01)


def test_all_entries_of_two_heads_stay_in_four_numbers() -> None:
    """Gradient descent on W_1, W_2, V_1, V_2 at T = 4, d = 1, q = 2, against Euler's steps in four numbers."""
    T, q, rate = 4, 2, 0.2
    sets = [np.isin(range(T), y) * 1.0 for y in combinations(range(T), q)]
    W, V = [0.3 * np.eye(T), -0.1 * np.eye(T)], [0.2, 0.5]
    a, c = np.array([0.3, -0.1]), np.array([0.2, 0.5])
    for _ in range(30):
        by_W, by_V = [np.zeros((T, T)) for _ in W], [0.0, 0.0]
        for y in sets:
            p = [np.exp(w @ y) / np.exp(w @ y).sum() for w in W]
            error = V[0] * p[0] + V[1] * p[1] - y / q
            for h in range(2):
                pulled = 2 * V[h] * error
                by_W[h] += np.outer(p[h] * (pulled - p[h] @ pulled), y) / len(sets)
                by_V[h] += 2 * error @ p[h] / len(sets)
        h = 1e-6
        slopes = [
            (brute_loss(T, 1, q, list(a + h * e), list(c)) - brute_loss(T, 1, q, list(a - h * e), list(c))) / (2 * h)
            for e in np.eye(2)
        ]  # fmt: skip
        grown = [
            (brute_loss(T, 1, q, list(a), list(c + h * e)) - brute_loss(T, 1, q, list(a), list(c - h * e))) / (2 * h)
            for e in np.eye(2)
        ]  # fmt: skip
        a, c = a - rate * np.array(slopes) / (T - 1), c - rate * np.array(grown)
        W = [w - rate * g for w, g in zip(W, by_W, strict=True)]
        V = [x - rate * g for x, g in zip(V, by_V, strict=True)]
    centred = [w - w.mean() for w in W]
    for h in range(2):
        assert np.allclose(np.diag(W[h]) - W[h][0, 1], a[h], atol=1e-7)
        assert centred[h] == pytest.approx(centred[h].T)
    assert pytest.approx(c, abs=1e-7) == V


def test_heads_with_codes() -> None:
    """One head at its best score is the head of the quadrature, within its standard error; a second one lowers the floor."""
    head = room.random_codes(12, 1, 3, 64)
    a, _, loss = head.best()
    one = room.code_heads(12, 1, 3, 64, 1, a=[a], draws=8000, seed=3)
    assert one.loss == pytest.approx(loss, abs=4 * one.standard_error)
    narrower = room.random_codes(12, 1, 3, 48).best_value(a)[1]
    assert abs(one.loss - narrower) > 4 * one.standard_error
    two = room.code_heads(12, 1, 3, 64, 2, draws=8000, seed=3)
    assert two.loss == pytest.approx(0.0251, abs=4 * two.standard_error) and two.loss < 0.9 * loss
    assert two.c[0] * two.c[1] < 0 and abs(sum(two.c) - 1) < 0.2
    searched = room.code_heads(12, 1, 3, 64, 1, draws=8000, seed=3)
    assert searched.a[0] == pytest.approx(a, rel=0.05)


def test_ordered_selection() -> None:
    assert room.concatenation_bound(3, 4, 1) == 9
    eye = np.zeros((2, 4, 4))
    eye[0, :2, :2] = eye[1, 2:, 2:] = np.eye(2)
    assert room.ordered_selection(eye, 1) == pytest.approx(2)
    # One head on U = (1, -1, 1): hard attention to one place leaves (2/3) |U|^2, spread over the two alike ones |U|^2/3.
    assert room.ordered_selection([1, -1, 1], 1) == pytest.approx(0, abs=1e-12)
    assert not room.ordered_selection_reached([1, -1, 1], 1)
    assert room.ordered_selection_reached([1, -1, 1], 2) and room.ordered_selection_reached(
        [1, 1], 1
    )


@given(st.integers(0, 10**6))
def test_no_heads_beat_the_bound(seed: int) -> None:
    """Random weights of one head or two at T = 3, q = 2, with the best matrices."""
    from symkern.derivations.selection.code_sums import ordered_loss

    random = np.random.default_rng(seed)
    target = random.standard_normal((2, 4))
    for H in (1, 2):
        weights = random.dirichlet(np.full(3, 0.3), (H, len(list(permutations(range(3), 2)))))
        least = room.ordered_selection(target.reshape(2, 2, 2), H)
        assert ordered_loss(weights, target, 3, 2) >= least - 1e-10


def test_width_for_a_share() -> None:
    assert room.width_for_share(100, 4, 3, "1/2") == 202
    assert room.width_needed(100, 4, 3, "2/3") == sp.Rational(19000, 97)
    assert room.width_needed(100, 4, 50, sp.Rational(4, 100)) == 4
    assert room.width_needed(100, 4, 97, sp.Rational(4, 2 * 97)) == 0
    bound = room.fully_connected(10, 2, 4, room.width_for_share(10, 2, 4, "1/2"))
    assert bound == sp.Rational(2 * 6, 4 * 10) / 2
    random = np.random.default_rng(0)
    for _ in range(20):
        layer = random.standard_normal((5, 12))
        assert (
            room.first_layer_loss(layer, 6, 2, 2) >= float(room.fully_connected(6, 2, 2, 5)) - 1e-12
        )


@pytest.mark.parametrize(
    ("make", "error", "named"),
    [
        (lambda: room.two_heads(6, 2, 1, 1), InvalidArgument, "b: must differ from a"),
        (lambda: room.several_heads(6, 1, 2, [1, 2], [1]), SizeMismatch, "c: must hold 2 numbers"),
        (lambda: room.several_heads(6, 1, 2, [], []), InvalidArgument, "a: must hold between 1"),
        (lambda: room.several_heads(6, 1, 2, [1e9], [1]), InvalidArgument, "a: must be at most 300"),
        (lambda: room.identical_heads(6, 1, 2, 0, [1]), InvalidArgument, "H: "),
        (lambda: room.code_heads(6, 1, 2, 4, 3), InvalidArgument, "H: "),
        (lambda: room.code_heads(6, 1, 3, 2, 1, "dual"), InvalidArgument, "q: must be at most m = 2"),
        (lambda: room.code_heads(10**4, 1, 2, 10**4, draws=10**5), TooLarge, "the codes of all draws"),
        (lambda: room.ordered_selection([[1, 2], [3, 4]], 1), SizeMismatch, "U: must hold q numbers"),
        (lambda: room.ordered_selection([1, 2], -1), InvalidArgument, "H: "),
        (lambda: room.concatenation_bound(sp.Symbol("d", integer=True, positive=True), 2, 1), InvalidType, "d: must be an integer here"),
        (lambda: room.width_for_share(6, 1, 2, 2), InvalidArgument, "share: must be at most 1"),
        (lambda: room.width_for_share(6, 1, 6, "1/2"), InvalidArgument, "q: must be below T = 6"),
    ],
)  # fmt: skip
def test_bad_input(make: Any, error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        make()
