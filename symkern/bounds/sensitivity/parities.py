"""Parities of entries, at some positions or at all; `first` is the one of position 0.

(O'Donnell, *Analysis of Boolean Functions*, 2014, section 1.2.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.abc import n as SIZE
from symkern.bounds.sensitivity.families import ONE, Family, Size, require_input
from symkern.errors import InvalidArgument
from symkern.exact import exact_size
from symkern.exact.asymptotics import Leading
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
class Parity(Family, Shown):
    """The product of the entries at ``positions`` (from 0), or of all entries where None."""

    positions: tuple[int, ...] | None = None

    @property
    def name(self) -> str:
        """Of all positions, of the first, or of some."""
        if self.positions is None:
            return "parity"
        return "first" if self.positions == (0,) else f"parity of positions {self.positions}"

    def __repr__(self) -> str:
        return "parity()" if self.positions is None else f"parity({list(self.positions)!r})"

    def __call__(self, x: Any) -> Any:
        """The product of the entries chosen."""
        require_input(x)
        chosen = range(len(x)) if self.positions is None else self.positions
        value = x[0] * x[0]
        for i in chosen:
            value = value * x[i]
        return value

    @property
    def threshold_size(self) -> int:
        """The first n at which all of P are positions."""
        return 1 + max(self.positions, default=0) if self.positions is not None else 1

    def degree(self, n: Size) -> Size:
        """|P|.

        Args:
            n: a positive integer, a symbol or a formula's text.
        """
        return exact_size(n, "n") if self.positions is None else len(self.positions)

    def _average(self, n: Size) -> sp.Expr:
        return ONE * self.degree(n)

    def _influence(self, n: Size) -> Mapping[int | str, sp.Expr]:
        if self.positions is None:
            return {"other": ONE}
        return {**dict.fromkeys(self.positions, ONE), "other": sp.S.Zero}

    def _weight(self, d: int, n: Size) -> sp.Expr:
        if isinstance(self.degree(n), sp.Expr):
            return sp.KroneckerDelta(d, n)
        return ONE if d == self.degree(n) else sp.S.Zero

    def _degrees(self, n: Size) -> tuple[Size, ...]:
        return (self.degree(n),)

    def _profile(self, n: Size) -> tuple[tuple[Size, sp.Expr], ...]:
        return ((self.degree(n), sp.Integer(2) ** n),)

    def leading(self) -> Leading | None:
        """n, or |P|."""
        if self.positions is None:
            return Leading(ONE, ONE, SIZE)
        return Leading(sp.S.Zero, self.average(SIZE), SIZE) if self.positions else None

    @property
    def limit(self) -> sp.Rational:
        """1/2 for all positions, 0 for some."""
        return sp.Rational(1, 2) if self.positions is None else sp.S.Zero


def parity(positions: Any = None) -> Parity:
    """The product of the entries at some positions or at all of them.

    Args:
        positions: counted from 0, distinct; all of them where nothing is said.

    Raises:
        InvalidArgument: a position twice.

    >>> parity().average(SIZE), parity([0, 2]).average(5)
    (n, 2)
    """
    if positions is None:
        return Parity()
    given = read_list(positions, "positions", "integers such as [0, 2]")
    listed = tuple(sorted(read_integer(i, f"positions[{j}]") for j, i in enumerate(given)))
    if len(set(listed)) < len(listed):
        raise InvalidArgument("positions", "must be distinct", f"they are {listed}")
    return Parity(listed)


def first() -> Parity:
    """The entry at position 0."""
    return Parity((0,))
