"""Characteristic polynomials against SymPy's, over every way that they are found."""

import subprocess
import sys

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha, beta, x
from symkern.exact import ExactMatrix, characteristic
from symkern.exact.characteristic import _Piece, strong_components
from tests.search import examples

pytestmark = pytest.mark.floor

SMALL = st.integers(-3, 3)


def _polynomial(matrix):
    total = sp.S.One
    for factor in matrix.characteristic_factors():
        assert factor[-1].to_sympy() == 1
        total *= sum(c.to_sympy() * x**k for k, c in enumerate(factor))
    return sp.expand(total)


def _expected(rows):
    size = len(rows)
    return sp.expand((x * sp.eye(size) - sp.Matrix(rows)).det(method="berkowitz"))


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([[1, 2], [3, 4]], 0),
        ([[alpha, 2 * alpha], [3 * alpha, 4 * alpha]], 0),  # a common factor
        ([[alpha / L, 2 * alpha / L**2], [3 * alpha, 4 * alpha / L]], 0),  # a diagonal similarity
        ([[alpha, beta], [alpha + beta, alpha]], 1),  # homogeneous
        ([[alpha**2 * L, beta * L], [alpha**3, alpha * beta / 7 + beta**2]], 2),
        ([[L, 1], [L**2 + 1, 3]], 1),  # nothing scales
        ([[alpha + 1, L], [beta, L**2 + 1]], 3),
        ([[0, 0], [0, 0]], 0),
        ([[0, L], [0, 0]], 0),
    ],
)
def test_every_way(rows, kept):
    matrix = ExactMatrix.from_rows(rows)
    pieces = [_Piece(matrix.field, matrix.rows)] if all(any(r) for r in rows) else []
    for piece in pieces:
        assert len(piece.kept) == kept
    assert sp.expand(_polynomial(matrix) - _expected(rows)) == 0


@examples(60)
@given(st.data())
def test_graded_matrices(data):
    """Entries that are sums of monomials of one weight, shifted by potentials: what is set to 1 comes back."""
    size = data.draw(st.integers(1, 3))
    shifts = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    rows = []
    for i in range(size):
        row = []
        for j in range(size):
            entry = sum(data.draw(SMALL) * alpha**a * beta ** (2 - a) for a in range(3))
            row.append(sp.expand(entry * L ** (shifts[i] - shifts[j] + 1) / 6))
        rows.append(row)
    matrix = ExactMatrix.from_rows(rows)
    assert sp.expand(_polynomial(matrix) - _expected(rows)) == 0


@examples(40)
@given(st.data())
def test_ungraded_matrices(data):
    size = data.draw(st.integers(1, 3))
    names = data.draw(st.sampled_from([(L,), (L, alpha)]))
    rows = [
        [
            sum(data.draw(SMALL) * sp.prod([s ** data.draw(st.integers(0, 2)) for s in names]) for _ in range(2))
            for _ in range(size)
        ]
        for _ in range(size)
    ]  # fmt: skip
    matrix = ExactMatrix.from_rows(rows)
    assert sp.expand(_polynomial(matrix) - _expected(rows)) == 0


def test_numbers_times_a_symbol_are_factored_before_they_are_scaled():
    """Forty rows: their polynomial in three symbols would be out of reach."""
    size = 40
    rows = [
        [alpha**3 * beta / L * ((i * j + i + j) % 7 + (i == j)) for j in range(size)]
        for i in range(size)
    ]
    factors = ExactMatrix.from_rows(rows).characteristic_factors()
    assert sum(len(f) - 1 for f in factors) == size
    numbers = sp.Matrix(size, size, lambda i, j: (i * j + i + j) % 7 + (i == j))
    trace = sum((-f[-2] for f in factors), factors[0][-1] * 0).to_sympy()
    assert sp.expand(trace - numbers.trace() * alpha**3 * beta / L) == 0
    ones = [f for f in factors if len(f) == 2]
    assert len(ones) >= size - 7  # a matrix of rank seven at most, and the unit


def test_interpolation_is_berkowitz():
    """The same polynomial by both ways, one symbol left."""
    rows = [[(i + 2 * j) % 5 * L**2 + (i - j) * L + i * j % 3 for j in range(7)] for i in range(7)]
    matrix = ExactMatrix.from_rows(rows)
    [found] = matrix.characteristic_factors()
    top_down = characteristic._berkowitz(
        [[e.num for e in row] for row in matrix.rows], matrix.field.one.num
    )
    assert [c.num for c in found] == top_down[::-1]


@pytest.mark.parametrize(
    "rows",
    [
        [[L, 4 * alpha], [beta, L]],
        [[0, 4 * alpha], [beta, 0]],
        [[alpha**2 + beta**3, 4 * alpha**2], [beta**3, alpha**2 + beta**3]],
        [[L, 8 * alpha, 0], [0, L, beta], [beta * L, 0, L]],
        [
            [0, -2 * beta**2, -2 * L * alpha * beta**2],
            [0, -2 * alpha, 0],
            [-2 * alpha**4 * beta, 0, 0],
        ],
    ],
)
def test_weights_that_are_no_integers_set_nothing_to_one(rows):
    """With alpha = beta = 1, x^2 - 4 alpha beta is a product of two; over the rationals it is none."""
    matrix = ExactMatrix.from_rows(rows)
    assert sp.expand(_polynomial(matrix) - _expected(rows)) == 0


@examples(150)
@given(st.data())
def test_monomial_matrices(data):
    """Sparse matrices of monomials, where nearly everything scales."""
    size = data.draw(st.integers(2, 4))
    entry = st.tuples(st.sampled_from([0, 0, 1, -1, 4, 9]), *[st.integers(0, 2)] * 3)
    rows = [
        [c * L**i * alpha**j * beta**k for c, i, j, k in (data.draw(entry) for _ in range(size))]
        for _ in range(size)
    ]
    matrix = ExactMatrix.from_rows(rows)
    assert sp.expand(_polynomial(matrix) - _expected(rows)) == 0


@examples(60)
@given(st.integers(0, 9), st.randoms(use_true_random=False), st.sampled_from([0.05, 0.15, 0.4]))
def test_components_beside_scipy(size, draw, density):
    """Sparse graphs have long paths and few circles, which is where a search of fixed depth fails."""
    from scipy.sparse.csgraph import connected_components

    rows = [[int(draw.random() < density) for _ in range(size)] for _ in range(size)]
    labels = connected_components(np.array(rows), connection="strong")[1] if size else []
    expected = {}
    for i, label in enumerate(labels):
        expected.setdefault(int(label), []).append(i)
    assert strong_components(rows) == list(expected.values())


def test_a_spectrum_is_derived_and_printed_without_scipy():
    """It takes a quarter of a second to load."""
    code = (
        "import sys, symkern; symkern.derive('linear-attention').text(); "
        "print([m for m in ('scipy', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
