"""Strips of one size taken off all at once: the quotient, the unsigned steps and the words against the rule itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symkern import strategies
from symkern.characters import frontiers
from symkern.combinatorics import Partition
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
