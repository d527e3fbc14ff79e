"""The derivation of the limit, the plateau and the late laws of one attention head."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection import symbols
from symkern.bounds.selection.gradient_flow import flow
from symkern.bounds.selection.late_times import late_times, slow_time
from symkern.claims.derivation import Derivation, Step
from symkern.derivations.selection.brute_force import beyond, head_loss, head_work, reduced
from symkern.derivations.selection.full_head import integrated
from symkern.derivations.selection.head import slopes, vertex
from symkern.exact.exact_arguments import sympified
from symkern.limits import current


def _roof(T: int, q: int, E: int) -> Fraction:
    """The c at which c (p_in - p_out) = 1/q; E > 0."""
    power = Fraction(2) ** E
    return (q * power + T - q) / (q * (power - 1))


def _region_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    """dc/dt at the floor c = 0, and -dc/dt and da/dt at and below the roof: none is negative."""
    if q >= T or beyond(T, q, head_work(T, d, q, E, times=12)):
        return None
    found = [-slopes(T, d, q, E, Fraction(0))[1]]
    if E > 0:
        roof = _roof(T, q, E)
        at_roof = slopes(T, d, q, E, roof)
        found += [at_roof[1], -at_roof[0], at_roof[0]]
        found += [-slopes(T, d, q, E, roof * k / 4)[0] for k in (1, 2, 3)]
    return found, [0] * len(found)


def _curvature_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    """(1/d) d^2 loss/dc^2 from three brute-force losses."""
    if q >= T or beyond(T, q, head_work(T, d, q, E, times=3)):
        return None
    zero, one, two = (head_loss(*reduced(T, d, E, c), q) for c in (0, 1, 2))
    power = Fraction(2) ** E
    expected = 2 * (q * power**2 + T - q) / (q * power + T - q) ** 2
    return sp.Rational((two - 2 * one + zero) / d), sp.Rational(expected)


def _time_sides(T: int, d: int, q: int, E: int) -> tuple[Any, Any] | None:
    """dt/da of the closed form against (T-1)/(-dloss/da) at the best c, both found by brute force."""
    if q >= T or beyond(T, q, head_work(T, d, q, E, times=5)):
        return None
    value, _ = vertex(T, d, q, E)
    by_a, _ = slopes(T, d, q, E, value)
    formula = sp.diff(slow_time(T, d, q, symbols.a), symbols.a)
    return sp.Rational((T - 1) / -by_a), sp.simplify(formula.subs(symbols.a, E * sp.log(2)))


def _limit_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    """4 t loss/(T-1) at t = 10^9 from starts inside and outside the region: at most 2."""
    if q >= T or max(T, d) > current().evidence_late:
        return None
    starts = ((0.0, 0.0), (-2.0, -3.0), (3.0, 5.0), (2.0, -4.0))
    runs = [flow(T, d, q, times=[1e9], a0=a, c0=c) for a, c in starts]
    return [4e9 * float(run.loss[0]) / (T - 1) for run in runs], [2.0] * len(runs)


def _late_sides(T: int, d: int, q: int) -> tuple[Any, Any] | None:
    """The full flow of W and V at t = 10^8 against the three laws."""
    if q >= T or max(T, d) > current().evidence_flow:
        return None
    time = 1e8
    scores, values, loss = integrated(T, d, q, time)
    laws = late_times(T, d, q)
    a = (np.trace(scores) - scores.sum() / T) / (T - 1)
    terms = [law.leading and law.leading.expression for law in (laws.loss, laws.excess)]
    at = [float(sympified(e).subs(symbols.t, time)) for e in (*terms, laws.score)]
    return [loss / at[0], (values[0, 0] - 1) / at[1], a - at[2]], [1.0, 1.0, 0.0]


def derivation() -> Derivation:
    """The steps from the flow to its late laws; sizes E stand for e^a = 2^E."""
    sizes = {"T": (2, 3, 4), "d": (1, 2), "q": (1, 2, 3), "E": (0, 1, 3, 6)}
    return Derivation(
        "One attention head at late times",
        (
            Step(
                "a region that the flow does not leave",
                r"0 < c, \; c (p_{\mathrm{in}} - p_{\mathrm{out}}) < \tfrac1q: \qquad \dot a > 0",
                r"On the floor $c = 0$, $\dot c = 2 p_{\mathrm{in}} > 0$. On the roof $\dot a = 0$ and $\dot c < 0$, since $c^* (p_{\mathrm{in}} - p_{\mathrm{out}}) < 1/q$ says that "
                r"$- q p_{\mathrm{in}} p_{\mathrm{out}} < (T-q) p_{\mathrm{out}}^2$. Inside, $\dot a$ has the sign of $c\,(1/q - c (p_{\mathrm{in}} - p_{\mathrm{out}}))$.",
                sides=_region_sides,
                sizes=sizes,
                relation=">=",
            ),
            Step(
                "the limit",
                r"a \to \infty, \qquad c \to 1, \qquad \ell \to 0 \qquad (q < T)",
                r"From $(0, 0)$ the flow enters the region, where $a$ grows. Were $a$ bounded, it and $c$ would converge to a critical point; but $\partial \ell / \partial c = 0$ means $c = c^* > 0$, where "
                r"$\partial \ell / \partial a < 0$. So $a \to \infty$, $c \to \lim c^* = 1$. A start elsewhere leads into the region as well: $c$ grows while it is negative, and falls above the roof.",
                sides=_limit_sides,
                sizes={"T": (2, 3, 6), "d": (1, 3), "q": (1, 2)},
                relation="<=",
                tolerance=1e-6,
            ),
            Step(
                "the value follows the score",
                r"\frac1d \frac{\partial^2 \ell}{\partial c^2} = \frac{2 (q e^{2a} + T - q)}{(q e^a + T - q)^2} \to \frac2q",
                r"$c$ relaxes to $c^*$ at this rate, while $c^*$ moves at the rate $O(t^{-3/2})$: so $c - c^* = O(t^{-3/2})$, which changes the loss by $O(t^{-3})$ only.",
                sides=_curvature_sides,
                sizes=sizes,
            ),
            Step(
                "the slow flow",
                r"t = \frac{T-1}{4 d (T-q)} \Bigl[ q^2 (e^{2a} - 1) + 4 q (T-q) a + (T-q)^2 (1 - e^{-2a}) \Bigr]",
                r"With $c = c^*$, $\dot a = - \frac{1}{T-1} \frac{d}{da} \ell(a, c^*) = \frac{2 d (T-q) e^{2a}}{(T-1) (q e^{2a} + T - q)^2}$, which separates. "
                r"The last term is a plateau of length $(T-1)(T-q)/(4d)$, the first one wins later. Checked as $dt/da$.",
                sides=_time_sides,
                sizes=sizes,
            ),
            Step(
                "the late laws",
                r"\ell \sim \frac{T-1}{4t}, \qquad a - \frac12 \log \frac{4 d (T-q) t}{q^2 (T-1)} \to 0, \qquad "
                r"c - 1 \sim \frac12 \sqrt{\frac{(T-q)(T-1)}{d\, t}}",
                r"The first term gives $e^{2a}$; then $\ell(a, c^*) \sim \frac{d (T-q)}{q^2} e^{-2a}$ and $c^* - 1 \sim \frac{T-q}{q} e^{-a}$. "
                r"Checked on the flow of all entries of $W$ and $V$ at $t = 10^8$, where the next terms are below $10^{-3}$.",
                sides=_late_sides,
                sizes={"T": (2, 3, 4), "d": (1, 2), "q": (1, 2)},
                tolerance=1e-3,
            ),
        ),
        r"\ell(t) \sim \frac{T-1}{4t}",
    )
