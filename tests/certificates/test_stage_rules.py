"""The checker's rules for layer normalisation, the tangent kernel and activations: against quadrature, the library and each other; forged claims of them."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

import symkern as sk
from symkern.certificates import check, checker, eigenvalue
from symkern.certificates.checker.claimed_activations import Named, is_named
from symkern.certificates.checker.claimed_kernel import Kernel
from symkern.certificates.checker.intervals import Interval
from symkern.certificates.checker.recursion import kernel_value
from symkern.errors import NoClosedForm
from symkern.exact import Ball
from symkern.kernels import derive, embedding, read_kernel, uniform
from symkern.kernels.activations import ACTIVATIONS
from symkern.kernels.activations.piecewise_linear import Relu
from symkern.kernels.stages.attention import Attention
from symkern.kernels.stages.layer_norm import LayerNorm

Claim = dict[str, Any]

# -- expectations ---------------------------------------------------------------------------------

_erf = np.vectorize(math.erf)
SMOOTH: dict[str, tuple[Any, Any]] = {
    "erf": (_erf, lambda x: 2 / math.sqrt(math.pi) * np.exp(-x * x)),
    "gelu": (
        lambda x: x * (1 + _erf(x / math.sqrt(2))) / 2,
        lambda x: (
            (1 + _erf(x / math.sqrt(2))) / 2 + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        ),
    ),
    "exp": (np.exp, np.exp),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda x: -np.sin(x)),
}
#: Functions of one degree, with that degree; their derivatives have one less.
HOMOGENEOUS: dict[str, tuple[Any, Any, int]] = {
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0, 1),
    "leaky_relu(1/10)": (lambda x: np.maximum(x, x / 10), lambda x: np.where(x > 0, 1, 0.1), 1),
    "abs": (np.abs, np.sign, 1),
    "sign": (np.sign, None, 0),
    "step": (lambda x: (x > 0) * 1.0, None, 0),
}
POINTS = [("1", "2", "1/2"), ("3/4", "1/3", "-2/5"), ("2", "2", "19/10"), ("1", "1/4", "0")]


def by_quadrature(phi: Any, p: float, q: float, r: float) -> float:
    """Gauss and Hermite's rule on both axes."""
    x, w = np.polynomial.hermite_e.hermegauss(160)
    w = w / w.sum()
    u = math.sqrt(p) * x[:, None] + 0 * x[None, :]
    z = r / math.sqrt(p) * x[:, None] + math.sqrt(q - r * r / p) * x[None, :]
    return float((phi(u) * phi(z) * w[:, None] * w[None, :]).sum())


def around_the_circle(phi: Any, degree: int, p: float, q: float, r: float) -> float:
    """The mean over the angle of (u, w), times the mean of the radius to the power of twice the degree."""
    angle = (np.arange(400_000) + 0.5) * (2 * math.pi / 400_000)
    turned = math.acos(r / math.sqrt(p * q))
    values = phi(math.sqrt(p) * np.cos(angle)) * phi(math.sqrt(q) * np.cos(angle - turned))
    return float(values.mean()) * 2**degree


def expectations(text: str, point: tuple[str, str, str]) -> list[float]:
    p, q, r = (Interval.of(Fraction(n)) for n in point)
    found = Named(text).at({}, Interval.of)
    values = []
    for value in (found.dual(p, q, r), found.slope(p, q, r)):
        low, high = value.ends
        assert 0 <= high - low < Fraction(1, 10**60)
        values.append(float(low))
    return values


@pytest.mark.sampled(3)
@pytest.mark.parametrize("point", POINTS, ids=str)
@pytest.mark.parametrize("name", [*SMOOTH, *HOMOGENEOUS])
def test_expectations_by_quadrature(name: str, point: tuple[str, str, str]) -> None:
    dual, slope = expectations(name, point)
    p, q, r = (float(Fraction(n)) for n in point)
    if name in SMOOTH:
        phi, derivative = SMOOTH[name]
        assert abs(dual - by_quadrature(phi, p, q, r)) < 1e-10
        assert abs(slope - by_quadrature(derivative, p, q, r)) < 1e-10
        return
    phi, derivative, degree = HOMOGENEOUS[name]
    assert abs(dual - around_the_circle(phi, degree, p, q, r)) < 1e-5
    expected = 0.0 if derivative is None else around_the_circle(derivative, degree - 1, p, q, r)
    assert abs(slope - expected) < 1e-5


