r"""Elements of Q[S_n] that cut it up: class sums, Jucys-Murphy elements, Young symmetrisers, idempotents and matrix units.

    C_mu  = sum of the permutations of cycle type mu
    J_k   = (1 k) + (2 k) + ... + (k-1 k)
    a_T   = sum of the permutations that keep the rows of T,   b_T = sum of sign(g) g over those that keep its columns
    c_T   = a_T b_T,   c_T^2 = (n!/dim) c_T,   and Q[S_n] c_T is S^lam
    e_lam = (dim/n!) sum chi^lam(g) g,   central
    E_TU  = the element whose matrix in Young's seminormal form of S^lam has a 1 in row T, column U, and which is 0 in all other irreps.

The E_TT are Young's primitive idempotents: orthogonal, with sum 1 over all standard tableaux, E_TT J_k = (content of k in T) E_TT.
Entry k of a tableau is the position k - 1. Products are first left, then right.

Source: James and Kerber, *The Representation Theory of the Symmetric Group*, 3.1 and 3.2; Murphy, *A new construction of Young's
seminormal representation of the symmetric groups*, J. Algebra 69 (1981); Okounkov and Vershik (1996).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations, product
from math import factorial, prod

from symkern.characters import ClassFunction, character_table
from symkern.combinatorics import (
    Partition,
    PartitionLike,
    Tableau,
    cycle_type,
    partitions,
    standard_tableaux,
)
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.permutation import PermutationLike, read_cycle_type
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, displayed
from symkern.exact.sparse import SparseMatrix
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer
from symkern.representations.fourier import FourierTransform
from symkern.representations.group_algebra import GroupAlgebraElement, from_vector

_BYTES_A_TERM = 250


def class_sum(mu: PartitionLike | PermutationLike) -> GroupAlgebraElement:
    """C_mu, the sum of the permutations of cycle type mu.

    Args:
        mu: a cycle type of n, or a permutation.

    Raises:
        TooLarge: the class does not fit in memory.
        TooLong: it takes longer than `Limits.seconds`.

    >>> print(class_sum((2, 1)))
    (1 2) + (0 1) + (0 2)
    """
    kind = read_cycle_type(mu, "mu")
    read_integer(kind.size, "|mu|", maximum=current().counted_size)
    _require_terms(f"the class sum of {displayed(tuple(kind))}", kind.class_size)
    with within_time("this class sum", "classes of fewer permutations take less"):
        return GroupAlgebraElement.trusted(kind.size, dict.fromkeys(_class(kind), 1))


def _class(kind: Partition) -> Iterable[tuple[int, ...]]:
    """The permutations of a cycle type: the cycle of the smallest position that is left, then the others."""

    def grow(left: tuple[int, ...], lengths: tuple[int, ...]) -> Iterable[dict[int, int]]:
        if not left:
            yield {}
            return
        check_time()
        for length in sorted(set(lengths)):
            others = list(lengths)
            others.remove(length)
            for rest in permutations(left[1:], length - 1):
                cycle = (left[0], *rest)
                moved = dict(zip(cycle, (*rest, left[0]), strict=True))
                remaining = tuple(a for a in left if a not in moved)
                for images in grow(remaining, tuple(others)):
                    yield {**moved, **images}

    for images in grow(tuple(range(kind.size)), tuple(kind)):
        yield tuple(images[a] for a in range(kind.size))


def jucys_murphy(k: int, n: int) -> GroupAlgebraElement:
    """J_k = (1 k) + ... + (k-1 k) in Q[S_n], k = 1..n as in the literature; all of them commute.

    Args:
        k: from 1 to n.
        n: at least 1.

    Raises:
        InvalidArgument: k outside of 1..n.
        TooLarge: permutations that do not fit in memory.

    >>> print(jucys_murphy(3, 3))
    (1 2) + (0 2)
    """
    size = read_integer(n, "n")
    at = read_integer(k, "k", minimum=1, maximum=size) - 1
    require_bytes("this Jucys-Murphy element", (16 + 8 * at) * size)
    terms = {}
    for a in range(at):
        images = list(range(size))
        images[a], images[at] = at, a
        terms[tuple(images)] = 1
    return GroupAlgebraElement.trusted(size, terms)


def row_symmetriser(tableau: Tableau) -> GroupAlgebraElement:
    """a_T, the sum of the permutations that keep each row of T.

    Args:
        tableau: with the entries 1..n once each.
    """
    return stabiliser_sum(_read(tableau).rows, tableau.size, signed=False)


def column_antisymmetriser(tableau: Tableau) -> GroupAlgebraElement:
    """b_T, the sum of sign(g) g over the permutations that keep each column of T.

    Args:
        tableau: with the entries 1..n once each.
    """
    return stabiliser_sum(_read(tableau).conjugate.rows, tableau.size, signed=True)


def young_symmetriser(tableau: Tableau) -> GroupAlgebraElement:
    """c_T = a_T b_T for a tableau with the entries 1..n once each, standard or not.

    Args:
        tableau: with the entries 1..n once each.

    Raises:
        InvalidArgument: where the entries are others.
        TooLarge: where the terms do not fit in memory.

    >>> c = young_symmetriser(Tableau(((1, 2), (3,))))
    >>> print(c)
    () + (0 1) - (0 1 2) - (0 2)
    >>> c * c == 3 * c
    True
    """
    return row_symmetriser(tableau) * column_antisymmetriser(tableau)


def stabiliser_sum(blocks: Sequence[Sequence[int]], n: int, signed: bool) -> GroupAlgebraElement:
    """The sum over the permutations that keep each block of entries 1..n, with their signs where ``signed``.

    >>> print(stabiliser_sum(((1, 3), (2,)), 3, signed=True))
    () - (0 2)
    """
    count = prod(factorial(len(block)) for block in blocks)
    _require_terms("a sum over a Young subgroup", count)
    places = [[e - 1 for e in block] for block in blocks]
    terms = {}
    for arranged in product(*(permutations(block) for block in places)):
        images = list(range(n))
        for block, moved in zip(places, arranged, strict=True):
            for a, b in zip(block, moved, strict=True):
                images[a] = b
        g = tuple(images)
        terms[g] = cycle_type(g).sign if signed else 1
    return GroupAlgebraElement.trusted(n, terms)


def central_idempotent(lam: PartitionLike) -> GroupAlgebraElement:
    """e_lam = (dim/n!) sum of chi^lam(g) g; it projects any module to its isotypic component of S^lam.

    Args:
        lam: a partition of n.

    Raises:
        TooLarge: n! terms do not fit in memory.

    >>> print(central_idempotent((1, 1)))
    1/2*() - 1/2*(0 1)
    """
    shape = Partition.read(lam)
    n = shape.size
    _require_group(f"the central idempotent of {displayed(tuple(shape))}", n)
    table = character_table(n)
    values = dict(zip(table.partitions, map(int, table.row(shape)), strict=True))
    terms = {g: values[cycle_type(g)] * shape.dimension for g in permutations(range(n))}
    return GroupAlgebraElement.trusted(n, terms, factorial(n))


def matrix_unit(row: Tableau, column: Tableau) -> GroupAlgebraElement:
    """E_TU for standard tableaux T, U of one shape, in Young's seminormal form: E_TU E_VW = [U = V] E_TW.

    Args:
        row: T, a standard tableau.
        column: U, another one of the same shape.

    Raises:
        InvalidArgument: one is not standard.
        SizeMismatch: their shapes differ.
        TooLarge: n! terms do not fit in memory.

    >>> T, U = standard_tableaux((2, 1))
    >>> E = matrix_unit(T, U)
    >>> E * matrix_unit(U, T) == matrix_unit(T, T), (E * E) == 0
    (True, True)
    """
    shape = _read(row).shape
    for name, tableau in (("row", row), ("column", column)):
        if not _read(tableau, name).is_standard:
            raise InvalidArgument(name, "must be standard", f"its rows are {tableau.rows}")
    if column.shape != shape:
        rule = f"must have the shape {tuple(shape)} of row"
        raise SizeMismatch("column", rule, f"it has the shape {tuple(column.shape)}")
    n = shape.size
    if not n:
        return GroupAlgebraElement.identity(0)
    _require_group("a matrix unit", n)
    listed = list(standard_tableaux(shape))
    matrices = {lam: SparseMatrix.identity(lam.dimension) * 0 for lam in partitions(n)}
    place = (listed.index(row), listed.index(column))
    matrices[shape] = SparseMatrix.from_entries((shape.dimension, shape.dimension), [(*place, 1)])
    return from_vector(n, FourierTransform(n, matrices).inverse())


def primitive_idempotent(tableau: Tableau) -> GroupAlgebraElement:
    """E_TT, Young's seminormal idempotent of a standard tableau; over all standard tableaux of n their sum is 1.

    Args:
        tableau: a standard tableau.

    Raises:
        InvalidArgument: it is not standard.
        TooLarge: n! terms do not fit in memory.

    >>> print(primitive_idempotent(Tableau(((1, 2), (3,)))))
    1/3*() - 1/6*(1 2) + 1/3*(0 1) - 1/6*(0 1 2) - 1/6*(0 2 1) - 1/6*(0 2)
    """
    return matrix_unit(tableau, tableau)


def central_element(f: ClassFunction) -> GroupAlgebraElement:
    """sum of f(g) g, for a class function with rational values.

    Args:
        f: a class function with rational values.

    Raises:
        TooLarge: n! terms do not fit in memory.

    >>> central_element(ClassFunction.indicator((2, 1))) == class_sum((2, 1))
    True
    """
    if not isinstance(f, ClassFunction):
        raise InvalidType("f", "must be a ClassFunction", f)
    _require_group(f"an element of Q[S_{f.n}]", f.n)
    values = {mu: value for mu, value in f.items() if value != 0}
    terms = {g: values[mu] for g in permutations(range(f.n)) if (mu := cycle_type(g)) in values}
    return GroupAlgebraElement(f.n, terms)


def _read(tableau: Tableau, argument: str = "tableau") -> Tableau:
    if not isinstance(tableau, Tableau):
        raise InvalidType(argument, "must be a Tableau", tableau)
    if set(tableau.weight) - {1} or len(tableau.weight) != tableau.size:
        rule = f"must hold 1..{tableau.size} once each"
        raise InvalidArgument(argument, rule, f"its rows are {displayed(tableau.rows)}")
    return tableau


def _require_group(what: str, n: int) -> None:
    """As `_require_terms` for all of S_n; no larger factorial is needed to see that it does not fit."""
    _require_terms(what, factorial(min(n, 25)))


def _require_terms(what: str, count: int) -> None:
    require_bytes(what, _BYTES_A_TERM * count)
