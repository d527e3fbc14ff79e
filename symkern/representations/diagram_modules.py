r"""Specht modules of arbitrary diagrams: finite sets D of cells, not only those of partitions.

Number the cells of D from 1 to n. With a_D the sum of the permutations that keep the rows and b_D the signed sum of those that keep the columns,

    S^D = Q[S_n] b_D a_D,      multiplicity of S^lam in S^D = rank of rho_lam(b_D a_D).

For the diagram of lam it is S^lam; for a skew shape lam/mu its multiplicities are the Littlewood-Richardson coefficients c^lam_(mu nu).
Of other diagrams (rook placements, forests, permutations) some have combinatorial rules, and all have this one.

A sum over the permutations of a block k_1, ..., k_m is the product of the 1 + (k_1 k_j) + ... + (k_(j-1) k_j), j = 2..m, so that no sum over the
group is formed. The module itself is in `symkern.representations.diagram_forms`. The matrices are those of Young's natural form.

Source: James and Peel, *Specht series for skew representations of symmetric groups*, J. Algebra 56 (1979); Reiner and Shimozono,
*Specht series for column-convex diagrams*, J. Algebra 174 (1995).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symkern.characters import skew_schur
from symkern.combinatorics import Partition, SkewPartition, partitions
from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument
from symkern.exact.sparse import SparseMatrix
from symkern.limits import check_time, expect, within_time
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list, read_pair
from symkern.representations.natural import natural

Cell = tuple[int, int]

# For ten cells, where few share a row or a column; a cell more takes 3.5 times as long.
_SECONDS_OF_TEN = 15


def diagram_multiplicities(diagram: Iterable[Cell] | SkewPartition) -> dict[Partition, int]:
    """{lam: multiplicity of S^lam in the Specht module of the diagram}, without zeros, reverse lexicographic.

    Args:
        diagram: cells (row, column), or a skew shape; only which cells share a row or a column matters.

    Raises:
        InvalidArgument: where a cell occurs twice.
        TooLarge: where the matrices do not fit in memory.

    >>> diagram_multiplicities([(0, 0), (1, 1), (2, 0)])
    {Partition(2, 1): 1, Partition(1, 1, 1): 1}
    >>> diagram_multiplicities(SkewPartition((2, 1), (1,)))
    {Partition(2): 1, Partition(1, 1): 1}
    """
    if isinstance(diagram, SkewPartition):
        return skew_schur(diagram.outer, diagram.inner)
    cells = read_diagram(diagram)
    n = len(cells)
    with within_time("this module", "a diagram of fewer cells takes less"):
        expect(_SECONDS_OF_TEN * 3.5 ** (n - 10))
    irreps = partitions(n)
    largest = max(lam.dimension for lam in irreps)
    require_bytes("the matrices of the irreps", 16 * largest * largest)
    rows, columns = blocks_of(cells, 0), blocks_of(cells, 1)
    found = {}
    with within_time("this module", "a diagram of fewer cells takes less"):
        for lam in irreps:
            matrix = _block_sums(lam, columns, -1) @ _block_sums(lam, rows, 1)
            rank = matrix.rank()
            if rank:
                found[lam] = rank
    return found


def read_diagram(diagram: Iterable[Cell] | SkewPartition) -> list[Cell]:
    """The cells of a diagram, each once.

    >>> read_diagram(SkewPartition((2, 1), (1,)))
    [(0, 1), (1, 0)]
    """
    listed = diagram.cells if isinstance(diagram, SkewPartition) else diagram
    cells: list[Cell] = []
    for cell in read_list(listed, "diagram", "cells"):
        row, column = read_pair(cell, "diagram", "a row and a column")
        cells.append((read_integer(row, "diagram"), read_integer(column, "diagram")))
    if len(set(cells)) < len(cells):
        twice = next(cell for cell in cells if cells.count(cell) > 1)
        raise InvalidArgument("diagram", "must hold a cell once", f"{twice} occurs twice")
    return cells


def blocks_of(cells: Sequence[Cell], side: int) -> list[list[int]]:
    """The numbers of the cells in each row (side 0) or column (side 1).

    >>> blocks_of([(0, 1), (1, 0), (0, 3)], 0)
    [[0, 2], [1]]
    """
    lines = sorted({cell[side] for cell in cells})
    return [[k for k, cell in enumerate(cells) if cell[side] == line] for line in lines]


def _block_sums(lam: Partition, blocks: Sequence[Sequence[int]], sign: int) -> SparseMatrix:
    """rho_lam of the sum over the permutations that keep the blocks, each times sign to the power of its length."""
    n = lam.size
    rho = natural(lam)
    one = SparseMatrix.identity(lam.dimension)
    total = one
    for block in blocks:
        for j in range(1, len(block)):
            factor = one
            for i in range(j):
                check_time()
                swap = list(range(n))
                swap[block[i]], swap[block[j]] = block[j], block[i]
                factor = factor + sign * rho(swap)
            total = total @ factor
    return total
