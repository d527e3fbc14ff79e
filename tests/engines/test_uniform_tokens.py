"""Spectra on i.i.d. uniform tokens, L and v symbolic, against the whole v^L x v^L matrix.

From L = 4, v = 4 on the sectors of these kernels are complete: the product of their characteristic
polynomials, each to the power of its dimension, is the characteristic polynomial of the full matrix up to a power of x.
Below, a sector that is valid gives eigenvalues that occur at least as often as it says, in its own isotypic part.
"""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import fmpq_poly, nmod_poly
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
from symkern.abc import L, v
from symkern.errors import NoClosedForm
from tests.oracles import spectrum
from tests.oracles import symmetric_group as sym
from tests.oracles.pipelines import (
    ALL,
    FURTHER,
    ONE_POSITION,
    PARAMETERS,
    REQUIRED,
    as_number,
    block_charpoly,
    build,
    full,
    irrep_pair,
    is_valid,
    oracle,
    symbolic_spectrum,
)
from tests.search import examples

#: Every size with v^L <= 100 and L, v >= 1, and a few longer ones.
SMALL = [(length, size) for length in range(1, 7) for size in range(1, 11) if size**length <= 100]
#: The shapes that small sizes can have, for kernels that differ from the main ones in constants only.
FEWER = [
    (1, 1),
    (1, 2),
    (1, 4),
    (2, 1),
    (2, 2),
    (2, 3),
    (2, 4),
    (3, 1),
    (3, 2),
    (3, 3),
    (4, 2),
    (5, 1),
    (5, 2),
]
MAIN = ["linear-attention", "linear-attention-flatten", "transformer-block"]


def _values(which, length, vocabulary):
    return {**PARAMETERS[which], L: length, v: vocabulary}


def _dimension(sector, values):
    dimension = as_number(sector.dimension, values)
    assert dimension.denominator == 1
    return int(dimension)


def _whole(sectors, values, size):
    """Product over the sectors, exact, with the zeros that complete it to ``size``."""
    total, dimensions = fmpq_poly([1]), 0
    for sector in sectors:
        polynomial, times = block_charpoly(sector.block, values), _dimension(sector, values)
        total *= polynomial**times
        dimensions += polynomial.degree() * times
    assert dimensions <= size
    return total * fmpq_poly([0, 1]) ** (size - dimensions)


def _whole_mod(sectors, values, size):
    """The same modulo the oracle's prime."""
    one = nmod_poly([1], spectrum.PRIME)
    total, dimensions = one, 0
    for sector in sectors:
        polynomial, times = block_charpoly(sector.block, values), _dimension(sector, values)
        total *= spectrum.poly_residue(polynomial) ** times
        dimensions += polynomial.degree() * times
    return total * nmod_poly([0, 1], spectrum.PRIME) ** (size - dimensions)


def _floats(sectors, values, size):
    """Sorted eigenvalues with multiplicity, by numpy from the exact blocks."""
    found = []
    for sector in sectors:
        matrix = sector.block.to_sympy()
        block = np.array(
            [[float(as_number(e, values)) for e in matrix.row(i)] for i in range(matrix.rows)]
        )
        eigenvalues = np.linalg.eigvals(block)
        assert np.allclose(eigenvalues.imag, 0, atol=1e-9 * abs(eigenvalues).max())
        found += list(eigenvalues.real) * _dimension(sector, values)
    return np.sort(np.array(found + [0.0] * (size - len(found))))[::-1]


def _close(mine, expected):
    return np.allclose(mine, expected, rtol=1e-9, atol=1e-11 * abs(expected).max())


