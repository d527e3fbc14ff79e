"""The tree of a formula: products of powers of names, roots, function values and sums.

`symkern.typeset.layout` builds it, `symkern.typeset.plain` and `symkern.typeset.tex` print it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy as sp


@dataclass(frozen=True)
class Name:
    """A symbol, or a constant such as pi."""

    symbol: sp.Expr


@dataclass(frozen=True)
class Root:
    """The root of positive integer ``degree`` of a product."""

    radicand: Product
    degree: int


@dataclass(frozen=True)
class Call:
    """A function of products, such as exp(2 alpha)."""

    function: str
    arguments: tuple[Product, ...]


@dataclass(frozen=True)
class Power:
    """A power whose exponent is itself a formula, such as v^L."""

    base: Product
    exponent: Product


@dataclass(frozen=True)
class Sum:
    """Two or more terms."""

    terms: tuple[Product, ...]


Node = Name | Root | Call | Power | Sum


@dataclass(frozen=True)
class Product:
    """``coefficient`` times the factors, each with a nonzero integer exponent."""

    coefficient: Fraction
    factors: tuple[tuple[Node, int], ...]

    @property
    def above(self) -> tuple[tuple[Node, int], ...]:
        """The factors of the numerator."""
        return tuple((node, e) for node, e in self.factors if e > 0)

    @property
    def below(self) -> tuple[tuple[Node, int], ...]:
        """The factors of the denominator, with positive exponents."""
        return tuple((node, -e) for node, e in self.factors if e < 0)
