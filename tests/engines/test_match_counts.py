"""The polynomial engine against itself by other routes: sizes from characters, two letters, depth."""

import itertools
from fractions import Fraction

import pytest

import symkern as sk
from symkern.abc import L, beta, v
from symkern.combinatorics import partitions
from symkern.engines.match_counts import multiplicities, uniform_tokens
from symkern.engines.match_counts.mean_diagonal import mean_diagonal
from symkern.engines.match_counts.multiplicity_space import Reduction, sector_space

LABELS = [mu for k in range(4) for mu in partitions(k)]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("star", [False, True])
@pytest.mark.parametrize("mu", LABELS, ids=str)
def test_bases_have_the_size_that_characters_say(mu, star):
    """Stable, and at every small number of sites and letters; the two share no code."""
    highest = 3
    for kappa in LABELS:
        space = sector_space(mu, kappa, highest, star)
        assert len(space) == multiplicities.block_size(mu, kappa, highest, star, None, None)
        for sites in [None, *range(mu.threshold, 6)]:
            for letters in [None, *range(max(kappa.threshold, 1), 6)]:
                size = multiplicities.block_size(mu, kappa, highest, star, sites, letters)
                if size or letters is None or letters < 5:
                    assert len(Reduction(space, sites, letters)) == size


def test_efron_stein_dimensions_of_a_hook():
    """v = 3, (3,1): dimensions 2, 4, 6, 3 in degrees 1 to 4, all token irreps together."""
    mu = sk.Partition(1)
    tokens = [sk.Partition(), sk.Partition(1), sk.Partition(1, 1)]
    totals = [
        sum(
            multiplicities.block_size(mu, kappa, d, False, 4, 3) * dim
            for kappa, dim in zip(tokens, (1, 2, 1), strict=True)
        )
        for d in range(5)
    ]
    assert [b - a for a, b in itertools.pairwise(totals)] == [2, 4, 6, 3]


KERNELS = {
    "one layer": "embedding(alpha, beta) | attention | mean_pool",
    "flat": "embedding(alpha, beta, 1) | attention | flatten",
    "last": "embedding(alpha, beta) | attention | at_position(last)",
    "residual, last": "embedding(alpha, 1/2) | attention | residual | linear(w, b) | at_position(last)",
    "mlp inside": "embedding(1, beta, 1) | attention | mlp(x^2) | mean_pool",
    "mlp outside": "embedding(alpha, beta) | flatten | mlp(x^2 + x)",
    "two layers, last": "embedding(1, beta) | attention | attention | at_position(last)",
}


def _charpoly(block):
    coefficients = [block.field.one]
    for factor in block.characteristic_factors():
        product = [block.field.zero] * (len(coefficients) + len(factor) - 1)
        for i, a in enumerate(coefficients):
            for j, c in enumerate(factor):
                product[i + j] = product[i + j] + a * c
        coefficients = product
    return coefficients


@pytest.mark.sampled(16)
@pytest.mark.parametrize("length", [L, 1, 2, 3, 5], ids=str)
@pytest.mark.parametrize("name", KERNELS)
def test_two_letters_by_recurrence_and_by_states(name, length):
    kernel = sk.kernels.read_pipeline(KERNELS[name])
    fast = kernel.spectrum(length=length, tokens=sk.kernels.uniform(2))
    operator = uniform_tokens.uniform_operator(kernel, length, 2)
    sites = length - int(operator.star) if isinstance(length, int) else None
    slow = {}
    for mu in uniform_tokens.stable_labels(operator.matches, sites):
        for kappa in uniform_tokens.stable_labels(operator.degree + 1, 2):
            sector = uniform_tokens._sector(operator, mu, kappa, sites, 2, length, 2)
            if sector is not None:
                slow[mu, kappa] = sector
    assert {(s.position_irrep, s.token_irrep) for s in fast} == set(slow)
    for s in fast:
        other = slow[s.position_irrep, s.token_irrep]
        assert _charpoly(s.block) == _charpoly(other.block)
        assert (s.dimension, s.valid_for) == (other.dimension, other.valid_for)
    assert fast.check_trace()


# Two layers with a position variance for any number of letters have 169 sectors, and take longer than all the others together.
DEEP = "two layers, last"


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("text", "letters"),
    [
        *(pytest.param(text, v, id=name) for name, text in KERNELS.items() if name != DEEP),
        pytest.param(
            KERNELS[DEEP].replace("(1, beta)", "(beta)"), v, id="two layers, no positions"
        ),
        pytest.param(KERNELS[DEEP], 3, id="two layers, three letters"),
        pytest.param(KERNELS[DEEP], v, id=DEEP, marks=pytest.mark.wide),
    ],
)
def test_the_trace_is_met_symbolically(text, letters):
    spec = sk.kernels.read_pipeline(text).spectrum(length=L, tokens=sk.kernels.uniform(letters))
    assert spec.check_trace()