@pytest.mark.parametrize("order", [0, 1, 2, 3, 6])
def test_hermite_polynomials_by_quadrature(order: int) -> None:
    p, q, r = Fraction(3, 2), Fraction(1, 3), Fraction(1, 5)
    scale = math.sqrt(math.factorial(order))

    def phi(variance: float) -> Callable[[Any], Any]:
        poly = np.polynomial.hermite_e.HermiteE([0] * order + [1])
        return lambda x: poly(x / math.sqrt(variance)) / scale

    x, w = np.polynomial.hermite_e.hermegauss(40)
    w = w / w.sum()
    u = math.sqrt(p) * x[:, None] + 0 * x[None, :]
    z = float(r) / math.sqrt(p) * x[:, None] + math.sqrt(q - r * r / p) * x[None, :]
    expected = float((phi(float(p))(u) * phi(float(q))(z) * w[:, None] * w[None, :]).sum())
    found = expectations(f"hermite({order})", ("3/2", "1/3", "1/5"))
    assert abs(found[0] - expected) < 1e-12
    exact = Named(f"hermite({order})").at({}, Fraction)
    if order % 2 == 0:
        assert abs(float(exact.dual(p, q, r)) - expected) < 1e-12
    one = Fraction(7, 5)  # of alike variances in fractions whatever the degree
    assert exact.dual(one, one, r) == (r / one) ** order
    assert exact.slope(one, one, r) == order * r ** max(order - 1, 0) / one**order


def test_nothing_is_lost_where_the_cosine_is_near_one() -> None:
    """Intervals of width 2^-256 stay narrow through relu after relu, where a root of 1 - c^2 would halve the digits each time."""
    relu = Named("relu").at({}, Interval.of)
    p = q = Interval.of(Fraction(1, 3))
    r = Interval(p.lo - 2, p.hi)
    for _ in range(6):
        p, q, r = relu.dual(p, p, p), relu.dual(q, q, q), relu.dual(p, q, r)
        assert 0 <= r.hi - r.lo < 1 << 16
    with mpmath.workdps(60):  # and it is enclosed: the arc-cosine kernel beside mpmath
        c = 1 - mpmath.mpf(10) ** -40
        expected = (mpmath.sqrt(1 - c * c) + (mpmath.pi - mpmath.acos(c)) * c) / (2 * mpmath.pi)
        value = relu.dual(*map(Interval.of, (Fraction(1), Fraction(1), 1 - Fraction(1, 10**40))))
        low, high = value.ends
        assert abs(mpmath.mpf(low.numerator) / low.denominator - expected) < mpmath.mpf(10) ** -55
        assert high - low < Fraction(1, 10**60)


def test_the_writer_and_the_checker_know_the_same_activations() -> None:
    for name, kind in ACTIVATIONS.items():
        written = f"{name}({kind.example})" if kind.example else name
        assert kind.certified and (is_named(written) or name == "quadratic"), name
    for wrong in ("tanh", "relu(1)", "leaky_relu", "hermite(-1)", "hermite(1001)", "hermite(1/2)", "erf()"):  # fmt: skip
        kernel = [["embedding", {"token": "1", "position": "0", "constant": "0"}], ["mlp", {"activation": wrong}], ["mean_pool", {}]]  # fmt: skip
        with pytest.raises(checker.CannotCheck):
            Kernel(kernel).bound({}, Fraction)


