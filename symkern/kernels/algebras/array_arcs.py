r"""sqrt(1 - c^2) + (pi - arccos c) c of NumPy's arrays, in passes over pieces that stay in a processor's cache.

With t = 1 - |c| the even part is (pi/2) |c| - t^(3/2) g(t), where

    g(t) = (arccos(1 - t) (1 - t) - sqrt(t (2 - t))) / t^(3/2)

is minus an analytic function for t < 2 (an arccosine is sqrt(2t) times a power series), so that a polynomial through 15 Chebyshev nodes of [0, 1] is g to 3e-15: a
third of the time of arccosine, root and products over whole arrays, and exact at c = -1 and c = 1.
"""

from __future__ import annotations

from functools import lru_cache
from math import pi
from typing import Any

import mpmath
import numpy as np

#: Numbers at a time: with two arrays beside, a quarter of a megabyte.
_PIECE = 8192


def arc_sums(cosines: Any) -> Any:
    """sqrt(1 - c^2) + (pi - arccos c) c for an array of cosines between -1 and 1.

    >>> arc_sums(np.array([-1.0, 0.0, 1.0])) / pi
    array([0.        , 0.31830989, 1.        ])
    """
    result = np.empty_like(cosines)
    if result.strides != cosines.strides:  # with gaps, or one number at many places
        cosines = np.ascontiguousarray(cosines)
        result = np.empty_like(cosines)
    flat, all_found = (array.ravel(order="K") for array in (cosines, result))  # as they lie there
    size = min(_PIECE, flat.shape[0])
    t, h = (np.empty(size, flat.dtype) for _ in range(2))
    highest, *others = _coefficients()
    for i in range(0, flat.shape[0], _PIECE):
        c, found = flat[i : i + _PIECE], all_found[i : i + _PIECE]
        t, h = t[: c.shape[0]], h[: c.shape[0]]
        np.abs(c, out=t)
        np.multiply(t, pi / 2, out=found)
        np.subtract(1, t, out=t)
        np.multiply(t, highest, out=h)
        for k in others[:-1]:
            np.add(h, k, out=h)
            np.multiply(h, t, out=h)
        np.add(h, others[-1], out=h)
        np.multiply(h, t, out=h)
        np.sqrt(t, out=t)
        np.multiply(h, t, out=h)
        np.subtract(found, h, out=found)
        np.multiply(c, pi / 2, out=t)
        np.add(found, t, out=found)
    return result


@lru_cache(maxsize=1)
def _coefficients() -> tuple[float, ...]:
    """Those of g in t, the highest first."""
    with mpmath.workdps(40):
        nodes = [(mpmath.cos(mpmath.pi * (2 * k + 1) / 30) + 1) / 2 for k in range(15)]
        values = [
            (mpmath.acos(1 - t) * (1 - t) - mpmath.sqrt(t * (2 - t))) / (t * mpmath.sqrt(t))
            for t in nodes
        ]
        rows = mpmath.matrix([[t**j for j in range(15)] for t in nodes])
        found = mpmath.lu_solve(rows, mpmath.matrix(values))
        return tuple(float(c) for c in reversed(list(found)))