# From L = 4, v = 4 on: everything.


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", REQUIRED)
def test_whole_spectrum_at_four_and_four(name):
    """256 x 256, characteristic polynomials over the rationals."""
    spec = symbolic_spectrum(name)
    for which in (0, 1) if name in MAIN else (1,):
        values = _values(which, 4, 4)
        assert all(is_valid(s, 4, 4) for s in spec.sectors)
        assert _whole(spec.sectors, values, 256) == spectrum.full_charpoly(*full(name, which, 4, 4))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "length", "vocabulary"),
    [
        ("linear-attention", 4, 5),
        ("flatten", 4, 5),
        pytest.param("transformer-block", 4, 5, marks=pytest.mark.wide),
        pytest.param("linear-attention-flatten", 4, 5, marks=pytest.mark.wide),
        pytest.param("linear-attention", 5, 4, marks=pytest.mark.wide),
        pytest.param("linear-attention-flatten", 5, 4, marks=pytest.mark.wide),
    ],
)
def test_whole_spectrum_at_the_largest_sizes(name, length, vocabulary):
    """1024 and 625 rows: characteristic polynomials modulo 2^61 - 1, and two exact power sums."""
    values, sectors = _values(1, length, vocabulary), symbolic_spectrum(name).sectors
    index, numbers = full(name, 1, length, vocabulary)
    assert _whole_mod(sectors, values, len(index)) == spectrum.charpoly_mod(index, numbers)
    first = second = Fraction(0)
    for sector in sectors:
        block = sector.block.to_sympy()
        times = _dimension(sector, values)
        first += times * as_number(block.trace(), values)
        second += times * as_number((block * block).trace(), values)
    assert (first, second) == spectrum.power_sums(index, numbers)


# Below: each valid sector, in its own isotypic part.


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", REQUIRED)
def test_valid_sectors_occur_in_their_isotypic_part(name):
    """Labels included: the eigenvalues are looked for in the part (mu[L], kappa[v]) alone."""
    spec = symbolic_spectrum(name)
    sizes = [(length, size) for length, size in SMALL if size <= 4]
    if name == "linear-attention-flatten":  # the one with |mu| = 2, which needs L = 4
        sizes.append((4, 4))
    for length, vocabulary in sizes:
        values = _values(1, length, vocabulary)
        parts = spectrum.isotypic_eigenvalues(
            *full(name, 1, length, vocabulary), length, vocabulary
        )
        scale = max(abs(part).max() for part in parts.values())
        for sector in spec.sectors:
            if not is_valid(sector, length, vocabulary):
                continue
            pair = irrep_pair(sector, length, vocabulary)
            assert pair is not None
            times = _dimension(sector, values)
            assert times == sym.dimension(pair[0]) * sym.dimension(pair[1])
            mine = _floats([sector], values, 0)
            part = parts[pair]
            mine = np.sort(np.concatenate([mine, np.zeros(len(part) - len(mine))]))[::-1]
            assert np.allclose(mine, part, rtol=1e-9, atol=1e-11 * scale)


@pytest.mark.parametrize("name", REQUIRED)
def test_valid_for_is_the_smallest_size_with_a_full_block(name):
    """One below in either direction, the isotypic part is smaller than the block."""
    for sector in symbolic_spectrum(name).sectors:
        least = sector.valid_for["L"], sector.valid_for["v"]
        assert max(least) <= 4
        for length, vocabulary in [(least[0] - 1, least[1]), (least[0], least[1] - 1)]:
            if length < 1 or vocabulary < 1:
                continue
            pair = irrep_pair(sector, length, vocabulary)
            rank = _multiplicity(pair, name, length, vocabulary)
            assert rank < sector.block.to_sympy().rows


def _multiplicity(pair, name, length, vocabulary):
    """How many nonzero eigenvalues the isotypic part has, each counted once per dimension."""
    if pair is None:
        return 0
    parts = spectrum.isotypic_eigenvalues(*full(name, 1, length, vocabulary), length, vocabulary)
    if pair not in parts:
        return 0
    scale = max(abs(part).max() for part in parts.values())
    nonzero = int(np.sum(abs(parts[pair]) > 1e-11 * scale))
    return nonzero // (sym.dimension(pair[0]) * sym.dimension(pair[1]))