def test_what_the_checker_has_no_rule_for_the_writer_refuses() -> None:
    """A subclass of what it knows is another stage."""

    @dataclass(frozen=True)
    class HalfNorm(LayerNorm):
        """K_ab / (2 sqrt(K_aa K_bb))."""

        name = "half_norm"

        def entry(self, algebra: Any) -> Any:
            """Half of the cosine."""
            return lambda r, p, q: algebra.cosine(r, p, q) * algebra.number(sk.abc.parse("1/2"))

    with sk.kernels.register(HalfNorm):
        spectrum = read_kernel("embedding(1) | half_norm | mean_pool").spectrum(
            length=2, tokens=uniform(2)
        )
        with pytest.raises(NoClosedForm, match="no rule for the stage half_norm"):
            spectrum.certificate()

    class Doubled(Relu):
        """max(x, 0) under another name."""

        name = "doubled"

    try:
        with pytest.raises(NoClosedForm, match="no rule for the stage"):
            embedding(1).mlp(Doubled()).mean_pool().stages[1].certificate()
    finally:
        del ACTIVATIONS["doubled"]


# -- the recursion --------------------------------------------------------------------------------


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "pipeline",
    [
        "embedding(alpha, beta) | attention | mean_pool | ntk",
        "embedding(alpha, beta) | attention(positions_in_values=false) | residual | attention | flatten | linear(2, 1) | ntk",
        "embedding(alpha, beta) | attention(tied, abs) | residual | mlp(x^3 - x/2) | mean_pool | ntk",
        "embedding(alpha, beta) | mlp(x^2 + 1) | attention(tied, positions_in_values=false) | linear(3) | at_position(last) | mlp(x^2) | ntk",
        "embedding(alpha, beta) | linear(2, 1/3) | mlp(quadratic) | linear | residual(3) | attention(normalize=false) | flatten | ntk",
        "embedding(alpha, beta) | attention | residual | linear | residual(3) | mean_pool",
        "embedding(alpha, beta) | layer_norm | attention | residual | mean_pool | ntk",
        "embedding(alpha, beta) | mlp(hermite(3)) | attention | mlp(hermite(2)) | mean_pool | ntk",
        "embedding(alpha, beta) | attention | layer_norm | mlp(hermite(3)) | flatten | ntk",
        "embedding(alpha, beta) | attention(tied, softmax) | residual | layer_norm | mean_pool | ntk",
        "embedding(alpha, beta) | attention | mlp(leaky_relu(beta)) | mean_pool | ntk",
        "embedding(alpha, beta) | attention | mean_pool | mlp(gelu) | ntk",
        "embedding(alpha, beta) | attention | mlp(sin) | linear(2) | mlp(cos) | mlp(exp) | mean_pool | ntk",
        "embedding(alpha, beta) | attention | mlp(erf) | flatten | mlp(sign)",
    ],
)
def test_its_recursion_against_the_library(pipeline: str) -> None:
    kernel = read_kernel(pipeline)
    ours = Kernel(json.loads(json.dumps([stage.certificate() for stage in kernel.stages])))
    assert str(ours) == str(kernel).replace("quadratic", "x^2")
    number: Any = Interval.of if ours.irrational else Fraction
    stages = ours.bound({"alpha": Fraction(2, 3), "beta": Fraction(1, 5)}, number)
    for x, y in (((0, 1, 1), (0, 1, 0)), ((0, 0, 0), (1, 1, 1)), ((2, 1, 0), (2, 1, 0))):
        found = kernel_value(stages, zip(x, y, strict=True), number, ours.alone)
        expected = kernel(x, y, alpha="2/3", beta="1/5")
        if ours.irrational:
            low, high = found.ends
            assert high - low < Fraction(1, 10**30)
            middle = mpmath.mpf(low.numerator) / low.denominator
            if isinstance(expected, Ball):
                assert Ball((low + high) / 2, (high - low) / 2).overlaps(expected)
            else:
                assert abs(middle - mpmath.mpf(str(expected.evalf(30)))) < 1e-14
        else:
            assert found == Fraction(int(expected.p), int(expected.q))


# -- forged claims --------------------------------------------------------------------------------


def claim_of(pipeline: str, **settings: Any) -> Claim:
    return json.loads(json.dumps(derive(pipeline, **settings).certificate()))  # type: ignore[no-any-return]


ATTENTION = "embedding(alpha, beta) | attention | mean_pool"


def tangent() -> Claim:
    return claim_of(f"{ATTENTION} | ntk")


def small(pipeline: str) -> Claim:
    return claim_of(pipeline, length=2 if "softmax" in pipeline else 3, tokens=uniform(2))


