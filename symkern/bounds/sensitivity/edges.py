r"""Sensitivity by counting edges of the cube: what happens to f when one input is flipped.

With x^i the input x flipped at position i,

    Inf_i(f) = 1/4 E (f(x) - f(x^i))^2,   as(f) = sum_i Inf_i(f),   s(x, f) = #{i : f(x) != f(x^i)},

and the profile K_m(f) is the number of inputs x with s(x, f) = m, for functions with two values at most. No Fourier transform is
used here; as(f) = sum |P| fhat(P)^2 (`walsh_hadamard`) is the other route to the same number. (Hahn, Rofin, ACL 2024, arXiv 2402.09963.)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symkern.bounds.sensitivity.cube import Array, CubeValues, dot
from symkern.errors import InvalidArgument
from symkern.exact.sparse_residues import INT64
from symkern.exact.sparse_vector import largest


def edge_influences(f: CubeValues) -> tuple[Any, ...]:
    """Inf_0, ..., Inf_{n-1}.

    >>> from symkern.bounds.sensitivity.cube import cube_values
    >>> edge_influences(cube_values(lambda x: max(x[0], x[1]), 3))
    (1/2, 1/2, 0)
    """
    f.require_squares()
    values = f.numerators
    if values.dtype == np.int64 and 2 * largest(values) > INT64:
        values = values.astype(object)
    found = []
    for i in range(f.size):
        pairs = values.reshape(1 << i, 2, -1)
        steps = np.ascontiguousarray(pairs[:, 0] - pairs[:, 1]).reshape(-1)
        # Each edge belongs to two inputs: 1/4 2^-n 2 sum of squares.
        found.append(f.ratio(dot(steps, steps), f.denominator**2 << f.size + 1))
    return tuple(found)


def sensitivities(f: CubeValues) -> Array:
    """s(x, f) for every input, in order; refuses a function of more than two values."""
    _require_two_values(f)
    counts = np.zeros(1 << f.size, dtype=np.int16)
    for i in range(f.size):
        pairs = f.numerators.reshape(1 << i, 2, -1)
        changes = (pairs[:, 0] != pairs[:, 1]).astype(np.int16)
        seen = counts.reshape(1 << i, 2, -1)
        seen += changes[:, None]
    return counts


def edge_profile(f: CubeValues) -> tuple[int, ...]:
    """K_0, ..., K_n.

    >>> from symkern.bounds.sensitivity.cube import cube_values
    >>> edge_profile(cube_values(lambda x: 1 if sum(x) > 0 else -1, 3))
    (2, 0, 6, 0)
    """
    counts = np.bincount(sensitivities(f), minlength=f.size + 1)
    return tuple(int(c) for c in counts)


def _require_two_values(f: CubeValues) -> None:
    first = f.numerators[0]
    others = f.numerators[f.numerators != first]
    if others.size and (third := others[others != others[0]]).size:
        shown = ", ".join(str(f.ratio(v, f.denominator)) for v in (first, others[0], third[0]))
        raise InvalidArgument(
            "f", "must have at most two values to have a sensitivity profile", f"it takes {shown}"
        )
