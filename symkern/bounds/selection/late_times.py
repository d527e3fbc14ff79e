r"""How the attention head learns at late times, and how long it waits before.

For q < T the loss has no critical point at finite (a, c), and the flow from (0, 0) keeps c > 0 and c (p_in - p_out) < 1/q, where a
grows. So a grows without bound, c tends to 1 and the loss to 0. With c at its best value, which it reaches ever
faster than a moves, the loss is (d/q)(T-q)/(q e^{2a} + T - q), and its flow in a is solved by

    t = (T-1)/(4 d (T-q)) [q^2 (e^{2a} - 1) + 4 q (T-q) a + (T-q)^2 (1 - e^{-2a})].

The last term is a plateau of length (T-1)(T-q)/(4d), about T^2/(4d): the head cannot tell the selected tokens before that. The
first one gives the late laws

    loss ~ (T-1)/(4t),   a ~ (1/2) log(4 d (T-q) t/(q^2 (T-1))),   c - 1 ~ (1/2) sqrt((T-q)(T-1)/(d t)),

with relative corrections of order log(t)/t, plateau/t among them. At q = T nothing is to be selected: a stays, and c - 1 = (c0 - 1) e^{-2t/T}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection import symbols
from symkern.bounds.selection.selection_arguments import evaluate, exact_score, read_sizes
from symkern.claims import Claim, ScalingLaw, Standing
from symkern.doors import LateTimesDoors
from symkern.errors import InvalidArgument, displayed
from symkern.exact.asymptotics import Leading
from symkern.reading.annotated import typed
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class LateTimes(LateTimesDoors, Shown):
    """The late laws of the head at sizes T, d, q, in the time t of `symbols`."""

    T: sp.Expr
    d: sp.Expr
    q: sp.Expr

    @property
    def loss(self) -> ScalingLaw:
        """loss ~ (T-1)/(4t), whatever d and q are."""
        return self._law("loss", -1, (self.T - 1) / 4)

    @property
    def excess(self) -> ScalingLaw:
        """c - 1 ~ (1/2) sqrt((T-q)(T-1)/d) t^(-1/2)."""
        coefficient = sp.sqrt((self.T - self.q) * (self.T - 1) / self.d) / 2
        return self._law("c - 1", sp.Rational(-1, 2), coefficient)

    @property
    def score(self) -> sp.Expr:
        """a ~ (1/2) log(4 d (T-q) t/(q^2 (T-1))): the difference tends to 0."""
        growth = 4 * self.d * (self.T - self.q) / (self.q**2 * (self.T - 1))
        return sp.log(growth * symbols.t) / 2

    @property
    def plateau(self) -> sp.Expr:
        """The time (T-1)(T-q)/(4d) for which the loss stays near d/q; the late laws hold well beyond it."""
        return (self.T - 1) * (self.T - self.q) / (4 * self.d)

    @property
    def limit(self) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """Where (a, c, loss) go: (oo, 1, 0)."""
        return sp.oo, sp.Integer(1), sp.Integer(0)

    def _law(self, quantity: str, exponent: Any, coefficient: sp.Expr) -> ScalingLaw:
        term = Leading(sp.Rational(exponent), coefficient, symbols.t)
        return ScalingLaw(quantity, None, term, {}, Standing.PROVED, claim=self.claim)

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("late times of an attention head")


def late_times(T: object = symbols.T, d: object = symbols.d, q: object = symbols.q) -> LateTimes:
    """The late laws of the attention head.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, at least 1 and below T.

    Raises:
        InvalidArgument: sizes out of range, or q = T, where the loss decays exponentially.

    >>> laws = late_times()
    >>> print(laws.loss), print(laws.excess)
    loss ~ (T - 1)/(4*t)  (proved)
    c - 1 ~ sqrt((T - q)*(T - 1)/(d*t))/2  (proved)
    (None, None)
    >>> late_times(6, 2, 2).score
    log(8*t/5)/2
    >>> late_times(2, 1, 2)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: q: must be below T = 2 for the late laws (at q = T the loss decays exponentially), but it is 2
    """
    total, dimension, chosen = read_sizes(T, d, q)
    if total == chosen:
        rule = (
            f"must be below T = {total} for the late laws (at q = T the loss decays exponentially)"
        )
        raise InvalidArgument("q", rule, f"it is {displayed(chosen)}")
    return LateTimes(total, dimension, chosen)


def slow_time(
    T: object = symbols.T, d: object = symbols.d, q: object = symbols.q, a: object = symbols.a
) -> Any:
    """The time at which the head that starts at a = 0 and keeps c at its best value reaches ``a``.

    It is the limit of a value matrix that learns much faster than the scores, and close to the true flow where T is large compared to d.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, at least 1 and below T.
        a: the score: exact, a symbol or a float.

    Returns:
        Exact for exact numbers, a float for a float.

    Raises:
        InvalidArgument: sizes out of range, or q = T.

    >>> slow_time(6, 2, 2, 0)
    0
    >>> slow_time(6, 2, 2, "sqrt(2)*0") == 0 == slow_time(6, 2, 2, 0.0)
    True
    """
    return evaluate(_exact_time, _floating_time, {"T": T, "d": d, "q": q}, {"a": a})


def _exact_time(T: object, d: object, q: object, a: object) -> sp.Expr:
    laws = late_times(T, d, q)
    others, score = laws.T - laws.q, exact_score(a)
    inner = laws.q**2 * (sp.exp(2 * score) - 1) + 4 * laws.q * others * score
    inner += others**2 * (1 - sp.exp(-2 * score))
    return (laws.T - 1) / (4 * laws.d * others) * inner


def _floating_time(T: Any, d: Any, q: Any, a: Any) -> Any:
    if np.any(q == T):
        raise InvalidArgument("q", "must be below T for the slow flow", "it is T")
    others = T - q
    inner = q**2 * np.expm1(2 * a) + 4 * q * others * a - others**2 * np.expm1(-2 * a)
    return (T - 1) / (4 * d * others) * inner
