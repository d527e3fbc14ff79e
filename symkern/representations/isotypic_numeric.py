r"""Isotypic components and projectors in floating point, for large modules and float data.

The same central elements as in `symkern.representations.isotypic`, and Lagrange's factors (Z - c_j)/(c_k - c_j) one after the
other; each factor maps the eigenvalues that are left into a bounded interval, so that rounding errors stay near the machine's
precision times the ratio of the gaps. Components apply Z without a matrix, on words of two letters by Johnson schemes;
projectors are scipy.sparse arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition, PartitionLike
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidType, SizeMismatch
from symkern.exact.real_arguments import require_finite
from symkern.reading.sequences import read_list
from symkern.representations.central_elements import apply_power_sum, by_power_sum
from symkern.representations.isotypic import least_entries
from symkern.representations.johnson import distance_images, grouped, idempotents
from symkern.representations.modules import Module

Vector = npt.NDArray[np.float64]


def components_float(module: Module, f: Any) -> dict[Partition, Vector]:
    """{lam: part of f in the isotypic component of S^lam} as floating-point arrays.

    Args:
        module: the module.
        f: a function on the basis, or the list of its values.

    Raises:
        InvalidArgument: a value that is not finite, or is missing.
        InvalidType: a value that is no number.
        SizeMismatch: another number of values.

    >>> from symkern.representations import defining
    >>> parts = components_float(defining(4), [1.0, 0, 0, 0])
    >>> parts[4,].round(6).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    values = [f(x) for x in module.points()] if callable(f) else read_list(f, "f", "numbers")
    try:
        vector = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InvalidType("f", "must be a function or a list of numbers", f) from None
    require_finite(vector, "f")
    if vector.shape != (module.dimension,):
        raise SizeMismatch(
            "f", f"must have {module.dimension} values", f"its shape is {vector.shape}"
        )
    irreps = list(module.multiplicities())
    if module.ones is not None:
        return _two_letters(module, module.ones, vector, irreps)
    parts = _split(vector, irreps, 1, partial(apply_power_sum, module))
    return {lam: parts[lam] for lam in irreps}


def _two_letters(
    module: Module, ones: npt.NDArray[np.int64], vector: Vector, irreps: list[Partition]
) -> dict[Partition, Vector]:
    n = module.n
    transpositions = partial(apply_power_sum, module, 1)
    images = list(distance_images(n, ones, transpositions, vector))
    parts = {lam: np.zeros_like(vector) for lam in irreps}
    for k, at in grouped(ones).items():
        here = np.stack([image[at] for image in images[: min(k, n - k) + 1]])
        rows = np.array(idempotents(n, k), dtype=np.float64)
        for values, part in zip(rows @ here, parts.values(), strict=False):
            part[at] = values
    return parts


def projector_float(module: Module, lam: PartitionLike) -> Any:
    """The projector to the isotypic component of S^lam as a floating-point scipy.sparse array.

    Args:
        module: the module.
        lam: a partition of n.

    Raises:
        TooLarge: what does not fit in memory.
    """
    from scipy.sparse import csr_array, eye_array

    irreps = list(module.multiplicities())
    shape = module.irrep(lam)
    if shape not in irreps:
        return csr_array((module.dimension, module.dimension))
    require_bytes(f"a projector of {module!r}", 24 * least_entries(module))
    sizes = np.bincount(module.orbit_labels[1])
    require_bytes(f"a projector of {module!r}", 24 * int((sizes.astype(np.float64) ** 2).sum()))
    start = csr_array(eye_array(module.dimension))
    known: dict[int, Any] = {}

    def apply(m: int, matrix: Any) -> Any:
        if m not in known:
            known[m] = _power_sum(module, m)
        return known[m] @ matrix

    return csr_array(_split(start, irreps, 1, apply, shape)[shape])


def _split(
    vector: Any,
    irreps: list[Partition],
    m: int,
    apply: Callable[[int, Any], Any],
    only: Partition | None = None,
) -> dict[Partition, Any]:
    """The parts of a vector or of the columns of a matrix; ``apply(m, vector)`` is Z_m vector."""
    if len(irreps) == 1:
        return {irreps[0]: vector}
    groups = by_power_sum(irreps, m)
    if len(groups) == 1:
        return _split(vector, irreps, m + 1, apply, only)
    found: dict[Partition, Any] = {}
    for own, group in groups.items():
        if only is not None and only not in group:
            continue
        part = vector
        for other in sorted(groups, key=lambda c: -abs(c - own)):
            if other != own:
                part = (apply(m, part) - other * part) / (own - other)
        found.update(_split(part, group, m + 1, apply, only))
    return found


def _power_sum(module: Module, m: int) -> Any:
    """Z_m as a sparse matrix with integer entries in floating point."""
    from scipy.sparse import csr_array

    size = module.dimension
    steps = []
    for i, places in enumerate(module.places):
        signs = np.ones(size) if module.signs is None else module.signs[i].astype(np.float64)
        steps.append(csr_array((signs, (places, np.arange(size))), shape=(size, size)))
    total = csr_array((size, size))
    element = csr_array((size, size))
    for step in steps:
        element = csr_array(step @ element @ step + step)  # J_(k+1) = s_k J_k s_k + s_k
        power = element
        for _ in range(m - 1):
            power = power @ element
        total = total + power
    return csr_array(total)
