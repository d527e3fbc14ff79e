"""The groups that move positions: S_L, all of them, and S_{L-1}, all but one that is read by itself.

The irreps of S_n are labelled by mu, the partition below the first row; (n - |mu|, mu) exists from n = |mu| + mu_1 on, and its dimension is a
polynomial in n (`symkern.bounds.dimension`). A kernel says by which group it is invariant, ``kernel.group``; a spectrum's irreps are of that group.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symkern.bounds.dimensions import dimension
from symkern.combinatorics import Partition
from symkern.reading.annotated import typed
from symkern.typeset.labels import irrep_latex, irrep_text
from symkern.typeset.shown import Shown


@dataclass(frozen=True, order=True)
@typed
class PositionGroup(Shown):
    """The permutations of L positions that leave the last ``fixed`` of them where they are; the larger group sorts first.

    >>> from symkern.abc import L
    >>> OTHER_POSITIONS.name, OTHER_POSITIONS.label((1,), L), OTHER_POSITIONS.dimension((1,), L)
    ('S_{L-1}', '(L-2,1)', L - 2)
    """

    fixed: int = 0

    @property
    def name(self) -> str:
        """S_L or S_{L-1}, as text, in LaTeX and in documents."""
        return f"S_{{L-{self.fixed}}}" if self.fixed else "S_L"

    @typed
    def moved(self, length: int | sp.Expr) -> int | sp.Expr:
        """The number of positions that are moved.

        Args:
            length: a number or a symbol.
        """
        return length - self.fixed

    @typed
    def exists(self, mu: Partition, length: int) -> bool:
        """Whether there is an irrep mu at this length.

        Args:
            mu: the partition below the first row.
            length: a number.
        """
        return length >= self.threshold(mu)

    @typed
    def threshold(self, mu: Partition) -> int:
        """The length from which on there is an irrep mu: |mu| + mu_1 positions that are moved.

        Args:
            mu: the partition below the first row.
        """
        return mu.threshold + self.fixed

    @typed
    def dimension(self, mu: object, length: int | sp.Expr) -> int | sp.Expr:
        """The dimension of the irrep mu at this length, a number or a polynomial in it.

        Args:
            mu: the partition below the first row.
            length: a number or a symbol.
        """
        return dimension(mu, self.moved(length))

    @typed
    def label(self, mu: object, length: int | sp.Expr) -> str:
        """The irrep mu with its first row, as text.

        Args:
            mu: the partition below the first row.
            length: a number or a symbol.
        """
        return irrep_text(Partition.read(mu, "mu"), self.moved(length))

    @typed
    def latex(self, mu: object, length: int | sp.Expr) -> str:
        """The irrep mu with its first row, in LaTeX.

        Args:
            mu: the partition below the first row.
            length: a number or a symbol.
        """
        return irrep_latex(Partition.read(mu, "mu"), self.moved(length))


#: S_L, the group of kernels that average over positions.
ALL_POSITIONS = PositionGroup()

#: S_{L-1}, the group of kernels that read one position.
OTHER_POSITIONS = PositionGroup(1)
