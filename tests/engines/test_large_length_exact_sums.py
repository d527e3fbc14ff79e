"""Series in 1/L beside exact blocks of the kernel at many lengths, by sums over contingency tables that share nothing with the engine."""

from __future__ import annotations

import numpy as np
import pytest

from symkern.abc import L
from symkern.kernels import categorical, read_pipeline, uniform
from tests.oracles import two_letter_sums as sums

LENGTHS = (24, 30, 36, 44, 54, 66)


def eigenvalues(stages, readout, k, p, lengths, parity=None):
    """The largest eigenvalues of the blocks, one row for each length."""
    found = []
    for n in lengths:
        B = sums.block(sums.kernel(stages, readout), n, k, p)
        kept = [e for e in range(len(B)) if parity is None or (e + k) % 2 == parity]
        values = np.linalg.eigvalsh(B[np.ix_(kept, kept)].astype(float))
        found.append(sorted(values, key=abs, reverse=True))
    return np.array(found)


CASES = [
    # pipeline, the same plainly, readout, mu, kappa, branch, power, digits of the first and second term
    ("embedding(1/2, 1/2) | attention(tied, softmax) | residual | mlp(erf) | mean_pool", [("embedding", 0.5, 0.5), ("softmax",), ("residual",), ("erf",)], [], [1], 0, 1, 5, 3),
    ("embedding(1, 1) | attention(tied, softmax) | residual | layer_norm | mlp(sin) | flatten", [("embedding", 1, 1), ("softmax",), ("residual",), ("layer_norm",), ("sin",)], [1], [1], 0, 1, 5, 3),
    ("embedding(1, 1/2) | attention(tied, softmax) | attention(tied, softmax) | mean_pool", [("embedding", 1, 0.5), ("softmax",), ("softmax",)], [], [1], 0, 1, 5, 3),
    ("embedding(1, 1) | attention(tied, softmax) | residual | mlp(erf) | flatten", [("embedding", 1, 1), ("softmax",), ("residual",), ("erf",)], [], [], 1, 2, 4, 2),
    ("embedding(1, 1) | attention(tied, softmax) | residual | mlp(erf) | flatten", [("embedding", 1, 1), ("softmax",), ("residual",), ("erf",)], [1], [], 0, 2, 4, 2),
]  # fmt: skip


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("text", "stages", "mu", "kappa", "branch", "power", "first", "second"), CASES
)
def test_uniform_letters(text, stages, mu, kappa, branch, power, first, second):
    """The first two coefficients, by extrapolation from lengths up to 66."""
    readout = text.rsplit(" ", 1)[1]
    k, parity = sum(mu), sum(kappa)
    values = eigenvalues(stages, readout, k, 0.5, LENGTHS, parity)[:, branch]
    grown = [v * n**power for v, n in zip(values, LENGTHS, strict=True)]
    expected = sums.richardson(LENGTHS, grown)
    spec = read_pipeline(text).spectrum(length=L, tokens=uniform(2), down_to=power + 1)
    series = spec.sector(mu, kappa).series()[branch]
    assert [t.exponent for t in series.terms] == [-power, -power - 1]
    assert float(series.terms[0].coefficient) == pytest.approx(expected[0], rel=10.0**-first)
    assert float(series.terms[1].coefficient) == pytest.approx(expected[1], rel=10.0**-second)


@pytest.mark.wide
def test_unequal_letters():
    """Letters with probabilities 3/4 and 1/4, where degrees mix."""
    text = "embedding(1, 1) | attention(tied, softmax) | residual | mlp(erf) | mean_pool"
    stages = [("embedding", 1, 1), ("softmax",), ("residual",), ("erf",)]
    values = eigenvalues(stages, "mean_pool", 0, 0.25, LENGTHS)
    spec = read_pipeline(text).spectrum(length=L, tokens=categorical(["3/4", "1/4"]), down_to=2)
    found = spec.sector([]).series()
    for branch, power in ((0, 0), (1, 1)):
        grown = [v * n**power for v, n in zip(values[:, branch], LENGTHS, strict=True)]
        expected = sums.richardson(LENGTHS, grown)
        first, second = found[branch].terms
        assert (first.exponent, second.exponent) == (-power, -power - 1)
        assert float(first.coefficient) == pytest.approx(expected[0], rel=1e-4)
        assert float(second.coefficient) == pytest.approx(expected[1], rel=1e-2)