def times(claim: Claim, factor: str) -> Claim:
    result = copy.deepcopy(claim)
    result["trace"] = f"({claim['trace']})*({factor})"
    for sector in result["sectors"]:
        entries = sector["characteristic_polynomial"]
        sector["characteristic_polynomial"] = [
            f"({c})*({factor})^{len(entries) - i}" for i, c in enumerate(entries)
        ]
    return result


def with_kernel(claim: Claim, pipeline: str) -> Claim:
    return {**claim, "kernel": [stage.certificate() for stage in read_kernel(pipeline).stages]}


def planted(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, wrong: Any, pipeline: str) -> Claim:  # fmt: skip
    """What the library would claim with an error in it."""
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, wrong)
        return small(pipeline)


def the_kernel_for_its_tangent() -> Claim:
    return with_kernel(claim_of(ATTENTION), f"{ATTENTION} | ntk")


def the_tangent_for_its_kernel() -> Claim:
    return with_kernel(tangent(), ATTENTION)


def three_matrices_of_four() -> Claim:
    """T = 6 K in the place of 7 K."""
    return times(with_kernel(claim_of(ATTENTION), f"{ATTENTION} | ntk"), "6")


def a_dense_output_layer_too_many() -> Claim:
    return with_kernel(tangent(), f"{ATTENTION} | linear | ntk")


def an_altered_eigenvalue() -> Claim:
    claim = tangent()
    [c, *_] = claim["sectors"][-1]["characteristic_polynomial"]
    claim["sectors"][-1]["characteristic_polynomial"][0] = f"({c})*(1 + 1/10^12)"
    return claim


def right_where_sizes_are_small() -> Claim:
    factor = "*".join(f"(L - {k})" for k in range(1, 13))
    return times(tangent(), f"1 + (v - 2)*{factor}/10^9")


def a_range_of_its_own() -> Claim:
    claim = times(tangent(), "(v/2)*(L/8)^7")
    ends = {"length": 8, "vocabulary": 4}, {"length": 8, "vocabulary": 1}
    return {**claim, "range": {"spectrum_from": ends[0], "traces_from": ends[1]}}


def a_range_beyond_reach() -> Claim:
    ends = {"length": 10**6, "vocabulary": 10**6}
    return {**times(tangent(), "2"), "range": {"spectrum_from": ends, "traces_from": ends}}


def labels_exchanged() -> Claim:
    claim = claim_of("embedding(1, 1) | attention | mean_pool | ntk", tokens=uniform(2))
    alone = [s for s in claim["sectors"] if s["position_irrep"] == [1]]
    alone[0]["token_irrep"], alone[1]["token_irrep"] = (
        alone[1]["token_irrep"],
        alone[0]["token_irrep"],
    )
    return claim


def a_wrong_trace() -> Claim:
    claim = tangent()
    return {**claim, "trace": f"({claim['trace']})*6/7"}


def an_eigenvalue_twice() -> Claim:
    claim = tangent()
    sector = next(s for s in claim["sectors"] if len(s["characteristic_polynomial"]) == 1)
    [c] = sector["characteristic_polynomial"]
    sector["characteristic_polynomial"] = [f"({c})^2", f"2*({c})"]
    return claim


def a_wrong_dimension() -> Claim:
    claim = tangent()
    claim["sectors"][1]["dimension"] += " + 1"
    return claim


def a_sector_too_many() -> Claim:
    claim = tangent()
    extra = {"position_irrep": [3], "token_irrep": [1], "dimension": "L*(L - 1)*(L - 5)*(v - 1)/6", "characteristic_polynomial": ["-alpha/L^9"]}  # fmt: skip
    return {**claim, "sectors": [*claim["sectors"], extra]}


def a_sector_left_out() -> Claim:
    claim = tangent()
    return {**claim, "sectors": claim["sectors"][:-1]}


def values_with_positions() -> Claim:
    other = "embedding(alpha, beta) | attention(positions_in_values=false) | mean_pool | ntk"
    return with_kernel(tangent(), other)


def another_residual() -> Claim:
    claim = claim_of("embedding(alpha, beta) | linear(2) | mlp(quadratic) | linear | residual(3) | flatten", tokens=uniform(2))  # fmt: skip
    return with_kernel(claim, "embedding(alpha, beta) | linear(2) | mlp(quadratic) | linear | residual(2) | flatten")  # fmt: skip


