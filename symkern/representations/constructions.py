r"""Direct sums, tensor products, symmetric and exterior powers of signed permutation modules.

All are signed permutation modules again: s_i (e_x . e_y) = sign(x) sign(y) e_(s_i x) . e_(s_i y), and in an exterior
power sorting the factors costs the sign of the sorting permutation.

Source: Fulton, Harris, *Representation Theory*, appendix B.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, combinations_with_replacement
from math import comb

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.reading.integers import read_integer
from symkern.representations.modules import Module
from symkern.representations.signed_actions import Places, require_module


def _pair(first: Module, second: Module) -> None:
    if not isinstance(second, Module):
        raise InvalidType("other", "must be a module", second)
    if first.n != second.n:
        raise SizeMismatch(
            "other", f"must be a module of S_{first.n}", f"it is one of S_{second.n}"
        )


def direct_sum(first: Module, second: Module) -> Module:
    """The direct sum; labels (0, x) for x of the first module, (1, y) for y of the second.

    >>> from symkern.representations import defining
    >>> direct_sum(defining(3), defining(3)).multiplicities()
    {Partition(3): 2, Partition(2, 1): 2}
    """
    _pair(first, second)
    size = first.dimension + second.dimension
    spelled = f"({first!r} + {second!r})"
    require_module(size, first.n, spelled)
    places = np.hstack([first.places, first.dimension + second.places])
    signs = None
    if first.signs is not None or second.signs is not None:
        signs = np.hstack([_signs(first), _signs(second)])

    def multiplicities() -> dict[Partition, int]:
        counts = first.multiplicities()
        for lam, m in second.multiplicities().items():
            counts[lam] = counts.get(lam, 0) + m
        return {lam: counts[lam] for lam in sorted(counts, reverse=True)}

    def basis() -> list[tuple[int, object]]:
        return [(0, x) for x in first.basis] + [(1, y) for y in second.basis]

    made = direct_sum, (first, second)
    return Module(first.n, size, places, basis, made, signs, multiplicities, spelled)


def tensor_product(first: Module, second: Module) -> Module:
    """The tensor product with S_n acting on both factors; labels (x, y).

    >>> from symkern.representations import defining
    >>> tensor_product(defining(4), defining(4)).multiplicities()
    {Partition(4): 2, Partition(3, 1): 3, Partition(2, 2): 1, Partition(2, 1, 1): 1}
    """
    _pair(first, second)
    size = first.dimension * second.dimension
    spelled = f"({first!r} * {second!r})"
    require_module(size, first.n, spelled)
    rows = len(first.places)
    places = first.places[:, :, None] * second.dimension + second.places[:, None, :]
    signs = None
    if first.signs is not None or second.signs is not None:
        signs = (_signs(first)[:, :, None] * _signs(second)[:, None, :]).reshape(rows, size)
    return Module(
        first.n, size, places.reshape(rows, size),
        lambda: [(x, y) for x in first.basis for y in second.basis],
        (tensor_product, (first, second)), signs, spelled=spelled,
    )  # fmt: skip


def symmetric_power(module: Module, k: int) -> Module:
    """Sym^k, the products of k basis vectors without order; labels are weakly increasing tuples.

    Args:
        module: the module.
        k: at least 0.

    Raises:
        TooLarge: what does not fit in memory.

    >>> from symkern.representations import defining
    >>> symmetric_power(defining(3), 2).multiplicities()
    {Partition(3): 2, Partition(2, 1): 2}
    """
    degree = read_integer(k, "k")
    count = comb(module.dimension + degree - 1, degree) if module.dimension else int(degree == 0)
    return _power(module, degree, count, False)


def exterior_power(module: Module, k: int) -> Module:
    """Wedge^k, the alternating products of k basis vectors; labels are increasing tuples.

    Args:
        module: the module.
        k: from 0 to its dimension.

    Raises:
        InvalidArgument: a larger k.
        TooLarge: what does not fit in memory.

    >>> from symkern.representations import defining
    >>> exterior_power(defining(3), 3).multiplicities()
    {Partition(1, 1, 1): 1}
    """
    degree = read_integer(k, "k")
    if degree > module.dimension:
        rule = f"must be at most the dimension {module.dimension}: higher exterior powers are zero"
        raise InvalidArgument("k", rule, f"it is {displayed(degree)}")
    return _power(module, degree, comb(module.dimension, degree), True)


def _power(module: Module, k: int, count: int, alternating: bool) -> Module:
    choose: Callable[..., object] = combinations if alternating else combinations_with_replacement
    name = "exterior" if alternating else "symmetric"
    spelled = f"{module!r}.{name}_power({displayed(k)})"
    require_module(count, module.n + k, spelled)
    listed = np.array(list(choose(range(module.dimension), k)), dtype=np.int64)  # type: ignore[call-overload]
    listed = listed.reshape(count, k)
    number = {tuple(row): at for at, row in enumerate(listed.tolist())}
    places = np.empty((module.n - 1, count), dtype=np.int64)
    signs = None if module.signs is None and not alternating else np.ones_like(places)
    for i in range(module.n - 1):
        moved = module.places[i][listed]
        places[i] = [number[tuple(row)] for row in np.sort(moved, axis=1).tolist()]
        if signs is not None:
            if module.signs is not None:
                signs[i] = module.signs[i][listed].prod(axis=1)
            if alternating:
                signs[i] *= _sorting_signs(moved)
    return Module(
        module.n, count, places,
        lambda: [tuple(module.basis[x] for x in row) for row in listed.tolist()],
        (_power, (module, k, count, alternating)), signs, spelled=spelled,
    )  # fmt: skip


def _sorting_signs(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    inversions = np.zeros(len(rows), dtype=np.int64)
    for a in range(rows.shape[1]):
        for b in range(a):
            inversions += rows[:, b] > rows[:, a]
    return 1 - 2 * (inversions % 2)


def _signs(module: Module) -> Places:
    return np.ones_like(module.places) if module.signs is None else module.signs
