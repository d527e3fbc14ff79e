"""Stretched coefficients against published quasipolynomials, other programs at small sizes, and the coefficients themselves further on."""

from __future__ import annotations

import itertools
from collections import Counter
from functools import partial
from typing import Any

import numpy as np
import pytest
import symfn
from hypothesis import assume, given
from hypothesis import strategies as st

from symkern.abc import n, x
from symkern.characters import (
    kronecker_coefficient,
    littlewood_richardson,
    littlewood_richardson_coefficient,
    stretched_kronecker,
    stretched_littlewood_richardson,
)
from symkern.characters.stretched_coefficients import StretchedCoefficient
from symkern.characters.stretched_poles import kronecker_poles, littlewood_richardson_degree
from symkern.claims import Standing
from symkern.combinatorics import Partition
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, TooLong
from symkern.exact import Quasipolynomial
from symkern.limits import changed
from tests.search import examples

Triple = tuple[tuple[int, ...], ...]


def times(shapes: Triple, k: int) -> list[tuple[int, ...]]:
    return [tuple(k * part for part in shape) for shape in shapes]


def test_the_counterexample_to_saturation() -> None:
    """Briand, Orellana and Rosas (2009): (n + 2)/2 for even n, (n - 1)/2 for odd n."""
    found = stretched_kronecker((6, 6), (7, 5), (6, 4, 2))
    assert found.constituents == (n / 2 + 1, (n - 1) / 2)
    assert found.standing is Standing.PROVED
    assert kronecker_coefficient((6, 6), (7, 5), (6, 4, 2)) == 0 < found(2)


@pytest.mark.parametrize(
    ("shapes", "degrees"),
    [
        # Invariants of SL_a x SL_b x SL_c on tensors: degrees over the least number of cells.
        (((1, 1), (1, 1), (1, 1)), (2,)),  # Cayley's hyperdeterminant, degree 4
        (((3, 3), (2, 2, 2), (2, 2, 2)), (2,)),  # the discriminant of a cubic det(x A + y B), 12
        (((1, 1, 1),) * 3, (2, 3, 4)),  # Vinberg: 6, 9 and 12
        (((2, 2), (1, 1, 1, 1), (1, 1, 1, 1)), (2, 3)),  # I and J of a quartic, 8 and 12
        (((1, 1), (2,), (1, 1)), (1,)),
    ],
)
def test_rectangles_count_invariants(shapes: Triple, degrees: tuple[int, ...]) -> None:
    found = stretched_kronecker(*shapes)
    below = found.generating_function() ** -1
    assert (below - np.prod([1 - x**d for d in degrees])).expand() == 0
    assert found.standing is Standing.PROVED


def test_published_values_lie_on_their_rays() -> None:
    # Pak and Panova; Baldoni, Vergne and Walter.
    assert stretched_kronecker((30, 20), (30, 20), (30, 20))(1) == 6
    assert stretched_kronecker((131, 39, 19, 11), (110, 90), (120, 80))(1) == 70
    assert stretched_kronecker((3, 2), (3, 2), (3, 2))(10) == 6


