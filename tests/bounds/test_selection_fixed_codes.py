"""Heads with fixed codes: their flow against all entries of W and V, the late law, the rank theorem, codes at new positions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import inf
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy import integrate
from scipy.optimize import linprog

from symkern.bounds import selection as room
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge


def gram(T: int, m: int, seed: int) -> np.ndarray:
    Z = np.random.default_rng(seed).standard_normal((m, T))
    Z /= np.linalg.norm(Z, axis=0)
    return Z.T @ Z


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("T", "q", "m", "seed", "constant", "late"),
    [(6, 3, 16, 1, 12.36072, 12.36075), (6, 2, 64, 1, 5.56206, 5.56211), (6, 1, 16, 1, 7.88060, 7.87217), (6, 1, 2, 3, 429.437, 429.561)],
)  # fmt: skip
def test_late_law(T: int, q: int, m: int, seed: int, constant: float, late: float) -> None:
    head = room.fixed_codes(gram(T, m, seed), q)
    assert head.late_constant() == pytest.approx(constant, rel=2e-6)
    assert 4e10 * head.flow([1e10]).loss[0] == pytest.approx(late, rel=3e-6)
    if q >= 3:
        assert head.formula() == pytest.approx(constant, rel=1e-6)
        values = np.linalg.eigvalsh(head.floats)
        assert (T - 1) / values[-1] ** 2 <= constant <= (T - 1) / values[0] ** 2


@pytest.mark.wide
def test_flow_is_that_of_all_entries() -> None:
    """The gradient flow of W and V, integrated as they are, for each subset and by the chain rule on the codes."""
    T, q, d, m = 5, 2, 2, 4
    Z = np.random.default_rng(4).standard_normal((m, T))
    sets = list(combinations(range(T), q))

    def slopes(_: float, state: np.ndarray) -> np.ndarray:
        W, V = state[: m * m].reshape(m, m), state[m * m :].reshape(d, d)
        by_W, by_V = np.zeros_like(W), np.zeros_like(V)
        for y in sets:
            u = Z[:, y].sum(axis=1)
            s = Z.T @ W @ u
            p = np.exp(s - s.max())
            p /= p.sum()
            blocks = p[:, None, None] * V - np.isin(range(T), y)[:, None, None] * np.eye(d) / q
            pulled = 2 * np.einsum("ijk,jk->i", blocks, V)
            by_W += np.outer(Z @ (p * (pulled - p @ pulled)), u) / len(sets)
            by_V += 2 * np.einsum("i,ijk->jk", p, blocks) / len(sets)
        return -np.concatenate([by_W.ravel(), by_V.ravel()])

    end = integrate.solve_ivp(slopes, (0, 20), np.zeros(m * m + d * d), rtol=1e-9, atol=1e-11).y[:, -1]  # fmt: skip
    W, V = end[: m * m].reshape(m, m), end[m * m :].reshape(d, d)
    run = room.fixed_codes(Z.T @ Z, q, d).flow([20.0])
    assert np.allclose(Z.T @ W @ Z, run.scores[0], atol=1e-6)
    assert np.allclose(V, run.c[0] * np.eye(d), atol=1e-6)


def test_equal_coherence() -> None:
    simplex = room.equal_coherence(8, 3, "-1/7")
    run = simplex.flow([10.0])
    assert run.loss[0] == pytest.approx(0.18001269, abs=6e-9)
    assert run.scores[0][0, 0] - run.scores[0][0, 1] == pytest.approx(0.18808431, abs=6e-9)
    assert simplex.late_constant() == pytest.approx(7**3 / 64) and simplex.rank == 7
    assert simplex.coherence == sp.Rational(-1, 7) and simplex.reaches_zero()
    run = room.equal_coherence(6, 3, "3/10").flow([1e4])
    assert run.loss[0] == pytest.approx(2.578727e-4, rel=3e-7)
    one_hot = room.equal_coherence(6, 2, 0, 2).flow([10.0])
    assert one_hot.loss[0] == pytest.approx(room.flow(6, 2, 2, times=[10.0]).loss[0], rel=1e-8)


def _with_kernel(*vectors: list[str]) -> list[list[Any]]:
    """A Gram matrix whose kernel is spanned by these vectors."""
    K = sp.Matrix([[sp.Rational(x) for x in v] for v in vectors]).T
    return (sp.eye(K.rows) - K * (K.T * K).inv() * K.T).tolist()


def _feasible(G: list[list[Any]], q: int) -> bool:
    """Whether some W separates with equal scores, by a linear programme in S = G X G: nothing here knows the theorem."""
    matrix = np.array(G, dtype=float)
    T = len(matrix)
    above, alike = [], []
    for y in combinations(range(T), q):
        chosen = matrix[:, list(y)].sum(axis=1)
        above += [np.outer(matrix[k] - matrix[y[0]], chosen).ravel() for k in range(T) if k not in y]  # fmt: skip
        alike += [np.outer(matrix[j] - matrix[y[0]], chosen).ravel() for j in y[1:]]
    found = linprog(
        np.zeros(T * T), A_ub=np.array(above), b_ub=-np.ones(len(above)), A_eq=np.array(alike) if alike else None,
        b_eq=np.zeros(len(alike)) if alike else None, bounds=(None, None),
    )  # fmt: skip
    return bool(found.status == 0)


RANKS = [
    (["1/4", "1/4", "1/5", "1/10", "1/10", "1/10"], True),
    (["9/20", "3/20", "1/10", "1/10", "1/10", "1/10"], False),
    (["1/3", "1/6", "1/6", "1/9", "1/9", "1/9"], False),
    (["1", "-1", "0", "0", "0", "0"], False),
    (["3/10", "3/10", "3/10", "3/10", "-1/10", "-1/10"], True),
]


@pytest.mark.parametrize(("dependency", "reached"), RANKS)
def test_rank_theorem(dependency: list[str], reached: bool) -> None:
    G = _with_kernel(dependency)
    head = room.fixed_codes(G, 3)
    assert head.rank == 5 and head.reaches_zero() is reached is _feasible(G, 3)
    assert (head.late_constant() < inf) is reached
    floating = room.fixed_codes(np.array(G, dtype=float), 3)
    assert floating.reaches_zero() is reached or dependency[0] == "1/3"


def test_flows_at_ranks() -> None:
    found = [room.fixed_codes(_with_kernel(RANKS[k][0]), 3).flow([1e8]).loss[0] for k in (0, 1)]
    assert found[0] < 1e-6 and found[1] == pytest.approx(2.933e-2, rel=2e-4)


def test_other_ranks_and_few_selected() -> None:
    assert not room.fixed_codes(_with_kernel(RANKS[0][0], ["1", "-1", "0", "0", "0", "0"]), 3).reaches_zero()  # fmt: skip
    assert room.fixed_codes(gram(6, 2, 3), 1).reaches_zero()
    assert not room.fixed_codes(np.ones((3, 3)), 1).reaches_zero()
    assert room.fixed_codes(np.ones((3, 3)), 3).reaches_zero()
    assert room.fixed_codes(np.ones((3, 3)), 3).late_constant() == 0
    for seed in range(4):
        G = gram(5, 3, seed)
        assert room.fixed_codes(G, 2).reaches_zero() is _feasible(G.tolist(), 2)


def test_a_wrong_criterion_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.FixedCodes, "reaches_zero", lambda self: self.rank >= self.T - 1)
    made = room.derivations["selection-fixed-codes"]()
    failed = {c.step.name for c in made.check(T=[4], q=[3]).failures}
    assert failed == {"the rank theorem"}


@pytest.mark.parametrize(("T", "T1", "q", "loss"), [(6, 8, 2, 0.22767857), (8, 16, 3, 0.36041667)])
def test_new_positions(T: int, T1: int, q: int, loss: float) -> None:
    limit = room.unseen_positions(T, 1, q, T1)
    assert limit.is_Rational and float(limit) == pytest.approx(loss, abs=6e-9)
    assert float(room.unseen_positions(T, 1, q, T1, 200)) == pytest.approx(loss, abs=1e-8)


def test_new_positions_by_brute_force() -> None:
    a, c, T, T1, q = 3.0, 1.1, 6, 8, 2
    W = np.zeros((T1, T1))
    W[:T, :T] = a * (np.eye(T) - 1 / T)
    total = 0.0
    sets = list(combinations(range(T1), q))
    for y in sets:
        p = np.exp(W[:, list(y)].sum(axis=1))
        p /= p.sum()
        total += float(((c * p - np.isin(range(T1), y) / q) ** 2).sum()) / len(sets)
    assert total == pytest.approx(0.1412806784, abs=6e-11)
    assert float(room.unseen_positions(T, 1, q, T1, 3, Fraction(11, 10))) == pytest.approx(total)
    assert room.unseen_positions(6, 1, 2, 6) == 0


@pytest.mark.parametrize(
    ("make", "error", "named"),
    [
        (lambda: room.fixed_codes([[1, 0], [0]], 1), SizeMismatch, "G: each row must have 2 entries"),
        (lambda: room.fixed_codes([[1, 2], [0, 1]], 1), InvalidArgument, "G: must be symmetric"),
        (lambda: room.fixed_codes([[1, 2], [2, 1]], 1), InvalidArgument, "G: must be positive semidefinite"),
        (lambda: room.fixed_codes([[0, 0], [0, 0]], 1), InvalidArgument, "G: must not be zero"),
        (lambda: room.fixed_codes([["L", 0], [0, "L"]], 1), InvalidType, "G: must hold rational numbers"),
        (lambda: room.fixed_codes(np.eye(4), 5), InvalidArgument, "q: must be at most T = 4"),
        (lambda: room.fixed_codes(np.eye(40), 20).flow([1]), TooLarge, "a sum over all subsets"),
        (lambda: room.fixed_codes(np.eye(4), 2).flow([-1]), InvalidArgument, "times: must grow"),
        (lambda: room.fixed_codes(np.eye(4), 2).population_loss([[1.0]], 1), SizeMismatch, "S: must be of shape"),
        (lambda: room.equal_coherence(4, 2, 1), InvalidArgument, "g: must be a fraction of at least -1/3"),
        (lambda: room.equal_coherence(4, 2, "-1/2"), InvalidArgument, "g: must be a fraction"),
        (lambda: room.unseen_positions(6, 1, 2, 4), InvalidArgument, "T1: must be at least T = 6"),
    ],
)  # fmt: skip
def test_bad_input(make: Any, error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        make()
