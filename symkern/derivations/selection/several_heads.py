"""The derivation of what several heads do: their loss, two heads without loss, and heads that start alike."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection.attention_head import attention_weights
from symkern.bounds.selection.heads.several_heads import identical_heads, several_heads, two_heads
from symkern.claims import Derivation, Step, reference
from symkern.derivations.selection.brute_force import (
    average,
    beyond,
    head_work,
    identity,
    indicators,
    softmax,
)


def _summed_loss(
    T: int, d: int, q: int, scores: tuple[int, ...], values: tuple[Fraction, ...]
) -> Fraction:
    """The loss of heads with e^{a_h} = 2^{scores_h}, W_h = a_h I and V_h = values_h I, over all sets y, in fractions."""
    found = []
    for y in indicators(T, q):
        weights = [softmax(identity(T, E), y) for E in scores]
        mixed = [
            sum((c * p[i] for c, p in zip(values, weights, strict=True)), Fraction(0))
            for i in range(T)
        ]
        errors = [x - Fraction(s, q) for x, s in zip(mixed, y, strict=True)]
        found.append(d * sum((x * x for x in errors), Fraction(0)))
    return average(found)


def _loss_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    if q > T or beyond(T, q, 3 * head_work(T, d, q, E)):
        return None
    values = (Fraction(2, 3), Fraction(-1, 2), Fraction(1, 5))
    scores = (E, 0, E + 1)
    pairs = [attention_weights(T, q, e * sp.log(2)) for e in scores]
    exact = [sp.Rational(c.numerator, c.denominator) for c in values]
    inside = sum(c * p for c, (p, _) in zip(exact, pairs, strict=True)) - sp.Rational(1, q)
    outside = sum(c * p for c, (_, p) in zip(exact, pairs, strict=True))
    return sp.Rational(_summed_loss(T, d, q, scores, values)), d * (
        q * inside**2 + (T - q) * outside**2
    )


def _two_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    if q >= T or beyond(T, q, 3 * head_work(T, d, q, E)):
        return None
    scores = (E, E + 2)
    values = [sp.nsimplify(c) for c in two_heads(T, q, *(e * sp.log(2) for e in scores))]
    kept = tuple(Fraction(int(c.p), int(c.q)) for c in values)
    return [sp.Rational(_summed_loss(T, d, q, scores, kept)), sum(values)], [0, 1]


def _alike_sides(T: int, d: int, q: int, H: int) -> tuple[Any, Any] | None:
    """The flow of H heads from zero in 2 H numbers, at t = 2, and of one head with the other clocks (floating point)."""
    if q > T or max(T, d, H) > 50:
        return None
    run = several_heads(T, d, q, [0.0] * H, [0.0] * H).flow([2.0])
    a, c, loss = identical_heads(T, d, q, H, [2.0])
    found = [*run.a[0], float(run.c.sum()), float(run.loss[0])]
    return found, [*np.repeat(a, H), float(c[0]), float(loss[0])]


def derivation() -> Derivation:
    """The steps from one head to several."""
    small = {"T": (3, 4), "d": (1, 2), "q": (1, 2, 3), "E": (0, 1, -2)}
    return Derivation(
        "Several attention heads",
        (
            Step(
                "the loss",
                r"\ell = d \Bigl[ q \Bigl(\sum_h c_h \alpha_h - \frac1q\Bigr)^2 + (T-q) \Bigl(\sum_h c_h \beta_h\Bigr)^2 \Bigr], \qquad \alpha_h = \frac{e^{a_h}}{Z_h}, \quad \beta_h = \frac1{Z_h}",
                r"The matrices in front of the $x_i$ are sums over heads.",
                reference("wang2024"),
                sides=_loss_sides,
                sizes=small,
            ),
            Step(
                "two heads without loss",
                r"c_1 = -\frac{Z_1}{q (e^{a_2} - e^{a_1})}, \qquad c_2 = \frac{Z_2}{q (e^{a_2} - e^{a_1})}, \qquad c_1 + c_2 = 1, \qquad \ell = 0",
                r"$\sum_h c_h \beta_h = 0$ and $\sum_h c_h \alpha_h = 1/q$ are two equations in two values, independent where $a_1 \neq a_2$.",
                sides=_two_sides,
                sizes=small,
            ),
            Step(
                "heads that start alike",
                r"\dot a = -\frac1{H (T-1)} \frac{\partial \ell}{\partial a}, \qquad \dot c' = -\frac Hd \frac{\partial \ell}{\partial c'}, \qquad c' = \sum_h c_h",
                r"Exchanging heads is a symmetry, so that equal heads stay equal; $\partial \ell/\partial a_h$ is $1/H$ of the slope along all of them, and each $c_h$ has the whole slope by $c'$.",
                sides=_alike_sides,
                sizes={"T": (4, 6), "d": (1, 2), "q": (1, 2, 4), "H": (1, 2, 3)},
                tolerance=1e-9,
            ),
        ),
        r"\min \ell = 0 \text{ at } H = 2, \qquad \ell \sim \frac{H (T-1)}{4 t} \text{ where heads start alike}",
    )
