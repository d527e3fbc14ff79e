"""The fully-connected bound: against the eigenvalues of enumerated moments, on random layers, and what attains it."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.bounds import selection as room
from symkern.bounds.selection import symbols as s
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge
from tests.search import examples

SIZES = [(T, d, q) for T in (2, 3, 5) for d in (1, 2) for q in range(1, T + 1)]


def enumerated_moment(T: int, q: int) -> np.ndarray:
    rows = np.array([[float(i in y) for i in range(T)] for y in combinations(range(T), q)])
    return np.asarray(rows.T @ rows / len(rows))


def enumerated_optimum(T: int, d: int, q: int, m: int) -> float:
    """The Td - m smallest eigenvalues of the whole moment, by LAPACK."""
    values = np.linalg.eigvalsh(np.kron(enumerated_moment(T, q), np.eye(d)))
    return float(np.sum(values[: max(T * d - m, 0)])) / q**2


def enumerated_loss(layer: np.ndarray, T: int, d: int, q: int) -> float:
    """Least squares for each subset by itself: the best linear map from W x to the target."""
    errors = []
    for y in combinations(range(T), q):
        target = np.kron([float(i in y) for i in range(T)], np.eye(d)) / q
        best = target @ np.linalg.pinv(layer) if len(layer) else np.zeros((d, 0))
        errors.append(np.sum((target - best @ layer) ** 2))
    return float(np.mean(errors))


@pytest.mark.parametrize(
    ("sizes", "value"),
    [((6, 2, 2, 4), "8/15"), ((6, 2, 2, 8), "4/15"), ((8, 1, 3, 5), "5/56")],
)
def test_check_values(sizes: tuple[int, ...], value: str) -> None:
    assert sk.bounds.selection.fully_connected(*sizes) == sp.Rational(value)


@pytest.mark.parametrize(("T", "d", "q"), SIZES)
def test_bound_is_the_optimum_from_d_on_and_below_it_before(T: int, d: int, q: int) -> None:
    for m in range(T * d + 3):
        bound, least = room.fully_connected(T, d, q, m), room.least_error(T, d, q, m)
        optimum = enumerated_optimum(T, d, q, m)
        assert abs(float(least) - optimum) < 1e-12
        assert bound == least if m >= d or q == 1 else bound < least
        assert bound == (0 if m >= T * d else room.fully_connected().subs(dict(zip((s.T, s.d, s.q, s.m), (T, d, q, m), strict=True))))  # fmt: skip


@pytest.mark.parametrize(("T", "d", "q"), SIZES)
def test_moment_and_its_eigenvalues(T: int, d: int, q: int) -> None:
    assert np.allclose(room.subset_moment(T, q).astype(float), enumerated_moment(T, q))
    values = np.linalg.eigvalsh(enumerated_moment(T, q))
    on_constants, on_zero_sums = map(float, room.moment_eigenvalues(T, q))
    assert np.allclose(values, [on_zero_sums] * (T - 1) + [on_constants])


@examples(80)
@given(st.data())
def test_no_layer_does_better(data: st.DataObject) -> None:
    T = data.draw(st.integers(2, 6), "T")
    d, q = data.draw(st.integers(1, 3), "d"), data.draw(st.integers(1, T), "q")
    m = data.draw(st.integers(0, T * d), "m")
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), "seed"))
    layer = rng.normal(size=(m, T * d))
    if m > 1 and data.draw(st.booleans(), "dependent rows"):
        layer[-1] = layer[0]
    if data.draw(st.booleans(), "nearly the best"):
        layer = room.best_first_layer(T, d, m) + 1e-2 * layer
    loss = room.first_layer_loss(layer, T, d, q)
    assert abs(loss - enumerated_loss(layer, T, d, q)) < 1e-9
    assert loss >= float(room.least_error(T, d, q, m)) - 1e-12
    assert float(room.least_error(T, d, q, m)) >= float(room.fully_connected(T, d, q, m)) - 1e-15


@examples(25)
@given(st.integers(2, 4), st.integers(1, 2), st.integers(1, 4), st.integers(0, 4), st.integers(0, 2**32 - 1))  # fmt: skip
def test_exact_and_floating_losses_agree(T: int, d: int, q: int, m: int, seed: int) -> None:
    q = min(q, T)
    layer = np.random.default_rng(seed).integers(-3, 4, size=(m, T * d))
    exact = room.first_layer_loss(layer, T, d, q)
    assert isinstance(exact, sp.Rational)
    assert abs(float(exact) - room.first_layer_loss(layer.astype(float), T, d, q)) < 1e-12


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("T", "d", "q"), SIZES)
def test_the_best_layer_attains_it(T: int, d: int, q: int) -> None:
    for m in range(d, T * d + 1):
        layer = room.best_first_layer(T, d, m)
        gram = layer @ layer.T
        assert layer.shape == (m, T * d) and np.all(gram == np.diag(np.diag(gram)))
        assert room.first_layer_loss(layer, T, d, q) == room.fully_connected(T, d, q, m)
    # contrasts alone miss the mean, which is dear where more than one token is selected
    if q > 1 and T > 2:
        contrasts = room.best_first_layer(T, d, T * d)[d : 2 * d]
        assert room.first_layer_loss(contrasts, T, d, q) > room.fully_connected(T, d, q, d)


def test_beyond_all_widths_rows_are_zero_and_nothing_is_lost() -> None:
    layer = room.best_first_layer(3, 1, 5)
    assert not layer[3:].any() and room.first_layer_loss(layer, 3, 1, 2) == 0
    assert room.fully_connected(3, 1, 2, 10**30) == 0


def _joint_error(strength: float) -> float:
    """Least error of a network that sees h = x + strength * 1_y only; T = 2, d = 1, q = 1, m = 2, by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    first, second = np.meshgrid(nodes, nodes, indexing="ij")
    mass = np.outer(weights, weights)
    explained = 0.0
    for y in (0, 1):
        h = np.stack([first, second])
        h[y] += strength
        odds = np.stack([strength * h[0], strength * h[1]])  # log densities, common terms left out
        posterior = np.exp(odds - odds.max(axis=0))
        posterior /= posterior.sum(axis=0)
        guess = posterior[0] * (h[0] - strength) + posterior[1] * (h[1] - strength)
        explained += 0.5 * float(np.sum(mass * guess**2))
    return 1.0 - explained


