"""Young's lattice and the Bratteli diagram against inclusion of diagrams and dimensions."""

from __future__ import annotations

from time import process_time

import networkx as nx
import pytest

from symkern.combinatorics import (
    Partition,
    bratteli_diagram,
    lattice_positions,
    partitions,
    path_count,
    young_lattice,
)
from symkern.errors import InvalidArgument, TooLarge, TooLong
from symkern.limits import changed


def test_young_lattice_is_inclusion() -> None:
    graph = young_lattice(6)
    nodes = [lam for n in range(7) for lam in partitions(n)]
    assert list(graph) == nodes
    for lam in nodes:
        assert nx.descendants(graph, lam) == {nu for nu in nodes if nu != lam and nu.contains(lam)}
        assert graph.nodes[lam]["level"] == lam.size


def test_edges_know_their_cell() -> None:
    for nu, lam, cell in bratteli_diagram(6).edges(data="cell"):
        assert set(lam.cells) - set(nu.cells) == {cell}


@pytest.mark.parametrize("n", range(1, 9))
def test_paths_count_dimensions(n: int) -> None:
    graph = bratteli_diagram(n)
    for lam in partitions(n):
        assert path_count(graph, lam) == lam.dimension == graph.nodes[lam]["dimension"]
        if n <= 5:
            every = nx.all_simple_paths(graph, Partition(1), lam)
            assert n == 1 or len(list(every)) == lam.dimension
    assert min(nu.size for nu in graph) == 1


def test_paths_from_the_empty_partition() -> None:
    graph = young_lattice(5)
    assert path_count(graph, (3, 2)) == 5
    assert path_count(graph, "[]") == 1


def test_bad_input() -> None:
    with pytest.raises(InvalidArgument):
        bratteli_diagram(0)
    with pytest.raises(TooLarge):
        young_lattice(300)
    with pytest.raises(InvalidArgument, match="lam: must be a node of the graph"):
        path_count(young_lattice(2), (3,))


def test_nodes_of_one_level_are_drawn_beside_each_other() -> None:
    graph = young_lattice(5)
    places = lattice_positions(graph)
    assert set(places) == set(graph) and len(set(places.values())) == len(places)
    for lam, (_, height) in places.items():
        assert height == lam.size
    for n in range(6):
        across = [places[lam][0] for lam in partitions(n)]
        assert across == sorted(across) and sum(across) == 0


def test_a_lattice_that_takes_minutes_is_refused_before_work() -> None:
    """At level 60 it has six million nodes; what time allows is the user's to say."""
    for build in (young_lattice, bratteli_diagram):
        began = process_time()
        with pytest.raises(
            TooLong, match="level 60 takes more than 60 seconds; a lower level takes less"
        ):
            build(60)
        assert process_time() - began < 5
    with changed(seconds=1e-9), pytest.raises(TooLong):
        young_lattice(3)
