r"""Values of a pipeline on two letters at many tables with the same letters of x and of y: what is affine there is computed twice.

Tied attention, residuals and affine maps leave a sum of K' = G(x) K_0 G(y)^T, and K_0 is a pattern: each entry of K', by the types of its
positions, is affine in the table N_tu. For given letters of x and of y a table of two letters is known by N_11 alone; so two values of the matrix give
it at all tables, and only the entrywise stages behind are run at each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symkern.exact.reals import real
from symkern.kernels.algebras.position_types import TypeRecursion

Counts = tuple[int, ...]


class GivenLetters(TypeRecursion):
    """The recursion of a kernel whose first ``affine`` stages leave entries that are affine in the table, and whose others are entrywise or a readout.

    >>> from symkern.kernels import embedding
    >>> k = embedding(1, 1).attention("tied", "softmax").mlp("erf").mean_pool()
    >>> one, other = GivenLetters(k, 2), TypeRecursion(k)
    >>> bool(one([[3, 2], [4, 5]]).overlaps(other([[3, 2], [4, 5]])))
    True
    """

    def __init__(self, kernel: Any, affine: int) -> None:
        super().__init__(kernel)
        self.affine = affine
        self._lines: dict[tuple[Counts, Counts], tuple[int, Any, Any, int]] = {}

    def __call__(self, table: Sequence[Sequence[int]], star: tuple[int, int] | None = None) -> Any:
        """k(x, y); tables with a type of fewer than two positions, which has no pair of them, are computed as they are."""
        (n00, n01), (n10, n11) = table
        lowest, highest = 2 + max(0, n11 - n00), n11 + min(n01, n10) - 2
        if star is not None or highest - lowest < 2 or not lowest <= n11 <= highest:
            return super().__call__(table, star)
        key = (n00 + n01, n10 + n11), (n00 + n10, n01 + n11)
        if key not in self._lines:
            self._lines[key] = self._line(table, lowest, highest)
        at, value, slope, asked = self._lines[key]
        run = self.pair(table)
        matrix = value.plus(slope.scaled(real(n11 - at))).lifted(range(4), run.types)
        return run.resumed(matrix, asked, self.stages[self.affine :])

    def _line(
        self, table: Sequence[Sequence[int]], lowest: int, highest: int
    ) -> tuple[int, Any, Any, int]:
        """The matrix at the lowest N_11, and by how much it grows with it."""
        found = []
        for node in (lowest, highest):
            by = node - table[1][1]
            moved = [[table[0][0] + by, table[0][1] - by], [table[1][0] - by, table[1][1] + by]]
            run = self.pair(moved)
            found.append(run.follow(self.stages[: self.affine]))
        first, last = (m.lifted(range(4), replace(found[0].types, sizes=(2,) * 4)) for m in found)
        slope = last.plus(first.scaled(real(-1))).scaled(real(Fraction(1, highest - lowest)))
        return lowest, first, slope, run.asked
