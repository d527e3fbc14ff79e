"""Heads with random codes: averages, best heads, floors, widths, other lengths, flows, against draws and the values of the theory."""

from __future__ import annotations

from itertools import combinations, product
from math import inf, log
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from symkern.bounds import selection as room
from symkern.bounds.selection.codes import code_averages, code_nodes, score_transforms, sign_nodes
from symkern.bounds.selection.codes.code_floors import decay_rate
from symkern.claims import Standing
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, TooLarge


def drawn_moments(
    T: int, q: int, m: int, a: float, query: str, draws: int, seed: int = 0
) -> tuple[Any, Any]:
    """(A, B) and their standard errors over draws of all codes; nothing here knows an integral."""
    Z = np.random.default_rng(seed).standard_normal((draws, T, m))
    Z /= np.linalg.norm(Z, axis=2, keepdims=True)
    Y = Z[:, :q]
    u = Y.sum(axis=1)
    if query == "dual":
        u = np.einsum("nqm,nq->nm", Y, np.linalg.inv(Y @ Y.transpose(0, 2, 1)).sum(axis=2))
    s = a * np.einsum("ntm,nm->nt", Z, u)
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    both = np.array([(p**2).sum(axis=1), p[:, :q].sum(axis=1) / q])
    return both.mean(axis=1), both.std(axis=1) / np.sqrt(draws)


@pytest.mark.parametrize(
    ("arguments", "a", "A", "B"),
    [
        ((8, 1, 1, 16, "sum"), 2, 0.2859945634, 0.4873677154),
        ((8, 1, 2, 16, "sum"), 3, 0.3344316146, 0.3929693477),
        ((8, 1, 3, 16, "sum"), 3, 0.3295284003, 0.2851998311),
        ((8, 1, 2, 16, "dual"), 3, 0.3384108165, 0.3985477286),
        ((8, 1, 3, 16, "dual"), 3, 0.2576507497, 0.2794756348),
        ((12, 1, 4, 32, "dual"), 4, 0.2126878105, 0.2266218303),
        ((8, 1, 1, 16, "sum", "rademacher"), 2, 0.2861756681, 0.4873554312),
        ((8, 1, 2, 16, "sum", "rademacher"), 3, 0.3345376117, 0.3928728831),
    ],
)
def test_averages(arguments: tuple[Any, ...], a: float, A: float, B: float) -> None:
    assert room.random_codes(*arguments).moments(a) == pytest.approx((A, B), abs=1.5e-10)


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("T", "q", "m", "a", "query"),
    [(6, 2, 3, 4.0, "sum"), (6, 2, 2, 2.0, "sum"), (5, 1, 2, 3.0, "sum"), (7, 3, 3, 1.0, "dual"), (7, 3, 5, 6.0, "dual"), (6, 3, 4, 2.0, "sum"), (8, 5, 4, 1.5, "sum"), (8, 5, 12, 1.5, "sum")],
)  # fmt: skip
def test_averages_over_draws(T: int, q: int, m: int, a: float, query: str) -> None:
    """40,000 draws; a wrong law of the codes of y, here that of width m + 1, is far outside."""
    found, error = drawn_moments(T, q, m, a, query, 40_000)
    head = room.random_codes(T, 1, q, m, query)
    sampled = 4e-3 if head.standing is Standing.SAMPLED else 0.0
    assert np.all(np.abs(head.moments(a) - found) < 4.5 * error + sampled)
    wrong = np.abs(room.random_codes(T, 1, q, m + 1, query).moments(a) - found)
    assert np.any(wrong > 6 * error + sampled) or m >= 12