def no_layer_norm() -> Claim:
    claim = small("embedding(1, 1) | attention | mean_pool")
    return with_kernel(claim, "embedding(1, 1) | layer_norm | attention | mean_pool")


def layer_norm_of_another_place() -> Claim:
    claim = small("embedding(1, 1) | attention | layer_norm | residual | mean_pool")
    return with_kernel(claim, "embedding(1, 1) | attention | residual | layer_norm | mean_pool")


def another_hermite_polynomial() -> Claim:
    claim = small("embedding(1, 1) | mlp(hermite(2)) | attention | mean_pool")
    return with_kernel(claim, "embedding(1, 1) | mlp(hermite(4)) | attention | mean_pool")


def another_slope_below_zero() -> Claim:
    claim = small("embedding(1, 1) | attention | mlp(leaky_relu(1/10)) | mean_pool")
    return with_kernel(claim, "embedding(1, 1) | attention | mlp(leaky_relu(1/11)) | mean_pool")


def a_variance_that_changes_its_sign() -> Claim:
    """1/L of the letters' share while L < 1000; at L = 1000 there is no variance to divide by."""
    claim = eigenvalue("embedding(1) | layer_norm | mean_pool", (), (1,), "1/(L*v)")
    assert check(claim).verdict == "confirmed"
    claim["kernel"][0][1]["token"] = "1000 - L"
    return claim


def a_negative_variance() -> Claim:
    """The sign that r / sqrt(p^2) keeps is lost in r / p."""
    claim = eigenvalue("embedding(1) | layer_norm | mean_pool", (), (1,), "1/(L*v)")
    claim["kernel"][0][1]["token"] = "-1"
    return claim


FORGED = [
    the_kernel_for_its_tangent,
    the_tangent_for_its_kernel,
    three_matrices_of_four,
    a_dense_output_layer_too_many,
    an_altered_eigenvalue,
    right_where_sizes_are_small,
    a_range_of_its_own,
    a_range_beyond_reach,
    labels_exchanged,
    a_wrong_trace,
    an_eigenvalue_twice,
    a_wrong_dimension,
    a_sector_too_many,
    a_sector_left_out,
    values_with_positions,
    another_residual,
    no_layer_norm,
    layer_norm_of_another_place,
    another_hermite_polynomial,
    another_slope_below_zero,
    a_variance_that_changes_its_sign,
    a_negative_variance,
]


@pytest.mark.parametrize("forged", FORGED)
def test_no_forgery_is_confirmed(forged: Callable[[], Claim]) -> None:
    report = check(json.dumps(forged()))
    assert report.verdict != "confirmed" and report.status == 1, str(report)
    if "variance" not in forged.__name__:
        assert report.verdict == "refuted", str(report)


def _wrong_weights(layers: int) -> Any:
    """The tangent rule of attention with another number of matrices."""
    right = Attention.tangent

    def wrong(self: Any, run: Any) -> Any:
        found = right(self, run)
        for _ in range(layers):
            found = found.plus(run.after)
        return found

    return wrong


_BLOCK = (
    "embedding(1, 1) | attention(tied, softmax) | residual | layer_norm | linear(2, 1) | mlp(relu)"
)
PLANTED: dict[str, tuple[type, str, Any, str]] = {
    "five matrices": (Attention, "tangent", _wrong_weights(1), "embedding(1, 1) | attention | mean_pool | ntk"),
    "three matrices of tied attention": (Attention, "tangent", _wrong_weights(1), f"{_BLOCK} | mean_pool | ntk"),
    "layer norm by one variance": (LayerNorm, "entry", lambda self, a: lambda r, p, q: r / p, "embedding(1, 1) | attention | layer_norm | mean_pool"),
    "layer norm by the other": (LayerNorm, "entry", lambda self, a: lambda r, p, q: r / q, "embedding(1, 1) | attention | layer_norm | mean_pool"),
    "no root": (LayerNorm, "entry", lambda self, a: lambda r, p, q: r / (p * q), f"{_BLOCK} | mean_pool"),
    "layer norm as it is, in the tangent": (LayerNorm, "slope", lambda self, a: lambda r, p, q: r * 0 + 1, f"{_BLOCK} | mean_pool | ntk"),
    "relu of unlike variances": (Relu, "dual", lambda self, a, r, p, q: a.relu_dual(r, p, p), "embedding(1, 1) | attention | mlp(relu) | mean_pool"),
    "a slope of one": (Relu, "slope", lambda self, a, r, p, q: r * 0 + 1, "embedding(1, 1) | attention | mlp(relu) | mean_pool | ntk"),
}  # fmt: skip


