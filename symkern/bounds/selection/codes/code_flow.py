r"""Gradient flow of a head in two numbers whose loss is known by its averages (floating point).

With c = 1 + e the loss is d (alpha e^2 - 2 beta e + gamma), alpha, beta, gamma functions of the score a; the flow from zero is

    da/dt = -(1/m) dloss/da,   dc/dt = -(1/d) dloss/dc,

since |a I_m|^2 = m a^2. The functions are interpolated between Chebyshev nodes by the logarithms of positive averages, until the
coefficients have fallen below 1e-9, and the flow is integrated in the time log(1+t) by LSODA at relative tolerance 1e-11.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.polynomial.chebyshev import Chebyshev, chebfit

from symkern.errors import SymkernError
from symkern.exact.real_arguments import Floats
from symkern.limits import check_time

#: The logarithms of positive averages at a, and (alpha, beta, gamma) with their slopes from those and theirs.
Averages = Callable[[float], Floats]
Combined = Callable[[Floats, Floats], tuple[Floats, Floats]]

_TOLERANCE = 1e-11


def integrated_head(
    averages: Averages, combined: Combined, m: int, d: int, times: Floats, reach: float
) -> tuple[Floats, Floats]:
    """a and c - 1 at the times; ``reach`` is a first guess of how large a becomes."""
    clock, place = np.unique(np.log1p(times), return_inverse=True)
    while True:
        table = _table(averages, reach)
        states = _states(table, combined, m, d, clock, reach)
        if states is not None:
            return states[0][place], states[1][place]
        reach *= 1.7


def _table(averages: Averages, reach: float) -> Any:
    """The interpolant on [0, reach], and its slope; the nodes of one degree are among those of the next."""
    known: dict[float, Floats] = {}
    for degree in (16, 32, 64):
        points = np.cos(np.pi * np.arange(degree + 1) / degree)
        for x in map(float, points):
            if x not in known:
                known[x] = averages(max(reach * (1 + x) / 2, 0.0))
        series = chebfit(points, np.array([known[float(x)] for x in points]), degree)
        sizes = np.abs(series)
        if np.all(sizes[-3:].max(axis=0) <= 1e-9 * (1 + sizes.max(axis=0))):
            break
    columns = [Chebyshev(column, domain=[0.0, reach]) for column in series.T]
    return columns, [column.deriv() for column in columns]


def _states(
    table: Any, combined: Combined, m: int, d: int, clock: Floats, reach: float
) -> tuple[Floats, Floats] | None:
    from scipy.integrate import solve_ivp

    columns, slopes = table

    def rates(log_time: float, state: Floats) -> list[float]:
        check_time()
        a, e = float(state[0]), float(state[1])
        a = min(max(a, 0.0), reach)
        values = np.array([column(a) for column in columns])
        (alpha, beta, _), (d_alpha, d_beta, d_gamma) = combined(
            values, np.array([slope(a) for slope in slopes])
        )
        pace = float(np.exp(log_time))
        by_a = d * (d_alpha * e * e - 2 * d_beta * e + d_gamma)
        return [-pace * by_a / m, -2 * pace * (alpha * e - beta)]

    if clock[-1] == 0.0:
        return np.zeros(len(clock)), np.full(len(clock), -1.0)
    found = solve_ivp(
        rates, (0.0, float(clock[-1])), [0.0, -1.0], method="LSODA", t_eval=clock, rtol=_TOLERANCE, atol=1e-13
    )  # fmt: skip
    if not found.success or not np.all(np.isfinite(found.y)):
        raise SymkernError(f"flow: the integration stopped ({found.message})")
    return None if found.y[0].max() > 0.95 * reach else (found.y[0], found.y[1])
