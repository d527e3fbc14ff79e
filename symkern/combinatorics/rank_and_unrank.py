r"""The place of an object in its list, and the object at a place, without the list.

    partitions of n                        in the order of ``partitions(n)``, reverse lexicographic
    permutations of 0..n-1                 lexicographic, as `itertools.permutations` lists them
    standard tableaux of a shape           in the order of ``standard_tableaux``
    semistandard ones, skew ones           in the order of ``semistandard_tableaux`` and ``skew_semistandard_tableaux``

Places count from 0. Each is a sum of numbers of objects that begin otherwise: partitions with a smaller largest part, factorials, paths in
Young's lattice (Aitken's determinant, `symkern.combinatorics.skew`), chains of horizontal strips.

Source: Nijenhuis and Wilf, *Combinatorial Algorithms* (2nd ed., 1978), chapters 9, 10 and 13.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from functools import lru_cache
from math import factorial

from symkern.combinatorics.generation import partition_count
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import PermutationLike, read_permutation
from symkern.combinatorics.skew import SkewPartition
from symkern.combinatorics.skew_tableaux import SkewTableau
from symkern.combinatorics.tableaux import Tableau, fillings_of
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.limits import current
from symkern.reading.integers import read_integer


def rank_partition(lam: PartitionLike) -> int:
    """The place of lam in ``partitions(|lam|)``, from 0 on.

    Args:
        lam: a partition.

    >>> [rank_partition(lam) for lam in ((4,), (3, 1), (2, 2), (2, 1, 1), (1, 1, 1, 1))]
    [0, 1, 2, 3, 4]
    """
    shape = Partition.read(lam)
    counts = _largest_parts(shape.size)
    place, rest, cap = 0, shape.size, shape.size
    for part in shape:
        place += counts(min(cap, rest), rest) - counts(part, rest)
        rest -= part
        cap = part
    return place


def unrank_partition(n: int, index: int) -> Partition:
    """The partition number ``index`` of ``partitions(n)``.

    Args:
        n: at least 0.
        index: from 0 to their number less one.

    Raises:
        InvalidArgument: there is none at this place.

    >>> unrank_partition(4, 3), unrank_partition(20, 300)
    (Partition(2, 1, 1), Partition(7, 5, 3, 1, 1, 1, 1, 1))
    """
    size = read_integer(n, "n", maximum=current().counted_size)
    place = _read_index(index, partition_count(size))
    counts = _largest_parts(size)
    parts: list[int] = []
    rest = cap = size
    while rest:
        # Those with parts at most k come last; the first part is the smallest k for which they reach back to the place.
        total = counts(min(cap, rest), rest)
        behind = total - place
        part = bisect_left(range(min(cap, rest) + 1), behind, key=lambda k: counts(k, rest))
        place -= total - counts(part, rest)
        parts.append(part)
        rest -= part
        cap = part
    return Partition.trusted(parts)


class _LargestParts:
    """The numbers of partitions of m <= n with parts at most k, as polynomials: one integer for each k."""

    def __init__(self, n: int) -> None:
        self._bits = partition_count(n).bit_length() + 1
        require_bytes(f"the numbers of partitions up to {n}", (n + 1) ** 2 * self._bits // 8)
        full = (1 << (n + 1) * self._bits) - 1
        self._polynomials = [1]
        for k in range(1, n + 1):
            polynomial, step = self._polynomials[-1], k
            while step <= n:
                polynomial = (polynomial + (polynomial << step * self._bits)) & full
                step *= 2
            self._polynomials.append(polynomial)

    def __call__(self, k: int, m: int) -> int:
        return self._polynomials[k] >> m * self._bits & ((1 << self._bits) - 1)


@lru_cache(maxsize=2)
def _largest_parts(n: int) -> _LargestParts:
    return _LargestParts(read_integer(n, "n", maximum=current().counted_size))


def rank_permutation(perm: PermutationLike) -> int:
    """The place of a permutation of 0..n-1 among all in lexicographic order.

    Args:
        perm: a permutation of 0..n-1.

    >>> rank_permutation((0, 1, 2)), rank_permutation((2, 0, 1))
    (0, 4)
    """
    images = read_permutation(perm)
    place = 0
    smaller: list[int] = []
    for count, image in enumerate(reversed(images)):
        place += bisect_left(smaller, image) * factorial(count)
        insort(smaller, image)
    return place


def unrank_permutation(n: int, index: int) -> tuple[int, ...]:
    """The permutation number ``index`` of 0..n-1.

    Args:
        n: at least 0.
        index: from 0 to n! - 1.

    Raises:
        InvalidArgument: there is none at this place.

    >>> unrank_permutation(3, 4)
    (2, 0, 1)
    """
    size = read_integer(n, "n", maximum=current().subset_positions)
    place = _read_index(index, factorial(size))
    digits = []
    for base in range(1, size + 1):
        place, digit = divmod(place, base)
        digits.append(digit)
    left = list(range(size))
    return tuple(left.pop(digit) for digit in reversed(digits))


def rank_tableau(tableau: Tableau | SkewTableau, letters: int | None = None) -> int:
    """The place of a tableau in its list: of the standard ones where it is standard and straight and ``letters`` is not given, else of the semistandard ones with entries 1..letters.

    Args:
        tableau: standard or semistandard, of straight or skew shape.
        letters: how many letters the semistandard tableaux may have.

    Raises:
        InvalidArgument: where the tableau is not semistandard, or has more letters.

    >>> [rank_tableau(t) for t in Partition(3, 2).standard_tableaux()]
    [0, 1, 2, 3, 4]
    >>> [rank_tableau(t, letters=3) for t in Partition(2, 1).semistandard_tableaux(3)]
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    if not isinstance(tableau, (Tableau, SkewTableau)):
        raise InvalidType("tableau", "must be a Tableau or a SkewTableau", tableau)
    if not tableau.is_semistandard:
        shown = f"its rows are {displayed(tableau.rows)}"
        raise InvalidArgument("tableau", "must be semistandard", shown)
    if letters is None and isinstance(tableau, Tableau) and tableau.is_standard:
        return _rank_standard(tableau)
    least = len(tableau.weight)
    if letters is None and tableau.is_standard:
        return fillings_of(tableau.shape, None, [1] * least).rank(tableau.rows)
    if letters is None:
        raise InvalidArgument("letters", "must be given for a semistandard tableau", "it is None")
    count = read_integer(letters, "letters", minimum=least)
    return fillings_of(tableau.shape, count, None).rank(tableau.rows)


