r"""Straightening of polytabloids: any e_T as an integer combination of those of standard tableaux.

The polytabloid of a filling T is e_T = sum over column permutations sigma of sgn(sigma) {sigma T}; so e_T changes sign when two
entries of a column are exchanged. Where an entry of column j exceeds its right neighbour in row r, the Garnir relation

    sum_pi sgn(pi) e_(pi T) = 0,   pi over the ways to share A + B between the places of A and of B,

A the cells of column j from row r down, B those of column j + 1 down to row r, expresses e_T by fillings that come
before it in the column dominance order. There are C(|A| + |B|, |A|) terms, few more than the column is long choose r.

A filling is the tuple of its columns, each increasing, entries from 0.

Source: Sagan, *The Symmetric Group* (2nd ed.), section 2.6; James, *The Representation Theory of the
Symmetric Groups*, section 7.
"""

from __future__ import annotations

from itertools import combinations

Columns = tuple[tuple[int, ...], ...]


def column_sorted(columns: list[list[int]]) -> tuple[int, Columns]:
    """The sign of sorting every column, and the sorted filling.

    >>> column_sorted([[2, 1], [0]])
    (-1, ((1, 2), (0,)))
    """
    sign = 1
    for column in columns:
        sign *= _sign(column)
    return sign, tuple(tuple(sorted(column)) for column in columns)


def straighten(filling: Columns) -> dict[Columns, int]:
    """{standard filling: coefficient} of the polytabloid.

    >>> straighten(((1, 2), (0,)))
    {((0, 2), (1,)): 1, ((0, 1), (2,)): -1}
    """
    done: dict[Columns, int] = {}
    waiting = {filling: 1}
    while waiting:
        # Sum what meets again before going on: the combinations overlap heavily.
        current = max(waiting)
        coefficient = waiting.pop(current)
        if not coefficient:
            continue
        place = _descent(current)
        if place is None:
            done[current] = done.get(current, 0) + coefficient
            continue
        for term, sign in _garnir(current, *place):
            waiting[term] = waiting.get(term, 0) + sign * coefficient
    return {term: c for term, c in done.items() if c}


def _descent(columns: Columns) -> tuple[int, int] | None:
    """The first place (row, column) whose entry exceeds its right neighbour."""
    for j in range(len(columns) - 1):
        for r, right in enumerate(columns[j + 1]):
            if columns[j][r] > right:
                return r, j
    return None


def _garnir(columns: Columns, r: int, j: int) -> list[tuple[Columns, int]]:
    """The other terms of the Garnir relation, on the other side of the equation."""
    left, right = columns[j], columns[j + 1]
    above, below = left[:r], left[r:]
    upper, rest = right[: r + 1], right[r + 1 :]
    pool = (*below, *upper)
    terms = []
    for chosen in combinations(range(len(pool)), len(below)):
        if chosen == tuple(range(len(below))):
            continue
        others = [k for k in range(len(pool)) if k not in chosen]
        sign = _sign([*chosen, *others])
        new_left = [*above, *(pool[k] for k in chosen)]
        new_right = [*(pool[k] for k in others), *rest]
        sort, filling = column_sorted([new_left, new_right])
        terms.append(((*columns[:j], *filling, *columns[j + 2 :]), -sign * sort))
    return terms


def _sign(numbers: list[int]) -> int:
    inversions = sum(1 for a in range(len(numbers)) for b in range(a) if numbers[b] > numbers[a])
    return -1 if inversions % 2 else 1
