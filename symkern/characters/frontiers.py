r"""Combinations of shapes, and m border strips of k cells taken off all of them at once.

A *frontier* is a dictionary from bead positions (`symkern.combinatorics.border_strips`) to coefficients. Taking off one
strip of k cells in every way is a step of the Murnaghan-Nakayama rule; m steps with one k are taken

* one after another, in a dictionary or, where the frontier is large, in 64-bit words;
* or all at once through the k-quotient. A strip of k cells is a bead that moves one place down on its runner (the places c, c + k, c + 2k, ...),
  that is, one cell of the partition on the runner. The m moves that lead from one shape to another may be taken in any
  order within the order of each runner, so that their number is a multinomial coefficient times the numbers of standard
  tableaux of the skew shapes on the runners; and their sign is the same for all of them, the parity of
  the beads' reordering when they are read runner by runner, before against after.

Source: James and Kerber, *The Representation Theory of the Symmetric Group* (1981), 2.7.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING

from symkern.characters.shapes import is_odd

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


Frontier = dict[int, int]
"""{bead positions: coefficient}"""

_VECTORISED_FROM = 100  # shapes in a frontier
_BY_QUOTIENT_FROM = 8  # strips, off a single shape
_Levels = list[list[tuple[int, int]]]


def remove_strips_of_size(frontier: Frontier, k: int, m: int) -> Frontier:
    """m steps of the rule with strips of k cells."""
    if not m or not frontier:
        return frontier
    # The signs of runners cost some k operations a shape, a sign of its own for each strip one operation a strip.
    while m and m < 4 * (k - 1) and len(frontier) < _VECTORISED_FROM:
        frontier = remove_signed(frontier, k)
        m -= 1
        if not frontier:
            return frontier
    if not m:
        return frontier
    if len(frontier) == 1 and m >= _BY_QUOTIENT_FROM:
        return remove_by_quotient(frontier, k, m)
    return remove_step_by_step(frontier, k, m)


def remove_signed(frontier: Frontier, k: int) -> Frontier:
    """One step, each strip with its own sign: the rule as it is written in the books."""
    found: Frontier = {}
    get = found.get
    for mask, coefficient in frontier.items():
        places = (mask >> k) & ~mask
        while places:
            low = places & -places
            places ^= low
            high = low << k
            after = mask ^ (low | high)
            if (mask & (high - low)).bit_count() & 1:
                found[after] = get(after, 0) - coefficient
            else:
                found[after] = get(after, 0) + coefficient
    return {mask: c for mask, c in found.items() if c}


def remove_step_by_step(frontier: Frontier, k: int, m: int) -> Frontier:
    """m steps one after another; the sign before the first and after the last."""
    if len(frontier) < _VECTORISED_FROM:
        frontier = _with_signs_of_runners(frontier, k)
        while m and len(frontier) < _VECTORISED_FROM:
            frontier = _remove_unsigned(frontier, k)
            m -= 1
            if not frontier:
                return frontier
        if not m:
            return _with_signs_of_runners(frontier, k)
        signed = True
    else:
        signed = False
    taken, frontier = _remove_vectorised(frontier, k, m, signed)
    if taken == m:
        return frontier
    if not signed and not taken:
        if m < 4 * (k - 1):
            for _ in range(m):
                frontier = remove_signed(frontier, k)
            return frontier
        frontier = _with_signs_of_runners(frontier, k)
    for _ in range(m - taken):
        frontier = _remove_unsigned(frontier, k)
    return _with_signs_of_runners(frontier, k)


def _remove_unsigned(frontier: Frontier, k: int) -> Frontier:
    found: Frontier = {}
    get = found.get
    both = 1 | 1 << k
    for mask, coefficient in frontier.items():
        places = (mask >> k) & ~mask
        while places:
            low = places & -places
            places ^= low
            after = mask ^ low * both
            found[after] = get(after, 0) + coefficient
    return found


def _with_signs_of_runners(frontier: Frontier, k: int) -> Frontier:
    width = max(frontier, default=0).bit_length()
    runner = _runner(k, width)
    return {
        mask: -c if _is_reordered_oddly(mask, k, runner, width) else c
        for mask, c in frontier.items()
        if c
    }


def remove_by_quotient(frontier: Frontier, k: int, m: int) -> Frontier:
    """As `remove_strips_of_size`, all m strips at once by the runners of the beads."""
    width = max(frontier, default=0).bit_length()
    runner = _runner(k, width)
    levels: dict[int, _Levels] = {}
    found: Frontier = {}
    get = found.get
    for mask, coefficient in frontier.items():
        parts: list[tuple[int, int, _Levels]] = []
        for c in range(k):
            beads = (mask >> c) & runner
            known = levels.get(beads)
            if known is None:
                known = levels[beads] = _standard_ways(beads, k, m)
            parts.append((len(known) - 1, c, known))
        parts.sort()  # those with nothing to take off first
        rest = sum(most for most, _, _ in parts)
        if rest < m:
            continue
        if _is_reordered_oddly(mask, k, runner, width):
            coefficient = -coefficient
        partial = [(0, 0, coefficient)]  # beads so far, moves so far, their ways
        for most, c, known in parts[:-1]:
            rest -= most
            if not most:
                beads = known[0][0][0] << c
                partial = [(b | beads, used, ways) for b, used, ways in partial]
                continue
            partial = [
                (b | (more << c), used + i, ways * times * comb(used + i, i))
                for b, used, ways in partial
                for i in range(max(0, m - used - rest), min(most, m - used) + 1)
                for more, times in known[i]
            ]
        most, c, known = parts[-1]
        for b, used, ways in partial:
            if m - used <= most:
                ways *= comb(m, used)
                for more, times in known[m - used]:
                    after = b | (more << c)
                    found[after] = get(after, 0) + ways * times
    return _with_signs_of_runners(found, k)


@lru_cache(maxsize=256)
def _runner(k: int, width: int) -> int:
    """The places 0, k, 2k, ... below ``width``."""
    places, count = 1, 1
    while count * k < width:
        places |= places << count * k
        count *= 2
    return places & (1 << width) - 1


def _standard_ways(beads: int, k: int, m: int) -> _Levels:
    """For i = 0, 1, ..., m: what i moves of k places lead to, and in how many orders; until none is left."""
    levels = [{beads: 1}]
    while len(levels) <= m and (after := _remove_unsigned(levels[-1], k)):
        levels.append(after)
    return [list(level.items()) for level in levels]


def _is_reordered_oddly(mask: int, k: int, runner: int, width: int) -> bool:
    """Parity of the pairs of beads that change places when the beads are read runner by runner."""
    odd = 0
    later = mask
    for c in range(k - 1):
        here = mask & (runner << c)
        later ^= here
        # Bit p of below: the parity of the beads on later runners at places under p.
        below, shift = later << 1, 1
        while shift < width:
            below ^= below << shift
            shift <<= 1
        odd ^= (here & below).bit_count()
    return bool(odd & 1)


def _remove_vectorised(frontier: Frontier, k: int, m: int, signed: bool) -> tuple[int, Frontier]:
    """Up to m steps in 64-bit words, and how many were taken: as long as every sum is sure to fit.

    ``signed`` tells whether the sign before the first step is in already; that after the last goes in when all m
    steps are taken, and stays out otherwise.
    """
    import numpy as np

    widest = max(frontier)
    rows = widest.bit_count()
    largest = max(max(frontier.values()), -min(frontier.values()))
    if widest >> 63 or largest * rows >> 63:
        return 0, frontier
    if k >= widest.bit_length():  # longer than the word, perhaps, and than every strip
        return m, {}
    masks = np.fromiter(frontier.keys(), dtype=np.uint64, count=len(frontier))
    values = np.fromiter(frontier.values(), dtype=np.int64, count=len(frontier))
    one_by_one = m == 1 and not signed  # a sign for each move is less work than one for each shape
    if not signed and not one_by_one:
        values = np.where(_are_reordered_oddly(masks, k, widest.bit_length()), -values, values)
    both, step, one = np.uint64(1 | 1 << k), np.uint64(k), np.uint64(1)
    taken = 0
    # A shape is reached from at most one other for each bead that may have moved there.
    while taken < m and len(masks) and int(np.abs(values).max()) * rows < 1 << 63:
        places = (masks >> step) & ~masks
        free = np.unpackbits(places.astype("<u8").view(np.uint8), bitorder="little")
        moves = np.flatnonzero(free.view(np.bool_))  # 64 shape + place
        taken += 1
        if not len(moves):
            return m, {}
        shapes = moves >> 6
        reached = masks[shapes] ^ both << (moves & 63).astype(np.uint64)
        summands = values[shapes]
        if one_by_one:
            low = one << (moves & 63).astype(np.uint64)
            odd = is_odd(masks[shapes] & ((low << step) - low))
            summands = np.where(odd, -summands, summands)
        order = np.argsort(reached)
        reached = reached[order]
        starts = np.flatnonzero(np.concatenate(([True], reached[1:] != reached[:-1])))
        sums = np.add.reduceat(summands[order], starts)
        kept = sums != 0
        masks, values = reached[starts][kept], sums[kept]
    if taken == m and not one_by_one:
        values = np.where(_are_reordered_oddly(masks, k, widest.bit_length()), -values, values)
    return taken, dict(zip(masks.tolist(), values.tolist(), strict=True))


def _are_reordered_oddly(
    masks: npt.NDArray[np.uint64], k: int, width: int
) -> npt.NDArray[np.bool_]:
    """`_is_reordered_oddly` for many masks."""
    import numpy as np

    odd, later = np.zeros_like(masks), masks
    for c in range(k - 1):
        here = masks & np.uint64(_runner(k, width) << c & (1 << 64) - 1)
        later = later ^ here
        below, shift = later << np.uint64(1), 1
        while shift < width:
            below = below ^ (below << np.uint64(shift))
            shift <<= 1
        odd ^= here & below
    return is_odd(odd)
