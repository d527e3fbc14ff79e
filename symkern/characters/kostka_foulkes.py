r"""Kostka-Foulkes polynomials K_(lam mu)(t) and the Hall-Littlewood functions Q'_mu = sum over lam of K_(lam mu)(t) s_lam.

K_(lam mu)(1) is the Kostka number; K_(lam mu)(t) sums t^charge over the semistandard tableaux of shape lam and weight mu (Lascoux and Schuetzenberger). All
lam at once come from adding the parts of mu, the smallest first, with Jing's operators

    Q'_(m, mu) = sum_(j >= 0) t^j S_(m+j) (h_j^perp Q'_mu),     S_a s_nu = s_(a, nu_1, nu_2, ...),

where s_(a, b, ...) = -s_(b-1, a+1, ...) puts the rows in order, and is 0 for a = b - 1.

Source: Jing, *Vertex operators and Hall-Littlewood symmetric functions*, Adv. Math. 87 (1991); Macdonald, *Symmetric Functions and
Hall Polynomials*, III.6.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from symkern.characters.pieri import without_horizontal_strips
from symkern.characters.scalars import public, read_scalar
from symkern.characters.symmetric_function import SymmetricFunction
from symkern.combinatorics.generation import require_partitions
from symkern.combinatorics.partition import Partition, PartitionLike, require_size
from symkern.exact.exact_arguments import sympified
from symkern.limits import check_time, within_time

Polynomial = tuple[int, ...]
"""Coefficients of 1, t, t^2, ..."""

_SYMBOL = sp.Symbol("t")


def kostka_foulkes(lam: PartitionLike, mu: PartitionLike, t: Any = _SYMBOL) -> sp.Expr:
    """K_(lam mu)(t), the graded number of semistandard tableaux of shape lam and content mu.

    Args:
        lam: the shape.
        mu: the content, a partition of the same size.
        t: a symbol or an exact number.

    >>> kostka_foulkes((3, 1), (2, 1, 1)), kostka_foulkes((3, 1), (2, 1, 1), t=1), kostka_foulkes((2, 2), (3, 1))
    (t**2 + t, 2, 0)
    """
    shape, content = Partition.read(lam, "lam"), Partition.read(mu, "mu")
    require_size(content, shape)
    variable = sympified(public(read_scalar(t, "t")))
    if not shape.dominates(content):
        return sp.S.Zero
    return _value(_column(content).get(shape, ()), variable)


def hall_littlewood(mu: PartitionLike, t: Any = _SYMBOL) -> SymmetricFunction:
    """Q'_mu = sum over lam of K_(lam mu)(t) s_lam; h_mu at t = 1 and s_mu at t = 0.

    Args:
        mu: a partition.
        t: a symbol or an exact number.

    >>> print(hall_littlewood((1, 1)))
    t*s[2] + s[1,1]
    """
    content = Partition.read(mu, "mu")
    variable = sympified(public(read_scalar(t, "t")))
    column = _column(content)
    return SymmetricFunction("s", {lam: _value(c, variable) for lam, c in column.items()})


def _value(coefficients: Polynomial, t: sp.Expr) -> sp.Expr:
    return sp.Add(*(c * t**power for power, c in enumerate(coefficients) if c))


def _column(mu: Partition) -> dict[Partition, Polynomial]:
    require_partitions(mu.size)
    with within_time("these Kostka-Foulkes polynomials", "a smaller content takes less"):
        return _grown(mu)


@lru_cache(maxsize=64)
def _grown(mu: Partition) -> dict[Partition, Polynomial]:
    """{lam: K_(lam mu)} without zeros."""
    if not mu:
        return {mu: (1,)}
    m = mu[0]
    found: dict[Partition, list[int]] = {}
    for kappa, coefficients in _grown(Partition.trusted(mu[1:])).items():
        for j in range(kappa.size + 1):
            check_time()
            for nu in without_horizontal_strips(kappa, j):
                rows, sign = _straightened((m + j, *nu))
                if sign:
                    shape = Partition.trusted(row for row in rows if row)
                    sums = found.setdefault(shape, [])
                    sums.extend([0] * (j + len(coefficients) - len(sums)))
                    for power, c in enumerate(coefficients, j):
                        sums[power] += sign * c
    return {lam: tuple(c) for lam, c in sorted(found.items(), reverse=True) if any(c)}


def _straightened(rows: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """The rows in order, when the first alone may be too short, and the sign; 0 where the determinant has equal rows."""
    first, *rest = rows
    i = 0
    while i < len(rest) and first < rest[i]:
        if first == rest[i] - 1:
            return (), 0
        rest[i], first = rest[i] - 1, first + 1
        i += 1
    return (*rest[:i], first, *rest[i:]), -1 if i % 2 else 1
