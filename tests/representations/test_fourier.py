"""The Fourier transform against its defining sum, its inverse, Plancherel, and walks whose spectra are published."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import comb, factorial
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import character
from symkern.combinatorics import Partition, multiply, partitions
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge
from symkern.exact.sparse import SparseMatrix
from symkern.representations import (
    FourierTransform,
    fourier_transform,
    fourier_transform_float,
    inverse_fourier_transform_float,
    orthogonal,
    random_transposition,
    regular,
    riffle,
    seminormal,
    total_variation,
)
from tests.search import examples


def drawn(n: int) -> Any:
    values = st.integers(-9, 9) | st.fractions(-9, 9, max_denominator=9)
    return st.lists(values, min_size=factorial(n), max_size=factorial(n))


@examples(40)
@given(st.integers(1, 4), st.data())
def test_it_is_the_sum_over_the_group(n: int, data: st.DataObject) -> None:
    f = data.draw(drawn(n))
    transform = fourier_transform(n, f)
    numeric = fourier_transform_float(n, [float(v) for v in f])
    for lam in partitions(n):
        rho, sigma = seminormal(lam), orthogonal(lam)
        total = SparseMatrix.identity(lam.dimension) * 0
        approximate = np.zeros((lam.dimension, lam.dimension))
        for g, value in zip(permutations(range(n)), f):
            total = total + rho(g) * value
            approximate += float(value) * sigma.numeric(g)
        assert transform[lam] == total
        assert np.allclose(numeric[lam], approximate)


@examples(40)
@given(st.integers(1, 5), st.data())
def test_inverse_and_plancherel(n: int, data: st.DataObject) -> None:
    if n < 5:
        f = data.draw(drawn(n))
    else:
        seed = data.draw(st.integers(0, 1000))
        f = [Fraction((seed * k * k + 7 * k) % 101 - 50, 6) for k in range(120)]
    transform = fourier_transform(n, f)
    assert transform.inverse() == regular(n).vector(f)
    assert sum(transform.energies().values()) == regular(n).vector(f).dot(regular(n).vector(f))
    # the energies are those of the isotypic parts of the regular module
    assert transform.energies() == regular(n).energies(f)
    numeric = fourier_transform_float(n, [float(v) for v in f])
    assert np.allclose(inverse_fourier_transform_float(n, numeric), [float(v) for v in f])


@examples(40)
@given(st.data())
def test_convolution(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 4))
    f, h = data.draw(drawn(n)), data.draw(drawn(n))
    group = list(permutations(range(n)))
    values: dict[tuple[int, ...], Any] = dict.fromkeys(group, 0)
    for a, x in zip(group, f):
        for b, y in zip(group, h):
            values[multiply(a, b)] += x * y
    product = fourier_transform(n, f) @ fourier_transform(n, h)
    assert product == fourier_transform(n, values)
    assert list(product.inverse()) == [sp.Rational(str(v)) for v in values.values()]


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_random_transpositions(n: int) -> None:
    """Diaconis and Shahshahani: 1/n + ((n-1)/n) chi(transposition)/dim, a multiple of the identity."""
    transform = fourier_transform(n, random_transposition(n))
    for lam, matrix in transform.items():
        ratio = Fraction(character(lam, [2] + [1] * (n - 2)), lam.dimension)
        assert matrix == SparseMatrix.identity(lam.dimension) * (
            Fraction(1, n) + Fraction(n - 1, n) * ratio
        )


@pytest.mark.parametrize("n", [3, 4, 5])
def test_riffle_shuffles(n: int) -> None:
    """Bayer and Diaconis: an a-shuffle after a b-shuffle is an ab-shuffle; eigenvalues 1/a^i."""
    once, twice = fourier_transform(n, riffle(n)), fourier_transform(n, riffle(n, 4))
    assert once @ once == twice
    assert once @ fourier_transform(n, riffle(n, 3)) == fourier_transform(n, riffle(n, 6))
    assert sum(riffle(n, 3).values()) == 1
    if n <= 4:
        variable = sp.Symbol("x")
        found = sp.Integer(1)
        for lam, matrix in once.items():
            found *= matrix.to_sympy().charpoly(variable).as_expr() ** lam.dimension
        # 1/2^i as often as there are permutations with n - i cycles
        cycles = sp.Poly(sp.prod(variable + k for k in range(n)), variable).all_coeffs()
        expected = sp.prod((variable - sp.Rational(1, 2**i)) ** cycles[i] for i in range(n))
        assert sp.expand(found - expected) == 0


def test_seven_shuffles_of_a_small_deck() -> None:
    """Total variation of k riffle shuffles of five cards, from the transform and from the formula."""
    step = fourier_transform(5, riffle(5))
    now = step
    for k in range(1, 5):
        law = riffle(5, 2**k)
        assert list(now.inverse()) == [
            sp.Rational(str(law.get(g, 0))) for g in permutations(range(5))
        ]
        assert total_variation(list(now.inverse()), 5) == total_variation(law, 5)
        now = now @ step
    values = [total_variation(riffle(5, 2**k), 5) for k in range(1, 5)]
    assert values == sorted(values, reverse=True)
    assert sum(1 for _ in riffle(5)) == 1 + 2**5 - 5 - 1
    assert riffle(5)[tuple(range(5))] == Fraction(comb(6, 5), 32)


@pytest.mark.wide
def test_eight_cards_exactly() -> None:
    f = [(k * k + 3 * k) % 1009 - 500 for k in range(factorial(8))]
    transform = fourier_transform(8, f)
    assert transform.inverse().numerators.tolist() == f
    assert sum(transform.energies().values()) == sum(v * v for v in f)


def test_bad_input() -> None:
    with pytest.raises(SizeMismatch, match="6 values"):
        fourier_transform(3, [1, 2, 3])
    with pytest.raises(InvalidType, match="exact"):
        fourier_transform(2, [0.5, 1])
    with pytest.raises(TooLarge):
        fourier_transform(20, lambda g: 1)
    with pytest.raises(TooLarge):
        fourier_transform(10**9, lambda g: 1)
    with pytest.raises(InvalidArgument, match="one value"):
        fourier_transform(2, {(0, 1): 1, range(2): 2})
    with pytest.raises(SizeMismatch, match="labelled"):
        FourierTransform(2, {(2,): [[1]]})
    with pytest.raises(SizeMismatch, match="rows and columns"):
        FourierTransform(2, {(2,): [[1, 0]], (1, 1): [[1]]})
    transform = FourierTransform(2, {"2": [[1]], (1, 1): [["1/2"]]})
    assert list(transform.inverse()) == [sp.Rational(3, 4), sp.Rational(1, 4)]
    names = {"FourierTransform": FourierTransform, "SparseMatrix": SparseMatrix}
    assert eval(repr(transform), names) == transform  # noqa: S307
    assert transform[Partition(1, 1)] == transform["1,1"]


@pytest.mark.parametrize("bits", [40, 200])
def test_large_values_come_back(bits):
    values = [(-1) ** i * ((3**i) << bits) for i in range(24)]
    assert list(fourier_transform(4, values).inverse()) == values
