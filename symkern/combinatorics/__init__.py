"""Partitions, permutations, tableaux, border strips and Young's lattice."""

from symkern.combinatorics.border_strips import (
    beads,
    border_strips,
    core,
    from_beads,
    quotient,
    remove_strips,
)
from symkern.combinatorics.generation import iter_partitions, partition_count, partitions
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import (
    act,
    cycle_type,
    inverse,
    multiply,
    read_permutation,
    representative,
)

__all__ = [
    "Partition",
    "PartitionLike",
    "act",
    "beads",
    "border_strips",
    "core",
    "cycle_type",
    "from_beads",
    "inverse",
    "iter_partitions",
    "multiply",
    "partition_count",
    "partitions",
    "quotient",
    "read_permutation",
    "remove_strips",
    "representative",
]
