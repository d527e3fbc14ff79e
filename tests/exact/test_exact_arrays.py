"""Exact matrices in the hands of NumPy, SymPy and scipy.sparse: the entries, or an error, and never something near them unasked."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

import symkern as sk
from symkern.abc import L
from symkern.characters import alternating_table, hyperoctahedral_table, kostka_matrix, write_table
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact import Ball, ExactMatrix
from symkern.exact.ball_matrices import BallMatrix
from symkern.exact.exact_arrays import read_dtype
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_vector import RationalVector
from symkern.representations import defining, natural, orthogonal

CYCLE = (1, 2, 3, 0)
MATRICES: dict[str, Any] = {
    "exact": ExactMatrix.from_rows([[1, sp.Rational(1, 3), 0], [0, 2**70, -5]]),
    "whole": ExactMatrix.from_rows([[1, -2], [3, 2**62]]),
    "sparse": SparseMatrix.from_entries((2, 3), [(0, 2, "1/3"), (1, 0, 2**70)]),
    "natural": natural((3, 1))(CYCLE),
    "orthogonal": orthogonal((3, 1))(CYCLE),
    "two bases": orthogonal((3, 1))((1, 0, 2, 3)),
    "S_5": sk.character_table(5),
    "Kostka": kostka_matrix(5),
    "A_5": alternating_table(5),
    "A_4": alternating_table(4),
    "B_2": hyperoctahedral_table(2),
}


@pytest.mark.parametrize("name", MATRICES)
def test_all_programs_hold_the_same_entries(name: str) -> None:
    matrix = MATRICES[name]
    exact = matrix.to_sympy()
    entries = np.asarray(matrix)
    assert entries.shape == exact.shape and sp.Matrix(matrix) == exact
    assert sp.Matrix(np.asarray(matrix, object)) == exact == sp.Matrix(matrix.to_numpy())
    assert not np.shares_memory(np.array(matrix, copy=True), entries)
    values = [complex(e) for e in exact]
    if all(value.imag == 0 for value in values):
        floats = np.asarray(matrix, float)
        assert floats.dtype == np.float64
        assert np.allclose(floats.ravel(), np.array(values).real, rtol=1e-15, atol=0)
        for found in (matrix.to_scipy(), sparse.csr_array(matrix, dtype=float)):
            assert found.format == "csr" and np.allclose(found.toarray(), floats, rtol=1e-15)
        assert np.asarray(matrix, np.float32).dtype == np.float32
    else:
        for refused in (lambda: np.asarray(matrix, float), matrix.to_scipy):
            with pytest.raises(InvalidArgument, match=r"dtype: must be complex or object .*\(\d, \d\) is .*I"):  # fmt: skip
                refused()
    for found in (np.asarray(matrix, complex), matrix.to_scipy(complex).toarray()):
        assert np.allclose(found.ravel(), values, rtol=1e-15, atol=0)
    if all(e.is_Integer and abs(e) < 2**63 for e in exact):
        whole = np.asarray(matrix, np.int64)
        assert whole.dtype == np.int64 and sp.Matrix(whole) == exact
        assert sp.Matrix(matrix.to_scipy(int).toarray()) == exact
    else:
        for again in (lambda: np.asarray(matrix, int), lambda: matrix.to_scipy(int)):
            with pytest.raises(InvalidArgument, match=r"dtype: must .*, but the one at \(\d, \d\)"):
                again()
    with pytest.raises(
        InvalidArgument, match="dtype: must be object, float, complex or an integer"
    ):
        np.asarray(matrix, bool)
    with pytest.raises(InvalidArgument, match=r"dtype: .* sparse arrays hold no objects"):
        matrix.to_scipy(object)
    for text in ("1/0", "(" * 200, "\ud800", "f8, " * 3 + "-" * 10**4, 10**5000, [[[1]]]):
        with pytest.raises(InvalidType, match="dtype: must be a type"):
            read_dtype(text)
    with pytest.raises(InvalidType, match="dtype: must be a type"):
        matrix.to_scipy("nothing")


@given(st.lists(st.fractions() | st.integers(-(2**80), 2**80), min_size=1, max_size=4))
def test_floats_are_the_nearest_and_integers_are_equal(row: list[Fraction]) -> None:
    for matrix in (ExactMatrix.from_rows([row]), SparseMatrix.from_dense([row])):
        assert np.asarray(matrix).tolist() == [row]
        for floats in (np.asarray(matrix, float), matrix.to_scipy().toarray()):
            assert np.allclose(floats, [[float(e) for e in row]], rtol=3e-16, atol=0)
        for kind in (np.int8, np.int64, np.uint16):
            limits = np.iinfo(kind)
            if all(Fraction(e).denominator == 1 and limits.min <= e <= limits.max for e in row):
                assert np.asarray(matrix, kind).tolist() == [row]
                assert matrix.to_scipy(kind).toarray().tolist() == [row]
            else:
                with pytest.raises(InvalidArgument, match="dtype: must"):
                    np.asarray(matrix, kind)
                with pytest.raises(InvalidArgument, match="dtype: must"):
                    matrix.to_scipy(kind)


@given(st.lists(st.fractions() | st.integers(-(2**80), 2**80), max_size=4))
def test_vectors_are_not_cut_off(entries: list[Fraction]) -> None:
    vector = RationalVector.of(entries, "vector")
    assert np.asarray(vector).tolist() == entries == np.asarray(vector, object).tolist()
    assert np.allclose(np.asarray(vector, float), list(map(float, entries)), rtol=3e-16, atol=0)
    if all(Fraction(e).denominator == 1 and abs(e) < 2**63 for e in entries):
        assert np.asarray(vector).dtype == np.asarray(vector, int).dtype == np.int64
    else:
        with pytest.raises(InvalidArgument, match=r"dtype: must .*, but the one at \(\d,\)"):
            np.asarray(vector, int)


def test_nothing_wraps() -> None:
    """Characters of S_10 go up to 768."""
    table = sk.character_table(10)
    with pytest.raises(InvalidArgument, match=r"not only -128 to 127, but the one at"):
        np.asarray(table, np.int8)
    assert np.asarray(table, np.int16).max() == 768


def test_symbols_and_balls() -> None:
    matrix = ExactMatrix.from_rows([[1, L], [0, 2]])
    assert np.asarray(matrix)[0, 1] == L and sp.Matrix(matrix)[0, 1] == L
    for kind in (float, complex):
        with pytest.raises(InvalidArgument, match=r"dtype: must be object for entries with symbols, but the one at \(0, 1\) is L"):  # fmt: skip
            np.asarray(matrix, kind)
    ball = Ball(Fraction(1, 3), Fraction(1, 10**9))
    balls = BallMatrix([[ball]])
    assert np.asarray(balls)[0, 0] is ball and np.asarray(balls, float) == [[float(ball)]]
    with pytest.raises(InvalidArgument, match="dtype: must be object, float or complex for balls"):
        np.asarray(balls, int)


def test_arithmetic_with_arrays_is_refused_and_with_their_numbers_not() -> None:
    matrix = MATRICES["sparse"]
    assert np.int64(2) * matrix == matrix * 2
    for other in (np.eye(2), np.eye(2, dtype=int)):
        with pytest.raises(TypeError):
            other @ matrix
        with pytest.raises(TypeError):
            other * matrix
    vector = defining(2).vector([1, 2])
    for bad in (
        lambda: matrix + 1, lambda: matrix - "x", lambda: matrix @ [1, 2], lambda: MATRICES["exact"] @ [1],
        lambda: MATRICES["orthogonal"] @ 2, lambda: vector + 1, lambda: vector - [1, 2],
        lambda: sk.CharacterPolynomial.irreducible((1,)) + "x", lambda: sk.CharacterPolynomial.irreducible((1,)) * 0.5,
    ):  # fmt: skip
        with pytest.raises(InvalidType, match="other: must be a"):
            bad()
    with pytest.raises(InvalidArgument, match="copy: must be None or True"):
        np.array(matrix, copy=False)


def test_stored_tables(tmp_path: Path) -> None:
    pytest.importorskip("zarr")
    stored, table = write_table(9, tmp_path / "t"), sk.character_table(9)
    assert (
        np.array_equal(np.asarray(stored), table.values) and stored.to_sympy() == table.to_sympy()
    )
    assert (stored.to_scipy(int) != sparse.csr_array(table.values)).nnz == 0
    pytest.importorskip("narwhals"), pytest.importorskip("pandas")
    assert stored.to_dataframe("pandas").equals(table.to_dataframe("pandas"))
    # A column past 64 bits is put together: its lowest words alone are other numbers.
    stored.__dict__["_arrays"] = {"values": table.values, "higher": np.ones((1, 30, 1), dtype=int)}
    stored.__dict__["_wide"] = {29: 0}
    assert np.asarray(stored)[:, 29].tolist() == [
        int(v) % 2**64 + 2**64 for v in table.values[:, 29]
    ]