# The true spectrum at every small size.


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", REQUIRED)
def test_evaluation_gives_the_true_spectrum(name):
    """Down to L = 1 and v = 1, exact characteristic polynomials of the full matrix."""
    spec = symbolic_spectrum(name)
    for length, vocabulary in SMALL if name in MAIN else FEWER:
        true = spec.evaluate(length=length, vocabulary=vocabulary)
        for which in (0, 1) if vocabulary**length < 30 else (1,):
            mine = _whole(true.sectors, PARAMETERS[which], vocabulary**length)
            assert mine == spectrum.full_charpoly(*full(name, which, length, vocabulary)), (
                length,
                vocabulary,
            )
        for sector in true.sectors:
            pair = irrep_pair(sector, length, vocabulary)
            assert pair is not None
            assert len(sector.eigenvalues) == sector.block.to_sympy().rows
            assert _dimension(sector, {}) == sym.dimension(pair[0]) * sym.dimension(pair[1])


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", ["linear-attention", "linear-attention-flatten"])
@pytest.mark.parametrize(
    ("length", "vocabulary"),
    [(1, 100), (2, 20), (3, 8), (4, 5), (5, 3), (9, 2), (40, 1)],
)
def test_evaluation_far_out(name, length, vocabulary):
    """Long and thin, short and wide, up to 625 rows: sorted eigenvalues."""
    true = symbolic_spectrum(name).evaluate(length=length, vocabulary=vocabulary)
    index, numbers = full(name, 1, length, vocabulary)
    expected = spectrum.uniform_float_spectrum(index, numbers)
    assert _close(_floats(true.sectors, PARAMETERS[1], len(index)), expected)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", ["linear-attention", "flatten", "transformer-block"])
def test_numeric_sizes_from_the_start(name):
    """length=3, tokens=uniform(3) gives the spectrum that `evaluate` gives; one symbol may stay."""
    k = build(ALL[name])
    for length, vocabulary in [(1, 1), (1, 3), (2, 2), (3, 3), (4, 2), (2, 5)]:
        spec = k.spectrum(length=length, tokens=sk.kernels.uniform(vocabulary))
        expected = spectrum.full_charpoly(*full(name, 1, length, vocabulary))
        assert _whole(spec.sectors, PARAMETERS[1], vocabulary**length) == expected
    in_length = k.spectrum(length=L, tokens=sk.kernels.uniform(3))
    in_vocabulary = k.spectrum(length=4, tokens=sk.kernels.uniform(v))
    for spec, length, vocabulary in [(in_length, 4, 3), (in_vocabulary, 4, 4)]:
        expected = spectrum.full_charpoly(*full(name, 1, length, vocabulary))
        values = _values(1, length, vocabulary)
        assert all(is_valid(s, length, vocabulary) for s in spec.sectors)
        assert _whole(spec.sectors, values, vocabulary**length) == expected


@given(
    st.sampled_from(["linear-attention", "linear-attention-flatten", "transformer-block"]),
    st.integers(1, 4),
    st.integers(1, 3),
    st.fractions(min_value=Fraction(1, 5), max_value=5, max_denominator=9),
    st.fractions(min_value=Fraction(1, 5), max_value=5, max_denominator=9),
)
@examples(25)
def test_any_parameters(name, length, vocabulary, first, second):
    values = {s: first if i % 2 else second for i, s in enumerate(PARAMETERS[0])}
    true = symbolic_spectrum(name).evaluate(length=length, vocabulary=vocabulary)
    index, numbers = spectrum.gram(oracle(ALL[name], values), length, vocabulary)
    assert _whole(true.sectors, values, len(index)) == spectrum.full_charpoly(index, numbers)


# The eigenvalues as they are handed out.


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", REQUIRED)
def test_written_eigenvalues_are_roots_of_the_block(name):
    """One entry per row; as many equal ones as the characteristic polynomial has."""
    true = symbolic_spectrum(name).evaluate(length=5, vocabulary=4)
    for sector in true.sectors:
        values = PARAMETERS[1]
        substituted = [
            sp.sympify(e).subs({s: sp.Rational(str(q)) for s, q in values.items()})
            if isinstance(e, sp.Expr)
            else e
            for e in sector.eigenvalues
            if e is not None
        ]
        if len(substituted) != sector.block.to_sympy().rows:
            continue
        mine = np.sort([float(e) for e in substituted])
        expected = np.sort(_floats([sector], {**values}, 0)[:: _dimension(sector, {})])
        assert np.allclose(mine, expected, rtol=1e-9, atol=1e-14)