@given(st.integers(2, 40), st.floats(0, 12), st.floats(-12, 3))
@settings(max_examples=25)
def test_transforms_are_the_integrals(m: int, kappa: float, sigma: float) -> None:
    """D and G2 at one sigma by adaptive quadrature in the angle."""
    grid = sigma + score_transforms.STEP * np.arange(-2, 3)
    D, G1, G2 = score_transforms.transforms(m, kappa, grid)
    norm = special.beta((m - 1) / 2, 0.5)

    def mean(function: Any) -> float:
        def integrand(angle: float) -> float:
            u = sigma + kappa * np.cos(angle)
            return float(function(np.exp(min(u, 600.0))) * np.sin(angle) ** (m - 2) / norm)

        return float(integrate.quad(integrand, 0, np.pi, limit=400, epsabs=1e-13)[0])

    assert D[2] == pytest.approx(mean(lambda w: -np.expm1(-w)), abs=1e-9)
    assert G1[2] == pytest.approx(mean(lambda w: w * np.exp(-w)), abs=1e-9)
    assert G2[2] == pytest.approx(mean(lambda w: w * w * np.exp(-w)), abs=1e-9)


def test_three_ways_to_the_transforms() -> None:
    """Sums, convolutions of the density and convolutions of the tail agree where all of them may be used."""
    sigma = score_transforms.STEP * np.arange(-100, 16)
    tail = score_transforms._surviving(16, 20.0, sigma)
    assert np.allclose(score_transforms._convolved(16, 20.0, sigma), tail, atol=1e-12)
    ended = score_transforms.transforms(16, 20.0, sigma, to_the_end=True)
    assert np.allclose(ended, tail, atol=1e-12)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("arguments", "best", "loss"),
    [
        ((12, 1, 3, 64), 2.62475, 0.0314200), ((12, 1, 3, 4096), 4.21382, 1.18700e-3), ((12, 1, 3, 64, "dual"), 19.502, 9.09435e-6),
        ((100, 1, 3, 64, "dual"), 19.5425, 9.78745e-5), ((12, 1, 2, 32, "dual"), 18.315, 2.19680e-4),
        ((100, 1, 3, 128, "dual"), 39.98, 1.3571e-9),
    ],
)  # fmt: skip
def test_best_heads(arguments: tuple[Any, ...], best: float, loss: float) -> None:
    head = room.random_codes(*arguments)
    a, c, least = head.best()
    assert a == pytest.approx(best, rel=4e-4) and least == pytest.approx(loss, rel=2e-5)
    assert head.loss(a, c) == pytest.approx(least, rel=1e-9)
    for near in (0.97, 1.03):
        assert head.best_value(near * a)[1] > least
    known = head.law()
    assert known is not None and known[1] == pytest.approx(least, rel=0.12)


def test_the_loss_without_cancellation() -> None:
    """1/q - B^2/A holds where it has digits; where it has none, the loss is still positive."""
    head = room.random_codes(12, 2, 3, 64, "dual")
    A, B = head.moments(5.0)
    assert head.best_value(5.0)[1] == pytest.approx(2 * (1 / 3 - B**2 / A), rel=1e-9)
    rare = room.random_codes(100, 1, 3, 128, "dual")
    assert 1.35e-9 < rare.best()[2] < 1.36e-9
    assert 0 < room.random_codes(20, 1, 4, 600, "dual").best()[2] < 1e-20


def test_floor_of_the_dual_query() -> None:
    for q, m, p in ((2, 16, 2.772755e-3), (3, 32, 7.582566e-4), (3, 64, 2.380368e-6)):
        assert room.deception(m, q) == pytest.approx(p, rel=3e-7)
        assert p < room.deception_bound(m, q) < 1.5 * p
    head = room.random_codes(12, 1, 3, 24, "dual")
    assert head.best_value(3000.0)[1] == pytest.approx(head.hard_loss(), rel=3e-2)
    assert decay_rate(20) == pytest.approx(1 / 40, rel=0.02)
    slope = log(room.deception(4000, 3) / room.deception(2000, 3)) / 2000
    assert -slope == pytest.approx(decay_rate(3), rel=2e-3)


def test_deception_over_draws() -> None:
    random = np.random.default_rng(5)
    Z = random.standard_normal((200_000, 3, 6))
    Z /= np.linalg.norm(Z, axis=2, keepdims=True)
    Y = Z[:, :2]
    u = np.einsum("nqm,nq->nm", Y, np.linalg.inv(Y @ Y.transpose(0, 2, 1)).sum(axis=2))
    above = (np.einsum("nm,nm->n", Z[:, 2], u) > 1).mean()
    assert room.deception(6, 2) == pytest.approx(above, abs=4 * np.sqrt(above / 200_000))
    assert abs(room.deception(7, 2) - above) > 4 * np.sqrt(above / 200_000)


