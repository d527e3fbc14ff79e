r"""Littlewood-Richardson coefficients: outer products of irreps, and skew shapes.

    Ind (S^lam x S^mu) from S_m x S_n to S_(m+n)  =  sum over nu of c^nu_(lam mu) S^nu

c^nu_(lam mu) counts the semistandard fillings of nu/lam with mu_1 ones, mu_2 twos, ..., whose
reading word (rows from top to bottom, each from right to left) has in every beginning at least as many
i as i + 1. Such a filling grows letter by letter: the letters i form a horizontal strip with b_r of
them in row r, and the condition on the word is

    b_1 + ... + b_r <= a_1 + ... + a_(r-1)   for all r,   a the same numbers for the letter i - 1.

So only the shape and the last strip need to be known, and fillings that agree in both are counted
together.

s_(lam/mu) = sum over nu of c^lam_(mu nu) s_nu comes out of one such product: let lam' be the cells outside lam of a box that holds lam,
turned by half a circle. Then

    c^lam_(mu nu) = c^(nu')_(mu lam'),

both being the number of points in which the Schubert varieties of mu, nu and lam' meet in a Grassmannian. So s_(lam/mu) is read off
s_mu s_lam' inside the box.

Source: Macdonald, *Symmetric Functions and Hall Polynomials*, I.9; Sagan, *The Symmetric Group*, 4.9; Fulton, *Young Tableaux*, 9.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, chain, islice, repeat

from symkern.combinatorics.partition import Partition, PartitionLike, require_two
from symkern.errors import InvalidArgument, displayed

Rows = tuple[int, ...]

#: Cells from which all states are taken at once, in arrays.
_AT_ONCE_FROM = 12

#: States of a single coefficient up to which they are taken one by one: arrays cost milliseconds.
_FEW_STATES = 100


def littlewood_richardson(
    lam: PartitionLike, mu: PartitionLike, *others: object
) -> dict[Partition, int]:
    """{nu: c^nu_(lam mu)}: the outer product of S^lam and S^mu, without zeros, reverse lexicographic.

    The same numbers multiply Schur functions, s_lam s_mu, and decompose the restriction of S^nu to
    S_m x S_n.

    Args:
        lam: a partition of m.
        mu: a partition of n.
        *others: nothing; for the message where a third partition is given.

    >>> littlewood_richardson((2, 1), (1,))
    {Partition(3, 1): 1, Partition(2, 2): 1, Partition(2, 1, 1): 1}
    >>> littlewood_richardson((2, 1), (2, 1))[Partition(3, 2, 1)]
    2
    """
    require_two("littlewood_richardson", others)
    return dict(outer_product(Partition.read(lam, "lam"), Partition.read(mu, "mu")))


def littlewood_richardson_coefficient(
    nu: PartitionLike, lam: PartitionLike, mu: PartitionLike
) -> int:
    """c^nu_(lam mu), the multiplicity of S^nu in the outer product; 0 unless |nu| = |lam| + |mu|.

    Args:
        nu: the partition of the product.
        lam: a factor.
        mu: the other one.

    >>> littlewood_richardson_coefficient((3, 2, 1), (2, 1), (2, 1))
    2
    """
    outer = Partition.read(nu, "nu")
    first, second = Partition.read(lam, "lam"), Partition.read(mu, "mu")
    if outer.size != first.size + second.size:
        return 0
    if not (outer.contains(first) and outer.contains(second)):
        return 0
    inner, letters = _shape_and_letters(first, second)
    return sum(_fillings(inner, letters, outer, whole=True).values())


def skew_schur(lam: PartitionLike, mu: PartitionLike) -> dict[Partition, int]:
    """{nu: c^lam_(mu nu)}: the skew Schur function s_(lam/mu) in Schur functions.

    Args:
        lam: the outer partition.
        mu: one inside it.

    Raises:
        InvalidArgument: mu does not lie inside lam.

    >>> skew_schur((3, 2, 1), (2, 1))
    {Partition(3): 1, Partition(2, 1): 2, Partition(1, 1, 1): 1}
    """
    outer, inner = Partition.read(lam, "lam"), Partition.read(mu, "mu")
    if not outer.contains(inner):
        rule = f"must lie inside lam = {tuple(outer)}"
        raise InvalidArgument("mu", rule, f"it is {displayed(tuple(inner))}")
    return dict(skew_parts(outer, inner))


@lru_cache(maxsize=4096)
def outer_product(lam: Partition, mu: Partition) -> tuple[tuple[Partition, int], ...]:
    """`littlewood_richardson` as pairs, remembered."""
    inner, letters = _shape_and_letters(lam, mu)
    found = _fillings(inner, letters, None)
    return tuple(sorted(found.items(), reverse=True))


@lru_cache(maxsize=4096)
def skew_parts(lam: Partition, mu: Partition) -> tuple[tuple[Partition, int], ...]:
    """`skew_schur` as pairs, remembered; () when mu does not lie inside lam."""
    if not lam.contains(mu):
        return ()
    outer, inner = _without_empty_lines(lam, mu)
    box = Partition.trusted((outer.part(0),) * len(outer))
    first, second = _shape_and_letters(inner, _complement(outer, box))
    found = {_complement(nu, box): c for nu, c in _fillings(first, second, box).items()}
    return tuple(sorted(found.items(), reverse=True))


def _without_empty_lines(lam: Partition, mu: Partition) -> tuple[Partition, Partition]:
    """lam/mu without the rows and columns that have no cell: what stays is no larger than its cells ask for.

    The cells above an empty row stand to the right of those below it, so that none comes to stand over another.
    """
    for _ in range(2):
        rows = [(row, mu.part(i)) for i, row in enumerate(lam) if row > mu.part(i)]
        lam = Partition.trusted(row for row, _ in rows).conjugate
        mu = Partition.trusted(start for _, start in rows if start).conjugate
    return lam, mu


def _complement(lam: Partition, box: Partition) -> Partition:
    """The cells of a box outside lam, turned by half a circle."""
    width = box.part(0)
    full = (width,) * (len(box) - len(lam))
    return Partition.trusted((*full, *[width - row for row in reversed(lam) if row < width]))


def _shape_and_letters(lam: Partition, mu: Partition) -> tuple[Partition, Partition]:
    """The factor that grows and the one whose parts are the letters: fewer letters, fewer steps."""
    return (lam, mu) if (len(mu), mu.size) <= (len(lam), lam.size) else (mu, lam)


def _fillings(
    inner: Partition, letters: Partition, outer: Partition | None, whole: bool = False
) -> dict[Partition, int]:
    """{nu: number of fillings of nu/inner with these letters}, nu inside ``outer`` if one is given; that one alone if ``whole``."""
    large = len(letters) > 1 and inner.size + letters.size >= _AT_ONCE_FROM
    if whole or not large:
        most = _FEW_STATES if large else None
        few = fillings_one_by_one(inner, letters, outer, whole, most)
        if few is not None:
            return few
    from symkern.characters.lattice_fillings import TooManyFillings, fillings_at_once

    try:
        return fillings_at_once(inner, letters, outer, _floors(letters, outer if whole else None))
    except TooManyFillings:
        found = fillings_one_by_one(inner, letters, outer, whole)
        assert found is not None
        return found


def fillings_one_by_one(
    inner: Partition,
    letters: Partition,
    outer: Partition | None,
    whole: bool = False,
    most: int | None = None,
) -> dict[Partition, int] | None:
    """As `symkern.characters.lattice_fillings.fillings_at_once`, state by state in Python integers; None where the states become more than ``most``."""
    rows = len(inner) + len(letters) if outer is None else len(outer)
    widest = inner.part(0) + letters.part(0)
    limit = (widest,) * rows if outer is None else tuple(outer)
    start = tuple(inner.part(i) for i in range(rows))
    # The first letter may stand anywhere: as if many letters were above the first row.
    states: dict[tuple[Rows, Rows], int] = {(start, (inner.size + letters.size,)): 1}
    floors = _floors(letters, outer if whole else None)
    for number, size in enumerate(letters):
        floor = floors[number] if floors else (0,) * rows
        following: dict[tuple[Rows, Rows], int] = {}
        for (shape, before), count in states.items():
            for strip in _strips(shape, size, before, limit, floor):
                key = (_grown(shape, strip), strip)
                following[key] = following.get(key, 0) + count
            if most is not None and len(following) > most:
                return None
        states = following
    found: dict[Partition, int] = {}
    for (shape, _), count in states.items():
        nu = Partition.trusted(row for row in shape if row)
        found[nu] = found.get(nu, 0) + count
    return found


def _floors(letters: Partition, outer: Partition | None) -> list[Rows]:
    """How long rows are at least when each letter has been placed, if all of ``outer`` gets filled in the end; [] if there is none.

    A row holds no letters beyond its own number, and a column no more cells than letters are left.
    """
    if outer is None:
        return []
    found = []
    for number in range(len(letters)):
        left = len(letters) - 1 - number
        later = (*outer[left:], *[0] * left)
        found.append(tuple(row if r <= number else later[r] for r, row in enumerate(outer)))
    return found


def _grown(shape: Rows, strip: Rows) -> Rows:
    """The shape with the strip; ``strip`` counts from the row 0 that does not exist."""
    return tuple(row + b for row, b in zip(shape, strip[1:], strict=True))


def _strips(shape: Rows, size: int, before: Rows, limit: Rows, floor: Rows) -> Iterator[Rows]:
    """Horizontal strips of ``size`` cells on the shape that the strip of the letter before allows, up to ``floor`` at least.

    A strip is (0, b_1, b_2, ...): a leading entry keeps the rows of ``before`` one ahead.
    """
    # How many letters of the kind before stand above each row.
    allowed = [*accumulate(islice(chain(before, repeat(0)), len(shape)))]
    spare = [min(limit[r], shape[r - 1] if r else limit[r]) - shape[r] for r in range(len(shape))]
    owed = [max(low - row, 0) for low, row in zip(floor, shape, strict=True)]
    behind = [*accumulate(reversed(spare), initial=0)][::-1]  # what fits into the rows from here on
    later = [*accumulate(reversed(owed), initial=0)][::-1]  # what the floor asks of them
    chosen = [0] * (len(shape) + 1)

    def fill(r: int, rest: int) -> Iterator[Rows]:
        if not rest and not later[r]:
            yield tuple(chosen)
            return
        if rest > behind[r]:
            return
        most = min(spare[r], rest - later[r + 1], allowed[r] - (size - rest))
        for b in range(max(owed[r], rest - behind[r + 1]), most + 1):
            chosen[r + 1] = b
            yield from fill(r + 1, rest - b)
        chosen[r + 1] = 0

    yield from fill(0, size)
