r"""Single values chi^lam(mu) of the irreducible characters of S_n.

The Murnaghan-Nakayama rule removes a border strip for every part k of mu,

    chi^lam(mu) = sum over strips of k cells (-1)^height chi^(lam without the strip)(mu without k),

here on bead positions (`symkern.combinatorics.border_strips`), on all shapes of one size at
once, with a dictionary from shapes to coefficients: the *frontier*. The parts may be removed in any
order. Equal parts come off together, and which size comes next is decided by how many shapes it
leaves: the removal of m strips of k cells is the removal of m cells from the k-quotient, so that
the shapes left by lam are counted by

    prod over the k runners of sum_q t^(cells removed),  coefficient of t^m,

q running over the partitions inside the one on the runner. The size that leaves few shapes for the
cells that it removes goes first; where it leaves none, the value is zero. The smallest size k, which
occurs m times, is not unfolded at all: on the class (k^m)

    chi^lam(k^m) = +-1 * m! / product of (h/k) over the hook lengths h divisible by k

when the k-core of lam is empty, and 0 otherwise; for k = 1 this is the dimension.

Shapes with few cells below the first row, lam = (n - |nu|, nu), are characters of all S_n at once: with m_k
parts k in a partition gamma of |nu| and X_k of them in mu,

    chi^lam(mu) = sum over gamma of chi^nu(gamma)/z_gamma prod_k sum_(j=0..m_k) (-1)^(m_k - j) k^j C(m_k, j) (X_k)_j,

(X)_j = X (X - 1) ... (X - j + 1) (`symkern.characters.character_polynomial`); its cost does not depend on n.

Hooks and shapes of two rows are coefficients of a product of polynomials (`symkern.characters.hooks_and_two_rows`).
Shapes of a few short rows below the first are read off products of power sums (`symkern.characters.few_rows`).

lam labels the irrep, (n) the trivial one; mu is the cycle type.
Source: Sagan, *The Symmetric Group*, theorem 4.10.2; James and Kerber, *The Representation
Theory of the Symmetric Group*, 2.4.7 and 2.7.32.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, islice, zip_longest
from math import comb, factorial, log, perm, prod, sqrt

from symkern.characters.few_rows import (
    by_binomials,
    by_power_sums,
    exact_power_sum_cost,
    power_sum_cost,
)
from symkern.characters.frontiers import remove_strips_of_size
from symkern.characters.hooks_and_two_rows import by_one_variable, is_hook_or_two_rows
from symkern.combinatorics.border_strips import beads, runners
from symkern.combinatorics.generation import partition_count, partitions
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike, require_size
from symkern.combinatorics.permutation import read_cycle_type

_SAMPLE = 3  # shapes of the frontier that are asked which size comes next
_NEAR_TRIVIAL = 8  # cells below the first row; 22 partitions to sum over
_NEAR_TRIVIAL_AT_MOST = 30  # 5604 partitions, about a second
_CELLS_FOR_EACH_SUMMAND = 5  # of n; the strips of many cells cost more than so few partitions
_PLANNED_FROM = 40  # below that n, planning costs more than the largest part first
_FEW_WAYS = 3
_ONE_VARIABLE_FROM = 12  # below that n, a product of polynomials takes longer than strips
_FEW_ROWS = 7
_FEW_ROWS_COST = 1_500_000  # about a millisecond and a half
_LONG_ROW = 1000
_LONG_ROW_COST = 20_000_000  # a few seconds
_FEW_ROWS_COST_OF_A_CYCLE = 25_000  # with few cycles, strips are few as well
_PLANNED_ROWS = 4  # with fewer rows no order leaves many shapes, and planning is the larger work


def character(lam: PartitionLike, mu: PartitionLike) -> int:
    """chi^lam(mu), the character of the irrep S^lam on the permutations of cycle type mu; an exact int.

    Args:
        lam: a partition of n.
        mu: a cycle type of n, as parts in any order, or a permutation.

    Raises:
        SizeMismatch: partitions of different numbers.
        PartitionError: what is no partition.

    >>> character((3, 2, 1), (2, 2, 2)), character("3,1", "4")
    (0, -1)
    >>> character((2, 1), (2, 2))
    Traceback (most recent call last):
    ...
    symkern.errors.SizeMismatch: mu: must be a partition of 3, the size of lam = (2, 1), but it is (2, 2) of size 4
    """
    shape = Partition.read(lam, "lam")
    n = sum(shape)
    classes = read_cycle_type(mu, "mu", n)
    require_size(classes, shape)
    if not n:
        return 1
    sign = 1
    if len(shape) > shape[0]:  # fewer rows are fewer beads to move
        shape, sign = shape.conjugate, classes.sign
    left = classes.multiplicities
    if n >= _PLANNED_FROM and _is_near_trivial(n, n - shape[0]):
        return sign * _near_trivial(shape.stable, left)
    if n >= _ONE_VARIABLE_FROM and is_hook_or_two_rows(shape):
        return sign * by_one_variable(shape, left)
    if len(shape) <= _FEW_ROWS and n >= _PLANNED_FROM:
        cost = power_sum_cost(shape, left)
        if 0 < cost <= min(_FEW_ROWS_COST, _FEW_ROWS_COST_OF_A_CYCLE * len(classes)):
            return sign * by_power_sums(shape, left)
        if shape[0] >= _LONG_ROW and exact_power_sum_cost(shape, left) <= _LONG_ROW_COST:
            return sign * by_binomials(shape, left)
    smallest, count = left.popitem()
    require_bytes("a character of so long a row", (shape[0] + len(shape)) // 2)
    frontier = {beads(shape): sign}
    counted: dict[int, list[int]] = {}
    planned = n >= _PLANNED_FROM and len(shape) >= _PLANNED_ROWS
    while left and planned and _is_narrow(frontier, next(iter(left))):
        k = next(iter(left))
        frontier = remove_strips_of_size(frontier, k, left.pop(k))
        if not frontier:
            return 0
    while left and frontier:
        k = _next_size(frontier, left, counted) if planned else next(iter(left))
        frontier = remove_strips_of_size(frontier, k, left.pop(k))
    return sum(c * _on_equal_parts(mask, smallest, count) for mask, c in frontier.items())


def _is_narrow(frontier: dict[int, int], k: int) -> bool:
    """Whether strips of k cells can come off in so few ways that no plan is worth its making."""
    strips = sum(((mask >> k) & ~mask).bit_count() for mask in frontier)
    return strips <= 2 * len(frontier) + _FEW_WAYS and strips <= 10 * _FEW_WAYS


def _is_near_trivial(n: int, below: int) -> bool:
    """Whether the sum over the partitions of the cells below the first row is the shorter way."""
    if below <= _NEAR_TRIVIAL:
        return True
    return below <= _NEAR_TRIVIAL_AT_MOST and partition_count(below) * _CELLS_FOR_EACH_SUMMAND <= n


def _near_trivial(nu: Partition, counts: dict[int, int]) -> int:
    """The character of (n - |nu|, nu) on the class with these numbers of cycles."""
    total = Fraction(0)
    for gamma in partitions(nu.size):
        product = character(nu, gamma)
        for k, m in gamma.multiplicities.items():
            if not product:
                break
            x = counts.get(k, 0)
            product *= sum((-1) ** (m - j) * k**j * comb(m, j) * perm(x, j) for j in range(m + 1))
        total += Fraction(product, gamma.centraliser_order)
    return total.numerator


def _next_size(
    frontier: dict[int, int], left: dict[int, int], counted: dict[int, list[int]]
) -> int:
    """The size k, m times, with the least log(1 + shapes that are left)/sqrt(k m).

    Without the root it would be the entropy for each cell removed, which favours large removals too
    much; without a denominator, small ones. Measured, not derived: any order gives the same value.
    """
    if len(left) == 1:
        return next(iter(left))
    sample = list(islice(frontier, _SAMPLE))
    best, least = 0, 0.0
    for k, m in left.items():
        shapes = sum(_shapes_left(mask, k, m, counted) for mask in sample)
        if not shapes and len(sample) == len(frontier):
            return k
        score = log(1 + shapes / len(sample)) / sqrt(k * m)
        if not best or score < least:
            best, least = k, score
    return best


def _shapes_left(mask: int, k: int, m: int, counted: dict[int, list[int]]) -> int:
    """How many shapes the removal of m border strips of k cells may leave; zero only where it leaves none.

    For two strips roughly, which is enough to choose by.
    """
    if m <= 2:
        strips = ((mask >> k) & ~mask).bit_count()
        return strips if m == 1 else strips * (strips + 1) // 2
    product = [1]
    for runner in runners(mask, k):
        runner >>= (~runner & (runner + 1)).bit_length() - 1  # rows of length zero
        if runner:
            factor = counted.get(runner)
            if factor is None:
                factor = counted[runner] = _sizes_inside(runner)
            product = _times(product, factor, m)
    return product[m] if m < len(product) else 0


def _sizes_inside(mask: int) -> list[int]:
    """How many partitions inside this one have 0, 1, 2, ... cells less.

    Row by row from the last: ``found[x]`` counts by cells removed when the row keeps at most x cells.
    """
    found = [[1]]
    row = 0  # its length
    while mask:
        gap = (mask & -mask).bit_length() - 1
        mask >>= gap + 1
        row += gap
        if not row:
            continue
        above: list[list[int]] = []
        for kept in range(row + 1):
            below = found[min(kept, len(found) - 1)]
            counts = [0] * (row - kept) + below
            fewer = above[-1] if above else []
            above.append([a + b for a, b in zip_longest(counts, fewer, fillvalue=0)])
        found = above
    return found[-1]


def _times(a: list[int], b: list[int], most: int) -> list[int]:
    """The product of two polynomials up to the degree ``most``."""
    result = [0] * min(most + 1, len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b[: most + 1 - i]):
            result[i + j] += x * y
    return result


def _on_equal_parts(mask: int, k: int, m: int) -> int:
    """The character of the shape with these beads on the class (k^m)."""
    if k == 1:
        return _dimension(mask, m)
    if m == 1:
        return _on_long_cycle(mask, k)
    on_runner: list[list[int]] = [[] for _ in range(k)]
    order: list[int] = []  # where the beads end, lowest bead first
    while mask:
        low = mask & -mask
        mask ^= low
        row, c = divmod(low.bit_length() - 1, k)
        order.append(c + k * len(on_runner[c]))
        on_runner[c].append(row)
    if max(order, default=-1) >= len(order):
        return 0  # the beads do not end on the lowest places: the core is not empty
    above = below = 1
    for rows in on_runner:
        below *= prod(map(factorial, rows))
        above *= prod(row - other for other, row in combinations(rows, 2))
    inversions = sum(other > place for other, place in combinations(order, 2))
    value = factorial(m) * above // below
    return -value if inversions & 1 else value


def _on_long_cycle(mask: int, k: int) -> int:
    """The character of a shape of k cells on a cycle of length k: +-1 on hooks, and 0."""
    low = (mask >> k) & ~mask  # one bead at most: what is left after it has moved is empty
    high = low << k
    if not low:
        return 0
    return -1 if (mask & (high - low)).bit_count() & 1 else 1


def _dimension(mask: int, n: int) -> int:
    """n! times the product of the differences of the beads over the product of their factorials."""
    mask >>= (~mask & (mask + 1)).bit_length() - 1  # rows of length zero
    rows = [place for place in range(mask.bit_length()) if mask >> place & 1]
    above = prod(row - other for other, row in combinations(rows, 2))
    return factorial(n) * above // prod(map(factorial, rows))