def test_seeing_only_the_sums_the_bound_is_an_infimum_that_is_not_attained() -> None:
    """Bound 0 at m = Td: approached when y can be read from the m numbers, above it for every finite weight on y."""
    assert room.fully_connected(2, 1, 1, 2) == 0
    errors = [_joint_error(u) for u in (0.0, 1.0, 3.0, 6.0)]
    assert abs(errors[0] - 0.5) < 1e-12  # without y only the mean is known
    assert all(a > b > 0 for a, b in pairwise(errors)) and errors[-1] < 1e-3
    # at m = d = 1 it is attained: h = x_1 + x_2 without y leaves E|mean - STS|^2 = 1/2
    assert room.fully_connected(2, 1, 1, 1) == sp.Rational(1, 2)


def test_law_and_width() -> None:
    law = room.fully_connected_law()
    assert (law.exponent, law.coefficient, law.relation) == (0, s.d / s.q, ">=")
    assert law.derivation().title == room.fully_connected_derivation().title
    dense = room.fully_connected_law(q=s.T / 2)
    assert (dense.exponent, dense.coefficient) == (-1, s.d)
    needed = room.width_needed(s.T, s.d, s.q, "1/7")
    assert sp.simplify(room.fully_connected(m=needed) - sp.Rational(1, 7)) == 0
    assert [room.width_needed(6, 2, 2, x) for x in ("3/5", "4/5", 1, 10)] == [3, 0, 0, 0]
    with pytest.raises(InvalidArgument, match="q: must be below T = 3"):
        room.width_needed(3, 1, 3, 0)
    with pytest.raises(InvalidArgument, match="loss: must not be negative, but it is -1"):
        room.width_needed(3, 1, 2, -1)
    with pytest.raises(InvalidArgument, match="T: must be the symbol T"):
        room.fully_connected_law(5)


def test_symbols_arrays_and_numpy_integers() -> None:
    assert room.fully_connected(s.T, s.d, s.T, s.m) == 0
    assert room.fully_connected(s.T, s.d, s.q, s.T * s.d) == 0
    assert room.fully_connected(s.T, s.d, s.q, s.T * s.d + 1) == 0
    assert room.fully_connected(np.int64(6), np.int8(2), np.uint16(2), np.int32(4)) == sp.Rational(8, 15)  # fmt: skip
    found = room.fully_connected(np.array([6, 8]), 2, 2, np.array([[4], [8]]))
    assert found.shape == (2, 2) and found.dtype == object
    assert found[1, 0] == sp.Rational(4, 15) and isinstance(found[0, 0], sp.Rational)
    huge = room.fully_connected(np.array([2**62]), 4, 3, 1)[0]  # int64 would wrap
    assert huge == sp.Rational((4 * 2**62 - 1) * (2**62 - 3), 3 * 2**62 * (2**62 - 1))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1, 2, 1, 0), InvalidArgument, "T: must be at least 2, but it is 1"),
        ((6, 0, 1, 0), InvalidArgument, "d: must be at least 1, but it is 0"),
        ((6, 2, 0, 0), InvalidArgument, "q: must be at least 1, but it is 0"),
        ((6, 2, 7, 0), InvalidArgument, "q: must be at most T = 6, but it is 7"),
        ((6, 2, 2, -1), InvalidArgument, "m: must be at least 0, but it is -1"),
        ((s.T, 2, s.T + 1, 0), InvalidArgument, "q: must be at most T"),
        ((6.0, 2, 2, 0), InvalidType, "T: must be an integer or a symbol"),
        ((6, True, 2, 0), InvalidType, "d: must be"),
        ((6, 2, None, 0), InvalidType, "q: must be"),
        ((6, 2, 2, sp.Rational(1, 2)), InvalidType, "m: must be an integer or a symbol"),
        ((np.array([6, 1]), 2, 1, 0), InvalidArgument, "T: must be at least 2, but it is 1"),
        ((np.array([6.0]), 2, 1, 0), InvalidType, "T: must be an integer"),
        ((np.array([6, 7]), 2, np.array([1, 2, 3]), 0), SizeMismatch, "arrays: must broadcast"),
    ],
)  # fmt: skip
def test_bad_input(arguments: tuple[object, ...], error: type[Exception], message: str) -> None:
    for function in (room.fully_connected, room.least_error):
        with pytest.raises(error, match=message):
            function(*arguments)


def test_bad_layers() -> None:
    with pytest.raises(SizeMismatch, match=r"layer: must be a matrix of T d = 6 columns"):
        room.first_layer_loss([[1, 2, 3]], 3, 2, 1)
    with pytest.raises(InvalidArgument, match="layer: must be finite"):
        room.first_layer_loss(np.full((1, 6), np.nan), 3, 2, 1)
    with pytest.raises(TooLarge, match="bytes"):
        room.best_first_layer(10**6, 10**3, 10**6)
    with pytest.raises(InvalidType, match="m: must be an integer here"):
        room.best_first_layer(3, 2, s.m)
    with pytest.raises(InvalidType, match="T: must be an integer here"):
        room.best_first_layer(s.T, 2, 1)
