"""Layer normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.kernels.stages.equations import State
from symkern.kernels.stages.stage import Entrywise


@dataclass(frozen=True)
class LayerNorm(Entrywise):
    """Layer normalisation, in the limit of infinite width: K_ab / sqrt(K_aa(x, x) K_bb(y, y)), without trained gain or bias.

    Features have mean zero and are divided by their standard deviation over the width; after it every diagonal is 1. Features of variance zero are an error.
    """

    name = "layer_norm"
    uses_variances = True
    after_readout = False
    certified = True

    def equation(self, states: Sequence[State]) -> str:
        """The entry over the root of both variances."""
        K = states[-1]
        under = rf"{K.at('a', 'a', 'x', 'x')} \, {K.at('b', 'b', 'y', 'y')}"
        return rf"\frac{{{K.at()}}}{{\sqrt{{{under}}}}}"

    def entry(self, algebra: Algebra) -> EntryMap:
        """r / sqrt(p q)."""
        return lambda r, p, q: algebra.cosine(r, p, q)

    def gap(self, algebra: str) -> str | None:
        """A root of counts is no polynomial in them."""
        return super().gap(algebra) and "it divides by the root of what depends on the counts"

    @property
    def is_rational(self) -> bool:
        """It takes roots."""
        return False

    def slope(self, algebra: Algebra) -> EntryMap:
        """1 / sqrt(p q)."""
        return lambda r, p, q: 1 / algebra.functions["sqrt"](p * q)
