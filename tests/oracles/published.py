"""Values as books print them, with the labels that stand beside them there.

Irreps are labelled by partitions with (n) trivial, classes by cycle types, identity (1^n).
"""

from __future__ import annotations

from math import sqrt

Shape = tuple[int, ...]

#: Fulton and Harris, *Representation Theory* (1991), sections 2.3 and 3.1; the columns in the order of the book.
CLASSES: dict[int, list[Shape]] = {
    3: [(1, 1, 1), (2, 1), (3,)],
    4: [(1, 1, 1, 1), (2, 1, 1), (3, 1), (4,), (2, 2)],
    5: [(1,) * 5, (2, 1, 1, 1), (3, 1, 1), (4, 1), (5,), (2, 2, 1), (3, 2)],
}
CHARACTERS: dict[Shape, list[int]] = {
    (3,): [1, 1, 1],
    (1, 1, 1): [1, -1, 1],
    (2, 1): [2, 0, -1],
    (4,): [1, 1, 1, 1, 1],
    (1, 1, 1, 1): [1, -1, 1, -1, 1],
    (3, 1): [3, 1, 0, -1, -1],
    (2, 1, 1): [3, -1, 0, 1, -1],
    (2, 2): [2, 0, -1, 0, 2],
    (5,): [1, 1, 1, 1, 1, 1, 1],
    (1, 1, 1, 1, 1): [1, -1, 1, -1, 1, 1, -1],
    (4, 1): [4, 2, 1, 0, -1, 0, -1],
    (2, 1, 1, 1): [4, -2, 1, 0, -1, 0, 1],
    (3, 2): [5, 1, -1, -1, 0, 1, 1],
    (2, 2, 1): [5, -1, -1, 1, 0, 1, -1],
    (3, 1, 1): [6, 0, 0, 0, 1, -2, 0],
}

#: Macdonald, *Symmetric Functions and Hall Polynomials* (2nd ed.), III.6, the tables of K(t) at t = 1: rows shapes, columns contents, (n) first.
KOSTKA: dict[int, list[list[int]]] = {
    3: [[1, 1, 1], [0, 1, 2], [0, 0, 1]],
    4: [[1, 1, 1, 1, 1], [0, 1, 1, 2, 3], [0, 0, 1, 1, 2], [0, 0, 0, 1, 3], [0, 0, 0, 0, 1]],
    5: [
        [1, 1, 1, 1, 1, 1, 1],
        [0, 1, 1, 2, 2, 3, 4],
        [0, 0, 1, 1, 2, 3, 5],
        [0, 0, 0, 1, 1, 3, 6],
        [0, 0, 0, 0, 1, 2, 5],
        [0, 0, 0, 0, 0, 1, 4],
        [0, 0, 0, 0, 0, 0, 1],
    ],
}

#: Young's orthogonal form of (2, 1), the exchanges of 1, 2 and of 2, 3 on the tableaux (12|3), (13|2): by 1/r on the diagonal and the root of 1 - 1/r^2
#: beside it, r the axial distance; James and Kerber, *The Representation Theory of the Symmetric Group* (1981), section 3.4.
ORTHOGONAL = (
    [[1.0, 0.0], [0.0, -1.0]],
    [[-0.5, sqrt(3) / 2], [sqrt(3) / 2, 0.5]],
)
