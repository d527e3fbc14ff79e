r"""Several heads with one-hot positions, each in two numbers: output sum_h c_h sum_i p^h_i x_i, scores a_h.

With al_h = e^{a_h}/Z_h, be_h = 1/Z_h, Z_h = q e^{a_h} + T - q the loss is

    d [ q (sum_h c_h al_h - 1/q)^2 + (T-q) (sum_h c_h be_h)^2 ],

and Frobenius gradient flow is da_h/dt = -(1/(T-1)) dloss/da_h, dc_h/dt = -(1/d) dloss/dc_h: exact.

* Two heads with a_1 != a_2 solve the task exactly at finite weights: sum c_h be_h = 0 and sum c_h al_h = 1/q have one solution.
* From zero, or from equal starts, H heads stay equal: one head in (a, sum of c_h) with the clocks 1/(H (T-1)) and H/d, loss ~ H (T-1)/(4t):
  more heads are slower. That plane is unstable at every time, so that any asymmetry grows; the loss then falls exponentially (a law,
  checked numerically, not proved). Equal starts must not be told apart by rounding, so `identical_heads` integrates one head.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp

from symkern.bounds.selection.attention_head import attention_weights, loss_near_one
from symkern.bounds.selection.codes.random_codes import read_times
from symkern.bounds.selection.gradient_flow import integrated
from symkern.bounds.selection.selection_arguments import (
    LARGEST,
    exact_score,
    read_sizes,
    whole_sizes,
)
from symkern.claims import Claim
from symkern.doors import HeadsDoors
from symkern.errors import InvalidArgument, SizeMismatch, SymkernError
from symkern.exact.real_arguments import Floats, read_reals
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class Heads(HeadsDoors, Shown):
    """Heads with the scores ``a`` and the values ``c``: floats, as many of the one as of the other."""

    T: int
    d: int
    q: int
    a: tuple[float, ...]
    c: tuple[float, ...]

    def loss(self) -> float:
        """The population loss.

        >>> round(several_heads(6, 2, 2, [0, 1], [-1.745930121, 2.745930121]).loss(), 12)
        0.0
        """
        return float(_loss(self.T, self.d, self.q, np.array(self.a), np.array(self.c)))

    def best_values(self) -> Heads:
        """The same heads with the values c_h that are best at these scores: least squares in c (floating point).

        >>> several_heads(6, 2, 2, [0, 1], [0, 0]).best_values().loss() < 1e-28
        True
        """
        inside, outside = _weights(self.T, self.q, np.array(self.a))
        rows = np.array([np.sqrt(self.q) * inside, np.sqrt(self.T - self.q) * outside])
        target = np.array([1 / np.sqrt(self.q), 0.0])
        found = np.linalg.lstsq(rows, target, rcond=None)[0]
        return Heads(self.T, self.d, self.q, self.a, tuple(map(float, found)))

    def flow(self, times: Iterable[float] | float) -> HeadsFlow:
        """Population gradient flow from here, at times that do not decrease (floating point).

        Args:
            times: one or more, from 0 on, that do not decrease.

        Raises:
            InvalidArgument: times that decrease or are negative.
        """
        run = HeadsFlow(self, read_times(times))
        with within_time("this flow", "fewer heads and earlier times take less"):
            run.loss  # noqa: B018  integrate now, so that a failure is raised here
        return run

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("several heads")


@dataclass(frozen=True)
@typed
class HeadsFlow(Shown):
    """``heads`` trained by population gradient flow, at ``times``; ``a`` and ``c`` are arrays of shape (times, heads), read-only."""

    heads: Heads
    times: tuple[float, ...]

    @cached_property
    def _solution(self) -> tuple[Floats, Floats]:
        found = _integrated(self.heads, np.array(self.times))
        for array in found:
            array.setflags(write=False)
        return found

    @property
    def a(self) -> Floats:
        """The scores."""
        return self._solution[0]

    @property
    def c(self) -> Floats:
        """The values."""
        return self._solution[1]

    @property
    def loss(self) -> Floats:
        """The population loss."""
        h = self.heads
        return np.array([_loss(h.T, h.d, h.q, a, c) for a, c in zip(self.a, self.c, strict=True)])


def several_heads(T: object, d: object, q: object, a: object, c: object) -> Heads:
    """Heads with scores a_1, a_2, ... and values c_1, c_2, ..., floats.

    Args:
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer from 1 to T.
        a: the scores, between 1 and 1000 numbers, as ``heads`` of `symkern.limits` says.
        c: the values, as many.

    Raises:
        SizeMismatch: not as many values as scores.
        InvalidArgument: sizes or numbers out of range.
    """
    total, dimension, chosen = _sizes(T, d, q)
    scores, values = read_reals(a, "a").ravel(), read_reals(c, "c").ravel()
    if len(scores) != len(values):
        raise SizeMismatch(
            "c", f"must hold {len(scores)} numbers, as a does", f"it holds {len(values)}"
        )
    if not 1 <= len(scores) <= current().heads:
        raise InvalidArgument(
            "a", f"must hold between 1 and {current().heads} numbers", f"it holds {len(scores)}"
        )
    limits = current()
    for name, given, most in (("a", scores, limits.flow_start), ("c", values, limits.flow_value)):
        if np.abs(given).max() > most:
            raise InvalidArgument(name, f"must be at most {most:g} in size", "an entry is larger")
    return Heads(total, dimension, chosen, tuple(map(float, scores)), tuple(map(float, values)))


def two_heads(T: object, q: object, a: object, b: object) -> tuple[sp.Expr, sp.Expr]:
    """The values (c_1, c_2) with which two heads of scores a != b solve the task exactly: loss 0 at finite weights, for q < T.

    c_1 = -Z_a/(q (e^b - e^a)), c_2 = Z_b/(q (e^b - e^a)), Z_x = q e^x + T - q; their sum is 1.

    Args:
        T: the number of tokens, at least 2.
        q: how many tokens are selected, at least 1 and below T.
        a: the score of the first head, exact.
        b: that of the second, another one.

    Raises:
        InvalidArgument: equal scores, or sizes out of range.

    >>> [round(float(x), 9) for x in two_heads(6, 2, 0, 1)]
    [-1.745930121, 2.745930121]
    """
    first, second = exact_score(a), exact_score(b)
    if (first - second).is_zero or first == second:
        raise InvalidArgument("b", "must differ from a", f"both are {first}")
    (_, below_a), (_, below_b) = attention_weights(T, q, first), attention_weights(T, q, second)
    _, _, chosen = read_sizes(T, 1, q)
    apart = chosen * (sp.exp(second) - sp.exp(first))
    return -1 / (below_a * apart), 1 / (below_b * apart)


def identical_heads(
    T: object, d: object, q: object, H: object, times: Iterable[float] | float
) -> tuple[Floats, Floats, Floats]:
    """(a, sum of c_h, loss) of H heads trained from zero, which stay equal: arrays over the times (floating point).

    Args:
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer from 1 to T.
        H: the number of heads, an integer of at least 1.
        times: one or more, from 0 on, that do not decrease.

    Raises:
        InvalidArgument: numbers out of range, or times that decrease.

    >>> a, c, loss = identical_heads(6, 2, 2, 4, [10])
    >>> round(float(loss[0]), 7)
    0.5650356
    """
    total, dimension, chosen = _sizes(T, d, q)
    many = read_integer(H, "H", 1, current().heads)
    moments = np.array(read_times(times))
    # In the time H t the values have the clock 1/d, and the scores 1/(H^2 (T-1)).
    if chosen == total:
        a, excess = np.zeros_like(moments), -np.exp(-2 * many * moments / total)
    else:
        with within_time("this flow", "smaller sizes and earlier times take less"):
            a, excess = integrated(
                total, dimension, chosen, many * moments, 0.0, 0.0, pace=1 / many**2
            )
    return a, 1 + excess, loss_near_one(total, dimension, chosen, a, excess)


def _sizes(T: object, d: object, q: object) -> tuple[int, int, int]:
    total, dimension, chosen = whole_sizes(T, d, q)
    for name, size in (("T", total), ("d", dimension)):
        if size > LARGEST:
            raise InvalidArgument(name, "must be at most 10^300", "it is larger")
    return total, dimension, chosen


def _weights(T: int, q: int, a: Floats) -> tuple[Floats, Floats]:
    inside, outside = np.exp(np.minimum(a, 0.0)), np.exp(-np.maximum(a, 0.0))
    whole = q * inside + (T - q) * outside
    return inside / whole, outside / whole


def _loss(T: int, d: int, q: int, a: Floats, c: Floats) -> float:
    inside, outside = _weights(T, q, a)
    return float(d * (q * (c @ inside - 1 / q) ** 2 + (T - q) * (c @ outside) ** 2))


def _integrated(heads: Heads, times: Floats) -> tuple[Floats, Floats]:
    from scipy.integrate import solve_ivp

    T, d, q, many = heads.T, heads.d, heads.q, len(heads.a)

    def rates(log_time: float, state: Floats) -> Floats:
        check_time()
        a, c = state[:many], state[many:]
        inside, outside = _weights(T, q, a)
        missed, strayed = c @ inside - 1 / q, c @ outside
        # al' = (T-q) al be and be' = -q al be
        by_a = 2 * d * q * (T - q) * c * inside * outside * (missed - strayed)
        by_c = 2 * d * (q * inside * missed + (T - q) * outside * strayed)
        return float(np.exp(log_time)) * -np.concatenate([by_a / (T - 1), by_c / d])

    clock, place = np.unique(np.log1p(times), return_inverse=True)
    start = np.array([*heads.a, *heads.c])
    states = start[:, None]
    if clock[-1] > 0:
        found = solve_ivp(rates, (0.0, float(clock[-1])), start, method="LSODA", t_eval=clock, rtol=1e-11, atol=1e-13)  # fmt: skip
        if not found.success:
            raise SymkernError(f"flow: the integration stopped ({found.message})")
        states = found.y
    states = states[:, place].T
    return states[:, :many].copy(), states[:, many:].copy()
