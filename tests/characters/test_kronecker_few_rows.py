"""Kronecker coefficients of shapes with few rows beside the character formula, symfn, and published values at sizes without a table."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import numpy as np
import pytest
import symfn

from symkern.characters import kronecker, kronecker_coefficient
from symkern.characters import kronecker_few_rows as few_rows
from symkern.combinatorics import Partition, partitions
from symkern.combinatorics.generation import iter_partitions
from symkern.errors import InvalidArgument, TooLarge
from symkern.exact.boxed_polynomials import Packed, sum_of_products
from symkern.limits import changed

Triple = tuple[Partition, Partition, Partition]


def triples(n: int, rows: int) -> Iterator[Triple]:
    yield from itertools.combinations_with_replacement(iter_partitions(n, max_length=rows), 3)


def by_few_rows(triple: Triple) -> int:
    if few_rows.vanishes(*triple):
        return 0
    way = few_rows.expansion(*triple)
    assert way is not None
    return few_rows.coefficient(way)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("n", "rows"),
    [
        (1, 4), (2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (7, 3),
        pytest.param(8, 4, marks=pytest.mark.wide),
        pytest.param(9, 4, marks=pytest.mark.wide),
        pytest.param(10, 4, marks=pytest.mark.wide),
    ],
)  # fmt: skip
def test_all_triples_of_few_rows_are_the_character_formula(n: int, rows: int) -> None:
    for triple in triples(n, rows):
        assert by_few_rows(triple) == kronecker_coefficient(*triple)


@pytest.mark.parametrize("n", [6, 7])
def test_every_role_and_every_pair_of_conjugates_gives_one_number(n: int) -> None:
    rng = random.Random(n)
    shapes = [s for s in partitions(n) if len(s) <= 3]
    for _ in range(3):
        lam, mu, nu = (rng.choice(shapes) for _ in range(3))
        known = symfn.kronecker_coefficient(lam, mu, nu)
        for flips in ((), (0, 1), (0, 2), (1, 2)):
            flipped = [s.conjugate if i in flips else s for i, s in enumerate((lam, mu, nu))]
            for one, other, third in itertools.permutations(flipped):
                if len(other) + len(third) > 7 or len(one) > 5:
                    continue
                exponents = [
                    tuple(part + len(s) - 1 - i for i, part in enumerate(s))[1:]
                    for s in (other, third)
                ]
                way = few_rows.Expansion(one, *exponents)
                assert few_rows.coefficient(way) == known


def test_published_values() -> None:
    # Pak and Panova: the plateau of two-row shapes; Baldoni, Vergne and Walter, whose program gives 70.
    assert kronecker_coefficient((30, 20), (30, 20), (30, 20)) == 6
    triple = (131, 39, 19, 11), (110, 90), (120, 80)
    assert {kronecker_coefficient(*order) for order in itertools.permutations(triple)} == {70}
    tall = [Partition(s).conjugate for s in triple]
    assert kronecker_coefficient(tall[0], tall[1], triple[2]) == 70
    assert kronecker_coefficient(triple[0], tall[1], tall[2]) == 70


def test_two_rows_have_a_closed_form() -> None:
    """Rectangles (m, m): g with (2m - k, k) is 1 for even k; (m, m) squared holds nu with four even or four odd parts."""
    m = 40
    for k in range(m + 1):
        assert kronecker_coefficient((m, m), (m, m), (2 * m - k, k)) == (k % 2 == 0)
    product = kronecker((21, 21), (21, 21))
    alike = {
        nu: 1
        for nu in iter_partitions(42, max_length=4)
        if len({nu.part(i) % 2 for i in range(4)}) == 1
    }
    assert product == alike and list(product) == sorted(alike, reverse=True)


@pytest.mark.parametrize("n", range(1, 8))
def test_whole_products_of_few_rows_equal_an_independent_program(n: int) -> None:
    for lam, mu in itertools.product(iter_partitions(n, max_length=2), repeat=2):
        way = few_rows.whole_expansion(lam, mu)
        assert way is not None
        found = few_rows.product_of_shapes(way)
        assert found == dict(symfn.internal_product([(lam, 1)], [(mu, 1)]))
        assert list(found) == sorted(found, reverse=True)


def test_whole_products_at_sizes_without_a_table() -> None:
    lam, mu = Partition(40, 23), Partition(59, 4)
    product = kronecker(lam, mu)
    assert sum(g * nu.dimension for nu, g in product.items()) == lam.dimension * mu.dimension
    for nu in random.Random(1).sample(sorted(product), 5):
        assert kronecker_coefficient(mu, nu, lam) == product[nu]
    turned = kronecker(lam.conjugate, mu)
    assert turned == {nu.conjugate: g for nu, g in product.items()}
    assert kronecker(lam.conjugate, mu.conjugate) == product


def test_numbers_beyond_a_word_are_integers(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = Partition(5, 4, 2), Partition(6, 5), Partition(5, 3, 3)
    known = symfn.kronecker_coefficient(*shapes)
    assert by_few_rows(shapes) == known == 3
    monkeypatch.setattr(few_rows, "_WORD", 2)
    assert by_few_rows(shapes) == known


def test_what_needs_more_than_there_is_is_refused_before_work() -> None:
    with changed(memory=1 << 21), pytest.raises(TooLarge, match="few rows"):
        kronecker_coefficient((131, 39, 19, 11), (110, 90), (120, 80))
    with changed(memory=1 << 24), pytest.raises(TooLarge, match="few rows"):
        kronecker((50, 50), (60, 40))
    with pytest.raises(InvalidArgument, match=r"few rows or columns"):
        kronecker_coefficient(range(12, 0, -1), range(12, 0, -1), range(12, 0, -1))


def test_many_rows_against_few_vanish_at_any_size() -> None:
    assert kronecker_coefficient((50, 20, 20, 10, 10), (60, 50), (70, 40)) == 0
    assert kronecker_coefficient((3,) * 36 + (2,), (60, 50), (70, 40)) == 0


def test_sums_of_products_in_a_box() -> None:
    rng = random.Random(3)
    arrays = [
        np.array([[rng.randrange(-9, 10) * 10**k for k in (0, 30)] for _ in range(3)], dtype=object)
        for _ in range(4)
    ]
    plain = np.zeros((3, 2), dtype=object)
    for sign, f, g in ((1, *arrays[:2]), (-1, *arrays[2:])):
        for (i, j), (k, m) in itertools.product(np.ndindex(3, 2), repeat=2):
            if i + k < 3 and j + m < 2:
                plain[i + k, j + m] += sign * f[i, j] * g[k, m]
    packed = [Packed.of(a) for a in arrays]
    found = sum_of_products((3, 2), [(1, *packed[:2]), (-1, *packed[2:])])
    assert (found.array() == plain).all()
    assert all(found[place] == plain[place] for place in np.ndindex(3, 2))
