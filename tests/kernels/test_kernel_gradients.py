"""Derivatives of kernel matrices in hyperparameters: beside SymPy's of exact values, beside differences of balls of many digits, in three representations."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern.strategies as sks
from symkern.abc import alpha, b, beta, gamma, w
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.exact.balls import precision
from symkern.exact.reals import is_exact
from symkern.kernels import embedding, kernel_matrices, read_kernel
from symkern.kernels.algebras.array_functions import ArrayFunctions
from symkern.kernels.algebras.array_jets import Jet, Jets
from symkern.kernels.algebras.array_letters import Letters
from symkern.kernels.algebras.array_patterns import LeavesPatterns, Patterns
from symkern.kernels.algebras.array_positions import Positions
from symkern.kernels.algebras.jet_functions import JetFunctions
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.evaluation import at_sizes
from tests.search import examples

POINT = {"alpha": Fraction(3, 4), "beta": Fraction(1, 3), "gamma": Fraction(1, 5), "w": Fraction(5, 4), "b": Fraction(2, 7)}  # fmt: skip
ROWS, COLUMNS = np.array([[0, 0, 0, 0], [2, 0, 1, 2], [1, 0, 0, 1]]), np.array([[0, 1, 1, 0], [2, 0, 1, 2]])  # fmt: skip
#: Every stage, activation and row map.
POLYNOMIAL = [
    "embedding(alpha, beta) | attention | mean_pool",
    "embedding(alpha, beta, gamma) | attention | residual | linear(w, b) | at_position(last)",
    "embedding(alpha*L, beta/L) | attention(normalize=false, positions_in_values=false) | linear(w, 1/L) | residual(2) | mean_pool",
]
OTHERS = [
    "embedding(alpha, beta) | mlp(w*x^2 + b*x) | flatten | ntk",
    "embedding(alpha, beta) | attention | flatten | mlp(relu)",
    "embedding(alpha, beta) | attention | linear(w, b) | mlp(relu) | mean_pool | ntk",
    "embedding(alpha, beta) | attention(tied, softmax) | mean_pool",
    "embedding(alpha) | attention(tied, softmax) | layer_norm | mlp(erf) | mean_pool | ntk",
    "embedding(alpha, beta) | attention(tied, relu) | residual | mlp(gelu) | flatten | ntk",
    "embedding(alpha, beta) | attention(tied, abs) | mlp(leaky_relu(gamma)) | flatten | ntk",
    "embedding(alpha, beta) | mlp(hermite(3)) | linear(w) | mlp(quadratic) | flatten | ntk",
    "embedding(alpha, beta) | mlp(sin) | mlp(cos) | attention(tied, softmax, positions_in_values=false) | mlp(exp) | at_position(last) | ntk",
    "embedding(alpha, beta) | mlp(step) | attention | linear(w) | mlp(sign) | mlp(abs) | mean_pool | ntk",
]


def value(recursion: TypeRecursion, x: list[int], y: list[int]) -> sp.Expr:
    """k(x, y) by its contingency table, in fractions and balls."""
    star = (x[-1], y[-1]) if recursion.starred else None
    table = [[0] * 3 for _ in range(3)]
    for t, u in zip(x[: len(x) - recursion.starred], y, strict=False):
        table[t][u] += 1
    found = recursion(table, star)
    if is_exact(found):
        return sp.Rational(int(found.p), int(found.q))
    return sp.Float(found.str(80, radius=False), 80)


def differences(kernel: Any, point: dict[str, Fraction]) -> np.ndarray:
    """Central differences at a distance of 10^-20, right to some 40 digits."""
    h = sp.Rational(1, 10**20)
    found = np.zeros((len(ROWS), len(COLUMNS), len(point)))
    with precision(320):
        for d, (name, middle) in enumerate(point.items()):
            up, down = (TypeRecursion(_at(kernel, {**point, name: place})) for place in (middle + h, middle - h))  # fmt: skip
            for i, x in enumerate(ROWS.tolist()):
                for j, y in enumerate(COLUMNS.tolist()):
                    found[i, j, d] = float((value(up, x, y) - value(down, x, y)) / (2 * h))
    return found


def _at(kernel: Any, point: dict[str, Fraction]) -> Any:
    numbers = at_sizes(kernel, ROWS.shape[1])
    return numbers.substitute({s: point[s.name] for s in numbers.parameters})


def in_each_representation(kernel: Any, point: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:  # fmt: skip
    for algebra in (Patterns, Letters, Positions):
        monkeypatch.setattr(kernel_matrices, "smallest", lambda *_, a=algebra: a)
        if algebra is Patterns and "tied" in str(kernel):
            with pytest.raises(LeavesPatterns):
                kernel.matrix_with_gradient(ROWS, **point)
            continue
        values, slopes = kernel.matrix_with_gradient(ROWS, COLUMNS, **point)
        assert np.allclose(values, kernel.matrix(ROWS, COLUMNS, **point), rtol=1e-14, atol=0)
        own, slopes_alone = kernel.matrix_with_gradient(ROWS, **point)
        assert np.array_equal(own, own.T)
        assert np.array_equal(slopes_alone, slopes_alone.transpose(1, 0, 2))
        assert np.allclose(slopes_alone[1], kernel.matrix_with_gradient(ROWS, ROWS, **point)[1][1], rtol=1e-13)  # fmt: skip
        yield slopes


@pytest.mark.sampled(4)
@pytest.mark.parametrize("text", POLYNOMIAL)
def test_beside_derivatives_of_exact_values(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = read_kernel(text)
    symbols = [s for s in kernel.parameters if s.name != "L"]
    point = {s.name: POINT[s.name] for s in symbols}
    expected = np.array(
        [
            [[float(sp.diff(kernel(x, y), s).subs({t: point[t.name] for t in symbols})) for s in symbols] for y in COLUMNS.tolist()]
            for x in ROWS.tolist()
        ]
    )  # fmt: skip
    for found in in_each_representation(kernel, point, monkeypatch):
        assert np.max(np.abs(found - expected)) < 1e-13 * max(1, np.max(np.abs(expected)))


@pytest.mark.sampled(8)
@pytest.mark.parametrize("text", OTHERS)
def test_beside_differences_of_balls(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = read_kernel(text)
    point = {s.name: POINT[s.name] for s in kernel.parameters}
    expected = differences(kernel, point)
    for found in in_each_representation(kernel, point, monkeypatch):
        assert np.max(np.abs(found - expected)) < 1e-12 * max(1, np.max(np.abs(expected)))


def test_on_the_diagonal_where_angles_are_zero() -> None:
    """c = 1 there, and the formulas divide by sqrt(1 - c^2) on the way; variances are halved, kept, and multiplied by (1 + gamma^2)/2."""
    kernel = read_kernel("embedding(alpha, beta) | mlp(relu) | linear(w, b) | mlp(abs) | mlp(leaky_relu(gamma)) | flatten | ntk")  # fmt: skip
    first, leaky = (alpha + beta) / 2, (1 + gamma**2) / 2
    formula = leaky * (w * first + w * first + b)
    point = {s: POINT[s.name] for s in kernel.parameters}
    expected = [float(sp.diff(formula, s).subs(point)) for s in point]
    _, found = kernel.matrix_with_gradient(ROWS, **POINT)
    for i in range(len(ROWS)):
        assert found[i, i] == pytest.approx(expected, rel=1e-14)


def test_names_choose_and_order_the_directions() -> None:
    kernel = embedding("alpha", "beta").attention().linear("w", "b").mean_pool()
    point = {s.name: POINT[s.name] for s in kernel.parameters}
    _, every = kernel.matrix_with_gradient(ROWS, **point)
    assert [s.name for s in kernel.parameters] == ["alpha", "b", "beta", "w"]
    _, some = kernel.matrix_with_gradient(ROWS, by=["w", "beta"], **point)
    assert np.allclose(some, every[:, :, [3, 2]], rtol=1e-14)
    values, none = kernel.matrix_with_gradient(ROWS, by=[], **point)
    assert none.shape == (3, 3, 0) and np.array_equal(values, kernel.matrix(ROWS, **point))


def test_a_layer_of_relu_halves_the_diagonal_where_its_angle_is_rounding() -> None:
    """K_aa and the tangent are halved where c = 1; where 1 - c^2 is rounding, its slope is none."""
    words = np.random.default_rng(8).integers(0, 3, (6, 9))
    start = "embedding(alpha, beta) | attention(tied, softmax) | attention(tied, softmax)"
    point = {"alpha": Fraction(3, 7), "beta": Fraction(1, 3)}
    plain = read_kernel(f"{start} | flatten | ntk").matrix_with_gradient(words, **point)[1]
    halved = read_kernel(f"{start} | mlp(relu) | flatten | ntk").matrix_with_gradient(words, **point)[1]  # fmt: skip
    for i in range(6):
        assert halved[i, i] == pytest.approx(plain[i, i] / 2, rel=1e-13)
    functions = JetFunctions(ArrayFunctions(np, np.float64, None), (), {})
    r, square = (Jet(np.array([[e]]), np.array([[[d]]])) for e, d in ((1 - 2e-15, 1.0), (1.0, 2 - 4e-15)))  # fmt: skip
    assert functions.angle(r, square).slopes == 0
    r, square = Jet(np.array([[0.5]]), np.array([[[1.0]]])), np.array([[1.0]])
    assert functions.angle(r, square).slopes == pytest.approx(2 / np.pi / np.sqrt(0.75), rel=1e-15)


def test_a_position_variance_of_zero_has_a_slope(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its matrix is the smaller one without positions; its derivative is not."""
    kernel = embedding("alpha", "beta").attention().mean_pool()
    x, y = ROWS[1].tolist(), COLUMNS[0].tolist()
    expected = sp.diff(kernel(x, y, alpha=1), beta).subs(beta, 0)
    for slopes in in_each_representation(kernel, {"alpha": 1, "beta": 0}, monkeypatch):
        assert slopes[1, 0, 1] == pytest.approx(float(expected), rel=1e-13)