def test_widths() -> None:
    assert room.width_for_loss(12, 2, 2, 1.0) == 2 and room.width_for_loss(12, 1, 1, 1e-9) == 2


@pytest.mark.wide
def test_width_of_both_queries() -> None:
    assert room.width_for_loss(100, 1, 3, 0.001, "dual") == 51
    assert room.width_for_loss(100, 1, 3, 0.01) == 586
    assert room.random_codes(100, 1, 3, 586).best()[2] <= 0.01 < room.random_codes(100, 1, 3, 585).best()[2]  # fmt: skip


def test_other_lengths() -> None:
    head = room.random_codes(12, 1, 3, 64, "dual")
    a, c, loss = head.best()
    ratios = [head.at_length(n).loss(a, c) / loss for n in (24, 100, 1000, 10_000)]
    assert ratios == pytest.approx([2.3330, 10.767, 109.60, 1021.5], rel=5e-5)
    head = room.random_codes(12, 1, 3, 64)
    losses = [head.at_length(n).loss(2.62475, 1.135560) for n in (24, 100, 1000)]
    assert losses == pytest.approx([0.052878, 0.169475, 0.307400], abs=1e-6)


def test_flows() -> None:
    run = room.random_codes(12, 1, 2, 32, "dual").flow([0, 1e3, 1e4])
    assert run.a.tolist() == pytest.approx([0, 2.84412, 4.75738], abs=1e-5)
    assert run.c.tolist() == pytest.approx([0, 1.30785, 1.07899], abs=1e-5)
    assert run.loss.tolist() == pytest.approx([0.5, 2.308538e-2, 3.52583e-3], rel=2e-6)
    run = room.random_codes(12, 1, 2, 2000, "dual").flow([1e6])
    assert 4e6 * run.loss[0] / 2000 == pytest.approx(1.0413, abs=1e-4)
    stuck = room.random_codes(12, 1, 3, 64)
    run = stuck.flow([1e4, 1e7])
    assert run.loss[0] == pytest.approx(3.14248e-2, rel=1e-5)
    assert run.loss[1] == pytest.approx(stuck.best()[2], rel=1e-9)
    assert run.loss_at(24)[1] == pytest.approx(0.052878, abs=1e-6)


@pytest.mark.parametrize(("T", "q", "m"), [(4, 3, 3), (3, 3, 2), (5, 3, 1), (5, 4, 2), (4, 4, 3)])
def test_signs_of_many_tokens(T: int, q: int, m: int) -> None:
    """Of three and four selected tokens averages are finite sums, those over all codes one by one; those on the sphere are others."""
    from symkern.derivations.selection.code_sums import moments_over_codes, sign_codes

    codes, head = sign_codes(T, m), room.random_codes(T, 1, q, m, codes="rademacher")
    assert head.standing is Standing.PROVED and head.standard_error(1, 1) == 0
    for a in (0.0, 0.7, 2.0, 6.0):
        assert head.moments(a) == pytest.approx(moments_over_codes(codes, a, q), rel=1e-12)
    if q < T and m > 1:
        apart = np.array(room.random_codes(T, 1, q, m).moments(2.0)) - head.moments(2.0)
        assert np.abs(apart).max() > 1e-3


@pytest.mark.wide
def test_gradient_descent_on_all_signs() -> None:
    """All entries of W and V at q = 3 end where descent in two numbers does; on the sphere it would end elsewhere."""
    from symkern.derivations.selection.code_sums import descent_over_codes, sign_codes

    T, q, m, d, steps, rate = 4, 3, 3, 2, 40, 0.25
    W, V = descent_over_codes(sign_codes(T, m), d, q, steps, rate)

    def ends(codes: str) -> tuple[float, float]:
        head = room.random_codes(T, d, q, m, codes=codes)
        a = c = 0.0
        for _ in range(steps):
            low = max(a - 1e-4, 0.0)
            slope = (head.loss(a + 1e-4, c) - head.loss(low, c)) / (a + 1e-4 - low)
            A, B = head.moments(a)
            a, c = a - rate * slope / m, c - rate * 2 * (c * A - B)
        return a, c

    a, c = ends("rademacher")
    assert np.allclose(W, a * np.eye(m), atol=2e-7) and np.allclose(V, c * np.eye(d), atol=2e-7)
    assert abs(ends("sphere")[0] - a) > 3e-4


