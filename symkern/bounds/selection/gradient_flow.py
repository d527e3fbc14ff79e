r"""The population gradient flow of the attention head, in two numbers (floating point).

    da/dt = -(1/(T-1)) dloss/da,   dc/dt = -(1/d) dloss/dc,

the Frobenius gradient flow of W = a (I - J/T), whose squared norm is (T-1) a^2, and of V = c I, of squared norm d c^2. It is
integrated in the time log(1+t), in the variables a and g = (c-1)(1+e^a), which stay of order one when c - 1 falls like
t^(-1/2), by LSODA (Petzold 1983, SIAM J. Sci. Stat. Comput. 4) at relative tolerance 1e-12, or where it comes
to a standstill at 1e-11, and by Radau's method should that fail as well. At q = T the solution is written down: a stays and c - 1
falls like e^{-2t/T}.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import sympy as sp

from symkern.bounds.selection.attention_head import loss_near_one
from symkern.bounds.selection.late_times import LateTimes, late_times
from symkern.bounds.selection.selection_arguments import LARGEST, read_size, whole_sizes
from symkern.claims import Claim
from symkern.doors import FlowDoors
from symkern.errors import InvalidArgument, InvalidType, SymkernError, displayed
from symkern.exact.real_arguments import read_real, read_real_row
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown

#: What LSODA is asked for per step; a and the loss were measured to agree to 1e-9 with runs at other tolerances and by other methods.
RELATIVE_TOLERANCE = 1e-12
_ABSOLUTE_TOLERANCE = 1e-13
#: About one start in seventy brings LSODA to a standstill at the first tolerance, late in the flow.
_ATTEMPTS = (("LSODA", RELATIVE_TOLERANCE), ("LSODA", 1e-11), ("Radau", 1e-11))
_POINTS = 200
#: Filters of warnings are those of the whole process: two threads that changed them at once would leave each other's behind.
_FILTERS = Lock()


@dataclass(frozen=True)
@typed
class Flow(FlowDoors, Shown):
    """A trajectory (a, c, loss) at ``times``, started at (``a0``, ``c0``); floats, arrays read-only.

    >>> run = flow(6, 2, 2, times=[0, 10, 1e6])
    >>> run.loss.round(9).tolist()
    [1.0, 0.351535466, 1.25e-06]
    """

    T: int
    d: int
    q: int
    times: tuple[float, ...]
    a0: float = 0.0
    c0: float = 0.0

    @cached_property
    def _solution(self) -> tuple[np.ndarray, np.ndarray]:
        """a and c - 1."""
        times = np.array(self.times)
        if self.q == self.T:
            excess = (self.c0 - 1.0) * np.exp(-2.0 * times / self.T)
            return _frozen(np.full_like(times, self.a0)), _frozen(excess)
        return integrated(self.T, self.d, self.q, times, self.a0, self.c0)

    @property
    def t(self) -> np.ndarray:
        """The times."""
        return _frozen(np.array(self.times))

    @property
    def a(self) -> np.ndarray:
        """The score a(t)."""
        return self._solution[0]

    @property
    def excess(self) -> np.ndarray:
        """c(t) - 1, with all its digits where c is close to 1."""
        return self._solution[1]

    @property
    def c(self) -> np.ndarray:
        """The value c(t)."""
        return _frozen(1.0 + self.excess)

    @property
    def loss(self) -> np.ndarray:
        """The population loss along the trajectory."""
        return self.loss_at(self.T)

    def loss_at(self, T1: object) -> np.ndarray:
        """The loss of the same (a, c) at sequences of length T1 >= q: length generalisation.

        Args:
            T1: an integer from q to 10^300.

        Raises:
            InvalidArgument: it is out of range.
            InvalidType: it is a symbol.
        """
        length = read_size(T1, "T1")
        if not isinstance(length, int):
            raise InvalidType("T1", "must be an integer here", T1)
        if length > LARGEST:
            raise InvalidArgument("T1", "must be at most 10^300", f"it is {displayed(length)}")
        if length < self.q:
            raise InvalidArgument(
                "T1", f"must be at least q = {self.q}", f"it is {displayed(length)}"
            )
        return _frozen(loss_near_one(length, self.d, self.q, self.a, self.excess))

    @property
    def limit(self) -> tuple[Any, Any, Any]:
        """Where (a, c, loss) go as t grows: (oo, 1, 0) from every start; at q = T, (a0, 1, 0)."""
        if self.q == self.T:
            return self.a0, sp.Integer(1), sp.Integer(0)
        return self.late.limit

    @property
    def late(self) -> LateTimes:
        """The late laws; they need q < T."""
        return late_times(self.T, self.d, self.q)

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("reduction of an attention head")

    def __len__(self) -> int:
        return len(self.times)


def flow(
    T: object,
    d: object,
    q: object,
    times: Iterable[float] | np.ndarray | float | None = None,
    *,
    until: float | None = None,
    points: int = _POINTS,
    a0: float = 0.0,
    c0: float = 0.0,
) -> Flow:
    """Train one attention head by population gradient flow: a, c and the loss at the times asked for.

    Args:
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer from 1 to T.
        times: one or more, from 0 on, that do not decrease; up to 1e30.
        until: in their place, the last time: 0 and ``points`` times that grow geometrically up to it.
        points: how many these are, at least 2.
        a0: the score at the start, at most 300 in size.
        c0: the value at the start.

    Returns:
        A `Flow` in floating point, at relative tolerance 1e-12 or 1e-11.

    Raises:
        InvalidArgument: both or neither of ``times`` and ``until``, negative or disordered times, a start out of range.

    >>> run = flow(6, 2, 2, until=1e12)
    >>> len(run), bool(abs(run.loss[-1] / (5 / 4e12) - 1) < 1e-9)
    (201, True)
    >>> run.limit
    (oo, 1, 0)
    """
    total, dimension, chosen = whole_sizes(T, d, q)
    for name, given_size in (("T", total), ("d", dimension)):
        if given_size > LARGEST:
            raise InvalidArgument(name, "must be at most 10^300", f"it is {displayed(given_size)}")
    if (times is None) == (until is None):
        raise InvalidArgument(
            "times", "must be given, or until, not both", "both are" if times is not None else "neither is"
        )  # fmt: skip
    limits = current()
    if until is not None:
        last = read_real(until, "until")
        if not 0 < last <= limits.flow_time:
            rule = f"must be above 0 and at most {limits.flow_time:g}"
            raise InvalidArgument("until", rule, f"it is {displayed(until)}")
        number = read_integer(points, "points", 2, limits.flow_points)
        moments = np.concatenate([[0.0], np.geomspace(min(1e-2, last / 1e3), last, number)])
    else:
        moments = read_real_row(times, "times", "times")
    outside = moments.min() < 0 or moments.max() > limits.flow_time
    if outside or np.any(np.diff(moments) < 0):
        wrong = "one is outside" if outside else "they decrease"
        raise InvalidArgument("times", f"must grow from 0 on, up to {limits.flow_time:g}", wrong)
    start, value = read_real(a0, "a0"), read_real(c0, "c0")
    for name, size, most in (("a0", start, limits.flow_start), ("c0", value, limits.flow_value)):
        if abs(size) > most:
            given = a0 if name == "a0" else c0
            raise InvalidArgument(
                name, f"must be at most {most:g} in size", f"it is {displayed(given)}"
            )
    run = Flow(total, dimension, chosen, tuple(map(float, moments)), float(start), float(value))
    with within_time("this flow", "smaller sizes and earlier times take less"):
        run.loss  # noqa: B018  integrate now, so that a failure is raised here
    return run


def _frozen(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def _rates(T: int, d: int, q: int, a: float, g: float, pace: float = 1.0) -> tuple[float, float]:
    """da/dt and dg/dt, g = (c-1)(1+e^a); all exponentials are divided by max(e^a, 1)."""
    inside, outside = np.exp(min(a, 0.0)), np.exp(-max(a, 0.0))
    others = T - q
    whole = q * inside + others * outside
    ratio = g / (inside + outside)  # (c-1)/outside
    c = 1.0 + ratio * outside
    missed = q * ratio * inside - others  # q Z (c p_in - 1/q)/outside
    rate = (
        -2.0 * pace * d * others / (T - 1) * c * inside * outside**2 * (missed - c * q) / whole**3
    )
    pull = -2.0 * (inside * missed + others * c * outside) / whole**2  # (dc/dt)/outside
    return rate, pull * (inside + outside) + ratio * inside * rate


def integrated(
    T: int, d: int, q: int, times: np.ndarray, a0: float, c0: float, pace: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """a and c - 1 at the times, for q < T; the scores learn ``pace`` times as fast as in the flow of one head on one-hot positions."""
    from scipy.integrate import solve_ivp

    clock, place = np.unique(np.log1p(times), return_inverse=True)

    def slope(clock: float, state: np.ndarray) -> list[float]:
        check_time()
        speed = np.exp(clock)
        rate, growth = _rates(T, d, q, float(state[0]), float(state[1]), pace)
        return [speed * rate, speed * growth]

    start = [a0, (c0 - 1.0) * (1.0 + np.exp(a0))]
    if clock[-1] == 0.0:
        states = np.array([start]).T
    else:
        span = (0.0, float(clock[-1]))
        options: dict[str, Any] = {"t_eval": clock, "atol": _ABSOLUTE_TOLERANCE}
        for method, tolerance in _ATTEMPTS:
            with _FILTERS, warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                found = solve_ivp(slope, span, start, method=method, rtol=tolerance, **options)
            if found.success and np.all(np.isfinite(found.y)):
                break
        else:
            raise SymkernError(f"flow: the integration stopped ({found.message})")
        states = found.y
    score, g = states[0][place], states[1][place]
    inside, outside = np.exp(np.minimum(score, 0.0)), np.exp(-np.maximum(score, 0.0))
    return _frozen(score), _frozen(g * outside / (inside + outside))
