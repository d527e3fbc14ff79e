"""Kernels given as functions: what is accepted, what the check of symmetry finds, what is refused."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern import limits
from symkern.abc import L, v
from symkern.claims.derivation import Standing
from symkern.errors import (
    InvalidArgument,
    InvalidType,
    NoClosedForm,
    SizeMismatch,
    SymmetryError,
    TooLarge,
)
from symkern.exact import Ball
from symkern.kernels import (
    categorical,
    distinct,
    embedding,
    exchangeable,
    from_function,
    from_table,
    uniform,
)
from tests.search import examples


def matches(x, y):
    return sum(a == b for a, b in zip(x, y, strict=True))


def test_function_table_and_pipeline_agree():
    """m/L three ways."""
    specs = [
        from_function(lambda x, y: Fraction(matches(x, y), len(x))),
        from_table(lambda n: Fraction(sum(n[t][t] for t in range(3)), sum(map(sum, n)))),
        embedding(1).flatten(),
    ]
    found = [
        [
            (s.position_irrep, s.token_irrep, s.dimension, s.eigenvalues)
            for s in k.spectrum(length=4, tokens=uniform(3))
        ]
        for k in specs
    ]
    assert found[0] == found[1] == found[2]


def test_values_keep_their_kind():
    """Rationals give rationals, SymPy numbers balls; floats are named in the standing."""
    exact = from_function(lambda x, y: sp.Rational(matches(x, y), 3)).spectrum(
        length=2, tokens=uniform(2)
    )
    assert {s.standing for s in exact} == {Standing.PROVED}
    assert all(isinstance(e, sp.Rational) for s in exact for e in s.eigenvalues)
    root = from_function(lambda x, y: sp.sqrt(2) * matches(x, y)).spectrum(
        length=2, tokens=uniform(2)
    )
    assert all(isinstance(e, Ball) for s in root for e in s.eigenvalues)
    assert all(e.radius < Fraction(1, 10**50) for s in root for e in s.eigenvalues)
    assert {s.standing for s in root} == {Standing.PROVED}
    given_floats = from_function(lambda x, y: 0.1 * matches(x, y)).spectrum(
        length=2, tokens=uniform(2)
    )
    assert {s.standing for s in given_floats} == {Standing.FLOATING}
    assert "floating point" in given_floats.text()
    for spec in (exact, root, given_floats):
        assert spec.check_trace()
        spec.to_json()
        assert max(map(len, spec.text().splitlines())) <= 80
        assert "eigenvalue" in spec.latex()


def test_numpy_integers_are_values():
    spec = from_function(lambda x, y: np.int64(matches(x, y))).spectrum(
        length=np.int64(2), tokens=uniform(2)
    )
    assert spec.trace() == 2


def test_an_asymmetric_kernel_is_caught_with_a_witness():
    kernel = from_function(lambda x, y: int(x[0] == y[0]) + 2 * int(x[1] == y[1]))
    with pytest.raises(SymmetryError, match="permuted alike") as caught:
        kernel.spectrum(length=2, tokens=uniform(2))
    order, (x, y) = caught.value.witness
    moved = tuple(x[i] for i in order), tuple(y[i] for i in order)
    assert kernel(x, y) != kernel(*moved)


def test_one_planted_value_is_caught():
    """A single wrong pair among 4^5."""
    wrong = ((0, 1, 1, 0, 0), (1, 1, 0, 0, 1))
    kernel = from_function(lambda x, y: matches(x, y) + int((x, y) == wrong))
    with pytest.raises(SymmetryError) as caught:
        kernel.spectrum(length=5, tokens=uniform(2))
    order, (x, y) = caught.value.witness
    assert kernel(x, y) != kernel(tuple(x[i] for i in order), tuple(y[i] for i in order))


def test_a_kernel_that_is_not_hermitian_is_caught():
    with pytest.raises(SymmetryError, match=r"k\(x, y\) = k\(y, x\)") as caught:
        from_table(lambda n: n[0][1]).spectrum(length=2, tokens=uniform(2))
    _, (x, y) = caught.value.witness
    assert sum(a < b for a, b in zip(x, y, strict=True)) != sum(
        a > b for a, b in zip(x, y, strict=True)
    )


def test_random_pairs_above_the_limit():
    with limits.changed(exhaustive_evaluations=100):
        _compare_random_pairs()


def _compare_random_pairs():
    spec = from_function(matches).spectrum(length=4, tokens=uniform(2))
    assert {s.standing for s in spec} == {Standing.SAMPLED}
    assert "random pairs" in spec.text()
    assert spec.to_dict()["sectors"][0]["standing"] == "sampled"
    with pytest.raises(SymmetryError):
        from_function(lambda x, y: int(x[0] == y[0])).spectrum(length=4, tokens=uniform(2))


@given(st.integers(0, 3), st.integers(1, 3))
@examples(10)
def test_weights_on_one_position_are_caught(position, extra):
    kernel = from_function(lambda x, y: matches(x, y) + extra * (x[position] == y[position]))
    with pytest.raises(SymmetryError):
        kernel.spectrum(length=4, tokens=uniform(2))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("x", InvalidArgument),
        (None, InvalidType),
        (1j, InvalidType),
        (float("nan"), InvalidArgument),
    ],
)
def test_bad_values_name_the_table(value, error):
    with pytest.raises(error, match=r"f\(N\) at N = \(\(0, 0\), \(0, 1\)\)"):
        from_table(lambda n: value if n[1][1] else 1).spectrum(length=1, tokens=uniform(2))


def test_what_is_no_function_is_refused():
    with pytest.raises(InvalidType, match="f: must be a function"):
        from_table(3)
    with pytest.raises(InvalidType, match="name: must be a string"):
        from_function(matches, 5)


def test_symbols_in_the_sizes_are_refused_with_what_exists():
    softmax = embedding(1, 1).attention("tied", "softmax").flatten()
    for kernel in (softmax, from_function(matches)):
        with pytest.raises(NoClosedForm, match="given length"):
            kernel.spectrum(length=L, tokens=uniform(v))
        with pytest.raises(NoClosedForm, match="given length and vocabulary"):
            kernel.spectrum(length=4, tokens=uniform(v))
    with pytest.raises(NoClosedForm, match="given length"):
        from_function(matches).spectrum(length=L, tokens=uniform(2))
    with pytest.raises(NoClosedForm):
        from_function(matches).spectrum(length=4, tokens=distinct())


def test_exchangeable_laws():
    """Counts of one length; the uniform law by its counts is the uniform law."""
    law = exchangeable({(3, 0): "1/8", (2, 1): "3/8", (1, 2): "3/8", (0, 3): "1/8"})
    kernel = embedding(1, 1).attention("tied").mean_pool()
    one = kernel.spectrum(length=3, tokens=law)
    two = kernel.spectrum(length=3, tokens=uniform(2))
    assert [s.eigenvalues for s in one] == [s.eigenvalues for s in two]
    with pytest.raises(SizeMismatch, match="length"):
        kernel.spectrum(length=4, tokens=law)
    with pytest.raises(InvalidArgument, match="sum to 1"):
        exchangeable({(1, 0): "1/2"})
    with pytest.raises(InvalidArgument, match="must not be negative"):
        exchangeable({(1, 0): "3/2", (0, 1): "-1/2"})
    with pytest.raises(InvalidArgument, match="one length"):
        exchangeable({(1, 0): "1/2", (1, 1): "1/2"})
    with pytest.raises(InvalidType):
        exchangeable([(1, 0)])
    assert eval(repr(law), {"exchangeable": exchangeable}) == law  # noqa: S307


def test_letters_that_never_occur_leave_no_trace():
    """categorical([1/2, 1/2, 0]) has the spectrum of two letters."""
    kernel = embedding(1, "1/2").attention("tied", "softmax").flatten()
    three = kernel.spectrum(length=4, tokens=categorical(["1/2", "1/2", 0]))
    two = kernel.spectrum(length=4, tokens=categorical(["1/2", "1/2"]))
    ours = sorted(float(e) for s in three for e in s.eigenvalues for _ in range(s.dimension))
    theirs = sorted(float(e) for s in two for e in s.eigenvalues for _ in range(s.dimension))
    nonzero = [[e for e in values if abs(e) > 1e-30] for values in (ours, theirs)]
    assert np.allclose(*nonzero, rtol=1e-12)


def test_too_large_is_refused_before_it_starts():
    softmax = embedding(1, 1).attention("tied", "softmax").mean_pool()
    with pytest.raises(TooLarge, match="series in 1/L take seconds"):
        softmax.spectrum(length=2000, tokens=uniform(6))


def test_distinct_tokens_need_a_class_function():
    assert sk.kernels.embedding(1).flatten().spectrum(length=4, tokens=distinct()).sectors


@pytest.mark.parametrize("law", [uniform(3), categorical(["1/2", "1/3", "1/6"])])
def test_spectra_of_balls_are_saved_and_loaded(tmp_path, law):
    kernel = embedding(1, "1/2").attention("tied", "softmax").flatten()
    spec = kernel.spectrum(length=4, tokens=law)
    spec.save(tmp_path / "spectrum.json")
    again = sk.kernels.Spectrum.load(tmp_path / "spectrum.json")
    assert again == spec
    assert [s.eigenvalues for s in again] == [s.eigenvalues for s in spec]
    for sector in spec.to_dict()["sectors"]:
        assert sector["eigenvalues"] == [None] * sector["multiplicity"]
        for low, high in sector["intervals"]:
            assert Fraction(low) <= Fraction(high)