@pytest.mark.parametrize(("length", "letters"), [(3, 3), (5, 2), (2, 5)])
def test_two_layers_against_the_whole_matrix(length, letters):
    """Power sums of all eigenvalues with their dimensions, exactly, against the v^L x v^L matrix."""
    from tests.oracles import attention, spectrum

    stages = [
        ("embedding", {"token": 1, "position": 2}),
        ("attention", {}),
        ("attention", {}),
        ("mean_pool", {}),
    ]
    kernel = sk.kernels.embedding(1, 2).attention().attention().mean_pool()
    spec = kernel.spectrum(length=length, tokens=sk.kernels.uniform(letters))
    index, pairs = spectrum.pair_types(length, letters)
    values = [kernel(x, y) for x, y in pairs]
    sample = pairs[:40]
    oracle = [attention.kernel(stages, x, y) for x, y in sample]
    assert [_fraction(a) for a in values[: len(sample)]] == [Fraction(b) for b in oracle]
    first, second = spectrum.power_sums(index, [_fraction(a) for a in values])
    power = [0, 0]
    for s in spec:
        square = s.block @ s.block
        power[0] += s.dimension * s.block.trace().to_fraction()
        power[1] += s.dimension * square.trace().to_fraction()
    assert power == [first, second]


def _fraction(value):
    return Fraction(int(value.p), int(value.q))


def test_moments_of_the_trace_by_enumeration():
    """E k(x, x) against the mean over all sequences."""
    from itertools import product

    kernel = sk.kernels.embedding(1, beta).attention().attention().mean_pool()
    for length, letters in [(3, 2), (2, 3), (4, 2)]:
        words = list(product(range(letters), repeat=length))
        mean = sum(kernel(x, x) for x in words) / len(words)
        found = mean_diagonal(kernel, length, sk.kernels.uniform(letters))
        assert (mean - found).expand() == 0


def test_a_wrong_stirling_number_breaks_the_trace(monkeypatch):
    """The trace check can fail: one wrong number in T_{m^2} is noticed."""
    from symkern.engines.match_counts import blocks

    honest = blocks.stirling2
    monkeypatch.setattr(blocks, "stirling2", lambda p, j: honest(p, j) + (p == 2 and j == 1))
    kernel = sk.kernels.embedding(1, 1).flatten().mlp("x^2")
    spec = kernel.spectrum(length=L, tokens=sk.kernels.uniform(v))
    assert not spec.check_trace()


@pytest.mark.parametrize("length", [L, 3], ids=str)
def test_large_vocabularies_cost_what_large_ones_do(length):
    """No table of S_v, no letters written out: v = 50000 is as quick as v = 6, and is the formula at that v."""
    kernel = sk.kernels.preset("linear-attention").kernel
    there = kernel.spectrum(length=length, tokens=sk.kernels.uniform(50_000))
    formula = kernel.spectrum(length=length, tokens=sk.kernels.uniform(v))
    assert len(there) == len(formula)
    for s, t in zip(there, formula, strict=True):
        assert s.block == t.block.substitute({v: 50_000}, s.block.field)
        assert s.valid_for["L"] == t.valid_for["L"]


@pytest.mark.parametrize("name", ["linear-attention-last", "transformer-block-last"])
def test_valid_for_of_a_read_position_is_the_smallest(name):
    """Each sector is full at its valid_for and smaller, or gone, one below in L or in v."""
    kernel = sk.kernels.preset(name).kernel
    for sector in kernel.spectrum(length=L, tokens=sk.kernels.uniform(v)):
        labels = (sector.position_irrep, sector.token_irrep)
        least = sector.valid_for

        def size(length, letters, labels=labels):
            there = kernel.spectrum(length=length, tokens=sk.kernels.uniform(letters))
            return {(s.position_irrep, s.token_irrep): s.multiplicity for s in there}.get(labels, 0)

        assert size(least["L"], least["v"]) == sector.multiplicity
        if least["L"] > 1:
            assert size(least["L"] - 1, least["v"]) < sector.multiplicity
        if least["v"] > 1:
            assert size(least["L"], least["v"] - 1) < sector.multiplicity


def test_decimals_of_any_length_derive():
    spec = sk.derive("linear-attention-last", alpha="0.12345", beta="0.98765")
    assert spec.check_trace()
    assert all(e is not None for sector in spec for e in sector.leading)


def test_a_length_is_a_number_or_a_formula_in_L():
    from symkern.abc import alpha, x
    from symkern.errors import InvalidArgument

    for odd in (x, alpha, v):
        with pytest.raises(InvalidArgument, match="length: must be"):
            sk.derive("flatten", length=odd)