def unrank_tableau(
    shape: PartitionLike | SkewPartition, index: int, letters: int | None = None
) -> Tableau | SkewTableau:
    """The tableau number ``index``: of the standard ones of a shape, or of the semistandard ones with entries 1..letters.

    Args:
        shape: a partition or a skew shape.
        index: from 0 to their number less one.
        letters: the largest entry of semistandard tableaux; None for standard ones.

    Raises:
        InvalidArgument: there is none at this place.

    >>> print(unrank_tableau((3, 2), 4))
    1 3 5
    2 4
    """
    known = shape if isinstance(shape, SkewPartition) else Partition.read(shape, "shape")
    read_integer(known.size, "|shape|", maximum=current().counted_size)
    if letters is None and isinstance(known, Partition):
        return _unrank_standard(known, index)
    weight = [1] * known.size if letters is None else None
    fillings = fillings_of(known, letters, weight)
    rows = fillings.unrank(_read_index(index, fillings.count))
    return SkewTableau(rows) if isinstance(shape, SkewPartition) else Tableau(rows)  # type: ignore[arg-type]


def _grown(rows: tuple[int, ...], shape: Partition) -> list[tuple[int, tuple[int, ...]]]:
    """(row, shape after) of the cells that can be added inside the shape, first row first."""
    return [
        (i, (*rows[:i], row + 1, *rows[i + 1 :]))
        for i, row in enumerate(rows)
        if row < shape[i] and (i == 0 or row < rows[i - 1])
    ]


def _completions(rows: tuple[int, ...], shape: Partition) -> int:
    return SkewPartition(shape, Partition.trusted(row for row in rows if row)).standard_count


def _rank_standard(tableau: Tableau) -> int:
    shape = tableau.shape
    at = {entry: i for i, row in enumerate(tableau.rows) for entry in row}
    rows, place = (0,) * len(shape), 0
    for entry in range(1, shape.size + 1):
        for i, grown in _grown(rows, shape):
            if i == at[entry]:
                rows = grown
                break
            place += _completions(grown, shape)
    return place


def _unrank_standard(shape: Partition, index: int) -> Tableau:
    place = _read_index(index, shape.dimension)
    filled: list[list[int]] = [[] for _ in shape]
    rows = (0,) * len(shape)
    for entry in range(1, shape.size + 1):
        for i, grown in _grown(rows, shape):
            count = _completions(grown, shape)
            if place < count:
                filled[i].append(entry)
                rows = grown
                break
            place -= count
    return Tableau.trusted(tuple(map(tuple, filled)))


def _read_index(index: object, count: int) -> int:
    if not count:
        raise InvalidArgument("index", "must be the place of an object", "there is none")
    return read_integer(index, "index", maximum=count - 1)
