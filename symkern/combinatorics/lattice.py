"""Young's lattice and the Bratteli diagram of S_1 < S_2 < ... < S_n, as networkx graphs.

Nodes are partitions; an edge goes from nu to each lam with one cell more, that is, S^nu occurs
(once) in the restriction of S^lam. Paths from the one cell to lam are the standard tableaux of
lam, so their number is dim S^lam (Sagan, *The Symmetric Group*, theorem 2.8.3).

Node attributes: ``level``, the size, and ``dimension``. Edge attribute: ``cell``, (row, column) of
the cell that is added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symkern.combinatorics.generation import partition_count, partitions
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidArgument, InvalidType, TooLong, displayed
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer

if TYPE_CHECKING:
    import networkx as nx


_SECONDS_PER_NODE = 5e-5  # of computing time, as measured; `check_time` has the last word
_BYTES_PER_NODE = 3000  # a node with its attributes and about sqrt(2n) edges, as measured


def young_lattice(n: int) -> nx.DiGraph[Any]:
    """Young's lattice up to the partitions of n, from the empty partition at level 0 on.

    Args:
        n: at least 0.

    Raises:
        TooLarge: a graph that does not fit in memory.
        TooLong: a graph that takes more than ``sk.limits.current().seconds``.

    >>> graph = young_lattice(3)
    >>> list(graph.successors(Partition(1)))
    [Partition(2), Partition(1, 1)]
    """
    return _graph(0, read_integer(n, "n"))


def bratteli_diagram(n: int) -> nx.DiGraph[Any]:
    """The Bratteli diagram of S_1 < S_2 < ... < S_n: Young's lattice from level 1 to level n.

    Args:
        n: at least 1.

    Raises:
        TooLarge: a graph that does not fit in memory.
        TooLong: a graph that takes more than ``sk.limits.current().seconds``.

    >>> graph = bratteli_diagram(5)
    >>> path_count(graph, (3, 2)), graph.nodes[Partition(3, 2)]["dimension"]
    (5, 5)
    """
    return _graph(1, read_integer(n, "n", minimum=1))


def lattice_positions(graph: nx.DiGraph[Any]) -> dict[Partition, tuple[float, float]]:
    """Where to draw the nodes, ``networkx.draw(graph, pos=lattice_positions(graph))``: levels upward, each in reverse lexicographic order around the middle.

    Floating point.

    Args:
        graph: what `young_lattice` or `bratteli_diagram` returns.

    >>> lattice_positions(young_lattice(2))
    {Partition(): (0.0, 0.0), Partition(1): (0.0, 1.0), Partition(2): (-0.5, 2.0), Partition(1, 1): (0.5, 2.0)}
    """
    if not hasattr(graph, "predecessors"):
        raise InvalidType("graph", "must be a directed graph of partitions", graph)
    levels: dict[int, list[Partition]] = {}
    for lam in graph:
        levels.setdefault(Partition.read(lam, "graph").size, []).append(lam)
    places = {
        lam: (i - (len(level) - 1) / 2, float(size))
        for size, level in levels.items()
        for i, lam in enumerate(sorted(level, reverse=True))
    }
    return {lam: places[lam] for lam in graph}


def path_count(graph: nx.DiGraph[Any], lam: PartitionLike) -> int:
    """The number of paths from the lowest level of the graph to lam.

    Args:
        graph: what `young_lattice` or `bratteli_diagram` returns.
        lam: a node.

    Raises:
        InvalidArgument: lam is no node.
    """
    target = Partition.read(lam)
    if not hasattr(graph, "predecessors"):
        raise InvalidType("graph", "must be a directed graph of partitions", graph)
    if target not in graph:
        raise InvalidArgument("lam", "must be a node of the graph", f"it is {displayed(target)}")
    counts: dict[Partition, int] = {}
    level = {target}
    while level:  # downwards: all that lies below lam
        counts.update(dict.fromkeys(level, 0))
        level = {nu for node in level for nu in graph.predecessors(node)}
    for node in sorted(counts, key=lambda nu: nu.size):
        counts[node] = sum(counts[nu] for nu in graph.predecessors(node)) or 1
    return counts[target]


def _graph(first: int, last: int) -> nx.DiGraph[Any]:
    count = sum(partition_count(m) for m in range(min(last, 1000) + 1))
    what, less = f"Young's lattice up to level {displayed(last)}", "a lower level takes less"
    require_bytes(what, _BYTES_PER_NODE * count)
    if count * _SECONDS_PER_NODE > current().seconds:
        more = "sk.limits.changed(seconds=...) allows more"
        raise TooLong(what, current().seconds, f"{less}, and {more}")
    with within_time(what, less):
        return _built(first, last)


def _built(first: int, last: int) -> nx.DiGraph[Any]:
    import networkx as nx

    graph: nx.DiGraph[Any] = nx.DiGraph()
    for m in range(first, last + 1):
        for lam in partitions(m):
            check_time()
            graph.add_node(lam, level=m, dimension=lam.dimension)
    for nu in list(graph):
        check_time()
        if nu.size < last:
            for i, j in nu.addable:
                lam = Partition.trusted((*nu[:i], j + 1, *nu[i + 1 :]))
                graph.add_edge(nu, lam, cell=(i, j))
    return graph
