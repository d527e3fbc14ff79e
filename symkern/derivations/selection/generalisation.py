"""The derivation of length generalisation of one attention head."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.bounds.selection.attention_head import best_value
from symkern.bounds.selection.length_generalisation import length_generalisation
from symkern.claims.derivation import Derivation, Step
from symkern.derivations.selection.brute_force import beyond, head_loss, head_work, identity
from symkern.limits import current

_E = sp.Symbol("E", positive=True)  # e^a
_N = sp.Symbol("N", positive=True)  # a length


def _direct(length: sp.Expr, d: int, q: int, power: sp.Expr, c: sp.Expr) -> sp.Expr:
    """The sum of squared errors over one subset and its complement, from the weights, with e^a = power."""
    # (how many, power, target) of each selected token, and of the others together
    kinds = [(1, power, sp.Rational(1, q))] * q + [(length - q, sp.Integer(1), sp.Integer(0))]
    whole = sum(n * w for n, w, _ in kinds)
    return d * sum(n * (c * w / whole - goal) ** 2 for n, w, goal in kinds)


def _same_sides(T1: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    """W = aI + bJ on T1 positions, b = 2 log 2, c = 2/3, over all subsets."""
    if q > T1 or beyond(T1, q, head_work(T1, d, q, E)):
        return None
    scores = [[x + 2 for x in row] for row in identity(T1, E)]
    found = head_loss(scores, identity(d, Fraction(2, 3)), q)
    formula = length_generalisation(max(q, 2), d, q, T1).loss(E * sp.log(2), sp.Rational(2, 3))
    return sp.Rational(found), sp.cancel(formula)


def _far_sides(d: int, q: int, E: int) -> tuple[Any, Any] | None:
    """N (d/q - loss) as N grows, for c = 2/3."""
    if q > current().evidence_selected or abs(E) > current().evidence_score:
        return None
    power, c = sp.Integer(2) ** E, sp.Rational(2, 3)
    found = sp.limit(sp.cancel(_N * (sp.Rational(d, q) - _direct(_N, d, q, power, c))), _N, sp.oo)
    return found, d * c * (2 * power - c)


def _ratio_sides(T: int, T1: int, d: int, q: int) -> tuple[Any, Any] | None:
    """The quotient of the two losses at the best c for T, as e^a grows."""
    if q >= T or q > T1 or q > current().evidence_selected:
        return None
    c = best_value(T, q, sp.log(_E))
    ends = [_direct(sp.Integer(n), d, q, _E, c) for n in (T1, T)]
    expected = length_generalisation(T, d, q, T1).ratio
    return sp.limit(sp.cancel(ends[0] / ends[1]), _E, sp.oo), expected


def _scale_sides(T: int, d: int, q: int, tau: sp.Rational) -> tuple[Any, Any] | None:
    """The loss at length q + tau q e^a, at the best c for T, as e^a grows."""
    if q > T or q > current().evidence_selected:
        return None
    loss = _direct(q + tau * q * _E, d, q, _E, best_value(T, q, sp.log(_E)))
    return sp.limit(sp.cancel(loss), _E, sp.oo), sp.Rational(d, q) * (tau / (1 + tau)) ** 2


def derivation() -> Derivation:
    """The steps from the trained head to another length; sizes E stand for e^a = 2^E."""
    return Derivation(
        "One attention head at another length",
        (
            Step(
                "the same two numbers",
                r"\ell_{T_1}(a, c) = \frac dq \Bigl[ \Bigl(\frac{c}{1+\tau} - 1\Bigr)^2 + c^2 e^{-a} \frac{\tau}{(1+\tau)^2} \Bigr], \qquad \tau = \frac{T_1 - q}{q e^a}",
                r"$W = aI + bJ$ extends to $T_1$ positions; $b$ adds the same to all scores. Then $p_{\mathrm{in}} = \frac{1}{q (1+\tau)}$ and $(T_1-q) p_{\mathrm{out}}^2 = \frac{\tau e^{-a}}{q (1+\tau)^2}$.",
                sides=_same_sides,
                sizes={"T1": (2, 3, 5), "d": (1, 2), "q": (1, 2, 3), "E": (0, 2, -1)},
            ),
            Step(
                "very long sequences",
                r"\ell_{T_1}(a, c) = \frac dq - \frac{d c\,(2 e^a - c)}{T_1} + O(T_1^{-2})",
                r"$\tau \to \infty$: attention is diluted and the output tends to zero; what is lost is the whole target, $\mathbb E\, |\mathrm{STS}|^2 = d/q$.",
                sides=_far_sides,
                sizes={"d": (1, 3), "q": (1, 2, 3), "E": (0, 2, 5)},
            ),
            Step(
                "long training",
                r"\frac{\ell_{T_1}}{\ell_T} \to \frac{q (T_1-q) + (T_1-T)^2}{q (T-q)} \qquad (t \to \infty)",
                r"With $c = c^* = 1 + \frac{T-q}{q} e^{-a} + \dots$ the first square is $\frac{(T_1-T)^2}{q^2} e^{-2a}$ and the second term $\frac{T_1-q}{q} e^{-2a}$.",
                sides=_ratio_sides,
                sizes={"T": (2, 3, 5), "T1": (2, 4, 9), "d": (1, 2), "q": (1, 2)},
            ),
            Step(
                "the length that is reached",
                r"\ell_{T_1} \to \frac dq \Bigl(\frac{\tau}{1+\tau}\Bigr)^2 \quad \text{at fixed } \tau, \qquad \tau = 1 \text{ at } T_1 \sim q e^a \sim \sqrt{\frac{4 d (T-q)\, t}{T-1}}",
                r"At fixed $\tau$ the second term vanishes like $e^{-a}$ and $c \to 1$; $e^a$ is taken from the late law.",
                sides=_scale_sides,
                sizes={
                    "T": (2, 5), "d": (1, 2), "q": (1, 2),
                    "tau": (sp.Rational(1, 3), sp.Integer(1), sp.Integer(7)),
                },
            ),
        ),
        r"\ell_{T_1}(t) \sim \frac{T-1}{4t} \cdot \frac{q (T_1-q) + (T_1-T)^2}{q (T-q)}",
    )  # fmt: skip
