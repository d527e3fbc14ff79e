r"""Kostka numbers: permutation modules in irreps.

K_(lam mu) counts the semistandard tableaux of shape lam with mu_1 ones, mu_2 twos, ...; it is the
multiplicity of S^lam in the permutation module M^mu of S_n on the words with mu_i letters i,

    M^mu = sum over lam of K_(lam mu) S^lam,      h_mu = sum over lam of K_(lam mu) s_lam,

not zero exactly when lam dominates mu. The letters of one kind form a horizontal strip (Pieri's rule),
so the numbers obey the same recursion by columns as characters, with horizontal strips in place of
border strips and without signs (`symkern.characters.strip_operators`). They are bounded by
K_(lam mu) <= f^lam, which fits in 64 bits up to n = 35.

Source: Sagan, *The Symmetric Group*, 2.11; Macdonald, *Symmetric Functions and Hall Polynomials*, I.6.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.characters.columns import FITS_UP_TO
from symkern.characters.labelled_squares import LabelledSquare
from symkern.characters.shapes import LARGEST, ShapeNumbers, Shapes
from symkern.characters.strip_operators import horizontal_operators
from symkern.combinatorics.generation import partition_count
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike, require_size, require_two
from symkern.combinatorics.partition_spelling import read_parts
from symkern.errors import InvalidArgument, displayed
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown


def kostka(lam: PartitionLike, mu: PartitionLike, *others: object) -> int:
    """K_(lam mu), the number of semistandard tableaux of shape lam and content mu.

    Args:
        lam: the shape, a partition.
        mu: the content, a composition of the same number: its order does not matter, and zeros are dropped.
        *others: nothing; for the message where a third partition is given.

    Raises:
        SizeMismatch: partitions of different numbers.

    >>> kostka((3, 2, 1), (2, 2, 1, 1)), kostka((2, 2), (3, 1)), kostka((2, 1), (1, 0, 2))
    (4, 0, 1)
    """
    require_two("kostka", others, "a shape and a content")
    shape, content = Partition.read(lam, "lam"), _read_content(mu)
    require_size(content, shape)
    if not shape.dominates(content):
        return 0
    frontier = Counter({tuple(shape): 1})
    for k in content:
        if k == 1:  # what is left is filled in standard ways
            break
        following: Counter[tuple[int, ...]] = Counter()
        for rows, count in frontier.items():
            for left in _without_strip(rows, k):
                following[left] += count
        frontier = following
    return sum(
        count * Partition.trusted(part for part in rows if part).dimension
        for rows, count in frontier.items()
    )


def _read_content(mu: object, argument: str = "mu") -> Partition:
    """The parts of a composition in decreasing order."""
    if isinstance(mu, str):
        mu = read_parts(mu, argument)
    if isinstance(mu, (tuple, list)):
        parts = [read_integer(part, argument) for part in mu]
        return Partition.trusted(sorted(filter(None, parts), reverse=True))
    return Partition.read(mu, argument)


def _without_strip(rows: tuple[int, ...], k: int) -> list[tuple[int, ...]]:
    """The shape without a horizontal strip of k cells, in all ways; trailing zeros may stay."""
    partial: list[tuple[tuple[int, ...], int]] = [((), k)]
    for i, row in enumerate(rows):
        below = rows[i + 1] if i + 1 < len(rows) else 0
        partial = [
            ((*kept, row - b), rest - b)
            for kept, rest in partial
            # later rows lose at most row i + 1
            for b in range(max(0, rest - below), min(rest, row - below) + 1)
        ]
    return [kept for kept, _ in partial]


class KostkaMatrix(LabelledSquare, Shown):
    """The Kostka numbers of size n; ask `kostka_matrix` for them.

    ``matrix[lam, mu]`` is K_(lam mu) as an int. ``values`` is the read-only square array, rows (shapes) and
    columns (contents) in the order of ``partitions``, upper unitriangular: int64 for n <= 35, Python
    ints beyond. Its column mu holds the multiplicities of the irreps in the permutation module M^mu.

    >>> matrix = kostka_matrix(3)
    >>> matrix.values.tolist(), matrix["2,1", "1,1,1"]
    ([[1, 1, 1], [0, 1, 2], [0, 0, 1]], 2)
    """

    def __init__(self, n: int) -> None:
        self.n = read_integer(n, "n", maximum=current().group_size)
        what = f"the Kostka matrix of size {self.n}"
        if self.n > 400:
            require_bytes(what, 8 << 2 * (int(2.88 * self.n**0.5) - 4))  # p(n) >= exp(2 sqrt(n))/14
        each = 8 if self.n <= FITS_UP_TO else 48
        require_bytes(what, partition_count(self.n) ** 2 * each * 3 // 2)
        if self.n > LARGEST:
            raise InvalidArgument("n", f"must be at most {LARGEST}", f"it is {displayed(self.n)}")
        self.values = _columns(self.n)
        self.values.flags.writeable = False

    _name = "matrix"

    @staticmethod
    def _read_column(label: Any, argument: str) -> Partition:
        return _read_content(label, argument)

    def __repr__(self) -> str:
        return f"kostka_matrix({self.n})"


def kostka_matrix(n: int) -> KostkaMatrix:
    """All Kostka numbers of size n.

    Args:
        n: at least 0.

    Raises:
        TooLarge: they do not fit in memory, before anything is built.

    >>> kostka_matrix(6)[(3, 2, 1), (2, 2, 1, 1)]
    4
    """
    return KostkaMatrix(n)


def _columns(n: int) -> npt.NDArray[Any]:
    """The columns (k, rho) are H(n, k) times the columns rho of n - k; see `symkern.characters.columns`."""
    width = np.dtype(np.int64 if n <= FITS_UP_TO else object)
    shapes = Shapes.up_to(n)
    numbers = ShapeNumbers(shapes)
    found = [np.ones((1, 1), dtype=width)]
    for m in range(1, n + 1):
        top = m if m == n else min(m, n - m)
        operators = horizontal_operators(shapes[m], top, numbers)
        blocks = []
        for k in range(top, 0, -1):
            shorter = found[m - k]
            # Of the shorter one the columns with parts at most k: the last ones.
            count = len(shapes[m - k]) - shapes[m - k].starts[min(k, m - k)]
            factor = np.ascontiguousarray(shorter[:, shorter.shape[1] - count :])
            blocks.append(operators[k - 1] @ factor)
        found.append(
            np.concatenate(blocks, axis=1) if blocks else np.zeros((len(shapes[m]), 0), width)
        )
    return found[n]
