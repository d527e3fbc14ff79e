"""Values of kernels that nest many maps: balls, beside the formulas where these can still be written, and beside the arrays."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from symkern.exact import Ball
from symkern.kernels import evaluation, read_kernel
from symkern.limits import changed

RELUS = " | ".join(["linear(169/100, 4/25) | mlp(relu)"] * 15)
X, Y, Z = (2, 0, 1, 0, 0), (0, 1, 1, 2, 1), (0, 0, 0, 1, 2)
DEEP = [
    f"embedding(1, 1/2) | attention | {RELUS} | mean_pool",
    f"embedding(1, 1/2) | attention(tied, softmax) | {RELUS} | flatten",
    f"embedding(1, 1/2) | {RELUS} | at_position(last)",
    "embedding(1) | attention(tied, softmax) | mlp(relu) | layer_norm | mlp(gelu) | mean_pool | ntk",
    "embedding(1, 1/2) | mlp(abs) | mlp(leaky_relu(1/10)) | mlp(abs) | mlp(relu) | mlp(gelu) | mean_pool",
    "embedding(1, 1/3) | attention(tied, softmax) | mean_pool | plus(embedding(1, 1/2) | mlp(abs) | mlp(abs) | mlp(relu) | mlp(relu) | flatten)",
    "embedding([[1, 1/2, 0], [1/2, 2, 0], [0, 0, 1]]) | mlp(erf) | mlp(relu) | mlp(relu) | mlp(relu) | flatten",
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("pipeline", DEEP)
def test_deep_values_are_those_of_the_arrays(pipeline: str) -> None:
    kernel = read_kernel(pipeline)
    floats = kernel.matrix(np.array([X, Y, Z]))
    scale = np.sqrt(np.outer(np.diag(floats), np.diag(floats)))
    for i, x in enumerate((X, Y, Z)):
        for j, y in enumerate((X, Y, Z)):
            value = kernel(x, y)
            assert (
                isinstance(value, Ball) or value.is_Rational
            )  # of one layer after another p/2, p/4, ...
            assert abs(float(value) - floats[i, j]) < 1e-12 * scale[i, j]
            if isinstance(value, Ball):
                assert value.radius < abs(value.midpoint) / 10**60


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "pipeline",
    [
        "embedding(1, 1/2) | attention(tied, softmax) | mlp(relu) | flatten",
        "embedding(1, 1/2) | attention | mlp(relu) | mlp(relu) | mean_pool",
        "embedding(1, 1/2) | mlp(abs) | mlp(erf) | at_position(last)",
        "embedding(1, 1/2) | mlp(relu) | mean_pool | ntk",
    ],
)
def test_balls_hold_what_the_formulas_say(pipeline: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = read_kernel(pipeline)
    for x, y in ((X[:2], Y[:2]), (X[:2], X[:2]), (X[1:3], Z[1:3])):
        written = kernel(x, y)
        with monkeypatch.context() as patch:
            patch.setattr(evaluation, "_WRITTEN", -1)
            value = kernel(x, y)
        digits = sp.N(written, 60)
        found = value if isinstance(value, Ball) else Ball(value)
        middle = sp.Rational(found.midpoint.numerator, found.midpoint.denominator)
        assert abs(sp.N(middle - written, 30)) <= sp.Float("1e-55") * (1 + abs(digits))


def test_values_of_many_types_of_positions_are_balls() -> None:
    """Twelve letters at twelve places: two maps inside one another would be a formula of 144^2 pieces, whose digits SymPy takes minutes to find."""
    kernel = read_kernel(
        "embedding(13/10, 7/10, 1/5) | attention(tied, softmax) | mlp(relu) | mean_pool"
    )
    x, y = list(range(12)), [(5 * t) % 12 for t in range(12)]
    value = kernel(x, y)
    assert isinstance(value, Ball)
    floats = kernel.matrix(np.array([x, y]))
    assert abs(float(value) - floats[0, 1]) < 1e-12 * np.sqrt(floats[0, 0] * floats[1, 1])
    assert isinstance(kernel((0, 1, 1), (1, 0, 1)), sp.Expr)  # three types: it can be read
    with changed(value_pieces=8):
        assert isinstance(kernel((0, 1, 1), (1, 0, 1)), Ball)
