"""Matrices with entries A sqrt(r/c): their numbers, also where they are beyond floats and beyond what SymPy factors."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from symkern.exact.sparse import SparseMatrix
from symkern.limits import changed
from symkern.representations.radical_matrix import RadicalMatrix


def _matrix(rows, *norms):
    return RadicalMatrix(SparseMatrix.from_dense(rows), *norms)


HUGE = Fraction(3) ** 2000
CASES = [
    (_matrix([[1, 0], [-2, Fraction(1, 3)]], (Fraction(2), Fraction(3)), (Fraction(5), Fraction(12))), [[(2 / 5) ** 0.5, 0], [-2 * (3 / 5) ** 0.5, 1 / 6]]),
    (_matrix([[1, 0], [-2, Fraction(1, 3)]], (2 * HUGE, 3 * HUGE), (5 * HUGE, 12 * HUGE)), [[(2 / 5) ** 0.5, 0], [-2 * (3 / 5) ** 0.5, 1 / 6]]),
    (_matrix([[Fraction(-1, 3**1000)]], (HUGE,), (Fraction(1),)), [[-1.0]]),
    (_matrix([[Fraction(1, 3**1000)]], (5 * HUGE,), (Fraction(4),)), [[5**0.5 / 2]]),
]  # fmt: skip


@pytest.mark.parametrize(("matrix", "numbers"), CASES)
def test_numbers_in_floats(matrix, numbers):
    assert np.allclose(matrix.to_float(), numbers, rtol=1e-15, atol=0)


@pytest.mark.parametrize(("matrix", "numbers"), CASES)
def test_entries_are_exact(matrix, numbers):
    for i, row in enumerate(numbers):
        for j, number in enumerate(row):
            entry = matrix[i, j]
            ratio = matrix.squared_norms[i] / matrix.column_norms[j]
            assert sp.Pow(entry, 2) == matrix.rational[i, j] ** 2 * sp.Rational(
                ratio.numerator, ratio.denominator
            )
            assert abs(float(entry) - number) < 1e-12


def test_a_radicand_of_many_bits_keeps_its_root_unfactored():
    p, q = 2**89 - 1, 2**107 - 1
    matrix = _matrix([[3, 0]], (Fraction(p * q),), (Fraction(1), Fraction(1)))
    with changed(radicand_bits=64):
        assert matrix[0, 0] == sp.Mul(3, sp.Pow(p * q, sp.S.Half, evaluate=False), evaluate=False)
        assert matrix[0, 1] == 0
        square = _matrix([[3]], (Fraction(4 * p**2),), (Fraction(1),))
        assert square[0, 0] == 6 * p


def test_pages_show_what_fits():
    small, large = CASES[0][0], _matrix([[0] * 9], (Fraction(1),), (Fraction(1),) * 9)
    with changed(typeset_rows=8):
        assert "<" in small._repr_html_() and small._repr_latex_().startswith("$")
        assert large._repr_html_() is None and large._repr_latex_() is None