RAYS: list[Triple] = [
    ((2, 1), (2, 1), (2, 1)),
    ((5, 2), (4, 3), (3, 2, 2)),
    ((4, 1), (3, 2), (2, 2, 1)),
    ((4, 2), (4, 2), (3, 2, 1)),
    ((5, 3), (6, 2), (3, 2, 2, 1)),
    ((2, 1), (1, 1, 1), (1, 1, 1)),
    ((3, 2), (2, 2, 1), (3, 1, 1)),
    ((4, 2), (2, 2, 2), (4, 1, 1)),
    ((4, 2), (3, 2, 1), (3, 2, 1)),
    pytest.param(((4, 2), (3, 2, 1), (2, 2, 1, 1)), marks=pytest.mark.wide),  # type: ignore[list-item]
    pytest.param(((2, 1, 1), (3, 1), (2, 1, 1)), marks=pytest.mark.wide),  # type: ignore[list-item]
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("shapes", RAYS)
def test_the_coefficients_further_on(shapes: Triple) -> None:
    found = stretched_kronecker(*shapes)
    assert found.standing is Standing.PROVED
    for k in (0, 1, 2, *range(found.values, found.values + 4)):
        assert found(k) == kronecker_coefficient(*times(shapes, k))


@pytest.mark.parametrize("shapes", RAYS[:8])
def test_small_sizes_equal_an_independent_program(shapes: Triple) -> None:
    found = stretched_kronecker(*shapes)
    for k in range(1, 14 // sum(shapes[0]) + 1):
        assert found(k) == symfn.kronecker_coefficient(*times(shapes, k))


def test_the_order_of_shapes_does_not_matter() -> None:
    shapes = (3, 2), (2, 2, 1), (3, 1, 1)
    found = {stretched_kronecker(*order).quasipolynomial for order in itertools.permutations(shapes)}  # fmt: skip
    assert len(found) == 1


def test_full_columns_are_left_out() -> None:
    """g of (5,4,3,2) with two rows each is g of (3,2,1) less columns; rectangles lose all."""
    long, short = ((5, 4, 3, 2), (8, 6), (7, 7)), ((3, 2, 1), (4, 2), (3, 3))
    assert stretched_kronecker(*long).quasipolynomial == stretched_kronecker(*short).quasipolynomial
    assert kronecker_coefficient(*long) == kronecker_coefficient(*short)
    assert stretched_kronecker((1, 1, 1, 1), (2, 2), (2, 2)).constituents == (1,)
    assert stretched_kronecker((1, 1, 1, 1), (3, 1), (2, 2)).constituents == (0,)
    assert stretched_kronecker((), (), ()).constituents == (1,)
    assert stretched_kronecker((5,), (3, 2), (3, 2)).constituents == (1,)
    assert stretched_kronecker((5,), (3, 2), (4, 1)).constituents == (0,)


def test_zero_is_one_at_zero() -> None:
    found = stretched_kronecker((4, 2), (2, 2, 2), (4, 1, 1))
    assert found.degree == -1 and [found(k) for k in range(4)] == [1, 0, 0, 0]
    assert found.generating_function() == 1


def test_fewer_values_than_a_proof_takes_are_a_fit() -> None:
    found = stretched_kronecker((4, 1, 1), (4, 1, 1), (2, 2, 2), values=6)
    assert found.standing is Standing.FITTED and found.constituents == (1,)
    proved = stretched_kronecker((2, 1), (1, 1, 1), (1, 1, 1))
    assert stretched_kronecker((2, 1), (1, 1, 1), (1, 1, 1), values=20) == StretchedCoefficient(
        proved.kind, proved.shapes, proved.quasipolynomial, Standing.PROVED, 20
    )


# What the bounds stand on


def indices(a: int, b: int, c: int) -> Counter[int]:
    """Determinants of a + b + c - 2 of the vectors e_i + e_j + e_k, in coordinates of the lattice of all."""
    units = [np.eye(size, dtype=int) for size in (a, b, c)]
    vectors = np.array([
        np.concatenate((units[0][i], units[1][j][:-1], units[2][k][:-1]))
        for i, j, k in itertools.product(range(a), range(b), range(c))
    ])  # fmt: skip
    rank = a + b + c - 2
    chosen = itertools.combinations(range(len(vectors)), rank)
    found: Counter[int] = Counter()
    for block in iter(lambda: list(itertools.islice(chosen, 1 << 16)), []):
        determinants = np.linalg.det(vectors[np.array(block)].astype(float))
        found.update(np.rint(abs(determinants)).astype(int).tolist())
    return found


@pytest.mark.parametrize(
    ("rows", "largest"),
    [
        ((2, 2, 2), 2), ((2, 2, 3), 2), ((2, 3, 3), 3),
        pytest.param((2, 3, 4), 3, marks=pytest.mark.wide),
        pytest.param((3, 3, 3), 4, marks=pytest.mark.wide),
    ],
)  # fmt: skip
def test_indices_of_lattices(rows: tuple[int, int, int], largest: int) -> None:
    assert max(indices(*rows)) == largest


@pytest.mark.parametrize("shapes", RAYS[:9])
def test_poles_are_within_their_bound(shapes: Triple) -> None:
    bound = kronecker_poles(tuple(map(partial(Partition.read, argument="lam"), shapes)))  # type: ignore[arg-type]
    assert bound is not None
    found = stretched_kronecker(*shapes).quasipolynomial.poles
    assert all(e <= bound.get(m, 0) for m, e in found.items())


# Littlewood-Richardson coefficients


def test_published_polynomials_of_littlewood_richardson_coefficients() -> None:
    """King, Tollu and Toumazet: n + 1 where the coefficient is 2; binomials where it is that of a triangle."""
    assert stretched_littlewood_richardson((3, 2, 1), (2, 1), (2, 1)).constituents == (n + 1,)
    found = stretched_littlewood_richardson((4, 3, 2, 1), (3, 2, 1), (2, 1, 1))
    assert found.constituents == (n**2 / 2 + 3 * n / 2 + 1,)
    assert stretched_littlewood_richardson((5, 3, 2), (3, 1), (3, 2, 1))(7) == littlewood_richardson_coefficient((35, 21, 14), (21, 7), (21, 14, 7))  # fmt: skip


@pytest.mark.parametrize(
    "shapes",
    [
        ((4, 3, 2, 1), (3, 2, 1), (3, 1)),
        ((5, 4, 2, 1), (3, 2, 1), (3, 2, 1)),
        ((5, 4, 3, 2, 1), (4, 3, 2, 1), (2, 2, 1)),
        ((3, 3, 1, 1), (2, 1, 1), (2, 1, 1)),
        ((4, 2), (3, 1), (1, 1)),
        ((5, 1), (2, 2), (1, 1)),
    ],
)
def test_littlewood_richardson_coefficients_further_on(shapes: Triple) -> None:
    """By whole products, which do not ask for one shape alone."""
    found = stretched_littlewood_richardson(*shapes)
    rows = len(shapes[0])
    assert found.period == 1 and found.degree <= max((rows - 1) * (rows - 2) // 2, 0)
    for k in (1, 2, found.values, found.values + 1):
        outer, one, other = times(shapes, k)
        if k * sum(shapes[0]) <= 40:
            assert found(k) == littlewood_richardson(one, other).get(Partition(*outer), 0)
        assert found(k) == littlewood_richardson_coefficient(outer, one, other)


def test_the_flags_of_the_target_are_those_of_its_dual() -> None:
    """2, 3, 4, ...: a bound by the flags of nu itself would say that the polynomial is constant."""
    found = stretched_littlewood_richardson((3, 2, 1, 1), (2, 1), (2, 1, 1))
    assert found.constituents == (n + 1,)


@examples(20)
@given(st.integers(4, 5).flatmap(lambda r: st.tuples(*[st.lists(st.integers(0, 2), min_size=r, max_size=r)] * 2, st.integers(0, 10**6))))  # fmt: skip
def test_bounds_of_degrees_hold_on_walls(drawn: tuple[list[int], list[int], int]) -> None:
    """Equal rows move no flag. Differences between the polynomial and coefficients past its degree are looked for, at shapes that occur."""
    one, other = (Partition(*sorted(parts, reverse=True)) for parts in drawn[:2])
    rows = len(drawn[0])
    products = {s: c for s, c in littlewood_richardson(one, other).items() if len(s) <= rows and c > 1}  # fmt: skip
    assume(products)
    outer = sorted(products)[drawn[2] % len(products)]
    found = stretched_littlewood_richardson(outer, one, other)
    for k in (found.degree + 1, found.degree + 2):
        assert found(k) == littlewood_richardson_coefficient(*times((outer, one, other), k))


def test_degrees_of_littlewood_richardson_polynomials_by_rows() -> None:
    for rows in range(1, 6):
        general = [Partition(*range(k + rows, k, -1)) for k in range(3)]
        assert littlewood_richardson_degree(general, rows) == (rows - 1) * (rows - 2) // 2


def test_other_sizes_are_zero() -> None:
    found = stretched_littlewood_richardson((3,), (2,), (2,))
    assert found.constituents == (0,) and found(0) == 1
    assert stretched_littlewood_richardson((), (), ()).constituents == (1,)


def test_what_is_shown() -> None:
    found = stretched_littlewood_richardson((3, 2, 1), (2, 1), (2, 1))
    assert str(found) == "c(n (3,2,1); n (2,1), n (2,1)), proved\nn + 1"
    assert "cases" in stretched_kronecker((1, 1), (1, 1), (1, 1)).latex()
    assert "[]" in str(stretched_kronecker((), (), ())) and r"\emptyset" in stretched_kronecker((), (), ()).latex()  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: stretched_kronecker((2, 1), (2,), (2, 1)), SizeMismatch, "mu: "),
        (lambda: stretched_kronecker((2, 1), (2, 1), (2,)), SizeMismatch, "nu: "),
        (lambda: stretched_kronecker((2, 1), (2, 1), (2, 1), values=0), InvalidArgument, "values: must be an integer of at least 1"),
        (lambda: stretched_kronecker((3, 2, 1), (3, 2, 1), (3, 2, 1), values=3), InvalidArgument, "values: must be so many .* a proof takes 25"),
        (lambda: stretched_kronecker((1,) * 7, (1,) * 7, (1,) * 7), InvalidArgument, "lam: must have with mu and nu at most 16 rows"),
        (lambda: stretched_kronecker((2, 1), (2, 1), (2, 1))(-1), InvalidArgument, "n: "),
        (lambda: StretchedCoefficient("plethysm", (Partition(1),) * 3, Quasipolynomial(1), Standing.PROVED, 1), InvalidArgument, "kind: must be"),
        (lambda: StretchedCoefficient("kronecker", (Partition(1),) * 3, n, Standing.PROVED, 1), InvalidType, "quasipolynomial: "),
    ],
)  # fmt: skip
def test_bad_input(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_what_takes_long_is_not_begun() -> None:
    with changed(stretched_seconds=1e-6), pytest.raises(TooLong, match=r"values=\.\.\. computes"):
        stretched_kronecker((9, 8, 7), (9, 8, 7), (9, 8, 7))
    with changed(seconds=1e-9), pytest.raises(TooLong, match="fewer rows"):
        stretched_littlewood_richardson((5, 4, 3, 2, 1), (4, 3, 2, 1), (2, 2, 1))
