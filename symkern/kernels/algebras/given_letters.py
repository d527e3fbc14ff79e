r"""Values of a pipeline on two letters at many tables with the same letters of x and of y: what is affine there is computed twice.

Tied attention, residuals and affine maps leave a sum of K' = G(x) K_0 G(y)^T, and K_0 is a pattern: each entry of K', by the types of its
positions, is affine in the table N_tu. For given letters of x and of y a table of two letters is known by N_11 alone; so two values of the matrix give
it at all tables, and only the entrywise stages behind are run. Over all of these tables an entry changes by some 1/L, so that such a stage is a short power
series in N_11 (`symkern.exact.ball_lines`): one run of them, with numbers of positions that are polynomials of degree one, gives the kernel at all tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar

from symkern.exact.ball_lines import (
    Line,
    LineNumber,
    absolute_along,
    angle_along,
    cosine_along,
    exponential_along,
    maximum_zero_along,
    relu_along,
    root_along,
)
from symkern.exact.generic_points import current_point
from symkern.exact.reals import is_exact, real
from symkern.kernels.algebras.algebra import EntryMap
from symkern.kernels.algebras.position_types import PositionTypes, TypeRecursion

Counts = tuple[int, ...]

#: Tables up to which there is no line: two of its ends on each side have a type without pairs of positions.
_FEW = 6


class LineTypes(PositionTypes):
    """The recursion on all pairs with given letters at once: entries and numbers of positions are functions of N_11."""

    functions: ClassVar[Mapping[str, Any]] = {
        "exp": exponential_along,
        "abs": absolute_along,
        "relu": maximum_zero_along,
        "sqrt": root_along,
    }
    angle = staticmethod(angle_along)
    cosine = staticmethod(cosine_along)

    def relu_dual(self, r: Any, p: Any, q: Any) -> Any:
        """E relu(u) relu(w)."""
        return relu_along(p, q, r)

    def angle_and_root(self, r: Any, square: Any, rest: Any) -> tuple[Any, Any]:
        """Both from one series."""
        root = root_along(rest)
        return angle_along(r, square, root), root

    @property
    def length(self) -> int:
        """L."""
        left, _ = self._sides
        return left.length

    def entry(self, stage: Any, part: str = "entry") -> EntryMap:
        """The map of an entrywise stage, made once."""
        key = stage, part, 0
        if key not in self.source.entries:
            self.source.entries[key] = getattr(stage, part)(self)
        return self.source.entries[key]


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
        #: By letters: the matrix where values are exact or traced, else the values themselves by N_11.
        self._known: dict[tuple[Counts, Counts], _AffineLine | list[Any]] = {}

    def __call__(self, table: Sequence[Sequence[int]], star: tuple[int, int] | None = None) -> Any:
        """k(x, y); of y = x, which knows what is equal, and where there are few tables, each is computed as it is."""
        (n00, n01), (n10, n11) = table
        lowest, highest = max(0, n11 - n00), n11 + min(n01, n10)
        if star is not None or highest - lowest < _FEW or not (n01 or n10):
            return super().__call__(table, star)
        key = (n00 + n01, n10 + n11), (n00 + n10, n01 + n11)
        if key not in self._known:
            line = self._line(table, lowest + 2, highest - 2)
            apart = current_point() is not None or line.is_exact
            self._known[key] = line if apart else self._values(line, key, lowest, highest)
        found = self._known[key]
        if isinstance(found, list):
            value = found[n11 - lowest]
            return value if value.is_finite() else super().__call__(table, star)
        if min(n00, n01, n10, n11) < 2:  # a type without pairs of positions
            return super().__call__(table, star)
        run = self.pair(table)
        matrix = found.value.plus(found.slope.scaled(real(n11 - found.lowest)))
        return run.resumed(matrix.lifted(range(4), run.types), found.asked, self._behind)

    @property
    def _behind(self) -> Sequence[Any]:
        return tuple(self.stages[self.affine :])

    def _line(self, table: Any, lowest: int, highest: int) -> _AffineLine:
        """By two tables in which each type has pairs of positions."""
        found = []
        for node in (lowest, highest):
            by = node - table[1][1]
            moved = [[table[0][0] + by, table[0][1] - by], [table[1][0] - by, table[1][1] + by]]
            run = self.pair(moved)
            found.append(run.follow(self.stages[: self.affine]))
        types = replace(found[0].types, sizes=(2,) * 4)
        first, last = (m.lifted(range(4), types) for m in found)
        slope = last.plus(first.scaled(real(-1))).scaled(real(Fraction(1, highest - lowest)))
        return _AffineLine(lowest, first, slope, run.asked)

    def _values(
        self, affine: _AffineLine, letters: tuple[Counts, Counts], lowest: int, highest: int
    ) -> list[Any]:
        """At N_11 = lowest, ..., highest: one run on functions of t, N_11 = middle + half t."""
        half = real(Fraction(highest - lowest, 2))
        middle = real(lowest) + half
        line = Line([(real(n) - middle) / half for n in range(lowest, highest + 1)])
        (_, left), (right_0, right) = letters
        ends = {
            (1, 1): (0, 1),
            (0, 1): (right, -1),
            (1, 0): (left, -1),
            (0, 0): (right_0 - left, 1),
        }
        types = affine.value.types
        sizes = []
        for t, u in zip(types.left, types.right, strict=True):
            constant, sign = ends[t, u]
            sizes.append(line.linear(constant + sign * middle, sign * half))
        run = LineTypes(self, replace(types, sizes=tuple(sizes)), [(c, None) for c in letters])

        def function(value: Any, slope: Any) -> LineNumber:
            return line.linear(value + slope * (middle - affine.lowest), slope * half)

        value, slope = affine.value, affine.slope
        pairs = zip(value.off, slope.off, strict=True)
        off = [[function(*e) for e in zip(*rows, strict=True)] for rows in pairs]
        diagonal = [function(*e) for e in zip(value.diagonal(), slope.diagonal(), strict=True)]
        empty = type(value)(run.types, off, [])
        found = run.resumed(empty.with_diagonal(diagonal), affine.asked, self._behind)
        number = found if isinstance(found, LineNumber) else line.linear(found, 0)
        return number.values


@dataclass(frozen=True)
class _AffineLine:
    """The matrix behind the affine stages at the lowest N_11, and by how much it grows with it; its runs have asked so often for what depends on one sequence."""

    lowest: int
    value: Any
    slope: Any
    asked: int

    @cached_property
    def is_exact(self) -> bool:
        """Whether all entries are rational, as values may be then."""
        listed = (e for m in (self.value, self.slope) for e in (*chain(*m.off), *m.extra))
        return all(map(is_exact, listed))
