"""Kernels at the edge: activations with symbols, differences of variances, the cost of the trace, functions that fail."""

from __future__ import annotations

import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, alpha, beta, v
from symkern.errors import InvalidArgument
from symkern.kernels import embedding, uniform
from symkern.kernels.pair_kernels import kernel_polynomial
from symkern.kernels.polynomial_engine.cost import _exponents


def _expression(value):
    return value.to_sympy() if hasattr(value, "to_sympy") else sp.S(value)


@pytest.mark.parametrize("activation", ["alpha*x", "x + alpha*x^2", "0", "2", "alpha", "x*L"])
@pytest.mark.parametrize("late", [False, True])
def test_activations_with_symbols_and_constants(activation, late):
    kernel = embedding("alpha", "beta")
    kernel = kernel.mean_pool().mlp(activation) if late else kernel.mlp(activation).mean_pool()
    found = kernel.spectrum(L, uniform(v))
    total = sum(
        (sector.dimension * _expression(sector.block.trace()) for sector in found.sectors),
        sp.S.Zero,
    )  # by the engine; the mean of the diagonal has a road of its own
    assert sp.simplify(_expression(total) - found.mean_diagonal) == 0
    # the exact values of the kernel know nothing of spectra
    values = {L: 2, v: 2, alpha: sp.Rational(1, 3), beta: sp.Rational(2, 5)}
    given = kernel.substitute(values)
    words = [(a, b) for a in range(2) for b in range(2)]
    mean = sum((given(word, word) for word in words), sp.S.Zero) / 4
    assert sp.simplify(found.mean_diagonal.subs(values) - mean) == 0


def test_an_unknown_activation_is_still_refused():
    with pytest.raises(InvalidArgument, match="must be one of quadratic, relu, erf or a poly"):
        embedding(1).mlp("tanh")


def test_a_difference_of_variances_is_left_to_the_user():
    kernel = embedding(alpha - beta, beta - 2).attention().mean_pool()
    found = kernel.spectrum(L, uniform(v))
    plain = embedding("alpha", "beta").attention().mean_pool().spectrum(L, uniform(v))
    for ours, theirs in zip(found.sectors, plain.sectors, strict=True):
        replaced = _expression(theirs.block.trace()).subs(
            {alpha: alpha - beta, beta: beta - 2}, simultaneous=True
        )
        assert sp.simplify(_expression(ours.block.trace()) - replaced) == 0


@pytest.mark.parametrize(
    "pipeline",
    [
        "embedding(alpha - beta, alpha - 2) | attention | flatten",
        "embedding(1) | mlp(alpha*x^2 - alpha) | mean_pool",
        "embedding(sqrt(2), alpha/L) | attention | mean_pool | linear(1/(alpha - 2), alpha)",
    ],
)
def test_degrees_do_not_depend_on_trial_values(pipeline):
    kernel = sk.kernels.read_kernel(pipeline)
    try:
        known = kernel_polynomial(kernel).terms
    except sk.SymkernError:  # no field for the square root: any estimate will do
        assert _exponents(kernel)
        return
    assert sorted(_exponents(kernel)) == sorted(known)
