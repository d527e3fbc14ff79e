"""Kernels on distinct tokens: class functions, and the spectrum of the full L! x L! matrix.

A symmetric kernel on sequences in which every token occurs once is k(x, y) = kappa(x^-1 y). Its
eigenvalue on S^lam is <kappa, chi^lam>/dim S^lam, dim^2 times. The oracle knows none of that: it diagonalises.
"""

from fractions import Fraction
from functools import cache
from math import factorial

import numpy as np
import pytest
import sympy as sp
from flint import fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import L, alpha, beta, cycle_count
from symkern.errors import SymkernError
from tests.oracles import spectrum
from tests.oracles import symmetric_group as sym
from tests.oracles.pipelines import (
    FURTHER,
    ONE_POSITION,
    PARAMETERS,
    REQUIRED,
    as_number,
    block_charpoly,
    build,
    oracle,
)
from tests.search import examples

NAMES = [*REQUIRED, *FURTHER]
PIPELINES = REQUIRED | FURTHER
X = fmpq_poly([0, 1])


@cache
def distinct_spectrum(name):
    return build(PIPELINES[name]).spectrum(length=L, tokens=sk.kernels.distinct())


@cache
def matrix(name, which, length):
    return spectrum.distinct_gram(oracle(PIPELINES[name], PARAMETERS[which]), length)


def _whole(spec, values, length):
    """Product of the blocks' characteristic polynomials to their dimensions, zeros filled in."""
    total, dimensions = fmpq_poly([1]), 0
    for sector in spec.sectors:
        polynomial = block_charpoly(sector.block, values)
        dimension = int(as_number(sector.dimension, values))
        total *= polynomial**dimension
        dimensions += polynomial.degree() * dimension
    return total * X ** (factorial(length) - dimensions)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("length", [3, 4, 5])
@pytest.mark.parametrize("name", NAMES)
def test_spectrum_at_a_given_length(name, length):
    """length=3, 4, 5 as numbers: complete, whatever the kernel's degree."""
    for which, values in enumerate(PARAMETERS[: 1 if length == 5 else 2]):
        spec = build(PIPELINES[name]).spectrum(length=length, tokens=sk.kernels.distinct())
        assert _whole(spec, values, length) == spectrum.full_charpoly(*matrix(name, which, length))


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", NAMES)
def test_formulas_in_the_length(name):
    """Every sector that is valid at L has its eigenvalue, dim^2 times, on its own irrep."""
    spec = distinct_spectrum(name)
    for length in (3, 4, 5):
        values = {**PARAMETERS[1], L: length}
        expected = _eigenvalues_by_characters(name, 1, length)
        for sector in spec.sectors:
            assert tuple(sector.token_irrep) == tuple(sector.position_irrep)
            if length < sector.valid_for["L"]:
                continue
            lam = sym.padded(tuple(sector.position_irrep), length)
            assert lam is not None
            assert as_number(sector.dimension, values) == sym.dimension(lam) ** 2
            assert sector.block.to_sympy().shape == (1, 1)
            assert as_number(sector.block.to_sympy()[0, 0], values) == expected[lam]
            assert as_number(sector.eigenvalues[0], values) == expected[lam]
        if all(length >= sector.valid_for["L"] for sector in spec.sectors):
            assert _whole(spec, values, length) == spectrum.full_charpoly(*matrix(name, 1, length))


def _eigenvalues_by_characters(name, which, length):
    """E kappa chi^lam/dim, from the oracle's values and the oracle's characters."""
    k = oracle(PIPELINES[name], PARAMETERS[which])
    identity = tuple(range(length))
    result = {}
    for lam, chi in sym.characters(length).items():
        total = sum(
            (Fraction(k(identity, g)) * chi[sym.cycle_type(g)] for g in sym.group(length)),
            Fraction(0),
        )
        result[lam] = total / (factorial(length) * sym.dimension(lam))
    return result


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_small_lengths_by_evaluation(name):
    spec = distinct_spectrum(name)
    for length in range(1, 5):
        true = spec.evaluate(length=length)
        values = PARAMETERS[0]
        assert _whole(true, values, length) == spectrum.full_charpoly(*matrix(name, 0, length))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", NAMES)
def test_class_function_values(name):
    """The character polynomial in X1 at every g of S_1..S_4, against k(identity, g)."""
    kappa = build(PIPELINES[name]).class_function(L)
    for length in range(1, 5):
        k = oracle(PIPELINES[name], PARAMETERS[1])
        for g in sym.group(length):
            shape = sym.cycle_type(g)
            counts = {cycle_count(i): shape.count(i) for i in range(1, length + 1)}
            value = as_number(kappa.expression, {**PARAMETERS[1], L: length, **counts})
            assert value == k(tuple(range(length)), g)


@pytest.mark.parametrize("name", ONE_POSITION)
def test_a_single_position_is_no_class_function(name):
    k = build(ONE_POSITION[name])
    with pytest.raises(SymkernError, match=r"S_\(?L|position|class function"):
        k.class_function(L)


