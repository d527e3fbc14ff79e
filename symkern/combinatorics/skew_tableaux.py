r"""Tableaux of skew shape lam/mu: rows whose first mu_i boxes are missing, None in their place.

Entries count from 1, rows weakly and columns strictly increasing where they are semistandard; English notation.

Source: Fulton, *Young Tableaux*, 1.1; Stanley, *Enumerative Combinatorics* 2, 7.10.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition
from symkern.combinatorics.skew import SkewPartition
from symkern.combinatorics.tableaux import fillings_of, read_tableau_text
from symkern.doors import SkewTableauDoors
from symkern.errors import InvalidArgument, InvalidType, PartitionError, displayed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Written, displays

Row = tuple[int | None, ...]


@dataclass(frozen=True, repr=False)
class SkewTableau(SkewTableauDoors, Written):
    """The filling with the given rows.

    Args:
        rows: of positive integers, with None for missing boxes at the left; or their text, "[[None, 1], [2]]", as Sage and GAP write it, or as it is printed.

    Raises:
        PartitionError: the missing boxes form no partition.
        InvalidArgument: a missing box that is not at the left.

    >>> t = SkewTableau(((None, 1, 3), (2, 2)))
    >>> t.shape, t.weight, t.reading_word, t.is_semistandard
    (SkewPartition((3, 2), (1,)), (1, 2, 1), (2, 2, 1, 3), True)
    >>> print(t)
    . 1 3
    2 2
    """

    rows: tuple[Row, ...]

    def __init__(self, rows: Sequence[Sequence[int | None]] | str) -> None:
        known = []
        if isinstance(rows, str):
            rows = read_tableau_text(rows, "SkewTableau")
        for row in read_list(rows, "rows", "rows"):
            entries = read_list(row, "rows", "entries")
            start = next((j for j, e in enumerate(entries) if e is not None), len(entries))
            if None in entries[start:]:
                rule = "missing boxes must stand at the left of a row"
                raise InvalidArgument("rows", rule, f"a row is {displayed(tuple(entries))}")
            filled = [read_integer(e, "rows", minimum=1) for e in entries[start:]]
            known.append((*[None] * start, *filled))
        object.__setattr__(self, "rows", tuple(known))
        Partition.checked([len(row) for row in known], "rows")
        starts = _starts(self.rows)
        if any(a < b for a, b in pairwise(starts)):
            rule = "the missing boxes must form a partition"
            raise PartitionError("rows", rule, f"the rows lack {starts}")

    @classmethod
    def trusted(cls, rows: tuple[Row, ...]) -> SkewTableau:
        """Rows that are known to be those of a skew tableau."""
        tableau = cls.__new__(cls)
        object.__setattr__(tableau, "rows", rows)
        return tableau

    @property
    def shape(self) -> SkewPartition:
        """The skew shape."""
        outer = Partition.trusted(len(row) for row in self.rows if row)
        return SkewPartition(outer, Partition.trusted(s for s in _starts(self.rows) if s))

    @property
    def size(self) -> int:
        """The number of boxes that are there."""
        return len(self.reading_word)

    @property
    def reading_word(self) -> tuple[int, ...]:
        """The rows one after the other, the lowest first."""
        return tuple(e for row in reversed(self.rows) for e in row if e is not None)

    @property
    def weight(self) -> tuple[int, ...]:
        """How often 1, 2, ..., up to the largest entry occur."""
        largest = max(self.reading_word, default=0)
        require_bytes("the weight of a tableau", 8 * largest)
        counts = [0] * largest
        for entry in self.reading_word:
            counts[entry - 1] += 1
        return tuple(counts)

    @property
    def is_semistandard(self) -> bool:
        """Rows weakly, columns strictly increasing."""
        at = {(i, j): e for i, row in enumerate(self.rows) for j, e in enumerate(row) if e}
        return all(
            e <= at.get((i, j + 1), e) and e < at.get((i + 1, j), e + 1) for (i, j), e in at.items()
        )

    @property
    def is_standard(self) -> bool:
        """Semistandard, with 1..n once each."""
        return self.is_semistandard and set(self.weight) <= {1}

    def __repr__(self) -> str:
        return f"SkewTableau({self.rows!r})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def __str__(self) -> str:
        return "\n".join(" ".join("." if e is None else str(e) for e in row) for row in self.rows)

    @displays
    def latex(self) -> str:
        """The filling as LaTeX; typeset/ does the drawing."""
        from symkern.typeset.tableaux import tableau_latex

        return tableau_latex(self.rows)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def _repr_svg_(self) -> str:
        from symkern.typeset.tableaux import tableau_svg

        return tableau_svg(self.rows)


def _starts(rows: tuple[Row, ...]) -> list[int]:
    return [row.count(None) for row in rows]


def skew_standard_tableaux(shape: SkewPartition) -> Iterator[SkewTableau]:
    """The standard tableaux of a skew shape.

    >>> [t.rows for t in skew_standard_tableaux(SkewPartition((2, 1), (1,)))]
    [((None, 1), (2,)), ((None, 2), (1,))]
    """
    known = _read_skew(shape)
    return map(SkewTableau.trusted, fillings_of(known, None, [1] * known.size))


def skew_semistandard_tableaux(
    shape: SkewPartition, letters: int | None = None, weight: Sequence[int] | None = None
) -> Iterator[SkewTableau]:
    """The semistandard tableaux of a skew shape with entries 1..letters, or of a given weight.

    Args:
        shape: the skew shape.
        letters: the largest entry that is allowed; this or the weight.
        weight: how often each of 1, 2, ... occurs.

    Raises:
        InvalidArgument: both or neither of them.

    >>> [t.rows for t in skew_semistandard_tableaux(SkewPartition((2, 1), (1,)), weight=(1, 1))]
    [((None, 1), (2,)), ((None, 2), (1,))]
    """
    return map(SkewTableau.trusted, fillings_of(_read_skew(shape), letters, weight))


def _read_skew(shape: SkewPartition) -> SkewPartition:
    if not isinstance(shape, SkewPartition):
        raise InvalidType("shape", "must be a SkewPartition", shape)
    return shape
