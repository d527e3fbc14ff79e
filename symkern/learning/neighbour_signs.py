r"""The probability that a Gaussian function has one sign on an input and on all its neighbours, by quadrature; floating point.

The neighbours of an input fall in two classes, exchangeable inside: with c a class of ``size`` inputs y, y', ...,

    f(y_i) = M_c + sqrt(d_c) (eps_i - mean eps),      d_c = k(y, y) - k(y, y'),   Var M_c = k(y, y') + d_c/size,

eps independent standard normal numbers and M_c independent of them. With G_m(t) = P(max_i (eps_i - mean eps) < t), G_0 = 1, G_1 = [t >= 0],

    P = 2 E [ 1(f > 0) G(M_0/sqrt d_0) G(M_1/sqrt d_1) ],      G_m' = m sqrt(m/(2 pi (m-1))) exp(-m t^2/(2 (m-1))) G_{m-1}(m t/(m-1)).

(A common factor plus independent noise would not do: its variance may be negative.) f is integrated out given M_0 and M_1, these in polar coordinates of independent
normal numbers, where the wedge M_0, M_1 > 0 and the line E(f | M) = 0 are angles: nodes are graded towards all of them. Where one position is read, the neighbour that
differs there stands alone: it and f are two normal numbers given M_0 and M_1, both positive with a probability that Owen's T function gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

#: Nodes of G_m, and beyond which t it is 1; errors of the quadrature stay below 1e-8.
_STEP, _REACH = 0.005, 12.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


@dataclass(frozen=True)
class NeighbourClass:
    """``size`` neighbours of an input, alike: their variance, their covariance with each other and with the input."""

    size: int
    variance: float
    among: float
    with_input: float

    @property
    def noise(self) -> float:
        """d, 0 where there is one neighbour alone."""
        return max(self.variance - self.among, 0.0) if self.size > 1 else 0.0

    @property
    def mean_variance(self) -> float:
        """Var M."""
        return self.variance if self.size == 1 else self.variance - self.noise * (1 - 1 / self.size)


@dataclass(frozen=True)
class LoneNeighbour:
    """A neighbour that is like no other: its variance, its covariance with the input and with one of each class."""

    variance: float
    with_input: float
    with_first: float
    with_second: float


def largest_below(m: int) -> Callable[[np.ndarray], np.ndarray]:
    """G_m on t >= 0, as a function of arrays, to eight digits and more.

    >>> from math import erf
    >>> abs(float(largest_below(2)(np.array(0.5))) - erf(0.5)) < 1e-12
    True
    """

    def below(t: np.ndarray) -> np.ndarray:
        inside = np.clip(t, 1e-300, _REACH)
        return np.asarray(np.exp(_smooth(m)(inside) + (m - 1) * np.log(inside)))

    return np.ones_like if m < 2 else below


@cache
def _smooth(m: int) -> Callable[[np.ndarray], np.ndarray]:
    """H with G_m = t^(m-1) exp H: even and smooth, so that sums of positive numbers keep their digits; errors beside 0 would grow with m as a factorial.

    H is interpolated between nodes from ``least`` on, and parabolic below, where G is nothing for large m.
    """
    from scipy.interpolate import CubicHermiteSpline

    if m < 2:
        return np.zeros_like
    before, weight = _smooth(m - 1), np.log(m) + np.log(m / (2 * np.pi * (m - 1))) / 2

    def derived(t: np.ndarray) -> np.ndarray:
        """log of G' less (m-2) log t."""
        stretched = np.minimum(m * t / (m - 1), _REACH)
        beyond = (m - 2) * np.log(np.minimum(m / (m - 1), _REACH / t))
        return np.asarray(weight - m * t * t / (2 * (m - 1)) + before(stretched) + beyond)

    least = _STEP if m < 9 else 20 * _STEP
    places = least + _STEP * np.arange(round((_REACH - least) / _STEP) + 1)
    # Up to the first node by u = t^(m-1), from there cell by cell; all over least^(m-1).
    first = float(np.exp(derived(least * ((1 + _NODES) / 2) ** (1 / (m - 1)))) @ _WEIGHTS) / 2 / (m - 1)  # fmt: skip
    inner = places[:-1, None] + _STEP / 2 * (1 + _NODES)
    cells = np.exp(derived(inner) + (m - 2) * np.log(inner / least)) @ _WEIGHTS * _STEP / 2 / least
    sums = first + np.concatenate([[0.0], np.cumsum(cells)])
    values = np.log(sums) - (m - 1) * np.log(places / least)
    slopes = (np.exp(derived(places) - values) - (m - 1)) / places
    spline = CubicHermiteSpline(places, values, slopes)
    bottom = float(derived(np.array(1e-300))) - np.log(m - 1)

    def smooth(t: np.ndarray) -> np.ndarray:
        low = bottom + (values[0] - bottom) * (t / least) ** 2
        return np.asarray(np.where(t < least, low, spline(np.maximum(t, least))))

    return smooth


