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
from symkern.combinatorics.lattice import bratteli_diagram, path_count, young_lattice
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import (
    act,
    cycle_type,
    inverse,
    multiply,
    read_permutation,
    representative,
)
from symkern.combinatorics.skew import SkewPartition
from symkern.combinatorics.tableaux import Tableau, semistandard_tableaux, standard_tableaux

__all__ = [
    "Partition",
    "PartitionLike",
    "SkewPartition",
    "Tableau",
    "act",
    "beads",
    "border_strips",
    "bratteli_diagram",
    "core",
    "cycle_type",
    "from_beads",
    "inverse",
    "iter_partitions",
    "multiply",
    "partition_count",
    "partitions",
    "path_count",
    "quotient",
    "read_permutation",
    "remove_strips",
    "representative",
    "semistandard_tableaux",
    "standard_tableaux",
    "young_lattice",
]
