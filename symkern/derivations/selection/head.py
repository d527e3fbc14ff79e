"""The derivation of the loss of one attention head, its gradient and its best value."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.bounds.selection.attention_head import (
    attention_weights,
    best_loss,
    best_value,
    loss_gradient,
    population_loss,
)
from symkern.claims.derivation import Derivation, Step
from symkern.derivations.selection.brute_force import (
    beyond,
    head_gradient,
    head_loss,
    head_work,
    indicators,
    reduced,
    softmax,
)

_VALUES = (Fraction(0), Fraction(2, 3), Fraction(-1, 2))


def slopes(T: int, d: int, q: int, E: int, c: Fraction) -> tuple[Fraction, Fraction]:
    """dloss/da and dloss/dc by brute force: the slopes along I - J/T and along I_d."""
    by_scores, by_values = head_gradient(*reduced(T, d, E, c), q)
    total = sum((x for row in by_scores for x in row), Fraction(0))
    by_a = sum((by_scores[i][i] for i in range(T)), Fraction(0)) - total / T
    return by_a, sum((by_values[k][k] for k in range(d)), Fraction(0))


def vertex(T: int, d: int, q: int, E: int) -> tuple[Fraction, Fraction]:
    """The best c and the loss there, from three values of the brute-force loss: it is a parabola in c."""
    zero, one, two = (head_loss(*reduced(T, d, E, c), q) for c in (0, 1, 2))
    curvature = (two - 2 * one + zero) / 2
    slope = one - zero - curvature
    return -slope / (2 * curvature), zero - slope**2 / (4 * curvature)


def _weight_sides(T: int, q: int, E: int) -> tuple[Any, Any] | None:
    if q > T or beyond(T, q, head_work(T, 1, q, E)):
        return None
    inside, outside = attention_weights(T, q, E * sp.log(2))
    scores = reduced(T, 1, E, 0)[0]
    found = [sp.Rational(x) for y in indicators(T, q) for x in softmax(scores, y)]
    return found, [inside if s else outside for y in indicators(T, q) for s in y]


def _loss_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    if q > T or beyond(T, q, head_work(T, d, q, E, times=3)):
        return None
    found = [sp.Rational(head_loss(*reduced(T, d, E, c), q)) for c in _VALUES]
    return found, [population_loss(T, d, q, E * sp.log(2), c) for c in _VALUES]


def _gradient_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    if q > T or beyond(T, q, head_work(T, d, q, E, times=6)):
        return None
    found = [sp.Rational(slope) for c in _VALUES for slope in slopes(T, d, q, E, c)]
    return found, [e for c in _VALUES for e in loss_gradient(T, d, q, E * sp.log(2), c)]


def _best_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    if q > T or beyond(T, q, head_work(T, d, q, E, times=3)):
        return None
    value, least = vertex(T, d, q, E)
    score = E * sp.log(2)
    return [sp.Rational(value), sp.Rational(least)], [
        best_value(T, q, score),
        best_loss(T, d, q, score),
    ]


def derivation() -> Derivation:
    """The steps from the invariant plane to the loss; sizes E stand for e^a = 2^E."""
    sizes = {"T": (2, 3, 4), "d": (1, 2), "q": (1, 2, 3), "E": (0, 1, 4, -3)}
    return Derivation(
        "The loss of one attention head in closed form",
        (
            Step(
                "the weights",
                r"p_{\mathrm{in}} = \frac{e^a}{Z}, \quad p_{\mathrm{out}} = \frac1Z, \qquad Z = q e^a + T - q",
                r"At $W = aI + bJ$ the score is $a + qb$ on the $q$ selected positions and $qb$ on the others; the common $qb$ drops out.",
                sides=_weight_sides,
                sizes=sizes,
            ),
            Step(
                "the loss",
                r"\ell(a, c) = d \Bigl[ q \Bigl(c p_{\mathrm{in}} - \frac1q\Bigr)^2 + (T-q)\, c^2 p_{\mathrm{out}}^2 \Bigr]",
                r"The matrices in front of the $x_i$ are $(c p_{\mathrm{in}} - 1/q) I_d$, $q$ times, and $c p_{\mathrm{out}} I_d$, $T-q$ times; $\|I_d\|_F^2 = d$.",
                sides=_loss_sides,
                sizes=sizes,
            ),
            Step(
                "its gradient",
                r"\frac{\partial \ell}{\partial a} = 2 d q (T-q)\, c\, p_{\mathrm{in}} p_{\mathrm{out}} \Bigl(c p_{\mathrm{in}} - c p_{\mathrm{out}} - \frac1q\Bigr), \quad "
                r"\frac{\partial \ell}{\partial c} = 2 d \Bigl[ q p_{\mathrm{in}} \Bigl(c p_{\mathrm{in}} - \frac1q\Bigr) + (T-q)\, c\, p_{\mathrm{out}}^2 \Bigr]",
                r"$\partial p_{\mathrm{in}} / \partial a = (T-q)\, p_{\mathrm{in}} p_{\mathrm{out}}$ and $\partial p_{\mathrm{out}} / \partial a = - q\, p_{\mathrm{in}} p_{\mathrm{out}}$.",
                sides=_gradient_sides,
                sizes=sizes,
            ),
            Step(
                "the best value",
                r"c^* = \frac{p_{\mathrm{in}}}{q p_{\mathrm{in}}^2 + (T-q) p_{\mathrm{out}}^2} = \frac{e^a (q e^a + T - q)}{q e^{2a} + T - q}, \qquad "
                r"\ell(a, c^*) = \frac dq \cdot \frac{T-q}{q e^{2a} + T - q}",
                r"The loss is a parabola in $c$.",
                sides=_best_sides,
                sizes=sizes,
            ),
        ),
        r"\ell(a, c) = d \Bigl[ q \Bigl(c p_{\mathrm{in}} - \frac1q\Bigr)^2 + (T-q)\, c^2 p_{\mathrm{out}}^2 \Bigr]",
    )
