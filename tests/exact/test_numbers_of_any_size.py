"""Numbers of 10^10000 and 10^-10000 through the public number types: written, read back, rounded."""

from __future__ import annotations

import json
from fractions import Fraction
from math import inf

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L
from symkern.errors import InvalidArgument, SymkernError, TooLarge
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    BallMatrix,
    Branch,
    ExactMatrix,
    SparseMatrix,
    branches,
    function_field,
    real_roots,
)
from symkern.exact.factoring import factor, square_part
from symkern.exact.real_arguments import read_real, read_real_row
from symkern.kernels import categorical, embedding, uniform
from symkern.limits import changed
from symkern.pages.spectrum_csv import spectrum_csv
from symkern.representations.radical_matrix import RadicalMatrix

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


@pytest.mark.wide
def test_documents_of_spectra():
    law = categorical(["1/2", "1/3", "1/6"])
    spectrum = embedding(10**10000, 1).attention("tied").mean_pool().spectrum(3, law)
    assert any(b.interval for sector in spectrum for b in sector.branches)
    document = json.loads(spectrum.to_json())
    assert document == spectrum.to_dict()


@pytest.mark.parametrize("size", SIZES)
def test_matrices_with_roots(size):
    number = abs(SIZES[size])
    rational = SparseMatrix.from_entries((2, 2), [(0, 0, 1 / number), (0, 1, -1), (1, 1, number)])
    matrix = RadicalMatrix(rational, (number, Fraction(2)), (Fraction(3), number))
    names = {**NAMES, "RadicalMatrix": RadicalMatrix, "SparseMatrix": SparseMatrix}
    assert eval(repr(matrix), names) == matrix  # noqa: S307
    assert matrix.latex() and matrix._repr_html_()
    assert matrix[0, 1] == -1 and matrix[0, 0] ** 2 == sp.Rational(1, 3) / sp.S(number)
    assert matrix.to_float()[0, 1] == -1.0
    plain = RadicalMatrix(SparseMatrix.identity(2), (Fraction(2), Fraction(3)))
    scaled = RadicalMatrix(plain.rational, (2 * number, 3 * number))
    assert (scaled.to_float() == plain.to_float()).all()
    assert rational.to_float().toarray()[0, 1] == -1.0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", SIZES)
def test_costs_and_curves(size):
    number = abs(SIZES[size])
    spectrum = embedding(number, 1).attention().mean_pool().spectrum(length=L, tokens=uniform(2))
    law = spectrum.scaling_law((1,))
    assert str(law) and repr(law) and law.latex() and repr(law.leading)
    assert repr(spectrum)
    at = spectrum.evaluate(length=3)
    assert [repr(f) for sector in at.sectors for f in sector.basis()]
    curve = at.learning_curve("parity", n=[1, 10], ridge=number)
    if size == "small":
        assert json.loads(curve.to_json()) and str(curve) and curve.latex()
    else:  # floats do not reach so far
        with pytest.raises(sk.errors.InvalidArgument, match="too long"):
            curve.to_json()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("tokens", [uniform(2), uniform(sk.abc.v)], ids=str)
def test_every_page_of_a_spectrum_with_symbols(tokens):
    """No factor of a long number is sought, neither where the eigenvalues are derived nor where they are shown."""
    spectrum = embedding(10**2000, 1).attention().mean_pool().spectrum(length=L, tokens=tokens)
    with changed(seconds=20):
        pages = [spectrum.text(), spectrum.latex(), spectrum._repr_html_(), spectrum_csv(spectrum)]
        pages.append(spectrum.to_json())
    assert all("L" in page for page in pages)
    whole = embedding(7, 1).attention().mean_pool().spectrum(length=L, tokens=tokens)
    for page, other in zip(spectrum.sectors, whole.sectors, strict=True):
        assert [b.degree for b in page.branches] == [b.degree for b in other.branches]


def test_factors_of_polynomials_with_long_numbers():
    field = function_field((L, sk.abc.v))
    x, y = field.gens
    number = 10**10000
    whole = (x + number * y + 1) * (x * y - number) ** 2 * x**2 * -3
    content, parts = factor(whole.num)
    assert content == -3 and sorted((len(p), e) for p, e in parts) == [(1, 2), (2, 2), (3, 1)]
    product = field(content).num
    for part, times in parts:
        product = product * part**times
    assert product == whole.num
    assert len(factor((x**2 * number + y**2 * x + number + 7).num)[1]) == 1


def test_square_parts_are_those_of_trial_division():
    def plain(value):
        square = max(k for k in range(1, 60) if value % (k * k) == 0)
        return square, value // square**2

    assert all(square_part(n) == plain(n) for n in range(1, 3000))
    assert square_part(-(10**20001) * 7) == (10**10000, -70)


def test_rows_of_reals() -> None:
    """A number is a row of one; what would be too long a list is refused before it is one."""
    for given, found in ((3, [3.0]), ("1/2", [0.5]), ((1, "1/4"), [1.0, 0.25]), (np.array([2, 1]), [2.0, 1.0]), (iter([1]), [1.0])):  # fmt: skip
        row = read_real_row(given, "t", "times", minimum=0)
        assert row.tolist() == found and not row.flags.writeable
    own = np.array([1.0, 2.0])
    row = read_real_row(own, "t", "times")
    own[0] = 7  # the caller's array is the caller's: it stays writeable, and the row what it was
    assert row.tolist() == [1.0, 2.0]
    for wrong, kind in ((range(10**12), TooLarge), ([], InvalidArgument), ([[1], [2]], InvalidArgument), ([0, -1], InvalidArgument), ("x", InvalidArgument)):  # fmt: skip
        with pytest.raises(kind, match="t"):
            read_real_row(wrong, "t", "times", minimum=0)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda huge: sk.derive("flatten", tokens=huge), "tokens"),
        (lambda huge: sk.bounds.selection.power_law(5, 2, -huge), "m"),
        (lambda huge: sk.characters.stretched_kronecker((2, 1), (2, 1), (2, 1), values=huge), "values"),
        (lambda huge: sk.kernels.markov([["1/2", "1/2"]] * 2).lag_moment("d")[huge], "place"),
    ],
)  # fmt: skip
def test_messages_about_numbers_that_python_does_not_print(call, argument) -> None:
    with pytest.raises(SymkernError, match=f"^{argument}: must be .* a number of 33220 bits"):
        call(10**10000)
