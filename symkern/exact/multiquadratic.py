r"""Sums of square roots with rational functions as coefficients: the extension of Q(symbols) by sqrt(q_1), ..., sqrt(q_n),

    sum_S c_S prod_{j in S} sqrt(q_j),        c_S in Q(symbols),  S a set of numbers of radicands.

The radicands q_j are different primes, or different irreducible polynomials up to sign, positive where the symbols lie. No product of some of them is a
square, so that the products of roots are independent over Q(symbols) (Kummer): a sum is zero exactly when all c_S are.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

import sympy as sp

from symkern.exact.rational_functions import RationalFunction


class Multiquadratic:
    """``parts`` gives c_S by the set S, a binary number; ``radicands`` are the q_j. The usual operators with others of the same radicands, rational functions and numbers.

    >>> from symkern.abc import p
    >>> from symkern.exact import function_field
    >>> K = function_field((p,))
    >>> root = Multiquadratic({1: K(1)}, (K(p), K(1 - p)))
    >>> (root * root).to_sympy(), (1 / (1 + root)).to_sympy()
    (p, -sqrt(p)/(1 - p) + 1/(1 - p))
    """

    __slots__ = ("parts", "radicands")

    def __init__(
        self, parts: Mapping[int, RationalFunction], radicands: tuple[RationalFunction, ...]
    ) -> None:
        self.parts = {mask: c for mask, c in parts.items() if c}
        self.radicands = radicands

    @property
    def plain(self) -> RationalFunction | None:
        """The rational function that it is; None where a root stands in it."""
        if any(self.parts):
            return None
        return self.parts.get(0, self.radicands[0].field.zero)

    def _read(self, other: Any) -> Mapping[int, RationalFunction]:
        if isinstance(other, Multiquadratic):
            return other.parts
        return {0: self.radicands[0].field(other)}

    def __add__(self, other: Any) -> Multiquadratic:
        total = dict(self.parts)
        for mask, c in self._read(other).items():
            total[mask] = total[mask] + c if mask in total else c
        return Multiquadratic(total, self.radicands)

    def __mul__(self, other: Any) -> Multiquadratic:
        total: dict[int, RationalFunction] = {}
        for one, c in self.parts.items():
            for two, d in self._read(other).items():
                term = c * d
                for j, q in enumerate(self.radicands):
                    if one & two & 1 << j:
                        term = term * q
                mask = one ^ two
                total[mask] = total[mask] + term if mask in total else term
        return Multiquadratic(total, self.radicands)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Multiquadratic:
        return Multiquadratic({mask: -c for mask, c in self.parts.items()}, self.radicands)

    def __sub__(self, other: Any) -> Multiquadratic:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Multiquadratic:
        return self.__neg__().__add__(other)

    def __pow__(self, exponent: int) -> Multiquadratic:
        found = Multiquadratic({0: self.radicands[0].field.one}, self.radicands)
        for _ in range(exponent):
            found = found * self
        return found

    def __truediv__(self, other: Any) -> Multiquadratic:
        if not isinstance(other, Multiquadratic):
            return self.__mul__(1 / self.radicands[0].field(other))
        return self.__mul__(other._inverse())

    def __rtruediv__(self, other: Any) -> Multiquadratic:
        return self._inverse().__mul__(other)

    def _inverse(self) -> Multiquadratic:
        """By the conjugates that turn the sign of one root after another."""
        top, below = Multiquadratic({0: self.radicands[0].field.one}, self.radicands), self
        while any(below.parts):
            root = next(mask for mask in below.parts if mask)
            one = root & -root
            turned = {mask: -c if mask & one else c for mask, c in below.parts.items()}
            conjugate = Multiquadratic(turned, self.radicands)
            top, below = top * conjugate, below * conjugate
        if not below:
            raise ZeroDivisionError("zero has no inverse")
        return top.__mul__(1 / below.parts[0])

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Multiquadratic, RationalFunction, int, Fraction)):
            return NotImplemented
        return not self - other

    def __hash__(self) -> int:
        return hash(frozenset(self.parts.items()))

    def __len__(self) -> int:
        """Terms above and below the bars."""
        return sum(len(c.num) + len(c.den) for c in self.parts.values())

    def to_sympy(self) -> sp.Expr:
        """The sum as an expression, each product of roots one root."""
        found = []
        for mask, c in sorted(self.parts.items()):
            under = [q for j, q in enumerate(self.radicands) if mask & 1 << j]
            root = sp.sqrt(prod(under[1:], start=under[0]).to_sympy()) if under else sp.S.One
            found.append(c.to_sympy() * root)
        return sp.Add(*found)

    def __repr__(self) -> str:
        return f"Multiquadratic({self.parts!r}, {self.radicands!r})"
