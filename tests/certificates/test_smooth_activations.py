"""Expectations under activations, as the checker has them in decimals: beside quadrature, and their slopes by Price's theorem."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from scipy.special import erf

from symkern.certificates.checker.claimed_activations import Named
from symkern.certificates.checker.smooth_activations import expectations_of

P, Q, R = 0.4, 0.7, 0.3
BELOW = 0.2
SMOOTH: dict[str, Callable[[Any], Any]] = {
    "erf": erf,
    "gelu": lambda u: u * (1 + erf(u / np.sqrt(2))) / 2,
    "exp": np.exp,
    "sin": np.sin,
    "cos": np.cos,
}
#: With their degree: functions of the angle times a power of the radius.
BENT: dict[str, tuple[Callable[[Any], Any], int]] = {
    "abs": (abs, 1),
    "sign": (np.sign, 0),
    "step": (lambda u: u > 0, 0),
    "relu": (lambda u: u * (u > 0), 1),
    "leaky_relu": (lambda u: np.where(u > 0, u, BELOW * u), 1),
}


def _pair(first: Any, second: Any) -> tuple[Any, Any]:
    """Two independent standard Gaussians as u and w."""
    c = R / np.sqrt(P)
    return np.sqrt(P) * first, c * first + np.sqrt(Q - c * c) * second


def _expectations(name: str) -> Any:
    bent = name == "leaky_relu"
    return expectations_of(
        Named(f"{name}({BELOW})" if bent else name), Decimal(BELOW if bent else 0)
    )


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth_activations_beside_quadrature(name: str) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    u, w = _pair(nodes[:, None], nodes[None, :])
    phi = SMOOTH[name]
    expected = np.sum(np.outer(weights, weights) * phi(u) * phi(w)) / (2 * np.pi)
    found = _expectations(name)[0](Decimal(P), Decimal(Q), Decimal(R))
    assert abs(float(found) - expected) < 1e-12


@pytest.mark.parametrize("name", BENT)
def test_bent_activations_beside_the_circle(name: str) -> None:
    angle = (np.arange(1 << 17) + 0.5) * 2 * np.pi / (1 << 17)
    phi, degree = BENT[name]
    u, w = _pair(np.cos(angle), np.sin(angle))
    expected = np.mean(phi(u) * phi(w)) * 2**degree  # E R^2 = 2
    found = _expectations(name)[0](Decimal(P), Decimal(Q), Decimal(R))
    assert abs(float(found) - expected) < 1e-4


@pytest.mark.parametrize("name", [*SMOOTH, "abs", "relu", "leaky_relu"])
def test_slopes_by_the_theorem_of_price(name: str) -> None:
    """E phi'(u) phi'(w) is the derivative of E phi(u) phi(w) in the covariance."""
    value, slope = _expectations(name)
    with localcontext() as context:
        context.prec = 60
        p, q, r, step = (Decimal(e) for e in ("0.4", "0.7", "0.3", "1e-18"))
        quotient = (value(p, q, r + step) - value(p, q, r - step)) / (2 * step)
        assert abs(slope(p, q, r) - quotient) < Decimal("1e-30")
