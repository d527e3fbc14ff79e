"""The derivation of the loss at one-hot positions that were never trained."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from symkern.bounds.selection.codes.unseen_positions import unseen_positions
from symkern.claims import Derivation, Step, reference
from symkern.derivations.selection.brute_force import (
    beyond,
    head_loss,
    head_work,
    identity,
    indicators,
)


def _grown(T: int, T1: int, exponent: int) -> list[list[Fraction]]:
    """W = a (I - J/T) on the first T positions and zero beyond, e^a = 2^(T exponent): the scores are whole."""
    return [
        [
            Fraction(exponent * (T * (i == j) - 1)) if i < T and j < T else Fraction(0)
            for j in range(T1)
        ]
        for i in range(T1)
    ]


def _loss_sides(T: int, d: int, q: int, T1: int, E: int) -> tuple[Any, Any] | None:
    if q > T or T1 < T or beyond(T1, q, head_work(T1, d, q, E * T, times=2)):
        return None
    found, expected = [], []
    for c in (Fraction(1), Fraction(11, 10)):
        found.append(sp.Rational(head_loss(_grown(T, T1, E), identity(d, c), q)))
        value = sp.Rational(c.numerator, c.denominator)
        expected.append(unseen_positions(T, d, q, T1, E * T * sp.log(2), value))
    return found, expected


def _limit_sides(T: int, q: int, T1: int) -> tuple[Any, Any] | None:
    """The mean over all sets of the loss of all weight on the old selected tokens, or on all tokens where there is none."""
    if q > T - 1 or T1 < T or beyond(T1, q, T1):
        return None
    total = Fraction(0)
    sets = indicators(T1, q)
    for y in sets:
        old = sum(y[:T])
        total += Fraction(1, old) - Fraction(1, q) if old else Fraction(1, q) - Fraction(1, T1)
    return sp.Rational(total / len(sets)), unseen_positions(T, 1, q, T1)


def derivation() -> Derivation:
    """The steps from the trained W to the mean over the number of old tokens."""
    sizes = {"T": (3, 4), "q": (1, 2, 3), "T1": (4, 6)}
    return Derivation(
        "One-hot codes at new positions",
        (
            Step(
                "the scores",
                r"a\Bigl(1 - \frac kT\Bigr) \text{ (old, selected)}, \quad 0 \text{ (new)}, \quad -\frac{a k}{T} \text{ (old, not selected)}",
                r"Rows and columns of new positions were never trained and are zero; $k$ of the $q$ selected positions are old.",
                reference("wang2024"),
                sides=_loss_sides,
                sizes={**sizes, "d": (1, 2), "E": (0, 1, 2)},
            ),
            Step(
                "long training",
                r"\ell \to d \Bigl( \mathbb E\Bigl[\frac1k - \frac1q;\ k \geq 1\Bigr] + P(k = 0) \Bigl(\frac1q - \frac1{T_1}\Bigr) \Bigr)",
                r"All weight falls on the $k$ old ones; without any, every score is $0$. $k$ is hypergeometric; $q < T$.",
                sides=_limit_sides,
                sizes=sizes,
            ),
        ),
        r"\ell \to d \Bigl( \mathbb E\Bigl[\frac1k - \frac1q;\ k \geq 1\Bigr] + P(k = 0) \Bigl(\frac1q - \frac1{T_1}\Bigr) \Bigr)",
    )
