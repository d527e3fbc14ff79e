"""Every stage and activation beside a plain transcription, and beside what they are the limit of: networks of finite width.

A network's kernel is an average over draws of its weights, with its standard error; |z| < 5 at every pair of sequences, and a factor that is wrong by a
quarter is seen. Tangent kernels are the gradients of such networks by PyTorch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symkern.kernels import read_kernel
from symkern.kernels.activations import ACTIVATIONS
from symkern.kernels.stages import STAGES
from tests.oracles.transcribed import transcribed
from tests.oracles.wide_networks import kernel_draws, tangent_draws

WORDS = [(2, 0, 1, 0), (0, 1, 1, 0), (1, 1, 1, 2)]
BASE = "embedding(1, 1/2)"
LETTERS = "embedding([[1, 1/2, 0], [1/2, 2, -1/3], [0, -1/3, 1/2]], 1/4)"

#: One for each stage, argument and readout, and some that go together.
STAGED = [
    "embedding(1, 1/2, 1/3) | mean_pool",
    f"{LETTERS} | flatten",
    f"{LETTERS} | attention(tied, softmax) | mean_pool",
    f"{BASE} | linear(2, 1/3) | at_position(last)",
    f"{BASE} | affine(2, 1/3) | flatten",
    f"{BASE} | mean_pool | affine(1/2, 1) | linear(1, 1/4) | mlp(relu)",
    f"{BASE} | layer_norm | flatten",
    f"{BASE} | linear(1, 1/2) | mlp(relu) | linear(1/2) | residual(3) | mean_pool",
    f"{BASE} | attention | mean_pool",
    f"{BASE} | attention(normalize=false, scale=1/2) | residual | flatten",
    f"{BASE} | attention(positions_in_values=false) | mean_pool",
    f"{BASE} | attention(tied) | flatten",
    f"{BASE} | attention(tied, softmax, scale=2) | at_position(last)",
    f"{BASE} | attention(tied, relu, normalize=false) | mean_pool",
    f"{LETTERS} | attention(tied, abs) | flatten",
    f"{BASE} | attention(tied, softmax, positions_in_values=false) | mean_pool",
    "embedding(1) | positions(1/2) | attention(tied, softmax) | mean_pool",
    "embedding(1) | linear | positions(1/2, 1/2) | attention(tied, softmax, positions_in_values=false, scale=1/2) | mean_pool",
    "embedding(2) | positions(2/3, 2/3) | attention(positions_in_values=false) | affine(1/2, 1/4) | mlp(relu) | mean_pool",
    f"{BASE} | plus(embedding(1/2) | linear(2) | mlp(relu)) | flatten",
    f"{BASE} | flatten | plus({BASE} | mean_pool) | affine(3)",
]  # fmt: skip
ACTIVE = [f"{n}({k.example})" if k.example else n for n, k in ACTIVATIONS.items()]
ACTIVATED = [
    f"embedding(1/2, 1/4) | {'layer_norm | ' if name.startswith('hermite') else ''}mlp({name}) | flatten"
    for name in (*ACTIVE, "x^3/2 - x + 1/2")
]


def test_every_stage_and_activation_is_there() -> None:
    stages = {s.name for text in STAGED for s in read_kernel(text).stages}
    assert stages | {"ntk", "mlp"} == set(STAGES)
    assert {read_kernel(t).stages[-2].activation.name for t in ACTIVATED} >= set(ACTIVATIONS) - {"quadratic"}  # fmt: skip


@pytest.mark.parametrize("text", STAGED + ACTIVATED)
def test_beside_a_plain_transcription(text: str) -> None:
    """Exact values and arrays, of the kernel and of its tangent kernel."""
    kernel = read_kernel(text)
    for k, expected in zip((kernel, kernel.ntk()), transcribed(kernel.stages, WORDS), strict=True):
        scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected))) + 1e-300
        assert np.max(np.abs(k.matrix(WORDS) - expected) / scale) < 1e-12
        assert float(k(WORDS[0], WORDS[1])) == pytest.approx(expected[0, 1], abs=1e-12 * scale[0, 1])  # fmt: skip


def _sizes(text: str, width: int) -> dict[str, int]:
    """Scores of tied queries and keys settle with their width; others stay random, and heads average over them."""
    if "tied" in text:
        return {"width": width, "heads": 1, "key_width": 2 * width, "value_width": 64}
    return {"width": width, "heads": 64, "key_width": 8, "value_width": 8}


def _agree(draws: Any, expected: Any) -> None:
    """Half a percent is left for what a finite width adds, of the order of its inverse."""
    error = draws.std(0, ddof=1) / np.sqrt(len(draws)) + 0.005 * np.abs(expected)
    z = (draws.mean(0) - expected) / error
    assert np.abs(z).max() < 5, (z, expected)
    wrong = np.diag(draws.mean(0) - 1.5 * expected) / np.diag(error)
    assert np.abs(wrong).min() > 5, wrong


@pytest.mark.sampled(18)
@pytest.mark.parametrize("text", STAGED + ACTIVATED)
def test_the_kernel_of_a_wide_network(text: str) -> None:
    """40 networks of width 512, for standard errors of one to six percent."""
    kernel = read_kernel(text)
    draws = kernel_draws(kernel.stages, WORDS, 40, 1, **_sizes(text, 512))
    _agree(draws, kernel.matrix(WORDS))


TANGENTS = [
    f"{BASE} | attention(tied, softmax) | mean_pool",
    f"{BASE} | linear(2, 1/3) | mean_pool",
    f"{BASE} | attention | mean_pool",
    f"{BASE} | linear | mlp(relu) | linear(1/2, 1/4) | residual(3) | flatten",
    f"{BASE} | layer_norm | linear(1, 1/2) | mlp(erf) | linear | mean_pool",
    f"{LETTERS} | affine(2, 1/3) | mlp(gelu) | linear(1/2) | flatten",
    f"{BASE} | attention(tied, relu) | residual | mean_pool",
    "embedding(1) | linear | positions(1/2, 1/2) | attention(positions_in_values=false, scale=1/2) | mean_pool",
    f"{BASE} | mean_pool | plus({BASE} | linear(2) | flatten) | linear(1, 1)",
    f"{BASE} | attention(tied, softmax, positions_in_values=false, scale=2) | at_position(last)",
    f"{BASE} | mlp(x^2/2 - x) | linear | mean_pool",
]


@pytest.mark.sampled(12)
@pytest.mark.parametrize("text", TANGENTS)
def test_the_tangent_kernel_by_gradients(text: str) -> None:
    """One output of each of 60 networks of width 256."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    kernel = read_kernel(text)
    draws = tangent_draws(torch, kernel.stages, WORDS, 60, 2, **_sizes(text, 256))
    _agree(draws, kernel.ntk().matrix(WORDS))
