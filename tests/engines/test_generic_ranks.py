"""Zero blocks and ranks of kernels with irrational values: none is left open, and dense matrices of floats agree."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

import symkern as sk
from symkern.engines.tables import sectors
from symkern.exact import Ball
from symkern.exact.forms import is_regular
from symkern.kernels import categorical, embedding, from_function, from_table, uniform
from tests.oracles.staged import (
    FLAT,
    LAST,
    MEAN,
    SOFTMAX,
    assert_whole,
    base,
    build,
    full_eigenvalues,
    gram,
    tied,
)
from tests.search import examples

_INDEPENDENT, _RESIDUAL = ("attention", {}), ("residual", {})
_WITHOUT = ("attention", {"query_key": "tied", "row_map": "softmax", "positions_in_values": False})


def _mlp(activation):
    return ("mlp", {"activation": activation})


def _linear(weight, bias):
    return ("linear", {"weight": Fraction(weight), "bias": Fraction(bias)})


#: Kernels whose form gives no bound for the rank, or one that is not reached: (stages, length, vocabulary).
CASES = {
    "no position variance, flatten": ([base(1), SOFTMAX, FLAT], 3, 2),
    "no position variance, last": ([base(1), SOFTMAX, LAST], 3, 3),
    "no token variance": ([base(0, 1), SOFTMAX, LAST], 3, 2),
    "values without positions": ([base(1, 1), _WITHOUT, FLAT], 4, 3),
    "residual and bias of two positions": ([base(1, 1), SOFTMAX, _RESIDUAL, _linear(2, 1), MEAN], 2, 3),
    "softmax, then relu rows": ([base(1, 1), SOFTMAX, tied("relu"), FLAT], 5, 2),
    "independent, then softmax": ([base(1), _INDEPENDENT, SOFTMAX, LAST], 3, 3),
    "softmax, then independent": ([base(1, 1), SOFTMAX, _INDEPENDENT, MEAN], 6, 2),
    "softmax, then squares": ([base(1, 1), SOFTMAX, _mlp((0, 0, Fraction(1))), MEAN], 6, 2),
    "relu of the pooled": ([base(1, 1), MEAN, _mlp("relu")], 4, 2),
    "erf of the pooled": ([base(1, 1), MEAN, _mlp("erf")], 4, 3),
    "relu of one position": ([base(2, 1, 1), LAST, _mlp("relu")], 3, 2),
    "relu first": ([base(1, 1), _mlp("relu"), _INDEPENDENT, MEAN], 4, 2),
    "relu of pooled identity rows": ([base(1, 1), tied("identity"), MEAN, _mlp("relu")], 2, 3),
    "relu of pooled relu rows": ([base(1, 1), tied("relu"), MEAN, _mlp("relu")], 3, 3),
    "relu after softmax, last": ([base(1, 1), SOFTMAX, _mlp("relu"), LAST], 3, 3),
    "erf after softmax": ([base(1, 1), SOFTMAX, _mlp("erf"), MEAN], 3, 3),
    "positions alone, relu": ([base(0, 1), _INDEPENDENT, _mlp("relu"), MEAN], 3, 2),
}  # fmt: skip


def decided(spectrum):
    """No eigenvalue is a ball around zero."""
    balls = [value for s in spectrum for value in s.eigenvalues if isinstance(value, Ball)]
    return all(ball.excludes_zero for ball in balls)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", CASES)
def test_no_rank_is_left_open(name):
    stages, length, letters = CASES[name]
    spectrum = build(stages).spectrum(length, uniform(letters))
    index, values = gram(stages, length, letters)
    expected = full_eigenvalues(index, values, length, uniform(letters))
    assert decided(spectrum)
    assert spectrum.rank() == int((np.abs(expected) > 1e-11 * expected.max()).sum())
    assert spectrum.rank() == sum(int(s.dimension) * s.multiplicity for s in spectrum)
    assert_whole(spectrum, expected)


@pytest.mark.parametrize(
    ("alpha", "beta"),
    [(100, 1), (200, 1), (100, "1/100"), ("100.125", "3.001"), (10000, 1), (1000, "1/1000")],
)
def test_eigenvalues_below_every_digit(alpha, beta):
    """Softmax of large variances: the nonzero eigenvalue of (3,1) is smaller than any fixed number of digits shows."""
    kernel = embedding(sk.abc.parse(str(alpha)), sk.abc.parse(str(beta)))
    spectrum = kernel.attention("tied", "softmax").mean_pool().spectrum(4, uniform(2))
    assert spectrum.rank() == 5 and decided(spectrum)
    [smallest] = spectrum.sector([1], []).eigenvalues
    assert 0 < smallest.midpoint < Fraction(1, 10**30)


def test_irrational_functions_of_the_table():
    """sqrt(2) times a kernel of rank five, and one that is not positive semidefinite."""
    matches = from_table(lambda N: sp.sqrt(2) * (N[0][0] + N[1][1]))
    assert matches.spectrum(4, uniform(2)).rank() == 5
    signed = from_table(lambda N: sp.sqrt(2) * (N[0][0] + N[1][1]) - sp.pi * 2)
    spectrum = signed.spectrum(4, uniform(2))
    exact = from_table(lambda N: 3 * (N[0][0] + N[1][1]) - 13).spectrum(4, uniform(2))
    assert spectrum.rank() == exact.rank() == 5 and decided(spectrum)
    assert float(min(v for s in spectrum for v in map(float, s.eigenvalues))) < 0


def test_functions_of_a_reduced_sector_satisfy_the_operator():
    """Rank two of four on (3), one eigenvalue negative: the minor is not positive definite."""
    law = categorical(["1/3", "2/3"])
    signed = from_function(
        lambda x, y: sp.sqrt(2) * sum(a == b for a, b in zip(x, y, strict=True)) - sp.sqrt(7)
    )
    spectrum = signed.spectrum(3, law)
    sector = spectrum.sector([])
    assert sector.multiplicity == 2 and len(sector.realisation.terms) == 4
    assert min(map(float, sector.eigenvalues)) < 0 < max(map(float, sector.eigenvalues))
    words = [(a, b, c) for a in range(2) for b in range(2) for c in range(2)]
    for sector in spectrum:
        for value, phi in zip(sector.eigenvalues, sector.basis(), strict=True):
            for x in words:
                image = sum(float(signed(x, y)) * float(phi(y)) * 2 ** sum(y) / 27 for y in words)
                assert abs(image - float(value) * float(phi(x))) < 1e-12


@examples(25)
@given(
    st.fractions(0, 3, max_denominator=6),
    st.fractions(0, 3, max_denominator=6),
    st.lists(
        st.sampled_from(["softmax", "independent", "relu rows", "residual", "relu", "erf"]),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([MEAN, FLAT, LAST]),
    st.sampled_from([(1, 2), (2, 2), (3, 2), (2, 3)]),
)
def test_random_pipelines(token, position, names, readout, sizes):
    stage = {
        "softmax": SOFTMAX,
        "independent": _INDEPENDENT,
        "relu rows": tied("relu"),
        "residual": _RESIDUAL,
        "relu": _mlp("relu"),
        "erf": _mlp("erf"),
    }
    stages = [base(token, position), *(stage[n] for n in names), readout]
    if names[0] == "residual":  # it adds the input of a stage before it
        stages.insert(1, SOFTMAX)
    stages = [s for i, s in enumerate(stages) if s != _RESIDUAL or stages[i - 1] != _RESIDUAL]
    length, letters = sizes
    with np.errstate(over="ignore", invalid="ignore"):
        index, values = gram(stages, length, letters)
    assume(np.isfinite(np.array(values, dtype=float)).all())  # scores of thousands overflow exp
    spectrum = build(stages).spectrum(length, uniform(letters))
    expected = full_eigenvalues(index, values, length, uniform(letters))
    assert decided(spectrum)
    nonzero = int((np.abs(expected) > 1e-13 * max(expected.max(), 1e-300)).sum())
    assert spectrum.rank() >= nonzero or expected.max() < 1e-12  # floats may miss the smallest
    assert_whole(spectrum, expected)


@pytest.mark.parametrize(
    ("token", "length", "law", "rank"),
    [
        ("13/4", 5, uniform(2), 25),
        ("3", 4, uniform(3), 52),
        ("13/4", 5, categorical(["1/4", "3/4"]), 25),
    ],
    ids=str,
)
def test_digits_that_cancel_on_the_way_are_added(token, length, law, rank):
    """Saturated softmax after a residual: minors that are barely nonzero, by which a block is reduced to its range."""
    stages = [base(token, 1), _INDEPENDENT, _RESIDUAL, SOFTMAX, MEAN]
    found = build(stages).spectrum(length, law)
    scale = float(found.trace())
    for sector in found:
        for value in sector.eigenvalues:
            assert float(value.radius) < 1e-40 * scale and value.excludes_zero
    assert found.rank() == rank and found.check_trace()
    expected = full_eigenvalues(*gram(stages, length, law.vocabulary), length, law)
    listed = sorted(
        (float(e.value) for e in found.eigenvalues() for _ in range(e.dimension)), reverse=True
    )
    assert np.allclose(listed, expected[: len(listed)], atol=1e-9 * scale)
    assert np.allclose(expected[len(listed) :], 0, atol=1e-9 * scale)


def test_a_rank_beyond_the_digits_that_are_kept_is_known_from_the_minor():
    found = build([base(10, 1), _INDEPENDENT, _RESIDUAL, SOFTMAX, MEAN]).spectrum(4, uniform(3))
    hidden = [s for s in found if s.regular and any(not e.excludes_zero for e in s.eigenvalues)]
    assert hidden and all(
        float(e.radius) < 1e-50 * float(found.trace()) for s in hidden for e in s.eigenvalues
    )


@pytest.mark.parametrize("length", [2, 3, 4])
def test_cosines_that_are_zero_share_one_symbol(length):
    """Tied relu rows: all cosines are 0 or 1, and the relu layer sees sqrt(pq)/(2 pi) and rational numbers only."""
    stages = [base(1), tied("relu"), _mlp("relu"), MEAN]
    found = build(stages).spectrum(length, uniform(2))
    values = full_eigenvalues(*gram(stages, length, 2), length, uniform(2))
    assert found.rank() == 2 == sum(value > 1e-9 for value in values)
    assert all(value < 1e-9 for value in values[2:])


def test_the_image_of_a_zero_cosine():
    """sqrt(pq)/(2 pi) at a generic point: half of sqrt(pq) times one symbol, whatever p and q are."""
    import flint

    from symkern.exact.dual_activations import relu_dual
    from symkern.exact.generic_points import GenericPoint, traced_at

    point = GenericPoint()
    with traced_at(point):
        inverse = point.symbol("1/pi")
        for p, q, root in ((1, 1, 1), (4, 9, 6), (3, 12, 6), (2, 8, 4)):
            found = relu_dual(flint.fmpq(p), flint.fmpq(q), flint.fmpq(0))
            assert point.residue(found) * 2 % point.modulus == root * inverse % point.modulus
            assert abs(float(found.ball) - root / (2 * np.pi)) < 1e-14


@pytest.mark.parametrize("letters", [2, 3])
def test_relu_of_vectors_that_are_multiples(letters):
    """Without positions the last one sees n_p(x) n_q(y) c, c = 1/2 or 1/(2 pi) as the letters read agree: relu again keeps the rank v."""
    kernel = sk.kernels.embedding(1).attention("tied").mlp("relu").at_position("last").mlp("relu")
    assert kernel.spectrum(3, sk.kernels.uniform(letters)).rank() == letters
    skewed = sk.kernels.categorical(["1/3", "2/3"])
    assert kernel.spectrum(3, skewed).rank() == 2


def test_more_digits_come_before_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eigenvalues beyond the digits that a block keeps are shown not to be zero by its forms, which take a small part of what generic ranks take."""

    def never(*_: object) -> None:
        raise AssertionError("ranks at a generic point")

    monkeypatch.setattr(sectors, "GenericRanks", never)
    kernel = embedding(Fraction(1, 10**6)).flatten().mlp("exp")
    found = sectors.general_sectors(kernel, 12, uniform(2), only=sk.Partition(1))
    assert [len(s.eigenvalues) for s in found] == [5, 6] and all(s.regular for s in found)
    assert abs(float(found[1].eigenvalues[-1])) < 1e-70


def test_forms_that_are_regular_by_all_their_digits() -> None:
    """A Hilbert matrix of 40 rows, whose determinant is near 10^-940; with one entry wrong, or known to fewer digits than that, it is not shown."""
    n, bits = 40, 6000
    one = 1 << bits
    exact = np.array([[one // (i + j + 1) for j in range(n)] for i in range(n)], dtype=object)
    error = np.full((n, n), 1, dtype=object)
    assert is_regular(exact, error, one)
    assert not is_regular(exact, error << (bits - 100), one)
    twice = exact.copy()
    twice[n - 1] = twice[n - 2]
    assert not is_regular(twice, error, one)