def test_tiles_padding_and_single_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = read_kernel("embedding(alpha, beta) | attention(tied, softmax) | mean_pool")
    rng, point = np.random.default_rng(2), {"alpha": 1.25, "beta": 0.5}
    words = rng.integers(0, 3, (40, 5))
    values, slopes = kernel.matrix_with_gradient(words, **point)
    small, pieces = kernel.matrix_with_gradient(words, memory=1 << 16, **point)
    assert np.allclose(values, small, rtol=1e-14) and np.allclose(slopes, pieces, rtol=1e-13)
    single = kernel.matrix_with_gradient(words, dtype="float32", **point)
    assert single[1].dtype == np.float32 and np.max(np.abs(single[1] - slopes)) < 1e-5
    padded = np.concatenate([words, rng.integers(0, 3, (40, 2))], axis=1)
    _, same = kernel.matrix_with_gradient(padded, lengths=[5] * 40, **point)
    assert np.allclose(same, slopes, rtol=1e-12)


@examples(40)
@given(sks.kernels(), st.integers(0, 2**32 - 1))
def test_random_pipelines_beside_their_neighbours(kernel: Any, seed: int) -> None:
    """(k(h + e) - k(h - e))/2e of floats is right to e^2 and to the rounding over e."""
    rng = np.random.default_rng(seed)
    words = rng.integers(0, 3, (3, 3))
    names = [s.name for s in kernel.parameters if s.name not in "Lv"]
    size = {"v": 3} if "v" in {s.name for s in kernel.parameters} else {}
    point = {name: float(rng.uniform(0.2, 1)) for name in names}
    try:
        values, slopes = kernel.matrix_with_gradient(words, **point, **size)
    except SymkernError:
        return
    unit = np.max(np.abs(values)) + np.max(np.abs(slopes), initial=0)
    for d, name in enumerate(names):
        up, down = (kernel.matrix(words, **{**point, name: point[name] + e}, **size) for e in (1e-5, -1e-5))  # fmt: skip
        near = (up - down) / 2e-5
        again = [kernel.matrix_with_gradient(words, by=[name], **{**point, name: point[name] + e}, **size)[1] for e in (1e-5, -1e-5)]  # fmt: skip
        curvature = np.max(np.abs(again[0] - again[1]))
        assert np.max(np.abs(near - slopes[:, :, d])) < 1e-5 * unit + curvature


