"""What is said of wrong arguments of stages: the rule, the value as it was written, the near spelling."""

from __future__ import annotations

import pytest

from symkern.abc import L
from symkern.errors import InvalidArgument, PipelineError, SymkernError
from symkern.kernels import read_pipeline, uniform
from symkern.kernels.presets import read_kernel

ENDS = {
    "embedding(1) | attention | residual(-1) | mean_pool": "over: must be an integer of at least 1, but it is -1",
    "embedding(1) | attention | residual(1/2) | mean_pool": "over: must be an integer from 1 to 10000, but it is '1/2'",
    "embedding(1) | attention(tied, sofmax) | mean_pool": "but it is 'sofmax'; did you mean 'softmax'?",
    "embedding(1,, 1) | mean_pool": "position: a formula must not be empty, but it is empty",
    "embedding(1) | mean_pool | mean_pool": "only affine, linear, mlp, ntk and plus may follow, but stage 3 is 'mean_pool'",
    "mean_pool": "pipeline: must begin with embedding, but stage 1 is 'mean_pool'",
}  # fmt: skip


@pytest.mark.parametrize("text", ENDS)
def test_what_is_said(text: str) -> None:
    with pytest.raises(SymkernError) as refused:
        read_kernel(text)
    assert ENDS[text] in str(refused.value)


@pytest.mark.parametrize(
    "before",
    ["embedding(0)", "embedding(1) | linear(0)", "embedding(1, 1) | mlp(0)", "embedding(0) | attention"],
)  # fmt: skip
@pytest.mark.parametrize("length", [L, 3])
def test_variances_that_are_zero_have_no_normalisation(before: str, length: object) -> None:
    kernel = read_pipeline(f"{before} | layer_norm | mean_pool")
    with pytest.raises(InvalidArgument, match="layer_norm: must not divide by zero"):
        kernel.spectrum(length=length, tokens=uniform(2))


def test_a_preset_keeps_its_name() -> None:
    assert str(read_kernel("flatten")) == "embedding(alpha, beta) | flatten"
    with pytest.raises(InvalidArgument, match="did you mean 'flatten'"):
        read_kernel("flaten")
    with pytest.raises(PipelineError, match="must begin with embedding"):
        read_kernel("attention")
