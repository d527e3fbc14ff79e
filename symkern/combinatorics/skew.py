r"""Skew shapes lam/mu: the cells of lam that are not in mu.

The number of standard fillings is Aitken's determinant

    f^(lam/mu) = N! det[ 1/(lam_i - mu_j - i + j)! ],  N = |lam| - |mu|, 1/k! = 0 for k < 0,

the number of paths from mu to lam in Young's lattice, and the multiplicity of S^mu in the
restriction of S^lam to S_|mu|. Source: Stanley, *Enumerative Combinatorics* 2, corollary 7.16.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, factorial

from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.doors import SkewPartitionDoors
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.reading.integers import read_integer
from symkern.reading.nested_lists import read_nested
from symkern.typeset.shown import Shown


def skew(outer: PartitionLike, inner: PartitionLike) -> SkewPartition:
    """The skew shape lam/inner.

    Args:
        outer: a partition lam.
        inner: a partition inside it.

    Raises:
        InvalidArgument: it does not lie inside.
    """
    return SkewPartition(outer, inner)


def _read_both(shape: object) -> tuple[PartitionLike, PartitionLike]:
    """The two partitions of a pair or a text."""
    if isinstance(shape, SkewPartition):
        return shape.outer, shape.inner
    value: object = shape
    if isinstance(shape, str):
        outer, stroke, inner = shape.partition("/")
        if stroke:
            return outer, inner
        value = read_nested(shape, "outer", ["SkewPartition"])
        while isinstance(value, list) and len(value) == 1:
            value = value[0]
    if (
        not isinstance(value, (list, tuple))
        or len(value) != 2
        or any(hasattr(part, "__index__") for part in value)
    ):
        rule = "must be given, as in SkewPartition((3, 2), (1,)) or SkewPartition([[3, 2], [1]])"
        raise InvalidType("inner", rule, None)
    return value[0], value[1]


@dataclass(frozen=True, repr=False)
class SkewPartition(SkewPartitionDoors, Shown):
    """The skew shape outer/inner.

    Args:
        outer: a partition; or both in one, as a pair ``[[3, 2], [1]]`` or a text such as "3,2/1" or "SkewPartition([[3, 2], [1]])".
        inner: a partition inside it.

    Raises:
        InvalidArgument: it does not lie inside.

    >>> shape = SkewPartition((3, 2, 1), (1, 1))
    >>> shape.size, shape.standard_count, shape.is_horizontal_strip
    (4, 8, False)
    >>> SkewPartition([[3, 2], [1]]) == SkewPartition("3,2/1") == SkewPartition((3, 2), (1,))
    True
    >>> SkewPartition((2, 1), (3,))
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: inner: must lie inside outer = (2, 1), but it is (3,)
    """

    outer: Partition
    inner: Partition

    def __init__(self, outer: PartitionLike, inner: PartitionLike | None = None) -> None:
        """lam and mu of lam/mu."""
        if inner is None:
            outer, inner = _read_both(outer)
        object.__setattr__(self, "outer", Partition.read(outer, "outer"))
        object.__setattr__(self, "inner", Partition.read(inner, "inner"))
        if not self.outer.contains(self.inner):
            rule = f"must lie inside outer = {tuple(self.outer)}"
            raise InvalidArgument("inner", rule, f"it is {displayed(tuple(self.inner))}")

    @property
    def size(self) -> int:
        """|lam| - |mu|."""
        return self.outer.size - self.inner.size

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """The cells (row, column), row by row, both from 0."""
        return tuple(
            (i, j) for i, row in enumerate(self.outer) for j in range(self.inner.part(i), row)
        )

    @property
    def conjugate(self) -> SkewPartition:
        """The transposed shape."""
        return SkewPartition(self.outer.conjugate, self.inner.conjugate)

    @property
    def is_horizontal_strip(self) -> bool:
        """No two cells in one column: lam_1 >= mu_1 >= lam_2 >= mu_2 ..."""
        return all(self.inner.part(i) >= row for i, row in enumerate(self.outer[1:]))

    @property
    def is_vertical_strip(self) -> bool:
        """No two cells in one row."""
        return all(row - self.inner.part(i) <= 1 for i, row in enumerate(self.outer))

    @property
    def is_border_strip(self) -> bool:
        """Connected, not empty and without a square of four cells."""
        rows = [i for i, row in enumerate(self.outer) if row > self.inner.part(i)]
        if not rows or rows[-1] - rows[0] >= len(rows):
            return False
        return all(self.outer[i + 1] == self.inner.part(i) + 1 for i in rows[:-1])

    @property
    def standard_count(self) -> int:
        """The number of standard fillings, exact.

        >>> SkewPartition((4, 2), (1,)).standard_count
        9
        """
        from sympy import QQ

        entries = [QQ(0) if k < 0 else QQ(1, factorial(k)) for k in self._arguments()]
        return int(factorial(self.size) * self._determinant(entries))

    def semistandard_count(self, letters: int) -> int:
        """The number of semistandard fillings with entries 1..letters, by Jacobi and Trudi.

        det[ C(letters + k - 1, k) ], k = lam_i - mu_j - i + j.

        Args:
            letters: at least 0.
        """
        from sympy import QQ

        m = read_integer(letters, "letters")
        number = {k: comb(m + k - 1, k) if m + k else 1 for k in self._arguments() if k >= 0}
        return int(self._determinant([QQ(number.get(k, 0)) for k in self._arguments()]))

    def _arguments(self) -> list[int]:
        rows = range(len(self.outer))
        return [self.outer[i] - self.inner.part(j) - i + j for i in rows for j in rows]

    def _determinant(self, entries: list[object]) -> int:
        from sympy import QQ
        from sympy.polys.matrices import DomainMatrix

        order = len(self.outer)
        rows = [entries[i * order : (i + 1) * order] for i in range(order)]
        return DomainMatrix(rows, (order, order), QQ).det() if order else 1

    def __repr__(self) -> str:
        return f"SkewPartition({tuple(self.outer)!r}, {tuple(self.inner)!r})"

    def __str__(self) -> str:
        return f"{self.outer}/{self.inner}"
