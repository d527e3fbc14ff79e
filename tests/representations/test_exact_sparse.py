"""Sparse exact matrices, rational vectors and residues against SymPy, Python integers and identities."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.exact import RationalVector, SparseMatrix
from symkern.exact.sparse_residues import from_residues, primes_for, residues_of, slim
from symkern.exact.sparse_vector import exact_dot
from tests.search import examples

NUMBERS = (
    st.just(0) | st.integers(-5, 5) | st.fractions(-9, 9, max_denominator=12)
    | st.integers(-(2**70), 2**70) | st.sampled_from([2**62, -(2**63), 2**63 - 1])
)  # fmt: skip


def rectangle(rows: int, columns: int) -> Any:
    row = st.lists(NUMBERS, min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows)


@examples(40)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.data())
def test_matrices_compute_as_sympys(a: int, b: int, c: int, data: st.DataObject) -> None:
    first, second, third = (data.draw(rectangle(*s)) for s in ((a, b), (b, c), (a, b)))
    m, n, k = (SparseMatrix.from_dense(r) for r in (first, second, third))
    x, y, z = (
        sp.Matrix([[sp.Rational(str(e)) for e in row] for row in r]) for r in (first, second, third)
    )
    assert (m @ n).to_sympy() == x * y
    assert (m + k).to_sympy() == x + z and (m - k).to_sympy() == x - z
    assert (m * Fraction(2, 3)).to_sympy() == x * sp.Rational(2, 3)
    assert m.T.to_sympy() == x.T and m.rank() == x.rank()
    assert m.to_numpy().tolist() == [[Fraction(str(e)) for e in row] for row in first]
    vector = RationalVector.of([row[0] for row in second])
    assert (m @ vector).to_sympy() == x * y[:, 0]
    assert SparseMatrix.from_dense(x) == m and hash(SparseMatrix.from_dense(x)) == hash(m)
    assert m.to_flint().tolist() == [[sp_to_flint(e) for e in row] for row in x.tolist()]
    names = {"SparseMatrix": SparseMatrix}
    assert eval(repr(m), names) == m  # noqa: S307
    assert all(m[i, j] == x[i, j] for i in range(a) for j in range(b))
    assert m.column(0).to_sympy() == x[:, 0]


def sp_to_flint(value: sp.Rational) -> Any:
    import flint

    return flint.fmpq(int(value.p), int(value.q))


@given(st.integers(1, 4), st.data())
def test_inverse_and_trace(size: int, data: st.DataObject) -> None:
    rows = data.draw(rectangle(size, size))
    m = SparseMatrix.from_dense(rows)
    exact = sp.Matrix([[sp.Rational(str(e)) for e in row] for row in rows])
    assert m.trace() == exact.trace()
    if exact.det() == 0:
        with pytest.raises(InvalidArgument, match="invertible"):
            m.inverse()
    else:
        assert m.inverse().to_sympy() == exact.inv()


def test_products_beyond_machine_words() -> None:
    """A sum of many large products: numpy would wrap silently."""
    size = 60
    rows = [[(3**37 + 7 * i * j) * (-1) ** (i + j) for j in range(size)] for i in range(size)]
    m = SparseMatrix.from_dense(rows)
    assert m.numerators.dtype == np.int64
    product = m @ m
    expected = sum(rows[3][k] * rows[k][5] for k in range(size))
    assert product[3, 5] == expected and abs(expected) > 2**63


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.lists(NUMBERS, min_size=6, max_size=6))
def test_vectors(first: list[Any], more: list[Any]) -> None:
    second = more[: len(first)]
    v, w = RationalVector.of(first), RationalVector.of(second)
    exact = [Fraction(a) for a in first], [Fraction(b) for b in second]
    assert (v + w).to_numpy().tolist() == [a + b for a, b in zip(*exact)]
    assert (v - w).to_numpy().tolist() == [a - b for a, b in zip(*exact)]
    dot = sum(a * b for a, b in zip(*exact))
    assert v.dot(w) == sp.Rational(dot.numerator, dot.denominator)
    assert np.allclose(v.to_float(), [float(a) for a in first])
    assert eval(repr(v), {"RationalVector": RationalVector}) == v  # noqa: S307
    assert list(v) == [sp.Rational(str(a)) for a in first]
    assert all(isinstance(e, int) or (isinstance(e, sp.Rational) and e.q > 1) for e in v)
    assert hash(v) == hash(RationalVector.of(list(v))) and v == RationalVector.of(list(v))
    assert (v / 7 * 7) == v and (v - v).is_zero


@given(st.lists(st.integers(-(10**60), 10**60), min_size=1, max_size=5))
def test_residues(values: list[int]) -> None:
    primes = primes_for(10**60)
    array = np.array([*values, 0], dtype=object)[:-1]
    assert from_residues(residues_of(array, primes), primes).tolist() == values
    small = primes_for(max(map(abs, values)))
    assert from_residues(residues_of(array, small), small).tolist() == values


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=8))
def test_exact_dot(values: list[int]) -> None:
    array = slim(np.array([*values, 0], dtype=object)[:-1])
    assert exact_dot(array, array[::-1]) == sum(a * b for a, b in zip(values, values[::-1]))


def test_bad_input() -> None:
    with pytest.raises(InvalidType, match="exact"):
        RationalVector.of([0.5])
    with pytest.raises(InvalidType):
        RationalVector.of("12")
    with pytest.raises(InvalidType):
        RationalVector.of([True])
    with pytest.raises(InvalidType):
        SparseMatrix.from_dense(np.eye(2))
    with pytest.raises(SizeMismatch, match="row 1 has 1"):
        SparseMatrix.from_dense([[1, 2], [3]])
    with pytest.raises(SizeMismatch):
        SparseMatrix.identity(2) @ SparseMatrix.identity(3)
    with pytest.raises(SizeMismatch):
        SparseMatrix.identity(2) + SparseMatrix.identity(3)
    with pytest.raises(SizeMismatch):
        SparseMatrix.identity(2) @ RationalVector([1])
    with pytest.raises(SizeMismatch):
        RationalVector([1]) + RationalVector([1, 2])
    with pytest.raises(InvalidArgument, match="once"):
        SparseMatrix.from_entries((1, 1), [(0, 0, 1), (0, 0, 2)])
    with pytest.raises(InvalidArgument, match="inside"):
        SparseMatrix.from_entries((1, 1), [(0, 1, 1)])
    with pytest.raises(InvalidArgument, match="zero"):
        RationalVector([1]) / 0
    with pytest.raises(InvalidArgument, match="square"):
        SparseMatrix.from_dense([[1, 2]]).inverse()
    with pytest.raises(ValueError, match="read-only"):
        RationalVector([1]).numerators[0] = 2
    assert RationalVector.of(np.array([2**64 - 1], dtype=np.uint64))[0] == 2**64 - 1
    assert RationalVector.of([np.int8(3)])[0] == 3


def test_pickles_stay_read_only() -> None:
    m = SparseMatrix.from_entries((2, 3), [(0, 0, "1/2"), (1, 2, 10**30)])
    for value in (m, m.column(0)):
        again = pickle.loads(pickle.dumps(value))
        assert again == value and hash(again) == hash(value)
        assert not again.numerators.flags.writeable
