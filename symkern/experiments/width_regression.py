r"""Means over networks of several widths N, and what they tend to: the regression m(N) = limit + slope/N.

Each mean has its standard error, and networks of different widths are independent. Limit and slope are linear in the means, with weights by least squares where a
width counts by the mean of its squared standard errors; the error of a linear combination sum c_N m(N) is the root of sum c_N^2 error(N)^2. What is left out is of
the order of 1/N^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from symkern.claims.by_content import ByContent
from symkern.learning.over_draws import error_over_draws, mean_over_draws
from symkern.reading.annotated import typed

Floats = npt.NDArray[np.float64]

#: Measurements that do not vary, as k(x, x) = 1 behind a layer norm, are off by so much of their size.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
@typed
class InWidth(ByContent):
    """Floating point: measurements at several widths beside what is predicted for infinite width.

    Attributes:
        widths: N, ascending.
        means: (widths, ...), the mean over networks.
        errors: their standard errors.
        predicted: (...), at infinite width.

    >>> found = InWidth((10, 20), np.array([[2.1], [2.06]]), np.array([[0.01], [0.01]]), np.array([2.0]))
    >>> found.limit.round(6).tolist(), found.slope.round(6).tolist(), found.limit_error.round(4).tolist(), round(found.largest_z, 2)
    ([2.02], [0.8], [0.0224], 0.89)
    """

    widths: tuple[int, ...]
    means: np.ndarray
    errors: np.ndarray
    predicted: np.ndarray

    @property
    def _estimators(self) -> Floats:
        """(2, widths): the coefficients of limit and slope."""
        design = np.vander(1 / np.array(self.widths, dtype=float), 2, increasing=True)
        axes = tuple(range(1, self.errors.ndim))
        squares = np.mean(self.errors**2, axis=axes)
        counts = 1 / np.maximum(squares, 1e-300) if squares.all() else np.ones(len(self.widths))
        root = np.sqrt(counts / counts.max())
        found: Floats = np.linalg.pinv(design * root[:, None]) * root
        return found

    def _combined(self, which: int) -> tuple[Floats, Floats]:
        row = self._estimators[which]
        error: Floats = np.sqrt(np.tensordot(row**2, self.errors**2, axes=1))
        return np.tensordot(row, self.means, axes=1), error

    @property
    def limit(self) -> Floats:
        """What the means tend to; the mean itself where there is one width."""
        return self._combined(0)[0] if len(self.widths) > 1 else self.means[0]

    @property
    def limit_error(self) -> Floats:
        """Its standard error."""
        return self._combined(0)[1] if len(self.widths) > 1 else self.errors[0]

    @property
    def slope(self) -> Floats:
        """N times what a network of width N has too much, as N grows; nan where there is one width."""
        return self._combined(1)[0] if len(self.widths) > 1 else np.full(self.predicted.shape, np.nan)  # fmt: skip

    @property
    def slope_error(self) -> Floats:
        """Its standard error."""
        return self._combined(1)[1] if len(self.widths) > 1 else np.full(self.predicted.shape, np.inf)  # fmt: skip

    def z(self, predicted: np.ndarray | None = None) -> Floats:
        """(limit - predicted)/(standard error of the limit), of what is predicted here or by another formula; 0 where both are equal to rounding."""
        expected = self.predicted if predicted is None else predicted
        off = self.limit - expected
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = np.where(np.abs(off) <= _ROUNDING * np.abs(expected), 0.0, off / self.limit_error)  # fmt: skip
        return found

    @property
    def largest_z(self) -> float:
        """The largest of their absolute values."""
        return float(np.max(np.abs(self.z())))

    @property
    def typical_bias(self) -> tuple[float, float]:
        """Slope over prediction, in the mean over entries that is weighted by the prediction's size, and its standard error if entries were the same: sum slope sign / sum |predicted|."""
        size = float(np.sum(np.abs(self.predicted)))
        signed = float(np.sum(self.slope * np.sign(self.predicted)))
        return signed / size, float(np.sum(self.slope_error)) / size


def in_width(widths: Sequence[int], draws: Sequence[np.ndarray], predicted: np.ndarray) -> InWidth:
    """Of measurements (networks, ...) at each width."""
    means = np.array([mean_over_draws(d) for d in draws])
    errors = np.array([error_over_draws(d) for d in draws])
    return InWidth(tuple(widths), means, errors, np.asarray(predicted, dtype=float))


def power_of_width(widths: Sequence[int], draws: Sequence[np.ndarray]) -> tuple[float, float]:
    """The slope of log(mean over networks) against log N, and its standard error; nan where there is one width.

    >>> power, error = power_of_width((10, 100), [np.array([0.11, 0.09]), np.array([0.011, 0.009])])
    >>> round(power, 6), round(error, 3)
    (-1.0, 0.061)
    """
    if len(widths) < 2:
        return float("nan"), float("inf")
    means = np.array([float(np.mean(d)) for d in draws])
    relative = np.array([float(error_over_draws(d)) for d in draws]) / means
    row = np.linalg.pinv(np.vander(np.log(np.array(widths, dtype=float)), 2))[0]
    return float(row @ np.log(means)), float(np.sqrt(row**2 @ relative**2))