def test_drawn_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where sums are too long codes of y are drawn: within the stated standard error of the sum at q = 4, and of all codes at q = 5; those of a width one less are not."""
    from symkern.derivations.selection.code_sums import moments_over_codes, sign_codes

    exact = room.random_codes(9, 1, 4, 12, codes="rademacher")
    expected, narrower = exact.loss(2, 1.1), room.random_codes(9, 1, 4, 11, codes="rademacher").loss(2, 1.1)  # fmt: skip
    monkeypatch.setattr(sign_nodes, "_LISTED", 0)
    code_averages._many_sign_nodes.cache_clear()
    drawn = room.random_codes(9, 1, 4, 12, codes="rademacher", draws=8000)
    error = drawn.standard_error(2, 1.1)
    assert drawn.standing is Standing.SAMPLED and error < 1e-3
    assert abs(drawn.loss(2, 1.1) - expected) < 4 * error < abs(narrower - drawn.loss(2, 1.1))
    code_averages._many_sign_nodes.cache_clear()
    A, B = moments_over_codes(sign_codes(6, 2), 1.5, 5)
    five = room.random_codes(6, 1, 5, 2, codes="rademacher", draws=8000)
    assert abs(five.loss(1.5, 1.1) - (1.1**2 * A - 2.2 * B + 1 / 5)) < 4 * five.standard_error(1.5, 1.1)  # fmt: skip
    # One by one, where kinds of columns are too many to be counted.
    many = [sign_nodes._drawn(6, 12, 4000, seed).scores.mean(axis=1) for seed in (0, 1)]
    assert np.mean(many) == pytest.approx(1.0, abs=4 * np.std(many) / np.sqrt(8000))
    assert np.var(many) == pytest.approx(2 * 11 / (12 * 6), rel=0.1)


def test_signs_are_the_sphere_to_the_first_order_in_the_width() -> None:
    """The expansion in 1/m is one for both: what they differ by falls at least like 1/m^2."""
    apart = []
    for m in (32, 64):
        one, other = (room.random_codes(8, 1, 3, m, codes=c).moments(2.0) for c in ("rademacher", "sphere"))  # fmt: skip
        apart.append(np.subtract(one, other))
    assert np.all(apart[0] / apart[1] > 3.9) and np.abs(apart[1]).max() > 1e-7


def test_signs_over_all_codes() -> None:
    """W and V trained on all codes of signs end at the values of the theory, and the loss at all codes is that of two numbers."""
    from symkern.derivations.selection.code_sums import descent_over_codes, sign_codes

    for (T, q, m, d), a, c in (((4, 2, 3, 2), 1.17101058, 1.07349020), ((3, 1, 4, 1), 1.69917540, 1.22875170)):  # fmt: skip
        W, V = descent_over_codes(sign_codes(T, m), d, q, 60, 0.5)
        assert np.allclose(W, a * np.eye(m), atol=6e-9) and np.allclose(V, c * np.eye(d), atol=6e-9)
    head = room.random_codes(4, 1, 2, 2, codes="rademacher")
    total = 0.0
    for signs in product((1, -1), repeat=8):
        z = np.array(signs).reshape(4, 2) / np.sqrt(2)
        for y in combinations(range(4), 2):
            p = np.exp(1.5 * z @ z[list(y)].sum(axis=0))
            p /= p.sum()
            total += float(((1.2 * p - np.isin(range(4), y) / 2) ** 2).sum()) / 6 / 256
    assert head.loss(1.5, 1.2) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize(
    ("T", "q", "a", "query", "A1", "B1"),
    [(8, 3, 2, "sum", 0.33240531, -0.29584289), (20, 3, 3, "sum", 0.30038932, -0.77288571), (8, 2, 2, "sum", -0.32068034, -0.45798884), (8, 3, 2, "dual", -0.29870206, -0.27823480)],
)  # fmt: skip
def test_wide_codes(T: int, q: int, a: int, query: str, A1: float, B1: float) -> None:
    """The first order is that of the theory, and what is left falls like 1/m^2."""
    (A0, first), (B0, second) = room.wide_moments(T, q, a, query)
    assert float(first) == pytest.approx(A1, abs=6e-9)
    assert float(second) == pytest.approx(B1, abs=6e-9)
    left = []
    for m in (400, 800):
        A, B = room.random_codes(T, 1, q, m, query).moments(a)
        left.append([A - float(A0) - A1 / m, B - float(B0) - B1 / m])
    assert np.array(left[0]) / left[1] == pytest.approx([4, 4], abs=0.6)


def test_laws() -> None:
    coefficient, s = room.power_law(12, 1, 8)
    assert coefficient * 400.0**-s == pytest.approx(1.98641e-8, rel=3e-6)
    assert room.random_codes(12, 1, 1, 8).best_value(400)[1] == pytest.approx(1.97422e-8, rel=3e-6)
    B = room.many_tokens(2000, 1, 32, "sum", 5.0)[1]
    assert pytest.approx(0.04803198, abs=1e-8) == B
    assert room.random_codes(2000, 1, 1, 32).moments(5)[1] == pytest.approx(0.04805517, abs=1e-8)
    A, B = room.many_tokens(3000, 3, 16, "sum", 2.0)
    assert room.random_codes(3000, 1, 3, 16).moments(2) == pytest.approx((A, B), rel=2e-2)


def test_nodes_of_three_codes_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    head = room.random_codes(12, 1, 3, 64)
    before = head.moments(2.6)
    monkeypatch.setattr(code_averages, "gram_scores", lambda m: code_nodes.gram_scores(m, 16))
    code_averages.gram_nodes.cache_clear()
    assert head.moments(2.6) == pytest.approx(before, rel=1e-9)
    code_averages.gram_nodes.cache_clear()


def test_drawn_gram_matrices() -> None:
    """Drawn at q = 3 too, averages agree with quadrature, not with that of a width two less; the stated standard error is of the size of the difference."""
    weights, scores, rho = code_nodes.drawn_scores(16, 3, 20_000, 1)
    exact, nodes, lengths = code_nodes.gram_scores(16)
    wrong, others, _ = code_nodes.gram_scores(14)
    spread = (scores**2).std() / np.sqrt(20_000)
    assert abs((scores**2).mean() - wrong @ (others**2).mean(axis=1)) > 4 * spread
    for power in (1, 2, 3):
        found, error = (scores**power).mean(), (scores**power).std() / np.sqrt(20_000)
        assert found == pytest.approx(exact @ (nodes**power).mean(axis=1), abs=4 * error)
    assert weights @ rho**2 == pytest.approx(exact @ lengths**2, abs=0.02) and exact @ lengths**2 == pytest.approx(3)  # fmt: skip
    head = room.random_codes(12, 1, 5, 64)
    a, c, loss = head.best()
    other = room.random_codes(12, 1, 5, 64, seed=1)
    assert head.standing is Standing.SAMPLED
    apart = abs(other.loss(a, c) - loss)
    both = np.hypot(head.standard_error(a, c), other.standard_error(a, c))
    assert apart < 5 * both < abs(room.random_codes(12, 1, 5, 56, seed=1).loss(a, c) - loss)


@pytest.mark.parametrize(("m", "a"), [(4, 3.0), (3, 5.0)])
def test_many_selected_codes_of_small_width(m: int, a: float) -> None:
    """Scores are too wide for the transforms of 28 of them to give all others; what is left of an error counts n = 280 times."""
    both, errors = drawn_moments(300, 20, m, a, "sum", 1000)
    found = np.array(room.random_codes(300, 1, 20, m).moments(a))
    assert np.all(np.abs(found - both) < 5 * errors + 0.02 * both)


def test_a_wrong_average_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The derivation fails at the step of the integrals where M is taken to the power T - q + 1."""
    plain = code_averages._four_integrals
    monkeypatch.setattr(code_averages, "_four_integrals", lambda n, *rest: plain(n + 1, *rest))
    made = room.random_codes(4, 1, 2, 3).derivation()
    failed = {c.step.name for c in made.check(T=[3], d=[1], q=[1], m=[2]).failures}
    assert failed == {"the averages", "without cancellation"}


