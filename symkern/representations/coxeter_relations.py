r"""Coxeter's relations, which adjacent transpositions must satisfy to act.

    s_i s_i = 1,    s_i s_(i+1) s_i = s_(i+1) s_i s_(i+1),    s_i s_j = s_j s_i for |i - j| > 1

present S_n, so that maps which satisfy them are an action, with signs too.

Source: Humphreys, *Reflection Groups and Coxeter Groups*, theorem 1.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.errors import SymmetryError

Places = npt.NDArray[np.int64]


def check_relations(n: int, places: Places, signs: Places | None, basis: Sequence[Any]) -> None:
    """Raise `SymmetryError` unless the s_i satisfy Coxeter's relations, with the relation and a point."""

    def product(letters: Sequence[int]) -> tuple[Places, Places]:
        place = np.arange(places.shape[1])
        sign = np.ones(places.shape[1], dtype=np.int64)
        for i in letters:
            if signs is not None:
                sign = sign * signs[i][place]
            place = places[i][place]
        return place, sign

    def require(left: Sequence[int], right: Sequence[int], relation: str) -> None:
        (p, s), (q, t) = product(left), product(right)
        wrong = np.flatnonzero((p != q) | (s != t))
        if len(wrong):
            x = basis[int(wrong[0])]
            raise SymmetryError(
                "action", f"must satisfy {relation}", f"it does not at {x!r}", (relation, x)
            )

    for i in range(n - 1):
        require((i, i), (), f"s_{i} s_{i} = 1")
    for i in range(n - 2):
        j = i + 1
        require((i, j, i), (j, i, j), f"s_{i} s_{j} s_{i} = s_{j} s_{i} s_{j}")
    for i in range(n - 1):
        for j in range(i + 2, n - 1):
            require((i, j), (j, i), f"s_{i} s_{j} = s_{j} s_{i}")
