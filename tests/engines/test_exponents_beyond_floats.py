"""Softmax at parameters whose exponentials exceed every float, and layers that are zero beside them."""

from __future__ import annotations

import json

import pytest

import symkern as sk
from symkern.kernels import uniform
from tests.cli.running import invoke


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["text", "json", "latex", "csv"])
def test_exponentials_of_thousands_of_digits_are_shown(form: str) -> None:
    """e^6000 has more digits than Python writes at once; the weights are 0 or 1 but for e^(-1000)."""
    asked = ("derive", "softmax-attention", "--length", "5", "--vocabulary", "2")
    result = invoke(*asked, "--set", "alpha=6000", "--set", "beta=1", "--format", form)
    assert result.exit_code == 0 and result.stderr == ""
    if form == "json":
        assert len(json.loads(result.stdout)["sectors"])


def test_large_parameters_keep_the_trace() -> None:
    spectrum = sk.derive("softmax-attention", length=3, vocabulary=2, alpha=6000, beta=1)
    assert spectrum.check_trace()


@pytest.mark.parametrize("tied", ["attention(tied)", "attention(tied, softmax)"])
@pytest.mark.parametrize("embedded", ["embedding(1, 1)", "embedding(alpha, beta)"])
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_layer_of_variance_zero_is_the_zero_kernel(tied: str, embedded: str, place: str) -> None:
    stages = [tied, "mlp(0)"] if place == "after" else ["mlp(0)", tied]
    kernel = sk.kernels.read_pipeline(" | ".join([embedded, *stages, "mean_pool"]))
    for length in (2, 3):
        spectrum = kernel.spectrum(length=length, tokens=uniform(2))
        assert spectrum.sectors == () and float(spectrum.trace()) == 0 and spectrum.text()
