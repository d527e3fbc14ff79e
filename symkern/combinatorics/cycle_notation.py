r"""Permutations as products of disjoint cycles, in and out: (0 2 1)(3 4) sends 0 to 2, 2 to 1, 1 to 0.

In text, positions count from 0 as everywhere here; ``first=1`` reads and writes them as GAP, Sage and most books do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symkern.combinatorics.permutation import (
    PermutationLike,
    joined_cycles,
    read_permutation,
)
from symkern.reading.annotated import typed
from symkern.reading.cycle_texts import read_cycle_text
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list


def cycles(perm: PermutationLike) -> tuple[tuple[int, ...], ...]:
    """The cycles of length two and more, each from its smallest position on, by their smallest positions.

    Args:
        perm: a permutation of 0..n-1.

    Raises:
        PermutationError: what is no permutation.

    >>> cycles((2, 0, 1, 4, 3, 5))
    ((0, 2, 1), (3, 4))
    """
    images = read_permutation(perm)
    seen = [False] * len(images)
    found = []
    for start in range(len(images)):
        cycle = []
        while not seen[start]:
            seen[start] = True
            cycle.append(start)
            start = images[start]
        if len(cycle) > 1:
            found.append(tuple(cycle))
    return tuple(found)


def from_cycles(
    cycles: Sequence[Sequence[int]] | str, n: int | None = None, first: int = 0
) -> tuple[int, ...]:
    """The permutation of 0..n-1 with these disjoint cycles, given as lists or as text.

    Args:
        cycles: lists of positions, or a text such as "(0 2 1)(3 4)" or "(1,2,3)(4,5)"; "()" is the identity.
        n: the number of positions; by default up to the largest in a cycle.
        first: the number of the first position, 1 for text of GAP or Sage.

    Raises:
        PermutationError: where cycles are not disjoint or leave the positions, and for other texts.

    >>> from_cycles("(1,3,2)(4,5)", first=1), from_cycles([(0, 1)], n=4)
    ((2, 0, 1, 4, 3), (1, 0, 2, 3))
    """
    base = read_integer(first, "first", minimum=0, maximum=1)
    listed = read_cycle_text(cycles) if isinstance(cycles, str) else cycles
    moved = [
        [
            read_integer(a, "cycles", minimum=base) - base
            for a in read_list(cycle, "cycles", "positions")
        ]
        for cycle in read_list(listed, "cycles", "cycles")
    ]
    return joined_cycles(moved, None if n is None else read_integer(n, "n"), "cycles", base)


@typed
def cycle_text(perm: PermutationLike, first: int = 0, separator: str = " ") -> str:
    """The cycles as text; ``first=1, separator=","`` writes what GAP and Sage read.

    Args:
        perm: a permutation of 0..n-1.
        first: what the first position is called, 0 or 1.
        separator: between the entries of a cycle.

    >>> cycle_text((2, 0, 1, 4, 3)), cycle_text((2, 0, 1, 4, 3), first=1, separator=",")
    ('(0 2 1)(3 4)', '(1,3,2)(4,5)')
    >>> cycle_text((0, 1))
    '()'
    """
    base = read_integer(first, "first", minimum=0, maximum=1)
    inside = (separator.join(str(a + base) for a in cycle) for cycle in cycles(perm))
    return "".join(f"({text})" for text in inside) or "()"


def to_sympy(perm: PermutationLike) -> Any:
    """SymPy's ``Permutation``, fixed points at the end included.

    >>> to_sympy((2, 0, 1)).cyclic_form
    [[0, 2, 1]]
    """
    from sympy.combinatorics import Permutation

    return Permutation(list(read_permutation(perm)))