def _graded(low: float, high: float, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights between two ends, panels halving towards both."""
    steps = 0.5 ** np.arange(levels, -1, -1) / 2
    edges = np.concatenate([[0.0], steps, 1 - steps[::-1][1:], [1.0]])
    edges = low + (high - low) * edges
    widths = np.diff(edges)
    places = edges[:-1, None] + widths[:, None] / 2 * (1 + _NODES)
    return places.reshape(-1), (widths[:, None] / 2 * _WEIGHTS).reshape(-1)


def one_sign(
    variance: float,
    first: NeighbourClass,
    second: NeighbourClass,
    across: float,
    lone: LoneNeighbour | None = None,
) -> float:
    """The probability that f has one sign at an input of this variance and at all neighbours.

    Args:
        variance: k(x, x), positive.
        first: a class of neighbours; of size 0 where there is none.
        second: the other.
        across: the covariance of a neighbour of the first class with one of the second.
        lone: one neighbour more, if there is one.

    >>> bag = NeighbourClass(1, 1.0, 1.0, 0.0), NeighbourClass(0, 1.0, 1.0, 0.0)
    >>> round(one_sign(1.0, *bag, 0.0), 9)  # two independent signs agree
    0.5
    """
    with_lone = (0.0, 0.0) if lone is None else (lone.with_first, lone.with_second)
    if not first.size:
        first, second, with_lone = second, first, with_lone[::-1]
    if not first.size:
        return 1.0 if lone is None else _both_alike(variance, lone)
    tiny = 1e-13 * variance
    spread = float(np.sqrt(max(first.mean_variance, 0.0)))
    if spread * spread <= tiny:
        raise ZeroDivisionError  # neighbours without a sign
    if second.size:
        slope = across / spread
        rest = float(np.sqrt(max(second.mean_variance - slope * slope, 0.0)))
        rows = np.array([[spread, 0.0], [slope, rest]])
    else:
        rows = np.array([[spread, 0.0]])

    def given(covariances: tuple[float, float]) -> np.ndarray:
        """The coefficients of the mean given M_0 and M_1, in the independent normal numbers."""
        found = np.array([covariances[0] / spread, 0.0])
        if len(rows) == 2 and rows[1, 1] ** 2 > tiny:
            found[1] = (covariances[1] - rows[1, 0] * found[0]) / rows[1, 1]
        return found

    mixed = given((first.with_input, second.with_input))
    left = _spread(variance, mixed, tiny)
    means, spreads, shared = [mixed], [left], 0.0
    if lone is not None:
        means.append(given(with_lone))
        spreads.append(_spread(lone.variance, means[1], tiny))
        shared = lone.with_input - float(mixed @ means[1])
    # Angles at which M_0, M_1 or a mean given them is 0.
    ends: set[float] = {-np.pi, np.pi}
    for row in (*rows, *means):
        if row @ row > tiny:
            angle = float(np.arctan2(row[0], -row[1]))  # row . (cos, sin) = 0
            ends |= {a for a in (angle, angle - np.pi, angle + np.pi) if -np.pi < a <= np.pi}
    ordered = sorted(ends)
    radii, thickness = _graded(0.0, 9.0, 16)
    density = thickness * radii * np.exp(-radii * radii / 2) / (2 * np.pi)
    total = 0.0
    for low, high in pairwise(ordered):
        middle = np.array([np.cos((low + high) / 2), np.sin((low + high) / 2)])
        if high - low < 1e-12 or (rows @ middle <= 0).any():
            continue
        angles, widths = _graded(low, high, 14)
        directions = np.stack([np.cos(angles), np.sin(angles)])
        at = [radii[:, None] * (mean @ directions) for mean in means]
        inside = _positive(at[0], left) if lone is None else _both_positive(at, spreads, shared)
        values = density[:, None] * widths[None, :] * inside
        for row, one in zip(rows, (first, second), strict=False):
            if one.noise > tiny:
                values = values * largest_below(one.size)(
                    radii[:, None] * (row @ directions) / np.sqrt(one.noise)
                )
        total += float(values.sum())
    return 2 * total


def _spread(variance: float, mean: np.ndarray, tiny: float) -> float:
    """The root of what is left of a variance given the means of the classes."""
    left = variance - float(mean @ mean)
    return float(np.sqrt(left)) if left > tiny else 0.0


def _both_alike(variance: float, lone: LoneNeighbour) -> float:
    """One sign at two inputs."""
    rho = lone.with_input / np.sqrt(variance * lone.variance)
    return 1 - float(np.arccos(np.clip(rho, -1, 1))) / np.pi


def _positive(mean: np.ndarray, spread: float) -> np.ndarray:
    """P(f > 0) of a normal f."""
    from scipy.special import ndtr

    return np.asarray(ndtr(mean / spread)) if spread else np.asarray(mean > 0, dtype=float)


def _both_positive(means: list[np.ndarray], spreads: list[float], shared: float) -> np.ndarray:
    """P(f > 0, g > 0) of two normal numbers with this covariance (Owen, *Ann. Math. Statist.* 27, 1956)."""
    from scipy.special import ndtr, owens_t

    if not all(spreads):
        first, second = (_positive(*each) for each in zip(means, spreads, strict=True))
        return np.asarray(first * second)
    h, k = means[0] / spreads[0], means[1] / spreads[1]
    rho = min(max(shared / (spreads[0] * spreads[1]), -1.0), 1.0)
    if rho > 1 - 1e-13:
        return np.asarray(ndtr(np.minimum(h, k)))
    if rho < -1 + 1e-13:
        return np.asarray(np.maximum(ndtr(h) - ndtr(-k), 0.0))
    h, k = (np.where(t == 0, 1e-300, t) for t in (h, k))
    root = np.sqrt(1 - rho * rho)
    parts = owens_t(h, (k / h - rho) / root) + owens_t(k, (h / k - rho) / root)
    return np.asarray((ndtr(h) + ndtr(k)) / 2 - parts - np.where(h * k < 0, 0.5, 0.0))