def test_jets_are_no_arrays() -> None:
    jet = Jet(np.ones((1, 1)), np.ones((2, 1, 1)))
    for lose in (np.asarray, np.sum, np.exp, lambda j: np.where(True, j, 0)):
        with pytest.raises(TypeError):
            lose(jet)
    largest = Jets(np).max(Jet(np.array([[1.0, 3.0, 2.0]]), np.arange(6.0).reshape(2, 1, 3)), axis=1)  # fmt: skip
    assert largest.value.tolist() == [3] and largest.slopes.tolist() == [[1], [4]]


def test_bad_input() -> None:
    kernel = embedding("alpha", "beta").mean_pool()
    point = {"alpha": 1, "beta": 1}
    with pytest.raises(InvalidArgument, match="did you mean 'beta'"):
        kernel.matrix_with_gradient(ROWS, by=["bet"], **point)
    with pytest.raises(InvalidType, match="by: must be a list"):
        kernel.matrix_with_gradient(ROWS, by="alpha", **point)
    with pytest.raises(InvalidArgument, match="give beta by name"):
        kernel.matrix_with_gradient(ROWS, alpha=1)
    with pytest.raises(InvalidArgument, match="must end in a readout"):
        embedding("alpha").matrix_with_gradient(ROWS, alpha=1)
    strict = pytest.importorskip("array_api_strict")
    with pytest.raises(InvalidArgument, match="NumPy"):
        kernel.matrix_with_gradient(strict.asarray(ROWS), **point)


def test_covariances_of_letters_have_derivatives_in_their_entries() -> None:
    """Of a derivative nobody asks that it be positive semidefinite; beside differences, which have half the digits."""
    kernel = read_kernel(
        "embedding([[alpha + 1, 1/2, 0], [1/2, 2, 0], [0, 0, beta]], gamma)"
        " | attention(tied, softmax) | residual | layer_norm | mlp(erf) | mean_pool"
    )
    words = np.array([[0, 1, 2, 0], [1, 1, 0, 2], [2, 2, 1, 0]])
    point = {"alpha": 0.7, "beta": 0.8, "gamma": 0.3}
    _, slopes = kernel.matrix_with_gradient(words, by=list(point), **point)
    for i, name in enumerate(point):
        above, below = (
            kernel.matrix(words, **point | {name: point[name] + h}) for h in (1e-6, -1e-6)
        )
        assert np.allclose((above - below) / 2e-6, slopes[:, :, i], rtol=0, atol=1e-8)