def test_ends() -> None:
    assert room.random_codes(12, 1, 1, 8).best() == (inf, 1.0, 0.0)
    assert room.random_codes(4, 1, 4, 8, "dual").best()[2] == 0.0
    assert room.random_codes(4, 1, 4, 8, "dual").flow([1.0]).loss[0] == pytest.approx(
        np.exp(-1.0) / 4
    )
    assert room.random_codes(4, 1, 4, 8).flow([1e4]).loss[0] < 1e-6
    assert room.random_codes(6, 1, 2, 1, codes="rademacher").moments(0)[0] == pytest.approx(1 / 6)
    for head in (room.random_codes(9, 1, 2, 5), room.random_codes(9, 1, 3, 5, "dual")):
        assert head.moments(0) == pytest.approx((1 / 9, 1 / 9), rel=1e-9)
        assert head.loss(0, 1) == pytest.approx(1 / head.q - 1 / 9, rel=1e-9)
        assert np.isfinite(head.best_value(200.0)[1])


@pytest.mark.parametrize(
    ("make", "error", "named"),
    [
        (lambda: room.random_codes(6, 1, 7, 4), InvalidArgument, "q: must be at most T = 6"),
        (lambda: room.random_codes(6, 1, 3, 2, "dual"), InvalidArgument, "q: must be at most m = 2"),
        (lambda: room.random_codes(6, 1, 2, 1), InvalidArgument, "m: must be at least 2 on the sphere"),
        (lambda: room.random_codes(6, 1, 2, 4, "mean"), InvalidArgument, "query: must be sum or dual"),
        (lambda: room.random_codes(6, 1, 2, 4, codes="cube"), InvalidArgument, "codes: must be sphere or rademacher"),
        (lambda: room.random_codes(6, 1, 2, 4, "dual", "rademacher"), NoClosedForm, "dual query does not exist"),
        (lambda: room.random_codes(6, 1, 2, 10**12), InvalidArgument, "m: "),
        (lambda: room.random_codes(6.5, 1, 2, 4), InvalidType, "T: "),
        (lambda: room.random_codes(6, 1, 2, 4).moments(-1), InvalidArgument, "a: must be at least 0"),
        (lambda: room.random_codes(6, 1, 2, 4).moments(1e9), InvalidArgument, "a: must be at most 10000"),
        (lambda: room.random_codes(6, 1, 3, 4).moments(300), InvalidArgument, "a: must be at most 200"),
        (lambda: room.random_codes(6, 1, 2, 4).loss(1, float("nan")), InvalidArgument, "c: must be a finite number"),
        (lambda: room.random_codes(6, 1, 2, 4).flow([2, 1]), InvalidArgument, "times: must grow"),
        (lambda: room.random_codes(6, 1, 2, 4).flow([-1]), InvalidArgument, "times: must grow"),
        (lambda: room.random_codes(6, 1, 2, 4).flow([]), InvalidArgument, "times: must be a number or a row of numbers"),
        (lambda: room.random_codes(6, 1, 3, 4).at_length(2), InvalidArgument, "T1: "),
        (lambda: room.width_for_loss(6, 1, 2, 0), InvalidArgument, "loss: must be positive"),
        (lambda: room.width_for_loss(6, 1, 2, -1), InvalidArgument, "loss: must be at least 0"),
        (lambda: room.power_law(6, 1, 2), InvalidArgument, "m: must be at least 3"),
        (lambda: room.power_law(6, 1, 1000), InvalidArgument, "m: must have a coefficient below 10"),
        (lambda: room.power_law(1, 1, 8), InvalidArgument, "T: must be at least 2"),
        (lambda: room.deception(16, 1), InvalidArgument, "q: must be an integer of at least 2"),
        (lambda: room.deception(3, 5), InvalidArgument, "q: must be at most m = 3, but it is 5"),
        (lambda: room.deception(1, 2), InvalidArgument, "m: must be an integer of at least 2"),
        (lambda: room.deception(10**12, 2), InvalidArgument, "m: must be an integer of at most"),
        (lambda: room.deception_bound(3, 3), InvalidArgument, "q: must be below m = 3, but it is 3"),
        (lambda: room.deception_bound(16, 1), InvalidArgument, "q: must be an integer of at least 2"),
        (lambda: room.many_tokens(9, 1, 32, "sun", 5.0), InvalidArgument, "it is 'sun'; did you mean 'sum'"),
        (lambda: room.many_tokens(9, 2, 1, "sum", 5.0), InvalidArgument, "m: must be at least 2 on the sphere"),
        (lambda: room.many_tokens(9, 3, 2, "dual", 5.0), InvalidArgument, "q: must be at most m = 2"),
        (lambda: room.many_tokens(9, 0, 8, "sum", 5.0), InvalidArgument, "q: must be at least 1"),
        (lambda: room.many_tokens(9, 4, 8, "sum", 5.0), InvalidArgument, "q: must be at most 3"),
        (lambda: room.many_tokens(2, 3, 8, "sum", 5.0), InvalidArgument, "q: must be at most T = 2"),
        (lambda: room.many_tokens(9, 3, 8, "sum", 300.0), InvalidArgument, "a: must be at most 200"),
        (lambda: room.many_tokens(9, 1, 8, "sum", -1.0), InvalidArgument, "a: must be at least 0"),
        (lambda: room.code_heads(6, 1, 2, 8, H=2, query="dula"), InvalidArgument, "did you mean 'dual'"),
        (lambda: room.random_codes(6, 1, 2, 4, 10**10_000), InvalidArgument, "query: must be sum or dual, but it is a number of 33220 bits"),
        (lambda: room.width_for_loss(6, 1, 2, 0.1, np.array([1, 2])), InvalidArgument, "query: must be sum or dual"),
        (lambda: room.fixed_codes(np.array([1, 2]), 1), InvalidType, "G: must be a list of rows"),
        (lambda: room.fixed_codes(np.array(3), 1), InvalidType, "G: must be a list of rows"),
        (lambda: room.unseen_positions(6, 1, 2, 8, np.array([1, 2])), InvalidType, "a: "),
        (lambda: room.unseen_positions(10**10_000, 1, 2, 8), InvalidArgument, "T1: must be at least T = a number"),
        (lambda: room.ordered_selection(range(10**9), 1), TooLarge, "U: a list of numbers or matrices"),
    ],
)  # fmt: skip
def test_bad_input(make: Any, error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        make()


def test_rules_end_where_the_formulas_do() -> None:
    """Of two codes on the circle at an angle uniform on (0, pi), a fresh one lies between them with probability 1/4; the law of q = 1 keeps its digits."""
    assert room.deception(2, 2) == pytest.approx(1 / 4)
    assert room.deception(3, 3) < 1 / 2
    assert room.deception_bound(4, 3) > 0
    for m in (17, 60, 200):
        with mpmath.workdps(60):
            s = mpmath.mpf(m - 1) / 2
            step = mpmath.altzeta(s) - mpmath.altzeta(s - 1)
            value = (
                22 * mpmath.gamma(mpmath.mpf(m) / 2) / mpmath.sqrt(mpmath.pi) * 2 ** (s - 1) * step
            )
        assert room.power_law(12, 1, m)[0] == pytest.approx(float(value), rel=1e-11)


def test_what_is_kept() -> None:
    head = room.random_codes(6, 2, 2, 12, "dual")
    assert eval(repr(head), vars(room)) == head and hash(head)  # noqa: S307
    run = head.flow([1.0, 2.0])
    assert not run.a.flags.writeable
