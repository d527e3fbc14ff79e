r"""How the number K_0(n) of inputs of zero sensitivity grows, and what a published theorem says of it; the theorem is cited.

A random transformer with layer norm (without a constant under its root), width D, Lay layers, parameters in a fixed compact box and outputs separated by a margin computes almost surely, for all
large N, a function with at least N^{(D-1)/(2 Lay) - 5} inputs of zero sensitivity. A function with fewer, for all large N, is therefore not learned from a random start in the
sense of that theorem. (Köver, Butoi, Svete, Hahn, Cotterell, arXiv 2606.08768, Theorem 4.5 and Corollary 4.6.) The statement is quoted, not proved here. It is asymptotic: at moderate N
functions below the bound are learned, FIRST among them. Where the exponent is not positive, and for functions with more such inputs, it says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sympy as sp

from symkern.claims import Standing
from symkern.errors import InvalidArgument
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class ZeroGrowth(Shown):
    """K_0(n) is 0 from some n on, of order n^power at most ("polynomial"), or exponential."""

    kind: Literal["zero", "polynomial", "exponential"]
    power: int = 0

    @property
    def least_width(self) -> str:
        """The condition under which the theorem speaks of it, in width D and layers."""
        if self.kind == "exponential":
            return "none"
        return f"D > 1 + {2 * (self.power + 5)} Lay"


@dataclass(frozen=True)
@typed
class ZeroVerdict(Shown):
    """What the theorem says of one growth: ``is_below`` where it excludes learning, asymptotically; ``standing`` is *cited*.

    >>> print(zero_verdict(ZeroGrowth("zero"), width=128, layers=2))
    asymptotic, for D = 128 and Lay = 2: fewer inputs of zero sensitivity than the N^(107/4) of a random transformer, not learnable for large N (cited: Köver et al., ICML 2026)
    """

    growth: ZeroGrowth
    width: int
    layers: int
    standing: Standing = Standing.CITED

    @property
    def exponent(self) -> sp.Rational:
        """(D - 1)/(2 Lay) - 5."""
        return sp.Rational(self.width - 1, 2 * self.layers) - 5

    @property
    def is_below(self) -> bool:
        """Whether K_0 is below the bound for all large N."""
        return self.growth.kind != "exponential" and bool(self.exponent > self.growth.power)

    def __str__(self) -> str:
        sizes = f"asymptotic, for D = {self.width} and Lay = {self.layers}: "
        if self.is_below:
            return f"{sizes}fewer inputs of zero sensitivity than the N^({self.exponent}) of a random transformer, not learnable for large N (cited: Köver et al., ICML 2026)"
        if self.growth.kind == "exponential":
            return f"{sizes}no verdict, which does not mean learnable: K_0 is exponential (cited: Köver et al., ICML 2026)"
        return f"{sizes}no statement: it takes {self.growth.least_width} (cited: Köver et al., ICML 2026)"


@typed
def zero_verdict(growth: ZeroGrowth, *, width: int, layers: int) -> ZeroVerdict:
    """What the cited theorem says of functions whose K_0 grows so, for transformers of this width and number of layers.

    Args:
        growth: `Automaton.growth`, or of a family `zero_family`.
        width: D.
        layers: Lay.

    >>> print(zero_verdict(ZeroGrowth("polynomial", 1), width=12, layers=1))
    asymptotic, for D = 12 and Lay = 1: no statement: it takes D > 1 + 12 Lay (cited: Köver et al., ICML 2026)
    """
    read_integer(width, "width", 2)
    read_integer(layers, "layers", 1)
    if growth.power < 0:
        raise InvalidArgument(
            "growth", "must have a power that is not negative", f"it is {growth.power}"
        )
    return ZeroVerdict(growth, width, layers)
