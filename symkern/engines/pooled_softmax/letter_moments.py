r"""Means of letter frequencies, with v and L symbols.

Tokens are uniform on v letters, N_t counts the letter t, eta = 1/L, and

    xi_t = N_t/L - 1/v,        p_i = sum_t xi_t^i     (p_1 = 0).

The mean of xi_0^a p_2^b p_3^c ... is a sum over the ways in which the factors' letters agree, with the letter 0 or with each other; r further letters
are chosen in (v-1)(v-2)...(v-r) ways, and the joint moments of distinct letters follow from E prod_t (N_t)_(j_t) = (L)_J v^-J, J = sum j_t. It is a
polynomial in eta over Q(v), from the power ceil(w/2) on for a monomial of weight w (xi of weight one).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import comb, prod
from typing import Any

from symkern.exact import FunctionField, RationalFunction

#: Coefficients by the power of eta.
Series = dict[int, Any]


class LetterMoments:
    """Moments over a field in which ``letters`` is v, up to eta^``order``."""

    def __init__(self, field: FunctionField, letters: RationalFunction, order: int) -> None:
        self.field, self.letters, self.order = field, letters, order
        self._joint: dict[tuple[int, ...], Series] = {}
        self._known: dict[tuple[int, tuple[int, ...]], Series] = {}

    def mean(self, power: int, sums: tuple[int, ...]) -> Series:
        """E xi_0^power prod_i p_(sums_i).

        >>> from symkern.abc import v
        >>> from symkern.exact import function_field
        >>> field = function_field((v,))
        >>> [c.to_sympy() for c in LetterMoments(field, field(v), 2).mean(0, (2,)).values()]
        [(v - 1)/v]
        """
        key = power, tuple(sorted(sums))
        if key not in self._known:
            self._known[key] = self._mean(*key)
        return self._known[key]

    def _mean(self, power: int, sums: tuple[int, ...]) -> Series:
        total: Series = {}
        for own, others in _agreements(sums):
            ways = self.field.one
            for r in range(len(others)):
                ways = ways * (self.letters - 1 - r)
            for p, c in self.joint(tuple(sorted((power + own, *others), reverse=True))).items():
                total[p] = total.get(p, self.field.zero) + ways * c
        return {p: c for p, c in total.items() if c}

    def joint(self, powers: tuple[int, ...]) -> Series:
        """E of the product of powers of xi at distinct letters."""
        if powers not in self._joint:
            self._joint[powers] = self._from_factorial_moments(powers)
        return self._joint[powers]

    def _from_factorial_moments(self, powers: tuple[int, ...]) -> Series:
        share = 1 / self.letters
        total: dict[int, Any] = {}
        # (N/L - 1/v)^a = sum_i C(a, i) (-1/v)^(a-i) L^-i sum_j S(i, j) (N)_j
        each = [
            [
                (i, j, comb(a, i) * (-1) ** (a - i) * _partitions(i, j), a - i + j)
                for i in range(a + 1)
                for j in range(i + 1)
                if _partitions(i, j)
            ]
            for a in powers
        ]
        gathered: dict[tuple[int, int, int], int] = {}
        for chosen in product(*each):
            key = sum(c[0] for c in chosen), sum(c[1] for c in chosen), sum(c[3] for c in chosen)
            gathered[key] = gathered.get(key, 0) + prod(c[2] for c in chosen)
        for (i, j, below), c in gathered.items():
            for s, f in enumerate(_falling(j)):
                if c * f and i - s <= self.order:
                    total[i - s] = total.get(i - s, self.field.zero) + share**below * (c * f)
        return {p: c for p, c in total.items() if c}


def _agreements(sums: tuple[int, ...]) -> Iterator[tuple[int, list[int]]]:
    """Ways in which the letters of sums of powers agree: the power that falls to the letter 0, and those of further letters."""
    if not sums:
        yield 0, []
        return
    for own, others in _agreements(sums[1:]):
        yield own + sums[0], others
        yield own, [*others, sums[0]]
        for r in range(len(others)):
            yield own, [*others[:r], others[r] + sums[0], *others[r + 1 :]]


def _partitions(i: int, j: int) -> int:
    """Stirling numbers of the second kind."""
    if i == j:
        return 1
    return 0 if not 0 < j < i else j * _partitions(i - 1, j) + _partitions(i - 1, j - 1)


def _falling(j: int) -> list[int]:
    """The coefficients of L(L - 1)...(L - j + 1)."""
    found = [1]
    for r in range(j):
        found = [a - r * b for a, b in zip([0, *found], [*found, 0], strict=True)]
    return found
