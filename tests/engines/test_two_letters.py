"""Two letters: finite differences beside polarised minors, values that others give beside plain ones, single sectors, and long sequences beside series and sums."""

import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from symkern.abc import L
from symkern.combinatorics import Partition
from symkern.engines.tables.couplings import affine_stages, coupling
from symkern.engines.tables.polarisations import kernel_entries, weyl_module
from symkern.engines.tables.sectors import kernel_source
from symkern.engines.tables.two_letters import (
    InterpolatedSource,
    TwoLetterModule,
    two_letter_entries,
)
from symkern.errors import InvalidArgument
from symkern.exact import Ball
from symkern.exact.balls import precision
from symkern.kernels import categorical, embedding, read_pipeline, uniform
from symkern.kernels.algebras.given_letters import GivenLetters
from tests.oracles import two_letter_sums as sums

SOFTMAX = "embedding(1, 1) | attention(tied, softmax)"


@pytest.mark.parametrize("length", [0, 1, 2, 5, 8])
def test_differences_are_polarised_minors(length):
    """On random functions of tables, which need not be symmetric."""
    draw = random.Random(length)
    shapes = [Partition(*(p for p in (length - k, k) if p)) for k in range(length // 2 + 1)]
    values = {}
    for n in range(length + 1):
        values[n, length - n] = np.array(
            [[draw.randint(-99, 99) for _ in range(length - n + 1)] for _ in range(n + 1)],
            dtype=object,
        )
    plain = [weyl_module(shape, 2) for shape in shapes]
    found = [TwoLetterModule.of(shape) for shape in shapes]
    for module, other in zip(found, plain, strict=True):
        assert (module.shape, module.tableaux, module.contents) == (
            other.shape,
            other.tableaux,
            other.contents,
        )
        for content in module.contents:
            assert module.gram[content] == other.gram[content]
            assert module.relabelled((1, 0))[content] == other.relabelled((1, 0))[content]
    pairs = zip(
        two_letter_entries(values.__getitem__, found),
        kernel_entries(values.__getitem__, plain),
        strict=True,
    )
    assert all((a == b).all() for a, b in pairs)


def random_table(draw, length):
    """A table of two letters."""
    a, b, c = sorted(draw.randint(0, length) for _ in range(3))
    return [[a, b - a], [c - b, length - c]]


@pytest.mark.parametrize(
    ("behind", "ties"),
    [
        ("mean_pool", 1),
        ("attention(tied, softmax) | mean_pool", 1),
        ("residual | linear(2, 1/3) | flatten", 2),
    ],
)
def test_few_values_give_all(behind, ties):
    """Kernels that touch few positions, at tables of all shapes."""
    kernel = read_pipeline(f"{SOFTMAX} | {behind}")
    assert coupling(kernel) == ties
    plain = kernel_source(kernel, 17, 2)
    found = InterpolatedSource(kernel_source(kernel, 17, 2), ties)
    draw = random.Random(behind)
    with precision(200):
        for _ in range(60):
            table = random_table(draw, 17)
            expected, value = plain(table), found(table)
            assert float(abs(value - expected).upper()) < 1e-50


@pytest.mark.parametrize(
    ("behind", "stages"),
    [
        ("residual | mlp(erf) | mean_pool", 3),
        ("attention(tied, softmax) | linear(1, 1/4) | layer_norm | mlp(relu) | flatten", 4),
        ("mlp(relu) | mean_pool | mlp(exp)", 2),
        ("mlp(erf) | attention(tied, softmax) | mean_pool", 0),
    ],
)
def test_what_is_affine_for_given_letters(behind, stages):
    """Pipelines whose last stages are entrywise, at tables of all shapes."""
    kernel = read_pipeline(f"{SOFTMAX} | {behind}")
    assert affine_stages(kernel) == stages
    if not stages:
        return
    plain, found = kernel_source(kernel, 19, 2), GivenLetters(kernel, stages)
    draw = random.Random(behind)
    with precision(200):
        for _ in range(60):
            table = random_table(draw, 19)
            assert float(abs(found(table) - plain(table)).upper()) < 1e-50


@pytest.mark.parametrize(
    "behind",
    [
        "residual | layer_norm | linear(2, 1) | mlp(gelu) | mean_pool",
        "residual | layer_norm | linear(2, 1) | mlp(relu) | mean_pool",
        "layer_norm | mlp(leaky_relu(1/10)) | linear(1, 1/3) | mlp(erf) | flatten | mlp(exp)",
        "linear(1, 1/2) | mlp(abs) | mean_pool",
        "mlp(sin) | layer_norm | mlp(hermite(3)) | flatten",
        "residual | mlp(step) | mean_pool | linear(2, 1)",
    ],
)
def test_what_is_analytic_along_a_line(behind):
    """All tables with the same letters at once, on sequences long enough for power series: two values of each of three lines, the ends among them."""
    kernel = read_pipeline(f"{SOFTMAX} | {behind}")
    length = 110
    plain, found = kernel_source(kernel, length, 2), GivenLetters(kernel, affine_stages(kernel))
    with precision(320):
        for zeros, others in ((55, 50), (30, 41), (90, 33)):
            lowest, highest = max(0, zeros + others - length), min(zeros, others)
            for n in (lowest, highest, (lowest + 2 * highest) // 3):
                table = [[length - zeros - others + n, others - n], [zeros - n, n]]
                value, expected = found(table), plain(table)
                assert value.overlaps(expected)
                assert float(value.rad()) < 1e-70


@pytest.mark.wide
def test_one_sector_is_that_of_the_spectrum():
    """With and without splitting by letters, exact and in balls; labels that do not exist are refused as a spectrum does."""
    relu = embedding(1, 1).attention("tied", "softmax").mlp("relu").mean_pool()
    exact = embedding(1, 1).attention("tied", "identity").mlp("quadratic").flatten()
    for kernel in (relu, exact):
        for law in (uniform(2), categorical(["1/3", "2/3"]), uniform(3)):
            spec = kernel.spectrum(length=4, tokens=law)
            for sector in spec:
                mu, kappa = sector.position_irrep, sector.token_irrep
                one = kernel.sector(mu, kappa, length=4, tokens=law)
                assert one.dimension == sector.dimension
                for a, b in zip(one.eigenvalues, sector.eigenvalues, strict=True):
                    assert a.overlaps(b) if isinstance(a, Ball) else a == b
    softmax = embedding(1, 1).attention("tied", "softmax").mean_pool()
    assert softmax.sector([2], [], length=5, tokens=uniform(2)).eigenvalues == (0,)
    with pytest.raises(InvalidArgument, match="functions of 5 positions"):
        softmax.sector([3], [], length=5, tokens=uniform(2))


def test_long_sequences_beside_sums():
    """L = 24 and unlike letters: blocks by sums over all tables that share nothing with the engine."""
    stages = [("embedding", 1, 1), ("softmax",), ("residual",), ("erf",)]
    kernel = read_pipeline(f"{SOFTMAX} | residual | mlp(erf) | mean_pool")
    for k in (0, 2):
        block = sums.block(sums.kernel(stages, "mean_pool"), 24, k, 0.25, most=10)
        expected = np.sort(np.linalg.eigvalsh(block.astype(float)))[::-1][:3]
        sector = kernel.sector([k] if k else [], length=24, tokens=categorical(["3/4", "1/4"]))
        found = [float(e) for e in sector.eigenvalues[:3]]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("behind", "law", "mu", "kappa", "down_to", "digits"),
    [
        ("mean_pool", uniform(2), [1], [], 4, (6, 4)),
        ("flatten", uniform(2), [1], [1], 3, (6, 4)),
        ("mean_pool", categorical(["3/5", "2/5"]), [1], None, 3, (6, 4)),
    ],
)
def test_series_beside_exact_values_of_long_sequences(behind, law, mu, kappa, down_to, digits):
    """Richardson extrapolation of the largest eigenvalue at L = 26 to 90: both first coefficients."""
    kernel = read_pipeline(f"embedding(1, 1/2) | attention(tied, softmax) | {behind}")
    spec = kernel.spectrum(length=L, tokens=law, down_to=down_to)
    first, second = spec.sector(mu, kappa).series()[0].terms
    lengths = (26, 32, 38, 46, 54, 64, 76, 90)
    values = []
    for n in lengths:
        top = kernel.sector(mu, kappa, length=n, tokens=law).eigenvalues[0]
        grown = (top.midpoint if isinstance(top, Ball) else Fraction(str(top))) * n ** int(-first.exponent)  # fmt: skip
        values.append(Decimal(grown.numerator) / Decimal(grown.denominator))
    assert second.exponent == first.exponent - 1
    found = sums.richardson(lengths, values)[:2]
    for term, value, places in zip((first, second), found, digits, strict=True):
        assert float(term.coefficient) == pytest.approx(float(value), rel=10.0**-places)
