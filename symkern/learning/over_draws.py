"""Means over drawn training sets, and their standard errors."""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def mean_over_draws(values: np.ndarray) -> Floats:
    """The mean along the first axis.

    >>> mean_over_draws(np.array([[1.0, 4.0], [3.0, 4.0]])).tolist()
    [2.0, 4.0]
    """
    found: Floats = np.mean(values, axis=0)
    return found


def error_over_draws(values: np.ndarray) -> Floats:
    """The standard error of that mean, from the spread between draws; infinite for one draw.

    >>> error_over_draws(np.array([[1.0, 4.0], [3.0, 4.0]])).tolist()
    [1.0, 0.0]
    """
    if len(values) == 1:
        return np.full(values.shape[1:], np.inf)
    spread: Floats = np.std(values, axis=0, ddof=1) / sqrt(len(values))
    return spread
