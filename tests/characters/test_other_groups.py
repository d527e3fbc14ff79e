"""Tables of alternating groups and wreath products, against the groups themselves: products of elements, counted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import permutations, product
from math import comb, factorial
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import (
    ClassFunction,
    WreathTable,
    alternating_table,
    character_table,
    demihyperoctahedral_table,
    hyperoctahedral_induction,
    hyperoctahedral_restriction,
    hyperoctahedral_table,
    littlewood_richardson_coefficient,
    plethysm,
    signed_cycle_type,
    wreath_table,
)
from symkern.characters.labelled_tables import LabelledTable
from symkern.combinatorics import Partition, cycle_type, inverse, multiply, partitions
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge


def is_orthonormal(table: LabelledTable) -> None:
    rows = [row for _, row in table.items()]
    for i, f in enumerate(rows):
        for j, g in enumerate(rows[: i + 1]):
            assert table.inner(f, g) == int(i == j)
    assert sum(d * d for d in table.degrees) == table.order == sum(table.class_sizes)  # type: ignore[attr-defined]
    assert len(table.irreps) == len(table.classes)


def constants_hold(table: LabelledTable, group: list[Any], times: Any, class_of: Any) -> None:
    """C_a C_b counted over the group; omega(C) = |C| chi(C)/chi(1) are multiplicative for every row, and rows differ: they are the irreps."""
    labels = [class_of(g) for g in group]
    sizes = Counter(labels)
    assert dict(sizes) == dict(zip(table.classes, table.class_sizes, strict=True))
    samples = {
        label: [g for g, x in zip(group, labels, strict=True) if x == label] for label in sizes
    }
    identity = table.classes.index(class_of(times(group[0], None)))
    for a in table.classes:
        for b in table.classes:
            found = Counter(class_of(times(samples[a][0], h)) for h in samples[b])
            for _, row in table.items():
                value = dict(zip(table.classes, row, strict=True))
                omega = {c: sp.Rational(sizes[c], row[identity]) * value[c] for c in value}
                # |C_a| sum over h in C_b of omega(g h)/|class of g h|, g fixed in C_a
                whole = sum(
                    count * sp.Rational(sizes[a], sizes[c]) * omega[c] for c, count in found.items()
                )
                assert sp.expand(whole - omega[a] * omega[b]) == 0


@pytest.mark.parametrize("n", range(9))
def test_alternating_tables_are_orthonormal(n: int) -> None:
    table = alternating_table(n)
    is_orthonormal(table)
    assert table.order == max(1, factorial(n) // 2)


@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_alternating_tables_by_their_group(n: int) -> None:
    """n = 3, 4 and 6 have imaginary roots, 5 and 6 real ones."""
    table = alternating_table(n)
    group = [g for g in permutations(range(n)) if cycle_type(g).sign > 0]
    if n == 6:  # a class at a time is enough
        counted = Counter(map(table.class_of, group))
        assert dict(counted) == dict(zip(table.classes, table.class_sizes, strict=True))
        return
    constants_hold(
        table, group, lambda g, h: tuple(range(n)) if h is None else multiply(g, h), table.class_of
    )


def test_published_values_of_a5_and_a6() -> None:
    """The golden ratio on the 5-cycles of A_5; in A_6 the two irreps of degree 8 (Conway et al., *Atlas*)."""
    golden = (1 + sp.sqrt(5)) / 2
    table = alternating_table(5)
    assert table[((3, 1, 1), "+"), ((5,), "+")] == golden
    assert sp.expand(table[((3, 1, 1), "-"), ((5,), "+")] - (1 - golden)) == 0
    assert sorted(alternating_table(6).degrees) == [1, 5, 5, 8, 8, 9, 10]
    assert sp.expand(alternating_table(6)[((3, 2, 1), "+"), ((5, 1), "+")] - golden) == 0
    assert alternating_table(4)[((2, 2), "+"), ((3, 1), "+")] == sp.Rational(-1, 2) + sp.sqrt(3) * sp.I / 2  # fmt: skip


def test_classes_split_under_even_conjugation() -> None:
    n = 5
    table = alternating_table(n)
    even = [g for g in permutations(range(n)) if cycle_type(g).sign > 0]
    for g in even[::5]:
        assert {table.class_of(multiply(multiply(inverse(k), g), k)) for k in even} == {table.class_of(g)}  # fmt: skip
    with pytest.raises(InvalidArgument, match="perm: must be even"):
        table.class_of((1, 0, 2, 3, 4))


@pytest.mark.parametrize("n", [2, 4, 5, 6])
def test_restriction_to_and_induction_from_alternating_groups(n: int) -> None:
    table = alternating_table(n)
    for lam in partitions(n):
        below = table.restrict(ClassFunction.irreducible(lam))
        assert below == {r: 1 for r in table.irreps if lam in table.induce(r)}
        assert table.decompose(dict(zip(table.classes, table.row(table.irreps[0]), strict=True))) == {table.irreps[0]: 1}  # fmt: skip


# Wreath products


def signed(n: int) -> list[Any]:
    return [(g, s) for g in permutations(range(n)) for s in product((1, -1), repeat=n)]


def signed_product(a: Any, b: Any) -> Any:
    """First a, then b: position i goes to a(i) with the sign a_i, and on."""
    (g, s) = a
    if b is None:
        return tuple(range(len(g))), (1,) * len(g)
    (h, t) = b
    return tuple(h[i] for i in g), tuple(s[i] * t[g[i]] for i in range(len(g)))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_hyperoctahedral_tables_by_signed_permutations(n: int) -> None:
    table = hyperoctahedral_table(n)
    constants_hold(table, signed(n), signed_product, lambda x: signed_cycle_type(*x))
    assert table.order == 2**n * factorial(n)


@pytest.mark.parametrize("n", range(6))
def test_hyperoctahedral_tables_are_orthonormal(n: int) -> None:
    is_orthonormal(hyperoctahedral_table(n))


def test_convention_pins_of_hyperoctahedral_groups() -> None:
    table = hyperoctahedral_table(3)
    # Signed permutation matrices are ((2), (1)): the trace on a positive and a negative fixed point.
    for g, s in signed(3):
        trace = sum(sign for i, sign in enumerate(s) if g[i] == i)
        assert table[((2,), (1,)), signed_cycle_type(g, s)] == trace
        assert table[((), (3,)), signed_cycle_type(g, s)] == s[0] * s[1] * s[2]
        assert table[((1, 1, 1), ()), signed_cycle_type(g, s)] == cycle_type(g).sign
    # Without signs: restriction to S_3.
    for label in table.irreps:
        values = ClassFunction(3, lambda mu, label=label: table[label, (mu, ())])
        assert values.decompose() == {
            nu: c for nu in partitions(3) if (c := littlewood_richardson_coefficient(nu, *label))
        }


# Between signed permutations and permutations


def signed_inverse(a: Any) -> Any:
    g, s = a
    h = inverse(g)
    return h, tuple(s[h[i]] for i in range(len(g)))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_restriction_to_permutations_by_elements(n: int) -> None:
    table = hyperoctahedral_table(n)
    for label in table.irreps:
        restricted = table.restrict_to_symmetric(table.row(label))
        for g in permutations(range(n)):
            assert restricted[cycle_type(g)] == table[label, signed_cycle_type(g, (1,) * n)]
        assert restricted.decompose() == hyperoctahedral_restriction(*label)


@pytest.mark.parametrize("n", [1, 2, 3, pytest.param(4, marks=pytest.mark.wide)])
def test_induction_from_permutations_by_elements(n: int) -> None:
    """(Ind f)(x) = 1/n! times the sum of f over the conjugates of x without signs."""
    table = hyperoctahedral_table(n)
    group = signed(n)
    samples = {signed_cycle_type(*x): x for x in group}
    conjugates = {
        label: Counter(
            cycle_type(z[0])
            for y in group
            if (z := signed_product(signed_product(signed_inverse(y), x), y))[1] == (1,) * n
        )
        for label, x in samples.items()
    }
    for nu in partitions(n):
        f = ClassFunction.irreducible(nu)
        induced = table.induce_from_symmetric(f)
        for label, value in zip(table.classes, induced, strict=True):
            total = sum(f[mu] * count for mu, count in conjugates[label].items())
            assert value == sp.Rational(total, factorial(n))
        assert table.decompose(induced) == hyperoctahedral_induction(nu)


@pytest.mark.parametrize(
    "table",
    [hyperoctahedral_table(4), wreath_table(character_table(3), 2), wreath_table(alternating_table(3), 2)],
    ids=repr,
)  # fmt: skip
def test_frobenius_reciprocity_of_wreath_products(table: WreathTable) -> None:
    """With generic class functions: values that are different primes."""
    primes = list(sp.primerange(2, 200))
    g = ClassFunction(table.n, dict(zip(partitions(table.n), primes, strict=False)))
    for label in table.irreps:
        row = table.row(label)
        assert table.inner(table.induce_from_symmetric(g), row) == g.inner(table.restrict_to_symmetric(row))  # fmt: skip
    assert table.restrict_to_symmetric({table.classes[-1]: 1}).n == table.n


@given(st.integers(0, 7).flatmap(lambda n: st.sampled_from(partitions(n))))
def test_induced_dimensions(nu: Partition) -> None:
    """Ind S^nu has 2^n times its dimension, and dim chi^(lam, mu) = binom(n, |lam|) dim lam dim mu."""
    found = hyperoctahedral_induction(nu)
    dimensions = (c * comb(nu.size, lam.size) * lam.dimension * mu.dimension for (lam, mu), c in found.items())  # fmt: skip
    assert sum(dimensions) == 2**nu.size * nu.dimension
    assert all(hyperoctahedral_restriction(*label)[nu] == c for label, c in found.items())


def test_induction_of_signs_lists_what_occurs_alone() -> None:
    """Under a column there are columns, among 10^13 pairs of partitions."""
    column = Partition.trusted((1,) * 60)
    expected = {(Partition.trusted((1,) * k), Partition.trusted((1,) * (60 - k))): 1 for k in range(60, -1, -1)}  # fmt: skip
    assert list(hyperoctahedral_induction(column).items()) == list(expected.items())


def test_wreath_products_with_symmetric_groups() -> None:
    """S_3 wr S_2 by its 72 elements: two permutations of 3 positions, exchanged or not."""
    table = wreath_table(character_table(3), 2)
    is_orthonormal(table)
    group = [(a, b, swap) for a in permutations(range(3)) for b in permutations(range(3)) for swap in (0, 1)]  # fmt: skip

    def times(x: Any, y: Any) -> Any:
        if y is None:
            return (0, 1, 2), (0, 1, 2), 0
        (a, b, swap), (c, d, other) = x, y
        first, second = (d, c) if swap else (c, d)
        return multiply(a, first), multiply(b, second), swap ^ other

    def class_of(x: Any) -> Any:
        a, b, swap = x
        label: list[list[int]] = [[], [], []]
        order = partitions(3)
        if swap:
            label[order.index(cycle_type(multiply(a, b)))].append(2)
        else:
            for g in (a, b):
                label[order.index(cycle_type(g))].append(1)
        return tuple(Partition(parts) for parts in label)

    constants_hold(table, group, times, class_of)


def test_wreath_products_of_other_tables() -> None:
    is_orthonormal(wreath_table(alternating_table(3), 2))
    is_orthonormal(wreath_table(hyperoctahedral_table(1), 2))
    assert [row for _, row in wreath_table(character_table(1), 4).items()] == [
        tuple(row) for row in character_table(4).values.tolist()
    ]


def test_tables_meet_numpy_and_sympy() -> None:
    table = hyperoctahedral_table(2)
    assert (
        np.asarray(table).dtype == np.int64 and np.asarray(table).tolist() == table.values.tolist()
    )
    assert sp.Matrix(table) == table.to_sympy() and sp.Matrix(alternating_table(4))[2, 0] == alternating_table(4).values[2, 0]  # fmt: skip
    assert "centraliser" in str(table) and "centraliser" in table.latex()
    assert table == hyperoctahedral_table(2) != hyperoctahedral_table(3)


def test_tables_as_csv_and_as_frames() -> None:
    table = hyperoctahedral_table(3)
    head, *rows = csv.reader(io.StringIO(table.csv()))
    assert head == ["irrep", *("|".join(map(str, label)) for label in table.classes)]
    assert [[int(entry) for entry in row[1:]] for row in rows] == table.values.tolist()
    for backend, read in (("pandas", lambda f, c: f[c].tolist()), ("polars", lambda f, c: f[c].to_list())):  # fmt: skip
        pytest.importorskip(backend)
        frame = table.to_dataframe(backend)
        assert list(frame.columns) == head
        assert [read(frame, c) for c in head[1:]] == table.values.T.tolist()
        alternating = alternating_table(5).to_dataframe(backend)
        assert read(alternating, "5+") == ["1", "-1", "0", "(1 + sqrt(5))/2", "(1 - sqrt(5))/2"]
        assert read(alternating, "1,1,1,1,1") == [1, 4, 5, 3, 3]
    with pytest.raises(InvalidArgument, match="backend: must be one of"):
        table.to_dataframe("sqlite")


def test_bad_input() -> None:
    table = alternating_table(5)
    with pytest.raises(
        InvalidArgument, match=r"irrep: must label an irrep of alternating_table\(5\)"
    ):
        table[(3, 1, 1), (1,) * 5]
    with pytest.raises(InvalidArgument, match=r"cls: must label a class of"):
        table[(5,), (2, 1, 1, 1)]
    with pytest.raises(InvalidArgument, match="table: is indexed by an irrep and a class"):
        table[5]
    with pytest.raises(SizeMismatch, match="f: must have 5 values"):
        table.decompose([1, 2])
    with pytest.raises(SizeMismatch, match="f: must be one of S_5"):
        table.restrict(ClassFunction.trivial(4))
    with pytest.raises(TooLarge):
        alternating_table(60)
    with pytest.raises(TooLarge):
        hyperoctahedral_table(40)
    with pytest.raises(InvalidType, match="base: must be a character table"):
        wreath_table(3, 2)  # type: ignore[arg-type]
    with pytest.raises(SizeMismatch, match="irrep: must be 2 partitions of together 2"):
        hyperoctahedral_table(2)[((1,),), ((2,), ())]
    with pytest.raises(InvalidType, match="f: must be a ClassFunction"):
        hyperoctahedral_table(2).induce_from_symmetric([1, 1])  # type: ignore[arg-type]
    with pytest.raises(SizeMismatch, match="f: must be one of S_2"):
        hyperoctahedral_table(2).induce_from_symmetric(ClassFunction.trivial(3))
    with pytest.raises(SizeMismatch, match="f: must have 5 values"):
        hyperoctahedral_table(2).restrict_to_symmetric([1, 1])
    with pytest.raises(InvalidArgument, match="signs: must be 2 numbers 1 and -1"):
        signed_cycle_type((1, 0), (1, 0))


# Type D


def even(n: int) -> list[Any]:
    return [x for x in signed(n) if x[1].count(-1) % 2 == 0]


@pytest.mark.parametrize("n", range(7))
def test_tables_of_type_d_are_orthonormal(n: int) -> None:
    table = demihyperoctahedral_table(n)
    is_orthonormal(table)
    assert table.order == max(1, 2 ** (n - 1) * factorial(n) if n else 1)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_tables_of_type_d_by_their_group(n: int) -> None:
    table = demihyperoctahedral_table(n)
    group = even(n)
    if (
        n == 4
    ):  # the rows are characters where the products of class sums say so; one element of each class is enough
        counted = Counter(table.class_of(*x) for x in group)
        assert dict(counted) == dict(zip(table.classes, table.class_sizes, strict=True))
    constants_hold(table, group, signed_product, lambda x: table.class_of(*x))


def test_d3_is_s4() -> None:
    """The same degrees, centralisers and values, up to the order of rows and columns."""
    ours, theirs = demihyperoctahedral_table(3), character_table(4)
    assert sorted(ours.centraliser_orders) == sorted(theirs.centraliser_orders)
    columns = {tuple(sorted(column)) for column in ours.values.T.tolist()}
    assert columns == {tuple(sorted(column)) for column in theirs.values.T.tolist()}


def test_classes_of_type_d_by_conjugation() -> None:
    """All of one class are conjugate by an even element, and the halves by an odd one."""
    table, group = demihyperoctahedral_table(4), even(4)
    inverses = {x: next(y for y in group if signed_product(x, y) == signed_product(x, None)) for x in group[::7]}  # fmt: skip
    for x in group[::5]:
        labels = {table.class_of(*signed_product(signed_product(y, x), inverses[y])) for y in inverses}  # fmt: skip
        assert labels == {table.class_of(*x)}
    flip = ((0, 1, 2, 3), (-1, 1, 1, 1))
    for x in group:
        label = table.class_of(*x)
        turned = table.class_of(*signed_product(signed_product(flip, x), flip))
        half = isinstance(label[1], str)
        assert turned == ((label[0], {"+": "-", "-": "+"}[label[1]]) if half else label)


@pytest.mark.parametrize("n", [2, 4, 6])
def test_halves_on_permutations_are_plethysms(n: int) -> None:
    table = demihyperoctahedral_table(n)
    for lam in partitions(n // 2):
        for a, functor in (("+", (2,)), ("-", (1, 1))):

            def value(mu: Partition, a: str = a, lam: Partition = lam) -> int:
                halved = n and all(part % 2 == 0 for part in mu)
                cls = ((mu, ()), "+") if halved else (mu, ())
                return int(table[((lam, lam), a), cls])

            assert ClassFunction(n, value).decompose() == plethysm(functor, lam)


@pytest.mark.parametrize("n", [4, 5, 6])
def test_irreps_of_type_d_are_real(n: int) -> None:
    """sum chi(x^2)/|D_n| = 1: squares meet both halves of classes."""
    table = demihyperoctahedral_table(n)
    squares = Counter(table.class_of(*signed_product(x, x)) for x in even(n))
    for _, row in table.items():
        value = dict(zip(table.classes, row, strict=True))
        assert sum(count * value[c] for c, count in squares.items()) == table.order


def test_labels_of_type_d() -> None:
    table = demihyperoctahedral_table(4)
    assert table[((), (4,)), ((1,) * 4, ())] == table[((4,), ()), ((1,) * 4, ())] == 1
    assert table[("[2]", "[2]", "-"), ("[1^4]", "[]")] == table[(((2,), (2,)), "-"), ((1,) * 4, ())] == 3  # fmt: skip
    for wrong in (("[2]", "[2]"), ("[3]", "[]"), "2", ((2,), (2,), (1,)), (((2,), (2,)), "x")):
        with pytest.raises((InvalidArgument, InvalidType), match="irrep: "):
            table.row(wrong)
    with pytest.raises(InvalidArgument, match="cls: must label a class"):
        table.column(((3,), (1,)))
    with pytest.raises(InvalidArgument, match="signs: must have an even number"):
        table.class_of((0, 1, 2, 3), (-1, 1, 1, 1))
    assert eval(repr(table)) == table and "2,2|[]+" in str(table)  # noqa: S307