def test_numbers_in_the_kernel_give_numbers_in_the_spectrum():
    """No symbol left: every eigenvalue accepts float() and is an exact number."""
    spec = (
        sk.kernels.embedding(2, Fraction(1, 3))
        .attention()
        .mean_pool()
        .spectrum(length=4, tokens=sk.kernels.uniform(3))
    )
    for sector in spec.sectors:
        for eigenvalue in sector.eigenvalues:
            assert not isinstance(eigenvalue, float)
            assert np.isfinite(float(eigenvalue))
        assert not sector.block.to_sympy().has(sp.Float)


@pytest.mark.parametrize("name", REQUIRED)
def test_sectors_are_distinct_nonzero_and_in_order(name):
    spec = symbolic_spectrum(name)
    labels = [(tuple(s.position_irrep), tuple(s.token_irrep)) for s in spec.sectors]
    assert len(set(labels)) == len(labels)
    assert labels[0] == ((), ())
    assert all(not s.block.is_zero for s in spec.sectors)
    assert all(isinstance(s.position_irrep, sk.Partition) for s in spec.sectors)


# Kernels beyond one layer of plain attention.

ONE_LAYER_FURTHER = [name for name in FURTHER if name != "linear-attention-2"]


def _or_refusal(name):
    """The symbolic spectrum, or None where it is refused by name."""
    try:
        return symbolic_spectrum(name)
    except NoClosedForm as refusal:
        assert len(str(refusal)) > 20
        return None


#: Of higher degree than the others: 256 sequences take seconds.
STEEP = (
    "squares, then attention",
    "squares of the embedding",
    "squares of the embedding, flatten",
    "cubic network on flat input",
)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        *(
            (name, FEWER if name in STEEP else [*FEWER, (4, 4)])
            for name in [*ONE_LAYER_FURTHER, *ONE_POSITION]
        ),
        *(pytest.param(name, [(4, 4)], marks=pytest.mark.wide) for name in STEEP),
    ],
)
def test_other_kernels_are_right_or_refused(name, sizes):
    """What this engine does not cover raises NoClosedForm; what it covers is the true spectrum."""
    spec = _or_refusal(name)
    if spec is None:
        return
    for length, vocabulary in sizes:
        values, size = _values(1, length, vocabulary), vocabulary**length
        expected = spectrum.full_charpoly(*full(name, 1, length, vocabulary))
        true = spec.evaluate(length=length, vocabulary=vocabulary)
        assert _whole(true.sectors, values, size) == expected, (length, vocabulary)
        if all(is_valid(s, length, vocabulary) for s in spec.sectors):
            assert _whole(spec.sectors, values, size) == expected, (length, vocabulary)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", [*ONE_LAYER_FURTHER, *ONE_POSITION])
@pytest.mark.parametrize(("length", "vocabulary"), [(4, 3), (3, 4)])
def test_other_kernels_have_the_right_labels(name, length, vocabulary):
    """With one special position the irreps are those of S_(L-1)."""
    spec = _or_refusal(name)
    if spec is None:
        return
    fixed = int(name in ONE_POSITION)
    numbers = full(name, 1, length, vocabulary)
    parts = spectrum.isotypic_eigenvalues(*numbers, length, vocabulary, fixed)
    scale = max(abs(part).max() for part in parts.values())
    found = {}
    for sector in spec.evaluate(length=length, vocabulary=vocabulary).sectors:
        found[irrep_pair(sector, length - fixed, vocabulary)] = sector
    assert None not in found
    for pair, part in parts.items():
        mine = _floats([found[pair]], PARAMETERS[1], len(part)) if pair in found else 0 * part
        assert np.allclose(mine, part, rtol=1e-9, atol=1e-11 * scale), pair


def test_two_layers_at_two_tokens():
    """L symbolic at v = 2: from where all sectors are valid, and by evaluation below."""
    name = "linear-attention-2"
    try:
        spec = build(FURTHER[name]).spectrum(length=L, tokens=sk.kernels.uniform(2))
    except NoClosedForm:
        return
    enough = max(s.valid_for["L"] for s in spec.sectors)
    assert enough <= 9
    mine = _whole_mod(spec.sectors, {**PARAMETERS[1], L: enough}, 2**enough)
    assert mine == spectrum.charpoly_mod(*full(name, 1, enough, 2))
    below = spec.evaluate(length=4).sectors
    assert _whole(below, PARAMETERS[1], 16) == spectrum.full_charpoly(*full(name, 1, 4, 2))
