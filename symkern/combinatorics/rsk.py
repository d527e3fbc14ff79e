r"""The correspondences of Robinson, Schensted and Knuth between words, or matrices, and pairs of tableaux.

A letter x enters a row: it takes the place of the first entry larger than x, which goes on to the next row in the same way, or stands
at the end. P is what has grown, Q says when: a letter that came at time t leaves t in the cell that was added. Then

    words of length n                 <->  (P, Q), P semistandard, Q standard, of one shape with n cells
    matrices of nonnegative integers  <->  (P, Q), both semistandard, of one shape
    matrices of zeros and ones        <->  (P, Q), Q and the transpose of P semistandard   (the dual correspondence)

where a matrix A is the two-line array with A_ij columns (i, j), in lexicographic order; its lower line enters, its upper line is
recorded. In the dual correspondence an entry that equals x makes way as well. The transposed matrix gives (Q, P), the inverse permutation too.

Letters count from 1, as entries of tableaux do. A SymPy permutation of 0..n-1 stands for its one-line word with 1 added.
Source: Knuth, *Permutations, matrices, and generalized Young tableaux*, Pacific J. Math. 34 (1970); Fulton, *Young Tableaux*, 4;
Stanley, *Enumerative Combinatorics* 2, 7.11 to 7.14.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import read_permutation
from symkern.combinatorics.tableaux import Tableau
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list, read_rows

Matrix = tuple[tuple[int, ...], ...]
_Bisect = Callable[[list[int], int], int]


def read_word(word: Sequence[int] | Any, argument: str = "word") -> list[int]:
    """The letters of a word, from 1 on; those of a SymPy permutation with 1 added.

    >>> read_word((2, 1, 3))
    [2, 1, 3]
    >>> read_word((1, 0, 2))
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: word: letters count from 1, so that a permutation of 0..n-1 needs 1 added to each image, but entry 1 is 0
    """
    if str(type(word).__module__).startswith("sympy.") and hasattr(word, "array_form"):
        return [image + 1 for image in read_permutation(word, argument)]
    letters = [
        read_integer(a, argument, minimum=None) for a in read_list(word, argument, "letters")
    ]
    for i, letter in enumerate(letters):
        if letter < 1:
            rule = "letters count from 1" + (
                ", so that a permutation of 0..n-1 needs 1 added to each image"
                if letter == 0
                else ""
            )
            raise InvalidArgument(argument, rule, f"entry {i} is {displayed(letter)}")
    return letters


def rsk(word: Sequence[int] | Any) -> tuple[Tableau, Tableau]:
    """(P, Q) of a word: the insertion tableau and the recording tableau.

    The first row is as long as the longest weakly increasing subword (Schensted).

    Args:
        word: letters from 1 on, or a SymPy permutation.

    Returns:
        The semistandard tableau P of the letters and the standard tableau Q of the same shape.

    Raises:
        InvalidArgument: for letters below 1.

    >>> P, Q = rsk((3, 1, 2, 2))
    >>> P.rows, Q.rows
    (((1, 2, 2), (3,)), ((1, 3, 4), (2,)))
    """
    letters = read_word(word)
    return _inserted(letters, range(1, len(letters) + 1), bisect_right)


def inverse_rsk(P: Tableau, Q: Tableau) -> tuple[int, ...]:
    """The word whose insertion and recording tableau are P and Q.

    Args:
        P: a semistandard tableau.
        Q: a standard tableau of the same shape.

    Raises:
        SizeMismatch: for tableaux of two shapes.
        InvalidArgument: where P is not semistandard or Q not standard.

    >>> inverse_rsk(*rsk((3, 1, 2, 2)))
    (3, 1, 2, 2)
    """
    _require_pair(P, Q)
    if not P.is_semistandard:
        raise InvalidArgument("P", "must be semistandard", f"its rows are {displayed(P.rows)}")
    if not Q.is_standard:
        raise InvalidArgument("Q", "must be standard", f"its rows are {displayed(Q.rows)}")
    return tuple(letter for _, letter in _removed(P, Q, bisect_left))


def matrix_rsk(matrix: Sequence[Sequence[int]]) -> tuple[Tableau, Tableau]:
    """(P, Q) of a matrix of nonnegative integers: the weights of P are its column sums, those of Q its row sums.

    Args:
        matrix: rows of equal length.

    Raises:
        InvalidArgument: a negative entry.
        SizeMismatch: rows of unequal length.

    >>> P, Q = matrix_rsk([[1, 0], [1, 2]])
    >>> P.rows, Q.rows
    (((1, 1, 2, 2),), ((1, 2, 2, 2),))
    """
    upper, lower = _two_lines(_read_matrix(matrix, None))
    return _inserted(lower, upper, bisect_right)


def inverse_matrix_rsk(P: Tableau, Q: Tableau, shape: Sequence[int] | None = None) -> Matrix:
    """The matrix with these semistandard tableaux.

    Args:
        P: a semistandard tableau.
        Q: another one of the same shape.
        shape: (rows, columns); the largest entries of Q and P where nothing is said.

    Raises:
        SizeMismatch: tableaux of two shapes.
        InvalidArgument: one that is not semistandard, or a shape that is too small.

    >>> inverse_matrix_rsk(*matrix_rsk([[1, 0], [1, 2]]))
    ((1, 0), (1, 2))
    """
    _require_pair(P, Q)
    for name, tableau in (("P", P), ("Q", Q)):
        if not tableau.is_semistandard:
            shown = f"its rows are {displayed(tableau.rows)}"
            raise InvalidArgument(name, "must be semistandard", shown)
    return _matrix(_removed(P, Q, bisect_left), P, Q, shape)


def dual_rsk(matrix: Sequence[Sequence[int]]) -> tuple[Tableau, Tableau]:
    """(P, Q) of a matrix of zeros and ones; the transpose of P is semistandard, and so is Q.

    Args:
        matrix: rows of equal length.

    Raises:
        InvalidArgument: another entry.
        SizeMismatch: rows of unequal length.

    >>> P, Q = dual_rsk([[1, 1], [0, 1]])
    >>> P.rows, Q.rows
    (((1, 2), (2,)), ((1, 1), (2,)))
    """
    upper, lower = _two_lines(_read_matrix(matrix, 1))
    return _inserted(lower, upper, bisect_left)


def inverse_dual_rsk(P: Tableau, Q: Tableau, shape: Sequence[int] | None = None) -> Matrix:
    """The matrix of zeros and ones with these tableaux.

    Args:
        P: a tableau whose transpose is semistandard.
        Q: a semistandard tableau of the same shape.
        shape: (rows, columns); the largest entries of Q and P where nothing is said.

    Raises:
        SizeMismatch: tableaux of two shapes.
        InvalidArgument: one that is not so, or a shape that is too small.

    >>> inverse_dual_rsk(*dual_rsk([[1, 1], [0, 1]]))
    ((1, 1), (0, 1))
    """
    _require_pair(P, Q)
    if not P.conjugate.is_semistandard:
        rule = "must have a semistandard transpose"
        raise InvalidArgument("P", rule, f"its rows are {displayed(P.rows)}")
    if not Q.is_semistandard:
        raise InvalidArgument("Q", "must be semistandard", f"its rows are {displayed(Q.rows)}")
    return _matrix(_removed(P, Q, bisect_right), P, Q, shape)


def inserted_rows(letters: Iterable[int]) -> list[list[int]]:
    """The rows of P alone.

    >>> inserted_rows([3, 1, 2, 2])
    [[1, 2, 2], [3]]
    """
    rows: list[list[int]] = []
    for letter in letters:
        _enter(rows, letter, bisect_right)
    return rows


def _enter(rows: list[list[int]], letter: int, place: _Bisect) -> int:
    """Insert a letter; the row that has grown."""
    for i, row in enumerate(rows):
        j = place(row, letter)
        if j == len(row):
            row.append(letter)
            return i
        row[j], letter = letter, row[j]
    rows.append([letter])
    return len(rows) - 1


def _inserted(
    letters: Iterable[int], times: Iterable[int], place: _Bisect
) -> tuple[Tableau, Tableau]:
    rows: list[list[int]] = []
    recorded: list[list[int]] = []
    for letter, time in zip(letters, times, strict=True):
        i = _enter(rows, letter, place)
        if i == len(recorded):
            recorded.append([])
        recorded[i].append(time)
    return Tableau.trusted(tuple(map(tuple, rows))), Tableau.trusted(tuple(map(tuple, recorded)))


def _removed(P: Tableau, Q: Tableau, place: _Bisect) -> list[tuple[int, int]]:
    """The two-line array, first column first; the cell with the last time is the rightmost of those with the largest entry of Q."""
    rows = [list(row) for row in P.rows]
    cells = [(time, j, i) for i, row in enumerate(Q.rows) for j, time in enumerate(row)]
    columns = []
    for time, _, i in sorted(cells, reverse=True):
        letter = rows[i].pop()
        for row in reversed(rows[:i]):
            j = place(row, letter) - 1
            row[j], letter = letter, row[j]
        columns.append((time, letter))
    return columns[::-1]


def _two_lines(matrix: list[list[int]]) -> tuple[list[int], list[int]]:
    columns = [
        (i, j)
        for i, row in enumerate(matrix, 1)
        for j, count in enumerate(row, 1)
        for _ in range(count)
    ]
    return [i for i, _ in columns], [j for _, j in columns]


def _read_matrix(matrix: object, most: int | None) -> list[list[int]]:
    rows = [
        [read_integer(entry, "matrix", maximum=most) for entry in row]
        for row in read_rows(matrix, "matrix")
    ]
    require_bytes("the two-line array of the matrix", 100 * sum(map(sum, rows)))
    return rows


def _matrix(
    columns: list[tuple[int, int]], P: Tableau, Q: Tableau, shape: Sequence[int] | None
) -> Matrix:
    least = [max((e for row in t.rows for e in row), default=0) for t in (Q, P)]
    if shape is None:
        sizes = least
    else:
        listed = read_list(shape, "shape", "two sizes")
        if len(listed) != 2:
            rule = "must be the numbers of rows and columns"
            raise SizeMismatch("shape", rule, f"it has {len(listed)} entries")
        sizes = [read_integer(a, "shape", minimum=m) for a, m in zip(listed, least, strict=True)]
    require_bytes("the matrix", 8 * sizes[0] * sizes[1])
    found = [[0] * sizes[1] for _ in range(sizes[0])]
    for i, j in columns:
        found[i - 1][j - 1] += 1
    return tuple(map(tuple, found))


def _require_pair(P: Tableau, Q: Tableau) -> None:
    for name, tableau in (("P", P), ("Q", Q)):
        if not isinstance(tableau, Tableau):
            raise InvalidType(name, "must be a Tableau", tableau)
    if P.shape != Q.shape:
        rule = f"must have the shape {tuple(P.shape)} of P"
        raise SizeMismatch("Q", rule, f"it has the shape {tuple(Q.shape)}")
