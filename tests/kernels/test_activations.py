"""Activations: E phi(u) phi(w) and E phi'(u) phi'(w) beside numerical integration, which shares nothing with them but phi."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import pi

import flint
import numpy as np
import pytest
import scipy.special
import sympy as sp
from scipy.integrate import quad

from symkern.errors import InvalidArgument
from symkern.exact.balls import precision
from symkern.exact.reals import as_ball
from symkern.kernels import embedding, read_kernel
from symkern.kernels.activations import ACTIVATIONS
from symkern.kernels.algebras.given_sequences import Sequences
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.stages.mlp import MLP

#: phi and phi' by what a pipeline's text says; an orthonormal Hermite polynomial is one of normalised inputs.
FUNCTIONS: dict[str, tuple[Callable, Callable]] = {
    "relu": (lambda u: np.maximum(u, 0), lambda u: (u > 0) * 1.0),
    "leaky_relu(1/10)": (lambda u: np.where(u > 0, u, u / 10), lambda u: np.where(u > 0, 1, 0.1)),
    "abs": (np.abs, np.sign),
    "sign": (np.sign, lambda u: 0 * u),
    "step": (lambda u: (u > 0) * 1.0, lambda u: 0 * u),
    "erf": (scipy.special.erf, lambda u: 2 / np.sqrt(pi) * np.exp(-(u**2))),
    "gelu": (
        lambda u: u * scipy.special.ndtr(u),
        lambda u: scipy.special.ndtr(u) + u * np.exp(-(u**2) / 2) / np.sqrt(2 * pi),
    ),
    "exp": (np.exp, np.exp),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda u: -np.sin(u)),
    "quadratic": (np.square, lambda u: 2 * u),
    "x^3 - 2*x + 1/2": (lambda u: u**3 - 2 * u + 0.5, lambda u: 3 * u**2 - 2),
}
CASES = [(1, 1, 0.5), (2, 0.5, -0.3), (0.75, 1.5, 1.0), (1.25, 1.25, 1.25), (1, 4, -2)]


def integral(phi: Callable, p: float, q: float, r: float) -> float:
    """In polar coordinates, cut where one of the two changes its sign: the radius by Gauss's points, the angle by an adaptive rule."""
    psi = np.arccos(np.clip(r / np.sqrt(p * q), -1, 1))
    nodes, weights = np.polynomial.legendre.leggauss(200)
    radius, weights = 6 * (nodes + 1), 6 * weights

    def ray(theta: float) -> float:
        u, w = np.sqrt(p) * np.cos(theta), np.sqrt(q) * np.cos(theta - psi)
        values = phi(radius * u) * phi(radius * w) * radius * np.exp(-(radius**2) / 2)
        return float(weights @ values)

    cuts = sorted({(c + s) % (2 * pi) for c in (pi / 2, -pi / 2) for s in (0, psi)})
    ends = [0.0, *cuts, 2 * pi]
    parts = pairwise(ends)
    return sum(quad(ray, a, b, epsabs=1e-12, epsrel=1e-12)[0] for a, b in parts) / (2 * pi)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_both_expectations(name: str, case: tuple[float, float, float]) -> None:
    stage, algebra = MLP(name), Sequences((0,), (0,))
    p, q, r = (sp.Rational(str(number)) for number in case)
    for part, phi in zip(("entry", "slope"), FUNCTIONS[name], strict=True):
        if part == "slope" and name == "abs" and case == CASES[0]:
            assert getattr(stage, part)(algebra)(r, p, q) == sp.Rational(1, 3)  # (2/pi) arcsin(1/2)
        found = float(getattr(stage, part)(algebra)(r, p, q))
        assert found == pytest.approx(integral(phi, *case), abs=2e-9), part


@pytest.mark.parametrize("order", [0, 1, 2, 3, 6])
def test_hermite_polynomials_are_of_normalised_inputs(order: int) -> None:
    p, q, r = 2.0, 0.5, -0.3
    he = np.polynomial.hermite_e.HermiteE.basis(order) / np.sqrt(scipy.special.factorial(order))
    stage, algebra = MLP(f"hermite({order})"), Sequences((0,), (0,))
    exact = [sp.Rational(str(number)) for number in (r, p, q)]
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights = weights / weights.sum()
    c = r / np.sqrt(p * q)
    u, w = nodes[:, None], c * nodes[:, None] + np.sqrt(1 - c * c) * nodes[None, :]
    mass = weights[:, None] * weights[None, :]
    for part, phi, scale in (("entry", he, 1), ("slope", he.deriv(), 1 / np.sqrt(p * q))):
        found = float(getattr(stage, part)(algebra)(*exact))
        assert found == pytest.approx(float((phi(u) * phi(w) * mass).sum()) * scale, abs=1e-10)


def test_published_values_of_gelu() -> None:
    """neural-tangents 0.6.5, at variances 1, 1 and covariance 1/2, and at 2, 1/2, -3/10."""
    algebra, stage = Sequences((0,), (0,)), MLP("gelu")
    for case, dual, slope in (
        ((1, 1, "1/2"), 0.227294915021992, 0.342267242459443),
        ((2, "1/2", "-3/10"), 0.00756315343412776, 0.199524311014058),
    ):
        p, q, r = map(sp.Rational, case)
        assert float(stage.entry(algebra)(r, p, q)) == pytest.approx(dual, rel=1e-13)
        assert float(stage.slope(algebra)(r, p, q)) == pytest.approx(slope, rel=1e-13)


@pytest.mark.parametrize(
    "name", [f"{n}({k.example})" if k.example else n for n, k in ACTIVATIONS.items()]
)
def test_one_name_everywhere(name: str) -> None:
    """Read, written, chained, compared; values, balls and arrays agree."""
    kernel = read_kernel(f"embedding(1, 1/2) | mlp({name}) | flatten")
    assert read_kernel(str(kernel)) == kernel and f"mlp({name})" in str(kernel)
    assert eval(repr(kernel), {"embedding": embedding}) == kernel  # noqa: S307
    x, y = (0, 1, 1), (1, 1, 0)
    exact = float(kernel(x, y))
    assert kernel.matrix([x], [y])[0, 0] == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("relus", "did you mean 'relu'"),
        ("leaky_relu(1, 2)", "leaky_relu takes 1 argument, but it is given 2"),
        ("relu(2)", "relu takes no arguments, but it is given 1"),
        ("hermite(1/2)", "hermite: must be an integer from 0 to 1000"),
        ("hermite(-1)", "hermite: must be an integer from 0 to 1000"),
        ("tanh", "must be one of erf, gelu"),
        ("1/x", "must be a polynomial in x"),
    ],
)
def test_what_is_no_activation(text: str, said: str) -> None:
    with pytest.raises(InvalidArgument) as error:
        read_kernel(f"embedding(1) | mlp({text}) | flatten")
    assert said in str(error.value)


@pytest.mark.parametrize("first", ["relu", "abs"])
def test_absolute_values_of_what_is_only_nearly_alike_keep_their_digits(first: str) -> None:
    """On the diagonal, where a ball of pq - r^2 holds 0 and -r is far from it: E |u|^2 = p; relu halves the variance."""
    kernel = TypeRecursion(read_kernel(f"embedding(3/4, 1/3) | mlp({first}) | mlp(abs) | flatten"))
    with precision(320):
        value = as_ball(kernel(((4,),)))
        true = flint.arb(flint.fmpq(13, 12) / (2 if first == "relu" else 1))
    assert value.overlaps(true)
    assert float(value.rad()) < 1e-20
