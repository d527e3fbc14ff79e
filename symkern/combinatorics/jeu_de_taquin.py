r"""Jeu de taquin: slides of skew tableaux, promotion and evacuation.

A slide into an inner corner moves the smaller of the entries to the right and below into the hole, the lower one where they are equal, until the hole
has come to the rim. All orders of slides end in one straight tableau, the rectification; it is the insertion tableau of the reading word (Schuetzenberger).

The involution t_i of Bender and Knuth exchanges the numbers of i and i + 1: those without partner in their column, a times i and b times i + 1
in a row, become b times i and a times i + 1. With entries 1..m

    promotion    = first t_1, then t_2, ..., t_(m-1)
    evacuation   = t_1 ... t_(m-1), then t_1 ... t_(m-2), ..., then t_1.

On a standard tableau promotion takes 1 away, slides into its place, lowers all entries by 1 and puts n into the cell that was left.
(Some programs call the inverse promotion.) Evacuation is an involution, and reverses the weight.

Source: Schuetzenberger, *Promotion des morphismes d'ensembles ordonnes*, Discrete Math. 2 (1972); Stanley, *Promotion and evacuation*,
Electron. J. Combin. 16(2) (2009) R9; Bender and Knuth, *Enumeration of plane partitions*, J. Combin. Theory A 13 (1972).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import TypeVar

from symkern.combinatorics.skew_tableaux import SkewTableau
from symkern.combinatorics.tableaux import Tableau
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.limits import check_time, within_time
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_pair

_T = TypeVar("_T", Tableau, SkewTableau)


def slide(tableau: SkewTableau, cell: tuple[int, int]) -> SkewTableau:
    """The tableau after the slide into ``cell``.

    Args:
        tableau: a semistandard skew tableau.
        cell: an inner corner (row, column), both from 0.

    Raises:
        InvalidArgument: for a cell that is no corner of the missing boxes, or a tableau that is not semistandard.

    >>> print(slide(SkewTableau(((None, 1, 3), (2, 2))), (0, 0)))
    1 2 3
    2
    """
    _require_semistandard(tableau)
    row, column = read_pair(cell, "cell", "a row and a column")
    i, j = read_integer(row, "cell"), read_integer(column, "cell")
    corners = tableau.shape.inner.corners
    if (i, j) not in corners:
        rule = f"must be an inner corner, one of {corners}"
        raise InvalidArgument("cell", rule, f"it is {(i, j)}")
    return _slid([list(row) for row in tableau.rows], i, j)


def rectify(tableau: SkewTableau) -> Tableau:
    """The straight tableau that slides lead to, in whatever order.

    >>> print(rectify(SkewTableau(((None, None, 1), (None, 2), (1,)))))
    1 1
    2
    """
    _require_semistandard(tableau)
    while corners := tableau.shape.inner.corners:
        tableau = _slid([list(row) for row in tableau.rows], *corners[-1])
    return Tableau(tuple(tuple(e for e in row if e is not None) for row in tableau.rows if row))


def promotion(tableau: _T, letters: int | None = None) -> _T:
    """The promotion of a semistandard tableau with entries 1..letters, of straight or skew shape.

    Args:
        tableau: a semistandard tableau.
        letters: the largest letter, at least the largest entry, which it is where nothing is said.

    Raises:
        InvalidArgument: a smaller one, or a tableau that is not semistandard.

    >>> promotion(Tableau(((1, 2, 4), (3, 5)))).rows
    ((1, 3, 5), (2, 4))
    >>> print(promotion(SkewTableau(((None, 1, 4), (2, 3)))))
    . 2 3
    1 4
    """
    return _toggled(tableau, range(1, _letters(tableau, letters)))


def inverse_promotion(tableau: _T, letters: int | None = None) -> _T:
    """The tableau whose promotion this is.

    Args:
        tableau: a semistandard tableau.
        letters: the largest letter, at least the largest entry, which it is where nothing is said.

    Raises:
        InvalidArgument: a smaller one, or a tableau that is not semistandard.

    >>> inverse_promotion(promotion(Tableau(((1, 2, 4), (3, 5))))).rows
    ((1, 2, 4), (3, 5))
    """
    return _toggled(tableau, range(_letters(tableau, letters) - 1, 0, -1))


def promotion_orbit(tableau: _T, letters: int | None = None) -> list[_T]:
    """The tableau and its promotions, up to the last one before it comes back.

    Args:
        tableau: a semistandard tableau.
        letters: the largest letter, at least the largest entry, which it is where nothing is said.

    Raises:
        InvalidArgument: a smaller one, or a tableau that is not semistandard.
        TooLong: an orbit without end in sight.

    >>> [t.rows for t in promotion_orbit(Tableau(((1, 2), (3, 4))))]
    [((1, 2), (3, 4)), ((1, 3), (2, 4))]
    """
    m = _letters(tableau, letters)
    orbit = [tableau]
    with within_time("this orbit", "a tableau of fewer cells takes less"):
        while (following := _toggled(orbit[-1], range(1, m))) != tableau:
            check_time()
            orbit.append(following)
    return orbit


def evacuation(tableau: _T, letters: int | None = None) -> _T:
    """Schuetzenberger's involution on semistandard tableaux with entries 1..letters.

    Args:
        tableau: a semistandard tableau.
        letters: the largest letter, at least the largest entry, which it is where nothing is said.

    Raises:
        InvalidArgument: a smaller one, or a tableau that is not semistandard.

    >>> evacuation(Tableau(((1, 2, 4), (3, 5)))).rows
    ((1, 3, 5), (2, 4))
    >>> evacuation(Tableau(((1, 1), (2,)))).rows
    ((1, 2), (2,))
    """
    m = _letters(tableau, letters)
    return _toggled(tableau, (i for last in range(m, 1, -1) for i in range(1, last)))


def _letters(tableau: Tableau | SkewTableau, letters: int | None) -> int:
    if not isinstance(tableau, (Tableau, SkewTableau)):
        raise InvalidType("tableau", "must be a Tableau or a SkewTableau", tableau)
    if not tableau.is_semistandard:
        shown = f"its rows are {displayed(tableau.rows)}"
        raise InvalidArgument("tableau", "must be semistandard", shown)
    least = max((row[-1] or 0 for row in tableau.rows if row), default=0)
    return least if letters is None else read_integer(letters, "letters", minimum=least)


def _toggled(tableau: _T, order: Iterable[int]) -> _T:
    rows = [
        [e or 0 for e in row] for row in tableau.rows
    ]  # a missing box is smaller than any entry
    for i in order:
        _toggle(rows, i)
    if isinstance(tableau, SkewTableau):
        return SkewTableau.trusted(tuple(tuple(e or None for e in row) for row in rows))
    return Tableau.trusted(tuple(map(tuple, rows)))


def _toggle(rows: list[list[int]], i: int) -> None:
    """t_i in place. The pairs of a column are i above i + 1; in each row what has no partner is one run."""
    spans = [
        (bisect_left(row, i), bisect_left(row, i + 1), bisect_right(row, i + 1)) for row in rows
    ]
    for r, (first, middle, last) in enumerate(spans):
        # Of the i those before the end of the (i + 1) below have partners, of the i + 1 those from the start of the i above on.
        below = spans[r + 1][2] if r + 1 < len(rows) else 0
        above = spans[r - 1][0] if r else last
        start = min(max(first, below), middle)
        stop = max(min(last, above), middle)
        free, others = middle - start, stop - middle
        rows[r][start:stop] = [i] * others + [i + 1] * free


def _slid(rows: list[list[int | None]], i: int, j: int) -> SkewTableau:
    while True:
        right = rows[i][j + 1] if j + 1 < len(rows[i]) else None
        below = rows[i + 1][j] if i + 1 < len(rows) and j < len(rows[i + 1]) else None
        if right is None and below is None:
            break
        if below is not None and (right is None or below <= right):
            rows[i][j] = below
            i += 1
        else:
            rows[i][j] = right
            j += 1
    rows[i].pop()
    while rows and not rows[-1]:
        rows.pop()
    return SkewTableau.trusted(tuple(map(tuple, rows)))


def _require_semistandard(tableau: SkewTableau) -> None:
    if not isinstance(tableau, SkewTableau):
        raise InvalidType("tableau", "must be a SkewTableau", tableau)
    if not tableau.is_semistandard:
        shown = f"its rows are {displayed(tableau.rows)}"
        raise InvalidArgument("tableau", "must be semistandard", shown)
