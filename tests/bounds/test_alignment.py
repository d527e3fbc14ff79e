"""Alignment: published values, and the whole orbit averaged by brute force."""

from fractions import Fraction
from itertools import permutations, product
from math import prod

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.bounds import alignment, alignment_by_irrep
from symkern.combinatorics import Partition
from symkern.errors import FormulaError, InvalidArgument, InvalidType, SizeMismatch, SymkernError
from symkern.exact import AlgebraicNumber


@pytest.mark.parametrize(
    ("f", "value"),
    [
        (lambda x: x[0] - x[1], sp.Rational(1, 3)),
        (lambda x: x[0], sp.Rational(1, 4)),
        (lambda x: (x[0] - x[1]) * (x[2] - x[3]), sp.Rational(1, 2)),
        (prod, sp.Integer(1)),
    ],
)
def test_check_values_at_four(f, value):
    assert alignment(f, 4) == value
    assert alignment(lambda x: "7/3" if f(x) == 0 else 3 * f(x), 4) is not None
    assert alignment(lambda x: -5 * f(x), length=4) == value


def averaged(values, length):
    """The largest eigenvalue of the mean of (g f)(g f)^T over all g."""
    cube = list(product((1, -1), repeat=length))
    index = {x: i for i, x in enumerate(cube)}
    f = np.array(values, dtype=float)
    total = np.zeros((len(cube), len(cube)))
    group = list(permutations(range(length)))
    for g in group:
        moved = f[[index[tuple(x[a] for a in g)] for x in cube]]
        total += np.outer(moved, moved)
    return np.linalg.eigvalsh(total / len(group) / (f @ f))[-1]


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_the_orbit_averaged_by_brute_force(length, seed):
    values = np.random.default_rng(seed).integers(-4, 6, 2**length).tolist()
    values[0] = 7
    assert float(alignment(values, length)) == pytest.approx(averaged(values, length), rel=1e-9)


def test_algebraic_numbers_where_they_are_needed():
    rng = np.random.default_rng(0)
    value = alignment_by_irrep(rng.integers(-4, 5, 64).tolist(), 6)[Partition(1)]
    assert isinstance(value, AlgebraicNumber)
    assert 0 < float(value) < 1


def test_shapes_and_tables():
    cube = list(product((1, -1), repeat=3))
    by_table = alignment({x: x[0] + 2 * x[1] for x in cube}, 3)
    assert by_table == alignment([x[0] + 2 * x[1] for x in cube], 3)
    assert by_table == alignment(lambda x: x[0] + 2 * x[1], 3)
    assert set(alignment_by_irrep(lambda x: x[0] - x[1], 6)) == {Partition(1)}
    # The parts by irrep: x_1 is a third of its length along the mean, two thirds across.
    assert alignment_by_irrep(lambda x: x[0], 3) == {
        Partition(): sp.Rational(1, 3),
        Partition(1): sp.Rational(1, 3),
    }


def test_sixteen_positions():
    assert alignment(lambda x: x[0], 16) == sp.Rational(1, 16)
    assert alignment(prod, 16) == 1


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: alignment([0, 0], 1), InvalidArgument, "f: must not vanish"),
        (lambda: alignment([1, 2, 3], 2), SizeMismatch, "f: must have 4 values"),
        (lambda: alignment({(1,): 1}, 1), SizeMismatch, "f: a table must have the 2 sequences"),
        (lambda: alignment(["a", 1], 1), SymkernError, "f"),
        (lambda: alignment([float("nan"), 1.0], 1), InvalidArgument, "f: must have finite values"),
        (lambda: alignment(prod, 0), InvalidArgument, "length: must be an integer of at least 1"),
        (lambda: alignment(prod, 2.0), InvalidType, "length: must be an integer"),
        (lambda: alignment(prod, 200), MemoryError, "needs"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_floats_give_floats():
    """A function with float values is normalised like any other, and its alignment is a float."""
    exact = alignment(lambda x: 3 * x[0] - x[1], 4)
    found = alignment(lambda x: 0.3 * x[0] - 0.1 * x[1], 4)
    assert isinstance(found, float) and found == pytest.approx(float(exact))


def test_a_float_needs_a_ridge_that_is_a_number():
    from symkern.bounds import learnability, samples_to_learn

    for call in (lambda: samples_to_learn(0.01), lambda: learnability(0.01, n=5)):
        with pytest.raises(InvalidArgument, match="ridge: must be a number where another"):
            call()
    assert samples_to_learn(0.01, 2.0) == 200.0


@pytest.mark.parametrize(
    ("text", "f"),
    [
        ("x1-x2", lambda x: x[0] - x[1]),
        ("parity", lambda x: x[0] * x[1] * x[2] * x[3]),
        ("[x1 = x4]/2 + x2", lambda x: Fraction(x[0] == x[3], 2) + x[1]),
        ("majority", lambda x: 1 if sum(x) > 0 else -1),
    ],
)
def test_formulas_are_read_as_the_command_reads_them(text, f):
    assert alignment(text, length=4) == alignment(f, length=4)
    assert alignment_by_irrep(text, 4) == alignment_by_irrep(f, 4)


def test_bad_formulas():
    with pytest.raises(InvalidArgument, match="f: may name positions 1 to 4, but it names 7"):
        alignment("x7", length=4)
    with pytest.raises(FormulaError, match="f: "):
        alignment("x1 -", length=4)
