"""The group algebra against its definitions: products term by term, matrices in irreps, dimensions of left ideals."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations
from math import factorial
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.characters import ClassFunction, class_product, littlewood_richardson, skew_schur
from symkern.combinatorics import (
    Partition,
    SkewPartition,
    Tableau,
    cycle_type,
    multiply,
    partitions,
    standard_tableaux,
)
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLarge
from symkern.exact import SparseMatrix
from symkern.representations import (
    GroupAlgebraElement,
    central_element,
    central_idempotent,
    class_sum,
    column_antisymmetriser,
    defining,
    diagram_multiplicities,
    group_algebra,
    jucys_murphy,
    matrix_unit,
    natural,
    primitive_idempotent,
    row_symmetriser,
    seminormal,
    subsets,
    words,
    young_symmetriser,
)
from tests.search import examples

numbers = st.fractions(min_value=-3, max_value=3, max_denominator=4)


def elements(n: int, most: int = 5) -> st.SearchStrategy[GroupAlgebraElement]:
    group = list(permutations(range(n)))
    terms = st.dictionaries(st.sampled_from(group), numbers, max_size=most)
    return terms.map(lambda found: GroupAlgebraElement(n, found))


def plain_product(a: GroupAlgebraElement, b: GroupAlgebraElement) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for g, c in a.items():
        for h, d in b.items():
            k = multiply(g, h)
            found[k] = found.get(k, 0) + c * d
    return {k: c for k, c in found.items() if c}


@examples(15)
@given(elements(4), elements(4), elements(4), numbers)
def test_it_is_an_algebra(a: Any, b: Any, c: Any, x: Fraction) -> None:
    assert dict((a * b).items()) == plain_product(a, b)
    assert (a * b) * c == a * (b * c) and a * (b + c) == a * b + a * c
    assert a * 1 == a == 1 * a and a - a == 0 and (a + x) - x == a and a * x == x * a
    assert (a * b).antipode == b.antipode * a.antipode
    assert a**3 == a * a * a and a**0 == 1


@examples(10)
@given(elements(4), elements(4))
def test_matrices_multiply_in_this_order(a: Any, b: Any) -> None:
    for lam in partitions(4):
        for form in (natural(lam), seminormal(lam)):
            assert (a * b).matrix(form) == a.matrix(form) @ b.matrix(form)
    for module in (defining(4), subsets(4, 2)):
        f = module.vector(range(module.dimension))
        assert list((a * b) @ f) == list(a @ (b @ f))
        assert list(a @ f) == list(a.matrix(module) @ f)


def test_convention_pin() -> None:
    """First (0 1), then (1 2): 0 -> 1 -> 2."""
    s, t = GroupAlgebraElement(3, {(1, 0, 2): 1}), GroupAlgebraElement(3, {(0, 2, 1): 1})
    assert s * t == GroupAlgebraElement(3, {(2, 0, 1): 1}) != t * s
    assert str(s * t - Fraction(3, 2)) == "-3/2*() + (0 2 1)"
    assert (s * t / 2).latex() == r"\frac{1}{2}\,(0\,2\,1)"


def test_products_through_matrices_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    a = class_sum((2, 1, 1)) + class_sum((4,)) / 3 + GroupAlgebraElement(4, {(1, 2, 3, 0): 5})
    b = young_symmetriser(Tableau(((1, 2), (3, 4)))) - 7
    plain = a * b
    monkeypatch.setattr(group_algebra, "_BY_MATRICES_FROM", 1)
    assert a * b == plain and dict(plain.items()) == plain_product(a, b)


@examples(10)
@given(elements(4))
def test_inverses(a: GroupAlgebraElement) -> None:
    singular = any(a.matrix(natural(lam)).rank() < lam.dimension for lam in partitions(4))
    if singular:
        with pytest.raises(InvalidArgument, match="element: must be invertible"):
            a.inverse()
    else:
        assert a * a.inverse() == 1 == a.inverse() * a and a**-1 == a.inverse()


@pytest.mark.parametrize("n", range(1, 6))
def test_class_sums(n: int) -> None:
    for lam in partitions(n):
        found = class_sum(lam)
        assert {g for g, _ in found.items()} == {
            g for g in permutations(range(n)) if cycle_type(g) == lam
        }
        assert len(found) == lam.class_size and found.is_central
        assert found.class_function() == ClassFunction.indicator(lam)
        if n <= 4:
            for mu in partitions(n):
                product = sum((c * class_sum(nu) for nu, c in class_product(lam, mu).items()), start=0 * found)  # fmt: skip
                assert found * class_sum(mu) == product


@pytest.mark.sampled(2)
@pytest.mark.parametrize("n", range(1, 5))
def test_young_symmetrisers_generate_specht_modules(n: int) -> None:
    for lam in partitions(n):
        for word in list(permutations(range(1, n + 1)))[:: max(1, 2 * n)]:
            rest = iter(word)
            t = Tableau([[next(rest) for _ in range(row)] for row in lam])
            c = young_symmetriser(t)
            assert c * c == c * Fraction(factorial(n), lam.dimension)
            assert c == row_symmetriser(t) * column_antisymmetriser(t)
            for mu in partitions(n):
                assert c.matrix(natural(mu)).rank() == int(mu == lam)


@pytest.mark.parametrize("n", range(1, 6))
def test_central_idempotents(n: int) -> None:
    parts = {lam: central_idempotent(lam) for lam in partitions(n)}
    assert sum(parts.values(), start=GroupAlgebraElement(n, {})) == 1
    for lam, e in parts.items():
        assert e.is_central and e[tuple(range(n))] == sp.Rational(lam.dimension**2, factorial(n))
        if n <= 4:
            for mu, f in parts.items():
                assert e * f == (e if lam == mu else 0)
    module = words(length=n, letters=2)
    f = module.vector(lambda x: x[0] + 3 * x[-1])
    for lam, part in module.components(f).items():
        if n <= 4:
            assert list(parts[lam] @ f) == list(part)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("n", range(1, 5))
def test_matrix_units_are_units_of_the_seminormal_form(n: int) -> None:
    total = GroupAlgebraElement(n, {})
    units = {}
    for lam in partitions(n):
        listed = list(standard_tableaux(lam))
        for i, t in enumerate(listed):
            total = total + primitive_idempotent(t)
            for j, u in enumerate(listed):
                units[t, u] = e = matrix_unit(t, u)
                if n <= 3:
                    for mu in partitions(n):
                        entries = [(i, j, 1)] if mu == lam else []
                        unit = SparseMatrix.from_entries((mu.dimension, mu.dimension), entries)
                        assert e.matrix(seminormal(mu)) == unit
            for k in range(1, n + 1):
                e = primitive_idempotent(t)
                assert jucys_murphy(k, n) * e == t.contents[k - 1] * e == e * jucys_murphy(k, n)
    assert total == 1
    if n <= 3:
        for (t, u), e in units.items():
            for (v, w), f in units.items():
                assert e * f == (units[t, w] if u == v else 0)


def test_jucys_murphy_elements_commute_and_power_sums_are_central() -> None:
    n = 5
    parts = [jucys_murphy(k, n) for k in range(1, n + 1)]
    assert all(a * b == b * a for a, b in combinations(parts, 2))
    assert not parts[-1].is_central
    assert sum(parts, start=GroupAlgebraElement(n, {})) == class_sum((2, 1, 1, 1))
    assert sum((a * a for a in parts), start=GroupAlgebraElement(n, {})).is_central


def test_elements_of_class_functions() -> None:
    f = ClassFunction(4, lambda mu: len(mu) - 2)
    assert central_element(f).class_function() == f
    assert central_element(ClassFunction.irreducible((3, 1))) * Fraction(3, 24) == central_idempotent((3, 1))  # fmt: skip


# Diagrams


def test_specht_modules_of_diagrams() -> None:
    for n in range(6):
        for lam in partitions(n):
            assert diagram_multiplicities(lam.cells) == {lam: 1}
    for lam, mu in (((3, 2), (1,)), ((3, 2, 1), (2, 1)), ((3, 3, 1), (2,)), ((2, 2, 2), (1, 1))):
        shape = SkewPartition(lam, mu)
        assert diagram_multiplicities(shape.cells) == skew_schur(lam, mu)
        assert diagram_multiplicities(shape) == skew_schur(lam, mu)
    # Two diagrams without a common row or column: the outer product.
    apart = [*Partition(2, 1).cells, *((i + 5, j + 5) for i, j in Partition(2).cells)]
    assert diagram_multiplicities(apart) == littlewood_richardson((2, 1), (2,))


def test_the_module_of_a_diagram_by_its_left_ideal() -> None:
    """Its dimension is the rank of right multiplication by b_D a_D on Q[S_n], cell by cell."""
    diagram = [(0, 0), (0, 2), (1, 1), (1, 2)]
    group = list(permutations(range(4)))
    rows, columns = ([0, 1], [2, 3]), ([0], [2], [1, 3])
    a = [g for g in group if all({g[i] for i in block} == set(block) for block in rows)]
    b = [g for g in group if all({g[i] for i in block} == set(block) for block in columns)]
    x = GroupAlgebraElement(4, {g: cycle_type(g).sign for g in b}) * GroupAlgebraElement(4, dict.fromkeys(a, 1))  # fmt: skip
    images = [GroupAlgebraElement(4, {g: 1}) * x for g in group]
    rank = sp.Matrix([[y[g] for g in group] for y in images]).rank()
    found = diagram_multiplicities(diagram)
    assert sum(c * lam.dimension for lam, c in found.items()) == rank


def test_operands_without_meaning() -> None:
    a = GroupAlgebraElement(3, {(1, 0, 2): 1})
    for bad in (
        lambda: a + "x",
        lambda: a - None,
        lambda: a * [1],
        lambda: 0.5 * a,
        lambda: "x" - a,
    ):
        with pytest.raises(InvalidType, match="other: must be a GroupAlgebraElement or a rational"):
            bad()
    with pytest.raises(InvalidType, match="vector: must be a vector of a module"):
        a @ [1, 2, 3]
    with pytest.raises(InvalidType, match=r"other: .* multiply with its inverse\(\)"):
        a / a


def test_bad_input() -> None:
    a = GroupAlgebraElement(3, {(1, 0, 2): 1})
    with pytest.raises(SizeMismatch, match=r"other: must be an element of Q\[S_3\]"):
        a * GroupAlgebraElement(2, {(1, 0): 1})
    with pytest.raises(InvalidType):
        GroupAlgebraElement(2, {(1, 0): 0.5})
    with pytest.raises(InvalidType, match="terms: must be a dictionary"):
        GroupAlgebraElement(2, [(1, 0)])  # type: ignore[arg-type]
    with pytest.raises(SizeMismatch, match="representation: must be one of S_3"):
        a.matrix(natural((2, 2)))
    with pytest.raises(InvalidArgument, match="element: must be central"):
        a.class_function()
    with pytest.raises(InvalidArgument, match=r"tableau: must hold 1..3 once each"):
        young_symmetriser(Tableau(((1, 1), (2,))))
    with pytest.raises(TooLarge, match="the central idempotent"):
        central_idempotent((20, 1))
    with pytest.raises(TooLarge, match="the central idempotent"):
        central_idempotent((10**30, 1))
    with pytest.raises(InvalidArgument, match=r"\|mu\|: must be an integer of at most"):
        class_sum((10**6, 1))
    with pytest.raises(InvalidArgument, match="row: must be standard"):
        matrix_unit(Tableau(((2, 1), (3,))), Tableau(((1, 2), (3,))))
    with pytest.raises(InvalidArgument, match=r"diagram: must hold a cell once"):
        diagram_multiplicities([(0, 0), (0, 0)])
