r"""The model of a sector on which the count operators n_t act, uniformly in L and v.

Functions on V^L are tensors over the L sites; on one site they are spanned by 1 and the letters
w_t = v [x = t] - 1, which sum to zero over t. A highest-weight function of shape mu[L] is determined by its part
of full degree in k = |mu| *explicit* sites, each with one letter; the other sites form one symmetric *bulk*. A
*state* is a product of letters, sorted by label:

* a *block* (mask, bulk, held): the explicit sites (a bit mask) and the number of bulk sites that carry one label;
  ``held`` counts the live operators (below) that point at it;
* *named* blocks, one for each of l = |kappa| explicit, pairwise distinct tokens, in order;
* *free* blocks, a multiset: labels summed over all v tokens, independently of all others.

A free block that nothing holds is v if it is empty and 0 if it has a single letter (letters sum to zero); a named block that is
empty and held by nothing no longer depends on its token, so it lies in a smaller kappa and is dropped.

The operator n_t, the number of sites with token t, is a sum over sites of multiplication by (1 + w_t)/v, where

    1 -> 1 + w_t,     w_u -> (v [t = u] - 1)(1 + w_t),

and an explicit site that would lose its letter gives it to the bulk instead, with a minus sign: that is the highest-weight
condition D_i0 = - sum_u Y_1u D_iu. An operator sum_t n_t A n_t is `push` (a fresh label t, live), A, then
`pop` (the second n_t, after which t is summed). Live labels are alike, so that a vector holds the sum over their
assignments, and popping one of them picks it in a given block with probability held/live.

Site 0 of a mask is the *star*: the one position that at_position reads, which is in a block or carries 1.
Source: the GL_v picture of Schur-Weyl duality (Green, *Polynomial representations of GL_n*); derived for this project.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any, NamedTuple

Block = tuple[int, int, int]


class State(NamedTuple):
    """Named blocks in the order of their tokens, free blocks sorted."""

    named: tuple[Block, ...]
    free: tuple[Block, ...]


Vector = dict[State, Any]


def degree(state: State) -> int:
    """Number of letters outside the star: the Efron-Stein degree in the symmetric positions."""
    return sum((mask >> 1).bit_count() + bulk for part in state for mask, bulk, _ in part)


def _settle(named: list[Block], free: list[Block], v: Any) -> tuple[State, Any] | None:
    """The state in canonical form with its factor, or None where it is zero or dropped."""
    factor: Any = 1
    kept = []
    for block in free:
        mask, bulk, held = block
        if not held:
            letters = mask.bit_count() + bulk
            if letters == 1:
                return None
            if letters == 0:
                factor = factor * v
                continue
        kept.append(block)
    if (0, 0, 0) in named:
        return None
    return State(tuple(named), tuple(sorted(kept))), factor


def _moves(
    state: State, target: int, sites: Any, v: Any, star: bool
) -> Iterator[tuple[list[Block], int, Any]]:
    """The terms of v n_t on a state whose block ``target`` carries the label t.

    Blocks are numbered through named and free ones. Yields the blocks, the number of the block that
    carries t afterwards (a merge moves it), and the coefficient. ``sites`` is the number of symmetric positions.
    """
    blocks = [*state.named, *state.free]
    count = len(state.named)
    explicit = sum((mask >> 1).bit_count() for mask, _, _ in blocks)
    bulk = sum(b for _, b, _ in blocks)
    starred = any(mask & 1 for mask, _, _ in blocks)

    def changed(source: list[Block], place: int, mask: int, more: int) -> list[Block]:
        old = source[place]
        return [*source[:place], (old[0] ^ mask, old[1] + more, old[2]), *source[place + 1 :]]

    def merged(other: int) -> tuple[list[Block], int] | None:
        """The state with t identified with the label of another block."""
        if other == target:
            return blocks, target
        if other < count and target < count:
            return None  # distinct tokens
        keep, gone = min(other, target), max(other, target)
        a, b = blocks[keep], blocks[gone]
        joined = (a[0] | b[0], a[1] + b[1], a[2] + b[2])
        rest = [*blocks[:keep], joined, *blocks[keep + 1 : gone], *blocks[gone + 1 :]]
        return rest, keep

    constants = sites - explicit - bulk
    yield blocks, target, constants
    yield changed(blocks, target, 0, 1), target, constants
    if star and not starred:
        yield blocks, target, 1
        yield changed(blocks, target, 1, 0), target, 1
    for u, (mask, b, _) in enumerate(blocks):
        together = merged(u)
        if b:
            fewer = changed(blocks, u, 0, -1)
            yield fewer, target, -b
            yield changed(fewer, target, 0, 1), target, -b
            if together:
                yield changed(together[0], together[1], 0, -1), together[1], v * b
                yield together[0], together[1], v * b
        if mask & 1:
            without = changed(blocks, u, 1, 0)
            yield without, target, -1
            yield changed(without, target, 1, 0), target, -1
            if together:
                yield changed(together[0], together[1], 1, 0), together[1], v
                yield together[0], together[1], v
        rest = mask >> 1 << 1
        while rest:
            bit = rest & -rest
            rest ^= bit
            without = changed(blocks, u, bit, 0)
            moved = changed(without, target, bit, 0)
            yield changed(moved, u, 0, 1), target, -1
            yield moved, target, -1
            if together:
                yield together[0], together[1], v


def push(vector: Vector, sites: Any, v: Any, star: bool, highest: int | None = None) -> Vector:
    """v n_t for a fresh live label t; ``highest`` prunes states above that degree."""
    out: Vector = {}
    for state, c in vector.items():
        fresh = State(state.named, (*state.free, (0, 0, 1)))
        for blocks, _, factor in _moves(fresh, len(state.named) + len(state.free), sites, v, star):
            _add(out, blocks, len(state.named), c * factor, v, highest)
    return {state: c for state, c in out.items() if c != 0}


def pop(vector: Vector, sites: Any, v: Any, star: bool) -> Vector:
    """v n_t for one of the live labels, which is then summed over; times the number of live labels."""
    out: Vector = {}
    for state, c in vector.items():
        count = len(state.named)
        for place, (_, _, held) in enumerate((*state.named, *state.free)):
            if not held:
                continue
            for blocks, target, factor in _moves(state, place, sites, v, star):
                mask, b, h = blocks[target]
                released = [*blocks[:target], (mask, b, h - 1), *blocks[target + 1 :]]
                _add(out, released, count, c * (factor * held), v, None)
    return {state: c for state, c in out.items() if c != 0}


def _add(out: Vector, blocks: list[Block], named: int, c: Any, v: Any, highest: int | None) -> None:
    if c == 0:
        return
    settled = _settle(blocks[:named], blocks[named:], v)
    if settled is None:
        return
    state, factor = settled
    if highest is not None and degree(state) > highest:
        return
    if factor != 1:
        c = c * factor
    out[state] = out[state] + c if state in out else c


def states(explicit: int, named: int, total: int, star: bool) -> list[State]:
    """All states of degree ``total`` with nothing live: ``explicit`` sites, ``named`` tokens."""
    bulk = total - explicit
    if bulk < 0:
        return []
    found: set[State] = set()
    sites = [1 << i for i in range(1, explicit + 1)]
    for items in [sites, [1, *sites]] if star else [sites]:
        for masks in _groupings(items, named):
            for counts, extra in _spread(bulk, len(masks)):
                blocks = [(mask, c, 0) for mask, c in zip(masks, counts, strict=True)]
                head, tail = blocks[:named], blocks[named:]
                tail += [(0, c, 0) for c in extra]
                small = any(mask.bit_count() + c < 2 for mask, c, _ in tail)
                if not small and (0, 0, 0) not in head:
                    found.add(State(tuple(head), tuple(sorted(tail))))
    return sorted(found)


def _groupings(items: list[int], named: int) -> Iterator[list[int]]:
    """Ways to put items into ``named`` boxes that may stay empty and any number of further groups."""
    if not items:
        yield [0] * named
        return
    *rest, last = items
    for masks in _groupings(rest, named):
        for i in range(len(masks)):
            yield [*masks[:i], masks[i] | last, *masks[i + 1 :]]
        yield [*masks, last]


def _spread(bulk: int, boxes: int) -> Iterator[tuple[list[int], list[int]]]:
    """Ways to put ``bulk`` alike letters into boxes and into further groups of at least two."""
    for extra in range(bulk + 1):
        for cuts in combinations(range(bulk - extra + boxes - 1), boxes - 1) if boxes else ():
            edges = (-1, *cuts, bulk - extra + boxes - 1)
            counts = [b - a - 1 for a, b in pairwise(edges)]
            for groups in _parts(extra, extra):
                yield counts, groups
        if not boxes and extra == bulk:
            for groups in _parts(extra, extra):
                yield [], groups


def _parts(total: int, largest: int) -> Iterator[list[int]]:
    """Partitions of ``total`` into parts of at least two."""
    if total == 0:
        yield []
    for first in range(min(total, largest), 1, -1):
        for rest in _parts(total - first, first):
            yield [first, *rest]
