r"""Skew shapes lam/mu: the cells of lam that are not in mu.

The number of standard fillings is Aitken's determinant

    f^(lam/mu) = N! det[ 1/(lam_i - mu_j - i + j)! ],  N = |lam| - |mu|, 1/k! = 0 for k < 0,

the number of paths from mu to lam in Young's lattice, and the multiplicity of S^mu in the
restriction of S^lam to S_|mu|. Source: Stanley, *Enumerative Combinatorics* 2, corollary 7.16.3.
"""

from __future__ import annotations

from math import comb, factorial

from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidArgument
from symkern.reading.integers import read_integer

__all__ = ["SkewPartition", "skew"]


def skew(outer: PartitionLike, inner: PartitionLike) -> SkewPartition:
    """The skew shape lam/inner."""
    return SkewPartition(outer, inner)


class SkewPartition:
    """The skew shape outer/inner.

    >>> shape = SkewPartition((3, 2, 1), (1, 1))
    >>> shape.size, shape.standard_count, shape.is_horizontal_strip
    (4, 8, False)
    >>> SkewPartition((2, 1), (3,))
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: inner: must lie inside outer = (2, 1), but it is (3,)
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, outer: PartitionLike, inner: PartitionLike) -> None:
        self._outer = Partition.read(outer, "outer")
        self._inner = Partition.read(inner, "inner")
        if not self._outer.contains(self._inner):
            raise InvalidArgument(
                "inner",
                f"must lie inside outer = {tuple(self._outer)}",
                f"it is {tuple(self._inner)}",
            )

    @property
    def outer(self) -> Partition:
        """lam of lam/mu."""
        return self._outer

    @property
    def inner(self) -> Partition:
        """mu of lam/mu."""
        return self._inner

    @property
    def size(self) -> int:
        """|lam| - |mu|."""
        return self._outer.size - self._inner.size

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """The cells (row, column), row by row, both from 0."""
        return tuple(
            (i, j) for i, row in enumerate(self._outer) for j in range(self._inner.part(i), row)
        )

    @property
    def conjugate(self) -> SkewPartition:
        """The transposed shape."""
        return SkewPartition(self._outer.conjugate, self._inner.conjugate)

    @property
    def is_horizontal_strip(self) -> bool:
        """No two cells in one column: lam_1 >= mu_1 >= lam_2 >= mu_2 ..."""
        return all(self._inner.part(i) >= row for i, row in enumerate(self._outer[1:]))

    @property
    def is_vertical_strip(self) -> bool:
        """No two cells in one row."""
        return all(row - self._inner.part(i) <= 1 for i, row in enumerate(self._outer))

    @property
    def is_border_strip(self) -> bool:
        """Connected, not empty and without a square of four cells."""
        rows = [i for i, row in enumerate(self._outer) if row > self._inner.part(i)]
        if not rows or rows[-1] - rows[0] >= len(rows):
            return False
        return all(self._outer[i + 1] == self._inner.part(i) + 1 for i in rows[:-1])

    @property
    def standard_count(self) -> int:
        """The number of standard fillings, exact.

        >>> SkewPartition((4, 2), (1,)).standard_count
        9
        """
        from sympy import QQ

        factorials = [QQ(1)]
        for k in range(1, self._outer.part(0) + len(self._outer) + 1):
            factorials.append(factorials[-1] * k)
        count = factorial(self.size) * self._determinant(
            [QQ(0) if k < 0 else 1 / factorials[k] for k in self._arguments()]
        )
        return int(count)

    def semistandard_count(self, letters: int) -> int:
        """The number of semistandard fillings with entries 1..letters, by Jacobi and Trudi.

        det[ C(letters + k - 1, k) ], k = lam_i - mu_j - i + j.
        """
        from sympy import QQ

        m = read_integer(letters, "letters")
        number = {k: comb(m + k - 1, k) if m + k else 1 for k in self._arguments() if k >= 0}
        return int(self._determinant([QQ(number.get(k, 0)) for k in self._arguments()]))

    def _arguments(self) -> list[int]:
        rows = range(len(self._outer))
        return [self._outer[i] - self._inner.part(j) - i + j for i in rows for j in rows]

    def _determinant(self, entries: list[object]) -> int:
        from sympy import QQ
        from sympy.polys.matrices import DomainMatrix

        order = len(self._outer)
        rows = [entries[i * order : (i + 1) * order] for i in range(order)]
        return DomainMatrix(rows, (order, order), QQ).det() if order else 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SkewPartition):
            return NotImplemented
        return (self._outer, self._inner) == (other._outer, other._inner)

    def __hash__(self) -> int:
        return hash((SkewPartition, self._outer, self._inner))

    def __repr__(self) -> str:
        return f"SkewPartition({tuple(self._outer)!r}, {tuple(self._inner)!r})"

    def __str__(self) -> str:
        return f"{self._outer}/{self._inner}"
