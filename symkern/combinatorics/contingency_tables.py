r"""Contingency tables by their row sums, and the polarisations on functions of them.

A table N has N_tu = #{a : x_a = t, y_a = u}. Those with row sums r form the grid of products of compositions of
r_0, ..., r_{v-1} into v parts, so that a function of the tables with row sums r is an array with v axes.

The polarisation of rows i -> j, sum_u g_ju d/dg_iu, moves one unit of a monomial g^N from row i to row j. Its adjoint
acts on functions of tables, (D* k)(N) = sum_u N_iu k(N - e_iu + e_ju): it touches two axes alone.

Compositions are listed in lexicographic order. Values are Python ints in object arrays, which never wrap.
Source: the polarisation operators of Weyl, *The Classical Groups*, II.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from symkern.errors import Advice, InvalidArgument, displayed
from symkern.limits import current

IntArray = Any  # numpy array of integers


def number_of_tables(total: int, letters: int) -> int:
    """Number of contingency tables of ``total`` positions over ``letters`` letters.

    >>> number_of_tables(10, 3)
    43758
    """
    return comb(total + letters**2 - 1, letters**2 - 1)


def require_few_tables(
    names: Iterable[str], length: int, letters: int, starred: bool = False
) -> None:
    """Refuse hyperparameters ``names`` that are symbols at sizes where rational functions on all tables are no use.

    >>> require_few_tables(["alpha"], 4, 2)
    """
    most = current().symbolic_tables
    # C(L + v^2 - 1, v^2 - 1) is at least L + 1 and v^2 from two letters on: absurd sizes are not counted out.
    far = letters > 1 and max(length, letters) > most
    tables = most + 1 if far else number_of_tables(length - int(starred), letters)
    tables *= letters**2 if starred else 1
    if tables > most:
        advice = Advice(tuple(names))
        raise InvalidArgument(
            "hyperparameters",
            f"may be symbols up to {most} contingency tables; {advice}",
            f"length {displayed(length)} and vocabulary {displayed(letters)} have {'more' if far else tables}",
        ).advising(advice)


_FEW_PARTS = 64


@lru_cache(maxsize=1024)
def compositions(total: int, parts: int) -> IntArray:
    """All ways to write ``total`` as an ordered sum of ``parts`` nonnegative integers, as rows.

    >>> compositions(2, 2).tolist()
    [[0, 2], [1, 1], [2, 0]]
    """
    if total < 0 or parts < 1:
        raise InvalidArgument(
            "total, parts",
            "must be at least 0 and 1",
            f"they are {displayed(total)}, {displayed(parts)}",
        )
    if parts == 1:
        found = np.array([[total]], dtype=np.int64)
    elif parts == 2:
        ones = np.arange(total + 1, dtype=np.int64)
        found = np.stack([ones, total - ones], axis=1)
    elif parts > _FEW_PARTS:  # few positions on many letters: stars and bars
        places = total + parts - 1
        bars = np.array(list(combinations(range(places), parts - 1)), dtype=np.int64)
        found = np.diff(bars, axis=1, prepend=-1, append=places) - 1
    else:
        rests = [compositions(total - first, parts - 1) for first in range(total + 1)]
        found = np.vstack([np.insert(rest, 0, first, axis=1) for first, rest in enumerate(rests)])
    found.setflags(write=False)
    return found


@lru_cache(maxsize=1024)
def _places(total: int, parts: int) -> dict[tuple[int, ...], int]:
    return {tuple(c): i for i, c in enumerate(compositions(total, parts).tolist())}


@lru_cache(maxsize=4096)
def raised(total: int, parts: int, u: int) -> IntArray:
    """Place among the compositions of total + 1 of each composition of ``total`` plus e_u."""
    return _shifted(total, parts, u, 1)


@lru_cache(maxsize=4096)
def lowered(total: int, parts: int, u: int) -> IntArray:
    """Place among the compositions of total - 1 of each composition minus e_u; 0 where it has none."""
    return _shifted(total, parts, u, -1)


def _shifted(total: int, parts: int, u: int, by: int) -> IntArray:
    places = _places(total + by, parts)
    moved = ((*c[:u], c[u] + by, *c[u + 1 :]) for c in compositions(total, parts).tolist())
    return np.array([places.get(c, 0) for c in moved], dtype=np.int64)


def polarised(values: IntArray, rows: tuple[int, ...], i: int, j: int) -> IntArray:
    """The adjoint polarisation i -> j of a function on tables with row sums ``rows``.

    The result is a function on tables with row sums ``rows`` + e_i - e_j.
    """
    letters = len(rows)
    counts = compositions(rows[i] + 1, letters)
    shape = [1] * letters
    shape[i] = len(counts)
    terms = []
    for u in range(letters):
        down = lowered(rows[i] + 1, letters, u)
        up = raised(rows[j] - 1, letters, u)
        weight = counts[:, u].astype(object).reshape(shape)
        terms.append(values.take(down, axis=i).take(up, axis=j) * weight)
    return sum(terms[1:], terms[0])


def grid_tables(rows: tuple[int, ...]) -> IntArray:
    """All tables with the given row sums, shape (number, v, v), in the order of the flattened grid."""
    letters = len(rows)
    axes = [compositions(r, letters) for r in rows]
    places = np.indices([len(a) for a in axes]).reshape(letters, -1)
    return np.stack([axis[place] for axis, place in zip(axes, places, strict=True)], axis=1)
