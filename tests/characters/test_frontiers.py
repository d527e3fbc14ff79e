"""Strips of one size taken off all at once: the quotient, the unsigned steps and the words against the rule itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern import strategies
from symkern.characters import frontiers
from symkern.combinatorics import Partition, partitions
from symkern.combinatorics.border_strips import beads, remove_strips


def by_the_rule(frontier: frontiers.Frontier, k: int, m: int) -> frontiers.Frontier:
    for _ in range(m):
        found: frontiers.Frontier = {}
        for mask, c in frontier.items():
            for after, height in remove_strips(mask, k):
                found[after] = found.get(after, 0) + (-1) ** height * c
        frontier = found
    return {mask: c for mask, c in frontier.items() if c}


@given(
    strategies.partitions(min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=1, max_size=3),
    st.integers(-(2**70), 2**70).filter(bool),
)
def test_all_ways_to_take_strips_off_agree(
    lam: Partition, removals: list[tuple[int, int]], coefficient: int
) -> None:
    frontier = {beads(lam): coefficient}
    for k, m in removals:
        expected = by_the_rule(frontier, k, m)
        for remove in (
            frontiers.remove_strips_of_size,
            frontiers.remove_step_by_step,
            frontiers.remove_by_quotient,
        ):
            assert remove(dict(frontier), k, m) == expected, remove
        frontier = expected


@pytest.mark.parametrize(
    "largest", [1, 2**50, 2**57, 2**58, 2**59, 2**60, 2**61, 2**62, 2**63 - 1, 2**63, -(2**63)]
)
@pytest.mark.parametrize("m", [1, 2, 5, 9])
def test_words_never_overflow(largest: int, m: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontiers, "_VECTORISED_FROM", 2)
    start = by_the_rule({beads((9, 7, 6, 4, 3, 2, 1)): 1}, 3, 2)
    frontier = {mask: c * largest for mask, c in start.items()}
    for k in (1, 2, 3, 7):
        assert frontiers.remove_strips_of_size(dict(frontier), k, m) == by_the_rule(frontier, k, m)


def test_beads_beyond_a_word() -> None:
    start = {beads((70, 66, 3)): 1, beads((69, 67, 3)): -2, beads((71, 65, 3)): 5}
    for k, m in ((1, 4), (2, 9), (5, 3)):
        assert frontiers.remove_strips_of_size(start, k, m) == by_the_rule(start, k, m)


def test_strips_longer_than_a_word() -> None:
    """No bead can move so far; the length does not fit into the words either."""
    start = {beads(lam): 1 for lam in partitions(15)}
    for k in (15, 16, 30, 63, 64, 200):
        wide = frontiers.remove_strips_of_size(start, k, 1)
        assert len(start) >= frontiers._VECTORISED_FROM and wide == by_the_rule(start, k, 1)


def test_long_strips_off_many_wide_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond words a sign for each strip costs less than the signs of k runners for each shape."""
    start = by_the_rule({beads((90, 80, 70, 60, 50, 40)): 1}, 40, 3)
    monkeypatch.setattr(frontiers, "_VECTORISED_FROM", len(start))
    expected = by_the_rule(start, 30, 2)
    monkeypatch.setattr(frontiers, "_is_reordered_oddly", None)
    assert frontiers.remove_strips_of_size(start, 30, 2) == expected != {}


@pytest.mark.parametrize("k", [1, 2, 5, 64, 100])
def test_places_of_a_runner(k: int) -> None:
    for width in (0, 1, 2, 63, 64, 65, 130):
        assert frontiers._runner(k, width) == sum(1 << place for place in range(0, width, k))