@pytest.mark.parametrize("name", ONE_POSITION)
def test_spectrum_of_a_kernel_that_reads_one_position(name):
    """Under S_{L-1} x S_L, in the symbol L and at numbers, beside the full matrix."""
    spec = build(ONE_POSITION[name]).spectrum(length=L, tokens=sk.kernels.distinct())
    values = PARAMETERS[1]
    for length in (3, 4):
        gram = spectrum.distinct_gram(oracle(ONE_POSITION[name], values), length)
        whole = spectrum.full_charpoly(*gram)
        at_number = build(ONE_POSITION[name]).spectrum(length=length, tokens=sk.kernels.distinct())
        assert _whole(at_number, values, length) == whole
        assert _whole(spec.evaluate(length=length), values, length) == whole
    for sector in spec.sectors:
        for length in range(sector.valid_for["L"], 6):
            at_number = build(ONE_POSITION[name]).spectrum(
                length=length, tokens=sk.kernels.distinct()
            )
            true = at_number.sector(sector.position_irrep, sector.token_irrep).block
            formula = as_number(sector.block.to_sympy()[0, 0], {**values, L: length})
            assert formula == as_number(true.to_sympy()[0, 0], values)


@pytest.mark.floor
def test_positional_match():
    """fix/L: trivial 1/L, standard 1/(L(L-1))."""
    spec = sk.kernels.embedding(1).flatten().spectrum(length=L, tokens=sk.kernels.distinct())
    found = {tuple(s.position_irrep): s for s in spec.sectors}
    assert set(found) == {(), (1,)}
    assert sp.simplify(found[()].eigenvalues[0] - 1 / L) == 0
    assert sp.simplify(found[1,].eigenvalues[0] - 1 / (L * (L - 1))) == 0
    assert sp.simplify(found[1,].dimension - (L - 1) ** 2) == 0


def test_square_of_the_match():
    """fix^2 through a squared token match: 2, 3/(L-1), 2/(L(L-3)), 2/((L-1)(L-2)) over L^2.

    A flat embedding has k(x, x) = 1, and the activation x^2 turns k into 1 + 2 k^2.
    """
    k = sk.kernels.embedding(1).flatten().mlp("quadratic")
    spec = k.spectrum(length=L, tokens=sk.kernels.distinct())
    found = {tuple(s.position_irrep): s for s in spec.sectors}
    expected = {
        (): 1 + 4 / L**2,
        (1,): 6 / (L**2 * (L - 1)),
        (2,): 4 / (L**3 * (L - 3)),
        (1, 1): 4 / (L**2 * (L - 1) * (L - 2)),
    }
    assert set(found) == set(expected)
    for mu, formula in expected.items():
        assert sp.simplify(found[mu].eigenvalues[0] - formula) == 0
        assert found[mu].valid_for["L"] <= 4
    assert sp.simplify(found[1,].leading[0] - 6 / L**3) == 0


@pytest.mark.floor
def test_linear_attention_keeps_two_irreps():
    """s = L on distinct tokens, so the mean-pooled kernel is affine in the number of fixed points."""
    k = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    spec = k.spectrum(length=L, tokens=sk.kernels.distinct())
    found = {tuple(s.position_irrep): s.eigenvalues[0] for s in spec.sectors}
    first = (alpha + beta) * (alpha**2 + beta**2 + 2 * alpha * beta / L) / L**2
    second = 2 * alpha * beta * (alpha + beta) / (L**3 * (L - 1))
    assert sp.simplify(found[()] - first) == 0
    assert sp.simplify(found[1,] - second) == 0
    assert len(found) == 2


@pytest.mark.parametrize("name", NAMES)
def test_trace_is_the_mean_of_the_diagonal(name):
    spec = distinct_spectrum(name)
    for length in (4, 5):
        word = tuple(range(length))
        values = {**PARAMETERS[1], L: length}
        assert as_number(spec.trace(), values) == oracle(PIPELINES[name], PARAMETERS[1])(word, word)


@given(st.integers(2, 5), st.fractions(min_value=0, max_value=3, max_denominator=5))
@examples(15)
def test_floating_eigenvalues_of_the_full_matrix(length, position):
    """No characters on either side of the comparison: sorted floats of both routes."""
    stages = [
        ("embedding", {"token": Fraction(1), "position": position}),
        ("attention", {}),
        ("flatten", {}),
    ]
    spec = build(stages).spectrum(length=length, tokens=sk.kernels.distinct())
    mine = [
        float(e)
        for s in spec.sectors
        for e in s.eigenvalues
        for _ in range(int(as_number(s.dimension, {})))
    ]
    expected = spectrum.uniform_float_spectrum(*spectrum.distinct_gram(oracle(stages, {}), length))
    mine = np.sort(np.array(mine + [0.0] * (factorial(length) - len(mine))))[::-1]
    assert np.allclose(mine, expected, rtol=1e-9, atol=1e-12)
