r"""Elements of the group algebra as text for Sage and GAP, positions from 1.

    Sage   SymmetricGroupAlgebra(QQ, 3).sum_of_terms([(Permutation([2, 1, 3]), 2), ...])
    GAP    ElementOfMagmaRing(ElementsFamily(FamilyObj(GroupRing(Rationals, SymmetricGroup(3)))), 0, [ 2, ... ], [ (1,2), ... ])

Both multiply permutations from left to right, as here.
"""

from __future__ import annotations

from symkern.combinatorics.other_programs import to_gap, to_sage
from symkern.errors import InvalidType
from symkern.representations.group_algebra import GroupAlgebraElement


def element_to_sage(element: GroupAlgebraElement) -> str:
    """What makes the element in Sage.

    >>> element_to_sage(GroupAlgebraElement(2, {(1, 0): "1/2"}))
    'SymmetricGroupAlgebra(QQ, 2).sum_of_terms([(Permutation([2, 1]), 1/2)])'
    """
    terms = ", ".join(f"({to_sage(g)}, {c})" for g, c in _read(element).items())
    return f"SymmetricGroupAlgebra(QQ, {element.n}).sum_of_terms([{terms}])"


def element_to_gap(element: GroupAlgebraElement) -> str:
    """What makes the element in GAP.

    >>> print(element_to_gap(GroupAlgebraElement(2, {(1, 0): "1/2", (0, 1): -1})))
    ElementOfMagmaRing(ElementsFamily(FamilyObj(GroupRing(Rationals, SymmetricGroup(2)))), 0, [ -1, 1/2 ], [ (), (1,2) ])
    """
    pairs = list(_read(element).items())
    ring = f"GroupRing(Rationals, SymmetricGroup({max(element.n, 1)}))"
    numbers = ", ".join(str(c) for _, c in pairs)
    listed = ", ".join(to_gap(g) for g, _ in pairs)
    return f"ElementOfMagmaRing(ElementsFamily(FamilyObj({ring})), 0, [ {numbers} ], [ {listed} ])"


def _read(element: object) -> GroupAlgebraElement:
    if not isinstance(element, GroupAlgebraElement):
        raise InvalidType("element", "must be a GroupAlgebraElement", element)
    return element
