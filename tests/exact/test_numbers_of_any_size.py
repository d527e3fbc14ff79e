"""Numbers of 10^10000 and 10^-10000 through the public number types: written, read back, rounded."""

from __future__ import annotations

import json
from fractions import Fraction
from math import inf

import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    BallMatrix,
    Branch,
    ExactMatrix,
    branches,
    function_field,
    real_roots,
)
from symkern.exact.real_arguments import read_real
from symkern.kernels import categorical, embedding, uniform

SIZES = {
    "large": Fraction(10**10000),
    "small": Fraction(1, 10**10000),
    "large fraction": Fraction(10**10000 + 1, 3),
    "negative": Fraction(-(10**10000) - 1, 7),
}
NAMES = {
    "AlgebraicNumber": AlgebraicNumber,
    "Ball": Ball,
    "Branch": Branch,
    "ExactMatrix": ExactMatrix,
    "Fraction": Fraction,
    "function_field": function_field,
    "L": L,
    "S": sp.S,
}


def back(value):
    return eval(repr(value), dict(NAMES))  # noqa: S307


@pytest.mark.parametrize("size", SIZES)
def test_balls(size):
    number = SIZES[size]
    for ball in (Ball(number), Ball(number, abs(number) / 3), Ball(number, abs(number) / 10**20)):
        assert back(ball) == ball
        assert len(str(ball)) < 30 and ball.latex()
        expected = 0.0 if size == "small" else inf if number > 0 else -inf
        assert float(ball) == expected
        if ball.excludes_zero:
            inverse = ball.reciprocal()
            assert back(inverse) == inverse and inverse.contains(1 / number)
    assert float(BallMatrix([[Ball(number)]]).to_numpy()[0, 0]) == expected


def test_long_text_is_read_and_refused_alike():
    assert Ball("7" * 5000).midpoint == 7 * (10**5000 - 1) // 9
    assert Ball("-" + "7" * 5000 + "/" + "3" * 5000).midpoint == Fraction(-7, 3)
    assert Ball("0." + "0" * 5000 + "25e3").midpoint == Fraction(1, 4 * 10**4997)
    for text in ("7" * 5000 + "x", "/" + "3" * 5000, "e" * 5000):
        with pytest.raises(sk.errors.InvalidArgument, match="must be a decimal or a fraction"):
            Ball(text)


@pytest.mark.parametrize("size", SIZES)
def test_algebraic_numbers(size):
    number = SIZES[size]
    [root] = real_roots((-2 * number.numerator**3, 0, 0, number.denominator**3))
    assert back(root) == root and back(root.inverse()) == root.inverse()
    assert float(root) == (0.0 if size == "small" else inf if number > 0 else -inf)
    assert read_real(root, "ridge") == (0 if size == "small" else 1.7e308 if number > 0 else -1.7e308)  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_functions_matrices_and_branches(size):
    number = SIZES[size]
    field = function_field((L,))
    function = field(L) * number + 1
    assert back(function) == function
    for matrix in (
        ExactMatrix.from_rows([[number, 1], [2, 3]]),
        ExactMatrix.from_rows([[number * L, 1], [2, L]]),
    ):
        assert back(matrix) == matrix and matrix.latex()
    [first, second] = branches(
        ExactMatrix.from_rows([[number, 1], [2, 3]]).characteristic_factors(), function_field(())
    )
    assert {first, second} == {back(first), back(second)}
    assert len(first.value.minimal_polynomial) == 3


def test_spectra():
    for size in (10**10000, Fraction(1, 10**10000)):
        spectrum = embedding(size, 1).mean_pool().spectrum(length=3, tokens=uniform(2))
        assert spectrum.check_trace() and spectrum.text() and spectrum.latex()
        assert all(map(repr, spectrum.sectors))


def test_documents_of_spectra():
    law = categorical(["1/2", "1/3", "1/6"])
    spectrum = embedding(10**10000, 1).attention("tied").mean_pool().spectrum(3, law)
    assert any(b.interval for sector in spectrum for b in sector.branches)
    document = json.loads(spectrum.to_json())
    assert document == spectrum.to_dict()
