r"""Partitions, tableaux and permutations as other programs write them: text to paste into Sage or GAP.

    Sage   Partition([3, 1]), SkewPartition([[3, 2], [1]]), Tableau([[1, 2], [3]]), Permutation([2, 3, 1])
    GAP    [ 3, 1 ], [ [ 3, 2 ], [ 1 ] ], [ [ 1, 2 ], [ 3 ] ], (1,2,3)

Both count positions from 1; a permutation of 0..n-1 is written with 1 added. Their lists are read here where partitions stand: ``Partition("[3, 1]")``.
"""

from __future__ import annotations

from typing import Any

from symkern.combinatorics.cycle_notation import cycle_text
from symkern.combinatorics.partition import Partition
from symkern.combinatorics.permutation import read_permutation
from symkern.combinatorics.skew import SkewPartition
from symkern.combinatorics.skew_tableaux import SkewTableau
from symkern.combinatorics.tableaux import Tableau


def to_sage(value: Any) -> str:
    """What makes the object in Sage; what is none of the types of this room is read as a permutation.

    >>> to_sage(Partition(3, 1)), to_sage(Tableau(((1, 2), (3,)))), to_sage((1, 2, 0))
    ('Partition([3, 1])', 'Tableau([[1, 2], [3]])', 'Permutation([2, 3, 1])')
    >>> to_sage(SkewTableau(((None, 1), (2,))))
    'SkewTableau([[None, 1], [2]])'
    """
    if isinstance(value, Partition):
        return f"Partition({list(value)})"
    if isinstance(value, SkewPartition):
        return f"SkewPartition({[list(value.outer), list(value.inner)]})"
    if isinstance(value, (Tableau, SkewTableau)):
        return f"{type(value).__name__}({list(map(list, value.rows))})"
    return f"Permutation({[image + 1 for image in read_permutation(value, 'value')]})"


def to_gap(value: Any) -> str:
    """The object as GAP writes it: lists, and permutations as cycles.

    >>> to_gap(Partition(3, 1)), to_gap(Tableau(((1, 2), (3,)))), to_gap((1, 2, 0))
    ('[ 3, 1 ]', '[ [ 1, 2 ], [ 3 ] ]', '(1,2,3)')
    """
    if isinstance(value, Partition):
        return _list(value)
    if isinstance(value, SkewPartition):
        return f"[ {_list(value.outer)}, {_list(value.inner)} ]"
    if isinstance(value, (Tableau, SkewTableau)):
        rows = ", ".join(_list(row) for row in value.rows)
        return f"[ {rows} ]" if rows else "[  ]"
    return cycle_text(read_permutation(value, "value"), first=1, separator=",")


def _list(entries: Any) -> str:
    """A list; a box that is missing is a hole, as GAP's lists have them."""
    inside = ", ".join("" if e is None else str(e) for e in entries)
    return f"[ {inside} ]" if inside else "[  ]"
