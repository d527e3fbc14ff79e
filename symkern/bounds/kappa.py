r"""The solution kappa of sum_i m_i lambda_i/(lambda_i + kappa) + delta/kappa = n in floating point, for many n at once.

In t = log kappa the left side decreases, and with M_j the number of modes with eigenvalue at least lambda_j the root of f(kappa) = n lies in

    max(delta/n, max_j lambda_j (M_j - n)/n)  <=  kappa  <=  (sum_i m_i lambda_i + delta)/n,

since f(kappa) >= delta/kappa, f(kappa) >= M_j lambda_j/(lambda_j + kappa) and f(kappa) <= (sum m lambda + delta)/kappa. Newton's method in log f runs inside that
bracket, with bisection wherever it does not halve its steps. Modes above kappa enter as 1 - kappa/(lambda + kappa), so that integers cancel exactly.

Where n is the number M of modes above kappa, the root balances what they lack, A = sum_above m kappa/(lambda + kappa), against what is below,
B = sum_below m lambda/(lambda + kappa) + delta/kappa. Both may be far below the floats when modes lie far apart: they are held relative to their largest term, and
Newton's step is that of log A - log B = -2 artanh((B - A)/(B + A)), which is nearly straight in t.
"""

from __future__ import annotations

from itertools import accumulate
from math import log

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_GRID = 64  # points at which the left side is looked at for all n together
_WORKING_SET = 1 << 15  # entries of one array while kappa is searched: they stay in a core's cache


def solve_row(
    logs: Floats, counts: list[int], n: Floats, log_ridge: float
) -> tuple[Floats, Floats]:
    """log kappa and delta/kappa (n - rank where kappa is zero) for one row of eigenvalues."""
    kept = [i for i, (a, m) in enumerate(zip(logs, counts, strict=True)) if m and a > -np.inf]
    kept.sort(key=lambda i: -logs[i])
    a = logs[kept]
    log_m = np.array([log(counts[i]) for i in kept])
    totals = [0, *accumulate(min(counts[i], 1 << 1000) for i in kept)]
    row = _Row(a, log_m, totals, log_ridge)
    spare = row.spare(n, np.array([len(kept)]))
    t = np.full(n.shape, -np.inf)
    wanted = np.full(n.shape, True) if log_ridge > -np.inf else spare > 0
    if wanted.any():
        t[wanted] = _roots(row, n[wanted])
    with np.errstate(over="ignore", invalid="ignore"):
        excess = np.where(np.isneginf(t), np.maximum(-spare, 0.0), np.exp(log_ridge - t))
    return t, excess


