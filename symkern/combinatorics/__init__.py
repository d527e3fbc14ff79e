"""Partitions, permutations, tableaux, their correspondences and statistics, border strips and Young's lattice."""

from symkern.combinatorics.border_strips import (
    beads,
    border_strips,
    core,
    from_beads,
    quotient,
    remove_strips,
)
from symkern.combinatorics.boundary import (
    boundary_word,
    from_boundary_word,
    from_core_and_quotient,
    rim,
)
from symkern.combinatorics.cycle_notation import cycle_text, cycles, from_cycles
from symkern.combinatorics.generation import iter_partitions, partition_count, partitions
from symkern.combinatorics.jeu_de_taquin import (
    evacuation,
    inverse_promotion,
    promotion,
    promotion_orbit,
    rectify,
    slide,
)
from symkern.combinatorics.knuth_classes import (
    are_knuth_equivalent,
    knuth_class,
    knuth_neighbours,
)
from symkern.combinatorics.lattice import (
    bratteli_diagram,
    lattice_positions,
    path_count,
    young_lattice,
)
from symkern.combinatorics.other_programs import to_gap, to_sage
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.permutation import (
    act,
    cycle_type,
    inverse,
    multiply,
    read_permutation,
    representative,
)
from symkern.combinatorics.random_objects import (
    random_partition,
    random_permutation,
    random_semistandard_tableau,
    random_standard_tableau,
)
from symkern.combinatorics.rank_and_unrank import (
    rank_partition,
    rank_permutation,
    rank_tableau,
    unrank_partition,
    unrank_permutation,
    unrank_tableau,
)
from symkern.combinatorics.rsk import (
    dual_rsk,
    inverse_dual_rsk,
    inverse_matrix_rsk,
    inverse_rsk,
    matrix_rsk,
    rsk,
)
from symkern.combinatorics.skew import SkewPartition
from symkern.combinatorics.skew_tableaux import (
    SkewTableau,
    skew_semistandard_tableaux,
    skew_standard_tableaux,
)
from symkern.combinatorics.tableaux import Tableau, semistandard_tableaux, standard_tableaux
from symkern.combinatorics.word_statistics import (
    charge,
    cocharge,
    descents,
    inversion_count,
    major_index,
)

__all__ = [
    "Partition",
    "PartitionLike",
    "SkewPartition",
    "SkewTableau",
    "Tableau",
    "act",
    "are_knuth_equivalent",
    "beads",
    "border_strips",
    "boundary_word",
    "bratteli_diagram",
    "charge",
    "cocharge",
    "core",
    "cycle_text",
    "cycle_type",
    "cycles",
    "descents",
    "dual_rsk",
    "evacuation",
    "from_beads",
    "from_boundary_word",
    "from_core_and_quotient",
    "from_cycles",
    "inverse",
    "inverse_dual_rsk",
    "inverse_matrix_rsk",
    "inverse_promotion",
    "inverse_rsk",
    "inversion_count",
    "iter_partitions",
    "knuth_class",
    "knuth_neighbours",
    "lattice_positions",
    "major_index",
    "matrix_rsk",
    "multiply",
    "partition_count",
    "partitions",
    "path_count",
    "promotion",
    "promotion_orbit",
    "quotient",
    "random_partition",
    "random_permutation",
    "random_semistandard_tableau",
    "random_standard_tableau",
    "rank_partition",
    "rank_permutation",
    "rank_tableau",
    "read_permutation",
    "rectify",
    "remove_strips",
    "representative",
    "rim",
    "rsk",
    "semistandard_tableaux",
    "skew_semistandard_tableaux",
    "skew_standard_tableaux",
    "slide",
    "standard_tableaux",
    "to_gap",
    "to_sage",
    "unrank_partition",
    "unrank_permutation",
    "unrank_tableau",
    "young_lattice",
]
