"""Tableaux: fillings of a diagram by positive integers, in English notation.

Standard tableaux hold 1..n once each, semistandard ones letters 1..m, rows weakly and columns strictly
increasing, as in the literature. Elsewhere positions and letters count from 0: entry k of a tableau
stands for position or letter k - 1.

Source: Sagan, *The Symmetric Group*, 2.1 and 2.9; Fulton, *Young Tableaux*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from symkern.combinatorics.fillings import Fillings
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.skew import SkewPartition
from symkern.doors import TableauDoors, drawable
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.nested_lists import read_nested
from symkern.reading.sequences import read_list
from symkern.typeset.shown import Written, displays


@drawable
@dataclass(frozen=True, order=True, repr=False)
class Tableau(TableauDoors, Written):
    """The filling with the given rows.

    Args:
        rows: of positive integers; or their text, "[[1, 2], [3]]", "Tableau([[1, 2], [3]])" or as it is printed.

    Raises:
        PartitionError: their lengths increase.
        InvalidArgument: an entry below 1.

    >>> t = Tableau(((1, 2, 4), (3, 5)))
    >>> t.shape, t.is_standard, t.reading_word
    (Partition(3, 2), True, (3, 5, 1, 2, 4))
    >>> print(t)
    1 2 4
    3 5
    """

    rows: tuple[tuple[int, ...], ...]

    def __init__(self, rows: Sequence[Sequence[int]] | str) -> None:
        if isinstance(rows, str):
            rows = read_tableau_text(rows, "Tableau")
        if not isinstance(rows, Sequence):
            raise InvalidType("rows", "must be a sequence of rows", rows)
        for row in rows:
            if isinstance(row, str) or not isinstance(row, Sequence):
                raise InvalidType("rows", "every row must be a sequence of integers", row)
        read = tuple(tuple(read_integer(entry, "rows", minimum=1) for entry in row) for row in rows)
        object.__setattr__(self, "rows", read)
        Partition.checked([len(row) for row in read], "rows")

    @classmethod
    def trusted(cls, rows: tuple[tuple[int, ...], ...]) -> Tableau:
        """Rows that are known to be those of a tableau."""
        tableau = cls.__new__(cls)
        object.__setattr__(tableau, "rows", rows)
        return tableau

    @property
    def shape(self) -> Partition:
        """The lengths of the rows."""
        return Partition.trusted(map(len, self.rows))

    @property
    def size(self) -> int:
        """The number of cells."""
        return sum(map(len, self.rows))

    @property
    def conjugate(self) -> Tableau:
        """The transposed filling."""
        columns = range(len(self.rows[0]) if self.rows else 0)
        return Tableau.trusted(
            tuple(tuple(row[j] for row in self.rows if j < len(row)) for j in columns)
        )

    @property
    def weight(self) -> tuple[int, ...]:
        """How often 1, 2, ..., up to the largest entry occur."""
        entries = [entry for row in self.rows for entry in row]
        require_bytes("the weight of a tableau", 8 * max(entries, default=0))
        counts = [0] * max(entries, default=0)
        for entry in entries:
            counts[entry - 1] += 1
        return tuple(counts)

    @property
    def is_semistandard(self) -> bool:
        """Rows weakly, columns strictly increasing."""
        rows = self.rows
        return all(a <= b for row in rows for a, b in pairwise(row)) and all(
            a < b for up, low in pairwise(rows) for a, b in zip(up, low, strict=False)
        )

    @property
    def is_standard(self) -> bool:
        """Semistandard, with 1..n once each."""
        return self.is_semistandard and set(self.weight) <= {1}

    @property
    def reading_word(self) -> tuple[int, ...]:
        """The rows one after the other, the lowest first."""
        return tuple(entry for row in reversed(self.rows) for entry in row)

    @property
    def contents(self) -> tuple[int, ...]:
        """Content (column minus row) of the cells of 1..n of a standard tableau.

        The eigenvalues of the Jucys-Murphy elements on its vector in Young's seminormal form.
        """
        places = self._places()
        return tuple(places[k][1] - places[k][0] for k in range(1, len(places) + 1))

    @property
    def descents(self) -> tuple[int, ...]:
        """The k of a standard tableau for which k + 1 stands in a lower row."""
        places = self._places()
        return tuple(k for k in range(1, len(places)) if places[k + 1][0] > places[k][0])

    def _places(self) -> dict[int, tuple[int, int]]:
        if not self.is_standard:
            raise InvalidArgument("tableau", "must be standard", f"its rows are {self.rows}")
        return {entry: (i, j) for i, row in enumerate(self.rows) for j, entry in enumerate(row)}

    def __repr__(self) -> str:
        return f"Tableau({self.rows!r})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def __str__(self) -> str:
        return "\n".join(" ".join(map(str, row)) for row in self.rows)

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


def read_tableau_text(text: str, name: str) -> list[list[int]]:
    """The rows that a text spells: nested lists, with the name of the class before them or without, or line by line.

    >>> read_tableau_text("1 2\\n3", "Tableau"), read_tableau_text("[ [ 1, 2 ], [ 3 ] ]", "Tableau")
    ([[1, 2], [3]], [[1, 2], [3]])
    """
    lines = [line.split() for line in text.strip().splitlines()]
    entries = [entry for line in lines for entry in line]
    if len(entries) > 1 and all(
        entry == "." or (entry.isdecimal() and len(entry) < 19) for entry in entries
    ):
        return [[None if e == "." else int(e) for e in line] for line in lines]  # type: ignore[misc]
    if not set(text) & set("[("):
        rule = "must be rows of integers, such as ((1, 2), (3,)) or '[[1, 2], [3]]'"
        raise InvalidType("rows", rule, text)
    rows: list[list[int]] = read_nested(text, "rows", [name])
    if text.strip().startswith(name) and len(rows) == 1:
        rows = rows[0]  # type: ignore[assignment]
    return rows


def standard_tableaux(shape: PartitionLike) -> Iterator[Tableau]:
    """The standard tableaux of a shape, by the word whose letter k is the row of k, lexicographic.

    >>> [t.rows for t in standard_tableaux((2, 2))]
    [((1, 2), (3, 4)), ((1, 3), (2, 4))]
    """
    return _standard(Partition.read(shape, "shape"))


def _standard(shape: Partition) -> Iterator[Tableau]:
    size = shape.size
    rows: list[list[int]] = [[] for _ in shape]
    word: list[int] = []
    row = 0  # the first row to try for the next entry
    while True:
        if len(word) == size:
            yield Tableau.trusted(tuple(map(tuple, rows)))
            row = len(shape)
        # Every filling that grows inside the shape can be completed: no dead ends.
        while row < len(shape):
            length = len(rows[row])
            if length < shape[row] and (row == 0 or length < len(rows[row - 1])):
                break
            row += 1
        if row < len(shape):
            word.append(row)
            rows[row].append(len(word))
            row = 0
        elif word:
            row = word.pop()
            rows[row].pop()
            row += 1
        else:
            return


def semistandard_tableaux(
    shape: PartitionLike,
    letters: int | None = None,
    weight: Sequence[int] | None = None,
) -> Iterator[Tableau]:
    """The semistandard tableaux of a shape with entries 1..letters, or those of a given weight, in the order of `symkern.combinatorics.fillings`.

    That is the order of their places (`symkern.combinatorics.rank_tableau`). Those with entries 1..m - 1 stand before those with an entry m, so that the place of
    a tableau is the same whatever ``letters`` are allowed.

    Args:
        shape: the shape; skew ones have `symkern.combinatorics.skew_semistandard_tableaux`.
        letters: the largest entry.
        weight: how often 1, 2, ... occur, in the place of ``letters``.

    >>> [t.rows for t in semistandard_tableaux((2, 1), 2)]
    [((1, 1), (2,)), ((1, 2), (2,))]
    >>> [t.rows for t in semistandard_tableaux((1, 1), 3)]
    [((1,), (2,)), ((1,), (3,)), ((2,), (3,))]
    >>> [t.rows for t in semistandard_tableaux((2, 2, 1), weight=(1, 2, 1, 1))]
    [((1, 2), (2, 3), (4,)), ((1, 2), (2, 4), (3,))]
    """
    known = Partition.read(shape, "shape")
    if weight is None and letters is not None:
        return _semistandard(known, read_integer(letters, "letters"))
    return map(Tableau.trusted, fillings_of(known, letters, weight))  # type: ignore[arg-type]


def fillings_of(
    shape: PartitionLike | SkewPartition,
    letters: int | None = None,
    weight: Sequence[int] | None = None,
) -> Fillings:
    """The semistandard fillings of a straight or skew shape, with a number of letters or a weight, one of the two.

    >>> fillings_of((3, 2), weight=(2, 2, 1)).count, fillings_of((3, 2), 3).count
    (2, 15)
    """
    if (letters is None) == (weight is None):
        what = "neither" if weight is None else "both"
        raise InvalidArgument("letters, weight", "one of them must be given", f"{what} is")
    known = shape if isinstance(shape, SkewPartition) else SkewPartition(shape, ())
    if weight is None:
        sizes: list[int | None] = [None] * read_integer(
            letters, "letters", maximum=current().listed_positions
        )
    else:
        sizes = [read_integer(w, "weight") for w in read_list(weight, "weight", "integers")]
        if sum(sizes) != known.size:  # type: ignore[arg-type]
            rule = f"must add up to the {known.size} cells"
            raise SizeMismatch("weight", rule, f"it adds up to {displayed(sum(sizes))}")  # type: ignore[arg-type]
    return Fillings(known.outer, known.inner, sizes)


def _semistandard(shape: Partition, letters: int) -> Iterator[Tableau]:
    """The largest entry first, then where it stands: nothing is counted, and no filling that is begun cannot be completed."""
    if len(shape) > letters:
        return
    if not shape:
        yield Tableau(())
        return
    chain: list[tuple[int, tuple[int, ...]]] = [(letters + 1, tuple(shape))]
    stack = [_without_largest(tuple(shape), letters)]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            chain.pop()
            continue
        entry, left = step
        if any(left):
            chain.append(step)
            stack.append(_without_largest(left, entry - 1))
            continue
        rows: list[tuple[int, ...]] = [()] * len(shape)
        for k, (_, nu) in zip((entry, *(e for e, _ in chain[:0:-1])), chain[::-1], strict=True):
            rows = [row + (k,) * (size - len(row)) for row, size in zip(rows, nu, strict=True)]
        yield Tableau.trusted(tuple(rows))


def _without_largest(rows: tuple[int, ...], most: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(k, what is left without the entries k), k the largest entry, from the smallest possible on; the largest shapes first."""
    height = sum(1 for row in rows if row)
    below = (*rows[1:], 0)
    for k in range(height, most + 1):
        # k - 1 letters fill at most k - 1 rows, and each row keeps what stands above the next one.
        kept = (
            range(row, low - 1, -1) if i < k - 1 else (0,)
            for i, (row, low) in enumerate(zip(rows, below, strict=True))
        )
        for left in product(*kept):
            if left != rows:
                yield k, left