@pytest.mark.sampled(6)
@pytest.mark.parametrize("error", PLANTED)
def test_an_error_of_the_library_would_be_refuted(error: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    owner, name, wrong, pipeline = PLANTED[error]
    assert check(json.dumps(small(pipeline)), sequences=64).verdict == "confirmed"
    # Of a kernel that nobody asks for: what is wrong may be remembered.
    other = pipeline.replace("embedding(1, 1)", f"embedding({len(error)}/3, 13/7)")
    report = check(json.dumps(planted(monkeypatch, owner, name, wrong, other)), sequences=64)
    assert report.verdict == "refuted", str(report)


@pytest.mark.parametrize(
    "stages",
    [
        [["ntk", {}], ["mean_pool", {}]],
        [["mean_pool", {}], ["ntk", {}], ["ntk", {}]],
        [["mean_pool", {}], ["ntk", {}], ["linear", {"weight": "1", "bias": "0"}]],
        [["mean_pool", {}], ["ntk", {"outputs": 1}]],
        [["mean_pool", {}], ["layer_norm", {}]],
        [["residual", {}], ["mean_pool", {}]],
        [["linear", {"weight": "1", "bias": "0"}], ["residual", {"over": 2}], ["mean_pool", {}]],
        [["linear", {"weight": "1", "bias": "0"}], ["residual", {"over": True}], ["mean_pool", {}]],
        [["linear", {"weight": "1", "bias": "0"}], ["residual", {"over": 0}], ["mean_pool", {}]],
    ],
    ids=str,
)
def test_stages_where_they_cannot_stand(stages: Any) -> None:
    first = ["embedding", {"token": "alpha", "position": "beta", "constant": "0"}]
    report = check({**tangent_of_nothing(), "kernel": [first, *stages]})
    assert report.verdict == "not checkable" and report.status == 2, str(report)


def tangent_of_nothing() -> Claim:
    ends = {"length": 1, "vocabulary": 1}
    return {
        "certificate": 1, "claim": "spectrum", "law": {"kind": "uniform", "vocabulary": "2"}, "length": "2", "trace": "0",
        "range": {"spectrum_from": ends, "traces_from": ends}, "sectors": [],
    }  # fmt: skip


def test_the_tangent_of_linear_attention_is_seven_times_its_kernel() -> None:
    """Confirmed for all L, v, alpha and beta: 7 times what linear attention has."""
    report = check(times(with_kernel(claim_of(ATTENTION), f"{ATTENTION} | ntk"), "7"))
    assert report.verdict == "confirmed"
    assert "identities in L, alpha, beta, v" in " ".join(str(report).split())


def test_layer_norm_at_all_sizes_where_variances_are_alike() -> None:
    """K/(alpha + beta) behind the embedding; the claim of one eigenvalue, by hand: alpha/((alpha + beta) L v)."""
    kernel = "embedding(alpha, beta) | layer_norm | flatten"
    true = eigenvalue(kernel, (1,), (1,), "alpha/((alpha + beta)*L*v)")
    assert check(true).verdict == "confirmed"
    assert check({**true, "eigenvalue": "alpha/((alpha + 2*beta)*L*v)"}).verdict == "refuted"


def test_what_has_no_rule_at_all_sizes_is_not_checkable() -> None:
    kernel = "embedding(1, 1) | attention | layer_norm | mean_pool"
    report = check(eigenvalue(kernel, (), (1,), "1/(L*v)", valid_from=(9, 9)), sequences=32)
    assert report.verdict == "not checkable" and report.status == 1, str(report)
