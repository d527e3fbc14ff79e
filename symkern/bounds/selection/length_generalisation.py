r"""The attention head at another length: trained at T, tested at T1, the same q.

With the encodings extended, W = a I + b J on T1 positions, the head is the same two numbers, since J adds a constant to all
scores: its error is the loss of `attention_head` at T1. In tau = (T1-q)/(q e^a), the weight that the others draw compared to the selected,

    loss(T1) = (d/q) [ (c/(1+tau) - 1)^2 + c^2 e^{-a} tau/(1+tau)^2 ].

* T1 -> oo at fixed (a, c): loss -> d/q, the squared norm of the target: all is lost.
  loss = d/q - d c (2 e^a - c)/T1 + O(1/T1^2).
* t -> oo at fixed T1: loss ~ (T-1)/(4t) x [q (T1-q) + (T1-T)^2]/(q (T-q)), so the price of another length is quadratic in it.
* T1 and t -> oo together: loss -> (d/q)(tau/(1+tau))^2, and tau = 1 at T1 ~ q e^a ~ sqrt(4 d (T-q) t/(T-1)): training time t buys
  a length of order sqrt(t).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.bounds.selection import symbols
from symkern.bounds.selection.attention_head import (
    exact_best_value,
    exact_loss,
    floating_best_value,
    floating_loss,
)
from symkern.bounds.selection.late_times import late_times
from symkern.bounds.selection.selection_arguments import evaluate, exact_score, read_sizes
from symkern.claims import Claim, ScalingLaw, Standing
from symkern.doors import LengthGeneralisationDoors
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_expression
from symkern.exact.asymptotics import Leading
from symkern.reading.annotated import typed
from symkern.typeset.shown import Shown


def trained_loss(
    T: object = symbols.T,
    d: object = symbols.d,
    q: object = symbols.q,
    T1: object = symbols.T1,
    a: object = symbols.a,
) -> Any:
    """The error at length T1 of the head with score a and the value c that is best for it at length T.

    At T1 = T it is `best_loss`.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, at most T and T1.
        T1: the length of the new sequences, at least q.
        a: the score: exact, a symbol or a float; arrays broadcast.

    >>> trained_loss(6, 2, 2, 12, 0), trained_loss(6, 2, 2, 6, 0)
    (5/6, 2/3)
    """
    return evaluate(_exact_trained, _floating_trained, {"T": T, "d": d, "q": q, "T1": T1}, {"a": a})


def _exact_trained(T: object, d: object, q: object, T1: object, a: object) -> sp.Expr:
    read_sizes(T, d, q)
    read_sizes(T1, d, q, "T1")
    return exact_loss(T1, d, q, a, exact_best_value(T, q, a))


def _floating_trained(T: Any, d: Any, q: Any, T1: Any, a: Any) -> Any:
    return floating_loss(T1, d, q, a, floating_best_value(T, q, a))


@dataclass(frozen=True)
@typed
class LengthGeneralisation(LengthGeneralisationDoors, Shown):
    """The error at T1 of a head trained at T, and its limits; sizes as given."""

    T: sp.Expr
    d: sp.Expr
    q: sp.Expr
    T1: sp.Expr

    @property
    def formula(self) -> sp.Expr:
        """The error of the head (a, c): (d/q) [(c/(1+tau) - 1)^2 + c^2 e^{-a} tau/(1+tau)^2]."""
        return self.loss(symbols.a, symbols.c)

    def loss(self, a: object, c: object) -> Any:
        """The error of the head (a, c), in the form of `formula`; floats in, floats out.

        Args:
            a: the score: exact, a symbol or a float.
            c: the value: exact, a symbol or a float.
        """
        return evaluate(self._at, self._floating, {}, {"a": a, "c": c})

    def _floating(self, a: Any, c: Any) -> Any:
        sizes: list[float] = []
        for name in ("T1", "d", "q"):
            size = getattr(self, name)
            if not size.is_number:
                rule = "must be a number where a or c is a float"
                raise InvalidArgument(name, rule, f"it is {displayed(size)}")
            sizes.append(float(size))
        length, dimension, chosen = sizes
        return floating_loss(length, dimension, chosen, a, c)

    def _at(self, a: object, c: object) -> sp.Expr:
        score, value = exact_score(a), exact_expression(c, "c")
        tau = (self.T1 - self.q) / (self.q * sp.exp(score))
        strayed = value**2 * sp.exp(-score) * tau / (1 + tau) ** 2
        return (self.d / self.q) * ((value / (1 + tau) - 1) ** 2 + strayed)

    @property
    def far(self) -> sp.Expr:
        """The limit of a fixed head as T1 grows, d/q."""
        return self.d / self.q

    @property
    def gain(self) -> ScalingLaw:
        """How far below d/q a fixed head stays: d c (2 e^a - c)/T1 to leading order."""
        coefficient = self.d * symbols.c * (2 * sp.exp(symbols.a) - symbols.c)
        return self._law("d/q - loss", Leading(sp.Integer(-1), coefficient, symbols.T1))

    @property
    def ratio(self) -> sp.Expr:
        """The late error at T1 over the late error at T: [q (T1-q) + (T1-T)^2]/(q (T-q)); needs q < T."""
        laws = late_times(self.T, self.d, self.q)
        top = self.q * (self.T1 - laws.q) + (self.T1 - laws.T) ** 2
        return top / (laws.q * (laws.T - laws.q))

    @property
    def late(self) -> ScalingLaw:
        """The late error at T1, (T-1)/(4t) times `ratio`."""
        return self._law("loss", Leading(sp.Integer(-1), (self.T - 1) / 4 * self.ratio, symbols.t))

    @property
    def reach(self) -> ScalingLaw:
        """The length at which a quarter of d/q is lost, sqrt(4 d (T-q) t/(T-1)) at late times."""
        coefficient = sp.sqrt(4 * self.d * (self.T - self.q) / (self.T - 1))
        late_times(self.T, self.d, self.q)  # needs q < T
        return self._law("T1", Leading(sp.Rational(1, 2), coefficient, symbols.t))

    def _law(self, quantity: str, term: Leading) -> ScalingLaw:
        return ScalingLaw(quantity, None, term, {}, Standing.PROVED, claim=self.claim)

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("attention head at another length")


def length_generalisation(
    T: object = symbols.T, d: object = symbols.d, q: object = symbols.q, T1: object = symbols.T1
) -> LengthGeneralisation:
    """What a head trained at length T does at length T1, as formulas.

    Args:
        T: the number of tokens, at least 2.
        d: the dimension of a token, at least 1.
        q: how many tokens are selected, at most T and T1.
        T1: the length of the new sequences, at least q.

    Raises:
        InvalidArgument: sizes that break T >= 2, T1 >= 2, d >= 1, 1 <= q <= min(T, T1).

    >>> found = length_generalisation()
    >>> found.ratio
    (q*(T1 - q) + (-T + T1)**2)/(q*(T - q))
    >>> found.far, found.reach.exponent
    (d/q, 1/2)
    >>> length_generalisation(6, 2, 2, 12).loss(0, 1)
    5/6
    """
    total, dimension, chosen = read_sizes(T, d, q)
    longer, _, _ = read_sizes(T1, dimension, chosen, "T1")
    return LengthGeneralisation(total, dimension, chosen, longer)
