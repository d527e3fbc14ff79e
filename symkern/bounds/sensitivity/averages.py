"""The mean of the entries, the family with more than two values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import n as SIZE
from symkern.bounds.sensitivity.families import ONE, Family, Size, require_input
from symkern.errors import InvalidArgument, InvalidType
from symkern.exact.asymptotics import Leading


@dataclass(frozen=True)
class Mean(Family):
    """(x_0 + ... + x_{n-1})/n."""

    name = "mean"
    limit = sp.S.Zero

    def __repr__(self) -> str:
        return "mean()"

    def __call__(self, x: Any) -> Any:
        """The mean of one input, a `Fraction`; raises `InvalidArgument` for an array."""
        if isinstance(x, np.ndarray):
            rule = "must be one input: the mean is a fraction"
            raise InvalidArgument("x", rule, "it is an array")
        require_input(x)
        try:
            return Fraction(sum(x), len(x))
        except TypeError:
            raise InvalidType("x", "must be an input of signs +1 and -1", x) from None

    def _average(self, n: Size) -> sp.Expr:
        return ONE / n

    def _mean_square(self, n: Size) -> sp.Expr:
        return ONE / n

    def _influence(self, n: Size) -> Mapping[int | str, sp.Expr]:
        return {"other": ONE / (ONE * n) ** 2}

    def _weight(self, d: int, n: Size) -> sp.Expr:
        return ONE / n if d == 1 else sp.S.Zero

    def _degrees(self, n: Size) -> tuple[Size, ...]:
        return (1,)

    def _profile(self, n: Size) -> tuple[tuple[Size, sp.Expr], ...]:
        if n == 1:
            return ((1, sp.Integer(2)),)
        raise InvalidArgument(
            "f", "must have at most two values to have a sensitivity profile", "the mean has n + 1"
        )

    def leading(self) -> Leading | None:
        """1/n."""
        return Leading(sp.S.NegativeOne, ONE, SIZE)


def mean() -> Mean:
    """The mean of the entries.

    >>> mean().average(SIZE)
    1/n
    """
    return Mean()