class _Row:
    """One row of eigenvalues, the largest first, and what the left side of its equation is at any kappa."""

    def __init__(self, a: Floats, log_m: Floats, totals: list[int], log_ridge: float) -> None:
        self.a, self.log_m, self.log_ridge = a, log_m, log_ridge
        # The number of modes down to each eigenvalue, as float and remainder: n is compared with all its digits.
        self.above = np.array([float(total) for total in totals])
        self.remainder = np.array([float(m - int(f)) for m, f in zip(totals, self.above)])
        self.descending = -a
        # Where floats hold everything, divisions take the place of exponentials.
        self.plain = bool((np.abs(a) < 300).all() and (log_m < 300).all())
        if self.plain:
            self.eigenvalues, self.counts = np.exp(a), np.exp(log_m)

    def spare(self, n: Floats, index: npt.NDArray[np.int64]) -> Floats:
        """The number of modes among the first eigenvalues (as many as ``index`` says) minus n."""
        spare: Floats = (self.above[index] - n) + self.remainder[index]
        return spare

    def bracket(self, n: Floats) -> tuple[Floats, Floats]:
        """Proven bounds on log kappa, widened by what rounding can do."""
        log_n = np.log(n)
        pieces = np.append(self.log_m + self.a, self.log_ridge)
        top = pieces.max()
        high = top + np.log(np.exp(pieces - top).sum()) - log_n
        low = self.log_ridge - log_n
        if len(self.a):
            spare = self.spare(n[:, None], np.arange(1, len(self.a) + 1)[None, :])
            with np.errstate(divide="ignore", invalid="ignore"):
                bounds = np.where(spare > 0, self.a[None, :] + np.log(spare), -np.inf)
            low = np.maximum(low, bounds.max(axis=1) - log_n)
        pad = 1e-12 * (1 + np.abs(high))
        return np.minimum(low, high) - pad, high + pad

    def step(self, n: Floats, t: Floats) -> tuple[Floats, Floats]:
        """A number with the sign of n minus the left side, which increases in t, and Newton's step to where it is zero."""
        index, below, rest, slope, shift = self.parts(t)
        spare = self.spare(n, index)
        with np.errstate(all="ignore"):
            value = np.where(spare == 0, -rest, -spare - rest * np.exp(shift))
            # Each mode above kappa is at least half learned: four n of them are too many, whatever the rest.
            value = np.where(self.above[index] / 4 > n, -np.inf, value)
            straight = np.arctanh(rest / below) * below / slope
            bent = np.log1p(-value / n) * (n - value) / (slope * np.exp(shift))
            return value, np.where(spare == 0, straight, bent)

    def parts(self, t: Floats) -> tuple[npt.NDArray[np.int64], Floats, Floats, Floats, Floats]:
        """How many eigenvalues are above kappa; B + A, B - A and minus its derivative in t, all relative to the exponential of the last."""
        index = np.searchsorted(self.descending, -t, side="left")
        with np.errstate(over="ignore", invalid="ignore"):
            if self.plain and len(t) and np.abs(t).max() < 300:
                kappa = np.exp(t)[:, None]
                total = self.eigenvalues + kappa
                share = np.minimum(self.eigenvalues, kappa)
                share /= total
                np.subtract(self.eigenvalues, kappa, out=total)
                below = share @ self.counts
                signed = np.copysign(share, total, out=total) @ self.counts
                share *= 1.0 - share
                slope = share @ self.counts
                shift = np.zeros_like(t)
            else:
                gap = self.a[None, :] - t[:, None]
                small = np.exp(-np.abs(gap))
                weight = self.log_m[None, :] - np.abs(gap)
                shift = np.maximum(weight.max(axis=1, initial=-np.inf), self.log_ridge - t)
                weight = np.exp(weight - shift[:, None]) / (1.0 + small)
                below = weight.sum(axis=1)
                signed = np.where(gap > 0, weight, -weight).sum(axis=1)
                slope = (weight / (1.0 + small)).sum(axis=1)
            ridge = np.exp(self.log_ridge - t - shift)
            return index, below + ridge, ridge - signed, slope + ridge, shift

    def narrowed(self, low: Floats, high: Floats, n: Floats) -> tuple[Floats, Floats]:
        """The brackets cut down by the values on a grid that all n share; a value too close to n to tell cuts nothing."""
        grid = np.linspace(low.min(), high.max(), _GRID)
        index, _, rest, _, shift = self.parts(grid)
        with np.errstate(over="ignore", invalid="ignore"):
            left = self.above[index] + rest * np.exp(shift)
        left = np.nan_to_num(left, nan=np.inf)  # decreasing, up to rounding
        left = np.maximum.accumulate(left[::-1])[::-1]
        # The last place clearly above n, the first one clearly below.
        below = np.searchsorted(-left, -n * (1 + 1e-9), side="left") - 1
        after = np.searchsorted(-left, -n * (1 - 1e-9), side="right")
        low = np.where(below >= 0, np.maximum(low, grid[np.maximum(below, 0)]), low)
        high = np.where(after < _GRID, np.minimum(high, grid[np.minimum(after, _GRID - 1)]), high)
        return low, high


def _roots(row: _Row, n: Floats) -> Floats:
    """log kappa for every n.

    A step is Newton's for log f - log n, in which spectra with power laws are nearly straight; near the root it is that of f - n.
    """
    low, high = row.bracket(n)
    if len(n) > 4:
        low, high = row.narrowed(low, high, n)
    t = (low + high) / 2
    step = max(1, _WORKING_SET // max(len(row.a), 1))
    for start in range(0, len(n), step):
        at = slice(start, start + step)
        t[at] = _refined(row, n[at], low[at], high[at])
    return t


def _refined(row: _Row, n: Floats, low: Floats, high: Floats) -> Floats:
    """Newton's method inside the brackets, which are overwritten."""
    t = (low + high) / 2
    last = high - low
    active = np.arange(len(n))
    for _ in range(250):
        if not len(active):
            break
        x = t[active]
        value, newton = row.step(n[active], x)
        newton += x
        negative = value < 0
        low[active] = np.where(negative, x, low[active])
        high[active] = np.where(negative, high[active], x)
        inside = (newton > low[active]) & (newton < high[active])
        good = inside & (np.abs(newton - x) <= last[active] / 2)
        new = np.where(good, newton, (low[active] + high[active]) / 2)
        last[active] = np.abs(new - x)
        # Rounding of the sums moves Newton's step by some units in the last place, to either side of the bracket.
        close = np.abs(newton - x) <= 2e-15 * np.maximum(1.0, np.abs(x))
        done = (value == 0) | close | (last[active] <= 4e-16 * np.maximum(1.0, np.abs(x)))
        t[active] = np.where(value == 0, x, np.where(close, newton, new))
        active = active[~done]
    return t
